"""What a full stop belongs to: the sentence, or only the word before it.

Abbreviations, initials, ordinals and numbers that count items carry one too. Every look goes at most
`WORD_REACH` characters to either side: longer words are no abbreviations.
"""

from __future__ import annotations

import re

from corpusalign.segment.rules import Abbreviation, Rules

WORD_REACH = 40

_OPENERS = "([{<“\"'‘«„‚「『《（［【—–-*"
_LETTER_PAIRS = re.compile(r"(?:[^\W\d_]\.[-‐]?)+[^\W\d_]")
_NUMBER = re.compile(r"[A-Za-z]?\d[\d.,:]*[a-z]?|[IVXLC]+|[ivxl]+|[A-Za-z]")
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_WORD_END = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*['’]?\Z")
_APOSTROPHE = re.compile("[’']")
# A Latin word behind letters of a script that writes no spaces: 由Dr.
_LATIN_END = re.compile(r"(?<=[\u2e80-\uffef])[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f.’'-]*\Z")
_PART = re.compile(r"[-/.(\[]")


def ends_whole_word(text: str, start: int, mark: int, rules: Rules) -> bool:
    """Tell whether what stands in front of the full stop is surely no abbreviation, listed or not."""
    if rules.whole_word is None:
        return False
    return rules.whole_word.search(text[max(start, mark - WORD_REACH) : mark]) is not None


def lacks_space(text: str, start: int, mark: int, begin: int, rules: Rules) -> bool:
    """Tell whether only the space is missing between two sentences: in the end.But then they left.

    File names and addresses look the same, so that it takes a whole word in front and an opening word behind.
    """
    if begin != mark + 1 or not text[begin].isupper() or not ends_whole_word(text, start, mark, rules):
        return False
    word = _WORD.match(text, begin, begin + WORD_REACH)
    return word is not None and text[word.end() : word.end() + 1].isspace() and _starts(text, begin, rules)


def stammers(text: str, start: int, mark: int, begin: int) -> bool:
    """Tell whether the word in front of an ellipsis is said again behind it: I... I don't know."""
    before = _WORD_END.search(text[max(start, mark - WORD_REACH) : mark])
    after = _WORD.match(text, begin, begin + WORD_REACH)
    if not before or not after:
        return False
    again = _APOSTROPHE.split(after.group())[0]
    return _APOSTROPHE.split(before.group())[0].lower() == again.lower()


def belongs_to_word(text: str, start: int, mark: int, begin: int, rules: Rules) -> bool:
    """Tell whether the full stop at `mark` belongs to the word before it and ends no sentence before `begin`.

    `start` is where the sentence starts, `begin` the first letter or digit of what follows.
    """
    reach = max(start, mark - WORD_REACH)
    window = text[reach:mark]
    words = window.rsplit(None, 2)
    token = words[-1].lstrip(_OPENERS) if words else ""
    if not token:
        return False
    if _counts_item(words, token, reach == start, rules) or _ordinal(words, token, text, begin, rules):
        return True
    cores = _cores(token, rules)
    for core in cores:
        kind = _compound(core, window, text, mark, rules)
        kinds = rules.abbreviations.get(core, frozenset()) if kind is None else frozenset((kind,))
        if kinds and (decided := _by_kinds(kinds, text, begin, rules)) is not None:
            return decided
    core = cores[-1]
    if len(core) == 1 and core.isupper():
        if core in rules.word_letters or (len(words) > 1 and words[-2] in rules.lettered_nouns):
            return False
        return not _starts(text, begin, rules)
    return "." in token and _LETTER_PAIRS.fullmatch(token) is not None and not _starts(text, begin, rules)


def _counts_item(words: list[str], token: str, from_start: bool, rules: Rules) -> bool:
    """Tell whether a number or letter counts an item: where the sentence starts, also behind a label."""
    if rules.enumerator is None or len(token) > 12:
        return False
    alone = from_start and len(words) == 1
    labelled = from_start and len(words) == 2 and words[0].lstrip(_OPENERS) in rules.labels
    announced = len(words) > 1 and words[-2][-1] in ":;：；"
    return (alone or labelled or announced) and rules.enumerator.fullmatch(token) is not None


def _ordinal(words: list[str], token: str, text: str, begin: int, rules: Rules) -> bool:
    """Tell whether a number with a full stop is an ordinal, by the word on either side of it."""
    if len(token) > 2 or not token.isdigit():
        return False
    if len(words) > 1 and words[-2] in rules.ordinals_before:
        return True
    word = _WORD.match(text, begin, begin + WORD_REACH)
    return word is not None and word.group() in rules.ordinals_after


def _cores(token: str, rules: Rules) -> tuple[str, ...]:
    """Return what to look up for a token: itself, its end behind an elision, another script, a hyphen."""
    if token.isalpha() and token.isascii():
        return (token,)
    cores = [token]
    head, apostrophe, tail = token.replace("’", "'").rpartition("'")
    if apostrophe and tail and head.lower() in rules.elisions:
        cores.append(tail)
    latin = _LATIN_END.search(cores[-1])
    if latin:
        cores.append(latin.group())
    part = _PART.split(cores[-1])[-1]
    if len(part) > 1 and part != cores[-1]:
        cores.append(part)
    return tuple(cores)


def _compound(core: str, window: str, text: str, mark: int, rules: Rules) -> Abbreviation | None:
    """Return the kind of the abbreviation of several words that `core` is part of."""
    for compound in rules.compounds.get(core, ()):
        if compound.left.match(window[: len(window) - len(core)]) and compound.right.match(text, mark + 1):
            return compound.kind
    return None


def _by_kinds(kinds: frozenset[Abbreviation], text: str, begin: int, rules: Rules) -> bool | None:
    """Decide by how a listed abbreviation stands to the end of a sentence; None if its lists do not say."""
    if Abbreviation.NEVER_ENDING in kinds:
        return True
    if Abbreviation.BEFORE_NUMBER in kinds:
        word = _WORD.match(text, begin, begin + WORD_REACH)
        found = word.group() if word else ""
        opens = found in rules.starters and not _is_initial(text, word)
        if found[:1].isdigit() or (_NUMBER.fullmatch(found) and not opens):
            return True
    if Abbreviation.OFTEN_ENDING in kinds:
        word = _WORD.match(text, begin, begin + WORD_REACH)
        return text[begin].islower() or (word is not None and word.group() in rules.continuations)
    if Abbreviation.ENDING_POSSIBLE in kinds:
        return not _starts(text, begin, rules)
    return None


def _is_initial(text: str, word: re.Match[str] | None) -> bool:
    """Tell whether a word that follows is a single letter with a full stop of its own: art. L. 123."""
    return word is not None and word.end() - word.start() == 1 and text[word.end() : word.end() + 1] == "."


def _starts(text: str, begin: int, rules: Rules) -> bool:
    """Tell whether the word at `begin` is one that opens a sentence, not one that has a capital by itself."""
    word = _WORD.match(text, begin, begin + WORD_REACH)
    if not word or _is_initial(text, word):
        return False
    found = word.group()
    if found.isupper() and len(found) > 1:
        found = found.capitalize()
    return found in rules.starters or found.replace("’", "'").partition("'")[0] in rules.starters
