"""The model read abreast gives what py3langid itself gives, whatever the texts."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from corpusalign.languages.langid import model

WORDS = [
    "The conference",
    "La conférence",
    "会议星期三",
    "в столице",
    "東京で",
    "A",
    "zz",
    "\ud800",
    "é",
    "e\u0301",
]


@cache
def reference() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def compare(texts):
    told = model().probabilities(texts)
    assert told.shape == (len(texts), len(model().languages))
    for text, row in zip(texts, told, strict=True):
        known = dict(reference().rank(text))
        np.testing.assert_allclose(row, [known[code] for code in model().languages], atol=2e-5)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text() | st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join), max_size=6))
def test_as_the_reference(texts):
    compare(texts)


@pytest.mark.parametrize("length", [*range(28, 42), 63, 64, 65, 5000])
def test_no_ngram_is_cut_or_counted_twice_where_pieces_meet(length):
    text = ("La conférence s’est ouverte mercredi dans la capitale et a duré deux jours. " * 70)[:length]
    compare([text, text[1:], "x"])


def test_other_texts_change_no_bit():
    text = "The delegates talked for two hours."
    alone = model().probabilities([text])
    among = model().probabilities(["会议", text, "Les délégués parlent."])
    assert (alone[0] == among[1]).all()
