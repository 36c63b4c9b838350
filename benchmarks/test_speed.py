"""How long each stage takes on the fixtures, and the whole way: `make bench`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import corpusalign as ca
from corpusalign.encode import default_encoder

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

FIXTURES = Path(__file__).parent.parent / "fixtures"
LANGUAGES = ("en", "zh", "fr")
PAGES = [FIXTURES / "sco-2020" / f"{lang}.html" for lang in LANGUAGES]


@pytest.fixture(scope="module")
def documents() -> list[ca.Document]:
    return [ca.extract(ca.fetch(page)) for page in PAGES]


@pytest.fixture(scope="module")
def sentences(documents: list[ca.Document]) -> list[list[ca.Sentence]]:
    return [ca.segment(document) for document in documents]


@pytest.mark.parametrize("page", PAGES, ids=LANGUAGES)
def test_extract(benchmark: BenchmarkFixture, page: Path) -> None:
    fetched = ca.fetch(page)
    assert benchmark(ca.extract, fetched).blocks


@pytest.mark.parametrize("lang", LANGUAGES)
def test_segment(benchmark: BenchmarkFixture, documents: list[ca.Document], lang: str) -> None:
    assert benchmark(ca.segment, documents[LANGUAGES.index(lang)])


def test_encode(benchmark: BenchmarkFixture, sentences: list[list[ca.Sentence]]) -> None:
    texts = [sentence.text for side in sentences for sentence in side]
    encoder = default_encoder()
    vectors = benchmark(encoder.encode, texts)
    benchmark.extra_info["sentences"] = len(texts)
    assert vectors.shape == (len(texts), encoder.dimension)


@pytest.mark.parametrize(("source", "target"), [("en", "zh"), ("en", "fr"), ("zh", "fr")])
def test_align(
    benchmark: BenchmarkFixture, sentences: list[list[ca.Sentence]], source: str, target: str
) -> None:
    sides = [sentences[LANGUAGES.index(lang)] for lang in (source, target)]
    assert benchmark(ca.align, *sides, src_lang=source, tgt_lang=target).beads


def test_align_three_languages(benchmark: BenchmarkFixture, sentences: list[list[ca.Sentence]]) -> None:
    assert benchmark(ca.align_many, sentences, LANGUAGES)


def test_write_tmx(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    bitext = ca.align_pages(PAGES)
    benchmark(ca.write, bitext, tmp_path / "sco.tmx")
    assert len(list(ca.read(tmp_path / "sco.tmx"))) == len(bitext)


def test_the_whole_way(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    def whole_way() -> None:
        ca.write(ca.align_pages(PAGES), tmp_path / "sco.tmx")

    benchmark(whole_way)
    assert (tmp_path / "sco.tmx").exists()
