r"""A language's rules said in SRX 2.0, for CAT tools: as near to the engine as rules of two patterns come.

A CAT tool knows only what stands before and behind a place, never where the sentence began;
docs/segmentation.md lists what is lost by that. The patterns keep to what ICU and Java have in common:
bounded look-behind, possessive repetition, `\p{..}` in place of `\w`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape

from corpusalign.languages import entries, language
from corpusalign.segment.rules import ABBREVIATION_FILES, Abbreviation, Rules, forms, rules_of

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<srx xmlns="http://www.lisa.org/srx20" version="2.0">
  <header segmentsubflows="yes" cascade="yes">
    <formathandle type="start" include="no"/>
    <formathandle type="end" include="yes"/>
    <formathandle type="isolated" include="no"/>
  </header>
  <body>
    <languagerules>
      <languagerule languagerulename="{name}">
"""
_RULE = """        <!-- {why} -->
        <rule break="{break_}"><beforebreak>{before}</beforebreak><afterbreak>{after}</afterbreak></rule>
"""
_TAIL = """      </languagerule>
    </languagerules>
    <maprules>
      <languagemap languagepattern="({code}|{lower}).*" languagerulename="{name}"/>
    </maprules>
  </body>
</srx>
"""
_UNSPACED = r"\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef"
# No letter or digit stands in front, but for those of scripts without spaces: 由J. K. Marsh主编.
_NO_WORD = rf"(?<![[\p{{L}}\p{{N}}]&&[^{_UNSPACED}]])"
_CONTINUING = ",;:.!?)]}%‰&+=/…»›，、；：。！？）］】》〉」』·～"
_REACH = 300

# One row of the document: whether it breaks, before, after, and what it is for.
_Row = tuple[bool, str, str, str]


def srx_document(lang: str) -> str:
    """Return a language's rules as the text of an SRX 2.0 file."""
    rules = rules_of(lang)
    name = language(rules.code).name
    rows = [
        *_tail_rows(rules),
        *_full_stop_rows(rules),
        *_bracket_rows(rules),
        *_context_rows(rules),
        *_break_rows(rules),
    ]
    body = "".join(
        _RULE.format(why=why, break_="yes" if breaks else "no", before=escape(before), after=escape(after))
        for breaks, before, after, why in rows
    )
    return _HEAD.format(name=name) + body + _TAIL.format(code=rules.code.upper(), lower=rules.code, name=name)


def _set(characters: Iterable[str]) -> str:
    """Return a pattern for any one of the characters; for none of them, one that matches nothing."""
    listed = "".join(re.escape(character) for character in characters)
    return f"[{listed}]" if listed else "(?!)"


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in words) + ")"


def _listed(code: str, name: str) -> list[str]:
    """Return a file of patterns, its Unicode shorthands spelt out: Java's are of ASCII only."""
    return [
        line.replace(r"[^\W\d_]", r"\p{L}").replace(r"\w", r"[\p{L}\p{N}_]").replace(r"\W", r"[^\p{L}\p{N}_]")
        for line in entries(code, name)
    ]


def _marks(rules: Rules, *kinds: str) -> str:
    return _set(mark for mark, where in rules.marks.items() if where in kinds)


def _has(rules: Rules, *kinds: str) -> bool:
    return any(where in kinds for where in rules.marks.values())


def _straight(rules: Rules) -> list[str]:
    return sorted(
        {quote.closing for quote in rules.quotes if quote.opening == quote.closing}, key=len, reverse=True
    )


def _closers(rules: Rules, straight: Iterable[str] = ()) -> str:
    """Return the set of what closes and never opens; with the straight quotes given."""
    paired = [quote.closing for quote in rules.quotes if quote.opening != quote.closing]
    return _set([*paired, *(closing for _, closing in rules.brackets), *dict.fromkeys("".join(straight))])


