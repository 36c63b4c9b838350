"""Alignments as Vecalign writes them (Thompson & Koehn 2019): `[0]:[0, 1]:0.123`, a link a line.

The numbers are those of the lines of two sentence files, from 0; an empty list is an omission; the third
field is the cost of the link, the lower the better.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO

from corpusalign.errors import FormatError
from corpusalign.formats.lines import lines
from corpusalign.formats.linked import Text, rows, unit_of
from corpusalign.formats.report import Repair, Written
from corpusalign.formats.sentences import SentenceWriter, checked, unlinked
from corpusalign.types import TranslationUnit

COST = "cost"

_NUMBERS = r"\[\s*((?:[0-9]{1,9}\s*(?:,\s*[0-9]{1,9}\s*)*)?)\]"
# The cost may be missing: other aligners, and gold files, write the same without it.
_LINK = re.compile(rf"{_NUMBERS}\s*:\s*{_NUMBERS}\s*(?::\s*([-+.\w]+))?")


def write_vecalign(
    units: Iterable[TranslationUnit],
    stream: BinaryIO,
    texts: Sequence[BinaryIO],
    languages: tuple[str, str],
    path: str,
) -> Written:
    """Write links to one stream, and the sentences they are about to two others, in constant memory.

    The cost is the unit's score `cost`, or else one less the confidence. Units without text in either
    language are left out. Raises FormatError for a cost that is not finite.
    """
    writers = [SentenceWriter(text) for text in texts]
    written = left_out = 0
    for unit, sides in rows(units):
        numbers = [writer.add(sides.get(code, ())) for writer, code in zip(writers, languages, strict=True)]
        if not any(numbers):
            left_out += 1
            continue
        fields = ":".join(str(list(side)) for side in numbers)
        cost = unit.scores.get(COST, 1 - unit.confidence)
        if not math.isfinite(cost):
            raise FormatError(f"{path}: unit {unit.id}", "its cost is not finite", "give finite figures")
        stream.write(f"{fields}:{cost:.6f}\n".encode())
        written += 1
    return Written(
        path,
        written,
        left_out,
        sum(writer.removed for writer in writers),
        sum(writer.replaced for writer in writers),
    )


def read_vecalign(
    stream: BinaryIO,
    texts: tuple[Text, Text],
    path: str,
    *,
    on_repair: Callable[[Repair], None] | None = None,
) -> Iterator[TranslationUnit]:
    """Yield a unit for each link, omissions included; the cost becomes its score `cost`.

    Raises FormatError, naming the line, for what is no link and for sentences that the texts have not.
    """
    linked: tuple[set[int], set[int]] = (set(), set())
    number = 0
    for number, line in enumerate(lines(stream, path), start=1):
        if not line.strip():
            continue
        where = f"{path}: line {number}"
        match = _LINK.fullmatch(line.strip())
        if match is None:
            raise FormatError(
                where, f"is no link: {line.strip()[:60]!r}", "give lines such as [0]:[0, 1]:0.123"
            )
        sides = []
        for text, named, seen in zip(texts, match.groups()[:2], linked, strict=True):
            numbers = checked([int(one) for one in named.split(",") if one.strip()], text, where)
            seen.update(numbers)
            sides.append((text, numbers))
        unit = unit_of(sides, scores=_cost(match[3], where))
        if unit is not None:
            yield unit
    if on_repair is not None:
        for fault in unlinked(texts, linked):
            on_repair(Repair(path, 0, number, fault, "passed over"))


def _cost(field: str | None, where: str) -> dict[str, float]:
    if field is None:
        return {}
    try:
        cost = float(field)
    except ValueError as error:
        raise FormatError(where, f"its cost is {field!r}", "give a number, or none") from error
    # A cost of nan is what Vecalign writes where it compared nothing.
    return {COST: cost} if abs(cost) < float("inf") else {}
