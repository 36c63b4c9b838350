"""Features of the section that a block stands in, from its heading to the next, by the first pass.

What stands under "Related articles" falls with its heading, what stands under a heading of the text is kept
with it, wherever the elements around them begin and end.
"""

from __future__ import annotations

import numpy as np

from corpusalign.extract.features.columns import KINDS, Columns, Matrix, Vector, stacked

_NAMES = (
    "under a heading",
    "first probability of heading",
    "first share kept of section",
    "blocks in section",
)


def names() -> tuple[str, ...]:
    """Return the names of these features, in the order of the columns."""
    return _NAMES


def matrix(page: Columns, first: Vector) -> Matrix:
    """Return these features, shape (blocks, features), given the first pass's probabilities.

    A heading stands in its own section; before the first heading, blocks stand under none.
    """
    heading = page.kinds == KINDS.index("heading")
    section = np.cumsum(heading)
    # The section before the first heading has none of all this.
    openers = np.concatenate([[0.0], first[heading]])
    kept = np.bincount(section, page.width * first) / np.maximum(np.bincount(section, page.width), 1)
    blocks = np.log1p(np.bincount(section)) / 4
    under = section > 0
    return stacked([under, openers[section], under * kept[section], under * blocks[section]], len(section))
