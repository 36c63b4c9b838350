"""Markdown and HTML, for people."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from corpusalign.errors import FormatError
from corpusalign.formats import read, write
from corpusalign.formats.side_by_side import write_html, write_markdown
from corpusalign.types import TranslationUnit
from tests.samples import bitext, patient, units


def test_markdown_as_it_stands(tmp_path: Path) -> None:
    unit = TranslationUnit("u", {"en": "a|b *c*\r\n<d> 1. [e](f) `g` \\", "fr": "- x"}, 0.5)
    write([unit], tmp_path / "m.md")
    assert (tmp_path / "m.md").read_text() == (
        "| en | fr | confidence |\n| --- | --- | --- |\n"
        "| a\\|b \\*c\\*<br>\\<d\\> 1\\. \\[e\\](f) \\`g\\` \\\\ | \\- x | 0.500 |\n"
    )


@patient
@given(st.lists(units(), max_size=3))
def test_a_row_of_markdown_a_unit(given_units: list[TranslationUnit]) -> None:
    stream = io.BytesIO()
    result = write_markdown(given_units, stream, "m.md", languages=["en", "fr"])
    rows = stream.getvalue().decode().splitlines()
    assert len(rows) == result.units + 2
    for row in rows:
        # Bars that are no text: one before each of the cells, and one behind the last.
        assert row.replace("\\\\", "").replace("\\|", "").count("|") == 4


@patient
@given(st.lists(units(xml=True), max_size=3))
def test_html_shows_every_text(given_units: list[TranslationUnit]) -> None:
    stream = io.BytesIO()
    write_html(given_units, stream, "m.html", languages=["en", "fr"])
    shown = [unit for unit in given_units if any(unit.variants.get(code) for code in ("en", "fr"))]
    rows = html.fromstring(stream.getvalue().decode()).xpath("//tbody/tr[not(@class)]")
    for unit, row in zip(shown, rows, strict=True):
        for cell, code in zip(row[1:], ("en", "fr"), strict=True):
            expected = unit.variants.get(code, "").replace("\x0b", "").replace("\x0c", "")
            assert (cell.text_content(), cell.get("lang")) == (expected, code)


def test_omissions_and_notes_are_shown(tmp_path: Path) -> None:
    write(bitext(), tmp_path / "m.html")
    page = html.parse(tmp_path / "m.html")
    assert len(page.xpath("//tbody/tr")) == 6
    write([TranslationUnit("u", {"en": "a"}, 1, note="<note>")], tmp_path / "n.htm")
    assert html.parse(tmp_path / "n.htm").xpath("//tr[@class='note']/td[2]")[0].text == "<note>"


def test_they_are_not_read(tmp_path: Path) -> None:
    for name in ("m.md", "m.html"):
        write(bitext(), tmp_path / name)
        with pytest.raises(FormatError, match="is for people, and not read"):
            read(tmp_path / name)
