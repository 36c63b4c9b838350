"""The metric of tokens: its gradient, what it learns, and what it leaves alone."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import token_metric
from benchmarks.token_metric import Pairs, attention, compared_by, learn, write_metric
from corpusalign.align import tokens
from corpusalign.align.side import side
from corpusalign.use import METRIC, UniversalSentenceEncoder

ENGLISH = ["The committee met on Monday.", "It adopted the budget.", "It elected a chair.", "Thank you."]
FRENCH = ["La commission s'est réunie lundi.", "Elle a adopté le budget et élu un président.", "Merci."]
LINKS = [((0,), (0,)), ((1, 2), (1,)), ((3,), (2,))]


@pytest.fixture(scope="module")
def sides():
    encoder = UniversalSentenceEncoder(plain=True)
    return side(ENGLISH, encoder), side(FRENCH, encoder)


def test_the_gradient_is_the_slope_of_attention(sides):
    single = Pairs.of(*sides, LINKS)
    pairs = Pairs(tuple(rows.astype(float) for rows in single.tokens), single.weights, single.parts)
    random = np.random.default_rng(3)
    metric = np.eye(64) + random.normal(size=(64, 64)) * 0.02
    step = random.normal(size=(64, 64)) * 1e-5
    slope = (attention(pairs, metric + step)[0] - attention(pairs, metric - step)[0]) / 2
    assert (attention(pairs, metric)[1] * step).sum() == pytest.approx(slope, rel=1e-3)


@pytest.mark.parametrize("name", ["_TEMPERATURE", "_NOTHING", "_AROUND", "_FLOOR"])
def test_attention_is_learned_as_the_aligner_pays_it(name):
    assert getattr(token_metric, name) == getattr(tokens, name)


def test_learning_raises_the_attention_of_gold_beads(sides):
    pairs = Pairs.of(*sides, LINKS)
    before = attention(pairs, np.eye(64, dtype=np.float32))[0]
    assert attention(pairs, learn([pairs], penalty=10.0, rounds=5))[0] > before + 2


def test_a_strong_penalty_leaves_tokens_as_they_are(sides):
    metric = learn([Pairs.of(*sides, LINKS)], penalty=1e9, rounds=3)
    np.testing.assert_allclose(metric, np.eye(64), atol=1e-3)


def test_omissions_and_broken_beads_teach_nothing(sides):
    links = [((0,), (0,)), ((1,), ()), ((2,), (1,)), ((1, 3), (2,))]
    pairs = Pairs.of(*sides, links)
    assert [sum(len(part.own) for part in parts) for parts in pairs.parts] == [
        sum(int(one.pooled.first[number + 1] - one.pooled.first[number]) for number in numbers)
        for one, numbers in zip(sides, ([0, 2], [0, 1]), strict=True)
    ]


def test_the_encoder_compares_tokens_by_the_metric_that_is_written(sides, tmp_path, monkeypatch):
    metric = np.eye(64, dtype=np.float32) + np.random.default_rng(5).normal(size=(64, 64)) * 0.05
    write_metric(metric, tmp_path / "metric.txt", "nothing")
    monkeypatch.setattr("corpusalign.use.METRIC", tmp_path / "metric.txt")
    read = side(ENGLISH, UniversalSentenceEncoder()).pooled.tokens.astype(np.float32)
    expected = compared_by(sides[0], np.round(metric, 3)).pooled.tokens.astype(np.float32)
    np.testing.assert_allclose(read @ read.T, expected @ expected.T, atol=5e-3)


def test_the_metric_of_the_package_is_a_map_of_the_components():
    metric = np.loadtxt(METRIC)
    assert metric.shape == (64, 64)
    assert np.linalg.cond(metric) < 100
