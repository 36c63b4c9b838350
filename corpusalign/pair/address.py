"""Addresses with their language codes taken out: what is left is alike for the versions of a page."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from corpusalign.errors import LanguageError
from corpusalign.languages import folder

_CODE = r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?"
# Where a code stands in a path and query: a folder of its own, before a file's suffix, the value of a
# parameter.
_PLACES = re.compile(
    rf"(?<=/)(?P<folder>{_CODE})(?:/|(?=\?|\Z))"
    rf"|[-_.](?P<suffix>{_CODE})(?=\.[A-Za-z0-9]{{2,5}}(?:\?|\Z))"
    rf"|(?<=[?&])(?:lang|language|locale|hl|l)=(?P<value>{_CODE})(?:&|\Z)"
)


def skeleton(url: str) -> str:
    """Return an address without scheme, `www` and language codes; a version that has none gives the same.

    `https://example.org/fr/plan`, `http://fr.example.org/plan` and `http://www.example.org/plan?lang=zh-CN`
    are one. A code in the last two labels of a host names a country and stays.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    host = parts.netloc.lower()
    label, _, rest = host.partition(".")
    if "." in rest and (label == "www" or _is_code(label)):
        host = rest
    path = _PLACES.sub(_without_code, unquote(parts.path) + (f"?{parts.query}" if parts.query else ""))
    return host + path.rstrip("?&")


def same(url: str) -> str:
    """Return what is alike however an address is written: without scheme, fragment and escapes."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    if parts.scheme not in ("http", "https"):
        return unquote(url.partition("#")[0])
    host = (parts.hostname or "") + (f":{port}" if port not in (None, 80, 443) else "")
    query = f"?{unquote(parts.query)}" if parts.query else ""
    return f"//{host}{unquote(parts.path) or '/'}{query}"


def language_of(url: str) -> str | None:
    """Return the language that an address names, None for one that names none or several."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    label, _, rest = parts.netloc.lower().partition(".")
    named = [label] if "." in rest else []
    path = unquote(parts.path) + (f"?{parts.query}" if parts.query else "")
    named += [place["folder"] or place["suffix"] or place["value"] for place in _PLACES.finditer(path)]
    found = {folder(tag) for tag in named if _is_code(tag)}
    return found.pop() if len(found) == 1 else None


def _without_code(place: re.Match[str]) -> str:
    code = place["folder"] or place["suffix"] or place["value"]
    return "" if _is_code(code) else place[0]


def _is_code(tag: str) -> bool:
    try:
        folder(tag)
    except LanguageError:
        return False
    return True
