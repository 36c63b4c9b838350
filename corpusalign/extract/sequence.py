"""Verdicts along a page: from where on a block is kept, and two-state Viterbi over runs of blocks."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

_SURE = 1e-6
_EVEN = 0.5


def threshold(probabilities: Sequence[float], sizes: Sequence[float]) -> float:
    """Return the probability from which on a block is better kept, for the expected F1 of the page.

    It is half the best expected F1 that a threshold reaches (Lipton, Elkan and Naryanaswamy, "Optimal
    Thresholding of Classifiers to Maximize F1 Measure", ECML 2014), at most 1/2: where little is certain,
    as on a list of teasers, the likeliest blocks are kept rather than none. `sizes` weigh the blocks.
    """
    chances, weights = np.asarray(probabilities, dtype=float), np.asarray(sizes, dtype=float)
    order = np.argsort(-chances, kind="stable")
    right, kept = np.cumsum((chances * weights)[order]), np.cumsum(weights[order])
    best = float((2 * right / np.maximum(kept + right[-1:], _SURE)).max(initial=0.0))
    return min(max(best / 2, _SURE), _EVEN)


def keep_sequence(
    probabilities: Sequence[float],
    stay_kept: float,
    stay_dropped: float,
    even: float = _EVEN,
    bonds: Sequence[float] | None = None,
) -> list[bool]:
    """Return the likeliest sequence of verdicts (True: kept).

    `stay_kept` and `stay_dropped` are what a verdict gains, in natural logarithms, by being that of the block
    before (Viterbi, 1967, on two states), and `bonds` what it gains besides at each block, of the length of
    `probabilities`; `even` is the probability that speaks for neither verdict. Equal scores go to the verdict
    that stays.
    """
    lowered = math.log(even) - math.log(1 - even)
    chances = np.clip(np.asarray(probabilities, dtype=float), _SURE, 1 - _SURE)
    gains, losses = (np.log(chances) - lowered).tolist(), np.log(1 - chances).tolist()
    kept = dropped = 0.0
    back: list[tuple[bool, bool]] = []
    bonds = bonds if bonds is not None else [0.0] * len(gains)
    for place, (gain, loss, bond) in enumerate(zip(gains, losses, bonds, strict=True)):
        if place == 0:
            kept, dropped = gain, loss
            back.append((True, False))
            continue
        stays_kept, stays_dropped = kept + stay_kept + bond, dropped + stay_dropped + bond
        from_kept, from_dropped = stays_kept >= dropped, stays_dropped >= kept
        back.append((from_kept, not from_dropped))
        kept, dropped = (
            gain + (stays_kept if from_kept else dropped),
            loss + (stays_dropped if from_dropped else kept),
        )
    verdicts: list[bool] = []
    state = kept >= dropped
    for was_kept_if_kept, was_kept_if_dropped in reversed(back):
        verdicts.append(state)
        state = was_kept_if_kept if state else was_kept_if_dropped
    return verdicts[::-1]
