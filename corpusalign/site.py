"""From one address to a memory: a page with its language versions, or a whole site with all of its pages."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from corpusalign import arguments
from corpusalign.crawl import NEGOTIATED, CrawlReport, crawl, discover, read_archive
from corpusalign.errors import CorpusAlignError, ExtractError, LanguageError
from corpusalign.extract import learn_site_profile
from corpusalign.languages import folder
from corpusalign.pair import Match, Pairing, pair
from corpusalign.pipeline import Progress, align_pages, strays
from corpusalign.types import Bitext, Page

if TYPE_CHECKING:
    from corpusalign.encode import Encoder
    from corpusalign.extract.site_profile import SiteProfile
    from corpusalign.fetch.session import Session

_ENOUGH_SETS = 20
"""Sets of pages from which on a site's profile is learned; of fewer, a text repeated may be a page's own."""


@dataclass(frozen=True, slots=True)
class SiteBitexts:
    """What a site gave: one bitext a set of pages that are versions of each other, and what was left out.

    `rejected` are the pages that were paired and could not be aligned, each with the reason; of an address
    that the archive holds twice, the last page counts.
    """

    bitexts: tuple[Bitext, ...]
    pairing: Pairing
    report: CrawlReport
    rejected: tuple[tuple[str, str], ...]


@arguments.checked(
    url=arguments.text,
    session=arguments.optional(arguments.named("corpusalign.fetch.session.Session")),
    langs=arguments.languages,
    encoder=arguments.optional(arguments.encoder),
    weights=arguments.optional(arguments.path),
    allow_truncated=arguments.flag,
    profile=arguments.optional(arguments.named("corpusalign.extract.site_profile.SiteProfile")),
    progress=arguments.optional(arguments.function),
    on_refused=arguments.optional(arguments.function),
)
def align_address(
    url: str,
    *,
    session: Session | None = None,
    langs: Sequence[str] = (),
    encoder: Encoder | None = None,
    weights: str | os.PathLike[str] | None = None,
    allow_truncated: bool = False,
    profile: SiteProfile | None = None,
    progress: Progress | None = None,
    on_refused: Callable[[str, str], None] | None = None,
) -> Bitext:
    """Align the page of an address with the versions in other languages that it and they link to.

    `langs` are the languages to take, the memory's source language first; without them all are taken and the
    page's own is the source language. `session` brings the options of fetching; `on_refused` is called with
    the address of each link that led to no version, and the reason.

    Raises LanguageError where fewer than two versions are found, and what `discover` and `align_pages` raise.
    """
    wanted = [folder(lang) for lang in langs]
    found = discover(url, session=session, allow_truncated=allow_truncated)
    if on_refused is not None:
        for address, reason in found.refused:
            on_refused(address, reason)
    pages = {version.lang: version.page for version in found.versions}
    order = [lang for lang in wanted or pages if lang in pages]
    if len(order) < 2:
        refused = "".join(f"; {address} {reason}" for address, reason in found.refused)
        if found.versions[0].negotiated:
            refused += f"; {NEGOTIATED}"
        raise LanguageError(
            url,
            f"links to no version in {'these languages' if wanted else 'another language'}{refused}",
            "give the versions' addresses, or align the whole site (--site)",
        )
    return align_pages(
        [pages[lang] for lang in order],
        langs=order,
        encoder=encoder,
        weights=weights,
        allow_truncated=allow_truncated,
        profile=profile,
        progress=progress,
    )


@arguments.checked(
    start=arguments.text,
    archive=arguments.optional(arguments.path),
    session=arguments.optional(arguments.named("corpusalign.fetch.session.Session")),
    limit=arguments.whole,
    include=arguments.optional(arguments.text),
    exclude=arguments.optional(arguments.text),
    langs=arguments.languages,
    min_score=arguments.number,
    encoder=arguments.optional(arguments.encoder),
    weights=arguments.optional(arguments.path),
    allow_truncated=arguments.flag,
    profile=arguments.optional(arguments.named("corpusalign.extract.site_profile.SiteProfile")),
    progress=arguments.optional(arguments.function),
)
def align_site(
    start: str,
    *,
    archive: str | os.PathLike[str] | None = None,
    session: Session | None = None,
    limit: int = 1000,
    include: str | None = None,
    exclude: str | None = None,
    langs: Sequence[str] = (),
    min_score: float = 0.5,
    encoder: Encoder | None = None,
    weights: str | os.PathLike[str] | None = None,
    allow_truncated: bool = False,
    profile: SiteProfile | None = None,
    progress: Progress | None = None,
) -> SiteBitexts:
    """Crawl a site, pair its pages, and align each set of pages that are versions of each other.

    `limit`, `include` and `exclude` are those of `crawl`, `min_score` is that of `pair`; an `archive` is kept
    and carried on, without one a temporary one is made. `langs` are the languages to take, the source
    language first; without them the start page's is the source language, and the others follow by their
    codes. Without a site `profile`, one is learned where there are pages enough. The paired pages are held in
    memory: of sites beyond some ten thousand pages, build a corpus.

    Raises what `crawl` raises; of pages that cannot be aligned only reasons are kept.
    """
    wanted = tuple(folder(lang) for lang in langs)
    with TemporaryDirectory(prefix="corpusalign-") as temporary:
        held = Path(archive) if archive is not None else Path(temporary) / "site.warc.gz"
        report = crawl(
            start, held, session=session, limit=limit, include=include, exclude=exclude, progress=progress
        )
        homes: set[str] = set()
        pairing = pair(
            _watched(read_archive(held), start, homes),
            encoder=encoder,
            min_score=min_score,
            allow_truncated=allow_truncated,
            progress=progress,
        )
        source = {lang for one in pairing.matches for lang, url in one.versions.items() if url in homes}
        sets = [_ordered(match, source, wanted) for match in pairing.matches]
        pages = _held(held, {url for versions in sets for url in versions.values()})
    align_set = partial(
        align_pages,
        encoder=encoder,
        weights=weights,
        allow_truncated=allow_truncated,
        profile=profile or _learned(pages, sets),
    )
    bitexts: list[Bitext] = []
    rejected: list[tuple[str, str]] = []
    for number, versions in enumerate(sets):
        if len(versions) < 2:
            continue
        if progress is not None:
            progress("aligning", number, len(sets))
        try:
            of_set = {lang: pages[url] for lang, url in versions.items()}
            bitext = _align_parallel(of_set, align_set, rejected)
        except CorpusAlignError as error:
            rejected.append((error.where, error.fault))
        else:
            bitexts += [bitext] if bitext is not None else []
    return SiteBitexts(tuple(bitexts), pairing, report, tuple(rejected))


def _watched(pages: Iterator[Page], start: str, homes: set[str]) -> Iterator[Page]:
    """Yield pages, and note the one at which the site starts, or to which its start redirects."""
    from corpusalign.crawl.links import absolute

    home = absolute(start, start)
    for page in pages:
        if home in (page.url, *page.aliases):
            homes.add(page.url)
        yield page


def _held(archive: Path, urls: set[str]) -> dict[str, Page]:
    return {page.url: page for page in read_archive(archive) if page.url in urls}


def _learned(pages: Mapping[str, Page], sets: Sequence[Mapping[str, str]]) -> SiteProfile | None:
    """Learn what the pages of the site share, from some of them spread over all; None where they are few."""
    if len(sets) < _ENOUGH_SETS:
        return None
    chosen = sets[:: len(sets) // _ENOUGH_SETS][: 2 * _ENOUGH_SETS]
    try:
        return learn_site_profile(pages[url] for versions in chosen for url in versions.values())
    except ExtractError:
        return None


def _ordered(match: Match, source: Collection[str], wanted: Sequence[str]) -> dict[str, str]:
    """Return the versions of a match, the source language's first: as wanted, or that of the start page."""
    if wanted:
        return {lang: match.versions[lang] for lang in wanted if lang in match.versions}
    order = sorted(match.versions, key=lambda lang: (lang not in source, lang))
    return {lang: match.versions[lang] for lang in order}


def _align_parallel(
    pages: dict[str, Page], align_set: Callable[..., Bitext], rejected: list[tuple[str, str]]
) -> Bitext | None:
    """Align pages and, where one of them is a translation of none of the others, align the others."""
    while len(pages) > 1:
        bitext = align_set(list(pages.values()), langs=list(pages))
        apart = strays(bitext)
        if not apart:
            return bitext
        rejected += [(pages[lang].url, "is no translation of its other versions") for lang in sorted(apart)]
        pages = {lang: page for lang, page in pages.items() if lang not in apart}
    return None
