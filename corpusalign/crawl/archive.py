"""The pages of a web archive, with what its sitemaps and redirects say of them."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urldefrag

from corpusalign.crawl.links import absolute
from corpusalign.crawl.sitemap import is_sitemap, parse_sitemap
from corpusalign.fetch import page_of
from corpusalign.fetch.answer import Answer
from corpusalign.fetch.warc import Damage, is_page, records
from corpusalign.types import Page

_MAX_REDIRECTS = 10

Versions = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Index:
    """What one reading of an archive tells: the number of each page's last record, redirects, versions."""

    last: dict[str, int] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    versions: dict[str, Versions] = field(default_factory=dict)

    def note(self, number: int, answer: Answer) -> None:
        location = answer.headers.get("location")
        if 300 <= answer.status < 400 and location:
            target = absolute(answer.url, location)
            if target is not None:
                self.moved[answer.url] = target
        elif answer.status == 200 and is_sitemap(answer.content):
            for group in parse_sitemap(answer.content).groups:
                self._note_group(answer.url, group)
        elif is_page(answer):
            self.last[answer.url] = number

    def _note_group(self, place: str, group: Mapping[str, str]) -> None:
        named = [(tag, absolute(place, address)) for tag, address in group.items()]
        versions = tuple((tag, address) for tag, address in named if tag and address is not None)
        for _, address in named:
            if address is not None:
                self.versions[address] = versions

    def aliases(self) -> dict[str, list[str]]:
        """Return, for each address that others redirect to in the end, those others."""
        found: dict[str, list[str]] = defaultdict(list)
        for start in self.moved:
            end = start
            for _ in range(_MAX_REDIRECTS):
                end = self.moved.get(end, end)
            if end not in self.moved:
                found[end].append(start)
        return found


def pages(path: str | os.PathLike[str], on_damage: Callable[[Damage], None] | None) -> Iterator[Page]:
    """Do what `read_archive` says."""
    index = _Index()
    for number, answer in enumerate(records(path, on_damage=on_damage)):
        index.note(number, answer)
    aliases = index.aliases()
    for number, answer in enumerate(records(path)):
        if index.last.get(answer.url) == number:
            page = page_of(answer)
            others = tuple(aliases.get(urldefrag(page.url).url, ()))
            named = next((index.versions[name] for name in (page.url, *others) if name in index.versions), ())
            yield replace(page, alternates=(*page.alternates, *named), aliases=others)
