"""`corpusalign align`: versions of a page, or all pages of a site, into one memory."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import fmean
from time import perf_counter
from typing import TYPE_CHECKING

from corpusalign.cli.encoding import add_encoding, chosen_encoder
from corpusalign.cli.fetching import (
    PAGE_HELP,
    add_allow_truncated,
    add_fetching,
    add_site_profile,
    is_address,
    open_session,
    page,
    site_profile,
)
from corpusalign.cli.pair import add_min_score, min_score
from corpusalign.cli.shared import Commands, command, language_dispute, progress_bar, table, tell
from corpusalign.cli.sites import CRAWLING, add_crawling, crawl_options
from corpusalign.errors import AlignError

if TYPE_CHECKING:
    from corpusalign.site import SiteBitexts
    from corpusalign.types import Bitext, TranslationUnit

EXAMPLES = """\
examples:
  corpusalign align en.html zh.html fr.html -o memory.tmx
      the first page's language is the memory's source language; memory.html shows the result side by side
  corpusalign align https://example.org/en/plan -o memory.tmx
      the page and the language versions that it links to
  corpusalign align https://example.org/ --site -o site.tmx --cache cache --limit 500
      every page of the site that has versions; the next time, only what changed is fetched
  curl -s https://example.org/zh/ | corpusalign align en.html - --lang en,zh -o memory.tmx
