"""The Link header: RFC 8288's own forms, and what else servers send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusalign.fetch.link_header import alternates

URL = "http://example.org/a/page"


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ('</fr/page>; rel="alternate"; hreflang="fr"', [("fr", "http://example.org/fr/page")]),
        ("<b>;hreflang=zh-CN;rel=alternate", [("zh-CN", "http://example.org/a/b")]),
        ('<b> ; REL = "start Alternate" ; HrefLang = "fr"', [("fr", "http://example.org/a/b")]),
        ('<b,c;d>; title="a, \\"<x>; b"; rel=alternate; hreflang=fr', [("fr", "http://example.org/a/b,c;d")]),
        (
            "<//h/1>; rel=alternate; hreflang=fr, <s>; rel=preload; as=s,, <2>; rel=alternate; hreflang=de",
            [("fr", "http://h/1"), ("de", "http://example.org/a/2")],
        ),
        ("<b>; rel=alternate; hreflang=fr; rel=stylesheet; crossorigin", [("fr", "http://example.org/a/b")]),
        ('<b>; rel="alternate"; hreflang="x-default"', []),
        ('<b>; rel="alternate"; type="application/rss+xml"', []),
        ('<b>; rel="canonical"; hreflang="fr"', []),
        ('<b>; rel=alternate; hreflang=fr; anchor="/other"', []),
        (
            "<http://[>; rel=alternate; hreflang=fr, <c>; rel=alternate; hreflang=de",
            [("de", "http://example.org/a/c")],
        ),
        ("<b", []),
        ("b; rel=alternate; hreflang=fr", []),
        ('<b>; rel="alternate; hreflang=fr', []),
        ("", []),
    ],
)
def test_versions(header, found):
    assert list(alternates(header, URL)) == found


@given(st.text(alphabet='<>;,="\\ \tabrelhfng-/:', max_size=200))
def test_anything_is_read_to_its_end(header):
    for tag, address in alternates(header, URL):
        assert tag and isinstance(address, str)


@pytest.mark.parametrize("piece", ['<a>;b="', "<a>;", ";=", '\\"', " ,", '<a>;b=c;d="e"', "<"])
def test_floods(piece, within_bounds):
    alternates(piece * (2_000_000 // len(piece)), URL)
    alternates("<a>;" + piece * (2_000_000 // len(piece)), URL)
