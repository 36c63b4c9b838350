"""Other aligners beside ours on the same gold: `python -m benchmarks.peers_align GOLD_FOLDER GOLD_FOLDER...`.

Peers are those that install from the package index (extra `bench`): Gale-Church (`galechurch`) and the search
of Vecalign (`sentweave`), the latter with our encoder, so that only the search differs. Our weights are
learned on the other folders, never on the one that is scored. Speed counts each sentence once, both sides,
encoding included; the cache of no aligner is warm. One row a folder and aligner, documents added up.
"""

from __future__ import annotations

import platform
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

import galechurch
import sentweave

from corpusalign.align import align, tune
from corpusalign.encode import default_encoder
from corpusalign.evaluate import GoldAlignment, Link, Scores, link_of, load_gold, score_links

Aligner = Callable[[GoldAlignment], list[Link]]


def gale_church(gold: GoldAlignment) -> list[Link]:
    """Align by sentence lengths alone (Gale & Church 1993)."""
    beads = galechurch.align(list(gold.src), list(gold.tgt)).beads
    return [
        (tuple(range(b.source_start, b.source_end)), tuple(range(b.target_start, b.target_end)))
        for b in beads
    ]


def vecalign(gold: GoldAlignment) -> list[Link]:
    """Align by Vecalign's search (Thompson & Koehn 2019) over our encoder's vectors of exact runs."""
    found = sentweave.align(list(gold.src), list(gold.tgt), encoder=default_encoder().encode)
    return [(tuple(one.src_indices), tuple(one.tgt_indices)) for one in found.alignments]


def ours(weights: Path) -> Aligner:
    """Align by this package under some weights."""

    def run(gold: GoldAlignment) -> list[Link]:
        made = align(gold.src, gold.tgt, src_lang=gold.src_lang, tgt_lang=gold.tgt_lang, weights=weights)
        return [link_of(bead) for bead in made.beads]

    return run


def main(folders: list[str]) -> int:
    """Print the table; it needs two folders or more, so that no set is scored with weights learned on it."""
    if len(folders) < 2:
        print("usage: python -m benchmarks.peers_align GOLD_FOLDER GOLD_FOLDER...", file=sys.stderr)
        return 2
    print(f"{platform.machine()}, Python {platform.python_version()},", end=" ")
    print(
        ", ".join(f"{name} {version(name)}" for name in ("corpusalign", "galechurch", "sentweave", "numpy"))
    )
    print(f"{'set':18} {'aligner':22} {'P':>6} {'R':>6} {'F1':>6} {'lax F1':>6} {'sentences/s':>11}")
    golds = {folder: load_gold(folder) for folder in folders}
    default_encoder().encode(["warm"])
    with tempfile.TemporaryDirectory() as scratch:
        for folder, documents in golds.items():
            others = [gold for other in folders if other != folder for gold in golds[other]]
            weights = Path(scratch) / f"{Path(folder).name}.txt"
            tune([(gold.src, gold.tgt, gold.links) for gold in others], weights)
            aligners = {"Gale-Church": gale_church, "Vecalign search": vecalign, "corpusalign": ours(weights)}
            for name, aligner in aligners.items():
                began, total, sentences = perf_counter(), Scores(), 0
                for gold in documents:
                    total += score_links(gold.links, aligner(gold))
                    sentences += len(gold.src) + len(gold.tgt)
                speed = sentences / (perf_counter() - began)
                measures = (total.precision, total.recall, total.f1, total.lax_f1)
                shown = " ".join(f"{measure:6.3f}" for measure in measures)
                print(f"{Path(folder).name:18} {name:22} {shown} {speed:11.0f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
