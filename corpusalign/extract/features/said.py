"""Features of what a page's head says of its text, and of the <article> elements that set texts apart.

A description mostly repeats how the text begins: where it does so, the main text is found, whatever else the
page holds.
"""

from __future__ import annotations

import re

import numpy as np

from corpusalign.extract.features.columns import Columns, Matrix, Vector, stacked
from corpusalign.extract.features.containers import title_frame
from corpusalign.extract.features.nesting import depths, innermost, meet, subtree_sums

_CLIMB = 10
_KINDS = {
    "a text": re.compile("article|blogposting|report|blog", re.IGNORECASE),
    "a product": re.compile("product|offer", re.IGNORECASE),
    "a list": re.compile("itemlist|collection", re.IGNORECASE),
    "a thread": re.compile("question|qapage|discussion", re.IGNORECASE),
}

_NAMES = (
    "in the body that the head repeats",
    "outside the body that the head repeats",
    "described",
    "page is described",
    "steps up to described",
    "steps down to described",
    "shares container with described",
    "prose shared with described",
    "described before",
    "distance after described",
    "distance before described",
    "in article",
    "article within article",
    "alone in its article",
    "share of prose in article",
    "in article of title",
    "outside article of title",
    "in article of described",
    "outside article of described",
    "articles of page",
    *(f"page said to be {kind}" for kind in _KINDS),
    "page is dated",
)


def names() -> tuple[str, ...]:
    """Return the names of these features, in the order of the columns."""
    return _NAMES


def matrix(page: Columns) -> Matrix:
    """Return these features, shape (blocks, features)."""
    count = len(page.width)
    has_body = float(page.in_body.any())
    return stacked(
        [
            page.in_body,
            has_body * ~page.in_body,
            *_around_described(page),
            *_articles(page),
            *(np.full(count, said_to_be(page, kind)) for kind in _KINDS),
            np.full(count, float(bool(page.head.dates))),
        ],
        count,
    )


def described_block(page: Columns) -> int | None:
    """Return the block that the description repeats: of several, the one with most running text."""
    numbers = np.flatnonzero(page.described)
    return int(numbers[page.prose[numbers].argmax()]) if len(numbers) else None


def said_to_be(page: Columns, kind: str) -> float:
    """Return 1 if the page's head says that it is of that kind ("a text", "a list", ...), 0 if not."""
    return float(_KINDS[kind].search(" ".join(page.head.kinds)) is not None)


def _around_described(page: Columns) -> list[Vector]:
    count = len(page.width)
    number = described_block(page)
    if number is None:
        return [np.zeros(count)] * 9
    frames = page.frames
    prose = subtree_sums(page, (page.prose,))[:, 0]
    depth = depths(page.ends)
    described = int(frames[number])
    shared = meet(page.parents, page.ends, described)[frames]
    up = depth[frames] - depth[shared]
    rows = np.arange(count)
    return [
        page.described,
        np.ones(count),
        np.minimum(up, _CLIMB) / _CLIMB,
        np.minimum(depth[described] - depth[shared], _CLIMB) / _CLIMB,
        up <= 2,
        prose[shared] / max(prose[0], 1.0),
        rows >= number,
        np.log1p(np.maximum(rows - number, 0)) / 5,
        np.log1p(np.maximum(number - rows, 0)) / 5,
    ]


def _articles(page: Columns) -> list[Vector]:
    articles = innermost(page.ends, np.flatnonzero(page.tags == "article"))
    own = articles[page.frames]
    inside = own > 0
    above = articles[page.parents[own]]
    prose = np.bincount(own, page.prose, minlength=len(page.parents))
    size = np.bincount(own, minlength=len(page.parents))
    of_title = int(articles[title_frame(page)])
    number = described_block(page)
    of_described = int(own[number]) if number is not None else 0
    return [
        inside,
        inside & (above > 0),
        inside & (size[own] == 1),
        inside * prose[own] / max(page.prose.sum(), 1.0),
        inside & (own == of_title),
        (own != of_title) * float(of_title > 0),
        inside & (own == of_described),
        (own != of_described) * float(of_described > 0),
        np.full(len(own), np.log1p(len(np.unique(own[inside]))) / 4),
    ]
