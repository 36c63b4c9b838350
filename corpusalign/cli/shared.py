"""What several commands share: the progress bar, tables, a doubt about a language."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from corpusalign.types import Document

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def command(
    commands: Commands,
    name: str,
    run: Callable[[argparse.Namespace], int],
    summary: str,
    examples: str,
) -> argparse.ArgumentParser:
    """Add a command to the parser: its one-line summary is its description, its examples stand below."""
    parser = commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--debug", action="store_true", help="show the traceback of an internal error")
    parser.set_defaults(run=run, parser=parser)
    return parser


def language_dispute(document: Document) -> str | None:
    """Say what markup and text have against each other about a document's language, None if nothing."""
    found = document.language
    if found is None or found.agree:
        return None
    markup = f"the markup says {found.markup}, " if found.markup else ""
    return f"{markup}the text looks like {found.text}, {found.probability:.0%} sure"


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar on standard error while a terminal is looking, nothing otherwise."""
    from tqdm import tqdm

    with tqdm(
        disable=quiet or None, leave=False, file=sys.stderr, bar_format="{desc:<32} {bar} {n}/{total}"
    ) as bar:

        def show(doing: str, done: int, steps: int) -> None:
            bar.total = steps
            bar.n = done
            bar.set_description_str(doing)

        yield show


def tell(faults: Iterable[tuple[str, str]]) -> None:
    """Print what did not go well and yet is no failure, a line each, on standard error."""
    for where, fault in faults:
        print(f"corpusalign: warning: {where}: {fault}", file=sys.stderr)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Lay rows out in columns: the first flush left, figures flush right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in rows
    )


def size(text: str) -> int:
    """Read a number of bytes such as 800M or 2G, for an option's `type`."""
    units = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
    number, unit = (text[:-1], text[-1].upper()) if text[-1:].upper() in units else (text, "")
    try:
        found = int(float(number) * units.get(unit, 1))
    except (ValueError, OverflowError):
        found = 0
    if found <= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 800M or 2G")
    return found


def fraction(text: str) -> float:
    """Read a number from 0 to 1, for an option's `type`."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to 1")
    return number


def seconds(text: str) -> float:
    """Read a number of seconds from 0 on, for an option's `type`."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")
    return number
