"""Verdicts along a page: from where on a block is kept, and two-state Viterbi over runs of blocks."""

from __future__ import annotations

import math
from collections.abc import Sequence

_SURE = 1e-6
_EVEN = 0.5


def threshold(probabilities: Sequence[float], sizes: Sequence[float]) -> float:
    """Return the probability from which on a block is better kept, for the expected F1 of the page.

    It is half the best expected F1 that a threshold reaches (Lipton, Elkan and Naryanaswamy, "Optimal
    Thresholding of Classifiers to Maximize F1 Measure", ECML 2014), at most 1/2: where little is certain,
    as on a list of teasers, the likeliest blocks are kept rather than none. `sizes` weigh the blocks.
    """
    in_order = sorted(zip(probabilities, sizes, strict=True), reverse=True)
    wanted = sum(probability * size for probability, size in in_order)
    best = right = kept = 0.0
    for probability, size in in_order:
        right += probability * size
        kept += size
        if right > 0:
            best = max(best, 2 * right / (kept + wanted))
    return min(max(best / 2, _SURE), _EVEN)


def keep_sequence(
    probabilities: Sequence[float], stay_kept: float, stay_dropped: float, even: float = _EVEN
) -> list[bool]:
    """Return the likeliest sequence of verdicts (True: kept).

    `stay_kept` and `stay_dropped` are what a verdict gains, in natural logarithms, by being that of the block
    before (Viterbi, 1967, on two states); `even` is the probability that speaks for neither verdict. Equal
    scores go to the verdict that stays.
    """
    lowered = math.log(even) - math.log(1 - even)
    kept = dropped = 0.0
    back: list[tuple[bool, bool]] = []
    for place, probability in enumerate(probabilities):
        p = min(max(float(probability), _SURE), 1 - _SURE)
        gain, loss = math.log(p) - lowered, math.log(1 - p)
        if place == 0:
            kept, dropped = gain, loss
            back.append((True, False))
            continue
        from_kept = kept + stay_kept >= dropped
        from_dropped = dropped + stay_dropped >= kept
        back.append((from_kept, not from_dropped))
        kept, dropped = (
            gain + (kept + stay_kept if from_kept else dropped),
            loss + (dropped + stay_dropped if from_dropped else kept),
        )
    verdicts: list[bool] = []
    state = kept >= dropped
    for was_kept_if_kept, was_kept_if_dropped in reversed(back):
        verdicts.append(state)
        state = was_kept_if_kept if state else was_kept_if_dropped
    return verdicts[::-1]
