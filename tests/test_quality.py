"""Scores of units, and the decision made from them."""

import math

import numpy as np
import pytest

from corpusalign.errors import FormatError
from corpusalign.quality import (
    Limit,
    decide,
    default_limits,
    estimate_lengths,
    parse_limit,
    rejected,
    score,
    scores_of,
    with_limits,
)
from corpusalign.quality.limits import confidence_limit
from corpusalign.types import TranslationUnit

EN = "The old bridge was built in 1893 and has carried trains ever since."
FR = "Le vieux pont fut construit en 1893 et porte des trains depuis lors."
ZH = "这座老桥建于1893年，此后一直有火车通过。"


def unit(confidence: float = 0.9, **variants: str) -> TranslationUnit:
    return TranslationUnit("x", variants, confidence)


def scores(**variants: str) -> dict[str, float]:
    (found,) = score([unit(**variants)])
    return dict(found.scores)


class FakeEncoder:
    """Texts that begin with the same letter are alike, others are at right angles."""

    def encode(self, texts):
        vectors = np.zeros((len(texts), 300), np.float32)
        for row, text in enumerate(texts):
            vectors[row, ord(text[0]) % 300] = 1
        return vectors


def test_a_good_unit_keeps_all_limits():
    for found in (scores(en=EN, fr=FR), scores(en=EN, zh=ZH), scores(en=EN, fr=FR, zh=ZH)):
        assert decide(found, default_limits()).keep
        assert found["numbers"] == 1
        assert found["number_conflicts"] == 0
        assert found["script"] == 1
        assert found["language"] > 0.9


@pytest.mark.parametrize(
    ("variants", "broken"),
    [
        ({"en": EN, "fr": EN}, {"copy"}),
        ({"en": EN, "zh": EN}, {"copy", "script"}),
        ({"en": EN, "fr": FR.replace("1893", "1839")}, {"number_conflicts"}),
        ({"en": EN * 3, "fr": "Le vieux pont."}, {"length_z"}),
        ({"en": EN, "zh": "Старый мост был построен в 1893 году."}, {"script", "language"}),
        ({"en": "------ 1 ------", "fr": "------ 1 ------"}, {"alphanumeric"}),
        ({"en": "© The Bridge Company 2020", "fr": "© La Compagnie du pont 2020"}, {"boilerplate"}),
        ({"en": "", "fr": ""}, {"alphanumeric", "shortest"}),
    ],
)  # fmt: skip
def test_a_bad_unit_is_rejected_for_its_fault(variants, broken):
    decision = decide(scores(**variants), default_limits())
    assert {reason.limit.score for reason in decision.reasons} >= broken


def test_names_and_numbers_are_no_copies():
    assert scores(en="Marie Curie", fr="Marie Curie")["copy"] == 0
    assert scores(en="COVID-19", zh="COVID-19")["copy"] == 0
    assert scores(en="the bridge", fr="the bridge")["copy"] == 1


def test_punctuation_is_compared_across_scripts():
    assert scores(en="Is it (really) old?", zh="它（真的）很老吗？")["punctuation"] == 1
    assert scores(en="Is it old?", zh="它很老。")["punctuation"] < 0.5


def test_names_carried_over():
    assert scores(en="They met at CERN in Geneva.", zh="他们在 CERN 相遇。")["names"] == 1
    assert scores(en="See https://example.org/a now.", fr="Voir https://example.org/b.")["names"] == 0


def test_duplicates_are_found_whatever_the_case_and_marks():
    units = [unit(en=EN, fr=FR), unit(en=EN.upper() + "!", fr=FR), unit(en=EN, fr=FR + " Encore.")]
    assert [one.scores["duplicate"] for one in score(units)] == [0, 1, 0]


def test_near_duplicates():
    units = [unit(en=EN, fr=FR), unit(en=EN, fr=FR.replace("vieux", "beau")), unit(en="Other", fr="Autre")]
    first, second, third = (one.scores["near_duplicate"] for one in score(units, near_duplicates=True))
    assert (first, third) == (0, 0)
    assert 0.7 < second < 1


