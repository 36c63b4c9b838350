"""A reviewed alignment and its pages as they are now: align what changed, keep what people did."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from corpusalign import arguments
from corpusalign.align import align_many, signature
from corpusalign.errors import LanguageError
from corpusalign.pipeline import read_documents
from corpusalign.review.carry import carry
from corpusalign.review.places import offsets
from corpusalign.review.rows import APPROVED, MENDED, base_of
from corpusalign.segment import segment
from corpusalign.types import Bitext, Document, MultiBead, Page, Sentence, TranslationUnit
from corpusalign.units import make_units

if TYPE_CHECKING:
    from corpusalign.encode import Encoder
    from corpusalign.review.edits import Edit
    from corpusalign.review.replay import Misfit

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Update:
    """What became of a review on the pages as they are now.

    `bitext` is the new alignment, its edits not yet applied; `edits` are those that hold on it, `lost` those
    that do not. `kept` counts the rows that stayed as they were, `realigned` those that were made anew.
    `gone` are the ids of units that people had approved or mended in the old file itself and that the pages
    no longer have.
    """

    bitext: Bitext
    edits: tuple[Edit, ...]
    lost: tuple[Misfit, ...]
    kept: int
    realigned: int
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Sentences of each language that are one kept unit, or (without a unit) have to be aligned."""

    ranges: tuple[Range, ...]
    unit: TranslationUnit | None = None


@arguments.checked(
    old=arguments.units,
    pages=arguments.in_order(arguments.one_of(str, os.PathLike, Page, Document)),
    edits=arguments.stream(arguments.named("corpusalign.review.edits.*")),
    langs=arguments.languages_of_pages,
    encoder=arguments.optional(arguments.encoder),
    allow_truncated=arguments.flag,
)
def update(
    old: Iterable[TranslationUnit],
    pages: Sequence[str | os.PathLike[str] | Page | Document],
    *,
    edits: Iterable[Edit] = (),
    langs: Sequence[str | None] | None = None,
    encoder: Encoder | None = None,
    allow_truncated: bool = False,
) -> Update:
    """Align the pages of a reviewed alignment as they are now, and carry the review over.

    `old` are the units that were reviewed (of a Bitext all rows), `edits` what was done to them; `pages` are
    the versions as they are now, one for each language of the units. A unit whose sentences all stand in the
    pages still, one behind the other, is kept with its id, and nothing is aligned across it: it is a hard
    anchor. Only what lies between is aligned; a unit that lacks a language is given up for that where
    something next to it changed, unless people worked on it. Then the edits are replayed: one holds where the
    rows that it touches say, word for word, what the person saw.

    `apply_edits(result.bitext, result.edits)` gives the mended units; `result.bitext` and `result.edits` are
    what the next review and the next update take.

    Raises LanguageError where the pages' languages are not those of the units, ValueError for a `langs` of
    another length, and what `fetch`, `extract` and `align_many` raise.
    """
    if langs is not None and len(langs) != len(pages):
        raise ValueError(f"langs: one language a page is needed, got {len(langs)} for {len(pages)} pages")
    base = base_of(old)
    edits = tuple(edits)
    documents = read_documents(pages, langs, allow_truncated=allow_truncated)
    languages = tuple(document.lang for document in documents)
    _require_languages(languages, base.languages)
    sentences = [segment(document) for document in documents]
    units = tuple(base.units.values())
    precious = {unit.id for unit in units if _is_human(unit)} | _named_by(edits)
    stretches = list(_stretches(_places(units, languages, sentences), sentences, precious))
    beads, keepers = _beads(stretches, sentences, languages, encoder)
    rows, kept = _named(make_units(documents, sentences, beads), keepers)
    bitext = Bitext(languages, tuple(documents), tuple(map(tuple, sentences)), rows, signature(encoder))
    held, lost = carry(units, rows, edits)
    gone = tuple(unit.id for unit in units if _is_human(unit) and unit.id not in kept)
    return Update(bitext, held, lost, len(kept), len(rows) - len(kept), gone)


def _require_languages(pages: Sequence[str], units: Sequence[str]) -> None:
    if sorted(pages) != sorted(units):
        raise LanguageError(
            f"pages in {', '.join(pages)}",
            f"cannot update units in {', '.join(units)}",
            "give one page for each language of the units",
        )


