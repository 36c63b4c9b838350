"""The texture of texts: their punctuation, digits and signs, counted without knowing a language.

All texts of a page are counted at once, in one string with a separator that no text holds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

_NOT_LETTERS = re.compile(r"[\W_]+")
_SEPARATOR = "\x00"

# What single characters count as; none is beyond the plane that has nearly all of them.
_CLASSES = {
    "wide": "[\u2e80-\u9fff\uf900-\ufaff]",
    "digit": r"\d",
    "capital": "[A-ZÀ-ÞŒ]",
    "stop": "[。！？…]",
    "stop before a space": "[.!?]",
    "stop at the end": '[.!?”"»」』)）]',
    "comma": "[，、；：]",
    "comma before a space": "[,;]",
    "bar": "[|｜»•]",
    "bar between spaces": "[·›>]",
    "colon": "[:：]",
    "bullet": "[»›>«<·•■□▪◆→←↑▲▼【[]",
}
_PLANE = 0x10000

_STOPS = tuple(".!?。！？…")
_CLOSERS = "”’\"'»›）)】』」]"

# Signs that matter in a line, and make none of a longer text; they are looked for in lower case.
_LONGEST_LINE = 300
_SIGNS = (
    re.compile(r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d|\b(?:19|20)\d\d\b"),
    re.compile(r"\b\d{1,2}[:：h]\d\d\b"),
    re.compile("©|\\(c\\)|copyright|rights reserved|版权|版權|icp|droits réservés"),
    re.compile(r"https?://|www\.|@\w+\.|\.(?<=\w\.)(?:com|org|net|cn|fr|eu)\b"),
)
# So many of them are written with digits.
_DIGITAL = 2
# The one word that consent notices share in most languages.
_COOKIE = re.compile("cookie", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of each text, one row a text: shape (texts,) each, `signs` (texts, 4), 0 or 1.

    `wide` counts ideographs, each of which says as much as some letters; `signs` tell a date, a clock time,
    rights and an address in a line.
    """

    wide: NDArray[np.float64]
    stops: NDArray[np.float64]
    commas: NDArray[np.float64]
    ended: NDArray[np.bool_]
    digits: NDArray[np.float64]
    capitals: NDArray[np.float64]
    bars: NDArray[np.float64]
    signs: NDArray[np.float64]
    colon_at_end: NDArray[np.bool_]
    bullet_at_start: NDArray[np.bool_]
    cookies: NDArray[np.float64]


def letters(text: str) -> str:
    """Return a text's letters and digits in lower case: what titles are compared by."""
    folded = text.casefold()
    return folded if folded.isalnum() else _NOT_LETTERS.sub("", folded)


def figures(texts: Sequence[str]) -> Figures:
    """Count the texts of a page; none of them is empty."""
    together = _SEPARATOR.join(texts) + _SEPARATOR
    lengths = np.array([len(text) for text in texts])
    starts = np.cumsum(lengths + 1) - (lengths + 1)
    codes = np.frombuffer(together.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    classes = _classes()[np.minimum(codes, _PLANE - 1)]
    space = codes == ord(" ")
    before_space = np.append(space[1:], False)
    between_spaces = before_space & np.append(False, space[:-1])
    first, last = classes[starts], classes[starts + lengths - 1]

    def are(name: str) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = classes & _bit(name) != 0
        return found

    def counted(marked: NDArray[np.bool_]) -> NDArray[np.float64]:
        count: NDArray[np.float64] = np.add.reduceat(marked, starts, dtype=np.float64)
        return count

    stops = counted(are("stop") | (are("stop before a space") & before_space))
    digits = counted(are("digit"))
    short = lengths <= _LONGEST_LINE
    signs = np.zeros((len(texts), len(_SIGNS)))
    for sign, pattern in enumerate(_SIGNS):
        # Dates and clocks are told by digits, and few lines have any.
        among = np.flatnonzero(short & (digits > 0) if sign < _DIGITAL else short)
        lines = [texts[number].lower() for number in among.tolist()]
        line_starts = np.cumsum([0, *(len(line) + 1 for line in lines)])[:-1]
        signs[among, sign] = _found(pattern, _SEPARATOR.join(lines), line_starts)
    return Figures(
        wide=counted(are("wide")),
        stops=stops + (last & _bit("stop at the end") != 0),
        commas=counted(are("comma") | (are("comma before a space") & before_space)),
        ended=np.array([text.rstrip(_CLOSERS).endswith(_STOPS) for text in texts]),
        digits=digits,
        capitals=counted(are("capital")),
        bars=counted(are("bar") | (are("bar between spaces") & between_spaces)),
        signs=np.minimum(signs, 1),
        colon_at_end=last & _bit("colon") != 0,
        bullet_at_start=first & _bit("bullet") != 0,
        cookies=_found(_COOKIE, together, starts),
    )


def _found(pattern: re.Pattern[str], together: str, starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how often each text has what a pattern matches."""
    places = [match.start() for match in pattern.finditer(together)]
    owners = np.searchsorted(starts, np.array(places, dtype=np.int64), side="right") - 1
    return np.bincount(owners, minlength=len(starts)).astype(float)


def _bit(name: str) -> int:
    return 1 << list(_CLASSES).index(name)


@cache
def _classes() -> NDArray[np.uint16]:
    """Return the classes of each character, as bits."""
    every = "".join(map(chr, range(_PLANE)))
    classes = np.zeros(_PLANE, dtype=np.uint16)
    for name, pattern in _CLASSES.items():
        classes[[match.start() for match in re.finditer(pattern, every)]] |= _bit(name)
    return classes
