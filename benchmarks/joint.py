"""Three languages together against two at a time: `python -m benchmarks.joint [EN.html,ZH.html,FR.html ...]`.

Each argument names the same page in English, Chinese and French (or, for that pair alone, in English and
French), with commas between. The gold is the page's own structure: where its versions have the same sequence
of headings, paragraphs, list items and cells, block k of one translates block k of another (blocks
left untranslated are dropped). Sentences are aligned without their blocks. Our own fixtures, whose groups are
gold, always come first.

Three ways to Chinese-French are compared: jointly, directly, and through English by joining the two pairwise
alignments; scored are the pairs of groups (of pages: blocks) that the beads link, added up over documents.
Whole documents are nearly too easy; so they are aligned again with a share of the groups of each language
left out by chance, each language's own, as when a translation was shortened. Of the fixtures, the calibration
error of the joint groups' confidence is drawn as well: a group is right where the gold has it exactly.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from lxml import html

from benchmarks.calibration import Judged, calibration_error, draw
from corpusalign.align import align, align_many
from corpusalign.encode import Encoder, Pooled, default_encoder
from corpusalign.evaluate import load_gold
from corpusalign.segment import segment
from corpusalign.types import MultiBead

LANGS = ("en", "zh", "fr")
WAYS = ("joint", "direct", "through English")
FIXTURES = Path(__file__).parent.parent / "fixtures"
RESULTS = Path(__file__).parent / "results"
# Shares of each language's groups that are left out, and how often the fixtures are.
_LEFT_OUT = (0.0, 0.1, 0.25)
_ROUNDS = 8
_TAGS = ("h1", "h2", "h3", "h4", "p", "li", "td", "dt", "dd")
_BLOCKS = "//*[" + " or ".join(f"self::{tag}" for tag in _TAGS) + "]"

Link = tuple[range, range]


@dataclass(frozen=True, slots=True)
class Versions:
    """The sentences of a document by language, and the group of each: equal numbers translate."""

    texts: Mapping[str, list[str]]
    groups: Mapping[str, list[int]]

    def shortened(self, share: float, dice: random.Random) -> Versions:
        """Return the versions with that share of its groups left out of each language, by chance."""
        texts, groups = {}, {}
        for lang, numbers in self.groups.items():
            gone = {number for number in sorted(set(numbers)) if dice.random() < share}
            kept = [place for place, number in enumerate(numbers) if number not in gone]
            texts[lang] = [self.texts[lang][place] for place in kept]
            groups[lang] = [numbers[place] for place in kept]
        return Versions(texts, groups)

    def gold(self, one: str, other: str) -> set[tuple[int, int]]:
        """Return the pairs of groups that belong together in two languages."""
        return {(number, number) for number in set(self.groups[one]) & set(self.groups[other])}


class ReadOnce:
    """The embedded encoder for texts that are known beforehand, and read only once."""

    def __init__(self, texts: list[str]) -> None:
        self._inner = default_encoder()
        self._pooled = self._inner.pool(texts)
        self._place = {text: row for row, text in enumerate(texts)}
        self.name, self.dimension = self._inner.name, self._inner.dimension

    def pool(self, texts: list[str]) -> Pooled:
        """Return what was read in each text, read anew where the aligner writes one otherwise (capitals)."""
        if not self._place.keys() >= set(texts):
            return self._inner.pool(texts)
        return self._pooled.taken([self._place[text] for text in texts])

    def head(self, sums: np.ndarray, counts: np.ndarray) -> np.ndarray:
        """Return the vectors of runs."""
        return self._inner.head(sums, counts)

    def encode(self, texts: list[str]) -> np.ndarray:
        """Return the vectors of texts, known or not."""
        return self._inner.encode(texts)


def fixtures() -> Iterator[Versions]:
    """Yield our trilingual fixtures, with their gold groups."""
    for name in sorted({gold.name for gold in load_gold(FIXTURES) if gold.src_blocks is not None}):
        pairs = {(gold.src_lang, gold.tgt_lang): gold for gold in load_gold(FIXTURES / name)}
        if len(pairs) < 3:
            continue
        to_zh, to_fr = pairs["en", "zh"], pairs["en", "fr"]
        texts = {"en": list(to_zh.src), "zh": list(to_zh.tgt), "fr": list(to_fr.tgt)}
        offset = {lang: sum(len(texts[one]) for one in LANGS[:place]) for place, lang in enumerate(LANGS)}
        group = list(range(sum(map(len, texts.values()))))
        for (src_lang, tgt_lang), gold in pairs.items():
            for source, target in gold.links:
                if source and target:
                    own = [offset[src_lang] + k for k in source] + [offset[tgt_lang] + k for k in target]
                    joined = {group[k] for k in own}
                    group = [min(joined) if number in joined else number for number in group]
        yield Versions(
            texts,
            {lang: group[offset[lang] : offset[lang] + len(texts[lang])] for lang in LANGS},
        )


def pages(names: Sequence[str], langs: Sequence[str]) -> Versions | None:
    """Return the versions of a page, or None where they are not of the same structure."""
    versions = [_blocks(name) for name in names]
    if len({tuple(tag for tag, _ in version) for version in versions}) > 1:
        return None
    same = [
        number
        for number, of_all in enumerate(zip(*versions, strict=True))
        if len({text for _, text in of_all}) == len(langs)
    ]
    parts = {
        lang: [(part.text, number) for number in same for part in segment(version[number][1], lang)]
        for lang, version in zip(langs, versions, strict=True)
    }
    return Versions(
        {lang: [text for text, _ in of_lang] for lang, of_lang in parts.items()},
        {lang: [number for _, number in of_lang] for lang, of_lang in parts.items()},
    )


def _blocks(page: str) -> list[tuple[str, str]]:
    """Return the tag and the text of each innermost block of a page."""
    tree = html.fromstring(Path(page).read_bytes())
    found = [node for node in tree.xpath(_BLOCKS) if not node.xpath(f".{_BLOCKS}")]
    return [(node.tag, " ".join(node.text_content().split())) for node in found]


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


def pairwise(versions: Versions, one: str, other: str, encoder: Encoder) -> list[Link]:
    texts = versions.texts
    beads = align(texts[one], texts[other], src_lang=one, tgt_lang=other, encoder=encoder).beads
    return [(range(b.src_start, b.src_stop), range(b.tgt_start, b.tgt_stop)) for b in beads]


def by_way(versions: Versions, groups: Iterable[MultiBead], encoder: Encoder) -> dict[str, list[Link]]:
    """Return the links of Chinese and French sentences that each way finds."""
    to_zh, to_fr = pairwise(versions, "en", "zh", encoder), pairwise(versions, "en", "fr", encoder)
    return {
        "joint": [(range(*group.ranges[1]), range(*group.ranges[2])) for group in groups],
        "direct": pairwise(versions, "zh", "fr", encoder),
        "through English": through_english(to_zh, to_fr, len(versions.texts["en"])),
    }


def judged(versions: Versions, groups: Iterable[MultiBead]) -> Iterator[Judged]:
    """Yield each joint group's confidence, and whether the gold has it; omissions are judged one by one."""
    members: dict[int, set[tuple[str, int]]] = {}
    for lang in LANGS:
        for place, number in enumerate(versions.groups[lang]):
            members.setdefault(number, set()).add((lang, place))
    for group in groups:
        own = {
            (lang, k)
            for lang, (start, stop) in zip(LANGS, group.ranges, strict=True)
            for k in range(start, stop)
        }
        if len({lang for lang, _ in own}) > 1:
            yield group.confidence, own in members.values()
        else:
            for lang, place in own:
                alone = {other for other, _ in members[versions.groups[lang][place]]} == {lang}
                yield group.confidence, alone


