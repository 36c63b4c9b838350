"""What speaks for and against a bead: the features of the field, computed for a stretch of the band.

Similarities are cosines of run vectors. All features of a bead that has both sides grow with its size
(sentences on both sides / 2) or are counted once a bead, so that paths of different numbers of beads compare
fairly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from corpusalign.align.lattice import Shape
from corpusalign.align.side import MARKS, Side
from corpusalign.align.tokens import TokenRuns, token_view
from corpusalign.align.whole import Whole

Grid = NDArray[np.float32]

LONGEST = 6
# How far from an omitted sentence its translation is looked for.
_REACH = 3
# The share of what counterparts have on average below which a sentence's best match is no likely one.
_LIKELY = 0.8
# Every shape that the gold alignments hold more than once; beads of more sentences are chains of these.
SHAPES: tuple[Shape, ...] = (
    (1, 0), (0, 1), (1, 1),
    *((1, n) for n in range(2, LONGEST + 1)), *((n, 1) for n in range(2, LONGEST + 1)),
    (2, 2), (2, 3), (3, 2), (2, 4), (4, 2), (3, 3), (2, 5), (5, 2), (3, 4), (4, 3), (4, 4),
)  # fmt: skip

BEAD_FEATURES = (
    "similarity",  # cosine x size
    "similarity_scaled",  # what it has more than by chance, by what counterparts have on average, x size
    "size",
    "background",  # mean cosine with sentences from all over the other side x size
    "neighbours",  # mean cosine with the beads one sentence further x size
    "rival",  # best cosine with the beads one sentence further x size
    "length",  # squared log length ratio
    "length_absolute",
    "coverage",  # the weakest sentence's best similarity inside the bead
    "gain",  # what the run gains over its best part
    "gain_scaled",  # the same by what counterparts have on average
    "extension",  # what the best longer run gains over this
    "extension_scaled",
    "direction",  # sentences of the sides against their ratio in the whole documents
    *(f"marks_{number}" for number in range(len(MARKS))),
    "covered",  # share of both runs' tokens that the other run covers x size
    "covered_less",  # the lesser of the two x size
    "leaked",  # share of their tokens that neighbouring sentences would cover better x size
    "leaked_more",  # the greater of the two x size
    "leaked_mass",  # root of the weight of what leaks, however long the bead
    "covered_worst",  # the covered share of the sentence worst off in a bead of several
    "attended",  # log share of attention that their tokens pay to the other run x size
    "diverted",  # the same against what they pay to its two neighbours x size
    "diverted_mass",  # root of the weight of what is diverted, however long the bead
    "speech_closes",  # 1 where one side ends by closing a quotation and the other does not
    "blocks_crossed",  # block ends inside the two runs, 2 at most
    "blocks_end",  # 1 where a block ends with the bead on one side alone
)
OMISSION_FEATURES = (
    "omission",
    "omitted_best",
    "omitted_scaled",  # by what counterparts have on average
    "omitted_beside",  # how far the sentences before, or those after, stay below a likely match: the farther
    "omitted_background",
    "omitted_length",
    "omitted_covered",
    "omitted_attended",
)
# Of every bead: 1 where it ends inside a quotation on one side alone.
END_FEATURES = ("speech_open",)


def _bias(shape: Shape) -> str:
    return f"shape_{min(shape)}_{max(shape)}"


FEATURES: tuple[str, ...] = (
    *BEAD_FEATURES,
    *OMISSION_FEATURES,
    *END_FEATURES,
    *dict.fromkeys(_bias(shape) for shape in SHAPES if min(shape) > 0),
)
_POSITION = {name: number for number, name in enumerate(FEATURES)}


@dataclass(frozen=True, slots=True)
class Window:
    """The beads that start at rows [top, bottom) and columns [left, right), as grids of those cuts."""

    source: Side
    target: Side
    top: int
    bottom: int
    left: int
    right: int
    cosine: dict[Shape, Grid]
    source_background: list[NDArray[np.float32]]
    target_background: list[NDArray[np.float32]]
    whole: Whole
    tokens: TokenRuns | None

    @property
    def grid(self) -> tuple[int, int]:
        """Rows and columns of a feature's grid."""
        return self.bottom - self.top, self.right - self.left

    def similarity(self, shape: Shape, down: int = 0, along: int = 0) -> Grid:
        """Return the cosines of the beads of a shape that start `down` rows and `along` columns further."""
        rows, columns = self.grid
        edge = LONGEST + 1
        return self.cosine[shape][edge + down : edge + down + rows, edge + along : edge + along + columns]


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs that start at `start` and after, by size: their vectors and their similarity by chance.

    `vectors[k - 1]` are those of k sentences; `background[k - 1]` is their mean similarity with sentences
    from all over the other side.
    """

    start: int
    vectors: tuple[Grid, ...]
    background: tuple[NDArray[np.float32], ...]

    @staticmethod
    def of(side: Side, others: Grid, start: int, stop: int) -> Runs:
        """Make the runs that beads from `start` to `stop - 1` are compared by.

        `others` are vectors from all over the other side.
        """
        start, stop = max(0, start - LONGEST - 1), min(len(side), stop + LONGEST + 1)
        vectors = tuple(side.runs(size, start, stop) for size in range(1, LONGEST + 1))
        return Runs(start, vectors, tuple((runs @ others.T).mean(axis=1) for runs in vectors))

    def between(self, start: int, stop: int) -> list[Grid]:
        """Return, by size, the vectors of the runs from `start` to `stop - 1`, as far as they fit."""
        return [vectors[start - self.start : stop - self.start] for vectors in self.vectors]

    def background_between(self, start: int, stop: int) -> list[NDArray[np.float32]]:
        """Return, by size, the background of the runs from `start` to `stop - 1`, 0 where they do not fit."""
        own = slice(start - self.start, stop - self.start)
        return [_placed(values[own], stop - start) for values in self.background]


def window(
    source: Side,
    target: Side,
    runs: tuple[Runs, Runs],
    whole: Whole,
    rows: tuple[int, int],
    spans: list[range],
) -> Window:
    """Compare all runs that start in some rows, row i in columns spans[i], and those just around them."""
    top, bottom = rows
    left, right = spans[0].start, spans[-1].stop
    edge = LONGEST + 1
    height, width = bottom - top + 2 * edge, right - left + 2 * edge
    source_from, source_to = max(0, top - edge), min(len(source), bottom + edge)
    target_from, target_to = max(0, left - edge), min(len(target), right + edge)
    source_runs = runs[0].between(source_from, source_to)
    target_runs = runs[1].between(target_from, target_to)
    cosine: dict[Shape, Grid] = {}
    for a in range(1, LONGEST + 1):
        for b in range(1, LONGEST + 1):
            if a + b > LONGEST + 3:
                continue
            grid = np.zeros((height, width), dtype=np.float32)
            values = source_runs[a - 1] @ target_runs[b - 1].T
            y, x = source_from - top + edge, target_from - left + edge
            grid[y : y + values.shape[0], x : x + values.shape[1]] = values
            cosine[a, b] = grid
    source_background = runs[0].background_between(top, bottom)
    target_background = runs[1].background_between(left, right)
    tokens = None
    if source.has_tokens and target.has_tokens:
        tokens = _token_runs(source, target, rows, spans)
    return Window(
        source,
        target,
        top,
        bottom,
        left,
        right,
        cosine,
        source_background,
        target_background,
        whole,
        tokens,
    )


def _token_runs(source: Side, target: Side, rows: tuple[int, int], spans: list[range]) -> TokenRuns | None:
    """Compare tokens wherever a bead can reach that starts in these rows, row i in columns spans[i]."""
    top, bottom = max(0, rows[0] - _REACH), min(len(source), rows[1] + LONGEST)
    wanted = []
    for row in range(top, bottom):
        # A sentence belongs to beads that start up to LONGEST - 1 rows before it, and an omission looks for
        # its translation on either side.
        after = max(row - rows[0] + _REACH + 1, 1)
        near = spans[max(0, row - rows[0] - LONGEST + 1) : after] or spans[-1:]
        left, right = max(0, near[0].start - _REACH), min(len(target), near[-1].stop + LONGEST)
        wanted.append(range(min(left, len(target) - 1), right))
    if not wanted:
        return None
    view = token_view(source, target, range(top, bottom), wanted, LONGEST)
    return view.runs(range(*rows), range(spans[0].start, spans[-1].stop))


def _placed(values: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Return the values with zeros after them, `size` in all."""
    result = np.zeros(size, dtype=np.float32)
    result[: len(values)] = values
    return result


