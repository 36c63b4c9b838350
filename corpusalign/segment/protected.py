"""Spans of the caller's that no cut may touch: placeholders, tags, names."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Protected:
    """Spans `[starts[i], stops[i])` of one text, in order and apart from one another."""

    starts: tuple[int, ...]
    stops: tuple[int, ...]

    @classmethod
    def of(cls, spans: Iterable[tuple[int, int]]) -> Protected:
        """Order the spans and merge those that overlap."""
        starts: list[int] = []
        stops: list[int] = []
        for start, stop in sorted(spans):
            if stops and start < stops[-1]:
                stops[-1] = max(stops[-1], stop)
            elif start < stop:
                starts.append(start)
                stops.append(stop)
        return cls(tuple(starts), tuple(stops))

    def forbids(self, text: str, cut: int) -> bool:
        """Tell whether a cut, and the white space around it that is lost with it, touches a span's inside."""
        end, following = cut, cut
        while end > 0 and text[end - 1].isspace():
            end -= 1
        while following < len(text) and text[following].isspace():
            following += 1
        return self.holds(end, following)

    def holds(self, end: int, following: int) -> bool:
        """Tell whether a cut that takes `[end, following)` out, or falls there, touches a span's inside."""
        number = bisect_left(self.starts, following) - 1
        return number >= 0 and self.stops[number] > end
