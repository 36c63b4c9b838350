"""`corpusalign evaluate`: the aligner scored against gold."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from corpusalign.cli.encoding import add_encoding, chosen_encoder
from corpusalign.cli.shared import Commands, command, progress_bar, table

if TYPE_CHECKING:
    from corpusalign.evaluate import Scores

EXAMPLES = """\
examples:
  corpusalign evaluate fixtures/               every gold file below a folder
  corpusalign evaluate mine.json               docs/cli.md shows the format
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(commands, "evaluate", _run, "score the aligner against gold", EXAMPLES)
    parser.add_argument("gold", nargs="+", metavar="GOLD", help="gold files (.json), or folders of them")
    add_encoding(parser)


def _run(options: argparse.Namespace) -> int:
    from corpusalign.evaluate import Scores, load_gold
    from corpusalign.pipeline import evaluate_gold

    gold = [alignment for path in options.gold for alignment in load_gold(path)]
    rows: list[Sequence[str]] = [("gold", "pair", "beads", "precision", "recall", "F1", "lax F1")]
    pooled: dict[str, Scores] = {}
    aligned = evaluate_gold(gold, encoder=chosen_encoder(options), weights=options.weights)
    with progress_bar(quiet=False) as progress:
        for done, (one, scores) in enumerate(aligned, start=1):
            pair = f"{one.src_lang}-{one.tgt_lang}"
            rows.append(_score_row(one.name, pair, scores))
            pooled[pair] = pooled.get(pair, Scores()) + scores
            progress(f"aligned {one.name}", done, len(gold))
    rows.extend(_score_row("all", pair, scores) for pair, scores in sorted(pooled.items()))
    print(table(rows))
    return 0


def _score_row(name: str, pair: str, scores: Scores) -> tuple[str, ...]:
    figures = (scores.precision, scores.recall, scores.f1, scores.lax_f1)
    return (name, pair, str(scores.expected), *(f"{figure:.3f}" for figure in figures))
