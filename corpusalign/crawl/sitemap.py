"""Sitemaps (sitemaps.org, protocol 0.9): addresses, other sitemaps, and the language versions they name."""

from __future__ import annotations

import gzip
import io
import zlib
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lxml import etree
from lxml.etree import _Element as Element

from corpusalign.crawl.links import absolute
from corpusalign.errors import FetchError
from corpusalign.fetch.answer import Answer
from corpusalign.fetch.session import Session, refusal
from corpusalign.languages.addresses import site_of

MAX_ENTRIES = 50_000
"""Addresses a sitemap, as the protocol allows; more are left."""

MAX_VERSIONS = 200
"""Versions of one page; no page has more."""

MAX_SITEMAPS = 50
"""Sitemaps of a site that are read; most sites have one."""

MAX_BYTES = 50 * 1024 * 1024
"""Bytes of a sitemap unpacked, as the protocol allows."""

_TOO_MANY = f"names more than {MAX_ENTRIES:,} addresses"
_TOO_LARGE = f"is larger than {MAX_BYTES:,} bytes unpacked"

# As much of a file as shows its root, behind a declaration and a word on who made it.
_HEAD = 4096
_PIECE = 64 * 1024
_BLANK = b"\xef\xbb\xbf \t\r\n"


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap names: pages, their versions in other languages (hreflang), and further sitemaps.

    `groups` has, for each page with versions, their addresses by language tag, the page's own under `""`;
    `fault` says why this may not be all.
    """

    pages: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    groups: tuple[Mapping[str, str], ...] = ()
    fault: str | None = None


def read_sitemaps(
    home: str, session: Session, failed: list[tuple[str, str]], known: Mapping[str, Answer] | None = None
) -> Iterator[tuple[Answer, Sitemap]]:
    """Yield a site's sitemaps and the answers they came in: those that robots.txt names, else the usual one.

    `known` are answers by their addresses that need not be asked for again. Those that cannot be had, or not
    in whole, are added to `failed`, with the reason; but that a site has none where they usually are is no
    failure.
    """
    held = known or {}
    parts = urlsplit(home)
    usual = f"{parts.scheme}://{parts.netloc}/sitemap.xml"
    named = session.robots(home).sitemaps
    waiting = deque(named or (usual,))
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
            if sitemap.fault is not None:
                failed.append((address, f"{sitemap.fault}; what can be read of it counts"))
            waiting.extend(sitemap.sitemaps)
            yield answer, sitemap
        elif answer.status not in (200, 404, 410):
            failed.append((address, refusal(address, answer.status).fault))
        elif named or address != usual:
            fault = "is no sitemap" if answer.status == 200 else refusal(address, answer.status).fault
            failed.append((address, fault))


def is_sitemap(content: bytes) -> bool:
    """Say whether some bytes look like a sitemap: XML whose root is one of the protocol's two."""
    head, _ = _unpacked(content, _HEAD)
    if b"urlset" not in head and b"sitemapindex" not in head:
        return False
    # The root itself is looked at: a page may quote one, in its text or in a comment.
    parser = etree.XMLPullParser(events=("start",), recover=True, resolve_entities=False, no_network=True)
    try:
        parser.feed(head.lstrip(_BLANK))
        roots = [element for _, element in parser.read_events() if isinstance(element, Element)][:1]
    except etree.XMLSyntaxError:
        return False
    return any(_local_name(root) in ("urlset", "sitemapindex") for root in roots)


def parse_sitemap(content: bytes) -> Sitemap:
    """Return what a sitemap names: XML, an index of sitemaps, or one address a line, packed with gzip or not.

    Of what is broken, cut short or too long, what can be read counts, and the `fault` says so; entities are
    not resolved.
    """
    data, fault = _unpacked(content, MAX_BYTES)
    if not data.lstrip(_BLANK).startswith(b"<"):
        lines = data.decode("utf-8", "replace").split()
        pages = [line for line in lines if line.startswith(("http://", "https://"))]
        return Sitemap(tuple(pages[:MAX_ENTRIES]), fault=_TOO_MANY if len(pages) > MAX_ENTRIES else fault)
    found = _Found()
    try:
        walk = etree.iterparse(
            io.BytesIO(data.lstrip(_BLANK)),
            events=("end",),
            recover=True,
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
        )
        for _, element in walk:
            found.take(element)
            if found.is_full:
                fault = _TOO_MANY
                break
        else:
            errors = walk.error_log.filter_from_errors()
            fault = fault or (f"is broken XML (line {errors[0].line})" if errors else None)
    except etree.XMLSyntaxError as error:
        # What was read before the fault stands.
        fault = fault or f"is broken XML (line {error.lineno})"
    return Sitemap(
        tuple(found.pages), tuple(found.versions), tuple(found.sitemaps), tuple(found.groups), fault
    )


@dataclass(slots=True)
class _Found:
    """What the elements read so far name; `group` is the page at hand and its versions, in any order."""

    pages: list[str] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)
    groups: list[Mapping[str, str]] = field(default_factory=list)
    group: dict[str, str] = field(default_factory=dict)
    entries: int = 0
    is_full: bool = False

    def take(self, element: Element) -> None:
        """Take in an element that ended."""
        name = _local_name(element)
        if name == "loc":
            self._take_address(element)
        elif name == "link":
            tag, href = element.get("hreflang"), element.get("href")
            if tag and href and tag not in self.group and len(self.group) < MAX_VERSIONS:
                self.group[tag] = href.strip()
                self.versions.append(self.group[tag])
            _drop_read(element)
        elif name in ("url", "sitemap"):
            if "" in self.group and len(self.group) > 1:
                self.groups.append(self.group)
            self.group = {}
            _drop_read(element)
            self.entries += 1
            self.is_full |= self.entries > MAX_ENTRIES

    def _take_address(self, element: Element) -> None:
        parent = element.getparent()
        holder = _local_name(parent) if parent is not None else ""
        target = {"url": self.pages, "sitemap": self.sitemaps}.get(holder)
        if target is None or not element.text:
            return
        if len(self.pages) + len(self.sitemaps) == MAX_ENTRIES:
            self.is_full = True
            return
        target.append(element.text.strip())
        if holder == "url":
            self.group[""] = target[-1]


def _local_name(element: Element) -> str:
    """Return an element's name without its name space, or its prefix where that was never declared."""
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


def _drop_read(element: Element) -> None:
    """Let go of an element and of those before it, which have been read."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _unpacked(content: bytes, most: int) -> tuple[bytes, str | None]:
    """Return the first `most` bytes of what may be packed with gzip, and what is wrong with it."""
    if not content.startswith(b"\x1f\x8b"):
        return content[:most], _TOO_LARGE if len(content) > most else None
    pieces: list[bytes] = []
    size = 0
    try:
        with gzip.open(io.BytesIO(content)) as file:
            # Piece by piece: what stands before a fault is kept.
            while size <= most and (piece := file.read1(_PIECE)):
                pieces.append(piece)
                size += len(piece)
    except EOFError:
        return b"".join(pieces)[:most], "is cut short (gzip)"
    except (OSError, zlib.error) as error:
        return b"".join(pieces)[:most], f"is damaged (gzip: {error})"
    return b"".join(pieces)[:most], _TOO_LARGE if size > most else None
