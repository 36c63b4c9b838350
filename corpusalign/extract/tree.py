"""Markup -> element tree: lxml reads nearly everything; what it cannot read goes to Beautiful Soup."""

from __future__ import annotations

import re

from lxml import etree
from lxml.etree import _Element as Element

# Characters that no markup may hold. libxml2 would end the document at the first NUL.
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|title|meta|div|p|br|table|h[1-6]|article|section|ul|ol|a)\b", re.I
)

# How deep libxml2 may nest. Browsers flatten at 512; beyond that, markup is an attack or an unclosed tag
# repeated.
MAX_DEPTH = 512


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
    clean = _CONTROL.sub("", markup)
    # Bytes with their encoding named, because a <meta charset> that is wrong would otherwise win.
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True
    )
    try:
        root = etree.fromstring(clean.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        root = _parse_with_soup(clean)
    return root


def _parse_with_soup(markup: str) -> Element | None:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(markup, "html.parser")
    if soup.find(True) is None:
        return None
    # Beautiful Soup's output is well-formed, which is all that libxml2 was missing.
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return etree.fromstring(f"<html>{soup}</html>".encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
