"""What an archive tells of its pages: redirects, and the versions that servers and sitemaps name."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from itertools import islice, permutations

from corpusalign.corpus.records import Link, Moved
from corpusalign.crawl.links import absolute
from corpusalign.crawl.sitemap import is_sitemap, parse_sitemap
from corpusalign.extract.alternates import code_of
from corpusalign.fetch import page_of
from corpusalign.fetch.answer import Answer
from corpusalign.fetch.warc import is_page

MAX_VERSIONS = 12
"""Versions of a page that are taken, in languages that are known; no page has more."""


def told(answer: Answer) -> Generator[Link | Moved, None, bool]:
    """Yield what one record tells of pages, and return whether it is a page itself.

    Each record is looked at by itself, so that an archive of any size is read once and nothing kept.
    """
    url = absolute(answer.url, answer.url, of_page=False) or answer.url
    location = answer.headers.get("location")
    if 300 <= answer.status < 400 and location:
        target = absolute(answer.url, location)
        if target is not None and target != url:
            yield Moved(url, target)
        return False
    if answer.status == 200 and is_sitemap(answer.content):
        for group in parse_sitemap(answer.content).groups:
            # What the site's map says, it says for all of them.
            for one, other in permutations(_known(answer.url, group.items()), 2):
                yield Link(one, other)
        return False
    if not is_page(answer):
        return False
    if url != answer.url:
        yield Moved(url, answer.url)
    for address in _known(answer.url, page_of(answer).alternates if "link" in answer.headers else ()):
        yield Link(answer.url, address)
    return True


def _known(place: str, named: Iterable[tuple[str, str]]) -> list[str]:
    """Return the addresses, in full, of versions in languages that are known, and of the page itself."""
    hrefs = (href for tag, href in named if not tag or code_of(tag) is not None)
    return [address for href in islice(hrefs, MAX_VERSIONS) if (address := absolute(place, href))]
