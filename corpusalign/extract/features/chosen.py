"""Features of a block by the probabilities of the page's elements to be the one that holds the main text."""

from __future__ import annotations

import numpy as np

from corpusalign.extract.features.columns import Columns, Matrix, Vector, stacked
from corpusalign.extract.features.nesting import sums_above, within

_SURE = 1e-4

_NAMES = (
    "in main element",
    "score of main element",
    "in likeliest element",
    "linked in likeliest element",
    "linked outside likeliest element",
    "probability of likeliest element",
    "in an element as likely",
    "doubt about main element",
)


def names() -> tuple[str, ...]:
    """Return the names of these features, in the order of the columns."""
    return _NAMES


def chances(page: Columns, chosen: Vector) -> Vector:
    """Return the probability that each block lies in the main element, given that of each element."""
    inside: Vector = np.clip(sums_above(chosen, page.ends)[page.frames], _SURE, 1 - _SURE)
    return inside


def matrix(page: Columns, chosen: Vector) -> Matrix:
    """Return these features, shape (blocks, features), given each element's probability."""
    count = len(page.width)
    inside = chances(page, chosen)
    top = int(chosen.argmax())
    likeliest = within(page.ends, top)[page.frames]
    doubt = -(chosen * np.log(chosen + 1e-9)).sum()
    return stacked(
        [
            inside,
            np.log(inside / (1 - inside)) / 5,
            likeliest,
            likeliest * page.density,
            (1 - likeliest) * page.density,
            np.full(count, chosen[top]),
            likeliest * chosen[top],
            np.full(count, doubt / 3),
        ],
        count,
    )
