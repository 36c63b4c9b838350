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

_CAPITAL = re.compile(r"\\.|[A-Z]")

_BETWEEN_WORDS = " \t\xa0\u3000|｜/／·•・,，、;；>»-–—[]［］()（）"


@dataclass(frozen=True, slots=True)
class Rule:
    """Why a line is boilerplate; `at_edge` if it is so only outside the running text."""

    reason: str
    at_edge: bool


@cache
def _patterns() -> tuple[tuple[tuple[Rule, re.Pattern[str]], ...], re.Pattern[str]]:
    """Compile each reason's rules, those that hold anywhere first, and all of them into one pattern.

    Hardly any line falls under a rule, which one pattern without groups tells sooner than what the rule is.
    """
    by_rule: dict[Rule, list[str]] = {}
    for code in known():
        for entry in entries(code, "boilerplate"):
            reason, _, pattern = entry.partition(":")
            reason, mark, _ = reason.strip().partition(" @edge")
            by_rule.setdefault(Rule(reason, bool(mark)), []).append(f"(?:{pattern.strip()})")
    rules = tuple(
        (rule, re.compile(_in_lower_case("|".join(by_rule[rule]))))
        for rule in sorted(by_rule, key=lambda rule: rule.at_edge)
    )
    return rules, re.compile("|".join(pattern.pattern for _, pattern in rules) or "(?!)")


def _in_lower_case(pattern: str) -> str:
    """Lower a pattern's letters, but not those of escapes: matching lowered lines takes half the time."""
    return _CAPITAL.sub(
        lambda found: found.group().lower() if len(found.group()) == 1 else found.group(), pattern
    )


@lru_cache(maxsize=1 << 16)
def boilerplate_rule(text: str) -> Rule | None:
    """Return the rule that a line falls under, or None.

    Some lines (an address, a page number, language names) are boilerplate only at the edge: before the first
    or after the last paragraph of running text.
    """
    line = text.strip()
    if not line or len(line) > LONGEST_LINE:
        return None
    lowered = line.lower()
    rules, pattern = _patterns()
    if pattern.fullmatch(lowered) is not None:
        return next(rule for rule, pattern in rules if pattern.fullmatch(lowered) is not None)
    return Rule("language switcher", True) if is_switcher(lowered) else None


@cache
def _switcher_words() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return what finds language names wherever, as words of their own, and what may stand beside them."""
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
    return re.compile(_choices(names)), _any_of(names), _any_of(others)


def _any_of(words: set[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W\d_\u2e80-\u9fff])(?:{_choices(words)})(?![^\W\d_\u2e80-\u9fff])")


def _choices(words: set[str]) -> str:
    return "|".join(re.escape(word.lower()) for word in sorted(words, key=len, reverse=True)) or "(?!)"


def is_switcher(line: str) -> bool:
    """Tell a language switcher: language names, and beside them only what stands there (Contact us)."""
    if len(line) > 120:
        return False
    anywhere, names, others = _switcher_words()
    lowered = line.lower()
    if anywhere.search(lowered) is None:
        return False
    rest, found = names.subn("", lowered)
    return found > 0 and not others.sub("", rest).strip(_BETWEEN_WORDS)
