"""Parallel plain text, as Moses and OPUS have it: a file a language, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import BinaryIO

from corpusalign.errors import FormatError
from corpusalign.formats.lines import encodable, lines, one_line
from corpusalign.formats.naming import name_of
from corpusalign.formats.report import Written
from corpusalign.types import TranslationUnit


def write_moses(units: Iterable[TranslationUnit], streams: Mapping[str, BinaryIO], path: str) -> Written:
    """Write the texts of each unit, a line in each language's stream.

    Line breaks become spaces and are counted. Units that lack one of the languages, or whose text there is
    blank, are left out: no line may stand beside the wrong one.
    """
    written = left_out = removed = replaced = 0
    for unit in units:
        if not all(unit.variants.get(code, "").strip() for code in streams):
            left_out += 1
            continue
        for code, stream in streams.items():
            text, breaks = one_line(unit.variants[code])
            text, lost = encodable(text)
            replaced += breaks
            removed += lost
            stream.write(text.encode("utf-8") + b"\n")
        written += 1
    return Written(path, written, left_out, removed, replaced)


def read_moses(streams: Mapping[str, BinaryIO], path: str) -> Iterator[TranslationUnit]:
    """Yield a unit for each line that is not blank in all languages but one.

    Raises FormatError for files of different lengths, and naming the line for bytes that are no UTF-8.
    """
    codes: Sequence[str] = list(streams)
    texts = [lines(stream, f"{path}.{code}") for code, stream in streams.items()]
    for number, row in enumerate(zip_longest(*texts), start=1):
        if None in row:
            short = codes[row.index(None)]
            raise FormatError(
                f"{path}.{short}",
                f"ends before line {number}, the others do not",
                "give files of equal length",
            )
        variants = {code: line.rstrip("\r\n") for code, line in zip(codes, row, strict=True)}
        variants = {code: text for code, text in variants.items() if text.strip()}
        if len(variants) > 1:
            yield TranslationUnit(name_of(variants), variants, 1.0)
