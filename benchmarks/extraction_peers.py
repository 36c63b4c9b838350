"""The peers of `corpusalign.extract`, each as a function: page text -> paragraphs, None where it gave up.

They come with `pip install 'corpusalign[bench]'`. Every peer gets the text that our own decoding gives, so
that what is compared is the extraction; each is set to keep what gold keeps (tables, but no comments).
"""

from __future__ import annotations

from collections.abc import Callable

Peer = Callable[[str, str], list[str]]


def trafilatura(text: str, _lang: str) -> list[str]:
    from trafilatura import extract

    found = extract(text, include_comments=False, include_tables=True, favor_precision=False)
    return (found or "").split("\n")


def trafilatura_precision(text: str, _lang: str) -> list[str]:
    from trafilatura import extract

    found = extract(text, include_comments=False, include_tables=True, favor_precision=True)
    return (found or "").split("\n")


def readability(text: str, _lang: str) -> list[str]:
    """readability-lxml picks, and its own text_content() is what its users get."""
    from lxml.html import fromstring
    from readability import Document

    document = Document(text)
    summary = document.summary()
    body = fromstring(summary) if summary.strip() else None
    lines = [] if body is None else body.text_content().split("\n")
    return [document.short_title(), *lines]


def resiliparse(text: str, _lang: str) -> list[str]:
    from resiliparse.extract.html2text import extract_plain_text

    return str(extract_plain_text(text, main_content=True, alt_texts=False, comments=False)).split("\n")


def justext(text: str, lang: str) -> list[str]:
    """Run jusText with the stop words of the page's language; for Chinese, which it lacks, without any."""
    import justext as package

    names = {"en": "English", "fr": "French", "de": "German"}
    if lang in names:
        paragraphs = package.justext(text, package.get_stoplist(names[lang]))
    else:
        limits = {"stopwords_low": 0, "stopwords_high": 0, "length_low": 30, "length_high": 80}
        paragraphs = package.justext(text, frozenset(), **limits)
    return [paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate]


PEERS: dict[str, Peer] = {
    "trafilatura": trafilatura,
    "trafilatura, precision": trafilatura_precision,
    "readability-lxml": readability,
    "resiliparse": resiliparse,
    "jusText": justext,
}
