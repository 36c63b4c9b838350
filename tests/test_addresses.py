"""Addresses and their language codes."""

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusalign.languages.addresses import (
    _HOST,
    _PLACES,
    _code,
    _is_code,
    language_of,
    may_name_language,
    site_of,
    skeleton,
)


@pytest.mark.parametrize(
    "alike",
    [
        ["https://www.example.org/plan", "http://example.org/fr/plan", "https://fr.example.org/plan"],
        ["http://a.org/x/index.en.html", "http://a.org/x/index.zh-cn.html", "http://a.org/x/index.html"],
        ["http://a.org/x_fr.htm?id=1", "http://a.org/x_zh.htm?id=1"],
        ["http://a.org/p?lang=en&id=2", "http://a.org/p?lang=zh_CN&id=2"],
        ["http://a.org/", "http://a.org/zh-CN/", "http://a.org/fr"],
        ["http://a.org/chn/x", "http://a.org/eng/x", "http://a.org/french/x", "http://a.org/zh-Hans-CN/x"],
        ["http://a.org/x/en.html", "http://a.org/x/zh-cn.html"],
        ["http://www.a.org/x", "http://english.www.a.org/x", "http://cn.a.org/x"],
    ],
)
def test_addresses_of_versions_are_alike(alike):
    assert len({skeleton(url) for url in alike}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.org/fr/one", "http://a.org/en/two"),
        ("http://example.fr/plan", "http://example.de/plan"),
        ("http://a.org/enfance/plan", "http://a.org/plan"),
        ("http://a.org/it/plan", "http://a.org/plan"),  # no language that is known
        ("http://a.org/p?id=1&lang=fr", "http://a.org/p?id=2&lang=en"),
        ("http://[", "http://]"),
    ],
)
def test_addresses_of_other_pages_are_not(one, other):
    assert skeleton(one) != skeleton(other)


@pytest.mark.parametrize(
    ("url", "lang"),
    [
        ("http://fr.example.org/plan", "fr"),
        ("http://www.example.org/zh-cn/plan", "zh"),
        ("http://example.org/plan.en.html", "en"),
        ("http://example.org/plan?lang=zh_CN", "zh"),
        ("http://example.org/fr.html", "fr"),
        ("http://example.fr/plan", None),  # a country
        ("http://example.org/en/fr/plan", None),
        ("http://example.org/plan", None),
        ("http://[", None),
    ],
)
def test_the_language_that_an_address_names(url, lang):
    assert language_of(url) == lang


def test_site_of():
    hosts = (
        "example.org",
        "www.example.org",
        "FR.example.org",
        "english.www.example.org",
        "www.zh.example.org",
    )
    assert {site_of(host) for host in hosts} == {"example.org"}
    assert site_of("mail.example.org") == "mail.example.org" and site_of("fr.org") == "fr.org"
    assert (
        site_of("www.fr") == "www.fr" and site_of("") == "" and site_of("fr.127.0.0.1:80") == "127.0.0.1:80"
    )


@pytest.mark.parametrize(
    "href",
    [
        "fr/plan",
        "/fr/plan",
        "../zh-CN/plan.html",
        "plan.fr.html",
        "plan?lang=fr",
        "//fr.example.org/plan",
        "http://zh.example.org/",
        "http://english.www.example.org/plan",
        "/fran%C3%A7ais/../fr/",
        "french/plan",
    ],
)
def test_no_link_that_names_a_language_is_passed_over(href: str) -> None:
    assert language_of(urljoin("http://www.example.org/", href)) is not None
    assert may_name_language(href)


def test_links_that_name_none_are_told_in_little_time() -> None:
    assert not any(
        map(may_name_language, ["#top", "/news/plan", "http://www.example.org/", "plan.html?id=7"])
    )


PIECES = ["en", "FR", "zh", "cn", "Hans", "french", "x", "/", "//", ".", "-", "_", "?", "&", "=", "lang="]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_what_looks_like_no_code_is_none(href):
    host = _HOST.search(href)
    in_host = host is not None and any(map(_is_code, host[1].lower().split(".")[:-2]))
    in_rest = any(_is_code(_code(place)) for place in _PLACES.finditer(f"/{href}"))
    assert may_name_language(href) == (in_host or in_rest)


def test_a_host_of_many_labels_is_read_in_linear_time(within_bounds: None) -> None:
    assert site_of("fr." * 1_500_000 + "example.org") == "example.org"
