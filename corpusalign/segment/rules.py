"""What a language's folder says about its sentences, compiled for the engine.

Every list is a text file in `corpusalign/languages/<code>/`; a file that is not there is an empty list, so
that a new language can begin with `terminators.txt` and `quotes.txt` alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Literal

from corpusalign.errors import LanguageError
from corpusalign.languages import entries, folder

Where = Literal["spaced", "anywhere", "quoted", "answered"]


class Abbreviation(IntEnum):
    """How an abbreviation's full stop stands to the end of a sentence."""

    NEVER_ENDING = 0
    BEFORE_NUMBER = 1
    ENDING_POSSIBLE = 2
    OFTEN_ENDING = 3


ABBREVIATION_FILES = {
    Abbreviation.NEVER_ENDING: "abbreviations-never-ending",
    Abbreviation.BEFORE_NUMBER: "abbreviations-before-number",
    Abbreviation.ENDING_POSSIBLE: "abbreviations-ending-possible",
    Abbreviation.OFTEN_ENDING: "abbreviations-often-ending",
}


@dataclass(frozen=True, slots=True)
class Compound:
    """One word of an abbreviation of several words: the rest of it, as patterns to its left and right.

    For `z. B` the word `z` has the right side ` B.`, and the word `B` the left side `z. `.
    """

    left: re.Pattern[str]
    right: re.Pattern[str]
    kind: Abbreviation


@dataclass(frozen=True, slots=True)
class Quote:
    """A pair of quotes. `spaced`: a space may stand inside; `counted`: one mark twice, told by number."""

    opening: str
    closing: str
    spaced: bool
    counted: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """A language's sentence rules. Words are kept without their final full stop.

    `candidate` matches a run of marks (group 1), closing quotes and brackets (group 2), what else belongs
    behind it, such as notes (group 3), and the white space that follows (group 4). `opening` matches what
    may stand in front of a sentence's first word, `whole_word` the end of a word that is surely no
    abbreviation.
    """

    code: str
    marks: Mapping[str, Where]
    candidate: re.Pattern[str]
    opening: re.Pattern[str]
    quotes: tuple[Quote, ...]
    opening_quotes: frozenset[str]
    closing_quotes: frozenset[str]
    counted_quotes: str
    after_quotes: re.Pattern[str] | None
    brackets: tuple[tuple[str, str], ...]
    abbreviations: Mapping[str, frozenset[Abbreviation]]
    compounds: Mapping[str, tuple[Compound, ...]]
    starters: frozenset[str]
    continuations: frozenset[str]
    word_letters: frozenset[str]
    lettered_nouns: frozenset[str]
    ordinals_before: frozenset[str]
    ordinals_after: frozenset[str]
    enumerator: re.Pattern[str] | None
    labels: frozenset[str]
    elisions: frozenset[str]
    whole_word: re.Pattern[str] | None


def forms(word: str) -> tuple[str, ...]:
    """Return the spellings that a listed word stands for: itself, with a capital, and in capitals.

    A single letter stands for itself only: `h` is an hour, `H` an initial.
    """
    if len(word) == 1:
        return (word,)
    return tuple(dict.fromkeys((word, word[:1].upper() + word[1:], word.upper())))


@cache
def rules_of(lang: str, extra_abbreviations: frozenset[str] = frozenset()) -> Rules:
    """Return the compiled rules of a language, the caller's abbreviations added as never ending a sentence.

    Raises LanguageError for a language without a folder, or whose files cannot be compiled.
    """
    code = folder(lang)
    marks = _marks(code)
    quotes = _quotes(code)
    brackets = _brackets(code)
    openers = [quote.opening for quote in quotes] + [opening for opening, _ in brackets]
    before_words = _set([*"".join(openers), *"".join(entries(code, "speech-dashes")), *"•*¿¡"])
    abbreviations, compounds = _abbreviations(code, extra_abbreviations)
    initials = _tagged(code, "initials", ("letter", "after"))
    whole_word = _either(code, "whole-words")
    ordinals = _tagged(code, "ordinals", ("before", "after"))
    return Rules(
        code=code,
        marks=marks,
        candidate=_candidate(code, marks, quotes, brackets),
        opening=re.compile(rf"(?:[{before_words}]|\s){{0,12}}+"),
        quotes=quotes,
        opening_quotes=frozenset(quote.opening for quote in quotes),
        closing_quotes=frozenset(quote.closing for quote in quotes),
        counted_quotes="".join(quote.closing for quote in quotes if quote.counted),
        after_quotes=_either(code, "after-quotes"),
        brackets=brackets,
        abbreviations=abbreviations,
        compounds=compounds,
        starters=frozenset(entries(code, "starters")),
        continuations=frozenset(entries(code, "continuations")),
        word_letters=frozenset(initials["letter"]),
        lettered_nouns=frozenset(form for word in initials["after"] for form in forms(word)),
        ordinals_before=frozenset(form for word in ordinals["before"] for form in forms(word)),
        ordinals_after=frozenset(ordinals["after"]),
        enumerator=_either(code, "enumerations"),
        labels=frozenset(form for word in entries(code, "labels") for form in forms(word)),
        elisions=frozenset(entries(code, "elisions")),
        whole_word=re.compile(rf"(?:{whole_word.pattern})\Z") if whole_word else None,
    )


