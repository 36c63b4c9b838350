"""Units with their scores: every measure on one batch after another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, islice
from typing import TYPE_CHECKING, Protocol

from corpusalign.languages.identify import UNDETERMINED, identify_all
from corpusalign.quality.combined import quality
from corpusalign.quality.duplicates import NearSeen, Seen, fingerprint
from corpusalign.quality.lengths import LengthModel
from corpusalign.quality.numbers import agreement, conflicts, numbers_of
from corpusalign.quality.surface import (
    alphanumeric,
    boilerplate,
    copied,
    names_shared,
    own_script,
    punctuation_agreement,
)
from corpusalign.types import TranslationUnit

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

BATCH = 512
_DECIMALS = 4
_DOUBTED_LETTERS = 2


class TextEncoder(Protocol):
    """What the similarity needs of an encoder: `corpusalign.encode.default_encoder()` is one."""

    def encode(self, texts: list[str]) -> NDArray[float32]:
        """Return one unit-length row a text."""
        ...


def scored(
    units: Iterable[TranslationUnit],
    *,
    lengths: LengthModel,
    encoder: TextEncoder | None,
    near_duplicates: bool,
    identify_languages: bool,
) -> Iterator[TranslationUnit]:
    """Yield the units with their scores; see `corpusalign.quality.score`."""
    seen = Seen()
    near = NearSeen() if near_duplicates else None
    rest = iter(units)
    while batch := list(islice(rest, BATCH)):
        scores = [_texts_scores(unit, lengths) for unit in batch]
        for of_unit, before in zip(scores, seen.add([fingerprint(unit) for unit in batch]), strict=True):
            of_unit["duplicate"] = float(before)
        if near is not None:
            for of_unit, resemblance in zip(scores, near.add(batch), strict=True):
                of_unit["near_duplicate"] = resemblance
        if identify_languages:
            for of_unit, likelihood in zip(scores, _language_likelihoods(batch), strict=True):
                of_unit["language"] = likelihood
        if encoder is not None:
            for of_unit, cosine in zip(scores, _similarities(batch, encoder), strict=True):
                if cosine is not None:
                    of_unit["similarity"] = cosine
        for unit, of_unit in zip(batch, scores, strict=True):
            probability = quality(of_unit)
            if probability is not None:
                of_unit["quality"] = probability
            rounded = {name: round(value, _DECIMALS) for name, value in of_unit.items()}
            yield replace(unit, scores={**unit.scores, **rounded})


def _language_likelihoods(batch: Sequence[TranslationUnit]) -> Iterator[float]:
    """Yield the probability that each unit is in the languages that it says: the worst of its sides."""
    told = iter(identify_all([text for unit in batch for text in unit.variants.values()]))
    for unit in batch:
        sides = [language_likelihood(text, code, next(told)) for code, text in unit.variants.items()]
        yield min(sides, default=1.0)


def language_likelihood(text: str, lang: str, told: tuple[str, float]) -> float:
    """Return the probability that a text is in the language that it is said to be in.

    What identification told of it, a language elsewhere with probability p, leaves 1 - p; a text without
    letters is 1. The model is too sure of a few letters, so they count for less.
    """
    found, probability = told
    if found == UNDETERMINED:
        return 1.0
    if found == lang.partition("-")[0]:
        return probability
    size = sum(map(str.isalpha, text))
    return 1.0 - probability * size / (size + _DOUBTED_LETTERS)


def _texts_scores(unit: TranslationUnit, lengths: LengthModel) -> dict[str, float]:
    """Return the scores of the unit's own texts: the worst of its sides or pairs of sides."""
    sides = tuple(unit.variants.items())
    sizes = [len(text) for _, text in sides]
    scores = {
        "alphanumeric": min((alphanumeric(text) for _, text in sides), default=0.0),
        "script": min((own_script(text, code) for code, text in sides), default=1.0),
        "boilerplate": max((boilerplate(text, code) for code, text in sides), default=0.0),
        "shortest": float(min(sizes, default=0)),
        "longest": float(max(sizes, default=0)),
    }
    if len(sides) < 2:
        return scores
    pairs = tuple(combinations(sides, 2))
    numbers = {code: numbers_of(text, code) for code, text in sides}
    ratios = [lengths.z(first, second) for first, second in pairs]
    known_ratios = [abs(ratio) for ratio in ratios if ratio is not None]
    if known_ratios:
        scores["length_z"] = max(known_ratios)
    scores["numbers"] = min(agreement(numbers[first], numbers[second]) for (first, _), (second, _) in pairs)
    scores["number_conflicts"] = float(
        max(conflicts(numbers[first], numbers[second]) for (first, _), (second, _) in pairs)
    )
    scores["names"] = min(names_shared(first, second) for (_, first), (_, second) in pairs)
    scores["copy"] = max(copied(first, second) for (_, first), (_, second) in pairs)
    scores["punctuation"] = min(punctuation_agreement(first, second) for (_, first), (_, second) in pairs)
    return scores


def _similarities(batch: Sequence[TranslationUnit], encoder: TextEncoder) -> Iterator[float | None]:
    """Yield the lowest cosine between two sides of each unit; None where there is one side only."""
    vectors = encoder.encode([text for unit in batch for text in unit.variants.values()])
    place = 0
    for unit in batch:
        of_unit = vectors[place : place + len(unit.variants)]
        place += len(unit.variants)
        cosines = of_unit @ of_unit.T
        yield float(cosines.min()) if len(of_unit) > 1 else None
