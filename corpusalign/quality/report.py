"""The report on a filtered memory: one HTML page that needs no script and no other file."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import combinations
from pathlib import Path
from random import Random

from corpusalign.files import atomic_text
from corpusalign.languages import tmx_code
from corpusalign.quality.charts import bars, histogram, scatter
from corpusalign.quality.lengths import length
from corpusalign.quality.limits import Decision, Limit, decide, scores_of
from corpusalign.types import TranslationUnit

_BINS = 20
_POINTS = 1500
_EXAMPLES = 5
_LONGEST_EXAMPLE = 400
_PLOTTED = ("confidence", "quality", "similarity")


@dataclass(slots=True)
class _Figures:
    """What one pass over the units gathers; examples and points are bounded, the rest are counts."""

    units: int = 0
    kept: int = 0
    broken: Counter[Limit] = field(default_factory=Counter)
    bins: dict[str, tuple[list[int], list[int]]] = field(default_factory=dict)
    points: dict[tuple[str, str], list[tuple[int, int, bool]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[Limit, list[tuple[TranslationUnit, Decision]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    random: Random = field(default_factory=lambda: Random(0))

    def add(self, unit: TranslationUnit, decision: Decision) -> None:
        self.units += 1
        self.kept += decision.keep
        scores = scores_of(unit)
        for name in _PLOTTED:
            if name in scores:
                bins = self.bins.setdefault(name, ([0] * _BINS, [0] * _BINS))
                place = min(max(int(scores[name] * _BINS), 0), _BINS - 1)
                bins[not decision.keep][place] += 1
        for pair in combinations(unit.variants, 2):
            self._point(pair, unit, decision.keep)
        for reason in decision.reasons:
            self.broken[reason.limit] += 1
            if len(self.examples[reason.limit]) < _EXAMPLES:
                self.examples[reason.limit].append((unit, decision))

    def _point(self, pair: tuple[str, str], unit: TranslationUnit, keep: bool) -> None:
        """Keep an even sample of the points of a pair (Vitter 1985, reservoir sampling)."""
        point = (length(unit.variants[pair[0]]), length(unit.variants[pair[1]]), keep)
        self.seen[pair] += 1
        if len(self.points[pair]) < _POINTS:
            self.points[pair].append(point)
            return
        place = self.random.randrange(self.seen[pair])
        if place < _POINTS:
            self.points[pair][place] = point


def write_report(
    units: Iterable[TranslationUnit],
    path: str | os.PathLike[str],
    *,
    limits: Sequence[Limit],
    title: str,
) -> None:
    """Write what limits make of scored units: counts, plots, reasons, and rejected units as examples.

    The units are read once, in bounded memory. Raises FormatError where the file cannot be written.
    """
    figures = _Figures()
    for unit in units:
        figures.add(unit, decide(scores_of(unit), limits))
    with atomic_text(path) as stream:
        stream.writelines(_page(figures, limits, title))


def _page(figures: _Figures, limits: Sequence[Limit], title: str) -> Iterator[str]:
    style = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
    rejected = figures.units - figures.kept
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Quality of {escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f"<h1>Quality of {escape(title)}</h1>\n"
        f"<p>{figures.units} units: <b>{figures.kept}</b> "
        f'<span class="key kept">kept</span>, <b>{rejected}</b> '
        '<span class="key rejected">rejected</span>.</p>\n'
    )
    yield "<h2>Limits and reasons</h2>\n<p>A unit may break several limits.</p>\n"
    rows = [(str(limit), figures.broken[limit]) for limit in limits]
    yield bars(rows, "How many units broke each limit") + "\n"
    for name, (kept, aside) in figures.bins.items():
        yield f"<h2>{escape(name.capitalize())}</h2>\n"
        yield histogram(kept, aside, f"Units by {name}, 0 to 1, kept and rejected") + "\n"
    for (source, target), points in figures.points.items():
        yield f"<h2>Lengths: {escape(source)} and {escape(target)}</h2>\n"
        sample = f"; an even sample of {len(points)}" if figures.seen[source, target] > len(points) else ""
        yield f"<p>Characters, {escape(source)} across and {escape(target)} upwards{sample}.</p>\n"
        yield scatter(points, f"Lengths in {source} and {target}, one dot a unit") + "\n"
    if figures.examples:
        yield "<h2>Rejected units</h2>\n"
    for limit in limits:
        if limit in figures.examples:
            yield from _examples(limit, figures)
    yield "</body>\n</html>\n"


def _examples(limit: Limit, figures: _Figures) -> Iterator[str]:
    yield f"<h3>{escape(str(limit))} <small>{figures.broken[limit]} units</small></h3>\n<table>\n"
    for unit, decision in figures.examples[limit]:
        reasons = "; ".join(map(str, decision.reasons))
        texts = "".join(
            f'<p lang="{escape(tmx_code(code))}" dir="auto">{escape(_shortened(text))}</p>'
            for code, text in unit.variants.items()
        )
        yield f"<tr><td>{texts}</td><td>{escape(reasons)}</td></tr>\n"
    yield "</table>\n"


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_EXAMPLE else text[:_LONGEST_EXAMPLE] + " …"
