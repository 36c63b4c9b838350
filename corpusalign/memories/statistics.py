"""How large a memory is, in which languages, and how its scores lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from random import Random

from corpusalign import arguments
from corpusalign.memories.texts import whole
from corpusalign.types import TranslationUnit

_SAMPLE = 50_000
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, slots=True)
class LanguageStats:
    """Of one language: the units that have it, and their characters, white space left out."""

    units: int
    characters: int


@dataclass(frozen=True, slots=True)
class ScoreStats:
    """How a score lies: over how many units, its extremes and mean, and quantiles (5, 25, 50, 75, 95 %).

    Quantiles are those of at most 50,000 units, drawn evenly.
    """

    units: int
    least: float
    mean: float
    greatest: float
    quantiles: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Stats:
    """A memory in figures. `repeated` are units whose texts, exactly as they are, came before."""

    units: int
    repeated: int
    approved: int
    languages: Mapping[str, LanguageStats]
    pairs: Mapping[tuple[str, str], int]
    scores: Mapping[str, ScoreStats]


@arguments.checked(units=arguments.units)
def stats(units: Iterable[TranslationUnit]) -> Stats:
    """Return the figures of a memory, read once; about 60 bytes a unit are held meanwhile."""
    seen: set[int] = set()
    count = approved = 0
    languages: dict[str, Counter[str]] = {}
    pairs: Counter[tuple[str, str]] = Counter()
    scores: dict[str, _Sample] = {}
    for unit in units:
        count += 1
        seen.add(whole(unit))
        approved += unit.scores.get("approved") == 1
        for code, text in unit.variants.items():
            languages.setdefault(code, Counter()).update(units=1, characters=sum(map(len, text.split())))
        pairs.update(combinations(sorted(unit.variants), 2))
        for name, value in (("confidence", unit.confidence), *unit.scores.items()):
            scores.setdefault(name, _Sample()).add(value)
    return Stats(
        units=count,
        repeated=count - len(seen),
        approved=approved,
        languages={code: LanguageStats(**counts) for code, counts in sorted(languages.items())},
        pairs=dict(sorted(pairs.items())),
        scores={name: sample.summary() for name, sample in scores.items()},
    )


class _Sample:
    """Extremes, mean, and an even sample (Vitter 1985, "Random Sampling with a Reservoir")."""

    def __init__(self) -> None:
        self._count = 0
        self._total = 0.0
        self._least = self._greatest = 0.0
        self._kept: list[float] = []
        self._random = Random(0)

    def add(self, value: float) -> None:
        self._least = min(value, self._least) if self._count else value
        self._greatest = max(value, self._greatest) if self._count else value
        self._count += 1
        self._total += value
        if len(self._kept) < _SAMPLE:
            self._kept.append(value)
            return
        place = self._random.randrange(self._count)
        if place < _SAMPLE:
            self._kept[place] = value

    def summary(self) -> ScoreStats:
        ordered = sorted(self._kept)
        return ScoreStats(
            units=self._count,
            least=self._least,
            mean=self._total / self._count,
            greatest=self._greatest,
            quantiles=tuple(ordered[round(share * (len(ordered) - 1))] for share in _QUANTILES),
        )
