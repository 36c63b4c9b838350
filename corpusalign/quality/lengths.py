"""Is one side too long for the other? The log of the length ratio as a robust z score for the pair.

After Gale & Church 1993 ("A Program for Aligning Sentences in Bilingual Corpora"): the ratio of a pair of
languages is constant but for a spread that shrinks with the length of the text. Here the ratio is in logs,
its centre is the pair's median, and its variance has two terms: translation itself, and shortness.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from math import log, sqrt

from corpusalign import arguments
from corpusalign.languages import entries, known
from corpusalign.types import TranslationUnit

# Fitted to the 3,147 gold links of novels and journal articles zh-en, novels en-fr and a yearbook de-fr:
# medians and 1.4826 times the median absolute deviation of the log ratio, in classes of length.
_SPREAD = 0.19
_SPREAD_OF_SHORT = 1.4
# A batch's own median counts fully only when it comes from many units.
_PRIOR_UNITS = 50
_BIN = 0.01


@dataclass(frozen=True, slots=True)
class LengthModel:
    """The usual log length ratio (target by source) of pairs of languages, in the order of the codes."""

    centres: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def z(self, first: tuple[str, str], second: tuple[str, str]) -> float | None:
        """Return how many robust standard deviations the second (language, text) is too long for the first.

        Negative where it is too short; None for a pair of languages of which nothing is known.
        """
        (lang, text), (other_lang, other_text) = first, second
        if lang > other_lang:
            value = self.z(second, first)
            return None if value is None else -value
        centre = self.centres.get((lang, other_lang))
        if centre is None:
            centre = default_centre(lang, other_lang)
        if centre is None:
            return None
        size, other_size = length(text), length(other_text)
        usual = sqrt(size / _relative_length(lang) * other_size / _relative_length(other_lang))
        spread = sqrt(_SPREAD**2 + _SPREAD_OF_SHORT**2 / usual)
        return (log(other_size / size) - centre) / spread


@arguments.checked(units=arguments.units)
def estimate_lengths(units: Iterable[TranslationUnit]) -> LengthModel:
    """Return the length model of a memory: the median log ratio of each pair, in constant memory.

    The default of a pair stands in for its first 50 units, so that a small memory is not judged by itself.
    """
    bins: dict[tuple[str, str], Counter[int]] = {}
    for unit in units:
        for pair in combinations(sorted(unit.variants), 2):
            first, second = (length(unit.variants[code]) for code in pair)
            bins.setdefault((pair[0], pair[1]), Counter())[round(log(second / first) / _BIN)] += 1
    centres = {}
    for (first_code, second_code), counts in bins.items():
        default = default_centre(first_code, second_code)
        if default is not None:
            counts[round(default / _BIN)] += _PRIOR_UNITS
        elif counts.total() < _PRIOR_UNITS:
            continue
        centres[first_code, second_code] = _median(counts) * _BIN
    return LengthModel(centres)


def length(text: str) -> int:
    """Return the characters of a text without its white space, at least 1."""
    return max(sum(map(len, text.split())), 1)


def default_centre(first: str, second: str) -> float | None:
    """Return the usual log length ratio of two languages (second by first), None where one is unknown."""
    if not (_has_length(first) and _has_length(second)):
        return None
    return log(_relative_length(second) / _relative_length(first))


def _median(counts: Counter[int]) -> int:
    half, seen = counts.total() / 2, 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= half:
            return value
    raise ValueError("no counts")


@cache
def _has_length(lang: str) -> bool:
    code = lang.partition("-")[0]
    return code in known() and bool(entries(code, "length"))


@cache
def _relative_length(lang: str) -> float:
    """Return how many characters say what one character of English says; 1 where nothing is known."""
    return float(entries(lang.partition("-")[0], "length")[0]) if _has_length(lang) else 1.0
