"""Parts of sentences: how much of a run's tokens the other run covers, and what its neighbours cover better.

A token is covered as well as its most similar token on the other side says (the greedy matching of Zhang et
al. 2020, "BERTScore"), rare pieces counting more. What a bead leaves to its neighbours ("leak") is what tells
where a sentence that was split or merged ends, which whole-sentence vectors blur.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from corpusalign.align.lattice import Shape
from corpusalign.align.side import Side

Grid = NDArray[np.float32]

# Source sentences compared at a time.
_STEP = 16


@dataclass(frozen=True, slots=True)
class Coverage:
    """Sums of token weights over (source sentence, target sentence), by the size of the covering run.

    `covered[b - 1][i, j]`: similarity-weighted tokens of sentence i that the run of b from j covers; `leaked`
    what the sentences just before and after that run would cover better. `weight` (sentences,) is the tokens'
    whole weight.
    """

    covered: tuple[Grid, ...]
    leaked: tuple[Grid, ...]
    weight: Grid


@dataclass(frozen=True, slots=True)
class TokenView:
    """Coverage of a stretch of source sentences by one of target sentences, and (turned) the other way round.

    Both grids have source sentences from `top` as rows and target sentences from `left` as columns.
    """

    top: int
    left: int
    source: Coverage
    target: Coverage

    def run(self, shape: Shape, rows: range, columns: range) -> dict[str, Grid]:
        """Return, for the beads of a shape from these cuts, what is covered, leaked, and worst off."""
        a, b = shape
        source = [self._of_source(k, b, rows, columns) for k in range(a)]
        target = [self._of_target(k, a, rows, columns) for k in range(b)]
        covered_source, leaked_source = _shares(source)
        covered_target, leaked_target = _shares(target)
        worst: Grid = np.min([covered / weight for covered, _, weight in source + target], axis=0)
        leaked_mass = sum(leaked for _, leaked, _ in source + target)
        return {
            "covered": (covered_source + covered_target) / 2,
            "covered_less": np.minimum(covered_source, covered_target),
            "leaked": (leaked_source + leaked_target) / 2,
            "leaked_more": np.maximum(leaked_source, leaked_target),
            "leaked_mass": np.sqrt(np.asarray(leaked_mass, dtype=np.float32)),
            "covered_worst": worst,
        }

    def single(self, shape: Shape, rows: range, columns: range, reach: int) -> Grid:
        """Return how well the best sentence within `reach` covers the one that an omission leaves out."""
        steps = range(-reach, reach + 1)
        if shape == (1, 0):
            near = [self._of_source(0, 1, rows, _moved(columns, step)) for step in steps]
        else:
            near = [self._of_target(0, 1, _moved(rows, step), columns) for step in steps]
        best: Grid = np.max([covered / weight for covered, _, weight in near], axis=0)
        return best

    def _of_source(self, k: int, size: int, rows: range, columns: range) -> tuple[Grid, Grid, Grid]:
        """Return what covers the k-th source sentence from each row, what leaks from it, and its weight."""
        down, along = _moved(rows, k - self.top), _moved(columns, -self.left)
        return (
            _cut(self.source.covered[size - 1], down, along),
            _cut(self.source.leaked[size - 1], down, along),
            _cut(self.source.weight[:, None], down, range(1)) + 1e-6,
        )

    def _of_target(self, k: int, size: int, rows: range, columns: range) -> tuple[Grid, Grid, Grid]:
        down, along = _moved(rows, -self.top), _moved(columns, k - self.left)
        return (
            _cut(self.target.covered[size - 1], down, along),
            _cut(self.target.leaked[size - 1], down, along),
            _cut(self.target.weight[None, :], range(1), along) + 1e-6,
        )


def token_view(source: Side, target: Side, rows: range, wanted: list[range], longest: int) -> TokenView:
    """Compare the tokens of neighbouring source sentences with those of target sentences.

    `wanted[i]` are the target sentences of interest for source sentence rows[i]; elsewhere grids hold zeros.
    """
    columns = range(min(part.start for part in wanted), max(part.stop for part in wanted))
    grids = [
        [np.zeros((len(rows), len(columns)), dtype=np.float32) for _ in range(longest)] for _ in range(4)
    ]
    for start in range(0, len(rows), _STEP):
        part = range(rows[start], min(rows[start] + _STEP, rows.stop))
        few = wanted[start : start + _STEP]
        across = range(min(one.start for one in few), max(one.stop for one in few))
        place = np.s_[part.start - rows.start : part.stop - rows.start, across.start - columns.start :]
        for grid, found in zip(grids, _compared(source, target, part, across, longest), strict=True):
            for size in range(longest):
                grid[size][place][:, : len(across)] = found[size]
    source_weight = _weights(source, rows)
    target_weight = _weights(target, columns)
    return TokenView(
        rows.start,
        columns.start,
        Coverage(tuple(grids[0]), tuple(grids[1]), source_weight),
        Coverage(tuple(grids[2]), tuple(grids[3]), target_weight),
    )


def _compared(
    source: Side, target: Side, rows: range, columns: range, longest: int
) -> tuple[list[Grid], ...]:
    """Return what is covered and leaked of source, then of target sentences, by size of the other run."""
    # A run that starts in the last row or column goes on beyond it, and its neighbours are one further still.
    wide_rows = range(max(rows.start - 1, 0), min(rows.stop + longest, len(source)))
    wide_columns = range(max(columns.start - 1, 0), min(columns.stop + longest, len(target)))
    source_tokens, source_first, source_weight = _tokens(source, wide_rows)
    target_tokens, target_first, target_weight = _tokens(target, wide_columns)
    similarity = source_tokens @ target_tokens.T
    down, along = rows.start - wide_rows.start, columns.start - wide_columns.start
    own = slice(source_first[down], source_first[down + len(rows)])
    best = np.maximum.reduceat(similarity[own], target_first[:-1], axis=1)
    covered_source, leaked_source = _coverage(
        best,
        source_weight[own],
        source_first[down : down + len(rows)] - own.start,
        longest,
        along,
        len(columns),
    )
    own = slice(target_first[along], target_first[along + len(columns)])
    # Several times as fast as reduceat down the columns.
    best = np.stack(
        [similarity[first:stop, own].max(axis=0) for first, stop in pairwise(source_first)], axis=1
    )
    covered_target, leaked_target = _coverage(
        best,
        target_weight[own],
        target_first[along : along + len(columns)] - own.start,
        longest,
        down,
        len(rows),
    )
    turned = [grid.T for grid in covered_target], [grid.T for grid in leaked_target]
    return covered_source, leaked_source, *turned


def _coverage(
    best: Grid, weight: Grid, first: NDArray[np.int64], longest: int, start: int, count: int
) -> tuple[list[Grid], list[Grid]]:
    """Sum up, a sentence, what the runs from `start` to `start + count - 1` cover, and what leaks from them.

    `best` is (tokens, sentences of the other side): the similarity of the most similar token there.
    """
    padded = np.full((len(best), start + count + longest + 2), -1, dtype=np.float32)
    padded[:, 1 : best.shape[1] + 1] = best[:, : padded.shape[1] - 1]
    before = padded[:, start : start + count]
    inside = padded[:, start + 1 : start + 1 + count].copy()
    covered, leaked = [], []
    for size in range(1, longest + 1):
        if size > 1:
            np.maximum(inside, padded[:, start + size : start + size + count], out=inside)
        after = padded[:, start + size + 1 : start + size + 1 + count]
        outside = np.maximum(before, after)
        outside -= inside
        np.maximum(outside, 0, out=outside)
        covered.append(np.add.reduceat(inside * weight[:, None], first, axis=0))
        leaked.append(np.add.reduceat(outside * weight[:, None], first, axis=0))
    return covered, leaked


def _tokens(side: Side, sentences: range) -> tuple[Grid, NDArray[np.int64], Grid]:
    """Return the tokens of neighbouring sentences, where each sentence's begin, and their weights."""
    first = side.pooled.first[sentences.start : sentences.stop + 1]
    own = slice(first[0], first[-1])
    return side.pooled.tokens[own].astype(np.float32), first - first[0], side.pooled.weights[own]


def _weights(side: Side, sentences: range) -> Grid:
    _, first, weights = _tokens(side, sentences)
    return np.asarray(np.add.reduceat(weights, first[:-1]))


def _shares(sentences: list[tuple[Grid, Grid, Grid]]) -> tuple[Grid, Grid]:
    """Return the covered and the leaked share of a run's tokens."""
    covered = sum(part[0] for part in sentences)
    leaked = sum(part[1] for part in sentences)
    weight = sum(part[2] for part in sentences)
    return np.asarray(covered / weight), np.asarray(leaked / weight)


def _moved(places: range, by: int) -> range:
    return range(places.start + by, places.stop + by)


def _cut(grid: Grid, rows: range, columns: range) -> Grid:
    """Return a part of a grid, with zeros where it reaches over the grid's edges."""
    result = np.zeros((len(rows), len(columns)), dtype=np.float32)
    top, bottom = max(rows.start, 0), min(rows.stop, grid.shape[0])
    left, right = max(columns.start, 0), min(columns.stop, grid.shape[1])
    if top < bottom and left < right:
        part = grid[top:bottom, left:right]
        result[top - rows.start : bottom - rows.start, left - columns.start : right - columns.start] = part
    return result
