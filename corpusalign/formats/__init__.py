"""Translation units into files and out of them: `read` and `write`, by suffix or by name of the format."""

from __future__ import annotations

import glob
import gzip
import os
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, cast

from corpusalign.errors import FormatError
from corpusalign.files import atomic_binary
from corpusalign.formats.report import Repair, Written

if TYPE_CHECKING:
    from datetime import datetime

    from corpusalign.formats.tmx_profiles import Profile
    from corpusalign.formats.tmx_read import Inline
    from corpusalign.types import TranslationUnit

__all__ = ["FORMATS", "Repair", "Written", "read", "write"]

Format = Literal["tmx", "jsonl", "tsv", "csv", "xliff", "moses"]

FORMATS: tuple[Format, ...] = ("tmx", "jsonl", "tsv", "csv", "xliff", "moses")

_OTHER_SUFFIXES: dict[str, Format] = {"xlf": "xliff", "ndjson": "jsonl"}


def read(
    path: str | os.PathLike[str],
    *,
    format: Format | None = None,
    languages: Sequence[str] | None = None,
    inline: Inline = "text",
    on_repair: Callable[[Repair], None] | None = None,
) -> Iterator[TranslationUnit]:
    """Yield the translation units of a file, one by one; the file is never in memory whole.

    The format is the suffix's (`.tmx`, `.jsonl`, `.tsv`, `.csv`, `.xlf`; a `.gz` behind it is looked through)
    unless given; `moses` is always given, and `path` then is what the names of the parallel files have in
    common (`corpus` for `corpus.en` and `corpus.fr`). `languages` are the first columns of a table that has
    no head, or the parallel files to read. `inline` ("text" or "codes") says what becomes of the inline
    elements of TMX and XLIFF; `on_repair` is called with a Repair for everything that was mended or passed
    over (the `append` of a list will do).

    Raises FormatError at once for a missing file or an unknown format, and while reading for a file that is
    not in its format, naming the line.
    """
    chosen = _chosen(format, path)
    if chosen == "moses":
        return _parallel(str(path), languages)
    try:
        mode = Path(path).stat().st_mode
    except OSError as error:
        raise FormatError(str(path), f"cannot be read: {error.strerror}", "check the name") from error
    if stat.S_ISDIR(mode):
        raise FormatError(str(path), "is a folder", "name a file")
    return _units(path, chosen, languages, inline, on_repair)


def write(
    units: Iterable[TranslationUnit],
    path: str | os.PathLike[str],
    *,
    format: Format | None = None,
    languages: Sequence[str] | None = None,
    source: str | None = None,
    date: datetime | None = None,
    profile: Profile = "generic",
) -> Written:
    """Write translation units to a file in constant memory; the file appears whole or not at all.

    The format is the suffix's (`.tmx`, `.jsonl`, `.tsv`, `.csv`, `.xlf`; with `.gz` behind it, compressed)
    unless given; `moses` writes a file a language, `path` with the language behind it. `languages` are the
    ones to write, the source first: all unless given, in a Bitext's order or that of the units (of an
    iterator, the first unit's). XLIFF holds two. JSON Lines holds all, and of a Bitext all rows.

    For TMX alone: `source` is the language that it translates from, if not the first; `date` its creation
    date (SOURCE_DATE_EPOCH or now); `profile` the tool that it is for: "generic", "omegat", "trados",
    "memoq", "weblate" or "wordfast".

    The result says how many units were written and left out, and how many characters that the format cannot
    hold were removed or replaced.

    Raises FormatError for an unknown format, a folder that is missing or may not be written to, and a unit
    that the format cannot hold; whatever stood at `path` is then still there.
    """
    chosen = _chosen(format, path)
    if chosen == "moses":
        from corpusalign.formats.choice import languages_of
        from corpusalign.formats.moses import write_moses

        found, units = languages_of(units, languages, str(path))
        with ExitStack() as files:
            streams = {code: files.enter_context(atomic_binary(f"{path}.{code}")) for code in found}
            return write_moses(units, streams, str(path))
    with _target(path) as stream:
        if chosen == "tmx":
            from corpusalign.formats.tmx_write import write_tmx

            return write_tmx(
                units, stream, str(path), languages=languages, source=source, date=date, profile=profile
            )
        return _written(units, stream, str(path), chosen, languages)


