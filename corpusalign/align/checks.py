"""Whether documents are translations of one another at all, and in the same order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corpusalign.align.side import Side
from corpusalign.align.whole import Whole
from corpusalign.types import AlignmentWarning, Bead

# Measured on 17 documents of four gold collections and 13 wrong pairs out of the same collections:
# translations score 0.28 to 0.59 (0.21 up with a third of one side missing); wrong pairs 0.05 and less, but
# for two medical articles on one subject, 0.13.
PARALLEL = 0.18
# Sentences too few to judge a document by.
_TOO_FEW = 4
# An unaligned sentence this much more similar to an unaligned one elsewhere than by chance is out of order
# ...
_STRIKING = 0.3
# ... and so many of them, or such a share of the document, are worth a warning.
_MANY, _SHARE = 8, 0.1
# Unaligned sentences compared with one another at most, a side.
_COMPARED = 2000
# Beads whose runs are compared at a time, so that memory stays bounded.
_STEP = 1024


def parallel_score(source: Side, target: Side, beads: Sequence[Bead], whole: Whole) -> float | None:
    """Return how much more similar aligned runs are than runs at random, a sentence, weighted by confidence.

    None where no bead has both sides.
    """
    both = [bead for bead in beads if bead.src_start < bead.src_stop and bead.tgt_start < bead.tgt_stop]
    if not both:
        return None
    size = np.array([bead.src_stop - bead.src_start + bead.tgt_stop - bead.tgt_start for bead in both])
    confidence = np.array([bead.confidence for bead in both])
    parts = [both[start : start + _STEP] for start in range(0, len(both), _STEP)]
    closeness = np.concatenate([_closeness(source, target, part, whole) for part in parts])
    return float(np.average(closeness * confidence, weights=size))


def _closeness(source: Side, target: Side, beads: Sequence[Bead], whole: Whole) -> NDArray[np.float32]:
    """Return how much more similar the two runs of each bead are than runs at random."""
    source_runs = _runs(source, [(bead.src_start, bead.src_stop) for bead in beads])
    target_runs = _runs(target, [(bead.tgt_start, bead.tgt_stop) for bead in beads])
    similarity = np.einsum("ij,ij->i", source_runs, target_runs)
    chance = ((source_runs @ whole.target.T).mean(axis=1) + (target_runs @ whole.source.T).mean(axis=1)) / 2
    return np.asarray(similarity - chance)


def warnings(
    source: Side,
    target: Side,
    beads: Sequence[Bead],
    whole: Whole,
    score: float | None,
    langs: tuple[str, str],
) -> tuple[AlignmentWarning, ...]:
    """Return what makes the alignment doubtful as a whole."""
    if min(len(source), len(target)) < _TOO_FEW:
        return ()
    found = []
    moved = _out_of_order(source, target, beads, whole)
    if moved >= max(_MANY, _SHARE * min(len(source), len(target))):
        message = (
            f"{moved} sentences that stay unaligned match others elsewhere: parts stand in another order"
        )
        found.append(AlignmentWarning("OutOfOrder", langs, message))
    if score is None or score < PARALLEL:
        shown = "nothing" if score is None else f"{score:.2f}"
        message = (
            f"the documents seem to be no translations of one another (score {shown}, expected {PARALLEL} up)"
        )
        found.append(AlignmentWarning("NotParallel", langs, message))
    return tuple(found)


def _runs(side: Side, spans: list[tuple[int, int]]) -> NDArray[np.float32]:
    start, stop = np.array(spans).T
    sums, counts = side.pooled.sums[start], side.pooled.counts[start]
    for k in range(1, int((stop - start).max())):
        longer = start + k < stop
        sums[longer] += side.pooled.sums[start[longer] + k]
        counts[longer] += side.pooled.counts[start[longer] + k]
    return side.encoder.head(*side.pooled.joined(sums, counts, stop - start))


def _out_of_order(source: Side, target: Side, beads: Sequence[Bead], whole: Whole) -> int:
    """Return how many unaligned source sentences are strikingly similar to an unaligned target sentence."""
    left = [k for b in beads if b.tgt_start == b.tgt_stop for k in range(b.src_start, b.src_stop)]
    right = [k for b in beads if b.src_start == b.src_stop for k in range(b.tgt_start, b.tgt_stop)]
    if min(len(left), len(right)) < _MANY:
        return 0
    left, right = left[:_COMPARED], right[:_COMPARED]
    source_runs = source.encoder.head(source.pooled.sums[left], source.pooled.counts[left])
    target_runs = target.encoder.head(target.pooled.sums[right], target.pooled.counts[right])
    chance = (source_runs @ whole.target.T).mean(axis=1)
    similarity = source_runs @ target_runs.T
    best = similarity.argmax(axis=1)
    mutual = similarity.argmax(axis=0)[best] == np.arange(len(left))
    striking = similarity.max(axis=1) - chance > _STRIKING
    return int(np.count_nonzero(mutual & striking))
