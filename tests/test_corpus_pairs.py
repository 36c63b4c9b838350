"""Which pages of a source are put together: by a file of pairs, or by what they say."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from benchmarks.synthetic_crawl import make_crawl
from corpusalign.cli import main
from corpusalign.corpus import linked, preview
from corpusalign.corpus.pairs import read_pairs
from corpusalign.errors import FetchError
from corpusalign.fetch.answer import Answer
from corpusalign.fetch.warc_writer import Writer

from .conftest import FIXTURES
from .test_corpus import contents, made, rejects


@pytest.fixture
def nameless(tmp_path: Path) -> Path:
    """Make a folder of pages whose names and links tell nothing."""
    crawl, source = tmp_path / "crawl", tmp_path / "source"
    make_crawl(crawl, 4, seed=9, faults=False)
    source.mkdir()
    for number in range(4):
        for lang, letter in (("en", "a"), ("fr", "b")):
            shutil.copy(
                crawl / "site-000" / lang / f"page-{number}.html", source / f"{letter}{number * 7}.html"
            )
    return source


def archive(source: Path, path: Path) -> Path:
    with path.open("wb") as file:
        writer = Writer(file)
        for page in sorted(source.glob("*.html")):
            url = f"https://example.org/{page.name}"
            head = {"content-type": "text/html"}
            writer.write_answer(Answer(url, 200, head, page.read_bytes(), "2024-05-01T00:00:00Z"))
    return path


def test_pages_are_paired_by_what_they_say(nameless: Path, tmp_path: Path) -> None:
    result = made(archive(nameless, tmp_path / "site.warc.gz"), tmp_path / "c")
    assert result.summary is not None
    assert result.summary.sets == 4
    assert result.summary.units > 20
    assert "unpaired" not in result.summary.rejects
    without = made(nameless, tmp_path / "d", by_content=False)
    assert without.summary is not None
    assert (without.summary.sets, without.summary.rejects["unpaired"]) == (0, 8)


def retold(source: Path, path: Path, told: str) -> Path:
    """Archive the same pages, and what their server tells of them: headers or a sitemap, redirects."""
    place = "https://example.org/"
    with path.open("wb") as file:
        writer = Writer(file)

        def write(url: str, status: int, head: dict[str, str], body: bytes) -> None:
            writer.write_answer(Answer(url, status, head, body, "2024-05-01T00:00:00Z"))

        for page in sorted(source.glob("*.html")):
            other = ("b" if page.name[0] == "a" else "a") + page.name[1:]
            lang = "fr" if other[0] == "b" else "en"
            link = {"link": f"</old/{other}>; rel=alternate; hreflang={lang}"} if told != "sitemap" else {}
            if told == "one side" and page.name[0] == "b":
                link = {}
            write(f"{place}{page.name}", 200, {"content-type": "text/html", **link}, page.read_bytes())
            write(f"{place}old/{page.name}", 301, {"location": f"/older/{page.name}"}, b"")
            write(f"{place}older/{page.name}", 302, {"location": f"/{page.name}"}, b"")
        if told == "sitemap":
            entries = "".join(
                f'<url><loc>/a{n * 7}.html</loc><x:link hreflang="fr" href="/old/b{n * 7}.html"/></url>'
                for n in range(4)
            )
            content = f'<urlset xmlns:x="http://www.w3.org/1999/xhtml">{entries}</urlset>'.encode()
            write(f"{place}sitemap.xml", 200, {"content-type": "text/html"}, content)
    return path


@pytest.mark.parametrize(("told", "sets"), [("headers", 4), ("sitemap", 4), ("one side", 0)])
def test_what_an_archive_tells_of_its_pages_pairs_them(
    nameless: Path, tmp_path: Path, told: str, sets: int
) -> None:
    packed = retold(nameless, tmp_path / "site.warc.gz", told)
    result = made(packed, tmp_path / "c", by_content=False)
    assert result.summary is not None
    assert result.summary.sets == sets and result.summary.rejects.get("unpaired", 0) == 8 - 2 * sets
    made(packed, tmp_path / "d", by_content=False)
    for file in (tmp_path / "c").glob("part-*"):
        assert file.read_bytes() == (tmp_path / "d" / file.name).read_bytes()


def test_what_was_found_for_a_site_is_kept(
    nameless: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(nameless, tmp_path / "c")
    before = contents(tmp_path / "c")

    def never(*_: object) -> None:
        raise AssertionError("pairs were looked for again")

    monkeypatch.setattr(linked, "pair", never)
    made(nameless, tmp_path / "c")
    assert contents(tmp_path / "c") == before


@pytest.mark.parametrize("kind", ["folder", "archive"])
def test_what_the_command_pair_wrote_is_taken(nameless: Path, tmp_path: Path, kind: str) -> None:
    source = nameless if kind == "folder" else archive(nameless, tmp_path / "site.warc.gz")
    pairs = tmp_path / "pairs.jsonl"
    assert main(["pair", str(source), "-o", str(pairs), "-q"]) == 0
    beside = made(source, tmp_path / "c", pairs=pairs)
    assert beside.summary is not None
    assert beside.summary.sets == 4
    if kind == "folder":
        alone = made(pairs, tmp_path / "d")
        assert alone.summary is not None
        assert (alone.summary.sets, alone.summary.units) == (4, beside.summary.units)


def test_pairs_decide_alone(nameless: Path, tmp_path: Path) -> None:
    lines = [
        {"versions": {"fr": "b0.html", "en": "a0.html"}, "score": 1.0, "reasons": []},
        {"versions": {"fr": "b7.html", "en": "absent.html"}, "score": 1.0, "reasons": []},
        {"alone": "a14.html", "lang": "en", "reason": "nobody wants it"},
    ]
    pairs = tmp_path / "pairs.jsonl"
    pairs.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    plan = preview(nameless, tmp_path / "c", pairs=pairs)
    assert plan.sets == 1
    assert plan.rejects == {"unpaired": 6}
    made(nameless, tmp_path / "c", pairs=pairs)
    details = (tmp_path / "c" / "rejects.jsonl").read_text("utf-8")
    assert "nobody wants it" in details
    assert ("unpaired", ["b7.html"]) in rejects(tmp_path / "c")


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        "{}",
        "nonsense",
        '{"versions": {"en": "a"}}',
        '{"versions": {"en": 1, "fr": "b"}}',
        "[" * 100_000,
        '{"versions": {"tlh": "a", "fr": "b"}}',
        '{"alone": 1, "reason": ""}',
    ],
)
def test_a_line_that_is_no_pair(tmp_path: Path, line: str) -> None:
    (tmp_path / "pairs.jsonl").write_text(f"\n{line}\n", "utf-8")
    with pytest.raises(FetchError, match="line 2"):
        list(read_pairs(tmp_path / "pairs.jsonl"))


def test_pairs_of_another_source(tmp_path: Path) -> None:
    (tmp_path / "pairs.jsonl").write_text('{"versions": {"en": "x", "fr": "y"}}', "utf-8")
    with pytest.raises(FetchError, match="names no page"):
        made(FIXTURES / "sco-2020", tmp_path / "c", pairs=tmp_path / "pairs.jsonl")
    with pytest.raises(FetchError, match="cannot be read"):
        made(FIXTURES / "sco-2020", tmp_path / "d", pairs=tmp_path / "absent.jsonl")
