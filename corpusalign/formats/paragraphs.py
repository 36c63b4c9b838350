"""Sentences into paragraphs: units that touch a common block become one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from corpusalign.formats.linked import joiner
from corpusalign.formats.naming import name_of
from corpusalign.types import Bitext, Origin, Span, TranslationUnit

_Place = tuple[str, int]


@dataclass(slots=True)
class _Group:
    """Units of one paragraph, and the block that each language has reached."""

    units: list[TranslationUnit] = field(default_factory=list)
    reached: dict[str, _Place] = field(default_factory=dict)


def paragraphs_of(units: Iterable[TranslationUnit]) -> Iterable[TranslationUnit]:
    """Return units by paragraph; those of a Bitext as a Bitext, which still says how it was made."""
    if isinstance(units, Bitext):
        return replace(units, rows=tuple(by_paragraph(units)))
    return by_paragraph(units)


def by_paragraph(units: Iterable[TranslationUnit]) -> Iterator[TranslationUnit]:
    """Yield units joined so that none ends inside a block of either language, in their order.

    Units must come in the order of their pages. Those that follow one another belong together where they
    have a block in common in any language; of a Bitext, sentences that stand in one language only are
    joined too. The confidence is that of the least certain, texts are joined as their language joins
    sentences, and scores are left. Units without origin are paragraphs by themselves.
    """
    opened = _Opened()
    latest: dict[str, _Place] = {}
    for unit in units.rows if isinstance(units, Bitext) else units:
        starts = {code: (one.url, one.spans[0].block) for code, one in unit.origin.items() if one.spans}
        ends = {code: (one.url, one.spans[-1].block) for code, one in unit.origin.items() if one.spans}
        opened.take(unit, starts, ends)
        latest |= ends
        while len(opened.groups) > 1 and not _can_go_on(opened.groups[0], latest):
            yield _joined(opened.close().units)
    for group in opened.groups:
        yield _joined(group.units)


class _Opened:
    """The groups that may go on, in order, and which of them have reached a place."""

    def __init__(self) -> None:
        self.groups: deque[_Group] = deque()
        self._closed = 0
        # Groups by number, counted from the first that there was, so that closing one moves none.
        self._at: dict[tuple[str, _Place], list[int]] = {}

    def take(self, unit: TranslationUnit, starts: dict[str, _Place], ends: dict[str, _Place]) -> None:
        """Put a unit into the first group that has reached where it starts, or else into a new one."""
        after = self._closed + len(self.groups)
        first = min((number for start in starts.items() for number in self._at.get(start, ())), default=after)
        if first == after:
            self.groups.append(_Group())
        whole = self.groups[first - self._closed]
        self._forget(first, whole)
        # What stood in between, in one language only, is inside the paragraph too.
        between = [self.groups.pop() for _ in range(after - first - 1)]
        for back, group in enumerate(between, start=1):
            self._forget(after - back, group)
        for group in reversed(between):
            whole.units += group.units
            whole.reached |= group.reached
        whole.units.append(unit)
        whole.reached |= ends
        for place in whole.reached.items():
            self._at.setdefault(place, []).append(first)

    def close(self) -> _Group:
        """Take the first group away."""
        group = self.groups.popleft()
        self._forget(self._closed, group)
        self._closed += 1
        return group

    def _forget(self, number: int, group: _Group) -> None:
        for place in group.reached.items():
            numbers = self._at[place]
            numbers.remove(number)
            if not numbers:
                del self._at[place]


def _can_go_on(group: _Group, latest: dict[str, _Place]) -> bool:
    # Where one language has gone on to its next page, the others' pages are over too, said again or not.
    if any(latest[code][0] != place[0] for code, place in group.reached.items()):
        return False
    return any(latest[code] == place for code, place in group.reached.items())


def _joined(units: list[TranslationUnit]) -> TranslationUnit:
    if len(units) == 1:
        return units[0]
    variants: dict[str, str] = {}
    origin: dict[str, Origin] = {}
    for code in dict.fromkeys(code for unit in units for code in unit.variants):
        holding = [unit for unit in units if code in unit.variants]
        variants[code] = joiner(code).join(unit.variants[code] for unit in holding)
        origins = [unit.origin[code] for unit in holding if code in unit.origin]
        if origins:
            spans = tuple(_whole_blocks(span for one in origins for span in one.spans))
            origin[code] = Origin(origins[0].url, origins[0].page_sha256, spans)
    notes = list(dict.fromkeys(unit.note for unit in units if unit.note is not None))
    return TranslationUnit(
        name_of(variants),
        variants,
        min(unit.confidence for unit in units),
        origin=origin,
        note="\n".join(notes) if notes else None,
    )


def _whole_blocks(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield one span a block, from its first character to its last."""
    last: Span | None = None
    for span in spans:
        if last is not None and span.block == last.block:
            last = Span(last.block, last.path, last.start, span.end)
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last
