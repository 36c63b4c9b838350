"""What changed between two versions of a memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from corpusalign import arguments
from corpusalign.memories.texts import question, whole
from corpusalign.types import TranslationUnit

Kind = Literal["added", "removed", "changed"]
Opened = Callable[[], Iterable[TranslationUnit]]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: a unit that only the new memory has, that only the old has, or that became another."""

    old: TranslationUnit | None
    new: TranslationUnit | None

    @property
    def kind(self) -> Kind:
        """`added`, `removed` or `changed`."""
        if self.old is None:
            return "added"
        return "removed" if self.new is None else "changed"


@arguments.checked(old=arguments.function, new=arguments.function)
def diff(old: Opened, new: Opened) -> Iterator[Change]:
    """Yield the differences between two memories, those of the new one in its order, then what was removed.

    Units are the same where all their texts are, wherever they stand and however often. Of the others, an
    old and a new unit that share a text in any language and have the same languages are one unit that was
    changed. `old` and `new` open their memory anew at each call (twice each); only hashes (about 100 bytes a
    unit) and the units that differ are held in memory.
    """
    in_new = {whole(unit) for unit in new()}
    in_old: set[int] = set()
    gone: dict[int, TranslationUnit] = {}
    for unit in old():
        name = whole(unit)
        in_old.add(name)
        if name not in in_new:
            gone.setdefault(name, unit)
    by_text: dict[int, list[int]] = {}
    for name, unit in gone.items():
        for code in unit.variants:
            by_text.setdefault(question(unit, code), []).append(name)
    told: set[int] = set()
    for unit in new():
        name = whole(unit)
        if name in in_old or name in told:
            continue
        told.add(name)
        before = next(
            (
                candidate
                for code in unit.variants
                for candidate in by_text.get(question(unit, code), ())
                if candidate in gone
            ),
            None,
        )
        yield Change(gone.pop(before) if before is not None else None, unit)
    for unit in gone.values():
        yield Change(unit, None)
