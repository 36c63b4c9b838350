"""Write TMX 1.4: the Translation Memory eXchange format.

Specification: OSCAR/LISA, "TMX 1.4b Specification", 2005, now held by GALA (Creative Commons Attribution
3.0). The output is also held to what OmegaT's loader asks beyond it: every required header attribute,
`srclang` never `*all*`, language codes with a hyphen, properties before the text, no `tuid`, no byte-order
mark, no DOCTYPE.
"""

from __future__ import annotations

import math
import os
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import BinaryIO, Literal

from corpusalign.errors import FormatError
from corpusalign.formats.choice import first_languages, languages_of
from corpusalign.formats.report import Written
from corpusalign.formats.tmx_dates import CHANGED, as_date, date_of
from corpusalign.formats.tmx_profiles import Demands, Profile, demands_of
from corpusalign.formats.xmltext import attribute, content, legal
from corpusalign.types import Bitext, Origin, TranslationUnit
from corpusalign.version import __version__

Segments = Literal["sentence", "paragraph"]

_BUFFERED = 1 << 16


def write_tmx(
    units: Iterable[TranslationUnit],
    stream: BinaryIO,
    path: str,
    *,
    languages: Sequence[str] | None = None,
    source: str | None = None,
    date: datetime | None = None,
    profile: Profile = "generic",
    segments: Segments = "sentence",
) -> Written:
    """Write units to a binary stream in constant memory; `path` names the file in errors.

    Given `languages`, only these are written. The header's `srclang` is `source`, or else the first of the
    languages, a Bitext's first, or the first unit's first; a unit without that language says its own. `date`
    is the header's creation date: SOURCE_DATE_EPOCH or the present time unless given; with a date, the same
    units give the same bytes. Units with one variant only (omissions) are left out and counted: a memory
    holds translations. `profile` names the tool that the memory is for (see `tmx_profiles`);
    `segments` is what the header says that its units are.

    Raises FormatError for a unit whose codes are no language tags or stand twice, or whose figures are not
    finite.
    """
    signature = units.signature if isinstance(units, Bitext) else None
    if languages is not None or isinstance(units, Bitext):
        found, units = languages_of(units, languages, path)
    else:
        # A memory may hold any languages: there is no need to look through all units for them.
        found, units = first_languages(units)
    if isinstance(units, Bitext):
        units = units.rows
    demands = demands_of(profile, path)
    source = source or next(iter(found), "und")
    source_code = demands.code(source)
    if source_code is None:
        raise FormatError(path, f"{source!r} is no language code", "use one such as en, zh-CN or fr")
    if demands.pairs_only and (languages is None or len(found) != 2):
        raise FormatError(
            path,
            f"{profile} takes memories of two languages",
            "name the two with languages=, the source first",
        )
    wanted = None if languages is None else frozenset(found)
    written = left_out = removed = size = 0
    pending = [_header(source_code, signature, date, segments)]
    for unit in units:
        if wanted is not None:
            unit = _only(unit, wanted)
        if len(unit.variants) < 2 or (
            demands.longest is not None and max(map(len, unit.variants.values())) > demands.longest
        ):
            left_out += 1
            continue
        text, lost = _unit(unit, source, demands, path)
        removed += lost
        written += 1
        size += len(text)
        pending.append(text)
        if size > _BUFFERED:
            stream.write("".join(pending).encode("utf-8"))
            pending.clear()
            size = 0
    pending.append("</body>\n</tmx>\n")
    stream.write("".join(pending).encode("utf-8"))
    return Written(path, written, left_out, removed)


def _only(unit: TranslationUnit, languages: Container[str]) -> TranslationUnit:
    kept = {code: text for code, text in unit.variants.items() if code in languages}
    return unit if len(kept) == len(unit.variants) else replace(unit, variants=kept)


def _header(source_code: str, signature: str | None, date: datetime | None, segments: Segments) -> str:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<tmx version="1.4">',
        f'<header creationtool="corpusalign" creationtoolversion="{attribute(__version__)}"'
        f' segtype="{segments}" o-tmf="corpusalign" adminlang="en"'
        f' srclang="{source_code}" datatype="plaintext" creationdate="{_timestamp(date)}">',
    ]
    if signature is not None:
        lines.append(f'<prop type="x-signature">{content(signature)[0]}</prop>')
    lines.append("</header>\n<body>\n")
    return "\n".join(lines)


def _timestamp(date: datetime | None) -> str:
    if date is None:
        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        try:
            date = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
        except (ValueError, OverflowError, OSError) as error:
            raise FormatError(
                "SOURCE_DATE_EPOCH", f"{epoch!r} is no time", "give whole seconds since 1970, or unset it"
            ) from error
    return as_date(date)


def _unit(unit: TranslationUnit, source: str, demands: Demands, path: str) -> tuple[str, int]:
    """Return a unit as a `tu` element, and how many characters were removed from it."""
    variants = unit.variants
    codes: dict[str, str] = {}
    for language in variants:
        code = demands.code(language)
        if code is None or code in codes.values():
            fault = f"is no language code for {demands.tool}" if code is None else "stands twice in the unit"
            raise FormatError(
                f"{path}: unit {unit.id}", f"{language!r} {fault}", "give each variant its own code"
            )
        codes[language] = code
    changed = date_of(unit.scores[CHANGED]) if CHANGED in unit.scores else None
    dated = "" if changed is None else f' changedate="{changed}"'
    if source in variants:
        parts = [f"<tu{dated}>\n"]
        order = [source, *(language for language in variants if language != source)]
    else:
        order = list(variants)
        parts = [f'<tu srclang="{codes[order[0]]}"{dated}>\n']
    removed = 0
    if unit.note is not None:
        note, removed = content(unit.note)
        parts.append(f"<note>{note}</note>\n")
    identifier, lost = content(unit.id)
    removed += lost
    parts.append(f'<prop type="x-id">{identifier}</prop>\n')
    parts.append(f'<prop type="x-confidence">{_figure(unit.confidence, unit, path)}</prop>\n')
    for name, value in unit.scores.items():
        name, lost = legal(name)
        removed += lost
        parts.append(f'<prop type="x-score-{attribute(name)}">{_figure(value, unit, path)}</prop>\n')
    for language in order:
        parts.append(f'<tuv xml:lang="{codes[language]}">')
        origin = unit.origin.get(language)
        if origin is not None:
            properties, lost = _origin(origin)
            removed += lost
            parts.append(properties)
        text, lost = content(variants[language])
        if lost:
            removed += lost
            parts.append(f'<prop type="x-removed-characters">{lost}</prop>')
        parts.append(f"<seg>{text}</seg></tuv>\n")
    parts.append("</tu>\n")
    return "".join(parts), removed


def _origin(origin: Origin) -> tuple[str, int]:
    text, removed = _page(origin.url, origin.page_sha256)
    for span in origin.spans:
        place, lost = content(span.path)
        removed += lost
        text += f'<prop type="x-position">{span.block}:{span.start}-{span.end} {place}</prop>'
    return text, removed


# The units of a page follow one another.
@lru_cache(maxsize=16)
def _page(url: str, digest: str) -> tuple[str, int]:
    url, removed = content(url)
    digest, lost = content(digest)
    return f'<prop type="x-url">{url}</prop><prop type="x-sha256">{digest}</prop>', removed + lost


def _figure(value: float, unit: TranslationUnit, path: str) -> str:
    """Return the shortest decimal that reads back as the same number."""
    if not math.isfinite(value):
        raise FormatError(f"{path}: unit {unit.id}", f"holds a figure that is {value}", "give finite figures")
    return repr(float(value))
