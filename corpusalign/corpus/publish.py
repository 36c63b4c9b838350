"""One shard published: of its units those within the limits, once each, as people mended them."""

from __future__ import annotations

import gzip
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, cast

from corpusalign.corpus.limits import most_resident
from corpusalign.corpus.markers import Marker, marker_path, read_marker, write_published
from corpusalign.corpus.mending import Mending
from corpusalign.corpus.prints import resemblance
from corpusalign.corpus.records import (
    BINS,
    EXACT,
    Publication,
    Published,
    Receipt,
    Reject,
    rejected_name,
    shard_name,
)
from corpusalign.corpus.shard import Digesting, lines_of, member, packed
from corpusalign.errors import FormatError
from corpusalign.files import atomic_binary
from corpusalign.formats.jsonl import read_jsonl
from corpusalign.languages import language
from corpusalign.quality import Decision, Limit, Reason, decide, parse_limit, rejected, scores_of
from corpusalign.types import TranslationUnit

# What a repeated unit is rejected for, whatever other limits there are; it is the figure that is shown.
_ONCE = Limit("duplicate", False, 0.0)
_DECIMALS = 4


def publish(publication: Publication) -> Receipt:
    """Write a shard's file and that of its rejected units, which say why in their notes; then its marker.

    A unit that people worked on is kept whatever it scores. Raises FormatError where the shard that was made
    cannot be read, the output cannot be written, or what a format needs is not installed.
    """
    state, output = Path(publication.state), Path(publication.output)
    source = state / shard_name(publication.number)
    marker = read_marker(marker_path(state, publication.number))
    if marker is None:
        raise FormatError(str(source), "is not whole", "build again")
    sifter = _Sifter(
        tuple(map(parse_limit, publication.limits)),
        Mending(publication.edits),
        list(publication.doubled.values()),
    )
    place = output / shard_name(publication.number, publication.format)
    with (
        source.open("rb") as made,
        atomic_binary(place) as file,
        atomic_binary(output / rejected_name(publication.number)) as aside,
    ):
        stream, others = Digesting(file), Digesting(aside)
        sets = _sets(publication, marker, made, source, sifter, others)
        if publication.format == "parquet":
            from corpusalign.formats.parquet import write_parquet

            units = (unit for _, _, kept in sets for unit in kept)
            write_parquet(units, cast(BinaryIO, stream), str(place), languages=publication.languages)
        else:
            for data, units_made, kept in sets:
                # What is kept whole is copied as it is.
                if kept:
                    stream.write(data if kept == units_made else packed(lines_of(kept, str(source))))
            stream.end()
        others.end()
    published = replace(
        sifter.figures(),
        key=publication.key,
        size=stream.size,
        sha256=stream.sha256,
        rejected_sha256=others.sha256,
    )
    write_published(state, publication.number, published)
    return Receipt(
        number=publication.number,
        size=stream.size,
        sets=len(marker.results),
        reused=0,
        units=published.units,
        rejects=published.rejected,
        memory=most_resident(),
    )


_Units = tuple[TranslationUnit, ...]


def _sets(
    publication: Publication,
    marker: Marker,
    made: BinaryIO,
    source: Path,
    sifter: _Sifter,
    others: Digesting,
) -> Iterator[tuple[bytes, _Units, _Units]]:
    """Yield of each page set what was made, as it is in the shard and as units, and what is kept of it.

    What is not kept is written to `others` on the way.
    """
    first = 0
    for number, result in enumerate(marker.results):
        data = member(made, source, result)
        repeats = publication.repeats[first : first + result.units]
        first += result.units
        if not data:
            continue
        units = tuple(read_jsonl(io.BytesIO(gzip.decompress(data)), str(source)))
        kept, dropped = sifter.sift(units, repeats, publication.doubled.get(number))
        if dropped:
            others.write(packed(lines_of(dropped, str(source))))
        yield data, units, kept


@dataclass(slots=True)
class _Sifter:
    """Keeps or rejects the units of one page set after another, and counts."""

    limits: tuple[Limit, ...]
    mending: Mending
    rejects: list[Reject]
    units: int = 0
    rejected: int = 0
    words: Counter[str] = field(default_factory=Counter)
    bars: Counter[int] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)

    def sift(
        self, units: tuple[TranslationUnit, ...], repeats: bytes, double: Reject | None
    ) -> tuple[tuple[TranslationUnit, ...], tuple[TranslationUnit, ...]]:
        """Return the units of a page set that are kept, mended, and those that are not.

        `double` is the rejection of the whole set as a near-duplicate, None where it is none.
        """
        kept: list[TranslationUnit] = []
        dropped: list[TranslationUnit] = []
        for unit, repeat in zip(units, repeats, strict=True):
            if self.mending.names(unit.id):
                kept.append(unit)
                continue
            if double is not None:
                note = f"rejected: its page {double.detail}"
                dropped.append(replace(unit, note="\n".join(filter(None, (unit.note, note)))))
                self.broken["page"] += 1
                continue
            told = _told(unit, repeat)
            decision = _decision(told, repeat, self.limits)
            if decision.keep:
                kept.append(unit)
            else:
                dropped.append(rejected(told, decision))
                self.broken.update({reason.limit.score for reason in decision.reasons})
        mended = self.mending.mended(tuple(kept))
        self._count(mended)
        self.rejected += len(dropped)
        return mended, tuple(dropped)

    def _count(self, units: Sequence[TranslationUnit]) -> None:
        self.units += len(units)
        for unit in units:
            self.bars[min(int(unit.confidence * BINS), BINS - 1)] += 1
            for code, text in unit.variants.items():
                self.words[code] += _words(code, text)

    def figures(self) -> Published:
        """Return what was counted."""
        return Published(
            key="",
            size=0,
            sha256="",
            rejected_sha256="",
            units=self.units,
            rejected=self.rejected,
            words=dict(sorted(self.words.items())),
            histogram=tuple(self.bars[bar] for bar in range(BINS)),
            broken=dict(sorted(self.broken.items())),
            rejects=(
                *self.rejects,
                *(Reject(misfit.edit.unit, (), "edit", str(misfit)) for misfit in self.mending.misfits),
            ),
        )


def _told(unit: TranslationUnit, repeat: int) -> TranslationUnit:
    """Return a unit with what the rest of the corpus says of it among its scores."""
    if repeat == 0:
        return unit
    if repeat == EXACT:
        return replace(unit, scores={**unit.scores, "duplicate": 1.0})
    return replace(unit, scores={**unit.scores, "near_duplicate": round(resemblance(repeat), _DECIMALS)})


def _decision(unit: TranslationUnit, repeat: int, limits: Sequence[Limit]) -> Decision:
    decision = decide(scores_of(unit), limits)
    if repeat == EXACT and decision.keep:
        return Decision((Reason(_ONCE, 1.0),))
    return decision


def _words(code: str, text: str) -> int:
    """Return the words of a text; of a language that does not set them apart, its letters."""
    return len(text.split()) if language(code).joiner else sum(map(str.isalnum, text))
