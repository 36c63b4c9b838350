"""What a language's folder says about its sentences, compiled for the engine.

Every list is a text file in `corpusalign/languages/<code>/`; a file that is not there is an empty list, so that a new
language can begin with `terminators.txt` and `quotes.txt` alone.
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

Where = Literal["spaced", "anywhere", "quoted"]


class Abbreviation(IntEnum):
    """How an abbreviation's full stop stands to the end of a sentence; the lower, the firmer against an end."""

    NEVER_ENDING = 0
    BEFORE_NUMBER = 1
    ENDING_POSSIBLE = 2
    OFTEN_ENDING = 3


@dataclass(frozen=True, slots=True)
class Compound:
    """One word of an abbreviation of several words: the rest of it, as patterns to its left and right.

    For `z. B` the word `z` has the right side ` B.`, and the word `B` the left side `z. `.
    """

    left: re.Pattern[str]
    right: re.Pattern[str]
    kind: Abbreviation


@dataclass(frozen=True, slots=True)
class Rules:
    """A language's sentence rules. Words are kept without their final full stop.

    `candidate` matches a run of marks (group 1), what belongs behind it: closing quotes, brackets, notes (group 2),
    and the white space that follows (group 3). `opening` matches what may stand in front of a sentence's first word.
    """

    code: str
    marks: Mapping[str, Where]
    candidate: re.Pattern[str]
    opening: re.Pattern[str]
    opening_quotes: frozenset[str]
    closing_quotes: frozenset[str]
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
    elisions: frozenset[str]


_ABBREVIATION_FILES = {
    Abbreviation.NEVER_ENDING: "abbreviations-never-ending",
    Abbreviation.BEFORE_NUMBER: "abbreviations-before-number",
    Abbreviation.ENDING_POSSIBLE: "abbreviations-ending-possible",
    Abbreviation.OFTEN_ENDING: "abbreviations-often-ending",
}


def forms(word: str) -> tuple[str, ...]:
    """Return the spellings that a listed word stands for: itself, with a capital, and in capitals."""
    return tuple(dict.fromkeys((word, word[:1].upper() + word[1:], word.upper())))


def compound_parts(entry: str) -> tuple[str, ...]:
    """Return the words of an abbreviation of several words, each but the last with its full stop, if it has one."""
    return tuple(entry.split())


@cache
def rules_of(lang: str) -> Rules:
    """Return the compiled rules of a language.

    Raises LanguageError for a language without a folder, or whose folder lists no sentence marks.
    """
    code = folder(lang)
    marks = _marks(code)
    quotes = [tuple(line.split()) for line in entries(code, "quotes")]
    brackets = tuple((pair.split()[0], pair.split()[1]) for pair in entries(code, "brackets"))
    openers = "".join(pair[0] for pair in quotes) + "".join(pair[0] for pair in brackets)
    words, compounds = _abbreviations(code)
    initials = [line.split(maxsplit=1) for line in entries(code, "initials")]
    ordinals = [line.split(maxsplit=1) for line in entries(code, "ordinals")]
    enumerations = entries(code, "enumerations")
    return Rules(
        code=code,
        marks=marks,
        candidate=_candidate(marks, quotes, brackets, entries(code, "notes")),
        opening=re.compile(
            f"(?:[{_set(openers)}{_set(entries(code, 'speech-dashes'))}•*¿¡]|\\s){{0,12}}+",
        ),
        opening_quotes=frozenset(pair[0] for pair in quotes),
        closing_quotes=frozenset(pair[1] for pair in quotes),
        brackets=brackets,
        abbreviations=words,
        compounds=compounds,
        starters=frozenset(entries(code, "starters")),
        continuations=frozenset(entries(code, "continuations")),
        word_letters=frozenset(word for kind, word in initials if kind == "letter"),
        lettered_nouns=frozenset(form for kind, word in initials if kind == "after" for form in forms(word)),
        ordinals_before=frozenset(
            form for kind, word in ordinals if kind == "before" for form in forms(word)
        ),
        ordinals_after=frozenset(word for kind, word in ordinals if kind == "after"),
        enumerator=re.compile("|".join(f"(?:{line})" for line in enumerations)) if enumerations else None,
        elisions=frozenset(form for word in entries(code, "elisions") for form in forms(word)),
    )


def _marks(code: str) -> Mapping[str, Where]:
    marks: dict[str, Where] = {}
    for line in entries(code, "terminators"):
        mark, _, where = line.partition(" ")
        match where.strip():
            case "spaced" | "anywhere" | "quoted" as known:
                marks[mark] = known
            case other:
                raise LanguageError(
                    f"languages/{code}/terminators.txt",
                    f"{mark!r} ends a sentence {other!r}",
                    "say spaced, anywhere or quoted",
                )
    if not marks:
        raise LanguageError(repr(code), "lists no marks that end a sentence", "write its terminators.txt")
    return marks


def _set(characters: Iterable[str]) -> str:
    return "".join(re.escape(character) for character in characters)


def _candidate(
    marks: Mapping[str, Where],
    quotes: Iterable[tuple[str, ...]],
    brackets: Iterable[tuple[str, str]],
    notes: Iterable[str],
) -> re.Pattern[str]:
    """Compile the pattern of all places where a sentence might end.

    The repetitions are possessive, so that a run of a million marks is read once.
    """
    attached, spaced = set(), set()
    for opening, closing, *inside in quotes:
        if opening == closing:
            continue
        (spaced if "spaced" in inside else attached).add(closing)
    straight = {opening for opening, closing, *_ in quotes if opening == closing}
    attached |= spaced | {closing for _, closing in brackets}
    tail = [f"[{_set(sorted(attached))}]"]
    # A straight quote right behind the mark closes, unless a word begins right behind it.
    tail += [
        f"{re.escape(quote)}(?!\\w)" for quote in sorted(straight, key=lambda quote: (-len(quote), quote))
    ]
    tail += [f"\\s[{_set(sorted(spaced))}]"] if spaced else []
    tail += [f"(?:{note})" for note in notes]
    tail += [f"[{_set(marks)}]"]
    return re.compile(f"([{_set(marks)}]++)((?:{'|'.join(tail)})*+)(\\s*+)")


def _abbreviations(
    code: str,
) -> tuple[Mapping[str, frozenset[Abbreviation]], Mapping[str, tuple[Compound, ...]]]:
    words: dict[str, set[Abbreviation]] = {}
    compounds: dict[str, list[Compound]] = {}
    for kind, name in _ABBREVIATION_FILES.items():
        for entry in entries(code, name):
            parts = compound_parts(entry)
            if len(parts) == 1:
                for form in forms(entry):
                    words.setdefault(form, set()).add(kind)
                continue
            for place, part in enumerate(parts):
                last = place == len(parts) - 1
                if not last and not part.endswith("."):
                    continue
                left = r"\s?".join(re.escape(word) for word in parts[:place])
                right = r"\s?".join(re.escape(word) for word in parts[place + 1 :])
                compound = Compound(
                    left=re.compile(rf"(?:^|.*\W){left}\s?\Z" if left else "", re.IGNORECASE | re.DOTALL),
                    right=re.compile(rf"\s?{right}(?=\.)" if right else ""),
                    # Inside the abbreviation no sentence ends, whatever its last full stop may do.
                    kind=kind if last else Abbreviation.NEVER_ENDING,
                )
                for form in forms(part.removesuffix(".")):
                    compounds.setdefault(form, []).append(compound)
    return (
        {word: frozenset(kinds) for word, kinds in words.items()},
        {word: tuple(found) for word, found in compounds.items()},
    )
