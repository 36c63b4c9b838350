"""Markup -> element tree: lxml reads nearly everything; what it cannot read goes to Beautiful Soup."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from lxml.etree import _Element as Element

# Characters that no markup may hold. libxml2 would end the document at the first NUL.
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROL_BYTES = bytes({*range(0x20)} - {*b"\t\n\x0c\r"})

_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|title|meta|div|p|br|table|h[1-6]|article|section|ul|ol|a)\b", re.I
)

# What may hold a ">" that ends no tag, then tags; each alternative takes what it begins with to its end, so
# that a scan is linear on any input.
_TOKEN = re.compile(
    r"<!--(?:[^-]++|-(?!-!?>))*+(?:--!?>)?"
    r"|<(script|style|textarea|title|xmp)\b(?:[^<]++|<(?!/\1))*+"
    r"|<[A-Za-z][^\s/>]*+(?P<attributes>(?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+)>?",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"[^\s/=][^\s/=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s]*+))?+")

# libxml2 takes quadratic time over the attributes of one tag. No page that is meant to be read has so many.
_MOST_ATTRIBUTES = 500
_SHORT_TAG = 2 * _MOST_ATTRIBUTES

# What runs so long without a ">", from where a tag begins or a value ends that holds one; and such values, of
# which a few make no flood.
_LONG_TAG = re.compile(rf"<[A-Za-z][^>]{{{_SHORT_TAG}}}")
_LONG_REST = re.compile(rf"=\s*+(?:\"[^\">]*+>[^\"]*+\"|'[^'>]*+>[^']*+')[^>]{{{_SHORT_TAG}}}")
_QUOTED_END = re.compile(r"=\s*+(?:\"[^\">]*+>|'[^'>]*+>)")
_MANY_QUOTED = 20

_LINKS = frozenset(("a", "link", "option", "area"))
_GATHERED = (*_LINKS, "html", "body", "base", "title", "meta", "script", "table", "noscript")

_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*)[^<>]*>")


def elements(kind: str) -> frozenset[str]:
    """Return the names of the elements of one class of `elements.txt`."""
    lines = (Path(__file__).parent / "elements.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(name for line in lines if line.startswith(f"{kind} =") for name in line.split()[2:])


_VOID, _SELF_ENDING, _INLINE = elements("void"), elements("self-ending"), elements("inline")

# How deep libxml2 may nest. Browsers flatten at 512; beyond that, markup is an attack or an unclosed tag
# repeated.
MAX_DEPTH = 512


@dataclass(frozen=True, slots=True)
class Gathered:
    """The elements of a page that are looked for by name, in document order.

    `links` are those that lead somewhere (a, link, option, area), `named` the others, and link, by their
    names.
    """

    links: Sequence[Element]
    named: dict[str, list[Element]]

    def first(self, name: str) -> Element | None:
        """Return the first element of a name, None where there is none."""
        return next(iter(self.named[name]), None)


def gather(root: Element) -> Gathered:
    """Find a page's elements by name in one pass: a pass for each name would take as long each."""
    links: list[Element] = []
    named: dict[str, list[Element]] = {name: [] for name in _GATHERED}
    for element in root.iter(*_GATHERED):
        tag = element.tag
        if tag in _LINKS:
            links.append(element)
        named[tag].append(element)
    return Gathered(links, named)


def is_markup(text: str) -> bool:
    """Tell markup from plain text by its tags: two of HTML's own, or one at the very start."""
    found = _MARKUP.search(text)
    if found is None:
        return False
    return not text[: found.start()].strip("\ufeff \t\r\n") or _MARKUP.search(text, found.end()) is not None


def parse(markup: str) -> Element | None:
    """Return the root element of a page, however broken its markup; None where it holds no element at all.

    Comments and processing instructions are left out, so the text on both sides of one is in one piece.
    """
    clean = _without_controls(markup)
    if _may_be_flooded(clean) and any(
        token.end("attributes") - token.start("attributes") >= _SHORT_TAG for token in _TOKEN.finditer(clean)
    ):
        clean = _TOKEN.sub(_without_flood, clean)
    root, too_deep = _parse_with_lxml(clean)
    for follow_end_tags in (True, False):
        if too_deep:
            root, too_deep = _parse_with_lxml(_flatten(clean, follow_end_tags))
    return root if root is not None else _parse_with_soup(clean)


