"""What of a whole corpus is published: said once, within the limits, as people mended it.

Pages are aligned without a look at the rest of the corpus; what is repeated in it is found here, from the
fingerprints. So other limits, other edits or other pages elsewhere never make a page be aligned again.
"""

from __future__ import annotations

import hashlib
import sqlite3
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import accumulate
from pathlib import Path

import numpy as np

from corpusalign.corpus import plan as plans
from corpusalign.corpus.duplicates import repeated
from corpusalign.corpus.folder import is_whole
from corpusalign.corpus.markers import (
    Marker,
    marker_path,
    prints_path,
    published_path,
    read_marker,
    read_published,
)
from corpusalign.corpus.mending import touched
from corpusalign.corpus.prints import Prints, name_print, read_prints
from corpusalign.corpus.records import Publication, Reject, ShardFormat, digest, rejected_name, shard_name
from corpusalign.errors import FormatError
from corpusalign.quality import Limit
from corpusalign.review.edits import Edit, record_of

NEAR_PAGES = 0.9
"""How much of two page sets' units (shingles in common, Jaccard) makes the smaller one a near-duplicate."""

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class _Part:
    """A shard that was made: how much it holds, and its digest."""

    number: int
    sets: int
    units: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall be published: in which format, with the languages in which order, within which limits.

    `languages` is empty for all, in the order of their codes. `edits` are those of people, in order.
    """

    format: ShardFormat
    languages: tuple[str, ...]
    limits: tuple[Limit, ...]
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Sifted:
    """What is to be published, one shard after another, and the edits that speak of units that are gone."""

    publications: Iterator[Publication]
    lost: tuple[Reject, ...]


def sift(
    plan: sqlite3.Connection,
    output: Path,
    state: Path,
    wish: Wish,
) -> Sifted:
    """Find what is repeated, and say for each shard what is published of it.

    Memory grows by a byte a unit and by what is repeated. Raises FormatError where a shard or its
    fingerprints cannot be read.
    """
    parts: list[_Part] = []
    found = set[str]()
    for number, marker in markers(plan, state):
        parts.append(_Part(number, len(marker.results), marker.units, marker.sha256))
        found.update(code for result in marker.results for code in result.sentences)
    wish = replace(wish, languages=wish.languages or tuple(sorted(found)))
    by_shard, lost = _edits_by_shard(parts, state, wish.edits)
    names = np.array(sorted({name_print(name) for edit in wish.edits for name in touched(edit)}), np.uint64)
    set_marks, near = repeated(
        lambda: _of_sets(parts, state, names),
        sum(part.sets for part in parts),
        NEAR_PAGES,
        state,
        exact=False,
    )
    unit_marks, _ = repeated(
        lambda: _of_units(parts, state, names, set_marks),
        sum(part.units for part in parts),
        next(
            (limit.figure for limit in wish.limits if limit.score == "near_duplicate" and not limit.at_least),
            1.0,
        ),
        state,
    )

    def publications() -> Iterator[Publication]:
        first_set = first_unit = 0
        for part in parts:
            numbers = np.flatnonzero(set_marks[first_set : first_set + part.sets]).tolist()
            doubled = _doubled(plan, parts, part, {n: near[first_set + n] for n in numbers})
            repeats = unit_marks[first_unit : first_unit + part.units].tobytes()
            first_set, first_unit = first_set + part.sets, first_unit + part.units
            yield _publication(part, output, state, wish, repeats, doubled, by_shard.get(part.number, ()))

    return Sifted(publications(), lost)


def _publication(
    part: _Part,
    output: Path,
    state: Path,
    wish: Wish,
    repeats: bytes,
    doubled: Mapping[int, Reject],
    edits: Sequence[Edit],
) -> Publication:
    written = tuple(map(str, wish.limits))
    records = tuple(map(record_of, edits))
    facts = [
        _FORMAT,
        part.sha256,
        wish.format,
        # A table has a column a language; lines have what their units have.
        wish.languages if wish.format == "parquet" else (),
        written,
        hashlib.sha256(repeats).hexdigest(),
        [[number, asdict(reject)] for number, reject in doubled.items()],
        records,
    ]
    return Publication(
        number=part.number,
        key=digest(facts),
        output=str(output),
        state=str(state),
        format=wish.format,
        languages=wish.languages,
        limits=written,
        repeats=repeats,
        doubled=doubled,
        edits=records,
    )


def _of_sets(parts: Sequence[_Part], state: Path, names: np.ndarray) -> Iterator[Prints]:
    for part in parts:
        sets, units = read_prints(prints_path(state, part.number), part.sets, part.units)
        sizes = sets["rank"].astype(np.int64)
        mended = np.isin(units["name"], names)
        sets["rank"][sizes == 0] = np.nan
        sets["rank"][np.unique(np.repeat(np.arange(len(sets)), sizes)[mended])] = np.inf
        yield sets


def _of_units(
    parts: Sequence[_Part], state: Path, names: np.ndarray, set_marks: np.ndarray
) -> Iterator[Prints]:
    first = 0
    for part in parts:
        sets, units = read_prints(prints_path(state, part.number), part.sets, part.units)
        sizes = sets["rank"].astype(np.int64)
        units["rank"][np.isin(units["name"], names)] = np.inf
        # What is dropped with its page is no reason to drop what stays.
        units["rank"][np.repeat(set_marks[first : first + part.sets] > 0, sizes)] = np.nan
        first += part.sets
        yield units


def _doubled(
    plan: sqlite3.Connection, parts: Sequence[_Part], part: _Part, near: Mapping[int, int]
) -> dict[int, Reject]:
    """Return the rejections of a shard's page sets that are near-duplicates of others (global numbers)."""
    if not near:
        return {}
    sets = plans.sets_of(plan, part.number)
    borders = list(accumulate((one.sets for one in parts), initial=0))
    rejects = {}
    for number, better in near.items():
        place = bisect_right(borders, better) - 1
        other = plans.set_name(plan, parts[place].number, better - borders[place])
        urls = tuple(page.url for page in sets[number].pages)
        rejects[number] = Reject(sets[number].name, urls, "near-duplicate", f"says what {other} says")
    return rejects


