"""What segmentation is for: alignment F1 of fixtures cut by us, by the peers, and as their gold says.

Where two segmentations differ their sentences cannot be compared by number. So each side's text is cut at the
boundaries of both, and a link is the set of the pieces that it covers: strict is still all or nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from itertools import accumulate, combinations, pairwise
from pathlib import Path
from typing import Any

from corpusalign.align import align
from corpusalign.evaluate import GoldAlignment, Link, Scores, link_of, load_gold, score_links
from corpusalign.types import Sentence

Segmenter = Callable[[str], Iterable[str]]


def cut_blocks(blocks: list[dict[str, Any]], split: Segmenter) -> list[Sentence]:
    """Cut a gold document's blocks; a heading is one sentence for everyone."""
    found = []
    for number, block in enumerate(blocks):
        parts = [block["text"]] if block["kind"] == "heading" else split(block["text"])
        found += [Sentence(part.strip(), number, 0, len(part.strip())) for part in parts if part.strip()]
    return found


def ends(sentences: Iterable[str]) -> list[int]:
    """Return where sentences end, counted in characters that are no white space."""
    return list(accumulate(len("".join(sentence.split())) for sentence in sentences))


def pieces(sentence_ends: list[int], boundaries: list[int]) -> list[tuple[int, ...]]:
    """Return the pieces that each sentence covers, when the text is cut at all the boundaries."""
    number = {boundary: index for index, boundary in enumerate(boundaries)}
    return [tuple(range(number[start], number[end])) for start, end in pairwise([0, *sentence_ends])]


def covered(
    links: Iterable[Link], source: list[tuple[int, ...]], target: list[tuple[int, ...]]
) -> list[Link]:
    """Say links of sentences as links of pieces."""
    return [
        (
            tuple(piece for sentence in one for piece in source[sentence]),
            tuple(piece for sentence in two for piece in target[sentence]),
        )
        for one, two in links
    ]


def compared(gold: GoldAlignment, source: list[Sentence], target: list[Sentence]) -> Scores:
    """Align one pair of cut documents, and score it against gold that is cut in its own way."""
    beads = align(source, target, src_lang=gold.src_lang, tgt_lang=gold.tgt_lang).beads
    sides = []
    for gold_texts, sentences in ((gold.src, source), (gold.tgt, target)):
        gold_ends, found_ends = ends(gold_texts), ends(sentence.text for sentence in sentences)
        boundaries = sorted({0, *gold_ends, *found_ends})
        sides.append((pieces(gold_ends, boundaries), pieces(found_ends, boundaries)))
    (gold_source, found_source), (gold_target, found_target) = sides
    return score_links(
        covered(gold.links, gold_source, gold_target),
        covered(map(link_of, beads), found_source, found_target),
    )


def downstream(fixtures: Path, segmenters: Callable[[str], dict[str, Segmenter]]) -> None:
    """Print strict F1 a pair of languages, added up over the fixtures, one column a segmenter."""
    totals: dict[tuple[str, str], Scores] = {}
    for path in sorted(fixtures.glob("*/gold.json")):
        documents = json.loads(path.read_text(encoding="utf-8")).get("documents")
        if documents is None:
            continue
        golds = {(gold.src_lang, gold.tgt_lang): gold for gold in load_gold(path)}
        for pair in combinations(documents, 2):
            gold = golds.get(pair)
            if gold is None:
                continue
            source, target = (segmenters(lang) for lang in pair)
            for name in source.keys() & target.keys():
                cut = [
                    cut_blocks(documents[lang]["blocks"], by[name])
                    for lang, by in zip(pair, (source, target), strict=True)
                ]
                key = f"{pair[0]}-{pair[1]}", name
                totals[key] = totals.get(key, Scores()) + compared(gold, *cut)
    for (pair_name, name), scores in sorted(totals.items(), key=lambda item: (item[0][0], -item[1].f1)):
        print(f"{pair_name}  {name:20}  strict F1 {scores.f1:.4f}")
