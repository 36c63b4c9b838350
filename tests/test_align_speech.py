"""Where somebody speaks: quotation marks of several languages, apostrophes, and dashes."""

from __future__ import annotations

import pytest

from corpusalign.align.speech import speech

CHINESE = ["他说：“你好。", "再见。”", "天黑了。", "“走吧！”", "“好。”"]
ENGLISH = ["'Hello,' he said.", "'And goodbye.", "It's late.'", "The boys' lamp went out.", "'Let's go.'"]
FRENCH = ["« Bonjour », dit-il.", "« Au revoir.", "Il est tard. »", "« Allons-y ! »", "« Oui. »"]


@pytest.mark.parametrize(
    ("texts", "inside", "closes"),
    [
        (CHINESE, [0, 1, 0, 0, 0, 0], [0, 1, 0, 1, 1]),
        (FRENCH, [0, 0, 1, 0, 0, 0], [0, 0, 1, 1, 1]),
        (ENGLISH, [0, 0, 1, 0, 0, 0], [0, 0, 1, 0, 1]),
        ([text.replace("'", '"') for text in ENGLISH[:2]], [0, 0, 1], [0, 0]),
        (['He said, "Come.', 'Now!"', '" Why? "', 'A 5" pipe.'], [0, 1, 0, 0, 0], [0, 1, 1, 0]),
    ],
)
def test_quotations_are_followed_over_sentences(texts, inside, closes):
    found = speech(texts)
    assert found.open.tolist() == [bool(value) for value in inside]
    assert found.closes.tolist() == [bool(value) for value in closes]


def test_apostrophes_are_no_quotations_where_no_sentence_begins_with_one():
    found = speech(["The boys' lamp.", "It's 'odd'.", "O'Brien's."])
    assert not found.open.any()
    assert not found.closes.any()


def test_a_quotation_that_is_never_closed_is_forgotten():
    found = speech(["“Never closed.", *["On it goes."] * 20])
    assert found.open[1:13].all()
    assert not found.open[13:].any()


@pytest.mark.parametrize(
    ("texts", "marked"),
    [
        (CHINESE, True),
        (["One.", "Two.", "“Three.”"], False),
        ([*CHINESE, "— Oui.", "— Non.", "- Si.", "– Ah."], False),
        ([], False),
    ],
)
def test_rare_quotations_and_dashes_tell_nothing(texts, marked):
    assert speech(texts).marked is marked


def test_a_part_knows_what_stands_before_it():
    part = speech(CHINESE).part(1, 3)
    assert part.open.tolist() == [True, False, False]
    assert part.closes.tolist() == [True, False]
    assert part.marked
