from __future__ import annotations

import builtins
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from corpusalign.cells import LONGEST, size
from corpusalign.errors import FormatError
from corpusalign.review import apply_edits, read_sheet, write_sheet
from corpusalign.review.edits import Approve, Comment, Reject, Reopen, Rewrite
from corpusalign.types import TranslationUnit
from tests.samples import bitext, units

ROWS = bitext().rows
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "#N/A", "2020-11-10", "1e5", "TRUE"]


def change(path: Path, **cells: object) -> None:
    """Put values into cells, named as a spreadsheet names them."""
    book = load_workbook(path)
    for place, value in cells.items():
        book.active[place] = value
    book.save(path)


def test_what_a_line_holds(tmp_path: Path):
    path = tmp_path / "review.xlsx"
    write_sheet(bitext(), path)
    lines = list(load_workbook(path).active.iter_rows(values_only=True))
    assert lines[0] == ("id", "confidence", "reasons", "en", "zh", "fr", "verdict", "comment")
    assert lines[2] == (ROWS[1].id, 0.9, None, *ROWS[1].variants.values(), None, None)
    assert lines[3][2] == "missing: fr"
    assert len(lines) == 7
    assert read_sheet(path, bitext()) == ()


def test_verdicts_texts_and_comments_come_back(tmp_path: Path):
    path = tmp_path / "review.xlsx"
    write_sheet(bitext(), path)
    change(
        path, G2="approve", G3=" Reject ", H3="odd", D4="Nobody, really.", F4="Personne.", E5=None, H6="hm"
    )
    edits = read_sheet(path, bitext())
    assert edits == (
        Approve(ROWS[0].id),
        Reject(ROWS[1].id, "odd"),
        Rewrite(ROWS[2].id, "en", "Nobody came.", "Nobody, really."),
        Rewrite(ROWS[2].id, "fr", "", "Personne."),
        Comment(ROWS[4].id, "hm"),
    )
    assert len(apply_edits(bitext(), edits)) == 5
    again = apply_edits(bitext(), edits)
    write_sheet(again, path)
    change(path, G2=None)
    assert read_sheet(path, again) == (Reopen(ROWS[0].id),)


def test_lines_may_be_sorted_and_deleted(tmp_path: Path):
    path = tmp_path / "review.xlsx"
    write_sheet(bitext(), path)
    book = load_workbook(path)
    lines = list(book.active.iter_rows(values_only=True))
    other = Workbook()
    for line in (lines[0], lines[4], (None,) * 8, (*lines[2][:6], "approve")):
        other.active.append(line)
    other.save(path)
    assert read_sheet(path, bitext()) == (Approve(ROWS[1].id),)


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula_a_number_or_a_date(tmp_path: Path, text: str):
    path = tmp_path / "review.xlsx"
    some = [TranslationUnit(text, {"en": text, "fr": f"x{text}"}, 0.5, note=text)]
    write_sheet(some, path)
    cells = next(iter(load_workbook(path).active.iter_rows(min_row=2)))
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s", "n"}
    assert [cell.value for cell in cells if cell.data_type == "n" and cell.value is not None] == [0.5]
    assert cells[3].value == text
    if text[0] in "=+-@":
        assert cells[3].quotePrefix
    with zipfile.ZipFile(path) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    assert read_sheet(path, some) == ()


def test_what_a_program_made_of_a_text(tmp_path: Path):
    path = tmp_path / "review.xlsx"
    write_sheet(bitext(), path)
    change(path, D2=2020, D3=1.5, D4=True, D5="=1+1")
    assert [edit.text for edit in read_sheet(path, bitext())] == ["2020", "1.5", "TRUE", "=1+1"]


@settings(max_examples=30)
@given(st.lists(units(), max_size=4))
def test_any_units_come_back_unchanged(tmp_path_factory: pytest.TempPathFactory, some: list[TranslationUnit]):
    path = tmp_path_factory.mktemp("sheet") / "review.xlsx"
    some = [unit for unit in some if unit.id.isprintable() and unit.id.strip() == unit.id and unit.id]
    write_sheet(some, path)
    assert read_sheet(path, some) == ()


def test_indonesian_is_no_name_of_a_unit(tmp_path: Path):
    path = tmp_path / "review.xlsx"
    some = [TranslationUnit("a", {"en": "One.", "id": "Satu."}, 0.5)]
    write_sheet(some, path)
    assert read_sheet(path, some) == ()
    change(path, E2="Dua.")
    assert read_sheet(path, some) == (Rewrite("a", "id", "Satu.", "Dua."),)


@pytest.mark.parametrize("text", ["x" * 40_000, "😀" * 20_000])
def test_a_text_that_is_too_long_for_a_cell(tmp_path: Path, text: str):
    path = tmp_path / "review.xlsx"
    some = [TranslationUnit("a", {"en": text, "fr": "y"}, 0.5)]
    write_sheet(some, path)
    assert size(load_workbook(path).active["D2"].value) <= LONGEST
    assert read_sheet(path, some) == ()
    change(path, D2="shorter")
    with pytest.raises(FormatError, match="line 2: the text in en was too long"):
        read_sheet(path, some)


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"A1": "name"}, "line 1: has no columns id and verdict"),
        ({"G3": "perhaps"}, "line 3: the verdict is 'perhaps'"),
        ({"A3": "other"}, "line 3: there is no unit 'other'"),
        ({"A3": ROWS[0].id}, "line 3: unit .* has a line already"),
    ],
)
def test_what_is_wrong_with_a_sheet(tmp_path: Path, cells: dict[str, str], fault: str):
    path = tmp_path / "review.xlsx"
    write_sheet(bitext(), path)
    change(path, **cells)
    with pytest.raises(FormatError, match=fault):
        read_sheet(path, bitext())


def test_what_is_no_sheet(tmp_path: Path):
    with pytest.raises(FormatError, match="no such file"):
        read_sheet(tmp_path / "none.xlsx", bitext())
    for name in ("text.xlsx", "text.txt"):
        (tmp_path / name).write_text("no")
        with pytest.raises(FormatError, match="is no spreadsheet"):
            read_sheet(tmp_path / name, bitext())
    with zipfile.ZipFile(tmp_path / "zip.xlsx", "w") as other:
        other.writestr("a", "b")
    with pytest.raises(FormatError, match="is no spreadsheet"):
        read_sheet(tmp_path / "zip.xlsx", bitext())


def test_the_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    real = builtins.__import__

    def without(name: str, *rest: object, **more: object):
        if name.startswith("openpyxl"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.delitem(sys.modules, "corpusalign.review.sheet", raising=False)
    monkeypatch.delattr("corpusalign.review.sheet", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(FormatError, match=r"pip install 'corpusalign\[xlsx\]'"):
        write_sheet(bitext(), tmp_path / "x.xlsx")
