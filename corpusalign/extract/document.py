"""The way of one page: decode, walk, judge, settle title, language and the rest -> Document."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from lxml.etree import _Element as Element

from corpusalign.errors import ExtractError, LanguageError
from corpusalign.extract.alternates import alternates, code_of
from corpusalign.extract.blocks import Walk, walk
from corpusalign.extract.classify import Weights
from corpusalign.extract.completeness import is_truncated
from corpusalign.extract.decode import decode
from corpusalign.extract.judge import Judgement, Scored, Verdict, score
from corpusalign.extract.metadata import Head, combine, read_head
from corpusalign.extract.plain import is_markdown, plain_head, promote_title, walk_text
from corpusalign.extract.tree import Gathered, gather, is_markup, parse
from corpusalign.languages import folder, known
from corpusalign.languages.identify import identify
from corpusalign.types import Document, DroppedBlock, LanguageEvidence, Page

# Below this certainty the detector's word does not outweigh the markup's; below the other one it is a guess.
_CERTAIN = 0.9
_GUESS = 0.5
# What is looked at to tell the language: on none of 700 pages did more change the answer.
_STRETCHES, _STRETCH = 3, 500
# From a text's beginning on: sought anywhere, it would take a look at the whole of the text for each letter.
_ENOUGH_TEXT = re.compile(r"[\W\d_]*+(?:[^\W\d_][\W\d_]*+){200}")


MAX_TAGS = 1_000_000
"""Tags of a page above which it is refused: 20 MB of prose have a quarter of that."""

MAX_LINES = 400_000
"""Lines of a plain text above which it is refused: wrapped as mail is, they hold 28 MB."""

MAX_BLOCKS = 120_000
"""Blocks of a page above which it is refused; each takes about 30 microseconds and 3.4 KB to judge."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A document, and the verdict on every block that its page has."""

    document: Document
    verdicts: tuple[Verdict, ...]


def page_of(content: bytes | str, url: str) -> Page:
    """Make a page of bytes or text that were not fetched."""
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return Page(url, data, None, "", hashlib.sha256(data).hexdigest())


@dataclass(frozen=True, slots=True)
class Draft:
    """A page walked and scored, not yet judged; `lang` is the language asked for or marked up."""

    page: Page
    root: Element | None
    gathered: Gathered | None
    walk: Walk
    head: Head
    explicit: str | None
    lang: str | None
    scored: Scored | None


def draft_page(
    page: Page, *, lang: str | None, allow_truncated: bool, weights: Weights | None = None
) -> Draft:
    """Decode, parse, walk and score a page."""
    if not page.content.strip():
        raise ExtractError(page.url, "is empty", "save or download the page again")
    text = decode(page)
    if not allow_truncated and (fault := is_truncated(text)) is not None:
        raise ExtractError(page.url, fault, "download it again, or take it as it is (--allow-truncated)")
    explicit = folder(lang) if lang is not None else None
    markup = is_markup(text)
    if markup:
        _refuse_more(page, text.count("<"), MAX_TAGS, "tags")
    else:
        _refuse_more(page, text.count("\n"), MAX_LINES, "lines")
    root = parse(text) if markup else None
    gathered = gather(root) if root is not None else None
    if root is not None:
        walked, head = walk(root, gathered), read_head(root, gathered)
    else:
        walked = walk_text(text, markdown=is_markdown(text, page.url))
        head, title = plain_head(walked, explicit)
        if title is not None:
            walked = promote_title(walked, title)
    _refuse_more(page, len(walked.candidates), MAX_BLOCKS, "blocks of text")
    marked_up = _markup_language(gathered) if gathered is not None else None
    return Draft(
        page, root, gathered, walked, head, explicit, explicit or marked_up, score(walked, head, weights)
    )


def _refuse_more(page: Page, count: int, most: int, what: str) -> None:
    if count > most:
        fault = f"has {count:,} {what}, more than {most:,}"
        raise ExtractError(page.url, fault, "cut it into pages of ordinary size")


