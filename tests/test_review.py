from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from corpusalign import review
from corpusalign.errors import FormatError
from corpusalign.review import write_review
from corpusalign.review.page import _MODULES, bundle
from corpusalign.segment import segment
from corpusalign.types import Bitext, TranslationUnit
from tests.review_samples import HOSTILE, hostile
from tests.samples import bitext, document, texts


class _Parts(HTMLParser):
    """What a page is made of, as HTML parsers see it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self._inside: dict[str, str | None] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href", "action"}]
        self._inside = dict(attrs) if tag == "script" else None

    def handle_data(self, data: str) -> None:
        if self._inside is not None:
            self.scripts.append((self._inside, data))
            self._inside = None


def parts(path: Path) -> _Parts:
    parser = _Parts()
    parser.feed(path.read_text(encoding="utf-8"))
    return parser


def data_of(path: Path) -> dict[str, Any]:
    ((_, text),) = [script for script in parts(path).scripts if script[0].get("id") == "data"]
    return dict(json.loads(text))


def shape(unit: dict[str, Any]) -> list[int]:
    return [len(cell.get("cuts", [])) + 1 if cell else 0 for cell in unit["cells"]]


def test_the_page_holds_every_row_and_where_it_comes_from(tmp_path: Path) -> None:
    path = tmp_path / "review.html"
    write_review(bitext(), path)
    data = data_of(path)
    assert data["title"] == "The well"
    assert data["signature"] == "corpusalign 0.0 | test <&>"
    assert [language["name"] for language in data["languages"]] == ["English", "Chinese", "French"]
    assert [language["tag"] for language in data["languages"]] == ["en", "zh-CN", "fr"]
    assert [language["joiner"] for language in data["languages"]] == [" ", "", " "]
    assert [shape(unit) for unit in data["units"]] == [
        [1, 1, 1],
        [2, 1, 1],
        [1, 1, 0],
        [0, 0, 1],
        [1, 1, 1],
        [1, 1, 1],
    ]
    assert data["units"][3]["cells"][2]["text"] == "Fin."
    cell = data["units"][1]["cells"][0]
    assert cell["cuts"] == [[10, 11]]
    assert cell["spans"] == [[1, 0, 27, 0]]
    assert data["pages"][cell["in"]]["places"][1] == [1, "/html/body/p[2]"]
    assert [unit["id"] for unit in data["units"]] == [row.id for row in bitext().rows]


def test_units_from_a_file_are_cut_by_the_caller_s_segmenter(tmp_path: Path) -> None:
    path = tmp_path / "review.html"
    units = [
        TranslationUnit("a", {"en": "One. Two.", "xx": "Uno. Due."}, 0.5),
        TranslationUnit("a", {"xx": "Tre."}, 0.5),
    ]
    write_review(iter(units), path)
    assert [shape(unit) for unit in data_of(path)["units"]] == [[1, 1], [0, 1]]
    write_review(iter(units), path, segment=segment, title="<T>")
    data = data_of(path)
    assert [shape(unit) for unit in data["units"]] == [[2, 1], [0, 1]]
    assert [unit["id"] for unit in data["units"]] == ["a", "a~2"]
    assert data["title"] == "<T>"
    assert data["languages"][1] == {"code": "xx", "tag": "xx", "name": "xx", "joiner": " "}


def test_what_a_filter_noted_becomes_flags(tmp_path: Path) -> None:
    path = tmp_path / "review.html"
    note = (
        "look\nrejected: similarity 0.13, not >=0.4; copy 1, not <=0.8; aligner-confidence 0, not >=1\nelse"
    )
    write_review([TranslationUnit("a", {"en": "One.", "fr": "Un."}, 0.5, {}, {}, note)], path)
    (unit,) = data_of(path)["units"]
    assert unit["flags"] == ["similarity", "copy", "aligner-confidence"]
    assert unit["note"] == note


def test_the_key_is_of_these_very_units(tmp_path: Path) -> None:
    path = tmp_path / "review.html"
    keys = set()
    for rows in (bitext().rows, bitext().rows[1:], bitext().rows[::-1]):
        write_review(rows, path)
        keys.add(data_of(path)["key"])
    write_review(bitext(), path)
    keys.add(data_of(path)["key"])
    assert len(keys) == 3


def test_the_scripts_stay_small_enough_to_read() -> None:
    """Lines of code, types and comments aside; the linter holds them under 110 columns."""
    folder = Path(review.__file__).parent / "browser"
    lines = [line.strip() for path in folder.glob("*.js") for line in path.read_text("utf-8").splitlines()]
    code = [line for line in lines if line and not line.startswith(("//", "/*", "*"))]
    assert 1000 < len(code) < 1500


def test_an_interface_that_there_is_none_of(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="one of en, fr, zh"):
        write_review(bitext(), tmp_path / "review.html", interface="de")


STRINGS = Path(review.__file__).parent / "browser" / "strings"


@pytest.mark.parametrize("code", ["fr", "zh"])
def test_every_string_is_there_in_every_language(code: str) -> None:
    english = json.loads((STRINGS / "en.json").read_text(encoding="utf-8"))
    other = json.loads((STRINGS / f"{code}.json").read_text(encoding="utf-8"))
    assert list(other) == list(english)
    slots = {key: set(re.findall(r"\{\w+\}", text)) for key, text in english.items()}
    assert {key: set(re.findall(r"\{\w+\}", text)) for key, text in other.items()} == slots


def test_the_modules_fit_into_one_scope() -> None:
    """Bundled, the modules share their top-level names: none is declared twice, none comes too late."""
    browser = STRINGS.parent
    assert {path.stem for path in browser.glob("*.js")} == set(_MODULES)
    script = "\n".join((browser / f"{name}.js").read_text(encoding="utf-8") for name in _MODULES)
    names = re.findall(r"^(?:export )?(?:function|const|let|class|async function) (\w+)", script, re.M)
    assert len(names) == len(set(names))
    for number, name in enumerate(_MODULES):
        source = (browser / f"{name}.js").read_text(encoding="utf-8")
        assert set(re.findall(r'^import .* from "./(\w+).js"', source, re.M)) <= set(_MODULES[:number])
    assert not re.search(r"^(import|export)\b", bundle(), re.M)


def test_nothing_comes_from_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "review.html"
    write_review(bitext(), path)
    page = parts(path)
    assert page.addresses == ["data:,", "#rows"]
    assert not {"img", "iframe", "object", "embed"} & set(page.tags)
    text = path.read_text(encoding="utf-8")
    assert "@import" not in text
    assert "url(" not in text
    assert not re.search(r"\{\{\w+\}\}", text)
    assert "default-src 'none'" in text


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "review.html"
    write_review(bitext(), path)
    harmless = parts(path).tags
    write_review(hostile(), path)
    page = parts(path)
    assert page.tags == harmless
    data = data_of(path)
    assert [cell["text"] for cell in data["units"][0]["cells"]] == [HOSTILE, HOSTILE]
    assert data["pages"][0]["title"] == HOSTILE
    assert "<title>&lt;/script&gt;&lt;img" in path.read_text(encoding="utf-8")


@given(texts(xml=False))
def test_any_text_comes_through(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("review") / "review.html"
    pages = (document("en", text), document("fr", text))
    rows = tuple(replace(row, variants={"en": text, "fr": text}) for row in bitext().rows[:1])
    write_review(Bitext(("en", "fr"), pages, ((), ()), rows, text), path)
    data = data_of(path)
    assert [cell["text"] for cell in data["units"][0]["cells"]] == [text, text]
    assert data["signature"] == text


def test_equal_bitexts_give_equal_bytes(tmp_path: Path) -> None:
    write_review(bitext(), tmp_path / "a.html")
    write_review(bitext(), tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="there is no folder"):
        write_review(bitext(), tmp_path / "missing" / "review.html")


def test_untitled_pages_and_other_languages(tmp_path: Path) -> None:
    path = tmp_path / "review.html"
    pages = (replace(document("ar", "نص"), title=None), replace(document("pt-BR", "texto"), title=None))
    write_review(Bitext(("ar", "pt-BR"), pages, ((), ()), (), ""), path)
    assert "<title>corpusalign</title>" in path.read_text(encoding="utf-8")
    assert [(language["name"], language["tag"]) for language in data_of(path)["languages"]] == [
        ("ar", "ar"),
        ("pt-BR", "pt-BR"),
    ]
