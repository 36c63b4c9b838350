"""Which languages a file holds, in which order: asked for, or found among the units."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain
from typing import IO

from corpusalign.errors import FormatError
from corpusalign.formats.codes import outward
from corpusalign.types import Bitext, TranslationUnit


def languages_of(
    units: Iterable[TranslationUnit], languages: Sequence[str] | None, path: str
) -> tuple[tuple[str, ...], Iterable[TranslationUnit]]:
    """Return the languages to write, source first, and the units, none of them lost to the looking.

    They are those asked for; or a Bitext's; or those of all units, in the order of their coming. Units that
    can be seen once only wait on the disk meanwhile. Raises FormatError for what is no language code, and for
    a language that stands twice.
    """
    if languages is not None:
        found = tuple(languages)
    elif isinstance(units, Bitext):
        found = units.languages
    elif isinstance(units, Sequence):
        found = tuple(dict.fromkeys(code for unit in units for code in unit.variants))
    else:
        found, units = _looked_through(units)
    codes = [outward(code) for code in found]
    for code, written in zip(found, codes, strict=True):
        if written is None:
            raise FormatError(path, f"{code!r} is no language code", "use one such as en, zh-CN or fr")
        if codes.count(written) > 1:
            raise FormatError(path, f"the language {written} stands twice", "name each language once")
    return found, units


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


def first_languages(units: Iterable[TranslationUnit]) -> tuple[tuple[str, ...], Iterable[TranslationUnit]]:
    """Return the languages of the first unit that has any text, and the units, none of them lost."""
    rest: Iterator[TranslationUnit] = iter(units)
    seen = []
    for unit in rest:
        seen.append(unit)
        if unit.variants:
            break
    return tuple(seen[-1].variants) if seen else (), chain(seen, rest)


def _looked_through(
    units: Iterable[TranslationUnit],
) -> tuple[tuple[str, ...], Iterator[TranslationUnit]]:
    """Return the languages of all units, and the units again, which were on the disk in the meantime."""
    found: dict[str, None] = {}
    with ExitStack() as files:
        # Of this process's own making, and of no name: nobody else can write what is unpickled here.
        spool = files.enter_context(tempfile.TemporaryFile())
        for unit in units:
            found.update(dict.fromkeys(unit.variants))
            facts = (dict(unit.variants), unit.confidence, dict(unit.scores), dict(unit.origin), unit.note)
            pickle.dump((unit.id, *facts), spool, pickle.HIGHEST_PROTOCOL)
        spool.seek(0)
        return tuple(found), _spooled(spool, files.pop_all())


def _spooled(spool: IO[bytes], files: ExitStack) -> Iterator[TranslationUnit]:
    with files:
        while True:
            try:
                facts = pickle.load(spool)
            except EOFError:
                return
            yield TranslationUnit(*facts)
