"""Corpus builds measured: `python -m benchmarks.corpus rates SOURCE`, or `... crawl SETS`.

`rates` builds one source with each runner in turn, so that all share the state of the machine, and compares
the outputs byte by byte; of Ray it tells what an empty cluster takes to start, and how its build compares
with that by processes beyond it. `crawl` builds a synthetic crawl, watches the memory of the parent and the
rate from tenth to tenth, kills everything half way and goes on. Both need Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.synthetic_crawl import LENGTHS, make_crawl

STATE = ".corpusalign"


def command(source: Path, output: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "corpusalign", "build", str(source), "-o", str(output), *options]


def same(first: Path, second: Path) -> bool:
    """Tell whether two corpora are the same in all that the input alone decides."""
    names = [
        sorted(path.name for pattern in ("part-*", "rejected-*") for path in corpus.glob(pattern))
        for corpus in (first, second)
    ]
    return names[0] == names[1] and all(
        (first / name).read_bytes() == (second / name).read_bytes()
        for name in [*names[0], "manifest.json", "rejects.jsonl"]
    )


def rates(source: Path, workers: int, runners: list[str], rounds: int) -> bool:
    """Print what each runner takes, by the clock, by the processors, and on its longest way.

    The longest way is the parent's processor time and that of its busiest process: what the clock would show
    on a machine with cores to spare, whatever else this one is doing.
    """
    head = ("runner", "seconds", "CPU s", "longest", "pages/s", "sent./s", "pages/CPU s")
    print(f"{head[0]:12}", *(f"{name:>11}" for name in head[1:]), " output")
    identical = True
    least: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as scratch:
        reference = Path(scratch) / "reference"
        for _ in range(rounds):
            for runner in runners:
                output = Path(scratch) / runner
                shutil.rmtree(output, ignore_errors=True)
                before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
                longest = _longest_way(source, output, "-q", "--runner", runner, "--workers", str(workers))
                seconds = time.perf_counter() - started
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
                summary = json.loads((output / "summary.json").read_bytes())
                if not reference.exists():
                    shutil.copytree(output, reference)
                least[runner] = min(seconds, least.get(runner, seconds))
                equal = same(output, reference)
                identical &= equal
                pages, sentences = summary["pages"], sum(summary["sentences"].values())
                figures = (seconds, cpu, longest, pages / seconds, sentences / seconds, pages / cpu)
                print(
                    f"{runner + ('' if runner == 'serial' else f' ({workers})'):12}",
                    *(f"{figure:11.1f}" for figure in figures),
                    f" {'identical' if equal else 'DIFFERS'}",
                    flush=True,
                )
    _compare(least, workers)
    return identical


def _compare(least: dict[str, float], workers: int) -> None:
    """Print how the runners' best times compare."""
    if {"serial", "process"} <= least.keys():
        print(f"process is {least['serial'] / least['process']:.2f} times as fast as serial")
    if {"process", "ray"} <= least.keys():
        start = min(_ray_start(workers) for _ in range(3))
        beyond = least["ray"] - start
        print(
            f"an empty Ray cluster starts and ends in {start:.1f} s; beyond that ray took {beyond:.1f} s, "
            f"{beyond / least['process']:.2f} times what process took with its own start"
        )


_EMPTY_CLUSTER = """
import sys, ray
ray.init(num_cpus=int(sys.argv[1]), include_dashboard=False, log_to_driver=False, configure_logging=False)
def nothing():
    pass
ray.get([ray.remote(nothing).remote() for _ in range(int(sys.argv[1]))])
ray.shutdown()
"""


def _ray_start(workers: int) -> float:
    """Return the seconds that a cluster as the build's own takes to start, do nothing, and end."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", _EMPTY_CLUSTER, str(workers)],
        env={**os.environ, "RAY_USAGE_STATS_ENABLED": "0"},
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - started


def _longest_way(source: Path, output: Path, *options: str) -> float:
    """Build, and return the processor seconds of the parent and of the busiest process below it."""
    spent: dict[int, float] = {}
    with subprocess.Popen(command(source, output, *options)) as parent:
        while parent.poll() is None:
            for process in (parent.pid, *descendants(parent.pid)):
                spent[process] = max(spent.get(process, 0.0), processor_seconds(process))
            time.sleep(0.05)
    if parent.returncode:
        raise SystemExit(f"the build failed with {parent.returncode}")
    own = spent.pop(parent.pid, 0.0)
    return own + max(spent.values(), default=0.0)


def processor_seconds(process: int) -> float:
    """Return the processor time that a process has taken itself."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(process: int) -> int:
    """Return the bytes of memory that a process holds."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS")), 0)


def descendants(process: int) -> list[int]:
    """Return the processes that a process has started, and they, and that still run."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return [found for child in map(int, children) for found in (child, *descendants(child))]


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a build was: page sets made, and the seconds by the clock and of its processes until then."""

    sets: int
    clock: float
    processors: float


@dataclass(frozen=True, slots=True)
class Watched:
    """What was seen of a build: how far it was at each tenth of its shards, and the parent's most memory."""

    tenths: list[Mark]
    seconds: float
    memory: int


