"""Speed, growth and memory of aligning: `python -m benchmarks.scale GOLD_FOLDER SIZE...`.

Books of each size are made of a gold folder's documents, over and over, each round with a mark of its own so
that no sentence comes twice. Every size runs in a process of its own; a sentence is counted once, both sides.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from time import perf_counter, process_time

from corpusalign.evaluate import GoldAlignment, load_gold


def book(golds: list[GoldAlignment], size: int) -> tuple[list[str], list[str]]:
    """Return two sides of `size` sentences or a little fewer, cut at the same document."""
    source: list[str] = []
    target: list[str] = []
    round_number = 0
    while len(source) < size and len(target) < size:
        for gold in golds:
            source += [f"{text} ({round_number})" for text in gold.src]
            target += [f"{text} ({round_number})" for text in gold.tgt]
        round_number += 1
    return source[:size], target[:size]


def measured(folder: str, size: int) -> dict[str, float]:
    """Align one book in this process, and return seconds and megabytes."""
    began = perf_counter()
    from corpusalign.align.decode import decode
    from corpusalign.align.features import Whole
    from corpusalign.align.lattice import best_path, posteriors
    from corpusalign.align.model import lattice, weights_for
    from corpusalign.align.side import side
    from corpusalign.encode import default_encoder

    encoder = default_encoder()
    encoder.encode(["warm"])
    start_up = perf_counter() - began
    source_texts, target_texts = book(load_gold(folder), size)
    weights = weights_for(encoder)
    began, cpu = perf_counter(), process_time()
    source, target = side(source_texts, encoder), side(target_texts, encoder)
    encoded, encoded_cpu = perf_counter() - began, process_time() - cpu
    began, cpu = perf_counter(), process_time()
    beads = decode(source, target, weights).beads
    aligned, aligned_cpu = perf_counter() - began, process_time() - cpu
    field = lattice(source, target, weights, Whole.of(source, target)) if size <= 2000 else None
    began = process_time()
    if field:
        posteriors(field)
        best_path(field)
    return {
        "sentences": len(source) + len(target),
        "beads": len(beads),
        "start_up_s": start_up,
        "encode_s": encoded,
        "align_s": aligned,
        "encode_cpu_s": encoded_cpu,
        "align_cpu_s": aligned_cpu,
        "lattice_cpu_s": process_time() - began if field else float("nan"),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main(arguments: list[str]) -> int:
    """Run each size in a process of its own and print a row for each."""
    if arguments[0] == "--one":
        print(json.dumps(measured(arguments[1], int(arguments[2]))))
        return 0
    folder, *sizes = arguments
    for size in sizes:
        command = [sys.executable, "-m", "benchmarks.scale", "--one", folder, size]
        result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        seconds = result["encode_s"] + result["align_s"]
        print(f"{size:>6} a side", f"{result['sentences'] / seconds:7.0f} sentences/s", end=" ")
        print({name: round(value, 3) for name, value in result.items()}, flush=True)
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("usage: python -m benchmarks.scale GOLD_FOLDER SIZE...")
    sys.exit(main(sys.argv[1:]))
