"""The two-step recipe of Bertalign, over any encoder: a peer to measure by, not a part of the package.

Liu & Zhu 2022, "Bertalign: Improved word embedding-based sentence alignment for Chinese-English parallel
corpora of literary texts", set as their package (2.0.1) is: first the best monotone path through pairs of
single sentences of which the second is among the three most similar to the first; then, within five sentences
of that path, the best chain of beads of up to five sentences, each worth the cosine of its runs less its mean
cosine with the neighbours of either run, times a length penalty; a sentence left out costs 0.1. Runs are
encoded exactly. Written anew on this package's lattice; their package needs torch and Python 3.12.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from corpusalign.align.band import around
from corpusalign.align.lattice import SKIP_TARGET, Band, Lattice, Shape, best_path
from corpusalign.evaluate import Link

_NEAREST, _WINDOW, _LONGEST, _SKIP = 3, 5, 5, -0.1
_SINGLE: tuple[Shape, ...] = ((1, 1), (1, 0), SKIP_TARGET)
_SHAPES: tuple[Shape, ...] = (
    (1, 0), SKIP_TARGET,
    *((a, b) for a in range(1, _LONGEST) for b in range(1, _LONGEST) if a + b <= _LONGEST),
)  # fmt: skip

Encode = Callable[[list[str]], np.ndarray]


def two_step(source: list[str], target: list[str], encode: Encode) -> list[Link]:
    """Return the links between two lists of sentences, neither of which is empty."""
    source_runs, target_runs = _runs(source, encode), _runs(target, encode)
    single = source_runs[0] @ target_runs[0].T
    rows, columns = len(source) + 1, len(target) + 1
    whole = Band.of(np.zeros(rows, dtype=np.int64), np.full(rows, columns, dtype=np.int64))
    gain = np.zeros((rows, columns))
    gain[:-1, :-1] = np.where(_nearest(single), single, 0)
    first = Lattice.of(whole, _SINGLE, np.stack([gain.ravel(), *np.zeros((2, whole.cells))]))
    row, column = whole.coordinates()
    cells = [cell for _, cell in best_path(first)] + [whole.cells - 1]
    band = around(np.stack([row[cells], column[cells]], axis=1), rows, columns, _WINDOW)
    lengths = [np.cumsum([0, *(len(text.encode()) for text in side)]) for side in (source, target)]
    field = Lattice.of(band, _SHAPES, _scores(band, source_runs, target_runs, lengths))
    row, column = band.coordinates()
    links: list[Link] = []
    for number, cell in best_path(field):
        (a, b), i, j = _SHAPES[number], int(row[cell]), int(column[cell])
        links.append((tuple(range(i, i + a)), tuple(range(j, j + b))))
    return links


def _runs(texts: list[str], encode: Encode) -> list[np.ndarray]:
    """Return, by size, the exact vectors of the runs from each sentence, shape (sentences - size + 1, d)."""
    return [
        encode([" ".join(texts[start : start + size]) for start in range(len(texts) - size + 1)])
        for size in range(1, min(_LONGEST, len(texts) + 1))
    ]


def _nearest(similarity: np.ndarray) -> np.ndarray:
    """Return which targets are among the most similar ones of each source sentence."""
    count = min(_NEAREST, similarity.shape[1])
    limit = np.partition(similarity, -count, axis=1)[:, [-count]]
    return np.asarray(similarity >= limit)


def _scores(
    band: Band, source: list[np.ndarray], target: list[np.ndarray], lengths: list[np.ndarray]
) -> np.ndarray:
    row, column = band.coordinates()
    ratio = lengths[0][-1] / max(lengths[1][-1], 1)
    scores = np.full((len(_SHAPES), band.cells), _SKIP)
    for number, (a, b) in enumerate(_SHAPES):
        if not (a and b):
            continue
        if a > len(source) or b > len(target):
            scores[number] = -np.inf
            continue
        fits = (row < len(source[a - 1])) & (column < len(target[b - 1]))
        i, j = row[fits], column[fits]
        one, other = source[a - 1][i], target[b - 1][j]
        cosine = np.einsum("ij,ij->i", one, other)
        margin = (_around(one, target[0], j, b) + _around(other, source[0], i, a)) / 2
        here = lengths[0][i + a] - lengths[0][i]
        there = (lengths[1][j + b] - lengths[1][j]) * ratio
        penalty = np.log2(1 + np.minimum(here, there) / np.maximum(np.maximum(here, there), 1))
        scores[number] = -np.inf
        scores[number, fits] = (cosine - margin) * penalty
    return scores


def _around(runs: np.ndarray, single: np.ndarray, start: np.ndarray, size: int) -> np.ndarray:
    """Return the mean cosine of runs with the sentences just before and just after others' runs."""
    total, count = np.zeros(len(runs)), np.zeros(len(runs))
    for place in (start - 1, start + size):
        there = (place >= 0) & (place < len(single))
        total[there] += np.einsum("ij,ij->i", runs[there], single[place[there]])
        count += there
    return np.asarray(total / np.maximum(count, 1))
