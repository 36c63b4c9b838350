"""`corpusalign tmx` and `corpusalign stats`."""

import json

import pytest

from corpusalign.cli import main
from corpusalign.formats import read, write
from corpusalign.types import TranslationUnit

CAT = TranslationUnit("cat", {"en": "the cat", "fr": "le chat"}, 0.9)
DOG = TranslationUnit("dog", {"en": "the dog", "fr": "le chien"}, 0.9)
FELINE = TranslationUnit("feline", {"en": "the cat", "fr": "le félin"}, 0.95)


@pytest.fixture
def memory(tmp_path):
    write([CAT, DOG], tmp_path / "a.tmx")
    write([FELINE, DOG, DOG], tmp_path / "b.jsonl")
    return tmp_path


def tmx(*arguments):
    return main(["tmx", *map(str, arguments)])


def ids(path):
    return [unit.id for unit in read(path)]


def test_lint(memory, capsys):
    assert tmx("lint", memory / "a.tmx") == 0
    assert capsys.readouterr().out == "0 errors, 0 warnings\n"
    bad = memory / "bad.tmx"
    bad.write_text(
        '<tmx version="1.4"><header/><body><tu><tuv lang="en"><seg>x</seg></tuv></tu></body></tmx>'
    )
    assert tmx("lint", bad) == 1
    shown = capsys.readouterr().out
    assert "the header has no srclang" in shown
    assert "error: has one language only" in shown
    assert tmx("lint", bad, "--errors-only") == 1
    assert "srclang" not in capsys.readouterr().out


def test_merge(memory, capsys):
    assert tmx("merge", memory / "a.tmx", memory / "b.jsonl", "-o", memory / "all.tmx",
               "--overruled", memory / "lost.jsonl") == 0  # fmt: skip
    assert sorted(ids(memory / "all.tmx")) == ["dog", "feline"]
    assert ids(memory / "lost.jsonl") == ["cat"]
    assert "2 repeated, 1 overruled" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        tmx("merge", memory / "a.tmx", "-o", memory / "a.tmx")


def test_dedup(memory):
    assert tmx("dedup", memory / "b.jsonl", "-o", memory / "c.tmx", "--near", "0.9",
               "--duplicates", memory / "d.tmx") == 0  # fmt: skip
    assert ids(memory / "c.tmx") == ["feline", "dog"]
    assert ids(memory / "d.tmx") == ["dog"]


def test_dedup_in_place(memory):
    place = memory / "b.jsonl"
    assert tmx("dedup", place, "-o", place, "--duplicates", memory / "again.jsonl") == 0
    assert ids(place) == ["feline", "dog"]
    assert ids(memory / "again.jsonl") == ["dog"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("dedup", "b.jsonl", "-o", "c.jsonl", "--duplicates", "b.jsonl"),
        ("dedup", "b.jsonl", "-o", "c.jsonl", "--duplicates", "c.jsonl"),
        ("merge", "a.tmx", "b.jsonl", "-o", "c.tmx", "--overruled", "a.tmx"),
        ("merge", "a.tmx", "b.jsonl", "-o", "c.tmx", "--overruled", "c.tmx"),
    ],
)
def test_nothing_is_written_over(memory, capsys, monkeypatch, arguments):
    monkeypatch.chdir(memory)
    before = {path.name: path.read_bytes() for path in memory.iterdir()}
    with pytest.raises(SystemExit):
        tmx(*arguments)
    assert "must be a file of its own" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in memory.iterdir()} == before


def test_diff(memory, capsys):
    assert tmx("diff", memory / "a.tmx", memory / "b.jsonl") == 1
    assert capsys.readouterr().out == (
        "changed feline\n  - fr  le chat\n  + fr  le félin\n0 added, 0 removed, 1 changed\n"
    )
    assert tmx("diff", memory / "a.tmx", memory / "a.tmx", "--summary") == 0


def test_a_table_has_a_column_for_every_language(memory):
    write([CAT, TranslationUnit("zh", {"en": "the cat", "zh": "猫"}, 1.0)], memory / "c.tmx")
    for arguments in (["convert", memory / "c.tmx", memory / "c.tsv"],
                      ["merge", memory / "c.tmx", "-o", memory / "m.tsv"],
                      ["dedup", memory / "c.tmx", "-o", memory / "d.tsv"],
                      ["split", memory / "c.tmx", "-o", memory, "--every", "9",
                       "--suffix", ".tsv"]):  # fmt: skip
        assert tmx(*arguments) == 0
    for name in ("c", "m", "d", "c.part-1"):
        assert [set(unit.variants) for unit in read(memory / f"{name}.tsv")] == [{"en", "fr"}, {"en", "zh"}]


def test_split(memory):
    assert tmx("split", memory / "b.jsonl", "-o", memory / "parts", "--every", "2") == 0
    assert ids(memory / "parts/b.part-1.jsonl") == ["feline", "dog"]
    assert ids(memory / "parts/b.part-2.jsonl") == ["dog"]
    assert tmx("split", memory / "a.tmx", "-o", memory / "parts", "--pairs", "--suffix", ".tmx.gz") == 0
    assert ids(memory / "parts/a.en-fr.tmx.gz") == ["cat", "dog"]
    assert tmx("split", memory / "a.tmx", "-o", memory / "pairs", "--pairs", "--profile", "trados") == 0
    assert 'xml:lang="fr-FR"' in (memory / "pairs/a.en-fr.tmx").read_text()
    assert tmx("split", memory / "a.tmx", "-o", memory / "parts", "--shares", "x=0.5,y=0.5") == 0
    assert sorted(ids(memory / "parts/a.x.tmx") + ids(memory / "parts/a.y.tmx")) == ["cat", "dog"]


def test_convert(memory, capsys):
    assert tmx("convert", memory / "b.jsonl", memory / "b.tsv", "--languages", "fr,en") == 0
    assert (memory / "b.tsv").read_text().splitlines()[0].startswith("fr\ten")
    assert tmx("convert", memory / "a.tmx", memory / "w.tmx", "--profile", "wordfast",
               "--languages", "en,fr") == 0  # fmt: skip
    assert len(ids(memory / "w.tmx")) == 2


def test_convert_knows_languages_in_any_spelling(memory):
    write([TranslationUnit("u", {"en": "cat", "zh": "猫"}, 1.0)], memory / "c.tmx")
    assert tmx("convert", memory / "c.tmx", memory / "c.tsv", "--languages", "zh-CN, EN") == 0
    assert (memory / "c.tsv").read_text(encoding="utf-8").splitlines() == [
        "zh-CN\ten\tconfidence\tid\tnote",
        "猫\tcat\t1.0\tu\t",
    ]


@pytest.mark.parametrize("command", [["stats"], ["tmx", "stats"]])
def test_stats(memory, capsys, command):
    assert main([*command, str(memory / "b.jsonl"), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["units"], shown["repeated"], shown["pairs"]) == (3, 1, {"en-fr": 3})
    assert main([*command, str(memory / "b.jsonl")]) == 0
    assert "confidence" in capsys.readouterr().out


def test_faults_are_one_line(memory, capsys):
    for arguments in (
        ["lint", memory / "none.tmx"],
        ["merge", memory / "none.tmx", "-o", memory / "x.tmx"],
        ["split", memory / "a.tmx", "-o", memory / "p", "--shares", "half"],
    ):
        assert tmx(*arguments) == 1
        assert capsys.readouterr().err.count("\n") == 1
