"""Where the other language versions of a page are: hreflang, switchers, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from urllib.parse import urljoin, urlsplit

from lxml.etree import _Element as Element

from corpusalign.errors import LanguageError
from corpusalign.languages import entries, folder, known, language

_FEW_CHILDREN = 4

# A language code as a part of an address: a folder, a host's first label, a parameter, a suffix of the file's
# name.
_CODE_IN_URL = re.compile(
    r"(?<=/)[a-z]{2,3}(?:[-_][a-z]{2,4})?(?=/|$)|(?<=://)[a-z]{2,3}(?=\.)|(?<=[?&]lang=)[\w-]+|(?<=[?&]language=)[\w-]+"
    r"|(?<=[?&]locale=)[\w-]+|(?<=[?&]l=)[\w-]+|(?<=[-_.])[a-z]{2,3}(?=\.[a-z]+$)|(?<=/)[a-z]{2}(?=\.html?$)",
    re.IGNORECASE,
)


def alternates(
    root: Element | None, url: str, lang: str, told: Iterable[tuple[str, str]] = ()
) -> dict[str, str]:
    """Return the addresses of a page's other language versions, by language code.

    Evidence in the order of trust: `link` and `a` with hreflang (HTML Standard; Google's and Yandex's
    convention), what the server's header or the site's map `told` (pairs of language tag and address), links
    named like a language (`profile.txt`'s switcher words), links whose address is this page's with another
    language code. The page's own language and those that corpusalign does not know are left out. A text
    without markup has no `root`.
    """
    base = base_address(root, url) if root is not None else url
    found: dict[str, str] = {}
    links = list(root.iter("a", "link", "option", "area")) if root is not None else []
    for finder in (_by_hreflang(links), _by_tag(told), _by_name(links), _by_address(links, url, base)):
        for code, href in finder:
            address = _absolute(base, href)
            if code != lang and code not in found and address is not None and address != url:
                found[code] = address
    return found


def base_address(root: Element, url: str) -> str:
    """Return the address that a page's relative links start from: its `base`, or else its own."""
    base = root.find(".//base[@href]")
    try:
        return urljoin(url, base.get("href", "")) if base is not None else url
    except ValueError:
        return url


def code_of(tag: str) -> str | None:
    """Return the language that a tag means, None if corpusalign does not know it."""
    try:
        return folder(tag)
    except LanguageError:
        return None


def _absolute(base: str, href: str) -> str | None:
    try:
        address = urljoin(base, href.strip())
        scheme = urlsplit(address).scheme
    except ValueError:
        return None
    return address if scheme in ("", "http", "https", "file") else None


def _by_hreflang(links: list[Element]) -> Iterator[tuple[str, str]]:
    for link in links:
        tag, href = link.get("hreflang"), link.get("href")
        if not tag or not href or tag.lower() == "x-default":
            continue
        if link.tag == "link" and "alternate" not in (link.get("rel") or "").lower().split():
            continue
        code = code_of(tag)
        if code is not None:
            yield code, href


def _by_tag(told: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for tag, address in told:
        code = code_of(tag)
        if code is not None:
            yield code, address


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for code in known():
        words = [*language(code).switcher, language(code).name]
        words += [
            entry.partition(":")[2].strip()
            for entry in entries(code, "switcher")
            if entry.startswith("language:")
        ]
        for word in words:
            names.setdefault(word.casefold(), code)
    return names


def _by_name(links: list[Element]) -> Iterator[tuple[str, str]]:
    names = _names()
    for link in links:
        href = link.get("href") if link.tag != "option" else link.get("value")
        if (
            not href
            or href.lstrip().startswith(("#", "javascript:", "mailto:"))
            or (link.tag == "option" and "/" not in href)
        ):
            continue
        text = _short_text(link)
        for said in (text, link.get("title")):
            code = names.get((said or "").strip(" \t\r\n\xa0\u3000[]()|").casefold())
            if code is not None:
                yield code, href
                break


def _short_text(link: Element) -> str:
    """Return the text of a link that holds little else, which is all that a language's name needs."""
    if len(link) == 0:
        return link.text or ""
    return "".join(map(str, link.itertext())) if len(link) <= _FEW_CHILDREN else ""


def _by_address(links: list[Element], url: str, base: str) -> Iterator[tuple[str, str]]:
    here = _without_codes(url)
    if here is None:
        return
    for link in links:
        href = link.get("href")
        if not href or href.startswith("#"):
            continue
        address = _absolute(base, href)
        if address is None or address == url or _without_codes(address) != here:
            continue
        for part in _CODE_IN_URL.findall(address):
            code = code_of(part)
            if code is not None and part not in _CODE_IN_URL.findall(url):
                yield code, href
                break


def _without_codes(url: str) -> str | None:
    """Return an address with its language codes taken out, None if it has none."""
    stripped, count = _CODE_IN_URL.subn(lambda part: "*" if code_of(part.group()) else part.group(), url)
    return stripped if count and stripped != url else None
