"""The command line: what each command prints, and its exit codes."""

from __future__ import annotations

import functools
import io
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import corpusalign as ca
from corpusalign.cli import main
from corpusalign.fetch.warc import read_warc
from corpusalign.review import write_edits
from corpusalign.review.edits import Reject
from corpusalign.segment import SrxRules

from .conftest import FIXTURES, LANGUAGES

PAGES = [str(FIXTURES / "sco-2020" / f"{lang}.html") for lang in LANGUAGES]


def test_align_writes_memory_and_review_and_says_what_it_did(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "sco.tmx"
    assert main(["align", *PAGES, "-o", str(output)]) == 0
    printed = capsys.readouterr()
    header, *rows = printed.out.splitlines()
    assert header.split() == [
        "blocks",
        "kept",
        "dropped",
        "sentences",
        "units",
        "omissions",
        "confidence",
        "seconds",
    ]
    assert [row.split()[0] for row in rows[:4]] == ["en", "zh", "fr", "all"]
    assert str(output) in printed.out
    assert str(tmp_path / "sco.html") in printed.out
    assert printed.err == "", "no progress bar where no terminal looks"
    units = list(ca.read(output))
    assert rows[3].split()[4] == str(len(units))
    assert {lang for unit in units for lang in unit.variants} == set(LANGUAGES)


def test_align_takes_a_page_from_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _stdin(monkeypatch, Path(PAGES[1]).read_bytes())
    assert main(["align", PAGES[0], "-", "-o", str(tmp_path / "two.tmx"), "--no-review", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    assert [path.name for path in tmp_path.iterdir()] == ["two.tmx"]


def test_extract_prints_metadata_and_blocks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", PAGES[0]]) == 0
    head, _, body = capsys.readouterr().out.partition("\n\n")
    assert "date: 2020-11-11" in head.splitlines()
    assert "source: Xinhua" in head.splitlines()
    assert "Dear Colleagues," in body.splitlines()


def test_extract_as_json_holds_the_dropped_blocks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", PAGES[2], "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["lang"] == "fr"
    assert document["dropped"]
    assert all(dropped["reason"] for dropped in document["dropped"])


def test_extract_explains_every_block(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", PAGES[0], "--explain"]) == 0
    verdicts = [line.split(maxsplit=2)[0] for line in capsys.readouterr().out.splitlines()]
    assert set(verdicts) == {"keep", "drop"}


def test_segment_prints_one_sentence_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _stdin(monkeypatch, "他来了。她走了！".encode())
    assert main(["segment", "-", "--lang", "zh"]) == 0
    assert capsys.readouterr().out.splitlines() == ["他来了。", "她走了！"]


def test_segment_detects_the_language_and_gives_offsets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        "Le comité s’est réuni à l’art. 5 de la convention. Il a décidé d’attendre la réponse de M. Durand."
    )
    path = tmp_path / "texte.txt"
    path.write_text(text, encoding="utf-8")
    assert main(["segment", str(path), "--json"]) == 0
    sentences = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(sentences) == 2
    assert all(text[sentence["start"] : sentence["end"]] == sentence["text"] for sentence in sentences)


def test_segment_of_a_page_leaves_its_boilerplate_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["segment", PAGES[0]]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "Dear Colleagues," in lines
    assert not any("Copyright" in line for line in lines)


def test_evaluate_prints_a_row_a_pair(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", str(FIXTURES / "sco-2020")]) == 0
    printed = capsys.readouterr().out
    assert all(pair in printed for pair in ("en-zh", "en-fr", "zh-fr"))


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["align", PAGES[0], "-o", "out.tmx"],
        ["align", *PAGES],
        ["align", "-", "-", "-o", "out.tmx"],
        ["align", *PAGES, "--lang", "en,zh", "-o", "out.tmx"],
        ["align", "https://example.org/", "--lang", "en", "-o", "out.tmx"],
        ["align", *PAGES, "--contact", "é", "-o", "out.tmx"],
        ["crawl", "https://example.org/", "--limit", "-1", "-o", "out.warc.gz"],
        ["learn", "site/", "--limit", "-1", "-o", "site.json"],
        ["align", *PAGES, "--archive", "site.warc.gz", "-o", "out.tmx"],
        ["align", "https://example.org/", "--limit", "5", "-o", "out.tmx"],
        ["align", *PAGES, "--include", "/en/", "-o", "out.tmx"],
        ["align", *PAGES, "--exclude", "/en/", "-o", "out.tmx"],
        ["align", *PAGES, "--min-score", "0.5", "-o", "out.tmx"],
        ["align", "https://example.org/", "--site", "--min-score", "nan", "-o", "out.tmx"],
        ["pair", "site.warc.gz", "--min-score", "nan", "-o", "pairs.jsonl"],
        ["pair", "site.warc.gz", "--min-score", "1.5", "-o", "pairs.jsonl"],
    ],
)
def test_wrong_usage_exits_with_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "usage: corpusalign" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", ["align", "extract", "segment", "evaluate"])
def test_every_command_has_help_with_examples(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    assert "examples:" in capsys.readouterr().out


def test_version_from_a_real_process() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "corpusalign", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"corpusalign {ca.__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["align", *PAGES, "-o", "none/out.tmx"],
        ["align", *PAGES, "-o", "out.xyz"],
        ["align", *PAGES, "-o", "out.tmx", "--review", "none/out.html"],
        ["align", "https://example.org/", "--site", "-o", "none/out.tmx"],
        ["learn", "site.warc.gz", "-o", "none/site.json"],
        ["pair", "site.warc.gz", "-o", "none/pairs.jsonl"],
        ["tune", "--gold", str(FIXTURES), "-o", "none/weights.txt"],
    ],
)
def test_an_output_that_cannot_be_is_refused_before_the_work(
    arguments: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def worked(*_: object, **__: object) -> None:
        raise AssertionError("the work was begun")

    monkeypatch.chdir(tmp_path)
    begun = (
        "pipeline.align_pages",
        "pipeline.tune_gold",
        "site.align_site",
        "cli.learn.pages_of",
        "cli.pair.pages_of",
    )
    for work in begun:
        monkeypatch.setattr(f"corpusalign.{work}", worked)
    assert main(arguments) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "there is no folder" in line or "no known format" in line


def test_an_internal_error_shows_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the floor gave way")

    monkeypatch.setattr("corpusalign.pipeline.align_pages", broken)
    assert main(["align", *PAGES, "-o", str(tmp_path / "out.tmx")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "the floor gave way" in line
    assert "--debug" in line


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f"{sys.executable} -m corpusalign extract {PAGES[0]} --json | head -c 10"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, check=False)
    assert done.stderr == b""


def _stdin(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))


def test_srx_prints_rules_that_read_back(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["srx", "--lang", "fr"]) == 0
    path = tmp_path / "french.srx"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    rules = SrxRules.read(path)
    sentences = ca.segment("M. Durand est là. Il attend.", lang="fr", rules=rules)
    assert [sentence.text for sentence in sentences] == ["M. Durand est là.", "Il attend."]


@pytest.fixture
def site() -> Iterator[str]:
    """Serve the demo's pages on loopback."""
    handler = functools.partial(QuietHandler, directory=str(FIXTURES / "sco-2020"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def test_versions_follows_the_switcher(site: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["versions", f"{site}/zh.html", "--allow-private", "--delay", "0"]) == 0
    rows = [line.split("\t")[:2] for line in capsys.readouterr().out.splitlines()]
    assert sorted(rows) == [[lang, f"{site}/{lang}.html"] for lang in ("en", "fr", "zh")]


def test_a_version_that_cannot_be_had_is_told(
    site: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = QuietHandler.do_GET
    monkeypatch.setattr(
        QuietHandler,
        "do_GET",
        lambda self: self.send_error(404) if self.path == "/fr.html" else there(self),
    )
    fetching = ["--allow-private", "--delay", "0"]
    assert main(["versions", f"{site}/zh.html", *fetching]) == 0
    assert f"warning: {site}/fr.html: the server answered 404" in capsys.readouterr().err
    memory = tmp_path / "memory.tmx"
    assert main(["align", f"{site}/zh.html", "-o", str(memory), "--no-review", *fetching]) == 0
    assert f"warning: {site}/fr.html: the server answered 404" in capsys.readouterr().err
    assert main(["align", f"{site}/zh.html", "-o", str(memory), "--no-review", "-q", *fetching]) == 0
    assert capsys.readouterr().err == ""


def test_crawl_archives_what_the_aligner_can_read(
    site: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = tmp_path / "site.warc.gz"
    options = ["--allow-private", "--delay", "0", "--limit", "5"]
    assert main(["crawl", f"{site}/en.html", "-o", str(archive), *options]) == 0
    assert "archived" in capsys.readouterr().out
    archived = {page.url for page in read_warc(archive)}
    assert archived >= {f"{site}/{lang}.html" for lang in LANGUAGES}


def test_pair_finds_the_versions_in_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages = tmp_path / "pages"
    for folder in ("sco-2020", "river-cleanup"):
        shutil.copytree(FIXTURES / folder, pages / folder)
    assert main(["pair", str(pages), "-o", str(tmp_path / "pairs.jsonl")]) == 0
    assert "matches   2" in capsys.readouterr().out
    records = [json.loads(line) for line in (tmp_path / "pairs.jsonl").read_text("utf-8").splitlines()]
    found = [record["versions"] for record in records if "versions" in record]
    for versions in found:
        assert len({Path(url).parent for url in versions.values()}) == 1
        assert all(Path(url).name == f"{lang}.html" for lang, url in versions.items())


def test_what_pair_cannot_read_is_left_alone_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = tmp_path / "pages"
    shutil.copytree(FIXTURES / "sco-2020", pages)
    (pages / "a-socket.html").symlink_to(tmp_path / "nothing")
    cut = (pages / "fr.html").read_bytes()
    (pages / "fr.html").write_bytes(cut[: len(cut) // 2])
    out = tmp_path / "pairs.jsonl"
    assert main(["pair", str(pages), "-o", str(out)]) == 0
    assert "not read  1" in capsys.readouterr().out
    left = {record["alone"]: record["reason"] for record in _records(out) if "alone" in record}
    assert left[str(pages / "a-socket.html")] == "there is no such file"
    assert "never closes" in left[str(pages / "fr.html")]
    assert main(["pair", str(pages), "--allow-truncated", "-o", str(out)]) == 0
    assert set(_records(out)[0]["versions"]) == set(LANGUAGES)


def test_pair_counts_the_damaged_records_of_an_archive(
    site: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive, out = tmp_path / "site.warc.gz", tmp_path / "pairs.jsonl"
    assert (
        main(["crawl", f"{site}/en.html", "-o", str(archive), "--allow-private", "--delay", "0", "-q"]) == 0
    )
    archive.write_bytes(archive.read_bytes()[:-40])
    assert main(["pair", str(archive), "-o", str(out)]) == 0
    assert "not read  1" in capsys.readouterr().out
    assert _records(out)[-1].keys() == {"alone", "lang", "reason"}


def _records(path: Path) -> list[dict[str, Any]]:
    records = map(json.loads, path.read_text("utf-8").splitlines())
    return sorted(records, key=lambda record: "versions" not in record)


def test_a_folder_without_pages_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    for command in ("pair", "learn"):
        assert main([command, str(tmp_path), "-o", str(tmp_path / "out.json")]) == 1
        assert f"{tmp_path}: holds no page" in capsys.readouterr().err


def test_a_page_too_large_is_refused_wherever_it_comes_from(
    site: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = ["-o", str(tmp_path / "out.tmx")]
    least = ["--max-bytes", "1K", "--allow-private", "--delay", "0"]
    for source in (PAGES[0], f"{site}/en.html", "-"):
        _stdin(monkeypatch, b"<p>x" * 1000)
        for arguments in (["extract", source], ["align", source, PAGES[1], *memory]):
            assert main([*arguments, *least]) == 1
            error = capsys.readouterr().err
            assert "is larger than 1,024 bytes" in error and "(--max-bytes)" in error
            assert error.startswith(f"corpusalign: {source if source != '-' else 'standard input'}:")


def test_an_address_without_its_beginning_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", "www.example.org/page.html"]) == 1
    assert "no such file; begin an address with https://" in capsys.readouterr().err


def test_a_page_that_names_no_versions_says_so(site: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["versions", f"{site}/", "--allow-private", "--delay", "0"]) == 0  # the folder's own listing
    assert f"warning: {site}/: names no version in another language" in capsys.readouterr().err


def test_an_interrupted_crawl_says_how_to_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("corpusalign.crawl.crawl", interrupted)
    assert main(["crawl", "https://example.org/", "-o", str(tmp_path / "a.warc.gz")]) == 130
    assert "the same command goes on" in capsys.readouterr().err


def test_a_review_goes_out_and_comes_back(
    sco: ca.Bitext, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    units, edits, mended = tmp_path / "sco.jsonl", tmp_path / "sco.corpusalign.json", tmp_path / "mended.tmx"
    ca.write(sco, units)
    assert main(["review", str(units), "-o", str(tmp_path / "review.html")]) == 0
    assert (tmp_path / "review.html").stat().st_size > 100_000
    write_edits([Reject(sco[0].id, "wrong")], edits)
    assert main(["apply", str(units), str(edits), "-o", str(mended)]) == 0
    assert [unit.id for unit in ca.read(mended)] == [unit.id for unit in sco][1:]
    fresh = tmp_path / "new.jsonl"
    assert main(["update", str(units), *PAGES, "--edits", str(edits), "-o", str(fresh)]) == 0
    assert "realigned  0" in capsys.readouterr().out
    assert list(ca.read(fresh)) == list(ca.read(units))


def test_a_spreadsheet_left_as_it_is_changes_nothing(sco: ca.Bitext, tmp_path: Path) -> None:
    units, sheet, mended = tmp_path / "sco.jsonl", tmp_path / "sco.xlsx", tmp_path / "mended.jsonl"
    ca.write(sco, units)
    assert main(["review", str(units), "-o", str(sheet)]) == 0
    assert main(["apply", str(units), str(sheet), "-o", str(mended)]) == 0
    assert list(ca.read(mended)) == list(ca.read(units))
