"""Features of cards: boxes of like shape side by side, each of which leads to another page.

A teaser reads like running text, and a page with a short text of its own may hold many. On a list of articles
or goods the cards are the main text; below an article they are not: so what counts is what the page has
besides.
"""

from __future__ import annotations

import re

import numpy as np

from corpusalign.extract.features.boxes import boxes
from corpusalign.extract.features.columns import Columns, Matrix, Numbers, Vector, stacked
from corpusalign.extract.features.containers import title_frame
from corpusalign.extract.features.said import described_block, said_to_be

# Boxes are cards where this share of them holds a link by itself, and at least so many do.
_LINKED_BOXES = 0.75
_FEWEST = 3

_MOST_BLOCKS = 10
_ENDING = 20
# Where a teaser was cut off, mostly with a word in brackets that leads on.
_CUT_OFF = re.compile(r"(?:\.\.\.|…)\s*(?:[\[(【（][^\])】）]{0,12}[\])】）])?\W*$")

_NAMES = (
    "in a card",
    "cards alike",
    "prose a card",
    "blocks a card",
    "cards cut off",
    "link density of cards",
    "in a card, prose outside",
    "in a card, share of prose outside",
    "in a card, described outside",
    "in a card, title outside",
    "in a card, title and described outside",
    "in a card of a text",
    "first in a card",
    "first share kept outside cards, in one",
    "first share kept outside cards, outside",
    "first text kept outside cards, in one",
    "first share kept before cards",
    "first text kept before cards",
    "first certainty outside cards, in one",
    "first share kept outside cards, prose in one",
    "first text kept outside cards, prose in one",
)


def names() -> tuple[str, ...]:
    """Return the names of these features, in the order of the columns."""
    return _NAMES


def matrix(page: Columns, first: Vector) -> Matrix:
    """Return these features, shape (blocks, features), given the first pass's probabilities."""
    card, group = cards(page)
    inside = (card > 0).astype(float)
    outside = 1 - inside
    prose = page.prose * outside
    described, title = described_block(page), np.flatnonzero(page.frames == (title_frame(page) or -1))
    described_outside = described is not None and not inside[described]
    title_outside = len(title) > 0 and not inside[title[0]]
    width = page.width
    kept = width * first * outside
    before = np.cumsum(kept) - kept
    share = kept.sum() / max(float((width * first).sum()), 1.0)
    text = np.log1p(kept.sum()) / 8
    return stacked(
        [
            *_shapes(page, card, group),
            inside * np.log1p(prose.sum()) / 8,
            inside * (prose.sum() / max(page.prose.sum(), 1.0)),
            inside * described_outside,
            inside * title_outside,
            inside * (title_outside and described_outside),
            inside * said_to_be(page, "a text"),
            inside * first,
            inside * share,
            outside * share,
            inside * text,
            inside * before / max(kept.sum(), 1.0),
            inside * np.log1p(before) / 8,
            inside * (kept.sum() / max(float((width * outside).sum()), 1.0)),
            inside * page.is_prose * share,
            inside * page.is_prose * text,
        ],
        len(width),
    )


def cards(page: Columns) -> tuple[Numbers, Numbers]:
    """Return the outermost card that each block lies in, 0 for none, and the number of its group of cards."""
    found = boxes(page)
    leading = (found.linked >= _FEWEST) & (found.linked >= _LINKED_BOXES * found.boxes)
    return found.around(page, leading)


def _shapes(page: Columns, card: Numbers, group: Numbers) -> list[Vector]:
    """Return what the cards alike hold that a block lies in one of, 0 for a block in none."""
    inside = (card > 0).astype(float)
    cut_off = np.array([_CUT_OFF.search(text[-_ENDING:]) is not None for text in page.texts])
    blocks, prose, linked, width, cut = (
        np.bincount(group, column * inside)[group]
        for column in (inside, page.prose, page.density * page.width, page.width, cut_off)
    )
    # The first block of each card counts it.
    _, opens = np.unique(card, return_index=True)
    count = np.maximum(np.bincount(group[opens], inside[opens], minlength=int(group.max()) + 1)[group], 1)
    return [
        inside,
        inside * np.log1p(count) / 4,
        inside * np.log1p(prose / count) / 6,
        inside * np.minimum(blocks / count, _MOST_BLOCKS) / _MOST_BLOCKS,
        inside * np.minimum(cut / count, 1),
        inside * linked / np.maximum(width, 1),
    ]
