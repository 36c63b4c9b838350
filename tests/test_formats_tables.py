"""TSV and CSV: units as rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusalign.errors import FormatError
from corpusalign.formats.csv_table import read_csv, write_csv
from corpusalign.formats.report import Repair
from corpusalign.formats.tsv import read_tsv, write_tsv
from corpusalign.types import TranslationUnit
from tests.samples import bitext, patient, units

Read = Callable[..., Iterator[TranslationUnit]]
both = pytest.mark.parametrize(("read", "separator"), [(read_tsv, "\t"), (read_csv, ",")], ids=["tsv", "csv"])


def written(write: Callable[..., object], of: object, **options: object) -> bytes:
    stream = io.BytesIO()
    write(of, stream, "table", **options)
    return stream.getvalue()


def source(text: str) -> BinaryIO:
    return io.BytesIO(text.encode("utf-8"))


def as_a_table_holds_it(unit: TranslationUnit, clean: Callable[[str], str]) -> TranslationUnit:
    """What is left of a unit in a table: no scores, no origin, no empty text."""
    return TranslationUnit(
        id=clean(unit.id),
        variants={code: clean(text) for code, text in unit.variants.items() if clean(text)},
        confidence=unit.confidence,
        note=clean(unit.note or "") or None,
    )


def without_surrogates(text: str) -> str:
    return "".join(character for character in text if not "\ud800" <= character <= "\udfff")


def in_one_cell(text: str) -> str:
    """Naively: every character that breaks lines or cells becomes a space, CR LF one of them."""
    text = without_surrogates(text).replace("\r\n", "\n")
    return "".join(" " if f"a{c}b".splitlines() != [f"a{c}b"] or c == "\t" else c for c in text)


@patient
@given(st.lists(units(), max_size=3))
def test_csv_keeps_any_text(given_units: list[TranslationUnit]) -> None:
    expected = [as_a_table_holds_it(unit, without_surrogates) for unit in given_units]
    expected = [unit for unit in expected if unit.variants and unit.id]
    kept = [unit for unit in given_units if as_a_table_holds_it(unit, without_surrogates).id]
    assert list(read_csv(io.BytesIO(written(write_csv, kept)), "table")) == expected


@patient
@given(st.lists(units(), max_size=3))
def test_tsv_keeps_any_text_but_tabs_and_line_breaks(given_units: list[TranslationUnit]) -> None:
    kept = [unit for unit in given_units if as_a_table_holds_it(unit, without_surrogates).id]
    expected = [as_a_table_holds_it(unit, in_one_cell) for unit in kept]
    got = list(read_tsv(io.BytesIO(written(write_tsv, kept)), "table"))
    assert got == [unit for unit in expected if unit.variants]


def test_the_tsv_as_it_stands() -> None:
    rows = bitext().rows
    assert written(write_tsv, rows[2:5]).decode("utf-8").splitlines() == [
        "en\tzh-CN\tfr\tconfidence\tid\tnote",
        f"Nobody came.\t没人来。\t\t0.45\t{rows[2].id}\t",
        f"\t\tFin.\t0.7\t{rows[3].id}\t",
        f"Yes.\t是的。\tOui.\t1.0\t{rows[4].id}\t",
    ]


def test_the_csv_as_it_stands() -> None:
    unit = TranslationUnit("u1", {"en": ' He said "no",\r\nand left ', "fr": "=1+1"}, 0.5, note="n")
    data = written(write_csv, [unit])
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig") == (
        '"en","fr","confidence","id","note"\r\n" He said ""no"",\r\nand left ","\'=1+1","0.5","u1","n"\r\n'
    )


def test_what_was_replaced_and_removed_is_counted() -> None:
    unit = TranslationUnit("u1", {"en": "a\tb\r\nc\ud800", "fr": "\u2028"}, 1)
    result = write_tsv([unit, TranslationUnit("u2", {}, 1)], io.BytesIO(), "table")
    assert (result.units, result.left_out, result.characters_replaced, result.characters_removed) == (
        1,
        1,
        3,
        1,
    )
    result = write_csv([unit], io.BytesIO(), "table")
    assert (result.characters_replaced, result.characters_removed) == (0, 1)


@pytest.mark.parametrize("write", [write_tsv, write_csv])
def test_languages_come_from_the_caller_the_bitext_or_the_units(write: Callable[..., object]) -> None:
    def head(of: object, **options: object) -> list[str]:
        text = written(write, of, **options).decode("utf-8-sig")
        return next(csv.reader([text.splitlines()[0].replace("\t", ",")]))[:-3]

    assert head(bitext()) == ["en", "zh-CN", "fr"]
    assert head(bitext(), languages=["fr", "zh"]) == ["fr", "zh-CN"]
    assert head(bitext().rows[2:]) == ["en", "zh-CN", "fr"]
    assert head(iter(bitext().rows[2:])) == ["en", "zh-CN", "fr"]
    assert head([]) == []


@pytest.mark.parametrize("write", [write_tsv, write_csv])
def test_a_confidence_that_is_not_finite(write: Callable[..., object]) -> None:
    with pytest.raises(FormatError, match="unit u1: its confidence is not finite"):
        written(write, [TranslationUnit("u1", {"en": "a"}, float("nan"))])


@both
def test_foreign_tables(read: Read, separator: str) -> None:
    lines = ["domain,zh_cn,EN,confidence", "law,一,one,0.5", "", "law,,two", "x,三,three,,extra"]
    text = "\ufeff" + "\r\n".join(line.replace(",", separator) for line in lines)
    got = list(read(source(text), "table"))
    assert [(dict(unit.variants), unit.confidence) for unit in got] == [
        ({"zh": "一", "en": "one"}, 0.5),
        ({"en": "two"}, 1.0),
        ({"zh": "三", "en": "three"}, 1.0),
    ]
    assert len({unit.id for unit in got}) == 3


@both
def test_a_table_without_a_head(read: Read, separator: str) -> None:
    text = separator.join(["one", "un", "ignored"]) + "\n"
    (unit,) = read(source(text), "table", languages=["en", "fr"])
    assert unit.variants == {"en": "one", "fr": "un"}
    with pytest.raises(FormatError, match="is there twice"):
        list(read(source(text), "table", languages=["zh", "zh-CN"]))


@both
def test_repairs(read: Read, separator: str) -> None:
    lines = ["en,fr,confidence", "a,b,2", "a,b,high", ",,1", "a,b,nan"]
    repairs: list[Repair] = []
    text = "\n".join(line.replace(",", separator) for line in lines)
    got = list(read(source(text), "table", on_repair=repairs.append))
    assert [unit.confidence for unit in got] == [1.0, 1.0, 1.0]
    assert [(repair.unit, repair.line, repair.fault) for repair in repairs] == [
        (1, 2, "the confidence is '2'"),
        (2, 3, "the confidence is 'high'"),
        (3, 4, "it holds no text"),
        (4, 5, "the confidence is 'nan'"),
    ]


@both
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("one sentence,une phrase\n", "line 1: no column is named by a language code"),
        ("en,EN\n", "line 1: the language en has two columns"),
        ("en,fr\na,\udcff\n", "line 2: is not UTF-8"),
        ("en,fr\n" + "a" * (17 << 20), "line 2: is longer than 16 MiB"),
    ],
)
def test_bad_tables(read: Read, separator: str, text: str, fault: str) -> None:
    data = text.replace(",", separator).encode("utf-8", "surrogateescape")
    with pytest.raises(FormatError, match=rf"^table: {fault}"):
        list(read(io.BytesIO(data), "table"))


@pytest.mark.parametrize("text", ['en,fr\n"a"b,c\n', 'en,fr\n"a,b\n', "en,fr\n" + "a" * 200_000 + ",b"])
def test_bad_csv(text: str) -> None:
    with pytest.raises(FormatError, match=r"^table: line 2: is no CSV"):
        list(read_csv(source(text), "table"))


def test_an_empty_table() -> None:
    assert list(read_tsv(source(""), "table")) == []
    assert list(read_csv(source(""), "table")) == []


def test_units_of_a_bitext_come_back() -> None:
    plain = [replace(unit, origin={}) for unit in bitext()]
    assert list(read_csv(io.BytesIO(written(write_csv, bitext())), "table")) == plain
    assert list(read_tsv(io.BytesIO(written(write_tsv, bitext())), "table")) == plain


@pytest.mark.parametrize(("write", "read"), [(write_tsv, read_tsv), (write_csv, read_csv)])
def test_indonesian_is_no_name_of_a_unit(write: Callable[..., object], read: Read) -> None:
    unit = TranslationUnit("u1", {"en": "One", "id": "Satu"}, 1.0)
    assert list(read(io.BytesIO(written(write, [unit])), "table")) == [unit]


def test_a_formula_behind_what_is_removed() -> None:
    rows = written(write_csv, [TranslationUnit("u1", {"en": "\ud800=1+1", "fr": "x"}, 1.0)])
    assert rows.splitlines()[1] == b'"\'=1+1","x","1.0","u1",""'


def test_a_field_of_csv_that_never_ends() -> None:
    stream = io.BytesIO(b'en,fr\n"' + b"a" * 200_000 + b",b\n")
    with pytest.raises(FormatError, match=r"longer than 131,072 characters; close its quotation mark"):
        list(read_csv(stream, "memory.csv"))
