"""`corpusalign build`: many pages into one corpus."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from types import FrameType
from typing import TYPE_CHECKING

from corpusalign.cli.fetching import add_allow_truncated
from corpusalign.cli.shared import Commands, command, seconds, size, table

if TYPE_CHECKING:
    from corpusalign.corpus import Preview, Progress, Result

EXAMPLES = """\
examples:
  corpusalign build site/ -o corpus/ --lang en,zh,fr
      pages in en/, zh/ and fr/, or named page.en.html, page.zh.html ..., on all cores
  corpusalign build crawl.warc.gz -o corpus/ --tmx
      the pages of a web archive, and one memory of it all beside the shards
  corpusalign build crawl.warc.gz -o corpus/ --pairs pairs.jsonl
      which page is the translation of which, as `corpusalign pair` found it
  corpusalign build pairs.tsv -o corpus/ --dry-run
      a line a page set, tabs between its pages; say what would be done

The same command goes on with a build that was stopped, and brings a corpus up to date with its source.
docs/scaling.md tells more, of many machines too.
"""

# Seconds between two lines of progress: where a terminal looks, and where none does.
_TERMINAL, _LOG = 0.2, 30.0


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(commands, "build", _run, "turn many pages into one corpus", EXAMPLES)
    parser.add_argument(
        "source", metavar="SOURCE", help="a folder of pages, a web archive, a list of addresses or page sets"
    )
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="FOLDER",
        help="the folder of the corpus, or its address (s3://)",
    )
    parser.add_argument(
        "--lang", metavar="LANG,LANG", help="the languages to take, the source first (default: all known)"
    )
    parser.add_argument(
        "--pairs",
        metavar="FILE",
        help="the pages of SOURCE that belong together, as `corpusalign pair` wrote",
    )
    parser.add_argument(
        "--no-content",
        action="store_true",
        help="do not look for versions by what pages say, where names and links tell nothing",
    )
    parser.add_argument("--tmx", action="store_true", help="write the whole corpus as corpus.tmx too")
    parser.add_argument(
        "--format", choices=("jsonl", "parquet"), default="jsonl", help="that of the shards (default: jsonl)"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    add_allow_truncated(parser)
    kept = parser.add_argument_group("what is kept")
    kept.add_argument(
        "--limit",
        action="append",
        default=[],
        metavar="LIMIT",
        help='a limit such as "similarity>=0.4", in place of the usual one on that score; may be repeated',
    )
    kept.add_argument(
        "--only",
        action="store_true",
        help="apply no limits but those given here (repetitions go in any case)",
    )
    kept.add_argument(
        "--edits",
        action="append",
        metavar="FILE",
        help="what people mended, as a review page saved it; may be repeated, and is remembered",
    )
    kept.add_argument("--forget-edits", action="store_true", help="leave out what was mended earlier")
    run = parser.add_argument_group("running")
    run.add_argument(
        "--runner",
        choices=("serial", "process", "ray"),
        default="process",
        help="in this process, in processes of this machine (default), on a Ray cluster",
    )
    run.add_argument("--workers", type=_count, metavar="N", help="processes (default: one a core)")
    run.add_argument(
        "--work",
        metavar="FOLDER",
        help="where a corpus is built that goes elsewhere (default: the user's cache)",
    )
    run.add_argument("--address", metavar="ADDRESS", help="the Ray cluster, auto for this machine's")
    run.add_argument(
        "--timeout-per-pair",
        type=seconds,
        default=300.0,
        metavar="SECONDS",
        help="reject a page set that takes longer (default: 300; 0: none is)",
    )
    run.add_argument(
        "--max-memory", type=size, metavar="SIZE", help="reject a page set whose worker needs more (2G)"
    )
    run.add_argument(
        "--shard-size", type=size, metavar="SIZE", help="bytes of pages a shard (default: by the whole)"
    )
    run.add_argument("-q", "--quiet", action="store_true", help="print nothing but errors")


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of workers")
    return int(text)


def _run(options: argparse.Namespace) -> int:
    from corpusalign.corpus import LEAST_MEMORY, build, preview
    from corpusalign.quality import default_limits, parse_limit, with_limits

    languages = [code.strip() for code in options.lang.split(",")] if options.lang else []
    if len(languages) == 1:
        options.parser.error("--lang: name two languages or more")
    if options.edits and options.forget_edits:
        options.parser.error("--forget-edits: --edits takes the place of what was mended earlier; give one")
    if options.max_memory is not None and options.max_memory < LEAST_MEMORY:
        options.parser.error(f"--max-memory: a worker needs {LEAST_MEMORY >> 20}M at least")
    if options.dry_run:
        planned = preview(
            options.source,
            options.output,
            languages=languages,
            pairs=options.pairs,
            by_content=not options.no_content,
            shard_size=options.shard_size,
        )
        print(_plan(planned))
        return 0
    limits = with_limits(() if options.only else default_limits(), map(parse_limit, options.limit))
    with _interrupts(options.quiet) as stopping, _Reporter(options.quiet) as reporter:
        result = build(
            options.source,
            options.output,
            languages=languages,
            pairs=options.pairs,
            by_content=not options.no_content,
            runner=options.runner,
            workers=options.workers,
            address=options.address,
            shard_size=options.shard_size,
            timeout=options.timeout_per_pair or None,
            max_memory=options.max_memory,
            allow_truncated=options.allow_truncated,
            limits=[str(limit) for limit in limits],
            edits=options.edits or ([] if options.forget_edits else None),
            format=options.format,
            work=options.work,
            tmx=options.tmx,
            progress=reporter,
            stopping=stopping,
        )
    if result.summary is None:
        progress = result.progress
        print(
            f"corpusalign: stopped with {progress.done} of {progress.shards} shards done; "
            "the same command goes on from there",
            file=sys.stderr,
        )
        return 130
    if not options.quiet:
        print(_summary(result, options.output))
    return 0


class _Interrupts:
    """Whether the user has asked to stop."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self) -> bool:
        return self.asked


