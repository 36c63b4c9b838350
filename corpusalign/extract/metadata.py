"""Metadata: title, date, author, source, site and address, from the head of a page and its datelines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml.etree import _Element as Element

from corpusalign.extract.dateline import Dateline
from corpusalign.extract.dates import find_date
from corpusalign.extract.texture import letters
from corpusalign.extract.tree import Gathered, gather
from corpusalign.types import Block

# Names of <meta> elements, in the order of trust: Open Graph, Dublin Core, and China's government-site
# standard (GB/T, "网站普查" metadata: ArticleTitle, PubDate, ContentSource).
_TITLES = (
    "og:title",
    "articletitle",
    "prtitle",
    "dc.title",
    "dcterms.title",
    "twitter:title",
    "citation_title",
)
_DATES = (
    "article:published_time", "datepublished", "pubdate", "publishdate", "publish_date", "dc.date.issued",
    "dcterms.issued", "dc.date", "dcterms.date", "date", "citation_date", "publication_date",
    "og:published_time",
    "sailthru.date", "parsely-pub-date", "article.published", "weibo:article:create_at", "createdate",
)  # fmt: skip
_AUTHORS = (
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "parsely-author",
    "citation_author",
)
_DESCRIPTIONS = ("og:description", "description", "twitter:description", "dc.description")
_SOURCES = ("contentsource", "source", "mediaid", "dc.source", "original-source")
_SITES = ("og:site_name", "application-name", "sitename", "apple-mobile-web-app-title")

_NAME_SEPARATOR = re.compile(r"\s*(?:[|｜_–—»«·•]|::|(?<=\s)[-/:](?=\s)|[-－](?=[^-]*$))\s*")
_DATE_IN_URL = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/_]?([01]\d)[-/_]?([0-3]\d)(?!\d)")
_LONGEST_JSON = 1 << 20
# A title with more text than this is a tag never closed. Every block is compared with every form of a title.
_LONGEST_TITLE = 1000
_MOST_FORMS = 200
# Types of JSON-LD objects that stand for the page's text.
_TEXT_KINDS = re.compile("Article|WebPage|BlogPosting|Report|Speech")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says about itself; None where it says nothing."""

    title: str | None
    date: str | None
    author: str | None
    source: str | None
    site: str | None
    canonical: str | None


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a page holds, as written; the first of each is the best.

    `descriptions` mostly repeat how the text begins, `bodies` (of JSON-LD) all of it; `kinds` are the types
    that Open Graph and JSON-LD give the page (`article`, `NewsArticle`, `Product`).
    """

    titles: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def read_head(root: Element, gathered: Gathered | None = None) -> Head:
    """Gather titles, dates, authors, sources, sites, addresses from <title>, <meta>, <link> and JSON-LD.

    `gathered` is what `tree.gather` made of the page.
    """
    gathered = gathered or gather(root)
    meta: dict[str, str] = {}
    for element in gathered.named["meta"]:
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = " ".join((element.get("content") or "").split())
        if name and content:
            meta.setdefault(name.lower(), content)
    described = list(_linked_data(gathered.named["script"]))
    linked = [item for item in described if _TEXT_KINDS.search(_kind(item))]
    titles = [meta[name] for name in _TITLES if name in meta]
    titles += _strings(linked, "headline")
    title = gathered.first("title")
    if title is not None and title.text:
        titles.append(" ".join(title.text.split()))
    titles = [title for title in titles if len(title) <= _LONGEST_TITLE]
    dates = [meta[name] for name in _DATES if name in meta]
    dates += _strings(linked, "datePublished")
    authors = [meta[name] for name in _AUTHORS if name in meta]
    for value in linked:
        authors += _names(value.get("author"))
    sites = [meta[name] for name in _SITES if name in meta]
    for value in linked:
        sites += _names(value.get("isPartOf")) + _names(value.get("publisher"))
    addresses = [
        link.get("href", "").strip()
        for link in gathered.named["link"]
        if "canonical" in (link.get("rel") or "").lower().split()
    ]
    addresses += [meta["og:url"]] if "og:url" in meta else []
    return Head(
        tuple(titles),
        tuple(dates),
        tuple(name for name in authors if not name.startswith("http")),
        tuple(meta[name] for name in _SOURCES if name in meta and not meta[name].startswith("http")),
        tuple(sites),
        tuple(address for address in addresses if address),
        tuple(dict.fromkeys(meta[name] for name in _DESCRIPTIONS if name in meta)),
        tuple(_strings(described, "articleBody")),
        (*(meta[name] for name in ("og:type",) if name in meta), *map(_kind, described)),
    )


def title_forms(head: Head) -> tuple[str, ...]:
    """Return the titles that the head gives, whole and cut at the signs that set off a site's name."""
    forms: dict[str, None] = {}
    for title in head.titles:
        forms[title] = None
        for part in _NAME_SEPARATOR.split(title):
            if len(part) > 5 or (len(part) > 2 and not part.isascii()):
                forms[part] = None
    return tuple(forms)[:_MOST_FORMS]


