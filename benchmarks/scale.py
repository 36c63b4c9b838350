"""How fast, how small and how linear aligning is: `python -m benchmarks.scale [SIZE...]`.

For each size, two synthetic books of that many sentences a side (`benchmarks.books`), each run in a process
of its own: what starting takes, seconds in the parts of the work, sentences a second (each counted once, both
sides), peak memory, and strict F1, so that no speed is bought with accuracy. Processor seconds stand beside
those of the clock, because the machine may be busy. Without sizes: 2,000, 10,000 and 50,000.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from time import perf_counter, process_time

SIZES = (2_000, 10_000, 50_000)


def measure(size: int, langs: str) -> dict[str, float]:
    """Align two books in this process, and return the figures."""
    began = perf_counter()
    from corpusalign.align import align
    from corpusalign.align.side import side
    from corpusalign.encode import default_encoder

    align(["Good morning."], ["早上好。"], src_lang="en", tgt_lang="zh")
    start = perf_counter() - began

    from benchmarks.books import books
    from benchmarks.peak import peak_memory
    from corpusalign.evaluate import link_of, score_links

    made = books(size, *langs.split("-"))
    encoder = default_encoder()
    clock, processor = perf_counter(), process_time()
    alignment = align(made.src, made.tgt, src_lang=made.src_lang, tgt_lang=made.tgt_lang)
    clock, processor = perf_counter() - clock, process_time() - processor
    peak = peak_memory()
    scores = score_links(made.links, [link_of(bead) for bead in alignment.beads])
    # Encoding once more, alone, to tell its share.
    del alignment
    again = process_time()
    sides = side(made.src, encoder), side(made.tgt, encoder)
    encoding = process_time() - again
    sentences = len(made.src) + len(made.tgt)
    return {
        "start": start,
        "sentences": sentences,
        "tokens": sum(len(one.pooled.weights) for one in sides) / sentences,
        "clock": clock,
        "processor": processor,
        "encoding": encoding,
        "peak": peak,
        "f1": scores.f1,
    }


def main(sizes: list[int], langs: str = "en-zh") -> None:
    """Print the table, each row from a process of its own."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},", end=" ")
    print(", ".join(f"{name} {version(name)}" for name in ("corpusalign", "numpy")))
    print(
        f"{'a side':>7} {'tokens':>7} {'start s':>7} {'clock s':>8} {'cpu s':>8} {'encoding':>8} "
        f"{'sentences/s':>11} {'cpu ms each':>11} {'peak MB':>8} {'F1':>6}"
    )
    for size in sizes:
        command = [sys.executable, "-m", __spec__.name, "--one", str(size), langs]
        run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        one = json.loads(run.stdout)
        print(
            f"{size:7,} {one['tokens']:7.1f} {one['start']:7.2f} {one['clock']:8.1f} {one['processor']:8.1f} "
            f"{one['encoding'] / one['processor']:8.0%} {one['sentences'] / one['clock']:11,.0f} "
            f"{1000 * one['processor'] / one['sentences']:11.2f} {one['peak']:8.0f} {one['f1']:6.3f}",
            flush=True,
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(int(sys.argv[2]), sys.argv[3])))
    else:
        main([int(size) for size in sys.argv[1:]] or list(SIZES))
