"""The model of langid.py (Lui & Baldwin 2012) on many texts at a time.

A naive Bayes classifier over telling n-grams of bytes; an automaton (Aho & Corasick 1975) finds them. Model
and method are those of the wheel `py3langid`; here the automaton reads pieces of all texts abreast, a byte of
each at a time, where it would take a step of the interpreter for every byte.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from py3langid import langid, modelio

_Floats = NDArray[np.float32]
_Indices = NDArray[np.int64]

# Bytes that are read one after another, and how many more before them so that no n-gram is cut: of six bytes
# at most.
_PIECE, _LEAD = 32, 6
# Bytes of texts that are read abreast: what is kept of each takes some forty times its room.
_TOGETHER = 1 << 18


@dataclass(frozen=True, slots=True)
class Model:
    """What n-grams there are and what each tells.

    `likelihoods` (n-grams, columns) are logarithms, `priors` (columns,) too; `column` of each language is the
    first of its columns (some have two). The automaton goes from a state to `moves[row[state], byte]`, where
    it has read the n-gram `found`, or none (-1).
    """

    likelihoods: NDArray[np.float16]
    priors: _Floats
    columns: dict[str, int]
    aliases: tuple[tuple[int, int], ...]
    moves: NDArray[np.unsignedinteger]
    row: NDArray[np.unsignedinteger]
    found: NDArray[np.int32]

    def probabilities(self, texts: Sequence[str]) -> _Floats:
        """Return the probability of each language (in the order of `languages`) for each text.

        Shape (texts, languages). A text in which nothing is known gives all languages the same.
        """
        known = np.empty((len(texts), len(self.columns)), dtype=np.float32)
        data = list(map(_encoded, texts))
        ends = np.cumsum([0, *map(len, data)])
        first = 0
        while first < len(data):
            last = max(first + 1, int(np.searchsorted(ends, ends[first] + _TOGETHER, side="right")) - 1)
            known[first:last] = self._probabilities(data[first:last])
            first = last
        return known

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages that are told apart."""
        return tuple(self.columns)

    def _probabilities(self, data: Sequence[bytes]) -> _Floats:
        scores = np.zeros((len(data), len(self.priors)), dtype=np.float32)
        owners, ngrams, counts = self._counted(data)
        weights = np.log1p(counts.astype(np.float32))
        bounds = np.searchsorted(owners, np.arange(len(data) + 1))
        for text, (start, stop) in enumerate(pairwise(bounds.tolist())):
            if stop > start:
                # One product a text: in a larger one the last bits would depend on the other texts.
                table = self.likelihoods[ngrams[start:stop]].astype(np.float32)
                scores[text] = weights[start:stop] @ table + self.priors
        # As py3langid does, so that long texts are not too sure.
        scores /= np.sqrt(np.maximum([len(one) for one in data], 1)).astype(np.float32)[:, None]
        np.exp(scores - scores.max(axis=1, keepdims=True), out=scores)
        scores /= scores.sum(axis=1, keepdims=True)
        for column, alias in self.aliases:
            scores[:, column] += scores[:, alias]
        return scores[:, list(self.columns.values())]

    def _counted(self, data: Sequence[bytes]) -> tuple[_Indices, _Indices, _Indices]:
        """Return how often each text holds each n-gram: of which text, sorted, which one, and how often."""
        flat = np.frombuffer(b"".join(data), dtype=np.uint8)
        sizes = np.array([len(one) for one in data], dtype=np.int64)
        pieces = -(-sizes // _PIECE)
        text = np.repeat(np.arange(len(data)), pieces)
        place = (np.arange(len(text)) - np.repeat(np.cumsum(pieces) - pieces, pieces)) * _PIECE
        lead = np.minimum(place, _LEAD)
        length = np.minimum(sizes[text] - place, _PIECE) + lead
        start = (np.cumsum(sizes) - sizes)[text] + place - lead
        # The longest first: those that have a byte more to be read are then the first so many.
        order = np.argsort(-length, kind="stable")
        text, lead, length, start = text[order], lead[order], length[order], start[order]
        state = np.zeros(len(text), dtype=np.int64)
        seen: list[_Indices] = []
        for step in range(int(length[0]) if len(length) else 0):
            reading = int(np.searchsorted(-length, -step))
            state = self.moves[self.row[state[:reading]], flat[start[:reading] + step]].astype(np.int64)
            ngram = self.found[state]
            told = (ngram >= 0) & (lead[:reading] <= step)
            seen.append(text[:reading][told] * len(self.likelihoods) + ngram[told])
        keys, counts = np.unique(np.concatenate(seen or [state]), return_counts=True)
        owners, ngrams = np.divmod(keys, len(self.likelihoods))
        return owners, ngrams, counts


@cache
def model() -> Model:
    """Load the wheel's model, once a process (0.4 s, most of which unpacks it)."""
    path = Path(langid.__file__).parent / langid.MODEL_DIR / langid.MODEL_FILE
    likelihoods, priors, languages, moves, row, found = modelio.load_model(path)
    columns: dict[str, int] = {}
    aliases = tuple(
        (columns[code], column)
        for column, code in enumerate(languages)
        if columns.setdefault(code, column) != column
    )
    return Model(
        np.asarray(likelihoods),
        np.asarray(priors, dtype=np.float32),
        columns,
        aliases,
        np.frombuffer(moves, dtype=moves.typecode).reshape(-1, 256),
        np.frombuffer(row, dtype=row.typecode),
        np.array(found, dtype=np.int32),
    )


def _encoded(text: str) -> bytes:
    """Return the bytes of a text as the model was learned from them."""
    if text.isupper():
        text = text.lower()
    return unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")
