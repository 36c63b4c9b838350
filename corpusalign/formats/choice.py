"""Which languages a file holds, in which order: asked for, or found among the units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from corpusalign.errors import FormatError
from corpusalign.formats.codes import outward
from corpusalign.types import Bitext, TranslationUnit


def languages_of(
    units: Iterable[TranslationUnit], languages: Sequence[str] | None, path: str
) -> tuple[tuple[str, ...], Iterable[TranslationUnit]]:
    """Return the languages to write, source first, and the units, none of them lost to the looking.

    They are those asked for; or a Bitext's; or those of all units of a sequence, in the order of their
    coming; or, of units that can be seen once only, the first one's. Raises FormatError for what is no
    language code, and for a language that stands twice.
    """
    if languages is not None:
        found = tuple(languages)
    elif isinstance(units, Bitext):
        found = units.languages
    elif isinstance(units, Sequence):
        found = tuple(dict.fromkeys(code for unit in units for code in unit.variants))
    else:
        rest: Iterator[TranslationUnit] = iter(units)
        first = list(next_few(rest))
        found = tuple(first[-1].variants) if first else ()
        units = chain(first, rest)
    codes = [outward(code) for code in found]
    for code, written in zip(found, codes, strict=True):
        if written is None:
            raise FormatError(path, f"{code!r} is no language code", "use one such as en, zh-CN or fr")
        if codes.count(written) > 1:
            raise FormatError(path, f"the language {written} stands twice", "name each language once")
    return found, units


def next_few(units: Iterator[TranslationUnit]) -> Iterator[TranslationUnit]:
    """Yield units up to the first that has any text."""
    for unit in units:
        yield unit
        if unit.variants:
            return


def pair_of(
    units: Iterable[TranslationUnit], languages: Sequence[str] | None, path: str
) -> tuple[tuple[str, str], Iterable[TranslationUnit]]:
    """Return the two languages, source and target, of a file that can hold no more."""
    found, units = languages_of(units, languages, path)
    if len(found) != 2:
        raise FormatError(
            path,
            f"this format holds two languages, not {len(found)}",
            "name the two with languages=, the source first",
        )
    return (found[0], found[1]), units