def watched(source: Path, output: Path, workers: int, until: float = 1.0) -> Watched:
    """Build until a share of the shards is done, then kill the parent; a line is printed at each tenth."""
    tenths: list[Mark] = []
    spent: dict[int, float] = {}
    total = most = 0
    started = time.perf_counter()
    with subprocess.Popen(command(source, output, "-q", "--workers", str(workers))) as parent:
        while parent.poll() is None:
            time.sleep(0.2)
            most = max(most, resident(parent.pid))
            for process in (parent.pid, *descendants(parent.pid)):
                spent[process] = max(spent.get(process, 0.0), processor_seconds(process))
            markers = list((output / STATE).glob("part-*.json"))
            if not total and markers:
                total = shards(output)
            if total and len(markers) >= total * (len(tenths) + 1) / 10:
                sets = sum(len(json.loads(marker.read_bytes())["results"]) for marker in markers)
                tenths.append(Mark(sets, time.perf_counter() - started, sum(spent.values())))
                tenth = f"{len(tenths)}/10, {sets} page sets, after {tenths[-1].clock:.0f} s"
                print(f"{tenth}, {tenths[-1].processors:.0f} CPU s, parent {most >> 20} MB", flush=True)
            if total and until < 1 and len(markers) >= until * total:
                parent.kill()
    return Watched(tenths, time.perf_counter() - started, most)


def shards(output: Path) -> int:
    """Return the number of shards of the plan that is being worked on."""
    import sqlite3

    with sqlite3.connect(f"{(output / STATE / 'plan.db').absolute().as_uri()}?mode=ro", uri=True) as plan:
        return int(plan.execute("SELECT count(*) FROM shards").fetchone()[0])


def crawl(sets: int, workers: int, lengths: tuple[int, int]) -> bool:
    """Build a synthetic crawl in two halves, with a kill between them.

    Shards differ in size and the biggest come first, so that rates are counted in page sets.
    """
    with tempfile.TemporaryDirectory() as scratch:
        source, output = Path(scratch) / "crawl", Path(scratch) / "corpus"
        make_crawl(source, sets, lengths=lengths)
        first = watched(source, output, workers, until=0.5)
        kept = {path.name: path.stat().st_mtime_ns for path in (output / STATE).glob("part-*.json")}
        print(f"killed after {first.seconds:.0f} s with {len(kept)} shards done", flush=True)
        second = watched(source, output, workers)
        again = sum((output / STATE / name).stat().st_mtime_ns != before for name, before in kept.items())
        summary = json.loads((output / "summary.json").read_bytes())
        print(
            f"sets {summary['sets']}, units {summary['units']} and {summary['units_rejected']} rejected, "
            f"shards {summary['shards']}, {again} of those done before the kill made again"
        )
        print(f"parent at most {first.memory >> 20} MB, after the kill {second.memory >> 20} MB")
        for name, part in (("first", first), ("second", second)):
            print(f"{name} part, page sets a CPU second, tenth by tenth:", " ".join(_rates(part.tenths)))
        print(f"second part {second.seconds:.0f} s, stages {summary['seconds']}")
        return again == 0


def _rates(tenths: list[Mark]) -> list[str]:
    """Return the page sets a processor second from each tenth to the next, where any were made."""
    return [
        f"{(later.sets - earlier.sets) / (later.processors - earlier.processors):.1f}"
        for earlier, later in pairwise(tenths)
        if later.sets > earlier.sets
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    modes = parser.add_subparsers(dest="mode", required=True)
    rate = modes.add_parser("rates")
    rate.add_argument("source", type=Path)
    rate.add_argument("--runners", default="serial,process")
    rate.add_argument("--rounds", type=int, default=2)
    big = modes.add_parser("crawl")
    big.add_argument("sets", type=int)
    big.add_argument("--lengths", type=int, nargs=2, default=LENGTHS, help="groups a page, least and most")
    for mode in (rate, big):
        mode.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    if options.mode == "rates":
        good = rates(options.source, options.workers, options.runners.split(","), options.rounds)
    else:
        good = crawl(options.sets, options.workers, tuple(options.lengths))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
