"""The bytes of a web archive, packed or not, taken record by record, over what is damaged."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from io import BufferedReader

_MAX_HEAD = 256 * 1024
_CHUNK = 128 * 1024
_GZIP = b"\x1f\x8b\x08"
_VERSION = re.compile(rb"WARC/1\.[01]\r?\n")
_BLANK = re.compile(rb"\r?\n\r?\n")


class DamagedError(Exception):
    """The record at hand cannot be read; the next one may."""


class Stream:
    """The unpacked bytes of an archive, taken by records."""

    def __init__(self, file: BufferedReader) -> None:
        self._packed = file.peek(3)[:3] == _GZIP
        self._pieces = _unpacked(file) if self._packed else _plain(file)
        self._buffer = bytearray()
        self._gap = False
        self._given_up = False
        self.lost_at: int | None = None
        self.offset = 0

    def at_record(self) -> bool:
        """Go to the next record and say whether there is one.

        `lost_at` is then the offset of bytes before it that are no record, None if there are none; what
        belongs to a record that was given up does not count.
        """
        self.lost_at = None
        given_up, self._given_up = self._given_up, False
        while True:
            self._drop_line_ends()
            found = self._fill(10) and _VERSION.match(self._buffer) is not None
            if found or not (self._buffer or self._gap):
                return found
            if self.lost_at is None and not given_up:
                self.lost_at = self.offset
            place = self._buffer.find(b"\nWARC/1.")
            while place == -1 and len(self._buffer) < _CHUNK and self._more():
                place = self._buffer.find(b"\nWARC/1.")
            # The last bytes may be the beginning of what is looked for, unless no more will follow them.
            self._drop(place + 1 if place != -1 else max(0, len(self._buffer) - 8) or len(self._buffer))
            self._gap = False

    def give_up(self) -> None:
        """Leave the record at hand; what is left of it is not told again."""
        self._given_up = True

    def head(self) -> bytes:
        """Return and take the bytes up to a blank line, and the blank line."""
        while True:
            blank = _BLANK.search(self._buffer)
            if blank:
                return self._cut(blank.end())[: blank.start()]
            if len(self._buffer) > _MAX_HEAD or not self._more():
                # Its first byte is taken, so that it is not found again.
                self._drop(1)
                raise DamagedError("its head has no end")

    def take(self, count: int) -> bytes:
        """Return and take so many bytes."""
        if not self._fill(count):
            raise DamagedError("it is cut short or its compressed data is broken")
        return self._cut(count)

    def skip(self, count: int) -> None:
        """Take so many bytes without ever holding all of them."""
        while count > 0:
            count -= len(self.take(min(count, _CHUNK)))

    def check_end(self) -> None:
        """See that the two line ends after a record can be read: a gzip member is checked at its end."""
        if not self._fill(4) and self._gap:
            raise DamagedError("its compressed data is broken")

    def _cut(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        self._drop(count)
        return taken

    def _drop(self, count: int) -> None:
        del self._buffer[:count]
        if not self._packed:
            self.offset += count

    def _drop_line_ends(self) -> None:
        while self._fill(1) and self._buffer[0] in b"\r\n":
            self._drop(1)

    def _fill(self, count: int) -> bool:
        while len(self._buffer) < count:
            if not self._more():
                return False
        return True

    def _more(self) -> bool:
        """Append a piece; False at the end and at a gap, which stays until `at_record` goes over it."""
        if self._gap:
            return False
        for offset, piece in self._pieces:
            if not self._buffer:
                self.offset = offset
            if piece is None:
                self._gap = True
                return False
            self._buffer += piece
            return True
        return False


def _plain(file: BufferedReader) -> Iterator[tuple[int, bytes | None]]:
    offset = 0
    while data := file.read(_CHUNK):
        yield offset, data
        offset += len(data)


def _unpacked(file: BufferedReader) -> Iterator[tuple[int, bytes | None]]:
    """Yield an archive's bytes unpacked, piece by piece, each with the offset of its gzip member in the file.

    None stands for a gap: bytes were lost there. Reading goes on at the next place that looks like the start
    of a member.
    """
    start: int | None = 0
    while start is not None:
        file.seek(start)
        unpacker, raw, length = zlib.decompressobj(zlib.MAX_WBITS | 16), b"", 0
        try:
            while not unpacker.eof:
                data = raw or file.read(_CHUNK)
                if not data:
                    yield start, None
                    return
                piece = unpacker.decompress(data, _CHUNK)
                raw = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
                length += len(data) - len(raw)
                yield start, piece
        except zlib.error:
            yield start, None
            start = _next_member(file, start + 1)
        else:
            start = _next_member(file, start + length)


def _next_member(file: BufferedReader, start: int) -> int | None:
    """Return the offset of the first gzip member at `start` or behind it, None if there is none."""
    file.seek(start)
    kept = b""
    while data := file.read(_CHUNK):
        window = kept + data
        place = window.find(_GZIP)
        if place != -1:
            return start + place
        kept = window[-2:]
        start += len(window) - len(kept)
    return None
