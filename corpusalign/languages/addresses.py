"""Addresses with their language codes taken out: what is left is alike for the versions of a page."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from urllib.parse import unquote, urlsplit

from corpusalign.errors import LanguageError
from corpusalign.languages import folder, known, language

_CODE = r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4}){0,2}"
# Where a code stands in a path and query: a folder of its own (which may be a language's English name), a
# file's name or its end, the value of a parameter.
_PLACES = re.compile(
    rf"(?<=/)(?P<folder>{_CODE}|[A-Za-z]{{4,8}})(?:/|(?=\?|\Z))"
    rf"|(?:(?<=/)|[-_.])(?P<name>{_CODE})(?=\.[A-Za-z0-9]{{2,5}}(?:\?|\Z))"
    rf"|(?<=[?&])(?:lang|language|locale|hl|l)=(?P<value>{_CODE})(?:&|\Z)"
)

_HOST = re.compile(r"//([^/?#]*)")


def skeleton(url: str) -> str:
    """Return an address without scheme, `www` and language codes; a version that has none gives the same.

    `https://example.org/fr/plan`, `http://fr.example.org/plan` and `http://www.example.org/plan?lang=zh-CN`
    are one. A code in the last two labels of a host names a country and stays.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return site_of(parts.netloc) + _PLACES.sub(
        _without_code, _path_and_query(parts.path, parts.query)
    ).rstrip("?&")


def language_of(url: str) -> str | None:
    """Return the language that an address names, None for one that names none or several."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    named, _ = _host(parts.netloc)
    named += map(_code, _PLACES.finditer(_path_and_query(parts.path, parts.query)))
    found = {folder(tag) for tag in named if _is_code(tag)}
    return found.pop() if len(found) == 1 else None


def may_name_language(href: str) -> bool:
    """Tell whether `language_of` may find a language in what a link itself says, without taking it apart."""
    if "%" in href:
        return True
    # Few addresses have what only looks like a code, and looking is the quickest.
    if _looks_like_code().search(f"/{href.lower()}") is None:
        return False
    host = _HOST.search(href)
    return (host is not None and any(map(_is_code, host[1].lower().split(".")[:-2]))) or any(
        _is_code(_code(place)) for place in _PLACES.finditer(f"/{href}")
    )


@cache
def _looks_like_code() -> re.Pattern[str]:
    """Return what finds the first part of a code that corpusalign knows, lowered, where one may stand."""
    tags = {tag for code in known() for tag in (code, *language(code).aliases)}
    choices = "|".join(sorted({re.escape(tag.partition("-")[0]) for tag in tags}))
    return re.compile(rf"[/.\-_=\s](?:{choices})(?![a-z])")


def site_of(netloc: str) -> str:
    """Return a host without what it begins with of `www` and languages.

    `fr.example.org`, `www.example.org` and `english.www.example.org` are of the site example.org; the last
    two labels stay whatever they are.
    """
    return _host(netloc)[1]


def _host(netloc: str) -> tuple[list[str], str]:
    """Return the language codes that a host begins with, and the host without them and without `www`."""
    labels = netloc.lower().split(".")
    first = 0
    while first < len(labels) - 2 and (labels[first] == "www" or _is_code(labels[first])):
        first += 1
    return [label for label in labels[:first] if label != "www"], ".".join(labels[first:])


def _path_and_query(path: str, query: str) -> str:
    return unquote(path) + (f"?{query}" if query else "")


def _code(place: re.Match[str]) -> str:
    return place["folder"] or place["name"] or place["value"]


def _without_code(place: re.Match[str]) -> str:
    return "" if _is_code(_code(place)) else place[0]


@lru_cache(maxsize=4096)
def _is_code(tag: str) -> bool:
    try:
        folder(tag)
    except LanguageError:
        return False
    return True
