"""Which pages of a site are translations of each other."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpusalign import arguments
from corpusalign.types import Document, Page

if TYPE_CHECKING:
    from corpusalign.encode import Encoder


@dataclass(frozen=True, slots=True)
class Match:
    """Versions of one page: language -> address, two languages or more; `score` from 0 to 1, and why."""

    versions: Mapping[str, str]
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alone:
    """A page without partner: its language (None where it could not be told) and the reason."""

    url: str
    lang: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Pairing:
    """The matches, best first, and the pages left alone, in the order given; each page stands once in one."""

    matches: tuple[Match, ...]
    alone: tuple[Alone, ...]


@arguments.checked(
    pages=arguments.stream(arguments.one_of(Page)),
    encoder=arguments.optional(arguments.encoder),
    min_score=arguments.number,
    allow_truncated=arguments.flag,
    progress=arguments.optional(arguments.function),
)
def pair(
    pages: Iterable[Page],
    *,
    encoder: Encoder | None = None,
    min_score: float = 0.5,
    allow_truncated: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> Pairing:
    """Find the pages that are translations of each other, one to one, in any number of languages.

    Evidence: the links between language versions, addresses that differ in a language code alone,
    multilingual vectors of the text, numbers and names that texts of any two scripts share, length and number
    of blocks. It is weighed against the nearest other pages (ratio margin, Artetxe and Schwenk 2019), so that
    pages of one kind are not taken for versions of each other. A page that says it is in one language and
    repeats a page of another is untranslated and left alone. `pages` may be a stream: of each only a profile
    is kept, and of an address that comes twice the last page counts. Without an `encoder` the embedded one is
    used.

    A page that cannot be read or extracted is left alone with its fault; nothing is raised for it.
    """
    from corpusalign.pair.groups import match
    from corpusalign.pair.profile import profiles_of_pages

    report = progress or _silent
    profiles, alone = profiles_of_pages(pages, encoder, allow_truncated, report)
    return match(profiles, alone, min_score)


@arguments.checked(
    documents=arguments.several(arguments.one_of(Document)),
    encoder=arguments.optional(arguments.encoder),
    min_score=arguments.number,
)
def pair_documents(
    documents: Sequence[Document], *, encoder: Encoder | None = None, min_score: float = 0.5
) -> Pairing:
    """Do what `pair` does for documents that are extracted already."""
    from corpusalign.pair.groups import match
    from corpusalign.pair.profile import profiles_of_documents

    return match(profiles_of_documents(documents, encoder), (), min_score)


@arguments.checked(pairing=arguments.one_of(Pairing), path=arguments.path)
def write_pairs(pairing: Pairing, path: str | os.PathLike[str]) -> None:
    """Write a pairing as JSON Lines: matches (`versions`, `score`, `reasons`), then pages left `alone`.

    Raises FormatError where the file cannot be written.
    """
    from corpusalign.files import atomic_text

    with atomic_text(path) as file:
        for found in pairing.matches:
            record = {
                "versions": dict(found.versions),
                "score": round(found.score, 4),
                "reasons": list(found.reasons),
            }
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
        for left in pairing.alone:
            record = {"alone": left.url, "lang": left.lang, "reason": left.reason}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def _silent(_doing: str, _done: int, _steps: int) -> None:
    """Report nothing."""
