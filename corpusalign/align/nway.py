"""Three or more languages together: one grouping on which all pairwise alignments agree.

Each pair of languages gives the probability that its path passes through a cut (i, j). A cut of all languages
is a tuple (i, j, k, ...) whose every pair is likely; the grouping is the monotone chain of such tuples that
gains most, a step gaining, for each pair of languages of which it moves at least one, the probability of the
pair's cut less a constant: the minimum-Bayes-risk choice of cuts, decided for all languages at once. With the
constant at one half, a cut is drawn where it is more likely than not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from corpusalign.align.band import search_band
from corpusalign.align.checks import parallel_score, warnings
from corpusalign.align.decode import Cuts, decode
from corpusalign.align.model import MARGIN, Weights
from corpusalign.align.side import Side
from corpusalign.align.whole import Whole
from corpusalign.types import AlignmentWarning, MultiAlignment, MultiBead

Cut = tuple[int, ...]
_HALF = 0.5
# Sentences of one language that a group may span, where pairs disagree.
_REACH = 12
# Candidates kept for one first-language position.
_BREADTH = 64


@dataclass(frozen=True, slots=True)
class PairCuts:
    """The likely cuts of one pair of languages: first -> {second: probability}."""

    likely: Mapping[int, Mapping[int, float]]

    def __call__(self, first: int, second: int) -> float:
        """Return the probability of a cut."""
        return self.likely.get(first, {}).get(second, 0.0)


def likely_cuts(cuts: Cuts) -> PairCuts:
    """Return the likely cuts of a pair, to be looked up by either side."""
    likely = defaultdict[int, dict[int, float]](dict)
    for row, column, chance in zip(
        cuts.row.tolist(), cuts.column.tolist(), cuts.chance.tolist(), strict=True
    ):
        likely[row][column] = chance
    return PairCuts(dict(likely))


def agree(sizes: Sequence[int], pairs: Mapping[tuple[int, int], PairCuts]) -> tuple[MultiBead, ...]:
    """Return the groups on which the pairs agree best; they tile all sides.

    `sizes` are the sentences a language; `pairs` the likely cuts of languages (x, y), x < y.
    """
    end = tuple(sizes)
    cuts = _candidates(sizes, pairs)
    best: dict[Cut, float] = {cuts[0]: 0.0}
    before: dict[Cut, Cut] = {}
    agreement = {cut: {pair: pairs[pair](cut[pair[0]], cut[pair[1]]) for pair in pairs} for cut in cuts}
    for number, cut in enumerate(cuts[1:], start=1):
        gain, chosen = -np.inf, cuts[0]
        # Backwards from this cut, and no further than a group reaches: the time stays linear.
        for place in range(number - 1, -1, -1):
            earlier = cuts[place]
            if sum(cut) - sum(earlier) > _REACH * len(sizes) and gain > -np.inf:
                break
            if any(x > y for x, y in zip(earlier, cut, strict=True)):
                continue
            step = sum(
                share - _HALF
                for (x, y), share in agreement[cut].items()
                if earlier[x] != cut[x] or earlier[y] != cut[y]
            )
            if best[earlier] + step > gain:
                gain, chosen = best[earlier] + step, earlier
        best[cut], before[cut] = gain, chosen
    chain = [end]
    while any(chain[-1]):
        chain.append(before[chain[-1]])
    chain.reverse()
    return tuple(
        MultiBead(tuple(zip(start, stop, strict=True)), _confidence(start, stop, agreement))
        for start, stop in pairwise(chain)
    )


def _confidence(start: Cut, stop: Cut, agreement: Mapping[Cut, Mapping[tuple[int, int], float]]) -> float:
    """Return how sure the pairs are of both ends of a group.

    On average over the pairs of languages that the group has; of a sentence that stands alone, the surest. A
    pair of which the group has one language does not count where there are others: which of two omissions
    comes first is free, and divides the probability of the cut between them.
    """
    sure = {pair: min(agreement[start][pair], agreement[stop][pair]) for pair in agreement[stop]}
    moved = [before != after for before, after in zip(start, stop, strict=True)]
    both = [share for (x, y), share in sure.items() if moved[x] and moved[y]]
    alone = [share for (x, y), share in sure.items() if moved[x] or moved[y]]
    confidence = float(np.mean(both)) if both else max(alone, default=0.0)
    return min(1.0, max(0.0, confidence))


def _candidates(sizes: Sequence[int], pairs: Mapping[tuple[int, int], PairCuts]) -> list[Cut]:
    """Return the cuts of all languages worth considering, the first and last included, in path order."""
    partial: dict[Cut, float] = {(first,): 0.0 for first in range(sizes[0] + 1)}
    for language in range(1, len(sizes)):
        grown: dict[Cut, float] = {}
        for cut, total in partial.items():
            options: dict[int, float] = defaultdict(float)
            for earlier in range(language):
                for position, share in pairs[earlier, language].likely.get(cut[earlier], {}).items():
                    options[position] += share
            for position, share in options.items():
                grown[*cut, position] = total + share
        partial = _strongest(grown)
    chosen = set(partial) | {tuple(0 for _ in sizes), tuple(sizes)}
    return sorted(chosen, key=lambda cut: (sum(cut), cut))


def _strongest(cuts: Mapping[Cut, float]) -> dict[Cut, float]:
    by_first = defaultdict[int, list[tuple[float, Cut]]](list)
    for cut, total in cuts.items():
        by_first[cut[0]].append((total, cut))
    return {
        cut: total
        for candidates in by_first.values()
        for total, cut in sorted(candidates, reverse=True)[:_BREADTH]
    }


def align_sides(
    sides: Sequence[Side], langs: tuple[str, ...], weights: Weights, signature: str, within_blocks: bool
) -> MultiAlignment:
    """Align two or more sides together."""
    cuts: dict[tuple[int, int], PairCuts] = {}
    scores: dict[tuple[str, str], float | None] = {}
    found: list[AlignmentWarning] = []
    groups: tuple[MultiBead, ...] = ()
    for x, y in combinations(range(len(sides)), 2):
        band = search_band(sides[x], sides[y], MARGIN)
        whole = Whole.of(sides[x], sides[y], band)
        decoded = decode(sides[x], sides[y], weights, whole, band, within_blocks=within_blocks)
        cuts[x, y] = likely_cuts(decoded.cuts)
        pair = langs[x], langs[y]
        scores[pair] = parallel_score(sides[x], sides[y], decoded.beads, whole)
        found.extend(warnings(sides[x], sides[y], decoded.beads, whole, scores[pair], pair))
        groups = tuple(
            MultiBead(((bead.src_start, bead.src_stop), (bead.tgt_start, bead.tgt_stop)), bead.confidence)
            for bead in decoded.beads
        )
    if len(sides) > 2:
        groups = agree([len(one) for one in sides], cuts)
    return MultiAlignment(langs, groups, signature, scores, tuple(found))
