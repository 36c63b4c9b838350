"""Every hostile input ends in a result or in one clear error, within 10 seconds and 500 MB."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import corpusalign as ca
from corpusalign.corpus import build
from corpusalign.errors import CorpusAlignError

from .conftest import FIXTURES
from .hostile import memories, pages
from .hostile.broken import broken_pages

pytestmark = pytest.mark.usefixtures("within_bounds")
PAGES, MEMORIES = {**pages(), **broken_pages()}, memories()


@pytest.mark.parametrize("name", PAGES)
def test_a_page(name: str) -> None:
    content = PAGES[name]()
    try:
        document = ca.extract(content, lang="en")
        sentences = ca.segment(document)
    except CorpusAlignError as error:
        assert "\n" not in str(error)
        assert len(str(error)) < 1000
        return
    assert "root:" not in "".join(block.text for block in document.blocks)
    for sentence in sentences:
        assert document.blocks[sentence.block].text[sentence.start : sentence.end] == sentence.text


@pytest.mark.parametrize("name", MEMORIES)
def test_a_memory(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(MEMORIES[name]())
    try:
        for unit in ca.read(path):
            assert "root:" not in "".join(unit.variants.values())
    except CorpusAlignError as error:
        assert "\n" not in str(error)
        assert len(str(error)) < 1000


GOOD = "<p>Le moulin près de la rivière fut réparé au printemps, et la roue tourne de nouveau.</p>"

SMALL = "bidi nul invalid-utf-8 surrogates external-entity gzip nothing half-a-tag json-not-html"


@pytest.mark.parametrize("whole", [SMALL.split()], ids=["all"])
def test_a_corpus_of_them(whole: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = b'<html lang="fr"><main><h1>Le moulin</h1>' + GOOD.encode() * 3
    for name in whole:
        for lang, content in (
            ("en", PAGES[name]()),
            ("fr", good.replace(b"<h1", f"<!--{name}--><h1".encode())),
        ):
            path = tmp_path / "source" / lang / f"{name}.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    result = build(tmp_path / "source", tmp_path / "c", runner="serial")
    assert result.summary is not None
    rejected = [
        url
        for line in (tmp_path / "c" / "rejects.jsonl").read_text(encoding="utf-8").splitlines()
        for url in json.loads(line)["pages"]
    ]
    used = {
        origin.url
        for part in (tmp_path / "c").glob("part-*")
        for unit in ca.read(part)
        for origin in unit.origin.values()
    }
    for name in whole:
        for lang in ("en", "fr"):
            assert (f"{lang}/{name}.html" in used) != (f"{lang}/{name}.html" in rejected)


NAMES: dict[str, Callable[[], str]] = {
    "newline": lambda: "a\nb.en.html",
    "quote": lambda: "a'\"b.en.html",
    "percent": lambda: "%2e%2e%2fpasswd.en.html",
    "bidi": lambda: "a\u202eb.en.html",
    "long": lambda: "a" * 240 + ".en.html",
    "formula": lambda: "=cmd|'.en.html",
    "not-utf-8": lambda: "a\udcffb.en.html",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_file_name(name: str, tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("the file system may not hold it")
    source = tmp_path / "source"
    source.mkdir()
    for lang in ("en", "fr"):
        page = (FIXTURES / "river-cleanup" / f"{lang}.html").read_bytes()
        (source / NAMES[name]().replace(".en.", f".{lang}.")).write_bytes(page)
    result = build(source, tmp_path / "c", runner="serial", tmx=True)
    assert result.summary is not None
    assert result.summary.units > 0


def test_a_link_out_of_the_folder(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (tmp_path / "secret.txt").write_text("secret " * 100)
    (source / "page.en.txt").symlink_to(tmp_path / "secret.txt")
    (source / "loop").symlink_to(source)
    result = build(source, tmp_path / "c", runner="serial")
    assert result.summary is not None
    assert result.summary.rejects == {"fetch": 1}
