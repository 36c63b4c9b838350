"""The band of cuts worth searching, found coarse to fine so that time grows with the length, not its square.

Whole stretches of sentences are compared first, by the sums of their centred vectors; the best monotone path
through them is refined, four times finer a level, only in its neighbourhood (the idea of Thompson & Koehn
2019, "Vecalign", after Salvador & Chan 2007, "FastDTW"). Sums of centred vectors keep their contrast: what
two stretches share grows with their length as fast as the noise does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusalign.align.lattice import SKIP_TARGET, Band, Cells, Lattice, Shape, best_path
from corpusalign.align.side import Side

# Half the memory of single precision, and as good where only similarities are compared.
Halves = NDArray[np.float16]

_FINER = 4
# Above so many stretches a side, compare longer ones first.
_COARSEST = 200
# Stretches of the coarser level on either side of its path that the finer level searches.
_MARGIN = 3
# Stretches compared at a time; those chained at a time, and how many of them are chained once more with what
# follows, so that memory stays bounded.
_STEP = 256
_PIECE, _OVERLAP = 2000, 200
# Sentences whose vectors are made at a time.
_READ = 1024
_MOVES: tuple[Shape, ...] = ((1, 1), (1, 0), SKIP_TARGET)


def around(points: Cells, rows: int, columns: int, margin: int) -> Band:
    """Return the band of all cuts at most `margin` rows and columns from a point of a monotone path.

    `points` are cuts, shape (k, 2), increasing; `rows` and `columns` count cuts a side (sentences + 1).
    """
    first = np.full(rows, columns, dtype=np.int64)
    stop = np.zeros(rows, dtype=np.int64)
    for shift in (-margin, margin):
        row = np.clip(points[:, 0] + shift, 0, rows - 1)
        np.minimum.at(first, row, points[:, 1] - margin)
        np.maximum.at(stop, row, points[:, 1] + margin + 1)
    # Rows between two points belong to both; sweeping makes the band monotone and without holes.
    first = np.minimum.accumulate(first[::-1])[::-1]
    stop = np.maximum.accumulate(stop)
    first = np.clip(first, 0, columns - 1)
    stop = np.clip(stop, 1, columns)
    first[0], stop[-1] = 0, columns
    first = np.minimum(first, stop - 1)
    joined = np.minimum(first[1:], stop[:-1] - 1)
    first[1:] = np.minimum.accumulate(joined[::-1])[::-1]
    return Band.of(first, stop)


def _stretches(vectors: Halves, size: int) -> Halves:
    """Return the sums of each `size` neighbouring rows, at unit length."""
    starts = np.arange(0, len(vectors), size)
    unit: Halves = np.empty((len(starts), vectors.shape[1]), dtype=np.float16)
    for start in range(0, len(starts), _STEP):
        some = starts[start : start + _STEP]
        rows = vectors[some[0] : some[-1] + size].astype(np.float32)
        sums = np.add.reduceat(rows, some - some[0], axis=0)
        unit[start : start + _STEP] = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return unit


def _centred(side: Side) -> Halves:
    """Return the vectors of single sentences, less their mean."""
    vectors: Halves = np.empty((len(side), side.encoder.dimension), dtype=np.float16)
    total = np.zeros(side.encoder.dimension, dtype=np.float32)
    # Never all of them in single precision.
    parts = [slice(start, start + _READ) for start in range(0, len(side), _READ)]
    for part in parts:
        some = side.runs(1, part.start, part.stop)
        total += some.sum(axis=0)
        vectors[part] = some
    for part in parts:
        vectors[part] -= total / len(side)
    return vectors


def _similarities(source: Halves, target: Halves, band: Band) -> NDArray[np.float64]:
    """Return the cosine of the stretches that start at each cell, 0 past the ends."""
    result = np.zeros(band.cells)
    for start in range(0, len(source), _STEP):
        stop = min(start + _STEP, len(source))
        left, right = int(band.first[start]), int(min(band.stop[stop - 1], len(target)))
        if right <= left:
            continue
        block = source[start:stop].astype(np.float32) @ target[left:right].astype(np.float32).T
        for row in range(start, stop):
            first, last = int(band.first[row]), int(min(band.stop[row], len(target)))
            if last > first:
                cells = int(band.offset[row])
                result[cells : cells + last - first] = block[row - start, first - left : last - left]
    return result


def _path(source: Halves, target: Halves, band: Band) -> Cells:
    """Return the cuts of the best monotone chain of stretch pairs, shape (k, 2).

    Long chains are made piece by piece, each from a cut of the one before, well before that one's end.
    """
    last = band.rows - 1
    found = [np.zeros((1, 2), dtype=np.int64)]
    bottom = 0
    while bottom < last or len(found) == 1:
        i, j = found[-1][-1]
        bottom = i + _PIECE + _OVERLAP if last - i > _PIECE + 2 * _OVERLAP else last
        part, _ = band.part(i, bottom, j)
        points = _best(source[i:bottom], target[j:], part)
        if bottom < last:
            points = points[points[:, 0] <= _PIECE]
        found.append(np.add(points, (i, j)))
    return np.concatenate(found)


def _best(source: Halves, target: Halves, band: Band) -> Cells:
    """Return the cuts of the best monotone chain inside a band, the first and the last included."""
    similarity = _similarities(source, target, band)
    floor = similarity.mean() + similarity.std()
    gain = np.maximum(similarity - floor, 0)
    score = np.stack([gain, np.zeros_like(gain), np.zeros_like(gain)])
    row, column = band.coordinates()
    lattice = Lattice.of(band, _MOVES, score)
    cells = [cell for _, cell in best_path(lattice)] + [band.cells - 1]
    return np.stack([row[cells], column[cells]], axis=1)


def search_band(source: Side, target: Side, margin: int) -> Band:
    """Return the cuts within `margin` sentences of the best chain of similar single sentences."""
    rows, columns = len(source) + 1, len(target) + 1
    if rows * columns <= (4 * margin) ** 2:
        return Band.of(np.zeros(rows, dtype=np.int64), np.full(rows, columns, dtype=np.int64))
    source_vectors, target_vectors = _centred(source), _centred(target)
    size = 1
    while max(rows, columns) / size > _COARSEST:
        size *= _FINER
    band: Band | None = None
    while True:
        coarse_source, coarse_target = _stretches(source_vectors, size), _stretches(target_vectors, size)
        here, there = len(coarse_source) + 1, len(coarse_target) + 1
        if band is None:
            band = Band.of(np.zeros(here, dtype=np.int64), np.full(here, there, dtype=np.int64))
        points = _path(coarse_source, coarse_target, band)
        if size == 1:
            return around(points, rows, columns, margin)
        size //= _FINER
        finer_rows, finer_columns = -(-(rows - 1) // size) + 1, -(-(columns - 1) // size) + 1
        points = np.minimum(points * _FINER, [finer_rows - 1, finer_columns - 1])
        band = around(points, finer_rows, finer_columns, _MARGIN * _FINER)
