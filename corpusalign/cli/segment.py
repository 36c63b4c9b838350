"""`corpusalign segment`: the sentences of a text or page."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from corpusalign.cli.fetching import PAGE_HELP, add_fetching, page
from corpusalign.cli.shared import Commands, command

EXAMPLES = """\
examples:
  corpusalign segment chapter.txt --lang zh    one sentence a line
  corpusalign segment page.html --json         the main text of a page, each sentence with its offsets
  echo 'Dr. Li came. She sat.' | corpusalign segment - --lang en
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(commands, "segment", _run, "print the sentences of a text", EXAMPLES)
    parser.add_argument("page", metavar="FILE", help=PAGE_HELP)
    parser.add_argument("--lang", help="the text's language, instead of detecting it")
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object a sentence, with its offsets"
    )
    add_fetching(parser)


def _run(options: argparse.Namespace) -> int:
    from corpusalign.pipeline import segment_page

    for sentence in segment_page(page(options.page, options), lang=options.lang):
        if options.json:
            print(json.dumps(asdict(sentence), ensure_ascii=False))
        else:
            print(" ".join(sentence.text.split("\n")))
    return 0
