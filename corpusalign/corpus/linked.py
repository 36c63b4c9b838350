"""Pages whose names say nothing: which of them name each other as versions, or say the same."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import groupby, islice
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from corpusalign.corpus import plan as plans
from corpusalign.corpus.limits import OverdueError, limited
from corpusalign.corpus.places import ChangedError, load
from corpusalign.corpus.records import Limits, PageRef, PageSet, Recipe, digest
from corpusalign.corpus.threads import one_thread
from corpusalign.crawl.links import absolute
from corpusalign.errors import CorpusAlignError
from corpusalign.extract import extract
from corpusalign.pair import pair
from corpusalign.types import Page

_KEPT = "pairs.db"
# Pages of a site that are compared with one another, all in memory: some 10 kB each.
_MOST = 10_000


def add_links(plan: sqlite3.Connection, state: Path, limits: Limits) -> None:
    """Read the pages that stand alone and note in the plan the versions that they name (hreflang, switcher).

    A page that cannot be read names none.
    """
    plan.execute("BEGIN")
    for _, page in plans.singles(plan):
        for other in _versions(page, state, limits):
            plans.add_link(plan, page.url, other)
    plan.execute("COMMIT")


def _versions(page: PageRef, state: Path, limits: Limits) -> list[str]:
    try:
        with limited(limits):
            document = extract(load(page, state), lang=page.lang, allow_truncated=True)
    except (CorpusAlignError, ChangedError, OverdueError, MemoryError, RecursionError):
        return []
    addresses = [address.partition("#")[0] for address in document.alternates.values()]
    if page.kind in ("file", "remote"):
        return [unquote(address) for address in addresses]
    # As they are sent: a page may write in Chinese what its server's address escapes.
    return [absolute(page.url, address, of_page=False) or address for address in addresses]


def group_by_content(plan: sqlite3.Connection, state: Path, recipe: Recipe) -> None:
    """Make page sets of the pages that still stand alone and say the same, site by site.

    What was found for a site is kept, and holds while its pages are the same.
    """
    with closing(sqlite3.connect(state / _KEPT)) as kept, one_thread():
        kept.execute("CREATE TABLE IF NOT EXISTS pairs (key TEXT PRIMARY KEY, found TEXT)")
        plan.execute("BEGIN")
        alone = plans.singles(plan)
        for _, group in groupby(alone, key=lambda one: one[0].partition("/")[0]):
            pages = (page for _, page in group)
            while site := tuple(islice(pages, _MOST)):
                _group_site(plan, state, recipe, site, kept)
        plan.execute("COMMIT")
        kept.commit()


def _group_site(
    plan: sqlite3.Connection, state: Path, recipe: Recipe, site: Sequence[PageRef], kept: sqlite3.Connection
) -> None:
    if len(site) < 2:
        return
    key = digest([recipe.signature, [[page.url, page.sha256] for page in site]])
    row = kept.execute("SELECT found FROM pairs WHERE key = ?", (key,)).fetchone()
    record: dict[str, Any]
    if row is None:
        found = pair(_pages(site, state))
        record = {
            "matches": [dict(match.versions) for match in found.matches],
            "alone": {alone.url: alone.reason for alone in found.alone},
        }
        kept.execute("INSERT INTO pairs VALUES (?, ?)", (key, json.dumps(record)))
    else:
        record = json.loads(row[0])
    by_url = {page.url: page for page in site}
    for versions in record["matches"]:
        pages = tuple(replace(by_url[url], lang=lang) for lang, url in versions.items())
        ordered = plans.in_order(pages, recipe.languages)
        plans.take_set(plan, PageSet(ordered[0].url, tuple(ordered)), recipe)
    for url, reason in record["alone"].items():
        plans.say_why(plan, url, reason)


def _pages(site: Sequence[PageRef], state: Path) -> Iterator[Page]:
    """Yield the pages; one that cannot be had any more is left out, and stays alone."""
    for page in site:
        try:
            yield load(page, state)
        except (CorpusAlignError, ChangedError):
            continue
