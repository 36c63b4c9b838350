"""Where a Page comes from: a file, or an http(s) address.

This module is light; what speaks HTTP is imported when the first address is asked for.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from corpusalign import arguments
from corpusalign.errors import FetchError
from corpusalign.types import Page

if TYPE_CHECKING:
    from corpusalign.fetch.answer import Answer

MAX_BYTES = 64 * 1024 * 1024

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):(?=//)|(file):(?=/)", re.IGNORECASE)


@arguments.checked(
    source=arguments.path,
    timeout=arguments.number,
    max_bytes=arguments.whole,
    allow_private=arguments.flag,
    robots=arguments.flag,
    delay=arguments.number,
    retries=arguments.whole,
    cache=arguments.optional(arguments.path),
    offline=arguments.flag,
    contact=arguments.optional(arguments.text),
)
def fetch(
    source: str | os.PathLike[str],
    *,
    timeout: float = 30.0,
    max_bytes: int = MAX_BYTES,
    allow_private: bool = False,
    robots: bool = True,
    delay: float = 1.0,
    retries: int = 2,
    cache: str | os.PathLike[str] | None = None,
    offline: bool = False,
    contact: str | None = None,
) -> Page:
    """Return the page at a path, a `file:` URL or an http(s) address.

    Of an address, redirects are followed (the page's `url` is where they end) and gzip, deflate, and where
    installed Brotli and Zstandard, are unpacked. `timeout` is in seconds, for the page with all its
    redirects, time spent waiting for the host's turn not counted; `max_bytes` limits the content as unpacked.
    Private, loopback and link-local addresses are refused unless `allow_private`: after name resolution, and
    again after each redirect. robots.txt is obeyed unless `robots` is false; requests to one host are at
    least `delay` seconds apart (a longer Crawl-delay wins); a failure that may pass is tried again `retries`
    times, after as long as the server's Retry-After says. `cache` is a folder of answers: those that did not
    change are not fetched anew, and with `offline` they are all that is read. `contact` is an e-mail or web
    address that the User-Agent names beside corpusalign, for a site's owner to complain to.

    Raises FetchError: no such file, a folder, an unreadable or too large file; a bad address, no such host,
    no answer in time, an HTTP error status, a broken certificate or compression, a page that robots.txt
    closes.
    """
    from corpusalign.fetch import files

    if not isinstance(source, str):
        return make_page(files.read_file(os.fspath(source), max_bytes), os.fspath(source))
    scheme = _scheme(source)
    if scheme is None:
        return make_page(files.read_file(source, max_bytes), source)
    if scheme == "file":
        return make_page(files.read_file(files.path_of_url(source), max_bytes), source)
    if scheme in ("http", "https"):
        from corpusalign.fetch.session import Session

        with Session(
            timeout=timeout,
            max_bytes=max_bytes,
            allow_private=allow_private,
            robots=robots,
            delay=delay,
            retries=retries,
            cache=cache,
            offline=offline,
            contact=contact,
        ) as session:
            return page_of(session.get(source))
    raise FetchError(source, f"has the scheme {scheme}:", "give a file, or an http:// or https:// address")


@arguments.checked(
    content=arguments.one_of(bytes),
    url=arguments.text,
    content_type=arguments.optional(arguments.text),
    fetched_at=arguments.optional(arguments.text),
    alternates=arguments.several(arguments.one_of(tuple)),
)
def make_page(
    content: bytes,
    url: str,
    content_type: str | None = None,
    *,
    fetched_at: str | None = None,
    alternates: Sequence[tuple[str, str]] = (),
) -> Page:
    """Return a Page of bytes that the caller already has: standard input, an archive record, a test.

    `content_type` is the Content-Type header's value where there was one, its charset evidence for decoding;
    `fetched_at` is now where it is not given; `alternates` are versions that a header named.
    """
    return Page(
        url=url,
        content=content,
        content_type=content_type,
        fetched_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if fetched_at is None else fetched_at,
        sha256=hashlib.sha256(content).hexdigest(),
        alternates=tuple(alternates),
    )


def page_of(answer: Answer) -> Page:
    """Return the Page of a server's answer."""
    link = answer.headers.get("link")
    named: tuple[tuple[str, str], ...] = ()
    if link:
        from corpusalign.fetch.link_header import alternates

        named = alternates(link, answer.url)
    return Page(
        url=answer.url,
        content=answer.content,
        content_type=answer.headers.get("content-type"),
        fetched_at=answer.fetched_at,
        sha256=hashlib.sha256(answer.content).hexdigest(),
        alternates=named,
    )


def _scheme(source: str) -> str | None:
    """Return the scheme of an address in lower case; None for a path (`C:/page.html` is one)."""
    match = _SCHEME.match(source.strip())
    return (match[1] or match[2]).lower() if match else None
