"""`corpusalign filter`: what is kept, what is set aside, and why."""

import json

import pytest

from corpusalign.cli import main
from corpusalign.formats import read, write
from corpusalign.types import TranslationUnit

GOOD = TranslationUnit(
    "good", {"en": "The bridge was built in 1893.", "fr": "Le pont fut construit en 1893."}, 0.99
)
WRONG = TranslationUnit(
    "wrong", {"en": "The bridge was built in 1893.", "fr": "Le pont fut construit en 1839."}, 0.7
)


@pytest.fixture
def memory(tmp_path):
    path = tmp_path / "memory.jsonl"
    write([GOOD, WRONG], path)
    return path


def run(*arguments):
    return main(["filter", *map(str, arguments), "--no-similarity"])


def test_what_breaks_a_limit_goes_aside_with_its_reason(memory, tmp_path, capsys):
    assert run(memory, "-o", tmp_path / "clean.tmx") == 0
    assert [unit.id for unit in read(tmp_path / "clean.tmx")] == ["good"]
    (aside,) = read(tmp_path / "clean.rejects.tmx")
    assert aside.id == "wrong"
    assert aside.note == "rejected: number_conflicts 1, not <=0"
    shown = capsys.readouterr().out
    assert "number_conflicts<=0" in shown
    assert "clean.rejects.tmx" in shown


def test_limits_change_without_scoring_again(memory, tmp_path):
    rejects = tmp_path / "bad.jsonl"
    run(memory, "-o", tmp_path / "a.jsonl", "--rejects", rejects)
    assert main(["filter", str(rejects), "-o", str(tmp_path / "b.jsonl"), "--as-scored",
                 "--limit", "number_conflicts<=1"]) == 0  # fmt: skip
    (now_kept,) = read(tmp_path / "b.jsonl")
    assert now_kept.note is None
    assert json.loads(rejects.read_text())["scores"] == dict(now_kept.scores)


def test_only_the_limits_given(memory, tmp_path):
    run(memory, "-o", tmp_path / "a.jsonl", "--only", "--limit", "shortest>=5", "-q")
    assert len(list(read(tmp_path / "a.jsonl"))) == 2


def test_a_threshold_by_precision(memory, tmp_path):
    run(memory, "-o", tmp_path / "a.jsonl", "--only", "--threshold", "precision:0.9")
    assert [unit.id for unit in read(tmp_path / "a.jsonl")] == ["good"]
    (aside,) = read(tmp_path / "a.rejects.jsonl")
    assert aside.note == "rejected: confidence 0.7, not >=0.99"


def test_wrong_usage(memory, tmp_path, capsys):
    assert run(memory, "-o", tmp_path / "a.jsonl", "--limit", "good") == 1
    assert "'good': is no limit" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        run(memory, "-o", memory)
    assert not (tmp_path / "a.jsonl").exists()
