"""Long documents in pieces, and the band that keeps the search linear."""

from __future__ import annotations

import importlib
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusalign.align.band import around, search_band
from corpusalign.align.model import weights_for
from corpusalign.align.nway import PairCuts, agree
from corpusalign.align.side import side
from corpusalign.encode import default_encoder

band = importlib.import_module("corpusalign.align.band")
decode = importlib.import_module("corpusalign.align.decode")

SUBJECTS = [
    ("The ship", "Le navire"),
    ("The doctor", "Le médecin"),
    ("A storm", "Une tempête"),
    ("My aunt", "Ma tante"),
]
ACTIONS = [
    ("reached the harbour", "atteignit le port"),
    ("sold three horses", "vendit trois chevaux"),
    ("woke the whole village", "réveilla tout le village"),
    ("wrote a long letter", "écrivit une longue lettre"),
    ("crossed the frozen river", "traversa la rivière gelée"),
]


@pytest.fixture(scope="module")
def sides():
    random.seed(5)
    english, french = [], []
    for number in range(260):
        (who, qui), (what, quoi) = random.choice(SUBJECTS), random.choice(ACTIONS)
        english.append(f"{who} {what} on day {number}.")
        if number % 7 == 3:
            french += [f"C'était le jour {number}.", f"{qui} {quoi}."]
        else:
            french.append(f"{qui} {quoi} le jour {number}.")
    encoder = default_encoder()
    return side(english, encoder), side(french, encoder)


def test_pieces_give_the_beads_of_the_whole(sides, monkeypatch):
    weights = weights_for(default_encoder())
    whole = decode.decode(*sides, weights)
    monkeypatch.setattr(decode, "_PIECE", 80)
    monkeypatch.setattr(decode, "_OVERLAP", 30)
    pieces = decode.decode(*sides, weights)
    assert [(b.src_start, b.src_stop, b.tgt_start, b.tgt_stop) for b in pieces.beads] == [
        (b.src_start, b.src_stop, b.tgt_start, b.tgt_stop) for b in whole.beads
    ]
    assert pieces.cuts.row.tolist() == sorted(pieces.cuts.row.tolist())
    assert (pieces.cuts.row[-1], pieces.cuts.column[-1]) == (len(sides[0]), len(sides[1]))


def test_the_band_is_narrow_and_holds_the_diagonal(sides):
    source, target = sides
    band = search_band(source, target, 8)
    assert band.cells < 40 * band.rows
    row = np.arange(band.rows)
    assert (
        band.cell(row, np.searchsorted(np.arange(len(target) + 1), row * len(target) / len(source)))
        < band.cells
    ).all()


def test_a_band_found_in_pieces_is_the_band_of_the_whole(sides, monkeypatch):
    whole = band.search_band(*sides, 8)
    monkeypatch.setattr(band, "_PIECE", 60)
    monkeypatch.setattr(band, "_OVERLAP", 30)
    pieces = band.search_band(*sides, 8)
    assert np.abs(pieces.first - whole.first).max() <= 4
    assert np.abs(pieces.stop - whole.stop).max() <= 4
    assert pieces.rows == whole.rows


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_a_band_around_a_path_can_be_walked(data):
    rows, columns = data.draw(st.integers(1, 40)), data.draw(st.integers(1, 40))
    steps = data.draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12))
    points = np.minimum(np.cumsum([(0, 0), *steps], axis=0), [rows - 1, columns - 1])
    points = np.concatenate([points, [[rows - 1, columns - 1]]])
    band = around(points, rows, columns, data.draw(st.integers(1, 4)))
    assert (band.first[0], band.stop[-1]) == (0, columns)
    assert (band.stop > band.first).all()
    assert (np.diff(band.first) >= 0).all()
    assert (np.diff(band.stop) >= 0).all()
    assert (band.first[1:] < band.stop[:-1]).all()
    assert (band.cell(points[:, 0], points[:, 1]) < band.cells).all()


def test_pairs_that_disagree_are_outvoted():
    sure = PairCuts({0: {0: 1.0}, 1: {1: 0.9}, 2: {2: 1.0}})
    doubtful = PairCuts({0: {0: 1.0}, 1: {1: 0.3}, 2: {2: 1.0}})
    groups = agree([2, 2, 2], {(0, 1): sure, (0, 2): sure, (1, 2): doubtful})
    assert [group.ranges for group in groups] == [((0, 1),) * 3, ((1, 2),) * 3]
    against = agree([2, 2, 2], {(0, 1): doubtful, (0, 2): doubtful, (1, 2): doubtful})
    assert [group.ranges for group in against] == [((0, 2),) * 3]
