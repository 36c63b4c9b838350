"""A review as a spreadsheet (Office Open XML, ECMA-376): units out with a column for the verdict, edits back.

Every cell is text, whatever it begins with: a sentence `=1+1` is no formula, neither when it is written nor
when somebody opens the file and leaves the cell again (quotePrefix).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corpusalign.cells import BROKEN, LONGEST, meant, shown, size
from corpusalign.errors import FormatError
from corpusalign.files import atomic_binary, check_unpacked
from corpusalign.review.edits import Approve, Comment, Edit, Reject, Reopen, Rewrite
from corpusalign.review.rows import APPROVED, Base, base_of
from corpusalign.types import TranslationUnit

try:
    from openpyxl import Workbook, load_workbook
    from openpyxl.cell import Cell, WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.utils.exceptions import InvalidFileException
    from openpyxl.worksheet.datavalidation import DataValidation
except ImportError as error:
    raise FormatError(
        "XLSX", "needs openpyxl, which is not installed", "pip install 'corpusalign[xlsx]'"
    ) from error

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_BROKEN = (InvalidFileException, *BROKEN)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_FIRST = ("id", "confidence", "reasons")
_LAST = ("verdict", "comment")
_APPROVE, _REJECT = "approve", "reject"

# A longer text than a cell holds is shown cut, and cannot be edited here.
_CUT = " […]"


def write_sheet(units: Iterable[TranslationUnit], path: str | os.PathLike[str]) -> None:
    """Write units one a line: id, confidence, reasons, a column a language, verdict, comment.

    Of a Bitext all rows. Raises FormatError where openpyxl is missing or the file cannot be written.
    """
    base = base_of(units)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "review"
    sheet.append([_head(sheet, name) for name in (*_FIRST, *base.languages, *_LAST)])
    for unit in base.units.values():
        verdict = _APPROVE if unit.scores.get(APPROVED) == 1 else ""
        texts = [unit.variants.get(lang, "") for lang in base.languages]
        confidence = WriteOnlyCell(sheet, value=round(unit.confidence, 4))
        confidence.alignment = _WRAPPED
        others = [_reasons(unit, base.languages), *texts, verdict, ""]
        sheet.append([_text_cell(sheet, unit.id), confidence, *(_text_cell(sheet, text) for text in others)])
    _furnish(sheet, len(base.languages), len(base.units) + 1)
    with atomic_binary(path) as stream:
        book.save(stream)


def read_sheet(path: str | os.PathLike[str], units: Iterable[TranslationUnit]) -> tuple[Edit, ...]:
    """Return what somebody did in the spreadsheet of these units: rewritten texts, verdicts, comments.

    Lines may be sorted, filtered and deleted; a unit without a line is left as it is. Raises FormatError,
    naming the line, for a file that is no such spreadsheet, a unit that there is none of, and a verdict that
    is none.
    """
    base = base_of(units)
    try:
        with Path(path).open("rb") as file:
            check_unpacked(file, str(path))
            book = load_workbook(file, read_only=True)
            lines = book.worksheets[0].iter_rows(values_only=True)
            return tuple(_edits(lines, base, Path(path).name))
    except FileNotFoundError as error:
        raise FormatError(str(path), "no such file", "check the name") from error
    except (*_BROKEN, OSError) as error:
        raise FormatError(
            str(path), f"is no spreadsheet: {error}", "give the .xlsx file that review wrote"
        ) from error


def _head(sheet: Worksheet, name: str) -> Cell:
    cell = WriteOnlyCell(sheet, value=name)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="FFE8EEF7")
    return cell


def _text_cell(sheet: Worksheet, text: str) -> Cell:
    cell = WriteOnlyCell(sheet, value=_shown(text) or None)
    cell.alignment = _WRAPPED
    cell.number_format = "@"
    if text:
        cell.data_type = "s"
        cell.quotePrefix = text[0] in "=+-@"
    return cell


def _reasons(unit: TranslationUnit, languages: Sequence[str]) -> str:
    missing = [f"missing: {lang}" for lang in languages if not unit.variants.get(lang)]
    return "\n".join([*missing, *([unit.note] if unit.note else [])])


def _furnish(sheet: Worksheet, languages: int, last: int) -> None:
    """Make it pleasant: widths, a head that stays, a filter, a choice of verdicts."""
    widths = [10, 11, 16, *[60] * languages, 11, 30]
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "D2"
    verdict = get_column_letter(len(widths) - 1)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(widths))}{last}"
    choice = DataValidation(type="list", formula1=f'"{_APPROVE},{_REJECT}"', allow_blank=True)
    choice.error = f"{_APPROVE}, {_REJECT}, or nothing"
    sheet.add_data_validation(choice)
    choice.add(f"{verdict}2:{verdict}{max(last, 2)}")


def _shown(text: str) -> str:
    """Return a text as a cell can hold it."""
    whole = shown(text)
    if size(whole) <= LONGEST:
        return whole
    # Cut by UTF-16 units, as a cell counts; half a character at the end goes too.
    return whole.encode("utf-16-le")[: 2 * (LONGEST - len(_CUT))].decode("utf-16-le", "ignore") + _CUT


def _edits(lines: Iterator[tuple[object, ...]], base: Base, name: str) -> Iterator[Edit]:
    head = [str(value).strip() if value is not None else "" for value in next(lines, ())]
    if "id" not in head or "verdict" not in head:
        raise FormatError(
            f"{name}: line 1", "has no columns id and verdict", "give the .xlsx file that review wrote"
        )
    # The first column called so; another one is text in Indonesian.
    place = head.index("id")
    titles = [*head[:place], *head[place + 1 :]]
    seen: set[str] = set()
    for number, line in enumerate(lines, start=2):
        where = f"{name}: line {number}"
        texts = [_text(value, where) if title else "" for title, value in zip(head, line, strict=False)]
        if not any(texts):
            continue
        identifier = texts.pop(place) if place < len(texts) else ""
        cells = {title: text for title, text in zip(titles, texts, strict=False) if title}
        if identifier not in base.units:
            raise FormatError(where, f"there is no unit {identifier!r}", "give the units of this sheet")
        if identifier in seen:
            raise FormatError(where, f"unit {identifier} has a line already", "keep one of the two")
        seen.add(identifier)
        yield from _of_line(base.units[identifier], cells, base.languages, where)


def _of_line(
    unit: TranslationUnit, cells: dict[str, str], languages: Sequence[str], where: str
) -> Iterator[Edit]:
    for lang in languages:
        was = unit.variants.get(lang, "")
        text = cells.get(lang)
        if text is None or text == meant(_shown(was)):
            continue
        if size(shown(was)) > LONGEST:
            raise FormatError(
                where, f"the text in {lang} was too long for a cell", "edit it on the review page"
            )
        yield Rewrite(unit.id, lang, was, text)
    verdict = cells.get("verdict", "").strip().lower()
    comment = cells.get("comment", "").strip()
    if verdict == _APPROVE:
        yield Approve(unit.id)
    elif verdict == _REJECT:
        yield Reject(unit.id, comment)
    elif verdict:
        raise FormatError(where, f"the verdict is {verdict!r}", f"write {_APPROVE}, {_REJECT}, or nothing")
    elif unit.scores.get(APPROVED) == 1:
        yield Reopen(unit.id)
    if comment and verdict != _REJECT:
        yield Comment(unit.id, comment)


def _text(value: object, where: str) -> str:
    """Return a cell's value as the reader sees it; programs make numbers of what looks like one."""
    if value is None:
        return ""
    if isinstance(value, str):
        return meant(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    raise FormatError(where, f"{value} has become a date or a time", "format the column as text")
