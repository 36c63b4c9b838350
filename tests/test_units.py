from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusalign.errors import AlignError, LanguageError
from corpusalign.types import Document, MultiBead, Origin, Sentence, Span, TranslationUnit
from corpusalign.units import make_units
from tests.samples import bitext, document, patient, sentences


def test_rows_in_order_with_omissions_and_offsets() -> None:
    rows = bitext().rows
    assert [dict(row.variants) for row in rows] == [
        {"en": "The well", "zh": "水井", "fr": "Le puits"},
        {
            "en": "It rained. The well filled.",
            "zh": "下雨了，井里有了水。",
            "fr": "Il plut et le puits se remplit.",
        },
        {"en": "Nobody came.", "zh": "没人来。"},
        {"fr": "Fin."},
        {"en": "Yes.", "zh": "是的。", "fr": "Oui."},
        {"en": "Yes.", "zh": "是的。", "fr": "Oui."},
    ]
    assert rows[1].origin["en"] == Origin(
        "https://example.org/en/page.html?a=1&b=2", "e" * 64, (Span(1, "/html/body/p[2]", 0, 27),)
    )
    assert [row.confidence for row in rows] == [0.99, 0.9, 0.45, 0.7, 1.0, 1.0]


def test_the_slice_is_exact_inside_one_block() -> None:
    page = document("en", "One.\u00a0\u00a0Two!  Three?")
    (unit,) = make_units([page], [sentences(page, "One.", "Two!", "Three?")], [MultiBead(((0, 3),), 1)])
    assert unit.variants["en"] == "One.\u00a0\u00a0Two!  Three?"


@pytest.mark.parametrize(
    ("lang", "first", "second", "joined"),
    [
        ("en", "One.", "Two.", "One. Two."),
        ("fr", "Un.", "« Deux »", "Un. « Deux »"),
        ("zh", "一。", "二。", "一。二。"),
        ("zh", "“一”", "“二”", "“一”“二”"),
        ("zh", "他说……", "——是的", "他说……——是的"),
        ("zh", "GDP", "2020", "GDP 2020"),
        ("zh", "OK.", "好", "OK. 好"),
        ("zh", "好", "Über", "好 Über"),
        ("zh", "一、", "ＡＢ", "一、ＡＢ"),
    ],
)
def test_texts_of_several_blocks_are_joined_as_the_language_does(
    lang: str, first: str, second: str, joined: str
) -> None:
    page = document(lang, first, second)
    (unit,) = make_units([page], [sentences(page, first, second)], [MultiBead(((0, 2),), 0.5)])
    assert unit.variants[lang] == joined
    assert [span.block for span in unit.origin[lang].spans] == [0, 1]


def test_a_bead_with_nothing_in_it_gives_no_unit() -> None:
    page = document("en", "One.")
    beads = [MultiBead(((0, 0),), 1), MultiBead(((0, 1),), 1)]
    assert len(make_units([page], [sentences(page, "One.")], beads)) == 1


def test_confidence_and_scores_keep_six_decimals() -> None:
    page = document("en", "One.")
    (unit,) = make_units(
        [page], [sentences(page, "One.")], [MultiBead(((0, 1),), 1 / 3)], scores=[{"similarity": 2 / 3}]
    )
    assert (unit.confidence, unit.scores) == (0.333333, {"similarity": 0.666667})


def test_ids_are_unique_and_stay_when_the_page_changes_elsewhere() -> None:
    before = bitext()
    ids = [row.id for row in before.rows]
    assert len(set(ids)) == len(ids)
    # Another block and another sentence in front of everything, in one language.
    longer = document("en", "New.", *(block.text for block in before.documents[0].blocks))
    lists = (sentences(longer, "New.", *(s.text for s in before.sentences[0])), *before.sentences[1:])
    beads = [MultiBead(((0, 1), (0, 0), (0, 0)), 1)]
    at = [1, 0, 0]
    for row in before.rows:
        sizes = (
            [1, 1, 1]
            if len(row.variants) == 3
            else [int(code in row.variants) for code in ("en", "zh", "fr")]
        )
        if row.variants.get("en") == "It rained. The well filled.":
            sizes[0] = 2
        beads.append(MultiBead(tuple((a, a + size) for a, size in zip(at, sizes, strict=True)), 0.5))
        at = [a + size for a, size in zip(at, sizes, strict=True)]
    after = make_units((longer, *before.documents[1:]), lists, beads)
    assert [row.id for row in after[1:]] == ids


def test_ids_change_with_the_text_and_with_the_address() -> None:
    def identifier(page: Document, text: str) -> str:
        return make_units([page], [sentences(page, text)], [MultiBead(((0, 1),), 1)])[0].id

    page = document("en", "One.")
    assert identifier(page, "One.") == identifier(page, "One.")
    assert identifier(page, "One.") != identifier(document("en", "Two."), "Two.")
    assert identifier(page, "One.") != identifier(replace(page, url="https://example.org/other"), "One.")


def test_two_pages_in_one_language() -> None:
    page = document("en", "One.")
    with pytest.raises(LanguageError, match="stands 2 times"):
        make_units([page, page], [(), ()], [])


@pytest.mark.parametrize("ranges", [((0, 2),), ((1, 0),), ((-1, 1),), ((0, 1), (0, 0))])
def test_beads_that_do_not_fit(ranges: tuple[tuple[int, int], ...]) -> None:
    page = document("en", "One.")
    with pytest.raises(AlignError, match="bead 0"):
        make_units([page], [sentences(page, "One.")], [MultiBead(ranges, 1)])


def test_lists_of_unequal_length() -> None:
    page = document("en", "One.")
    with pytest.raises(AlignError, match="lists of sentences"):
        make_units([page], [], [])
    with pytest.raises(AlignError, match="1 beads but 0 scores"):
        make_units([page], [sentences(page, "One.")], [MultiBead(((0, 1),), 1)], scores=[])


@patient
@given(st.data())
def test_every_unit_can_be_walked_back(data: st.DataObject) -> None:
    """Whatever the beads, the spans hold the text, and together they hold every sentence once."""
    texts = data.draw(st.lists(st.text("ab 。", min_size=1, max_size=5), min_size=1, max_size=4))
    page = document("zh", *texts)
    whole: list[Sentence] = []
    for block, text in enumerate(texts):
        cuts = sorted({0, len(text), *data.draw(st.lists(st.integers(0, len(text)), max_size=3))})
        whole += [Sentence(text[a:b], block, a, b) for a, b in pairwise(cuts) if text[a:b].strip()]
    cuts = sorted({0, len(whole), *data.draw(st.lists(st.integers(0, len(whole)), max_size=5))})
    beads = [MultiBead((pair,), 0.5) for pair in pairwise(cuts)]
    units: tuple[TranslationUnit, ...] = make_units([page], [whole], beads)
    covered = []
    for unit in units:
        pieces = [page.blocks[s.block].text[s.start : s.end] for s in unit.origin["zh"].spans]
        assert "".join(pieces).replace(" ", "") == unit.variants["zh"].replace(" ", "")
        covered += [
            sentence
            for sentence in whole
            for span in unit.origin["zh"].spans
            if span.block == sentence.block and span.start <= sentence.start and sentence.end <= span.end
        ]
    assert covered == whole
