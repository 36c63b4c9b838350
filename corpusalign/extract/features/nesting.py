"""Arithmetic on a page's element tree.

Elements are numbered in document order, so all that lies within element i are the numbers from i up to
`ends[i]`: sums over subtrees are differences of running sums, and nothing here walks the tree.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from corpusalign.extract.features.columns import Columns, Matrix, Numbers, Vector


def subtree_sums(page: Columns, columns: Sequence[Vector]) -> Matrix:
    """Return the sums of some columns over each element's blocks, at any depth, shape (elements, columns)."""
    size = len(page.parents)
    totals = np.empty((size, len(columns)))
    for place, column in enumerate(columns):
        running = np.zeros(size + 1)
        np.cumsum(np.bincount(page.frames, column, minlength=size), out=running[1:])
        totals[:, place] = running[page.ends] - running[:-1]
    return totals


def sums_above(values: Vector, ends: Numbers) -> Vector:
    """Return, for each element, the sum of the values of itself and of all elements around it."""
    change = np.append(values.astype(float), 0.0)
    change -= np.bincount(ends, values, minlength=len(change))
    above: Vector = np.cumsum(change)[:-1]
    return above


def depths(ends: Numbers) -> Numbers:
    """Return how many elements there are around each element."""
    return np.rint(sums_above(np.ones(len(ends)), ends)).astype(np.int64) - 1


def within(ends: Numbers, top: int) -> Vector:
    """Return 1 for the element `top` and all elements within it, 0 for the rest."""
    inside = np.zeros(len(ends))
    inside[top : ends[top]] = 1.0
    return inside


def climb(parents: Numbers, frames: Numbers, steps: int) -> Numbers:
    """Return the elements around some elements: shape (steps, elements), in row k the k-th above each."""
    above = np.empty((steps + 1, len(frames)), dtype=np.int64)
    above[0] = frames
    for step in range(steps):
        above[step + 1] = parents[above[step]]
    return above[1:]


def heaviest(parents: Numbers, weights: Vector, share: float) -> int:
    """Follow the heaviest child down from the root while it keeps that share of its parent's weight."""
    children = np.arange(1, len(parents))
    # Sorted by parent, then weight: the last of each parent's children is the heaviest, of equals the first.
    order = children[np.lexsort((-children, weights[1:], parents[1:]))]
    best = np.full(len(parents), -1)
    best[parents[order]] = order
    here = 0
    while (child := int(best[here])) >= 0 and weights[child] >= share * weights[here] > 0:
        here = child
    return here


def meet(parents: Numbers, ends: Numbers, other: int) -> Numbers:
    """Return, for each element, the innermost element that holds both it and element `other`."""
    around = [other]
    while around[-1]:
        around.append(int(parents[around[-1]]))
    shared = np.zeros(len(parents), dtype=np.int64)
    for element in reversed(around):
        shared[element : ends[element]] = element
    return shared


def innermost(ends: Numbers, marked: Numbers) -> Numbers:
    """Return, for each element, the innermost of the marked elements that is or holds it, 0 for none."""
    found = np.zeros(len(ends), dtype=np.int64)
    for element in marked.tolist():
        found[element : ends[element]] = element
    return found


def outermost(ends: Numbers, marked: Numbers) -> Numbers:
    """Return, for each element, the outermost of the marked elements that is or holds it, 0 for none."""
    found = np.zeros(len(ends), dtype=np.int64)
    for element in marked[::-1].tolist():
        found[element : ends[element]] = element
    return found
