"""The lattice of cuts: dynamic programming over beads inside a band, a row of numpy at a time.

A cut (i, j) lies before source sentence i and target sentence j; a bead is a move from one cut to a later
one. Only the cuts of a band are held, row after row in one flat array ("cells"), so time and memory grow with
the band. Scores are natural logarithms up to a constant (a semi-Markov conditional random field, Sarawagi &
Cohen 2004).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Cells = NDArray[np.int64]
Scores = NDArray[np.float64]
Shape = tuple[int, int]

SKIP_TARGET: Shape = (0, 1)
# Added to the score of a bead that must not be taken: no path takes it that has a choice, and sums stay
# finite.
FORBIDDEN = -1e4


@dataclass(frozen=True, slots=True)
class Band:
    """The cuts that are searched: in row i, the columns first[i] to stop[i] - 1.

    `first` and `stop` have one entry a row (number of source sentences + 1) and never decrease; `first[0]` is
    0 and `stop[-1]` is the number of target sentences + 1.
    """

    first: Cells
    stop: Cells
    offset: Cells

    @staticmethod
    def of(first: Cells, stop: Cells) -> Band:
        """Make a band, and number its cells."""
        return Band(first, stop, np.concatenate([[0], np.cumsum(stop - first)]))

    @property
    def rows(self) -> int:
        """The number of rows: source sentences + 1."""
        return len(self.first)

    @property
    def cells(self) -> int:
        """The number of cuts in the band."""
        return int(self.offset[-1])

    def part(self, top: int, bottom: int, left: int) -> tuple[Band, NDArray[np.bool_]]:
        """Return the cuts of rows `top` to `bottom` from column `left` on, as a band that starts at (0, 0).

        Cut (top, left) must be one of the band. With it comes which cells of those rows the part keeps.
        """
        rows = slice(top, bottom + 1)
        first = np.maximum(self.first[rows], left)
        row = np.repeat(np.arange(top, bottom + 1), (self.stop - self.first)[rows])
        column = np.arange(self.offset[top], self.offset[bottom + 1]) - self.offset[row] + self.first[row]
        return Band.of(first - left, self.stop[rows] - left), column >= left

    def coordinates(self) -> tuple[Cells, Cells]:
        """Return the row and the column of every cell."""
        row = np.repeat(np.arange(self.rows), self.stop - self.first)
        column = np.arange(self.cells) - self.offset[row] + self.first[row]
        return row, column

    def cell(self, row: Cells, column: Cells) -> Cells:
        """Return the cell of each cut, or `cells` where the band does not hold it."""
        inside = (row >= 0) & (row < self.rows)
        safe = np.where(inside, row, 0)
        inside &= (column >= self.first[safe]) & (column < self.stop[safe])
        return np.where(inside, self.offset[safe] + column - self.first[safe], self.cells)


@dataclass(frozen=True, slots=True)
class Lattice:
    """Every bead of the band by the cell it starts from: `target[s, c]` is where shape s leads from cell c.

    `score[s, c]` is minus infinity, and `target[s, c]` the number of cells, where that bead leaves the band.
    """

    band: Band
    shapes: tuple[Shape, ...]
    target: Cells
    score: Scores

    @staticmethod
    def of(band: Band, shapes: Sequence[Shape], score: NDArray[np.floating]) -> Lattice:
        """Link the cells of a band; `score` has a row a shape and a column a cell."""
        row, column = band.coordinates()
        target = np.stack([band.cell(row + source, column + target) for source, target in shapes])
        masked = np.where(target < band.cells, score.astype(np.float64), -np.inf)
        return Lattice(band, tuple(shapes), target, masked)

    def arrivals(self, shapes: Sequence[int]) -> tuple[Cells, Scores]:
        """Return, for some shapes, by the cell where a bead ends, the cell it starts from and its score."""
        cells = self.band.cells
        source = np.full((len(shapes), cells), cells, dtype=np.int64)
        score = np.full((len(shapes), cells), -np.inf)
        for number, shape in enumerate(shapes):
            linked = np.flatnonzero(self.target[shape] < cells)
            source[number, self.target[shape, linked]] = linked
            score[number, self.target[shape, linked]] = self.score[shape, linked]
        return source, score


def _split_skips(shapes: tuple[Shape, ...]) -> tuple[list[int], int | None]:
    """Return the shapes that move to another row, and the one that stays in its row."""
    moving = [number for number, shape in enumerate(shapes) if shape[0] > 0]
    staying = [number for number, shape in enumerate(shapes) if shape == SKIP_TARGET]
    return moving, staying[0] if staying else None


def _totals(offset: Cells, source: Cells, score: Scores, skip: Scores) -> Scores:
    """Return the log of the summed weight of all paths from the first cell to each cell.

    `source` and `score` are arrivals of the shapes that change rows; `skip[c]` the score of the step to c
    within its row (ignored in the first cell of a row).
    """
    total = np.full(offset[-1] + 1, -np.inf)
    for row in range(len(offset) - 1):
        cells = slice(offset[row], offset[row + 1])
        if row:
            arriving = total[source[:, cells]] + score[:, cells]
            highest = arriving.max(axis=0)
            safe = np.where(np.isneginf(highest), 0.0, highest)
            with np.errstate(divide="ignore"):
                entered = safe + np.log(np.exp(arriving - safe).sum(axis=0))
        else:
            entered = np.full(offset[1], -np.inf)
            entered[0] = 0.0
        steps = skip[cells].copy()
        steps[0] = 0.0
        along = np.cumsum(steps)
        total[cells] = np.logaddexp.accumulate(entered - along) + along
    return total


def _skips(lattice: Lattice) -> Scores:
    """Return the score of the step to each cell within its row."""
    _, staying = _split_skips(lattice.shapes)
    if staying is None:
        return np.full(lattice.band.cells, -np.inf)
    _, score = lattice.arrivals([staying])
    return np.asarray(score[0])


def _forward(lattice: Lattice) -> Scores:
    """Return the log of the summed weight of all paths to each cell."""
    moving, _ = _split_skips(lattice.shapes)
    return _totals(lattice.band.offset, *lattice.arrivals(moving), _skips(lattice))


def _backward(lattice: Lattice) -> Scores:
    """Return the log of the summed weight of all paths from each cell.

    Backward is forward on the lattice turned round, where cell c is cell `cells - 1 - c`.
    """
    cells = lattice.band.cells
    moving, staying = _split_skips(lattice.shapes)
    turned = lattice.target[moving][:, ::-1]
    turned = np.where(turned < cells, cells - 1 - turned, cells)
    skip = lattice.score[staying, ::-1] if staying is not None else np.full(cells, -np.inf)
    backward = _totals(cells - lattice.band.offset[::-1], turned, lattice.score[moving][:, ::-1], skip)
    return np.append(backward[:-1][::-1], -np.inf)


@dataclass(frozen=True, slots=True)
class Posteriors:
    """`node[c]`: probability that the path passes cell c; `bead[s, c]`: that it takes shape s from cell c.

    `log_z` is the log of the summed weight of all paths.
    """

    node: Scores
    bead: Scores
    log_z: float


def posteriors(lattice: Lattice) -> Posteriors:
    """Return the probabilities of cuts and beads under the field (forward-backward)."""
    cells = lattice.band.cells
    forward, after = _forward(lattice), _backward(lattice)
    log_z = float(forward[cells - 1])
    node = np.exp(forward[:-1] + after[:-1] - log_z)
    bead = np.exp(forward[:-1] + lattice.score + after[lattice.target] - log_z)
    return Posteriors(node, bead, log_z)


def best_path(lattice: Lattice) -> list[tuple[int, int]]:
    """Return the beads of the highest-scoring path (Viterbi), each as (shape number, starting cell)."""
    offset = lattice.band.offset
    moving, staying = _split_skips(lattice.shapes)
    source, score = lattice.arrivals(moving)
    skip = _skips(lattice)
    best = np.full(lattice.band.cells + 1, -np.inf)
    choice = np.full(lattice.band.cells, -1, dtype=np.int64)  # -1: the step within the row
    for row in range(lattice.band.rows):
        cells = slice(offset[row], offset[row + 1])
        if row:
            arriving = best[source[:, cells]] + score[:, cells]
            number = arriving.argmax(axis=0)
            entered = np.take_along_axis(arriving, number[None, :], axis=0)[0]
        else:
            entered = np.full(offset[1], -np.inf)
            entered[0] = 0.0
            number = np.zeros(offset[1], dtype=np.int64)
        steps = skip[cells].copy()
        steps[0] = 0.0
        along = np.cumsum(steps)
        running = np.maximum.accumulate(entered - along)
        choice[cells] = np.where(running > entered - along, -1, number)
        best[cells] = running + along
    path = []
    cell = lattice.band.cells - 1
    while cell > 0:
        number = int(choice[cell])
        if number < 0:
            cell -= 1
            path.append((staying if staying is not None else -1, cell))
        else:
            cell = int(source[number, cell])
            path.append((moving[number], cell))
    return path[::-1]
