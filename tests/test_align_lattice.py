"""The lattice against a naive dynamic programme over dictionaries."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusalign.align.lattice import Band, Lattice, best_path, posteriors

SHAPES = ((1, 0), (0, 1), (1, 1), (1, 2), (2, 1), (2, 2))


@st.composite
def lattices(draw):
    rows = draw(st.integers(1, 6))
    columns = draw(st.integers(1, 6))
    first = sorted(draw(st.lists(st.integers(0, columns - 1), min_size=rows, max_size=rows)))
    first[0] = 0
    stop = sorted(draw(st.lists(st.integers(1, columns), min_size=rows, max_size=rows)))
    stop[-1] = columns
    for row in range(rows):
        first[row] = min(first[row], stop[row] - 1)
        if row:
            first[row] = min(first[row], stop[row - 1] - 1)
    first = [min(first[row:]) for row in range(rows)]
    band = Band.of(np.array(first), np.array(stop))
    seed = draw(st.integers(0, 2**32 - 1))
    return Lattice.of(band, SHAPES, np.random.default_rng(seed).normal(size=(len(SHAPES), band.cells)))


def paths(lattice):
    """All paths from the first cut to the last: (score, beads)."""
    row, column = lattice.band.coordinates()
    cell_of = {(int(i), int(j)): cell for cell, (i, j) in enumerate(zip(row, column, strict=True))}
    end = (int(row[-1]), int(column[-1]))

    def onward(i, j):
        if (i, j) == end:
            yield 0.0, []
        for number, (a, b) in enumerate(SHAPES):
            if (i + a, j + b) in cell_of:
                here = cell_of[i, j]
                for score, beads in onward(i + a, j + b):
                    yield lattice.score[number, here] + score, [(number, here), *beads]

    return list(onward(0, 0))


@settings(deadline=None, max_examples=60)
@given(lattices())
def test_best_path_is_the_best_of_all_paths(lattice):
    every = paths(lattice)
    if len(every) > 3000:
        return
    best_score, best_beads = max(every, key=lambda path: path[0])
    found = best_path(lattice)
    assert sum(lattice.score[number, cell] for number, cell in found) == pytest.approx(best_score)
    assert found == best_beads


@settings(deadline=None, max_examples=60)
@given(lattices())
def test_posteriors_are_shares_of_all_paths(lattice):
    every = paths(lattice)
    if len(every) > 3000:
        return
    weights = [math.exp(score) for score, _ in every]
    total = math.fsum(weights)
    expected = np.zeros_like(lattice.score)
    for weight, (_, beads) in zip(weights, every, strict=True):
        for number, cell in beads:
            expected[number, cell] += weight / total
    result = posteriors(lattice)
    assert result.log_z == pytest.approx(math.log(total))
    np.testing.assert_allclose(result.bead, expected, atol=1e-9)
    node = expected.sum(axis=0)
    node[-1] = 1
    np.testing.assert_allclose(result.node, node, atol=1e-9)


def test_arrivals_mirror_departures():
    band = Band.of(np.array([0, 0, 1]), np.array([2, 3, 3]))
    score = np.arange(len(SHAPES) * band.cells, dtype=float).reshape(len(SHAPES), -1)
    lattice = Lattice.of(band, SHAPES, score)
    source, arriving = lattice.arrivals(range(len(lattice.shapes)))
    for number in range(len(SHAPES)):
        for cell in range(band.cells):
            if source[number, cell] < band.cells:
                assert lattice.target[number, source[number, cell]] == cell
                assert arriving[number, cell] == score[number, source[number, cell]]
    assert (source < band.cells).sum() == (lattice.target < band.cells).sum()
