"""Features of the elements around a block: what they hold, how often they repeat, where the title lies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from corpusalign.extract.features.columns import KINDS, Columns, Matrix, Numbers, Vector, stacked

_LEVELS = 4
_HEAVY = 0.6
_CLIMB = 10

_NAMES = (
    *(
        f"{name} of container {up}"
        for up in range(1, _LEVELS + 1)
        for name in ("share of prose", "link density", "prose a block")
    ),
    *(
        f"{name} of ancestor {up}"
        for up in range(_LEVELS)
        for name in ("siblings alike", "alike in page", "prose of alike", "linked in alike")
    ),
    "in heaviest container",
    "in its parent",
    "in its grandparent",
    "blocks in container",
    "own prose of parent",
    "parent has most own prose",
    "in parent with most own prose",
    "near parent with most own prose",
    "steps up to title",
    "steps down to title",
    "shares container with title",
    "prose shared with title",
    "steps up to most own prose",
)


def names() -> tuple[str, ...]:
    """Return the names of these features, in the order of the columns."""
    return _NAMES


def matrix(page: Columns) -> Matrix:
    """Return these features, shape (blocks, features)."""
    parents, frames = page.parents, page.frames
    size = len(parents)
    totals = subtree_sums(page, (page.prose, page.density * page.width, page.width, np.ones(len(frames))))
    whole = max(totals[0, 0], 1.0)
    found: list[Vector] = []
    container = frames
    # The text's own element is container 0; what it holds is the block itself.
    for _ in range(_LEVELS):
        container = parents[container]
        inside = totals[container]
        found.append(inside[:, 0] / whole)
        found.append(inside[:, 1] / np.maximum(inside[:, 2], 1))
        found.append(np.log1p(inside[:, 0] / np.maximum(inside[:, 3], 1)) / 6)
    found += _repetition(page, totals)
    above = parents.tolist()
    top = heaviest(above, totals[:, 0], _HEAVY)
    for element in (top, above[top], above[above[top]]):
        found.append(within(above, element)[frames])
    own = np.zeros(size)
    np.add.at(own, parents[frames], page.prose * (1 - page.density))
    best = int(own.argmax())
    found += [
        np.log1p(totals[parents[frames], 3]) / 5,
        own[parents[frames]] / max(own[best], 1.0),
        parents[frames] == best,
        within(above, best)[frames],
        within(above, above[best])[frames],
    ]
    depth = _depths(above)
    up, shared = _meet(above, depth, frames, _title_frame(page))
    found += [
        np.minimum(up, _CLIMB) / _CLIMB,
        np.minimum(np.maximum(depth[_title_frame(page)] - depth[shared], 0), _CLIMB) / _CLIMB,
        up <= 2,
        totals[shared, 0] / whole,
    ]
    found.append(np.minimum(_meet(above, depth, frames, best)[0], _CLIMB) / _CLIMB)
    return stacked(found, len(page.width))


def subtree_sums(page: Columns, columns: Sequence[Vector]) -> Matrix:
    """Return the sums of some columns over each element's blocks, at any depth, shape (elements, columns)."""
    totals: list[Vector] = []
    parents = page.parents.tolist()
    for column in columns:
        sums = np.bincount(page.frames, column, minlength=len(parents)).tolist()
        # Children have larger numbers than their parents, so one pass from the last to the first is enough.
        for frame in range(len(parents) - 1, 0, -1):
            sums[parents[frame]] += sums[frame]
        totals.append(np.array(sums))
    return np.column_stack(totals)


def _repetition(page: Columns, totals: Matrix) -> list[Vector]:
    """Tell how often each ancestor's like is found: a teaser's box is one of many, an article's is alone."""
    parents, templates = page.parents, page.templates
    among_siblings = parents * (int(templates.max()) + 1) + templates
    _, group, siblings = np.unique(among_siblings, return_inverse=True, return_counts=True)
    _, kind, alike = np.unique(templates, return_inverse=True, return_counts=True)
    prose = np.bincount(kind, totals[:, 0])[kind]
    linked = np.bincount(kind, totals[:, 1])[kind] / np.maximum(np.bincount(kind, totals[:, 2])[kind], 1)
    whole = max(totals[0, 0], 1.0)
    found: list[Vector] = []
    frame = page.frames
    for _ in range(_LEVELS):
        found += [
            np.log1p(siblings[group[frame]] - 1) / 4,
            np.log1p(alike[kind[frame]] - 1) / 4,
            np.minimum(prose[frame] / whole, 1),
            linked[frame],
        ]
        frame = parents[frame]
    return found


def heaviest(parents: list[int], weights: Vector, share: float) -> int:
    """Follow the heaviest child down from the root while it keeps that share of its parent's weight."""
    best_child: dict[int, int] = {}
    heavy = weights.tolist()
    for frame in range(1, len(parents)):
        parent = parents[frame]
        if parent not in best_child or heavy[frame] > heavy[best_child[parent]]:
            best_child[parent] = frame
    here = 0
    while here in best_child and heavy[best_child[here]] >= share * heavy[here] > 0:
        here = best_child[here]
    return here


def within(parents: list[int], top: int) -> Vector:
    """Return 1 for the element `top` and all elements within it, 0 for the rest."""
    inside = [0.0] * len(parents)
    inside[top] = 1.0
    for frame in range(top + 1, len(parents)):
        inside[frame] = inside[parents[frame]]
    return np.array(inside)


def _depths(parents: list[int]) -> Numbers:
    depths = [0] * len(parents)
    for frame in range(1, len(parents)):
        depths[frame] = depths[parents[frame]] + 1
    return np.array(depths)


def _title_frame(page: Columns) -> int:
    heading = page.kinds == KINDS.index("heading")
    for choice in (page.is_title & heading, heading & (page.levels == 1), page.is_title):
        numbers = np.flatnonzero(choice)
        if len(numbers):
            return int(page.frames[numbers[0]])
    return 0


def _meet(parents: list[int], depths: Numbers, frames: Numbers, other: int) -> tuple[Numbers, Numbers]:
    """Return how far up from each block its path meets that of element `other`, and where they meet."""
    meeting = [-1] * len(parents)
    here = other
    meeting[here] = here
    while here:
        here = parents[here]
        meeting[here] = here
    for frame in range(1, len(parents)):
        if meeting[frame] < 0:
            meeting[frame] = meeting[parents[frame]]
    where = np.array(meeting)[frames]
    return depths[frames] - depths[where], where
