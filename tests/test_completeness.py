import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusalign.extract.completeness import is_truncated

PAGE = (
    '<!DOCTYPE html><html lang="en"><head><title>A page</title><meta charset="utf-8">'
    '<script>if (a < b) document.write("<p>never</p>")</script></head><body class="a > b">'
    "<!-- a comment > with < signs --><div><p>First paragraph &amp; more.</p><p>Second.</p>"
    "<a href='x?a=1&b=2' title=\"'\">link</a></div></body></html>\n"
)


def test_every_cut_of_a_page_is_told():
    body = PAGE.index("<div>") + len("<div>")
    end = PAGE.index("</div>")
    assert is_truncated(PAGE) is None
    assert all(is_truncated(PAGE[:cut]) for cut in range(body, end))


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<html><body><p>Text <a href='x", "inside a <a> tag"),
        ("<html><body><p>Text <a href='x'>y</a", "inside a </a> tag"),
        ("<html><body><p>Text <", "inside a tag"),
        ("<html><body><p>Text <!-- note", "inside a comment"),
        ("<html><body><script>var a = '</scr", "inside a <script> element"),
        ("<html><style>p { margin: 0", "inside a <style> element"),
        ("<!DOCTYPE ht", "inside a declaration"),
        ("<p>Caf&eacut", "inside a character reference"),
        ("<html><body><div><p>Text of", "opens <body> and never closes it"),
        ("<html><div>Text of", "opens <html> and never closes it"),
    ],
)
def test_reasons(html, reason):
    assert reason in (is_truncated(html) or "")


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p>A fragment",
        "<title>T</title><p>One<p>Two<ul><li>a<li>b</ul>",
        "<html><body><p>All closing tags that may be left out are<ul><li>left out</ul>",
        "<html><body><p>a < b and b > a</body></html>",
        "<html><body><p title='unclosed>quote</p></body></html>",
        "<html><body><p>Text<!-- unclosed</body></html>",
        "<html><body>x</body></html><!-- served in 0.1 s --><script>done()</script>",
        "<HTML><BODY>x</BODY></HTML>",
        "<!--><p>after an empty comment</p>",
    ],
)
def test_complete_pages(html):
    assert is_truncated(html) is None


@pytest.mark.parametrize(
    "unit",
    [
        "<",
        "<a ",
        "<!--",
        '<a b="',
        "<script>",
        "<a =",
        "&",
        "<a b='\"'",
        "</",
        "<title></titl",
        "<!",
        "<div>",
        "=",
    ],
)
def test_hostile_repetition_ends(unit):
    is_truncated(unit * 200_000)


@given(st.text(alphabet="<>/!-=\"' apscrit&;x"))
def test_any_text_gives_a_reason_or_none(text):
    reason = is_truncated(text)
    assert reason is None or reason.startswith("it ")
