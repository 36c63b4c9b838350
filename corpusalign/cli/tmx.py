"""`corpusalign tmx`: lint, merge, dedup, diff, split, stats and convert of memories, in any format."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from corpusalign.cli import stats
from corpusalign.cli.memories import FILE_HELP, languages_for, named, tell
from corpusalign.cli.shared import Commands, command

if TYPE_CHECKING:
    from corpusalign.memories import Memory
    from corpusalign.types import TranslationUnit

EXAMPLES = """\
examples:
  corpusalign tmx lint memory.tmx
  corpusalign tmx merge old.tmx new.tmx -o all.tmx --prefer date
  corpusalign tmx diff old.tmx new.tmx
"""


def add(commands: Commands) -> None:
    """Add the command and its own commands to the parser."""
    parser = commands.add_parser(
        "tmx",
        help="lint, merge, dedup, diff, split, count, convert memories",
        description="Tools for translation memories: TMX, and every other format that can be read.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    tools: Commands = parser.add_subparsers(metavar="TOOL", required=True)
    _add_lint(tools)
    _add_merge(tools)
    _add_dedup(tools)
    _add_diff(tools)
    _add_split(tools)
    stats.arguments(command(tools, "stats", stats.run, "count units, languages and scores", stats.EXAMPLES))
    _add_convert(tools)


def _add_lint(tools: Commands) -> None:
    examples = (
        "Exit code 1 where there is an error.\n\nexamples:\n  corpusalign tmx lint memory.tmx --errors-only\n"
    )
    parser = command(tools, "lint", _lint, "say what is wrong with a memory", examples)
    parser.add_argument("memory", metavar="FILE", help=FILE_HELP)
    parser.add_argument("--errors-only", action="store_true", help="pass over warnings")
    parser.add_argument(
        "--longest", type=int, default=4000, metavar="N", help="characters that are too many (default: 4000)"
    )


def _lint(options: argparse.Namespace) -> int:
    from corpusalign.formats import Repair, read
    from corpusalign.memories import lint

    errors = warnings = 0

    def mended(repair: Repair) -> None:
        nonlocal warnings
        warnings += 1
        if not options.errors_only:
            print(repair)

    for finding in lint(read(options.memory, on_repair=mended), longest=options.longest):
        errors += finding.severity == "error"
        warnings += finding.severity == "warning"
        if finding.severity == "error" or not options.errors_only:
            print(f"{options.memory}: {finding}")
    print(f"{errors} errors, {warnings} warnings")
    return 1 if errors else 0


def _add_merge(tools: Commands) -> None:
    examples = """\
Units that say the same are merged into one; their notes say which memories they come from. Where the same
source text is translated differently, --prefer decides, and --overruled keeps what lost.

examples:
  corpusalign tmx merge a.tmx b.tmx -o all.tmx --overruled lost.tmx
  corpusalign tmx merge a.tmx b.tmx -o all.tmx --prefer all
