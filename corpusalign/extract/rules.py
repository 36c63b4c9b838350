"""Line rules: what languages/*/boilerplate.txt says is boilerplate wherever it stands alone on a line.

All languages' rules apply to every page: an English page in China ends with Chinese registration lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from corpusalign.languages import entries, known, language

# A line longer than this is text, whatever it starts with.
LONGEST_LINE = 300

_BETWEEN_WORDS = " \t\xa0\u3000|｜/／·•・,，、;；>»-–—[]［］()（）"


@dataclass(frozen=True, slots=True)
class Rule:
    """Why a line is boilerplate; `at_edge` if it is so only outside the running text."""

    reason: str
    at_edge: bool


@cache
def _patterns(at_edge: bool) -> tuple[tuple[Rule, ...], re.Pattern[str]]:
    """Compile all rules for one place into one pattern, one group a reason."""
    by_reason: dict[str, list[str]] = {}
    for code in known():
        for entry in entries(code, "boilerplate"):
            reason, _, pattern = entry.partition(":")
            reason, mark, _ = reason.strip().partition(" @edge")
            if at_edge == bool(mark):
                by_reason.setdefault(reason, []).append(f"(?:{pattern.strip()})")
    branches = "|".join(f"({'|'.join(patterns)})" for patterns in by_reason.values())
    return tuple(Rule(reason, at_edge) for reason in by_reason), re.compile(branches or "(?!)", re.IGNORECASE)


@lru_cache(maxsize=1 << 14)
def boilerplate_rule(text: str) -> Rule | None:
    """Return the rule that a line falls under, or None.

    Some lines (an address, a page number, language names) are boilerplate only at the edge: before the first
    or after the last paragraph of running text.
    """
    line = text.strip()
    if not line or len(line) > LONGEST_LINE:
        return None
    for at_edge in (False, True):
        rules, pattern = _patterns(at_edge)
        found = pattern.fullmatch(line)
        if found is not None and found.lastindex is not None:
            # Rules hold no groups of their own, so the last group is the reason's.
            return rules[found.lastindex - 1]
    return Rule("language switcher", True) if is_switcher(line) else None


@cache
def _switcher_words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    names = {name for code in known() for name in language(code).switcher}
    names |= {
        entry.partition(":")[2].strip()
        for code in known()
        for entry in entries(code, "switcher")
        if entry.startswith("language:")
    }
    others = {
        entry for code in known() for entry in entries(code, "switcher") if not entry.startswith("language:")
    }
    return _any_of(names), _any_of(others)


def _any_of(words: set[str]) -> re.Pattern[str]:
    choices = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(
        rf"(?<![^\W\d_\u2e80-\u9fff])(?:{choices or '(?!)'})(?![^\W\d_\u2e80-\u9fff])", re.IGNORECASE
    )


def is_switcher(line: str) -> bool:
    """Tell a language switcher: language names, and beside them only what stands there (Contact us)."""
    if len(line) > 120:
        return False
    names, others = _switcher_words()
    rest, found = names.subn("", line)
    return found > 0 and not others.sub("", rest).strip(_BETWEEN_WORDS)
