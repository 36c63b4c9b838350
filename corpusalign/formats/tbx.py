"""TBX, TermBase eXchange: terms of any number of languages, for term bases.

Version 3 (ISO 30042:2019, dialect TBX-Basic, style DCA), and the version 2 (ISO 30042:2008) that most tools
load still. A unit is a concept; its figures stand in a note, for which TBX has no other place.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import quote, unquote

from lxml import etree

from corpusalign.errors import FormatError
from corpusalign.formats.choice import first_languages
from corpusalign.formats.codes import inward, outward
from corpusalign.formats.naming import name_of
from corpusalign.formats.report import Repair, Written
from corpusalign.formats.xmlstream import LocalNames, elements, line_of, text_of
from corpusalign.formats.xmltext import content
from corpusalign.types import TranslationUnit

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_FIGURES = "corpusalign: "


@dataclass(frozen=True, slots=True)
class Version:
    """What a version of TBX calls its elements; `{lang}` in `head` is the first language."""

    head: str
    foot: str
    concept: str
    language: str
    term: str


_SOURCE = "<fileDesc><sourceDesc><p>Written by corpusalign</p></sourceDesc></fileDesc>"
V3 = Version(
    '<tbx type="TBX-Basic" style="dca" xml:lang="{lang}" xmlns="urn:iso:std:iso:30042:ed-2">\n'
    f"<tbxHeader>{_SOURCE}</tbxHeader>\n<text><body>\n",
    "</body></text>\n</tbx>\n",
    "conceptEntry",
    "langSec",
    "termSec",
)
V2 = Version(
    f'<martif type="TBX" xml:lang="{{lang}}">\n<martifHeader>{_SOURCE}</martifHeader>\n<text><body>\n',
    "</body></text>\n</martif>\n",
    "termEntry",
    "langSet",
    "tig",
)


def write_tbx(
    units: Iterable[TranslationUnit],
    stream: BinaryIO,
    path: str,
    *,
    languages: Iterable[str] | None = None,
    version: Version = V3,
) -> Written:
    """Write a concept a unit, in constant memory; those without any text in the languages are left out.

    Characters that XML cannot hold are removed and counted. Raises FormatError for a code that is no language
    tag and for figures that are not finite.
    """
    if languages is None:
        found, units = first_languages(units)
        wanted = None
    else:
        found = wanted = tuple(languages)
    main = _tag(found[0], path) if found else "en"
    stream.write(b'<?xml version="1.0" encoding="UTF-8"?>\n' + version.head.format(lang=main).encode())
    written = left_out = removed = 0
    for unit in units:
        codes = [code for code in wanted or unit.variants if unit.variants.get(code, "").strip()]
        if not codes:
            left_out += 1
            continue
        written += 1
        parts = [f'<{version.concept} id="c{written}">\n']
        for note in (unit.note, _figures(unit, path)):
            if note is not None:
                text, lost = content(note)
                removed += lost
                parts.append(f"<note>{text}</note>\n")
        for code in codes:
            text, lost = content(unit.variants[code])
            removed += lost
            parts.append(
                f'<{version.language} xml:lang="{_tag(code, path)}"><{version.term}><term>{text}</term>'
                f"</{version.term}></{version.language}>\n"
            )
        parts.append(f"</{version.concept}>\n")
        stream.write("".join(parts).encode("utf-8"))
    stream.write(version.foot.encode())
    return Written(path, written, left_out, removed)


def read_tbx(
    stream: BinaryIO, path: str, *, on_repair: Callable[[Repair], None] | None = None
) -> Iterator[TranslationUnit]:
    """Yield the concepts of a TBX file, of version 2 or 3, in constant memory.

    Where a language has several terms for a concept, there is a unit for each: the second has the second term
    of each language that has one, and the first of the others. Raises FormatError as for any XML.
    """
    names = LocalNames()
    number = 0
    roots, concepts = ["tbx", "martif"], {"conceptEntry", "termEntry"}
    for _, element in elements(stream, path, root=roots, unit="conceptEntry", others=["termEntry"]):
        if names[element.tag] not in concepts:
            continue
        number += 1

        def repair(fault: str, action: str, place: etree._Element = element, number: int = number) -> None:
            if on_repair is not None:
                on_repair(Repair(path, number, line_of(place), fault, action))

        yield from _concept(element, names, f"{path}: unit {number}", repair)


def _concept(
    element: etree._Element, names: LocalNames, where: str, repair: Callable[[str, str], None]
) -> Iterator[TranslationUnit]:
    terms: dict[str, list[str]] = {}
    notes: list[str] = []
    figures: dict[str, str] = {}
    for child in element:
        part = names[child.tag]
        if part in {"langSec", "langSet"}:
            tag = child.get(_XML_LANG) or child.get("lang") or ""
            code = inward(tag)
            if code is None:
                repair(f"the language of its terms is {tag!r}", "they are passed over")
                continue
            found = (text_of(one, (), where) for one in child.iter() if names[one.tag] == "term")
            terms.setdefault(code, []).extend(found)
        elif part == "note":
            text = text_of(child, (), where)
            if text.startswith(_FIGURES):
                figures = dict(_named(text[len(_FIGURES) :]))
            else:
                notes.append(text)
    terms = {code: found for code, found in terms.items() if found}
    if not terms:
        repair("it holds no term", "passed over")
        return
    confidence, scores = _numbers(figures, repair)
    for place in range(max(map(len, terms.values()))):
        variants = {code: found[place if place < len(found) else 0] for code, found in terms.items()}
        yield TranslationUnit(
            figures.get("id") or name_of(variants),
            variants,
            confidence,
            scores,
            note="\n".join(notes) if notes else None,
        )


def _tag(code: str, path: str) -> str:
    tag = outward(code)
    if tag is None:
        raise FormatError(path, f"{code!r} is no language code", "use one such as en, zh-CN or fr")
    return tag


def _figures(unit: TranslationUnit, path: str) -> str:
    """Return the note that holds a unit's name and figures, as `NAME=VALUE` with spaces between."""
    named = {"confidence": unit.confidence, **{f"score-{name}": value for name, value in unit.scores.items()}}
    if not all(map(math.isfinite, named.values())):
        raise FormatError(
            f"{path}: unit {unit.id}", "holds a figure that is not finite", "give finite figures"
        )
    fields = {"id": unit.id} | {name: repr(float(value)) for name, value in named.items()}
    return _FIGURES + " ".join(f"{_spelt(name)}={_spelt(value)}" for name, value in fields.items())


def _spelt(text: str) -> str:
    return quote(text, safe="-_.:+", errors="surrogatepass")


def _named(text: str) -> Iterator[tuple[str, str]]:
    for field in re.split(r"\s+", text.strip()):
        name, _, value = field.partition("=")
        yield _unspelt(name), _unspelt(value)


def _unspelt(text: str) -> str:
    try:
        return unquote(text, errors="surrogatepass")
    except UnicodeDecodeError:  # nothing that `_spelt` wrote
        return text


def _numbers(figures: dict[str, str], repair: Callable[[str, str], None]) -> tuple[float, dict[str, float]]:
    confidence, scores = 1.0, {}
    for name, value in figures.items():
        if name == "id":
            continue
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if name == "confidence" and 0 <= number <= 1:
            confidence = number
        elif name.startswith("score-") and math.isfinite(number):
            scores[name.removeprefix("score-")] = number
        else:
            repair(f"the figure {name!r} is {value!r}", "passed over")
    return confidence, scores
