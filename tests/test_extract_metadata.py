"""Dates, datelines, line rules, metadata of the head, and the other language versions."""

from __future__ import annotations

import re

import pytest
from lxml.etree import _Element as Element

from corpusalign.extract.alternates import alternates
from corpusalign.extract.dateline import Dateline, read_dateline
from corpusalign.extract.dates import find_date
from corpusalign.extract.metadata import Head, read_head, title_forms
from corpusalign.extract.rules import LONGEST_LINE, boilerplate_rule, is_switcher
from corpusalign.extract.tree import parse
from corpusalign.languages import entries, known


@pytest.mark.parametrize(
    ("text", "lang", "iso"),
    [
        ("2020-11-11", None, "2020-11-11"),
        ("2020年11月1日 09:30", None, "2020-11-01"),
        ("November 11, 2020", None, "2020-11-11"),
        ("11 novembre 2020", None, "2020-11-11"),
        ("1er mars 2021", None, "2021-03-01"),
        ("3. Mai 2021", None, "2021-05-03"),
        ("13/09/2000", "en", "2000-09-13"),
        ("03/04/2020", "fr", "2020-04-03"),
        ("03/04/2020", "en", "2020-03-04"),
        ("2020-02-31", None, None),
        ("version 1.2.2020a", None, "2020-02-01"),
        ("no date in 2020", None, None),
    ],
)
def test_dates_are_read_in_every_language(text: str, lang: str | None, iso: str | None) -> None:
    found = find_date(text, lang)
    assert (found.iso if found else None) == iso


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Xinhua| Updated: 2020-11-11", Dateline("2020-11-11", "Xinhua", None)),
        ("来源：新华社\xa0\xa0更新时间：2020-11-11", Dateline("2020-11-11", "新华社", None)),
        ("Source\xa0: Xinhua | Mis à jour le 11 novembre 2020", Dateline("2020-11-11", "Xinhua", None)),
        ("发布时间：2021-05-22 10:00 来源：县文化局 作者：李四", Dateline("2021-05-22", "县文化局", "李四")),
        ("2011-12-09 18:51", Dateline("2011-12-09", None, None)),
        ("By Jane Doe", Dateline(None, None, "Jane Doe")),
        ("Beijing, 10 November 2020", None),
        ("2020年11月10日，北京", None),
        ("By land and sea they came.", None),
        (
            "The report was published on 3 May 2020, and nobody had read it by the summer.",
            None,
        ),
        ("", None),
    ],
)
def test_datelines_are_told_from_text(line: str, said: Dateline | None) -> None:
    assert read_dateline(line) == said


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            "Copyright ©  China International Development Cooperation Agency. All rights reserved.",
            "copyright",
        ),
        ("版权声明：本文为原创文章", "copyright"),
        ("关于我们 | 版权声明 | 网站地图", "copyright"),
        ("京ICP备18041594号-1", "registration"),
        ("京公网安备 11010202005508号", "registration"),
        ("您的位置：首页 > 讲话", "breadcrumb"),
        ("字号：[大 中 小]", "page tool"),
        ("打印本页 关闭窗口", "page tool"),
        ("Retour en haut", "page tool"),
        ("Vous êtes ici : Accueil > Discours", "breadcrumb"),
        ("上一篇：某某", "previous and next"),
        ("责任编辑：甲乙丙", "editor"),
        ("À lire aussi", "related"),
        ("分享到：微信 微博", "share"),
        ("扫一扫 分享到朋友圈", "share"),
        ("打开微信，扫一扫二维码", "share"),
        ("某报官方微信平台", "share"),
        ("手机客户端：随时看新闻", "share"),
        ("阅读 123", "views"),
        ("中文 Français Contact Us", "language switcher"),
        ("The council printed this page of its history in red.", None),
        ("第一，我们要加强合作。", None),
        ("Location: Helsinki", None),
        ("参观者扫一扫门口的二维码，就能听到讲解。", None),
        ("村民用手机扫一扫就能付款", None),
        ("在遵守并包含本文档版权声明的前提下，允许制作和发布本文档的完整拷贝。", None),
        ("微信公众号成为政府发布信息的重要渠道", None),
    ],
)
def test_line_rules(line: str, reason: str | None) -> None:
    rule = boilerplate_rule(line)
    assert (rule.reason if rule else None) == reason


def test_switchers_hold_language_names_and_little_else() -> None:
    assert is_switcher("English | Français | 中文")
    assert is_switcher("简体 / 繁體 / EN")
    assert not is_switcher("English grammar")
    assert not is_switcher("Contact us")


