"""Where sentences end: one pass over the candidates, each decided by what stands at most a few words away.

The time is linear in the text: the candidates' pattern is possessive, and every look back or ahead is bounded. A
decision looks at the text from the start of its own sentence onwards only, so that a sentence segmented again is
itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpusalign.segment.rules import Abbreviation, Rules

# How far back a word may reach, and how far a bracket may lie open: longer ones are no abbreviations or asides.
WORD_REACH = 40
BRACKET_REACH = 600

_BLANK_LINE = re.compile(
    r"(?:\r\n|[\n\r\x85\u2028])[^\S\n\r\x85\u2028]*+(?:\r\n|[\n\r\x85\u2028])\s*+|[\f\v\u2029]\s*+"
)
_LETTER_PAIRS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_NUMBER = re.compile(r"\d[\d.,]*|[IVXLCivxlc]+|[A-Za-z]")
_ROMAN = re.compile(r"[IVXLC]+")
_LIST_MARK = re.compile(r"\((?:[a-z]|[ivx]{1,5}|\d{1,3})\)\s")
_MIXED_CASE = re.compile(r"[a-z]{1,2}[A-Z]")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f](?:[.\-’']?[A-Za-z\u00c0-\u024f])*\Z")
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
# Ideographs, kana, hangul and their full-width company: scripts that put no space between sentences.
_UNSPACED = re.compile(r"[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
# What never stands at the start of a sentence.
_CONTINUING = frozenset(",;:.!?)]}%‰&+=/…»›”’，、；：。！？）］】》〉」』·~～")


def paragraphs(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Cut `text[start:stop]` at its blank lines; spans have no white space at their ends, and none is empty."""
    at = start
    for gap in _BLANK_LINE.finditer(text, start, stop):
        yield from _trimmed(text, at, gap.start())
        at = gap.end()
    yield from _trimmed(text, at, stop)


