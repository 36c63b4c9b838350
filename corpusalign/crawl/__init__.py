"""From one address to many: a page's other language versions, and a site's pages into a web archive."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpusalign import arguments

if TYPE_CHECKING:
    from corpusalign.fetch.session import Session
    from corpusalign.fetch.warc import Damage
    from corpusalign.types import Document, Page

MAX_VERSIONS = 24
"""Addresses that `discover` asks for at most; no page names more versions in the languages that are known."""


NEGOTIATED = (
    "its server may choose the language by what the reader's browser asks for (Vary: Accept-Language), which "
    "is not tried: save the versions from a browser and give the files"
)
"""What to say of a page whose only version found may have others at the same address."""


@dataclass(frozen=True, slots=True)
class Version:
    """One language version of a page: its language, its page as fetched, and what was extracted of it.

    `negotiated` says that the server may answer its address in another language to readers who ask for it
    (`Vary: Accept-Language`). That is not tried: many servers send the header with pages of one language.
    """

    lang: str
    page: Page
    document: Document
    negotiated: bool = False


@dataclass(frozen=True, slots=True)
class Discovery:
    """The language versions of a page, its own first; and the links that led to none, with the reason.

    Where sitemaps were looked into, those that could not be had are among the latter.
    """

    versions: tuple[Version, ...]
    refused: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """What a crawl did: answers archived now and before, failures (address, reason), addresses left over.

    `pages` counts the answers in the archive that are pages, `damaged` the records of the archive carried on
    that could not be read.
    """

    archived: int
    before: int
    pages: int
    failed: tuple[tuple[str, str], ...]
    left_over: int
    damaged: int


@arguments.checked(
    url=arguments.text,
    session=arguments.optional(arguments.named("corpusalign.fetch.session.Session")),
    allow_truncated=arguments.flag,
)
def discover(url: str, *, session: Session | None = None, allow_truncated: bool = False) -> Discovery:
    """Follow a page's links to its other language versions, and theirs, as far as new languages turn up.

    Of a page that links to none, the versions that the site's sitemaps name (hreflang) are taken instead. A
    version counts when its text is in the language that no other version has yet: what a link promises is
    not believed unread. `session` brings options such as a cache; without one the defaults hold.

    Raises what `fetch` and `extract` raise for the page itself; of its versions only reasons are kept.
    """
    from corpusalign.crawl.versions import follow
    from corpusalign.fetch.session import open_session

    with open_session(session) as opened:
        return follow(url, opened, MAX_VERSIONS, allow_truncated)


@arguments.checked(
    start=arguments.text,
    out=arguments.path,
    session=arguments.optional(arguments.named("corpusalign.fetch.session.Session")),
    limit=arguments.whole,
    include=arguments.optional(arguments.text),
    exclude=arguments.optional(arguments.text),
    progress=arguments.optional(arguments.function),
)
def crawl(
    start: str,
    out: str | os.PathLike[str],
    *,
    session: Session | None = None,
    limit: int = 1000,
    include: str | None = None,
    exclude: str | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> CrawlReport:
    """Archive the pages of a site: `start`, its sitemaps, the links in scope, one polite request a time.

    The scope is the host of `start` and the hosts that differ from it by a language or `www` alone, with the
    pages elsewhere that these declare to be versions of their own (hreflang), narrowed by the regular
    expressions `include` (must be found in the address) and `exclude` (must not). The language
    versions of a page are asked for before other links, so that a `limit` (pages in the archive; redirects
    and what else is no page not counted) cuts between pages, not between versions. After ten failures in a
    row the start, or another address that answered, is asked anew: where it answers no more, or the server
    asks to be left alone, the crawl ends. `out` is a `.warc.gz`; one that is there is carried on, its broken
    end cut off: nothing in it is asked for again.

    Raises FormatError for an `out` of another name or a malformed expression, FetchError where the first page
    cannot be had or `out` cannot be written.
    """
    from corpusalign.crawl.site import archive
    from corpusalign.fetch.session import open_session

    with open_session(session) as opened:
        return archive(start, out, opened, limit, include, exclude, progress or _silent)


@arguments.checked(path=arguments.path, on_damage=arguments.optional(arguments.function))
def read_archive(
    path: str | os.PathLike[str], *, on_damage: Callable[[Damage], None] | None = None
) -> Iterator[Page]:
    """Yield the pages of a web archive, each address once, with what its other records say of them.

    Of an address archived more than once the last page counts. The versions that archived sitemaps name
    (hreflang) are among a page's `alternates`, the addresses that redirect to it are its `aliases`. The
    archive is read twice; what is kept in between are addresses. `on_damage` and what is raised are those of
    `corpusalign.fetch.warc.read_warc`.
    """
    from corpusalign.crawl.archive import pages

    return pages(path, on_damage)


def _silent(_doing: str, _done: int, _steps: int) -> None:
    """Report nothing."""
