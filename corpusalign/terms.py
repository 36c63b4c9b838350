"""Term candidates: words that come together again and again, always beside the same words elsewhere."""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from heapq import nsmallest
from math import log

from corpusalign import arguments
from corpusalign.files import atomic_text
from corpusalign.languages import entries, known, language
from corpusalign.types import TranslationUnit

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# In writing without spaces, a word of another script is one character among the others.
_CHARACTER = re.compile(r"[^\W_\u2e80-\U0003ffff]+|.")
# Between the words of one term there may be a space, a hyphen or an apostrophe, and nothing else.
_WITHIN = frozenset({"", " ", "-", "'", "’", "\u00a0"})
_MOST_WORDS = 5
_MOST_CHARACTERS = 8
_EXAMPLES = 3
# Terms of one text that are paired with those of its translation: a sentence has a dozen, a whole page in one
# unit thousands.
_MOST_TERMS = 200
# An n-gram that nearly always stands inside one longer one is a piece of that.
_PIECE = 0.9


@dataclass(frozen=True, slots=True)
class TermPair:
    """Two terms that may translate each other.

    `count` units have both, `source_count` and `target_count` have each; `association` is Dunning's
    log-likelihood ratio; `examples` are the texts (source, target) of up to three units that have both.
    """

    source: str
    target: str
    count: int
    source_count: int
    target_count: int
    association: float
    examples: tuple[tuple[str, str], ...] = ()

    @property
    def dice(self) -> float:
        """The share of the occurrences of both that are together: 1 if neither is without the other."""
        return 2 * self.count / (self.source_count + self.target_count)


@arguments.checked(
    opened=arguments.function,
    languages=arguments.two_languages,
    least=arguments.whole,
    least_dice=arguments.number,
)
def terms(
    opened: Callable[[], Iterable[TranslationUnit]],
    languages: tuple[str, str],
    *,
    least: int = 3,
    least_dice: float = 0.5,
) -> list[TermPair]:
    """Return the term candidates of a memory, those with the strongest association first.

    A candidate is a sequence of two to five words (in Chinese, two to eight characters) without a mark in
    it, neither begun nor ended by a word of `function-words.txt`, that stands in `least` units or more and
    is no mere piece of a longer one (after Frantzi et al. 2000, "Automatic recognition of multi-word terms").
    Two of them are paired where each is the other's best match by log-likelihood (Dunning 1993, "Accurate
    Methods for the Statistics of Surprise and Coincidence"), and Dice's coefficient is `least_dice` or more.

    `opened` opens the memory anew (four times). The n-grams of the memory are counted in memory; of a unit
    with more than 200 candidates in a language, the rarest 200 are paired.
    """
    source, target = languages
    chosen = {code: _frequent(opened, code, languages, least) for code in languages}
    together: Counter[tuple[str, str]] = Counter()
    first_units: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    units = 0
    for unit in _with_both(opened, languages):
        ours, theirs = (_candidates(unit.variants[code], code, chosen[code]) for code in languages)
        for pair in ((one, other) for one in ours for other in theirs):
            together[pair] += 1
            if len(first_units[pair]) < _EXAMPLES:
                first_units[pair].append(units)
        units += 1
    found = [
        (_pair(count, chosen[source][one], chosen[target][other], units), first_units[one, other])
        for (one, other), count in together.items()
        if count >= least
    ]
    best = _best_of_both([(pair, first) for pair, first in found if pair.dice >= least_dice])
    wanted = {number for _, first in best for number in first}
    texts = {
        number: (unit.variants[source], unit.variants[target])
        for number, unit in enumerate(_with_both(opened, languages))
        if number in wanted
    }
    return [replace(pair, examples=tuple(texts[number] for number in first)) for pair, first in best]


@arguments.checked(
    pairs=arguments.stream(arguments.one_of(TermPair)), path=arguments.path, languages=arguments.two_languages
)
def write_terms(pairs: Iterable[TermPair], path: str | os.PathLike[str], languages: tuple[str, str]) -> int:
    """Write term pairs as a table (UTF-8, tabs, a head) and return how many there were.

    In examples, white space of any kind is one space, and ` | ` stands between the two texts.
    """
    written = 0
    with atomic_text(path) as stream:
        head = (*languages, "count", "source_count", "target_count", "dice", "association", "examples")
        stream.write("\t".join(head) + "\n")
        for pair in pairs:
            examples = (" | ".join(" ".join(text.split()) for text in texts) for texts in pair.examples)
            figures = (
                str(pair.count),
                str(pair.source_count),
                str(pair.target_count),
                f"{pair.dice:.3f}",
                f"{pair.association:.1f}",
            )
            stream.write("\t".join((pair.source, pair.target, *figures, *examples)) + "\n")
            written += 1
    return written


@arguments.checked(pairs=arguments.stream(arguments.one_of(TermPair)), languages=arguments.two_languages)
def as_units(pairs: Iterable[TermPair], languages: tuple[str, str]) -> Iterator[TranslationUnit]:
    """Yield term pairs as units, to be written in any format: counts as scores, examples in the note."""
    source, target = languages
    for number, pair in enumerate(pairs, start=1):
        yield TranslationUnit(
            f"term-{number}",
            {source: pair.source, target: pair.target},
            pair.dice,
            {
                "count": float(pair.count),
                "source_count": float(pair.source_count),
                "target_count": float(pair.target_count),
                "association": round(pair.association, 2),
            },
            note="\n".join(" | ".join(texts) for texts in pair.examples) or None,
        )


