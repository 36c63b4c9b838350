"""What the review page is told: units, pages and places, as one JSON value."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from corpusalign.errors import LanguageError
from corpusalign.languages import known, language, tmx_code
from corpusalign.review.names import names
from corpusalign.review.places import offsets
from corpusalign.review.rows import base_of
from corpusalign.types import Bitext, Document, Origin, Sentence, TranslationUnit
from corpusalign.version import __version__

# How a filter notes why it would reject a unit: `rejected: similarity 0.13, not >=0.4; copy 1, not <=0.8`.
_REJECTED = re.compile(r"^rejected: (.*)$", re.MULTILINE)
_SCORE = re.compile(r"(?:^|; )([\w-]+) ")

Segmenter = Callable[[str, str], Sequence[Sentence]]
"""Cuts a text, of the language given second, into sentences with offsets."""


def page_data(
    units: Iterable[TranslationUnit], *, segment: Segmenter | None, title: str | None, interface: str | None
) -> dict[str, Any]:
    """Return everything that the page shows and needs, ready for `json.dumps`.

    A unit's `flags` name the scores for which a filter would reject it. Its `cells` are parallel to
    `languages`: null where a language is missing, else the `text`, the `cuts` between its sentences as pairs
    of code point offsets, the page that it is `in` (a number of `pages`), and its `spans` there: place (a
    number of the page's `places`), start and end in the block, and where in the text the span begins (-1
    where the text is not made of its spans).
    """
    bitext = units if isinstance(units, Bitext) else None
    base = base_of(units)
    documents = {document.lang: document for document in bitext.documents} if bitext else {}
    cutter = _Cutter(bitext, segment)
    pages = _Pages(documents)
    records = [
        _unit(unit, [_cell(unit, lang, cutter, pages) for lang in base.languages])
        for unit in base.units.values()
    ]
    titles = (document.title for document in documents.values())
    return {
        "generator": f"corpusalign {__version__}",
        "version": __version__,
        "key": _key(base.units),
        "title": title or next(filter(None, titles), None),
        "signature": bitext.signature if bitext else None,
        "interface": interface,
        "languages": [_language(code) for code in base.languages],
        "pages": pages.records,
        "names": names(base.units.values(), base.languages),
        "units": records,
    }


def _unit(unit: TranslationUnit, cells: list[dict[str, Any] | None]) -> dict[str, Any]:
    record: dict[str, Any] = {"id": unit.id, "confidence": unit.confidence, "cells": cells}
    if unit.scores:
        record["scores"] = dict(unit.scores)
    if unit.note is not None:
        record["note"] = unit.note
        flags = [flag for line in _REJECTED.findall(unit.note) for flag in _SCORE.findall(line)]
        if flags:
            record["flags"] = list(dict.fromkeys(flags))
    return record


def _cell(unit: TranslationUnit, lang: str, cutter: _Cutter, pages: _Pages) -> dict[str, Any] | None:
    text = unit.variants.get(lang)
    if text is None:
        return None
    record: dict[str, Any] = {"text": text}
    origin = unit.origin.get(lang)
    cuts = cutter.cuts(text, lang, origin)
    if cuts:
        record["cuts"] = cuts
    if origin is not None:
        page = pages.number(origin, lang)
        begins = offsets(text, origin.spans) or (-1,) * len(origin.spans)
        record["in"] = page
        record["spans"] = [
            [pages.place(page, span.block, span.path), span.start, span.end, begin]
            for span, begin in zip(origin.spans, begins, strict=True)
        ]
        if pages.is_heading(origin, lang):
            record["heading"] = True
    return record


def _language(code: str) -> dict[str, str]:
    if code in known():
        profile = language(code)
        return {"code": code, "tag": tmx_code(code), "name": profile.name, "joiner": profile.joiner}
    return {"code": code, "tag": code, "name": code, "joiner": " "}


def _key(units: Mapping[str, TranslationUnit]) -> str:
    """Name this very set of units, so that what the browser saved finds them again and no others."""
    digest = hashlib.sha256()
    for unit in units.values():
        digest.update(json.dumps([unit.id, sorted(unit.variants.items())]).encode("ascii"))
    return digest.hexdigest()[:16]


class _Cutter:
    """Where the sentences of a unit's text are divided."""

    def __init__(self, bitext: Bitext | None, segment: Segmenter | None) -> None:
        self._segment = segment
        self._sentences: dict[str, dict[int, list[Sentence]]] = {}
        if bitext is not None:
            for lang, sentences in zip(bitext.languages, bitext.sentences, strict=True):
                by_block = self._sentences.setdefault(lang, {})
                for sentence in sentences:
                    by_block.setdefault(sentence.block, []).append(sentence)

    def cuts(self, text: str, lang: str, origin: Origin | None) -> list[list[int]]:
        places = self._of_page(text, lang, origin)
        if places is None:
            places = self._of_text(text, lang)
        return [[end, start] for (_, end), (start, _) in pairwise(places)]

    def _of_page(self, text: str, lang: str, origin: Origin | None) -> list[tuple[int, int]] | None:
        """Return the sentences' places in the text, by the document that they were cut from."""
        begins = offsets(text, origin.spans) if origin and lang in self._sentences else None
        if origin is None or begins is None:
            return None
        return [
            (begin + sentence.start - span.start, begin + sentence.end - span.start)
            for span, begin in zip(origin.spans, begins, strict=True)
            for sentence in self._sentences[lang].get(span.block, ())
            if span.start <= sentence.start and sentence.end <= span.end
        ]

    def _of_text(self, text: str, lang: str) -> list[tuple[int, int]]:
        if self._segment is None:
            return []
        try:
            return [(sentence.start, sentence.end) for sentence in self._segment(text, lang)]
        except LanguageError:
            return []


class _Pages:
    """The pages that the units come from, each with its places: block numbers and paths, said once."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self.records: list[dict[str, Any]] = []
        self._documents = documents
        self._numbers: dict[tuple[str, str, str], int] = {}
        self._places: list[dict[tuple[int, str], int]] = []
        for lang, document in documents.items():
            self._add((document.url, document.page_sha256, lang), document)

    def number(self, origin: Origin, lang: str) -> int:
        page = (origin.url, origin.page_sha256, lang)
        return self._numbers[page] if page in self._numbers else self._add(page, None)

    def place(self, page: int, block: int, path: str) -> int:
        places = self._places[page]
        if (block, path) not in places:
            places[block, path] = len(places)
            self.records[page]["places"].append([block, path])
        return places[block, path]

    def is_heading(self, origin: Origin, lang: str) -> bool:
        document = self._documents.get(lang)
        if document is None or not origin.spans or document.url != origin.url:
            return False
        return all(document.blocks[span.block].kind == "heading" for span in origin.spans)

    def _add(self, page: tuple[str, str, str], document: Document | None) -> int:
        url, digest, lang = page
        record: dict[str, Any] = {"url": url, "sha256": digest, "lang": lang, "places": []}
        if document is not None:
            record |= {"title": document.title, "date": document.date, "source": document.source}
        self._numbers[page] = len(self.records)
        self.records.append(record)
        self._places.append({})
        return self._numbers[page]
