"""`corpusalign review`, `apply` and `update`: a page to mend an alignment on, and what came of it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corpusalign.cli.shared import Commands, command

if TYPE_CHECKING:
    from corpusalign.review.replay import Misfit

REVIEW_EXAMPLES = """\
examples:
  corpusalign review memory.jsonl -o review.html    open it in a browser; it needs no network
  corpusalign review memory.tmx -o review.html --interface zh
  corpusalign review memory.jsonl -o review.xlsx    a spreadsheet with a verdict column instead
"""
APPLY_EXAMPLES = """\
examples:
  corpusalign apply memory.jsonl memory.corpusalign.json -o mended.tmx
  corpusalign apply memory.jsonl review.xlsx -o mended.tmx
"""
UPDATE_EXAMPLES = """\
examples:
  corpusalign update memory.jsonl en.html zh.html --edits memory.corpusalign.json -o new.jsonl
      aligns only what changed; the edits that hold on go to new.corpusalign.json
"""


def add(commands: Commands) -> None:
    """Add the three commands to the parser."""
    review = command(commands, "review", _review, "write a page to mend an alignment on", REVIEW_EXAMPLES)
    review.add_argument("memory", metavar="FILE", help="units in any format that can be read")
    review.add_argument(
        "-o", "--output", required=True, metavar="FILE", help="the page (.html), or a spreadsheet (.xlsx)"
    )
    review.add_argument("--title", help="what stands above")
    review.add_argument("--interface", choices=("en", "fr", "zh"), help="the page's language (the browser's)")
    apply = command(commands, "apply", _apply, "apply a review's edits to its units", APPLY_EXAMPLES)
    apply.add_argument("memory", metavar="FILE", help="the units that were reviewed")
    apply.add_argument("edits", metavar="EDITS", help="what the page saved, or the spreadsheet (.xlsx)")
    apply.add_argument("-o", "--output", required=True, metavar="FILE", help="the mended units")
    update = command(
        commands, "update", _update, "align changed pages anew, keep the review", UPDATE_EXAMPLES
    )
    update.add_argument("memory", metavar="FILE", help="the units that were reviewed (.jsonl)")
    update.add_argument("pages", nargs="+", metavar="PAGE", help="its pages as they are now")
    update.add_argument("--edits", metavar="EDITS", help="what the page saved (.corpusalign.json)")
    update.add_argument("-o", "--output", required=True, metavar="FILE", help="the new units (.jsonl)")


def _review(options: argparse.Namespace) -> int:
    from corpusalign.formats import read
    from corpusalign.review import write_review, write_sheet
    from corpusalign.segment import segment

    if options.output.lower().endswith(".xlsx"):
        write_sheet(read(options.memory), options.output)
        print(f"spreadsheet  {options.output}")
        return 0
    write_review(
        read(options.memory),
        options.output,
        segment=segment,
        title=options.title or Path(options.memory).name,
        interface=options.interface,
    )
    print(f"review page  {options.output}")
    return 0


def _apply(options: argparse.Namespace) -> int:
    from corpusalign.formats import read, write
    from corpusalign.review import apply_edits, read_edits, read_sheet

    misfits: list[Misfit] = []
    if options.edits.lower().endswith(".xlsx"):
        edits = read_sheet(options.edits, read(options.memory))
    else:
        edits = read_edits(options.edits)
    units = apply_edits(read(options.memory), edits, on_misfit=misfits.append)
    write(units, options.output)
    _tell(misfits)
    print(f"units   {len(units)}\nmended  {options.output}")
    return 1 if misfits else 0


def _update(options: argparse.Namespace) -> int:
    from corpusalign.formats import read, write
    from corpusalign.review import read_edits, write_edits
    from corpusalign.update import update

    edits = read_edits(options.edits) if options.edits else ()
    done = update(read(options.memory), options.pages, edits=edits)
    write(done.bitext, options.output)
    carried = Path(options.output).with_suffix(".corpusalign.json")
    if edits:
        write_edits(done.edits, carried)
    print(f"kept       {done.kept}\nrealigned  {done.realigned}\nunits      {options.output}")
    if edits:
        print(f"edits      {carried} ({len(done.edits)} hold, {len(done.lost)} do not)")
    _tell(done.lost)
    for identifier in done.gone:
        print(
            f"corpusalign: unit {identifier} was mended by hand and is no longer on the pages",
            file=sys.stderr,
        )
    return 0


def _tell(misfits: Sequence[Misfit]) -> None:
    for misfit in misfits:
        print(f"corpusalign: an edit does not apply: {misfit}", file=sys.stderr)
