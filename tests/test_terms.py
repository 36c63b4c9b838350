"""Term candidates: what comes again and again, and what it goes with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusalign.cli import main
from corpusalign.formats import read, write
from corpusalign.terms import as_units, terms
from corpusalign.types import TranslationUnit

SENTENCES = [
    ("The water quality of the river rose.", "河流的水体质量提高了。", "La qualité de l’eau monte."),
    ("Schools measure water quality.", "学校测量水体质量。", "On mesure la qualité de l’eau."),
    ("Good Water quality, in short.", "总之，水体质量好。", "Bref, une bonne qualité de l’eau."),
    ("The tea museum opened.", "茶叶博物馆开馆。", "Le musée du thé ouvre."),
    ("He saw the tea museum.", "他参观茶叶博物馆。", "Il visite le musée du thé."),
    ("A tea museum is new.", "茶叶博物馆很新。", "Un musée du thé est neuf."),
    ("Nothing else happened.", "别无他事。", "Rien d’autre."),
]
UNITS = [
    TranslationUnit(str(number), dict(zip(("en", "zh", "fr"), texts, strict=True)), 1.0)
    for number, texts in enumerate(SENTENCES)
]


def found(source, target, **options):
    return {(one.source, one.target) for one in terms(lambda: UNITS, (source, target), **options)}


def test_terms_of_two_languages_with_spaces():
    assert found("en", "fr") == {("water quality", "qualité de l’eau"), ("tea museum", "musée du thé")}


def test_terms_of_a_language_without_spaces():
    assert found("en", "zh") == {("water quality", "水体质量"), ("tea museum", "茶叶博物馆")}
    assert found("zh", "fr") == {("水体质量", "qualité de l’eau"), ("茶叶博物馆", "musée du thé")}


def test_counts_and_examples():
    (first, _) = terms(lambda: UNITS, ("en", "fr"))
    assert (first.count, first.source_count, first.target_count, first.dice) == (3, 3, 3, 1.0)
    assert len(first.examples) == 3
    assert all(first.source.lower() in source.lower() for source, _ in first.examples)


def test_rare_terms_and_other_languages_give_none():
    assert found("en", "fr", least=4) == set()
    assert found("en", "de") == set()
    assert terms(list, ("en", "fr")) == []


def test_association_against_a_hand_computed_ratio():
    # Both terms in 3 of 7 units, always together: 2 (3 ln 7/3 + 4 ln 7/4).
    assert terms(lambda: UNITS, ("en", "fr"))[0].association == pytest.approx(9.5607, abs=1e-3)


@given(st.lists(st.tuples(st.text("ab c-,.", max_size=20), st.text("天地。a ", max_size=12)), max_size=12))
def test_any_text_gives_terms_that_stand_in_it(texts):
    units = [TranslationUnit(str(k), {"en": en, "zh": zh}, 1.0) for k, (en, zh) in enumerate(texts)]
    for pair in terms(lambda: units, ("en", "zh"), least=1, least_dice=0):
        assert any(pair.source in en for en, _ in texts)
        assert any(pair.target in zh for _, zh in texts)
        assert all(pair.source.lower() in en.lower() for en, _ in pair.examples)
        assert 0 < pair.count <= min(pair.source_count, pair.target_count)


def test_terms_as_units():
    units = list(as_units(terms(lambda: UNITS, ("en", "zh")), ("en", "zh")))
    assert {unit.variants["zh"] for unit in units} == {"水体质量", "茶叶博物馆"}
    assert units[0].scores["count"] == 3


def test_the_command(tmp_path, capsys):
    write(UNITS, tmp_path / "m.tmx")
    assert (
        main(["terms", str(tmp_path / "m.tmx"), "-o", str(tmp_path / "t.tsv"), "--languages", "en,fr"]) == 0
    )
    head, first, *_ = (tmp_path / "t.tsv").read_text().splitlines()
    assert head.split("\t")[:3] == ["en", "fr", "count"]
    assert first.split("\t")[2] == "3"
    assert main(["terms", str(tmp_path / "m.tmx"), "-o", str(tmp_path / "t.tmx")]) == 0
    assert len(list(read(tmp_path / "t.tmx"))) == 2
    with pytest.raises(SystemExit):
        main(["terms", str(tmp_path / "m.tmx"), "-o", str(tmp_path / "t.tsv"), "--languages", "en"])


def test_a_whole_book_in_one_unit_is_paired_by_its_rarest_terms():
    book = " ".join(f"word{number} thing{number}," for number in range(3000))
    units = [*UNITS, *(TranslationUnit(f"book {copy}", {"en": book, "fr": book}, 1.0) for copy in range(3))]
    pairs = terms(lambda: units, ("en", "fr"))
    assert ("water quality", "qualité de l’eau") in {(one.source, one.target) for one in pairs}
    # At most 200 of each side.
    assert sum(one.source.startswith("word") for one in pairs) <= 200
