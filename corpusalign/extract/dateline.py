"""Datelines: the line under a title that names date, source and author, and is metadata rather than text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from corpusalign.extract.dates import find_date
from corpusalign.languages import entries, known

_LONGEST = 200
_LONGEST_LOOSE = 25
_CLOCK = re.compile(
    r"\(?(?<!\d)\d{1,2}\s?[:：h时時]\s?\d{2}(?:\s?[:：分]\s?\d{2})?\s?(?:秒|[ap]\.?m\.?)?(?:\s?\(?[A-Z]{3,4}\)?)?\)?",
    re.I,
)
_SEPARATOR = re.compile(r"\s*[|｜│¦•·●]\s*|\s*[\xa0\u3000]{2,}\s*|\s{3,}|\s+[/／–—-]\s+|\n|\t")
# "By Jane Doe and John de Vries": words that begin with a capital, and the small ones between them.
_NAMES = re.compile(
    r"(?:[A-ZÀ-ÞŒ][\w.’'-]*,?)(?:\s+(?:[A-ZÀ-ÞŒ][\w.’'-]*,?|and|et|und|de|von|van|du|la|le|&)){1,8}"
)
_EDGES = " \t\xa0\u3000:：,，;；|｜/[]【】()（）-–—·•."


@dataclass(frozen=True, slots=True)
class Dateline:
    """What a dateline says; what it does not say is None."""

    date: str | None
    source: str | None
    author: str | None


@cache
def _labels() -> re.Pattern[str]:
    branches = []
    for field in ("date", "source", "author", "other"):
        words = {
            entry.partition(":")[2].strip()
            for code in known()
            for entry in entries(code, "dateline")
            if entry.startswith(f"{field}:")
        }
        choices = "|".join(sorted(words, key=len, reverse=True)) or "(?!)"
        branches.append(f"(?P<{field}>{choices})")
    # A label is followed by a colon, or by nothing but its value; a letter before it would make it part of a
    # word.
    return re.compile(
        rf"(?<![^\W\d_\u2e80-\u9fff])(?:{'|'.join(branches)})(?![a-zà-ÿ])\s*[\xa0\u202f]?[:：]?",
        re.IGNORECASE,
    )


def read_dateline(text: str, lang: str | None = None) -> Dateline | None:
    """Return what a line says about date, source and author, or None if the line is no dateline.

    A dateline is short, holds a date or a labelled source or author, and besides them hardly anything. A date
    with a place ("Beijing, 10 November 2020") has neither label nor separator: it is part of the text.
    """
    line = text.strip()
    if not line or len(line) > _LONGEST:
        return None
    found = find_date(line, lang)
    if found is None and _labels().search(line) is None:
        return None
    rest = line if found is None else f"{line[: found.start]} | {line[found.stop :]}"
    rest, clocks = _CLOCK.subn(" | ", rest) if found is not None else (rest, 0)
    fields: dict[str, str] = {}
    loose: list[str] = []
    labels = colons = 0
    for piece in _SEPARATOR.split(rest):
        cuts = list(_labels().finditer(piece))
        before = piece[: cuts[0].start()] if cuts else piece
        if before.strip(_EDGES):
            loose.append(before.strip(_EDGES))
        stops = [*(cut.start() for cut in cuts[1:]), len(piece)]
        for cut, stop in zip(cuts, stops, strict=False):
            labels += 1
            colons += cut.group()[-1] in ":："
            value = piece[cut.end() : stop].strip(_EDGES)
            name = cut.lastgroup or "other"
            if value and name not in fields:
                fields[name] = value
    separated = _SEPARATOR.search(line) is not None
    spare = sum(map(len, loose))
    if not (separated or colons or clocks) and spare > _LONGEST_LOOSE:
        # "The report was published on 3 May 2020, and nobody read it": a label's words, and no label.
        return None
    if found is None:
        if not labels or loose or not (fields.keys() & {"source", "author"}):
            return None
        if not colons and not _NAMES.fullmatch(fields.get("author", "")):
            return None
    elif not (labels or separated or clocks or (found.numeric and not loose)) or spare > 60:
        return None
    if any(len(value) > 80 for value in fields.values()):
        return None
    source = fields.get("source")
    if source is None and (separated or clocks) and loose and found is not None and "author" not in fields:
        source = loose[0]
    return Dateline(found.iso if found else None, source, fields.get("author"))
