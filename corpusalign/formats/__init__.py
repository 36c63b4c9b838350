"""Translation units into files and out of them: `read` and `write`, by suffix or by name of the format."""

from __future__ import annotations

import gzip
import os
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, cast

from corpusalign.errors import FormatError
from corpusalign.files import atomic_binary
from corpusalign.formats.report import Repair, Written

if TYPE_CHECKING:
    from datetime import datetime

    from corpusalign.formats.tmx_read import Inline
    from corpusalign.types import TranslationUnit

__all__ = ["FORMATS", "Repair", "Written", "read", "write"]

Format = Literal["tmx", "jsonl"]

FORMATS: tuple[Format, ...] = ("tmx", "jsonl")


def read(
    path: str | os.PathLike[str],
    *,
    format: Format | None = None,
    inline: Inline = "text",
    on_repair: Callable[[Repair], None] | None = None,
) -> Iterator[TranslationUnit]:
    """Yield the translation units of a file, one by one; the file is never in memory whole.

    The format is the suffix's (`.tmx`, `.jsonl`; a `.gz` behind it is looked through) unless given. `inline`
    ("text" or "codes") says what becomes of the inline elements of TMX; `on_repair` is called with a Repair
    for everything that was mended or passed over (the `append` of a list will do).

    Raises FormatError at once for a missing file or an unknown format, and while reading for a file that is
    not in its format, naming the line.
    """
    chosen = _chosen(format, path)
    try:
        mode = Path(path).stat().st_mode
    except OSError as error:
        raise FormatError(str(path), f"cannot be read: {error.strerror}", "check the name") from error
    if stat.S_ISDIR(mode):
        raise FormatError(str(path), "is a folder", "name a file")
    return _units(path, chosen, inline, on_repair)


def write(
    units: Iterable[TranslationUnit],
    path: str | os.PathLike[str],
    *,
    format: Format | None = None,
    languages: Sequence[str] | None = None,
    date: datetime | None = None,
) -> Written:
    """Write translation units to a file in constant memory; the file appears whole or not at all.

    The format is the suffix's (`.tmx`, `.jsonl`; with `.gz` behind it, compressed) unless given. TMX takes
    `source`, the language that the memory translates from (a Bitext's first, or else the first unit's first),
    and `date`, its creation date (SOURCE_DATE_EPOCH or now); units with one variant only do not stand in TMX.
    JSON Lines holds all rows of a Bitext. The result says how many units were written and left out, and how
    many characters that the format cannot hold were removed.

    Raises FormatError for an unknown format, a folder that is missing or may not be written to, and a unit
    that the format cannot hold; whatever stood at `path` is then still there.
    """
    chosen = _chosen(format, path)
    with _target(path) as stream:
        if chosen == "tmx":
            from corpusalign.formats.tmx_write import write_tmx

            return write_tmx(units, stream, str(path), languages=languages, date=date)
        from corpusalign.formats.jsonl import write_jsonl

        return write_jsonl(units, stream, str(path))


def _units(
    path: str | os.PathLike[str],
    format: Format,
    inline: Inline,
    on_repair: Callable[[Repair], None] | None,
) -> Iterator[TranslationUnit]:
    with _source(path) as stream:
        if format == "tmx":
            from corpusalign.formats.tmx_read import read_tmx

            yield from read_tmx(stream, str(path), inline=inline, on_repair=on_repair)
        else:
            from corpusalign.formats.jsonl import read_jsonl

            yield from read_jsonl(stream, str(path))


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
    for known in FORMATS:
        if wanted == known:
            return known
    fault = f"{wanted!r} is no known format" if wanted else "its name has no suffix that tells the format"
    raise FormatError(str(path), fault, f"use one of: {', '.join(FORMATS)} (as suffix or format=)")