def site_names(head: Head) -> frozenset[str]:
    """Return the names of the page's site by their letters: those given, and what titles end with."""
    names = {letters(site) for site in head.sites}
    parts = [_NAME_SEPARATOR.split(title) for title in head.titles]
    names |= {letters(of_title[-1]) for of_title in parts if len(of_title) > 1}
    return frozenset(names - {letters(of_title[0]) for of_title in parts} - {""})


def _linked_data(scripts: Iterable[Element]) -> Iterator[dict[str, object]]:
    """Yield the objects of the page's JSON-LD that have a type."""
    for script in scripts:
        if "ld+json" not in (script.get("type") or "") or not script.text or len(script.text) > _LONGEST_JSON:
            continue
        try:
            value = json.loads(script.text, strict=False)
        except (ValueError, RecursionError):
            continue
        queue: list[object] = [value]
        for item in queue:
            if len(queue) > 200:
                break
            if isinstance(item, list):
                queue.extend(item)
            elif isinstance(item, dict):
                queue.extend(item.get("@graph") or () if isinstance(item.get("@graph"), list) else ())
                if item.get("@type"):
                    yield item


def _kind(item: dict[str, object]) -> str:
    """Return the type of a JSON-LD object; of several types, all in one string."""
    return ", ".join(_names(item.get("@type")))


def _strings(objects: Sequence[dict[str, object]], key: str) -> list[str]:
    return [value for item in objects if isinstance(value := item.get(key), str)]


def _names(value: object) -> list[str]:
    """Return what a property names, several in one string; nothing where it names nothing."""
    found: list[str] = []
    # No recursion: a script may nest deeper than that goes.
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str) and item.strip():
            found.append(item)
        elif isinstance(item, dict):
            waiting.append(item.get("name"))
        elif isinstance(item, list):
            waiting.extend(reversed(item))
    return [", ".join(found)] if found else []


def title_block(
    blocks: Sequence[Block],
    in_letters: Sequence[str],
    probabilities: Sequence[float],
    head: Head,
    body: int,
) -> int | None:
    """Return the number of the block that is the page's title, or None if it has none.

    A heading whose words are the head's title, or a part of it; failing that, any block before the first
    paragraph of running text (`body`) that says the same; failing that, the only first-level heading. The
    letters of each block are what is compared.
    """
    forms = [form for form in map(letters, title_forms(head)) if form]
    # A site's name comes last in the head's title.
    leading = {letters(_NAME_SEPARATOR.split(title)[0]) for title in head.titles}
    all_forms = "\n".join(forms)
    long_forms = [form for form in forms if len(form) > 15]
    best: tuple[float, int] | None = None
    for number, block in enumerate(blocks):
        if len(block.text) > 400 or block.kind in ("table_cell", "list_item", "caption"):
            continue
        said = in_letters[number]
        if not said:
            continue
        same = said in forms
        part = len(said) > 7 and (said in all_forms or any(form in said for form in long_forms))
        if not (same or part):
            continue
        if block.kind != "heading" and number > body:
            continue
        # The site's name is a part of the title too; it is short, unlike a title, and rarely a heading.
        score = (
            2.0 * same
            + part
            + 1.5 * (block.kind == "heading")
            + (block.kind == "heading" and block.level == 1)
        )
        score += min(len(said), 60) / 30 + probabilities[number] + (said in leading)
        if best is None or score > best[0]:
            best = score, number
    if best is not None and (best[0] > 2.5):
        return best[1]
    first = [number for number, block in enumerate(blocks) if block.kind == "heading" and block.level == 1]
    if len(first) == 1 and probabilities[first[0]] > 0.02:
        return first[0]
    return None


def combine(head: Head, title: Block | None, datelines: Sequence[Dateline], url: str, lang: str) -> Metadata:
    """Settle the metadata: a shown title before the head's, the head's date before a shown one."""
    date = next((found.iso for text in head.dates if (found := find_date(text, lang))), None)
    date = date or next((line.date for line in datelines if line.date), None)
    if date is None and (in_url := _DATE_IN_URL.search(url)):
        found = find_date("-".join(in_url.groups()))
        date = found.iso if found else None
    return Metadata(
        title=title.text if title is not None else _head_title(head),
        date=date,
        author=next((line.author for line in datelines if line.author), None)
        or next(iter(head.authors), None),
        source=next((line.source for line in datelines if line.source), None)
        or next(iter(head.sources), None),
        site=next(iter(head.sites), None),
        canonical=next((full for address in head.addresses if (full := _in_full(url, address))), None),
    )


def _in_full(base: str, address: str) -> str | None:
    """Return an address that a page names in full, None where it is none of the web."""
    try:
        full = urljoin(base, address)
        parts = urlsplit(full)
    except ValueError:
        return None
    return full if parts.scheme in ("http", "https") and parts.netloc else None


def _head_title(head: Head) -> str | None:
    if not head.titles:
        return None
    title = head.titles[0]
    parts = [part for part in re.split(r"\s*[|｜_]\s*|\s+[-–—]\s+", title) if part]
    return max(parts, key=len) if parts else title
