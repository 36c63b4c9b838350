"""What real documents do: each kind keeps the figure that `python -m benchmarks.kinds` prints of it."""

from __future__ import annotations

import pytest

from benchmarks.kinds import Case, cases, judged

# Strict F1 that a kind must keep: a little below what was measured for the worse of its two pairs.
FLOORS = {
    "as it is": 0.98,
    "a third of one side missing": 0.95,
    "a preface on one side": 0.95,
    "chapters in another order": 0.96,
    "one sentence 100 times": 0.98,
    "a paragraph three times": 0.97,
    "a paragraph once more on one side": 0.95,
    "a list of names": 0.95,
    "a table of numbers": 0.98,
    "one side in capitals": 0.97,
    "one sentence a side": 1.0,
    "one sentence is the whole text": 0.97,
    "a sentence of 20,000 characters": 0.97,
    "verse and headings": 0.7,
}


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.kind}, {case.src_lang}-{case.tgt_lang}")
def test_a_kind_of_document_keeps_its_figure(case: Case) -> None:
    scores, warned = judged(case)
    assert scores.f1 >= FLOORS.get(case.kind, 0)
    assert ("OutOfOrder" in warned) == (case.kind == "chapters in another order")
    assert "NotParallel" not in warned
    if not scores.expected:
        assert scores.precision == 1, "what has no counterpart stays alone"


def test_one_sentence_against_thirty_links_no_further_than_a_bead_reaches() -> None:
    case = next(case for case in cases() if case.kind == "one sentence against thirty")
    scores, _ = judged(case)
    # A bead holds six sentences a side at most; the rest are omissions.
    assert scores.precise_lax >= 1
    assert scores.predicted == 1 + 30 - 6
