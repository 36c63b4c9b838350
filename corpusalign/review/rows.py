"""The rows of a review: translation units taken apart, so that they can be mended and put together again.

Every piece of text remembers the characters of the first alignment that it is made of (its sources), through
merges, splits, moves and rewriting. So a row can be walked back to the page after any number of edits, and
the original is never lost. `browser/rows.js` does the same in the browser; a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from corpusalign.review.edits import Cut
from corpusalign.review.places import coalesce, part
from corpusalign.types import Bitext, Origin, Span, TranslationUnit

Verdict = Literal["open", "approved", "rejected"]

APPROVED = "approved"
MENDED = "mended"
ALIGNER_CONFIDENCE = "aligner-confidence"


@dataclass(frozen=True, slots=True)
class Source:
    """Characters `[start, end)` of the text that unit `unit` had before anybody mended it."""

    unit: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a row's text, what stands before it (unless it is the first), and what it was made of."""

    text: str
    join: str
    sources: tuple[Source, ...]


Cell = tuple[Piece, ...]
"""A row's text in one language; no pieces, or only empty ones, where it has none."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row under review. `mended` says that a person changed its text or what it is made of."""

    id: str
    cells: Mapping[str, Cell]
    confidence: float
    scores: Mapping[str, float]
    notes: tuple[str, ...]
    verdict: Verdict = "open"
    reason: str = ""
    comment: str = ""
    mended: bool = False


@dataclass(frozen=True, slots=True)
class Base:
    """The units before anybody mended them: by id, in order, and their languages in order of appearance."""

    units: Mapping[str, TranslationUnit]
    languages: tuple[str, ...]

    def rows(self) -> list[Row]:
        """Return a row a unit."""
        return [_row(unit) for unit in self.units.values()]


def base_of(units: Iterable[TranslationUnit]) -> Base:
    """Take the units to review: every row of a Bitext, or any other units.

    Ids that stand more than once (memories of other tools have them) are told apart: `x`, `x~2`, `x~3`.
    """
    languages: dict[str, None] = {}
    if isinstance(units, Bitext):
        languages.update(dict.fromkeys(units.languages))
        units = units.rows
    by_id: dict[str, TranslationUnit] = {}
    for unit in units:
        identifier, number = unit.id, 1
        while identifier in by_id:
            number += 1
            identifier = f"{unit.id}~{number}"
        by_id[identifier] = unit if number == 1 else replace(unit, id=identifier)
        languages.update(dict.fromkeys(unit.variants))
    return Base(by_id, tuple(languages))


def _row(unit: TranslationUnit) -> Row:
    scores = dict(unit.scores)
    approved = scores.pop(APPROVED, 0) == 1
    aligner_confidence = scores.pop(ALIGNER_CONFIDENCE, unit.confidence)
    return Row(
        id=unit.id,
        cells={
            lang: (Piece(text, "", (Source(unit.id, 0, len(text)),)),)
            for lang, text in unit.variants.items()
            if text
        },
        confidence=aligner_confidence,
        scores=scores,
        notes=() if unit.note is None else (unit.note,),
        verdict="approved" if approved else "open",
    )


def text_of(cell: Cell) -> str:
    """Return a cell's text."""
    return "".join(piece.join + piece.text if number else piece.text for number, piece in enumerate(cell))


def joined(first: Cell, second: Cell, join: str) -> Cell:
    """Return a cell of two, `join` in between."""
    if not first or not second:
        return first or second
    between = join if text_of(first) and text_of(second) else ""
    return (*first, replace(second[0], join=between), *second[1:])


def divided(cell: Cell, cut: Cut, base: Base, lang: str) -> tuple[Cell, Cell]:
    """Return the parts of a cell before and behind a cut."""
    end, start = cut
    before: list[Piece] = []
    behind: list[Piece] = []
    begin = 0
    for number, piece in enumerate(cell):
        begin += len(piece.join) if number else 0
        length = len(piece.text)
        if not length:
            # What was emptied stays with what stands before it.
            (before if begin <= end else behind).append(piece)
            continue
        if begin < end:
            before.append(_slice(piece, 0, min(length, end - begin), base, lang))
        if start < begin + length:
            behind.append(_slice(piece, max(0, start - begin), length, base, lang))
        begin += length
    return tuple(before), tuple(behind)


