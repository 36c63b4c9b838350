"""Blocks or text in, sentences with their offsets out: lossless, linear, driven by the language folders."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from corpusalign.errors import LanguageError
from corpusalign.types import Block, Document, Sentence

if TYPE_CHECKING:
    from corpusalign.segment.srx import SrxRules

Unit = Literal["paragraph", "sentence", "clause"]

__all__ = ["Unit", "segment"]


def segment(
    source: Document | str,
    lang: str | None = None,
    *,
    unit: Unit = "sentence",
    rules: SrxRules | None = None,
    extra_abbreviations: Iterable[str] = (),
    protected: Iterable[tuple[int, ...]] = (),
) -> list[Sentence]:
    """Cut a document's blocks, or a text, into sentences.

    Every sentence holds its offsets: `document.blocks[s.block].text[s.start:s.end] == s.text`; between two sentences
    of a block there is nothing but white space. The end of a block, and a blank line, always end a sentence; a
    heading is one sentence. `lang` is needed for a bare text, and overrides a document's own.

    Raises LanguageError for a language that is unknown, or missing for a bare text.
    """
    from corpusalign.segment import engine
    from corpusalign.segment.rules import rules_of

    if lang is None:
        if isinstance(source, str):
            raise LanguageError("text", "came without its language", 'pass it: segment(text, lang="en")')
        lang = source.lang
    compiled = rules_of(lang)
    blocks = (Block("paragraph", 0, source, ""),) if isinstance(source, str) else source.blocks
    return [
        Sentence(block.text[start:end], number, start, end)
        for number, block in enumerate(blocks)
        for first, last in engine.paragraphs(block.text, 0, len(block.text))
        for start, end in (
            ((first, last),)
            if block.kind == "heading"
            else engine.sentences(block.text, first, last, compiled)
        )
    ]
