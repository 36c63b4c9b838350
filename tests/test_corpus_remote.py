"""Sources and corpora elsewhere, by fsspec: in memory, and on a disk addressed as if it were far away."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.synthetic_crawl import make_crawl
from corpusalign.cli import main
from corpusalign.corpus import preview, remote
from corpusalign.corpus.remote import find_remote, is_remote, put, read_remote
from corpusalign.errors import CorpusAlignError, FetchError, FormatError

from .test_corpus import contents, made, rejects
from .test_corpus_pairs import archive

fsspec = pytest.importorskip("fsspec")


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    make_crawl(tmp_path / "crawl", 4, seed=9)
    return tmp_path / "crawl"


@pytest.fixture
def memory() -> Iterator[object]:
    files = fsspec.filesystem("memory")
    yield files
    files.store.clear()
    files.pseudo_dirs[:] = [""]


def held(url: str) -> dict[str, bytes]:
    return {name: read_remote(address) for name, address in find_remote(url)}


@pytest.mark.parametrize("scheme", ["memory", "file"])
def test_a_source_and_a_corpus_elsewhere(crawl: Path, tmp_path: Path, memory: object, scheme: str) -> None:
    here = made(crawl, tmp_path / "here")
    if scheme == "memory":
        source, place = "memory://crawl", "memory://corpus"
        memory.put(str(crawl), "/crawl", recursive=True)
    else:
        source, place = f"file://{crawl}", f"file://{tmp_path}/far/corpus"
    result = made(source, place, work=tmp_path / "work")
    assert result.summary is not None
    assert here.summary is not None
    assert result.summary.units == here.summary.units
    there = held(place)
    for name, data in contents(tmp_path / "here").items():
        assert there[name] == data
    assert {"summary.json", "summary.html", "owner.json"} <= set(there)


def test_only_what_changed_is_put_again_and_what_is_gone_goes(
    crawl: Path, tmp_path: Path, memory: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(crawl, "memory://corpus", work=tmp_path / "work")
    before = held("memory://corpus")
    assert put(tmp_path / "work", "memory://corpus") == 4, "reports and manifest"
    memory.pipe_file("/corpus/part-00077.jsonl.gz", b"of another time")
    memory.pipe_file("/corpus/part-00000.jsonl.gz", b"damaged")
    made(crawl, "memory://corpus", work=tmp_path / "work")
    after = held("memory://corpus")
    assert after.keys() == before.keys()
    assert after["part-00000.jsonl.gz"] == before["part-00000.jsonl.gz"]


def test_the_manifest_is_there_only_while_all_it_names_is(
    crawl: Path, tmp_path: Path, memory: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(crawl, "memory://corpus", work=tmp_path / "work")
    whole = held("memory://corpus")
    written = []
    put_file = type(memory).put_file

    def breaking(files: object, here: str, there: str, **options: object) -> None:
        written.append(there)
        if len(written) == 2:
            raise OSError("the line went dead")
        put_file(files, here, there, **options)

    memory.rm_file("/corpus/part-00000.jsonl.gz")
    memory.rm_file("/corpus/part-00001.jsonl.gz")
    with monkeypatch.context() as broken:
        broken.setattr(type(memory), "put_file", breaking)
        with pytest.raises(FormatError, match="the line went dead"):
            made(crawl, "memory://corpus", work=tmp_path / "work")
    assert "manifest.json" not in held("memory://corpus")
    made(crawl, "memory://corpus", work=tmp_path / "work")
    again = held("memory://corpus")
    assert {name: again[name] for name in contents(tmp_path / "work")} == {
        name: whole[name] for name in contents(tmp_path / "work")
    }


def test_a_place_belongs_to_one_work_folder(crawl: Path, tmp_path: Path, memory: object) -> None:
    made(crawl, "memory://corpus", work=tmp_path / "work")
    with pytest.raises(FormatError, match="another work folder"):
        made(crawl, "memory://corpus", work=tmp_path / "other")
    memory.pipe_file("/mine/notes.txt", b"mine")
    with pytest.raises(FormatError, match="not empty"):
        made(crawl, "memory://mine", work=tmp_path / "third")


def test_a_preview_of_a_source_elsewhere(crawl: Path, tmp_path: Path, memory: object) -> None:
    memory.put(str(crawl), "/crawl", recursive=True)
    here = preview(crawl, tmp_path / "here", by_content=False)
    assert preview("memory://crawl", "memory://corpus", by_content=False) == here
    assert here.sets > 0
    assert not memory.exists("/corpus")


def test_an_archive_elsewhere(crawl: Path, tmp_path: Path, memory: object) -> None:
    packed = archive(crawl / "site-000" / "en", tmp_path / "site.warc.gz")
    memory.put_file(str(packed), "/far/site.warc.gz")
    result = made("memory://far/site.warc.gz", tmp_path / "c", by_content=False)
    assert result.summary is not None
    assert result.summary.pages == 4
    assert not list((tmp_path / "c" / ".corpusalign").glob("fetched-*"))


def test_a_page_that_goes_meanwhile(crawl: Path, tmp_path: Path, memory: object) -> None:
    memory.put(str(crawl), "/crawl", recursive=True)

    def spoil(_progress: object) -> None:
        if memory.exists("/crawl/site-000/fr/page-1.html"):
            memory.rm_file("/crawl/site-000/fr/page-1.html")

    made("memory://crawl", tmp_path / "c", progress=spoil)
    assert ("fetch", ["site-000/fr/page-1.html"]) in rejects(tmp_path / "c")


def test_addresses_that_lead_nowhere(crawl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FetchError, match="no such file"):
        made("memory://absent", tmp_path / "c")
    with pytest.raises(CorpusAlignError, match="cannot be reached"):
        made("nonsense://bucket", tmp_path / "c")
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(CorpusAlignError, match=r"corpusalign\[cloud\]"):
        made("memory://absent", tmp_path / "c")


def test_a_store_that_says_no(memory: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("Unable to locate credentials")

    memory.pipe_file("/crawl/page.en.html", b"x")
    monkeypatch.setattr(type(memory), "find", refuse)
    with pytest.raises(FetchError, match="credentials"):
        made("memory://crawl", tmp_path / "c")
    monkeypatch.setattr(type(memory), "exists", refuse)
    with pytest.raises(FormatError, match="credentials"):
        made(tmp_path, "memory://corpus", work=tmp_path / "work")


def test_what_is_an_address(tmp_path: Path) -> None:
    assert all(map(is_remote, ("s3://bucket/a", "memory://x", "hdfs://host/x", "file:///x")))
    assert not any(map(is_remote, ("https://example.org", "a/b", tmp_path, "C:\\pages")))


def test_the_default_work_folder(
    crawl: Path, tmp_path: Path, memory: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert main(["build", str(crawl), "-o", "memory://corpus", "--runner", "serial", "-q"]) == 0
    assert json.loads(held("memory://corpus")["manifest.json"])["shards"]
    (work,) = (tmp_path / "cache" / "corpusalign").iterdir()
    assert (work / "manifest.json").exists()
    assert remote.is_remote("memory://corpus")
