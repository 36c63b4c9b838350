"""Link files between sentence documents: XCES (`cesAlign`, as OPUS has it) and InterText.

Both have `<link xtargets="s1 s2;s1"/>` inside a `linkGrp` that names two documents. In XCES the names before
the semicolon are those of `fromDoc`; in InterText (and TCA2), whose outermost element is `linkGrp`, those of
`toDoc`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Literal

from lxml import etree

from corpusalign.errors import FormatError
from corpusalign.formats.linked import Text, rows, unit_of
from corpusalign.formats.report import Repair, Written
from corpusalign.formats.sentence_xml import INTERTEXT, PLAIN, DocumentWriter
from corpusalign.formats.sentences import unlinked
from corpusalign.formats.xmlstream import LocalNames, elements, line_of
from corpusalign.formats.xmltext import attribute
from corpusalign.types import TranslationUnit

CERTAINTY = "certainty"
# What a reviewer's approval is called among the scores; InterText calls it the status "man".
_APPROVED = "approved"

Kind = Literal["xces", "intertext"]


def write_links(
    units: Iterable[TranslationUnit],
    stream: BinaryIO,
    documents: Sequence[BinaryIO],
    names: tuple[str, str],
    languages: tuple[str, str],
    path: str,
    *,
    kind: Kind,
) -> Written:
    """Write links to one stream, and the documents they are about to two others, in constant memory.

    `names` is what the link file calls the documents, the source (`fromDoc`) first. XCES gets the confidence
    as `certainty`, InterText `status="man"` where a reviewer approved. Units without text in either language
    are left out. Raises FormatError for a confidence that is not finite.
    """
    style = PLAIN if kind == "xces" else INTERTEXT
    writers = [
        DocumentWriter(document, code, style) for document, code in zip(documents, languages, strict=True)
    ]
    source, target = map(attribute, names)
    stream.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')
    if kind == "xces":
        stream.write(b'<cesAlign version="1.0">\n')
        stream.write(f'<linkGrp targType="s" fromDoc="{source}" toDoc="{target}">\n'.encode())
    else:
        stream.write(f'<linkGrp toDoc="{target}" fromDoc="{source}">\n'.encode())
    written = left_out = 0
    for unit, sides in rows(units):
        ids = [writer.add(sides.get(code, ())) for writer, code in zip(writers, languages, strict=True)]
        if not any(ids):
            left_out += 1
            continue
        written += 1
        if not math.isfinite(unit.confidence):
            raise FormatError(
                f"{path}: unit {unit.id}", "its confidence is not finite", "give finite figures"
            )
        if kind == "xces":
            pointers = ";".join(map(" ".join, ids))
            link = f'<link id="SL{written}" xtargets="{pointers}" certainty="{float(unit.confidence)!r}"/>\n'
        else:
            pointers = ";".join(map(" ".join, reversed(ids)))
            status = "man" if unit.scores.get(_APPROVED) == 1 else "auto"
            link = f'<link type="{len(ids[1])}-{len(ids[0])}" xtargets="{pointers}" status="{status}"/>\n'
        stream.write(link.encode())
    stream.write(b"</linkGrp>\n" + (b"</cesAlign>\n" if kind == "xces" else b""))
    for writer in writers:
        writer.close()
    return Written(
        path,
        written,
        left_out,
        sum(writer.removed for writer in writers),
        sum(writer.replaced for writer in writers),
    )


@dataclass(slots=True)
class _Group:
    """The documents of the `linkGrp` that is being read, and the sentences that a link has had."""

    texts: tuple[Text, Text]
    turned: bool
    linked: tuple[set[int], set[int]]


def read_links(
    stream: BinaryIO,
    path: str,
    opened: Callable[[str, int, int | None], Text],
    *,
    on_repair: Callable[[Repair], None] | None = None,
) -> Iterator[TranslationUnit]:
    """Yield a unit for each link, omissions included; two documents at a time are held in memory.

    `opened(name, side, line)` returns the document that the link file calls `name`, side 0 the `fromDoc`. A
    `certainty` from 0 to 1 is the unit's confidence, another one its score `certainty`; the status "man"
    becomes the score `approved`. Raises FormatError, naming the line, for links outside a group, without
    `xtargets`, and to sentences that are not there.
    """
    names = LocalNames()
    group: _Group | None = None
    root = ""
    number = 0
    others = ["cesAlign", "linkGrp"]
    for event, element in elements(
        stream, path, root=["cesAlign", "linkGrp"], unit="link", others=others, starts=True
    ):
        name = names[element.tag]
        root = root or name
        if name == "linkGrp" and event == "start":
            group = _opened(element, path, opened, turned=root == "linkGrp")
        elif name == "linkGrp" and group is not None and on_repair is not None:
            for fault in unlinked(group.texts, group.linked):
                on_repair(Repair(path, number, line_of(element), fault, "passed over"))
        elif name == "link" and event == "end":
            number += 1
            unit = _unit(element, group, _where(path, number, element))
            if unit is not None:
                yield unit
            elif on_repair is not None:
                on_repair(Repair(path, number, line_of(element), "it links no text", "passed over"))


def _opened(
    element: etree._Element, path: str, opened: Callable[[str, int, int | None], Text], *, turned: bool
) -> _Group:
    documents = [element.get("fromDoc"), element.get("toDoc")]
    line = line_of(element)
    texts = []
    for side, document in enumerate(documents):
        if document is None:
            raise FormatError(
                f"{path}: line {line}", "a linkGrp does not name its documents", "add fromDoc and toDoc"
            )
        texts.append(opened(document, side, line))
    if texts[0].lang == texts[1].lang:
        raise FormatError(
            f"{path}: line {line}",
            f"both documents are in {texts[0].lang}",
            "name the languages with languages=, that of fromDoc first",
        )
    return _Group((texts[0], texts[1]), turned, (set(), set()))


def _unit(element: etree._Element, group: _Group | None, where: str) -> TranslationUnit | None:
    if group is None:
        raise FormatError(where, "a link stands outside any linkGrp", "put it into one that names documents")
    sides = [side.split() for side in (element.get("xtargets") or "").split(";")]
    if len(sides) != 2:
        raise FormatError(
            where, f"its xtargets is {element.get('xtargets')!r}", "give names such as s1 s2;s1"
        )
    if group.turned:
        sides.reverse()
    found = []
    for text, identifiers, linked in zip(group.texts, sides, group.linked, strict=True):
        numbers = [_number(identifier, text, where) for identifier in identifiers]
        linked.update(numbers)
        found.append((text, numbers))
    confidence, scores = _certainty(element.get("certainty"), where)
    if element.get("status") == "man":
        scores[_APPROVED] = 1.0
    return unit_of(found, confidence=confidence, scores=scores)


def _number(identifier: str, text: Text, where: str) -> int:
    if identifier not in text.numbers:
        raise FormatError(
            where,
            f"links sentence {identifier!r}, which {text.url} has not",
            "give the texts that were linked",
        )
    return text.numbers[identifier]


def _certainty(value: str | None, where: str) -> tuple[float, dict[str, float]]:
    if value is None:
        return 1.0, {}
    try:
        certainty = float(value)
    except ValueError:
        certainty = math.nan
    if not math.isfinite(certainty):
        raise FormatError(where, f"its certainty is {value!r}", "give a number, or none")
    return (certainty, {}) if 0 <= certainty <= 1 else (1.0, {CERTAINTY: certainty})


def _where(path: str, number: int, element: etree._Element) -> str:
    line = line_of(element)
    return f"{path}: unit {number}" if line is None else f"{path}: line {line}"
