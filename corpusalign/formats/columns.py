"""Units as rows of a table: a column a language, then confidence, id and note."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpusalign.errors import FormatError
from corpusalign.formats.codes import inward, outward
from corpusalign.formats.naming import name_of
from corpusalign.formats.report import Repair
from corpusalign.languages import known
from corpusalign.types import TranslationUnit

_OTHERS = ("confidence", "id", "note")


def header(languages: Sequence[str]) -> list[str]:
    """Return the head of the table."""
    return [*(outward(code) or code for code in languages), *_OTHERS]


def cells(unit: TranslationUnit, languages: Sequence[str], path: str) -> list[str]:
    """Return a unit's row. Raises FormatError for a confidence that is not finite."""
    if not math.isfinite(unit.confidence):
        raise FormatError(f"{path}: unit {unit.id}", "its confidence is not finite", "give finite figures")
    texts = [unit.variants.get(code, "") for code in languages]
    return [*texts, repr(float(unit.confidence)), unit.id, unit.note or ""]


def is_likely(code: str) -> bool:
    """Tell whether the name of a column, read as a language code, is likely to be one."""
    primary = code.partition("-")[0]
    return len(primary) == 2 or primary in known()


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what; columns that say nothing to us are passed over."""

    path: str
    languages: tuple[tuple[int, str], ...]
    confidence: int | None
    id: int | None
    note: int | None

    @classmethod
    def named(cls, head: Sequence[str], path: str) -> Columns:
        """Read the head of a table. Raises FormatError where it names no language, or one twice."""
        names = [name.strip() for name in head]
        ours = tuple(names[-len(_OTHERS) :]) == _OTHERS
        languages: dict[str, int] = {}
        # In a table of ours what stands before the last columns is text, also that in Indonesian (`id`).
        for index, name in enumerate(names[: -len(_OTHERS)] if ours else names):
            code = inward(name)
            # A stranger's "url" or "domain" is spelt like a language, and is none.
            if code is None or not (ours or (is_likely(code) and name not in _OTHERS)):
                continue
            if code in languages:
                raise FormatError(
                    f"{path}: line 1", f"the language {code} has two columns", "keep one of them"
                )
            languages[code] = index
        if not languages and not ours:
            raise FormatError(
                f"{path}: line 1",
                f"no column is named by a language code: {', '.join(names)[:60]!r}",
                "name the columns in the first line, or give languages= for a table without one",
            )
        at = {name: index for index, name in enumerate(names) if name in _OTHERS}
        pairs = tuple((index, code) for code, index in languages.items())
        return cls(path, pairs, at.get("confidence"), at.get("id"), at.get("note"))

    @classmethod
    def unnamed(cls, languages: Sequence[str], path: str) -> Columns:
        """Take the first columns of a table without a head to be these languages."""
        codes = [inward(code) for code in languages]
        for code, given in zip(codes, languages, strict=True):
            if code is None or codes.count(code) > 1:
                raise FormatError(path, f"{given!r} is no language code, or is there twice", "name each once")
        pairs = tuple((index, code) for index, code in enumerate(codes) if code is not None)
        return cls(path, pairs, None, None, None)

    def unit(
        self, row: Sequence[str], number: int, line: int, on_repair: Callable[[Repair], None] | None
    ) -> TranslationUnit | None:
        """Return a row as a unit, None where it holds no text. An empty cell is no variant."""

        def cell(index: int | None) -> str:
            return row[index] if index is not None and index < len(row) else ""

        def repair(fault: str, action: str) -> None:
            if on_repair is not None:
                on_repair(Repair(self.path, number, line, fault, action))

        variants = {code: cell(index) for index, code in self.languages if cell(index)}
        if not variants:
            repair("it holds no text", "passed over")
            return None
        confidence = 1.0
        if cell(self.confidence):
            try:
                confidence = float(cell(self.confidence))
            except ValueError:
                confidence = math.nan
            if not 0 <= confidence <= 1:
                repair(f"the confidence is {cell(self.confidence)!r}", "read as 1.0")
                confidence = 1.0
        return TranslationUnit(
            id=cell(self.id) or name_of(variants),
            variants=variants,
            confidence=confidence,
            note=cell(self.note) or None,
        )