def _fault(code: str, name: str, fault: str, remedy: str) -> LanguageError:
    return LanguageError(f"languages/{code}/{name}.txt", fault, remedy)


def _marks(code: str) -> Mapping[str, Where]:
    marks: dict[str, Where] = {}
    for line in entries(code, "terminators"):
        mark, *rest = line.split()
        match rest:
            case ["spaced" | "anywhere" | "quoted" | "answered" as where]:
                marks[mark] = where
            case _:
                raise _fault(
                    code, "terminators", f"has the line {line!r}", "say where: spaced, anywhere, ..."
                )
    if not marks:
        raise _fault(code, "terminators", "lists no marks that end a sentence", "write them, one a line")
    return marks


def _quotes(code: str) -> tuple[Quote, ...]:
    quotes = []
    for line in entries(code, "quotes"):
        opening, closing, *inside = line.split()
        quotes.append(Quote(opening, closing, "spaced" in inside, "counted" in inside))
    return tuple(quotes)


def _brackets(code: str) -> tuple[tuple[str, str], ...]:
    return tuple((line.split()[0], line.split()[1]) for line in entries(code, "brackets"))


def _tagged(code: str, name: str, tags: tuple[str, ...]) -> Mapping[str, list[str]]:
    """Read a file whose lines are a tag and a word."""
    words: dict[str, list[str]] = {tag: [] for tag in tags}
    for line in entries(code, name):
        tag, _, word = line.partition(" ")
        if tag not in words:
            raise _fault(code, name, f"has the line {line!r}", f"begin it with {' or '.join(tags)}")
        words[tag].append(word.strip())
    return words


def _either(code: str, name: str) -> re.Pattern[str] | None:
    """Compile a file of regular expressions into one that matches any of them."""
    lines = entries(code, name)
    if not lines:
        return None
    try:
        return re.compile("|".join(f"(?:{line})" for line in lines))
    except re.error as error:
        raise _fault(code, name, f"has a faulty pattern ({error})", "correct it") from error


def _set(characters: Iterable[str]) -> str:
    return "".join(re.escape(character) for character in characters)


def _candidate(
    code: str,
    marks: Mapping[str, Where],
    quotes: tuple[Quote, ...],
    brackets: tuple[tuple[str, str], ...],
) -> re.Pattern[str]:
    """Compile the pattern of all places where a sentence might end.

    The repetitions are possessive, so that a run of a million marks is read once.
    """
    paired = [quote for quote in quotes if quote.opening != quote.closing]
    straight = sorted(
        {quote.closing for quote in quotes if quote.opening == quote.closing}, key=len, reverse=True
    )
    closing = [quote.closing for quote in paired] + [closing for _, closing in brackets]
    spaced = [quote.closing for quote in paired if quote.spaced]
    closers = [f"[{_set(closing)}]"] if closing else []
    # A straight quote right behind the mark closes, unless a word begins right behind it.
    closers += [rf"{re.escape(quote)}(?!\w)" for quote in straight]
    closers += [rf"\s[{_set(spaced)}]"] if spaced else []
    notes = _either(code, "notes")
    more = [f"[{_set(marks)}]", *closers, *([notes.pattern] if notes else [])]
    nothing = "(?!)"
    return re.compile(
        rf"([{_set(marks)}]++)((?:{'|'.join(closers) or nothing})*+)((?:{'|'.join(more)})*+)(\s*+)"
    )


def _abbreviations(
    code: str, extra: frozenset[str]
) -> tuple[Mapping[str, frozenset[Abbreviation]], Mapping[str, tuple[Compound, ...]]]:
    words: dict[str, set[Abbreviation]] = {}
    compounds: dict[str, list[Compound]] = {}
    listed = [(kind, entry) for kind, name in ABBREVIATION_FILES.items() for entry in entries(code, name)]
    listed += [(Abbreviation.NEVER_ENDING, entry.strip().removesuffix(".")) for entry in sorted(extra)]
    for kind, entry in listed:
        parts = entry.split()
        if len(parts) == 1:
            for form in forms(entry):
                words.setdefault(form, set()).add(kind)
        for place, part in enumerate(parts if len(parts) > 1 else ()):
            last = place == len(parts) - 1
            if not last and not part.endswith("."):
                continue
            left = r"\s?".join(re.escape(word) for word in parts[:place])
            right = r"\s?".join(re.escape(word) for word in parts[place + 1 :])
            compound = Compound(
                left=re.compile(rf"(?:.*\W)?{left}\s?\Z" if left else "", re.IGNORECASE | re.DOTALL),
                right=re.compile(rf"\s?{right}\." if right else "", re.IGNORECASE),
                # Inside the abbreviation no sentence ends, whatever its last full stop may do.
                kind=kind if last else Abbreviation.NEVER_ENDING,
            )
            word = part.removesuffix(".")
            for form in dict.fromkeys((*forms(word), word.upper())):
                compounds.setdefault(form, []).append(compound)
    return (
        {word: frozenset(kinds) for word, kinds in words.items()},
        {word: tuple(found) for word, found in compounds.items()},
    )
