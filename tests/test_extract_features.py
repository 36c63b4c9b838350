"""Features and weights: one column a name, finite figures, and a weights file that knows the same names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corpusalign.extract.blocks import walk
from corpusalign.extract.classify import WEIGHTS, default_weights, probabilities, read_weights
from corpusalign.extract.features import columns, first_names, first_pass, second_names, second_pass
from corpusalign.extract.features.containers import heaviest, within
from corpusalign.extract.marks import mark_names, marks_of
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
    page = columns(walked, ["Title"])
    first = first_pass(page)
    assert first.shape == (len(walked.candidates), len(first_names()))
    second = second_pass(page, np.full(len(first), 0.5))
    assert second.shape == (len(walked.candidates), len(second_names()))
    assert np.isfinite(first).all()
    assert np.isfinite(second).all()
    found = probabilities(page, default_weights())
    assert ((found > 0) & (found < 1)).all()


def test_names_are_unique_and_the_weights_file_has_them_all() -> None:
    names = [*first_names(), *second_names()]
    assert len(set(names)) == len(names)
    written = {line.rpartition("=")[0].strip() for line in WEIGHTS.read_text(encoding="utf-8").splitlines()}
    assert set(names) <= written


def test_weights_without_lines_weigh_nothing(tmp_path: Path) -> None:
    path = tmp_path / "weights.txt"
    path.write_text("# none\nbias = 1.5 -2.5\nstay kept = 1\nstay dropped = 0\n", encoding="utf-8")
    weights = read_weights(path)
    assert weights.first[-1] == 1.5
    assert weights.second[-1] == -2.5
    assert not weights.first[:-1].any()
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


def test_heaviest_element_and_what_lies_within() -> None:
    #      0 -> 1 -> 3, 4;  0 -> 2
    parents = [0, 0, 0, 1, 1]
    weights = np.array([10.0, 9.0, 1.0, 8.0, 1.0])
    assert heaviest(parents, weights, 0.6) == 3
    assert heaviest(parents, weights, 0.95) == 0
    assert within(parents, 1).tolist() == [0, 1, 0, 1, 1]
