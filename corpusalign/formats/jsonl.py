"""JSON Lines: one unit a line, nothing lost. The schema is in docs/formats.md."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from corpusalign.errors import FormatError
from corpusalign.formats.report import Written
from corpusalign.types import Bitext, Origin, Span, TranslationUnit

# A line that is longer than this is no unit; reading it whole could fill the memory.
_LINE_LIMIT = 16 << 20


def write_jsonl(units: Iterable[TranslationUnit], stream: BinaryIO, path: str) -> Written:
    """Write one JSON object a line; of a Bitext all rows, the omissions too. `path` names the file in errors.

    Raises FormatError for figures that are not finite (JSON has none).
    """
    if isinstance(units, Bitext):
        units = units.rows
    written = 0
    for unit in units:
        stream.write(_line(unit, path))
        written += 1
    return Written(path, written)


def read_jsonl(stream: BinaryIO, path: str) -> Iterator[TranslationUnit]:
    """Yield the units, line by line; blank lines are passed over. Raises FormatError naming the line."""
    number = 0
    while line := stream.readline(_LINE_LIMIT):
        number += 1
        if len(line) == _LINE_LIMIT:
            raise FormatError(
                f"{path}: line {number}",
                f"is longer than {_LINE_LIMIT >> 20} MiB",
                "give one unit a line",
            )
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.strip():
            yield _unit(line, f"{path}: line {number}")


def _line(unit: TranslationUnit, path: str) -> bytes:
    record: dict[str, Any] = {
        "id": unit.id,
        "variants": dict(unit.variants),
        "confidence": float(unit.confidence),
    }
    if unit.scores:
        record["scores"] = {name: float(value) for name, value in unit.scores.items()}
    if unit.origin:
        record["origin"] = {
            code: {
                "url": origin.url,
                "sha256": origin.page_sha256,
                "spans": [[span.block, span.path, span.start, span.end] for span in origin.spans],
            }
            for code, origin in unit.origin.items()
        }
    if unit.note is not None:
        record["note"] = unit.note
    try:
        text = json.dumps(record, ensure_ascii=False, allow_nan=False)
    except ValueError as error:
        raise FormatError(
            f"{path}: unit {unit.id}", "holds a figure that is not finite", "give finite figures"
        ) from error
    try:
        return text.encode("utf-8") + b"\n"
    except UnicodeEncodeError:
        # A lone surrogate cannot stand in UTF-8, but its escape can stand in JSON.
        return json.dumps(record).encode("ascii") + b"\n"


def _unit(line: bytes, where: str) -> TranslationUnit:
    try:
        record = json.loads(line)
    except RecursionError as error:
        raise FormatError(where, "is nested too deep", "give one unit a line") from error
    except ValueError as error:
        raise FormatError(where, f"is not JSON: {error}", "give one JSON object a line") from error
    try:
        return TranslationUnit(
            id=_string(record["id"]),
            variants=_texts(record["variants"]),
            confidence=_figure(record["confidence"]),
            scores={name: _figure(value) for name, value in record.get("scores", {}).items()},
            origin={code: _origin(value) for code, value in record.get("origin", {}).items()},
            note=None if record.get("note") is None else _string(record["note"]),
        )
    except KeyError as error:
        raise FormatError(where, f"has no {error.args[0]}", "see the schema in docs/formats.md") from error
    except (TypeError, ValueError, OverflowError, AttributeError) as error:
        raise FormatError(where, f"is no unit: {error}", "see the schema in docs/formats.md") from error


def _origin(record: Mapping[str, Any]) -> Origin:
    spans = tuple(
        Span(_count(block), _string(path), _count(start), _count(end))
        for block, path, start, end in record["spans"]
    )
    return Origin(_string(record["url"]), _string(record["sha256"]), spans)


def _texts(value: Mapping[str, Any]) -> dict[str, str]:
    return {code: _string(text) for code, text in value.items()}


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _figure(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is not a number")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value!r} is not finite")
    return number


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError(f"{value!r} is not a count")
    return value
