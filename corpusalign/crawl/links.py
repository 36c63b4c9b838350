"""The addresses that a page leads to."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx
from lxml.etree import _Element as Element

from corpusalign.errors import DecodeError
from corpusalign.extract.alternates import alternates, base_address, declared
from corpusalign.extract.decode import decode
from corpusalign.extract.tree import is_markup, parse
from corpusalign.types import Page

# What is surely no page: files of pictures, sounds, programs, packed and printed matter.
_NO_PAGE = re.compile(
    r"\.(?:7z|aac|apk|avi|avif|bmp|bz2|css|csv|docx?|eot|epub|exe|flv|gif|gz|ico|iso|jar|jpe?g|js|json|m4a|map|mkv|mov"
    r"|mp3|mp4|mpe?g|odt|ogg|otf|pdf|png|pptx?|rar|rpm|rss|rtf|svg|swf|tar|tgz|tiff?|ttf|wav|webm|webp|wma|wmv|woff2?"
    r"|xlsx?|xz|zip)\Z",
    re.IGNORECASE,
)
_MAX_LENGTH = 2000

# What stands in an address as it is sent; all else (Chinese folders, spaces) is escaped first.
_AS_SENT = re.compile(r"[A-Za-z0-9/:@!$&'()*+,;=%?._~\[\]|^-]*")
_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")

# The target of `<meta http-equiv=refresh content="0; url=...">` (HTML Standard, 4.2.5.3); without one
# the page is only read again.
_REFRESH = re.compile(
    r"\s*+[0-9.]*+(?:\s*+[;,]|\s++)\s*+(?:url\s*+=\s*+)?+(['\"]?)(.+)", re.IGNORECASE | re.DOTALL
)

# Directives whose value may be `none` too: of previews, not of links.
_PREVIEWS = re.compile(r"\bmax-[a-z-]+\s*:\s*[^\s,]+")


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses that a page names, in its order: versions in other languages, and all pages.

    `declared` are versions that it, or its server, declares to be such (hreflang); `refresh` is the address
    that it sends its reader on to by itself.
    """

    versions: tuple[str, ...] = ()
    declared: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    refresh: str | None = None


def read_links(page: Page) -> Links:
    """Return the links of a page; of what is no HTML or asks not to be followed (nofollow), its versions."""
    try:
        text = decode(page)
    except DecodeError:
        return Links()
    root = parse(text) if is_markup(text) else None
    found = alternates(root, page.url, "", page.alternates)
    named = [address for href in found.values() if (address := absolute(page.url, href))]
    hreflang = [absolute(page.url, href) for href in declared(root, page.url, page.alternates)]
    versions = Links(
        tuple(dict.fromkeys(named)), tuple(dict.fromkeys(address for address in hreflang if address))
    )
    if root is None or any(
        meta.get("name", "").lower() == "robots" and forbids_following(meta.get("content", ""))
        for meta in root.iter("meta")
    ):
        return versions
    base = base_address(root, page.url)
    followed: dict[str, None] = {}
    refresh = refresh_of(root, page.url)
    if refresh is not None:
        followed[refresh] = None
    for link in root.iter("a", "area", "frame", "iframe"):
        href = link.get("href") or link.get("src")
        if href and "nofollow" not in (link.get("rel") or "").lower().split():
            address = absolute(base, href)
            if address is not None:
                followed[address] = None
    return replace(versions, pages=tuple(followed), refresh=refresh)


def forbids_following(directives: str) -> bool:
    """Say whether what `<meta name=robots>` or X-Robots-Tag says holds crawlers off a page's links."""
    return bool({"nofollow", "none"} & set(re.split(r"[\s,:]+", _PREVIEWS.sub("", directives.lower()))))


def refresh_of(root: Element, url: str) -> str | None:
    """Return the address that a page's markup sends its reader on to, None if it does not."""
    for meta in root.iter("meta"):
        if (meta.get("http-equiv") or "").strip().lower() == "refresh":
            said = _REFRESH.fullmatch(meta.get("content") or "")
            if said is not None:
                href = said[2].partition(said[1])[0] if said[1] else said[2]
                return absolute(base_address(root, url), href)
    return None


def absolute(base: str, href: str, *, of_page: bool = True) -> str | None:
    """Return an address in full as it is sent, without fragment and default port; None for what is none.

    With `of_page` also for the address of what is surely no page: a picture, a program, an archive.
    Characters beyond ASCII are escaped, and in a host's name written in Punycode, so that an address is the
    same however a page writes it (RFC 3986, section 6.2.2).
    """
    try:
        href = href.strip()
        is_full = href.startswith(("http://", "https://"))
        parts = urlsplit(href if is_full else urljoin(base, href))
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    if of_page and _NO_PAGE.search(parts.path):
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if port is not None and port != {"http": 80, "https": 443}[parts.scheme]:
        host = f"{host}:{port}"
    address = urlunsplit((parts.scheme, host, parts.path or "/", parts.query, ""))
    if len(address) > _MAX_LENGTH or not address.isprintable():
        return None
    if not _AS_SENT.fullmatch(address):
        return _as_sent(address)
    return _ESCAPE.sub(lambda escape: escape[0].upper(), address) if "%" in address else address


def _as_sent(address: str) -> str | None:
    try:
        return _ESCAPE.sub(lambda escape: escape[0].upper(), str(httpx.URL(address)))
    except (httpx.InvalidURL, ValueError):
        return None
