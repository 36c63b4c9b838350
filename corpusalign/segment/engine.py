"""Where sentences end: one pass over the candidates, each decided by what stands at most a few words away.

The time is linear in the text: the candidates' pattern is possessive, and every look back or ahead is
bounded. A decision looks at the text from the start of its own sentence onwards only, so that a sentence
segmented again is itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from corpusalign.segment.fullstop import belongs_to_word, ends_whole_word, lacks_space, stammers
from corpusalign.segment.protected import Protected
from corpusalign.segment.rules import Rules, Where

# How far a bracket may lie open.
BRACKET_REACH = 600

_NEWLINE = r"(?:\r\n|[\n\r\x85\u2028])"
_BLANK_LINE = re.compile(rf"{_NEWLINE}[^\S\n\r\x85\u2028]*+{_NEWLINE}\s*+|[\f\v\u2029]\s*+")
# Numbers in brackets that open an item: (a) The tenant shall pay rent. (b) The landlord shall
_LIST_MARK = re.compile(r"\((?:[a-z]|[ivx]{1,5}|\d{1,2})\)\s")
# Names that begin in lower case but are names (iPhone, eBay), and addresses that stand by themselves.
_LOWER_NAME = re.compile(r"[a-z]{1,2}[A-Z]|(?:https?|ftp)://|www\.")
# Ideographs, kana, hangul and their full-width company: scripts that put no space between sentences.
_UNSPACED = re.compile(r"[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_WIDE_DIGITS = frozenset("０１２３４５６７８９")
# What no abbreviation ends with, so that such a letter begins anew behind it: 25℃.明天
_NO_LETTERS = frozenset('%)]"℃°％')
_DIRECT_OPENERS = frozenset("([{“‘«„‚\"'")
# What never stands at the start of a sentence.
_CONTINUING = frozenset(",;:.!?)]}%‰&+=/…»›”’，、；：。！？）］】》〉」』·~～")


class Place(NamedTuple):
    """A place where a sentence might end, as offsets in the text.

    The sentence is read from `start`; marks stand at `[mark, mark_end)`, closing quotes and brackets behind
    them up to `closed`, notes and the like up to `end`; what follows the white space begins at `following`.
    The paragraph stops at `stop`.
    """

    start: int
    mark: int
    mark_end: int
    closed: int
    end: int
    following: int
    stop: int


def paragraphs(text: str, protected: Protected | None = None) -> Iterator[tuple[int, int]]:
    """Cut a text at its blank lines into spans without white space at their ends, none of them empty."""
    at = 0
    for gap in _BLANK_LINE.finditer(text):
        if protected is None or not protected.forbids(text, gap.start()):
            yield from trimmed(text, at, gap.start())
            at = gap.end()
    yield from trimmed(text, at, len(text))


def trimmed(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Give the span without the white space at its ends; nothing if there is nothing else."""
    part = text[start:stop]
    inner = part.strip()
    if inner:
        first = start + len(part) - len(part.lstrip())
        yield first, first + len(inner)


def sentences(
    text: str, start: int, stop: int, rules: Rules, protected: Protected | None = None
) -> Iterator[tuple[int, int]]:
    """Cut one paragraph, `text[start:stop]` without white space at its ends, into its sentences' spans."""
    brackets = tuple(pair for pair in rules.brackets if text.find(pair[0], start, stop) >= 0)
    counted = 0
    counted_to = start
    for match in rules.candidate.finditer(text, start, stop):
        mark, mark_end = match.span(1)
        closed, (end, following) = match.end(2), match.span(4)
        if following == stop:
            break
        if mark <= start:
            # Nothing but marks so far (an ellipsis that opens the sentence), or behind a quote that closed
            # late.
            continue
        if text[following] in rules.counted_quotes:
            counted += text.count(text[following], counted_to, following)
            counted_to = following
            if _closes(text, following, end, stop, counted):
                closed = end = following + 1
                following = _past_space(text, end, stop)
                if following == stop:
                    break
        place = Place(start, mark, mark_end, closed, end, following, stop)
        where = rules.marks[text[mark]] if end - mark == 1 else _firmest(text, place, rules)
        if not _ends(text, place, where, rules):
            continue
        # Without spaces to tell, `（谁知道呢？）` is asked about at its mark: its sentence goes on behind it.
        if brackets and inside_brackets(brackets, text, start, mark if where == "anywhere" else end, stop):
            continue
        if protected is not None and protected.holds(end, following):
            continue
        yield start, end
        start = following
    yield start, stop


def _ends(text: str, place: Place, where: Where, rules: Rules) -> bool:
    """Tell whether a sentence ends at a place whose marks end one `where` it says."""
    if where == "spaced":
        return _ends_before_space(text, place, rules)
    if _goes_on(text, place, rules):
        return False
    if where == "anywhere":
        return True
    # An ellipsis, or the dash of speech broken off.
    return _quoted(text, place, rules) and (
        where == "quoted" or text[place.following] in rules.opening_quotes
    )