def _tail(rules: Rules) -> str:
    """Return what belongs behind the marks: closing quotes, brackets, notes.

    Java allows no repeated group of many lengths in a look-behind, so that the order is fixed here.
    """
    closers = _closers(rules, _straight(rules))
    spaced = [quote.closing for quote in rules.quotes if quote.spaced]
    notes = _listed(rules.code, "notes")
    return (
        f"{closers}{{0,4}}"
        + (rf"(?:\s{_set(spaced)})?" if spaced else "")
        + (f"(?:{'|'.join(notes)})?{closers}{{0,2}}" if notes else "")
    )


def _gap(rules: Rules) -> str:
    """Return white space and what may open a sentence; possessive, for a look ahead to see the word."""
    return rf"\s++(?:{_opening(rules)}|\s)*+"


def _opening(rules: Rules) -> str:
    dashes = "".join(entries(rules.code, "speech-dashes"))
    return _set([*(q.opening[0] for q in rules.quotes), *(o for o, _ in rules.brackets), *dashes, *"•*¿¡"])


def _tail_rows(rules: Rules) -> list[_Row]:
    """No break between marks and what belongs behind them."""
    marks = _set(rules.marks)
    rows: list[_Row] = [
        (False, marks, marks, "marks in a row"),
        (
            False,
            f"{marks}{_tail(rules)}",
            _closers(rules),
            "closing quotes and brackets stay with their sentence",
        ),
    ]
    spaced = [quote.closing for quote in rules.quotes if quote.spaced]
    if spaced:
        rows.append((False, f"{marks}{_tail(rules)}", rf"\s{_set(spaced)}", "also behind a space"))
    quotes = "|".join(rf"{re.escape(quote)}(?![\p{{L}}\p{{N}}_])" for quote in _straight(rules))
    if quotes:
        rows.append(
            (False, f"{marks}{_tail(rules)}", f"(?:{quotes})", "straight quotes right behind the marks")
        )
    notes = _listed(rules.code, "notes")
    if notes:
        note = f"(?:{'|'.join(notes)})"
        rows.append((False, f"{marks}{note}?", note, "notes stay with their sentence"))
    return rows


def _words(code: str, kind: Abbreviation, but: frozenset[str] = frozenset()) -> list[str]:
    """Return a list's abbreviations in all their forms; those of several words with any space between."""
    found = []
    for entry in entries(code, ABBREVIATION_FILES[kind]):
        if entry not in but:
            found += [r"\s?".join(re.escape(part) for part in form.split()) for form in forms(entry)]
    return sorted(dict.fromkeys(found), key=len, reverse=True)


def _no_starter(rules: Rules) -> str:
    """Return a look ahead for anything but a word that opens sentences; `L.` is an initial, `L’` is none."""
    words = [word for word in sorted(rules.starters) if len(word) > 1]
    letters = [word for word in sorted(rules.starters) if len(word) == 1]
    ways = [rf"{_any(words)}(?![\p{{L}}\p{{N}}])"] if words else []
    ways += [rf"{_any(letters)}(?![\p{{L}}\p{{N}}.])"] if letters else []
    return f"(?!{'|'.join(ways)})" if ways else ""


