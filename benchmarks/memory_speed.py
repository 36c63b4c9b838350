"""How fast and how small memories are written and read, beside a bare XML parser and translate-toolkit.

    python -m benchmarks.memory_speed [units]

Each figure is the best of five rounds, in each of which every task has a process of its own: what else goes
on meanwhile meets them all alike. Seconds are of the processor, for the machine may be busy. "bare" is lxml's
iterparse over the same file, emptying each element as it ends, and doing nothing with it (the empty elements
stay in memory); "bare, constant memory" takes the units before the present one out of the tree, as one has
to with files of any size.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import process_time

from corpusalign.types import Origin, Span, TranslationUnit

TASKS = (
    "write, from a list",
    "write, streamed",
    "bare iterparse",
    "bare, constant memory",
    "read",
    "translate-toolkit",
)

ROUNDS = 5


def units(count: int, with_origin: bool) -> Iterator[TranslationUnit]:
    """Yield sentence pairs of ordinary length, 50 a page."""
    for number in range(count):
        page, block = divmod(number, 50)
        span = Span(block, f"/html/body/div[2]/p[{block}]", 0, 60)
        yield TranslationUnit(
            f"{number:016x}",
            {
                "en": f"The committee adopted resolution {number} on the well & its water.",
                "fr": f"Le comité a adopté la résolution {number} sur le puits et son eau.",
            },
            0.987654,
            origin={
                code: Origin(f"https://example.org/{code}/{page}.html", "a" * 64, (span,))
                for code in ("en", "fr")
            }
            if with_origin
            else {},
        )


def task(name: str, path: str, given: Iterable[TranslationUnit]) -> None:
    """Do what is measured, once."""
    if name.startswith("write"):
        from corpusalign.formats import write

        write(given, path)
    elif name == "read":
        from corpusalign.formats import read

        for _ in read(path):
            pass
    elif name == "bare iterparse":
        from lxml import etree

        for _, element in etree.iterparse(path):
            element.clear()
    elif name == "bare, constant memory":
        from lxml import etree

        for _, element in etree.iterparse(path, tag="tu"):
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    else:
        from translate.storage.tmx import tmxfile

        with Path(path).open("rb") as stream:
            for unit in tmxfile(stream, "en", "fr").units:
                assert unit.source
                assert unit.target


def measure(name: str, path: str, count: int, with_origin: bool) -> None:
    """Run one task and print its seconds and its peak memory in megabytes."""
    # What is imported at the first call is not measured.
    small = f"{path}.small.tmx"
    task("write, streamed", small, units(10, with_origin))
    task(name, small, units(10, with_origin))
    given = units(count, with_origin)
    if name == "write, from a list":
        given = iter(list(given))
    started = process_time()
    task(name, path, given)
    seconds = process_time() - started
    print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def main(count: int) -> None:
    """Print a table of all tasks, with and without the units' origins."""
    with tempfile.TemporaryDirectory() as folder:
        for with_origin in (False, True):
            path = str(Path(folder) / "memory.tmx")
            best = dict.fromkeys(TASKS, (float("inf"), 0.0))
            for _ in range(ROUNDS):
                for name in TASKS:
                    command = [
                        sys.executable,
                        "-m",
                        __spec__.name,
                        name,
                        path,
                        str(count),
                        str(int(with_origin)),
                    ]
                    run = subprocess.run(command, capture_output=True, text=True, check=True)
                    best[name] = min(best[name], tuple(json.loads(run.stdout)))
            places = "with" if with_origin else "without"
            print(f"{count:,} units of two languages, {places} their places in the pages")
            for name, (seconds, megabytes) in best.items():
                ratio = seconds / best["bare iterparse"][0]
                print(
                    f"  {name:22}{seconds:7.2f} s{count / seconds:12,.0f} units/s{megabytes:7.0f} MB"
                    f"{ratio:6.2f} x bare"
                )
            print(f"  {'file':22}{Path(path).stat().st_size / 1e6:7.0f} MB", flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 5:
        measure(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4] == "1")
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
