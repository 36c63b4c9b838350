"""Where somebody speaks: which sentences begin or end inside a quotation, and which close one.

Translators move words about, but who speaks and when he stops stays: in a dialogue, the end of a quotation on
one side is the end of one on the other. Quotation marks are read by shape and place alone, whatever the
language; straight and single ones, which look alike on both sides, by what stands around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_OPENING, _CLOSING, _STRAIGHT, _SINGLE = "“«「『‹„〝", "”»」』›〞", '"', "'‘’"
_DOUBLE_MARK = re.compile(f"[{_OPENING}{_CLOSING}{_STRAIGHT}]")
_ANY_MARK = re.compile(f"[{_OPENING}{_CLOSING}{_STRAIGHT}{_SINGLE}]")
# Single marks are apostrophes unless so many sentences, and such a share, begin with one.
_STARTS_WITH_SINGLE = re.compile(r"\s*['‘]\s*\w")
_FEW, _SHARE = 3, 0.02
# A dash that opens a turn of speech.
_TURN = re.compile(r"\s*[-–—]{1,2}\s*(?=[^\W\d_])")
# Sentences after which a quotation that was never closed is taken to be over.
_FORGOTTEN = 12
_BEFORE_OPENING = "—–-([（"


@dataclass(frozen=True, slots=True)
class Speech:
    """`open` (n + 1,): whether the cut before each sentence, and after the last, lies inside a quotation.

    `closes` (n,): whether a sentence ends with a closing mark. `marked`: whether that tells anything, which
    it does not where quotations are rare or turns of speech open with dashes instead.
    """

    open: NDArray[np.bool_]
    closes: NDArray[np.bool_]
    marked: bool

    def part(self, start: int, stop: int) -> Speech:
        """Return what is known of neighbouring sentences."""
        return Speech(self.open[start : stop + 1], self.closes[start:stop], self.marked)


def speech(texts: Sequence[str]) -> Speech:
    """Follow the quotations through the sentences of a document."""
    starts = sum(_STARTS_WITH_SINGLE.match(text) is not None for text in texts)
    mark = _ANY_MARK if starts >= max(_FEW, _SHARE * len(texts)) else _DOUBLE_MARK
    inside = np.zeros(len(texts) + 1, dtype=bool)
    closes = np.zeros(len(texts), dtype=bool)
    speaking, age = False, 0
    for number, text in enumerate(texts):
        ended = False
        for opening, at_end in _marks(text.strip(), mark, speaking):
            speaking, ended = opening, at_end and not opening
            age = 0
        age += 1
        speaking = speaking and age <= _FORGOTTEN
        inside[number + 1], closes[number] = speaking, ended
    turns = sum(_TURN.match(text) is not None for text in texts)
    return Speech(inside, closes, bool(closes.sum() >= max(_FEW, turns + 1)))


def _marks(text: str, mark: re.Pattern[str], speaking: bool) -> Iterator[tuple[bool, bool]]:
    """Yield, for each quotation mark, whether it opens a quotation, and whether the text ends with it."""
    for found in mark.finditer(text):
        place = found.start()
        opening = _opens(text, place, speaking)
        if opening is not None:
            speaking = opening
            yield opening, place == len(text) - 1


def _opens(text: str, place: int, speaking: bool) -> bool | None:
    """Return whether a mark opens a quotation or closes one; None for an apostrophe."""
    sign = text[place]
    before = text[place - 1] if place else " "
    after = text[place + 1] if place + 1 < len(text) else " "
    if sign in _OPENING or sign in _CLOSING:
        return sign in _OPENING
    if sign == _STRAIGHT:
        if place == 0 or place == len(text) - 1:
            return place == 0
        if before.isspace() != after.isspace():
            return before.isspace()
        return not speaking if before.isspace() or after.isalnum() else False
    if sign != "’" and (place == 0 or before.isspace() or before in _BEFORE_OPENING) and not after.isspace():
        return True
    ends_a_clause = not before.isspace() and (not before.isalnum() or place == len(text) - 1)
    return False if speaking and ends_a_clause and not after.isalnum() else None
