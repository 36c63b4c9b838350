"""`corpusalign pair`: which pages of an archive or folder are translations of each other."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

from corpusalign.cli.encoding import add_encoding, chosen_encoder
from corpusalign.cli.fetching import add_allow_truncated, pages_of
from corpusalign.cli.shared import Commands, command, fraction, progress_bar

EXAMPLES = """\
examples:
  corpusalign pair site.warc.gz -o pairs.jsonl    versions of one page a line, with score and reasons
  corpusalign pair pages/ -o pairs.jsonl --min-score 0.8
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(commands, "pair", _run, "find the pages that are translations of each other", EXAMPLES)
    parser.add_argument("source", metavar="SOURCE", help="a web archive, or a folder of pages")
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="the pairs (.jsonl)")
    add_min_score(parser)
    add_allow_truncated(parser)
    add_encoding(parser, weights=False)
    parser.add_argument("-q", "--quiet", action="store_true", help="print nothing but errors")


def add_min_score(parser: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    """Add the limit on the score of pairs."""
    parser.add_argument(
        "--min-score", type=fraction, metavar="SCORE", help="the least score of a pair, 0 to 1 (default: 0.5)"
    )


def min_score(options: argparse.Namespace) -> dict[str, Any]:
    """Return that limit as a keyword of `pair`, if it was given."""
    return {} if options.min_score is None else {"min_score": options.min_score}


def _run(options: argparse.Namespace) -> int:
    from corpusalign.files import check_writable
    from corpusalign.pair import Alone, pair, write_pairs

    check_writable(options.output)
    rejected: list[tuple[str, str]] = []
    with progress_bar(options.quiet) as progress:
        pairing = pair(
            pages_of(options.source, rejected),
            encoder=chosen_encoder(options),
            allow_truncated=options.allow_truncated,
            progress=progress,
            **min_score(options),
        )
    unread = tuple(Alone(where, None, reason) for where, reason in rejected)
    write_pairs(replace(pairing, alone=(*unread, *pairing.alone)), options.output)
    if not options.quiet:
        print(
            f"matches   {len(pairing.matches)}\nalone     {len(pairing.alone)}\n"
            f"not read  {len(rejected)}\npairs     {options.output}"
        )
    return 0
