"""Features of texts that a page shows again: a box that asks for donations, a teaser, a slide's caption.

The first of several like texts may be the article's own; what comes later seldom is.
"""

from __future__ import annotations

import numpy as np

from corpusalign.extract.features.columns import Columns, Matrix, stacked

# Texts with fewer letters are words that pages repeat anyway.
_LONG = 20

_NAMES = ("long and repeated", "first of long and repeated", "prose and repeated")


def names() -> tuple[str, ...]:
    """Return the names of these features, in the order of the columns."""
    return _NAMES


def matrix(page: Columns) -> Matrix:
    """Return these features, shape (blocks, features)."""
    numbers: dict[str, int] = {}
    numbered = np.array([numbers.setdefault(text, len(numbers)) for text in page.letters])
    repeated = np.bincount(numbered)[numbered] > 1
    # A text that is new has a number higher than all before it.
    first = np.diff(np.maximum.accumulate(numbered), prepend=-1) > 0
    long = repeated & np.array([len(text) >= _LONG for text in page.letters])
    return stacked([long, long & first, repeated & page.is_prose], len(numbered))
