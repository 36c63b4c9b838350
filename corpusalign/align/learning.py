"""Learning the weights of the field from gold alignments, by likelihood.

The gradient of the log-likelihood is the features of the gold path less those expected under the field. Gold
links that no bead can express (crossing, not contiguous, too long) leave their region open: every path
through it counts as gold, so the likelihood is that of a set of paths.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpusalign.align.band import search_band
from corpusalign.align.features import FEATURES, SHAPES
from corpusalign.align.lattice import FORBIDDEN, Band, Lattice, posteriors
from corpusalign.align.model import MARGIN, Weights, feature_cells
from corpusalign.align.side import Side
from corpusalign.files import atomic_text

Vector = NDArray[np.float64]

# What weights are drawn to where the gold tells nothing (0 for all others): published gold alignments have no
# blocks, so these are set by hand, well below what an aligned page would teach.
PRIOR = {"blocks_crossed": -1.0, "blocks_end": -1.0}
Links = Sequence[tuple[tuple[int, ...], tuple[int, ...]]]
Region = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Example:
    """A document to learn from: the features of all its beads, and which beads the gold allows."""

    lattice: Lattice
    features: NDArray[np.float32]
    allowed: NDArray[np.bool_]

    def scored(self, weights: Vector) -> Lattice:
        """Return the lattice under some weights."""
        score = (self.features @ weights.astype(np.float32)).astype(np.float64)
        return replace(self.lattice, score=np.where(np.isneginf(self.lattice.score), -np.inf, score))


def example(source: Side, target: Side, links: Links) -> Example:
    """Prepare a document: its features, and the beads that its gold links allow."""
    band = search_band(source, target, MARGIN)
    features = feature_cells(source, target, band)
    lattice = Lattice.of(band, SHAPES, np.zeros((len(SHAPES), band.cells)))
    return Example(lattice, features, _allowed(band, links, len(source), len(target)))


def likelihood(examples: Sequence[Example], weights: Vector) -> tuple[float, Vector]:
    """Return the log-likelihood of the gold paths, and its gradient."""
    total, gradient = 0.0, np.zeros(len(weights))
    for one in examples:
        field = one.scored(weights)
        gold = replace(
            field,
            score=np.where(one.allowed | np.isneginf(field.score), field.score, field.score + FORBIDDEN),
        )
        expected, observed = posteriors(field), posteriors(gold)
        total += observed.log_z - expected.log_z
        difference = (observed.bead - expected.bead).astype(np.float32)
        cells = np.flatnonzero(np.abs(difference).max(axis=0) > 1e-7)
        gradient += np.tensordot(difference[:, cells], one.features[:, cells], axes=([0, 1], [0, 1]))
    return total, gradient


def fit(
    examples: Sequence[Example], penalty: float = 1.0, start: Vector | None = None, rounds: int = 60
) -> Vector:
    """Return the weights that maximise the likelihood less a penalty.

    The penalty is on the squared distance of standardised weights from PRIOR.
    """
    spread = _spread(examples)
    prior = np.array([PRIOR.get(name, 0.0) for name in FEATURES]) * spread

    def loss(scaled: Vector) -> tuple[float, Vector]:
        total, gradient = likelihood(examples, scaled / spread)
        away = scaled - prior
        return penalty / 2 * float(away @ away) - total, penalty * away - gradient / spread

    first = prior if start is None else start * spread
    return minimised(loss, first, rounds) / spread


def minimised(loss: Callable[[Vector], tuple[float, Vector]], start: Vector, rounds: int) -> Vector:
    """Minimise a smooth function, given with its gradient (L-BFGS, Liu & Nocedal 1989, with backtracking)."""
    point, (value, gradient) = start, loss(start)
    steps: list[tuple[Vector, Vector]] = []
    stalled = 0
    for _ in range(rounds):
        direction = _descent(gradient, steps)
        length = 1.0 if steps else 1.0 / max(1.0, float(np.linalg.norm(gradient)))
        slope = float(gradient @ direction)
        while True:
            there, (lower, change) = point + length * direction, loss(point + length * direction)
            if lower <= value + 1e-4 * length * slope or length < 1e-8:
                break
            length /= 2
        step, bend = there - point, change - gradient
        if float(step @ bend) > 1e-10:
            steps = [*steps[-9:], (step, bend)]
        stalled = stalled + 1 if value - lower < 1e-7 * max(1.0, abs(value)) else 0
        point, value, gradient = there, lower, change
        if stalled == 3:
            break
    return point


def _descent(gradient: Vector, steps: list[tuple[Vector, Vector]]) -> Vector:
    direction = -gradient
    shares = []
    for step, bend in reversed(steps):
        share = float(step @ direction) / float(step @ bend)
        direction = direction - share * bend
        shares.append(share)
    if steps:
        step, bend = steps[-1]
        direction = direction * (float(step @ bend) / float(bend @ bend))
    for (step, bend), share in zip(steps, reversed(shares), strict=True):
        direction = direction + step * (share - float(bend @ direction) / float(step @ bend))
    return direction


def _spread(examples: Sequence[Example]) -> Vector:
    """Return each feature's standard deviation over the gold beads, 1 where it never varies."""
    deviation = np.concatenate([one.features[one.allowed] for one in examples]).std(axis=0).astype(np.float64)
    return np.where(deviation > 1e-6, deviation, 1.0)


