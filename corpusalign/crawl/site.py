"""A site, page by page, into an archive that can be carried on."""

from __future__ import annotations

import os
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from corpusalign.crawl import CrawlReport
from corpusalign.crawl.links import absolute, forbids_following, read_links
from corpusalign.crawl.patience import MAX_FAILURES, Patience
from corpusalign.crawl.sitemap import is_sitemap, read_sitemaps
from corpusalign.errors import FetchError, FormatError
from corpusalign.fetch import page_of
from corpusalign.fetch.answer import Answer
from corpusalign.fetch.http import WITH_CONTENT
from corpusalign.fetch.session import RETRIED, NotAskedError, Session, refusal, settled
from corpusalign.fetch.warc import Damage, is_page, records
from corpusalign.fetch.warc_writer import Writer, has_member_after, sound_length
from corpusalign.languages.addresses import site_of

ASKED_A_PAGE, ASKED_AT_LEAST = 10, 1000
"""Addresses asked for at most: so many for each page of the limit, and no fewer in all.

Redirects and dead addresses are no pages, and a site may have them without end.
"""

MAX_VARIANTS = 100
"""Addresses that differ in the query alone: a calendar or a sort order has no end."""

_REPEATED = re.compile(r"(/[^/]+)(?:/.*)?\1(?:/.*)?\1(?:/.*)?\1(?=/|\Z)")


class Frontier:
    """What is to be visited, each address once, versions of a page before other links."""

    def __init__(self, start: str, include: str | None, exclude: str | None) -> None:
        self.start = start
        self.site = site_of(urlsplit(start).netloc)
        self._include = _expression(include)
        self._exclude = _expression(exclude)
        self._seen: set[str] = set()
        self._variants: Counter[str] = Counter()
        self._waiting: deque[str] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(
        self, addresses: Iterable[str], *, first: bool = False, abroad: bool = False, asked_for: bool = False
    ) -> None:
        """Put addresses in line, at its head with `first`.

        With `abroad` those of other sites too, `asked_for` ones whatever the scope.
        """
        fresh = [
            address
            for address in dict.fromkeys(addresses)
            if address not in self._seen and (asked_for or self._in_scope(address, abroad))
        ]
        self._seen.update(fresh)
        if first:
            self._waiting.extendleft(reversed(fresh))
        else:
            self._waiting.extend(fresh)

    def move(self, address: str) -> None:
        """Take the site of another address for the scope: the start was redirected there."""
        self.site = site_of(urlsplit(address).netloc)

    def mark(self, address: str) -> None:
        """Take an address for visited."""
        self._seen.add(address)

    def next(self) -> str:
        """Return the next address; there must be one."""
        return self._waiting.popleft()

    def drop_seen(self, visited: set[str]) -> None:
        """Take out of the line what was visited already."""
        self._waiting = deque(address for address in self._waiting if address not in visited)

    def is_home(self, address: str) -> bool:
        """Say whether an address is of the site."""
        return site_of(urlsplit(address).netloc) == self.site

    def _in_scope(self, address: str, abroad: bool) -> bool:
        parts = urlsplit(address)
        if not (abroad or self.is_home(address)) or _REPEATED.search(parts.path):
            return False
        if self._include and not self._include.search(address):
            return False
        if self._exclude and self._exclude.search(address):
            return False
        if parts.query:
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
    held = _carry_on(path, frontier)
    before = len(held.visited)
    failed: list[tuple[str, str]] = []
    try:
        with path.open("ab") as file:
            first = None if held.visited or limit < 1 else _first_answer(home, session)
            writer = Writer(file)
            if not before:
                writer.write_info({"robots": "obey", "description": f"crawl of {home}"})
            _add_sitemaps(home, session, frontier, held, writer, failed)
            frontier.drop_seen(held.visited)
            patience = Patience(session, {frontier.site: home})
            left = max(ASKED_AT_LEAST, ASKED_A_PAGE * limit)
            while held.pages < limit and left and len(frontier) and not patience.has_ended(frontier.site):
                address = frontier.next()
                site = site_of(urlsplit(address).netloc)
                if patience.has_ended(site):
                    failed.append((address, f"not asked for: {site} failed {MAX_FAILURES} times in a row"))
                    continue
                progress(address, held.pages, limit)
                left -= 1
                try:
                    answer = first if first is not None else settled(session.visit(address))
                except FetchError as error:
                    failed.append((address, error.fault))
                    patience.failed(address, error)
                    left += isinstance(error, NotAskedError)
                    continue
                first = None
                patience.answered(address)
                writer.write_answer(answer)
                held.take(answer)
                held.visited.add(address)
                _follow(frontier, answer)
    except OSError as error:
        raise FetchError(str(path), f"cannot be written ({error.strerror})", "name another file") from None
    except FetchError:
        if path.stat().st_size == 0:
            path.unlink()
        raise
    return CrawlReport(
        len(held.visited) - before, before, held.pages, tuple(failed), len(frontier), len(held.damages)
    )


