"""Facts of whole documents, by which the beads of any part are judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpusalign.align.lattice import Band
from corpusalign.align.side import Side

Grid = NDArray[np.float32]

# Sentences a side, evenly spaced, that stand for all of them.
_SAMPLE = 64
# Documents no nearer than this are no translations; their similarities are not stretched further.
_LEAST_LEVEL = 0.1


@dataclass(frozen=True, slots=True)
class Whole:
    """What a part is judged by.

    `source` and `target` are vectors of sentences from all over: similarity to them is what similarity by
    chance is. `level` is how much more similar than that a sentence's best counterpart is on average: little
    between distant languages or in a free translation, where little similarity tells as much as a lot
    elsewhere. `log_ratio` is that of the lengths in characters (target / source), `direction` that of the
    sentence counts.
    """

    source: Grid
    target: Grid
    level: float
    log_ratio: float
    direction: float

    @staticmethod
    def of(source: Side, target: Side, band: Band) -> Whole:
        """Take some sentences of each side; counterparts are looked for in the band."""
        rows, columns = _spread(len(source)), _spread(len(target))
        source_vectors, target_vectors = _vectors(source, rows), _vectors(target, columns)
        level = _LEAST_LEVEL
        if len(source) and len(target):
            last = band.rows - 1
            across = [(int(band.first[i]), int(min(band.stop[i], len(target)))) for i in rows]
            down = [
                (
                    int(np.searchsorted(band.stop, j, side="right")),
                    int(min(np.searchsorted(band.first, j, side="right"), last)),
                )
                for j in columns
            ]
            best = [*_best(source_vectors, target, across), *_best(target_vectors, source, down)]
            chance = float((source_vectors @ target_vectors.T).mean())
            level = max(float(np.mean(best)) - chance if best else 0.0, _LEAST_LEVEL)
        return Whole(
            source_vectors,
            target_vectors,
            level,
            float(np.log((target.characters + 1) / (source.characters + 1))),
            float(np.log((len(target) + 1) / (len(source) + 1))),
        )


def _spread(size: int) -> NDArray[np.int64]:
    return np.unique(np.linspace(0, size - 1, _SAMPLE).astype(np.int64)) if size else np.zeros(0, np.int64)


def _vectors(side: Side, sentences: NDArray[np.int64]) -> Grid:
    if not len(sentences):
        return np.zeros((1, side.encoder.dimension), dtype=np.float32)
    return side.encoder.head(side.pooled.sums[sentences], side.pooled.counts[sentences])


def _best(vectors: Grid, other: Side, spans: list[tuple[int, int]]) -> Iterator[float]:
    """Yield each vector's similarity with the most similar sentence of its span, where that is not empty."""
    wanted = np.unique(np.concatenate([np.arange(*span) for span in spans]))
    if not len(wanted):
        return
    candidates = _vectors(other, wanted)
    for vector, (start, stop) in zip(vectors, spans, strict=True):
        near = candidates[np.searchsorted(wanted, start) : np.searchsorted(wanted, stop)]
        if len(near):
            yield float((near @ vector).max())
