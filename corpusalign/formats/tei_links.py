"""TEI P5 link files: `<link target="en.xml#p1.s1 zh.xml#p1.s1 zh.xml#p1.s2"/>` (TEI Guidelines, chapter 17).

A link points at the sentences of any number of documents; which document a pointer leads into says the
language. A link has two pointers at least, so that a sentence alone (an omission) has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import BinaryIO
from urllib.parse import quote, unquote

from lxml import etree

from corpusalign.errors import FormatError
from corpusalign.formats.linked import Text, rows, unit_of
from corpusalign.formats.report import Repair, Written
from corpusalign.formats.sentence_xml import TEI, TEI_NAMESPACE, DocumentWriter
from corpusalign.formats.sentences import unlinked
from corpusalign.formats.xmlstream import LocalNames, elements, line_of
from corpusalign.types import TranslationUnit

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<TEI xmlns="{TEI_NAMESPACE}">\n<teiHeader><fileDesc><titleStmt><title>Links</title></titleStmt>'
    "<publicationStmt><p>Unpublished</p></publicationStmt>"
    "<sourceDesc><p>Written by corpusalign</p></sourceDesc></fileDesc></teiHeader>\n"
    '<standOff>\n<linkGrp type="alignment">\n'
)


def write_tei(
    units: Iterable[TranslationUnit],
    stream: BinaryIO,
    documents: Mapping[str, tuple[str, BinaryIO]],
    path: str,
) -> Written:
    """Write links to one stream, and the documents they are about to others, in constant memory.

    `documents` maps a language to what the link file calls its document, and the stream to write it to. Every
    sentence is written, also of units in one language; those get no link and count as left out.
    """
    writers = {code: DocumentWriter(document, code, TEI) for code, (_, document) in documents.items()}
    stream.write(_HEAD.encode())
    written = left_out = 0
    for _, sides in rows(units):
        pointers = []
        languages = 0
        for code, writer in writers.items():
            named = writer.add(sides.get(code, ()))
            languages += bool(named)
            pointers += [f"{quote(documents[code][0])}#{name}" for name in named]
        if languages < 2:
            left_out += 1
            continue
        written += 1
        stream.write(f'<link target="{" ".join(pointers)}"/>\n'.encode())
    stream.write(b"</linkGrp>\n</standOff>\n</TEI>\n")
    for writer in writers.values():
        writer.close()
    return Written(
        path,
        written,
        left_out,
        sum(writer.removed for writer in writers.values()),
        sum(writer.replaced for writer in writers.values()),
    )


def read_tei(
    stream: BinaryIO,
    path: str,
    opened: Callable[[str, int | None], Text],
    *,
    on_repair: Callable[[Repair], None] | None = None,
) -> Iterator[TranslationUnit]:
    """Yield a unit for each link; all documents are held in memory.

    `opened(name, line)` returns the document that the pointers call `name`. Raises FormatError, naming the
    line, for pointers that lead into the file itself, and to sentences that are not there.
    """
    names = LocalNames()
    texts: dict[str, Text] = {}
    linked: dict[str, set[int]] = {}
    number = 0
    for _, element in elements(stream, path, root=["TEI"], unit="link"):
        if names[element.tag] != "link":
            continue
        number += 1
        line = line_of(element)
        where = f"{path}: unit {number}" if line is None else f"{path}: line {line}"
        sides = _sides(element, texts, opened, where)
        for name, numbers in sides.items():
            linked.setdefault(name, set()).update(numbers)
        unit = unit_of((texts[name], numbers) for name, numbers in sides.items())
        if unit is not None:
            yield unit
        elif on_repair is not None:
            on_repair(Repair(path, number, line, "it links no text", "passed over"))
    if on_repair is not None:
        for fault in unlinked(texts.values(), (linked[name] for name in texts)):
            on_repair(Repair(path, number, None, fault, "passed over"))


def _sides(
    element: etree._Element,
    texts: dict[str, Text],
    opened: Callable[[str, int | None], Text],
    where: str,
) -> dict[str, list[int]]:
    sides: dict[str, list[int]] = {}
    for pointer in (element.get("target") or "").split():
        name, _, identifier = pointer.partition("#")
        if not name or not identifier:
            raise FormatError(
                where, f"points at {pointer!r}", "let links point at sentences of other files, as en.xml#s1"
            )
        if name not in texts:
            text = opened(unquote(name), line_of(element))
            if any(text.lang == other.lang for other in texts.values()):
                raise FormatError(where, f"a second document is in {text.lang}", "give one a language")
            texts[name] = text
        if identifier not in texts[name].numbers:
            raise FormatError(
                where,
                f"links sentence {identifier!r}, which {texts[name].url} has not",
                "give the texts that were linked",
            )
        sides.setdefault(name, []).append(texts[name].numbers[identifier])
    return sides
