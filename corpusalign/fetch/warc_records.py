"""The records of a web archive, one after another, over what is damaged.

FastWARC takes an archive apart as long as it is sound. It ends at the first fault, though, takes a length
that is no number for 0, and a record cut short for a whole one. So each record is checked here, and after a
fault reading goes on at the next place that holds a record.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from fastwarc.warc import ArchiveIterator, HeaderMap, WarcRecord

from corpusalign.errors import FetchError

_CHUNK = 128 * 1024
_GZIP = b"\x1f\x8b\x08"
_VERSION = b"WARC/1."
_BLANK = re.compile(rb"\r?\n\r?\n")
_LINE_ENDS = b"\r\n"
# Lists that may be spread over several lines (RFC 9110, section 5.3), each naming a version or a wish.
_LISTS = {"link", "vary", "x-robots-tag"}


@dataclass(frozen=True, slots=True)
class Damage:
    """What could not be read: where in the file (a byte offset, that of the gzip member) and why."""

    offset: int
    reason: str


class RawRecord(NamedTuple):
    """An archived answer as it was stored: header names in lower case, the body still packed and chunked.

    `status` is 200 for a resource without an HTTP head, `date` as the archive has it.
    """

    offset: int
    url: str
    date: str
    status: int
    headers: Mapping[str, str]
    body: bytes


def raw_records(
    file: BinaryIO, name: str, max_bytes: int, tell: Callable[[Damage], None]
) -> Iterator[RawRecord]:
    """Yield the answers (responses and resources) of an archive that `file` was just opened on.

    `tell` is called for what cannot be read. Raises FetchError where no record is found.
    """
    packed = file.read(3) == _GZIP
    size = file.seek(0, os.SEEK_END)
    place = _next_record(file, packed, 0)
    if place is None:
        raise FetchError(name, "holds no WARC record", "give a web archive (.warc or .warc.gz)")
    if place:
        tell(Damage(0, "here is no record that can be read"))
    told: int | None = None
    while place is not None:
        last: int | None = None
        for offset, found in _sound_stretch(file, place, max_bytes, size if not packed else None):
            last = offset
            if isinstance(found, RawRecord):
                yield found
            elif found is not None:
                tell(Damage(offset, found))
                if found in _OUT_OF_STEP:
                    told = offset
                    break
        if last is None or told == last:
            # Nothing can be read from here on: look for a record behind its first byte.
            end = (place if last is None else last) + 1
            if told != end - 1:
                tell(Damage(end - 1, "here is no record that can be read"))
        else:
            end = _end_of(file, packed, last)
            if end < size and _next_byte(file, end) is not None:
                told = end
                tell(Damage(end, "here is no record that can be read"))
        place = _next_record(file, packed, end)


_NO_LENGTH = "it does not say its length"
_CUT_SHORT = "it is cut short"
_WRONG_DIGEST = "its bytes do not fit their digest"
_NO_ANSWER = "it is no HTTP answer"
# After these, what FastWARC takes for the next record may lie within another.
_OUT_OF_STEP = frozenset((_NO_LENGTH, _CUT_SHORT, _WRONG_DIGEST))


def _sound_stretch(
    file: BinaryIO, place: int, max_bytes: int, size: int | None
) -> Iterator[tuple[int, RawRecord | str | None]]:
    """Yield records from a place on with their offsets: an answer, a fault, or None for other kinds.

    `size` is that of a file that is not packed, in which a length can be seen to be wrong.
    """
    file.seek(place)
    try:
        for record in ArchiveIterator(file, parse_http=False):
            offset = record.stream_pos
            ends_behind = size is not None and offset + record.content_length > size
            yield offset, _CUT_SHORT if ends_behind else _checked(record, offset, max_bytes, size is not None)
    except OSError as error:
        # What FastWARC cannot go over has no number of the system's; the caller finds out where that is.
        if error.errno is not None:
            raise


def _checked(record: WarcRecord, offset: int, max_bytes: int, plain: bool) -> RawRecord | str | None:
    # Taken over at one go: a lookup in FastWARC's own map costs as much as the whole of it.
    head = _lower(record.headers)
    length = head.get("content-length", "")
    if not length.isdecimal():
        return _NO_LENGTH
    kind, url = head.get("warc-type"), head.get("warc-target-uri", "").strip("<>")
    if kind not in ("response", "resource") or not url.startswith(("http://", "https://", "file:")):
        return None
    if record.content_length > max_bytes:
        return f"it is larger than {max_bytes:,} bytes"
    if plain and not _fits(record, head.get("warc-block-digest", "")):
        return _WRONG_DIGEST
    content_type = head.get("content-type", "")
    status, fields = 200, {"content-type": content_type} if content_type else {}
    if kind == "response" and "application/http" in content_type:
        record.parse_http()
        answer = record.http_headers
        if answer is None or answer.status_code is None:
            return _NO_ANSWER
        status, fields = answer.status_code, _lower(answer)
    body = record.reader.read()
    if len(body) != record.content_length:
        return _CUT_SHORT
    return RawRecord(offset, url, head.get("warc-date", ""), status, fields, body)


def _lower(headers: HeaderMap) -> dict[str, str]:
    fields = {name.lower(): value for name, value in headers.items()}
    for listed in _LISTS & fields.keys():
        fields[listed] = ", ".join(value for name, value in headers.items() if name.lower() == listed)
    return fields


def _fits(record: WarcRecord, said: str) -> bool:
    """Compare a block with its digest. Of a packed archive, gzip's own check sums have seen to that.

    SHA-1 in base 32 is the custom; other digests are believed.
    """
    return said[:5].lower() != "sha1:" or len(said) != 37 or record.verify_block_digest()


def _end_of(file: BinaryIO, packed: bool, offset: int) -> int:
    """Return where a record that could be read ends: its gzip member, or the bytes that it says it has."""
    file.seek(offset)
    if packed:
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        taken = 0
        try:
            while not unpacker.eof and (data := unpacker.unconsumed_tail or file.read(_CHUNK)):
                unpacker.decompress(data, _CHUNK)
                taken += len(data) - len(unpacker.unconsumed_tail) - len(unpacker.unused_data)
        except zlib.error:
            return offset + 1
        return offset + max(1, taken)
    head = b""
    while (blank := _BLANK.search(head)) is None and (data := file.read(_CHUNK)):
        head += data
    if blank is None:
        return offset + 1
    length = re.search(rb"^content-length:\s*(\d+)", head[: blank.start()], re.IGNORECASE | re.MULTILINE)
    return offset + blank.end() + (int(length[1]) if length else 0)


def _next_byte(file: BinaryIO, start: int) -> int | None:
    """Return the offset of the first byte from `start` on that is no line end, None if there is none."""
    file.seek(start)
    while data := file.read(_CHUNK):
        rest = data.lstrip(_LINE_ENDS)
        if rest:
            return start + len(data) - len(rest)
        start += len(data)
    return None


def _next_record(file: BinaryIO, packed: bool, start: int) -> int | None:
    """Return the first offset from `start` on where something begins like a record, None if there is none."""
    mark = _GZIP if packed else _VERSION
    place = _find(file, mark, start)
    while place is not None and not _begins_record(file, packed, place):
        place = _find(file, mark, place + 1)
    return place


def _begins_record(file: BinaryIO, packed: bool, place: int) -> bool:
    if not packed:
        file.seek(max(0, place - 1))
        return place == 0 or file.read(1) == b"\n"
    file.seek(place)
    try:
        begun = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(file.read(4096), len(_VERSION))
    except zlib.error:
        return False
    return begun == _VERSION


def _find(file: BinaryIO, mark: bytes, start: int) -> int | None:
    """Return the offset of the first `mark` from `start` on, None if there is none."""
    file.seek(start)
    kept = b""
    while data := file.read(_CHUNK):
        window = kept + data
        found = window.find(mark)
        if found != -1:
            return start + found
        kept = window[1 - len(mark) :]
        start += len(window) - len(kept)
    return None
