"""Whole builds in one process: what a corpus holds, and how it comes up to date."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

import corpusalign as ca
from benchmarks.synthetic_crawl import make_crawl
from corpusalign.cli import main
from corpusalign.corpus import Result, build, preview
from corpusalign.corpus.folder import STATE, locked
from corpusalign.corpus.threads import one_thread
from corpusalign.errors import FetchError, FormatError, LanguageError
from corpusalign.fetch.answer import Answer
from corpusalign.fetch.warc_writer import Writer

from .conftest import FIXTURES

SETS = 8


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a crawl of eight page sets in English and French."""
    folder = tmp_path_factory.mktemp("crawl")
    make_crawl(folder, SETS, seed=7, faults=False)
    return folder


@pytest.fixture(scope="module")
def corpus(crawl: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build it once, in several shards."""
    output = tmp_path_factory.mktemp("corpus") / "built"
    made(crawl, output)
    return output


def made(source: Path, output: Path, **options) -> Result:
    return build(source, output, runner="serial", **{"shard_size": 8000, **options})


def contents(corpus: Path) -> Mapping[str, bytes]:
    """Return the files that the input alone decides."""
    names = [path.name for pattern in ("part-*", "rejected-*") for path in corpus.glob(pattern)]
    names += ["manifest.json", "rejects.jsonl"]
    return {name: (corpus / name).read_bytes() for name in sorted(names)}


def rejects(corpus: Path) -> list[tuple[str, list[str]]]:
    lines = (corpus / "rejects.jsonl").read_text(encoding="utf-8").splitlines()
    return [(record["reason"], record["pages"]) for record in map(json.loads, lines)]


@pytest.fixture
def copy(crawl: Path, corpus: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Return a source and its corpus that a test may change."""
    shutil.copytree(crawl, tmp_path / "source")
    shutil.copytree(corpus, tmp_path / "corpus")
    return tmp_path / "source", tmp_path / "corpus"


def test_the_units_are_those_of_the_page_sets(crawl: Path, corpus: Path) -> None:
    units = [unit for part in sorted(corpus.glob("part-*")) for unit in ca.read(part)]
    others = [unit for part in sorted(corpus.glob("rejected-*")) for unit in ca.read(part)]
    with one_thread():
        expected = [
            unit
            for english in sorted((crawl / "site-000" / "en").iterdir())
            for unit in ca.align_pages([english, crawl / "site-000" / "fr" / english.name])
        ]
    texts = {unit.id: unit.variants for unit in (*units, *others)}
    assert len(texts) == len(units) + len(others) == len(expected)
    assert [*texts.values()].count(expected[0].variants) == 1
    assert sorted(map(repr, texts.values())) == sorted(repr(unit.variants) for unit in expected)
    assert len(units) > len(others) > 0
    assert all((unit.note or "").startswith("rejected: ") for unit in others)
    assert all(unit.scores["similarity"] >= 0.3 for unit in units)
    assert units[0].origin["fr"].url == "site-000/fr/page-0.html", (
        "named as in the source, not as on this disk"
    )
    assert len({unit.id for unit in units}) == len(units)


def test_manifest_and_summary_agree_with_the_shards(corpus: Path) -> None:
    manifest = json.loads((corpus / "manifest.json").read_bytes())
    summary = json.loads((corpus / "summary.json").read_bytes())
    assert len(manifest["shards"]) > 2
    for shard in manifest["shards"]:
        data = (corpus / shard["name"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (shard["bytes"], shard["sha256"])
        assert gzip.decompress(data).count(b"\n") == shard["units"]
    units = sum(shard["units"] for shard in manifest["shards"])
    assert summary["units"] == sum(summary["histogram"]) == units
    assert (summary["pages"], summary["sets"], summary["pairs"]) == (2 * SETS, SETS, SETS)
    rejected = sum(shard["rejected"]["units"] for shard in manifest["shards"])
    assert (
        rejected
        == summary["units_rejected"]
        == sum(gzip.decompress(path.read_bytes()).count(b"\n") for path in corpus.glob("rejected-*"))
    )
    page = (corpus / "summary.html").read_text(encoding="utf-8")
    assert f"<td>{units:,}</td>" in page
    assert "French (words)" in page


def test_shards_as_tables(copy: tuple[Path, Path], tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    source, corpus = copy
    lines = [unit for part in sorted(corpus.glob("part-*")) for unit in ca.read(part)]
    result = made(source, corpus, format="parquet", tmx=True)
    assert result.progress.shards == 0, "published in another form, not made again"
    parts = sorted(corpus.glob("part-*"))
    assert {part.suffix for part in parts} == {".parquet"}
    assert [unit for part in parts for unit in ca.read(part)] == lines
    assert sum(1 for _ in ca.read(corpus / "corpus.tmx")) == len(lines)
    before = contents(corpus)
    made(source, tmp_path / "afresh", format="parquet")
    assert contents(tmp_path / "afresh") == before


def test_a_second_build_does_nothing(crawl: Path, copy: tuple[Path, Path]) -> None:
    source, corpus = copy
    before = contents(corpus)
    result = made(source, corpus)
    assert (result.progress.shards, result.progress.kept.changed) == (0, 0)
    assert contents(corpus) == before


def test_a_memory_of_it_all_on_demand(copy: tuple[Path, Path]) -> None:
    source, corpus = copy
    result = made(source, corpus, tmx=True)
    assert result.progress.shards == 0
    units = list(ca.read(corpus / "corpus.tmx"))
    assert result.summary is not None
    assert len(units) == result.summary.units


@pytest.mark.parametrize("change", ["edited", "removed", "added", "version removed"])
def test_only_what_changed_is_done_again(copy: tuple[Path, Path], tmp_path: Path, change: str) -> None:
    source, corpus = copy
    page = source / "site-000" / "fr" / "page-3.html"
    if change == "edited":
        page.write_bytes(page.read_bytes().replace(b"</h1>", b" !</h1>"))
    elif change == "added":
        for lang in ("en", "fr"):
            copied = (source / "site-000" / lang / "page-5.html").read_bytes()
            (source / "site-000" / lang / "page-50.html").write_bytes(copied.replace(b"</h1>", b" !</h1>"))
    else:
        page.unlink()
        if change == "removed":
            (source / "site-000" / "en" / "page-3.html").unlink()
    result = made(source, corpus)
    new = {"edited": 1, "added": 1}.get(change, 0)
    assert result.progress.sets - result.progress.reused == new
    made(source, tmp_path / "afresh")
    assert contents(corpus) == contents(tmp_path / "afresh")
    assert not list((corpus / STATE / "earlier").iterdir())


def test_another_option_redoes_everything_and_says_so(copy: tuple[Path, Path], tmp_path: Path) -> None:
    source, corpus = copy
    result = made(source, corpus, allow_truncated=True)
    assert result.progress.kept.shards == 0
    assert result.progress.kept.changed == result.progress.shards
    assert result.progress.reused == 0


@pytest.mark.parametrize(
    "damage",
    [
        *(f"{what} {how}" for what in ("shard", "prints") for how in ("cut", "flipped", "gone")),
        *(f"{what} {how}" for what in ("part", "rejected", "published") for how in ("cut", "gone")),
        *("marker cut", "marker gone", "stray"),
    ],
)
def test_what_is_damaged_is_made_again(copy: tuple[Path, Path], damage: str) -> None:
    source, corpus = copy
    before = contents(corpus)
    what, how = damage.split() if " " in damage else (damage, "")
    victim = {
        "shard": corpus / STATE / "part-00001.jsonl.gz",
        "prints": corpus / STATE / "part-00001.prints",
        "marker": corpus / STATE / "part-00001.json",
        "part": corpus / "part-00001.jsonl.gz",
        "rejected": corpus / "rejected-00001.jsonl.gz",
        "published": corpus / STATE / "published-00001.json",
    }.get(what, corpus / "part-00099.jsonl.gz")
    if how == "gone":
        victim.unlink()
    elif how == "cut":
        victim.write_bytes(victim.read_bytes()[:-10])
    elif how == "flipped":
        data = bytearray(victim.read_bytes())
        data[len(data) // 2] ^= 1
        victim.write_bytes(data)
    else:
        victim.write_bytes(b"")
    result = made(source, corpus)
    assert contents(corpus) == before
    assert result.progress.shards == (1 if what in ("shard", "prints", "marker") else 0)
    assert result.progress.to_publish == (1 if what in ("part", "rejected", "published") else 0)


def test_a_corrupt_manifest_is_written_again(copy: tuple[Path, Path]) -> None:
    source, corpus = copy
    before = contents(corpus)
    (corpus / "manifest.json").write_bytes(b"{")
    made(source, corpus)
    assert contents(corpus) == before


def test_a_build_that_is_stopped_is_gone_on_with(crawl: Path, corpus: Path, tmp_path: Path) -> None:
    done = []
    result = made(crawl, tmp_path / "c", progress=done.append, stopping=lambda: done[-1].done >= 2)
    assert result.summary is None
    assert not (tmp_path / "c" / "manifest.json").exists()
    assert len(list((tmp_path / "c" / STATE).glob("part-*.json"))) == 2
    assert not list((tmp_path / "c").glob("part-*"))
    again = made(crawl, tmp_path / "c")
    assert again.progress.kept.shards == 2
    assert contents(tmp_path / "c") == contents(corpus)


def test_bad_pages_are_rejected_and_the_rest_goes_on(copy: tuple[Path, Path]) -> None:
    source, corpus = copy
    pages = source / "site-000"
    (pages / "fr" / "page-0.html").write_bytes(b"")
    (pages / "fr" / "page-1.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9)
    (pages / "fr" / "page-2.html").unlink()
    shutil.copy(pages / "en" / "page-4.html", pages / "fr" / "page-4.html")
    result = made(source, corpus)
    assert result.summary is not None
    found = rejects(corpus)
    assert ("extract", ["site-000/fr/page-0.html"]) in found
    assert ("decode", ["site-000/fr/page-1.html"]) in found
    assert ("unpaired", ["site-000/en/page-2.html"]) in found
    assert ("duplicate", ["site-000/fr/page-4.html"]) in found
    assert sum(result.summary.rejects.values()) == sum(len(pages) for _, pages in found)


def test_a_page_that_vanishes_under_way_is_rejected_and_tried_again(
    copy: tuple[Path, Path], tmp_path: Path
) -> None:
    source, corpus = copy
    page = source / "site-000" / "fr" / "page-3.html"
    kept = page.read_bytes()
    other = source / "site-000" / "fr" / "page-4.html"

    def spoil(_progress: object) -> None:
        page.unlink(missing_ok=True)
        other.write_bytes(b"<p>Tout autre chose.</p>")

    before = other.read_bytes()
    made(source, tmp_path / "c", progress=spoil)
    assert {("fetch", "site-000/fr/page-3.html"), ("changed", "site-000/fr/page-4.html")} <= {
        (reason, pages[0]) for reason, pages in rejects(tmp_path / "c")
    }
    page.write_bytes(kept)
    other.write_bytes(before)
    result = made(source, tmp_path / "c")
    assert result.progress.kept.retried > 0
    assert result.progress.sets - result.progress.reused == 2
    assert contents(tmp_path / "c") == contents(corpus)


def test_two_builds_in_one_folder_are_refused(copy: tuple[Path, Path]) -> None:
    source, corpus = copy
    with locked(corpus, corpus / STATE), pytest.raises(FormatError, match="another build"):
        made(source, corpus)


def test_a_folder_of_other_things_is_refused(crawl: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(FormatError, match="not empty"):
        made(crawl, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    with pytest.raises(FormatError, match="is a file"):
        made(crawl, tmp_path / "notes.txt")


def test_the_output_may_lie_in_the_source(copy: tuple[Path, Path]) -> None:
    source, corpus = copy
    made(source, source / "out")
    again = made(source, source / "out")
    assert again.progress.shards == 0
    assert contents(source / "out") == contents(corpus)


def test_a_file_of_page_sets(crawl: Path, corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pairs"
    shutil.copytree(crawl / "site-000", folder / "site-000")
    lines = ["en\tfr", "# a comment"] + [
        f"site-000/en/page-{n}.html\tsite-000/fr/page-{n}.html" for n in range(SETS)
    ]
    (folder / "pairs.tsv").write_text("\n".join(lines), encoding="utf-8")
    result = made(folder / "pairs.tsv", tmp_path / "c")
    assert result.summary is not None
    assert result.summary.units == json.loads((corpus / "summary.json").read_bytes())["units"]


def test_a_list_of_paths(crawl: Path, tmp_path: Path) -> None:
    names = [f"{crawl}/site-000/{lang}/page-1.html" for lang in ("en", "fr")] + [f"{crawl}/absent.html"]
    (tmp_path / "list.txt").write_text("\n".join(names), encoding="utf-8")
    result = made(tmp_path / "list.txt", tmp_path / "c")
    assert result.summary is not None
    assert result.summary.sets == 1
    assert ("fetch", [f"{crawl}/absent.html"]) in rejects(tmp_path / "c")


def test_a_web_archive(crawl: Path, corpus: Path, tmp_path: Path) -> None:
    archive = tmp_path / "crawl.warc.gz"
    with archive.open("wb") as file:
        writer = Writer(file)
        for path in sorted(crawl.rglob("*.html")):
            url = f"https://example.org/{path.relative_to(crawl).as_posix()}"
            writer.write_answer(
                Answer(url, 200, {"content-type": "text/html"}, path.read_bytes(), "2024-05-01T00:00:00Z")
            )
    result = made(archive, tmp_path / "c")
    assert result.summary is not None
    assert result.summary.units == json.loads((corpus / "summary.json").read_bytes())["units"]
    cut = archive.read_bytes()
    archive.write_bytes(cut[: len(cut) - 500])
    damaged = made(archive, tmp_path / "c")
    assert damaged.summary is not None
    assert damaged.summary.rejects["damaged"] == 1


def test_pages_that_name_each_other(tmp_path: Path) -> None:
    source = tmp_path / "source"
    make_crawl(source, 1, seed=3, faults=False)
    english, french = (source / "site-000" / lang / "page-0.html" for lang in ("en", "fr"))
    for page, name, lang, other in ((english, "a", "fr", "b"), (french, "b", "en", "a")):
        link = f'<head><link rel="alternate" hreflang="{lang}" href="{other}.html">'.encode()
        (source / f"{name}.html").write_bytes(page.read_bytes().replace(b"<head>", link))
    shutil.rmtree(source / "site-000")
    result = made(source, tmp_path / "c")
    assert result.summary is not None
    assert result.summary.sets == 1
    assert result.summary.units > 3


def test_three_languages_in_the_order_asked_for(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "sco-2020", tmp_path / "source" / "sco")
    result = made(tmp_path / "source", tmp_path / "c", languages=["zh", "en", "fr"], tmx=True)
    assert result.summary is not None
    assert 'srclang="zh-CN"' in (tmp_path / "c" / "corpus.tmx").read_text(encoding="utf-8")
    first = next(iter(ca.read(tmp_path / "c" / "part-00000.jsonl.gz")))
    assert list(first.variants) == ["zh", "en", "fr"]


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"runner": "threads"}, "runner"),
        ({"format": "tmx"}, "format"),
        ({"limits": "similarity>=0.4"}, "limits"),
        ({"workers": 0}, "workers"),
        ({"shard_size": -1}, "shard_size"),
        ({"timeout": 0.0}, "timeout"),
        ({"max_memory": 1000}, "max_memory"),
        ({"languages": "en"}, "languages"),
        ({"languages": ["en", "en"]}, "languages"),
    ],
)
def test_arguments_that_make_no_sense(crawl: Path, tmp_path: Path, options: dict, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        build(crawl, tmp_path / "c", **options)
    assert not (tmp_path / "c").exists()


def test_bad_sources(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="no such file"):
        made(tmp_path / "absent", tmp_path / "c")
    with pytest.raises(LanguageError):
        made(tmp_path, tmp_path / "c", languages=["en", "tlh"])
    (tmp_path / "list").write_bytes(bytes(range(256)))
    with pytest.raises(FetchError, match="neither"):
        made(tmp_path / "list", tmp_path / "c")


def test_an_empty_source_is_an_empty_corpus(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = made(tmp_path / "empty", tmp_path / "c", tmx=False)
    assert result.summary is not None
    assert (result.summary.units, result.summary.shards) == (0, 0)


def test_preview_says_what_a_build_does(crawl: Path, corpus: Path, tmp_path: Path) -> None:
    plan = preview(crawl, tmp_path / "c", shard_size=8000)
    assert (plan.pages, plan.sets) == (2 * SETS, SETS)
    assert len(plan.shards) == len(list(corpus.glob("part-*")))
    assert not (tmp_path / "c").exists()


def test_the_command(crawl: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = str(tmp_path / "c")
    assert main(["build", str(crawl), "-o", output, "--dry-run"]) == 0
    assert "page sets  8" in capsys.readouterr().out
    assert main(["build", str(crawl), "-o", output, "--runner", "serial", "--tmx"]) == 0
    printed = capsys.readouterr()
    assert "8 page sets" in printed.out
    assert "shards of 8 page sets to do" in printed.err
    (tmp_path / "c" / STATE / "part-00000.json").write_bytes(b"")
    assert main(["build", str(crawl), "-o", output, "--runner", "serial"]) == 0
    assert "1 damaged" in capsys.readouterr().err
    assert main(["build", str(crawl), "-o", output, "--runner", "serial", "--limit", "similarity>=0.5"]) == 0
    said = capsys.readouterr().err
    assert "0 shards of 0 page sets to do" in said
    assert "shards to publish: new, or with other limits" in said
    assert main(["build", str(crawl), "-o", output, "--runner", "serial", "--limit", "similarity>=0.5"]) == 0
    assert "to publish" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--lang", "en"],
        ["--workers", "0"],
        ["--max-memory", "1M"],
        ["--max-memory", "x"],
        ["--timeout-per-pair", "-1"],
    ],
)
def test_wrong_usage(crawl: Path, tmp_path: Path, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["build", str(crawl), "-o", str(tmp_path / "c"), *arguments])
    assert stopped.value.code == 2


def test_a_page_that_is_no_translation_is_rejected_and_the_others_go_on(tmp_path: Path) -> None:
    source = tmp_path / "pages"
    source.mkdir()
    for name, page in (
        ("speech.en", "sco-2020/en"),
        ("speech.fr", "sco-2020/fr"),
        ("speech.zh", "river-cleanup/zh"),
    ):
        shutil.copy(FIXTURES / f"{page}.html", source / f"{name}.html")
    made(source, tmp_path / "corpus")
    assert rejects(tmp_path / "corpus") == [("not-parallel", ["speech.zh.html"])]
    with gzip.open(tmp_path / "corpus" / "part-00000.jsonl.gz", "rt", encoding="utf-8") as lines:
        assert {frozenset(json.loads(line)["variants"]) for line in lines} == {frozenset({"en", "fr"})}


def test_what_a_terminal_shows() -> None:
    from corpusalign.cli.build import _beginning, _progress_line
    from corpusalign.corpus.records import Kept, Progress

    begun = Progress(Kept(shards=3, damaged=1), shards=4, sets=40)
    assert "3 shards are there already; 4 shards of 40 page sets to do" in _beginning(begun)
    halfway = Progress(Kept(), shards=4, sets=40, done=2, begun=20, units=300, rejects=1, memory=256 << 20)
    line = _progress_line(halfway, 10.0)
    assert line == "20 of 40 page sets, 2.0/s, 0:10 left, 300 units, 1 rejects, 256 MB a worker"
    assert "1 of 4 shards published" in _progress_line(
        Progress(Kept(), 4, 40, to_publish=4, published=1), 12.0
    )
