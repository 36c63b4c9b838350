"""Smaller units than sentences, for translators who ask for them: cut behind ; : and dashes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from corpusalign.errors import LanguageError
from corpusalign.languages import entries
from corpusalign.segment.engine import inside_brackets
from corpusalign.segment.protected import Protected
from corpusalign.segment.rules import Rules

# A mark between two digits is a time or a range: 上午9：00.
_WAYS = {
    "anywhere": r"(?:(?<!\d)(?:{marks})++|(?:{marks})++(?!\d)){quotes}\s*+",
    "spaced": r"(?:{marks})++{quotes}\s++",
    "apart": r"(?<=\s)(?:{marks})\s++",
}


@cache
def _candidate(code: str, closing_quotes: frozenset[str]) -> re.Pattern[str] | None:
    """Compile clause-marks.txt: `anywhere`, `spaced` (white space on the right), `apart` (on both sides)."""
    marks: dict[str, list[str]] = {}
    for line in entries(code, "clause-marks"):
        mark, _, where = line.partition(" ")
        if where.strip() not in _WAYS:
            raise LanguageError(
                f"languages/{code}/clause-marks.txt",
                f"has the line {line!r}",
                f"say where: {', '.join(_WAYS)}",
            )
        marks.setdefault(where.strip(), []).append(re.escape(mark))
    quotes = (
        f"(?:{'|'.join(re.escape(quote) for quote in sorted(closing_quotes))})*+" if closing_quotes else ""
    )
    ways = [_WAYS[where].format(marks="|".join(found), quotes=quotes) for where, found in marks.items()]
    return re.compile("|".join(ways)) if ways else None


def clauses(
    text: str, start: int, stop: int, rules: Rules, protected: Protected | None = None
) -> Iterator[tuple[int, int]]:
    """Cut one sentence, `text[start:stop]`, into the spans of its clauses; nothing is cut inside brackets."""
    candidate = _candidate(rules.code, rules.closing_quotes)
    wordless_to = start
    for match in candidate.finditer(text, start, stop) if candidate else ():
        end = match.start() + len(match.group().rstrip())
        following = match.end()
        if following == stop or inside_brackets(rules.brackets, text, start, end, stop):
            continue
        if protected is not None and protected.holds(end, following):
            continue
        if not any(character.isalnum() for character in text[wordless_to:end]):
            # A dash that opens a turn of speech stays with it.
            wordless_to = end
            continue
        yield start, end
        start = wordless_to = following
    yield start, stop
