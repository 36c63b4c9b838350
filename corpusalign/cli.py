"""The command line: every command is one call of the library, its answer printed.

Exit codes: 0 done, 1 failed (one line on standard error says what and what to do), 2 wrong usage,
130 interrupted.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from statistics import fmean
from time import perf_counter
from typing import TYPE_CHECKING

from corpusalign.errors import CorpusAlignError
from corpusalign.version import __version__

if TYPE_CHECKING:
    from corpusalign.evaluate import Scores
    from corpusalign.types import Bitext, Document, Page, TranslationUnit

PAGE_HELP = "a path, an http(s) address, or - for standard input"

EXAMPLES = """\
examples:
  corpusalign align en.html zh.html fr.html -o memory.tmx   three versions of a page into one memory
  corpusalign extract page.html --explain                   what is kept, what is dropped, and why
  corpusalign segment chapter.txt --lang zh                 one sentence a line
  corpusalign evaluate gold/                                score the aligner against gold alignments

`corpusalign COMMAND --help` has more of them. Exit codes: 0 done, 1 failed, 2 wrong usage.
"""
ALIGN_EXAMPLES = """\
examples:
  corpusalign align en.html zh.html fr.html -o memory.tmx
      the first page's language is the memory's source language; memory.html shows the result side by side
  corpusalign align https://example.org/en/ https://example.org/fr/ -o memory.tmx.gz --no-review
  curl -s https://example.org/zh/ | corpusalign align en.html - --lang en,zh -o memory.tmx
"""
EXTRACT_EXAMPLES = """\
examples:
  corpusalign extract page.html                title, date and source, then one block a line
  corpusalign extract https://example.org/ --json
  corpusalign extract - --lang fr --explain <page.html
"""
SEGMENT_EXAMPLES = """\
examples:
  corpusalign segment chapter.txt --lang zh    one sentence a line
  corpusalign segment page.html --json         the main text of a page, each sentence with its offsets
  echo 'Dr. Li came. She sat.' | corpusalign segment - --lang en
