"""Page -> Document: boilerplate off, blocks in reading order, metadata, the other language versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpusalign.extract.judge import Verdict
    from corpusalign.types import Document, Page

__all__ = ["explain", "extract", "extract_versions"]


def extract(
    page: Page | bytes | str,
    url: str | None = None,
    *,
    lang: str | None = None,
    allow_truncated: bool = False,
) -> Document:
    """Return what a page says: HTML, plain text or Markdown, as a fetched page, bytes or text.

    `url` names bytes or text that have no address; `lang` settles the language, which is otherwise taken from
    the markup and checked against the text; `allow_truncated` takes a page that is evidently cut short.

    Raises DecodeError for what is no text, ExtractError for an empty page, one without text and a truncated
    one, LanguageError where the language is unknown and cannot be told.
    """
    from corpusalign.extract.document import read_page

    return read_page(_as_page(page, url), lang=lang, allow_truncated=allow_truncated).document


def extract_versions(
    pages: Sequence[Page | bytes | str],
    urls: Sequence[str | None] | None = None,
    *,
    langs: Sequence[str | None] | None = None,
    allow_truncated: bool = False,
) -> tuple[Document, ...]:
    """Return what the language versions of one page say, cleaned together, in the order given.

    Blocks that stand in the same place of the versions' common template are kept or dropped in all of them
    alike. `urls` and `langs` go with `pages`, one each. Raises what `extract` raises.
    """
    from corpusalign.extract.versions import read_versions

    names = urls if urls is not None else [None] * len(pages)
    found = read_versions(
        [_as_page(page, url) for page, url in zip(pages, names, strict=True)],
        langs=langs if langs is not None else [None] * len(pages),
        allow_truncated=allow_truncated,
    )
    return tuple(reading.document for reading in found)


def explain(
    page: Page | bytes | str,
    url: str | None = None,
    *,
    lang: str | None = None,
    allow_truncated: bool = False,
) -> tuple[Verdict, ...]:
    """Return every block of a page with its verdict, its probability of being main content, and the reason.

    Takes and raises what `extract` does.
    """
    from corpusalign.extract.document import read_page

    return read_page(_as_page(page, url), lang=lang, allow_truncated=allow_truncated).verdicts


def _as_page(page: Page | bytes | str, url: str | None) -> Page:
    from corpusalign.types import Page

    if isinstance(page, Page):
        return page
    from corpusalign.extract.document import page_of

    return page_of(page, url or "(no address)")
