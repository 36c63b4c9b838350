from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpusalign.review.names import names
from corpusalign.types import TranslationUnit
from tests.conftest import FIXTURES
from tests.review_samples import gold_bitext


def units(*pairs: tuple[str, str]) -> list[TranslationUnit]:
    return [
        TranslationUnit(str(number), {"en": english, "zh": chinese}, 1.0)
        for number, (english, chinese) in enumerate(pairs)
    ]


def test_a_name_and_its_transliteration_keep_company() -> None:
    some = units(
        ("The town of Velme sleeps.", "韦尔姆镇睡了。"),
        ("Nobody leaves Velme now.", "现在没有人离开韦尔姆。"),
        ("It rained.", "下雨了。"),
        ("Old Velme is gone.", "老韦尔姆没了。"),
    )
    assert names(some, ("en", "zh")) == [["Velme", "韦尔姆"]]
    assert names(some, ("zh", "en")) == [["韦尔姆", "Velme"]]
    assert names(some[:3], ("en", "zh")) == []


def test_what_begins_every_sentence_is_no_name() -> None:
    some = units(*[(f"Rain fell on {place}.", f"雨落在{place}。") for place in ("us", "me", "them")])
    assert names(some, ("en", "zh")) == []


def test_where_two_sequences_fit_as_well_nothing_is_said() -> None:
    some = units(*[(f"we saw Velme {i}", f"韦尔姆{i}，我们{i}，看见{i}") for i in "abc"])
    assert names(some, ("en", "zh")) == []


def test_three_languages_meet_in_the_one_without_spaces() -> None:
    bitext = gold_bitext(FIXTURES / "sco-2020")
    found = names(bitext.rows, ("en", "zh", "fr"))
    assert ["SCO", "上合组织", "OCS"] in found
    assert ["Russia", "俄罗斯", "Russie"] in found


def test_languages_that_share_their_letters_need_none() -> None:
    bitext = gold_bitext(FIXTURES / "sco-2020")
    assert names(bitext.rows, ("en", "fr")) == []


@given(st.lists(st.tuples(st.text("AbB c.-", max_size=12), st.text("甲乙丙。", max_size=8)), max_size=12))
def test_every_form_stands_in_three_units_at_least(pairs: list[tuple[str, str]]) -> None:
    for english, chinese in names(units(*pairs), ("en", "zh")):
        assert english is not None and chinese is not None
        assert sum(english in text for text, _ in pairs) >= 3
        assert sum(chinese in text for _, text in pairs) >= 3
        together = sum(english in one and chinese in other for one, other in pairs)
        assert together > 0


def test_a_page_in_capitals_is_no_name() -> None:
    capitals = "WORD " * 2000
    some = units(*[(capitals, "大写字母")] * 3)
    assert all(row[0] is None or len(row[0].split()) <= 8 for row in names(some, ["en", "zh"]))
