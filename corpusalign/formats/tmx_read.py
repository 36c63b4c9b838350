"""Read TMX 1.1 to 1.4b as it is found: streamed, mended where it can be, refused where it is hostile."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO, Literal

from lxml import etree

from corpusalign.formats.codes import inward
from corpusalign.formats.making import make_origin, make_span, make_unit
from corpusalign.formats.naming import name_of
from corpusalign.formats.report import Repair
from corpusalign.formats.tmx_dates import CHANGED, seconds_of
from corpusalign.formats.xmlstream import LocalNames, elements, line_of, text_of
from corpusalign.types import Origin, Span, TranslationUnit

Inline = Literal["text", "codes"]

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_SCORE = "x-score-"
_POSITION = re.compile(r"(\d+):(\d+)-(\d+) (.*)", re.DOTALL)
# What every header must say (TMX 1.4b, section "Attributes").
_HEADER = ("creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype")
# Native codes of the original file (TMX 1.4b, section "Content Markup"); only `hi` holds running text.
_CODES = frozenset({"bpt", "ept", "ph", "it", "ut"})


def read_tmx(
    stream: BinaryIO,
    path: str,
    *,
    inline: Inline = "text",
    on_repair: Callable[[Repair], None] | None = None,
) -> Iterator[TranslationUnit]:
    """Yield the units of a TMX file one by one, in constant memory; `path` names the file in errors.

    `inline` says what becomes of inline elements: "text" keeps the running text and drops the native codes
    (the contents of bpt, ept, ph, it, ut), "codes" keeps them as text. `on_repair` is told of everything
    mended or passed over. A unit without confidence gets 1.0, one without id its `tuid` or else a hash of its
    texts.

    Raises FormatError, naming the line, for what is not TMX, not well-formed, uses entities of its own, is
    nested more than 256 deep, or holds a unit of more than 16 MiB.
    """
    reader = _Reader(path, inline, on_repair)
    read_unit = reader.unit
    for _, element in elements(stream, path, root=["tmx"], unit="tu", others=["header"]):
        if reader.number == 0 and reader.header(element):
            continue
        unit = read_unit(element)
        if unit is not None:
            yield unit
    reader.end()


class _Reader:
    """Turns one `tu` element after another into units, and knows where it is when one must be mended."""

    def __init__(self, path: str, inline: Inline, on_repair: Callable[[Repair], None] | None) -> None:
        self.number = 0
        self._path = path
        self._codes = _CODES if inline == "text" else frozenset[str]()
        self._on_repair = on_repair
        self._names = LocalNames()
        self._known: dict[str | None, str] = {}
        self._headed = False
        self._element: etree._Element

    def header(self, element: etree._Element) -> bool:
        """Tell whether an element is the header, and of what it lacks."""
        if self._names[element.tag] != "header":
            return False
        self._element = element
        self._headed = True
        for name in _HEADER:
            if name not in element.attrib:
                self._repair(f"the header has no {name}", "not needed")
        return True

    def end(self) -> None:
        """Tell of what did not come."""
        if not self._headed and self._on_repair is not None:
            self._on_repair(Repair(self._path, 0, 1, "there is no header", "not needed"))

    def unit(self, element: etree._Element) -> TranslationUnit | None:
        """Return a `tu` element as a unit, None where it holds no text."""
        self.number += 1
        self._element = element
        variants: dict[str, str] = {}
        origin: dict[str, Origin] = {}
        scores: dict[str, float] = {}
        identifier = note = None
        confidence = 1.0
        names, known = self._names, self._known
        for child in element:
            name = names[child.tag]
            if name == "tuv":
                code = known.get(child.get(_XML_LANG))
                # The most of all memories: one seg, nothing in it but text, in a language seen before.
                if code is not None and code not in variants and len(child) == 1:
                    seg = child[0]
                    if len(seg) == 0 and names[seg.tag] == "seg":
                        variants[code] = seg.text or ""
                        continue
                self._variant(child, variants, origin)
            elif name == "prop":
                kind = child.get("type", "")
                value = (child.text or "") if len(child) == 0 else self._text(child)
                if kind == "x-id":
                    identifier = value
                elif kind == "x-confidence":
                    confidence = self._confidence(value)
                elif kind.startswith(_SCORE):
                    self._score(kind[len(_SCORE) :], value, scores)
            elif name == "note":
                text = self._text(child)
                note = text if note is None else f"{note}\n{text}"
        if not variants:
            self._repair("it holds no text", "passed over")
            return None
        if identifier is None:
            # Not of our making: the tools of translators say when a unit was last changed.
            identifier = element.get("tuid")
            self._changed(element, scores)
        return make_unit(
            identifier or name_of(variants),
            variants,
            confidence,
            scores,
            origin,
            note,
        )

    def _changed(self, element: etree._Element, scores: dict[str, float]) -> None:
        """Put the latest date of a unit and its variants among the scores, unless one stands there."""
        dates = [
            seconds
            for one in (element, *element)
            if (date := one.get("changedate") or one.get("creationdate"))
            and (seconds := seconds_of(date)) is not None
        ]
        if dates:
            scores.setdefault(CHANGED, max(dates))

    def _variant(self, tuv: etree._Element, variants: dict[str, str], origin: dict[str, Origin]) -> None:
        tag = tuv.get(_XML_LANG)
        code = self._known.get(tag) or self._language(tuv, tag)
        if code is None:
            return
        if code in variants:
            self._repair(f"a second variant in {code}", "the first is kept")
            return
        text = url = None
        digest = ""
        spans: list[Span] = []
        names = self._names
        for child in tuv:
            name = names[child.tag]
            if name == "seg":
                text = self._text(child)
            elif name == "prop":
                kind = child.get("type")
                value = (child.text or "") if len(child) == 0 else self._text(child)
                if kind == "x-position":
                    self._position(value, spans)
                elif kind == "x-url":
                    url = value
                elif kind == "x-sha256":
                    digest = value
        if text is None:
            self._repair(f"the variant in {code} has no seg", "the variant is passed over")
            return
        variants[code] = text
        if url is not None:
            origin[code] = make_origin(url, digest, tuple(spans))

    def _language(self, tuv: etree._Element, tag: str | None) -> str | None:
        if tag is None:
            tag = tuv.get("lang")
            if tag is None:
                self._repair("a variant has no language", "the variant is passed over")
                return None
            self._repair("a variant has lang for xml:lang", f"read as {tag}")
        code = inward(tag)
        if code is None:
            self._repair(f"a variant's language is {tag!r}", "the variant is passed over")
        elif "_" in tag:
            self._repair(f"the language code {tag!r} has an underscore", f"read as {code}")
        elif tuv.get(_XML_LANG) is not None:
            # Nothing to tell about: the next such variant need not be looked at as closely.
            self._known[tag] = code
        return code

    def _text(self, element: etree._Element) -> str:
        if len(element) == 0:
            return element.text or ""
        return text_of(element, self._codes, self._place())

    def _confidence(self, value: str) -> float:
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not 0 <= number <= 1:
            self._repair(f"the confidence is {value!r}", "read as 1.0")
            return 1.0
        return number

    def _score(self, name: str, value: str, scores: dict[str, float]) -> None:
        number = _number(value)
        if number is None:
            self._repair(f"the score {name} is {value!r}", "passed over")
        else:
            scores[name] = number

    def _position(self, value: str, spans: list[Span]) -> None:
        match = _POSITION.fullmatch(value)
        if match is None:
            self._repair(f"the position is {value!r}", "passed over")
        else:
            block, start, end, path = match.groups()
            spans.append(make_span(int(block), path, int(start), int(end)))

    def _place(self) -> str:
        line = line_of(self._element)
        return f"{self._path}: unit {self.number}" if line is None else f"{self._path}: line {line}"

    def _repair(self, fault: str, action: str) -> None:
        if self._on_repair is not None:
            self._on_repair(Repair(self._path, self.number, line_of(self._element), fault, action))


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
