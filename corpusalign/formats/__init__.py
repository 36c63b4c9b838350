"""Translation units into files and out of them: `read` and `write`, by suffix or by name of the format."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from corpusalign import arguments
from corpusalign.errors import FormatError
from corpusalign.files import check_writable
from corpusalign.formats.opening import check_readable
from corpusalign.formats.report import Repair, Written

if TYPE_CHECKING:
    from datetime import datetime

    from corpusalign.formats.readers import Texts
    from corpusalign.formats.tmx_profiles import Profile
    from corpusalign.formats.tmx_read import Inline
    from corpusalign.formats.tmx_write import Segments
    from corpusalign.types import TranslationUnit

__all__ = ["FORMATS", "Repair", "Written", "check_target", "read", "write"]

Format = Literal[
    "tmx",
    "jsonl",
    "tsv",
    "csv",
    "xlsx",
    "parquet",
    "xliff",
    "xliff2",
    "tbx",
    "tbx2",
    "moses",
    "vecalign",
    "hunalign",
    "hunalign-text",
    "xces",
    "intertext",
    "tei",
    "gold",
    "markdown",
    "html",
]

FORMATS: tuple[Format, ...] = get_args(Format)

_OTHER_SUFFIXES: dict[str, Format] = {
    "xlf": "xliff",
    "ndjson": "jsonl",
    "ladder": "hunalign",
    "json": "gold",
    "md": "markdown",
    "htm": "html",
}
# Several files belong together; of the links among these, some go by line numbers, some by names.
_NUMBERED = frozenset({"vecalign", "hunalign"})
_NAMED = frozenset({"xces", "intertext", "tei"})


@arguments.checked(
    path=arguments.path,
    format=arguments.optional(arguments.text),
    languages=arguments.optional(arguments.languages),
    texts=arguments.optional(arguments.either(arguments.path, arguments.mapping)),
    inline=arguments.choice("text", "codes"),
    on_repair=arguments.optional(arguments.function),
)
def read(
    path: str | os.PathLike[str],
    *,
    format: Format | None = None,
    languages: Sequence[str] | None = None,
    texts: Texts | None = None,
    inline: Inline = "text",
    on_repair: Callable[[Repair], None] | None = None,
) -> Iterator[TranslationUnit]:
    """Yield the translation units of a file, one by one.

    The format is the suffix's (a `.gz` behind it is looked through) unless given; docs/formats.md has all
    formats, what each holds, and which cannot be streamed. `moses` is always given, and `path` then is what
    the names of the parallel files have in common (`corpus` for `corpus.en` and `corpus.fr`).

    `languages` are the first columns of a table that has no head, the parallel files to read, or the two
    languages, source first, of a format that does not tell them. `texts` says where the texts are of a
    format that holds links only: language -> file, source first, or for links by name (XCES, InterText, TEI)
    the folder that the names start from. `inline` ("text" or "codes") says what becomes of the inline
    elements of TMX and XLIFF; `on_repair` is called with a Repair for everything that was mended or passed
    over (the `append` of a list will do).

    Raises FormatError at once for a missing file or an unknown format, and while reading for a file that is
    not in its format, naming the line or the unit.
    """
    chosen = _chosen(format, path)
    if chosen in {"markdown", "html"}:
        raise FormatError(str(path), f"{chosen} is for people, and not read", "give another format")
    if chosen == "moses":
        from corpusalign.formats.readers import read_parallel

        return read_parallel(str(path), languages)
    check_readable(path)
    from corpusalign.formats.readers import read_named, read_numbered, read_one

    if chosen in _NUMBERED:
        return read_numbered(str(path), chosen, texts, on_repair)
    if chosen in _NAMED:
        return read_named(str(path), chosen, texts, languages, on_repair)
    return read_one(str(path), chosen, languages, inline, on_repair)


@arguments.checked(
    units=arguments.units,
    path=arguments.path,
    format=arguments.optional(arguments.text),
    languages=arguments.optional(arguments.languages),
    source=arguments.optional(arguments.text),
    date=arguments.optional(arguments.named("datetime.datetime")),
    profile=arguments.text,
    segments=arguments.choice("sentence", "paragraph"),
)
def write(
    units: Iterable[TranslationUnit],
    path: str | os.PathLike[str],
    *,
    format: Format | None = None,
    languages: Sequence[str] | None = None,
    source: str | None = None,
    date: datetime | None = None,
    profile: Profile = "generic",
    segments: Segments = "sentence",
) -> Written:
    """Write translation units to a file, which appears whole or not at all.

    The format is the suffix's (with `.gz` behind it, compressed) unless given; docs/formats.md has all
    formats, what each holds, and which cannot be streamed. `moses` writes a file a language, `path` with the
    language behind it; of formats that hold links only, the texts are written beside `path`. `languages` are
    the ones to write, the source first: all unless given, in a Bitext's order or that of the units. Of a
    Bitext, formats that can hold them get the omissions too.

    With `segments="paragraph"`, units that have a block of their page in common are joined (see
    `paragraphs.by_paragraph`), which a translation tool that segments by paragraphs needs.

    For TMX alone: `source` is the language that it translates from, if not the first; `date` its creation
    date (SOURCE_DATE_EPOCH or now); `profile` the tool that it is for: "generic", "omegat", "trados",
    "memoq", "weblate" or "wordfast".

    The result says how many units were written and left out, and how many characters that the format cannot
    hold were removed or replaced.

    Raises FormatError for an unknown format, a folder that is missing or may not be written to, and a unit
    that the format cannot hold; whatever stood at `path` is then still there.
    """
    from corpusalign.formats.writers import write_one, write_several

    chosen = _chosen(format, path)
    if segments == "paragraph":
        from corpusalign.formats.paragraphs import paragraphs_of

        units = paragraphs_of(units)
    if chosen == "moses" or chosen in _NUMBERED or chosen in _NAMED:
        return write_several(units, str(path), chosen, languages)
    return write_one(units, str(path), chosen, languages, source, date, profile, segments)


@arguments.checked(path=arguments.path)
def check_target(path: str | os.PathLike[str]) -> None:
    """Raise at once, before long work, the FormatError of a path that `write` cannot write to."""
    _chosen(None, path)
    check_writable(path)


def _chosen(format: str | None, path: str | os.PathLike[str]) -> Format:
    """Return the format that was asked for, or else that of the suffix (the one before `.gz`)."""
    name = Path(path)
    if name.suffix.lower() == ".gz":
        name = name.with_suffix("")
    wanted = format or name.suffix.lower().removeprefix(".")
    wanted = _OTHER_SUFFIXES.get(wanted, wanted)
    for known in FORMATS:
        if wanted == known:
            return known
    fault = f"{wanted!r} is no known format" if wanted else "its name has no suffix that tells the format"
    raise FormatError(str(path), fault, f"use one of: {', '.join(FORMATS)} (as suffix or format=)")
