"""Pages whose names say nothing: which of them name each other as versions in another language."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import unquote

from corpusalign.corpus import plan as plans
from corpusalign.corpus.limits import OverdueError, limited
from corpusalign.corpus.places import ChangedError, load
from corpusalign.corpus.records import Limits, PageRef
from corpusalign.errors import CorpusAlignError
from corpusalign.extract import extract


def add_links(plan: sqlite3.Connection, state: Path, limits: Limits) -> None:
    """Read the pages that stand alone and note in the plan the versions that they name (hreflang, switcher).

    A page that cannot be read names none. A finder of pairs by content would take its candidates here.
    """
    plan.execute("BEGIN")
    for page in plans.singles(plan):
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
    return [unquote(address) for address in addresses] if page.kind == "file" else addresses
