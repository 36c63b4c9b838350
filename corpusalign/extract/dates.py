"""Dates as pages write them, in any of the languages -> ISO 8601."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from corpusalign.languages import entries, known

# Every way to write a date names the year in full; hardly any line does.
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text: its ISO form and its place; `numeric` if it is written in digits only."""

    iso: str
    start: int
    stop: int
    numeric: bool


@cache
def _months() -> dict[str, int]:
    months: dict[str, int] = {}
    for code in known():
        for entry in entries(code, "months"):
            names, _, number = entry.partition("=")
            for name in names.split():
                months[name.lower()] = int(number)
    return months


@cache
def _pattern() -> re.Pattern[str]:
    month = "|".join(re.escape(name) for name in sorted(_months(), key=len, reverse=True)) or "(?!)"
    space = r"[\s\xa0,.]{0,3}"
    return re.compile(
        rf"""
          (?<!\d)(?P<y1>(?:19|20)\d\d)\s?[-/.年]\s?(?P<m1>\d{{1,2}})\s?[-/.月]\s?(?P<d1>\d{{1,2}})(?:\s?日|(?!\d))
        | (?<!\d)(?P<a2>\d{{1,2}})[-/.](?P<b2>\d{{1,2}})[-/.](?P<y2>(?:19|20)\d\d)(?!\d)
        | (?<!\d)(?P<d3>\d{{1,2}})(?:st|nd|rd|th|er|\.)?{space}(?:of\s+)?
          (?P<m3>{month})\b{space}(?P<y3>(?:19|20)\d\d)(?!\d)
        | \b(?P<m4>{month})\b{space}(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?{space}(?P<y4>(?:19|20)\d\d)(?!\d)
        """,
        re.IGNORECASE | re.VERBOSE,
    )


def find_date(text: str, lang: str | None = None) -> FoundDate | None:
    """Return the first date of a text.

    03/04/2020 is the third of April, except in English, where it is the fourth of March unless one number
    settles it or the language is unknown.
    """
    if _YEAR.search(text) is None:
        return None
    for found in _pattern().finditer(text):
        group = found.groupdict()
        numeric = True
        if group["y1"]:
            parts = group["y1"], group["m1"], group["d1"]
        elif group["y2"]:
            day, month = group["a2"], group["b2"]
            if int(month) > 12 or (lang == "en" and int(day) <= 12 and "/" in found.group()):
                day, month = month, day
            parts = group["y2"], month, day
        else:
            numeric = False
            which = "3" if group["y3"] else "4"
            parts = group[f"y{which}"], str(_months()[group[f"m{which}"].lower()]), group[f"d{which}"]
        try:
            iso = date(*map(int, parts)).isoformat()
        except ValueError:
            continue
        return FoundDate(iso, found.start(), found.end(), numeric)
    return None
