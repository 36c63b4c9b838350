"""Other aligners beside ours on the same gold: `python -m benchmarks.peers_align GOLD_FOLDER GOLD_FOLDER...`.

Peers are those that install from the package index (extra `bench`): Gale-Church (`galechurch`); the search of
Vecalign (`sentweave`); Bertalign's two steps (`benchmarks.two_step`), and the package of its authors where it
is installed (it needs Python 3.12 and torch). All but Gale-Church have our encoder, so that only the search
differs. Our weights are learned on the other folders, never on the one that is scored, and without the metric
of tokens, which was learned on all of them. Speed counts each
sentence once, both sides, encoding included; no cache is warm. Processor seconds stand beside, because the
machine may be busy. One row a folder and aligner, documents added up, each in a process of its own for its
peak memory.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter, process_time

import galechurch
import sentweave

from benchmarks.peak import peak_memory
from benchmarks.two_step import two_step
from corpusalign.align import align, tune
from corpusalign.encode import default_encoder
from corpusalign.evaluate import GoldAlignment, Link, Scores, link_of, load_gold, score_links
from corpusalign.use import UniversalSentenceEncoder

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


def two_steps(gold: GoldAlignment) -> list[Link]:
    """Align by the two steps of Bertalign (Liu & Zhu 2022) over our encoder's vectors of exact runs."""
    return two_step(list(gold.src), list(gold.tgt), default_encoder().encode)


def bertalign(gold: GoldAlignment) -> list[Link]:
    """Align by the package of Bertalign's authors, our encoder in the place of LaBSE."""
    from bertalign import Bertalign, Encoder

    encoder = Encoder.__new__(Encoder)
    encoder.model, encoder.model_name = default_encoder(), "use"
    source, target = ("\n".join(" ".join(text.split()) for text in side) for side in (gold.src, gold.tgt))
    made = Bertalign(source, target, is_split=True, model=encoder)
    return [(tuple(one), tuple(other)) for one, other in made.align_sents()]


def ours(weights: Path) -> Aligner:
    """Align by this package under some weights."""
    encoder = UniversalSentenceEncoder(plain=True)
    encoder.encode(["warm"])

    def run(gold: GoldAlignment) -> list[Link]:
        langs = {"src_lang": gold.src_lang, "tgt_lang": gold.tgt_lang}
        made = align(gold.src, gold.tgt, **langs, encoder=encoder, weights=weights)
        return [link_of(bead) for bead in made.beads]

    return run


PEERS: dict[str, Aligner] = {"Gale-Church": gale_church, "Vecalign search": vecalign, "Two steps": two_steps}
if find_spec("bertalign"):
    PEERS["Bertalign 2"] = bertalign


def measure(name: str, folder: str, weights: Path) -> dict[str, float]:
    """Align the documents of a folder in this process, and return the figures."""
    documents = load_gold(folder)
    if name in PEERS and name != "Gale-Church":
        default_encoder().encode(["warm"])
    aligner = PEERS.get(name) or ours(weights)
    total = Scores()
    clock, processor = perf_counter(), process_time()
    for gold in documents:
        total += score_links(gold.links, aligner(gold))
    clock, processor = perf_counter() - clock, process_time() - processor
    sentences = sum(len(gold.src) + len(gold.tgt) for gold in documents)
    return {
        "precision": total.precision,
        "recall": total.recall,
        "f1": total.f1,
        "lax": total.lax_f1,
        "speed": sentences / clock,
        "processor": 1000 * processor / sentences,
        "peak": peak_memory(),
    }


def main(folders: list[str]) -> int:
    """Print the table; it needs two folders or more, so that no set is scored with weights learned on it."""
    if len(folders) < 2:
        print("usage: python -m benchmarks.peers_align GOLD_FOLDER GOLD_FOLDER...", file=sys.stderr)
        return 2
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},", end=" ")
    packages = ["corpusalign", "galechurch", "sentweave", *(["bertalign"] if find_spec("bertalign") else [])]
    print(", ".join(f"{name} {version(name)}" for name in (*packages, "numpy")))
    print(
        f"{'set':16} {'aligner':16} {'P':>6} {'R':>6} {'F1':>6} {'lax F1':>6} {'sentences/s':>11} "
        f"{'cpu ms each':>11} {'peak MB':>7}"
    )
    golds = {folder: load_gold(folder) for folder in folders}
    with tempfile.TemporaryDirectory() as scratch:
        for folder in folders:
            others = [gold for other in folders if other != folder for gold in golds[other]]
            weights = Path(scratch) / f"{Path(folder).name}.txt"
            plain = UniversalSentenceEncoder(plain=True)
            tune([(gold.src, gold.tgt, gold.links) for gold in others], weights, encoder=plain)
            for name in (*PEERS, "corpusalign"):
                command = [sys.executable, "-m", __spec__.name, "--one", name, folder, str(weights)]
                run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
                one = json.loads(run.stdout)
                print(
                    f"{Path(folder).name:16} {name:16} {one['precision']:6.3f} {one['recall']:6.3f} "
                    f"{one['f1']:6.3f} {one['lax']:6.3f} {one['speed']:11.0f} {one['processor']:11.2f} "
                    f"{one['peak']:7.0f}",
                    flush=True,
                )
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(sys.argv[2], sys.argv[3], Path(sys.argv[4]))))
    else:
        sys.exit(main(sys.argv[1:]))