def _trimmed(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    part = text[start:stop]
    inner = part.strip()
    if inner:
        first = start + len(part) - len(part.lstrip())
        yield first, first + len(inner)


def sentences(text: str, start: int, stop: int, rules: Rules) -> Iterator[tuple[int, int]]:
    """Cut one paragraph, `text[start:stop]` without white space at its ends, into the spans of its sentences."""
    marks = rules.marks
    for match in rules.candidate.finditer(text, start, stop):
        following = match.end()
        if following == stop:
            break
        mark, mark_end = match.span(1)
        if mark == start:
            # Nothing but marks so far: an ellipsis that opens the sentence.
            continue
        end = match.end(2)
        where = marks[text[mark_end - 1]]
        if mark_end - mark > 1 or end > mark_end:
            where = _where(text, mark, end, rules)
        if where == "spaced":
            ends = _ends_spaced(text, start, mark, mark_end, end, following, rules)
        elif where == "anywhere":
            ends = text[following] not in _CONTINUING
        else:
            ends = any(text[place] in rules.closing_quotes for place in range(mark_end, end)) and (
                text[following] not in _CONTINUING
            )
        # Without a space to tell, `（谁知道呢？）` goes on behind its bracket; a capital behind one begins anew.
        if ends and not _inside_brackets(text, start, mark if where == "anywhere" else end, stop, rules):
            yield start, end
            start = following
    yield start, stop


def _where(text: str, mark: int, end: int, rules: Rules) -> str:
    """Return where a run of marks with its tail ends a sentence: as the firmest mark among them does."""
    kinds = {
        rules.marks[character] for character in text[mark : min(end, mark + 20)] if character in rules.marks
    }
    if "anywhere" in kinds:
        return "anywhere"
    if "quoted" in kinds and not kinds - {"quoted"}:
        return "quoted"
    if "quoted" in rules.marks.values() and text[mark : mark + 2] in ("..", "．．"):
        return "quoted"
    return "spaced"


def _inside_brackets(text: str, start: int, end: int, stop: int, rules: Rules) -> bool:
    """Tell whether a bracket that opened inside the sentence is still open at `end`, and closes further on."""
    for opening, closing in rules.brackets:
        opened = text.rfind(opening, max(start, end - BRACKET_REACH), end)
        if opened <= start or text.find(closing, opened, end) >= 0:
            continue
        if text.find(closing, end, min(stop, end + BRACKET_REACH)) >= 0:
            return True
    return False


def _ends_spaced(
    text: str, start: int, mark: int, mark_end: int, end: int, following: int, rules: Rules
) -> bool:
    """Decide at marks that end a sentence where white space follows."""
    first = text[following]
    if end == following and not _touching(text, mark, mark_end, end, first, rules):
        return False
    begin = following
    if not first.isalnum():
        opened = rules.opening.match(text, following)
        begin = opened.end() if opened else following
        if begin >= len(text):
            return False
        first = text[begin]
    if first in _CONTINUING:
        return False
    quoted = any(text[place] in rules.closing_quotes for place in range(mark_end, end))
    if begin > following and _LIST_MARK.match(text, following):
        return True
    if first.islower() and not _MIXED_CASE.match(text, begin):
        # A writer who began this sentence in lower case may begin the next one so too; but `?" she said` never.
        if quoted or begin > following or not text[start].islower() or _MIXED_CASE.match(text, start):
            return False
        if mark_end - mark > 1 and text[mark] in ".…":
            return False
        return text[mark] != "." or not _abbreviated(text, start, mark, begin, rules)
    if text[mark] in ".．" and mark_end - mark == 1 and not quoted:
        return not _abbreviated(text, start, mark, begin, rules)
    return True


def _touching(text: str, mark: int, mark_end: int, end: int, first: str, rules: Rules) -> bool:
    """Tell whether marks without white space behind them may still end a sentence.

    They may between letters of a script that writes no spaces, and between a closing and an opening quote.
    """
    if _UNSPACED.match(text[mark - 1]) and text[mark - 1] not in "０１２３４５６７８９":
        return bool(_UNSPACED.match(first)) or first in rules.opening_quotes
    return end > mark_end and first in rules.opening_quotes


def _abbreviated(text: str, start: int, mark: int, begin: int, rules: Rules) -> bool:
    """Tell whether the full stop at `mark` belongs to the word before it and ends no sentence before `begin`."""
    window = text[max(start, mark - WORD_REACH) : mark]
    words = window.rsplit(None, 2)
    if not words:
        return False
    token = words[-1].lstrip("([{“\"'‘«„‚「『（《—–-")
    if not token:
        return False
    first = len(words) == 1 and mark - len(window) <= start
    if (first and rules.enumerator and rules.enumerator.fullmatch(token)) or (
        token[-1].isdigit() and token.isdigit() and _ordinal(words, text, begin, rules)
    ):
        return True
    for core in _cores(token, rules):
        found = rules.compounds.get(core)
        if found:
            before = window[: len(window) - len(core)]
            for compound in found:
                if compound.left.match(before) and compound.right.match(text, mark + 1):
                    return compound.kind is not Abbreviation.OFTEN_ENDING and (
                        compound.kind is not Abbreviation.ENDING_POSSIBLE or not _starts(text, begin, rules)
                    )
        kinds = rules.abbreviations.get(core)
        if kinds and (decided := _by_kinds(kinds, text, begin, rules)) is not None:
            return decided
    core = _cores(token, rules)[-1]
    if len(core) == 1 and core.isupper():
        if core in rules.word_letters or (len(words) > 1 and words[-2] in rules.lettered_nouns):
            return False
        return not _starts(text, begin, rules)
    if _LETTER_PAIRS.fullmatch(token):
        return not _starts(text, begin, rules)
    return False


def _cores(token: str, rules: Rules) -> tuple[str, ...]:
    """Return what to look up for a token: itself, and its last part behind an apostrophe, hyphen or other script."""
    if token.isalpha() and token.isascii():
        return (token,)
    cores = [token]
    head, apostrophe, tail = token.replace("’", "'").rpartition("'")
    if apostrophe and head in rules.elisions:
        cores.append(token := token[-len(tail) :] if tail else token)
    latin = _LATIN_WORD.search(token)
    if latin and latin.start() > 0:
        cores.append(latin.group())
    part = re.split(r"[-/.(\[]", token)[-1]
    if part and part not in cores and len(part) > 1:
        cores.append(part)
    return tuple(cores)


def _by_kinds(kinds: frozenset[Abbreviation], text: str, begin: int, rules: Rules) -> bool | None:
    """Decide by how a listed abbreviation stands to the end of a sentence; None if its lists do not say."""
    if Abbreviation.NEVER_ENDING in kinds:
        return True
    if Abbreviation.BEFORE_NUMBER in kinds:
        word = _WORD.match(text, begin)
        if text[begin].isdigit() or (
            word and _NUMBER.fullmatch(word.group()) and word.group() not in rules.starters
        ):
            return True
    if Abbreviation.OFTEN_ENDING in kinds:
        word = _WORD.match(text, begin)
        return text[begin].islower() or (word is not None and word.group() in rules.continuations)
    if Abbreviation.ENDING_POSSIBLE in kinds:
        return not _starts(text, begin, rules)
    return None


def _starts(text: str, begin: int, rules: Rules) -> bool:
    """Tell whether the word at `begin` is one that opens a sentence, not one that has a capital by itself."""
    word = _WORD.match(text, begin, begin + WORD_REACH)
    if not word:
        return False
    found = word.group()
    return found in rules.starters or re.split("[’']", found)[0] in rules.starters


def _ordinal(words: list[str], text: str, begin: int, rules: Rules) -> bool:
    """Tell whether a number with a full stop is an ordinal, by the word on either side of it."""
    if len(words[-1]) > 2 or not (rules.ordinals_before or rules.ordinals_after):
        return False
    if len(words) > 1 and words[-2] in rules.ordinals_before:
        return True
    word = _WORD.match(text, begin, begin + WORD_REACH)
    return word is not None and word.group() in rules.ordinals_after
