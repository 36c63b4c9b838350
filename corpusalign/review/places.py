"""Which characters of a unit's text come from which span of the page."""

from __future__ import annotations

from collections.abc import Sequence

from corpusalign.types import Span

# Blocks are joined by one space at most, and white space inside a block is collapsed to one.
_GAP = 1


def offsets(text: str, spans: Sequence[Span]) -> tuple[int, ...] | None:
    """Return where each span's characters begin in the text that was made of them, or None where it was not.

    The spans follow one another with at most one white-space joiner in between, as `make_units` writes them.
    A text that somebody rewrote, or one of another tool, does not fit its spans.
    """
    found: list[int] = []
    position = 0
    for span in spans:
        if found and position < len(text) and text[position].isspace():
            position += 1
        found.append(position)
        position += span.end - span.start
    return tuple(found) if spans and position == len(text) else None


def part(text: str, spans: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """Return the spans of the characters `[start, end)` of a text, or all where the text does not fit."""
    if start == 0 and end == len(text):
        return tuple(spans)
    begins = offsets(text, spans)
    if begins is None:
        return tuple(spans)
    cut: list[Span] = []
    for span, begin in zip(spans, begins, strict=True):
        first = max(start - begin, 0)
        last = min(end - begin, span.end - span.start)
        if first < last:
            cut.append(Span(span.block, span.path, span.start + first, span.start + last))
    return tuple(cut)


def coalesce(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Join spans that follow one another in a block, one white space apart at most."""
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if (
            last is not None
            and (last.block, last.path) == (span.block, span.path)
            and 0 <= span.start - last.end <= _GAP
        ):
            joined[-1] = Span(last.block, last.path, last.start, span.end)
        else:
            joined.append(span)
    return tuple(joined)
