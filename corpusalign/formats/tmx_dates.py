"""When a unit was last changed: dates as TMX has them (ISO 8601, basic format), and seconds as scores are."""

from __future__ import annotations

import re
from datetime import UTC, datetime

# The score that holds a unit's date: seconds since 1970, UTC.
CHANGED = "changed"

_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z?")


def seconds_of(date: str) -> float | None:
    """Return a date of TMX (`20260102T030405Z`) as seconds since 1970, None where it is none."""
    match = _DATE.fullmatch(date.strip())
    if match is None:
        return None
    try:
        year, month, day, hour, minute, second = map(int, match.groups())
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp()
    except ValueError:
        return None


def date_of(seconds: float) -> str | None:
    """Return seconds since 1970 as a date of TMX, None where they are of no year from 1 to 9999."""
    try:
        return as_date(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def as_date(date: datetime) -> str:
    """Return a time as TMX writes it."""
    # Not strftime: it writes years before 1000 with fewer than four digits.
    date = date.astimezone(UTC)
    return f"{date.year:04}{date.month:02}{date.day:02}T{date.hour:02}{date.minute:02}{date.second:02}Z"
