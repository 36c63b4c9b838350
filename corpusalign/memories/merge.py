"""Several memories into one: what they agree on once, what they disagree on decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

from corpusalign import arguments
from corpusalign.memories.texts import question, whole
from corpusalign.types import TranslationUnit

if TYPE_CHECKING:
    from numpy import bool_, float64, int32, uint64
    from numpy.typing import NDArray

Preference = Literal["all", "first", "date", "confidence", "verdict"]

# The score that a reviewer's approval leaves on a unit.
_APPROVED = "approved"
# That which says when a unit was last changed, in seconds since 1970.
_CHANGED = "changed"
_FROM = "memory: "


@dataclass(frozen=True, slots=True)
class Memory:
    """A memory to merge: what it is called, how to open it (twice), and its date in seconds since 1970."""

    name: str
    open: Callable[[], Iterable[TranslationUnit]]
    date: float = 0.0


@dataclass(frozen=True, slots=True)
class MergePlan:
    """Which units stay, by number over all memories; `agreements` were said again, `conflicts` overruled.

    `winner[k]` is the number of the unit that stands for unit k: k itself where it stays.
    """

    winner: NDArray[int32]
    memory: NDArray[int32]
    same: NDArray[bool_]
    agreements: int
    conflicts: int


@arguments.checked(
    memories=arguments.several(arguments.one_of(Memory)),
    source=arguments.text,
    prefer=arguments.choice(*get_args(Preference)),
)
def plan_merge(memories: Sequence[Memory], *, source: str, prefer: Preference = "verdict") -> MergePlan:
    """Decide which units of some memories stay in their merger.

    Units that say the same in every language are one. Units with the same text in the language `source`, and
    different translations into the same other languages, are in conflict. `prefer` says which stays: `all` of
    them; that of the `first` memory; that with the latest `date` (its score `changed`, or else that of its
    memory); that of the highest
    `confidence`; or that which a human approved (`verdict`), and among equals that of the highest confidence,
    then the latest date, then the first. 70 bytes a unit are held in memory.
    """
    import numpy as np

    wholes, questions, approved, confidence, dates, owner = _columns(memories, source)
    order = np.arange(len(wholes))
    by: dict[Preference, tuple[NDArray[float64], ...]] = {
        "all": (),
        "first": (),
        "date": (-dates,),
        "confidence": (-confidence,),
        "verdict": (-dates, -confidence, -approved),
    }
    # Sorted by question, the best first: lexsort takes its last key as the first. Where all stay, every
    # whole is a question of its own.
    asked = wholes if prefer == "all" else questions
    sorted_by = np.lexsort((order, *by[prefer], asked))
    first_of_group = np.ones(len(order), bool)
    first_of_group[1:] = asked[sorted_by][1:] != asked[sorted_by][:-1]
    starts = np.flatnonzero(first_of_group)
    group = np.cumsum(first_of_group) - 1
    winner = np.empty(len(order), np.int32)
    winner[sorted_by] = sorted_by[starts][group] if len(order) else []
    same = wholes == wholes[winner]
    stays = winner == order
    return MergePlan(
        winner,
        owner,
        same,
        agreements=int((same & ~stays).sum()),
        conflicts=int((~same).sum()),
    )


@arguments.checked(memories=arguments.several(arguments.one_of(Memory)), plan=arguments.one_of(MergePlan))
def merged(memories: Sequence[Memory], plan: MergePlan) -> Iterator[TranslationUnit]:
    """Yield the units that stay, in order; the note of each names all memories that have it so."""
    import numpy as np

    sorted_by_winner = np.argsort(plan.winner, kind="stable")
    bounds = np.searchsorted(plan.winner[sorted_by_winner], np.arange(len(plan.winner) + 1))
    for number, unit in _numbered(memories):
        if plan.winner[number] != number:
            continue
        group = sorted_by_winner[bounds[number] : bounds[number + 1]]
        owners = dict.fromkeys(plan.memory[group[plan.same[group]]].tolist())
        own = int(plan.memory[number])
        names = [memories[own].name, *(memories[owner].name for owner in owners if owner != own)]
        yield _noted(unit, names)


@arguments.checked(memories=arguments.several(arguments.one_of(Memory)), plan=arguments.one_of(MergePlan))
def overruled(memories: Sequence[Memory], plan: MergePlan) -> Iterator[TranslationUnit]:
    """Yield the units that lost a conflict, each with a note that names its memory."""
    for number, unit in _numbered(memories):
        if not plan.same[number]:
            yield _noted(unit, [memories[int(plan.memory[number])].name])


def _columns(
    memories: Sequence[Memory], source: str
) -> tuple[
    NDArray[uint64], NDArray[uint64], NDArray[float64], NDArray[float64], NDArray[float64], NDArray[int32]
]:
    """Return, a unit a row: whole, question, approval, confidence, date, memory."""
    from array import array

    import numpy as np

    wholes, questions, owner = array("Q"), array("Q"), array("i")
    approved, confidence, dates = array("f"), array("d"), array("d")
    for number, memory in enumerate(memories):
        for unit in memory.open():
            wholes.append(whole(unit))
            questions.append(question(unit, source))
            approved.append(unit.scores.get(_APPROVED, 0.0))
            confidence.append(unit.confidence)
            dates.append(unit.scores.get(_CHANGED, memory.date))
            owner.append(number)
    return (
        np.array(wholes, np.uint64),
        np.array(questions, np.uint64),
        np.array(approved, np.float64),
        np.array(confidence, np.float64),
        np.array(dates, np.float64),
        np.array(owner, np.int32),
    )


def _numbered(memories: Sequence[Memory]) -> Iterator[tuple[int, TranslationUnit]]:
    return enumerate(unit for memory in memories for unit in memory.open())


def _noted(unit: TranslationUnit, names: Sequence[str]) -> TranslationUnit:
    """Return the unit with a line of its note for each memory that it comes from, older such lines kept."""
    lines = (unit.note or "").splitlines()
    lines.extend(line for name in names if (line := _FROM + name) not in lines)
    return replace(unit, note="\n".join(lines))
