"""Which writer writes a format: to one file, or to several that belong together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from corpusalign.formats.opening import target

if TYPE_CHECKING:
    from datetime import datetime

    from corpusalign.formats import Format
    from corpusalign.formats.report import Written
    from corpusalign.formats.tmx_profiles import Profile
    from corpusalign.formats.tmx_write import Segments
    from corpusalign.types import TranslationUnit


def write_one(
    units: Iterable[TranslationUnit],
    path: str,
    format: Format,
    languages: Sequence[str] | None,
    source: str | None,
    date: datetime | None,
    profile: Profile,
    segments: Segments,
) -> Written:
    """Write a format that is one file."""
    with target(path) as stream:
        if format == "tmx":
            from corpusalign.formats.tmx_write import write_tmx

            return write_tmx(
                units,
                stream,
                path,
                languages=languages,
                source=source,
                date=date,
                profile=profile,
                segments=segments,
            )
        if format == "jsonl":
            from corpusalign.formats.jsonl import write_jsonl

            return write_jsonl(units, stream, path)
        return _written(units, stream, path, format, languages)


def _written(
    units: Iterable[TranslationUnit],
    stream: BinaryIO,
    path: str,
    format: Format,
    languages: Sequence[str] | None,
) -> Written:
    match format:
        case "tsv":
            from corpusalign.formats.tsv import write_tsv as write
        case "csv":
            from corpusalign.formats.csv_table import write_csv as write
        case "xlsx":
            from corpusalign.formats.xlsx import write_xlsx as write
        case "parquet":
            from corpusalign.formats.parquet import write_parquet as write
        case "xliff":
            from corpusalign.formats.xliff import write_xliff as write
        case "xliff2":
            from corpusalign.formats.xliff2 import write_xliff2 as write
        case "hunalign-text":
            from corpusalign.formats.hunalign import write_hunalign_text as write
        case "gold":
            from corpusalign.formats.gold import write_gold as write
        case "markdown":
            from corpusalign.formats.side_by_side import write_markdown as write
        case "html":
            from corpusalign.formats.side_by_side import write_html as write
        case _:
            from corpusalign.formats.tbx import V2, V3, write_tbx

            version = V2 if format == "tbx2" else V3
            return write_tbx(units, stream, path, languages=languages, version=version)
    return write(units, stream, path, languages=languages)


def write_several(
    units: Iterable[TranslationUnit], path: str, format: Format, languages: Sequence[str] | None
) -> Written:
    """Write a format that is several files; `path` names the one that says what belongs together.

    The texts are beside it: PATH.LANGUAGE for Moses; elsewhere STEM.src.LANGUAGE and STEM.tgt.LANGUAGE, or as
    documents STEM.LANGUAGE.xml.
    """
    from corpusalign.formats.choice import languages_of, pair_of

    stem, packed = stem_of(path, format)
    with ExitStack() as files:

        def opened(name: str) -> BinaryIO:
            return files.enter_context(target(name))

        if format == "moses":
            from corpusalign.formats.moses import write_moses

            found, units = languages_of(units, languages, path)
            return write_moses(units, {code: opened(f"{path}.{code}") for code in found}, path)
        if format == "tei":
            from corpusalign.formats.tei_links import write_tei

            found, units = languages_of(units, languages, path)
            names = {code: f"{stem}.{code}.xml{packed}" for code in found}
            documents = {code: (Path(name).name, opened(name)) for code, name in names.items()}
            return write_tei(units, opened(path), documents, path)
        pair, units = pair_of(units, languages, path)
        if format in {"xces", "intertext"}:
            from corpusalign.formats.cesalign import Kind, write_links

            ours, theirs = (f"{stem}.{code}.xml{packed}" for code in pair)
            streams = [opened(ours), opened(theirs)]
            short = (Path(ours).name, Path(theirs).name)
            kind: Kind = "xces" if format == "xces" else "intertext"
            return write_links(units, opened(path), streams, short, pair, path, kind=kind)
        texts = [
            opened(f"{stem}.{side}.{code}{packed}") for side, code in zip(("src", "tgt"), pair, strict=True)
        ]
        if format == "vecalign":
            from corpusalign.formats.vecalign import write_vecalign

            return write_vecalign(units, opened(path), texts, pair, path)
        from corpusalign.formats.hunalign import write_ladder

        return write_ladder(units, opened(path), texts, pair, path)


def stem_of(path: str, format: Format) -> tuple[str, str]:
    """Return a path without the suffixes that say what it is, and the `.gz` of it, if it has one."""
    suffixes = {format, "ladder"} if format == "hunalign" else {format}
    packed = Path(path).suffix if Path(path).suffix.lower() == ".gz" else ""
    stem = path.removesuffix(packed)
    if Path(stem).suffix.lower().removeprefix(".") in suffixes:
        stem = stem.removesuffix(Path(stem).suffix)
    return stem, packed
