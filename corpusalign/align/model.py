"""The weights of the field, and the scores that they give the beads of two sides."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import isfinite
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpusalign.align.features import FEATURES, SHAPES, Runs, Window, features, window
from corpusalign.align.lattice import FORBIDDEN, Band, Cells
from corpusalign.align.side import Side
from corpusalign.align.whole import Whole
from corpusalign.encode import Encoder, PoolingEncoder
from corpusalign.errors import AlignError
from corpusalign.use.cores import shared_out

WEIGHTS = Path(__file__).parent / "weights"
# Cuts searched on either side of the first pass's path.
MARGIN = 8
# Rows whose beads are compared at a time, and rows that share the vectors of their runs.
_ROWS, _STRETCH = 64, 192


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
        if not equals or not isfinite(values[name]):
            raise AlignError(f"{path}, line {number}", "is no `feature = number`", "train the weights again")
        if name not in FEATURES:
            raise AlignError(
                f"{path}, line {number}",
                f"names {name!r}, which is no feature of this version",
                "train the weights again",
            )
    missing = [name for name in FEATURES if name not in values]
    if missing:
        raise AlignError(str(path), f"lacks weights for {', '.join(missing)}", "train the weights again")
    return Weights(encoder, np.array([values[name] for name in FEATURES]))


def weights_for(encoder: Encoder, file: str | PathLike[str] | None = None) -> Weights:
    """Return the weights of a file, or those learned with an encoder of that name, or the generic ones.

    Weights that were learned with token features serve only an encoder that has them.
    """
    return weights_named(encoder.name, file, tokens=isinstance(encoder, PoolingEncoder))


def weights_named(encoder: str, file: str | PathLike[str] | None = None, *, tokens: bool) -> Weights:
    """Return what `weights_for` returns for an encoder of that name, with token features or without."""
    named = WEIGHTS / f"{encoder.partition('/')[0]}.txt"
    if file is not None:
        chosen = read_weights(Path(file))
        if chosen.encoder not in (encoder, "any"):
            raise AlignError(
                str(file),
                f"holds weights for the encoder {chosen.encoder}, not for {encoder}",
                "tune weights for this encoder, or leave them out",
            )
        return chosen
    return _shipped(named if tokens and named.is_file() else WEIGHTS / "generic.txt")


@cache
def _shipped(path: Path) -> Weights:
    """Read weights of the package, which unlike a caller's file never change while a process runs."""
    return read_weights(path)


def windows(
    source: Side, target: Side, band: Band, whole: Whole, rows: range
) -> Iterator[tuple[Cells, Cells, Window]]:
    """Yield, a few rows at a time, what the features of all beads that start in `rows` are made from.

    First come the cells of those rows, then where each of them stands in the (flattened) grid of a feature.
    """
    runs = (
        Runs.of(source, whole.target, rows.start, rows.stop),
        Runs.of(target, whole.source, int(band.first[rows.start]), int(band.stop[rows.stop - 1])),
    )
    for top in range(rows.start, rows.stop, _ROWS):
        bottom = min(top + _ROWS, rows.stop)
        spans = [range(int(band.first[row]), int(band.stop[row])) for row in range(top, bottom)]
        left, right = spans[0].start, spans[-1].stop
        view = window(source, target, runs, whole, (top, bottom), spans)
        cells = np.arange(band.offset[top], band.offset[bottom])
        row = np.repeat(np.arange(top, bottom), (band.stop - band.first)[top:bottom])
        column = cells - band.offset[row] + band.first[row]
        grid = (row - top) * (right - left) + (column - left)
        yield cells, grid, view
        del view


def scores(
    source: Side, target: Side, band: Band, weights: Weights, whole: Whole, *, within_blocks: bool = False
) -> Iterator[NDArray[np.float32]]:
    """Yield the scores of all beads of the band, a stretch of rows at a time: (shapes, cells of the stretch).

    `whole` is what parts of documents are judged by. `within_blocks` forbids beads over the end of a block.
    Stretches are worked out on all cores, a little ahead of what is asked for.
    """
    weighing = weights.values.astype(np.float32)

    def scored(rows: range) -> NDArray[np.float32]:
        first = int(band.offset[rows.start])
        found = np.zeros((len(SHAPES), int(band.offset[rows.stop]) - first), dtype=np.float32)
        for cells, grid, view in windows(source, target, band, whole, rows):
            for number, shape in enumerate(SHAPES):
                total = np.zeros(view.grid, dtype=np.float32)
                for feature, values in features(view, shape):
                    total += weighing[feature] * values
                found[number, cells - first] = total.ravel()[grid]
            # Not held while the next is made.
            del view
        if within_blocks:
            row = np.repeat(np.arange(rows.start, rows.stop), (band.stop - band.first)[rows])
            column = np.arange(first, band.offset[rows.stop]) - band.offset[row] + band.first[row]
            for number, (a, b) in enumerate(SHAPES):
                crossing = _crosses(source.opens, row, a) | _crosses(target.opens, column, b)
                found[number, crossing] += FORBIDDEN
        return found

    for _, found in shared_out(scored, stretches(band)):
        yield found


def stretches(band: Band) -> list[range]:
    """Return the rows of a band in stretches that share the vectors of their runs."""
    return [range(top, min(top + _STRETCH, band.rows)) for top in range(0, band.rows, _STRETCH)]


def _crosses(opens: NDArray[np.bool_], start: Cells, size: int) -> NDArray[np.bool_]:
    """Return which runs of `size` sentences have a block's end inside."""
    ends = np.concatenate([[0], np.cumsum(opens)])
    last = len(opens)
    return np.asarray(ends[np.minimum(start + max(size, 1), last)] > ends[np.minimum(start + 1, last)])


def feature_cells(source: Side, target: Side, band: Band) -> NDArray[np.float32]:
    """Return every feature of every bead of the band, shape (shapes, cells, features): for training only."""
    result = np.zeros((len(SHAPES), band.cells, len(FEATURES)), dtype=np.float32)
    whole = Whole.of(source, target, band)
    for rows in stretches(band):
        for cells, grid, view in windows(source, target, band, whole, rows):
            for number, shape in enumerate(SHAPES):
                for feature, values in features(view, shape):
                    result[number, cells, feature] = np.broadcast_to(values, view.grid).ravel()[grid]
    return result
