"""One page set's way through the stages: units, or the reason why not; the rest goes on in any case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from corpusalign.corpus.limits import OverdueError, limited
from corpusalign.corpus.places import ChangedError, load
from corpusalign.corpus.records import Limits, PageRef, PageSet, Reason, Recipe, Reject
from corpusalign.corpus.remembering import Remembering
from corpusalign.encode import PoolingEncoder
from corpusalign.errors import (
    AlignError,
    CorpusAlignError,
    DecodeError,
    ExtractError,
    FetchError,
    LanguageError,
)
from corpusalign.extract import extract_each
from corpusalign.pipeline import align_pages, strays
from corpusalign.quality import score

if TYPE_CHECKING:
    from corpusalign.encode import Encoder
    from corpusalign.types import Bitext, Document, Page, TranslationUnit

Seconds = dict[str, float]

_REASONS: tuple[tuple[type[CorpusAlignError], Reason], ...] = (
    (FetchError, "fetch"),
    (DecodeError, "decode"),
    (ExtractError, "extract"),
    (LanguageError, "language"),
    (AlignError, "align"),
)

_DETAILS: dict[Reason, str] = {
    "timeout": "took longer than --timeout-per-pair",
    "memory": "took more memory than --max-memory",
    "crash": "stopped its worker again and again",
}


@dataclass(frozen=True, slots=True)
class Work:
    """What came of a page set: its units, its sentences by language, and what was rejected."""

    units: tuple[TranslationUnit, ...] = ()
    sentences: dict[str, int] = field(default_factory=dict)
    rejects: tuple[Reject, ...] = ()


def work(
    one: PageSet, recipe: Recipe, limits: Limits, state: Path, encoder: Encoder, seconds: Seconds
) -> Work:
    """Read, extract, segment and align a page set and score its units; `seconds` by stage are added up.

    A page that fails is rejected, and its versions go on without it while there are two. Raises nothing that
    a page can cause.
    """
    remembering = Remembering(encoder) if isinstance(encoder, PoolingEncoder) else encoder
    try:
        with limited(limits):
            documents, rejects = _documents(one, recipe, state, seconds)
            if len(documents) < 2:
                return Work(rejects=(*rejects, *_left_alone(one, documents)))
            try:
                bitext = align_pages(documents, encoder=remembering)
                apart = strays(bitext)
                rejects = (*rejects, *_stray_pages(one, bitext, apart))
                if apart:
                    documents = [document for document in documents if document.lang not in apart]
                    if len(documents) < 2:
                        return Work(rejects=(*rejects, *_left_alone(one, documents)))
                    bitext = align_pages(documents, encoder=remembering)
                with _timed("score", seconds):
                    units = tuple(_scored(bitext, remembering))
            except MemoryError:
                raise
            except Exception as error:
                return Work(rejects=(*rejects, whole_set(one, *_why(error))))
    except OverdueError:
        return Work(rejects=(given_up(one, "timeout"),))
    except MemoryError:
        return Work(rejects=(given_up(one, "memory"),))
    seconds["align"] = seconds.get("align", 0.0) + bitext.seconds["align"]
    segmenting = sum(bitext.seconds[code] for code in bitext.languages)
    seconds["segment"] = seconds.get("segment", 0.0) + segmenting
    sentences = {
        document.lang: len(of_document)
        for document, of_document in zip(bitext.documents, bitext.sentences, strict=True)
    }
    return Work(units, sentences, rejects)


def given_up(one: PageSet, reason: Reason) -> Reject:
    """Return the rejection of a set that took too much."""
    return whole_set(one, reason, _DETAILS[reason])


def whole_set(one: PageSet, reason: Reason, detail: str) -> Reject:
    """Return the rejection of all pages of a set."""
    return Reject(one.name, tuple(page.url for page in one.pages), reason, detail)


def _scored(bitext: Bitext, encoder: Encoder) -> Iterator[TranslationUnit]:
    """Yield the units with their scores; which came before is told of the whole corpus, not of a page set."""
    for unit in score(bitext.units, encoder=encoder):
        scores = {name: figure for name, figure in unit.scores.items() if name != "duplicate"}
        yield replace(unit, scores=scores)


def _stray_pages(one: PageSet, bitext: Bitext, apart: frozenset[str]) -> Iterator[Reject]:
    for document in bitext.documents:
        if document.lang in apart:
            fault = "is no translation of its other versions"
            yield Reject(one.name, (document.url,), "not-parallel", fault)


def _documents(
    one: PageSet, recipe: Recipe, state: Path, seconds: Seconds
) -> tuple[list[Document], tuple[Reject, ...]]:
    """Return one document a language, in the recipe's order of languages, and the pages that give none."""
    loaded, rejects = _loaded(one, state, seconds)
    with _timed("extract", seconds):
        found = _extracted(loaded, recipe)
    documents: dict[str, Document] = {}
    for (page, _), document in zip(loaded, found, strict=True):
        if isinstance(document, Exception):
            rejects.append(Reject(one.name, (page.url,), *_why(document)))
            continue
        lang = document.lang
        if recipe.languages and lang not in recipe.languages:
            rejects.append(Reject(one.name, (page.url,), "language", f"{lang} was not asked for"))
        elif lang in documents:
            fault = f"{documents[lang].url} is in {lang} too"
            rejects.append(Reject(one.name, (page.url,), "second", fault))
        else:
            documents[lang] = document
    order = recipe.languages or sorted(documents)
    return [documents[lang] for lang in order if lang in documents], tuple(rejects)


def _loaded(one: PageSet, state: Path, seconds: Seconds) -> tuple[list[tuple[PageRef, Page]], list[Reject]]:
    """Return the pages of a set that can be had, and the others' rejections."""
    loaded: list[tuple[PageRef, Page]] = []
    rejects: list[Reject] = []
    with _timed("read", seconds):
        for page in one.pages:
            try:
                loaded.append((page, load(page, state)))
            except MemoryError:
                raise
            except Exception as error:
                rejects.append(Reject(one.name, (page.url,), *_why(error)))
    return loaded, rejects


def _extracted(loaded: Sequence[tuple[PageRef, Page]], recipe: Recipe) -> Sequence[Document | Exception]:
    """Clean the versions together; where something unforeseen fails, that is every page's fault."""
    try:
        return extract_each(
            [page for _, page in loaded],
            langs=[ref.lang for ref, _ in loaded],
            allow_truncated=recipe.allow_truncated,
        )
    except MemoryError:
        raise
    except Exception as error:
        return [error] * len(loaded)


def _left_alone(one: PageSet, documents: Sequence[Document]) -> Iterator[Reject]:
    for document in documents:
        yield Reject(one.name, (document.url,), "unpaired", "its other versions were rejected")


def _why(error: Exception) -> tuple[Reason, str]:
    """Return why an error keeps a page out, without the path that it has on this machine."""
    if isinstance(error, ChangedError):
        return "changed", "changed while the corpus was built"
    if isinstance(error, CorpusAlignError):
        return next(reason for kind, reason in _REASONS if isinstance(error, kind)), error.fault
    return "internal", f"{type(error).__name__}: {error}"


@contextmanager
def _timed(stage: str, seconds: Seconds) -> Iterator[None]:
    started = perf_counter()
    try:
        yield
    finally:
        seconds[stage] = seconds.get(stage, 0.0) + perf_counter() - started