"""
    parser = command(tools, "merge", _merge, "merge memories into one", examples)
    parser.add_argument("memories", nargs="+", metavar="FILE", help=FILE_HELP)
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="the memory to write")
    parser.add_argument(
        "--prefer",
        choices=["verdict", "confidence", "date", "first", "all"],
        default="verdict",
        help="which translation stays: that which a human approved, or else the most confident (verdict, the "
        "default); the most confident; that changed last, or of the file changed last; that of the file "
        "named first; all",
    )
    parser.add_argument(
        "--source", metavar="LANG", help="the source language (default: the first unit's first)"
    )
    parser.add_argument("--overruled", metavar="FILE", help="where the units that lost a conflict go")


def _merge(options: argparse.Namespace) -> int:
    from corpusalign.formats import read, write
    from corpusalign.memories import Memory, merged, overruled, plan_merge

    files = [Path(name).resolve() for name in options.memories]
    if Path(options.output).resolve() in files:
        options.parser.error("the output must not be one of the memories")
    if options.overruled and Path(options.overruled).resolve() in (*files, Path(options.output).resolve()):
        options.parser.error("--overruled must be a file of its own")
    memories = [
        Memory(name, partial(read, name), Path(name).stat().st_mtime if Path(name).exists() else 0.0)
        for name in options.memories
    ]
    plan = plan_merge(memories, source=options.source or _source(memories), prefer=options.prefer)
    languages = languages_for(options.output, options.memories)
    written = write(merged(memories, plan), options.output, languages=languages)
    print(f"{plan.agreements} repeated, {plan.conflicts} overruled")
    tell(written)
    if options.overruled:
        languages = languages_for(options.overruled, options.memories)
        tell(write(overruled(memories, plan), options.overruled, languages=languages))
    return 0


def _source(memories: list[Memory]) -> str:
    units = chain.from_iterable(memory.open() for memory in memories)
    return next((code for unit in units for code in unit.variants), "")


def _add_dedup(tools: Commands) -> None:
    examples = (
        "examples:\n  corpusalign tmx dedup memory.tmx -o once.tmx --near 0.9 --duplicates again.jsonl\n"
    )
    parser = command(tools, "dedup", _dedup, "keep each unit once", examples)
    parser.add_argument("memory", metavar="FILE", help=FILE_HELP)
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="the memory to write")
    parser.add_argument(
        "--near",
        type=_share,
        metavar="SHARE",
        help="how alike (0 to 1) near-duplicates are; none unless given",
    )
    parser.add_argument("--duplicates", metavar="FILE", help="where the duplicates go")


def _dedup(options: argparse.Namespace) -> int:
    from corpusalign.formats import read, write
    from corpusalign.memories import dedup, duplicates

    others = {Path(name).resolve() for name in (options.memory, options.output)}
    if options.duplicates and Path(options.duplicates).resolve() in others:
        options.parser.error("--duplicates must be a file of its own")
    # The memory itself last: it may be the output too.
    for leaves, output in ((duplicates, options.duplicates), (dedup, options.output)):
        if output:
            units = leaves(read(options.memory), near=options.near)
            tell(write(units, output, languages=languages_for(output, [options.memory])))
    return 0


def _add_diff(tools: Commands) -> None:
    examples = """\
Exit code 1 where there are differences (as diff has it).

examples:
  corpusalign tmx diff old.tmx new.tmx
"""
    parser = command(tools, "diff", _diff, "show what was added, removed and changed", examples)
    parser.add_argument("old", metavar="OLD", help=FILE_HELP)
    parser.add_argument("new", metavar="NEW", help=FILE_HELP)
    parser.add_argument("--summary", action="store_true", help="print the counts only")


def _diff(options: argparse.Namespace) -> int:
    from corpusalign.formats import read
    from corpusalign.memories import diff

    counts = {"added": 0, "removed": 0, "changed": 0}
    for change in diff(partial(read, options.old), partial(read, options.new)):
        counts[change.kind] += 1
        if options.summary:
            continue
        unit = change.new or change.old
        print(f"{change.kind} {unit.id if unit else ''}")
        for mark, one, other in (("-", change.old, change.new), ("+", change.new, change.old)):
            for code, text in one.variants.items() if one else ():
                if other is None or other.variants.get(code) != text:
                    print(f"  {mark} {code}  {' '.join(text.split())}")
    print(", ".join(f"{count} {kind}" for kind, count in counts.items()))
    return 1 if any(counts.values()) else 0


def _add_split(tools: Commands) -> None:
    examples = """\
The parts are named after the memory: memory.part-1.tmx, memory.train.tmx, memory.en-zh.tmx, in its format or
that of --suffix.

examples:
  corpusalign tmx split memory.tmx -o parts/ --every 100000
  corpusalign tmx split memory.tmx -o parts/ --shares train=0.98,dev=0.01,test=0.01 --by page
  corpusalign tmx split memory.tmx -o parts/ --pairs --profile trados
"""
    parser = command(tools, "split", _split, "split a memory into files", examples)
    parser.add_argument("memory", metavar="FILE", help=FILE_HELP)
    parser.add_argument("-o", "--output", required=True, metavar="FOLDER", help="where the parts go")
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument("--every", type=_positive, metavar="N", help="parts of N units")
    how.add_argument("--shares", metavar="NAME=SHARE,...", help="parts by share, the same at every run")
    how.add_argument("--pairs", action="store_true", help="a part for each pair of languages")
    parser.add_argument(
        "--by", choices=["text", "page"], default="text", help="what --shares keeps together (default: text)"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another partition by --shares")
    parser.add_argument("--suffix", metavar="SUFFIX", help="the parts' format, such as .jsonl.gz")
    _add_profile(parser)


def _split(options: argparse.Namespace) -> int:
    from corpusalign.formats import read, write
    from corpusalign.memories import parse_shares, part_of
    from corpusalign.memories import stats as stats_of

    folder = Path(options.output)
    memory = Path(options.memory)
    suffixes = memory.suffixes[-2:] if memory.suffix.lower() == ".gz" else memory.suffixes[-1:]
    suffix = options.suffix or "".join(suffixes)
    stem = memory.name.removesuffix("".join(suffixes))

    languages = languages_for(f"part{suffix}", [memory])

    def put(part: str, units: Iterator[TranslationUnit], pair: tuple[str, ...] | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{stem}.{part}{suffix}"
        tell(write(units, path, languages=pair or languages, profile=options.profile))

    if options.every:
        units = read(memory)
        for number, first in enumerate(units, start=1):
            put(f"part-{number}", chain([first], islice(units, options.every - 1)))
    elif options.shares:
        shares = parse_shares(options.shares)
        for name in shares:
            put(
                name,
                (
                    unit
                    for unit in read(memory)
                    if part_of(unit, shares, by=options.by, seed=options.seed) == name
                ),
            )
    else:
        for pair in stats_of(read(memory)).pairs:
            put("-".join(pair), (unit for unit in read(memory) if set(pair) <= set(unit.variants)), pair)
    return 0


def _add_convert(tools: Commands) -> None:
    from corpusalign.formats import FORMATS

    examples = """\
