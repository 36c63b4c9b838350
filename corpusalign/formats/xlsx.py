"""Spreadsheets (Office Open XML, ECMA-376): units as rows, every cell text whatever it begins with.

A sentence `=1+1` is no formula, neither when it is written nor when somebody opens the file and leaves the
cell again (quotePrefix). Any character comes back: what XML cannot hold is written as `_x0001_`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

from corpusalign.cells import BROKEN, LONGEST, meant, shown, size
from corpusalign.errors import FormatError
from corpusalign.files import check_unpacked
from corpusalign.formats.choice import languages_of
from corpusalign.formats.columns import Columns, cells, header
from corpusalign.formats.opening import seekable, spooled
from corpusalign.formats.report import Repair, Written
from corpusalign.types import TranslationUnit

try:
    from openpyxl import Workbook, load_workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.utils.exceptions import InvalidFileException
except ImportError as error:
    raise FormatError(
        "XLSX", "needs openpyxl, which is not installed", "pip install 'corpusalign[xlsx]'"
    ) from error

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

_BROKEN = (InvalidFileException, *BROKEN)
# Texts that cells share are read as one, before the first cell.
_SHARED_LIMIT = 512 << 20
_WRAPPED = Alignment(wrap_text=True, vertical="top")
# ECMA-376 part 1, section 18.3.1: no sheet has more rows.
_MOST_ROWS = 1_048_576


def write_xlsx(
    units: Iterable[TranslationUnit], stream: BinaryIO, path: str, *, languages: Sequence[str] | None = None
) -> Written:
    """Write a head and a row a unit: its texts, a column a language, then confidence, id and note.

    A sheet that is full is followed by another. Units with no text in any of the languages, or with more than
    a cell can hold (32,767 characters), are left out. Raises FormatError for a confidence that is not finite.
    """
    columns, units = languages_of(units, languages, path)
    # Write-only: rows go to a temporary file as they come.
    book = Workbook(write_only=True)
    sheets = [_sheet(book, columns)]
    written = left_out = 0
    try:
        for unit in units:
            row = [shown(cell) for cell in cells(unit, columns, path)]
            if not any(row[: len(columns)]) or any(size(cell) > LONGEST for cell in row):
                left_out += 1
                continue
            if written and written % (_MOST_ROWS - 1) == 0:
                sheets.append(_sheet(book, columns))
            figure = WriteOnlyCell(sheets[-1], value=float(unit.confidence))
            texts = [_text_cell(sheets[-1], text) for text in row]
            sheets[-1].append([*texts[: len(columns)], figure, *texts[len(columns) + 1 :]])
            written += 1
    finally:
        # Also where a unit was at fault: else openpyxl's writers complain when they are collected.
        for sheet in sheets:
            sheet.close()
    with spooled(stream) as file:
        book.save(file)
    return Written(path, written, left_out)


def read_xlsx(
    stream: BinaryIO,
    path: str,
    *,
    languages: Sequence[str] | None = None,
    on_repair: Callable[[Repair], None] | None = None,
) -> Iterator[TranslationUnit]:
    """Yield the units of every sheet whose first row names its columns.

    Given `languages`, the sheets have no such row, and these are their first columns. A formula is read as
    the text that stands in the file. Raises FormatError naming the line.
    """
    with seekable(stream) as file:
        yield from _units(file, path, languages, on_repair)


def _units(
    file: IO[bytes],
    path: str,
    languages: Sequence[str] | None,
    on_repair: Callable[[Repair], None] | None,
) -> Iterator[TranslationUnit]:
    try:
        check_unpacked(file, path)
        with zipfile.ZipFile(file) as parts:
            sizes = {part.filename: part.file_size for part in parts.infolist()}
        if sizes.get("xl/sharedStrings.xml", 0) > _SHARED_LIMIT:
            raise FormatError(path, "holds more texts than fit into memory", "save it as CSV")
        book = load_workbook(file, read_only=True)
    except _BROKEN as error:
        raise FormatError(path, f"is no spreadsheet: {error}", "give an .xlsx file") from error
    number = 0
    try:
        for sheet in book.worksheets:
            columns = None if languages is None else Columns.unnamed(languages, path)
            for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
                row = [_text(value) for value in values]
                if not any(row):
                    continue
                if columns is None:
                    columns = Columns.named(row, path)
                    continue
                number += 1
                unit = columns.unit(row, number, line, on_repair)
                if unit is not None:
                    yield unit
    except _BROKEN as error:
        raise FormatError(
            path, f"is broken after {number} units: {error}", "save the spreadsheet again"
        ) from error
    finally:
        book.close()


def _sheet(book: Workbook, columns: Sequence[str]) -> WriteOnlyWorksheet:
    sheet: Any = book.create_sheet(f"units {len(book.worksheets) + 1}")
    for at in range(len(columns)):
        sheet.column_dimensions[get_column_letter(at + 1)].width = 60
    sheet.freeze_panes = "A2"
    names = [_text_cell(sheet, name) for name in header(columns)]
    for cell in names:
        cell.font = Font(bold=True)
    sheet.append(names)
    return cast("WriteOnlyWorksheet", sheet)


def _text_cell(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    cell = WriteOnlyCell(sheet, value=text or None)
    cell.alignment = _WRAPPED
    cell.number_format = "@"
    if text:
        # After the value, which made a formula of what begins like one.
        cell.data_type = "s"
        cell.quotePrefix = text[0] in "=+-@"
    return cell


def _text(value: object) -> str:
    """Return a cell's value as text; spreadsheet programs make numbers and dates of what looks like some."""
    if value is None:
        return ""
    if isinstance(value, str):
        return meant(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value) if isinstance(value, float) else str(value)
