"""Apache Parquet, for data frames: a row a unit, nothing lost but lone surrogates.

Columns: `id`, a column of text for each language, `confidence`, `note`, `scores` (a map), and `origin` (a map
of structures, as in JSON Lines). Read are also tables that others made: columns named by language codes, or
the structure `translation` that Hugging Face's data sets have.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import IO, Any, BinaryIO

from corpusalign.errors import FormatError
from corpusalign.formats.choice import languages_of
from corpusalign.formats.codes import inward, outward
from corpusalign.formats.columns import is_likely
from corpusalign.formats.lines import encodable
from corpusalign.formats.naming import name_of
from corpusalign.formats.opening import seekable
from corpusalign.formats.report import Repair, Written
from corpusalign.types import Bitext, Origin, Span, TranslationUnit

try:
    import pyarrow as pa
    import pyarrow.parquet as pq
except ImportError as error:
    raise FormatError(
        "Parquet", "needs pyarrow, which is not installed", "pip install 'corpusalign[parquet]'"
    ) from error

# So many units are in memory at a time, written or read.
_GROUP = 10_000
_BATCH = 1000
_SPAN = pa.struct([("block", pa.int64()), ("path", pa.string()), ("start", pa.int64()), ("end", pa.int64())])
_ORIGIN = pa.struct([("url", pa.string()), ("sha256", pa.string()), ("spans", pa.list_(_SPAN))])
_OURS: dict[str, pa.DataType] = {
    "confidence": pa.float64(),
    "note": pa.string(),
    "scores": pa.map_(pa.string(), pa.float64()),
    "origin": pa.map_(pa.string(), _ORIGIN),
}
_TRANSLATION = "translation"
# Its code in ISO 639-3: columns are told apart by name, and the one called `id` holds that of the unit.
_INDONESIAN = "ind"


def write_parquet(
    units: Iterable[TranslationUnit], stream: BinaryIO, path: str, *, languages: Sequence[str] | None = None
) -> Written:
    """Write units in groups of 10,000 rows; of a Bitext all rows, the omissions too.

    Units with no text in any of the languages are left out. Raises FormatError for figures that are not
    finite.
    """
    signature = units.signature if isinstance(units, Bitext) else None
    found, units = languages_of(units, languages, path)
    if isinstance(units, Bitext):
        units = units.rows
    columns = {code: _INDONESIAN if code == "id" else outward(code) or code for code in found}
    texts = [(column, pa.string()) for column in columns.values()]
    schema = pa.schema([("id", pa.string()), *texts, *_OURS.items()])
    if signature is not None:
        schema = schema.with_metadata({"signature": encodable(signature)[0]})
    written = left_out = removed = 0
    rest = iter(units)
    with pq.ParquetWriter(stream, schema, compression="zstd", write_page_checksum=True) as writer:
        while group := list(islice(rest, _GROUP)):
            table = []
            for unit in group:
                if not any(code in unit.variants for code in found):
                    left_out += 1
                    continue
                row, lost = _row(unit, columns, path)
                removed += lost
                table.append(row)
            written += len(table)
            try:
                writer.write_table(pa.Table.from_pylist(table, schema=schema))
            except OverflowError as error:
                raise FormatError(path, "an origin's place is beyond 64 bits", "give true origins") from error
    return Written(path, written, left_out, removed)


def read_parquet(
    stream: BinaryIO,
    path: str,
    *,
    languages: Sequence[str] | None = None,
    on_repair: Callable[[Repair], None] | None = None,
) -> Iterator[TranslationUnit]:
    """Yield the units of a table; `languages` are the columns of text to take, all that look so unless given.

    Raises FormatError for what is no Parquet, and for a table without a column in any language.
    """
    with seekable(stream) as file:
        yield from _units(file, path, languages, on_repair)


def _units(
    file: IO[bytes],
    path: str,
    languages: Sequence[str] | None,
    on_repair: Callable[[Repair], None] | None,
) -> Iterator[TranslationUnit]:
    try:
        table = pq.ParquetFile(file, page_checksum_verification=True)
        names = table.schema_arrow.names
        columns = _columns(names, languages, path)
        number = 0
        for batch in table.iter_batches(batch_size=_BATCH):
            for row in batch.to_pylist(maps_as_pydicts="lossy"):
                number += 1
                unit = _unit(row, columns, f"{path}: unit {number}")
                if unit is not None:
                    yield unit
                elif on_repair is not None:
                    on_repair(Repair(path, number, None, "it holds no text", "passed over"))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise FormatError(
            path,
            f"is no Parquet file: {' '.join(str(error).split())[:120]}",
            "give the file as it was written",
        ) from error


def _row(unit: TranslationUnit, columns: Mapping[str, str], path: str) -> tuple[dict[str, Any], int]:
    removed = 0

    def clean(text: str) -> str:
        nonlocal removed
        text, lost = encodable(text)
        removed += lost
        return text

    if not all(map(math.isfinite, (unit.confidence, *unit.scores.values()))):
        raise FormatError(
            f"{path}: unit {unit.id}", "holds a figure that is not finite", "give finite figures"
        )
    row: dict[str, Any] = {
        "id": clean(unit.id),
        "confidence": float(unit.confidence),
        "note": None if unit.note is None else clean(unit.note),
        "scores": [(clean(name), float(value)) for name, value in unit.scores.items()],
        "origin": [
            (
                code,
                {
                    "url": clean(origin.url),
                    "sha256": clean(origin.page_sha256),
                    "spans": [
                        {"block": span.block, "path": clean(span.path), "start": span.start, "end": span.end}
                        for span in origin.spans
                    ],
                },
            )
            for code, origin in unit.origin.items()
        ],
    }
    for code, column in columns.items():
        text = unit.variants.get(code)
        row[column] = None if text is None else clean(text)
    return row, removed


def _columns(names: Sequence[str], languages: Sequence[str] | None, path: str) -> dict[str, str]:
    """Return which column holds which language; none, where the texts stand in one structure."""
    if _TRANSLATION in names and languages is None:
        return {}
    wanted = names if languages is None else languages
    ours = {"id", *_OURS} <= set(names)
    columns: dict[str, str] = {}
    for name in wanted:
        code = "id" if ours and name == _INDONESIAN else inward(name)
        # Columns are in order: what stands behind the languages of ours is none, however it is spelt.
        if code is None or name in {"id", *_OURS} or not (ours or languages or is_likely(code)):
            continue
        if name not in names:
            raise FormatError(path, f"has no column {name}", f"name some of: {', '.join(names)[:80]}")
        columns.setdefault(name, code)
    if not columns and not ours:
        raise FormatError(
            path,
            f"no column is named by a language code: {', '.join(names)[:80]!r}",
            "name the columns of text with languages=",
        )
    return columns


def _unit(row: Mapping[str, Any], columns: Mapping[str, str], where: str) -> TranslationUnit | None:
    if columns or _TRANSLATION not in row:
        texts = [(code, row[name]) for name, code in columns.items()]
    else:
        pair = row[_TRANSLATION] or {}
        if not isinstance(pair, dict):
            raise FormatError(
                where, "its translation is no structure", "name the columns of text with languages="
            )
        texts = [(inward(name) or name, text) for name, text in pair.items()]
    variants = {code: text for code, text in texts if text is not None}
    if not all(isinstance(text, str) for text in variants.values()):
        raise FormatError(
            where, "a column of a language holds no text", "name the right ones with languages="
        )
    if not variants:
        return None
    scores, origin = row.get("scores"), row.get("origin")
    # A stranger's columns of these names may hold anything.
    figures = scores.items() if isinstance(scores, dict) else ()
    pages = origin.items() if isinstance(origin, dict) else ()
    confidence, note = row.get("confidence"), row.get("note")
    return TranslationUnit(
        str(row.get("id") or name_of(variants)),
        variants,
        confidence if isinstance(confidence, float) and 0 <= confidence <= 1 else 1.0,
        {name: figure for name, figure in figures if isinstance(figure, float)},
        {code: _origin(one) for code, one in pages if _is_origin(one)},
        note if isinstance(note, str) else None,
    )


def _is_origin(one: object) -> bool:
    return (
        isinstance(one, dict) and {"url", "sha256", "spans"} <= one.keys() and isinstance(one["spans"], list)
    )


def _origin(one: Mapping[str, Any]) -> Origin:
    spans = (Span(span["block"], span["path"], span["start"], span["end"]) for span in one["spans"])
    return Origin(one["url"], one["sha256"], tuple(spans))
