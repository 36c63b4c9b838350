"""`corpusalign align`: versions of a page into one memory."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from time import perf_counter
from typing import TYPE_CHECKING

from corpusalign.cli.shared import PAGE_HELP, Commands, command, page, progress_bar, table

if TYPE_CHECKING:
    from corpusalign.types import Bitext, TranslationUnit

EXAMPLES = """\
examples:
  corpusalign align en.html zh.html fr.html -o memory.tmx
      the first page's language is the memory's source language; memory.html shows the result side by side
  corpusalign align https://example.org/en/ https://example.org/fr/ -o memory.tmx.gz --no-review
  curl -s https://example.org/zh/ | corpusalign align en.html - --lang en,zh -o memory.tmx
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(commands, "align", _run, "align versions of a page into one memory", EXAMPLES)
    parser.add_argument("pages", nargs="+", metavar="PAGE", help=PAGE_HELP)
    parser.add_argument(
        "-o", "--output", required=True, metavar="FILE", help="the memory (.tmx, .jsonl; .gz)"
    )
    parser.add_argument(
        "--lang", metavar="LANG,LANG", help="the pages' languages in order, instead of detecting them"
    )
    review = parser.add_mutually_exclusive_group()
    review.add_argument("--review", metavar="FILE", help="the side-by-side page (default: beside the memory)")
    review.add_argument("--no-review", action="store_true", help="write no side-by-side page")
    parser.add_argument(
        "--allow-truncated", action="store_true", help="take pages that are evidently cut short"
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="print nothing but errors")


def _run(options: argparse.Namespace) -> int:
    from corpusalign.formats import write
    from corpusalign.pipeline import align_pages
    from corpusalign.review import write_review

    if len(options.pages) < 2:
        options.parser.error("two or more pages are needed")
    if options.pages.count("-") > 1:
        options.parser.error("standard input (-) can be one page only")
    langs = _languages(options)
    started = perf_counter()
    with progress_bar(options.quiet) as progress:
        bitext = align_pages(
            [page(name) if name == "-" else name for name in options.pages],
            langs=langs,
            allow_truncated=options.allow_truncated,
            progress=progress,
        )
    write(bitext, options.output)
    review = _review_path(options)
    if review:
        write_review(bitext, review)
    if not options.quiet:
        for warning in bitext.warnings:
            print(f"corpusalign: warning: {warning.message}", file=sys.stderr)
        print(_summary(bitext, perf_counter() - started))
        print(f"\nmemory        {options.output}")
        if review:
            print(f"side by side  {review}")
    return 0


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
