"""Which sentences of one language translate which of another: beads, each with its probability."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from corpusalign.errors import AlignError
from corpusalign.types import Alignment, MultiBead, Sentence
from corpusalign.version import __version__

if TYPE_CHECKING:
    from corpusalign.encode import Encoder

__all__ = ["align", "align_many", "signature"]


def align(
    source: Sequence[Sentence] | Sequence[str],
    target: Sequence[Sentence] | Sequence[str],
    *,
    src_lang: str,
    tgt_lang: str,
    encoder: Encoder | None = None,
) -> Alignment:
    """Align the sentences of two documents; either side may be empty.

    A semi-Markov conditional random field over beads (Sarawagi & Cohen 2004) in a band around a
    coarse-to-fine first pass. Sentences carry their blocks as evidence; bare strings do without. `encoder` is
    any `corpusalign.encode` Encoder, the embedded one by default. Each bead's confidence is its posterior
    probability.

    Raises AlignError for a bare string where a sequence is wanted.
    """
    from corpusalign.align.model import weights_for
    from corpusalign.align.pairwise import decode
    from corpusalign.align.side import side

    _no_bare_string(source, target)
    chosen = encoder or _default()
    decoded = decode(side(source, chosen), side(target, chosen), weights_for(chosen.name))
    return Alignment(src_lang, tgt_lang, decoded.beads, signature(chosen))


def align_many(
    sides: Sequence[Sequence[Sentence] | Sequence[str]],
    langs: Sequence[str],
    *,
    encoder: Encoder | None = None,
) -> tuple[MultiBead, ...]:
    """Align two or more language versions together; each group holds one range of sentences a language.

    The ranges of a group stand in the order of `sides`. All pairs of languages are aligned, and their
    posteriors decide the grouping together; of exactly two languages the groups are the beads of `align`.

    Raises AlignError where there are fewer than two sides, or not one language a side.
    """
    from corpusalign.align.model import weights_for
    from corpusalign.align.nway import agree, all_pairs, likely_cuts
    from corpusalign.align.pairwise import decode
    from corpusalign.align.side import side

    if len(sides) < 2 or len(sides) != len(langs):
        raise AlignError(
            f"{len(sides)} sides in {len(langs)} languages",
            "cannot be aligned",
            "give two sides or more, and one language for each",
        )
    _no_bare_string(*sides)
    chosen = encoder or _default()
    weights = weights_for(chosen.name)
    seen = [side(sentences, chosen) for sentences in sides]
    decoded = {(x, y): decode(seen[x], seen[y], weights) for x, y in all_pairs(len(seen))}
    if len(seen) == 2:
        return tuple(
            MultiBead(((bead.src_start, bead.src_stop), (bead.tgt_start, bead.tgt_stop)), bead.confidence)
            for bead in decoded[0, 1].beads
        )
    return agree([len(one) for one in seen], {pair: likely_cuts(result) for pair, result in decoded.items()})


def signature(encoder: Encoder | None = None) -> str:
    """Return what an alignment made now would be made with: version, encoder, weights and options."""
    from corpusalign.align.model import weights_for

    chosen = encoder or _default()
    return f"corpusalign/{__version__} encoder={chosen.name} weights={weights_for(chosen.name).digest}"


def _default() -> Encoder:
    from corpusalign.encode import default_encoder

    return default_encoder()


def _no_bare_string(*sides: object) -> None:
    for side in sides:
        if isinstance(side, str):
            raise AlignError(
                repr(side[:40]),
                "is one string, not a sequence of sentences",
                "segment it first, or put it in a list",
            )
