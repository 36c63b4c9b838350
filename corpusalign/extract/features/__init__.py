"""What the classifier sees of each block: its text, its neighbours, the elements around it.

Nothing here knows a language or a site: words count as punctuation, length, links and position, and by the
line rules of all languages together. All figures are scaled to about -1..1, so that their weights can be
compared.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from corpusalign.extract.features import containers, context, nearby, own
from corpusalign.extract.features.columns import Columns, Matrix, Vector, columns

__all__ = [
    "Columns",
    "Matrix",
    "Vector",
    "columns",
    "first_names",
    "first_pass",
    "second_names",
    "second_pass",
]


@cache
def first_names() -> tuple[str, ...]:
    """Return the names of the first pass's features, in the order of the matrix's columns."""
    return (*own.names(), *nearby.names(), *containers.names())


@cache
def second_names() -> tuple[str, ...]:
    """Return the names of what the second pass sees besides, in the order of the matrix's columns."""
    return context.names()


def first_pass(page: Columns) -> Matrix:
    """Return the features that a page's blocks have by themselves, shape (blocks, features), float32."""
    return np.hstack([own.matrix(page), nearby.matrix(page), containers.matrix(page)])


def second_pass(page: Columns, first: Vector) -> Matrix:
    """Return the features that the first pass's probabilities add, shape (blocks, features), float32."""
    return context.matrix(page, first)
