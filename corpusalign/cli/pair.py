"""`corpusalign pair`: which pages of an archive or folder are translations of each other."""

from __future__ import annotations

import argparse

from corpusalign.cli.fetching import pages_of
from corpusalign.cli.shared import Commands, command, progress_bar

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
    parser.add_argument("--min-score", type=float, default=0.5, help="the least score (default: 0.5)")
    parser.add_argument("-q", "--quiet", action="store_true", help="print nothing but errors")


def _run(options: argparse.Namespace) -> int:
    from corpusalign.files import check_writable
    from corpusalign.pair import pair, write_pairs

    check_writable(options.output)
    with progress_bar(options.quiet) as progress:
        pairing = pair(pages_of(options.source), min_score=options.min_score, progress=progress)
    write_pairs(pairing, options.output)
    if not options.quiet:
        print(f"matches  {len(pairing.matches)}\nalone    {len(pairing.alone)}\npairs    {options.output}")
    return 0
