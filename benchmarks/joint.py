"""Three languages together against two at a time: `python -m benchmarks.joint EN.html,ZH.html,FR.html ...`.

Each argument names the same page in English, Chinese and French, with commas between. The gold is the page's
own structure: where the three versions have the same sequence of headings, paragraphs, list items and cells,
block k of one translates block k of another (blocks left in English are dropped). Sentences are aligned
without their blocks. Three ways to Chinese-French are compared: jointly, directly, and through English by
joining the two pairwise alignments; scored are the pairs of blocks that the beads link (precision, recall,
F1, added up over pages).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from lxml import html

from corpusalign.align import align, align_many
from corpusalign.segment import segment

LANGS = ("en", "zh", "fr")
_TAGS = ("h1", "h2", "h3", "h4", "p", "li", "td", "dt", "dd")
_BLOCKS = "//*[" + " or ".join(f"self::{tag}" for tag in _TAGS) + "]"

Link = tuple[range, range]


def blocks(page: str) -> list[tuple[str, str]]:
    """Return the tag and the text of each innermost block of a page."""
    tree = html.fromstring(Path(page).read_bytes())
    found = [node for node in tree.xpath(_BLOCKS) if not node.xpath(f".{_BLOCKS}")]
    return [(node.tag, " ".join(node.text_content().split())) for node in found]


def sentences(texts: list[str], lang: str) -> tuple[list[str], list[int]]:
    """Return the sentences of some blocks, and the block of each."""
    parts = [(part.text, number) for number, text in enumerate(texts) for part in segment(text, lang)]
    return [text for text, _ in parts], [number for _, number in parts]


def through_english(to_zh: Iterable[Link], to_fr: Iterable[Link], size: int) -> list[Link]:
    """Join two alignments from English: what shares an English sentence belongs together."""
    group = list(range(size))
    for english, _ in [*to_zh, *to_fr]:
        for one in english:
            low = min(group[one], group[english[0]])
            group = [low if other in (group[one], group[english[0]]) else other for other in group]
    joined: dict[int, tuple[list[int], list[int]]] = {}
    for side, links in enumerate((to_zh, to_fr)):
        for english, other in links:
            if english:
                joined.setdefault(group[english[0]], ([], []))[side].extend(other)
    return [
        (range(min(zh), max(zh) + 1), range(min(fr), max(fr) + 1)) for zh, fr in joined.values() if zh and fr
    ]


def linked_blocks(links: Iterable[Link], zh: list[int], fr: list[int]) -> set[tuple[int, int]]:
    return {(zh[i], fr[j]) for one, other in links for i in one for j in other}


def pairwise(source: list[str], target: list[str], src_lang: str, tgt_lang: str) -> list[Link]:
    beads = align(source, target, src_lang=src_lang, tgt_lang=tgt_lang).beads
    return [(range(b.src_start, b.src_stop), range(b.tgt_start, b.tgt_stop)) for b in beads]


def main(pages: list[str]) -> int:
    counts = {way: [0, 0, 0] for way in ("joint", "direct", "through English")}
    used = kept = 0
    for page in pages:
        versions = [blocks(name) for name in page.split(",")]
        if len({tuple(tag for tag, _ in version) for version in versions}) > 1:
            continue
        same = [
            k for k, (en, zh, fr) in enumerate(zip(*versions, strict=True)) if len({en[1], zh[1], fr[1]}) == 3
        ]
        texts = {lang: [version[k][1] for k in same] for lang, version in zip(LANGS, versions, strict=True)}
        split = {lang: sentences(texts[lang], lang) for lang in LANGS}
        used, kept = used + 1, kept + len(same)
        (en, _), (zh, zh_blocks), (fr, fr_blocks) = (split[lang] for lang in LANGS)
        groups = align_many([en, zh, fr], LANGS)
        ways = {
            "joint": [(range(*group.ranges[1]), range(*group.ranges[2])) for group in groups],
            "direct": pairwise(zh, fr, "zh", "fr"),
            "through English": through_english(
                pairwise(en, zh, "en", "zh"), pairwise(en, fr, "en", "fr"), len(en)
            ),
        }
        gold = {(k, k) for k in set(zh_blocks) & set(fr_blocks)}
        for way, links in ways.items():
            found = linked_blocks(links, zh_blocks, fr_blocks)
            counts[way] = [
                a + b for a, b in zip(counts[way], (len(found & gold), len(found), len(gold)), strict=True)
            ]
    print(f"{used} pages of the same structure, {kept} blocks; Chinese-French")
    for way, (right, found, wanted) in counts.items():
        precision, recall = right / found, right / wanted
        f1 = 2 * precision * recall / (precision + recall)
        print(f"{way:16} P {precision:.4f} R {recall:.4f} F1 {f1:.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
