"""Web archives (WARC, ISO 28500) read: pages out of them, whatever wrote them.

A record that is damaged costs itself, not the rest: reading goes on at the next one that can be found
(`warc_records`), and what was lost is told to the caller.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from corpusalign.errors import FetchError
from corpusalign.fetch import page_of
from corpusalign.fetch.answer import Answer
from corpusalign.fetch.compression import BodyError, TooLargeError, unpacked
from corpusalign.fetch.warc_records import Damage, RawRecord, raw_records
from corpusalign.types import Page

__all__ = ["Damage", "read_warc", "records"]

MAX_BYTES = 64 * 1024 * 1024
"""Bytes of a record's block, as stored and again as unpacked, above which it is skipped."""

_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_LOOKS_LIKE_TEXT = re.compile(rb"\s*[<\w{#]")
_TEXT_TYPES = re.compile(r"\s*(?:text/(?:html|plain|markdown)|application/xhtml\+xml)\b", re.IGNORECASE)


def read_warc(
    path: str | os.PathLike[str],
    *,
    on_damage: Callable[[Damage], None] | None = None,
    max_bytes: int = MAX_BYTES,
) -> Iterator[Page]:
    """Yield the pages of an archive, `.warc` or `.warc.gz`: its HTML and text answers of success, in order.

    Records of other kinds (requests, images, errors) are passed over; `on_damage` is called for each that is
    damaged. Memory is bounded by the largest record. Raises FetchError where the file cannot be read or holds
    no record at all.
    """
    for record in records(path, on_damage=on_damage, max_bytes=max_bytes):
        if is_page(record):
            yield page_of(record)


def is_page(answer: Answer) -> bool:
    """Say whether an archived answer is one of success that brought HTML or text."""
    kind = answer.headers.get("content-type")
    return answer.status in (200, 203) and (kind is None or _TEXT_TYPES.match(kind) is not None)


def records(
    path: str | os.PathLike[str],
    *,
    on_damage: Callable[[Damage], None] | None = None,
    max_bytes: int = MAX_BYTES,
) -> Iterator[Answer]:
    """Yield every archived answer, whatever its status and type; else as `read_warc`.

    Its `status` is 200 for a resource without an HTTP head, its `content` has transfer and content encodings
    undone, and its `fetched_at` is empty where the archive does not say.
    """
    tell = on_damage or _ignore
    try:
        with Path(path).open("rb") as file:
            for raw in raw_records(file, str(path), max_bytes, tell):
                try:
                    yield _record(raw, max_bytes)
                except DamagedError as error:
                    tell(Damage(raw.offset, str(error)))
    except OSError as error:
        fault = error.strerror or str(error)
        raise FetchError(str(path), f"cannot be read ({fault})", "check the path") from None


class DamagedError(Exception):
    """The record at hand is no answer that can be read."""


def _ignore(_damage: Damage) -> None:
    """Leave damage untold."""


def _record(raw: RawRecord, max_bytes: int) -> Answer:
    """Undo how the body of an answer came over the line (RFC 9112)."""
    body = raw.body
    if "chunked" in raw.headers.get("transfer-encoding", "").lower():
        body = _dechunked(body)
    encoding = raw.headers.get("content-encoding")
    try:
        body = unpacked([body], encoding, max_bytes) if encoding else body
    except TooLargeError:
        raise DamagedError(f"it unpacks to more than {max_bytes:,} bytes") from None
    except BodyError as error:
        # Many archivers store the body unpacked and keep the header that says otherwise.
        if not _LOOKS_LIKE_TEXT.match(body):
            raise DamagedError(f"its body is broken ({error})") from None
    fetched_at = f"{raw.date[:19]}Z" if _DATE.match(raw.date) else ""
    return Answer(raw.url, raw.status, raw.headers, body, fetched_at)


def _dechunked(body: bytes) -> bytes:
    """Undo the chunked transfer coding; a body that is not in it (some archivers undo it) stays."""
    pieces: list[bytes] = []
    position = 0
    while size := _CHUNK_SIZE.match(body, position):
        length = int(size[1], 16)
        if length == 0:
            return b"".join(pieces)
        pieces.append(body[size.end() : size.end() + length])
        position = size.end() + length + 2
    # Cut short or never chunked: whole chunks before the end are kept.
    return b"".join(pieces) if pieces else body
