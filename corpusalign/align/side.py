"""One side of a bitext as the aligner sees it: what can be known of any run of neighbouring sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corpusalign.align.speech import Speech, speech
from corpusalign.encode import Pooled, PoolingEncoder
from corpusalign.types import Sentence

if TYPE_CHECKING:
    from corpusalign.encode import Encoder

Floats = NDArray[np.float32]

# Signs that a translation tends to keep, each with the characters that write it.
MARKS = ("?？¿", "!！¡", '"“”„«»「」『』', "0123456789０１２３４５６７８９")


class MeanPooling:
    """Any encoder as a pooling one: a run's vector is the sum of its sentences', weighted by root length."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name = encoder.name
        self.dimension = encoder.dimension

    def encode(self, texts: list[str]) -> Floats:
        """Return what the encoder returns."""
        return self._encoder.encode(texts)

    def pool(self, texts: list[str]) -> Pooled:
        """Return the weighted vectors and the weights' squares, and no tokens."""
        distinct = list(dict.fromkeys(texts))
        place = {text: row for row, text in enumerate(distinct)}
        vectors = np.asarray(self._encoder.encode(distinct), dtype=np.float32).reshape(-1, self.dimension)
        lengths = np.array([len(text) + 1 for text in texts], dtype=np.float32)
        rows = vectors[[place[text] for text in texts]]
        return Pooled.of(rows * np.sqrt(lengths)[:, None], lengths, None, [])

    def head(self, sums: Floats, _counts: Floats, /) -> Floats:
        """Return the sums at unit length."""
        norms = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
        vectors: Floats = sums / norms
        return vectors


@dataclass(frozen=True, slots=True)
class Side:
    """The sentences of one document, as sums over sentences so that any run costs a difference.

    `length` (n + 1,) are running totals of characters, `marks` (n + 1, kinds) of the signs in MARKS; `opens`
    (n + 1,) says which sentences open a block (the end counts as one), all False but the ends where blocks
    are unknown. `speech` says where somebody speaks.
    """

    encoder: PoolingEncoder
    pooled: Pooled
    length: NDArray[np.float64]
    marks: NDArray[np.float64]
    opens: NDArray[np.bool_]
    speech: Speech

    @property
    def characters(self) -> float:
        """The length of all sentences together."""
        return float(self.length[-1])

    def part(self, start: int, stop: int) -> Side:
        """Return the side of neighbouring sentences alone."""
        cuts, own = slice(start, stop + 1), slice(start, stop)
        first = self.pooled.first[cuts]
        tokens = slice(first[0], first[-1])
        pooled = replace(
            self.pooled,
            sums=self.pooled.sums[own],
            counts=self.pooled.counts[own],
            tokens=self.pooled.tokens[tokens],
            weights=self.pooled.weights[tokens],
            first=first - first[0],
        )
        opens = self.opens[cuts].copy()
        opens[[0, -1]] = True
        return Side(
            self.encoder,
            pooled,
            self.length[cuts] - self.length[start],
            self.marks[cuts] - self.marks[start],
            opens,
            self.speech.part(start, stop),
        )

    @property
    def has_tokens(self) -> bool:
        """Whether the encoder kept what it made of each token."""
        return len(self.pooled.tokens) > 0

    def __len__(self) -> int:
        return len(self.pooled.counts)

    def runs(self, size: int, start: int, stop: int) -> Floats:
        """Return the vectors of the runs of `size` sentences that start at `start` to `stop - 1` and fit."""
        stop = min(stop, len(self) - size + 1)
        if stop <= start:
            return np.zeros((0, self.encoder.dimension), dtype=np.float32)
        sums, counts = self.pooled.sums[start:stop], self.pooled.counts[start:stop]
        for k in range(1, size):
            sums = sums + self.pooled.sums[start + k : stop + k]
            counts = counts + self.pooled.counts[start + k : stop + k]
        return self.encoder.head(*self.pooled.joined(sums, counts, size))


def side(sentences: Sequence[Sentence] | Sequence[str], encoder: Encoder) -> Side:
    """Encode sentences, given as Sentence (with their blocks) or as bare strings (blocks unknown)."""
    texts = [item.text if isinstance(item, Sentence) else item for item in sentences]
    pooling = encoder if isinstance(encoder, PoolingEncoder) else MeanPooling(encoder)
    pooled = pooling.pool([_in_small_letters(text) for text in texts]) if texts else _nothing(pooling)
    blocks = [item.block if isinstance(item, Sentence) else 0 for item in sentences]
    opens = np.ones(len(texts) + 1, dtype=bool)
    opens[1:-1] = np.diff(blocks) != 0
    length = np.array([0, *(len(text.strip()) + 1 for text in texts)], dtype=np.float64)
    marks = np.array(
        [[0] * len(MARKS), *([min(sum(map(text.count, kind)), 8) for kind in MARKS] for text in texts)],
        dtype=np.float64,
    )
    return Side(pooling, pooled, length.cumsum(), marks.cumsum(axis=0), opens, speech(texts))


def _in_small_letters(text: str) -> str:
    """Return a text that is set in capitals in small letters, as encoders know it; others as they are."""
    capitals = sum(map(str.isupper, text))
    return text.capitalize() if " " in text and text.isupper() and capitals > len(text) / 2 else text


def _nothing(encoder: PoolingEncoder) -> Pooled:
    return Pooled.of(
        np.zeros((0, encoder.dimension), dtype=np.float32), np.zeros(0, dtype=np.float32), None, []
    )
