"""What is to be done: pages become page sets, page sets become shards; on disk, whatever their number.

The plan is a pure function of the source and the recipe. It lives in an SQLite file so that the memory of
the process does not grow with the corpus.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

from corpusalign.corpus.records import Found, Link, Moved, PageRef, PageSet, Recipe, Reject, digest

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE pages (stem TEXT, place INTEGER, url TEXT, ref TEXT);
CREATE TABLE single (url TEXT PRIMARY KEY, stem TEXT, ref TEXT, taken INTEGER DEFAULT 0, why TEXT);
CREATE TABLE links (url TEXT, other TEXT, PRIMARY KEY (url, other)) WITHOUT ROWID;
CREATE TABLE moved (url TEXT PRIMARY KEY, target TEXT) WITHOUT ROWID;
CREATE TABLE sets (name TEXT, key TEXT UNIQUE, content TEXT UNIQUE, size INTEGER, pages TEXT);
CREATE TABLE shards (number INTEGER PRIMARY KEY, key TEXT, size INTEGER, sets INTEGER);
CREATE TABLE members (shard INTEGER, position INTEGER, set_id INTEGER, PRIMARY KEY (shard, position));
CREATE TABLE earlier (key TEXT PRIMARY KEY, shard TEXT, result TEXT) WITHOUT ROWID;
CREATE TABLE rejects (name TEXT, reject TEXT);
"""

_FILE = "plan.db"
_MAX_REDIRECTS = 10
# Below the smallest, what each shard costs (three files made safe on the disk) would count.
_SMALLEST, _LARGEST = 1 << 16, 1 << 26
# Enough shards for the last ones to end together on a few dozen workers.
_SHARDS_AIMED_AT = 128


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard of the plan: `key` is the digest of its page sets' keys, `size` the bytes of their pages."""

    number: int
    key: str
    size: int
    sets: int


def new_plan(state: Path) -> sqlite3.Connection:
    """Make an empty plan in the folder of the build's own files, in place of the one of an earlier build."""
    remove(state)
    plan = sqlite3.connect(state / _FILE, isolation_level=None)
    plan.executescript(_TABLES)
    return plan


def remove(state: Path) -> None:
    """Remove the plan; the next build makes its own."""
    (state / _FILE).unlink(missing_ok=True)


def add_pages(
    plan: sqlite3.Connection, found: Iterable[Found | Link | Moved], languages: Sequence[str]
) -> None:
    """Take in the pages; those in a language that is not asked for are rejected. `languages` orders a set.

    What an archive tells of its pages is noted: their versions, and the addresses that lead to them.
    Of an address that comes twice, as in an archive of several crawls, the last page counts.
    """
    plan.execute("BEGIN")
    for one in found:
        if isinstance(one, Link):
            add_link(plan, one.url, one.other)
            continue
        if isinstance(one, Moved):
            plan.execute("INSERT OR REPLACE INTO moved VALUES (?, ?)", (one.url, one.to))
            continue
        page = one.page
        if page.lang is not None and languages and page.lang not in languages:
            add_reject(plan, Reject(one.stem, (page.url,), "language", f"{page.lang} was not asked for"))
            continue
        place = languages.index(page.lang) if page.lang in languages else len(languages)
        plan.execute(
            "INSERT INTO pages VALUES (?, ?, ?, ?)", (one.stem, place, page.url, json.dumps(asdict(page)))
        )
    plan.execute("CREATE INDEX by_stem ON pages (stem, place, url)")
    last = "SELECT max(rowid) FROM pages GROUP BY stem, url"
    earlier = plan.execute(f"SELECT rowid, stem, url FROM pages WHERE rowid NOT IN ({last})").fetchall()
    for row, stem, url in earlier:
        add_reject(plan, Reject(stem, (url,), "duplicate", "comes again later"))
        plan.execute("DELETE FROM pages WHERE rowid = ?", (row,))
    plan.execute("COMMIT")


def add_reject(plan: sqlite3.Connection, reject: Reject) -> None:
    """Note what is not in the corpus already by the plan."""
    plan.execute("INSERT INTO rejects VALUES (?, ?)", (reject.set, json.dumps(asdict(reject))))


def rejects(plan: sqlite3.Connection) -> Iterator[Reject]:
    """Yield what was rejected by the plan, in an order that the source alone decides."""
    for (text,) in plan.execute("SELECT reject FROM rejects ORDER BY name, reject"):
        yield Reject(**{**(record := json.loads(text)), "pages": tuple(record["pages"])})


