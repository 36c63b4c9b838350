"""How good a translation unit is: scores first, limits after.

`score` puts named figures on units, `decide` holds them to limits. Scores stay on the unit, so that limits
can change without computing anything again. docs/quality.md says what each score means.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from corpusalign import arguments
from corpusalign.quality.lengths import LengthModel, estimate_lengths
from corpusalign.quality.limits import (
    Decision,
    Limit,
    Reason,
    confidence_limit,
    decide,
    default_limits,
    parse_limit,
    rejected,
    scores_of,
    with_limits,
)
from corpusalign.types import TranslationUnit

if TYPE_CHECKING:
    from corpusalign.quality.scoring import TextEncoder

__all__ = [
    "Decision",
    "LengthModel",
    "Limit",
    "Reason",
    "confidence_limit",
    "decide",
    "default_limits",
    "estimate_lengths",
    "parse_limit",
    "rejected",
    "score",
    "scores_of",
    "with_limits",
    "write_report",
]


@arguments.checked(
    units=arguments.units,
    encoder=arguments.optional(arguments.text_encoder),
    lengths=arguments.optional(arguments.one_of(LengthModel)),
    near_duplicates=arguments.flag,
    identify_languages=arguments.flag,
)
def score(
    units: Iterable[TranslationUnit],
    *,
    encoder: TextEncoder | None = None,
    lengths: LengthModel | None = None,
    near_duplicates: bool = False,
    identify_languages: bool = True,
) -> Iterator[TranslationUnit]:
    """Yield the units in order, each with its scores added to those it has; in batches, in bounded memory.

    A unit of more than two languages gets the worst of its sides or pairs of sides. `encoder`, such as
    `corpusalign.encode.default_encoder()`, adds the score `similarity`; `lengths`, such as
    `estimate_lengths(units)` of the same memory, replaces the usual length ratios of the languages;
    `near_duplicates` adds `near_duplicate` (it needs the extra `dedup`). Scores are kept to four decimals.

    Raises CorpusAlignError where the package that finds near-duplicates is missing.
    """
    from corpusalign.quality.scoring import scored

    return scored(
        units,
        lengths=lengths or LengthModel(),
        encoder=encoder,
        near_duplicates=near_duplicates,
        identify_languages=identify_languages,
    )


@arguments.checked(
    units=arguments.units,
    path=arguments.path,
    limits=arguments.optional(arguments.several(arguments.one_of(Limit))),
    title=arguments.text,
)
def write_report(
    units: Iterable[TranslationUnit],
    path: str | os.PathLike[str],
    *,
    limits: Sequence[Limit] | None = None,
    title: str = "memory",
) -> None:
    """Write an HTML page on what limits (the usual ones unless given) make of scored units.

    It has counts, plots (confidence, quality, lengths), reasons and examples, needs no script and no other
    file. The units are read once, in bounded memory. Raises FormatError where it cannot be written.
    """
    from corpusalign.quality.report import write_report

    write_report(units, path, limits=default_limits() if limits is None else limits, title=title)