def rewritten(cell: Cell, text: str) -> Cell:
    """Return a cell that says something else and is still made of the same sources."""
    return (Piece(text, "", tuple(source for piece in cell for source in piece.sources)),)


def original(cell: Cell, base: Base, lang: str) -> str:
    """Return the text of a cell's sources, as it was before anybody rewrote it; pieces joined by a space."""
    return " ".join(_text_of(source, base, lang) for piece in cell for source in piece.sources)


def _text_of(source: Source, base: Base, lang: str) -> str:
    return base.units[source.unit].variants[lang][source.start : source.end]


def _slice(piece: Piece, start: int, end: int, base: Base, lang: str) -> Piece:
    if start == 0 and end == len(piece.text):
        return piece
    source_text = "".join(_text_of(source, base, lang) for source in piece.sources)
    first = _mapped(start, piece.text, source_text)
    last = _mapped(end, piece.text, source_text)
    kept: list[Source] = []
    begin = 0
    for source in piece.sources:
        length = source.end - source.start
        low, high = max(first - begin, 0), min(last - begin, length)
        if low < high:
            kept.append(Source(source.unit, source.start + low, source.start + high))
        begin += length
    return Piece(piece.text[start:end], piece.join, tuple(kept))


def _mapped(position: int, text: str, source: str) -> int:
    """Return which position of the source a position of a (perhaps rewritten) text goes back to.

    Exact in what the two have in common at their beginnings and ends, in proportion between.
    """
    shorter = min(len(text), len(source))
    prefix = 0
    while prefix < shorter and text[prefix] == source[prefix]:
        prefix += 1
    suffix = 0
    while suffix < shorter - prefix and text[-1 - suffix] == source[-1 - suffix]:
        suffix += 1
    if position <= prefix:
        return position
    if position >= len(text) - suffix:
        return len(source) - (len(text) - position)
    changed_text = len(text) - prefix - suffix
    changed_source = len(source) - prefix - suffix
    return prefix + (position - prefix) * changed_source // changed_text


def unit_of(row: Row, base: Base) -> TranslationUnit:
    """Return the translation unit of a row: an approved one is certain, a mended one says so."""
    untouched = base.units.get(row.id)
    if untouched is not None and _is_as_before(row, untouched):
        return untouched
    variants: dict[str, str] = {}
    origin: dict[str, Origin] = {}
    for lang in base.languages:
        cell = row.cells.get(lang, ())
        text = text_of(cell)
        if not text:
            continue
        variants[lang] = text
        place = _origin(cell, base, lang)
        if place is not None:
            origin[lang] = place
    scores = dict(row.scores)
    confidence = row.confidence
    if row.verdict == "approved":
        scores[ALIGNER_CONFIDENCE] = confidence
        scores[APPROVED] = 1.0
        confidence = 1.0
    if row.mended:
        scores[MENDED] = 1.0
    notes = [*row.notes, *([row.comment] if row.comment else [])]
    return TranslationUnit(
        id=row.id,
        variants=variants,
        confidence=confidence,
        scores=scores,
        origin=origin,
        note="\n".join(notes) if notes else None,
    )


def _is_as_before(row: Row, unit: TranslationUnit) -> bool:
    verdict = "approved" if unit.scores.get(APPROVED) == 1 else "open"
    return not row.mended and not row.comment and row.verdict == verdict


def _origin(cell: Sequence[Piece], base: Base, lang: str) -> Origin | None:
    """Return where a cell comes from: its sources' places in the page of the first of them."""
    page: Origin | None = None
    spans: list[Span] = []
    for piece in cell:
        for source in piece.sources:
            unit = base.units[source.unit]
            place = unit.origin.get(lang)
            if place is None:
                continue
            page = page or place
            if (place.url, place.page_sha256) == (page.url, page.page_sha256):
                spans.extend(part(unit.variants[lang], place.spans, source.start, source.end))
    return None if page is None else Origin(page.url, page.page_sha256, coalesce(spans))
