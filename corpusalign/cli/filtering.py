"""`corpusalign filter`: a memory scored, and its units kept or rejected with reasons."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from corpusalign.cli.memories import FILE_HELP, languages_for, tell
from corpusalign.cli.shared import Commands, command, progress_bar, table

if TYPE_CHECKING:
    from corpusalign.quality import Limit
    from corpusalign.types import TranslationUnit

EXAMPLES = """\
examples:
  corpusalign filter memory.tmx -o clean.tmx
      what breaks a limit goes to clean.rejects.tmx, the reasons in its notes
  corpusalign filter memory.tmx -o clean.tmx --threshold precision:0.99 --report clean.html
  corpusalign filter scored.jsonl -o strict.tmx --as-scored --limit "similarity>=0.5" --limit "length_z<=3"
      other limits, nothing computed again
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(commands, "filter", _run, "score a memory's units and keep the good ones", EXAMPLES)
    parser.add_argument("memory", metavar="FILE", help=FILE_HELP)
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="the units that are kept")
    parser.add_argument("--rejects", metavar="FILE", help="the others (default: beside the output)")
    parser.add_argument("--report", metavar="FILE", help="an HTML page with figures, plots and examples")
    parser.add_argument(
        "--limit",
        action="append",
        default=[],
        metavar="LIMIT",
        help='a limit such as "similarity>=0.4", in place of the usual one on that score; may be repeated',
    )
    parser.add_argument("--only", action="store_true", help="apply no limits but those given here")
    parser.add_argument(
        "--threshold",
        metavar="FIGURE",
        help="the least confidence: 0.8, or precision:0.99 for the limit that expects so many right units",
    )
    parser.add_argument("--as-scored", action="store_true", help="take scores as they stand, compute none")
    parser.add_argument("--no-similarity", action="store_true", help="leave out the encoder (much faster)")
    parser.add_argument("--near-duplicates", action="store_true", help="look for near-duplicates too")
    parser.add_argument("-q", "--quiet", action="store_true", help="print nothing but errors")


def _run(options: argparse.Namespace) -> int:
    from corpusalign.formats import read, write
    from corpusalign.quality import decide, rejected, scores_of

    rejects = options.rejects or _beside(options.output)
    if len({Path(name).resolve() for name in (options.memory, options.output, rejects)}) < 3:
        options.parser.error("the memory, the output and the rejects must be three different files")
    limits = _limits(options)
    reasons: Counter[str] = Counter()
    # Scored units wait in a file: both outputs are written as streams, one after the other.
    with TemporaryDirectory(prefix="corpusalign-") as folder:
        waiting = Path(folder, "scored.jsonl")
        write(_scored(options), waiting)

        def kept() -> Iterator[TranslationUnit]:
            for unit in read(waiting):
                decision = decide(scores_of(unit), limits)
                reasons.update(reason.limit.score for reason in decision.reasons)
                if decision.keep:
                    yield rejected(unit, decision)

        def not_kept() -> Iterator[TranslationUnit]:
            for unit in read(waiting):
                decision = decide(scores_of(unit), limits)
                if not decision.keep:
                    yield rejected(unit, decision)

        written = write(kept(), options.output, languages=languages_for(options.output, [waiting]))
        aside = write(not_kept(), rejects, languages=languages_for(rejects, [waiting]))
        if options.report:
            from corpusalign.quality import write_report

            write_report(read(waiting), options.report, limits=limits, title=Path(options.memory).name)
    if not options.quiet:
        print(_summary(limits, reasons))
        tell(written, "kept")
        tell(aside, "rejected")
    return 0


def _beside(output: str) -> str:
    """Return the name of the rejects' file: `clean.tmx.gz` -> `clean.rejects.tmx.gz`."""
    path = Path(output)
    packed = path.suffix if path.suffix.lower() == ".gz" else ""
    inner = Path(path.name.removesuffix(packed))
    return str(path.with_name(f"{inner.stem}.rejects{inner.suffix}{packed}"))


def _limits(options: argparse.Namespace) -> tuple[Limit, ...]:
    from corpusalign.formats import read
    from corpusalign.quality import confidence_limit, default_limits, parse_limit, with_limits

    changed = [parse_limit(text) for text in options.limit]
    if options.threshold is not None:
        by_precision = options.threshold.startswith("precision:")
        confidences = [unit.confidence for unit in read(options.memory)] if by_precision else []
        changed.append(confidence_limit(options.threshold, confidences))
    return with_limits(() if options.only else default_limits(), changed)


def _scored(options: argparse.Namespace) -> Iterator[TranslationUnit]:
    """Yield the memory's units with their scores, under a progress bar."""
    from corpusalign.formats import read
    from corpusalign.quality import estimate_lengths, score

    if options.as_scored:
        yield from read(options.memory)
        return
    units = 0

    def counted() -> Iterator[TranslationUnit]:
        nonlocal units
        for unit in read(options.memory):
            units += 1
            yield unit

    lengths = estimate_lengths(counted())
    encoder = None
    if not options.no_similarity:
        from corpusalign.encode import default_encoder

        encoder = default_encoder()
    with progress_bar(options.quiet) as progress:
        scored = score(
            read(options.memory), encoder=encoder, lengths=lengths, near_duplicates=options.near_duplicates
        )
        for done, unit in enumerate(scored, start=1):
            if done % 100 == 0:
                progress("scoring", done, units)
            yield unit


def _summary(limits: Sequence[Limit], reasons: Counter[str]) -> str:
    """Return the table of limits and how many units broke each; a unit may break several."""
    rows = [("limit", "broken by")]
    rows.extend((str(limit), str(reasons[limit.score])) for limit in limits)
    return table(rows) + "\n"
