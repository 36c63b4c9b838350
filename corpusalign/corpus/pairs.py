"""The pairs that `corpusalign pair` found: a source by themselves, or beside the pages that they speak of."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpusalign.corpus import plan as plans
from corpusalign.corpus.records import PageRef, PageSet, Recipe
from corpusalign.errors import FetchError, LanguageError
from corpusalign.languages import folder

# No page set comes near it; a longer line is something else.
_LINE_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file of pairs: versions of a page by language, or none and a page left alone, with why."""

    number: int
    versions: Mapping[str, str]
    alone: str | None = None
    why: str | None = None


def read_pairs(path: Path) -> Iterator[Line]:
    """Yield what `corpusalign.pair.write_pairs` wrote, line by line. Raises FetchError naming the line."""
    try:
        with path.open("rb") as stream:
            number = 0
            while line := stream.readline(_LINE_LIMIT):
                number += 1
                if line.strip():
                    yield _line(line, number, f"{path}: line {number}")
    except OSError as error:
        raise FetchError(str(path), f"cannot be read: {error.strerror}", "check the path") from error


def _line(line: bytes, number: int, where: str) -> Line:
    try:
        record = json.loads(line)
        if "versions" in record:
            return Line(number, _versions(record["versions"]))
        return Line(number, {}, _text(record["alone"]), _text(record["reason"]))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        fault = "is no pair" if isinstance(error, KeyError) else f"is no pair ({error})"
        raise FetchError(where, fault, "give the file that `corpusalign pair` wrote") from None
    except LanguageError as error:
        raise FetchError(where, error.fault, error.remedy) from None


def _versions(record: Mapping[str, Any]) -> dict[str, str]:
    versions = {folder(code): _text(url) for code, url in record.items()}
    if len(versions) < 2:
        raise ValueError("there are fewer than two versions")
    return versions


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def group_by_pairs(plan: sqlite3.Connection, pairs: Path, source: Path | str, recipe: Recipe) -> None:
    """Make page sets of the pages that a file of pairs puts together, and of no others.

    Pages are named by their addresses, or by paths: inside the source folder, or those that lead to it.
    Raises FetchError for a line that is no pair, and where not one of the pages is in the source.
    """
    plan.execute("BEGIN")
    plan.execute("INSERT OR IGNORE INTO single (url, stem, ref) SELECT url, stem, ref FROM pages")
    prefix = f"{source.as_posix() if isinstance(source, Path) else source}".rstrip("/") + "/"
    found = lines = 0
    for line in read_pairs(pairs):
        lines += 1
        if line.alone is not None:
            plans.say_why(plan, line.alone.removeprefix(prefix), line.why or "")
            continue
        refs = [_of(plan, url.removeprefix(prefix), lang) for lang, url in line.versions.items()]
        pages = tuple(plans.in_order([ref for ref in refs if ref is not None], recipe.languages))
        found += len(pages)
        if recipe.languages:
            pages = tuple(page for page in pages if page.lang in recipe.languages)
        if len(pages) > 1:
            plans.take_set(plan, PageSet(pages[0].url, pages), recipe)
    plan.execute("COMMIT")
    if lines and not found:
        raise FetchError(
            str(pairs), f"names no page of {source}", "give the source that the pairs were found in"
        )


def _of(plan: sqlite3.Connection, url: str, lang: str) -> PageRef | None:
    row = plan.execute("SELECT ref FROM single WHERE url = ? AND NOT taken", (url,)).fetchone()
    return replace(PageRef(**json.loads(row[0])), lang=lang) if row else None
