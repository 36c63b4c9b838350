"""What a site says of itself and of its readers: languages/*/invitations.txt, counted in texts.

"Sign up", "story continues below", "本平台仅提供信息存储服务" stand alone in no line that a rule could match
as a whole, and a text may well have them; but a text that is about its own subject seldom does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from corpusalign.languages import entries, known

GROUPS = ("invitation", "advertisement", "disclaimer", "credit", "more")
"""The groups of phrases, in the order of the counts."""

# A longer text is a text, whatever phrases it has.
LONGEST_LINE = 200

_LATIN = re.compile("[a-zß-öø-ÿœ]")
_SEPARATOR = "\x00"

# Letters that phrases begin with, and what follows each; "" ends a phrase.
_Trie = dict[str, "_Trie"]


@cache
def phrases() -> dict[str, str]:
    """Return all phrases, in lower case, with the group of each."""
    found: dict[str, str] = {}
    for code in known():
        for entry in entries(code, "invitations"):
            group, _, phrase = entry.partition(":")
            found[phrase.strip()] = group.strip()
    return found


@cache
def _places() -> dict[str, int]:
    return {phrase: GROUPS.index(group) for phrase, group in phrases().items()}


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of the phrases in Latin letters, which begin where a word begins, and of others.

    The phrases that begin alike share a branch: so hundreds of them are looked for in the time of a few.
    """
    latin = [phrase for phrase in phrases() if _LATIN.match(phrase)]
    other = [phrase for phrase in phrases() if not _LATIN.match(phrase)]
    return re.compile(rf"\b{_branch(latin)}"), re.compile(_branch(other))


def _branch(words: Iterable[str]) -> str:
    """Return a pattern that matches the longest of some words that a text goes on with."""
    trie: _Trie = {}
    for word in words:
        node = trie
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return _written(trie)


def _written(trie: _Trie) -> str:
    choices = [re.escape(letter) + _written(rest) for letter, rest in sorted(trie.items()) if letter]
    if not choices:
        return "" if "" in trie else "(?!)"
    whole = choices[0] if len(choices) == 1 and "" not in trie else f"(?:{'|'.join(choices)})"
    return f"{whole}?" if "" in trie else whole


def counts(texts: Sequence[str]) -> NDArray[np.float64]:
    """Count the phrases of each group in each text, shape (texts, groups); of overlapping ones the first.

    Texts of more than LONGEST_LINE characters have none.
    """
    short = [number for number, text in enumerate(texts) if len(text) <= LONGEST_LINE]
    # In lower case a few letters are two, so lines are measured after it; and they may hold the separator.
    lines = [texts[number].lower() for number in short]
    together = _SEPARATOR.join(lines)
    latin, other = _patterns()
    matches = list(latin.finditer(together))
    if not together.isascii():
        matches += other.finditer(together)
    ends = np.cumsum([len(line) + 1 for line in lines])
    owners = np.searchsorted(ends, [match.start() for match in matches], side="right")
    places = _places()
    groups = np.array([places[match.group()] for match in matches], dtype=np.int64)
    among = np.array(short, dtype=np.int64)[owners] * len(GROUPS) + groups
    found = np.bincount(among, minlength=len(texts) * len(GROUPS)).reshape(len(texts), len(GROUPS))
    return found.astype(float)