def features(view: Window, shape: Shape) -> Iterator[tuple[int, Grid]]:
    """Yield the features of the beads of one shape: their number in FEATURES and their values a cut.

    Values that are the same all over the grid, or along a row or column, are given once.
    """
    named = _omission(view, shape) if 0 in shape else _bead(view, shape)
    for name, values in chain(named, _end(view, shape)):
        yield _POSITION[name], values.astype(np.float32, copy=False)


def _difference(totals: NDArray[np.float64], start: int, stop: int, size: int) -> NDArray[np.float64]:
    """Return the totals of the runs of `size` that start at `start` to `stop - 1`, cut at the end."""
    at = np.arange(start, stop)
    last = len(totals) - 1
    return np.asarray(totals[np.minimum(at + size, last)] - totals[np.minimum(at, last)])


def _omission(view: Window, shape: Shape) -> Iterator[tuple[str, NDArray[np.floating]]]:
    best, before, after = _closest(view, shape)
    if shape == (1, 0):
        length = _difference(view.source.length, view.top, view.bottom, 1)[:, None]
        background = view.source_background[0][:, None]
        length = length * np.exp(view.whole.log_ratio / 2)
    else:
        length = _difference(view.target.length, view.left, view.right, 1)[None, :]
        background = view.target_background[0][None, :]
        length = length * np.exp(-view.whole.log_ratio / 2)
    yield "omission", np.ones((1, 1))
    yield "omitted_best", best
    yield "omitted_scaled", best / view.whole.level
    yield "omitted_beside", np.maximum(0, _LIKELY - np.minimum(before, after) / view.whole.level)
    yield "omitted_background", background
    yield "omitted_length", np.log1p(length)
    if view.tokens:
        covered, attended = view.tokens.omission(shape, _REACH)
        yield "omitted_covered", covered
        yield "omitted_attended", attended