def _with_both(
    opened: Callable[[], Iterable[TranslationUnit]], languages: tuple[str, str]
) -> Iterator[TranslationUnit]:
    return (unit for unit in opened() if set(languages) <= unit.variants.keys())


def _frequent(
    opened: Callable[[], Iterable[TranslationUnit]], code: str, languages: tuple[str, str], least: int
) -> dict[str, tuple[int, str]]:
    """Return the candidates of one language: in how many units each stands, and how it is mostly written."""
    counts: Counter[str] = Counter()
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for unit in _with_both(opened, languages):
        for key, surface in _ngrams(unit.variants[code], code).items():
            counts[key] += 1
            written[key][surface] += 1
    frequent = {key: count for key, count in counts.items() if count >= least}
    pieces = {
        piece
        for key, count in frequent.items()
        for piece in _shorter(key, code)
        if count >= _PIECE * frequent.get(piece, count + 1)
    }
    return {
        key: (count, written[key].most_common(1)[0][0])
        for key, count in frequent.items()
        if key not in pieces
    }


def _candidates(text: str, code: str, chosen: Mapping[str, tuple[int, str]]) -> Collection[str]:
    """Return the chosen terms of a text; of a text that has very many, the rarest, which tell the most."""
    found = _ngrams(text, code).keys() & chosen.keys()
    return nsmallest(_MOST_TERMS, found, key=lambda key: (chosen[key][0], key))


def _shorter(key: str, code: str) -> Iterator[str]:
    """Yield all n-grams inside an n-gram."""
    unspaced = not _joiner(code)
    parts = _CHARACTER.findall(key) if unspaced else key.split()
    for size in range(2, len(parts)):
        for start in range(len(parts) - size + 1):
            yield ("" if unspaced else " ").join(parts[start : start + size])


def _ngrams(text: str, code: str) -> dict[str, str]:
    """Return the n-grams of a text that may be terms: as compared, and as written the first time."""
    found: dict[str, str] = {}
    unspaced = not _joiner(code)
    closed = _function_words(code)
    for run in _runs(text, unspaced):
        keys = [text[start:end].lower() for start, end in run]
        may_stand_at_edge = [
            key not in closed and not key.isdigit() and (unspaced or len(key) > 1) for key in keys
        ]
        most = _MOST_CHARACTERS if unspaced else _MOST_WORDS
        for first, begins in enumerate(may_stand_at_edge):
            if not begins:
                continue
            for last in range(first + 1, min(first + most, len(run))):
                if may_stand_at_edge[last]:
                    key = ("" if unspaced else " ").join(keys[first : last + 1])
                    found.setdefault(key, text[run[first][0] : run[last][1]])
    return found


def _runs(text: str, unspaced: bool) -> Iterator[list[tuple[int, int]]]:
    """Yield the places of words (of characters, in writing without spaces) that no mark sets apart."""
    run: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        if run and (text[run[-1][1] : match.start()] not in _WITHIN or unspaced):
            yield run
            run = []
        if unspaced:
            run.extend(piece.span() for piece in _CHARACTER.finditer(text, *match.span()))
        else:
            run.append(match.span())
    if run:
        yield run


def _pair(count: int, source: tuple[int, str], target: tuple[int, str], units: int) -> TermPair:
    (source_count, source_text), (target_count, target_text) = source, target
    association = _log_likelihood(count, source_count, target_count, units)
    return TermPair(source_text, target_text, count, source_count, target_count, association)


def _best_of_both(found: list[tuple[TermPair, list[int]]]) -> list[tuple[TermPair, list[int]]]:
    """Return the pairs in which each term has no better match than the other, the strongest first."""
    ordered = sorted(found, key=lambda one: (-one[0].association, -one[0].dice, one[0].source, one[0].target))
    best: dict[str, TermPair] = {}
    best_back: dict[str, TermPair] = {}
    for pair, _ in ordered:
        best.setdefault(pair.source, pair)
        best_back.setdefault(pair.target, pair)
    return [(pair, first) for pair, first in ordered if best[pair.source] is pair is best_back[pair.target]]


def _log_likelihood(both: int, one: int, other: int, units: int) -> float:
    """Return Dunning's ratio of a two by two table: units with both, with one, with the other, in all."""
    table = (both, one - both, other - both, units - one - other + both)
    expected = (
        one * other / units,
        one * (units - other) / units,
        (units - one) * other / units,
        (units - one) * (units - other) / units,
    )
    return 2 * sum(
        seen * log(seen / chance) for seen, chance in zip(table, expected, strict=True) if seen > 0
    )


@cache
def _function_words(code: str) -> frozenset[str]:
    folder = code.partition("-")[0]
    return frozenset(entries(folder, "function-words")) if folder in known() else frozenset()


@cache
def _joiner(code: str) -> str:
    folder = code.partition("-")[0]
    return language(folder).joiner if folder in known() else " "
