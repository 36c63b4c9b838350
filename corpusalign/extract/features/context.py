"""Features of the second pass: what the first pass thinks of the blocks and elements around."""

from __future__ import annotations

import numpy as np

from corpusalign.extract.features.columns import Columns, Matrix, Vector, interleaved, stacked
from corpusalign.extract.features.nearby import window_sums
from corpusalign.extract.features.nesting import climb, heaviest, subtree_sums, within

_REACH = (-3, -2, -1, 1, 2, 3)
_WINDOWS = (4, 10, 25)
_LEVELS = 5
_SHARES = (0.5, 0.8)
_SURE = 1e-4


def names() -> tuple[str, ...]:
    """Return the names of these features, in the order of the columns."""
    return (
        "first score",
        "first probability",
        *(f"first score {reach:+d}" for reach in _REACH),
        *(
            f"first {name} within {window} {side}"
            for window in _WINDOWS
            for side in ("before", "after")
            for name in ("share kept", "text kept")
        ),
        *(
            f"first {name} of container {up}"
            for up in range(1, _LEVELS + 1)
            for name in ("share kept", "share of page")
        ),
        "first share kept of template",
        *(f"in {name} by {share}" for share in _SHARES for name in ("container of most kept", "its parent")),
        "first text kept of page",
        "first share kept of page",
        "first text before",
        "first text after",
    )


def matrix(page: Columns, first: Vector) -> Matrix:
    """Return these features, shape (blocks, features), given the first pass's probabilities."""
    width, kept = page.width, page.width * first
    count = len(first)
    sure = np.clip(first, _SURE, 1 - _SURE)
    score = np.log(sure / (1 - sure)) / 5
    found: list[Vector] = [score, first]
    for by in _REACH:
        moved = np.full(count, -1.0)
        if abs(by) < count:
            if by > 0:
                moved[:-by] = score[by:]
            else:
                moved[-by:] = score[:by]
        found.append(moved)
    found.append(_windows(width, kept))
    sums = subtree_sums(page, (kept, width))
    total = max(float(sums[0, 0]), 1.0)
    kept_inside, inside = (column[climb(page.parents, page.frames, _LEVELS)] for column in sums.T)
    found.append(interleaved([kept_inside / np.maximum(inside, 1), kept_inside / total]))
    kind = page.templates[page.frames]
    found.append((np.bincount(kind, kept) / np.maximum(np.bincount(kind, width), 1))[kind])
    for share in _SHARES:
        top = heaviest(page.parents, sums[:, 0], share)
        found += [within(page.ends, element)[page.frames] for element in (top, page.parents[top])]
    running = np.concatenate([[0.0], np.cumsum(kept)])
    found += [
        np.full(count, np.log1p(total) / 10),
        np.full(count, sums[0, 0] / max(float(sums[0, 1]), 1.0)),
        running[:-1] / total,
        (total - running[1:]) / total,
    ]
    return stacked(found, len(page.width))


def _windows(width: Vector, kept: Vector) -> Matrix:
    all_text, kept_text = window_sums((width, kept), _WINDOWS)
    return interleaved([kept_text / np.maximum(all_text, 1), np.log1p(kept_text) / 8])
