"""Two sides to beads: the lattice decoded, and every bead's posterior probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpusalign.align.lattice import Band, Posteriors, best_path, posteriors
from corpusalign.align.model import Weights, lattice
from corpusalign.align.side import Side
from corpusalign.types import Bead


@dataclass(frozen=True, slots=True)
class Decoded:
    """The beads of the best path, and the probability of every cut that was considered."""

    beads: tuple[Bead, ...]
    band: Band
    node: NDArray[np.float64]


def decode(source: Side, target: Side, weights: Weights) -> Decoded:
    """Align two sides; either may be empty.

    The path is the likeliest one (Viterbi); a bead's confidence is its posterior under the field.
    """
    field = lattice(source, target, weights)
    probability = posteriors(field)
    row, column = field.band.coordinates()
    beads = []
    for shape, cell in best_path(field):
        a, b = field.shapes[shape]
        i, j = int(row[cell]), int(column[cell])
        beads.append(Bead(i, i + a, j, j + b, _share(probability, shape, cell)))
    return Decoded(tuple(beads), field.band, np.clip(probability.node, 0, 1))


def _share(probability: Posteriors, shape: int, cell: int) -> float:
    return float(min(1.0, max(0.0, probability.bead[shape, cell])))
