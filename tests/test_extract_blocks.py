"""The block walk: what a browser shows as a block is a block, with the text that a browser shows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusalign.extract.blocks import Walk, walk
from corpusalign.extract.tree import MAX_DEPTH, is_markup, parse


def _walk(body: str) -> Walk:
    root = parse(f"<html><body>{body}</body></html>")
    assert root is not None
    return walk(root)


def _shown(body: str) -> list[tuple[str, int, str]]:
    return [(c.block.kind, c.block.level, c.block.text) for c in _walk(body).candidates]


def _texts(body: str) -> list[str]:
    return [text for _, _, text in _shown(body)]


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("<p>one <b>two</b>\n three</p>", ["one two three"]),
        ("<p>M<sup>me</sup>&nbsp;A, 60&#8239;km</p>", ["Mme\xa0A, 60\u202fkm"]),
        ("<p>a<span>b</span><i>c</i></p>", ["abc"]),
        ("<p>one<!-- no --> two</p>", ["one two"]),
        ("<p>one<p>two<div>three", ["one", "two", "three"]),
        ("before<div>in</div>after", ["before", "in", "after"]),
        ("<p>\u3000\u3000委员会开会。\u3000</p>", ["委员会开会。"]),
        ("<p>x</p><script>y</script><style>z</style><noscript>n</noscript>", ["x"]),
        ("<select><option>a</select><textarea>b</textarea><button>c</button><p>d", ["d"]),
        ("<p>one<span style='display:block'>two</span>three</p>", ["one", "two", "three"]),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", ["漢"]),
        ("<p> \n\t </p><p>&nbsp;</p><p>x</p>", ["x"]),
    ],
)
def test_text_is_joined_as_a_browser_shows_it(body: str, texts: list[str]) -> None:
    assert _texts(body) == texts


def test_kinds_and_levels() -> None:
    body = (
        "<h1>Title <br> of it</h1><h3><div>Sub</div></h3><p>Text</p>"
        "<ul><li>one<ul><li>two</ul><li><p>three</p></ul>"
        "<blockquote><p>said</p></blockquote><figure><figcaption>shown</figcaption></figure>"
        "<dl><dt>term<dd>meaning</dl><pre>a\n  b</pre>"
    )
    assert _shown(body) == [
        ("heading", 1, "Title of it"),
        ("heading", 3, "Sub"),
        ("paragraph", 0, "Text"),
        ("list_item", 1, "one"),
        ("list_item", 2, "two"),
        ("list_item", 1, "three"),
        ("quote", 0, "said"),
        ("caption", 0, "shown"),
        ("list_item", 1, "term"),
        ("list_item", 1, "meaning"),
        ("preformatted", 0, "a\n  b"),
    ]


def test_an_unclosed_heading_does_not_swallow_the_page() -> None:
    shown = _shown("<h2>Head<div>" + "<p>A paragraph that goes on for a while, as they do.</p>" * 30)
    assert len(shown) == 31
    assert all(kind == "paragraph" for kind, _, _ in shown)


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("<div>One.<br><br>Two.<br>Three.</div>", ["One.", "Two.", "Three."]),
        ("<td>\u3000\u3000第一段。<br>\u3000\u3000第二段。</td>", ["第一段。", "第二段。"]),
        ("<div>第一段。\u3000\u3000第二段。</div>", ["第一段。", "第二段。"]),
    ],
)
def test_line_breaks_make_paragraphs(body: str, texts: list[str]) -> None:
    assert _texts(body) == texts


def test_hard_wrapped_lines_are_joined() -> None:
    lines = [
        "The committee of the city council met on Monday and",
        "heard two reports about the river and its banks, which",
        "the engineers of the port authority had prepared in the",
        "course of the winter.",
        "A second paragraph began on a line of its own and it",
        "went on to the next line.",
    ]
    assert _texts("<div>" + "<br>".join(lines) + "</div>") == [" ".join(lines[:4]), " ".join(lines[4:])]


def test_data_tables_go_by_cell_and_layout_tables_by_their_content() -> None:
    data = (
        "<table><caption>Sums</caption><tr><th>Place</th><th>Tons</th></tr>"
        "<tr><td>Weir<br>north</td><td></td></tr></table>"
    )
    assert _shown(data) == [
        ("caption", 0, "Sums"),
        ("table_cell", 0, "Place"),
        ("table_cell", 0, "Tons"),
        ("table_cell", 0, "Weir north"),
    ]
    layout = f"<table><tr><td><p>One.</p><p>Two.</p>{data}</td></tr><tr><td>Foot</td></tr></table>"
    assert _shown(layout) == [
        ("paragraph", 0, "One."),
        ("paragraph", 0, "Two."),
        *_shown(data),
        ("paragraph", 0, "Foot"),
    ]


def test_links_are_counted_across_blocks() -> None:
    first, second, third = _walk('<a href="x">one<div>two</div></a><p>three <a href="y">4</a></p>').candidates
    assert (first.link_chars, first.links) == (3, 1)
    assert (second.link_chars, second.links) == (3, 1)
    assert (third.link_chars, third.links) == (1, 1)


def test_paths_lead_back_to_the_element() -> None:
    root = parse("<html><body><div><p>one</p><p>two <b>three</b></p></div><div>four</div></body></html>")
    assert root is not None
    for candidate in walk(root).candidates:
        [element] = root.xpath(candidate.block.path)
        assert candidate.block.text == "".join(element.itertext())


def test_nesting_without_end_is_flattened_and_nothing_after_it_is_lost() -> None:
    body = "<div>" * 30_000 + "<p>deep</p>" + "</div>" * 30_000 + "<p>after</p>"
    found = _walk(body).candidates
    assert [candidate.block.text for candidate in found] == ["deep", "after"]
    assert all(candidate.block.path.count("/") <= MAX_DEPTH for candidate in found)


def test_one_tag_with_endless_attributes_is_cut_short() -> None:
    attributes = " ".join(f"a{number}=x" for number in range(50_000))
    assert _texts(f"<p {attributes}>text</p>") == ["text"]


def test_control_characters_and_lone_surrogates_do_not_end_the_page() -> None:
    assert _texts("<p>a\0b</p><p>c\ud800d\x0be</p>") == ["ab", "cde"]


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("<!DOCTYPE html><p>x", True),
        ("  <div>x</div>", True),
        ("if a < b and c > d: print", False),
        ("He wrote <p> once", False),
        ("text <p>one</p><p>two</p>", True),
        ("", False),
    ],
)
def test_markup_is_told_from_text(text: str, markup: bool) -> None:
    assert is_markup(text) is markup


TAGS = ["div", "p", "b", "a", "table", "tr", "td", "li", "ul", "h2", "br", "span", "pre", "section"]


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
            st.text(alphabet="ab \n\xa0\u3000中&;<", max_size=6),
        ),
        max_size=40,
    )
)
def test_no_markup_breaks_the_walk_and_blocks_hold_clean_text(pieces: list[str]) -> None:
    root = parse("".join(pieces))
    if root is None:
        return
    found = walk(root)
    for candidate in found.candidates:
        text = candidate.block.text
        assert text.strip()
        assert "\x02" not in text
        assert "\x03" not in text
        assert 0 <= candidate.link_chars <= len(text)
        if candidate.block.kind != "preformatted":
            assert text == text.strip()
            assert "\n" not in text
            assert "  " not in text
        assert 0 <= candidate.frame < len(found.parents)
    assert all(parent < number for number, parent in enumerate(found.parents) if number)