"""
EVALUATE_EXAMPLES = """\
examples:
  corpusalign evaluate fixtures/               every gold file below a folder
  corpusalign evaluate mine.json               docs/cli.md shows the format
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except CorpusAlignError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        print("corpusalign: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output (head, a pager) has gone: what it wanted it has. Python's own flush at exit
        # would fail again, so standard output is pointed where it cannot.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if options.debug:
            raise
        return _fail(
            f"internal error: {type(error).__name__}: {error}; please report it with what --debug prints"
        )
    return code


def _fail(message: str) -> int:
    print(f"corpusalign: {message}", file=sys.stderr)
    return 1


# --- the commands -------------------------------------------------------------------------------------------


def _align(options: argparse.Namespace) -> int:
    from corpusalign.formats import write
    from corpusalign.pipeline import align_pages
    from corpusalign.review import write_review

    if len(options.pages) < 2:
        options.parser.error("two or more pages are needed")
    if options.pages.count("-") > 1:
        options.parser.error("standard input (-) can be one page only")
    langs = _languages(options)
    started = perf_counter()
    with _progress_bar(options.quiet) as progress:
        bitext = align_pages(
            [_page(name) if name == "-" else name for name in options.pages],
            langs=langs,
            allow_truncated=options.allow_truncated,
            progress=progress,
        )
    write(bitext, options.output)
    review = _review_path(options)
    if review:
        write_review(bitext, review)
    if not options.quiet:
        print(_summary(bitext, perf_counter() - started))
        print(f"\nmemory        {options.output}")
        if review:
            print(f"side by side  {review}")
    return 0


def _extract(options: argparse.Namespace) -> int:
    from corpusalign.extract import explain, extract

    page = _page(options.page)
    if options.explain:
        for verdict in explain(page, lang=options.lang, allow_truncated=options.allow_truncated):
            kept = "keep" if verdict.kept else "drop"
            print(f"{kept}  {verdict.probability:.2f}  {verdict.reason:<24}  {verdict.block.text}")
        return 0
    document = extract(page, lang=options.lang, allow_truncated=options.allow_truncated)
    print(json.dumps(asdict(document), ensure_ascii=False, indent=1) if options.json else _as_text(document))
    return 0


def _segment(options: argparse.Namespace) -> int:
    from corpusalign.pipeline import segment_page

    for sentence in segment_page(_page(options.page), lang=options.lang):
        if options.json:
            print(json.dumps(asdict(sentence), ensure_ascii=False))
        else:
            print(" ".join(sentence.text.split("\n")))
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from corpusalign.evaluate import Scores, load_gold
    from corpusalign.pipeline import evaluate_gold

    gold = [alignment for path in options.gold for alignment in load_gold(path)]
    rows: list[Sequence[str]] = [("gold", "pair", "beads", "precision", "recall", "F1", "lax F1")]
    pooled: dict[str, Scores] = {}
    with _progress_bar(quiet=False) as progress:
        for done, (one, scores) in enumerate(evaluate_gold(gold), start=1):
            pair = f"{one.src_lang}-{one.tgt_lang}"
            rows.append(_score_row(one.name, pair, scores))
            pooled[pair] = pooled.get(pair, Scores()) + scores
            progress(f"aligned {one.name}", done, len(gold))
    rows.extend(_score_row("all", pair, scores) for pair, scores in sorted(pooled.items()))
    print(_table(rows))
    return 0


def _score_row(name: str, pair: str, scores: Scores) -> tuple[str, ...]:
    figures = (scores.precision, scores.recall, scores.f1, scores.lax_f1)
    return (name, pair, str(scores.expected), *(f"{figure:.3f}" for figure in figures))


# --- what the commands share --------------------------------------------------------------------------------


def _page(name: str) -> Page:
    from corpusalign.fetch import fetch, make_page

    return make_page(sys.stdin.buffer.read(), "standard input") if name == "-" else fetch(name)


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


@contextmanager
def _progress_bar(quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar on standard error while a terminal is looking, nothing otherwise."""
    from tqdm import tqdm

    with tqdm(
        disable=quiet or None, leave=False, file=sys.stderr, bar_format="{desc:<32} {bar} {n}/{total}"
    ) as bar:

        def show(doing: str, done: int, steps: int) -> None:
            bar.total = steps
            bar.n = done
            bar.set_description_str(doing)

        yield show


def _as_text(document: Document) -> str:
    head = {
        "title": document.title,
        "date": document.date,
        "author": document.author,
        "source": document.source,
        "lang": document.lang,
        "url": document.url,
    }
    lines = [f"{key}: {value}" for key, value in head.items() if value]
    return "\n".join([*lines, "", *(block.text for block in document.blocks)])


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
    return _table(rows)


def _mean_confidence(units: Sequence[TranslationUnit]) -> float:
    return fmean(unit.confidence for unit in units) if units else 0.0


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Lay rows out in columns: the first flush left, figures flush right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in rows
    )


# --- the parser ---------------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="corpusalign",
        description="Turn web pages in several languages into clean, sentence-aligned translation memories.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"corpusalign {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    align = _command(commands, "align", _align, "align versions of a page into one memory", ALIGN_EXAMPLES)
    align.add_argument("pages", nargs="+", metavar="PAGE", help=PAGE_HELP)
    align.add_argument("-o", "--output", required=True, metavar="FILE", help="the memory (.tmx, .jsonl; .gz)")
    align.add_argument(
        "--lang", metavar="LANG,LANG", help="the pages' languages in order, instead of detecting them"
    )
    review = align.add_mutually_exclusive_group()
    review.add_argument("--review", metavar="FILE", help="the side-by-side page (default: beside the memory)")
    review.add_argument("--no-review", action="store_true", help="write no side-by-side page")
    align.add_argument(
        "--allow-truncated", action="store_true", help="take pages that are evidently cut short"
    )
    align.add_argument("-q", "--quiet", action="store_true", help="print nothing but errors")

    extract = _command(
        commands, "extract", _extract, "print a page without its boilerplate", EXTRACT_EXAMPLES
    )
    extract.add_argument("page", metavar="PAGE", help=PAGE_HELP)
    extract.add_argument("--lang", help="the page's language, instead of detecting it")
    extract.add_argument(
        "--allow-truncated", action="store_true", help="take a page that is evidently cut short"
    )
    shape = extract.add_mutually_exclusive_group()
    shape.add_argument(
        "--json", action="store_true", help="print the whole document, with paths and dropped blocks"
    )
    shape.add_argument(
        "--explain", action="store_true", help="print every block with its verdict and the reason"
    )

    segment = _command(commands, "segment", _segment, "print the sentences of a text", SEGMENT_EXAMPLES)
    segment.add_argument("page", metavar="FILE", help=PAGE_HELP)
    segment.add_argument("--lang", help="the text's language, instead of detecting it")
    segment.add_argument(
        "--json", action="store_true", help="print one JSON object a sentence, with its offsets"
    )

    evaluate = _command(commands, "evaluate", _evaluate, "score the aligner against gold", EVALUATE_EXAMPLES)
    evaluate.add_argument("gold", nargs="+", metavar="GOLD", help="gold files (.json), or folders of them")
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    summary: str,
    examples: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--debug", action="store_true", help="show the traceback of an internal error")
    command.set_defaults(run=run, parser=command)
    return command
