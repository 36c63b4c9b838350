"""Learn the aligner's weights: `python -m benchmarks.train_aligner [--held-out] [--write] GOLD_FOLDER...`.

Each folder is a collection of gold documents. First a metric of tokens is learned, then the weights of the
features. `--held-out` scores every document with metric and weights learned without it, and without its whole
collection; `--write` learns from all and replaces the metric and the weights file of the embedded encoder, or
with `--generic` (sentence vectors only, as any foreign encoder gives them) the generic weights.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import token_metric
from benchmarks.calibration import Judged, calibration_error, draw
from corpusalign.align.decode import confidences
from corpusalign.align.lattice import best_path, posteriors
from corpusalign.align.learning import Example, example, fit, write_weights
from corpusalign.align.model import WEIGHTS, Weights
from corpusalign.align.side import MeanPooling, Side, side
from corpusalign.encode import default_encoder, default_name
from corpusalign.evaluate import GoldAlignment, Link, Scores, load_gold, score_links
from corpusalign.use import METRIC, UniversalSentenceEncoder


@dataclass(frozen=True, slots=True)
class Read:
    """A gold document as the encoder reads it; `pairs` is what a metric of tokens is learned from, if any."""

    collection: str
    gold: GoldAlignment
    source: Side
    target: Side
    pairs: token_metric.Pairs | None


@dataclass(frozen=True, slots=True)
class Document:
    """A gold document, ready to learn weights from."""

    collection: str
    gold: GoldAlignment
    example: Example


# Documents, each with weights to score it by.
Held = list[tuple[Document, np.ndarray]]
RESULTS = Path(__file__).parent / "results"
# Rounds of learning that bring the weights from those of all documents to those of all but some.
_ROUNDS = 30


def read(folders: list[str], *, generic: bool) -> list[Read]:
    encoder = MeanPooling(default_encoder()) if generic else UniversalSentenceEncoder(plain=True)
    result = []
    for folder in folders:
        for gold in load_gold(folder):
            source, target = side(gold.src, encoder), side(gold.tgt, encoder)
            pairs = None if generic else token_metric.Pairs.of(source, target, gold.links)
            result.append(Read(Path(folder).name, gold, source, target, pairs))
    return result


def learned_metric(some: Sequence[Read]) -> np.ndarray | None:
    """Return the metric that documents teach; None for encoders without tokens."""
    pairs = [one.pairs for one in some if one.pairs is not None]
    return token_metric.learn(pairs) if pairs else None


def documents(some: Sequence[Read], metric: np.ndarray | None) -> list[Document]:
    """Return documents with the features of all their beads, tokens compared by a metric."""
    result = []
    for one in some:
        source, target = one.source, one.target
        if metric is not None:
            source = token_metric.compared_by(source, metric)
            target = token_metric.compared_by(target, metric)
        result.append(Document(one.collection, one.gold, example(source, target, one.gold.links)))
    return result


def scored_without(
    everything: Sequence[Read], left_out: Sequence[Read], start: np.ndarray, penalty: float
) -> Held:
    """Return the documents left out, with weights that all others teach: metric, then weights.

    The likelihood has one maximum, so `start` saves rounds and tells nothing.
    """
    others = [one for one in everything if one not in left_out]
    metric = learned_metric(others)
    weights = fit([one.example for one in documents(others, metric)], penalty, start, rounds=_ROUNDS)
    return [(document, weights) for document in documents(left_out, metric)]


def predicted(document: Document, weights: np.ndarray) -> list[tuple[Link, float]]:
    """Return the links of the best path and their confidence."""
    field = document.example.scored(weights)
    row, column = field.band.coordinates()
    path = best_path(field)
    links = []
    for (number, cell), chance in zip(path, confidences(field, posteriors(field), path), strict=True):
        a, b = field.shapes[number]
        i, j = int(row[cell]), int(column[cell])
        links.append(((tuple(range(i, i + a)), tuple(range(j, j + b))), chance))
    return links


def report(title: str, held: Held) -> None:
    """Print a row a document and a row a collection."""
    print(title)
    for collection, pairs in by_collection(held).items():
        total = Scores()
        for document, weights in pairs:
            links = [link for link, _ in predicted(document, weights)]
            scores = score_links(document.gold.links, links)
            total += scores
            print(f"  {collection:18} {document.gold.name:24} F1 {scores.f1:.4f} lax {scores.lax_f1:.4f}")
        print(f"{collection:20} P {total.precision:.4f} R {total.recall:.4f}", end=" ")
        print(f"F1 {total.f1:.4f} lax {total.lax_f1:.4f}", flush=True)


def by_collection(held: Held) -> dict[str, Held]:
    """Return the documents of each collection."""
    grouped: dict[str, Held] = {}
    for document, weights in held:
        grouped.setdefault(document.collection, []).append((document, weights))
    return grouped


def judged(held: Held) -> list[Judged]:
    """Return each predicted bead's posterior, and whether the gold has it (omissions one by one)."""
    result = []
    for document, weights in held:
        gold = {link for link in document.gold.links if link[0] and link[1]}
        for source, target in document.gold.links:
            if not (source and target):
                gold |= {((index,), ()) for index in source} | {((), (index,)) for index in target}
        result += [(chance, link in gold) for link, chance in predicted(document, weights)]
    return result


def calibration(held: Held) -> None:
    """Report how honest held-out posteriors are, and draw it."""
    sets = {name: judged(pairs) for name, pairs in by_collection(held).items()}
    print("expected calibration error of held-out posteriors")
    for name, own in sets.items():
        print(f"{name:20} {calibration_error(own):.4f}")
    draw(sets, RESULTS / "aligner-reliability.svg")


def held_out(everything: list[Read], start: np.ndarray, penalty: float) -> None:
    """Report every document under weights learned without it, and without its collection."""
    held = [pair for one in everything for pair in scored_without(everything, [one], start, penalty)]
    report("leave one document out", held)
    calibration(held)
    held = []
    for collection in dict.fromkeys(one.collection for one in everything):
        own = [one for one in everything if one.collection == collection]
        held += scored_without(everything, own, start, penalty)
    report("leave one collection out", held)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--generic", action="store_true")
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--penalty", type=float, default=3.0)
    options = parser.parse_args()
    everything = read(options.folders, generic=options.generic)
    metric = learned_metric(everything)
    ready = documents(everything, metric)
    weights = fit([document.example for document in ready], options.penalty, rounds=80)
    report("learned and scored on the same documents", [(document, weights) for document in ready])
    if options.held_out:
        held_out(everything, weights, options.penalty)
    if options.write:
        encoder = "any" if options.generic else default_name()
        path = WEIGHTS / f"{'generic' if options.generic else encoder.partition('/')[0]}.txt"
        names = ", ".join(Path(folder).name for folder in options.folders)
        learned_from = f"{len(everything)} gold documents ({names})"
        write_weights(Weights(encoder, weights), path, learned_from)
        if metric is not None:
            token_metric.write_metric(metric, METRIC, learned_from)
        print(f"wrote {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
