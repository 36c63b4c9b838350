"""Features of what a site says of itself and of its readers: its phrases in a block."""

from __future__ import annotations

import numpy as np

from corpusalign.extract.features.columns import Columns, Matrix, stacked
from corpusalign.extract.invitations import GROUPS, counts

_MANY = 3
_MANY_OF_ALL = 5
_SHORT = 150


def names() -> tuple[str, ...]:
    """Return the names of these features, in the order of the columns."""
    return (
        *(f"phrases of {group}" for group in GROUPS),
        "phrases",
        *(f"short and with {group}" for group in GROUPS),
    )


def matrix(page: Columns) -> Matrix:
    """Return these features, shape (blocks, features)."""
    found = counts(page.texts)
    return stacked(
        [
            np.minimum(found, _MANY) / _MANY,
            np.minimum(found.sum(axis=1), _MANY_OF_ALL) / _MANY_OF_ALL,
            (found > 0) & (page.width < _SHORT)[:, None],
        ],
        len(found),
    )
