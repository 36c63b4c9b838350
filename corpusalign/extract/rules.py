"""Line rules: what languages/*/boilerplate.txt says is boilerplate wherever it stands alone on a line.

All languages' rules apply to every page: an English page in China ends with Chinese registration lines.
"""

from __future__ import annotations

import re
from functools import cache

from corpusalign.languages import entries, known, language

# A line longer than this is text, whatever it starts with.
LONGEST_LINE = 300

_BETWEEN_WORDS = " \t\xa0\u3000|｜/／·•・,，、;；>»-–—[]［］()（）"


@cache
def _patterns(place: str) -> tuple[tuple[str, ...], re.Pattern[str] | None]:
    """Compile all rules for one place ("anywhere" or "edge") into one pattern, one group a reason."""
    by_reason: dict[str, list[str]] = {}
    for code in known():
        for entry in entries(code, "boilerplate"):
            reason, _, pattern = entry.partition(":")
            reason, at_edge, _ = reason.strip().partition(" @edge")
            if (place == "edge") == bool(at_edge):
                by_reason.setdefault(reason, []).append(f"(?:{pattern.strip()})")
    if not by_reason:
        return (), None
    branches = "|".join(f"({'|'.join(patterns)})" for patterns in by_reason.values())
    return tuple(by_reason), re.compile(branches, re.IGNORECASE)


def boilerplate_reason(text: str, *, at_edge: bool) -> str | None:
    """Return why a line is boilerplate, or None if no rule says so.

    `at_edge` says that the line stands before the first or after the last paragraph of running text: some
    lines (an address, a page number, language names) are boilerplate only there.
    """
    line = text.strip()
    if not line or len(line) > LONGEST_LINE:
        return None
    for place in ("anywhere", "edge") if at_edge else ("anywhere",):
        reasons, pattern = _patterns(place)
        found = pattern.fullmatch(line) if pattern is not None else None
        if found is not None and found.lastindex is not None:
            # Rules hold no groups of their own, so the last group is the reason's.
            return reasons[found.lastindex - 1]
    return "language switcher" if at_edge and is_switcher(line) else None


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