def _closest(view: Window, shape: Shape) -> tuple[Grid, Grid, Grid]:
    """Return the best similarity nearby of an omitted sentence, and the mean of the two before and after it.

    Sentences are left out in stretches: where the neighbours match nothing either, a match is by chance.
    """
    single = view.cosine[1, 1] if shape == (1, 0) else view.cosine[1, 1].T
    rows, columns = view.grid if shape == (1, 0) else view.grid[::-1]
    edge = LONGEST + 1
    best = _greatest([single[:, edge + k : edge + k + columns] for k in range(-_REACH, _REACH + 1)])
    own, before, after = (
        np.mean([best[edge + k : edge + k + rows] for k in steps], axis=0)
        for steps in ((0,), (-2, -1), (1, 2))
    )
    return (own, before, after) if shape == (1, 0) else (own.T, before.T, after.T)


def _bead(view: Window, shape: Shape) -> Iterator[tuple[str, NDArray[np.floating]]]:
    a, b = shape
    size = (a + b) / 2
    cosine = view.similarity(shape)
    yield _bias(shape), np.ones((1, 1))
    yield "similarity", cosine * size
    yield "size", np.full((1, 1), size - 1)
    background = view.source_background[a - 1][:, None] + view.target_background[b - 1][None, :]
    yield "background", background * (size / 2)
    yield "similarity_scaled", (cosine - background / 2) * (size / view.whole.level)
    above, below, before, after = (
        view.similarity(shape, *step) for step in ((-1, 0), (1, 0), (0, -1), (0, 1))
    )
    yield "neighbours", (above + below + before + after) * (size / 4)
    yield "rival", np.maximum(np.maximum(above, below), np.maximum(before, after)) * size
    source_length = _difference(view.source.length, view.top, view.bottom, a)
    target_length = _difference(view.target.length, view.left, view.right, b)
    source_log = np.log(source_length * np.exp(view.whole.log_ratio) + 4).astype(np.float32)
    ratio = np.log(target_length + 4).astype(np.float32)[None, :] - source_log[:, None]
    yield "length", np.minimum(ratio * ratio, 4)
    yield "length_absolute", np.abs(ratio)
    if a + b > 2:
        coverage = _coverage(view, a, b)
        yield "coverage", coverage
        parts = _parts(view, a, b)
        gain = cosine - parts
        yield "gain", gain
        yield "gain_scaled", gain / view.whole.level
    extension = _extension(view, a, b) - cosine
    yield "extension", extension
    yield "extension_scaled", extension / view.whole.level
    yield "direction", np.full((1, 1), (b - a) * view.whole.direction)
    source_marks = _difference(view.source.marks, view.top, view.bottom, a).astype(np.float32)
    target_marks = _difference(view.target.marks, view.left, view.right, b).astype(np.float32)
    for number in range(len(MARKS)):
        marks = np.abs(source_marks[:, None, number] - target_marks[None, :, number])
        yield f"marks_{number}", np.minimum(marks, 3)
    if view.tokens:
        shares = view.tokens.bead(shape)
        for name in ("covered", "covered_less", "leaked", "leaked_more", "attended", "diverted"):
            yield name, shares[name] * size
        yield "leaked_mass", shares["leaked_mass"]
        yield "diverted_mass", shares["diverted_mass"]
        if a + b > 2:
            yield "covered_worst", shares["covered_worst"]


