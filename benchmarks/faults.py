"""Builds disturbed in every way, by a seed, and gone on with: `python -m benchmarks.faults RUNS`.

Each run disturbs one build, sets right what was wrong, builds again, and compares the corpus byte by byte
with that of a serial build that nothing disturbed. Needs Linux; about ten seconds a run on a free core.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

from benchmarks.corpus import STATE, command, descendants, same
from benchmarks.synthetic_crawl import make_crawl

OPTIONS = ("-q", "--shard-size", "8000", "--no-content")
WORKERS = ("--workers", "2")


def started(source: Path, output: Path, **options) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(source, output, *OPTIONS, *WORKERS), stderr=subprocess.PIPE, text=True, **options
    )


def under_way(build: subprocess.Popen[str], output: Path, random: Random, least: int = 0) -> None:
    """Wait until some shards are made, as many as the seed says, or the build has ended."""
    shards = random.randint(least, 4)
    while build.poll() is None and len(list((output / STATE).glob("part-*.json"))) < shards:
        time.sleep(0.02)
    time.sleep(random.uniform(0.0, 0.5))


def killed_worker(source: Path, output: Path, random: Random) -> str:
    build = started(source, output)
    for _ in range(2):
        under_way(build, output, random)
        workers = descendants(build.pid)
        if workers and build.poll() is None:
            os.kill(random.choice(workers), signal.SIGKILL)
    return build.communicate()[1]


def killed_parent(source: Path, output: Path, random: Random) -> str:
    build = started(source, output)
    under_way(build, output, random)
    build.kill()
    return build.communicate()[1]


def interrupted(source: Path, output: Path, random: Random) -> str:
    build = started(source, output)
    # Not while Python itself is starting, which says so in its own way.
    under_way(build, output, random, least=1)
    for _ in range(random.randint(1, 2)):
        if build.poll() is None:
            build.send_signal(signal.SIGINT)
            time.sleep(0.2)
    said = build.communicate()[1]
    assert build.returncode in (0, 130), said
    return said


def full_disk(source: Path, output: Path, random: Random) -> str:
    """Let no file grow beyond some bytes: as on a full disk, at a moment that the size decides."""
    most = random.choice((3_000, 6_000, 20_000, 60_000))

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    build = started(source, output, preexec_fn=limit)
    said = build.communicate()[1]
    assert build.returncode in (0, 1), said
    return said


def vanishing(source: Path, output: Path, random: Random) -> str:
    page = random.choice(sorted(source.rglob("*.html")))
    kept = page.read_bytes()
    build = started(source, output)
    under_way(build, output, random)
    page.unlink()
    said = build.communicate()[1]
    page.write_bytes(kept)
    return said


def changing(source: Path, output: Path, random: Random) -> str:
    page = random.choice(sorted(source.rglob("*.html")))
    kept = page.read_bytes()
    build = started(source, output)
    under_way(build, output, random)
    page.write_bytes(random.choice((b"", kept[: len(kept) // 2], random.randbytes(500))))
    said = build.communicate()[1]
    page.write_bytes(kept)
    return said


def damaged(source: Path, output: Path, random: Random) -> str:
    """Damage files of a finished corpus: shards, markers, fingerprints, the manifest, what was published."""
    said = started(source, output).communicate()[1]
    files = [path for path in (*output.iterdir(), *(output / STATE).iterdir()) if path.is_file()]
    for victim in random.sample(files, 3):
        data = bytearray(victim.read_bytes())
        match random.randrange(3):
            case 0:
                victim.unlink()
                continue
            case 1:
                del data[len(data) // 2 :]
            case _ if data:
                data[random.randrange(len(data))] ^= 0x55
        victim.write_bytes(data)
    return said


def two_at_once(source: Path, output: Path, random: Random) -> str:
    first = started(source, output)
    under_way(first, output, random)
    second = started(source, output)
    said = second.communicate()[1] + first.communicate()[1]
    assert sorted((first.returncode, second.returncode)) in ([0, 0], [0, 1]), said
    return said


KINDS: tuple[Callable[[Path, Path, Random], str], ...] = (
    killed_worker,
    killed_parent,
    interrupted,
    full_disk,
    vanishing,
    changing,
    damaged,
    two_at_once,
)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("runs", type=int)
    parser.add_argument("--sets", type=int, default=12)
    options = parser.parse_args()
    wrong = Counter[str]()
    with tempfile.TemporaryDirectory() as scratch:
        source, reference = Path(scratch) / "crawl", Path(scratch) / "reference"
        make_crawl(source, options.sets, seed=11)
        subprocess.run(command(source, reference, *OPTIONS, "--runner", "serial"), check=True)
        for seed in range(options.runs):
            disturb = KINDS[seed % len(KINDS)]
            output = Path(scratch) / "corpus"
            shutil.rmtree(output, ignore_errors=True)
            said = disturb(source, output, Random(seed))
            subprocess.run(command(source, output, *OPTIONS, *WORKERS), check=True)
            faults = [
                fault
                for fault, is_so in (
                    ("another result", not same(output, reference)),
                    ("a traceback", "Traceback" in said),
                    ("drafts left", any(output.rglob(".corpusalign-*.part"))),
                )
                if is_so
            ]
            wrong.update(faults)
            last = said.strip().splitlines()[-1:] or [""]
            print(
                f"seed {seed}: {disturb.__name__}: {', '.join(faults) or 'same'}  {last[0][:100]}", flush=True
            )
    print(f"{options.runs} runs: {dict(wrong) or 'all as an undisturbed build'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
