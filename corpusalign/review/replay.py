"""Replay edits over the units that they were made on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from corpusalign.errors import FormatError
from corpusalign.review.edits import (
    Approve,
    Comment,
    Cut,
    Divide,
    Edit,
    Merge,
    Move,
    Reject,
    Reopen,
    Rewrite,
    Split,
    Swap,
)
from corpusalign.review.rows import Base, Cell, Row, base_of, divided, joined, rewritten, text_of, unit_of
from corpusalign.types import TranslationUnit


@dataclass(frozen=True, slots=True)
class Misfit:
    """An edit that does not apply to these units: which one it is (from 1), and why."""

    number: int
    edit: Edit
    reason: str

    def __str__(self) -> str:
        """One line: the edit's number, what it does, and the reason."""
        return f"edit {self.number} ({type(self.edit).__name__.lower()} {self.edit.unit}): {self.reason}"


class DoesNotApplyError(Exception):
    """Why an edit cannot be replayed; callers of the package never see it."""


def replay(
    units: Iterable[TranslationUnit], edits: Iterable[Edit], on_misfit: Callable[[Misfit], None] | None
) -> tuple[tuple[TranslationUnit, ...], Base, list[Row]]:
    """Return the mended units, the units as they were, and the rows behind them, the rejected too."""
    base = base_of(units)
    table = Table(base)
    for number, edit in enumerate(edits, start=1):
        try:
            table.apply(edit)
        except DoesNotApplyError as problem:
            misfit = Misfit(number, edit, str(problem))
            if on_misfit is None:
                raise FormatError(
                    str(misfit).partition(": ")[0],
                    misfit.reason,
                    "apply the edits to the very units that were reviewed, or use update",
                ) from None
            on_misfit(misfit)
    rows = table.rows()
    mended = tuple(unit_of(row, base) for row in rows if row.verdict != "rejected")
    return mended, base, rows


