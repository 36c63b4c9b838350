"""Numbers across scripts and languages: what is read, and what disagrees."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusalign.quality.numbers import Numbers, agreement, conflicts, numbers_of


def firm(text: str, lang: str) -> list[set[str]]:
    """Return the readings of the firm numbers, as plain digits."""
    return [{f"{value.normalize():f}" for value in number.readings} for number in numbers_of(text, lang).firm]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("zh", "二十名学生", [{"20"}]),
        ("zh", "六百元", [{"600"}]),
        ("zh", "三千五百万人", [{"35000000"}]),
        ("zh", "一亿两千万", [{"120000000"}]),
        ("zh", "二〇〇八年", [{"2008"}]),
        ("zh", "第十九届", [{"19"}]),
        ("zh", "350万", [{"3500000"}]),
        ("zh", "3.5亿", [{"350000000"}]),
        ("zh", "１２３人", [{"123"}]),
        ("zh", "二十两银子", [{"20"}]),
        ("zh", "万一不行，千万一定，十分好，一些", []),
        ("zh", "百分之二十", [{"20"}]),
        ("en", "twenty-one students", [{"21"}]),
        ("en", "six hundred and five", [{"605"}]),
        ("en", "two million three hundred thousand", [{"2300000"}]),
        ("en", "3.5 million", [{"3500000"}]),
        ("en", "1,234.5 and 1,234,567", [{"1234.5"}, {"1234567"}]),
        ("en", "the 19th century", [{"19"}]),
        ("en", "one of the first, a hundred, ten", []),
        ("fr", "quatre-vingt-dix-sept", [{"97"}]),
        ("fr", "soixante et onze", [{"71"}]),
        ("fr", "vingt et un", [{"21"}]),
        ("fr", "deux mille trois cents", [{"2300"}]),
        ("fr", "2,5 milliards", [{"2500000000"}]),
        ("fr", "1\u202f234,5", [{"1234.5"}]),
        ("de", "fünfundzwanzig und 1.234,56", [{"25"}, {"1234.56"}]),
        ("xx", "version 1.4.2 of 2020-11-07", [{"1"}, {"4"}, {"2"}, {"2020"}, {"11"}, {"7"}]),
    ],
)
def test_numbers_are_read(lang, text, expected):
    assert firm(text, lang) == expected


def test_a_grouping_mark_may_be_a_decimal_mark():
    assert firm("1.234", "en") == [{"1.234", "1234"}]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("zh", "二十"), ("en", "20")),
        (("zh", "9月1日"), ("en", "1 September")),
        (("zh", "9月1日"), ("fr", "le 1er septembre")),
        (("zh", "20世纪90年代"), ("en", "the 90s of the 20th century")),
        (("zh", "十九世纪"), ("fr", "le XIXe siècle")),
        (("zh", "350万"), ("fr", "3,5 millions")),
        (("en", "1,234.5"), ("fr", "1 234,5")),
        (("en", "1,234"), ("de", "1.234")),
        (("zh", "研究3 , 4"), ("en", "study.3,4")),
        (("zh", "一百人"), ("en", "a hundred people")),
        (("en", "It was long ago."), ("zh", "那是很久以前的事。")),
    ],
)
def test_the_same_numbers_agree(first, second):
    sides = [numbers_of(text, lang) for lang, text in (first, second)]
    assert agreement(*sides) == 1.0
    assert conflicts(*sides) == 0


def test_a_wrong_number_is_a_conflict_and_a_missing_one_is_none():
    three, four = numbers_of("3 boats in 1998", "en"), numbers_of("4 bateaux en 1998", "fr")
    assert (agreement(three, four), conflicts(three, four)) == (0.5, 1)
    missing = numbers_of("des bateaux en 1998", "fr")
    assert conflicts(three, missing) == 0
    assert agreement(three, missing) == pytest.approx(2 / 3)


@given(st.text(max_size=60), st.sampled_from(["en", "fr", "zh", "de", "ja"]))
def test_any_text_agrees_with_itself(text, lang):
    numbers = numbers_of(text, lang)
    assert agreement(numbers, numbers) == 1.0
    assert conflicts(numbers, numbers) == 0


_DIGITS = "零一二三四五六七八九"


def written_in_chinese(number: int) -> str:
    """Write 11 to 99,999,999 as it is said, the plain way: a naive counterpart."""
    if number >= 10_000:
        rest = number % 10_000
        zero = "零" if rest and rest < 1000 else ""
        return written_in_chinese(number // 10_000) + "万" + zero + (written_in_chinese(rest) if rest else "")
    text, skipped = "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // scale % 10
        if digit:
            text += ("零" if skipped and text else "") + _DIGITS[digit] + name
        skipped = not digit
    return text


@given(st.integers(min_value=21, max_value=99_999_999))
def test_chinese_numerals_are_read_back(number):
    said = numbers_of(written_in_chinese(number), "zh")
    assert [value.readings for value in said.firm] == [frozenset({Decimal(number)})]
    assert agreement(said, numbers_of(str(number), "en")) == 1.0


def test_an_hour_of_the_afternoon_is_no_conflict():
    assert conflicts(numbers_of("15:30", "fr"), numbers_of("3:30 p.m.", "en")) == 0


def test_no_numbers_agree():
    assert agreement(Numbers((), frozenset()), Numbers((), frozenset())) == 1.0