def counted(links: Iterable[Link], versions: Versions, one: str, other: str) -> tuple[int, int, int]:
    """Return how many pairs of groups are linked rightly, are linked, and should be."""
    first, second = versions.groups[one], versions.groups[other]
    found = {(first[i], second[j]) for source, target in links for i in source for j in target}
    gold = versions.gold(one, other)
    return len(found & gold), len(found), len(gold)


def shown(counts: Sequence[tuple[int, int, int]]) -> str:
    right, found, wanted = (sum(column) for column in zip(*counts, strict=True))
    precision, recall = right / max(found, 1), right / max(wanted, 1)
    return f"P {precision:.4f} R {recall:.4f} F1 {2 * right / max(found + wanted, 1):.4f}"


def report(title: str, documents: Sequence[Versions], rounds: int) -> list[Judged]:
    """Print the three ways on some documents, whole and shortened; return how sure the joint groups were."""
    verdicts: list[Judged] = []
    for share in _LEFT_OUT:
        counts: dict[str, list[tuple[int, int, int]]] = {way: [] for way in WAYS}
        for seed in range(rounds if share else 1):
            for versions in documents:
                made = versions.shortened(share, random.Random(seed))
                # What one way reads, the others need not.
                encoder = ReadOnce([text for texts in made.texts.values() for text in texts])
                groups = align_many([made.texts[lang] for lang in LANGS], LANGS, encoder=encoder).beads
                verdicts += judged(made, groups)
                for way, links in by_way(made, groups, encoder).items():
                    counts[way].append(counted(links, made, "zh", "fr"))
        print(f"{title}, {share:.0%} of each language left out")
        for way in WAYS:
            print(f"  {way:16} {shown(counts[way])}", flush=True)
    return verdicts


def main(arguments: list[str]) -> int:
    verdicts = report("fixtures, Chinese-French", list(fixtures()), _ROUNDS)
    print(f"  calibration error of joint groups {calibration_error(verdicts):.4f} ({len(verdicts)} groups)")
    draw({"joint groups": verdicts}, RESULTS / "joint-reliability.svg")
    named = [argument.split(",") for argument in arguments]
    three = [versions for names in named if len(names) == 3 if (versions := pages(names, LANGS))]
    if three:
        blocks = sum(len(versions.gold("zh", "fr")) for versions in three)
        report(f"{len(three)} pages of the same structure, {blocks} blocks, Chinese-French", three, 1)
    two = [versions for names in named if len(names) == 2 if (versions := pages(names, ("en", "fr")))]
    if two:
        counts = [
            counted(pairwise(versions, "en", "fr", default_encoder()), versions, "en", "fr")
            for versions in two
        ]
        blocks = sum(len(versions.gold("en", "fr")) for versions in two)
        print(f"{len(two)} pages of the same structure, {blocks} blocks, English-French  {shown(counts)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
