"""Features of a page's elements: which of them is the one that holds the main text, and it alone."""

from __future__ import annotations

import numpy as np

from corpusalign.extract.features.columns import KINDS, Columns, Matrix, Numbers, Vector, stacked
from corpusalign.extract.features.containers import title_frame
from corpusalign.extract.features.nesting import depths, meet, subtree_sums, sums_above
from corpusalign.extract.features.said import described_block
from corpusalign.extract.marks import mark_names

_TAGS = ("article", "main", "section", "td", "div", "ul", "li", "body", "aside", "form")
_CLIMB = 8
_SURE = 1e-3

_NAMES = (
    "prose share",
    "prose",
    "text share",
    "link density",
    "prose a block",
    "depth",
    "blocks",
    "kept share of page",
    "share kept",
    "expected F1",
    "mean score",
    "ruled share",
    "heading share",
    "share of the body that the head repeats",
    *(
        f"{name} {landmark}"
        for landmark in ("title", "described")
        for name in ("holds", "steps to", "steps from")
    ),
    *(f"{landmark} within {steps}" for landmark in ("title", "described") for steps in ("1", "2", "4")),
    "siblings alike",
    "alike in page",
    "within one of three alike",
    *(f"tag {tag}" for tag in _TAGS),
)


def names() -> tuple[str, ...]:
    """Return the names of these features, in the order of the columns."""
    return (
        *(f"element: {name}" for name in _NAMES),
        *(f"element: own {name}" for name in mark_names()),
        *(f"element: around {name}" for name in mark_names()),
    )


def matrix(page: Columns, first: Vector) -> Matrix:
    """Return these features, shape (elements, features), given the first pass's probabilities."""
    marks = page.element_marks[:, None] >> np.arange(len(mark_names())) & 1
    depth = depths(page.ends)
    described = described_block(page)
    title = _landmark(page, depth, title_frame(page) or None)
    beginning = _landmark(page, depth, int(page.frames[described]) if described is not None else None)
    return stacked(
        [
            *_contents(page, first, depth),
            *title[:3],
            *beginning[:3],
            *title[3:],
            *beginning[3:],
            *_repetition(page),
            *(page.tags == tag for tag in _TAGS),
            marks,
            _around(marks, page.ends),
        ],
        len(page.parents),
    )


def _contents(page: Columns, first: Vector, depth: Numbers) -> list[Vector]:
    width = page.width
    sure = np.clip(first, _SURE, 1 - _SURE)
    sums = subtree_sums(
        page,
        (
            width,
            page.prose,
            page.density * width,
            first * width,
            np.log(sure / (1 - sure)) * width,
            np.ones(len(width)),
            page.ruled,
            page.kinds == KINDS.index("heading"),
            page.in_body * width,
        ),
    )
    text, prose, linked, kept, score, blocks, ruled, headings, in_body = sums.T
    some, count = np.maximum(text, 1), np.maximum(blocks, 1)
    return [
        prose / max(prose[0], 1.0),
        np.log1p(np.maximum(prose, 0)) / 8,
        text / some[0],
        linked / some,
        np.log1p(np.maximum(prose, 0) / count) / 6,
        depth / 20,
        np.log1p(blocks) / 5,
        kept / max(kept[0], 1.0),
        kept / some,
        2 * kept / (text + kept[0] + 1),
        score / some / 4,
        ruled / count,
        headings / count,
        in_body / max(in_body[0], 1.0),
    ]


def _landmark(page: Columns, depth: Numbers, element: int | None) -> list[Vector]:
    """Tell where an element lies towards another: holds it, steps up to their meeting and down from there."""
    if element is None:
        return [np.zeros(len(depth))] * 6
    shared = meet(page.parents, page.ends, element)
    up = depth - depth[shared]
    down = depth[element] - depth[shared]
    return [
        up == 0,
        np.minimum(up, _CLIMB) / _CLIMB,
        np.minimum(down, _CLIMB) / _CLIMB,
        up == 1,
        up == 2,
        up <= 4,
    ]


def _repetition(page: Columns) -> list[Vector]:
    alike = np.bincount(page.templates)[page.templates]
    return [
        np.log1p(page.siblings - 1) / 3,
        np.log1p(alike - 1) / 3,
        sums_above((page.siblings > 2).astype(float), page.ends) > 0.5,
    ]


def _around(marks: Numbers, ends: Numbers) -> Matrix:
    """Return the marks of each element and of all elements around it."""
    change = np.zeros((len(ends) + 1, marks.shape[1]), dtype=np.int64)
    change[:-1] = marks
    np.subtract.at(change, ends, marks)
    around: Matrix = np.cumsum(change, axis=0)[:-1] > 0
    return around
