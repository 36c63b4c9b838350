"""Web archives (WARC, ISO 28500) read: pages out of them, whatever wrote them.

A record that is damaged costs itself, not the rest: reading goes on at the next one that can be found, and
what was lost is told to the caller.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpusalign.errors import FetchError
from corpusalign.fetch import make_page
from corpusalign.fetch.compression import BodyError, TooLargeError, unpacked
from corpusalign.fetch.warc_stream import DamagedError, Stream
from corpusalign.types import Page

MAX_BYTES = 64 * 1024 * 1024
"""Bytes of a record's block, as stored and again as unpacked, above which it is skipped."""

_BLANK = re.compile(rb"\r?\n\r?\n")
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})\b")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_LOOKS_LIKE_TEXT = re.compile(rb"\s*[<\w{#]")
_TEXT_TYPES = re.compile(r"\s*(?:text/(?:html|plain|markdown)|application/xhtml\+xml)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Damage:
    """What could not be read: where in the file (a byte offset, that of the gzip member) and why."""

    offset: int
    reason: str


@dataclass(frozen=True, slots=True)
class Record:
    """One archived answer: `status` is 200 for a resource without an HTTP head; header names in lower case.

    `content` is the body with its transfer and content encodings undone; `fetched_at` a UTC time as
    `YYYY-MM-DDThh:mm:ssZ`, empty where the archive does not say.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    fetched_at: str


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
        kind = record.headers.get("content-type")
        if record.status in (200, 203) and (kind is None or _TEXT_TYPES.match(kind)):
            yield make_page(record.content, record.url, kind, fetched_at=record.fetched_at)


def records(
    path: str | os.PathLike[str],
    *,
    on_damage: Callable[[Damage], None] | None = None,
    max_bytes: int = MAX_BYTES,
) -> Iterator[Record]:
    """Yield every archived answer, whatever its status and type; else as `read_warc`."""
    tell = on_damage or _ignore
    try:
        with Path(path).open("rb") as file:
            stream = Stream(file)
            found = False
            while (there := stream.at_record()) or found:
                if stream.lost_at is not None:
                    tell(Damage(stream.lost_at, "here is no record that can be read"))
                if not there:
                    break
                found = True
                offset = stream.offset
                try:
                    record = _read_record(stream, max_bytes)
                except DamagedError as error:
                    stream.give_up()
                    tell(Damage(offset, str(error)))
                else:
                    if record is not None:
                        yield record
    except OSError as error:
        raise FetchError(str(path), f"cannot be read ({error.strerror})", "check the path") from None
    if not found:
        raise FetchError(str(path), "holds no WARC record", "give a web archive (.warc or .warc.gz)")


def _ignore(_damage: Damage) -> None:
    """Leave damage untold."""


def _read_record(stream: Stream, max_bytes: int) -> Record | None:
    """Read the record that the stream stands at; None for one that is no answer."""
    head = _fields(stream.head())
    try:
        length = int(head["content-length"])
    except (KeyError, ValueError):
        raise DamagedError("it does not say its length") from None
    kind = head.get("warc-type", "")
    url = head.get("warc-target-uri", "").strip("<>")
    is_answer = kind in ("response", "resource") and url.startswith(("http://", "https://", "file:"))
    if not is_answer or length > max_bytes or length < 0:
        stream.skip(length)
        if is_answer:
            raise DamagedError(f"it is larger than {max_bytes:,} bytes")
        return None
    block = stream.take(length)
    stream.check_end()
    _check_digest(block, head.get("warc-block-digest", ""))
    date = head.get("warc-date", "")
    fetched_at = f"{date[:19]}Z" if _DATE.match(date) else ""
    if kind == "resource" or "application/http" not in head.get("content-type", ""):
        kept = {"content-type": head["content-type"]} if "content-type" in head else {}
        return Record(url, 200, kept, block, fetched_at)
    return _answer(url, block, fetched_at, max_bytes)


def _check_digest(block: bytes, said: str) -> None:
    """Compare a block with its digest, which is SHA-1 in base 32 by custom."""
    name, _, digest = said.partition(":")
    if name.lower() == "sha1" and len(digest) == 32:
        found = base64.b32encode(hashlib.sha1(block, usedforsecurity=False).digest()).decode()
        if found != digest.upper():
            raise DamagedError("its bytes do not fit their digest")


def _answer(url: str, block: bytes, fetched_at: str, max_bytes: int) -> Record:
    """Read an HTTP answer as it went over the line (RFC 9112)."""
    status = _STATUS.match(block)
    if status is None:
        raise DamagedError("it is no HTTP answer")
    blank = _BLANK.search(block)
    head, body = (block[: blank.start()], block[blank.end() :]) if blank else (block, b"")
    fields = _fields(head)
    if "chunked" in fields.get("transfer-encoding", "").lower():
        body = _dechunked(body)
    encoding = fields.get("content-encoding", "")
    try:
        body = unpacked([body], encoding, max_bytes)
    except TooLargeError:
        raise DamagedError(f"it unpacks to more than {max_bytes:,} bytes") from None
    except BodyError as error:
        # Many archivers store the body unpacked and keep the header that says otherwise.
        if not _LOOKS_LIKE_TEXT.match(body):
            raise DamagedError(f"its body is broken ({error})") from None
    return Record(url, int(status[1]), fields, body, fetched_at)


def _fields(head: bytes) -> dict[str, str]:
    """Return named fields, names in lower case, a folded line joined to the one before."""
    fields: dict[str, str] = {}
    name = ""
    for line in head.decode("utf-8", "replace").split("\n")[1:]:
        if line[:1] in (" ", "\t") and name:
            fields[name] += f" {line.strip()}"
        else:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            fields[name] = value.strip()
    return fields


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
