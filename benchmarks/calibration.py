"""Whether a confidence of 0.9 is right nine times in ten: the figure and the diagram.

Expected calibration error (Naeini et al. 2015) in ten bins of equal width, and the usual reliability diagram.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

# A bead's confidence, and whether the gold has it.
Judged = tuple[float, bool]
_BINS = 10
_COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#8c564b", "#e377c2")


def bins(judged: Sequence[Judged]) -> list[tuple[float, float, int]]:
    """Return, for each bin that is not empty, mean confidence, share right, and count."""
    confidence = np.array([one[0] for one in judged])
    right = np.array([one[1] for one in judged], dtype=float)
    number = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    return [
        (float(confidence[number == k].mean()), float(right[number == k].mean()), int((number == k).sum()))
        for k in range(_BINS)
        if (number == k).any()
    ]


def calibration_error(judged: Sequence[Judged]) -> float:
    """Return the expected calibration error."""
    total = sum(count for _, _, count in bins(judged))
    return sum(abs(mean - share) * count for mean, share, count in bins(judged)) / total


def draw(by_name: Mapping[str, Sequence[Judged]], path: Path) -> None:
    """Draw each set as a line over its bins; a dot grows with the number of beads in its bin."""
    side, edge = 420, 50
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side + 2 * edge + 130} {side + 2 * edge}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect x="{edge}" y="{edge}" width="{side}" height="{side}" fill="none" stroke="#888"/>',
        f'<path d="M{edge} {edge + side}L{edge + side} {edge}" stroke="#bbb" stroke-dasharray="4"/>',
        f'<text x="{edge + side / 2}" y="{side + 1.8 * edge}" text-anchor="middle">confidence</text>',
        f'<text x="{edge / 3}" y="{edge + side / 2}" text-anchor="middle" '
        f'transform="rotate(-90 {edge / 3} {edge + side / 2})">share of beads that are right</text>',
    ]
    for tick in (0.0, 0.5, 1.0):
        parts.append(
            f'<text x="{edge + side * tick}" y="{edge + side + 16}" text-anchor="middle">{tick}</text>'
        )
        parts.append(
            f'<text x="{edge - 6}" y="{edge + side * (1 - tick) + 4}" text-anchor="end">{tick}</text>'
        )
    for number, (name, judged) in enumerate(by_name.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        points = [
            (edge + side * mean, edge + side * (1 - share), count) for mean, share, count in bins(judged)
        ]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}"/>')
        for x, y, count in points:
            radius = 2 + np.log10(count)
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{colour}"/>')
        label = f"{name} {calibration_error(judged):.3f}"
        parts.append(
            f'<text x="{edge + side + 10}" y="{edge + 14 + 18 * number}" fill="{colour}">{label}</text>'
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*parts, "</svg>"]) + "\n", encoding="utf-8")