def group_by_name(plan: sqlite3.Connection, recipe: Recipe) -> None:
    """Make page sets of the pages with one stem; those that stand alone become `singles`."""
    plan.execute("BEGIN")
    rows = plan.execute("SELECT stem, ref FROM pages ORDER BY stem, place, url")
    for stem, group in groupby(rows, key=lambda row: str(row[0])):
        pages = _distinct(plan, stem, [PageRef(**json.loads(ref)) for _, ref in group])
        if len(pages) > 1:
            add_set(plan, PageSet(stem, pages), recipe)
        else:
            plan.execute(
                "INSERT OR IGNORE INTO single (url, stem, ref) VALUES (?, ?, ?)",
                (pages[0].url, stem, json.dumps(asdict(pages[0]))),
            )
    plan.execute("COMMIT")


def _distinct(plan: sqlite3.Connection, stem: str, pages: Sequence[PageRef]) -> tuple[PageRef, ...]:
    """Return one page a language and content; the first keeps its place, whose name tells its language."""
    kept: list[PageRef] = []
    seen: dict[str, str] = {}
    for page in sorted(pages, key=lambda page: page.lang is None):
        same = seen.setdefault(page.sha256, page.url)
        rival = next((other for other in kept if page.lang is not None and other.lang == page.lang), None)
        if same != page.url:
            add_reject(plan, Reject(stem, (page.url,), "duplicate", f"is {same} once more"))
        elif rival is not None:
            add_reject(plan, Reject(stem, (page.url,), "second", f"{rival.url} is in {page.lang} too"))
        else:
            kept.append(page)
    return tuple(kept)


def singles(plan: sqlite3.Connection) -> Iterator[tuple[str, PageRef]]:
    """Yield the pages that stand alone still, each with its stem, site by site."""
    for stem, ref in plan.execute("SELECT stem, ref FROM single WHERE NOT taken ORDER BY stem, url"):
        yield stem, PageRef(**json.loads(ref))


def take_set(plan: sqlite3.Connection, one: PageSet, recipe: Recipe) -> None:
    """Make a page set of pages that stood alone."""
    add_set(plan, one, recipe)
    plan.executemany("UPDATE single SET taken = 1 WHERE url = ?", [(page.url,) for page in one.pages])


def say_why(plan: sqlite3.Connection, url: str, reason: str) -> None:
    """Note why a page stands alone."""
    plan.execute("UPDATE single SET why = ? WHERE url = ?", (reason, url))


def add_link(plan: sqlite3.Connection, url: str, other: str) -> None:
    """Note that a page names another as itself in another language."""
    plan.execute("INSERT OR IGNORE INTO links VALUES (?, ?)", (url, other))


def group_by_links(plan: sqlite3.Connection, recipe: Recipe) -> None:
    """Make page sets of single pages that name each other as versions.

    Both must say so: a language switcher that leads to the other language's front page is on every page.
    """
    plan.execute("BEGIN")
    _settle_links(plan)
    mutual = plan.execute(
        "SELECT there.url, there.other FROM links AS there JOIN links AS back"
        " ON back.url = there.other AND back.other = there.url ORDER BY there.url, there.other"
    )
    for url, group in groupby(mutual, key=lambda row: str(row[0])):
        pages = [page for one in (url, *(other for _, other in group)) if (page := _free(plan, one))]
        if len(pages) < 2 or pages[0].url != url:
            continue
        kept = _distinct(plan, url, in_order(pages, recipe.languages))
        if len(kept) > 1:
            take_set(plan, PageSet(url, kept), recipe)
            plan.executemany("UPDATE single SET taken = 1 WHERE url = ?", [(page.url,) for page in pages])
    plan.execute("COMMIT")


def _settle_links(plan: sqlite3.Connection) -> None:
    """Let links that name an address which stands for another name that one, redirect after redirect.

    An address that has a page of its own stands for that.
    """
    for column in ("url", "other"):
        for _ in range(_MAX_REDIRECTS):
            changed = plan.execute(
                f"UPDATE OR REPLACE links SET {column} ="
                f" (SELECT target FROM moved WHERE moved.url = links.{column})"
                f" WHERE {column} IN (SELECT url FROM moved) AND {column} NOT IN (SELECT url FROM single)"
            )
            if changed.rowcount == 0:
                break
    plan.execute("DELETE FROM links WHERE url = other")


def reject_singles(plan: sqlite3.Connection) -> None:
    """Reject the pages that nothing was found for."""
    plan.execute("BEGIN")
    for stem, url, why in plan.execute("SELECT stem, url, why FROM single WHERE NOT taken ORDER BY url"):
        fault = "no version in another language was found"
        add_reject(plan, Reject(stem, (url,), "unpaired", why or fault))
    plan.execute("COMMIT")


