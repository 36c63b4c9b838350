"""What is wrong, or looks wrong, with the units of a memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from corpusalign import arguments
from corpusalign.memories.texts import question, whole
from corpusalign.types import TranslationUnit

Severity = Literal["error", "warning"]

# C0 and C1 controls but for tab and line feed: no tool shows them, many choke on them.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_MARKUP = re.compile(r"<(?:/?[a-zA-Z][^<>]{0,80}|!--)>|&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_REPLACEMENT = "\ufffd"
# UTF-8 read as Latin-1 or Windows-1252: the lead byte of a two-byte character, then its second.
_MOJIBAKE = re.compile("[ÃÂ][\u0080-\u00bf\u2018-\u2030€™œžŸ]|â€")


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of the unit that is `number` in its file (from 1)."""

    number: int
    unit: str
    severity: Severity
    fault: str

    def __str__(self) -> str:
        """One line: `unit 3 (id): error: fault`."""
        return f"unit {self.number} ({self.unit}): {self.severity}: {self.fault}"


@arguments.checked(units=arguments.units, longest=arguments.whole)
def lint(units: Iterable[TranslationUnit], *, longest: int = 4000) -> Iterator[Finding]:
    """Yield what is wrong with units, in order: errors (of no use as they are) and warnings (worth a look).

    `longest` is the number of characters from which a text is called too long for a translation tool. What
    was seen is kept as hashes, about 200 bytes a unit.
    """
    seen: dict[int, int] = {}
    translated: dict[int, tuple[int, int]] = {}
    for number, unit in enumerate(units, start=1):
        for severity, fault in _faults(unit, longest):
            yield Finding(number, unit.id, severity, fault)
        if not unit.variants:
            continue
        name = whole(unit)
        if name in seen:
            yield Finding(number, unit.id, "warning", f"says the same as unit {seen[name]}")
            continue
        seen[name] = number
        asked = question(unit, next(iter(unit.variants)))
        before = translated.setdefault(asked, (number, name))
        if before[1] != name:
            yield Finding(number, unit.id, "warning", f"translates the text of unit {before[0]} differently")


def _faults(unit: TranslationUnit, longest: int) -> Iterator[tuple[Severity, str]]:
    if len(unit.variants) < 2:
        yield "error", "has one language only" if unit.variants else "has no text"
    for code, text in unit.variants.items():
        if not text.strip():
            yield "error", f"its {code} is empty"
            continue
        if text != text.strip():
            yield "warning", f"its {code} begins or ends with white space"
        if len(text) > longest:
            yield "warning", f"its {code} has {len(text)} characters"
        for pattern, what in (
            (_CONTROL, "a control character"),
            (_MOJIBAKE, "what looks like UTF-8 read in another encoding"),
            (_MARKUP, "markup"),
        ):
            found = pattern.search(text)
            if found:
                yield "warning", f"its {code} holds {what}: {found[0]!r}"
        if _REPLACEMENT in text:
            yield "error", f"its {code} holds characters that were lost (U+FFFD)"
    texts = list(unit.variants.values())
    if len(texts) > 1 and len(set(texts)) == 1 and any(map(str.islower, texts[0])):
        yield "warning", "is the same text in every language"
    if not 0 <= unit.confidence <= 1:
        yield "error", f"its confidence is {unit.confidence}"
