from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusalign.errors import FormatError
from corpusalign.review import apply_edits, read_edits, write_edits
from corpusalign.review.edits import (
    Approve,
    Comment,
    Divide,
    Edit,
    Merge,
    Move,
    Reject,
    Reopen,
    Rewrite,
    Split,
    Swap,
)
from corpusalign.review.replay import Misfit
from corpusalign.types import Span, TranslationUnit
from tests.samples import bitext, units

ROWS = bitext().rows
ID = [row.id for row in ROWS]


def applied(*edits: Edit) -> tuple[TranslationUnit, ...]:
    return apply_edits(bitext(), edits)


def spans(unit: TranslationUnit, lang: str) -> list[tuple[int, int, int]]:
    return [(span.block, span.start, span.end) for span in unit.origin[lang].spans]


def test_no_edits_change_nothing():
    assert applied() == ROWS


@given(st.lists(units(), max_size=5))
def test_no_edits_change_nothing_of_any_units_but_repeated_ids(some):
    result = apply_edits(some, [])
    assert [unit.variants for unit in result] == [unit.variants for unit in some]
    assert len({unit.id for unit in result}) == len(some)
    assert [unit.origin for unit in result] == [unit.origin for unit in some]


def test_merge():
    rows = applied(Merge(ID[1], ID[2], {"en": " ", "zh": ""}))
    assert len(rows) == 5
    merged = rows[1]
    assert merged.id == ID[1]
    assert merged.variants == {
        "en": "It rained. The well filled. Nobody came.",
        "zh": "下雨了，井里有了水。没人来。",
        "fr": "Il plut et le puits se remplit.",
    }
    assert merged.confidence == 0.45
    assert merged.scores == {"mended": 1.0}
    assert spans(merged, "en") == [(1, 0, 27), (2, 0, 12)]
    assert merged.origin["en"].url == ROWS[1].origin["en"].url


def test_split_and_merge_again():
    cuts = {"en": (10, 11), "zh": (4, 4), "fr": (31, 31)}
    first, second = applied(Split(ID[1], "new", cuts))[1:3]
    assert (first.id, second.id) == (ID[1], "new")
    assert first.variants == {"en": "It rained.", "zh": "下雨了，", "fr": "Il plut et le puits se remplit."}
    assert second.variants == {"en": "The well filled.", "zh": "井里有了水。"}
    assert spans(first, "en") == [(1, 0, 10)]
    assert spans(second, "en") == [(1, 11, 27)]
    assert spans(second, "zh") == [(1, 4, 10)]
    whole = applied(Split(ID[1], "new", cuts), Merge(ID[1], "new", {"en": " ", "zh": ""}))[1]
    assert whole.variants == ROWS[1].variants
    assert whole.origin == ROWS[1].origin


def test_move_up_and_down():
    up = applied(Move(ID[2], ID[1], "zh", (4, 4), ""))
    assert up[1].variants["zh"] == "下雨了，井里有了水。没人来。"
    assert "zh" not in up[2].variants
    down = applied(Move(ID[1], ID[2], "en", (10, 11), " "))
    assert down[1].variants["en"] == "It rained."
    assert down[2].variants["en"] == "The well filled. Nobody came."
    assert spans(down[2], "en") == [(1, 11, 27), (2, 0, 12)]


def test_a_row_that_lost_its_last_text_is_gone():
    rows = applied(Move(ID[3], ID[2], "fr", (4, 4), " "))
    assert len(rows) == 5
    assert rows[2].variants["fr"] == "Fin."


def test_swap():
    assert [row.id for row in applied(Swap(ID[0], ID[1]))[:2]] == [ID[1], ID[0]]
    rows = applied(Swap(ID[0], ID[1], "fr"))
    assert rows[0].variants["fr"] == "Il plut et le puits se remplit."
    assert rows[1].variants["fr"] == "Le puits"
    assert rows[0].origin["fr"] == ROWS[1].origin["fr"]


def test_rewriting_keeps_where_it_came_from():
    row = applied(Rewrite(ID[0], "en", "The well", "A well"))[0]
    assert row.variants["en"] == "A well"
    assert row.origin == ROWS[0].origin
    assert row.scores == {"mended": 1.0}


def test_a_rewritten_text_is_divided_where_its_original_was():
    was = "It rained. The well filled."
    text = "It rained hard. The well filled."
    first, second = applied(
        Rewrite(ID[1], "en", was, text),
        Split(ID[1], "new", {"en": (15, 16), "zh": (10, 10), "fr": (0, 0)}),
    )[1:3]
    assert (first.variants["en"], second.variants["en"]) == ("It rained hard.", "The well filled.")
    assert spans(first, "en") == [(1, 0, 10)]
    assert spans(second, "en") == [(1, 11, 27)]


def test_a_text_taken_out_and_one_put_in():
    rows = applied(Rewrite(ID[0], "fr", "Le puits", ""), Rewrite(ID[2], "fr", "", "Personne ne vint."))
    assert "fr" not in rows[0].variants
    assert "fr" not in rows[0].origin
    assert rows[2].variants["fr"] == "Personne ne vint."
    assert "fr" not in rows[2].origin


def test_verdicts_and_comments():
    rows = applied(Approve(ID[1]), Reject(ID[2], "bad"), Comment(ID[4], "odd"), Approve(ID[0]), Reopen(ID[0]))
    assert [row.id for row in rows] == [ID[0], ID[1], ID[3], ID[4], ID[5]]
    assert rows[1].confidence == 1.0
    assert rows[1].scores == {"approved": 1.0, "aligner-confidence": 0.9}
    assert rows[0] == ROWS[0]
    assert rows[3].note == "odd"


