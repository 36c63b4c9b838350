"""Two-state Viterbi: verdicts along a page, where content and boilerplate each come in runs."""

from __future__ import annotations

import math
from collections.abc import Sequence

_SURE = 1e-6


def keep_sequence(probabilities: Sequence[float], stay_kept: float, stay_dropped: float) -> list[bool]:
    """Return the likeliest sequence of verdicts (True: kept).

    `stay_kept` and `stay_dropped` are what a verdict gains, in natural logarithms, by being that of the block
    before (Viterbi, 1967, on two states). Equal scores go to the verdict that stays.
    """
    kept = dropped = 0.0
    back: list[tuple[bool, bool]] = []
    for place, probability in enumerate(probabilities):
        p = min(max(float(probability), _SURE), 1 - _SURE)
        gain, loss = math.log(p), math.log(1 - p)
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
