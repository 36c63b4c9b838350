"""Viterbi against the enumeration of all sequences of verdicts."""

from __future__ import annotations

import math
from itertools import pairwise, product

from hypothesis import given
from hypothesis import strategies as st

from corpusalign.extract.sequence import keep_sequence, threshold


def _value(
    verdicts: tuple[bool, ...], probabilities: list[float], kept: float, dropped: float, bonds: list[float]
) -> float:
    value = sum(math.log(p if keep else 1 - p) for keep, p in zip(verdicts, probabilities, strict=True))
    for (before, after), bond in zip(pairwise(verdicts), bonds[1:], strict=True):
        if before == after:
            value += (kept if after else dropped) + bond
    return value


@given(
    st.lists(st.tuples(st.floats(0.001, 0.999), st.floats(0, 3)), min_size=1, max_size=9),
    st.floats(0, 3),
    st.floats(0, 3),
)
def test_no_sequence_scores_higher(blocks: list[tuple[float, float]], kept: float, dropped: float) -> None:
    probabilities, bonds = [p for p, _ in blocks], [bond for _, bond in blocks]
    found = tuple(keep_sequence(probabilities, kept, dropped, bonds=bonds))
    best = max(
        _value(verdicts, probabilities, kept, dropped, bonds)
        for verdicts in product((True, False), repeat=len(probabilities))
    )
    assert math.isclose(_value(found, probabilities, kept, dropped, bonds), best, abs_tol=1e-9)


def test_runs_outvote_a_single_block() -> None:
    assert keep_sequence([0.9, 0.9, 0.4, 0.9, 0.9], 1.0, 0.0) == [True] * 5
    assert keep_sequence([0.9, 0.9, 0.001, 0.9, 0.9], 1.0, 0.0) == [True, True, False, True, True]
    assert keep_sequence([], 1.0, 1.0) == []


def _expected_f1(probabilities: list[float], sizes: list[float], even: float) -> float:
    pairs = list(zip(probabilities, sizes, strict=True))
    kept = sum(size for p, size in pairs if p >= even)
    right = sum(p * size for p, size in pairs if p >= even)
    return 2 * right / (kept + sum(p * size for p, size in pairs))


@given(st.lists(st.tuples(st.floats(0.01, 0.99), st.integers(1, 50)), min_size=1, max_size=9))
def test_the_threshold_is_half_the_best_expected_f1(blocks: list[tuple[float, int]]) -> None:
    probabilities, sizes = [p for p, _ in blocks], [float(size) for _, size in blocks]
    best = max(_expected_f1(probabilities, sizes, even) for even in probabilities)
    assert math.isclose(threshold(probabilities, sizes), min(best / 2, 0.5), rel_tol=1e-9)


def test_a_page_without_certainty_keeps_its_likeliest_blocks() -> None:
    teasers = [0.02, 0.3, 0.3, 0.3, 0.02]
    assert keep_sequence(teasers, 0.5, 0.0) == [False] * 5
    assert keep_sequence(teasers, 0.5, 0.0, threshold(teasers, [9.0] * 5)) == [False, True, True, True, False]
    article = [0.01, 0.99, 0.99, 0.4, 0.01]
    assert threshold(article, [9.0] * 5) > 0.42