def _firmest(text: str, place: Place, rules: Rules) -> Where:
    """Return where a run of marks with its tail ends a sentence: as the firmest mark among them does."""
    run = text[place.mark : min(place.end, place.mark + 16)]
    kinds = {rules.marks[character] for character in run if character in rules.marks}
    if "anywhere" in kinds:
        return "anywhere"
    if run[:2] == ".." and "…" in rules.marks:
        # Full stops in a row are an ellipsis.
        return rules.marks["…"]
    for kind in ("spaced", "quoted"):
        if kind in kinds:
            return kind
    return "answered"


def _closes(text: str, quote: int, end: int, stop: int, counted: int) -> bool:
    """Tell whether a straight quote apart from the marks before it closes what `counted` others began.

    One that stands right in front of a word, and behind a space, opens.
    """
    if quote + 1 == stop:
        return True
    return counted % 2 == 1 and (quote == end or text[quote + 1].isspace())


def _past_space(text: str, at: int, stop: int) -> int:
    while at < stop and text[at].isspace():
        at += 1
    return at


def _quoted(text: str, place: Place, rules: Rules) -> bool:
    """Tell whether a closing quote stands behind the marks."""
    return any(text[at] in rules.closing_quotes for at in range(place.mark_end, place.end))


def _goes_on(text: str, place: Place, rules: Rules) -> bool:
    """Tell whether what stands behind the marks goes on with their sentence."""
    if text[place.following] in _CONTINUING:
        return True
    return (
        rules.after_quotes is not None
        and _quoted(text, place, rules)
        and rules.after_quotes.match(text, place.following) is not None
    )


def inside_brackets(brackets: Iterable[tuple[str, str]], text: str, start: int, end: int, stop: int) -> bool:
    """Tell whether a bracket opened inside the sentence, is still open at `end` and closes further on."""
    for opening, closing in brackets:
        opened = text.rfind(opening, max(start, end - BRACKET_REACH), end)
        if opened <= start or text.find(closing, opened, end) >= 0:
            continue
        if text.find(closing, end, min(stop, end + BRACKET_REACH)) >= 0:
            return True
    return False


def _ends_before_space(text: str, place: Place, rules: Rules) -> bool:
    """Decide at marks that end a sentence where white space follows."""
    start, mark, mark_end, closed, end, following, stop = place
    if end == following and not _touching(text, place, rules):
        return False
    begin = following
    if not text[following].isalnum():
        opened = rules.opening.match(text, following, stop)
        begin = opened.end() if opened else following
        if begin == stop:
            return False
    first = text[begin]
    if first in _CONTINUING:
        return False
    if begin > following and _LIST_MARK.match(text, following):
        return True
    full_stop = text[mark] in ".．" and mark_end - mark == 1
    if first.islower() and not _LOWER_NAME.match(text, begin):
        if closed > mark_end or (mark_end - mark > 1 and text[mark] in ".…"):
            # `?" she said` goes on; so does what follows an aside or an ellipsis.
            return False
        if begin > following and text[begin - 1] not in _DIRECT_OPENERS:
            return False
        if full_stop and ends_whole_word(text, start, mark, rules):
            return not belongs_to_word(text, start, mark, begin, rules)
        # A writer who began this sentence in lower case may begin the next one so too.
        opened = rules.opening.match(text, start, mark)
        began = opened.end() if opened else start
        if not text[began].islower() or _LOWER_NAME.match(text, began):
            return False
    quoted = closed > mark_end and _quoted(text, place, rules)
    if quoted and rules.after_quotes is not None and rules.after_quotes.match(text, following):
        return False
    if not full_stop:
        return text[mark] not in ".…" or not stammers(text, start, mark, begin)
    return quoted or not belongs_to_word(text, start, mark, begin, rules)


def _touching(text: str, place: Place, rules: Rules) -> bool:
    """Tell whether marks without white space behind them may still end a sentence.

    They may between letters of a script that writes no spaces, between a closing quote and an opening one or
    such a letter, and where a writer forgot the space.
    """
    before, behind = text[place.mark - 1], text[place.end]
    unspaced = _UNSPACED.match(behind) is not None
    if _UNSPACED.match(before) and before not in _WIDE_DIGITS:
        return unspaced or behind in rules.opening_quotes
    if unspaced and before in _NO_LETTERS:
        return True
    if place.end > place.mark_end:
        return behind in rules.opening_quotes or (unspaced and _quoted(text, place, rules))
    return unspaced is False and lacks_space(text, place.start, place.mark, place.end, rules)
