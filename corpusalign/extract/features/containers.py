"""Features of the elements around a block: what they hold, how often they repeat, where the title lies."""

from __future__ import annotations

import numpy as np

from corpusalign.extract.features.columns import KINDS, Columns, Matrix, Vector, interleaved, stacked
from corpusalign.extract.features.nesting import climb, depths, heaviest, meet, subtree_sums, within

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
    # The text's own element is container 0; what it holds is the block itself.
    around = climb(parents, frames, _LEVELS)
    prose, linked, width, blocks = (column[around] for column in totals.T)
    found: list[Vector] = [
        interleaved(
            [
                prose / whole,
                linked / np.maximum(width, 1),
                np.log1p(prose / np.maximum(blocks, 1)) / 6,
            ]
        ),
        _repetition(page, totals),
    ]
    top = heaviest(parents, totals[:, 0], _HEAVY)
    for element in (top, parents[top], parents[parents[top]]):
        found.append(within(page.ends, element)[frames])
    own = np.zeros(size)
    np.add.at(own, parents[frames], page.prose * (1 - page.density))
    best = int(own.argmax())
    found += [
        np.log1p(totals[parents[frames], 3]) / 5,
        own[parents[frames]] / max(own[best], 1.0),
        parents[frames] == best,
        within(page.ends, best)[frames],
        within(page.ends, parents[best])[frames],
    ]
    depth = depths(page.ends)
    title = title_frame(page)
    shared = meet(parents, page.ends, title)[frames]
    up = depth[frames] - depth[shared]
    found += [
        np.minimum(up, _CLIMB) / _CLIMB,
        np.minimum(depth[title] - depth[shared], _CLIMB) / _CLIMB,
        up <= 2,
        totals[shared, 0] / whole,
    ]
    to_best = depth[frames] - depth[meet(parents, page.ends, best)[frames]]
    found.append(np.minimum(to_best, _CLIMB) / _CLIMB)
    return stacked(found, len(page.width))


def _repetition(page: Columns, totals: Matrix) -> Matrix:
    """Tell how often each ancestor's like is found: a teaser's box is one of many, an article's is alone."""
    parents, templates = page.parents, page.templates
    alike = np.bincount(templates)[templates]
    by_template = [np.bincount(templates, total)[templates] for total in totals.T[:3]]
    prose, linked = by_template[0], by_template[1] / np.maximum(by_template[2], 1)
    whole = max(totals[0, 0], 1.0)
    frames = np.concatenate([page.frames[None], climb(parents, page.frames, _LEVELS - 1)])
    return interleaved(
        [
            np.log1p(page.siblings[frames] - 1) / 4,
            np.log1p(alike[frames] - 1) / 4,
            np.minimum(prose[frames] / whole, 1),
            linked[frames],
        ]
    )


def title_frame(page: Columns) -> int:
    """Return the element of the title that the page shows, 0 where it shows none."""
    heading = page.kinds == KINDS.index("heading")
    for choice in (page.is_title & heading, heading & (page.levels == 1), page.is_title):
        numbers = np.flatnonzero(choice)
        if len(numbers):
            return int(page.frames[numbers[0]])
    return 0