@dataclass(slots=True)
class _Held:
    """What is in the archive: addresses visited, how many are pages, sitemaps until read, what is damaged."""

    visited: set[str] = field(default_factory=set)
    pages: int = 0
    sitemaps: dict[str, Answer] = field(default_factory=dict)
    damages: list[Damage] = field(default_factory=list)

    def take(self, answer: Answer) -> None:
        """Count an answer in."""
        self.visited.add(answer.url)
        self.pages += is_page(answer)


def _first_answer(home: str, session: Session) -> Answer:
    """Return what the start answers, before anything is archived: where it fails there is no site."""
    answer = session.visit(home)
    if answer.status >= 400:
        raise refusal(home, answer.status)
    return answer


def _carry_on(path: Path, frontier: Frontier) -> _Held:
    """Read an archive that is there into the frontier, its broken end cut off; return what it holds."""
    held = _Held()
    try:
        if not path.exists() or path.stat().st_size == 0:
            return held
        size, sound = path.stat().st_size, sound_length(path)
        if sound < size and not has_member_after(path, sound):
            os.truncate(path, sound)
            held.damages.append(Damage(sound, "the archive ended inside this record"))
        for answer in records(path, on_damage=held.damages.append) if sound else ():
            if answer.status in RETRIED:
                continue
            if answer.status == 200 and is_sitemap(answer.content):
                held.sitemaps[answer.url] = answer
                frontier.mark(answer.url)
                continue
            held.take(answer)
            frontier.mark(answer.url)
            _follow(frontier, answer)
    except OSError as error:
        raise FetchError(str(path), f"cannot be carried on ({error.strerror})", "name another file") from None
    return held


def _follow(frontier: Frontier, answer: Answer) -> None:
    """Put what an answer leads to in line: where it redirects to, or the links of a page."""
    location = answer.headers.get("location")
    if 300 <= answer.status < 400 and location:
        target = absolute(answer.url, location)
        if target and answer.url == frontier.start:
            frontier.move(target)
        if target:
            same_site = site_of(urlsplit(target).netloc) == site_of(urlsplit(answer.url).netloc)
            frontier.add([target], first=True, abroad=same_site)
    elif answer.status in WITH_CONTENT:
        links = read_links(page_of(answer))
        if not forbids_following(answer.headers.get("x-robots-tag", "")):
            frontier.add(links.pages)
        frontier.add(links.versions, first=True)
        # A site may have a host, and a country's domain, for each language: its pages there are versions of
        # its own, but what they link to is another site's. A page that does not name itself among its
        # versions, as is the custom, may be the copy of one that lives there.
        own = frontier.is_home(answer.url) and any(map(frontier.is_home, links.declared))
        frontier.add(links.declared, first=True, abroad=own)


def _add_sitemaps(
    home: str,
    session: Session,
    frontier: Frontier,
    held: _Held,
    writer: Writer,
    failed: list[tuple[str, str]],
) -> None:
    """Put the addresses of the site's sitemaps in line, and the sitemaps in the archive.

    They tell later which pages are versions of each other. Plain lists of addresses do not, and would be
    taken for pages there, as would sitemaps that are called HTML.
    """
    for answer, sitemap in read_sitemaps(home, session, failed, held.sitemaps):
        if is_sitemap(answer.content) and answer.url not in held.sitemaps:
            headers = (
                {**answer.headers, "content-type": "application/xml"} if is_page(answer) else answer.headers
            )
            writer.write_answer(replace(answer, headers=headers))
            frontier.mark(answer.url)
        for addresses, abroad in ((sitemap.pages, False), (sitemap.versions, True)):
            # Each version of a page is named once for each other.
            found = (absolute(answer.url, address) for address in dict.fromkeys(addresses))
            frontier.add([address for address in found if address], abroad=abroad)
    held.sitemaps.clear()  # they may be large, and the crawl long