def _is_human(unit: TranslationUnit) -> bool:
    return unit.scores.get(APPROVED) == 1 or unit.scores.get(MENDED) == 1


def _named_by(edits: Iterable[Edit]) -> set[str]:
    return {name for edit in edits for name in (edit.unit, getattr(edit, "other", None)) if name}


# --- what is still there ------------------------------------------------------------------------------------


def _places(
    units: Sequence[TranslationUnit], languages: Sequence[str], sentences: Sequence[Sequence[Sentence]]
) -> list[tuple[TranslationUnit, dict[int, Range]]]:
    """Return the units that the pages still have, and which sentences of each language they are now."""
    by_unit: list[dict[int, Range]] = [{} for _ in units]
    for number, lang in enumerate(languages):
        now = [_letters(sentence.text) for sentence in sentences[number]]
        known = set(now)
        was: list[str] = []
        owned: list[Range] = []
        for unit in units:
            first = len(was)
            was.extend(_sentences_of(unit, lang, known))
            owned.append((first, len(was)))
        match: dict[int, int] = {}
        for block in SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks():
            match.update((block.a + step, block.b + step) for step in range(block.size))
        for place, (start, stop) in zip(by_unit, owned, strict=True):
            found = [match.get(index) for index in range(start, stop)]
            if found and found[0] is not None and found == list(range(found[0], found[0] + len(found))):
                place[number] = (found[0], found[0] + len(found))
    return [
        (unit, place)
        for unit, place in zip(units, by_unit, strict=True)
        if place and len(place) == sum(map(bool, unit.variants.values()))
    ]


def _sentences_of(unit: TranslationUnit, lang: str, now: set[str]) -> Iterator[str]:
    """Yield the sentences of a unit as the segmenter sees them, or whole blocks that are sentences now."""
    text = unit.variants.get(lang, "")
    origin = unit.origin.get(lang)
    begins = offsets(text, origin.spans) if origin else None
    parts = [text]
    if origin and begins:
        parts = [
            text[begin : begin + span.end - span.start]
            for span, begin in zip(origin.spans, begins, strict=True)
        ]
    for part in parts:
        if _letters(part) in now:
            yield _letters(part)
        elif part:
            yield from (_letters(sentence.text) for sentence in segment(part, lang))


def _letters(text: str) -> str:
    """Return a text as it is compared: white space is the page's layout and no change."""
    return "".join(text.split())


# --- what lies between --------------------------------------------------------------------------------------


def _stretches(
    kept: Sequence[tuple[TranslationUnit, dict[int, Range]]],
    sentences: Sequence[Sequence[Sentence]],
    precious: set[str],
) -> Iterator[_Stretch]:
    """Yield kept units and the gaps between them, in order, so that they tile all sentences.

    Units with every language come first: they say for each language what is before and behind them. A unit
    that lacks a language says so only of those that it has.
    """
    everything = range(len(sentences))
    cursor = [0] * len(sentences)
    partial: list[tuple[TranslationUnit, dict[int, Range]]] = []
    for unit, place in kept:
        if any(start < cursor[number] for number, (start, _) in place.items()):
            continue
        if len(place) < len(sentences):
            partial.append((unit, place))
            continue
        yield from _between(cursor, [place[number][0] for number in everything], partial, precious)
        yield _Stretch(tuple(place[number] for number in everything), unit)
        cursor = [place[number][1] for number in everything]
        partial = []
    yield from _between(cursor, list(map(len, sentences)), partial, precious)


