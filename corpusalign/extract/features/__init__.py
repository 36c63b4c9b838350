"""What the classifier sees of each block: its text, its neighbours, the elements around it.

Nothing here knows a language or a site: words count as punctuation, length, links and position, and by the
line rules of all languages together. All figures are scaled to about -1..1, so that their weights can be
compared.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from corpusalign.extract.features import (
    cards,
    chosen,
    containers,
    context,
    elements,
    invitations,
    nearby,
    own,
    repeats,
    said,
    sections,
)
from corpusalign.extract.features.columns import Columns, Matrix, Vector, columns

__all__ = [
    "Columns",
    "Matrix",
    "Vector",
    "columns",
    "element_names",
    "elements_of",
    "first_names",
    "first_pass",
    "second_names",
    "second_pass",
]


@cache
def first_names() -> tuple[str, ...]:
    """Return the names of the first pass's features, in the order of the matrix's columns."""
    return (*own.names(), *nearby.names(), *containers.names(), *said.names())


@cache
def element_names() -> tuple[str, ...]:
    """Return the names of the features of an element, in the order of the matrix's columns."""
    return elements.names()


@cache
def second_names() -> tuple[str, ...]:
    """Return the names of what the second pass alone sees, in the order of the matrix's columns."""
    return (
        *context.names(),
        *chosen.names(),
        *cards.names(),
        *sections.names(),
        *invitations.names(),
        *repeats.names(),
    )


def first_pass(page: Columns) -> Matrix:
    """Return the features that a page's blocks have by themselves, shape (blocks, features), float32."""
    groups = (own, nearby, containers, said)
    return np.hstack([group.matrix(page) for group in groups])


def elements_of(page: Columns, first: Vector) -> Matrix:
    """Return the features of the page's elements, given the first pass's probabilities of its blocks.

    Shape (elements, features), float32.
    """
    return elements.matrix(page, first)


def second_pass(page: Columns, first: Vector, main: Vector) -> Matrix:
    """Return the features that the first pass adds, shape (blocks, features), float32.

    `first` are its probabilities, one a block; `main` those of being the main element, one an element.
    """
    return np.hstack(
        [
            context.matrix(page, first),
            chosen.matrix(page, main),
            cards.matrix(page, first),
            sections.matrix(page, first),
            invitations.matrix(page),
            repeats.matrix(page),
        ]
    )
