"""Marks: what the elements around a block say about it, as bits: their tags, and the words in their names."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

_TAG_MARKS = (
    "nav",
    "footer",
    "header",
    "aside",
    "article",
    "main",
    "form",
    "table",
    "list",
    "figure",
    "details",
    "unseen",
)

_TAGS = {
    "nav": "nav",
    "footer": "footer",
    "header": "header",
    "aside": "aside",
    "article": "article",
    "main": "main",
    "form": "form",
    "table": "table",
    "ul": "list",
    "ol": "list",
    "dl": "list",
    "figure": "figure",
    "details": "details",
}
_ROLES = {
    "navigation": "nav",
    "contentinfo": "footer",
    "banner": "header",
    "complementary": "aside",
    "article": "article",
    "main": "main",
    "search": "form",
    "menu": "nav",
    "menubar": "nav",
    "dialog": "unseen",
}
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
# Words of a name: runs of letters, cut where a capital follows a small letter.
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


@cache
def _words() -> tuple[tuple[str, ...], re.Pattern[str]]:
    names: list[str] = []
    branches: list[str] = []
    for line in (Path(__file__).parent / "marks.txt").read_text(encoding="utf-8").splitlines():
        name, equals, words = line.partition("=")
        if line.startswith("#") or not equals:
            continue
        names.append(name.strip())
        choices = [f"{word[1:-1]}$" if word.startswith("/") else word for word in words.split()]
        choices.sort(key=len, reverse=True)
        branches.append(f"(?P<{names[-1]}>{'|'.join(choices)})")
    return tuple(names), re.compile("|".join(branches))


@cache
def mark_names() -> tuple[str, ...]:
    """Return the names of all marks; a mark's place is its bit."""
    return tuple(f"<{tag}>" for tag in _TAG_MARKS) + _words()[0]


UNSEEN = 1 << _TAG_MARKS.index("unseen")
_BITS = {name: 1 << place for place, name in enumerate(_TAG_MARKS)}
TAG_MARKS = {tag: _BITS[name] for tag, name in _TAGS.items()}
"""The marks of elements by their tags alone."""


@lru_cache(maxsize=1 << 16)
def _name_marks(name: str) -> int:
    bits = 0
    for part in _PART.findall(name)[:24]:
        bits |= _part_marks(part)
    return bits


# The words of names are far fewer than the names.
@lru_cache(maxsize=1 << 14)
def _part_marks(part: str) -> int:
    found = _words()[1].match(part.lower())
    if found is None or found.lastindex is None:
        return 0
    return 1 << (len(_TAG_MARKS) + found.lastindex - 1)


def marks_of(tag: str, name: str, role: str | None) -> int:
    """Return the marks of one element, given its tag, its class and id in one string, and its role."""
    bits = TAG_MARKS.get(tag, 0)
    if role is not None and role in _ROLES:
        bits |= _BITS[_ROLES[role]]
    return bits | _name_marks(name) if name else bits


def marks_of_element(tag: str, attributes: dict[str, str]) -> int:
    """Return the marks of one element, by its tag and all attributes; `unseen` if they hide it."""
    if len(attributes) == 1 and "class" in attributes:
        # As most elements with attributes are.
        return marks_of(tag, attributes["class"], None)
    names = f"{attributes.get('class', '')} {attributes.get('id', '')} {attributes.get('itemprop', '')}"
    marks = marks_of(tag, names, attributes.get("role"))
    if (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or ("style" in attributes and _NOT_SHOWN.search(attributes["style"]) is not None)
    ):
        marks |= UNSEEN
    return marks
