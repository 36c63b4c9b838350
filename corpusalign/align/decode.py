"""Two sides to beads: the lattice decoded, every bead's posterior, and how parallel the whole is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from corpusalign.align.band import search_band
from corpusalign.align.features import SHAPES
from corpusalign.align.lattice import Band, Lattice, Posteriors, best_path, posteriors
from corpusalign.align.model import MARGIN, Weights, scores
from corpusalign.align.side import Side
from corpusalign.align.whole import Whole
from corpusalign.types import Bead

# A cut less likely than this is not handed on.
_LEAST = 0.02
# Source sentences decoded at a time, and how many of the last ones are decoded once more with what follows
# them: far more than a decision reaches, so that memory stays bounded and the beads are those of the whole
# lattice.
_PIECE, _OVERLAP = 400, 100


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
    source: Side,
    target: Side,
    weights: Weights,
    whole: Whole | None = None,
    band: Band | None = None,
    *,
    within_blocks: bool = False,
) -> Decoded:
    """Align two sides; either may be empty.

    The path is the likeliest one (Viterbi); a bead's confidence is its probability under the field.
    `whole` is what parts of documents are judged by, by default the sides themselves; `band` the cuts that
    are searched, by default those that a first pass finds. Long sides are decoded piece by piece.
    """
    band = band or search_band(source, target, MARGIN)
    whole = whole or Whole.of(source, target, band)
    ahead = scores(source, target, band, weights, whole, within_blocks=within_blocks)
    held = np.zeros((len(SHAPES), 0), dtype=np.float32)
    pieces: list[tuple[int, int, Decoded]] = []
    last = band.rows - 1
    i = j = bottom = 0
    while bottom < last or not pieces:
        bottom = i + _PIECE + _OVERLAP if last - i > _PIECE + 2 * _OVERLAP else last
        part, kept = band.part(i, bottom, j)
        parts = [held]
        while sum(scored.shape[1] for scored in parts) < len(kept):
            parts.append(next(ahead))
        held = np.concatenate(parts, axis=1)
        piece = _decoded(Lattice.of(part, SHAPES, held[:, : len(kept)][:, kept]))
        down = along = 0
        if bottom < last:
            piece, down, along = _until(piece, _PIECE)
        pieces.append((i, j, piece))
        held = held[:, band.offset[i + down] - band.offset[i] :]
        i, j = i + down, j + along
    return _joined(pieces)


def _decoded(field: Lattice) -> Decoded:
    chance = posteriors(field)
    row, column = field.band.coordinates()
    path = best_path(field)
    beads = []
    for (shape, cell), confidence in zip(path, confidences(field, chance, path), strict=True):
        a, b = field.shapes[shape]
        i, j = int(row[cell]), int(column[cell])
        beads.append(Bead(i, i + a, j, j + b, confidence))
    likely = np.flatnonzero(chance.node > _LEAST)
    return Decoded(tuple(beads), Cuts(row[likely], column[likely], np.clip(chance.node[likely], 0, 1)))


def confidences(field: Lattice, chance: Posteriors, path: Sequence[tuple[int, int]]) -> list[float]:
    """Return the probability of each bead of a path.

    That of an omission is the probability that its sentence is left out, wherever among the sentences of the
    other side: where it stands there says nothing of whether it is right.
    """
    row, column = field.band.coordinates()
    left_out = {
        shape: np.bincount(place, weights=chance.bead[shape])
        for shape, place in ((field.shapes.index((1, 0)), row), (field.shapes.index((0, 1)), column))
    }
    result = []
    for shape, cell in path:
        if shape in left_out:
            place = row[cell] if field.shapes[shape] == (1, 0) else column[cell]
            result.append(min(1.0, float(left_out[shape][place])))
        else:
            result.append(min(1.0, float(chance.bead[shape, cell])))
    return result


def _until(piece: Decoded, row: int) -> tuple[Decoded, int, int]:
    """Return the piece up to the surest of the last cuts of its path at or before a row, and that cut."""
    chance = dict(
        zip(
            zip(piece.cuts.row.tolist(), piece.cuts.column.tolist(), strict=True),
            piece.cuts.chance,
            strict=True,
        )
    )
    ends = [(bead.src_stop, bead.tgt_stop) for bead in piece.beads if row - _OVERLAP < bead.src_stop <= row]
    down, along = max(ends, key=lambda cut: chance.get(cut, 0.0))
    beads = tuple(bead for bead in piece.beads if bead.src_stop <= down and bead.tgt_stop <= along)
    before = (piece.cuts.row <= down) & (piece.cuts.column <= along)
    before &= (piece.cuts.row < down) | (piece.cuts.column == along)
    cuts = Cuts(piece.cuts.row[before], piece.cuts.column[before], piece.cuts.chance[before])
    return Decoded(beads, cuts), down, along


def _joined(pieces: list[tuple[int, int, Decoded]]) -> Decoded:
    """Return pieces that start at (i, j) of the whole as one."""
    return Decoded(
        tuple(_moved(bead, i, j) for i, j, piece in pieces for bead in piece.beads),
        Cuts(
            np.concatenate([piece.cuts.row + i for i, _, piece in pieces]),
            np.concatenate([piece.cuts.column + j for _, j, piece in pieces]),
            np.concatenate([piece.cuts.chance for _, _, piece in pieces]),
        ),
    )


def _moved(bead: Bead, i: int, j: int) -> Bead:
    return Bead(bead.src_start + i, bead.src_stop + i, bead.tgt_start + j, bead.tgt_stop + j, bead.confidence)


def decode_between(
    source: Side,
    target: Side,
    weights: Weights,
    anchors: Sequence[Bead],
    whole: Whole,
    band: Band,
    *,
    within_blocks: bool = False,
) -> tuple[Bead, ...]:
    """Align what lies before, between and after beads that must hold (in order); they get confidence 1.

    `whole` and `band` are those of the two sides.
    """
    if not anchors:
        return decode(source, target, weights, whole, band, within_blocks=within_blocks).beads
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
        beads.extend(_moved(bead, i, j) for bead in part.beads)
        if anchor.src_start < anchor.src_stop or anchor.tgt_start < anchor.tgt_stop:
            beads.append(replace(anchor, confidence=1.0))
        i, j = anchor.src_stop, anchor.tgt_stop
    return tuple(beads)
