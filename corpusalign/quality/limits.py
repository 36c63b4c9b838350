"""Limits on scores, and the one decision made from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from corpusalign import arguments
from corpusalign.errors import FormatError
from corpusalign.types import TranslationUnit, threshold_for

_LIMIT = re.compile(r"\s*([a-z_][a-z0-9_-]*)\s*(>=|<=)\s*([-+]?\d+(?:\.\d+)?(?:e[-+]?\d{1,2})?)\s*")
_REJECTED = "rejected: "
_PRECISION = re.compile(r"precision:(\d*\.?\d+)")


@dataclass(frozen=True, slots=True)
class Limit:
    """What a score must be: `at_least` the figure, or else at most."""

    score: str
    at_least: bool
    figure: float

    def __str__(self) -> str:
        """As it is written: `similarity>=0.4`."""
        return f"{self.score}{'>=' if self.at_least else '<='}{self.figure:g}"

    def broken_by(self, value: float) -> bool:
        """Tell whether a score lies outside; not a number is outside every limit."""
        return not (value >= self.figure if self.at_least else value <= self.figure)


@dataclass(frozen=True, slots=True)
class Reason:
    """A limit that a score broke."""

    limit: Limit
    value: float

    def __str__(self) -> str:
        """Score and limit in one expression: `similarity 0.13, not >=0.4`."""
        bound = str(self.limit).removeprefix(self.limit.score)
        return f"{self.limit.score} {self.value:.4g}, not {bound}"


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a unit is kept, and every reason why not."""

    reasons: tuple[Reason, ...]

    @property
    def keep(self) -> bool:
        """True where no limit was broken."""
        return not self.reasons


@arguments.checked(
    scores=arguments.mapping, limits=arguments.stream(arguments.named("corpusalign.quality.limits.Limit"))
)
def decide(scores: Mapping[str, float], limits: Iterable[Limit]) -> Decision:
    """Hold scores to limits. A score that is not there breaks no limit: nothing was measured."""
    return Decision(
        tuple(
            Reason(limit, scores[limit.score])
            for limit in limits
            if limit.score in scores and limit.broken_by(scores[limit.score])
        )
    )


@arguments.checked(unit=arguments.unit)
def scores_of(unit: TranslationUnit) -> dict[str, float]:
    """Return all that limits can speak of: the unit's scores, and its confidence under that name."""
    return {**unit.scores, "confidence": unit.confidence}


@arguments.checked(unit=arguments.unit, decision=arguments.one_of(Decision))
def rejected(unit: TranslationUnit, decision: Decision) -> TranslationUnit:
    """Return the unit with the reasons in its note, in place of those of an earlier decision."""
    lines = [line for line in (unit.note or "").splitlines() if not line.startswith(_REJECTED)]
    if decision.reasons:
        lines.append(_REJECTED + "; ".join(map(str, decision.reasons)))
    return replace(unit, note="\n".join(lines) or None)


@arguments.checked(text=arguments.text)
def parse_limit(text: str) -> Limit:
    """Return the limit that is written `score>=figure` or `score<=figure`. Raises FormatError."""
    match = _LIMIT.fullmatch(text)
    if match is None:
        raise FormatError(repr(text), "is no limit", "write one such as similarity>=0.4 or length_z<=5")
    return Limit(match[1], match[2] == ">=", float(match[3]))


@arguments.checked(
    limits=arguments.stream(arguments.named("corpusalign.quality.limits.Limit")),
    changed=arguments.stream(arguments.named("corpusalign.quality.limits.Limit")),
)
def with_limits(limits: Iterable[Limit], changed: Iterable[Limit]) -> tuple[Limit, ...]:
    """Return limits in which the changed ones replace those on the same score from the same side."""
    merged = {(limit.score, limit.at_least): limit for limit in (*limits, *changed)}
    return tuple(merged.values())


@cache
def default_limits() -> tuple[Limit, ...]:
    """Return the limits of limits.txt, which says where each comes from."""
    lines = Path(__file__).with_name("limits.txt").read_text(encoding="utf-8").splitlines()
    return tuple(parse_limit(line) for line in lines if line.strip() and not line.startswith("#"))


@arguments.checked(
    threshold=arguments.either(arguments.text, arguments.number),
    confidences=arguments.several(arguments.number),
)
def confidence_limit(threshold: str | float, confidences: Sequence[float]) -> Limit:
    """Return the limit on confidence that `0.8` or `precision:0.99` asks for, given all units' confidences.

    For a precision it is that of `corpusalign.types.threshold_for`, which takes confidences as probabilities.
    Raises FormatError for anything else, and for a precision that even the most confident units do not reach.
    """
    text = str(threshold).strip()
    wanted = _PRECISION.fullmatch(text)
    try:
        if wanted is None:
            return Limit("confidence", True, float(text))
        found = threshold_for(confidences, float(wanted[1]))
    except ValueError as error:
        raise FormatError(
            repr(threshold), "is no threshold", "write a confidence such as 0.8, or precision:0.99"
        ) from error
    if found is None and confidences:
        raise FormatError(
            repr(threshold), "is more than the most confident units promise", "ask for a lower precision"
        )
    return Limit("confidence", True, found.limit if found else 0.0)