def finish(draft: Draft, judgement: Judgement) -> Reading:
    """Make the document of a judged page. Raises ExtractError where nothing is kept."""
    page, root, verdicts = draft.page, draft.root, judgement.verdicts
    kept = tuple(verdict.block for verdict in verdicts if verdict.kept)
    if not kept:
        raise ExtractError(
            page.url,
            "holds no main text" if verdicts else "holds no text",
            "check that it is the page itself and not a frame or a list of links (extract --explain)",
        )
    code, evidence = _language(draft, "\n".join(block.text for block in kept))
    title = verdicts[judgement.title].block if judgement.title is not None else None
    found = combine(draft.head, title, judgement.datelines, page.url, code)
    document = Document(
        id=hashlib.sha256(f"{page.url}\n{page.sha256}".encode("utf-8", "surrogatepass")).hexdigest()[:16],
        url=page.url,
        lang=code,
        title=found.title,
        date=found.date,
        author=found.author,
        source=found.source,
        blocks=kept,
        dropped=tuple(
            DroppedBlock(verdict.block, verdict.reason) for verdict in verdicts if not verdict.kept
        ),
        alternates=alternates(root, page.url, code, page.alternates, draft.gathered),
        page_sha256=page.sha256,
        site=found.site,
        canonical=found.canonical,
        language=evidence,
    )
    return Reading(document, verdicts)


def _markup_tag(gathered: Gathered) -> str | None:
    """Return the language tag that the markup gives: <html lang>, else what <meta> elements say."""
    for holder in (gathered.first("html"), gathered.first("body")):
        if holder is not None:
            tag = (
                holder.get("lang")
                or holder.get("{http://www.w3.org/XML/1998/namespace}lang")
                or holder.get("xml:lang")
            )
            if tag and tag.strip():
                return tag
    for element in gathered.named["meta"]:
        name = (element.get("http-equiv") or element.get("name") or element.get("property") or "").lower()
        if name in ("content-language", "language", "og:locale", "dc.language", "dcterms.language"):
            tag = (element.get("content") or "").split(",")[0].strip()
            if tag:
                return tag
    return None


def _markup_language(gathered: Gathered) -> str | None:
    tag = _markup_tag(gathered)
    return code_of(tag) if tag else None


def _language(draft: Draft, text: str) -> tuple[str, LanguageEvidence]:
    """Settle the language: the one asked for, else the markup's, unless enough text is certainly in another.

    Templates are copied from language to language with their `lang`, and untranslated pages carry the lang of
    the translation that they are not. Without either the text decides, if it is more than a guess.
    """
    tag = _markup_tag(draft.gathered) if draft.gathered is not None else None
    said = code_of(tag) if tag else None
    seen, certainty = identify(_sample(text))
    certain = certainty >= _CERTAIN and _ENOUGH_TEXT.match(text) is not None
    named = draft.explicit or said or _primary(tag)
    evidence = LanguageEvidence(said or tag, seen, certainty, agree=not certain or named in (None, seen))
    if draft.explicit is not None:
        return draft.explicit, evidence
    if said is not None:
        return (seen if certain and seen in known() else said), evidence
    if seen in known() and (certainty >= _GUESS or _primary(tag) == seen):
        return seen, evidence
    fault = (
        f"is in a language that cannot be told from its text ({seen}, {certainty:.0%} sure)"
        if seen in known()
        else f"is in a language that corpusalign does not know ({tag or seen})"
    )
    raise LanguageError(draft.page.url, fault, f"name the language (--lang), one of: {', '.join(known())}")


def _sample(text: str) -> str:
    """Return a text, of a long one stretches from its beginning, its middle and its end."""
    if len(text) <= _STRETCHES * _STRETCH:
        return text
    step = (len(text) - _STRETCH) // (_STRETCHES - 1)
    return "\n".join(text[start : start + _STRETCH] for start in range(0, step * _STRETCHES, step))


def _primary(tag: str | None) -> str | None:
    """Return a tag's first part, its language: `fr` of `fr-CA` (RFC 5646)."""
    return re.split("[-_]", tag.strip(), maxsplit=1)[0].lower() if tag else None