def _without_controls(markup: str) -> str:
    """Leave out what no markup may hold; that hardly any page has it is told sooner by its bytes."""
    try:
        data = markup.encode("utf-8")
    except UnicodeEncodeError:
        return _CONTROL.sub("", markup)
    sound = len(data.translate(None, _CONTROL_BYTES)) == len(data)
    return markup if sound and "\ufffe" not in markup and "\uffff" not in markup else _CONTROL.sub("", markup)


def _parse_with_lxml(markup: str) -> tuple[Element | None, bool]:
    """Return the root element, and whether elements nest deeper than libxml2 reads."""
    # Bytes with their encoding named, because a <meta charset> that is wrong would otherwise win.
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True
    )
    try:
        root = etree.fromstring(markup.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    return root, any("depth" in entry.message for entry in parser.error_log)


def _may_be_flooded(markup: str) -> bool:
    """Tell whether a tag may have too many attributes: hardly any page's has, and looking at each takes time.

    Such a tag runs on for long without a ">", or many of its values hold one.
    """
    long_pieces = [piece for piece in markup.split(">") if len(piece) > _SHORT_TAG]
    quoted_ends = len(_QUOTED_END.findall(markup))
    return (
        any(_LONG_TAG.search(piece) is not None for piece in long_pieces)
        or (bool(long_pieces) and quoted_ends > 0 and _LONG_REST.search(markup) is not None)
        or quoted_ends >= _MANY_QUOTED
    )


def _without_flood(token: re.Match[str]) -> str:
    """Return a token as it stands, a tag with its first attributes only where there are too many."""
    whole = token.group()
    attributes = token.group("attributes")
    if attributes is None or len(attributes) < _SHORT_TAG:
        return whole
    start = token.start("attributes") - token.start()
    for number, attribute in enumerate(_ATTRIBUTE.finditer(attributes)):
        if number == _MOST_ATTRIBUTES:
            return f"{whole[: start + attribute.start()]}>"
    return whole


def _parse_with_soup(markup: str) -> Element | None:
    """Read with Beautiful Soup what libxml2 finds no element in, such as a page in a comment never closed."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(markup, "html.parser")
    if soup.find(True) is None:
        return None
    # Its output is well-formed, which is all that libxml2 was missing; what it makes of "<!--" is text.
    return _parse_with_lxml(f"<html>{soup}</html>")[0]


def _flatten(markup: str, follow_end_tags: bool) -> str:
    """Take out the tags that nest deeper than MAX_DEPTH, as browsers put such elements side by side.

    End tags are believed to close what they name, where it is open. Of markup so broken that libxml2 thinks
    otherwise, no end tag is followed, so that every tag beyond the first MAX_DEPTH goes.
    """
    opened: list[str] = []
    count: Counter[str] = Counter()
    taken_out: Counter[str] = Counter()

    def keep(tag: re.Match[str]) -> str:
        closing, name = tag.group(1), tag.group(2).lower()
        full = len(opened) >= MAX_DEPTH
        if name in _VOID:
            return tag.group()
        if closing:
            if not follow_end_tags:
                return tag.group()
            if taken_out[name]:
                taken_out[name] -= 1
                return "" if name in _INLINE else "<br>"
            if count[name]:
                taken_out.clear()
                while (last := opened.pop()) != name:
                    count[last] -= 1
                count[name] -= 1
            return tag.group()
        if name in _SELF_ENDING and follow_end_tags:
            return tag.group() if not full else "<br>"
        if not full:
            opened.append(name)
            count[name] += 1
            return tag.group()
        taken_out[name] += 1
        return "" if name in _INLINE else "<br>"

    return _TAG.sub(keep, markup)
