"""Sentence documents: XML in which each sentence is an `s` with a name, for link files to point at."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from corpusalign.errors import FormatError
from corpusalign.formats.codes import inward, outward
from corpusalign.formats.lines import one_line
from corpusalign.formats.linked import Piece, Text, joiner
from corpusalign.formats.xmlstream import LocalNames, elements, text_of
from corpusalign.formats.xmltext import content
from corpusalign.types import Sentence

XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
TEI_NAMESPACE = "http://www.tei-c.org/ns/1.0"
# White space with a line break in it comes of the file's layout.
_LAYOUT = re.compile(r"[ \t]*[\r\n]\s*")
_WORDS = frozenset({"w", "pc"})


@dataclass(frozen=True, slots=True)
class Style:
    """How a kind of sentence document looks: what stands around the paragraphs, and how things are named.

    `head` and `foot` go around the body; in `head`, `{lang}` is the language. `paragraph` and `sentence`
    make names of the paragraph's number (`{p}`, from 1), the sentence's number in it (`{s}`, from 1).
    """

    head: str
    foot: str
    attribute: str
    paragraph: str
    sentence: str


PLAIN = Style('<text xml:lang="{lang}">\n', "</text>\n", "id", "p{p}", "s{p}.{s}")
# InterText numbers what it aligns so by itself.
INTERTEXT = Style('<text xml:lang="{lang}">\n', "</text>\n", "id", "{p}", "{p}:{s}")
TEI = Style(
    f'<TEI xmlns="{TEI_NAMESPACE}" xml:lang="{{lang}}">\n<teiHeader><fileDesc>'
    "<titleStmt><title>Sentences</title></titleStmt>"
    "<publicationStmt><p>Unpublished</p></publicationStmt>"
    "<sourceDesc><p>Written by corpusalign</p></sourceDesc></fileDesc></teiHeader>\n<text><body>\n",
    "</body></text>\n</TEI>\n",
    "xml:id",
    "p{p}",
    "p{p}.s{s}",
)


class DocumentWriter:
    """Writes sentences into a document and tells their names; counts what it cannot hold."""

    def __init__(self, stream: BinaryIO, lang: str, style: Style) -> None:
        self._stream = stream
        self._style = style
        self._paragraph: tuple[str, int] | None = None
        self._paragraphs = 0
        self._sentences = 0
        self.removed = 0
        self.replaced = 0
        self._put('<?xml version="1.0" encoding="UTF-8"?>\n')
        self._put(style.head.replace("{lang}", outward(lang) or lang))

    def add(self, pieces: Sequence[Piece]) -> list[str]:
        """Write sentences, those that are blank excepted, and return the names they have got."""
        names = []
        for piece in pieces:
            text, breaks = one_line(piece.text)
            text, lost = content(text)
            self.replaced += breaks
            self.removed += lost
            if not text.strip():
                continue
            if piece.paragraph != self._paragraph:
                self._put("</p>\n" if self._paragraphs else "")
                self._paragraph = piece.paragraph
                self._paragraphs += 1
                self._sentences = 0
                self._put(f'<p {self._style.attribute}="{self._named(self._style.paragraph)}">\n')
            self._sentences += 1
            names.append(self._named(self._style.sentence))
            self._put(f'<s {self._style.attribute}="{names[-1]}">{text}</s>\n')
        return names

    def close(self) -> None:
        """Write the end of the document."""
        self._put(("</p>\n" if self._paragraphs else "") + self._style.foot)

    def _named(self, pattern: str) -> str:
        return pattern.format(p=self._paragraphs, s=self._sentences)

    def _put(self, text: str) -> None:
        self._stream.write(text.encode("utf-8"))


def read_document(stream: BinaryIO, url: str, lang: str | None) -> Text:
    """Return the sentences of a document: its `s` elements that have a name, in any namespace.

    The language is the one given, or else what the outermost element says. The text of words (`w`, `pc`) is
    joined as the language joins sentences; a line break with its indentation is read as a space. Raises
    FormatError as for any XML, for a document whose sentences have no names, a name that stands twice, and a
    language that nobody says.
    """
    digested = _Digested(stream)
    names = LocalNames()
    sentences: list[Sentence] = []
    numbers: dict[str, int] = {}
    paths: dict[int, str] = {0: ""}
    block = offset = nameless = 0
    for event, element in elements(
        digested, url, root=(), unit="s", others=["p", "text", "TEI"], starts=True
    ):
        name = names[element.tag]
        if event == "start":
            if name == "p":
                block, offset = len(paths), 0
                named = element.get("id") or element.get(XML_ID)
                paths[block] = f"paragraph {named or block}"
            elif name != "s" and lang is None:
                lang = inward(element.get(_XML_LANG) or element.get("lang") or "")
            continue
        if name != "s":
            continue
        identifier = element.get("id") or element.get(XML_ID)
        if identifier is None:
            nameless += 1
            continue
        if identifier in numbers:
            raise FormatError(f"{url}: sentence {identifier}", "is there twice", "name each sentence once")
        words = [word for word in element.iter() if names[word.tag] in _WORDS]
        if words:
            text = joiner(lang or "").join("".join(map(str, word.itertext())).strip() for word in words)
        else:
            text = _LAYOUT.sub(" ", text_of(element, (), url).strip("\r\n"))
        numbers[identifier] = len(sentences)
        sentences.append(Sentence(text, block, offset, offset + len(text)))
        offset += len(text) + 1
    if nameless and not sentences:
        raise FormatError(
            url, f"none of its {nameless} sentences has an id", "give the text that the links were made for"
        )
    if lang is None:
        raise FormatError(
            url, "does not say its language", "name the languages with languages=, those of fromDoc first"
        )
    return Text(lang, url, digested.hexdigest(), sentences, paths, numbers)


class _Digested:
    """A stream whose bytes are hashed as they pass."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._digest.update(data)
        return data

    def hexdigest(self) -> str:
        return self._digest.hexdigest()
