"""What people did to units of a corpus, done again at every build."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from corpusalign.review import apply_edits
from corpusalign.review.edits import Edit, Merge, Move, Split, Swap, edit_from
from corpusalign.review.replay import Misfit
from corpusalign.types import TranslationUnit


class Mending:
    """The edits of one shard, for its page sets one after another.

    `misfits` collects the edits that no longer apply: what they speak of is gone, or says something else.
    """

    def __init__(self, records: Sequence[Mapping[str, Any]]) -> None:
        self._edits = [edit_from(record, "an edit") for record in records]
        self._named = {name for edit in self._edits for name in touched(edit)}
        self.misfits: list[Misfit] = []

    def names(self, identifier: str) -> bool:
        """Tell whether people worked on a unit."""
        return identifier in self._named

    def mended(self, units: tuple[TranslationUnit, ...]) -> tuple[TranslationUnit, ...]:
        """Return the units of a page set as people left them, the rejected ones left out.

        An edit that does not apply takes those with it that came later and touch the same units: an approval
        of two merged units is none of the first one alone.
        """
        ours = self._of(units)
        if not ours:
            return units
        while True:
            misfits: list[Misfit] = []
            mended = apply_edits(units, ours, on_misfit=misfits.append)
            if not misfits:
                return mended
            first = misfits[0]
            self.misfits.append(first)
            lost = set(touched(first.edit))
            rest = list(ours[: first.number - 1])
            for number, edit in enumerate(ours[first.number :], start=first.number + 1):
                if lost.isdisjoint(touched(edit)):
                    rest.append(edit)
                else:
                    lost.update(touched(edit))
                    self.misfits.append(Misfit(number, edit, "an earlier edit of the unit does not apply"))
            ours = rest

    def _of(self, units: Sequence[TranslationUnit]) -> list[Edit]:
        ids = {unit.id for unit in units if unit.id in self._named}
        ours: list[Edit] = []
        for edit in self._edits if ids else ():
            if not ids.isdisjoint(touched(edit)):
                ids.update(touched(edit))
                ours.append(edit)
        return ours


def touched(edit: Edit) -> tuple[str, ...]:
    """Return the ids of the units that an edit speaks of, that of one that it makes included."""
    if isinstance(edit, Merge | Move | Swap):
        return edit.unit, edit.other
    if isinstance(edit, Split):
        return edit.unit, edit.into
    return (edit.unit,)
