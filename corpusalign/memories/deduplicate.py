"""Each unit once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from corpusalign import arguments
from corpusalign.types import TranslationUnit

_BATCH = 1024


@arguments.checked(units=arguments.units, near=arguments.optional(arguments.number))
def dedup(units: Iterable[TranslationUnit], *, near: float | None = None) -> Iterator[TranslationUnit]:
    """Yield the units whose texts did not come before.

    Texts are compared by their letters and digits, whatever their case. With `near`, a unit that resembles an
    earlier one that much (0 to 1, estimated; see `corpusalign.quality`) is a duplicate too, if that one is
    among the latest 262,144. Memory: 8 bytes a unit, and 100 MB with `near`.

    Raises ValueError for a resemblance outside (0, 1], CorpusAlignError where `rensa` is missing.
    """
    return (unit for unit, again in _judged(units, near) if not again)


@arguments.checked(units=arguments.units, near=arguments.optional(arguments.number))
def duplicates(units: Iterable[TranslationUnit], *, near: float | None = None) -> Iterator[TranslationUnit]:
    """Yield the units that `dedup` leaves out."""
    return (unit for unit, again in _judged(units, near) if again)


def _judged(units: Iterable[TranslationUnit], near: float | None) -> Iterator[tuple[TranslationUnit, bool]]:
    from corpusalign.quality.duplicates import NearSeen, Seen, fingerprint

    if near is not None and not 0 < near <= 1:
        raise ValueError(f"near must lie in (0, 1], not {near}")
    seen, resembling = Seen(), None if near is None else NearSeen()
    rest = iter(units)
    while batch := list(islice(rest, _BATCH)):
        again = seen.add([fingerprint(unit) for unit in batch])
        if resembling is not None and near is not None:
            resemblances = resembling.add(batch)
            again = [before or found >= near for before, found in zip(again, resemblances, strict=True)]
        yield from zip(batch, again, strict=True)
