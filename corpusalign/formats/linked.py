"""Texts cut into sentences, and links between them: what the formats of sentence aligners have in common.

Such a format says which sentences of one text translate which of the other, by number or by name; the texts
stand in files of their own. A link that is read becomes a unit whose origin has a span a sentence, so that
another such format can be written from it, with the same sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from corpusalign.formats.naming import name_of
from corpusalign.languages import known, language
from corpusalign.types import Bitext, Origin, Sentence, Span, TranslationUnit


@dataclass(frozen=True, slots=True)
class Text:
    """A text of one language: its sentences, and where it stands.

    `paths[s.block]` says where the block of sentence `s` stands in the file; `numbers` maps the name of a
    sentence, in a format that names them, to its number.
    """

    lang: str
    url: str
    sha256: str
    sentences: Sequence[Sentence]
    paths: Sequence[str] | Mapping[int, str]
    numbers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence to be written; pieces of one paragraph that follow one another have equal `paragraph`."""

    text: str
    paragraph: tuple[str, int]


def unit_of(
    sides: Iterable[tuple[Text, Sequence[int]]],
    *,
    confidence: float = 1.0,
    scores: Mapping[str, float] | None = None,
) -> TranslationUnit | None:
    """Return the unit of a link: texts, and the numbers of their sentences; None where all are blank.

    A side that is empty or blank is no variant. Sentences are joined as their language joins them.
    """
    variants: dict[str, str] = {}
    origin: dict[str, Origin] = {}
    for text, numbers in sides:
        sentences = [text.sentences[number] for number in numbers]
        sentences = [sentence for sentence in sentences if sentence.text.strip()]
        if sentences:
            variants[text.lang] = _joined([sentence.text for sentence in sentences], text.lang)
            spans = tuple(Span(s.block, text.paths[s.block], s.start, s.end) for s in sentences)
            origin[text.lang] = Origin(text.url, text.sha256, spans)
    if not variants:
        return None
    return TranslationUnit(name_of(variants), variants, confidence, scores or {}, origin)


@cache
def joiner(lang: str) -> str:
    """Return what stands between two sentences of a language; a space, where nobody knows it."""
    return language(lang).joiner if lang in known() else " "


def _joined(texts: Sequence[str], lang: str) -> str:
    whole = ""
    for text in texts:
        whole += text if not whole or whole[-1].isspace() or text[0].isspace() else joiner(lang) + text
    return whole


def rows(
    units: Iterable[TranslationUnit],
) -> Iterator[tuple[TranslationUnit, Mapping[str, Sequence[Piece]]]]:
    """Yield units, each with the sentences of its variants; of a Bitext all rows, and its own sentences.

    Elsewhere the sentences are what the spans of a variant's origin cut it into: those of the links that the
    unit was read from, or else blocks. A text without spans, or changed since, is one sentence.
    """
    if isinstance(units, Bitext):
        yield from _bitext_rows(units)
        return
    for number, unit in enumerate(units):
        yield unit, {code: _pieces(unit, code, number) for code in unit.variants}


def _bitext_rows(
    bitext: Bitext,
) -> Iterator[tuple[TranslationUnit, Mapping[str, Sequence[Piece]]]]:
    sentences = dict(zip(bitext.languages, bitext.sentences, strict=True))
    reached = dict.fromkeys(bitext.languages, 0)
    for number, unit in enumerate(bitext.rows):
        sides = {}
        for code in unit.variants:
            if code not in unit.origin:
                sides[code] = _pieces(unit, code, number)
                continue
            origin = unit.origin[code]
            pieces: list[Piece] = []
            for span in origin.spans:
                while reached[code] < len(sentences[code]) and _within(sentences[code][reached[code]], span):
                    sentence = sentences[code][reached[code]]
                    pieces.append(Piece(sentence.text, (origin.url, sentence.block)))
                    reached[code] += 1
            sides[code] = pieces
        yield unit, sides


def _within(sentence: Sentence, span: Span) -> bool:
    return sentence.block == span.block and sentence.end <= span.end


def _pieces(unit: TranslationUnit, code: str, number: int) -> Sequence[Piece]:
    """Cut a variant at its spans; what stands between two of them is nothing or one space."""
    text = unit.variants[code]
    origin = unit.origin.get(code)
    whole = [Piece(text, ("", number))]
    if origin is None or not origin.spans or any(span.start >= span.end for span in origin.spans):
        return whole
    pieces: list[Piece] = []
    at = 0
    spaces = len(text) - sum(span.end - span.start for span in origin.spans)
    for span in origin.spans:
        if pieces and spaces and text[at : at + 1] == " " and not text[at - 1].isspace():
            at += 1
            spaces -= 1
        stop = at + span.end - span.start
        pieces.append(Piece(text[at:stop], (origin.url, span.block)))
        at = stop
    return pieces if at == len(text) and spaces == 0 else whole
