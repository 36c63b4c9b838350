"""Sitemaps (sitemaps.org, protocol 0.9): addresses, other sitemaps, and the language versions they name."""

from __future__ import annotations

import gzip
import io
import zlib
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree
from lxml.etree import _Element as Element

from corpusalign.crawl.links import absolute
from corpusalign.errors import FetchError
from corpusalign.fetch.answer import Answer
from corpusalign.fetch.session import Session
from corpusalign.languages.addresses import site_of

MAX_ENTRIES = 50_000
"""Addresses a sitemap, as the protocol allows; more are left."""

MAX_VERSIONS = 200
"""Versions of one page; no page has more."""

MAX_SITEMAPS = 50
"""Sitemaps of a site that are read; most sites have one."""

MAX_BYTES = 50 * 1024 * 1024
"""Bytes of a sitemap unpacked, as the protocol allows."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap names: pages, their versions in other languages (hreflang), and further sitemaps.

    `groups` has, for each page with versions, their addresses by language tag, the page's own under `""`.
    """

    pages: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    groups: tuple[Mapping[str, str], ...] = ()


def read_sitemaps(
    home: str, session: Session, failed: list[tuple[str, str]], known: Mapping[str, Answer] | None = None
) -> Iterator[tuple[Answer, Sitemap]]:
    """Yield a site's sitemaps and the answers they came in: those that robots.txt names, else the usual one.

    `known` are answers by their addresses that need not be asked for again. Those that cannot be had are
    added to `failed`, with the reason.
    """
    held = known or {}
    parts = urlsplit(home)
    usual = f"{parts.scheme}://{parts.netloc}/sitemap.xml"
    waiting = deque(session.robots(home).sitemaps or (usual,))
    seen: set[str] = set()
    while waiting and len(seen) < MAX_SITEMAPS:
        address = absolute(home, waiting.popleft(), of_page=False)
        if address is None or address in seen or site_of(urlsplit(address).netloc) != site_of(parts.netloc):
            continue
        seen.add(address)
        try:
            answer = held[address] if address in held else session.ask(address)
        except FetchError as error:
            failed.append((address, error.fault))
            continue
        if answer.status == 200 and (is_sitemap(answer.content) or address.endswith(".txt")):
            sitemap = parse_sitemap(answer.content)
            waiting.extend(sitemap.sitemaps)
            yield answer, sitemap


def is_sitemap(content: bytes) -> bool:
    """Say whether some bytes look like a sitemap: XML whose root is one of the protocol's two."""
    head = _unpacked(content, 4096)
    return b"<urlset" in head or b"<sitemapindex" in head


def parse_sitemap(content: bytes) -> Sitemap:
    """Return what a sitemap names: XML, an index of sitemaps, or one address a line, packed with gzip or not.

    Broken XML gives what can be read of it; entities are not resolved.
    """
    data = _unpacked(content, MAX_BYTES)
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        lines = data.decode("utf-8", "replace").split()
        return Sitemap(
            pages=tuple(line for line in lines if line.startswith(("http://", "https://")))[:MAX_ENTRIES]
        )
    pages: list[str] = []
    versions: list[str] = []
    sitemaps: list[str] = []
    groups: list[Mapping[str, str]] = []
    # The page at hand and its versions, in whatever order they stand.
    group: dict[str, str] = {}
    entries = 0
    try:
        walk = etree.iterparse(
            io.BytesIO(data),
            events=("end",),
            recover=True,
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
        )
        for _, element in walk:
            name = etree.QName(element).localname if isinstance(element.tag, str) else ""
            if name == "loc":
                parent = element.getparent()
                holder = etree.QName(parent).localname if parent is not None else ""
                target = {"url": pages, "sitemap": sitemaps}.get(holder)
                if target is not None and element.text:
                    target.append(element.text.strip())
                    if holder == "url":
                        group[""] = target[-1]
            elif name == "link":
                tag, href = element.get("hreflang"), element.get("href")
                if tag and href and tag not in group and len(group) < MAX_VERSIONS:
                    group[tag] = href.strip()
                    versions.append(group[tag])
                _drop_read(element)
            elif name in ("url", "sitemap"):
                if "" in group and len(group) > 1:
                    groups.append(group)
                group = {}
                _drop_read(element)
                entries += 1
            if max(entries, len(pages) + len(sitemaps)) >= MAX_ENTRIES:
                break
    except etree.XMLSyntaxError:
        # What was read before the fault stands.
        pass
    return Sitemap(tuple(pages), tuple(versions), tuple(sitemaps), tuple(groups))


def _drop_read(element: Element) -> None:
    """Let go of an element and of those before it, which have been read."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _unpacked(content: bytes, most: int) -> bytes:
    if not content.startswith(b"\x1f\x8b"):
        return content[:most]
    try:
        with gzip.open(io.BytesIO(content)) as file:
            return file.read(most)
    except (OSError, EOFError, zlib.error):
        return b""
