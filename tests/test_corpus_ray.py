"""The same corpus from a Ray cluster, whatever happens to its machines (skipped where Ray is not installed).

The cluster is several nodes on this machine, each with processes of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from benchmarks.synthetic_crawl import make_crawl
from corpusalign.cli import main
from corpusalign.corpus import build
from corpusalign.errors import CorpusAlignError

from .test_corpus import contents, made


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crawl")
    make_crawl(folder, 12, seed=5)
    return folder


@pytest.fixture(scope="module")
def serial(crawl: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    output = tmp_path_factory.mktemp("corpus") / "serial"
    made(crawl, output)
    return contents(output)


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start a head that works on nothing, and two nodes of one core."""
    pytest.importorskip("ray", reason="Ray is not installed: pip install 'corpusalign[ray]'")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setenv("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
    monkeypatch.setenv("RAY_TMPDIR", str(tmp_path_factory.getbasetemp()))
    import ray
    from ray.cluster_utils import Cluster

    made_of = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
    made_of.victims = [made_of.add_node(num_cpus=1, memory=2 << 30) for _ in range(2)]
    made_of.wait_for_nodes()
    yield made_of
    ray.shutdown()
    made_of.shutdown()


@pytest.mark.ray
@pytest.mark.filterwarnings("default")
def test_ray_gives_the_same_bytes(crawl: Path, serial: Mapping[str, bytes], tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="Ray is not installed: pip install 'corpusalign[ray]'")
    progress = []
    result = build(
        crawl, tmp_path / "ray", runner="ray", workers=2, shard_size=8000, progress=progress.append
    )
    assert result.summary is not None
    assert contents(tmp_path / "ray") == serial
    assert progress[-1].begun == progress[-1].sets
    assert not list((tmp_path / "ray" / ".corpusalign").glob("in-hand-*"))


@pytest.mark.ray
@pytest.mark.filterwarnings("default")
def test_several_nodes(cluster: Any, crawl: Path, serial: Mapping[str, bytes], tmp_path: Path) -> None:
    result = build(crawl, tmp_path / "c", runner="ray", address=cluster.address, shard_size=8000)
    assert result.summary is not None
    assert contents(tmp_path / "c") == serial


@pytest.mark.ray
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("moment", [0, 2])
def test_a_node_that_is_killed(
    cluster: Any, crawl: Path, serial: Mapping[str, bytes], tmp_path: Path, moment: int
) -> None:
    def strike(progress: Any) -> None:
        if progress.done == moment and len(cluster.victims) == 2:
            cluster.remove_node(cluster.victims.pop(), allow_graceful=False)

    result = build(
        crawl, tmp_path / "c", runner="ray", address=cluster.address, shard_size=8000, progress=strike
    )
    assert len(cluster.victims) == 1
    assert result.summary is not None
    assert contents(tmp_path / "c") == serial


@pytest.mark.ray
@pytest.mark.filterwarnings("default")
def test_an_address_without_a_cluster(
    crawl: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ray", reason="Ray is not installed: pip install 'corpusalign[ray]'")
    monkeypatch.setenv("RAY_TMPDIR", str(tmp_path))
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    options = ["--runner", "ray", "--address", "auto", "-q"]
    assert main(["build", str(crawl), "-o", str(tmp_path / "c"), *options]) == 1
    assert "ray start --head" in capsys.readouterr().err


def test_without_ray_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    make_crawl(tmp_path / "crawl", 1, faults=False)
    with pytest.raises(CorpusAlignError, match=r"corpusalign\[ray\]"):
        build(tmp_path / "crawl", tmp_path / "c", runner="ray")
