"""Beads over sentences become translation units that can be walked back to the page."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter

from corpusalign import arguments
from corpusalign.errors import AlignError, LanguageError
from corpusalign.languages import language
from corpusalign.types import Document, MultiBead, Origin, Sentence, Span, TranslationUnit

# A posterior says nothing past the sixth decimal, and shorter figures make readable files.
_DECIMALS = 6


@arguments.checked(
    documents=arguments.several(arguments.one_of(Document)),
    sentences=arguments.several(arguments.several(arguments.one_of(Sentence))),
    beads=arguments.several(arguments.one_of(MultiBead)),
    scores=arguments.optional(arguments.several(arguments.mapping)),
)
def make_units(
    documents: Sequence[Document],
    sentences: Sequence[Sequence[Sentence]],
    beads: Sequence[MultiBead],
    *,
    scores: Sequence[Mapping[str, float]] | None = None,
) -> tuple[TranslationUnit, ...]:
    """Return one unit a bead, in order, omissions (units with one variant) included.

    `documents` and `sentences` are parallel, one a language; `beads[i].ranges[k]` are the sentences of
    document `k` in row `i`, and a bead that is empty in every language gives no unit. `scores`, when given,
    is parallel to `beads`. The text of a variant is the exact slice of its block; where a bead reaches over
    several blocks, the slices are joined as the language joins sentences. Confidence and scores are kept to
    six decimals.

    Raises LanguageError when two documents are in one language, AlignError when a bead does not fit the
    sentences.
    """
    languages = [document.lang for document in documents]
    for code, count in Counter(languages).items():
        if count > 1:
            raise LanguageError(
                repr(code), f"stands {count} times among the pages", "give one page a language"
            )
    if len(sentences) != len(documents):
        raise AlignError(
            "units",
            f"{len(documents)} documents but {len(sentences)} lists of sentences",
            "give one list each",
        )
    if scores is not None and len(scores) != len(beads):
        raise AlignError("units", f"{len(beads)} beads but {len(scores)} scores", "give one mapping a bead")
    seen: Counter[str] = Counter()
    units: list[TranslationUnit] = []
    for row, bead in enumerate(beads):
        variants: dict[str, str] = {}
        origin: dict[str, Origin] = {}
        for document, of_document, (start, stop) in zip(
            documents, sentences, _ranges(bead, row, sentences), strict=True
        ):
            if start == stop:
                continue
            spans = _spans(document, of_document[start:stop])
            variants[document.lang] = _text(document, spans)
            origin[document.lang] = Origin(document.url, document.page_sha256, spans)
        if not variants:
            continue
        seen_as = _digest(variants, origin, 0)
        identifier = _digest(variants, origin, seen[seen_as]) if seen[seen_as] else seen_as
        seen[seen_as] += 1
        units.append(
            TranslationUnit(
                id=identifier,
                variants=variants,
                confidence=round(bead.confidence, _DECIMALS),
                scores={name: round(value, _DECIMALS) for name, value in scores[row].items()}
                if scores
                else {},
                origin=origin,
            )
        )
    return tuple(units)


def _ranges(
    bead: MultiBead, row: int, sentences: Sequence[Sequence[Sentence]]
) -> tuple[tuple[int, int], ...]:
    fits = len(bead.ranges) == len(sentences) and all(
        0 <= start <= stop <= len(of_document)
        for (start, stop), of_document in zip(bead.ranges, sentences, strict=True)
    )
    if not fits:
        raise AlignError(
            f"bead {row}",
            f"its ranges {bead.ranges} do not fit {list(map(len, sentences))} sentences",
            "align these very sentences",
        )
    return bead.ranges


def _spans(document: Document, sentences: Sequence[Sentence]) -> tuple[Span, ...]:
    """Return one span a block that the sentences touch, from its first sentence to its last."""
    spans: list[Span] = []
    for block, group in groupby(sentences, key=attrgetter("block")):
        in_block = list(group)
        spans.append(Span(block, document.blocks[block].path, in_block[0].start, in_block[-1].end))
    return tuple(spans)


def _text(document: Document, spans: Sequence[Span]) -> str:
    joiner = language(document.lang).joiner
    text = ""
    for span in spans:
        piece = document.blocks[span.block].text[span.start : span.end]
        if text and piece and not text[-1].isspace() and not piece[0].isspace():
            text += joiner or (" " if _is_spaced(text[-1]) or _is_spaced(piece[0]) else "")
        text += piece
    return text


def _is_spaced(character: str) -> bool:
    """Tell whether a character belongs to writing that sets words apart by spaces (Unicode Annex 11 widths).

    Ambiguous widths (quotation marks, dashes) go with the wide writing around them unless they are letters.
    """
    width = unicodedata.east_asian_width(character)
    return width in {"Na", "N"} or (width == "A" and character.isalnum())


def _digest(variants: Mapping[str, str], origin: Mapping[str, Origin], occurrence: int) -> str:
    """Return 16 hexadecimal digits made of addresses, texts and the how-manieth such row this is.

    Positions stay out of it: a row keeps its name when the page changes elsewhere.
    """
    facts = [occurrence, *([code, origin[code].url, variants[code]] for code in sorted(variants))]
    return hashlib.sha256(json.dumps(facts).encode("ascii")).hexdigest()[:16]