class Table:
    """The rows in order; each edit puts one or two rows in the place of one or two."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._rows = {row.id: row for row in base.rows()}
        self._order = list(self._rows)
        self._hint = 0

    def rows(self) -> list[Row]:
        """Return the rows in order."""
        return [self._rows[identifier] for identifier in self._order]

    def texts(self, edit: Edit) -> list[dict[str, str]]:
        """Return what the rows that an edit touches say now, each by language."""
        touched = [edit.unit, *([edit.other] if isinstance(edit, Merge | Move | Swap) else [])]
        cells = [self._row(identifier).cells for identifier in touched]
        return [{lang: text_of(cell) for lang, cell in each.items()} for each in cells]

    def apply(self, edit: Edit) -> None:
        """Do an edit; raises DoesNotApplyError, and changes nothing then."""
        match edit:
            case Merge():
                self._merge(edit)
            case Split():
                self._split(edit)
            case Divide(unit, lang, cut):
                _check(self._cell(self._row(unit), lang), cut, lang)
            case Move():
                self._move(edit)
            case Swap():
                self._swap(edit)
            case Rewrite():
                self._rewrite(edit)
            case Approve(unit):
                self._put(replace(self._row(unit), verdict="approved", reason=""))
            case Reject(unit, reason):
                self._put(replace(self._row(unit), verdict="rejected", reason=reason))
            case Reopen(unit):
                self._put(replace(self._row(unit), verdict="open", reason=""))
            case Comment(unit, text):
                self._put(replace(self._row(unit), comment=text))

    def _merge(self, edit: Merge) -> None:
        first, second = self._row(edit.unit), self._row(edit.other)
        self._require_next(first, second)
        cells = {
            lang: joined(first.cells.get(lang, ()), second.cells.get(lang, ()), edit.join.get(lang, " "))
            for lang in self._base.languages
        }
        same = first.verdict == second.verdict
        self._put(
            Row(
                id=first.id,
                cells=_without_empty(cells),
                confidence=min(first.confidence, second.confidence),
                scores={},
                notes=tuple(dict.fromkeys((*first.notes, *second.notes))),
                verdict=first.verdict if same else "open",
                reason=first.reason if same else "",
                comment="\n".join(filter(None, (first.comment, second.comment))),
                mended=True,
            )
        )
        self._remove(second)

    def _split(self, edit: Split) -> None:
        row = self._row(edit.unit)
        if edit.into in self._rows or edit.into in self._base.units:
            raise DoesNotApplyError(f"there is a unit {edit.into} already")
        if edit.cuts.keys() != row.cells.keys():
            raise DoesNotApplyError(f"it divides {sorted(edit.cuts)}, the unit has {sorted(row.cells)}")
        before: dict[str, Cell] = {}
        behind: dict[str, Cell] = {}
        for lang, cut in edit.cuts.items():
            before[lang], behind[lang] = self._divided(row, lang, cut)
        halves = _without_empty(before), _without_empty(behind)
        if not all(halves):
            raise DoesNotApplyError("one of the two parts would have no text")
        head = replace(row, cells=halves[0], scores={}, verdict="open", reason="", mended=True)
        self._put(head)
        self._rows[edit.into] = replace(head, id=edit.into, cells=halves[1], comment="")
        self._order.insert(self._position(edit.unit) + 1, edit.into)

    def _move(self, edit: Move) -> None:
        row, neighbour = self._row(edit.unit), self._row(edit.other)
        distance = self._position(neighbour.id) - self._position(row.id)
        if abs(distance) != 1:
            raise DoesNotApplyError(f"units {row.id} and {neighbour.id} are no neighbours")
        before, behind = self._divided(row, edit.lang, edit.cut)
        moved, stays = (before, behind) if distance < 0 else (behind, before)
        if not text_of(moved):
            raise DoesNotApplyError("nothing would be moved")
        there = neighbour.cells.get(edit.lang, ())
        gains = joined(there, moved, edit.join) if distance < 0 else joined(moved, there, edit.join)
        for changed, cell in ((row, stays), (neighbour, gains)):
            cells = _without_empty({**changed.cells, edit.lang: cell})
            if cells:
                self._put(replace(changed, cells=cells, scores={}, verdict="open", reason="", mended=True))
            else:
                self._remove(changed)

    def _swap(self, edit: Swap) -> None:
        first, second = self._row(edit.unit), self._row(edit.other)
        self._require_next(first, second)
        if edit.lang is None:
            at = self._position(first.id)
            self._order[at : at + 2] = [second.id, first.id]
            return
        cells = first.cells.get(edit.lang, ()), second.cells.get(edit.lang, ())
        exchanged = [
            (row, _without_empty({**row.cells, edit.lang: cell}))
            for row, cell in ((first, cells[1]), (second, cells[0]))
        ]
        for row, left in exchanged:
            if not left:
                raise DoesNotApplyError(f"unit {row.id} would have no text")
        for row, left in exchanged:
            self._put(replace(row, cells=left, scores={}, verdict="open", reason="", mended=True))

    def _rewrite(self, edit: Rewrite) -> None:
        row = self._row(edit.unit)
        if edit.lang not in self._base.languages:
            raise DoesNotApplyError(f"there is no text in {edit.lang}")
        cell = row.cells.get(edit.lang, ())
        if text_of(cell) != edit.was:
            raise DoesNotApplyError(f"the text in {edit.lang} is another one")
        cells = {**row.cells, edit.lang: rewritten(cell, edit.text)}
        self._put(replace(row, cells=cells, scores={}, verdict="open", reason="", mended=True))

    # --- what the edits have in common

    def _row(self, identifier: str) -> Row:
        try:
            return self._rows[identifier]
        except KeyError:
            raise DoesNotApplyError(f"there is no unit {identifier}") from None

    def _cell(self, row: Row, lang: str) -> Cell:
        cell = row.cells.get(lang)
        if not cell:
            raise DoesNotApplyError(f"unit {row.id} has no text in {lang}")
        return cell

    def _divided(self, row: Row, lang: str, cut: Cut) -> tuple[Cell, Cell]:
        cell = self._cell(row, lang)
        _check(cell, cut, lang)
        return divided(cell, cut, self._base, lang)

    def _position(self, identifier: str) -> int:
        """Return where a row stands; edits keep close to one another, the search begins at the last one."""
        near = max(0, self._hint - 64)
        try:
            self._hint = self._order.index(identifier, near, near + 256)
        except ValueError:
            self._hint = self._order.index(identifier)
        return self._hint

    def _require_next(self, first: Row, second: Row) -> None:
        if self._position(second.id) != self._position(first.id) + 1:
            raise DoesNotApplyError(f"unit {second.id} is not the one behind {first.id}")

    def _put(self, row: Row) -> None:
        self._rows[row.id] = row

    def _remove(self, row: Row) -> None:
        del self._order[self._position(row.id)]
        del self._rows[row.id]


def _check(cell: Cell, cut: Cut, lang: str) -> None:
    if cut[1] > len(text_of(cell)):
        raise DoesNotApplyError(f"the text in {lang} is shorter than its cut {list(cut)}")


def _without_empty(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    return {lang: cell for lang, cell in cells.items() if cell}
