"""What a block and its translation share: numbers, dates, images.

Words change with the language and markup with the template; these hardly do. They are compared as tokens,
each as often as it occurs.
"""

from __future__ import annotations

import re

from corpusalign.extract.blocks import Candidate
from corpusalign.extract.dates import find_date

# A number, its thousands set off by one of the signs that languages set them off by.
_NUMBER = re.compile(r"\d{1,3}(?:[.,'’ \xa0\u202f]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?")
_THOUSANDS = re.compile(r"\D(?=\d{3}(?!\d))")

# Longer texts are told apart by their beginnings, and by so many tokens: those are compared block by block.
_ENOUGH = 1000
_MOST_TOKENS = 16


def tokens_of(candidate: Candidate, lang: str | None) -> tuple[str, ...]:
    """Return what a block shares with its translations: its dates and numbers, and the images beside it.

    Dates are ISO 8601 (`lang` as in `find_date`), numbers without separators of thousands and with a decimal
    point, images the names of their files. An n-th occurrence is a token of its own, so that common tokens
    count what both have.
    """
    found: list[str] = []
    rest = candidate.block.text[:_ENOUGH]
    while (date := find_date(rest, lang)) is not None:
        found += [*_numbers(rest[: date.start]), date.iso]
        rest = rest[date.stop :]
    found += [*_numbers(rest), *filter(None, candidate.images)]
    times: dict[str, int] = {}
    for place, token in enumerate(found[:_MOST_TOKENS]):
        times[token] = times.get(token, 0) + 1
        found[place] = f"{token} {times[token]}"
    return tuple(found[:_MOST_TOKENS])


def _numbers(text: str) -> list[str]:
    return [_normal(number) for number in _NUMBER.findall(text)]


def _normal(number: str) -> str:
    """Return a number without separators of thousands, with a decimal point, in ASCII digits."""
    whole, _, decimals = _THOUSANDS.sub("", number).replace(",", ".").partition(".")
    return f"{int(whole)}.{int(decimals)}" if decimals else str(int(whole))
