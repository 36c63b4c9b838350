"""The only place where the stages meet: pages in, a bitext out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from time import perf_counter
from typing import TYPE_CHECKING

from corpusalign import arguments
from corpusalign.align import align, align_many, tune
from corpusalign.errors import AlignError, LanguageError
from corpusalign.evaluate import GoldAlignment, Scores, score
from corpusalign.extract import extract, extract_versions
from corpusalign.fetch import fetch
from corpusalign.languages import language
from corpusalign.segment import segment
from corpusalign.types import Bitext, Document, Page, Sentence
from corpusalign.units import make_units

if TYPE_CHECKING:
    from corpusalign.encode import Encoder
    from corpusalign.extract.site_profile import SiteProfile

Source = str | os.PathLike[str] | Page | Document
"""What a page may be given as: an address, a path, a page already fetched, a document already extracted."""

Progress = Callable[[str, int, int], None]
"""Called with what is about to be done, the steps done and the steps in all."""


@arguments.checked(
    pages=arguments.in_order(arguments.one_of(str, os.PathLike, Page, Document)),
    langs=arguments.languages_of_pages,
    encoder=arguments.optional(arguments.encoder),
    weights=arguments.optional(arguments.path),
    allow_truncated=arguments.flag,
    profile=arguments.optional(arguments.named("corpusalign.extract.site_profile.SiteProfile")),
    progress=arguments.optional(arguments.function),
)
def align_pages(
    pages: Sequence[Source],
    *,
    langs: Sequence[str | None] | None = None,
    encoder: Encoder | None = None,
    weights: str | os.PathLike[str] | None = None,
    allow_truncated: bool = False,
    profile: SiteProfile | None = None,
    progress: Progress | None = None,
) -> Bitext:
    """Go the whole way: fetch the pages, clean them together, segment and align them, make translation units.

    `pages` are two or more versions of one page, each in a language of its own; the first is the source
    language of the memory; documents are taken as they are. `langs` gives their languages in the same order,
    None (or no list) where a page is to be asked; `profile` is what was learned of the pages' site.

    Raises ValueError for fewer than two pages or a `langs` of another length, FetchError, DecodeError and
    ExtractError for a page that cannot be read, LanguageError for a language that is unknown or stands twice,
    and AlignError where no sentence of one page corresponds to any of another.
    """
    if len(pages) < 2:
        raise ValueError(f"pages: two or more versions of a page are needed, got {len(pages)}")
    if langs is not None and len(langs) != len(pages):
        raise ValueError(f"langs: one language a page is needed, got {len(langs)} for {len(pages)} pages")
    report = progress or _silent
    steps = 2 * len(pages) + 2
    spent: list[float] = []
    read: list[Page | Document] = []
    for number, page in enumerate(pages):
        report(f"reading {_name(page)}", number, steps)
        started = perf_counter()
        read.append(page if isinstance(page, (Page, Document)) else fetch(page))
        spent.append(perf_counter() - started)
    report("cleaning", len(pages), steps)
    started = perf_counter()
    documents = read_documents(read, langs, allow_truncated=allow_truncated, profile=profile)
    share = (perf_counter() - started) / len(pages)
    for number, document in enumerate(documents):
        _refuse_second(document, documents[:number])
    seconds = {document.lang: took + share for document, took in zip(documents, spent, strict=True)}
    sentences: list[list[Sentence]] = []
    for number, document in enumerate(documents):
        report(f"segmenting {document.lang}", len(pages) + 1 + number, steps)
        started = perf_counter()
        sentences.append(segment(document))
        seconds[document.lang] += perf_counter() - started
    languages = tuple(document.lang for document in documents)
    report("aligning", steps - 1, steps)
    started = perf_counter()
    alignment = align_many(sentences, languages, encoder=encoder, weights=weights)
    seconds["align"] = perf_counter() - started
    bitext = Bitext(
        languages=languages,
        documents=tuple(documents),
        sentences=tuple(map(tuple, sentences)),
        rows=make_units(documents, sentences, alignment.beads),
        signature=alignment.signature,
        seconds=seconds,
        warnings=alignment.warnings,
    )
    if not bitext.units:
        raise AlignError(
            " and ".join(document.url for document in documents),
            "have no sentence in common",
            "check that they are versions of one page",
        )
    report("done", steps, steps)
    return bitext


@arguments.checked(bitext=arguments.one_of(Bitext))
def omissions(bitext: Bitext) -> Mapping[str, int]:
    """Count, for each language of a bitext, the rows in which that language is missing."""
    return {lang: sum(lang not in row.variants for row in bitext.rows) for lang in bitext.languages}


@arguments.checked(bitext=arguments.one_of(Bitext))
def strays(bitext: Bitext) -> frozenset[str]:
    """Return the languages whose page is a translation of none of the others."""
    unlike = {warning.languages for warning in bitext.warnings if warning.kind == "NotParallel"}
    return frozenset(
        lang
        for lang in bitext.languages
        if all(pair in unlike for pair in combinations(bitext.languages, 2) if lang in pair)
    )


@arguments.checked(page=arguments.one_of(str, os.PathLike, Page), lang=arguments.optional(arguments.text))
def segment_page(page: str | os.PathLike[str] | Page, *, lang: str | None = None) -> list[Sentence]:
    """Return the sentences of a text, or of an HTML page's main text (offsets then count in its blocks).

    Raises FetchError, DecodeError or ExtractError for what cannot be read, LanguageError where the language
    is neither given nor recognised.
    """
    from corpusalign.extract.decode import decode
    from corpusalign.extract.tree import is_markup
    from corpusalign.languages.identify import identify

    fetched = page if isinstance(page, Page) else fetch(page)
    text = decode(fetched)
    if is_markup(text):
        return segment(extract(fetched, lang=lang))
    return segment(text, lang or identify(text)[0])


@arguments.checked(
    gold=arguments.several(arguments.one_of(GoldAlignment)),
    encoder=arguments.optional(arguments.encoder),
    weights=arguments.optional(arguments.path),
)
def evaluate_gold(
    gold: Sequence[GoldAlignment],
    *,
    encoder: Encoder | None = None,
    weights: str | os.PathLike[str] | None = None,
) -> Iterator[tuple[GoldAlignment, Scores]]:
    """Align the sentences of each gold alignment, two languages at a time, and yield it with its scores."""
    for one in gold:
        sides = gold_side(one.src, one.src_blocks), gold_side(one.tgt, one.tgt_blocks)
        alignment = align(
            *sides, src_lang=one.src_lang, tgt_lang=one.tgt_lang, encoder=encoder, weights=weights
        )
        yield one, score(one, alignment.beads)


@arguments.checked(
    gold=arguments.several(arguments.one_of(GoldAlignment)),
    file=arguments.path,
    encoder=arguments.optional(arguments.encoder),
)
def tune_gold(
    gold: Sequence[GoldAlignment], file: str | os.PathLike[str], *, encoder: Encoder | None = None
) -> None:
    """Learn the aligner's weights from gold alignments, and write them to a file that `align` takes.

    Raises AlignError where there is no gold.
    """
    examples = (
        (gold_side(one.src, one.src_blocks), gold_side(one.tgt, one.tgt_blocks), one.links) for one in gold
    )
    tune(examples, file, encoder=encoder)


@arguments.checked(
    texts=arguments.several(arguments.text), blocks=arguments.optional(arguments.several(arguments.whole))
)
def gold_side(texts: Sequence[str], blocks: Sequence[int] | None) -> Sequence[Sentence] | Sequence[str]:
    """Return gold sentences as the aligner takes them, with their blocks where the gold knows them."""
    if blocks is None:
        return texts
    return [Sentence(text, block, 0, len(text)) for text, block in zip(texts, blocks, strict=True)]


def _silent(_doing: str, _done: int, _steps: int) -> None:
    """Report nothing: what library callers get who do not ask for progress."""


def _name(page: Source) -> str:
    return page.url if isinstance(page, (Page, Document)) else os.fspath(page)


@arguments.checked(
    pages=arguments.in_order(arguments.one_of(str, os.PathLike, Page, Document)),
    langs=arguments.languages_of_pages,
    allow_truncated=arguments.flag,
    profile=arguments.optional(arguments.named("corpusalign.extract.site_profile.SiteProfile")),
)
def read_documents(
    pages: Sequence[Source],
    langs: Sequence[str | None] | None = None,
    *,
    allow_truncated: bool = False,
    profile: SiteProfile | None = None,
) -> list[Document]:
    """Return the documents of the versions of one page, those that are no documents yet cleaned together.

    Raises what `fetch` and `extract_versions` raise.
    """
    asked = langs if langs is not None else [None] * len(pages)
    documents = {number: page for number, page in enumerate(pages) if isinstance(page, Document)}
    fetched = {
        number: page if isinstance(page, Page) else fetch(page)
        for number, page in enumerate(pages)
        if not isinstance(page, Document)
    }
    cleaned = extract_versions(
        list(fetched.values()),
        langs=[asked[number] for number in fetched],
        allow_truncated=allow_truncated,
        profile=profile,
    )
    documents.update(zip(fetched, cleaned, strict=True))
    return [documents[number] for number in range(len(pages))]


def _refuse_second(document: Document, earlier: Sequence[Document]) -> None:
    for other in earlier:
        if other.lang == document.lang:
            raise LanguageError(
                document.url,
                f"is in {language(document.lang).name}, as {other.url} is",
                "give each language once, or say which languages the pages are in (--lang en,zh)",
            )
