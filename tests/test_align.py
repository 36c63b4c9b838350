"""align and align_many on small documents whose alignment anyone can see."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusalign.align import align, align_many, signature
from corpusalign.errors import AlignError
from corpusalign.types import Sentence

ENGLISH = [
    "The committee met on Monday.",
    "It adopted the budget and elected a new chair.",
    "The next meeting is in May.",
    "Thank you.",
]
FRENCH = [
    "La commission s'est réunie lundi.",
    "Elle a adopté le budget.",
    "Elle a élu un nouveau président.",
    "Merci.",
]
CHINESE = ["委员会星期一开会。", "它通过了预算，选举了新主席。", "下次会议在五月举行。", "谢谢。"]


def spans(alignment):
    return [(b.src_start, b.src_stop, b.tgt_start, b.tgt_stop) for b in alignment.beads]


def tiles(spans_of_side, size):
    position = 0
    for start, stop in spans_of_side:
        assert start == position
        assert stop >= start
        position = stop
    assert position == size


def test_one_to_one():
    assert spans(align(ENGLISH, CHINESE, src_lang="en", tgt_lang="zh")) == [
        (k, k + 1, k, k + 1) for k in range(4)
    ]


def test_confidence_is_a_probability_and_high_where_plain():
    beads = align(ENGLISH, CHINESE, src_lang="en", tgt_lang="zh").beads
    assert all(0.9 < bead.confidence <= 1 for bead in beads)


def test_blocks_and_strings_both_serve():
    sentences = [Sentence(text, block, 0, len(text)) for block, text in enumerate(ENGLISH)]
    assert spans(align(sentences, CHINESE, src_lang="en", tgt_lang="zh")) == [
        (k, k + 1, k, k + 1) for k in range(4)
    ]


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ([], [], []),
        (ENGLISH[:2], [], [(0, 1, 0, 0), (1, 2, 0, 0)]),
        ([], FRENCH[:2], [(0, 0, 0, 1), (0, 0, 1, 2)]),
        (ENGLISH[:1], FRENCH[:1], [(0, 1, 0, 1)]),
    ],
)
def test_empty_and_single_sides(source, target, expected):
    assert spans(align(source, target, src_lang="en", tgt_lang="fr")) == expected


def test_many_of_two_is_align():
    pair = align(ENGLISH, FRENCH, src_lang="en", tgt_lang="fr")
    groups = align_many([ENGLISH, FRENCH], ["en", "fr"])
    assert [(*g.ranges[0], *g.ranges[1], g.confidence) for g in groups] == [
        (b.src_start, b.src_stop, b.tgt_start, b.tgt_stop, b.confidence) for b in pair.beads
    ]


def test_three_languages_decide_together():
    groups = align_many([ENGLISH, CHINESE, FRENCH], ["en", "zh", "fr"])
    assert [g.ranges for g in groups] == [
        ((0, 1), (0, 1), (0, 1)),
        ((1, 2), (1, 2), (1, 3)),
        ((2, 3), (2, 3), (3, 3)),
        ((3, 4), (3, 4), (3, 4)),
    ]


def test_a_fourth_language_may_be_empty():
    groups = align_many([ENGLISH, CHINESE, FRENCH, []], ["en", "zh", "fr", "de"])
    assert [g.ranges[3] for g in groups] == [(0, 0)] * 4
    assert [g.ranges[0] for g in groups] == [(0, 1), (1, 2), (2, 3), (3, 4)]


def test_all_sides_empty():
    assert align_many([[], [], []], ["en", "zh", "fr"]) == ()


@pytest.mark.parametrize(("sides", "langs"), [([ENGLISH], ["en"]), ([ENGLISH, FRENCH], ["en"])])
def test_refuses_what_it_cannot_align(sides, langs):
    with pytest.raises(AlignError, match="two sides or more"):
        align_many(sides, langs)


def test_refuses_a_bare_string():
    with pytest.raises(AlignError, match="segment it first"):
        align("One string.", FRENCH, src_lang="en", tgt_lang="fr")


def test_signature_names_version_encoder_and_weights():
    text = signature()
    assert text.startswith("corpusalign/")
    assert "encoder=use-multilingual-3/" in text
    assert "weights=" in text


LINES = st.lists(st.sampled_from([*ENGLISH, *FRENCH, *CHINESE, "", " ", "\ud800", "1 2 3"]), max_size=9)


@settings(deadline=None, max_examples=25)
@given(LINES, LINES)
def test_beads_tile_both_sides(source, target):
    beads = align(source, target, src_lang="en", tgt_lang="fr").beads
    tiles([(b.src_start, b.src_stop) for b in beads], len(source))
    tiles([(b.tgt_start, b.tgt_stop) for b in beads], len(target))
    assert all(0 <= b.confidence <= 1 for b in beads)
    assert all(b.src_stop > b.src_start or b.tgt_stop > b.tgt_start for b in beads)


@settings(deadline=None, max_examples=15)
@given(st.lists(LINES, min_size=3, max_size=4))
def test_groups_tile_all_sides(sides):
    groups = align_many(sides, ["en", "fr", "zh", "de"][: len(sides)])
    for number, side in enumerate(sides):
        tiles([g.ranges[number] for g in groups], len(side))
    assert all(any(stop > start for start, stop in g.ranges) for g in groups)
