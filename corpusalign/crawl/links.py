"""The addresses that a page leads to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import urljoin, urlsplit, urlunsplit

from corpusalign.errors import DecodeError, LanguageError
from corpusalign.extract.alternates import alternates, base_address
from corpusalign.extract.decode import decode
from corpusalign.extract.tree import is_markup, parse
from corpusalign.languages import folder
from corpusalign.types import Page

# What is surely no page: files of pictures, sounds, programs, packed and printed matter.
_NO_PAGE = re.compile(
    r"\.(?:7z|aac|apk|avi|avif|bmp|bz2|css|csv|docx?|eot|epub|exe|flv|gif|gz|ico|iso|jar|jpe?g|js|json|m4a|map|mkv|mov"
    r"|mp3|mp4|mpe?g|odt|ogg|otf|pdf|png|pptx?|rar|rpm|rss|rtf|svg|swf|tar|tgz|tiff?|ttf|wav|webm|webp|wma|wmv|woff2?"
    r"|xlsx?|xz|zip)\Z",
    re.IGNORECASE,
)
_MAX_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses in the order of the page: its versions in other languages, and all other pages."""

    versions: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


def read_links(page: Page) -> Links:
    """Return the links of an HTML page; none of what is no HTML or asks not to be followed (nofollow)."""
    try:
        text = decode(page)
    except DecodeError:
        return Links()
    root = parse(text) if is_markup(text) else None
    if root is None:
        return Links()
    named = [
        address for href in alternates(root, page.url, "").values() if (address := absolute(page.url, href))
    ]
    for meta in root.iter("meta"):
        if (meta.get("name") or "").lower() == "robots" and "nofollow" in (meta.get("content") or "").lower():
            return Links(tuple(dict.fromkeys(named)))
    base = base_address(root, page.url)
    followed: dict[str, None] = {}
    for link in root.iter("a", "area", "frame", "iframe"):
        href = link.get("href") or link.get("src")
        if href and "nofollow" not in (link.get("rel") or "").lower().split():
            address = absolute(base, href)
            if address is not None:
                followed[address] = None
    return Links(tuple(dict.fromkeys(named)), tuple(followed))


def absolute(base: str, href: str) -> str | None:
    """Return an address in full, without fragment and default port; None for what is no page's."""
    try:
        parts = urlsplit(urljoin(base, href.strip()))
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or _NO_PAGE.search(parts.path):
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if port is not None and port != {"http": 80, "https": 443}[parts.scheme]:
        host = f"{host}:{port}"
    address = urlunsplit((parts.scheme, host, parts.path or "/", parts.query, ""))
    return address if len(address) <= _MAX_LENGTH and address.isprintable() else None


@cache
def site_of(netloc: str) -> str:
    """Return a host without a first label that is `www` or a language: fr.example.org is example.org."""
    label, dot, rest = netloc.lower().partition(".")
    if dot and "." in rest:
        try:
            known = label == "www" or bool(folder(label))
        except LanguageError:
            known = False
        if known:
            return rest
    return netloc.lower()
