"""What names tell: language, and what the versions of a page share."""

import pytest

from corpusalign.corpus.naming import read_address, read_name


@pytest.mark.parametrize(
    ("path", "stem", "lang"),
    [
        ("en/page.html", "page.html", "en"),
        ("zh-CN/guide/page.html", "guide/page.html", "zh"),
        ("guide/pt_BR/page.html", "guide/pt_BR/page.html", None),
        ("french/page.html", "page.html", "fr"),
        ("klingon/page.html", "klingon/page.html", None),
        ("chinese/page.html", "page.html", "zh"),
        ("page.fr.html", "page.html", "fr"),
        ("page_zh_CN.html", "page.html", "zh"),
        ("page-en.txt", "page.txt", "en"),
        ("a/fr.html", "a/*.html", "fr"),
        ("page.html.fr", "page.html", "fr"),
        ("fr/page.fr.html", "page.html", "fr"),
        ("en/learn-fr.html", "learn-fr.html", "en"),
        ("page.html", "page.html", None),
        ("how-to-do-it.html", "how-to-do-it.html", None),
        ("readme", "readme", None),
    ],
)
def test_read_name(path: str, stem: str, lang: str | None) -> None:
    assert read_name(path) == (stem, lang)


@pytest.mark.parametrize(
    ("url", "stem", "lang"),
    [
        ("https://example.org/en/page.html", "example.org/page.html", "en"),
        ("https://www.example.org/fr/", "example.org/", "fr"),
        ("https://zh.example.org/page", "example.org/page", "zh"),
        ("https://example.org/page?lang=fr&id=7", "example.org/page?id=7", "fr"),
        ("https://example.org/page?id=7", "example.org/page?id=7", None),
        ("https://fr.example.org/en/page", "example.org/en/page", "fr"),
        ("http://[broken", "http://[broken", None),
    ],
)
def test_read_address(url: str, stem: str, lang: str | None) -> None:
    assert read_address(url) == (stem, lang)
