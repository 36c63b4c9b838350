"""Sitemaps (sitemaps.org, protocol 0.9): addresses, other sitemaps, and the language versions they name."""

from __future__ import annotations

import gzip
import io
import zlib
from dataclasses import dataclass

from lxml import etree

MAX_ENTRIES = 50_000
"""Addresses a sitemap, as the protocol allows; more are left."""

MAX_BYTES = 50 * 1024 * 1024
"""Bytes of a sitemap unpacked, as the protocol allows."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap names: pages, their versions in other languages (hreflang), and further sitemaps."""

    pages: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


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
            elif name == "link" and element.get("hreflang") and element.get("href"):
                versions.append(element.get("href", "").strip())
            elif name in ("url", "sitemap"):
                element.clear()
            if len(pages) + len(sitemaps) >= MAX_ENTRIES:
                break
    except etree.XMLSyntaxError:
        # What was read before the fault stands.
        pass
    return Sitemap(tuple(pages), tuple(versions), tuple(sitemaps))


def _unpacked(content: bytes, most: int) -> bytes:
    if not content.startswith(b"\x1f\x8b"):
        return content[:most]
    try:
        with gzip.open(io.BytesIO(content)) as file:
            return file.read(most)
    except (OSError, EOFError, zlib.error):
        return b""
