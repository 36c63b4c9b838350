"""Which sentences of one language translate which of another: beads, each with its probability."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from os import PathLike
from typing import TYPE_CHECKING

from corpusalign import arguments
from corpusalign.errors import AlignError
from corpusalign.types import Alignment, Bead, MultiAlignment, Sentence
from corpusalign.version import __version__

if TYPE_CHECKING:
    from corpusalign.encode import Encoder

__all__ = ["align", "align_many", "signature", "tune"]

Sentences = Sequence[Sentence] | Sequence[str]


@arguments.checked(
    source=arguments.either(arguments.text, arguments.several(arguments.one_of(str, Sentence))),
    target=arguments.either(arguments.text, arguments.several(arguments.one_of(str, Sentence))),
    src_lang=arguments.text,
    tgt_lang=arguments.text,
    encoder=arguments.optional(arguments.encoder),
    within_blocks=arguments.flag,
    anchors=arguments.several(arguments.one_of(Bead)),
    weights=arguments.optional(arguments.path),
)
def align(
    source: Sentences,
    target: Sentences,
    *,
    src_lang: str,
    tgt_lang: str,
    encoder: Encoder | None = None,
    within_blocks: bool = False,
    anchors: Sequence[Bead] = (),
    weights: str | PathLike[str] | None = None,
) -> Alignment:
    """Align the sentences of two documents; either side may be empty.

    A semi-Markov conditional random field over beads (Sarawagi & Cohen 2004) in a band around a
    coarse-to-fine first pass. Sentences carry their blocks; bare strings do without. `encoder` is any
    `corpusalign.encode` Encoder, the embedded one by default. Each bead's confidence is its
    posterior probability.

    With `within_blocks` no bead reaches over the end of a block. `anchors` are beads that must hold, such as
    a reviewer's: they are kept with confidence 1, and what lies between them is aligned around them.

    Raises AlignError for a bare string where a sequence is wanted, and for anchors that are out of order,
    overlap or reach beyond a side.
    """
    from corpusalign.align.band import search_band
    from corpusalign.align.checks import parallel_score, warnings
    from corpusalign.align.decode import decode_between
    from corpusalign.align.model import MARGIN, weights_for
    from corpusalign.align.side import side
    from corpusalign.align.whole import Whole
    from corpusalign.use.cores import alone

    _no_bare_string(source, target)
    held = _in_order(anchors, len(source), len(target))
    chosen = encoder or _default()
    one, other = side(source, chosen), side(target, chosen)
    learned = weights_for(chosen, weights)
    with alone():
        band = search_band(one, other, MARGIN)
        whole = Whole.of(one, other, band)
        beads = decode_between(one, other, learned, held, whole, band, within_blocks=within_blocks)
        score = parallel_score(one, other, beads, whole)
        found = warnings(one, other, beads, whole, score, (src_lang, tgt_lang))
    made = signature(chosen, weights=weights, within_blocks=within_blocks, anchors=len(held))
    return Alignment(src_lang, tgt_lang, beads, made, score, found)


@arguments.checked(
    sides=arguments.several(
        arguments.either(arguments.text, arguments.several(arguments.one_of(str, Sentence)))
    ),
    langs=arguments.languages,
    encoder=arguments.optional(arguments.encoder),
    within_blocks=arguments.flag,
    weights=arguments.optional(arguments.path),
)
def align_many(
    sides: Sequence[Sentences],
    langs: Sequence[str],
    *,
    encoder: Encoder | None = None,
    within_blocks: bool = False,
    weights: str | PathLike[str] | None = None,
) -> MultiAlignment:
    """Align two or more language versions together; each group holds one range of sentences a language.

    The ranges of a group stand in the order of `sides`. All pairs of languages are aligned, and their
    posteriors decide the grouping together; of exactly two languages the groups are the beads of `align`.

    Raises AlignError where there are fewer than two sides, or not one language a side.
    """
    from corpusalign.align.model import weights_for
    from corpusalign.align.nway import align_sides
    from corpusalign.align.side import side
    from corpusalign.use.cores import alone

    if len(sides) < 2 or len(sides) != len(langs):
        raise AlignError(
            f"{len(sides)} sides in {len(langs)} languages",
            "cannot be aligned",
            "give two sides or more, and one language for each",
        )
    _no_bare_string(*sides)
    chosen = encoder or _default()
    seen = [side(sentences, chosen) for sentences in sides]
    made = signature(chosen, weights=weights, within_blocks=within_blocks)
    learned = weights_for(chosen, weights)
    with alone():
        return align_sides(seen, tuple(langs), learned, made, within_blocks)


@arguments.checked(
    examples=arguments.stream(arguments.one_of(tuple, list)),
    file=arguments.path,
    encoder=arguments.optional(arguments.encoder),
)
def tune(
    examples: Iterable[tuple[Sentences, Sentences, Sequence[tuple[tuple[int, ...], tuple[int, ...]]]]],
    file: str | PathLike[str],
    *,
    encoder: Encoder | None = None,
) -> None:
    """Learn weights from aligned documents and write them to a file that align and align_many take.

    An example is source sentences, target sentences and gold links (source indices, target indices). A few
    thousand beads make better weights than the generic ones for an encoder of your own.

    Raises AlignError where there is no example.
    """
    from pathlib import Path

    from corpusalign.align.learning import example, fit, write_weights
    from corpusalign.align.model import Weights
    from corpusalign.align.side import side

    chosen = encoder or _default()
    learned = [
        example(side(source, chosen), side(target, chosen), links) for source, target, links in examples
    ]
    if not learned:
        raise AlignError("tune", "has no gold alignment to learn from", "give a folder of gold files")
    write_weights(Weights(chosen.name, fit(learned)), Path(file), f"{len(learned)} gold documents")


@arguments.checked(
    encoder=arguments.optional(arguments.encoder),
    weights=arguments.optional(arguments.path),
    within_blocks=arguments.flag,
    anchors=arguments.whole,
)
def signature(
    encoder: Encoder | None = None,
    *,
    weights: str | PathLike[str] | None = None,
    within_blocks: bool = False,
    anchors: int = 0,
) -> str:
    """Return what an alignment made now would be made with: version, encoder, weights and options.

    The embedded encoder is not loaded for that.
    """
    from corpusalign.align.model import weights_for, weights_named
    from corpusalign.encode import default_name

    if encoder is None:
        name = default_name()
        learned = weights_named(name, weights, tokens=True)
    else:
        name, learned = encoder.name, weights_for(encoder, weights)
    parts = [f"corpusalign/{__version__}", f"encoder={name}", f"weights={learned.digest}"]
    if within_blocks:
        parts.append("within_blocks")
    if anchors:
        parts.append(f"anchors={anchors}")
    return " ".join(parts)


def _default() -> Encoder:
    from corpusalign.encode import default_encoder

    return default_encoder()


def _in_order(anchors: Sequence[Bead], source: int, target: int) -> list[Bead]:
    """Return the anchors sorted; raises AlignError where they cannot all hold."""
    held = sorted(anchors, key=lambda bead: (bead.src_start, bead.tgt_start, bead.src_stop, bead.tgt_stop))
    ends = [Bead(0, 0, 0, 0, 1.0), *held, Bead(source, source, target, target, 1.0)]
    for earlier, later in pairwise(ends):
        backwards = later.src_start > later.src_stop or later.tgt_start > later.tgt_stop
        if backwards or earlier.src_stop > later.src_start or earlier.tgt_stop > later.tgt_start:
            raise AlignError(
                f"anchor {earlier.src_start}-{earlier.src_stop}:{earlier.tgt_start}-{earlier.tgt_stop}",
                "cannot hold together with the next one, or with the ends of the documents",
                "give anchors that follow one another on both sides",
            )
    return held


def _no_bare_string(*sides: object) -> None:
    for side in sides:
        if isinstance(side, str):
            raise AlignError(
                repr(side[:40]),
                "is one string, not a sequence of sentences",
                "segment it first, or put it in a list",
            )
