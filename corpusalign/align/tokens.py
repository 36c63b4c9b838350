"""Parts of sentences: how much of a run's tokens the other run covers, and what its neighbours cover better.

A token is covered as well as its most similar token on the other side says (the greedy matching of Zhang et
al. 2020, "BERTScore"), rare pieces counting more. What a bead leaves to its neighbours ("leak") is what tells
where a sentence that was split or merged ends, which whole-sentence vectors blur.

The same similarities tell more as attention (Bahdanau et al. 2015): each token pays attention to the
sentences of the other side near a run in proportion to exp(similarity / temperature), so that common words,
which match everywhere, tell little, and words with one counterpart much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from corpusalign.align.lattice import Shape
from corpusalign.align.side import Side

Grid = NDArray[np.float32]
# A grid for each size of the covering run, from 1 up.
Sizes = Sequence[Grid]

# Source sentences compared at a time.
_STEP = 16
# How sharply attention prefers the most similar sentence, the similarity of "nothing here", and the sentences
# before and after a run among which attention is shared out.
_TEMPERATURE, _NOTHING = 0.04, 0.3
_AROUND = 4
# Added to shares of attention before their logarithm is taken.
_FLOOR = 0.03


@dataclass(frozen=True, slots=True)
class Coverage:
    """Sums of token weights over (source sentence, target sentence), by the size of the covering run.

    `covered[b - 1][i, j]`: similarity-weighted tokens of sentence i that the run of b from j covers; `leaked`
    what the sentences just before and after that run would cover better. `attended` is the log share of the
    tokens' attention that the run gets (0 for none, log(1 + 1 / floor) for all of it), `diverted` the
    same (negative) against the sentences just before and after it alone. `weight` (sentences,) is the
    tokens' whole weight.
    """

    covered: Sizes
    leaked: Sizes
    attended: Sizes
    diverted: Sizes
    weight: Grid


@dataclass(frozen=True, slots=True)
class _Sums:
    """What Coverage holds of the tokens of a run, as grids over the cuts where beads start.

    `worst` is the covered share of the sentence worst off.
    """

    covered: Grid
    leaked: Grid
    attended: Grid
    diverted: Grid
    weight: Grid
    worst: Grid

    def with_next(self, sentence: _Sums) -> _Sums:
        """Return the sums of the run that goes on by a sentence."""
        return _Sums(
            self.covered + sentence.covered,
            self.leaked + sentence.leaked,
            self.attended + sentence.attended,
            self.diverted + sentence.diverted,
            self.weight + sentence.weight,
            np.minimum(self.worst, sentence.worst),
        )


@dataclass(frozen=True, slots=True)
class TokenView:
    """Coverage of a stretch of source sentences by one of target sentences, and (turned) the other way round.

    Both grids have source sentences from `top` as rows and target sentences from `left` as columns.
    """

    top: int
    left: int
    source: Coverage
    target: Coverage

    def runs(self, rows: range, columns: range) -> TokenRuns:
        """Return what is known of the runs of the beads that start at these cuts."""
        return TokenRuns(self, rows, columns, {})

    def of_source(self, k: int, size: int, rows: range, columns: range) -> _Sums:
        """Return the sums of the k-th source sentence from each row, by target runs of `size`."""
        down, along = _moved(rows, k - self.top), _moved(columns, -self.left)
        return _sums(self.source, size, down, along, _cut(self.source.weight[:, None], down, range(1)))

    def of_target(self, k: int, size: int, rows: range, columns: range) -> _Sums:
        """Return the sums of the k-th target sentence from each column, by source runs of `size`."""
        down, along = _moved(rows, -self.top), _moved(columns, k - self.left)
        return _sums(self.target, size, down, along, _cut(self.target.weight[None, :], range(1), along))


@dataclass(frozen=True, slots=True)
class TokenRuns:
    """What tokens say of the beads that start at some cuts; what several shapes share is added up once."""

    view: TokenView
    rows: range
    columns: range
    _known: dict[tuple[bool, Shape], _Sums]

    def bead(self, shape: Shape) -> dict[str, Grid]:
        """Return, for the beads of a shape, what is covered, leaked, attended and diverted."""
        source, target = self._of(shape, of_source=True), self._of(shape, of_source=False)
        covered = source.covered / source.weight, target.covered / target.weight
        leaked = source.leaked / source.weight, target.leaked / target.weight
        return {
            "covered": (covered[0] + covered[1]) / 2,
            "covered_less": np.minimum(*covered),
            "leaked": (leaked[0] + leaked[1]) / 2,
            "leaked_more": np.maximum(*leaked),
            "leaked_mass": np.sqrt(source.leaked + target.leaked),
            "covered_worst": np.minimum(source.worst, target.worst),
            "attended": (source.attended / source.weight + target.attended / target.weight) / 2,
            "diverted": (source.diverted / source.weight + target.diverted / target.weight) / 2,
            "diverted_mass": np.sqrt(-(source.diverted + target.diverted)),
        }

    def omission(self, shape: Shape, reach: int) -> tuple[Grid, Grid]:
        """Return how well the best sentence within `reach` covers the one that an omission leaves out.

        And the greatest log share of attention that it pays to one.
        """
        steps = range(-reach, reach + 1)
        if shape == (1, 0):
            near = [self.view.of_source(0, 1, self.rows, _moved(self.columns, step)) for step in steps]
        else:
            near = [self.view.of_target(0, 1, _moved(self.rows, step), self.columns) for step in steps]
        covered, attended = near[0].worst, near[0].attended
        for one in near[1:]:
            covered, attended = np.maximum(covered, one.worst), np.maximum(attended, one.attended)
        return covered, attended / near[0].weight

    def _of(self, shape: Shape, *, of_source: bool) -> _Sums:
        """Return the sums over the source run of the beads of a shape, or over their target run."""
        known = self._known.get((of_source, shape))
        if known is None:
            a, b = shape
            if of_source:
                known, before = self.view.of_source(a - 1, b, self.rows, self.columns), (a - 1, b)
            else:
                known, before = self.view.of_target(b - 1, a, self.rows, self.columns), (a, b - 1)
            if min(before) > 0:
                known = self._of(before, of_source=of_source).with_next(known)
            self._known[of_source, shape] = known
        return known


def _sums(coverage: Coverage, size: int, down: range, along: range, weight: Grid) -> _Sums:
    def one(grids: Sizes) -> Grid:
        return _cut(grids[size - 1], down, along)

    covered, some = one(coverage.covered), weight + np.float32(1e-6)
    return _Sums(
        covered, one(coverage.leaked), one(coverage.attended), one(coverage.diverted), some, covered / some
    )


def token_view(source: Side, target: Side, rows: range, wanted: list[range], longest: int) -> TokenView:
    """Compare the tokens of neighbouring source sentences with those of target sentences.

    `wanted[i]` are the target sentences of interest for source sentence rows[i]; elsewhere grids hold zeros.
    """
    columns = range(min(part.start for part in wanted), max(part.stop for part in wanted))
    grids = [
        [np.zeros((len(rows), len(columns)), dtype=np.float32) for _ in range(longest)] for _ in range(8)
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
        Coverage(grids[0], grids[1], grids[2], grids[3], source_weight),
        Coverage(grids[4], grids[5], grids[6], grids[7], target_weight),
    )


def _compared(source: Side, target: Side, rows: range, columns: range, longest: int) -> list[Sizes]:
    """Return the grids of Coverage of source, then of target sentences."""
    # A run that starts in the last row or column goes on beyond it, and what is around it further still.
    after = longest - 1 + _AROUND
    wide_rows = range(max(rows.start - _AROUND, 0), min(rows.stop + after, len(source)))
    wide_columns = range(max(columns.start - _AROUND, 0), min(columns.stop + after, len(target)))
    source_tokens, source_first, source_weight = _tokens(source, wide_rows)
    target_tokens, target_first, target_weight = _tokens(target, wide_columns)
    similarity = source_tokens @ target_tokens.T
    down, along = rows.start - wide_rows.start, columns.start - wide_columns.start
    own = slice(source_first[down], source_first[down + len(rows)])
    best = np.maximum.reduceat(similarity[own], target_first[:-1], axis=1)
    of_source = _coverage(
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
    of_target = _coverage(
        best,
        target_weight[own],
        target_first[along : along + len(columns)] - own.start,
        longest,
        down,
        len(rows),
    )
    return [*of_source, *([grid.T for grid in grids] for grids in of_target)]


def _coverage(
    best: Grid, weight: Grid, first: NDArray[np.int64], longest: int, start: int, count: int
) -> list[Sizes]:
    """Sum up, a sentence, what the runs from `start` to `start + count - 1` cover, attract, and leave.

    `best` is (tokens, sentences of the other side): the similarity of the most similar token there.
    """
    padded = np.full((len(best), _AROUND + start + count + longest + _AROUND), -1, dtype=np.float32)
    padded[:, _AROUND : _AROUND + best.shape[1]] = best[:, : padded.shape[1] - _AROUND]
    attention = np.exp((padded - 1) / _TEMPERATURE)
    # The attention that each sentence and the next ones get together.
    last = attention.shape[1] - _AROUND + 1
    around = _total([attention[:, step : step + last] for step in range(_AROUND)])
    nothing = np.float32(np.exp((_NOTHING - 1) / _TEMPERATURE))

    def at(grid: Grid, place: int) -> Grid:
        first_column = _AROUND + start + place
        return grid[:, first_column : first_column + count]

    def summed(grid: Grid) -> Grid:
        grid *= weight[:, None]
        return np.asarray(np.add.reduceat(grid, first, axis=0))

    inside, paid = at(padded, 0).copy(), at(attention, 0).copy()
    covered, leaked, attended, diverted = list[Grid](), list[Grid](), list[Grid](), list[Grid]()
    for size in range(1, longest + 1):
        if size > 1:
            np.maximum(inside, at(padded, size - 1), out=inside)
            paid += at(attention, size - 1)
        outside = np.maximum(at(padded, -1), at(padded, size))
        outside -= inside
        np.maximum(outside, 0, out=outside)
        covered.append(summed(inside.copy()))
        leaked.append(summed(outside))
        whole = at(around, size) + at(around, -_AROUND)
        whole += paid
        whole += nothing
        got = paid / whole + np.float32(_FLOOR)
        beside = got + (at(attention, -1) + at(attention, size)) / whole
        attended.append(summed(np.log(got / np.float32(_FLOOR))))
        diverted.append(summed(np.log(got / beside)))
    return [covered, leaked, attended, diverted]


def _tokens(side: Side, sentences: range) -> tuple[Grid, NDArray[np.int64], Grid]:
    """Return the tokens of neighbouring sentences, where each sentence's begin, and their weights."""
    first = side.pooled.first[sentences.start : sentences.stop + 1]
    own = slice(first[0], first[-1])
    return side.pooled.tokens[own].astype(np.float32), first - first[0], side.pooled.weights[own]


def _weights(side: Side, sentences: range) -> Grid:
    _, first, weights = _tokens(side, sentences)
    return np.asarray(np.add.reduceat(weights, first[:-1]))


def _total(grids: Sequence[Grid]) -> Grid:
    total = grids[0].copy()
    for grid in grids[1:]:
        total += grid
    return total


def _moved(places: range, by: int) -> range:
    return range(places.start + by, places.stop + by)


def _cut(grid: Grid, rows: range, columns: range) -> Grid:
    """Return a part of a grid, with zeros where it reaches over the grid's edges."""
    height, width = grid.shape
    if min(rows.start, columns.start) >= 0 and rows.stop <= height and columns.stop <= width:
        return grid[rows.start : rows.stop, columns.start : columns.stop]
    result = np.zeros((len(rows), len(columns)), dtype=np.float32)
    top, bottom = max(rows.start, 0), min(rows.stop, grid.shape[0])
    left, right = max(columns.start, 0), min(columns.stop, grid.shape[1])
    if top < bottom and left < right:
        part = grid[top:bottom, left:right]
        result[top - rows.start : bottom - rows.start, left - columns.start : right - columns.start] = part
    return result
