"""Features and weights: one column a name, finite figures, and a weights file that knows the same names."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusalign.extract.blocks import walk
from corpusalign.extract.classify import WEIGHTS, default_weights, probabilities, read_weights
from corpusalign.extract.features import (
    Columns,
    columns,
    element_names,
    elements_of,
    first_names,
    first_pass,
    nearby,
    second_names,
    second_pass,
)
from corpusalign.extract.features.nearby import window_sums
from corpusalign.extract.features.nesting import (
    climb,
    depths,
    heaviest,
    innermost,
    meet,
    subtree_sums,
    sums_above,
    within,
)
from corpusalign.extract.features.said import described_block
from corpusalign.extract.marks import mark_names, marks_of
from corpusalign.extract.metadata import Head, read_head, site_names
from corpusalign.extract.tree import parse

PAGES = [
    "<p>x</p>",
    "<h1>Title</h1><p>One, two; three. Four!</p>",
    "<nav><a href=a>a</a></nav><div class='article-body'><p>One. Two. Three, four.</p>"
    + "<p>x, y. Z.</p>" * 40,
]


@pytest.mark.parametrize("body", PAGES)
def test_every_feature_is_finite_and_named(body: str) -> None:
    root = parse(f"<html><body>{body}</body></html>")
    assert root is not None
    walked = walk(root)
    page = columns(walked, Head(titles=("Title",), descriptions=("One, two; three. Four!",)))
    first = first_pass(page)
    assert first.shape == (len(walked.candidates), len(first_names()))
    even = np.full(len(first), 0.5)
    elements = elements_of(page, even)
    assert elements.shape == (len(walked.parents), len(element_names()))
    second = second_pass(page, even, np.full(len(elements), 1 / len(elements)))
    assert second.shape == (len(walked.candidates), len(second_names()))
    assert np.isfinite(first).all()
    assert np.isfinite(elements).all()
    assert np.isfinite(second).all()
    found = probabilities(page, default_weights())
    assert ((found > 0) & (found < 1)).all()


def test_names_are_unique_and_the_weights_file_has_them_all() -> None:
    names = [*first_names(), *second_names(), *element_names()]
    assert len(set(names)) == len(names)
    written = {line.rpartition("=")[0].strip() for line in WEIGHTS.read_text(encoding="utf-8").splitlines()}
    assert set(names) <= written


def test_weights_without_lines_weigh_nothing(tmp_path: Path) -> None:
    path = tmp_path / "weights.txt"
    stays = "stay kept = 1\nstay dropped = 0\nstay together = 0\n"
    path.write_text(f"# none\nbias = 1.5 -2.5\n{stays}", encoding="utf-8")
    weights = read_weights(path)
    assert weights.first[-1] == 1.5
    assert weights.second[-1] == -2.5
    assert not weights.first[:-1].any()
    assert not weights.element.any()
    assert len(weights.second) == len(first_names()) + len(second_names()) + 1


def test_marks_read_the_words_of_names() -> None:
    names = mark_names()

    def said(tag: str, name: str, role: str | None = None) -> set[str]:
        bits = marks_of(tag, name, role)
        return {mark for place, mark in enumerate(names) if bits >> place & 1}

    assert said("nav", "") == {"<nav>"}
    assert said("div", "mainArticle") == {"main", "article"}
    assert said("div", "site-footer") == {"footer"}
    assert said("div", "head_line add-on") == {"header"}
    assert said("div", "x", "contentinfo") == {"<footer>"}


#      0 -> 1 -> 2, 3;  0 -> 4
PARENTS, ENDS = np.array([0, 0, 1, 1, 0]), np.array([5, 4, 3, 4, 5])


def test_heaviest_element_and_what_lies_within() -> None:
    weights = np.array([10.0, 9.0, 8.0, 1.0, 1.0])
    assert heaviest(PARENTS, weights, 0.6) == 2
    assert heaviest(PARENTS, weights, 0.95) == 0
    assert heaviest(PARENTS, np.array([10.0, 9.0, 4.5, 4.5, 1.0]), 0.5) == 2
    assert within(ENDS, 1).tolist() == [0, 1, 1, 1, 0]


def test_where_elements_meet() -> None:
    assert depths(ENDS).tolist() == [0, 1, 2, 2, 1]
    assert meet(PARENTS, ENDS, 2).tolist() == [0, 1, 2, 1, 0]
    assert sums_above(np.array([1.0, 2.0, 4.0, 8.0, 16.0]), ENDS).tolist() == [1, 3, 7, 11, 17]
    assert innermost(ENDS, np.array([1, 3])).tolist() == [0, 1, 1, 3, 0]
    assert innermost(ENDS, np.array([], dtype=np.int64)).tolist() == [0] * 5


@st.composite
def trees(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """Draw a tree as the walk numbers it: the parents and the ends of elements in document order."""
    parents, path = [0], [0]
    for number in range(1, draw(st.integers(1, 12))):
        del path[draw(st.integers(1, len(path))) :]
        parents.append(path[-1])
        path.append(number)
    ends = [number + 1 for number in range(len(parents))]
    for number in range(len(parents) - 1, 0, -1):
        ends[parents[number]] = max(ends[parents[number]], ends[number])
    return parents, ends


def _around(parents: list[int], number: int) -> list[int]:
    found = [number]
    while found[-1]:
        found.append(parents[found[-1]])
    return found


@given(trees(), st.randoms(use_true_random=False))
def test_arithmetic_on_the_tree_is_that_of_a_walk(tree: tuple[list[int], list[int]], random: Random) -> None:
    parents, ends = tree
    size = len(parents)
    values = [float(random.randrange(9)) for _ in range(size)]
    other = random.randrange(size)
    around = [_around(parents, number) for number in range(size)]
    assert depths(np.array(ends)).tolist() == [len(path) - 1 for path in around]
    assert sums_above(np.array(values), np.array(ends)).tolist() == [
        sum(values[number] for number in path) for path in around
    ]
    climbed = climb(np.array(parents), np.arange(size), 3)
    assert climbed.T.tolist() == [[*path, 0, 0, 0][1:4] for path in around]
    met = meet(np.array(parents), np.array(ends), other).tolist()
    assert met == [next(number for number in path if number in around[other]) for path in around]


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=12), st.lists(st.integers(1, 14), min_size=1, max_size=3)
)
def test_windows_hold_the_blocks_before_and_after(values: list[int], windows: list[int]) -> None:
    found = window_sums((np.array(values), np.ones(len(values))), windows)
    expected = [
        [sum(column[max(0, row - window) : row]), sum(column[row + 1 : row + 1 + window])]
        for column in (values, [1] * len(values))
        for window in windows
        for row in range(len(values))
    ]
    by_row = np.moveaxis(found.reshape(2, len(windows), 2, len(values)), 2, -1)
    assert by_row.reshape(-1, 2).tolist() == expected


def test_neighbours_are_looked_at_one_by_one() -> None:
    page = _page("<body><h2>One.</h2><div><p>Two. Three.</p><p><a href=a>four</a></p></div>")
    found = dict(zip(nearby.names(), nearby.matrix(page).T.tolist(), strict=True))
    assert found["heading -1"] == [0, 1, 0]
    assert found["ended +1"] == [1, 0, 0]
    assert found["link density -1"] == [1, 0, 0]
    assert found["link density +1"] == [0, 1, 1]
    assert found["same parent +1"] == [0, 1, 0]
    assert found["same template -1"] == [0, 0, 1]
    assert found["same parent -2"] == [0, 0, 0]


def _page(html: str) -> Columns:
    root = parse(f"<html>{html}</html>")
    assert root is not None
    return columns(walk(root), read_head(root))


def test_the_walk_numbers_elements_as_the_arithmetic_expects() -> None:
    page = _page("<body><div><p>a</p><p>b</p></div><div><p>c</p></div></body>")
    sums = subtree_sums(page, (page.width,))[:, 0]
    assert page.tags.tolist() == ["", "html", "body", "div", "p", "p", "div", "p"]
    assert sums.tolist() == [3, 3, 3, 2, 1, 1, 1, 1]


def test_the_description_finds_the_beginning_of_the_text() -> None:
    said = "The committee met on Monday and heard two reports"
    page = _page(
        f"<head><title>A page on meetings</title><meta name=description content='{said} ...'></head>"
        f"<body><h1>A page on meetings</h1><p>Short.</p><p>{said}, one of them long. It met again.</p></body>"
    )
    assert described_block(page) == 2
    assert page.described.tolist() == [False, False, True]
    assert described_block(_page("<body><p>Nothing is said of this text.</p></body>")) is None


def test_the_body_that_the_head_repeats_is_known_by_both_ends_of_a_block() -> None:
    first = "The committee met on Monday and heard two reports of its members."
    second = "It agreed to publish both of them before the end of the month."
    more = "It was the third meeting of the committee in this year, and the last but one."
    page = _page(
        '<head><script type="application/ld+json">{"@type": "NewsArticle", "articleBody": '
        f'"{first} {second} {more}"}}</script></head><body><p>{first}</p><p>{second}</p>'
        "<p>The committee met on Monday and went home without any result at all.</p></body>"
    )
    assert page.in_body.tolist() == [True, True, False]
    assert page.head.kinds == ("NewsArticle",)


def test_a_page_that_scripts_write_is_read_as_without_scripts() -> None:
    said = "<p>The committee met on Monday, heard two reports, and agreed to publish both of them.</p>" * 15
    written = parse(f"<html><body><p>Loading</p><noscript>{said}</noscript></body></html>")
    shown = parse(f"<html><body>{said}<noscript><p>Please turn scripts on.</p></noscript></body></html>")
    assert written is not None
    assert shown is not None
    assert len(walk(written).candidates) == 16
    assert len(walk(shown).candidates) == 15


def test_the_site_is_named_by_what_titles_end_with() -> None:
    head = Head(
        titles=("A river was cleaned | The Courier", "A river was cleaned"), sites=("Courier Online",)
    )
    assert site_names(head) == {"thecourier", "courieronline"}
    assert site_names(Head(titles=("The Courier | The Courier",))) == frozenset()