examples:
  corpusalign tmx convert memory.jsonl memory.tmx --profile omegat
  corpusalign tmx convert memory.tmx en-fr.tsv --languages en,fr
  corpusalign tmx convert links.vecalign gold.json --text en=book.en --text fr=book.fr
  corpusalign tmx convert Books.en-fr.xml.gz books.tmx --from xces --texts Books/raw
"""
    parser = command(tools, "convert", _convert, "write a memory in another format", examples)
    parser.add_argument("memory", metavar="FILE", help=FILE_HELP)
    parser.add_argument("output", metavar="OUTPUT", help="the file to write")
    parser.add_argument(
        "--from", dest="read_as", choices=FORMATS, help="the format to read, if not the suffix's"
    )
    parser.add_argument("--to", choices=FORMATS, help="the format to write, if not the suffix's")
    parser.add_argument("--languages", metavar="LANG,LANG", help="the languages to write, the source first")
    links = parser.add_argument_group(
        "formats that hold links, or do not tell their languages",
        "For Vecalign and hunalign: the two texts, a sentence a line. For XCES, InterText and TEI: the "
        "documents that the links point into.",
    )
    links.add_argument(
        "--text",
        action="append",
        type=_named,
        metavar="LANG=FILE",
        help="a text of the file to read; twice, the source first",
    )
    links.add_argument(
        "--texts", metavar="FOLDER", help="where the names of documents start from, if not beside the file"
    )
    links.add_argument(
        "--read-languages", metavar="LANG,LANG", help="the languages of the file to read, if it does not tell"
    )
    _add_profile(parser)
    parser.add_argument(
        "--paragraphs",
        action="store_true",
        help="join units that have a block of their page in common: a memory for tools that segment so",
    )
    parser.add_argument(
        "--inline", choices=["text", "codes"], default="text", help="what becomes of inline elements"
    )


def _add_profile(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--profile",
        default="generic",
        choices=["generic", "omegat", "trados", "memoq", "weblate", "wordfast"],
        help="the tool that a TMX is for",
    )


def _convert(options: argparse.Namespace) -> int:
    from corpusalign.formats import Repair, read, write

    if options.text and options.texts:
        options.parser.error("give --text or --texts, not both")
    # Of a foreign memory each unit may need one: the first is told, the others are counted.
    first: Repair | None = None
    repairs = 0

    def mended(repair: Repair) -> None:
        nonlocal first, repairs
        first = first or repair
        repairs += 1

    written = write(
        read(
            options.memory,
            format=options.read_as,
            languages=options.read_languages.split(",") if options.read_languages else None,
            texts=dict(options.text) if options.text else options.texts,
            inline=options.inline,
            on_repair=mended,
        ),
        options.output,
        format=options.to,
        languages=named(options.languages) if options.languages else None,
        profile=options.profile,
        segments="paragraph" if options.paragraphs else "sentence",
    )
    if repairs:
        print(f"{repairs} repairs, the first: {first}")
    tell(written)
    return 0


def _share(text: str) -> float:
    share = float(text)
    if not 0 < share <= 1:
        raise argparse.ArgumentTypeError("must lie between 0 and 1")
    return share


def _named(text: str) -> tuple[str, str]:
    lang, _, file = text.partition("=")
    if not lang or not file:
        raise argparse.ArgumentTypeError("must be LANG=FILE, such as en=book.en")
    return lang, file


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number
