"""Page -> Document: boilerplate off, blocks in reading order, metadata, the other language versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpusalign import arguments
from corpusalign.types import Page

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence

    from corpusalign.errors import CorpusAlignError
    from corpusalign.extract.document import Reading
    from corpusalign.extract.judge import Verdict
    from corpusalign.extract.site_profile import SiteProfile
    from corpusalign.types import Document

__all__ = [
    "explain",
    "extract",
    "extract_each",
    "extract_versions",
    "learn_site_profile",
    "read_site_profile",
    "write_site_profile",
]


@arguments.checked(
    page=arguments.one_of(Page, bytes, str),
    url=arguments.optional(arguments.text),
    lang=arguments.optional(arguments.text),
    allow_truncated=arguments.flag,
    profile=arguments.optional(arguments.named("corpusalign.extract.site_profile.SiteProfile")),
)
def extract(
    page: Page | bytes | str,
    url: str | None = None,
    *,
    lang: str | None = None,
    allow_truncated: bool = False,
    profile: SiteProfile | None = None,
) -> Document:
    """Return what a page says: HTML, plain text or Markdown, as a fetched page, bytes or text.

    `url` names bytes or text that have no address; `lang` settles the language, which is otherwise taken from
    the markup and checked against the text; `allow_truncated` takes a page that is evidently cut short;
    `profile` is what was learned of the page's site (`learn_site_profile`).

    Raises DecodeError for what is no text, ExtractError for an empty page, one without text and a truncated
    one, LanguageError where the language is unknown and cannot be told.
    """
    return _read(_as_page(page, url), lang, allow_truncated, profile).document


@arguments.checked(
    pages=arguments.in_order(arguments.one_of(Page, bytes, str)),
    urls=arguments.optional(arguments.in_order(arguments.optional(arguments.text))),
    langs=arguments.languages_of_pages,
    allow_truncated=arguments.flag,
    profile=arguments.optional(arguments.named("corpusalign.extract.site_profile.SiteProfile")),
)
def extract_versions(
    pages: Sequence[Page | bytes | str],
    urls: Sequence[str | None] | None = None,
    *,
    langs: Sequence[str | None] | None = None,
    allow_truncated: bool = False,
    profile: SiteProfile | None = None,
) -> tuple[Document, ...]:
    """Return what the language versions of one page say, cleaned together, in the order given.

    Blocks that stand in the same place of the versions' common template are kept or dropped in all of them
    alike. `urls` and `langs` go with `pages`, one each; the rest is as in `extract`, whose errors are raised.
    """
    names = urls if urls is not None else [None] * len(pages)
    named = [_as_page(page, url) for page, url in zip(pages, names, strict=True)]
    found = extract_each(named, langs=langs, allow_truncated=allow_truncated, profile=profile)
    documents: list[Document] = []
    for document in found:
        if isinstance(document, Exception):
            raise document
        documents.append(document)
    return tuple(documents)


@arguments.checked(
    pages=arguments.in_order(arguments.one_of(Page)),
    langs=arguments.languages_of_pages,
    allow_truncated=arguments.flag,
    profile=arguments.optional(arguments.named("corpusalign.extract.site_profile.SiteProfile")),
)
def extract_each(
    pages: Sequence[Page],
    *,
    langs: Sequence[str | None] | None = None,
    allow_truncated: bool = False,
    profile: SiteProfile | None = None,
) -> tuple[Document | CorpusAlignError, ...]:
    """Do what `extract_versions` does with the pages that can be read, and return the others' errors."""
    from corpusalign.extract.versions import read_versions

    found = read_versions(
        pages,
        langs=langs if langs is not None else [None] * len(pages),
        allow_truncated=allow_truncated,
        profile=profile,
    )
    return tuple(one if isinstance(one, Exception) else one.document for one in found)


@arguments.checked(
    page=arguments.one_of(Page, bytes, str),
    url=arguments.optional(arguments.text),
    lang=arguments.optional(arguments.text),
    allow_truncated=arguments.flag,
    profile=arguments.optional(arguments.named("corpusalign.extract.site_profile.SiteProfile")),
)
def explain(
    page: Page | bytes | str,
    url: str | None = None,
    *,
    lang: str | None = None,
    allow_truncated: bool = False,
    profile: SiteProfile | None = None,
) -> tuple[Verdict, ...]:
    """Return every block of a page with its verdict, its probability of being main content, and the reason.

    Takes and raises what `extract` does.
    """
    return _read(_as_page(page, url), lang, allow_truncated, profile).verdicts


@arguments.checked(pages=arguments.stream(arguments.one_of(Page, bytes, str)))
def learn_site_profile(pages: Iterable[Page | bytes | str]) -> SiteProfile:
    """Return what several pages of one site share, as evidence on what is boilerplate on its other pages.

    Three pages or more; some ten to a hundred different ones are best, in all languages. Those that cannot be
    read are passed over. Raises ExtractError where fewer than three can.
    """
    from corpusalign.extract.site_profile import learn

    return learn(_as_page(page, None) for page in pages)


@arguments.checked(
    profile=arguments.named("corpusalign.extract.site_profile.SiteProfile"), path=arguments.path
)
def write_site_profile(profile: SiteProfile, path: str | os.PathLike[str]) -> None:
    """Save a profile as JSON: digests of texts and paths of elements, no text. Raises FormatError."""
    from corpusalign.extract.site_profile import write_profile

    write_profile(profile, path)


@arguments.checked(path=arguments.path)
def read_site_profile(path: str | os.PathLike[str]) -> SiteProfile:
    """Read a saved profile. Raises FormatError for a file that is none."""
    from corpusalign.extract.site_profile import read_profile

    return read_profile(path)


def _read(page: Page, lang: str | None, allow_truncated: bool, profile: SiteProfile | None) -> Reading:
    """Read one page as the set of versions that it is alone."""
    from corpusalign.extract.versions import read_versions

    (found,) = read_versions([page], langs=[lang], allow_truncated=allow_truncated, profile=profile)
    if isinstance(found, Exception):
        raise found
    return found


def _as_page(page: Page | bytes | str, url: str | None) -> Page:
    if isinstance(page, Page):
        return page
    from corpusalign.extract.document import page_of

    return page_of(page, url or "(no address)")
