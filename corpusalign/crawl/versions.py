"""The language links of a page, followed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import islice

from corpusalign.crawl import Discovery, Version
from corpusalign.crawl.links import absolute, read_links
from corpusalign.crawl.sitemap import read_sitemaps
from corpusalign.errors import CorpusAlignError, ExtractError
from corpusalign.extract import extract
from corpusalign.extract.alternates import code_of
from corpusalign.fetch import page_of
from corpusalign.fetch.session import Session

MAX_REFRESHES = 3
"""Pages in a row that may do nothing but send their reader on."""

MAX_SITEMAPS_FOR_A_PAGE = 5
"""Sitemaps that are read for one page's sake, a polite pause before each."""


def follow(url: str, session: Session, most: int, allow_truncated: bool) -> Discovery:
    """Read a page and, breadth first, the versions that it and they name, until no language is new."""
    first = _read(url, session, allow_truncated)
    versions = {first.lang: first}
    refused: list[tuple[str, str]] = []
    seen = {url, first.page.url}
    waiting = deque(first.document.alternates.items() or _in_sitemaps(first.page.url, session, refused))
    while waiting and len(seen) <= most:
        lang, address = waiting.popleft()
        if address in seen or lang in versions:
            continue
        seen.add(address)
        try:
            found = _read(address, session, allow_truncated)
        except CorpusAlignError as error:
            refused.append((address, f"{error.fault}; {error.remedy}"))
            continue
        seen.add(found.page.url)
        if found.lang in versions:
            refused.append((address, f"is in {found.lang}, as {versions[found.lang].page.url} is"))
            continue
        versions[found.lang] = found
        waiting.extend(found.document.alternates.items())
    return Discovery(tuple(versions.values()), tuple(refused))


def _in_sitemaps(url: str, session: Session, failed: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the versions that the site's sitemaps name for a page that links to none itself.

    Sitemaps that cannot be had are added to `failed`, with the reason.
    """
    here = absolute(url, url)
    for answer, sitemap in islice(read_sitemaps(url, session, failed), MAX_SITEMAPS_FOR_A_PAGE):
        for group in sitemap.groups:
            if here in (absolute(answer.url, address) for address in group.values()):
                for tag, address in group.items():
                    lang, full = code_of(tag), absolute(answer.url, address)
                    if lang is not None and full is not None:
                        yield lang, full
                return


def _read(url: str, session: Session, allow_truncated: bool) -> Version:
    """Read a page, or where it holds no text and sends its reader on (a refresh), the page it leads to."""
    address, asked = url, {url}
    while True:
        answer = session.get(address)
        page = page_of(answer)
        try:
            document = extract(page, allow_truncated=allow_truncated)
        except ExtractError:
            further = read_links(page).refresh
            if further is None or further in asked or len(asked) > MAX_REFRESHES:
                raise
            asked.add(further)
            address = further
        else:
            fields = answer.headers.get("vary", "").lower().split(",")
            negotiated = "accept-language" in map(str.strip, fields)
            return Version(document.lang, page, document, negotiated)