def _edits_by_shard(
    parts: Sequence[_Part], state: Path, edits: Sequence[Edit]
) -> tuple[dict[int, list[Edit]], tuple[Reject, ...]]:
    """Return the edits by the shard that holds their units, and rejections of those whose units are gone."""
    if not edits:
        return {}, ()
    wanted = {name_print(name): name for edit in edits for name in touched(edit)}
    prints = np.array(sorted(wanted), np.uint64)
    shard_of: dict[str, int] = {}
    for part in parts:
        _, units = read_prints(prints_path(state, part.number), part.sets, part.units)
        for found in units["name"][np.isin(units["name"], prints)].tolist():
            shard_of.setdefault(wanted[found], part.number)
    by_shard: dict[int, list[Edit]] = defaultdict(list)
    lost = []
    for number, edit in enumerate(edits, start=1):
        names = touched(edit)
        shard = next((shard_of[name] for name in names if name in shard_of), None)
        if shard is None:
            detail = f"edit {number}: there is no such unit in the corpus any more"
            lost.append(Reject(edit.unit, (), "edit", detail))
            continue
        by_shard[shard].append(edit)
        # What an edit makes (the second half of a split) is where its unit is.
        for name in names:
            shard_of.setdefault(name, shard)
    return by_shard, tuple(lost)


def markers(plan: sqlite3.Connection, state: Path) -> Iterator[tuple[int, Marker]]:
    """Yield the shards' numbers and markers in order. Raises FormatError for one that cannot be read."""
    for shard in plans.shards(plan):
        marker = read_marker(marker_path(state, shard.number))
        if marker is None or marker.key != shard.key:
            raise FormatError(
                str(marker_path(state, shard.number)), "went away during the build", "build again"
            )
        yield shard.number, marker


def is_published(publication: Publication) -> bool:
    """Tell whether a shard stands in its place as it should, byte for byte."""
    published = read_published(published_path(Path(publication.state), publication.number))
    output = Path(publication.output)
    return (
        published is not None
        and published.key == publication.key
        and is_whole(output / shard_name(publication.number, publication.format), published.sha256)
        and is_whole(output / rejected_name(publication.number), published.rejected_sha256)
    )
