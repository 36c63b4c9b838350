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

# What a line has that falls under a rule in a language of Latin letters.
_LATIN = re.compile("[a-zß-öø-ÿœ©]")
_CAPITAL = re.compile(r"\\.|[A-Z]")

_BETWEEN_WORDS = " \t\xa0\u3000|｜/／·•・,，、;；>»-–—[]［］()（）"


@dataclass(frozen=True, slots=True)
class Rule:
    """Why a line is boilerplate; `at_edge` if it is so only outside the running text."""

    reason: str
    at_edge: bool


@dataclass(frozen=True, slots=True)
class _Patterns:
    """All rules, those that hold anywhere first, and what tells sooner that a line falls under none of them.

    That is one pattern without groups for the languages in Latin letters and one for the others: of the two,
    a line in ASCII is compared with the first only, one without Latin letters with the second.
    """

    rules: tuple[tuple[Rule, re.Pattern[str]], ...]
    latin: re.Pattern[str]
    other: re.Pattern[str]

    def find(self, line: str) -> Rule | None:
        """Return the rule of a line in lower case."""
        ascii_only = line.isascii()
        may_be_latin = ascii_only or _LATIN.search(line) is not None
        if not (may_be_latin and self.latin.fullmatch(line)) and (
            ascii_only or not self.other.fullmatch(line)
        ):
            return None
        return next((rule for rule, pattern in self.rules if pattern.fullmatch(line) is not None), None)


@cache
def _patterns() -> _Patterns:
    by_rule: dict[Rule, list[str]] = {}
    by_script: dict[bool, list[str]] = {True: [], False: []}
    for code in known():
        for entry in entries(code, "boilerplate"):
            reason, _, pattern = entry.partition(":")
            reason, mark, _ = reason.strip().partition(" @edge")
            whole = f"(?:{_in_lower_case(pattern.strip())})"
            by_rule.setdefault(Rule(reason, bool(mark)), []).append(whole)
            by_script["Latin" in entries(code, "scripts")].append(whole)
    rules = [
        (rule, re.compile("|".join(by_rule[rule]))) for rule in sorted(by_rule, key=lambda rule: rule.at_edge)
    ]
    latin, other = (re.compile("|".join(by_script[is_latin]) or "(?!)") for is_latin in (True, False))
    return _Patterns(tuple(rules), latin, other)


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
    found = _patterns().find(lowered)
    if found is not None:
        return found
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