def test_an_approval_is_known_again_and_can_be_taken_back():
    once = applied(Approve(ID[1]))
    assert apply_edits(once, []) == once
    again = apply_edits(once, [Reopen(ID[1])])
    assert (again[1].confidence, again[1].scores) == (0.9, {})


def test_a_changed_row_has_to_be_approved_anew():
    row = applied(Approve(ID[0]), Rewrite(ID[0], "en", "The well", "A well"))[0]
    assert "approved" not in row.scores
    assert row.confidence == 0.99


def test_dividing_a_sentence_changes_no_text():
    assert applied(Divide(ID[0], "en", (3, 4))) == ROWS


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (Approve("none"), "there is no unit none"),
        (Merge(ID[0], ID[2], {}), "is not the one behind"),
        (Merge(ID[1], ID[0], {}), "is not the one behind"),
        (Split(ID[0], "new", {"en": (3, 4)}), "it divides"),
        (Split(ID[0], ID[1], {"en": (3, 4), "zh": (0, 0), "fr": (0, 0)}), "already"),
        (Split(ID[0], "new", {"en": (0, 0), "zh": (0, 0), "fr": (0, 0)}), "would have no text"),
        (Split(ID[0], "new", {"en": (3, 99), "zh": (0, 0), "fr": (0, 0)}), "shorter than its cut"),
        (Move(ID[0], ID[2], "en", (0, 0)), "no neighbours"),
        (Move(ID[3], ID[2], "en", (0, 0)), "has no text in en"),
        (Move(ID[2], ID[1], "en", (0, 0)), "nothing would be moved"),
        (Swap(ID[0], ID[2]), "is not the one behind"),
        (Swap(ID[2], ID[3], "fr"), "would have no text"),
        (Rewrite(ID[0], "en", "Another", "x"), "is another one"),
        (Rewrite(ID[0], "de", "", "x"), "no text in de"),
        (Divide(ID[0], "en", (3, 99)), "shorter than its cut"),
    ],
)
def test_an_edit_that_does_not_apply_is_refused_or_reported(edit, reason):
    with pytest.raises(FormatError, match=reason):
        applied(edit)
    misfits: list[Misfit] = []
    rows = apply_edits(bitext(), [edit, Approve(ID[0])], on_misfit=misfits.append)
    assert rows[1:] == ROWS[1:]
    assert rows[0].scores["approved"] == 1.0
    assert [(misfit.number, misfit.edit) for misfit in misfits] == [(1, edit)]
    assert reason in str(misfits[0])


def test_a_text_that_is_not_made_of_its_spans_keeps_them_all():
    page = ROWS[0].origin["en"]
    unit = TranslationUnit("x", {"en": "quite another text"}, 1.0, {}, {"en": page})
    rows = apply_edits([unit], [Split("x", "y", {"en": (5, 6)})])
    assert [row.variants["en"] for row in rows] == ["quite", "another text"]
    assert [row.origin["en"].spans for row in rows] == [(Span(0, "/html/body/p[1]", 0, 8),)] * 2


EVERY = (
    Merge("a", "b", {"en": " ", "zh": ""}),
    Split("a", "c", {"en": (1, 2)}),
    Divide("a", "en", (1, 1)),
    Move("a", "b", "en", (3, 4), ""),
    Swap("a", "b"),
    Swap("a", "b", "en"),
    Rewrite("a", "en", "was \ud800 \u2028", "is"),
    Approve("a"),
    Reject("a", "why"),
    Reopen("a"),
    Comment("a", "text"),
)


def test_a_file_there_and_back(tmp_path: Path):
    path = tmp_path / "x.corpusalign.json"
    write_edits(EVERY, path)
    assert read_edits(path) == EVERY
    assert path.read_text(encoding="utf-8").count("\n") == len(EVERY) + 6


BROKEN = [
    ("{", "is not JSON"),
    ("[" * 100_000, "is not JSON"),
    ("[]", "is no edits file"),
    ('{"format": "corpusalign-edits", "version": 9, "edits": []}', "has version 9"),
    ('{"format": "corpusalign-edits", "version": 1}', "has no list of edits"),
]
BROKEN_EDITS = [
    ("1", "is no object"),
    ("{}", "has no 'do'"),
    ('{"do": "explode", "unit": "a"}', "nothing is called 'explode'"),
    ('{"do": "approve", "unit": 1}', "1 is not text"),
    ('{"do": "merge", "unit": "a"}', "has no 'other'"),
    ('{"do": "merge", "unit": "a", "other": "b", "join": []}', "is no object"),
    ('{"do": "divide", "unit": "a", "lang": "en", "cut": [2, 1]}', "no pair of offsets"),
    ('{"do": "divide", "unit": "a", "lang": "en", "cut": [true, 1]}', "no pair of offsets"),
    ('{"do": "divide", "unit": "a", "lang": "en", "cut": "12"}', "no pair of offsets"),
]


@pytest.mark.parametrize(("text", "fault"), BROKEN)
def test_what_is_no_edits_file(tmp_path: Path, text: str, fault: str):
    path = tmp_path / "edits.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormatError, match=fault):
        read_edits(path)


@pytest.mark.parametrize(("edit", "fault"), BROKEN_EDITS)
def test_what_is_no_edit(tmp_path: Path, edit: str, fault: str):
    path = tmp_path / "edits.json"
    good = json.dumps({"do": "approve", "unit": "a"})
    path.write_text(
        f'{{"format": "corpusalign-edits", "version": 1, "edits": [{good}, {edit}]}}', encoding="utf-8"
    )
    with pytest.raises(FormatError, match=f"edit 2: .*{fault}"):
        read_edits(path)


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(FormatError, match="no such file"):
        read_edits(tmp_path / "none.json")
    with pytest.raises(FormatError, match="cannot be read"):
        read_edits(tmp_path)
