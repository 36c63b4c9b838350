"""Which reader reads a format: from one file, or from several that belong together."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeAlias

from corpusalign.errors import FormatError
from corpusalign.formats.opening import check_readable, source
from corpusalign.formats.writers import stem_of

if TYPE_CHECKING:
    from corpusalign.formats import Format
    from corpusalign.formats.linked import Text
    from corpusalign.formats.report import Repair
    from corpusalign.formats.tmx_read import Inline
    from corpusalign.types import TranslationUnit

Texts: TypeAlias = "Mapping[str, str | os.PathLike[str]] | str | os.PathLike[str]"


def read_one(
    path: str,
    format: Format,
    languages: Sequence[str] | None,
    inline: Inline,
    on_repair: Callable[[Repair], None] | None,
) -> Iterator[TranslationUnit]:
    """Yield the units of a format that is one file."""
    with source(path) as stream:
        match format:
            case "tmx":
                from corpusalign.formats.tmx_read import read_tmx

                yield from read_tmx(stream, path, inline=inline, on_repair=on_repair)
            case "xliff" | "xliff2":
                from corpusalign.formats.xliff import read_xliff

                yield from read_xliff(stream, path, inline=inline, on_repair=on_repair)
            case "tbx" | "tbx2":
                from corpusalign.formats.tbx import read_tbx

                yield from read_tbx(stream, path, on_repair=on_repair)
            case "gold":
                from corpusalign.formats.gold import read_gold

                yield from read_gold(stream, path)
            case "jsonl":
                from corpusalign.formats.jsonl import read_jsonl

                yield from read_jsonl(stream, path)
            case _:
                match format:
                    case "tsv":
                        from corpusalign.formats.tsv import read_tsv as read
                    case "csv":
                        from corpusalign.formats.csv_table import read_csv as read
                    case "xlsx":
                        from corpusalign.formats.xlsx import read_xlsx as read
                    case "parquet":
                        from corpusalign.formats.parquet import read_parquet as read
                    case _:
                        from corpusalign.formats.hunalign import read_hunalign_text as read
                yield from read(stream, path, languages=languages, on_repair=on_repair)


def read_parallel(path: str, languages: Sequence[str] | None) -> Iterator[TranslationUnit]:
    """Yield the units of Moses text; which files there are is looked up at once."""
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
    codes: dict[str, str] = {}
    for suffix in suffixes:
        code = inward(suffix)
        if code is not None and codes.setdefault(code, suffix) != suffix:
            raise FormatError(
                path,
                f"both {stem.name}.{codes[code]} and {stem.name}.{suffix} are {code}",
                "say which to read with languages=, or take one away",
            )
    if len(codes) < 2:
        raise FormatError(
            path,
            "there are fewer than two files of this name with a known language behind it",
            f"check for files such as {stem.name}.en and {stem.name}.fr, or name theirs with languages=",
        )

    def units() -> Iterator[TranslationUnit]:
        with ExitStack() as files:
            streams = {
                code: files.enter_context(source(f"{path}.{suffix}")) for code, suffix in codes.items()
            }
            yield from read_moses(streams, path)

    return units()


def read_numbered(
    path: str,
    format: Format,
    texts: Texts | None,
    on_repair: Callable[[Repair], None] | None,
) -> Iterator[TranslationUnit]:
    """Yield the units of links by line numbers (Vecalign, hunalign), whose texts are sentence files.

    `texts` maps the two languages, the source first, to their files; unless given, these are the ones beside
    that writing gave: STEM.src.LANGUAGE and STEM.tgt.LANGUAGE.
    """
    from corpusalign.formats.codes import asked
    from corpusalign.formats.sentences import read_sentences

    files = dict(texts) if isinstance(texts, Mapping) else _beside(path, format)
    if len(files) != 2:
        raise FormatError(path, f"is about two texts, not {len(files)}", "give two, the source first")
    for name in files.values():
        check_readable(name)
    found = []
    for code, name in files.items():
        with source(name) as stream:
            found.append(read_sentences(stream, str(name), asked(code, path)))
    ours, theirs = found
    with source(path) as stream:
        if format == "vecalign":
            from corpusalign.formats.vecalign import read_vecalign

            yield from read_vecalign(stream, (ours, theirs), path, on_repair=on_repair)
        else:
            from corpusalign.formats.hunalign import read_ladder

            yield from read_ladder(stream, (ours, theirs), path)


def read_named(
    path: str,
    format: Format,
    texts: Texts | None,
    languages: Sequence[str] | None,
    on_repair: Callable[[Repair], None] | None,
) -> Iterator[TranslationUnit]:
    """Yield the units of links by names (XCES, InterText, TEI), whose texts are sentence documents.

    The documents are those that the link file names, looked for from its own folder or from that which
    `texts` is; or `texts` maps the two languages, that of `fromDoc` first, to the documents. `languages` are
    those of the documents, in the same order, where these do not tell.
    """
    from corpusalign.formats.codes import asked

    kept: dict[tuple[str, int], Text] = {}
    folder = Path(path).parent if texts is None or isinstance(texts, Mapping) else Path(texts)
    given = list(texts.items()) if isinstance(texts, Mapping) else []

    def opened(name: str, side: int, line: int | None) -> Text:
        if (name, side) not in kept:
            # The next group of a corpus has documents of its own; these are not needed any more.
            for key in [key for key in kept if key[1] == side]:
                del kept[key]
            lang = languages[side] if languages is not None and side < len(languages) else None
            where: str | os.PathLike[str]
            if side < len(given):
                lang, where = given[side]
            else:
                where = _document(name, folder, f"{path}: line {line}")
            kept[name, side] = _read_document(where, None if lang is None else asked(lang, path))
        return kept[name, side]

    with source(path) as stream:
        if format == "tei":
            from corpusalign.formats.tei_links import read_tei

            order: dict[str, int] = {}
            yield from read_tei(
                stream,
                path,
                lambda name, line: opened(name, order.setdefault(name, len(order)), line),
                on_repair=on_repair,
            )
        else:
            from corpusalign.formats.cesalign import read_links

            yield from read_links(stream, path, opened, on_repair=on_repair)


def _read_document(path: str | os.PathLike[str], lang: str | None) -> Text:
    from corpusalign.formats.sentence_xml import read_document

    with source(path) as stream:
        return read_document(stream, str(path), lang)


def _document(name: str, folder: Path, where: str) -> Path:
    """Return the file that a link file calls `name`, compressed or not. It may not lead out of the folder."""
    relative = PurePosixPath(name)
    if relative.is_absolute() or ".." in relative.parts:
        raise FormatError(
            where, f"names the document {name!r}, outside the folder", "give the texts with texts="
        )
    places = [folder / relative, folder / name.removesuffix(".gz"), folder / f"{name}.gz"]
    for place in places:
        if place.is_file():
            return place
    raise FormatError(
        where, f"there is no document {places[0]}", "give the folder that the names start from with texts="
    )


def _beside(path: str, format: Format) -> dict[str, Path]:
    from corpusalign.formats.codes import inward

    stem = Path(stem_of(path, format)[0])
    files: dict[str, Path] = {}
    for side in ("src", "tgt"):
        found = sorted(stem.parent.glob(f"{glob.escape(stem.name)}.{side}.*"))
        code = inward(found[0].name.removesuffix(".gz").rpartition(".")[2]) if len(found) == 1 else None
        if code is None:
            raise FormatError(
                path,
                f"there is no one text {stem.name}.{side}.LANGUAGE beside it",
                "give the two texts, the source first: texts={'en': 'a.txt', 'fr': 'b.txt'},"
                " or --text en=a.txt --text fr=b.txt",
            )
        files[code] = found[0]
    return files
