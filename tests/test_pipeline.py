"""The pipeline: what `align_pages` returns holds together from unit to page bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import corpusalign as ca
from corpusalign.languages import language
from corpusalign.pipeline import omissions

from .conftest import FIXTURES, LANGUAGES

PAGES = [FIXTURES / "sco-2020" / f"{lang}.html" for lang in LANGUAGES]


def test_every_unit_walks_back_to_the_bytes_of_its_page(sco: ca.Bitext) -> None:
    documents = {document.lang: document for document in sco.documents}
    for row in sco.rows:
        for lang, text in row.variants.items():
            origin, document = row.origin[lang], documents[lang]
            assert origin.url == document.url
            assert origin.page_sha256 == hashlib.sha256(Path(document.url).read_bytes()).hexdigest()
            pieces = [document.blocks[span.block].text[span.start : span.end] for span in origin.spans]
            assert language(lang).joiner.join(pieces) == text or "".join(pieces) == text
            assert all(document.blocks[span.block].path == span.path for span in origin.spans)


def test_rows_tile_every_language(sco: ca.Bitext) -> None:
    for lang, sentences in zip(sco.languages, sco.sentences, strict=True):
        spans = [span for row in sco.rows if lang in row.origin for span in row.origin[lang].spans]
        assert spans == sorted(spans, key=lambda span: (span.block, span.start)), "in document order"
        text = sum(span.end - span.start for span in spans)
        assert text >= sum(len(sentence.text) for sentence in sentences), "no sentence is lost"
        assert all(
            any(
                span.block == sentence.block and span.start <= sentence.start and sentence.end <= span.end
                for span in spans
            )
            for sentence in sentences
        )


def test_units_have_ids_of_their_own_and_a_probability(sco: ca.Bitext) -> None:
    assert len({row.id for row in sco.rows}) == len(sco.rows)
    assert all(0 <= row.confidence <= 1 for row in sco.rows)
    assert all(len(unit.variants) >= 2 for unit in sco)
    assert len(sco) + sum(len(row.variants) == 1 for row in sco.rows) == len(sco.rows)


def test_a_sentence_missing_in_one_language_leaves_a_unit_with_the_others(sco: ca.Bitext) -> None:
    assert any(len(unit.variants) == 2 for unit in sco)
    assert sum(omissions(sco).values()) == sum(len(LANGUAGES) - len(row.variants) for row in sco.rows)


def test_any_two_of_the_languages(sco: ca.Bitext) -> None:
    two = ca.align_pages([PAGES[1], PAGES[2]])
    assert two.languages == ("zh", "fr")
    assert {lang for unit in two for lang in unit.variants} == {"zh", "fr"}


def test_the_same_pages_give_the_same_bitext(sco: ca.Bitext) -> None:
    assert ca.align_pages(PAGES).rows == sco.rows


def test_pages_and_documents_are_taken_as_they_are(sco: ca.Bitext) -> None:
    mixed = [ca.fetch(PAGES[0]), sco.documents[1], str(PAGES[2])]
    assert ca.align_pages(mixed).rows == sco.rows


def test_progress_counts_up_to_its_end() -> None:
    seen: list[tuple[str, int, int]] = []
    ca.align_pages(PAGES[:2], progress=lambda *step: seen.append(step))
    done = [step[1] for step in seen]
    assert done == sorted(done)
    assert seen[-1][1] == seen[-1][2]


def test_language_given_by_the_caller_wins() -> None:
    bitext = ca.align_pages(PAGES[:2], langs=["fr", None])
    assert bitext.languages == ("fr", "zh")


@pytest.mark.parametrize(
    ("pages", "langs", "argument"), [(PAGES[:1], None, "pages"), (PAGES, ["en", "zh"], "langs")]
)
def test_wrong_arguments_are_named(pages: list[Path], langs: list[str] | None, argument: str) -> None:
    with pytest.raises(ValueError, match=argument):
        ca.align_pages(pages, langs=langs)


def test_signature_names_encoder_and_weights(sco: ca.Bitext) -> None:
    assert ca.__version__ in sco.signature
    assert "encoder" in sco.signature


def test_pages_that_are_no_versions_of_each_other_carry_a_warning(sco: ca.Bitext) -> None:
    assert sco.warnings == ()
    wrong = ca.align_pages([PAGES[0], FIXTURES / "river-cleanup" / "fr.html"])
    (warning,) = wrong.warnings
    assert (warning.kind, warning.languages) == ("NotParallel", ("en", "fr"))
