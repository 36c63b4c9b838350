"""XLIFF 1.2, the XML Localisation Interchange File Format (OASIS, 2008): a source and a target language."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import groupby
from typing import BinaryIO, Literal

from lxml import etree

from corpusalign.errors import FormatError
from corpusalign.formats import xliff2
from corpusalign.formats.choice import pair_of
from corpusalign.formats.codes import inward, outward
from corpusalign.formats.naming import name_of
from corpusalign.formats.report import Repair, Written
from corpusalign.formats.xmlstream import LocalNames, elements, line_of, text_of
from corpusalign.formats.xmltext import attribute, content, legal
from corpusalign.types import TranslationUnit

_NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
# Attributes of other namespaces may stand in a trans-unit (section 2.5, "Extensibility").
_OURS = "urn:corpusalign:xliff:1"
_CONFIDENCE = f"{{{_OURS}}}confidence"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# Native codes (section 2.4, "Inline Elements"); `g` and `mrk` hold running text, `x`, `bx` and `ex` nothing.
_CODES = frozenset({"bpt", "ept", "ph", "it"})


def write_xliff(
    units: Iterable[TranslationUnit], stream: BinaryIO, path: str, *, languages: Sequence[str] | None = None
) -> Written:
    """Write the units that have both languages, a `file` a page, in constant memory.

    Characters that XML cannot hold are removed and counted. Raises FormatError where there are more or fewer
    than two languages and `languages` does not name two, and for a confidence that is not finite.
    """
    (source, target), units = pair_of(units, languages, path)
    codes = (outward(source) or source, outward(target) or target)
    stream.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')
    stream.write(f'<xliff version="1.2" xmlns="{_NAMESPACE}" xmlns:ca="{_OURS}">\n'.encode())
    written = left_out = removed = 0

    def original(unit: TranslationUnit) -> str:
        return unit.origin[source].url if source in unit.origin else "unknown"

    for url, group in groupby(units, key=original):
        opened = False
        for unit in group:
            if source not in unit.variants or target not in unit.variants:
                left_out += 1
                continue
            if not opened:
                # A page of which no unit has both languages gets no file: XLIFF wants no empty body.
                stream.write(_file(url, *codes))
                opened = True
            text, lost = _unit(unit, source, target, codes, path)
            removed += lost
            written += 1
            stream.write(text.encode("utf-8"))
        if opened:
            stream.write(b"</body></file>\n")
    if not written:
        stream.write(_file("unknown", *codes) + b"</body></file>\n")
    stream.write(b"</xliff>\n")
    return Written(path, written, left_out, removed)


def _file(url: str, source: str, target: str) -> bytes:
    return (
        f'<file original="{attribute(legal(url)[0])}" source-language="{source}" target-language="{target}"'
        ' datatype="plaintext"><body>\n'
    ).encode()


def _unit(
    unit: TranslationUnit, source: str, target: str, codes: tuple[str, str], path: str
) -> tuple[str, int]:
    if not math.isfinite(unit.confidence):
        raise FormatError(f"{path}: unit {unit.id}", "its confidence is not finite", "give finite figures")
    identifier, removed = legal(unit.id)
    texts = []
    for code in (source, target):
        text, lost = content(unit.variants[code])
        removed += lost
        texts.append(text)
    note = ""
    if unit.note is not None:
        text, lost = content(unit.note)
        removed += lost
        note = f"<note>{text}</note>"
    return (
        f'<trans-unit id="{attribute(identifier)}" xml:space="preserve"'
        f' ca:confidence="{float(unit.confidence)!r}">'
        f'<source xml:lang="{codes[0]}">{texts[0]}</source>'
        f'<target xml:lang="{codes[1]}">{texts[1]}</target>{note}</trans-unit>\n'
    ), removed


def read_xliff(
    stream: BinaryIO,
    path: str,
    *,
    inline: Literal["text", "codes"] = "text",
    on_repair: Callable[[Repair], None] | None = None,
) -> Iterator[TranslationUnit]:
    """Yield the units of a file, XLIFF 1.2 or 2, in constant memory; those without target have one variant.

    `inline` says what becomes of native codes (the contents of bpt, ept, ph, it): "text" drops them, "codes"
    keeps them as text. Raises FormatError as for any XML (see `xmlstream.elements`).
    """
    codes = _CODES if inline == "text" else frozenset[str]()
    names = LocalNames()
    languages: tuple[str | None, str | None] = (None, None)
    number = 0
    others = ["xliff", "file", "group", "unit"]
    for event, element in elements(
        stream, path, root=["xliff"], unit="trans-unit", others=others, starts=True
    ):
        name = names[element.tag]
        if event == "start" and name == "xliff":
            languages = (element.get("srcLang"), element.get("trgLang"))
        if event == "start" and name == "file" and "source-language" in element.attrib:
            languages = (element.get("source-language"), element.get("target-language"))
        if event == "end" and name == "unit":
            number += 1
            repair = _Repairs(path, number, element, on_repair)
            yield from xliff2.units_of(
                element, languages, names, inline=inline, where=repair.where, repair=repair
            )
        if event == "end" and name == "trans-unit":
            number += 1
            unit = _read_unit(element, languages, codes, names, _Repairs(path, number, element, on_repair))
            if unit is not None:
                yield unit


class _Repairs:
    """Tells of repairs to one unit."""

    def __init__(
        self, path: str, number: int, element: etree._Element, on_repair: Callable[[Repair], None] | None
    ) -> None:
        self.where = f"{path}: unit {number}"
        self._path = path
        self._number = number
        self._element = element
        self._on_repair = on_repair

    def __call__(self, fault: str, action: str) -> None:
        if self._on_repair is not None:
            self._on_repair(Repair(self._path, self._number, line_of(self._element), fault, action))


def _read_unit(
    element: etree._Element,
    languages: tuple[str | None, str | None],
    codes: Collection[str],
    names: LocalNames,
    repair: _Repairs,
) -> TranslationUnit | None:
    variants: dict[str, str] = {}
    notes = []
    for child in element:
        part = names[child.tag]
        if part in {"source", "target"}:
            tag = child.get(_XML_LANG) or languages[part == "target"]
            code = None if tag is None else inward(tag)
            if code is None or code in variants:
                repair(f"the language of its {part} is {tag!r}", f"the {part} is passed over")
            else:
                variants[code] = text_of(child, codes, repair.where)
        elif part == "note":
            notes.append(text_of(child, (), repair.where))
    if not variants:
        repair("it holds no text", "passed over")
        return None
    return TranslationUnit(
        id=element.get("id") or name_of(variants),
        variants=variants,
        confidence=_confidence(element.get(_CONFIDENCE), repair),
        note="\n".join(notes) if notes else None,
    )


def _confidence(value: str | None, repair: _Repairs) -> float:
    if value is None:
        return 1.0
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not 0 <= number <= 1:
        repair(f"the confidence is {value!r}", "read as 1.0")
        return 1.0
    return number
