"""The Link header (RFC 8288), by which a server names a page's versions without a word in the page itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

_MAX_LENGTH = 64 * 1024

_TARGET = re.compile(r"[\s,]*<([^<>]*)>")
_PARAMETER = re.compile(r"""\s*;\s*([\w!#$%&'*+.^`|~-]*)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?""")


def alternates(header: str, url: str) -> tuple[tuple[str, str], ...]:
    """Return the language versions that a Link header of the page at `url` names: pairs of tag and address.

    They are the links with `rel=alternate` and `hreflang`, their targets in full; a link with an `anchor`
    speaks of another page, and `x-default` names no language. What cannot be read ends the reading.
    """
    found = []
    for target, parameters in _links(header[:_MAX_LENGTH]):
        tag = parameters.get("hreflang", "")
        relations = parameters.get("rel", "").lower().split()
        if "alternate" not in relations or "anchor" in parameters or tag.lower() in ("", "x-default"):
            continue
        try:
            found.append((tag, urljoin(url, target.strip())))
        except ValueError:
            continue
    return tuple(found)


def _links(header: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the targets of a header with their parameters; of a name the first counts (3.2 to 3.4)."""
    place = 0
    while target := _TARGET.match(header, place):
        place = target.end()
        parameters: dict[str, str] = {}
        while (parameter := _PARAMETER.match(header, place)) and parameter.end() > place:
            name, quoted, token = parameter.groups()
            value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else token or ""
            parameters.setdefault(name.lower(), value)
            place = parameter.end()
        yield target[1], parameters
