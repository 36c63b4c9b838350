"""Sentence files: plain text, a sentence a line, as Vecalign and hunalign take it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from corpusalign.errors import FormatError
from corpusalign.formats.lines import encodable, lines, one_line
from corpusalign.formats.linked import Piece, Text
from corpusalign.types import Sentence


class SentenceWriter:
    """Writes sentences into a file, and tells their numbers (from 0); counts what a line cannot hold."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._next = 0
        self.removed = 0
        self.replaced = 0

    def add(self, pieces: Sequence[Piece]) -> range:
        """Write sentences, those that are blank excepted, and return the numbers they have got."""
        first = self._next
        for piece in pieces:
            text, breaks = one_line(piece.text)
            text, lost = encodable(text)
            self.replaced += breaks
            self.removed += lost
            if text.strip():
                self._stream.write(text.encode("utf-8") + b"\n")
                self._next += 1
        return range(first, self._next)


def read_sentences(stream: BinaryIO, url: str, lang: str) -> Text:
    """Return a sentence file as a text. Raises FormatError, naming the line, for bytes that are no UTF-8."""
    digest = hashlib.sha256()
    found = tuple(line.rstrip("\r\n") for line in lines(_Digested(stream, digest), url))
    return Text(
        lang,
        url,
        digest.hexdigest(),
        tuple(Sentence(text, number, 0, len(text)) for number, text in enumerate(found)),
        tuple(f"line {number}" for number in range(1, len(found) + 1)),
    )


class _Digested:
    """A stream of lines whose bytes are hashed as they pass."""

    def __init__(self, stream: BinaryIO, digest: hashlib._Hash) -> None:
        self._stream = stream
        self._digest = digest

    def readline(self, size: int) -> bytes:
        line = self._stream.readline(size)
        self._digest.update(line)
        return line


def unlinked(texts: Iterable[Text], linked: Iterable[set[int]]) -> Iterator[str]:
    """Yield what to tell of the sentences of each text that no link has."""
    for text, numbers in zip(texts, linked, strict=True):
        left = len(text.sentences) - len(numbers)
        if left:
            yield f"{left} of {len(text.sentences)} sentences of {text.url} stand in no link"


def checked(numbers: Sequence[int], text: Text, where: str) -> Sequence[int]:
    """Return the numbers of sentences. Raises FormatError for one that the text has not."""
    for number in numbers:
        if not 0 <= number < len(text.sentences):
            raise FormatError(
                where,
                f"names sentence {number} of {text.url}, which has {len(text.sentences)} (counted from 0)",
                "give the texts that were aligned, the source first",
            )
    return numbers
