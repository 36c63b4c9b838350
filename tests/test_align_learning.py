"""Learning: the optimiser, the gradient, gold that no bead can express, and weights files."""

from __future__ import annotations

import numpy as np
import pytest

from corpusalign.align import align, tune
from corpusalign.align.features import FEATURES, SHAPES
from corpusalign.align.learning import example, likelihood, minimised, write_weights
from corpusalign.align.model import Weights, read_weights, weights_for
from corpusalign.align.side import side
from corpusalign.encode import default_encoder
from corpusalign.errors import AlignError

ENGLISH = ["The committee met on Monday.", "It adopted the budget.", "It elected a chair.", "Thank you."]
FRENCH = ["La commission s'est réunie lundi.", "Elle a adopté le budget et élu un président.", "Merci."]
LINKS = [((0,), (0,)), ((1, 2), (1,)), ((3,), (2,))]


def document(links):
    encoder = default_encoder()
    return example(side(ENGLISH, encoder), side(FRENCH, encoder), links)


def test_the_optimiser_finds_the_minimum_of_a_valley():
    def loss(point):
        x, y = point
        return (1 - x) ** 2 + 100 * (y - x * x) ** 2, np.array(
            [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)]
        )

    np.testing.assert_allclose(minimised(loss, np.array([-1.2, 1.0]), 200), [1, 1], atol=1e-2)


def test_the_gradient_is_the_slope_of_the_likelihood():
    one = document(LINKS)
    weights = np.random.default_rng(7).normal(size=len(FEATURES)) * 0.3
    _, gradient = likelihood([one], weights)
    for number in (0, 3, len(FEATURES) - 1, FEATURES.index("covered"), FEATURES.index("omission")):
        step = np.zeros(len(FEATURES))
        step[number] = 1e-2
        slope = (likelihood([one], weights + step)[0] - likelihood([one], weights - step)[0]) / 2e-2
        assert gradient[number] == pytest.approx(slope, abs=2e-3)


def test_only_gold_beads_are_allowed():
    one = document(LINKS)
    row, column = one.lattice.band.coordinates()
    allowed = {
        (SHAPES[shape], int(row[cell]), int(column[cell]))
        for shape, cell in zip(*np.nonzero(one.allowed), strict=True)
    }
    assert allowed == {((1, 1), 0, 0), ((2, 1), 1, 1), ((1, 1), 3, 2)}


def test_crossing_gold_leaves_its_region_open():
    one = document([((0,), (1,)), ((1,), (0,)), ((3,), (2,))])
    row, column = one.lattice.band.coordinates()
    inside = one.allowed & (row < 2) & (column < 2)
    assert inside.sum() == 1  # a region of 2-2 is one bead
    omitted = one.allowed[SHAPES.index((1, 0))]
    assert [(int(row[cell]), int(column[cell])) for cell in np.flatnonzero(omitted)] == [(2, 2)]


def test_a_file_of_weights_is_read_again_once_it_changed(tmp_path):
    file = tmp_path / "weights.txt"
    for value in (1.0, 2.0):
        write_weights(Weights("any", np.full(len(FEATURES), value)), file, "three documents")
        assert weights_for(default_encoder(), file).values[0] == value


def test_weights_are_written_and_read_back(tmp_path):
    values = np.round(np.random.default_rng(3).normal(size=len(FEATURES)), 5)
    write_weights(Weights("some/1", values), tmp_path / "weights.txt", "three documents")
    again = read_weights(tmp_path / "weights.txt")
    assert again.encoder == "some/1"
    np.testing.assert_allclose(again.values, values)
    assert again.digest == Weights("some/1", values).digest


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("similarity = much", "line 1"),
        ("similarity = nan", "line 1"),
        ("similarity = inf", "line 1"),
        ("nonsense", "line 1"),
        ("encoder = any\nlikeness = 1", "line 2: names 'likeness'"),
        ("similarity = 1", "lacks weights for"),
    ],
)
def test_broken_weights_are_a_clear_error(tmp_path, text, fault):
    file = tmp_path / "weights.txt"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(AlignError, match=fault):
        read_weights(file)


def test_missing_weights_are_a_clear_error(tmp_path):
    with pytest.raises(AlignError, match="cannot be read"):
        read_weights(tmp_path / "none.txt")


def test_tuned_weights_align_and_change_the_signature(tmp_path):
    tune([(ENGLISH, FRENCH, LINKS)] * 2, tmp_path / "mine.txt")
    plain = align(ENGLISH, FRENCH, src_lang="en", tgt_lang="fr")
    tuned = align(ENGLISH, FRENCH, src_lang="en", tgt_lang="fr", weights=tmp_path / "mine.txt")
    assert [(b.src_start, b.src_stop, b.tgt_start, b.tgt_stop) for b in tuned.beads] == [
        (0, 1, 0, 1), (1, 3, 1, 2), (3, 4, 2, 3)
    ]  # fmt: skip
    assert tuned.signature != plain.signature


def test_nothing_to_learn_from_is_a_clear_error(tmp_path):
    with pytest.raises(AlignError, match="no gold alignment"):
        tune([], tmp_path / "mine.txt")
