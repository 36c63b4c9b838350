"""Markup of every kind of brokenness -> a tree in which the text is where a browser has it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusalign.extract import extract
from corpusalign.extract.blocks import walk
from corpusalign.extract.tree import (
    _CONTROL,
    _LONG_REST,
    _LONG_TAG,
    _MANY_QUOTED,
    _MOST_ATTRIBUTES,
    _QUOTED_END,
    _SHORT_TAG,
    MAX_DEPTH,
    _may_be_flooded,
    _without_controls,
    gather,
    parse,
)


def texts(markup: str) -> list[str]:
    root = parse(markup)
    assert root is not None
    return [candidate.block.text for candidate in walk(root).candidates]


def depth(markup: str) -> int:
    root = parse(markup)
    assert root is not None
    return max(sum(1 for _ in element.iterancestors()) for element in root.iter())


@pytest.mark.parametrize("quoted", ["'>'", '"<b>"', "1", "''"])
def test_of_a_flood_of_attributes_the_first_stay(quoted: str) -> None:
    flood = " ".join(f"a{number}={quoted}" for number in range(3 * _MOST_ATTRIBUTES))
    root = parse(f"<body><p lang=fr {flood} class=x>Un pont</p><p>Deux ponts</p>")
    assert root is not None
    first, second = root.iter("p")
    assert (first.get("lang"), first.get("a0"), first.text) == ("fr", quoted.strip("'\""), "Un pont")
    assert len(first.attrib) == _MOST_ATTRIBUTES
    assert second.text == "Deux ponts"


@pytest.mark.parametrize("quoted", ["'>'", '">>"', '"a>b"'])
def test_a_flood_after_a_value_that_looks_like_the_tags_end_is_cut_too(quoted: str) -> None:
    flood = " ".join(f"a{number}" for number in range(3 * _MOST_ATTRIBUTES))
    root = parse(f'<body><i title=x>="</i><p title={quoted} {flood}>Un pont</p><p>Deux ponts</p>')
    assert root is not None
    first, second = root.iter("p")
    assert (first.get("title"), first.text, second.text) == (quoted.strip("'\""), "Un pont", "Deux ponts")
    assert len(first.attrib) == _MOST_ATTRIBUTES


def test_a_tag_of_many_long_attributes_stays_whole() -> None:
    data = "A" * 100_000
    root = parse(f"<body><p title=\"{data} > {data}\" data-x='{data}' id=here>Un pont</p>")
    assert root is not None
    (paragraph,) = root.iter("p")
    assert set(paragraph.attrib) == {"title", "data-x", "id"}
    assert paragraph.text == "Un pont"


def test_what_looks_like_a_tag_in_a_script_or_comment_is_none() -> None:
    flood = "<b " + " x" * 3000
    markup = f"<body><script>if (a{flood}) {{}}</script><!-- {flood} --><p>Un pont</p>"
    assert texts(markup) == ["Un pont"]


def test_a_page_in_a_comment_that_never_ends_is_read_by_beautiful_soup() -> None:
    assert parse("<!-- nothing but a comment -->") is None
    page = (
        "<!-- made by hand <html><body><h1>Le pont</h1><p>Le pont fut réparé au printemps.</p></body></html>"
    )
    assert texts(page)[-2:] == ["Le pont", "Le pont fut réparé au printemps."]
    document = extract(page, lang="fr")
    assert "Le pont fut réparé au printemps." in [block.text for block in document.blocks]


def test_elements_beside_what_nests_too_deep_keep_their_place() -> None:
    deep = "<section>" * 3 * MAX_DEPTH + "<p>inside</p>" + "</section>" * 3 * MAX_DEPTH
    root = parse(f"<body><main>{deep}<h2>after</h2></main><p>outside</p></body>")
    assert root is not None
    (heading,) = root.iter("h2")
    assert heading.getparent().tag == "main"
    last = list(root.iter("p"))[-1]
    assert (last.text, last.getparent().tag) == ("outside", "body")


TAGS = ("div", "p", "b", "i", "a", "span", "table", "tr", "td", "ul", "li", "font", "h1", "form", "x")
steps = st.lists(st.tuples(st.sampled_from(TAGS), st.booleans()), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(steps, st.integers(min_value=300, max_value=3000))
def test_no_markup_nests_without_bound_and_the_text_stays(
    pattern: list[tuple[str, bool]], times: int
) -> None:
    piece = "".join(f"</{tag}>" if closes else f"<{tag}>" for tag, closes in pattern)
    markup = f"<body>{piece * times}<p>The text.</p></body>"
    assert depth(markup) <= 2048
    assert "The text." in " ".join(texts(markup))


@given(st.text(alphabet="a<é文\t\n\x00\x0b\x0c\r\x1f\x7f\ud800\ufffd\ufffe\uffff"))
def test_controls_are_left_out_wherever_they_stand(markup: str) -> None:
    assert _without_controls(markup) == _CONTROL.sub("", markup)


LONG = "x" * _SHORT_TAG
FLOODED = ["<a", "<", ">", '="', "='", "=", '"', "'", " ", LONG, LONG[1:], 'a="b>" ' * (_MANY_QUOTED - 1)]


@given(st.lists(st.sampled_from(FLOODED), max_size=10).map("".join))
def test_floods_are_suspected_as_if_all_of_the_page_were_looked_through(markup: str) -> None:
    assert _may_be_flooded(markup) == (
        _LONG_TAG.search(markup) is not None
        or _LONG_REST.search(markup) is not None
        or len(_QUOTED_END.findall(markup)) >= _MANY_QUOTED
    )


@given(
    st.lists(st.sampled_from(["a", "area", "base", "p", "script", "select", "option", "table"]), max_size=9)
)
def test_one_pass_gathers_what_one_for_each_name_would(tags: list[str]) -> None:
    root = parse("<title>t</title>" + "".join(f"<{tag}>" for tag in tags))
    assert root is not None
    gathered = gather(root)
    assert gathered.links == list(root.iter("a", "link", "option", "area"))
    assert gathered.named == {name: list(root.iter(name)) for name in gathered.named}
