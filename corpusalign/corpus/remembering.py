"""An encoder that remembers the sentences of one page set, since scoring looks at what aligning has read."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpusalign.encode import Pooled, PoolingEncoder

_Floats = NDArray[np.float32]


class Remembering:
    """A pooling encoder that reads each text once; made for one page set, and forgotten with it."""

    def __init__(self, encoder: PoolingEncoder) -> None:
        self._encoder = encoder
        self._sums: dict[str, tuple[_Floats, float]] = {}
        self.name = encoder.name
        self.dimension = encoder.dimension

    def pool(self, texts: list[str]) -> Pooled:
        """Return what was read in each text, and remember the sums."""
        pooled = self._encoder.pool(texts)
        self._sums.update(zip(texts, zip(pooled.sums, pooled.counts.tolist(), strict=True), strict=True))
        return pooled

    def head(self, sums: _Floats, counts: _Floats) -> _Floats:
        """Return what the encoder returns."""
        return self._encoder.head(sums, counts)

    def encode(self, texts: list[str]) -> _Floats:
        """Return one unit-length row a text, those that were read before from their sums."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._sums]
        if fresh:
            self.pool(fresh)
        known = [self._sums[text] for text in texts]
        sums = np.array([one for one, _ in known], np.float32).reshape(-1, self.dimension)
        return self.head(sums, np.array([count for _, count in known], np.float32))
