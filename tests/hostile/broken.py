"""Real pages broken at random, the same way every time: what servers, editors and networks do to markup."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
_TAG = re.compile(rb"</?[A-Za-z][^<>]*>")


def _cut(page: bytes, draw: random.Random) -> bytes:
    return page[: draw.randrange(len(page))]


def _without_end_tags(page: bytes, draw: random.Random) -> bytes:
    return re.sub(rb"</[^<>]*>", lambda tag: b"" if draw.random() < 0.7 else tag[0], page)


def _tags_shuffled(page: bytes, draw: random.Random) -> bytes:
    tags = _TAG.findall(page)
    draw.shuffle(tags)
    left = iter(tags)
    return _TAG.sub(lambda _: next(left), page)


def _with_nuls(page: bytes, draw: random.Random) -> bytes:
    return _strewn(page, draw, b"\0", 40)


def _with_controls(page: bytes, draw: random.Random) -> bytes:
    return _strewn(page, draw, bytes([draw.randrange(1, 32)]), 40)


def _with_wrong_bytes(page: bytes, draw: random.Random) -> bytes:
    return _strewn(page, draw, bytes([draw.randrange(128, 256)]), 200)


def _with_angles(page: bytes, draw: random.Random) -> bytes:
    return _strewn(page, draw, draw.choice((b"<", b">", b"&", b'"', b"<!--", b"]]>", b"<![CDATA[")), 60)


def _in_another_encoding(page: bytes, draw: random.Random) -> bytes:
    text = page.decode("utf-8", "replace")
    return text.encode(draw.choice(("utf-16", "gb18030", "big5hkscs", "cp1252", "utf-7")), "replace")


def _twice_encoded(page: bytes, draw: random.Random) -> bytes:
    return page.decode(draw.choice(("cp1252", "latin-1")), "replace").encode()


def _repeated(page: bytes, draw: random.Random) -> bytes:
    start = draw.randrange(len(page))
    piece = page[start : start + draw.randrange(1, 400)]
    return page[:start] + piece * draw.randrange(2, 2000) + page[start:]


def _quotes_lost(page: bytes, draw: random.Random) -> bytes:
    return re.sub(rb"[\"']", lambda quote: b"" if draw.random() < 0.3 else quote[0], page)


def _pieces_shuffled(page: bytes, draw: random.Random) -> bytes:
    size = draw.randrange(20, 500)
    pieces = [page[start : start + size] for start in range(0, len(page), size)]
    draw.shuffle(pieces)
    return b"".join(pieces)


def _bits_flipped(page: bytes, draw: random.Random) -> bytes:
    broken = bytearray(page)
    for _ in range(len(page) // 200):
        broken[draw.randrange(len(page))] ^= 1 << draw.randrange(8)
    return bytes(broken)


def _strewn(page: bytes, draw: random.Random, what: bytes, times: int) -> bytes:
    places = sorted(draw.randrange(len(page)) for _ in range(times))
    pieces = [page[start:stop] for start, stop in zip([0, *places], [*places, len(page)], strict=True)]
    return what.join(pieces)


BREAKS = (
    _cut,
    _without_end_tags,
    _tags_shuffled,
    _with_nuls,
    _with_controls,
    _with_wrong_bytes,
    _with_angles,
    _in_another_encoding,
    _twice_encoded,
    _repeated,
    _quotes_lost,
    _pieces_shuffled,
    _bits_flipped,
)


def broken_pages() -> dict[str, Callable[[], bytes]]:
    """Return every fixture page, broken in each way once, by name; each is made when it is called."""
    cases: dict[str, Callable[[], bytes]] = {}
    for path in sorted(FIXTURES.glob("*/*.html")):
        for breaking in BREAKS:
            name = f"{path.parent.name}-{path.stem}{breaking.__name__.replace('_', '-')}"
            cases[name] = _maker(path, breaking, name)
    return cases


def _maker(path: Path, breaking: Callable[[bytes, random.Random], bytes], name: str) -> Callable[[], bytes]:
    return lambda: breaking(path.read_bytes(), random.Random(name))
