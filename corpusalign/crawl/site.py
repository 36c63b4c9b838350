"""A site, page by page, into an archive that can be carried on."""

from __future__ import annotations

import os
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from corpusalign.crawl import CrawlReport
from corpusalign.crawl.links import absolute, read_links, site_of
from corpusalign.crawl.sitemap import read_sitemaps
from corpusalign.errors import FetchError, FormatError
from corpusalign.fetch import make_page
from corpusalign.fetch.session import NotAskedError, Session
from corpusalign.fetch.warc import Damage, records
from corpusalign.fetch.warc_writer import Writer, has_member_after, sound_length

MAX_FAILURES = 10
"""Failures in a row after which a host is taken to be down and the crawl ends; a later one carries it on."""

MAX_VARIANTS = 100
"""Addresses that differ in the query alone: a calendar or a sort order has no end."""

_REPEATED = re.compile(r"(/[^/]+)(?:/.*)?\1(?:/.*)?\1(?:/.*)?\1(?=/|\Z)")


class Frontier:
    """What is to be visited, each address once, versions of a page before other links."""

    def __init__(self, start: str, include: str | None, exclude: str | None) -> None:
        self.start = start
        self._site = site_of(urlsplit(start).netloc)
        self._include = _expression(include)
        self._exclude = _expression(exclude)
        self._seen: set[str] = set()
        self._variants: Counter[str] = Counter()
        self._waiting: deque[str] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, addresses: Iterable[str], *, first: bool = False, asked_for: bool = False) -> None:
        """Put addresses in line, at its head with `first`; `asked_for` ones whatever the scope."""
        fresh = [address for address in addresses if asked_for or self._in_scope(address)]
        fresh = [address for address in dict.fromkeys(fresh) if address not in self._seen]
        self._seen.update(fresh)
        if first:
            self._waiting.extendleft(reversed(fresh))
        else:
            self._waiting.extend(fresh)

    def move(self, address: str) -> None:
        """Take the site of another address for the scope: the start was redirected there."""
        self._site = site_of(urlsplit(address).netloc)

    def mark(self, address: str) -> None:
        """Take an address for visited."""
        self._seen.add(address)

    def next(self) -> str | None:
        """Return the next address, None when there is no more."""
        return self._waiting.popleft() if self._waiting else None

    def drop_seen(self, visited: set[str]) -> None:
        """Take out of the line what was visited already."""
        self._waiting = deque(address for address in self._waiting if address not in visited)

    def _in_scope(self, address: str) -> bool:
        parts = urlsplit(address)
        if site_of(parts.netloc) != self._site or _REPEATED.search(parts.path):
            return False
        if self._include and not self._include.search(address):
            return False
        if self._exclude and self._exclude.search(address):
            return False
        if parts.query and address not in self._seen:
            path = f"{parts.netloc}{parts.path}"
            self._variants[path] += 1
            return self._variants[path] <= MAX_VARIANTS
        return True


def _expression(pattern: str | None) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern) if pattern else None
    except re.error as error:
        raise FormatError(repr(pattern), f"is no regular expression ({error})", "mend it") from None


def archive(
    start: str,
    out: str | os.PathLike[str],
    session: Session,
    limit: int,
    include: str | None,
    exclude: str | None,
    progress: Callable[[str, int, int], None],
) -> CrawlReport:
    """Do what `crawl` says."""
    path = Path(out)
    if not path.name.endswith(".warc.gz"):
        raise FormatError(str(path), "is not named .warc.gz", "give the archive that ending")
    home = absolute(start, start)
    if home is None:
        raise FetchError(start, "is no address of a page", "give an http:// or https:// address")
    frontier = Frontier(home, include, exclude)
    frontier.add([home], asked_for=True)
    damages: list[Damage] = []
    visited = _carry_on(path, frontier, damages)
    frontier.drop_seen(visited)
    before = len(visited)
    failed: list[tuple[str, str]] = []
    _add_sitemaps(home, session, frontier, failed)
    frontier.drop_seen(visited)
    in_a_row = 0
    try:
        with path.open("ab") as file:
            writer = Writer(file)
            if not before:
                writer.write_info({"robots": "obey", "description": f"crawl of {home}"})
            while len(visited) < limit and in_a_row < MAX_FAILURES:
                address = frontier.next()
                if address is None:
                    break
                progress(address, len(visited), limit)
                try:
                    answer = session.visit(address)
                except FetchError as error:
                    if not visited:
                        raise
                    failed.append((address, error.fault))
                    # What was not even asked says nothing about the host.
                    in_a_row += not isinstance(error, NotAskedError)
                    continue
                in_a_row = 0
                writer.write_answer(answer)
                visited.add(address)
                _follow(frontier, address, answer.status, answer.headers, answer.content)
    except OSError as error:
        raise FetchError(str(path), f"cannot be written ({error.strerror})", "name another file") from None
    return CrawlReport(len(visited) - before, before, tuple(failed), len(frontier), len(damages))


def _carry_on(path: Path, frontier: Frontier, damages: list[Damage]) -> set[str]:
    """Read an archive that is there into the frontier, its broken end cut off; return what it holds."""
    visited: set[str] = set()
    try:
        if not path.exists() or path.stat().st_size == 0:
            return visited
        size, sound = path.stat().st_size, sound_length(path)
        if sound < size and not has_member_after(path, sound):
            os.truncate(path, sound)
            damages.append(Damage(sound, "the archive ended inside this record"))
        for record in records(path, on_damage=damages.append) if sound else ():
            visited.add(record.url)
            frontier.mark(record.url)
            _follow(frontier, record.url, record.status, record.headers, record.content)
    except OSError as error:
        raise FetchError(str(path), f"cannot be carried on ({error.strerror})", "name another file") from None
    return visited


def _follow(frontier: Frontier, url: str, status: int, headers: Mapping[str, str], content: bytes) -> None:
    """Put what an answer leads to in line: where it redirects to, or the links of a page or sitemap."""
    location = headers.get("location")
    if 300 <= status < 400 and location:
        target = absolute(url, location)
        if target and url == frontier.start:
            frontier.move(target)
        frontier.add([target] if target else [], first=True)
    elif status in (200, 203):
        links = read_links(make_page(content, url, headers.get("content-type")))
        frontier.add(links.pages)
        frontier.add(links.versions, first=True)


def _add_sitemaps(home: str, session: Session, frontier: Frontier, failed: list[tuple[str, str]]) -> None:
    """Put the addresses of the site's sitemaps in line."""
    for address, sitemap in read_sitemaps(home, session, failed):
        pages = (absolute(address, page) for page in (*sitemap.pages, *sitemap.versions))
        frontier.add([page for page in pages if page])
