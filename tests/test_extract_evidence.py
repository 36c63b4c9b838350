"""What translations share: numbers and dates however written, and the images beside them."""

from __future__ import annotations

import pytest
from lxml import html

from corpusalign.extract.blocks import walk
from corpusalign.extract.evidence import tokens_of


def tokens(markup: str, lang: str | None = None) -> set[str]:
    (candidate,) = walk(html.document_fromstring(f"<body>{markup}</body>")).candidates
    return set(tokens_of(candidate, lang))


@pytest.mark.parametrize(
    ("english", "other", "lang"),
    [
        ("1,234,567 people in 3.5 years", "1 234 567 personnes en 3,5 ans", "fr"),
        ("12,000 books", "12\u202f000 livres", "fr"),
        ("On 12 May 2021 at 10", "2021年5月12日10时", "zh"),
        ("05/12/2021", "12/05/2021", "fr"),
        ("no. 7 and no. 7", "7号和７号", "zh"),
    ],
)
def test_numbers_and_dates_are_the_same_in_every_language(english: str, other: str, lang: str) -> None:
    assert tokens(english, "en") == tokens(other, lang) != set()


def test_an_nth_occurrence_counts_by_itself() -> None:
    assert tokens("7 and 7") == {"7 1", "7 2"}
    assert tokens("7 and 8") == {"7 1", "8 1"}


def test_images_count_by_the_names_of_their_files() -> None:
    assert tokens("<img src='/en/pictures/Mill.jpg?w=300'><p>The mill") == {"mill.jpg 1"}
    assert tokens("<p>The mill<img src=https://cdn.example/mill.jpg></p>") == {"mill.jpg 1"}
    assert tokens("<img src='data:image/gif;base64,R0lG'><p>The mill") == set()


def test_an_image_belongs_to_the_block_after_it() -> None:
    root = html.document_fromstring("<p>One</p><img src=a.png><p>Two<img src=b.png></p><p>Three</p>")
    assert [candidate.images for candidate in walk(root).candidates] == [(), ("a.png", "b.png"), ()]
