"""Which edits of a review still hold when its page has changed."""

from __future__ import annotations

from collections.abc import Iterable

from corpusalign.review.edits import Edit
from corpusalign.review.replay import DoesNotApplyError, Misfit, Table
from corpusalign.review.rows import base_of
from corpusalign.types import TranslationUnit


def carry(
    old: Iterable[TranslationUnit], new: Iterable[TranslationUnit], edits: Iterable[Edit]
) -> tuple[tuple[Edit, ...], tuple[Misfit, ...]]:
    """Return the edits that hold on the new units, in order, and those that do not, each with the reason.

    The edits are replayed on both, side by side. One holds where the rows that it touches say in the new
    units, word for word, what the person saw when making it: an approval of a merged row is none of its first
    half.
    """
    before, now = Table(base_of(old)), Table(base_of(new))
    held: list[Edit] = []
    lost: list[Misfit] = []
    for number, edit in enumerate(edits, start=1):
        try:
            seen = before.texts(edit)
            before.apply(edit)
        except DoesNotApplyError as problem:
            lost.append(Misfit(number, edit, f"it never applied: {problem}"))
            continue
        try:
            if now.texts(edit) != seen:
                raise DoesNotApplyError("the row says something else now")
            now.apply(edit)
        except DoesNotApplyError as problem:
            lost.append(Misfit(number, edit, str(problem)))
        else:
            held.append(edit)
    return tuple(held), tuple(lost)