def _full_stop_rows(rules: Rules) -> list[_Row]:
    """No break behind a full stop that belongs to its word."""
    code = rules.code
    gap = _gap(rules)
    starts = _no_starter(rules)
    rows: list[_Row] = []
    numbers = _listed(code, "enumerations")
    if numbers:
        # Where a sentence started SRX does not know: behind marks, but not those of `Fig. 2. The curve`.
        sentence_start = rf"(?:^|[:;：；]\s|{_set(rules.marks)}{_closers(rules)}{{0,4}}\s)"
        numbered = _words(code, Abbreviation.BEFORE_NUMBER)
        no_number_of = rf"(?<!{_NO_WORD}(?:{'|'.join(numbered)})\.\s)" if numbered else ""
        labels = rf"(?:{_any(sorted(rules.labels))}\s)?" if rules.labels else ""
        before = f"{sentence_start}{no_number_of}{labels}(?:{'|'.join(numbers)})[.．]"
        rows.append((False, before, r"\s", "a number in front of an item"))
    if rules.ordinals_before:
        before = rf"{_NO_WORD}{_any(sorted(rules.ordinals_before))}\s\d{{1,2}}\."
        rows.append((False, before, r"\s", "an ordinal number behind such a word"))
    if rules.ordinals_after:
        before = rf"{_NO_WORD}\d{{1,2}}\."
        after = rf"\s++{_any(sorted(rules.ordinals_after))}(?![\p{{L}}\p{{N}}])"
        rows.append((False, before, after, "an ordinal number in front of such a word"))
    for entry in (entry for kind in ABBREVIATION_FILES for entry in entries(code, ABBREVIATION_FILES[kind])):
        parts = entry.split()
        for place in range(1, len(parts)):
            if parts[place - 1].endswith("."):
                before = r"\s?".join(re.escape(part) for part in parts[:place])
                after = r"\s?" + r"\s?".join(re.escape(part) for part in parts[place:]) + r"\."
                rows.append((False, f"{_NO_WORD}(?i:{before})", f"(?i:{after})", f"inside {entry}."))
    often = frozenset(entries(code, ABBREVIATION_FILES[Abbreviation.OFTEN_ENDING]))
    follows = {
        Abbreviation.NEVER_ENDING: (r"\s", "abbreviations that end no sentence"),
        Abbreviation.BEFORE_NUMBER: (
            rf"{gap}{starts}(?:[A-Za-z]?\d|[IVXLC]+(?!\p{{L}})|[ivxl]+(?!\p{{L}})|[A-Za-z](?!\p{{L}}))",
            "abbreviations in front of a number",
        ),
        Abbreviation.OFTEN_ENDING: (
            rf"{gap}(?:\p{{Ll}}{'|' + _any(sorted(rules.continuations)) if rules.continuations else ''})",
            "abbreviations that often end a sentence",
        ),
        Abbreviation.ENDING_POSSIBLE: (
            f"{gap}{starts}",
            "abbreviations in front of no word that opens a sentence",
        ),
    }
    for kind, (after, why) in follows.items():
        words = _words(code, kind, often if kind is Abbreviation.ENDING_POSSIBLE else frozenset())
        if words:
            rows.append((False, rf"{_NO_WORD}(?:{'|'.join(words)})\.", after, why))
        if words and kind is Abbreviation.OFTEN_ENDING:
            rows.append((True, rf"{_NO_WORD}(?:{'|'.join(words)})\.", r"\s", "and otherwise they end it"))
    letters = rf"[\p{{Lu}}&&[^{''.join(sorted(rules.word_letters))}]]" if rules.word_letters else r"\p{Lu}"
    nouns = rf"(?<!{_any(sorted(rules.lettered_nouns))}\s)" if rules.lettered_nouns else ""
    rows.append((False, rf"{_NO_WORD}{nouns}{letters}\.", f"{gap}{starts}", "initials"))
    more = r"(?:[-‐]?\p{L}\.)?"
    rows.append(
        (False, rf"{_NO_WORD}\p{{L}}\.{more * 3}[-‐]?\p{{L}}\.", f"{gap}{starts}", "letters with stops")
    )
    return rows


def _bracket_rows(rules: Rules) -> list[_Row]:
    """No break inside a bracket that opened in the sentence, nor behind it where no spaces tell."""
    marks = _set(rules.marks)
    rows: list[_Row] = []
    for opening, closing in rules.brackets:
        within = rf"[^{re.escape(opening + closing)}]{{0,{_REACH}}}"
        before = rf"[\p{{L}}\p{{N}},，]\s?{re.escape(opening)}{within}"
        after = within + re.escape(closing)
        rows.append((False, f"{before}{marks}{_tail(rules)}", after, f"inside {opening} {closing}"))
        if _has(rules, "anywhere"):
            aside = f"{before}{_marks(rules, 'anywhere')}{re.escape(closing)}"
            rows.append((False, aside, "", f"behind an aside in {opening} {closing}"))
    return rows


