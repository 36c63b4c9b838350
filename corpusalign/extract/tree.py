"""Markup -> element tree: lxml reads nearly everything; what it cannot read goes to Beautiful Soup."""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree
from lxml.etree import _Element as Element

# Characters that no markup may hold. libxml2 would end the document at the first NUL.
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|title|meta|div|p|br|table|h[1-6]|article|section|ul|ol|a)\b", re.I
)

# A tag this long is an image within an attribute or an attack; libxml2 takes quadratic time over its
# attributes.
_LONG_TAG = re.compile(r"<([A-Za-z][\w:-]*)\s[^<>]{50000,}>")

_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*)[^<>]*>")


def elements(kind: str) -> frozenset[str]:
    """Return the names of the elements of one class of `elements.txt`."""
    lines = (Path(__file__).parent / "elements.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(name for line in lines if line.startswith(f"{kind} =") for name in line.split()[2:])


_VOID, _SELF_ENDING, _INLINE = elements("void"), elements("self-ending"), elements("inline")

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
    clean = _LONG_TAG.sub(r"<\1>", _CONTROL.sub("", markup))
    # Bytes with their encoding named, because a <meta charset> that is wrong would otherwise win.
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True
    )
    try:
        root = etree.fromstring(clean.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if any("depth" in entry.message for entry in parser.error_log):
        return parse(_flatten(clean)) if clean.count("<") > MAX_DEPTH else root
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


def _flatten(markup: str) -> str:
    """Take out the tags that nest deeper than MAX_DEPTH, as browsers put such elements side by side."""
    depth = taken_out = 0

    def keep(tag: re.Match[str]) -> str:
        nonlocal depth, taken_out
        closing, name = tag.group(1), tag.group(2).lower()
        if name in _VOID or name in _SELF_ENDING:
            return tag.group() if depth < MAX_DEPTH or name in _VOID or closing else "<br>"
        if not closing and depth < MAX_DEPTH:
            depth += 1
            return tag.group()
        if closing and not taken_out:
            depth = max(0, depth - 1)
            return tag.group()
        taken_out += -1 if closing else 1
        return "" if name in _INLINE else "<br>"

    return _TAG.sub(keep, markup)
