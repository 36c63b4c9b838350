"""The command line: every command is one call of the library, its answer printed; a module a command.

Exit codes: 0 done, 1 failed (one line on standard error says what and what to do), 2 wrong usage,
130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from corpusalign.cli import (
    align,
    build,
    evaluate,
    extract,
    filtering,
    learn,
    pair,
    review,
    segment,
    sites,
    srx,
    stats,
    terms,
    tmx,
    tune,
)
from corpusalign.errors import CorpusAlignError
from corpusalign.version import __version__

COMMANDS = (
    align,
    build,
    sites,
    pair,
    learn,
    extract,
    segment,
    srx,
    evaluate,
    filtering,
    review,
    stats,
    tmx,
    terms,
    tune,
)

EXAMPLES = """\
examples:
  corpusalign align en.html zh.html fr.html -o memory.tmx   three versions of a page into one memory
  corpusalign build site/ -o corpus/ --lang en,zh,fr        many pages into one corpus, on all cores
  corpusalign extract page.html --explain                   what is kept, what is dropped, and why
  corpusalign segment chapter.txt --lang zh                 one sentence a line
  corpusalign evaluate gold/                                score the aligner against gold alignments

`corpusalign COMMAND --help` has more of them. Exit codes: 0 done, 1 failed, 2 wrong usage.
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="corpusalign",
        description="Turn web pages in several languages into clean, sentence-aligned translation memories.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"corpusalign {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for module in COMMANDS:
        module.add(commands)
    return parser
