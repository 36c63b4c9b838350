"""What the name of a page tells: its language, and what the versions of one page have in common."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from corpusalign.errors import LanguageError
from corpusalign.languages import folder, known, language

# A language tag as it stands in names: en, zh-CN, pt_BR, zh-Hant.
_TAG = re.compile(r"[a-z]{2,3}(?:[-_](?:[a-z]{2}|[a-z]{4}))?", re.IGNORECASE)
# page.en.html, page_zh-CN.html, page-fr.html, en.html; and page.html.en of web servers that negotiate.
_BEFORE_SUFFIX = re.compile(
    rf"(?:(?P<stem>.+?)[._-])?(?P<tag>{_TAG.pattern})(?P<suffix>\.[a-z]+)", re.IGNORECASE | re.DOTALL
)
_BEHIND_SUFFIX = re.compile(
    rf"(?P<stem>.+\.(?:x?html?|shtml|txt|md))\.(?P<tag>{_TAG.pattern})", re.IGNORECASE | re.DOTALL
)
_PARAMETERS = frozenset({"lang", "language", "locale", "hl", "l"})


def read_name(path: str) -> tuple[str, str | None]:
    """Return what a path has in common with those of the other versions of its page, and its language.

    The language is told by a folder (`zh-CN/page.html`), or by the file's name (`page.zh.html`,
    `page_zh.html`, `page.html.zh`, `zh.html`); None where neither tells one. What told it is taken out of
    the path, so that all versions are left with the same, one without any language in its name included.
    """
    *folders, name = path.split("/")
    lang: str | None = None
    kept: list[str] = []
    for part in folders:
        code = _language_of(part)
        if code is None or (lang is not None and code != lang):
            kept.append(part)
        else:
            lang = code
    found = _BEHIND_SUFFIX.fullmatch(name) or _BEFORE_SUFFIX.fullmatch(name)
    if found is not None:
        code = _language_of(found["tag"])
        if code is not None and lang in (None, code):
            lang = code
            name = (found["stem"] or "*") + found.groupdict().get("suffix", "")
    return "/".join([*kept, name]), lang


def read_address(url: str) -> tuple[str, str | None]:
    """Do as `read_name` with an address, where a host label or a parameter may tell the language too."""
    try:
        parts = urlsplit(url)
        labels = (parts.hostname or "").split(".")
    except ValueError:
        return url, None
    lang = _language_of(labels[0]) if len(labels) > 2 else None
    if lang is not None or labels[0] == "www":
        labels = labels[1:]
    fields = []
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        code = _language_of(value) if name.lower() in _PARAMETERS else None
        if code is not None and lang in (None, code):
            lang = code
        else:
            fields.append((name, value))
    path, of_path = read_name(parts.path)
    if lang is None:
        lang = of_path
    elif of_path != lang:
        path = parts.path
    query = f"?{urlencode(fields)}" if fields else ""
    return f"{'.'.join(labels)}{path}{query}", lang


@cache
def _language_of(part: str) -> str | None:
    """Return the language that a part of a name stands for; None for an ordinary word."""
    tag = part.lower()
    if not _TAG.fullmatch(tag) and tag not in _names():
        return None
    try:
        return folder(tag)
    except LanguageError:
        return None


@cache
def _names() -> frozenset[str]:
    return frozenset(alias for code in known() for alias in language(code).aliases)