def _written(
    units: Iterable[TranslationUnit],
    stream: BinaryIO,
    path: str,
    format: Format,
    languages: Sequence[str] | None,
) -> Written:
    if format == "tsv":
        from corpusalign.formats.tsv import write_tsv

        return write_tsv(units, stream, path, languages=languages)
    if format == "csv":
        from corpusalign.formats.csv_table import write_csv

        return write_csv(units, stream, path, languages=languages)
    if format == "xliff":
        from corpusalign.formats.xliff import write_xliff

        return write_xliff(units, stream, path, languages=languages)
    from corpusalign.formats.jsonl import write_jsonl

    return write_jsonl(units, stream, path)


def _units(
    path: str | os.PathLike[str],
    format: Format,
    languages: Sequence[str] | None,
    inline: Inline,
    on_repair: Callable[[Repair], None] | None,
) -> Iterator[TranslationUnit]:
    with _source(path) as stream:
        if format == "tmx":
            from corpusalign.formats.tmx_read import read_tmx

            yield from read_tmx(stream, str(path), inline=inline, on_repair=on_repair)
        elif format == "tsv":
            from corpusalign.formats.tsv import read_tsv

            yield from read_tsv(stream, str(path), languages=languages, on_repair=on_repair)
        elif format == "csv":
            from corpusalign.formats.csv_table import read_csv

            yield from read_csv(stream, str(path), languages=languages, on_repair=on_repair)
        elif format == "xliff":
            from corpusalign.formats.xliff import read_xliff

            yield from read_xliff(stream, str(path), inline=inline, on_repair=on_repair)
        else:
            from corpusalign.formats.jsonl import read_jsonl

            yield from read_jsonl(stream, str(path))


def _parallel(path: str, languages: Sequence[str] | None) -> Iterator[TranslationUnit]:
    from corpusalign.formats.codes import inward
    from corpusalign.formats.moses import read_moses
    from corpusalign.languages import known

    stem = Path(path)
    if languages is None:
        beside = sorted(stem.parent.glob(f"{glob.escape(stem.name)}.*"))
        # Only suffixes that are surely languages: "md", "gz" and "tmx" could be.
        suffixes = [file.suffix[1:] for file in beside if file.suffix == file.name[len(stem.name) :]]
        suffixes = [suffix for suffix in suffixes if inward(suffix.partition("-")[0]) in known()]
    else:
        suffixes = list(languages)
    codes = {code: suffix for suffix in suffixes if (code := inward(suffix)) is not None}
    if len(codes) < 2:
        raise FormatError(
            path,
            "there are fewer than two files of this name with a known language behind it",
            f"check for files such as {stem.name}.en and {stem.name}.fr, or name theirs with languages=",
        )

    def units() -> Iterator[TranslationUnit]:
        with ExitStack() as files:
            streams = {
                code: files.enter_context(_source(f"{path}.{suffix}")) for code, suffix in codes.items()
            }
            yield from read_moses(streams, path)

    return units()


@contextmanager
def _source(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    try:
        with Path(path).open("rb") as raw:
            # By its first bytes, not its name: downloaded memories often lose their suffix.
            if raw.peek(2)[:2] == b"\x1f\x8b":
                with gzip.GzipFile(fileobj=raw) as expanded:
                    yield cast(BinaryIO, expanded)
            else:
                yield raw
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FormatError(str(path), f"its compressed data is broken: {error}", "fetch it again") from error
    except OSError as error:
        raise FormatError(
            str(path), f"cannot be read: {error.strerror or error}", "check the file"
        ) from error


@contextmanager
def _target(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    with atomic_binary(path) as stream:
        if Path(path).suffix.lower() != ".gz":
            yield stream
            return
        # Without name and time the same units give the same bytes.
        with gzip.GzipFile(filename="", mode="wb", fileobj=stream, compresslevel=6, mtime=0) as compressed:
            yield cast(BinaryIO, compressed)


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
