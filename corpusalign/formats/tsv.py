"""Tab-separated values: one unit a line, as the tools of machine translation take it, without any quoting."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO

from corpusalign.formats.choice import languages_of
from corpusalign.formats.columns import Columns, cells, header
from corpusalign.formats.lines import encodable, lines, one_line
from corpusalign.formats.report import Repair, Written
from corpusalign.types import TranslationUnit


def write_tsv(
    units: Iterable[TranslationUnit], stream: BinaryIO, path: str, *, languages: Sequence[str] | None = None
) -> Written:
    """Write a head and one line a unit: its texts, a column a language, then confidence, id and note.

    Tabs and line breaks in a text become spaces and are counted. Units with no text in any of the languages
    are left out. Raises FormatError for a confidence that is not finite.
    """
    columns, units = languages_of(units, languages, path)
    stream.write(("\t".join(header(columns)) + "\n").encode("utf-8"))
    written = left_out = removed = replaced = 0
    for unit in units:
        if not any(unit.variants.get(code) for code in columns):
            left_out += 1
            continue
        row = []
        for cell in cells(unit, columns, path):
            cell, breaks = one_line(cell)
            cell, lost = encodable(cell)
            removed += lost
            replaced += breaks + cell.count("\t")
            row.append(cell.replace("\t", " "))
        stream.write(("\t".join(row) + "\n").encode("utf-8"))
        written += 1
    return Written(path, written, left_out, removed, replaced)


def read_tsv(
    stream: BinaryIO,
    path: str,
    *,
    languages: Sequence[str] | None = None,
    on_repair: Callable[[Repair], None] | None = None,
) -> Iterator[TranslationUnit]:
    """Yield the units of a table whose first line names its columns.

    Given `languages`, the table has no such line, and these are its first columns. Raises FormatError naming
    the line.
    """
    columns = None if languages is None else Columns.unnamed(languages, path)
    number = 0
    for place, line in enumerate(lines(stream, path), start=1):
        row = line.rstrip("\r\n").split("\t")
        if columns is None:
            columns = Columns.named(row, path)
            continue
        if row == [""]:
            continue
        number += 1
        unit = columns.unit(row, number, place, on_repair)
        if unit is not None:
            yield unit
