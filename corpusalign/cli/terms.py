"""`corpusalign terms`: pairs of terms that a memory uses again and again."""

from __future__ import annotations

import argparse
from functools import partial

from corpusalign.cli.memories import FILE_HELP, languages_for, named, tell
from corpusalign.cli.shared import Commands, command

EXAMPLES = """\
examples:
  corpusalign terms memory.tmx -o terms.tsv --languages en,zh
  corpusalign terms memory.tmx -o terms.tmx --least 5
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(commands, "terms", _run, "list the pairs of terms that a memory repeats", EXAMPLES)
    parser.add_argument("memory", metavar="FILE", help=FILE_HELP)
    parser.add_argument(
        "-o", "--output", required=True, metavar="FILE", help="a table (.tsv), or any format of memories"
    )
    parser.add_argument(
        "--languages", metavar="LANG,LANG", help="source and target (default: the memory's first two)"
    )
    parser.add_argument(
        "--least", type=int, default=3, metavar="N", help="units that must have both terms (default: 3)"
    )
    parser.add_argument(
        "--least-dice",
        type=float,
        default=0.5,
        metavar="SHARE",
        help="how exclusively they must go together, 0 to 1 (default: 0.5)",
    )


def _run(options: argparse.Namespace) -> int:
    from corpusalign.formats import read, write
    from corpusalign.terms import as_units, terms, write_terms

    asked = named(options.languages) if options.languages else []
    languages = asked or languages_for("", [options.memory]) or []
    if len(languages) < 2 or len(asked) > 2:
        options.parser.error("two languages are needed, as in --languages en,zh")
    pair = (languages[0], languages[1])
    found = terms(partial(read, options.memory), pair, least=options.least, least_dice=options.least_dice)
    if options.output.lower().endswith(".tsv"):
        print(f"{write_terms(found, options.output, pair)} pairs of terms  {options.output}")
    else:
        tell(write(as_units(found, pair), options.output, languages=list(pair)))
    return 0
