"""Comma-separated values (RFC 4180), for spreadsheets.

A text that a spreadsheet would run as a formula is written with an apostrophe before it, and read without:
CSV has no other way to say that a cell is text. Nothing else is changed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO

from corpusalign.errors import FormatError
from corpusalign.formats.choice import languages_of
from corpusalign.formats.columns import Columns, cells, header
from corpusalign.formats.lines import encodable, lines
from corpusalign.formats.report import Repair, Written
from corpusalign.types import TranslationUnit

# What begins like this is run (OWASP, "CSV Injection"); apostrophes before it are those of an earlier writer.
_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")


def write_csv(
    units: Iterable[TranslationUnit], stream: BinaryIO, path: str, *, languages: Sequence[str] | None = None
) -> Written:
    """Write a head and one record a unit: its texts, a column a language, then confidence, id and note.

    A byte-order mark comes first: without it, Excel takes the text for the system's code page. Units with no
    text in any of the languages are left out. Raises FormatError for a confidence that is not finite.
    """
    columns, units = languages_of(units, languages, path)
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    try:
        # Everything quoted: only so does every reader keep a lone CR and outer spaces.
        writer = csv.writer(text, quoting=csv.QUOTE_ALL)
        writer.writerow(header(columns))
        written = left_out = removed = 0
        for unit in units:
            if not any(unit.variants.get(code) for code in columns):
                left_out += 1
                continue
            row = [encodable(cell) for cell in cells(unit, columns, path)]
            removed += sum(lost for _, lost in row)
            # Guarded last: what is removed may have stood before a formula.
            writer.writerow([_guarded(cell) for cell, _ in row])
            written += 1
    finally:
        text.detach()
    return Written(path, written, left_out, removed)


def read_csv(
    stream: BinaryIO,
    path: str,
    *,
    languages: Sequence[str] | None = None,
    on_repair: Callable[[Repair], None] | None = None,
) -> Iterator[TranslationUnit]:
    """Yield the units of a table whose first record names its columns.

    Given `languages`, the table has no such record, and these are its first columns. Raises FormatError
    naming the line.
    """
    columns = None if languages is None else Columns.unnamed(languages, path)
    reader = csv.reader(lines(stream, path), strict=True)
    number = 0
    try:
        for row in reader:
            if columns is None:
                columns = Columns.named(row, path)
                continue
            if not row:
                continue
            number += 1
            unit = columns.unit([_meant(cell) for cell in row], number, reader.line_num, on_repair)
            if unit is not None:
                yield unit
    except csv.Error as error:
        if "field limit" in str(error):
            raise FormatError(
                f"{path}: line {reader.line_num}",
                f"is no CSV: a field is longer than {csv.field_size_limit():,} characters",
                "close its quotation mark if that is missing, or give the memory as JSON Lines or TMX",
            ) from error
        raise FormatError(
            f"{path}: line {reader.line_num}", f"is no CSV: {error}", "quote the fields as RFC 4180 says"
        ) from error


def _guarded(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _meant(text: str) -> str:
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
