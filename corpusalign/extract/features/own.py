"""Features of a block by itself: its text, its kind, its marks."""

from __future__ import annotations

from collections import Counter

import numpy as np

from corpusalign.extract.features.columns import KINDS, Columns, Matrix, stacked
from corpusalign.extract.marks import mark_names

_FIGURES = (
    "date",
    "clock",
    "bars",
    "rights",
    "address",
    "colon at end",
    "bullet at start",
    "cookies",
)


def names() -> tuple[str, ...]:
    """Return the names of these features, in the order of the columns."""
    return (
        "length",
        "short",
        "medium",
        "long",
        "link density",
        "all linked",
        "links",
        "stops",
        "commas",
        "ended",
        "no stop, no comma",
        "digits",
        "capitals",
        *_FIGURES,
        "title",
        "part of title",
        "repeated",
        "ruled",
        "part of a run",
        "depth",
        "prose",
        "linked heading",
        "linked item",
        "short paragraph",
        "short and linked",
        "long and linked",
        *(f"kind {kind}" for kind in KINDS),
        "level 1",
        "level 2",
        "level 3 and more",
        *(f"mark {name}" for name in mark_names()),
        *(f"near {name}" for name in mark_names()),
        *(f"unlike page {name}" for name in mark_names()),
    )


def matrix(page: Columns) -> Matrix:
    """Return these features, shape (blocks, features)."""
    width, density, figures = page.width, page.density, page.figures
    chars = np.maximum([len(text) for text in page.texts], 1)
    stops, commas = figures.stops, figures.commas
    repeats = Counter(page.texts)
    heading = page.kinds == KINDS.index("heading")
    linked = density > 0.9
    # A mark that the whole page has (a class of its outermost box) says nothing about one block.
    usual = (page.marks * width[:, None]).sum(axis=0) / max(width.sum(), 1.0)
    return stacked(
        [
            np.log1p(width) / 6,
            width < 15,
            (width >= 15) & (width < 80),
            width >= 200,
            density,
            linked,
            np.minimum(page.links, 10) / 10,
            np.minimum(stops, 8) / 8,
            np.minimum(commas, 8) / 8,
            figures.ended,
            (stops == 0) & (commas == 0),
            figures.digits / chars,
            figures.capitals / chars,
            figures.signs[:, :2],
            np.minimum(figures.bars, 4) / 4,
            figures.signs[:, 2:],
            figures.colon_at_end,
            figures.bullet_at_start,
            np.minimum(figures.cookies, 3) / 3,
            page.is_title,
            page.in_title,
            np.array([repeats[text] > 1 for text in page.texts]),
            page.ruled,
            page.parts > 1,
            np.minimum(page.depths, 40) / 20,
            np.log1p(page.prose) / 6,
            heading & linked,
            (page.kinds == KINDS.index("list_item")) & linked,
            (page.kinds == KINDS.index("paragraph")) & (width < 40),
            (width < 60) & (density > 0.5),
            (width > 120) & (density > 0.5),
            page.kinds[:, None] == np.arange(len(KINDS)),
            heading & (page.levels == 1),
            heading & (page.levels == 2),
            heading & (page.levels >= 3),
            page.marks,
            page.near_marks,
            page.marks - usual.astype(np.float32),
        ],
        len(width),
    )