def _free(plan: sqlite3.Connection, url: str) -> PageRef | None:
    row = plan.execute("SELECT ref FROM single WHERE url = ? AND NOT taken", (url,)).fetchone()
    return PageRef(**json.loads(row[0])) if row else None


def in_order(pages: Sequence[PageRef], languages: Sequence[str]) -> list[PageRef]:
    """Return pages in the order of the languages asked for, those in others last."""

    def place(page: PageRef) -> tuple[int, str]:
        return (languages.index(page.lang) if page.lang in languages else len(languages), page.url)

    return sorted(pages, key=place)


def add_set(plan: sqlite3.Connection, one: PageSet, recipe: Recipe) -> None:
    """Take in a page set; one of the same pages, byte for byte, is rejected wherever else they stand."""
    content = digest([[page.lang, page.sha256] for page in one.pages])
    pages = json.dumps([asdict(page) for page in one.pages])
    row = (one.name, one.key(recipe), content, one.size, pages)
    if plan.execute("INSERT OR IGNORE INTO sets VALUES (?, ?, ?, ?, ?)", row).rowcount == 0:
        urls = tuple(page.url for page in one.pages)
        add_reject(plan, Reject(one.name, urls, "duplicate", "the same pages are another set already"))


def cut_shards(plan: sqlite3.Connection, shard_size: int | None) -> None:
    """Cut the page sets, in the order of their names, into shards of about `shard_size` bytes of pages.

    Without a size, one is chosen from the whole, a power of two so that it seldom changes as a corpus grows.
    Where a shard ends is decided by the names near its end (content-defined chunking, as in Muthitacharoen
    et al. 2001, LBFS): a page that comes or goes moves the borders near it and no others.
    """
    (total,) = plan.execute("SELECT coalesce(sum(size), 0) FROM sets").fetchone()
    aim = shard_size or min(max(1 << (total // _SHARDS_AIMED_AT).bit_length(), _SMALLEST), _LARGEST)
    plan.execute("BEGIN")
    number, size, keys = 0, 0, list[str]()
    for row, name, key, cost in plan.execute("SELECT rowid, name, key, size FROM sets ORDER BY name, key"):
        if keys and _ends_before(name, cost, size, aim):
            _close(plan, number, size, keys)
            number, size, keys = number + 1, 0, []
        plan.execute("INSERT INTO members VALUES (?, ?, ?)", (number, len(keys), row))
        size += cost
        keys.append(key)
    if keys:
        _close(plan, number, size, keys)
    plan.execute("COMMIT")


def _ends_before(name: str, cost: int, size: int, aim: int) -> bool:
    if size + cost > 2 * aim:
        return True
    # Beyond half the size, each byte has the same chance to end the shard: the mean is the size aimed at.
    chance = int.from_bytes(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:8])
    return 2 * size >= aim and chance < min(2 * cost / aim, 1) * 2**64


def _close(plan: sqlite3.Connection, number: int, size: int, keys: Sequence[str]) -> None:
    plan.execute("INSERT INTO shards VALUES (?, ?, ?, ?)", (number, digest(keys), size, len(keys)))


def shards(plan: sqlite3.Connection, *, biggest_first: bool = False) -> Iterator[Shard]:
    """Yield the shards by number, or as they should be worked on so that none is left over at the end."""
    order = "size DESC, number" if biggest_first else "number"
    for row in plan.execute(f"SELECT number, key, size, sets FROM shards ORDER BY {order}"):
        yield Shard(*row)


def sets_of(plan: sqlite3.Connection, shard: int) -> tuple[PageSet, ...]:
    """Return the page sets of a shard in order."""
    rows = plan.execute(
        "SELECT name, pages FROM members JOIN sets ON sets.rowid = set_id WHERE shard = ? ORDER BY position",
        (shard,),
    )
    return tuple(
        PageSet(name, tuple(PageRef(**record) for record in json.loads(pages))) for name, pages in rows
    )


def set_name(plan: sqlite3.Connection, shard: int, position: int) -> str:
    """Return the name of a page set of a shard."""
    row = plan.execute(
        "SELECT name FROM members JOIN sets ON sets.rowid = set_id WHERE shard = ? AND position = ?",
        (shard, position),
    ).fetchone()
    return str(row[0])


def count(plan: sqlite3.Connection) -> tuple[int, int, int]:
    """Return how many pages were found, how many page sets they make, and the bytes of the sets' pages."""
    (pages,) = plan.execute("SELECT count(*) FROM pages").fetchone()
    sets, size = plan.execute("SELECT count(*), coalesce(sum(size), 0) FROM sets").fetchone()
    return pages, sets, size