def _end(view: Window, shape: Shape) -> Iterator[tuple[str, NDArray[np.floating]]]:
    """Yield what speaks for and against the cut that a bead ends at, and how its last sentences end."""
    a, b = shape
    down = np.minimum(np.arange(view.top, view.bottom) + a, len(view.source))
    along = np.minimum(np.arange(view.left, view.right) + b, len(view.target))
    source, target = view.source.speech, view.target.speech
    if source.marked and target.marked:
        yield "speech_open", _unlike(source.open[down], target.open[along])
        if min(shape) > 0:
            yield "speech_closes", _unlike(source.closes[down - 1], target.closes[along - 1])
    one, other = view.source.opens, view.target.opens
    if min(shape) > 0 and one[1:-1].any() and other[1:-1].any():
        yield "blocks_end", _unlike(one[down], other[along])
        if a + b > 2:
            inside = [
                _difference(np.cumsum(opens), start, stop, size - 1)
                for opens, start, stop, size in (
                    (one, view.top, view.bottom, a),
                    (other, view.left, view.right, b),
                )
            ]
            yield "blocks_crossed", np.minimum(inside[0][:, None] + inside[1][None, :], 2)


def _unlike(source: NDArray[np.bool_], target: NDArray[np.bool_]) -> Grid:
    """Return 1 where what holds of a row does not hold of a column, or the other way round."""
    return np.asarray(source[:, None] != target[None, :], dtype=np.float32)


def _coverage(view: Window, a: int, b: int) -> Grid:
    """Return the similarity of the sentence that is worst represented on the other side."""
    single = {(k, m): view.similarity((1, 1), k, m) for k in range(a) for m in range(b)}
    of_source = [_greatest([single[k, m] for m in range(b)]) for k in range(a)]
    of_target = [_greatest([single[k, m] for k in range(a)]) for m in range(b)]
    return reduce(np.minimum, of_source + of_target)


def _greatest(grids: list[Grid]) -> Grid:
    return reduce(np.maximum, grids)


def _parts(view: Window, a: int, b: int) -> Grid:
    """Return the best similarity when the first or the last sentence of either run is left out."""
    parts = []
    if a > 1:
        parts += [view.similarity((a - 1, b)), view.similarity((a - 1, b), 1, 0)]
    if b > 1:
        parts += [view.similarity((a, b - 1)), view.similarity((a, b - 1), 0, 1)]
    return _greatest(parts)


def _extension(view: Window, a: int, b: int) -> Grid:
    """Return the best similarity when one more sentence joins either run, before or after it."""
    longer = []
    if (a + 1, b) in view.cosine:
        longer += [view.similarity((a + 1, b)), view.similarity((a + 1, b), -1, 0)]
    if (a, b + 1) in view.cosine:
        longer += [view.similarity((a, b + 1)), view.similarity((a, b + 1), 0, -1)]
    return _greatest(longer) if longer else view.similarity((a, b))