def test_similarity_is_the_worst_pair():
    found = list(score([unit(en="a", fr="a"), unit(en="a", fr="b", zh="a")], encoder=FakeEncoder()))
    assert [one.scores["similarity"] for one in found] == [1, 0]


def test_without_an_encoder_there_is_no_similarity_and_one_side_has_no_pairs():
    assert "similarity" not in scores(en=EN, fr=FR)
    assert {"numbers", "length_z", "copy"}.isdisjoint(scores(en=EN))


def test_scores_that_a_unit_has_stay():
    (found,) = score([TranslationUnit("x", {"en": EN, "fr": FR}, 0.5, {"mine": 0.25})])
    assert found.scores["mine"] == 0.25
    assert scores_of(found)["confidence"] == 0.5


def test_many_batches_come_in_order():
    units = [TranslationUnit(str(k), {"en": f"text {k}", "fr": f"texte {k}"}, 1.0) for k in range(1100)]
    found = list(score(units, identify_languages=False))
    assert [one.id for one in found] == [one.id for one in units]
    assert not any(one.scores["duplicate"] for one in found)


def test_a_language_without_a_folder_has_no_length_ratio_until_it_is_estimated():
    units = [TranslationUnit(str(k), {"en": EN, "xx": EN * 2}, 1.0) for k in range(60)]
    assert "length_z" not in scores(en=EN, xx=EN)
    (found,) = score(units[:1], lengths=estimate_lengths(units))
    assert found.scores["length_z"] < 0.1


def test_lengths_are_those_of_the_memory():
    units = [unit(en=EN, fr=FR + FR)] * 200
    assert next(score(units)).scores["length_z"] > 2
    assert next(score(units, lengths=estimate_lengths(units))).scores["length_z"] < 0.2


def test_limits_are_parsed_and_written_alike():
    assert parse_limit(" similarity >= 0.40 ") == Limit("similarity", True, 0.4)
    assert str(parse_limit("length_z<=5")) == "length_z<=5"
    # A corpus keeps its limits as they are written.
    for figure in (1e6, 1e-5, 0.35):
        limit = Limit("longest", False, figure)
        assert parse_limit(str(limit)) == limit
    assert parse_limit("aligner-confidence>=0.5") == Limit("aligner-confidence", True, 0.5)
    for bad in ("similarity", "similarity=>0.4", "x>=y", ""):
        with pytest.raises(FormatError):
            parse_limit(bad)


def test_a_score_that_is_missing_breaks_no_limit_and_nan_breaks_all():
    limits = [parse_limit("similarity>=0.4")]
    assert decide({}, limits).keep
    assert not decide({"similarity": math.nan}, limits).keep
    assert decide({"similarity": 0.4}, limits).keep
    assert [str(reason) for reason in decide({"similarity": 0.125}, limits).reasons] == [
        "similarity 0.125, not >=0.4"
    ]


def test_a_changed_limit_replaces_the_usual_one():
    limits = with_limits([parse_limit("a>=1"), parse_limit("b<=2")], [parse_limit("a>=3")])
    assert list(map(str, limits)) == ["a>=3", "b<=2"]


def test_the_note_says_the_latest_reasons():
    limits = [parse_limit("confidence>=0.95")]
    aside = rejected(TranslationUnit("x", {}, 0.9, note="mine"), decide({"confidence": 0.9}, limits))
    assert aside.note == "mine\nrejected: confidence 0.9, not >=0.95"
    assert rejected(aside, decide({"confidence": 0.9}, ())).note == "mine"


def test_thresholds_as_they_are_written():
    assert confidence_limit("0.8", []) == Limit("confidence", True, 0.8)
    assert confidence_limit("precision:0.9", [1.0, 0.85, 0.1]) == Limit("confidence", True, 0.85)
    assert confidence_limit("precision:0.995", [1.0, 0.99, 0.9, 0.5, 0.5, 0.1]).figure == 0.99
    assert confidence_limit("precision:0.9", []).figure == 0
    for bad in ("precise", "precision:2", "precision:", "precision:0.9"):
        with pytest.raises(FormatError):
            confidence_limit(bad, [0.5])
