"""Blocks or text in, sentences with their offsets out: lossless, linear, driven by the language folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal

from corpusalign import arguments
from corpusalign.errors import LanguageError
from corpusalign.segment.srx import SrxRules
from corpusalign.types import Block, Document, Sentence

if TYPE_CHECKING:
    from corpusalign.segment.protected import Protected

Unit = Literal["paragraph", "sentence", "clause"]

__all__ = ["SrxRules", "Unit", "segment", "write_srx"]


@arguments.checked(
    source=arguments.one_of(Document, str),
    lang=arguments.optional(arguments.text),
    unit=arguments.text,
    rules=arguments.optional(arguments.one_of(SrxRules)),
    extra_abbreviations=arguments.stream(arguments.text),
    protected=arguments.stream(arguments.several(arguments.whole)),
)
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

    Every sentence holds its offsets: `document.blocks[s.block].text[s.start:s.end] == s.text`; between two
    sentences of a block there is nothing but white space. The end of a block, and a blank line, always end a
    sentence; a heading is one sentence. `lang` is needed for a bare text, and overrides a document's own.

    `unit` asks for whole paragraphs, or for clauses (cut also behind ; : and dashes). `extra_abbreviations`
    never end a sentence. `protected` spans are never cut: `(start, end)` in a bare text, `(block, start,
    end)` in a document. `rules` take the place of ours for sentences and are followed as SRX 2.0 says: they
    see each block (or the whole bare text) as it is, and `lang` may be any tag that they know.

    Raises LanguageError for a language that is unknown, or missing for a bare text; ValueError for a `unit`
    that there is not, or a protected span without its two (three) numbers; FormatError for SRX rules that
    take too long on the text.
    """
    if lang is None:
        if isinstance(source, str):
            raise LanguageError("text", "came without its language", 'pass it: segment(text, lang="en")')
        lang = source.lang
    blocks = (Block("paragraph", 0, source, ""),) if isinstance(source, str) else source.blocks
    kept = _protected_by_block(protected, 2 if isinstance(source, str) else 3)
    extra = frozenset(extra_abbreviations)
    return [
        Sentence(block.text[start:end], number, start, end)
        for number, block in enumerate(blocks)
        for start, end in _spans(block, lang, unit, rules, extra, kept.get(number))
    ]


@arguments.checked(lang=arguments.text)
def write_srx(lang: str) -> str:
    """Return a language's sentence rules as an SRX 2.0 document, for a CAT tool that is to segment as we do.

    What SRX cannot say is listed in docs/segmentation.md. Raises LanguageError for an unknown language.
    """
    from corpusalign.segment.srx_export import srx_document

    return srx_document(lang)


def _spans(
    block: Block,
    lang: str,
    unit: Unit,
    srx: SrxRules | None,
    extra: frozenset[str],
    protected: Protected | None,
) -> Iterator[tuple[int, int]]:
    """Cut one block's text into the spans of its units."""
    from corpusalign.segment.clauses import clauses
    from corpusalign.segment.engine import paragraphs, sentences
    from corpusalign.segment.rules import rules_of

    match unit:
        case "paragraph":
            yield from paragraphs(block.text, protected)
        case "clause":
            for first, last in _spans(block, lang, "sentence", srx, extra, protected):
                yield from clauses(block.text, first, last, rules_of(lang), protected)
        case "sentence" if srx is not None:
            yield from srx.spans(block.text, lang, extra, protected)
        case "sentence":
            rules = rules_of(lang, extra)
            for first, last in paragraphs(block.text, protected):
                if block.kind == "heading":
                    yield first, last
                else:
                    yield from sentences(block.text, first, last, rules, protected)
        case _:
            raise ValueError(f"unit is {unit!r}: ask for paragraph, sentence or clause")


def _protected_by_block(spans: Iterable[tuple[int, ...]], numbers: int) -> Mapping[int, Protected]:
    """Sort the caller's protected spans by block; those of a bare text are all in block 0."""
    from corpusalign.segment.protected import Protected

    by_block: dict[int, list[tuple[int, int]]] = {}
    for span in spans:
        if len(span) != numbers:
            form = "(start, end)" if numbers == 2 else "(block, start, end)"
            raise ValueError(f"protected span {span!r} should be {form}")
        block, start, end = span if numbers == 3 else (0, *span)
        by_block.setdefault(block, []).append((start, end))
    return {block: Protected.of(found) for block, found in by_block.items()}
