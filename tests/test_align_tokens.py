"""What tokens cover and attend to, against sums over tokens one by one."""

from __future__ import annotations

import numpy as np
import pytest

from corpusalign.align import tokens
from corpusalign.align.side import side
from corpusalign.align.tokens import token_view
from corpusalign.encode import default_encoder

ENGLISH = [
    "The committee met on Monday.",
    "It adopted the budget.",
    "It elected a chair.",
    "Thank you.",
    "Bye.",
]
FRENCH = ["La commission s'est réunie lundi.", "Elle a adopté le budget.", "Un président fut élu.", "Merci."]
LONGEST = 3


@pytest.fixture(scope="module")
def sides():
    encoder = default_encoder()
    return side(ENGLISH, encoder), side(FRENCH, encoder)


@pytest.fixture(scope="module")
def view(sides):
    source, target = sides
    everything = [range(len(target))] * len(source)
    return token_view(source, target, range(len(source)), everything, LONGEST)


def best_of(ours, theirs, sentence):
    """Each token's similarity with the most similar token of every sentence of the other side."""
    own = ours.pooled.tokens[slice(*ours.pooled.first[sentence : sentence + 2])].astype(np.float32)
    cuts = theirs.pooled.first
    return np.stack(
        [
            (own @ theirs.pooled.tokens[cuts[k] : cuts[k + 1]].astype(np.float32).T).max(axis=1)
            for k in range(len(theirs))
        ],
        axis=1,
    )


def naive(ours, theirs, sentence, start, size):
    """Return what a sentence's tokens make of a run: covered, leaked, attended, diverted."""
    best = best_of(ours, theirs, sentence)
    weight = ours.pooled.weights[slice(*ours.pooled.first[sentence : sentence + 2])]
    count = best.shape[1]
    inside = [k for k in range(start, start + size) if k < count]
    beside = [k for k in (start - 1, start + size) if 0 <= k < count]
    near = [k for k in range(start - tokens._AROUND, start + size + tokens._AROUND) if 0 <= k < count]
    paid = np.exp((best - 1) / tokens._TEMPERATURE)
    whole = paid[:, near].sum(axis=1) + np.exp((tokens._NOTHING - 1) / tokens._TEMPERATURE)
    got = paid[:, inside].sum(axis=1) / whole + tokens._FLOOR
    covered = best[:, inside].max(axis=1)
    outside = best[:, beside].max(axis=1) if beside else np.full(len(best), -1.0)
    return (
        (weight * covered).sum(),
        (weight * np.maximum(outside - covered, 0)).sum(),
        (weight * np.log(got / tokens._FLOOR)).sum(),
        (weight * np.log(got / (got + paid[:, beside].sum(axis=1) / whole))).sum(),
    )


@pytest.mark.parametrize("size", range(1, LONGEST + 1))
def test_sums_are_those_of_single_tokens(sides, view, size):
    source, target = sides
    for i in range(len(source)):
        for j in range(len(target) - size + 1):
            found = [
                getattr(view.source, name)[size - 1][i, j]
                for name in ("covered", "leaked", "attended", "diverted")
            ]
            np.testing.assert_allclose(found, naive(source, target, i, j, size), rtol=1e-3, atol=2e-3)
    for j in range(len(target)):
        for i in range(len(source) - size + 1):
            found = [
                getattr(view.target, name)[size - 1][i, j]
                for name in ("covered", "leaked", "attended", "diverted")
            ]
            np.testing.assert_allclose(found, naive(target, source, j, i, size), rtol=1e-3, atol=2e-3)


def test_translations_get_the_most_attention(view):
    attended = view.runs(range(4), range(4)).bead((1, 1))["attended"]
    assert attended.argmax(axis=1).tolist() == [0, 1, 2, 3]


def test_a_part_says_what_the_whole_says(sides, view):
    source, target = sides
    part = token_view(source, target, range(1, 3), [range(1, 3)] * 2, LONGEST)
    for name in ("covered", "leaked", "attended", "diverted"):
        for size in range(2):
            np.testing.assert_allclose(
                getattr(part.source, name)[size][:, :2],
                getattr(view.source, name)[size][1:3, 1:3],
                rtol=1e-4,
                atol=1e-4,
            )
