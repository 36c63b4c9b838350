"""The same corpus from a Ray cluster of this machine (skipped where Ray is not installed)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.synthetic_crawl import make_crawl
from corpusalign.corpus import build
from corpusalign.errors import CorpusAlignError

from .test_corpus import contents, made


@pytest.mark.filterwarnings("default")
def test_ray_gives_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("ray")
    make_crawl(tmp_path / "crawl", 6, seed=5)
    made(tmp_path / "crawl", tmp_path / "serial")
    result = build(tmp_path / "crawl", tmp_path / "ray", runner="ray", workers=2, shard_size=8000)
    assert result.summary is not None
    assert contents(tmp_path / "ray") == contents(tmp_path / "serial")
    assert not list((tmp_path / "ray" / ".corpusalign").glob("in-hand-*"))


def test_without_ray_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    make_crawl(tmp_path / "crawl", 1, faults=False)
    with pytest.raises(CorpusAlignError, match=r"corpusalign\[ray\]"):
        build(tmp_path / "crawl", tmp_path / "c", runner="ray")
