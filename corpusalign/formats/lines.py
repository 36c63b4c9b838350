"""Text files line by line, and text that must stand in one line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from corpusalign.errors import FormatError

# Everything that any reader takes for the end of a line: those of Unicode (section 5.8) and of
# str.splitlines.
_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SURROGATES = re.compile("[\ud800-\udfff]")
# A line that is longer than this is no unit; reading it whole could fill the memory.
LINE_LIMIT = 16 << 20


def encodable(text: str) -> tuple[str, int]:
    """Return the text without lone surrogates, which UTF-8 cannot hold, and how many there were."""
    return _SURROGATES.subn("", text)


def one_line(text: str) -> tuple[str, int]:
    """Return the text with each line break made a space, and how many there were."""
    return _BREAKS.subn(" ", text)


class Lines(Protocol):
    """What can be read line by line."""

    def readline(self, size: int, /) -> bytes:
        """Return the next line, or so many bytes of it; nothing at the end."""


def lines(stream: Lines, path: str) -> Iterator[str]:
    r"""Yield the lines of a UTF-8 file, with their line ends; `\n` alone ends a line.

    A byte-order mark is passed over. Raises FormatError, naming the line, for bytes that are no UTF-8 and for
    a line of more than 16 MiB.
    """
    number = 0
    while line := stream.readline(LINE_LIMIT):
        number += 1
        if len(line) == LINE_LIMIT:
            raise FormatError(
                f"{path}: line {number}", f"is longer than {LINE_LIMIT >> 20} MiB", "give one unit a line"
            )
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise FormatError(
                f"{path}: line {number}", f"is not UTF-8: {error.reason}", "save the file as UTF-8"
            ) from error
