"""The bytes of a page, from wherever its reference says: a file, the spool of an archive, kept answers."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

from corpusalign.corpus.records import PageRef
from corpusalign.corpus.remote import read_remote
from corpusalign.errors import FetchError
from corpusalign.fetch import fetch, make_page
from corpusalign.types import Page

SPOOL = "spool.db"
"""The file among the build's own that keeps the pages of archives, since an archive has no index."""


class ChangedError(Exception):
    """The page is no longer what it was when the work was planned."""


def load(ref: PageRef, state: Path) -> Page:
    """Return the page that a reference names; `state` is the folder of the build's own files.

    Raises FetchError where it cannot be had, ChangedError where its bytes are others than planned.
    """
    if ref.kind == "archive":
        content = _from_spool(ref, state)
    elif ref.kind == "remote":
        content = read_remote(ref.where)
    elif ref.kind == "web":
        content = fetch(ref.url, cache=ref.where, offline=True, robots=False).content
    else:
        content = fetch(Path(ref.where)).content
    # Named as the source names it, not by where this machine keeps it; the time is no part of a unit.
    page = make_page(content, ref.url, ref.content_type, fetched_at="")
    if page.sha256 != ref.sha256:
        raise ChangedError
    return page


def _from_spool(ref: PageRef, state: Path) -> bytes:
    address = f"{(state / SPOOL).absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as spool:
            row = spool.execute("SELECT content FROM pages WHERE sha256 = ?", (ref.sha256,)).fetchone()
    except sqlite3.Error as error:
        raise FetchError(ref.url, f"its copy cannot be read ({error})", "build again") from None
    if row is None:
        raise FetchError(ref.url, "its copy is gone", "build again")
    return zlib.decompress(row[0])


def keep(spool: sqlite3.Connection, page: Page) -> None:
    """Keep a page's bytes under their digest."""
    spool.execute("CREATE TABLE IF NOT EXISTS pages (sha256 TEXT PRIMARY KEY, content BLOB)")
    # Level 1: the spool is read once a build, and writing it must not be what takes the time.
    spool.execute("INSERT OR IGNORE INTO pages VALUES (?, ?)", (page.sha256, zlib.compress(page.content, 1)))
