"""Cards: boxes of like shape that lead to other pages, and what a page has besides."""

from __future__ import annotations

import numpy as np
import pytest

from corpusalign.extract.blocks import walk
from corpusalign.extract.features import Columns, cards, columns
from corpusalign.extract.metadata import Head
from corpusalign.extract.tree import parse

TEXT = "The council met on Monday, and it agreed on the plan. Work begins in May, if the weather holds."
CARD = "<div class=x><h4><a href=/{0}>Another headline {0}</a></h4><p>What happened, and where...</p></div>"
CARDS = "<div>" + "".join(CARD.format(number) for number in range(4)) + "</div>"


def _page(body: str, head: Head | None = None) -> Columns:
    root = parse(f"<html><body>{body}</body></html>")
    assert root is not None
    return columns(walk(root), head or Head())


def _features(page: Columns, first: list[float]) -> dict[str, list[float]]:
    return dict(zip(cards.names(), cards.matrix(page, np.array(first)).T.tolist(), strict=True))


def test_boxes_alike_that_lead_elsewhere_are_cards() -> None:
    page = _page(f"<p>{TEXT}</p>{CARDS}")
    card, group = cards.cards(page)
    assert (card > 0).tolist() == [False] + [True] * 8
    assert len(set(card.tolist())) == 5
    assert len(set(group[1:].tolist())) == 1


@pytest.mark.parametrize(
    "body",
    [
        CARD.format(1) + CARD.format(2),
        "".join(f"<p>{TEXT} <a href=/{number}>More</a></p>" for number in range(5)),
        f"<div><a href=/a>Another page</a><p>{TEXT * 5}</p></div>"
        "<div><a href=/b>Another page</a></div><div><a href=/c>Another page</a></div>",
    ],
    ids=["two only", "links within texts", "one box holds the text"],
)
def test_other_boxes_are_none(body: str) -> None:
    card, _ = cards.cards(_page(body))
    assert not card.any()


def test_cards_within_cards_belong_to_the_outermost() -> None:
    inner = "<ul>" + "".join(f"<li><a href=/{n}>One more page</a></li>" for n in range(3)) + "</ul>"
    page = _page("<div>" + f"<section>{inner}</section>" * 3 + "</div>")
    card, _ = cards.cards(page)
    assert len(set(card.tolist())) == 3
    assert {str(page.tags[number]) for number in card.tolist()} == {"section"}


def test_shapes_tell_what_the_cards_hold() -> None:
    page = _page(f"<p>{TEXT}</p>{CARDS}")
    features = _features(page, [1.0] + [0.5] * 8)
    assert features["in a card"] == [0] + [1] * 8
    assert features["cards alike"] == pytest.approx([0] + [np.log1p(4) / 4] * 8)
    assert features["blocks a card"] == pytest.approx([0] + [0.2] * 8)
    assert features["cards cut off"] == [0] + [1] * 8
    linked, width = page.width[1], page.width[1] + page.width[2]
    assert features["link density of cards"] == pytest.approx([0] + [linked / width] * 8)


def test_what_the_page_has_besides_its_cards_is_told() -> None:
    head = Head(titles=("The plan",), descriptions=(TEXT,), kinds=("NewsArticle",))
    page = _page(f"<h1>The plan</h1><p>{TEXT}</p>{CARDS}", head)
    features = _features(page, [1.0, 1.0] + [0.25] * 8)
    for name in ("described outside", "title outside", "title and described outside"):
        assert features[f"in a card, {name}"] == [0, 0] + [1] * 8
    assert features["in a card of a text"] == [0, 0] + [1] * 8
    outside, within = page.width[:2].sum(), 0.25 * page.width[2:].sum()
    share = outside / (outside + within)
    assert features["first share kept outside cards, in one"] == pytest.approx([0, 0] + [share] * 8)
    assert features["first share kept outside cards, outside"] == pytest.approx([share] * 2 + [0] * 8)
    assert features["first share kept before cards"] == pytest.approx([0, 0] + [1] * 8)


def test_a_page_of_cards_alone_has_nothing_besides() -> None:
    features = _features(_page(CARDS), [0.5] * 8)
    assert features["in a card"] == [1] * 8
    for name in ("prose outside", "share of prose outside", "described outside", "title outside"):
        assert features[f"in a card, {name}"] == [0] * 8
    assert features["first share kept outside cards, in one"] == [0] * 8