@contextmanager
def _interrupts(quiet: bool) -> Iterator[_Interrupts]:
    """Let the first interrupt end the build after the shards in hand, and the second one at once."""
    stopping = _Interrupts()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if not quiet:
            print("\ncorpusalign: finishing the shards in hand; press again to stop at once", file=sys.stderr)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield stopping
    finally:
        signal.signal(signal.SIGINT, before)


class _Reporter:
    """Shows how far a build has come on standard error: one line renewed on a terminal, else line by line."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._terminal = sys.stderr.isatty()
        self._started = self._shown = monotonic()
        self._first = self._is_unpublished = True

    def __enter__(self) -> _Reporter:
        return self

    def __exit__(self, *_raised: object) -> None:
        if self._terminal and not self._quiet:
            print(end="\r\x1b[K", file=sys.stderr)

    def __call__(self, progress: Progress) -> None:
        if self._quiet:
            return
        now = monotonic()
        if self._first:
            self._first = False
            self._started = self._shown = now
            print(_beginning(progress), file=sys.stderr)
        elif progress.to_publish and self._is_unpublished:
            self._is_unpublished = False
            told = f"{progress.to_publish} shards to publish: new, or with other limits, edits or repetitions"
            print(f"\r{told}\x1b[K" if self._terminal else told, file=sys.stderr)
        elif now - self._shown >= (_TERMINAL if self._terminal else _LOG):
            self._shown = now
            line = _progress_line(progress, now - self._started)
            print(
                f"\r{line}\x1b[K" if self._terminal else line,
                end="" if self._terminal else "\n",
                file=sys.stderr,
                flush=True,
            )


def _beginning(progress: Progress) -> str:
    """Say what is there already and what is to be done, and why."""
    kept = progress.kept
    reasons = [
        f"{number} {said}"
        for number, said in (
            (kept.changed, "with other pages or options"),
            (kept.damaged, "damaged"),
            (kept.retried, "with something to try again"),
        )
        if number
    ]
    there = f"{kept.shards} shards are there already; " if kept.shards or reasons else ""
    redone = f" (of an earlier build: {', '.join(reasons)})" if reasons else ""
    return f"{there}{progress.shards} shards of {progress.sets} page sets to do{redone}"


def _progress_line(progress: Progress, seconds: float) -> str:
    if progress.to_publish is not None:
        return f"{progress.published} of {progress.to_publish} shards published"
    rate = progress.begun / seconds if seconds else 0.0
    left = (progress.sets - progress.begun) / rate if rate else 0.0
    return (
        f"{min(progress.begun, progress.sets)} of {progress.sets} page sets, {rate:.1f}/s, "
        f"{_clock(left)} left, {progress.units} units, {progress.rejects} rejects"
        # What a worker holds is known with its first shard.
        + (f", {progress.memory >> 20} MB a worker" if progress.memory else "")
    )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(max(int(seconds), 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _plan(plan: Preview) -> str:
    lines = [
        f"pages      {plan.pages}",
        f"page sets  {plan.sets}",
        f"bytes      {plan.size:,}",
        f"shards     {len(plan.shards)}",
    ]
    if plan.shards:
        lines.append(f"           of {min(plan.shards):,} to {max(plan.shards):,} bytes")
    lines += [f"rejected   {number} {reason}" for reason, number in plan.rejects.items()]
    return "\n".join(lines)


def _summary(result: Result, output: str) -> str:
    summary = result.summary
    assert summary is not None
    rows = [("", "sentences", "words")]
    rows += [
        (code, f"{number:,}", f"{summary.words.get(code, 0):,}") for code, number in summary.sentences.items()
    ]
    return (
        f"{summary.units:,} units of {summary.sets:,} page sets ({summary.pages:,} pages) "
        f"in {summary.shards:,} shards\n\n{table(rows)}\n\n"
        f"pages rejected  {_counts(summary.rejects)}\n"
        f"units rejected  {summary.units_rejected:,} ({_counts(summary.broken)})\n"
        f"corpus          {output}"
    )


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in counts.items()) or "none"
