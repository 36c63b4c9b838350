"""Plots as inline SVG: histogram, bars, scatter. Colours come from the page's style sheet by class."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import log10

_WIDTH = 640
_HEIGHT = 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 12, 10, 34
_INNER_WIDTH = _WIDTH - _LEFT - _RIGHT
_INNER_HEIGHT = _HEIGHT - _TOP - _BOTTOM
_ROW = 24
_LABEL = 210


def histogram(kept: Sequence[int], rejected: Sequence[int], title: str) -> str:
    """Return a histogram of figures from 0 to 1: in bin i, `rejected[i]` stands upon `kept[i]`."""
    highest = max((one + other for one, other in zip(kept, rejected, strict=True)), default=0) or 1
    step = _INNER_WIDTH / len(kept)
    marks = []
    for place, (good, bad) in enumerate(zip(kept, rejected, strict=True)):
        low, high = place / len(kept), (place + 1) / len(kept)
        base = float(_TOP + _INNER_HEIGHT)
        for count, name in ((good, "kept"), (bad, "rejected")):
            if count:
                height = count / highest * _INNER_HEIGHT
                base -= height
                marks.append(
                    f'<rect class="{name}" x="{_LEFT + place * step + 1:.1f}" y="{base:.1f}"'
                    f' width="{step - 2:.1f}" height="{height:.1f}">'
                    f"<title>{low:.2f} to {high:.2f}: {count} {name}</title></rect>"
                )
    marks.extend(_axis_label(_LEFT + share * _INNER_WIDTH, f"{share:g}") for share in (0, 0.25, 0.5, 0.75, 1))
    marks.extend((_level(highest, 1.0), _level(0, 0.0)))
    return _svg(title, "".join(marks), _HEIGHT)


def bars(rows: Sequence[tuple[str, int]], title: str) -> str:
    """Return horizontal bars, one a row, each with its name and count."""
    longest = max((count for _, count in rows), default=0) or 1
    room = _WIDTH - _LABEL - 70
    marks = []
    for place, (name, count) in enumerate(rows):
        y = place * _ROW + 4
        width = count / longest * room
        marks.append(
            f'<text class="end" x="{_LABEL - 8}" y="{y + 14}">{escape(name)}</text>'
            f'<rect class="rejected" x="{_LABEL}" y="{y}" width="{width:.1f}" height="{_ROW - 6}"/>'
            f'<text x="{_LABEL + width + 6:.1f}" y="{y + 14}">{count}</text>'
        )
    return _svg(title, "".join(marks), len(rows) * _ROW + 8)


def scatter(points: Sequence[tuple[int, int, bool]], title: str) -> str:
    """Return lengths against one another on log scales: (source characters, target characters, kept)."""
    longest = max((max(one, other) for one, other, _ in points), default=10)
    decades = max(log10(max(longest, 10)), 1.0)

    def x(size: int) -> float:
        return _LEFT + log10(max(size, 1)) / decades * _INNER_WIDTH

    def y(size: int) -> float:
        return _TOP + _INNER_HEIGHT - log10(max(size, 1)) / decades * _INNER_HEIGHT

    marks = [
        f'<circle class="{"kept" if keep else "rejected"}" cx="{x(one):.1f}" cy="{y(other):.1f}" r="2.5"/>'
        # The rejected are few and drawn last, so that none is hidden.
        for one, other, keep in sorted(points, key=lambda point: not point[2])
    ]
    for power in range(int(decades) + 1):
        marks.append(_axis_label(x(10**power), str(10**power)))
        marks.append(_level(10**power, power / decades))
    return _svg(title, "".join(marks), _HEIGHT)


def _axis_label(x: float, text: str) -> str:
    return f'<text class="middle" x="{x:.1f}" y="{_HEIGHT - 12}">{text}</text>'


def _level(value: int, share: float) -> str:
    y = _TOP + _INNER_HEIGHT * (1 - share)
    return (
        f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="end" x="{_LEFT - 6}" y="{y + 4:.1f}">{value}</text>'
    )


def _svg(title: str, marks: str, height: int) -> str:
    return (
        f'<svg role="img" viewBox="0 0 {_WIDTH} {height}" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{marks}</svg>"
    )
