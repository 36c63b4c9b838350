"""Merge, dedup, diff, split, lint and stats of memories."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusalign.errors import FormatError
from corpusalign.memories import (
    Memory,
    dedup,
    diff,
    duplicates,
    lint,
    merged,
    overruled,
    parse_shares,
    part_of,
    plan_merge,
    stats,
)
from corpusalign.types import Origin, TranslationUnit


def unit(name="x", confidence=0.9, scores=None, note=None, origin=None, **variants):
    return TranslationUnit(name, variants, confidence, scores or {}, origin or {}, note)


CAT = unit("cat", en="the cat", fr="le chat")
DOG = unit("dog", en="the dog", fr="le chien")
FELINE = unit("feline", 0.95, en="the cat", fr="le félin")


def memories(*units_of, dates=()):
    return [
        Memory(name, lambda units=units: iter(units), dates[place] if dates else 0.0)
        for place, (name, units) in enumerate(zip("abcd", units_of, strict=False))
    ]


def merge(*units_of, prefer="verdict", dates=()):
    sources = memories(*units_of, dates=dates)
    plan = plan_merge(sources, source="en", prefer=prefer)
    return list(merged(sources, plan)), list(overruled(sources, plan)), plan


def test_what_memories_agree_on_is_said_once_and_names_them():
    kept, lost, plan = merge([CAT, DOG], [CAT])
    assert [(one.id, one.note) for one in kept] == [("cat", "memory: a\nmemory: b"), ("dog", "memory: a")]
    assert lost == []
    assert (plan.agreements, plan.conflicts) == (1, 0)


@pytest.mark.parametrize(
    ("prefer", "dates", "expected"),
    [
        ("first", (), ["cat"]),
        ("confidence", (), ["feline"]),
        ("date", (1.0, 2.0), ["feline"]),
        ("date", (2.0, 1.0), ["cat"]),
        ("verdict", (), ["feline"]),
        ("all", (), ["cat", "feline"]),
    ],
)
def test_conflicts_are_resolved_as_preferred(prefer, dates, expected):
    kept, lost, plan = merge([CAT], [FELINE], prefer=prefer, dates=dates)
    assert [one.id for one in kept] == expected
    assert {one.id for one in kept + lost} == {"cat", "feline"}
    assert plan.conflicts == len(lost) == 2 - len(expected)


def test_the_date_of_a_unit_goes_before_that_of_its_memory():
    newer = unit("cat", 0.5, {"changed": 9.0}, en="the cat", fr="le chat")
    kept, lost, _ = merge([newer], [FELINE], prefer="date", dates=(1.0, 2.0))
    assert ([one.id for one in kept], [one.id for one in lost]) == (["cat"], ["feline"])


def test_a_human_verdict_beats_confidence():
    approved = unit("cat", 0.5, {"approved": 1.0}, en="the cat", fr="le chat")
    kept, lost, _ = merge([FELINE], [approved])
    assert [one.id for one in kept] == ["cat"]
    assert [(one.id, one.note) for one in lost] == [("feline", "memory: a")]


def test_other_languages_are_no_conflict_and_provenance_accumulates():
    chinese = unit("zh", en="the cat", zh="猫", note="seen\nmemory: older")
    kept, _, _ = merge([CAT], [chinese])
    assert [one.note for one in kept] == ["memory: a", "seen\nmemory: older\nmemory: b"]


def test_units_without_the_source_language_and_empty_memories():
    german = unit("de", de="die Katze", fr="le chat")
    kept, _, _ = merge([], [german], [german, CAT])
    assert [one.id for one in kept] == ["de", "cat"]
    assert merge([], [])[0] == []


texts = st.sampled_from(["a", "b", "c"])
some_units = st.lists(
    st.builds(lambda en, fr, p: unit(en + fr, p, en=en, fr=fr), texts, texts, st.floats(0, 1))
)


@given(some_units, some_units)
def test_merging_by_confidence_is_what_a_plain_loop_does(first, second):
    best: dict[str, TranslationUnit] = {}
    for one in first + second:
        asked = one.variants["en"]
        if asked not in best or one.confidence > best[asked].confidence:
            best[asked] = one
    kept, _, _ = merge(first, second, prefer="confidence")
    assert {(one.id, one.confidence) for one in kept} == {(one.id, one.confidence) for one in best.values()}
    assert len(kept) == len(best)


def test_each_unit_once():
    again = unit("again", en="The CAT!", fr="le chat")
    units = [CAT, DOG, again, CAT]
    assert [one.id for one in dedup(units)] == ["cat", "dog"]
    assert [one.id for one in duplicates(units)] == ["again", "cat"]


def test_near_duplicates_are_dropped_when_asked():
    long = unit(
        "long", en="The committee met on Tuesday to discuss the river.", fr="Le comité parla du fleuve."
    )
    near = unit(
        "near", en="The committee met on Tuesday to discuss the rivers.", fr="Le comité parla du fleuve."
    )
    assert [one.id for one in dedup([long, near, CAT])] == ["long", "near", "cat"]
    assert [one.id for one in dedup([long, near, CAT], near=0.8)] == ["long", "cat"]
    with pytest.raises(ValueError):
        list(dedup([CAT], near=2))


def test_a_memory_larger_than_the_buffer_of_fresh_hashes(monkeypatch):
    monkeypatch.setattr("corpusalign.quality.duplicates._MERGE_AT", 10)
    units = [unit(str(k), en=f"text {k}", fr=f"texte {k}") for k in range(2100)]
    assert len(list(dedup(units + units))) == 2100


def changes(old, new):
    return [
        (one.kind, one.old.id if one.old else None, one.new.id if one.new else None)
        for one in diff(lambda: old, lambda: new)
    ]


def test_differences():
    cat_is = unit("cat2", en="the cat", fr="le chat !")
    dog_was = unit("dog2", en="a dog", fr="le chien")
    bird = unit("bird", en="the bird", fr="l'oiseau")
    assert changes([CAT, DOG], [DOG, CAT]) == []
    assert changes([CAT, DOG], [cat_is, DOG, bird]) == [("changed", "cat", "cat2"), ("added", None, "bird")]
    assert changes([CAT, DOG], [dog_was]) == [("changed", "dog", "dog2"), ("removed", "cat", None)]
    assert changes([CAT, CAT], [CAT]) == []
    assert changes([CAT], [unit("m", en="the cat", fr="le chat", zh="猫")]) == [
        ("added", None, "m"),
        ("removed", "cat", None),
    ]


@given(some_units, some_units)
def test_differences_lead_from_the_old_to_the_new(old, new):
    def names(units):
        return {one.id for one in units}

    found = names(old)
    for one in diff(lambda: old, lambda: new):
        if one.old is not None:
            found.remove(one.old.id)
        if one.new is not None:
            assert one.new.id not in found
            found.add(one.new.id)
    assert found == names(new)


def test_shares_hold_and_the_same_text_stays_together():
    shares = parse_shares("train=0.8, dev=0.1,test=0.1")
    units = [unit(str(k), en=f"text {k}", fr=f"texte {k}") for k in range(4000)]
    counts = Counter(part_of(one, shares) for one in units)
    assert counts["train"] == pytest.approx(3200, abs=120)
    assert counts["dev"] == pytest.approx(400, abs=80)
    other = unit("other", en="text 7", fr="autre")
    assert part_of(other, shares) == part_of(units[7], shares)
    assert any(part_of(one, shares) != part_of(one, shares, seed=1) for one in units)
    assert any(part_of(one, shares) != part_of(one, shares, seed=-1) for one in units)


def test_a_page_stays_together():
    shares = parse_shares("a=0.5,b=0.5")
    page = {"en": Origin("https://example.org/1", "", ())}
    units = [unit(str(k), en=f"text {k}", fr="x", origin=page) for k in range(50)]
    assert len({part_of(one, shares, by="page") for one in units}) == 1
    assert len({part_of(one, shares) for one in units}) == 2


@pytest.mark.parametrize(
    "text", ["", "train", "train=1,dev=1", "a=0.5,a=0.5", "a=x", "a=2,b=-1", "=1", "a=nan"]
)
def test_shares_that_are_none(text):
    with pytest.raises(FormatError):
        parse_shares(text)


def test_there_is_no_part_of_no_shares():
    with pytest.raises(ValueError, match="shares"):
        part_of(unit(en="x", fr="y"), {})


@pytest.mark.parametrize(
    ("faulty", "severity", "said"),
    [
        (unit(en="alone"), "error", "one language only"),
        (unit(), "error", "has no text"),
        (unit(en="x", fr="  "), "error", "its fr is empty"),
        (unit(en=" x", fr="y"), "warning", "white space"),
        (unit(en="x" * 4001, fr="y"), "warning", "4001 characters"),
        (unit(en="a\x07b", fr="y"), "warning", "control character"),
        (unit(en="Ã©tÃ©", fr="été"), "warning", "another encoding"),
        (unit(en="a <b>bold</b> one", fr="y"), "warning", "markup: '<b>'"),
        (unit(en="Tom &amp; Ann", fr="y"), "warning", "markup: '&amp;'"),
        (unit(en="a\ufffdb", fr="y"), "error", "lost"),
        (unit(en="same", fr="same"), "warning", "same text in every language"),
        (unit(confidence=1.5, en="x", fr="y"), "error", "confidence is 1.5"),
    ],
)
def test_faults_are_found(faulty, severity, said):
    findings = list(lint([faulty]))
    assert [found.severity for found in findings if said in found.fault] == [severity]


def test_repetition_and_contradiction_are_found_across_units():
    assert list(map(str, lint([CAT, DOG, CAT, FELINE]))) == [
        "unit 3 (cat): warning: says the same as unit 1",
        "unit 4 (feline): warning: translates the text of unit 1 differently",
    ]


def test_a_clean_memory_has_no_findings():
    assert list(lint([CAT, DOG, unit(en="1 < 2 & 3", fr="«Élan», naïve Ångström")])) == []


def test_figures():
    units = [CAT, DOG, CAT, unit(scores={"approved": 1.0, "mine": 3}, en="a b", zh="猫")]
    figures = stats(units)
    assert (figures.units, figures.repeated, figures.approved) == (4, 1, 1)
    assert (figures.languages["en"].units, figures.languages["en"].characters) == (4, 20)
    assert figures.pairs == {("en", "fr"): 3, ("en", "zh"): 1}
    assert figures.scores["mine"].units == 1
    assert figures.scores["confidence"].mean == pytest.approx(0.9)
    assert stats([]).units == 0


def test_quantiles_of_many():
    units = [unit(confidence=k / 60_000, en="x") for k in range(60_001)]
    confidence = stats(units).scores["confidence"]
    assert confidence.quantiles == pytest.approx((0.05, 0.25, 0.5, 0.75, 0.95), abs=0.01)
    assert (confidence.least, confidence.greatest) == (0, 1)
