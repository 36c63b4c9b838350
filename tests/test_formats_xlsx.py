from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusalign.errors import FormatError
from corpusalign.formats import xlsx
from corpusalign.formats.xlsx import read_xlsx, write_xlsx
from corpusalign.types import TranslationUnit
from tests.samples import bitext, patient, units


def written(of: object, **options: object) -> io.BytesIO:
    stream = io.BytesIO()
    write_xlsx(of, stream, "m.xlsx", **options)
    return stream


def got(stream: io.BytesIO, **options: object) -> list[TranslationUnit]:
    stream.seek(0)
    return list(read_xlsx(stream, "m.xlsx", **options))


@settings(patient, max_examples=30)
@given(st.lists(units(), max_size=3))
def test_any_text_comes_back(given_units: list[TranslationUnit]) -> None:
    expected = [
        TranslationUnit(
            unit.id,
            {code: text for code, text in unit.variants.items() if text},
            unit.confidence,
            note=unit.note or None,
        )
        for unit in given_units
        if any(unit.variants.values())
    ]
    back = got(written(given_units))
    # Spreadsheets keep figures to sixteen digits.
    assert [unit.confidence for unit in back] == pytest.approx(
        [unit.confidence for unit in expected], rel=1e-15
    )
    assert [replace(unit, confidence=0) for unit in back] == [
        replace(unit, confidence=0) for unit in expected
    ]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@a",
        "_x000D_",
        "_x_",
        "_x0041\x01",
        "\x00",
        "1",
        "1.0",
        "TRUE",
        "2024-01-01",
        "\r\n",
        "😀",
    ],
)
def test_a_cell_is_text(text: str) -> None:
    stream = written([TranslationUnit("u", {"en": text, "fr": "x"}, 1)])
    assert [unit.variants["en"] for unit in got(stream)] == [text]
    cell = openpyxl.load_workbook(stream).worksheets[0]["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix == (text[0] in "=+-@")


def test_the_sheet_as_others_see_it() -> None:
    sheet = openpyxl.load_workbook(written(bitext())).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("en", "zh-CN", "fr", "confidence", "id", "note")
    assert rows[1][:4] == ("The well", "水井", "Le puits", 0.99)
    assert got(written([])) == []


def test_a_full_sheet_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "_MOST_ROWS", 3)
    many = [TranslationUnit(str(number), {"en": f"a{number}", "fr": "b"}, 1) for number in range(5)]
    stream = written(many)
    assert [sheet.max_row for sheet in openpyxl.load_workbook(stream).worksheets] == [3, 3, 2]
    assert got(stream) == many


def test_texts_that_no_cell_can_hold_are_left_out_and_counted() -> None:
    given = [
        TranslationUnit("u", {"en": text, "fr": "x"}, 1)
        for text in ("a" * 32_767, "a" * 32_768, "😀" * 16_384)
    ]
    result = write_xlsx(given, io.BytesIO(), "m")
    assert (result.units, result.left_out) == (1, 2)


def test_foreign_sheets() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["url", "EN", "zh_cn"])
    sheet.append(["x", 12, 0.5])
    sheet.append([])
    sheet.append(["x", True, datetime(2024, 5, 1)])
    sheet.append(["x", "=1+1", "a"])
    other = book.create_sheet("more")
    other.append(["fr", "en"])
    other.append(["un", "one"])
    stream = io.BytesIO()
    book.save(stream)
    assert [dict(unit.variants) for unit in got(stream)] == [
        {"en": "12", "zh": "0.5"},
        {"en": "TRUE", "zh": "2024-05-01 00:00:00"},
        {"en": "=1+1", "zh": "a"},
        {"fr": "un", "en": "one"},
    ]
    assert got(stream, languages=["url", "en"])[1].variants == {"url": "x", "en": "12"}


@pytest.mark.parametrize("data", [b"", b"PK", b"no spreadsheet"])
def test_bad_files(data: bytes) -> None:
    with pytest.raises(FormatError, match=r"^m\.xlsx: is no spreadsheet"):
        got(io.BytesIO(data))


def test_a_sheet_without_languages() -> None:
    book = openpyxl.Workbook()
    book.active.append(["one", "two"])
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(FormatError, match=r"^m\.xlsx: line 1: no column is named by a language code"):
        got(stream)


def test_damage_ends_in_units_or_one_error() -> None:
    data = written(bitext()).getvalue()
    for at in range(0, len(data), 37):
        try:
            got(io.BytesIO(data[:at] + b"\xff\x00" + data[at + 2 :]))
        except FormatError as error:
            assert str(error).startswith("m.xlsx")
