"""What people mended is mended again at every build."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import corpusalign as ca
from benchmarks.synthetic_crawl import make_crawl
from corpusalign.cli import main
from corpusalign.corpus.mending import Mending
from corpusalign.errors import FormatError
from corpusalign.review import write_edits
from corpusalign.review.edits import Approve, Edit, Merge, Rewrite, Split, record_of
from corpusalign.review.edits import Reject as Refuse
from corpusalign.types import TranslationUnit

from .test_corpus import contents, made, rejects


@pytest.fixture
def source(tmp_path: Path) -> Path:
    make_crawl(tmp_path / "source", 4, seed=9, faults=False)
    return tmp_path / "source"


def units_of(corpus: Path, kind: str = "part") -> list[TranslationUnit]:
    return [unit for path in sorted(corpus.glob(f"{kind}-*")) for unit in ca.read(path)]


def saved(folder: Path, *edits: Edit) -> Path:
    path = folder / "mended.corpusalign.json"
    write_edits(edits, path)
    return path


def test_edits_are_done_again_and_nothing_is_aligned_for_them(source: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "c"
    made(source, corpus)
    before = units_of(corpus)
    first, second, third = before[0], before[1], before[5]
    edits = saved(
        tmp_path,
        Merge(first.id, second.id, {"en": " ", "fr": " "}),
        Approve(first.id),
        Refuse(third.id, "wrong"),
    )
    result = made(source, corpus, edits=[edits])
    assert result.progress.shards == 0
    after = units_of(corpus)
    assert len(after) == len(before) - 2
    assert after[0].variants["en"] == f"{first.variants['en']} {second.variants['en']}"
    assert after[0].confidence == 1.0
    assert third.id not in {unit.id for unit in after}
    mended = contents(corpus)
    made(source, corpus)
    assert contents(corpus) == mended, "remembered"
    made(source, corpus, edits=[])
    assert [unit.id for unit in units_of(corpus)] == [unit.id for unit in before], "forgotten"


def test_edits_outlive_changes_elsewhere_on_their_page(source: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "c"
    made(source, corpus)
    ours = next(unit for unit in units_of(corpus) if unit.origin["fr"].url.endswith("page-2.html"))
    better = ours.variants["fr"] + " (revu)"
    edit = Rewrite(ours.id, "fr", ours.variants["fr"], better)
    page = source / "site-000" / "fr" / "page-2.html"
    content = page.read_text("utf-8")
    page.write_text(
        content.replace("</main>", "<p>Une phrase de plus, ajoutée ce matin.</p></main>"), "utf-8"
    )
    made(source, corpus, edits=[saved(tmp_path, edit)])
    (found,) = [unit for unit in units_of(corpus) if unit.id == ours.id]
    assert found.variants["fr"] == better
    assert not [reason for reason, _ in rejects(corpus) if reason == "edit"]


def test_an_edit_whose_unit_is_gone_is_told(source: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "c"
    made(source, corpus)
    ours = units_of(corpus)[0]
    edits = saved(tmp_path, Approve(ours.id), Approve("0123456789abcdef"))
    for lang in ("en", "fr"):
        (source / ours.origin[lang].url).unlink()
    result = made(source, corpus, edits=[edits])
    assert result.summary is not None
    assert result.summary.rejects["edit"] == 2
    assert ours.id not in {unit.id for unit in units_of(corpus)}


def test_a_unit_that_was_worked_on_is_kept_whatever_it_scores(source: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "c"
    made(source, corpus)
    dropped = units_of(corpus, "rejected")[0]
    made(source, corpus, edits=[saved(tmp_path, Approve(dropped.id))])
    assert dropped.id in {unit.id for unit in units_of(corpus)}


def test_what_later_edits_of_a_unit_build_on_goes_with_it() -> None:
    units = tuple(TranslationUnit(name, {"en": name, "fr": name}, 0.5) for name in "abcd")
    records = [
        record_of(edit)
        for edit in (
            Merge("a", "c"),
            Approve("a"),
            Split("d", "e", {"en": (0, 0), "fr": (9, 9)}),
            Approve("e"),
            Approve("b"),
        )
    ]
    mending = Mending(records)
    mended = mending.mended(units)
    assert [unit.id for unit in mended if unit.confidence == 1.0] == ["b"]
    assert len(mending.misfits) == 4
    assert mending.mended(()) == ()


def test_the_command_takes_edits_and_refuses_what_is_none(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = str(tmp_path / "c")
    made(source, tmp_path / "c")
    ours = units_of(tmp_path / "c")[0]
    edits = str(saved(tmp_path, Refuse(ours.id)))
    usual = ["build", str(source), "-o", output, "--runner", "serial", "-q", "--shard-size", "8000"]
    assert main([*usual, "--edits", edits]) == 0
    assert ours.id not in {unit.id for unit in units_of(tmp_path / "c")}
    with pytest.raises(SystemExit):
        main([*usual, "--edits", str(tmp_path / "edits.json"), "--forget-edits"])
    assert main([*usual, "--forget-edits"]) == 0
    assert ours.id in {unit.id for unit in units_of(tmp_path / "c")}
    (tmp_path / "none.json").write_text(json.dumps([]), "utf-8")
    assert main([*usual, "--edits", str(tmp_path / "none.json")]) == 1
    assert "is no edits file" in capsys.readouterr().err
    with pytest.raises(FormatError, match="is no limit"):
        made(source, tmp_path / "c", limits=["similarity"])
