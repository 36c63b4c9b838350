"""The weights of the field, and the lattice that they make of two sides."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpusalign.align.band import search_band
from corpusalign.align.features import FEATURES, SHAPES, Runs, Whole, features, window
from corpusalign.align.lattice import FORBIDDEN, Band, Cells, Lattice
from corpusalign.align.side import Side
from corpusalign.encode import Encoder, PoolingEncoder
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
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AlignError(
            str(path), f"cannot be read as weights ({error})", "name a file that `tune` wrote"
        ) from error
    values = dict[str, float]()
    for number, line in enumerate(text.splitlines(), start=1):
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


def weights_for(encoder: Encoder, file: str | PathLike[str] | None = None) -> Weights:
    """Return the weights of a file, or those learned with an encoder of that name, or the generic ones.

    Weights that were learned with token features serve only an encoder that has them.
    """
    named = WEIGHTS / f"{encoder.name.partition('/')[0]}.txt"
    if file is not None:
        return _read(Path(file))
    return _read(
        named if named.is_file() and isinstance(encoder, PoolingEncoder) else WEIGHTS / "generic.txt"
    )


@cache
def _read(path: Path) -> Weights:
    return read_weights(path)


# A number in FEATURES, and its values over a grid of cuts.
Named = tuple[int, NDArray[np.float32]]


def windows(
    source: Side, target: Side, band: Band, whole: Whole
) -> Iterator[tuple[Cells, Cells, list[list[Named]]]]:
    """Yield, a stretch of rows at a time, the features of all beads that start there, shape by shape.

    First come the cells of the stretch, then where each of them stands in the (flattened) grid of a feature.
    """
    runs = Runs.of(source, whole.target), Runs.of(target, whole.source)
    for top in range(0, band.rows, _ROWS):
        bottom = min(top + _ROWS, band.rows)
        spans = [range(int(band.first[row]), int(band.stop[row])) for row in range(top, bottom)]
        left, right = spans[0].start, spans[-1].stop
        view = window(source, target, runs, whole, (top, bottom), spans)
        cells = np.arange(band.offset[top], band.offset[bottom])
        row = np.repeat(np.arange(top, bottom), (band.stop - band.first)[top:bottom])
        column = cells - band.offset[row] + band.first[row]
        grid = (row - top) * (right - left) + (column - left)
        yield cells, grid, [list(features(view, shape)) for shape in SHAPES]


def lattice(
    source: Side, target: Side, weights: Weights, whole: Whole, *, within_blocks: bool = False
) -> Lattice:
    """Return the lattice of all beads near the first pass's path, scored.

    `whole` is what parts of documents are judged by. `within_blocks` forbids beads over the end of a block.
    """
    band = search_band(source, target, MARGIN)
    scores = np.zeros((len(SHAPES), band.cells), dtype=np.float32)
    for cells, grid, by_shape in windows(source, target, band, whole):
        for shape, named in enumerate(by_shape):
            total = sum(weights.values[number] * values for number, values in named)
            scores[shape, cells] = np.asarray(total).ravel()[grid]
    if within_blocks:
        row, column = band.coordinates()
        for shape, (a, b) in enumerate(SHAPES):
            crossing = _crosses(source.opens, row, a) | _crosses(target.opens, column, b)
            scores[shape, crossing] += FORBIDDEN
    return Lattice.of(band, SHAPES, scores)


def _crosses(opens: NDArray[np.bool_], start: Cells, size: int) -> NDArray[np.bool_]:
    """Return which runs of `size` sentences have a block's end inside."""
    ends = np.concatenate([[0], np.cumsum(opens)])
    last = len(opens)
    return np.asarray(ends[np.minimum(start + max(size, 1), last)] > ends[np.minimum(start + 1, last)])


def feature_cells(source: Side, target: Side, band: Band) -> NDArray[np.float32]:
    """Return every feature of every bead of the band, shape (shapes, cells, features): for training only."""
    result = np.zeros((len(SHAPES), band.cells, len(FEATURES)), dtype=np.float32)
    for cells, grid, by_shape in windows(source, target, band, Whole.of(source, target)):
        for shape, named in enumerate(by_shape):
            for number, values in named:
                result[shape, cells, number] = values.ravel()[grid]
    return result
