"""Figures of a page's texts, counted at once, against each text counted by itself."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corpusalign.extract.texture import figures, letters

TEXTS = st.lists(
    st.text(alphabet='aZ9 .,;:!?。，、：…|·>»"©(c)版权cookie\u3000\U00020000-/年@w', min_size=1, max_size=40),
    min_size=1,
    max_size=6,
)


def _count(pattern: str, text: str) -> int:
    return len(re.findall(pattern, text, re.IGNORECASE))


@given(TEXTS)
def test_texts_are_counted_as_if_alone(texts: list[str]) -> None:
    found = figures(texts)
    for row, text in enumerate(texts):
        assert found.wide[row] == _count("[\u2e80-\u9fff\uf900-\ufaff]", text)
        assert found.digits[row] == _count(r"\d", text)
        assert found.capitals[row] == len(re.findall("[A-Z]", text))
        stops = _count(r"[.!?](?= )", text) + _count("[。！？…]", text)
        assert found.stops[row] == stops + (text[-1] in '.!?”"»」』)）')
        assert found.commas[row] == _count(r"[,;](?= )", text) + _count("[，、；：]", text)
        assert found.bars[row] == _count("[|｜»•]", text) + _count(r"(?<= )[·›>](?= )", text)
        assert found.colon_at_end[row] == (text[-1] in ":：")
        assert found.bullet_at_start[row] == (text[0] in "»›>«<·•■□▪◆→←↑▲▼【[")
        assert found.cookies[row] == _count("cookie", text)
        assert found.signs[row, 2] == (_count(r"©|\(c\)|版权", text) > 0)
        assert (found.signs[row] == figures([text]).signs[0]).all()


def test_signs_are_those_of_a_line() -> None:
    lines = ["Published on 11.11.2020", "10:30", "All rights reserved", "see www.example.org", "nothing"]
    assert figures(lines).signs.tolist() == np.vstack([np.eye(4), np.zeros(4)]).tolist()
    assert not figures([f"{lines[0]} {'x' * 300}"]).signs.any()


def test_a_sign_never_reaches_over_two_texts() -> None:
    assert not figures(["in 2020-", "11 people"]).signs[:, 1:].any()
    assert figures(["2020", "-11"]).signs[:, 0].tolist() == [1, 0]
    assert figures(["10", ":30"]).signs[:, 1].tolist() == [0, 0]


@given(st.text() | st.text(alphabet="aÀ1_ ,ŉǰß文\u0301"))
def test_letters_are_what_is_left_of_a_text_without_all_else(text: str) -> None:
    assert letters(text) == re.sub(r"[\W_]+", "", text.casefold())