"""

_ON_SITE = "start elsewhere, raise --limit, or see what `corpusalign crawl` and `corpusalign pair` find"


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(commands, "align", _run, "align versions of a page into one memory", EXAMPLES)
    parser.add_argument(
        "pages",
        nargs="+",
        metavar="PAGE",
        help=f"{PAGE_HELP}; one address alone stands for its language versions too",
    )
    parser.add_argument(
        "-o", "--output", required=True, metavar="FILE", help="the memory (.tmx, .jsonl; .gz)"
    )
    parser.add_argument(
        "--lang",
        metavar="LANG,LANG",
        help="the pages' languages in order, instead of detecting them; of one address, those to take",
    )
    review = parser.add_mutually_exclusive_group()
    review.add_argument("--review", metavar="FILE", help="the side-by-side page (default: beside the memory)")
    review.add_argument("--no-review", action="store_true", help="write no side-by-side page")
    add_allow_truncated(parser)
    add_encoding(parser)
    parser.add_argument("-q", "--quiet", action="store_true", help="print nothing but errors")
    whole = parser.add_argument_group("whole sites")
    whole.add_argument(
        "--site", action="store_true", help="crawl from the address, pair the pages, align all of them"
    )
    whole.add_argument(
        "--archive", metavar="FILE", help="keep the pages there (.warc.gz), and carry on what is in it"
    )
    add_min_score(whole)
    add_crawling(whole)
    add_site_profile(parser)
    add_fetching(parser)


def _run(options: argparse.Namespace) -> int:
    from corpusalign.files import check_writable
    from corpusalign.formats import check_target, write
    from corpusalign.review import write_review

    check_target(options.output)
    if options.site:
        return _run_site(options)
    for name in ("archive", "min_score", *CRAWLING):
        if getattr(options, name) is not None:
            options.parser.error(f"--{name.replace('_', '-')} goes with --site only")
    review = _review_path(options)
    if review:
        check_writable(review)
    started = perf_counter()
    bitext = _align(options)
    write(bitext, options.output)
    if review:
        write_review(bitext, review)
    if not options.quiet:
        disputes = [
            f"{document.url} is taken for {document.lang}, but {dispute}"
            for document in bitext.documents
            if (dispute := language_dispute(document))
        ]
        for message in (*disputes, *(warning.message for warning in bitext.warnings)):
            print(f"corpusalign: warning: {message}", file=sys.stderr)
        print(_summary(bitext, perf_counter() - started))
        print(f"\nmemory        {options.output}")
        if review:
            print(f"side by side  {review}")
    return 0


def _align(options: argparse.Namespace) -> Bitext:
    from corpusalign.pipeline import align_pages
    from corpusalign.site import align_address

    if len(options.pages) == 1 and is_address(options.pages[0]):
        with open_session(options) as session, progress_bar(options.quiet) as progress:
            return align_address(
                options.pages[0],
                session=session,
                langs=_chosen_languages(options),
                encoder=chosen_encoder(options),
                weights=options.weights,
                allow_truncated=options.allow_truncated,
                profile=site_profile(options),
                progress=progress,
                on_refused=partial(_tell_refused, options.quiet),
            )
    if len(options.pages) < 2:
        options.parser.error("two or more pages are needed, or one http(s) address")
    if options.pages.count("-") > 1:
        options.parser.error("standard input (-) can be one page only")
    langs = _languages(options)
    with progress_bar(options.quiet) as progress:
        return align_pages(
            [page(name, options) for name in options.pages],
            langs=langs,
            encoder=chosen_encoder(options),
            weights=options.weights,
            allow_truncated=options.allow_truncated,
            profile=site_profile(options),
            progress=progress,
        )


def _tell_refused(quiet: bool, address: str, reason: str) -> None:
    if not quiet:
        tell([(address, reason)])


def _run_site(options: argparse.Namespace) -> int:
    from corpusalign.formats import write
    from corpusalign.site import align_site

    if len(options.pages) != 1 or not is_address(options.pages[0]):
        options.parser.error("--site takes one http(s) address: where the site begins")
    if options.review:
        options.parser.error("--site writes no side-by-side page; `corpusalign review` makes one of a memory")
    with open_session(options) as session, progress_bar(options.quiet) as progress:
        site = align_site(
            options.pages[0],
            archive=options.archive,
            session=session,
            langs=_chosen_languages(options),
            encoder=chosen_encoder(options),
            weights=options.weights,
            allow_truncated=options.allow_truncated,
            profile=site_profile(options),
            progress=progress,
            **min_score(options),
            **crawl_options(options),
        )
    units = [unit for bitext in site.bitexts for unit in bitext]
    if not units:
        raise AlignError(options.pages[0], "has no pages that are versions of each other", _ON_SITE)
    write(units, options.output, languages=_union(site))
    if not options.quiet:
        print(_site_summary(site, len(units)))
        print(f"\nmemory  {options.output}")
    return 0


def _union(site: SiteBitexts) -> list[str]:
    """Return the languages of all bitexts, the source language first."""
    return list(dict.fromkeys(lang for bitext in site.bitexts for lang in bitext.languages))


def _site_summary(site: SiteBitexts, units: int) -> str:
    """Return what became of a site: counts, then each page that failed or found no partner."""
    rows = [
        ("pages archived", str(site.report.archived + site.report.before)),
        ("not had", str(len(site.report.failed))),
        ("left over", str(site.report.left_over)),
        ("page sets aligned", str(len(site.bitexts))),
        ("pages rejected", str(len(site.rejected))),
        ("pages alone", str(len(site.pairing.alone))),
        ("units", str(units)),
    ]
    told = [("not had", *entry) for entry in site.report.failed]
    told += [("rejected", *entry) for entry in site.rejected]
    told += [("alone", entry.url, entry.reason) for entry in site.pairing.alone]
    return "\n".join([table(rows), *(f"{what}: {url}: {reason}" for what, url, reason in told)])


def _chosen_languages(options: argparse.Namespace) -> list[str]:
    if options.lang is None:
        return []
    langs = [lang.strip() for lang in options.lang.split(",") if lang.strip()]
    if len(set(langs)) < 2:
        options.parser.error("--lang names fewer than two languages: give those to take, or leave it out")
    return langs


def _languages(options: argparse.Namespace) -> list[str | None] | None:
    if options.lang is None:
        return None
    langs = [lang.strip() or None for lang in options.lang.split(",")]
    if len(langs) != len(options.pages):
        options.parser.error(
            f"--lang names {len(langs)} languages, not {len(options.pages)}: give one a page"
        )
    return langs


def _review_path(options: argparse.Namespace) -> Path | None:
    if options.no_review:
        return None
    if options.review:
        return Path(options.review)
    output = Path(options.output)
    return output.with_name(Path(output.name.removesuffix(".gz")).stem + ".html")


def _summary(bitext: Bitext, seconds: float) -> str:
    """Return the table of what was done: a row a language, then the whole."""
    from corpusalign.pipeline import omissions

    missing = omissions(bitext)
    rows = [("", "blocks kept", "dropped", "sentences", "units", "omissions", "confidence", "seconds")]
    for document, sentences in zip(bitext.documents, bitext.sentences, strict=True):
        units = [unit for unit in bitext if document.lang in unit.variants]
        rows.append(
            (
                document.lang,
                str(len(document.blocks)),
                str(len(document.dropped)),
                str(len(sentences)),
                str(len(units)),
                str(missing[document.lang]),
                f"{_mean_confidence(units):.3f}",
                f"{bitext.seconds[document.lang]:.2f}",
            )
        )
    rows.append(
        (
            "all",
            str(sum(len(document.blocks) for document in bitext.documents)),
            str(sum(len(document.dropped) for document in bitext.documents)),
            str(sum(map(len, bitext.sentences))),
            str(len(bitext)),
            str(sum(missing.values())),
            f"{_mean_confidence(bitext):.3f}",
            f"{seconds:.2f}",
        )
    )
    return table(rows)


def _mean_confidence(units: Sequence[TranslationUnit]) -> float:
    return fmean(unit.confidence for unit in units) if units else 0.0