def _allowed(band: Band, links: Links, rows: int, columns: int) -> NDArray[np.bool_]:
    """Return which beads, by shape and starting cell, are in keeping with the gold."""
    number = {shape: place for place, shape in enumerate(SHAPES)}
    row, column = band.coordinates()
    allowed = np.zeros((len(SHAPES), band.cells), dtype=bool)
    i = j = 0
    for top, bottom, left, right in [*_regions(links), (rows, rows, columns, columns)]:
        # Before the region, on both sides, only omissions; their order is free.
        before = (row >= i) & (row <= top) & (column >= j) & (column <= left)
        allowed[number[1, 0]] |= before & (row < top)
        allowed[number[0, 1]] |= before & (column < left)
        shape = (bottom - top, right - left)
        if shape in number:
            cell = band.cell(np.array([top]), np.array([left]))[0]
            if cell < band.cells:
                allowed[number[shape], cell] = True
        else:
            within = (row >= top) & (column >= left)
            for (a, b), place in number.items():
                allowed[place] |= within & (row + a <= bottom) & (column + b <= right)
        i, j = bottom, right
    return allowed


def _regions(links: Links) -> list[Region]:
    """Return the smallest monotone regions (top, bottom, left, right) that hold whole two-sided links."""
    regions: list[Region] = []
    for top, bottom, left, right in sorted(
        (min(source), max(source) + 1, min(target), max(target) + 1)
        for source, target in links
        if source and target
    ):
        while regions and (top < regions[-1][1] or left < regions[-1][3]):
            earlier = regions.pop()
            top, bottom = min(top, earlier[0]), max(bottom, earlier[1])
            left, right = min(left, earlier[2]), max(right, earlier[3])
        regions.append((top, bottom, left, right))
    return regions


def write_weights(weights: Weights, path: Path, learned_from: str) -> None:
    """Write a weights file that `read_weights` reads, saying what the weights were learned from.

    Raises FormatError where it cannot be written.
    """
    lines = [
        "# Weights of the features of corpusalign/align/features.py, learned by likelihood",
        f"# from {learned_from}, on {datetime.now(UTC):%Y-%m-%d}.",
        f"encoder = {weights.encoder}",
        *(f"{name} = {value:.5f}" for name, value in zip(FEATURES, weights.values, strict=True)),
    ]
    with atomic_text(path) as file:
        file.write("\n".join(lines) + "\n")
