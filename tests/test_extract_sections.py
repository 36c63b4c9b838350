"""What repeated texts and the sections of a page tell of its blocks."""

from __future__ import annotations

import numpy as np
import pytest

from corpusalign.extract.blocks import walk
from corpusalign.extract.features import Columns, columns, repeats, sections
from corpusalign.extract.metadata import Head
from corpusalign.extract.tree import parse


def _page(body: str) -> Columns:
    root = parse(f"<html><body>{body}</body></html>")
    assert root is not None
    return columns(walk(root), Head())


def test_the_first_of_repeated_texts_is_told_from_the_later_ones() -> None:
    asks = "Our reporters depend on readers, and on nobody else, to do their work. Give today, if you can."
    page = _page(f"<p>{asks}</p><p>More</p><p>Something else was said.</p><p>More</p><p>{asks}</p>")
    features = dict(zip(repeats.names(), repeats.matrix(page).T.tolist(), strict=True))
    assert features["long and repeated"] == [1, 0, 0, 0, 1]
    assert features["first of long and repeated"] == [1, 0, 0, 0, 0]
    assert features["prose and repeated"] == [1, 0, 0, 0, 1]


def test_a_section_is_what_its_heading_is() -> None:
    page = _page("<p>ab</p><h2>Related</h2><p>abcd</p><p>abcd</p><h2>More</h2>")
    first = np.array([0.5, 0.25, 1.0, 0.5, 0.125])
    features = dict(zip(sections.names(), sections.matrix(page, first).T.tolist(), strict=True))
    assert features["under a heading"] == [0, 1, 1, 1, 1]
    assert features["first probability of heading"] == [0, 0.25, 0.25, 0.25, 0.125]
    kept = (7 * 0.25 + 4 * 1.0 + 4 * 0.5) / 15
    assert features["first share kept of section"] == pytest.approx([0, kept, kept, kept, 0.125])
    assert features["blocks in section"] == pytest.approx([0, *[np.log1p(3) / 4] * 3, np.log1p(1) / 4])
