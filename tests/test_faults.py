"""Whatever happens to a build, no unit is lost or doubled: the next one ends as an undisturbed one does.

The kills come at random moments, by a seed; `python -m benchmarks.faults 50` does it over many more.
"""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from benchmarks.synthetic_crawl import make_crawl
from corpusalign.corpus import build, pageset, shard
from corpusalign.corpus.folder import STATE
from corpusalign.corpus.records import Job, Limits, PageSet, Receipt, Recipe
from corpusalign.corpus.runners import process
from corpusalign.errors import CorpusAlignError, FormatError

from .test_corpus import contents, made, rejects

SEEDS = (1, 2)
posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX systems")


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crawl")
    make_crawl(folder, 8, seed=11)
    return folder


@pytest.fixture(scope="module")
def undisturbed(crawl: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    output = tmp_path_factory.mktemp("corpus") / "c"
    made(crawl, output)
    return dict(contents(output))


def command(crawl: Path, output: Path, *options: str) -> list[str]:
    fixed = ["--shard-size", "8000", "--workers", "2"]
    return [sys.executable, "-m", "corpusalign", "build", str(crawl), "-o", str(output), *fixed, *options]


def leftovers(output: Path) -> list[str]:
    return [path.name for folder in (output, output / STATE) for path in folder.glob(".corpusalign-*.part")]


def wait_for(what: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


@posix
def test_workers_killed_at_random(crawl: Path, undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    random = Random(1)
    killed = []

    def strike(progress: object) -> None:
        if len(killed) < 3 and random.random() < 0.3:
            for worker in multiprocessing.active_children():
                if worker.pid is not None and worker.name == "corpusalign worker":
                    os.kill(worker.pid, signal.SIGKILL)
                    killed.append(progress)
                    return

    result = build(crawl, tmp_path / "c", runner="process", workers=2, shard_size=8000, progress=strike)
    assert killed
    assert result.summary is not None
    assert contents(tmp_path / "c") == undisturbed
    assert not leftovers(tmp_path / "c")


@posix
@pytest.mark.parametrize("seed", SEEDS)
def test_the_parent_killed_at_random(
    crawl: Path, undisturbed: dict[str, bytes], tmp_path: Path, seed: int
) -> None:
    output = tmp_path / "c"
    with subprocess.Popen(command(crawl, output, "-q"), stderr=subprocess.PIPE) as parent:
        wait_for(lambda: any((output / STATE).glob("part-*.json")) or parent.poll() is not None)
        time.sleep(Random(seed).random())
        parent.kill()
    made(crawl, output)
    assert contents(output) == undisturbed
    assert not leftovers(output)


@posix
def test_an_interrupt_ends_the_build_in_order(
    crawl: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    output = tmp_path / "c"
    with subprocess.Popen(
        command(crawl, output, "--workers", "1"), stderr=subprocess.PIPE, text=True
    ) as parent:
        wait_for(lambda: any((output / STATE).glob("part-*.json")))
        parent.send_signal(signal.SIGINT)
        _, said = parent.communicate(timeout=60)
    assert parent.returncode == 130
    assert "Traceback" not in said
    assert "the same command goes on from there" in said
    assert not (output / "manifest.json").exists()
    made(crawl, output)
    assert contents(output) == undisturbed


@posix
def test_a_second_interrupt_ends_it_at_once(
    crawl: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    output = tmp_path / "c"
    # One shard only, so that there is time left in it.
    slow = [*command(crawl, output, "--workers", "1"), "--shard-size", "1G"]
    with subprocess.Popen(slow, stderr=subprocess.PIPE, text=True) as parent:
        wait_for(lambda: any((output / STATE).glob(".corpusalign-*.part")))
        assert parent.stderr is not None
        parent.send_signal(signal.SIGINT)
        said = [parent.stderr.readline() for _ in range(3)]
        parent.send_signal(signal.SIGINT)
        _, more = parent.communicate(timeout=30)
    assert "press again to stop at once" in "".join(said)
    assert parent.returncode == 130
    assert "Traceback" not in more
    assert not list((output / STATE).glob("part-*.json"))
    made(crawl, output)
    assert contents(output) == undisturbed


def jobs(crawl: Path, output: Path, **changes: object) -> list[Job]:
    """Return one job of three page sets."""
    from corpusalign.corpus.records import PageRef
    from corpusalign.fetch import fetch

    def ref(lang: str, number: int) -> PageRef:
        path = crawl / "site-000" / lang / f"page-{number}.html"
        page = fetch(path)
        return PageRef(path.name, lang, page.sha256, len(page.content), "file", str(path))

    sets = tuple(PageSet(f"set {n}", (ref("en", n), ref("fr", n))) for n in (0, 1, 2))
    (output / STATE).mkdir(parents=True, exist_ok=True)
    limits = changes.get("limits", Limits())
    assert isinstance(limits, Limits)
    return [Job(0, "key", str(output / STATE), Recipe("so", (), False), limits, sets)]


@posix
def test_a_page_set_that_stops_every_worker_is_given_up(crawl: Path, tmp_path: Path) -> None:
    receipts: list[Receipt] = []

    def strike(number: int) -> None:
        if number == 1:
            (worker,) = multiprocessing.active_children()
            worker.kill()
            worker.join()

    process.run(
        iter(jobs(crawl, tmp_path)),
        workers=1,
        on_set=strike,
        on_receipt=receipts.append,
        stopping=lambda: False,
    )
    (receipt,) = receipts
    assert (receipt.sets, receipt.rejects) == (3, 1)
    assert receipt.units > 0


def test_workers_that_cannot_start_are_an_error(
    crawl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_work", os.abort)
    with pytest.raises(CorpusAlignError, match="as soon as they start"):
        process.run(
            iter(jobs(crawl, tmp_path)),
            workers=1,
            on_set=lambda _: None,
            on_receipt=lambda _: None,
            stopping=lambda: False,
        )


@posix
def test_a_page_set_that_takes_too_long_is_rejected(
    crawl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stuck(*_: object, **__: object) -> None:
        while True:
            try:
                time.sleep(60)
            except Exception:  # what would mend everything
                continue

    monkeypatch.setattr(pageset, "align_pages", stuck)
    result = made(crawl, tmp_path / "c", timeout=0.1)
    assert result.summary is not None
    assert result.summary.units == 0
    assert set(result.summary.rejects) <= {"timeout", "extract", "decode", "unpaired"}
    assert result.summary.rejects["timeout"] > 0
    monkeypatch.undo()
    again = made(crawl, tmp_path / "c")
    assert again.summary is not None
    assert "timeout" not in again.summary.rejects


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux")
def test_a_page_set_that_takes_too_much_memory_is_rejected(
    crawl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pageset, "align_pages", lambda *_, **__: bytearray(8 << 30))
    result = made(crawl, tmp_path / "c", max_memory=1 << 30)
    assert result.summary is not None
    assert result.summary.rejects["memory"] > 0
    bytearray(2 << 30)


@posix
def test_the_parent_ends_a_worker_that_does_not_see_to_its_time(
    crawl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_GRACE", -1e9)
    monkeypatch.setattr(process, "_TICK", 0.001)
    receipts: list[Receipt] = []
    process.run(
        iter(jobs(crawl, tmp_path, limits=Limits(seconds=60.0))),
        workers=1,
        on_set=lambda _: None,
        on_receipt=receipts.append,
        stopping=lambda: False,
    )
    assert receipts[0].rejects > 0


@pytest.mark.parametrize("moment", [1, 3, 5])
def test_a_full_disk(
    crawl: Path, undisturbed: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    written = 0
    write = shard.Digesting.write

    def full(stream: object, data: bytes) -> None:
        nonlocal written
        written += 1
        if written == moment:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(stream, data)

    monkeypatch.setattr(shard.Digesting, "write", full)
    with pytest.raises(FormatError, match="No space left"):
        made(crawl, tmp_path / "c")
    assert not leftovers(tmp_path / "c")
    assert not (tmp_path / "c" / "manifest.json").exists()
    made(crawl, tmp_path / "c")
    assert contents(tmp_path / "c") == undisturbed


@posix
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_read_only_folder(crawl: Path, tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(FormatError, match="may write"):
        made(crawl, tmp_path / "locked" / "c")


def test_a_disk_that_may_not_be_written_to(
    crawl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(FormatError, match="Read-only file system"):
        made(crawl, tmp_path / "locked" / "c")


def test_an_error_in_our_own_code_costs_its_page_set_and_is_seen(
    crawl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the floor gave way")

    monkeypatch.setattr(pageset, "align_pages", broken)
    result = made(crawl, tmp_path / "c")
    assert result.summary is not None
    assert result.summary.rejects["internal"] > 0
    assert any(reason == "internal" for reason, _ in rejects(tmp_path / "c"))
