"""`corpusalign srx`: a language's segmentation rules for a CAT tool."""

from __future__ import annotations

import argparse

from corpusalign.cli.shared import Commands, command

EXAMPLES = """\
examples:
  corpusalign srx --lang fr >french.srx
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(commands, "srx", _run, "print a language's segmentation rules as SRX 2.0", EXAMPLES)
    parser.add_argument("--lang", required=True, help="the language")


def _run(options: argparse.Namespace) -> int:
    from corpusalign.segment import write_srx

    print(write_srx(options.lang), end="")
    return 0
