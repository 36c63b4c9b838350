"""Where the other language versions of a page are: hreflang, switchers, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml.etree import _Element as Element

from corpusalign.errors import LanguageError
from corpusalign.extract.tree import Gathered, gather
from corpusalign.languages import entries, folder, known, language
from corpusalign.languages.addresses import language_of, may_name_language, skeleton

# Links that name a language hold little else: elements right in them, and elements in all.
_LONGEST_NAME = 80
_LIKE_AN_ADDRESS = re.compile(r"[/.]|\A\?")
_FEW_CHILDREN, _FEW_ELEMENTS = 4, 12


def alternates(
    root: Element | None,
    url: str,
    lang: str,
    told: Iterable[tuple[str, str]] = (),
    gathered: Gathered | None = None,
) -> dict[str, str]:
    """Return the addresses of a page's other language versions, by language code.

    Evidence in the order of trust: `link` and `a` with hreflang (HTML Standard; Google's and Yandex's
    convention), what the server's header or the site's map `told` (pairs of language tag and address), links
    named like a language (`profile.txt`'s switcher words), links whose address is this page's with another
    language code. The page's own language and those that corpusalign does not know are left out. A text
    without markup has no `root`; of another page, `gathered` may be what `tree.gather` made of it.
    """
    if root is not None and gathered is None:
        gathered = gather(root)
    base = _base(gathered.named["base"], url) if gathered is not None else url
    links = gathered.links if gathered is not None else ()
    found: dict[str, str] = {}
    for finder in (
        _by_tag(_hreflang(links)),
        _by_tag(told),
        _by_name(links),
        _by_address(links, url, base),
    ):
        for code, href in finder:
            address = _absolute(base, href)
            if code != lang and code not in found and address is not None and address != url:
                found[code] = address
    return found


def declared(root: Element | None, url: str, told: Iterable[tuple[str, str]] = ()) -> list[str]:
    """Return the addresses that a page or its server declares to be language versions of it (hreflang)."""
    base = base_address(root, url) if root is not None else url
    links = list(root.iter("a", "link", "area")) if root is not None else []
    named = (*_by_tag(_hreflang(links)), *_by_tag(told))
    return [address for _, href in named if (address := _absolute(base, href)) is not None]


def base_address(root: Element, url: str) -> str:
    """Return the address that a page's relative links start from: its `base`, or else its own."""
    return _base(root.iter("base"), url)


def _base(bases: Iterable[Element], url: str) -> str:
    href = next((href for base in bases if (href := base.get("href")) is not None), None)
    try:
        return urljoin(url, href) if href is not None else url
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


def _hreflang(links: Sequence[Element]) -> Iterator[tuple[str, str]]:
    for link in links:
        tag = link.get("hreflang")
        if (
            tag
            and (href := link.get("href"))
            and (link.tag != "link" or "alternate" in (link.get("rel") or "").lower().split())
        ):
            yield tag, href


def _by_tag(named: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    found = [(code, _rank(code, tag), href) for tag, href in named if (code := code_of(tag)) is not None]
    return _best_first(found)


def _best_first(found: list[tuple[str, int, str]]) -> Iterator[tuple[str, str]]:
    """Yield languages and addresses; of one language first what its profile names first.

    So Chinese is the simplified version (which memories call zh-CN) where a site has the traditional too.
    """
    places = {code: place for place, (code, _, _) in reversed(list(enumerate(found)))}
    for code, _, href in sorted(found, key=lambda one: (places[one[0]], one[1])):
        yield code, href


def _rank(code: str, tag: str) -> int:
    plain = tag.strip().lower().replace("_", "-")
    tags = (code, language(code).tmx.lower(), *language(code).aliases)
    return tags.index(plain) if plain in tags else len(tags)


@cache
def _names() -> dict[str, tuple[str, int]]:
    """Return the languages by the names that switchers give them, with the place of the name in its list."""
    names: dict[str, tuple[str, int]] = {}
    for code in known():
        words = [*language(code).switcher, language(code).name]
        words += [
            entry.partition(":")[2].strip()
            for entry in entries(code, "switcher")
            if entry.startswith("language:")
        ]
        for place, word in enumerate(words):
            names.setdefault(_bare(word), (code, place))
    return names


def _bare(name: str) -> str:
    return name.strip(" \t\r\n\xa0\u3000[]()|").casefold()


def _by_name(links: Sequence[Element]) -> Iterator[tuple[str, str]]:
    names = _names()
    found: list[tuple[str, int, str]] = []
    for link in links:
        for said in _sayings(link):
            # Hardly any text of a link is as short as a name.
            if not said or len(said) > _LONGEST_NAME or (name := names.get(_bare(said))) is None:
                continue
            if (href := _target(link)) is not None:
                found.append((*name, href))
            break
    return _best_first(found)


def _sayings(link: Element) -> tuple[str | None, ...]:
    """Return what a link says that it leads to: its text, its attributes, its picture."""
    if len(link) == 0:
        return link.text, link.get("title"), link.get("aria-label")
    return _short_text(link), link.get("title"), link.get("aria-label"), _picture_text(link)


def _target(link: Element) -> str | None:
    """Return the address that a link or an entry of a menu leads to, None if that is no page.

    What an entry stands for may be a bare word (`fr`), which a form or a script makes something of.
    """
    href = link.get("href") if link.tag != "option" else link.get("value")
    if (
        not href
        or href.lstrip().startswith(("#", "javascript:", "mailto:"))
        or (link.tag == "option" and not _LIKE_AN_ADDRESS.search(href))
    ):
        return None
    return href


def _picture_text(link: Element) -> str | None:
    """Return what the picture in a link, a flag perhaps, says that it shows."""
    if len(link) > _FEW_CHILDREN:
        return None
    return next((one.get("alt") for one in islice(link.iter(), _FEW_ELEMENTS) if one.tag == "img"), None)


def _short_text(link: Element) -> str:
    """Return the text of a link that holds little else, which is all that a language's name needs."""
    if len(link) > _FEW_CHILDREN or len(list(islice(link.iter(), _FEW_ELEMENTS))) == _FEW_ELEMENTS:
        return ""
    return "".join(map(str, link.itertext()))


def _by_address(links: Sequence[Element], url: str, base: str) -> Iterator[tuple[str, str]]:
    here = skeleton(url)
    for link in links:
        href = _target(link)
        # Few links do, and those of a page are many.
        if not href or not may_name_language(href):
            continue
        address = _absolute(base, href)
        if address is None or address == url or skeleton(address) != here:
            continue
        code = language_of(address)
        if code is not None:
            yield code, href
