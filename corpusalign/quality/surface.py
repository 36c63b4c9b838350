"""What the letters and marks of two texts tell without knowing what they mean."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import cache, lru_cache

import regex

from corpusalign.languages import entries, known

_LETTER = regex.compile(r"\p{Letter}")
_WIDE = regex.compile(r"\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}")
# An ideograph says as much as about three letters: 1.6 characters or 5 letters make a word.
_WIDE_WEIGHT = 3
_WORD = regex.compile(r"\p{Letter}[\p{Letter}\p{Mark}\p{Number}'’-]*")
_LATIN_WORD = regex.compile(r"\p{Script=Latin}[\p{Script=Latin}\p{Mark}\p{Number}]+")
_ADDRESS = regex.compile(
    r"(?:https?://|www\.)[^\s，。；、）)】」”\"<>]+|[\w.+-]+@[\w-]+\.[\w.-]+\w", regex.ASCII
)
_MARKS = regex.compile(r"[?!:;()\[\]%/|…]|\p{Initial_Punctuation}|[\"「『《〈]")
# What other scripts write for a mark; full-width forms are found by compatibility decomposition.
_SAME_MARK = {"。": ".", "、": ",", "【": "[", "】": "]", "｡": ".", "؟": "?", "।": "."}
_CLOSING = regex.compile(r"[\s\p{Final_Punctuation}\p{Close_Punctuation}\"'”’»]+$")
_NO_LETTERS = " \t\n\u00a0«»“”\"'‘’(（「『《–—-"
_FINAL = frozenset(".?!:…")
# Rules of boilerplate are for lines; on long text they are wrong and slow.
_LONGEST_LINE = 300
_DOUBTFUL = 0.5


def own_script(text: str, lang: str) -> float:
    """Return the share of a text's letters that are in a script of its language; 1 if it has none."""
    pattern = _scripts(lang)
    if pattern is None:
        return 1.0
    own = pattern.findall(text)
    own_weight = len(own) * (_WIDE_WEIGHT if own and _WIDE.match(own[0]) else 1)
    weight = len(_LETTER.findall(text)) + (_WIDE_WEIGHT - 1) * len(_WIDE.findall(text))
    return min(own_weight / weight, 1.0) if weight else 1.0


def alphanumeric(text: str) -> float:
    """Return the share of letters and digits in a text, its white space left out; 0 if it is empty."""
    dense = "".join(text.split())
    return sum(map(str.isalnum, dense)) / len(dense) if dense else 0.0


def copied(first: str, second: str) -> float:
    """Return the share of the shorter text's words (or ideographs) that the other has too: 1 for a copy.

    Only where the shorter has words of prose: a name, a number or a formula is the same in any language.
    """
    shorter, longer = sorted((first, second), key=lambda text: _words(text).total())
    prose = any(not word[:1].isupper() for word in _words(shorter))
    if not prose:
        return 0.0
    # Case is looked at for prose only: a heading copied in capitals is a copy.
    lowered = _lowered(shorter)
    return (lowered & _lowered(longer)).total() / lowered.total()


def names_shared(first: str, second: str) -> float:
    """Return the share of what translators carry over that stands on both sides; 1 if there is nothing.

    That is: addresses, and, of the side that has fewer, words in Latin letters with a capital or a digit
    past the first word. Names are often translated (London, Londres), so this is a weak score.
    """
    carried, other_carried = _carried_over(first), _carried_over(second)
    fewer = min(carried, other_carried, key=len)
    return len(carried & other_carried) / len(fewer) if fewer else 1.0


def punctuation_agreement(first: str, second: str) -> float:
    """Return how far two texts agree in their marks, 0 to 1: in the final one and in the telling ones."""
    final, other_final = _final_mark(first), _final_mark(second)
    counts, other_counts = _marks(first), _marks(second)
    total = (counts | other_counts).total()
    inner = (counts & other_counts).total() / total if total else 1.0
    # Where one side has no final mark (a heading), a stop on the other is half a mismatch.
    ending = 1.0 if final == other_final else 0.5 if not (final and other_final) else 0.0
    return (ending + inner) / 2


def boilerplate(text: str, lang: str) -> float:
    """Return 1 for a line that the rules know as page furniture, 0.5 in case of doubt, else 0.

    In doubt are lines that are furniture at a page's edge only, and those that end as sentences do.
    """
    line = text.strip()
    if len(line) > _LONGEST_LINE:
        return 0.0
    anywhere, at_edge = _line_rules(lang)
    if anywhere is not None and anywhere.fullmatch(line):
        return _DOUBTFUL if _final_mark(line) in (".", "?") else 1.0
    return _DOUBTFUL if at_edge is not None and at_edge.fullmatch(line) else 0.0


# Of a unit in several languages, each text is compared with each other one.
_once = lru_cache(maxsize=16)


@_once
def _words(text: str) -> Counter[str]:
    """Count words; ideographs one by one, since nothing sets them apart."""
    spaced = Counter(_WORD.findall(_WIDE.sub(" ", text)))
    spaced.update(_WIDE.findall(text))
    return spaced


@_once
def _lowered(text: str) -> Counter[str]:
    lowered: Counter[str] = Counter()
    for word, count in _words(text).items():
        lowered[word.lower()] += count
    return lowered


@_once
def _carried_over(text: str) -> frozenset[str]:
    addresses = frozenset(_ADDRESS.findall(text))
    rest = _ADDRESS.sub(" ", text)
    first_word = len(rest) - len(rest.lstrip(_NO_LETTERS))
    words = {
        match[0].lower()
        for match in _LATIN_WORD.finditer(rest)
        if match.start() > first_word and not (match[0].islower() and match[0].isalpha())
    }
    return addresses | words


@_once
def _final_mark(text: str) -> str:
    last = _folded(_CLOSING.sub("", text)[-1:])
    return last if last in _FINAL else ""


@_once
def _marks(text: str) -> Counter[str]:
    """Count the telling marks; all opening quotation marks are one, whatever their shape."""
    return Counter(mark if mark in "?!:;()[]%/|…" else "“" for mark in _MARKS.findall(_folded(text)))


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    if text.isascii():
        return text
    return "".join(
        _SAME_MARK.get(char) or (unicodedata.normalize("NFKC", char) if "\uff00" < char < "\uff66" else char)
        for char in text
    )


@cache
def _scripts(lang: str) -> regex.Pattern[str] | None:
    names = _entries(lang, "scripts")
    return regex.compile("|".join(rf"\p{{Script={name}}}" for name in names)) if names else None


@cache
def _line_rules(lang: str) -> tuple[regex.Pattern[str] | None, regex.Pattern[str] | None]:
    """Return the rules of languages/*/boilerplate.txt: those for anywhere, those for a page's edge."""
    anywhere: list[str] = []
    at_edge: list[str] = []
    for entry in _entries(lang, "boilerplate"):
        reason, _, pattern = entry.partition(": ")
        (at_edge if reason.endswith("@edge") else anywhere).append(pattern)
    return _any_of(anywhere), _any_of(at_edge)


def _any_of(patterns: list[str]) -> regex.Pattern[str] | None:
    return (
        regex.compile("|".join(f"(?:{pattern})" for pattern in patterns), regex.IGNORECASE)
        if patterns
        else None
    )


def _entries(lang: str, name: str) -> tuple[str, ...]:
    code = lang.partition("-")[0]
    return entries(code, name) if code in known() else ()
