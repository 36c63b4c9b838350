"""The weights of the field, and the lattice that they make of two sides."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpusalign.align.band import search_band
from corpusalign.align.features import FEATURES, SHAPES, Sample, features, window
from corpusalign.align.lattice import Band, Cells, Lattice
from corpusalign.align.side import Side
from corpusalign.errors import AlignError

WEIGHTS = Path(__file__).parent / "weights"
# Cuts searched on either side of the first pass's path.
MARGIN = 8
_ROWS = 64


@dataclass(frozen=True, slots=True)
class Weights:
    """One weight a feature (in the order of FEATURES), and what they were learned with."""

    encoder: str
    values: NDArray[np.float64]

    @property
    def digest(self) -> str:
        """Eight hexadecimal digits that change with any weight."""
        return hashlib.sha256(np.round(self.values, 6).tobytes()).hexdigest()[:8]


def read_weights(path: Path) -> Weights:
    """Read a weights file: `# comments`, `encoder = NAME`, and `feature = value` lines.

    Raises AlignError for a line that is none of these, and for a feature that is missing.
    """
    encoder = ""
    values = dict[str, float]()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        name, equals, value = (part.strip() for part in line.partition("#")[0].partition("="))
        if not name:
            continue
        if name == "encoder":
            encoder = value
            continue
        try:
            values[name] = float(value)
        except ValueError:
            equals = ""
        if not equals:
            raise AlignError(f"{path}, line {number}", "is no `feature = number`", "train the weights again")
    missing = [name for name in FEATURES if name not in values]
    if missing:
        raise AlignError(str(path), f"lacks weights for {', '.join(missing)}", "train the weights again")
    return Weights(encoder, np.array([values[name] for name in FEATURES]))


@cache
def weights_for(encoder: str) -> Weights:
    """Return the weights learned with the encoder of that name, or the generic ones."""
    named = WEIGHTS / f"{encoder.partition('/')[0]}.txt"
    return read_weights(named if named.is_file() else WEIGHTS / "generic.txt")


# A number in FEATURES, and its values over a grid of cuts.
Named = tuple[int, NDArray[np.float32]]


def windows(source: Side, target: Side, band: Band) -> Iterator[tuple[Cells, Cells, list[list[Named]]]]:
    """Yield, a stretch of rows at a time, the features of all beads that start there, shape by shape.

    First come the cells of the stretch, then where each of them stands in the (flattened) grid of a feature.
    """
    sample = Sample.of(source, target)
    for top in range(0, band.rows, _ROWS):
        bottom = min(top + _ROWS, band.rows)
        spans = [range(int(band.first[row]), int(band.stop[row])) for row in range(top, bottom)]
        left, right = spans[0].start, spans[-1].stop
        view = window(source, target, sample, (top, bottom), spans)
        cells = np.arange(band.offset[top], band.offset[bottom])
        row = np.repeat(np.arange(top, bottom), (band.stop - band.first)[top:bottom])
        column = cells - band.offset[row] + band.first[row]
        grid = (row - top) * (right - left) + (column - left)
        yield cells, grid, [list(features(view, shape)) for shape in SHAPES]


def lattice(source: Side, target: Side, weights: Weights, band: Band | None = None) -> Lattice:
    """Return the lattice of all beads near the first pass's path, scored."""
    band = band or search_band(source, target, MARGIN)
    scores = np.zeros((len(SHAPES), band.cells), dtype=np.float32)
    for cells, grid, by_shape in windows(source, target, band):
        for shape, named in enumerate(by_shape):
            total = sum(weights.values[number] * values for number, values in named)
            scores[shape, cells] = np.asarray(total).ravel()[grid]
    return Lattice.of(band, SHAPES, scores)


def feature_cells(source: Side, target: Side, band: Band) -> NDArray[np.float32]:
    """Return every feature of every bead of the band, shape (shapes, cells, features): for training only."""
    result = np.zeros((len(SHAPES), band.cells, len(FEATURES)), dtype=np.float32)
    for cells, grid, by_shape in windows(source, target, band):
        for shape, named in enumerate(by_shape):
            for number, values in named:
                result[shape, cells, number] = values.ravel()[grid]
    return result
