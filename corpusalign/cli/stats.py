"""`corpusalign stats`: a memory in figures."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from corpusalign.cli.memories import FILE_HELP
from corpusalign.cli.shared import Commands, command, table

if TYPE_CHECKING:
    from corpusalign.memories import Stats

EXAMPLES = """\
examples:
  corpusalign stats memory.tmx                 units, languages, how the scores lie
  corpusalign stats memory.tmx --json          the same for a program
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(commands, "stats", _run, "count a memory's units, languages and scores", EXAMPLES)
    arguments(parser)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `stats` takes; `corpusalign tmx stats` is the same command."""
    parser.add_argument("memory", metavar="FILE", help=FILE_HELP)
    parser.add_argument("--json", action="store_true", help="print JSON")


def _run(options: argparse.Namespace) -> int:
    return run(options)


def run(options: argparse.Namespace) -> int:
    """Print the figures of a memory."""
    from corpusalign.formats import read
    from corpusalign.memories import stats

    figures = stats(read(options.memory))
    if options.json:
        shown = asdict(figures) | {"pairs": {"-".join(pair): n for pair, n in figures.pairs.items()}}
        print(json.dumps(shown, ensure_ascii=False, indent=1))
    else:
        print(_shown(figures))
    return 0


def _shown(figures: Stats) -> str:
    parts = [
        table(
            [
                ("units", str(figures.units)),
                ("repeated", str(figures.repeated)),
                ("approved", str(figures.approved)),
            ]
        )
    ]
    if figures.languages:
        rows: list[Sequence[str]] = [("language", "units", "characters")]
        rows.extend((code, str(one.units), str(one.characters)) for code, one in figures.languages.items())
        parts.append(table(rows))
    if figures.pairs:
        rows = [("pair", "units"), *(("-".join(pair), str(n)) for pair, n in figures.pairs.items())]
        parts.append(table(rows))
    if figures.scores:
        rows = [("score", "units", "least", "5%", "25%", "50%", "75%", "95%", "greatest", "mean")]
        for name, score in figures.scores.items():
            values = (score.least, *score.quantiles, score.greatest, score.mean)
            rows.append((name, str(score.units), *(f"{value:.4g}" for value in values)))
        parts.append(table(rows))
    return "\n\n".join(parts)
