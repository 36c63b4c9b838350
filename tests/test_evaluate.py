"""The scorer against cases counted by hand, and the gold formats."""

from __future__ import annotations

import json

import pytest

from corpusalign.errors import FormatError
from corpusalign.evaluate import Scores, load_gold, score, score_links
from corpusalign.types import Bead


def test_counts_by_hand():
    gold = [((0,), (0,)), ((1,), (1, 2)), ((2,), ()), ((3, 4), (3,))]
    predicted = [((0,), (0,)), ((1,), (1,)), ((), (2,)), ((2,), ()), ((3,), (3,)), ((4,), ())]
    scores = score_links(gold, predicted)
    # Right: 0-0 and the omission of 2. Lax also: 1-1 and 3-3. Wrong: the omissions of target 2 and source 4.
    assert (scores.predicted, scores.precise_strict, scores.precise_lax) == (6, 2, 4)
    # Expected: three links with both sides; found strictly: 0-0; the other two overlap.
    assert (scores.expected, scores.recalled_strict, scores.recalled_lax) == (3, 1, 3)
    assert scores.precision == pytest.approx(1 / 3)
    assert scores.recall == pytest.approx(1 / 3)
    assert scores.f1 == pytest.approx(1 / 3)
    assert scores.lax_precision == pytest.approx(2 / 3)
    assert scores.lax_recall == 1


def test_links_need_be_neither_contiguous_nor_in_order():
    gold = [((0, 2), (1,)), ((1,), (0,))]
    assert score_links(gold, gold).f1 == 1


def test_nothing_predicted_scores_nothing():
    assert score_links([((0,), (0,))], []).f1 == 0
    assert score_links([], []).f1 == 0


def test_documents_pool_their_counts():
    one, two = Scores(10, 8, 9, 10, 7, 8), Scores(2, 2, 0, 1, 0, 1)
    assert one + two == Scores(12, 10, 9, 11, 7, 9)


def pairwise(**changes):
    base = {"src_lang": "en", "tgt_lang": "fr", "src": ["a", "b"], "tgt": ["c"], "links": [[[0, 1], [0]]]}
    return base | changes


def test_reads_and_scores_the_pairwise_format(tmp_path):
    (tmp_path / "one.json").write_text(json.dumps(pairwise()), encoding="utf-8")
    (gold,) = load_gold(tmp_path)
    assert (gold.name, gold.src_lang, gold.tgt_lang) == ("one", "en", "fr")
    assert score(gold, [Bead(0, 2, 0, 1, 1.0)]).f1 == 1
    assert score(gold, [Bead(0, 1, 0, 1, 1.0), Bead(1, 2, 1, 1, 1.0)]).f1 == 0


def n_way(**changes):
    documents = {
        "en": {
            "sentences": [{"block": 0, "text": "a"}, {"block": 1, "text": "b"}, {"block": 1, "text": "c"}]
        },
        "zh": {"sentences": [{"block": 0, "text": "d"}]},
        "fr": {"sentences": [{"block": 0, "text": "e"}, {"block": 0, "text": "f"}]},
    }
    groups = [{"en": [0], "zh": [0], "fr": [0, 1]}, {"en": [1, 2], "zh": [], "fr": []}]
    return {"languages": ["en", "zh", "fr"], "documents": documents, "groups": groups} | changes


def test_projects_the_n_way_format_to_pairs(tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "gold.json").write_text(json.dumps(n_way()), encoding="utf-8")
    (folder / "package.json").write_text("{}", encoding="utf-8")
    golds = load_gold(tmp_path)
    assert [(g.name, g.src_lang, g.tgt_lang) for g in golds] == [
        ("news", "en", "zh"), ("news", "en", "fr"), ("news", "zh", "fr")
    ]  # fmt: skip
    assert golds[0].links == (((0,), (0,)), ((1,), ()), ((2,), ()))
    assert golds[0].src_blocks == (0, 1, 1)
    assert golds[2].links == (((0,), (0, 1)),)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("{", "no readable JSON"),
        ("[]", "neither `links` nor `groups`"),
        (json.dumps({"links": []}), "lacks 'src'"),
        (json.dumps(pairwise(src=[1, 2])), "no text"),
        (json.dumps(pairwise(links=[[[5], [0]]])), "links sentence 5"),
        (json.dumps(pairwise(links=[[0, 1]])), "well-formed"),
        (json.dumps(n_way(groups=[{"en": [0], "zh": [0], "fr": [0, 1]}])), "every en sentence"),
        (json.dumps(n_way(languages=["en", "de"])), "lacks 'de'"),
    ],
)
def test_malformed_gold_is_one_clear_error(tmp_path, content, fault):
    file = tmp_path / "gold.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(FormatError, match=fault):
        load_gold(file)


def test_missing_and_empty_folders_are_clear_errors(tmp_path):
    with pytest.raises(FormatError, match="does not exist"):
        load_gold(tmp_path / "nowhere")
    with pytest.raises(FormatError, match="holds no gold"):
        load_gold(tmp_path)
