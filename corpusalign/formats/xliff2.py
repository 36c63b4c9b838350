"""XLIFF 2.1, the XML Localisation Interchange File Format (OASIS, 2018): a source and a target language.

What XLIFF has no place for stands in the metadata module: confidence and scores.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import BinaryIO, Literal

from lxml import etree

from corpusalign.errors import FormatError
from corpusalign.formats.choice import pair_of
from corpusalign.formats.codes import inward, outward
from corpusalign.formats.naming import name_of
from corpusalign.formats.report import Written
from corpusalign.formats.xmlstream import LocalNames
from corpusalign.formats.xmltext import attribute, content, legal
from corpusalign.types import TranslationUnit

_NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
_METADATA = "urn:oasis:names:tc:xliff:metadata:2.0"
_CATEGORY = "corpusalign"
_CONFIDENCE, _SCORE = "confidence", "score-"
_APPROVED = "approved"
# Section 4.7.2.8: `cp` stands for a character that XML cannot hold. A lone surrogate is no character.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_xliff2(
    units: Iterable[TranslationUnit], stream: BinaryIO, path: str, *, languages: Sequence[str] | None = None
) -> Written:
    """Write the units that have both languages, a `file` a page, in constant memory.

    Control characters are written as XLIFF has it (`cp`); in names and notes, where that may not stand, they
    are removed and counted, as lone surrogates are anywhere. Raises FormatError where there are more or fewer
    than two languages and `languages` does not name two, and for figures that are not finite.
    """
    (source, target), units = pair_of(units, languages, path)
    codes = (outward(source) or source, outward(target) or target)
    stream.write(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<xliff xmlns="{_NAMESPACE}" xmlns:mda="{_METADATA}" version="2.1"'
        f' srcLang="{codes[0]}" trgLang="{codes[1]}">\n'.encode()
    )
    written = left_out = removed = files = 0

    def original(unit: TranslationUnit) -> str:
        return unit.origin[source].url if source in unit.origin else ""

    for url, group in groupby(units, key=original):
        opened = False
        for unit in group:
            if source not in unit.variants or target not in unit.variants:
                left_out += 1
                continue
            if not opened:
                # A page of which no unit has both languages gets no file: XLIFF wants no empty one.
                opened = True
                files += 1
                stream.write(_file(files, url))
            written += 1
            text, lost = _unit(unit, written, (source, target), path)
            removed += lost
            stream.write(text.encode("utf-8"))
        if opened:
            stream.write(b"</file>\n")
    if not files:
        # There must be a file, with a unit, with a segment.
        empty = '<unit id="u1"><segment><source></source></segment></unit>\n</file>\n'
        stream.write(_file(1, "") + empty.encode())
    stream.write(b"</xliff>\n")
    return Written(path, written, left_out, removed)


def _file(number: int, url: str) -> bytes:
    original = f' original="{attribute(legal(url)[0])}"' if url else ""
    return f'<file id="f{number}"{original}>\n'.encode()


def _unit(unit: TranslationUnit, number: int, languages: tuple[str, str], path: str) -> tuple[str, int]:
    name, removed = legal(unit.id)
    metadata = [_meta(_CONFIDENCE, unit.confidence, unit, path)]
    for score, value in unit.scores.items():
        score, lost = legal(score)
        removed += lost
        metadata.append(_meta(_SCORE + score, value, unit, path))
    notes = ""
    if unit.note is not None:
        text, lost = content(unit.note)
        removed += lost
        notes = f'<notes><note xml:space="preserve">{text}</note></notes>'
    sides = []
    for element, code in zip(("source", "target"), languages, strict=True):
        text, lost = _coded(unit.variants[code])
        removed += lost
        sides.append(f'<{element} xml:space="preserve">{text}</{element}>')
    state = "final" if unit.scores.get(_APPROVED) == 1 else "translated"
    return (
        f'<unit id="u{number}" name="{attribute(name)}">'
        f'<mda:metadata><mda:metaGroup category="{_CATEGORY}">{"".join(metadata)}</mda:metaGroup>'
        f'</mda:metadata>{notes}<segment state="{state}">{"".join(sides)}</segment></unit>\n'
    ), removed


def _meta(kind: str, value: float, unit: TranslationUnit, path: str) -> str:
    if not math.isfinite(value):
        raise FormatError(f"{path}: unit {unit.id}", f"its {kind} is not finite", "give finite figures")
    return f'<mda:meta type="{attribute(kind)}">{float(value)!r}</mda:meta>'


def _coded(text: str) -> tuple[str, int]:
    """Return text as content, with `cp` for what XML cannot hold, and how many surrogates were removed."""
    if not _CONTROL.search(text):
        return content(text)
    pieces = []
    removed = at = 0
    for match in _CONTROL.finditer(text):
        piece, lost = content(text[at : match.start()])
        removed += lost
        pieces.append(f'{piece}<cp hex="{ord(match[0]):04X}"/>')
        at = match.end()
    piece, lost = content(text[at:])
    return "".join(pieces) + piece, removed + lost


def units_of(
    element: etree._Element,
    languages: tuple[str | None, str | None],
    names: LocalNames,
    *,
    inline: Literal["text", "codes"],
    where: str,
    repair: Callable[[str, str], None],
) -> Iterator[TranslationUnit]:
    """Yield a unit for each segment of a `unit` element of XLIFF 2; where there are several, each has a name.

    `languages` are those of the file. A segment that is final counts as approved. Raises FormatError for
    entities and for a `cp` that is no character.
    """
    data: dict[str, str] = {}
    found = []
    scores: dict[str, float] = {}
    confidence = 1.0
    notes = []
    for child in element:
        part = names[child.tag]
        if part == "segment":
            found.append(child)
        elif part == "originalData":
            data = {one.get("id") or "": "".join(_pieces(one, {}, names, False, where)) for one in child}
        elif part == "notes":
            notes += ["".join(_pieces(note, {}, names, False, where)) for note in child]
        elif part == "metadata":
            confidence = _figures(child, names, scores, repair)
    name = element.get("name") or element.get("id") or ""
    for number, segment in enumerate(found, start=1):
        variants: dict[str, str] = {}
        for side in segment:
            part = names[side.tag]
            if part in {"source", "target"}:
                tag = languages[part == "target"]
                code = None if tag is None else inward(tag)
                if code is None or code in variants:
                    repair(f"the language of its {part} is {tag!r}", f"the {part} is passed over")
                else:
                    variants[code] = "".join(_pieces(side, data, names, inline == "codes", where))
        if not variants:
            repair("it holds no text", "passed over")
            continue
        own = name if len(found) == 1 else f"{name}::{segment.get('id') or number}"
        final = {_APPROVED: 1.0} if segment.get("state") == "final" else {}
        note = "\n".join(notes) if notes else None
        yield TranslationUnit(own or name_of(variants), variants, confidence, final | scores, note=note)


def _pieces(
    element: etree._Element, data: Mapping[str, str], names: LocalNames, keep_codes: bool, where: str
) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag is etree.Entity:
            raise FormatError(where, f"uses the entity {child.text}", "expand the entities of the file first")
        part = names[child.tag]
        if part == "cp":
            yield _character(child.get("hex"), where)
        if keep_codes:
            yield data.get(child.get("dataRefStart") or child.get("dataRef") or "", "")
        yield from _pieces(child, data, names, keep_codes, where)
        if keep_codes:
            yield data.get(child.get("dataRefEnd") or "", "")
        yield child.tail or ""


def _character(code: str | None, where: str) -> str:
    try:
        return chr(int(code or "", 16))
    except (ValueError, OverflowError) as error:
        raise FormatError(where, f"has a cp with hex={code!r}", "give the number of a character") from error


def _figures(
    element: etree._Element,
    names: LocalNames,
    scores: dict[str, float],
    repair: Callable[[str, str], None],
) -> float:
    """Put the scores of our metadata into `scores`, and return its confidence, 1.0 where it tells none."""
    confidence = 1.0
    for group in element:
        if names[group.tag] != "metaGroup" or group.get("category") != _CATEGORY:
            continue
        for meta in group:
            kind, value = meta.get("type") or "", meta.text or ""
            try:
                number = float(value)
            except ValueError:
                number = math.nan
            if kind == _CONFIDENCE and 0 <= number <= 1:
                confidence = number
            elif kind.startswith(_SCORE) and math.isfinite(number):
                scores[kind[len(_SCORE) :]] = number
            else:
                repair(f"the figure {kind!r} is {value!r}", "passed over")
    return confidence
