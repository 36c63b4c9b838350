"""Where other language versions are: what switchers on sites look like."""

import pytest

from corpusalign.extract import extract
from corpusalign.extract.alternates import alternates
from corpusalign.extract.tree import parse
from corpusalign.fetch import make_page

HERE = "https://www.example.org/en/news/1.html"


def found(markup, url=HERE, told=()):
    root = parse(f"<html><body><div>{markup}</div><p>Some text.</p></body></html>")
    assert root is not None
    addresses = alternates(root, url, "en", told)
    return {code: address.removeprefix("https://www.example.org") for code, address in addresses.items()}


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            '<a href="/a">中文</a> | <a href="/b">English</a> | <a href="/c">Français</a>',
            {"zh": "/a", "fr": "/c"},
        ),
        ('<a href="/a">EN</a> <a href="/b">FR</a> <a href="/c">ZH</a>', {"fr": "/b", "zh": "/c"}),
        ('<a href="/a">繁體</a> <a href="/b">简体</a>', {"zh": "/b"}),
        ('<a href="/a">[ 中文（繁體） ]</a>', {"zh": "/a"}),
        ('<a href="/a">FRANÇAIS</a> <a href="/b">Chinese (Simplified)</a>', {"fr": "/a", "zh": "/b"}),
        ('<a href="/a"><img src="f.png" alt="Français"></a>', {"fr": "/a"}),
        (
            '<a href="/a" title="中文"><i></i></a> <a href="/b" aria-label="Français">F</a>',
            {"zh": "/a", "fr": "/b"},
        ),
        ('<a href="/a"><span></span><span>Français</span></a>', {"fr": "/a"}),
        ('<select><option value="/a">简体中文<option value="fr">Français</select>', {"zh": "/a"}),
        ('<a href="http://french.example.cn/">Français</a>', {"fr": "http://french.example.cn/"}),
        ('<a href="/a">Les ministres se sont réunis</a> <a href="/b">大 中 小</a>', {}),
        ('<a href="/hk" hreflang="zh-Hant-HK">x</a> <a href="/cn" hreflang="zh-Hans">y</a>', {"zh": "/cn"}),
        ('<a href="/ca" hreflang="fr-CA">x</a> <a href="/fr" hreflang="fr">y</a>', {"fr": "/fr"}),
    ],
)
def test_switchers(markup, expected):
    assert found(markup) == expected


@pytest.mark.parametrize(
    ("url", "link", "code"),
    [
        ("https://en.example.org/n/1", "https://fr.example.org/n/1", "fr"),
        ("https://www.example.org/n/1", "https://fr.example.org/n/1", "fr"),
        ("https://www.example.org/n/1.html", "/zh-cn/n/1.html", "zh"),
        ("https://www.example.org/en-CA/n/1", "/zh-Hans/n/1", "zh"),
        ("https://www.example.org/eng/n/1.htm", "/chn/n/1.htm", "zh"),
        ("https://www.example.org/n/1?lang=en", "?lang=zh_CN", "zh"),
        ("https://www.example.org/n/1", "/n/1?lang=fr", "fr"),
        ("https://www.example.org/n?id=3&locale=en", "?id=3&amp;locale=fr", "fr"),
        ("https://www.example.org/n/1_en.html", "1_fr.html", "fr"),
        ("https://www.example.org/n/1.en.html", "1.zh-cn.html", "zh"),
        ("https://www.example.org/n/en.html", "fr.html", "fr"),
        ("https://www.example.org/n?id=3&locale=en", "?id=4&amp;locale=fr", None),
        ("https://www.example.org/en/n/1", "/fr/n/2", None),
        ("https://www.example.org/fr/n/1", "/n/1", None),  # which language is it in?
    ],
)
def test_addresses_that_differ_in_the_language_alone(url, link, code):
    assert list(found(f'<a href="{link}">x</a>', url)) == ([code] if code else [])


@pytest.mark.parametrize(
    ("url", "value", "code"),
    [
        ("https://www.example.org/en/n/1", "/fr/n/1", "fr"),
        ("https://www.example.org/n/1.en.html", "1.zh-cn.html", "zh"),
        ("https://www.example.org/n/1?lang=en", "?lang=fr", "fr"),
        ("https://www.example.org/en/n/1", "/fr/n/2", None),
        ("https://www.example.org/en/n/1", "fr", None),
        ("https://www.example.org/en/", "", None),
    ],
)
def test_entries_of_menus_count_as_links_do(url, value, code):
    entry = f'<header><select><option value="{value}">x</option></select></header>'
    assert list(found(entry, url)) == ([code] if code else [])
    # By its name, wherever it leads.
    named = found(f'<select><option value="{value}">Français</option></select>', url)
    assert ("fr" in named) is (value not in ("", "fr"))


def test_what_a_header_told_comes_after_hreflang_and_before_names():
    markup = '<a hreflang="fr" href="/a">x</a> <a href="/b">中文</a>'
    assert found(markup, told=[("fr", "/c"), ("zh-CN", "/d"), ("xx", "/e")]) == {"fr": "/a", "zh": "/d"}


def test_a_text_without_markup_has_the_versions_that_its_server_named():
    text = "The ministers met in the capital on Wednesday and agreed on a plan for the port.\n\n" * 3
    page = make_page(text.encode(), HERE, "text/plain", alternates=(("fr", "https://www.example.org/f"),))
    assert dict(extract(page).alternates) == {"fr": "https://www.example.org/f"}


@pytest.mark.parametrize(
    "piece",
    [
        "<a href=/fr/x><div>",
        "<a href=/fr/x><b>",
        '<a href="/zh/n/%E4%B8%AD">x</a>',
        "<link rel=alternate hreflang=fr href=/x>",
        "<option value=/a/>",
    ],
)
def test_floods(piece, within_bounds):
    found(piece * 100_000)
    found(f'<a href="/{"en/-fr?l=en&" * 100_000}">x</a>')