def _context_rows(rules: Rules) -> list[_Row]:
    """No break, or one against the rule, by what stands behind: lower case, commas."""
    marks, gap = _set(rules.marks), _gap(rules)
    lower = r"(?!\p{Ll}{1,2}\p{Lu}|https?://|ftp://|www\.)\p{Ll}"
    rows: list[_Row] = []
    going_on = _listed(rules.code, "after-quotes")
    if going_on:
        closings = _set("".join(quote.closing for quote in rules.quotes))
        rows.append(
            (False, f"{marks}{closings}", rf"\s*+(?:{'|'.join(going_on)})", "what goes on behind a quotation")
        )
    continuing = _set(character for character in _CONTINUING if character not in rules.opening_quotes)
    rows.append((False, f"{marks}{_tail(rules)}", rf"\s*+{continuing}", "in front of a comma and its like"))
    if _has(rules, "spaced"):
        whole = _listed(rules.code, "whole-words")
        rows.append((True, f"{_marks(rules, 'spaced')}", r"\s\((?:[a-z]|[ivx]{1,5}|\d{1,3})\)\s", "items"))
        if whole:
            rows.append(
                (True, rf"(?:{'|'.join(whole)})\.", rf"\s++{lower}", "a whole word in front of lower case")
            )
        rows.append(
            (False, f"{_marks(rules, 'spaced')}{_tail(rules)}", f"{gap}{lower}", "lower case goes on")
        )
    return rows


def _break_rows(rules: Rules) -> list[_Row]:
    """Return the breaks themselves."""
    tail = _tail(rules)
    openings = _set(sorted({quote.opening[0] for quote in rules.quotes if quote.opening != quote.closing}))
    closings = _set(sorted({quote.closing[0] for quote in rules.quotes}))
    rows: list[_Row] = [
        (True, f"{_marks(rules, where)}{tail}", after, f"marks that end a sentence {where}")
        for where, after in (("spaced", r"\s"), ("anywhere", ""))
        if _has(rules, where)
    ]
    if _has(rules, "anywhere"):
        before = rf"{_marks(rules, 'anywhere')}{_set(rules.marks)}{{0,9}}{tail}"
        rows.append((True, before, "", "a run of marks with one of them"))
    if _has(rules, "quoted"):
        rows.append(
            (
                True,
                f"(?:{_marks(rules, 'quoted')}|\\.\\.){closings}{{1,4}}",
                "",
                "in front of a closing quote",
            )
        )
    if _has(rules, "answered"):
        rows.append(
            (True, f"{_marks(rules, 'answered')}{closings}{{1,4}}", rf"\s*+{openings}", "speech broken off")
        )
    if _has(rules, "spaced"):
        spaced = _marks(rules, "spaced")
        rows.append(
            (
                True,
                f"{spaced}{closings}{{1,4}}",
                f"(?:{openings}|[{_UNSPACED}])",
                "one quotation right behind another",
            )
        )
        whole = _listed(rules.code, "whole-words")
        if whole and rules.starters:
            after = rf"{_any(word for word in sorted(rules.starters) if word[:1].isupper())}\s"
            rows.append((True, rf"(?:{'|'.join(whole)})[.!?]", after, "where only the space is missing"))
        more = _set(mark for mark, where in rules.marks.items() if where == "spaced" and mark not in ".．")
        before = rf"(?:[{_UNSPACED}&&[^０-９]]|[%)\]\"℃°％])(?:[.．]|{more}{{1,9}}){tail}"
        rows.append((True, before, f"[{_UNSPACED}]", "between letters that need no space"))
    return rows
