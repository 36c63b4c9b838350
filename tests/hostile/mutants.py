"""Healthy files broken at random, by a seed: cut, flipped, doubled, stuffed with what readers trip over."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

_STUFF = (
    b"\0", b"\xff", b"\xed\xa0\x80", b"<", b">", b"&", b"&#0;", b"]]>", b"<!--", b"<![CDATA[", b'"', b"'",
    b"{", b"}", b"[", b"\\", b"\\ud800", b"-1", b"99999999999999999999", b"NaN", b"null", b"\r\n\r\n",
    b"=1+1", b"\xe2\x80\xae", b"\xf0\x9d\x94\xb8" * 50, b"<x>" * 500, b"(" * 500,
)  # fmt: skip


def mutants(healthy: bytes, seed: int, number: int) -> Iterator[bytes]:
    """Yield so many broken versions of a file; the same seed gives the same."""
    for one in range(number):
        random = Random(f"{seed}/{one}")
        data = bytearray(healthy)
        for _ in range(random.randint(1, 6)):
            _break(data, random)
        yield bytes(data)


def _break(data: bytearray, random: Random) -> None:
    start = random.randrange(len(data) + 1)
    stop = min(len(data), start + random.choice((1, 4, 30, 300)))
    match random.randrange(6):
        case 0:
            del data[start:]
        case 1:
            del data[start:stop]
        case 2:
            data[start:start] = data[start:stop] * random.choice((1, 3, 50))
        case 3:
            data[start:stop] = random.randbytes(stop - start)
        case 4 if start < len(data):
            data[start] ^= 1 << random.randrange(8)
        case _:
            data[start:start] = random.choice(_STUFF)
