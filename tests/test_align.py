"""align and align_many on small documents whose alignment anyone can see."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusalign.align import align, align_many, signature
from corpusalign.encode import default_encoder
from corpusalign.errors import AlignError
from corpusalign.types import Alignment, Bead, Sentence

ENGLISH = [
    "The committee met on Monday.",
    "It adopted the budget and elected a new chair.",
    "The next meeting is in May.",
    "Thank you.",
]
FRENCH = [
    "La commission s'est réunie lundi.",
    "Elle a adopté le budget.",
    "Elle a élu un nouveau président.",
    "Merci.",
]
CHINESE = ["委员会星期一开会。", "它通过了预算，选举了新主席。", "下次会议在五月举行。", "谢谢。"]


def spans(alignment):
    return [(b.src_start, b.src_stop, b.tgt_start, b.tgt_stop) for b in alignment.beads]


def tiles(spans_of_side, size):
    position = 0
    for start, stop in spans_of_side:
        assert start == position
        assert stop >= start
        position = stop
    assert position == size


def test_one_to_one():
    assert spans(align(ENGLISH, CHINESE, src_lang="en", tgt_lang="zh")) == [
        (k, k + 1, k, k + 1) for k in range(4)
    ]


def test_confidence_is_a_probability_and_high_where_plain():
    beads = align(ENGLISH, CHINESE, src_lang="en", tgt_lang="zh").beads
    assert all(0.9 < bead.confidence <= 1 for bead in beads)


def test_blocks_and_strings_both_serve():
    sentences = [Sentence(text, block, 0, len(text)) for block, text in enumerate(ENGLISH)]
    assert spans(align(sentences, CHINESE, src_lang="en", tgt_lang="zh")) == [
        (k, k + 1, k, k + 1) for k in range(4)
    ]


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ([], [], []),
        (ENGLISH[:2], [], [(0, 1, 0, 0), (1, 2, 0, 0)]),
        ([], FRENCH[:2], [(0, 0, 0, 1), (0, 0, 1, 2)]),
        (ENGLISH[:1], FRENCH[:1], [(0, 1, 0, 1)]),
    ],
)
def test_empty_and_single_sides(source, target, expected):
    assert spans(align(source, target, src_lang="en", tgt_lang="fr")) == expected


def test_many_of_two_is_align():
    pair = align(ENGLISH, FRENCH, src_lang="en", tgt_lang="fr")
    groups = align_many([ENGLISH, FRENCH], ["en", "fr"])
    assert [(*g.ranges[0], *g.ranges[1], g.confidence) for g in groups] == [
        (b.src_start, b.src_stop, b.tgt_start, b.tgt_stop, b.confidence) for b in pair.beads
    ]


def test_three_languages_decide_together():
    groups = align_many([ENGLISH, CHINESE, FRENCH], ["en", "zh", "fr"])
    assert [g.ranges for g in groups] == [
        ((0, 1), (0, 1), (0, 1)),
        ((1, 2), (1, 2), (1, 3)),
        ((2, 3), (2, 3), (3, 3)),
        ((3, 4), (3, 4), (3, 4)),
    ]


def test_a_fourth_language_may_be_empty():
    groups = align_many([ENGLISH, CHINESE, FRENCH, []], ["en", "zh", "fr", "de"])
    assert [g.ranges[3] for g in groups] == [(0, 0)] * 4
    assert [g.ranges[0] for g in groups] == [(0, 1), (1, 2), (2, 3), (3, 4)]


def test_all_sides_empty():
    assert list(align_many([[], [], []], ["en", "zh", "fr"])) == []


@pytest.mark.parametrize(("sides", "langs"), [([ENGLISH], ["en"]), ([ENGLISH, FRENCH], ["en"])])
def test_refuses_what_it_cannot_align(sides, langs):
    with pytest.raises(AlignError, match="two sides or more"):
        align_many(sides, langs)


def test_refuses_a_bare_string():
    with pytest.raises(AlignError, match="segment it first"):
        align("One string.", FRENCH, src_lang="en", tgt_lang="fr")


def test_signature_names_version_encoder_and_weights():
    text = signature()
    assert text.startswith("corpusalign/")
    assert "encoder=use-multilingual-3/" in text
    assert "weights=" in text
    assert text == signature(default_encoder())


def test_signature_does_not_load_the_encoder():
    script = (
        "from corpusalign.align import signature; from corpusalign.encode import default_encoder;"
        "signature(); print(default_encoder.cache_info().currsize)"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout == "0\n"


LINES = st.lists(st.sampled_from([*ENGLISH, *FRENCH, *CHINESE, "", " ", "\ud800", "1 2 3"]), max_size=9)


@settings(deadline=None, max_examples=25)
@given(LINES, LINES)
def test_beads_tile_both_sides(source, target):
    beads = align(source, target, src_lang="en", tgt_lang="fr").beads
    tiles([(b.src_start, b.src_stop) for b in beads], len(source))
    tiles([(b.tgt_start, b.tgt_stop) for b in beads], len(target))
    assert all(0 <= b.confidence <= 1 for b in beads)
    assert all(b.src_stop > b.src_start or b.tgt_stop > b.tgt_start for b in beads)


@settings(deadline=None, max_examples=15)
@given(st.lists(LINES, min_size=3, max_size=4))
def test_groups_tile_all_sides(sides):
    groups = align_many(sides, ["en", "fr", "zh", "de"][: len(sides)])
    for number, side in enumerate(sides):
        tiles([g.ranges[number] for g in groups], len(side))
    assert all(any(stop > start for start, stop in g.ranges) for g in groups)


TOPICS = [
    ("The harbour was rebuilt in 1921 after the great fire.", "海港在1921年大火之后重建。"),
    ("Fishing boats leave every morning before sunrise.", "渔船每天日出之前出海。"),
    ("The museum shows old maps of the coast.", "博物馆展出海岸的古老地图。"),
    ("Children learn to swim in the summer.", "孩子们在夏天学习游泳。"),
    ("A new bridge connects the two islands.", "一座新桥连接两个岛屿。"),
    ("The mayor promised cheaper bus tickets.", "市长承诺降低公共汽车票价。"),
    ("Scientists measured the salt in the water.", "科学家测量了水中的盐分。"),
    ("Bakers sell bread with seaweed here.", "这里的面包师卖海藻面包。"),
    ("The lighthouse keeper retired last year.", "灯塔看守人去年退休了。"),
    ("Tourists complain about the cold wind.", "游客抱怨寒冷的风。"),
    ("Two doctors opened a clinic near the market.", "两位医生在市场附近开了一家诊所。"),
    ("The orchestra plays Mozart on Sundays.", "乐队星期天演奏莫扎特。"),
]
STRANGERS = [
    "钢铁价格上个月下跌了百分之三。",
    "足球队在最后一分钟输掉了比赛。",
    "这种药物不适合孕妇使用。",
    "法院驳回了公司的上诉。",
    "新手机的电池可以用两天。",
    "农民担心小麦的收成。",
    "作家在监狱里完成了小说。",
    "飞机因为大雾晚点四个小时。",
]
SOURCE = [english for english, _ in TOPICS]
TARGET = [chinese for _, chinese in TOPICS]


def diagonal(size, source=0, target=0):
    return [(source + k, source + k + 1, target + k, target + k + 1) for k in range(size)]


def test_a_third_missing_stays_unaligned():
    beads = spans(align(SOURCE, TARGET[:4] + TARGET[8:], src_lang="en", tgt_lang="zh"))
    assert [bead for bead in beads if bead[2] < bead[3]] == diagonal(4) + diagonal(4, 8, 4)


def test_a_preface_on_one_side_stays_unaligned():
    beads = spans(align(SOURCE, STRANGERS[:5] + TARGET, src_lang="en", tgt_lang="zh"))
    assert [bead for bead in beads if bead[0] < bead[1]] == diagonal(12, 0, 5)


def test_strangers_are_said_to_be_no_translation():
    alignment = align(SOURCE[:8], STRANGERS, src_lang="en", tgt_lang="zh")
    assert [warning.kind for warning in alignment.warnings] == ["NotParallel"]
    assert alignment.warnings[0].languages == ("en", "zh")
    assert alignment.score is None or alignment.score < 0.15


def test_a_translation_is_not_warned_of():
    alignment = align(SOURCE, TARGET, src_lang="en", tgt_lang="zh")
    assert alignment.warnings == ()
    assert alignment.score > 0.4


def test_a_wrong_file_among_three_is_named_in_its_pairs():
    groups = align_many([SOURCE[:8], TARGET[:8], STRANGERS], ["en", "zh", "zh-TW"])
    doubted = {warning.languages for warning in groups.warnings if warning.kind == "NotParallel"}
    assert doubted == {("en", "zh-TW"), ("zh", "zh-TW")}
    assert groups.scores["en", "zh"] > 0.4


def test_chapters_in_another_order_are_flagged_and_not_aligned_wrongly():
    source = SOURCE + [f"Part two says: {text}" for text in SOURCE[::-1]]
    target = [f"第二部分说：{text}" for text in TARGET[::-1]] + TARGET
    alignment = align(source, target, src_lang="en", tgt_lang="zh")
    assert "OutOfOrder" in {warning.kind for warning in alignment.warnings}


def test_repeated_boilerplate_is_aligned_in_place():
    source = [text for english in SOURCE for text in (english, "Back to top")]
    target = [text for chinese in TARGET for text in (chinese, "返回顶部")]
    assert spans(align(source, target, src_lang="en", tgt_lang="zh")) == diagonal(24)


def test_capitals_on_one_side():
    beads = spans(align([text.upper() for text in SOURCE], TARGET, src_lang="en", tgt_lang="zh"))
    assert beads == diagonal(12)


def test_tables_of_numbers():
    numbers = [str(number * 37) for number in range(1, 30)]
    assert spans(align(["Year", *numbers], ["年份", *numbers], src_lang="en", tgt_lang="zh")) == diagonal(30)


def test_one_sentence_against_thirty():
    beads = align([" ".join(SOURCE)], TARGET * 2, src_lang="en", tgt_lang="zh").beads
    tiles([(b.tgt_start, b.tgt_stop) for b in beads], 24)


def test_a_sentence_of_twenty_thousand_characters():
    long = "word " * 4000
    beads = spans(align([*SOURCE[:3], long], [*TARGET[:3], "字" * 20_000], src_lang="en", tgt_lang="zh"))
    assert beads[:3] == diagonal(3)


def test_walls_hold_only_when_asked_for():
    english = ["He was tired,", "but he went on."]
    one_block = [Sentence(text, 0, 0, len(text)) for text in english]
    two_blocks = [Sentence(text, block, 0, len(text)) for block, text in enumerate(english)]
    chinese = [Sentence("他累了，但他继续走。", 0, 0, 10)]
    free = spans(align(two_blocks, chinese, src_lang="en", tgt_lang="zh"))
    assert (
        free
        == spans(align(one_block, chinese, src_lang="en", tgt_lang="zh", within_blocks=True))
        == [(0, 2, 0, 1)]
    )
    walled = align(two_blocks, chinese, src_lang="en", tgt_lang="zh", within_blocks=True)
    assert all(bead.src_stop - bead.src_start < 2 for bead in walled.beads)
    assert walled.signature.endswith("within_blocks")


def test_anchors_hold_and_the_rest_is_aligned_around_them():
    anchor = Bead(3, 5, 3, 4, 0.2)
    alignment = align(SOURCE, TARGET, src_lang="en", tgt_lang="zh", anchors=[anchor])
    assert Bead(3, 5, 3, 4, 1.0) in alignment.beads
    assert spans(alignment)[:3] == diagonal(3)
    assert diagonal(7, 5, 5) == spans(alignment)[-7:]
    tiles([(b.src_start, b.src_stop) for b in alignment.beads], 12)
    tiles([(b.tgt_start, b.tgt_stop) for b in alignment.beads], 12)
    assert alignment.signature.endswith("anchors=1")


@pytest.mark.parametrize(
    "anchors",
    [
        [Bead(0, 2, 0, 1, 1.0), Bead(1, 3, 1, 2, 1.0)],
        [Bead(0, 1, 5, 6, 1.0), Bead(2, 3, 2, 3, 1.0)],
        [Bead(11, 13, 11, 12, 1.0)],
        [Bead(2, 1, 0, 1, 1.0)],
    ],
)
def test_anchors_that_cannot_hold_are_refused(anchors):
    with pytest.raises(AlignError, match="cannot hold"):
        align(SOURCE, TARGET, src_lang="en", tgt_lang="zh", anchors=anchors)


def test_threshold_answers_which_limit_and_at_what_cost():
    both = [Bead(k, k + 1, k, k + 1, confidence) for k, confidence in enumerate([0.99, 0.5, 0.97, 0.9])]
    beads = (*both, Bead(4, 5, 4, 4, 1.0))
    alignment = Alignment("en", "zh", beads, "by hand")
    kept = alignment.threshold_for(precision=0.95)
    assert (kept.limit, kept.beads) == (0.9, 3)
    assert kept.precision == pytest.approx(2.86 / 3)
    assert kept.recall == pytest.approx(2.86 / 3.36)
    assert alignment.threshold_for(precision=1.0) is None
    assert alignment.threshold_for(precision=0.0).beads == 4
    with pytest.raises(ValueError, match="from 0 to 1"):
        alignment.threshold_for(precision=95)
