"""Two sides to beads: the lattice decoded, every bead's posterior, and how parallel the whole is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from corpusalign.align.features import Whole
from corpusalign.align.lattice import best_path, posteriors
from corpusalign.align.model import Weights, lattice
from corpusalign.align.side import Side
from corpusalign.types import Bead

# A cut less likely than this is not handed on.
_LEAST = 0.02


@dataclass(frozen=True, slots=True)
class Cuts:
    """The likely cuts of two sides: before `row[k]` on one, before `column[k]` on the other; their chance."""

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    chance: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Decoded:
    """The beads of the best path, and the cuts that are likely."""

    beads: tuple[Bead, ...]
    cuts: Cuts


def decode(
    source: Side, target: Side, weights: Weights, whole: Whole | None = None, *, within_blocks: bool = False
) -> Decoded:
    """Align two sides; either may be empty.

    The path is the likeliest one (Viterbi); a bead's confidence is its posterior under the field. `whole` is
    what parts of documents are judged by, by default the sides themselves.
    """
    whole = whole or Whole.of(source, target)
    field = lattice(source, target, weights, whole, within_blocks=within_blocks)
    chance = posteriors(field)
    row, column = field.band.coordinates()
    beads = []
    for shape, cell in best_path(field):
        a, b = field.shapes[shape]
        i, j = int(row[cell]), int(column[cell])
        beads.append(Bead(i, i + a, j, j + b, weights.calibrated(float(chance.bead[shape, cell]))))
    likely = np.flatnonzero(chance.node > _LEAST)
    return Decoded(tuple(beads), Cuts(row[likely], column[likely], np.clip(chance.node[likely], 0, 1)))


def decode_between(
    source: Side, target: Side, weights: Weights, anchors: Sequence[Bead], *, within_blocks: bool = False
) -> tuple[Bead, ...]:
    """Align what lies before, between and after beads that must hold (in order); they get confidence 1."""
    whole = Whole.of(source, target)
    beads: list[Bead] = []
    i = j = 0
    for anchor in [*anchors, Bead(len(source), len(source), len(target), len(target), 1.0)]:
        part = decode(
            source.part(i, anchor.src_start),
            target.part(j, anchor.tgt_start),
            weights,
            whole,
            within_blocks=within_blocks,
        )
        beads.extend(
            replace(
                bead,
                src_start=bead.src_start + i,
                src_stop=bead.src_stop + i,
                tgt_start=bead.tgt_start + j,
                tgt_stop=bead.tgt_stop + j,
            )
            for bead in part.beads
        )
        if anchor.src_start < anchor.src_stop or anchor.tgt_start < anchor.tgt_stop:
            beads.append(replace(anchor, confidence=1.0))
        i, j = anchor.src_stop, anchor.tgt_stop
    return tuple(beads)
