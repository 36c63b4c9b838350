"""Alignment accuracy on gold sets: `python -m benchmarks.accuracy FOLDER...`.

One row a gold set (a folder that holds gold files, or for n-way fixtures all of a folder) and pair of
languages: counts of its documents added up. Where `benchmarks/floors.json` has a floor for a row, a lower
strict F1 is an error (exit 1).
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

from corpusalign.align import align, align_many
from corpusalign.evaluate import GoldAlignment, Scores, load_gold, score
from corpusalign.pipeline import gold_side
from corpusalign.types import Bead

FLOORS = Path(__file__).parent / "floors.json"


def aligned(gold: GoldAlignment) -> tuple[Bead, ...]:
    """Align the two sides of a gold alignment."""
    source, target = gold_side(gold.src, gold.src_blocks), gold_side(gold.tgt, gold.tgt_blocks)
    return align(source, target, src_lang=gold.src_lang, tgt_lang=gold.tgt_lang).beads


def jointly_aligned(golds: list[GoldAlignment]) -> dict[tuple[str, str], list[Bead]]:
    """Align all languages of one n-way gold set together, and return the beads of each pair."""
    sides = {}
    for gold in golds:
        sides[gold.src_lang] = gold_side(gold.src, gold.src_blocks)
        sides[gold.tgt_lang] = gold_side(gold.tgt, gold.tgt_blocks)
    languages = list(sides)
    groups = align_many(list(sides.values()), languages)
    return {
        (gold.src_lang, gold.tgt_lang): [
            bead
            for group in groups
            for bead in projected(
                group.ranges[languages.index(gold.src_lang)],
                group.ranges[languages.index(gold.tgt_lang)],
                group.confidence,
            )
        ]
        for gold in golds
    }


def projected(source: tuple[int, int], target: tuple[int, int], confidence: float) -> list[Bead]:
    """Return a group's beads in one pair of languages: itself, or an omission of each of its sentences."""
    if source[0] < source[1] and target[0] < target[1]:
        return [Bead(*source, *target, confidence)]
    omitted = [Bead(k, k + 1, target[0], target[0], confidence) for k in range(*source)]
    return omitted + [Bead(source[0], source[0], k, k + 1, confidence) for k in range(*target)]


def figures(folder: Path) -> dict[str, Scores]:
    """Return the scores of a folder by row: set, pair, and how it was aligned."""
    rows = defaultdict[str, Scores](Scores)
    documents = defaultdict[str, list[GoldAlignment]](list)
    for gold in load_gold(folder):
        n_way = gold.src_blocks is not None
        name = gold.name if n_way else folder.name
        pair = f"{gold.src_lang}-{gold.tgt_lang}"
        rows[f"{name} {pair}"] += score(gold, aligned(gold))
        if n_way:
            documents[gold.name].append(gold)
    for name, golds in documents.items():
        beads = jointly_aligned(golds)
        for gold in golds:
            pair = f"{gold.src_lang}-{gold.tgt_lang}"
            rows[f"{name} {pair} joint"] += score(gold, beads[gold.src_lang, gold.tgt_lang])
    return dict(rows)


def main(folders: list[str]) -> int:
    """Print the table; return 1 where a floor is broken, 2 where no folder was named."""
    if not folders:
        print("usage: python -m benchmarks.accuracy FOLDER...", file=sys.stderr)
        return 2
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    broken = 0
    print(f"{'set':34} {'beads':>6} {'P':>6} {'R':>6} {'F1':>6} {'lax F1':>6} {'floor':>6}")
    for folder in folders:
        for row, scores in figures(Path(folder)).items():
            floor = floors.get(row)
            below = floor is not None and scores.f1 < floor
            broken += below
            measures = (scores.precision, scores.recall, scores.f1, scores.lax_f1)
            print(
                f"{row:34} {scores.predicted:6}",
                *(f"{measure:6.3f}" for measure in measures),
                *([] if floor is None else [f"{floor:6.3f}"]),
                *(["BROKEN"] if below else []),
            )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
