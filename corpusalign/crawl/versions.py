"""The language links of a page, followed."""

from __future__ import annotations

from collections import deque

from corpusalign.crawl import Discovery, Version
from corpusalign.errors import CorpusAlignError
from corpusalign.extract import extract
from corpusalign.fetch import page_of
from corpusalign.fetch.session import Session


def follow(url: str, session: Session, most: int, allow_truncated: bool) -> Discovery:
    """Read a page and, breadth first, the versions that it and they name, until no language is new."""
    first = _read(url, session, allow_truncated)
    versions = {first.lang: first}
    refused: list[tuple[str, str]] = []
    seen = {url, first.page.url}
    waiting = deque(first.document.alternates.items())
    while waiting and len(seen) <= most:
        lang, address = waiting.popleft()
        if address in seen or lang in versions:
            continue
        seen.add(address)
        try:
            found = _read(address, session, allow_truncated)
        except CorpusAlignError as error:
            refused.append((address, f"{error.fault}; {error.remedy}"))
            continue
        seen.add(found.page.url)
        if found.lang in versions:
            refused.append((address, f"is in {found.lang}, as {versions[found.lang].page.url} is"))
            continue
        versions[found.lang] = found
        waiting.extend(found.document.alternates.items())
    return Discovery(tuple(versions.values()), tuple(refused))


def _read(url: str, session: Session, allow_truncated: bool) -> Version:
    page = page_of(session.get(url))
    document = extract(page, allow_truncated=allow_truncated)
    return Version(document.lang, page, document)
