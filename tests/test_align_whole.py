"""Facts of whole documents: how similar translations are there, and ratios."""

from __future__ import annotations

import numpy as np
import pytest

from corpusalign.align.band import search_band
from corpusalign.align.side import side
from corpusalign.align.whole import Whole
from corpusalign.encode import default_encoder

ENGLISH = ["The committee met on Monday.", "It adopted the budget.", "It elected a chair.", "Thank you."]
FRENCH = [
    "La commission s'est réunie lundi.",
    "Elle a adopté le budget.",
    "Elle a élu un président.",
    "Merci.",
]
OTHERS = ["Il pleut.", "Le chat dort sur le toit.", "Deux et deux font quatre.", "Où est la gare ?"]


def whole(source, target):
    encoder = default_encoder()
    one, other = side(source, encoder), side(target, encoder)
    return Whole.of(one, other, search_band(one, other, 8))


def test_the_level_is_the_mean_best_similarity_over_chance():
    encoder = default_encoder()
    similarity = encoder.encode(ENGLISH) @ encoder.encode(FRENCH).T
    best = np.concatenate([similarity.max(axis=0), similarity.max(axis=1)]).mean()
    assert whole(ENGLISH, FRENCH).level == pytest.approx(best - similarity.mean(), abs=1e-4)


def test_translations_have_a_higher_level_than_other_texts():
    assert whole(ENGLISH, FRENCH).level > 2 * whole(ENGLISH, OTHERS).level


@pytest.mark.parametrize(("source", "target"), [([], []), (ENGLISH, []), ([], FRENCH), (["One."], ["Un."])])
def test_little_text_has_a_level_too(source, target):
    found = whole(source, target)
    assert found.level >= 0.1
    assert np.isfinite([found.log_ratio, found.direction]).all()