@pytest.mark.parametrize("code", known())
def test_every_rule_compiles_without_groups_of_its_own(code: str) -> None:
    for entry in entries(code, "boilerplate"):
        reason, colon, pattern = entry.partition(":")
        assert colon
        assert reason.strip()
        assert re.compile(pattern.strip()).groups == 0


def test_no_line_makes_the_rules_run_for_ever() -> None:
    for word in ("home ", "accueil | ", "1", "[1] ", "分享", "print / ", "\xa0", "a ", "contact us "):
        line = (word * LONGEST_LINE)[: LONGEST_LINE - 1] + "\x7f"
        boilerplate_rule(line)
        read_dateline(line[:199])


def _root(head: str = "", body: str = "") -> Element:
    root = parse(f"<html><head>{head}</head><body>{body}</body></html>")
    assert root is not None
    return root


def test_head_is_read_from_meta_and_linked_data() -> None:
    head = read_head(
        _root(
            "<title>A long title - The Site</title><meta name='PubDate' content='2020-11-11 09:00'>"
            "<meta property='og:title' content='A long title'><meta name=ContentSource content=新华社>"
            """<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "headline": "H",
            "datePublished": "2021-03-03T09:30:00+01:00", "author": [{"name": "Jane Doe"}]}]}</script>"""
        )
    )
    assert head.titles == ("A long title", "H", "A long title - The Site")
    assert head.dates == ("2020-11-11 09:00", "2021-03-03T09:30:00+01:00")
    assert (head.authors, head.sources) == (("Jane Doe",), ("新华社",))
    assert "The Site" in title_forms(head)


@pytest.mark.parametrize(
    "script", ["[" * 5000, "{", '"x"', '{"@type": "Article", "headline": 3}', "[null, 1]"]
)
def test_broken_linked_data_is_passed_over(script: str) -> None:
    head = read_head(_root(f'<script type="application/ld+json">{script}</script>'))
    assert head.titles == ()


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ('["Ann", {"name": ["Bo", "Cy"]}, null, 3]', ("Ann, Bo, Cy",)),
        ("[]", ()),
        ('""', ()),
        ("[" * 600 + '"Ann"' + "]" * 600, ("Ann",)),
        ('{"name": ' * 600 + '"Ann"' + "}" * 600, ("Ann",)),
    ],
)
def test_authors_of_linked_data(author: str, names: tuple[str, ...]) -> None:
    script = f'{{"@type": ["Article", "Report"], "author": {author}}}'
    head = read_head(_root(f'<script type="application/ld+json">{script}</script>'))
    assert (head.authors, head.kinds) == (names, ("Article, Report",))


def test_a_title_never_closed_is_none_and_its_forms_are_bounded() -> None:
    assert read_head(_root(f"<title>{'A title. ' * 1000}</title>")).titles == ()
    head = Head(titles=tuple(f"Part {number} | The same site" for number in range(1000)))
    assert len(title_forms(head)) == 200


def test_alternates_from_hreflang_then_names_then_addresses() -> None:
    url = "https://example.org/en/page.html"
    root = _root(
        '<link rel="alternate" hreflang="fr-FR" href="/fr/page.html">'
        '<link rel="alternate" hreflang="x-default" href="/">'
        '<link rel="alternate" hreflang="en" href="/en/page.html">'
        '<link rel="stylesheet" hreflang="zh" href="/s.css">',
        '<a href="zh_page.html">简体中文</a> <a href="/de/page.html">the same</a> <a href="#">Deutsch</a>',
    )
    assert alternates(root, url, "en") == {
        "fr": "https://example.org/fr/page.html",
        "zh": "https://example.org/en/zh_page.html",
        "de": "https://example.org/de/page.html",
    }


@pytest.mark.parametrize("href", ["javascript:go('fr')", "mailto:fr@example.org", "http://[broken"])
def test_links_that_are_no_addresses_are_no_alternates(href: str) -> None:
    assert alternates(_root("", f'<a href="{href}">Français</a>'), "https://example.org/en/", "en") == {}


def test_addresses_of_versions_start_from_the_base() -> None:
    root = _root('<base href="/">', '<a href="fr/about/team.html">Notre équipe</a>')
    found = alternates(root, "https://example.org/en/about/team.html", "en")
    assert found == {"fr": "https://example.org/fr/about/team.html"}


def test_a_base_that_is_no_address_is_passed_over() -> None:
    root = _root('<base href="http://[x">', '<a href="/fr/" hreflang="fr">Français</a>')
    assert alternates(root, "https://example.org/en/", "en") == {"fr": "https://example.org/fr/"}