def _between(
    begin: Sequence[int],
    end: Sequence[int],
    partial: Sequence[tuple[TranslationUnit, dict[int, Range]]],
    precious: set[str],
) -> Iterator[_Stretch]:
    """Tile what lies between two units that have every language; the partial units there are anchors.

    Where nothing changed all of them stay; otherwise only the precious ones.
    """
    partial = [
        (unit, place)
        for unit, place in partial
        if all(begin[number] <= start and stop <= end[number] for number, (start, stop) in place.items())
    ]
    covered = sum(stop - start for _, place in partial for start, stop in place.values())
    is_unchanged = covered == sum(end) - sum(begin)
    anchors = [(unit, place) for unit, place in partial if is_unchanged or unit.id in precious]
    cursor = list(begin)
    for index, (unit, place) in enumerate(anchors):
        if any(start < cursor[number] for number, (start, _) in place.items()):
            continue
        until = [place[number][0] if number in place else cursor[number] for number in range(len(begin))]
        if until != cursor:
            # What the unit lacks may belong to what was found before it.
            for number in set(range(len(begin))) - place.keys():
                later = (after[number][0] for _, after in anchors[index + 1 :] if number in after)
                until[number] = next(later, end[number])
            yield _Stretch(tuple(zip(cursor, until, strict=True)))
        cursor = [place[number][1] if number in place else until[number] for number in range(len(begin))]
        yield _Stretch(tuple(place.get(number, (at, at)) for number, at in enumerate(until)), unit)
    if cursor != list(end):
        yield _Stretch(tuple(zip(cursor, end, strict=True)))


def _beads(
    stretches: Sequence[_Stretch],
    sentences: Sequence[Sequence[Sentence]],
    languages: Sequence[str],
    encoder: Encoder | None,
) -> tuple[list[MultiBead], list[TranslationUnit | None]]:
    """Return the beads of all stretches, the gaps aligned, and beside each the kept unit that it is."""
    beads: list[MultiBead] = []
    keepers: list[TranslationUnit | None] = []
    for number, stretch in enumerate(stretches):
        if stretch.unit is not None:
            beads.append(MultiBead(stretch.ranges, stretch.unit.confidence))
            keepers.append(stretch.unit)
            continue
        neighbours = [stretches[at].unit for at in (number - 1, number + 1) if 0 <= at < len(stretches)]
        sure = min((unit.confidence for unit in neighbours if unit is not None), default=1.0)
        aligned = list(_aligned(stretch.ranges, sentences, languages, sure, encoder))
        beads.extend(aligned)
        keepers.extend([None] * len(aligned))
    return beads, keepers


def _aligned(
    ranges: Sequence[Range],
    sentences: Sequence[Sequence[Sentence]],
    languages: Sequence[str],
    sure: float,
    encoder: Encoder | None,
) -> Iterator[MultiBead]:
    """Align one gap. Sentences that have nothing to be aligned with are as sure as the units around them."""
    filled = [number for number, (start, stop) in enumerate(ranges) if start < stop]
    if len(filled) == 1:
        (only,) = filled
        for at in range(*ranges[only]):
            yield _bead(ranges, {only: (at, at + 1)}, sure)
        return
    found = align_many(
        [sentences[number][slice(*ranges[number])] for number in filled],
        [languages[number] for number in filled],
        encoder=encoder,
    )
    for bead in found:
        shifted = {
            number: (ranges[number][0] + start, ranges[number][0] + stop)
            for number, (start, stop) in zip(filled, bead.ranges, strict=True)
        }
        yield _bead(ranges, shifted, bead.confidence)


def _bead(ranges: Sequence[Range], filled: Mapping[int, Range], confidence: float) -> MultiBead:
    return MultiBead(
        tuple(filled.get(number, (start, start)) for number, (start, _) in enumerate(ranges)), confidence
    )


def _named(
    rows: Sequence[TranslationUnit], keepers: Sequence[TranslationUnit | None]
) -> tuple[tuple[TranslationUnit, ...], set[str]]:
    """Give the rows that are kept units their ids and figures, the others ids that none of those has.

    The kept ids are returned beside the rows.
    """
    same = [
        keeper if keeper is not None and keeper.variants == row.variants else None
        for row, keeper in zip(rows, keepers, strict=True)
    ]
    kept = {keeper.id for keeper in same if keeper is not None}
    taken = set(kept)
    named: list[TranslationUnit] = []
    for row, keeper in zip(rows, same, strict=True):
        if keeper is not None:
            name, figures = keeper.id, keeper
        else:
            name, figures = _free(row.id, taken), row
            taken.add(name)
        named.append(
            replace(row, id=name, confidence=figures.confidence, scores=figures.scores, note=figures.note)
        )
    return tuple(named), kept


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}~{number}"
    return name
