"""`corpusalign tune`: weights of the aligner, learned from gold alignments."""

from __future__ import annotations

import argparse

from corpusalign.cli.encoding import add_encoding, chosen_encoder
from corpusalign.cli.shared import Commands, command

EXAMPLES = """\
examples:
  corpusalign tune --gold gold/ --encoder labse -o labse.txt
  corpusalign align en.html zh.html --encoder labse --weights labse.txt -o memory.tmx
      weights serve the encoder that they were learned with; docs/cli.md shows the formats of gold files
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(commands, "tune", _run, "learn the aligner's weights from gold alignments", EXAMPLES)
    parser.add_argument(
        "--gold",
        nargs="+",
        required=True,
        metavar="GOLD",
        help="gold files (.json), or folders of them; a few thousand beads are enough",
    )
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="where the weights go")
    add_encoding(parser, weights=False)


def _run(options: argparse.Namespace) -> int:
    from corpusalign.evaluate import load_gold
    from corpusalign.files import check_writable
    from corpusalign.pipeline import tune_gold

    check_writable(options.output)
    gold = [alignment for path in options.gold for alignment in load_gold(path)]
    tune_gold(gold, options.output, encoder=chosen_encoder(options))
    beads = sum(len(one.links) for one in gold)
    print(f"learned from {beads:,} beads of {len(gold)} alignments\n\nweights  {options.output}")
    return 0
