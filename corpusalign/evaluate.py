"""How good an alignment is: strict and lax precision, recall and F1 against gold links.

The measures are those of Sennrich & Volk 2010 ("MT-based sentence alignment for OCR-generated parallel
texts") as the scorer of Vecalign (Thompson & Koehn 2019) computes them: precision counts every predicted
bead, omissions included; recall counts only the gold links that have both sides; strict wants the same
sentences on both sides, lax wants an overlap with a gold link on both. A set of documents is scored by adding
up the counts of its documents (micro).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from corpusalign import arguments
from corpusalign.errors import FormatError
from corpusalign.types import Bead

Link = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class GoldAlignment:
    """Two sentence lists and which sentences of one translate which of the other.

    `links` are (source indices, target indices), from 0; either may be empty (an omission), and they need be
    neither contiguous nor in order. `src_blocks` and `tgt_blocks` number the block of each sentence, None
    where unknown.
    """

    name: str
    src_lang: str
    tgt_lang: str
    src: tuple[str, ...]
    tgt: tuple[str, ...]
    links: tuple[Link, ...]
    src_blocks: tuple[int, ...] | None = None
    tgt_blocks: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """Counts of right and of all, by measure; add two to pool them.

    `predicted` are the beads given, `expected` the gold links with both sides; `precise_*` the beads that are
    right, `recalled_*` the links that are found.
    """

    predicted: int = 0
    expected: int = 0
    precise_strict: int = 0
    precise_lax: int = 0
    recalled_strict: int = 0
    recalled_lax: int = 0

    def __add__(self, other: Scores) -> Scores:
        """Pool the counts of two documents."""
        return Scores(
            self.predicted + other.predicted,
            self.expected + other.expected,
            self.precise_strict + other.precise_strict,
            self.precise_lax + other.precise_lax,
            self.recalled_strict + other.recalled_strict,
            self.recalled_lax + other.recalled_lax,
        )

    @property
    def precision(self) -> float:
        """Strict precision; 0 where nothing was predicted."""
        return _share(self.precise_strict, self.predicted)

    @property
    def recall(self) -> float:
        """Strict recall; 0 where nothing was expected."""
        return _share(self.recalled_strict, self.expected)

    @property
    def f1(self) -> float:
        """Strict F1."""
        return _harmonic(self.precision, self.recall)

    @property
    def lax_precision(self) -> float:
        """Lax precision; 0 where nothing was predicted."""
        return _share(self.precise_lax, self.predicted)

    @property
    def lax_recall(self) -> float:
        """Lax recall; 0 where nothing was expected."""
        return _share(self.recalled_lax, self.expected)

    @property
    def lax_f1(self) -> float:
        """Lax F1."""
        return _harmonic(self.lax_precision, self.lax_recall)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _harmonic(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


@arguments.checked(gold=arguments.one_of(GoldAlignment), beads=arguments.stream(arguments.one_of(Bead)))
def score(gold: GoldAlignment, beads: Iterable[Bead]) -> Scores:
    """Score one document's beads against its gold links."""
    return score_links(gold.links, [link_of(bead) for bead in beads])


@arguments.checked(bead=arguments.one_of(Bead))
def link_of(bead: Bead) -> Link:
    """Return a bead as the sentence indices of its two sides."""
    return tuple(range(bead.src_start, bead.src_stop)), tuple(range(bead.tgt_start, bead.tgt_stop))


@arguments.checked(
    gold=arguments.several(arguments.one_of(tuple)), predicted=arguments.several(arguments.one_of(tuple))
)
def score_links(gold: Sequence[Link], predicted: Sequence[Link]) -> Scores:
    """Score predicted links, which need be neither contiguous nor in order, against gold links."""
    gold_links = {link for link in gold if link[0] or link[1]}
    predicted_links = {link for link in predicted if link[0] or link[1]}
    gold_pairs = {link for link in gold_links if link[0] and link[1]}
    predicted_pairs = {link for link in predicted_links if link[0] and link[1]}
    precise_strict, precise_lax = _matches(predicted_links, gold_links)
    recalled_strict, recalled_lax = _matches(gold_pairs, predicted_pairs)
    return Scores(
        len(predicted_links), len(gold_pairs), precise_strict, precise_lax, recalled_strict, recalled_lax
    )


def _matches(links: set[Link], reference: set[Link]) -> tuple[int, int]:
    """Return how many links stand in the reference, and how many overlap it on both sides or stand in it."""
    targets_of = defaultdict[int, set[int]](set)
    for source, target in reference:
        for index in source:
            targets_of[index].update(target)
    strict = lax = 0
    for source, target in links:
        if (source, target) in reference:
            strict += 1
            lax += 1
        elif any(not targets_of[index].isdisjoint(target) for index in source if index in targets_of):
            lax += 1
    return strict, lax


@arguments.checked(path=arguments.path)
def load_gold(path: str | Path) -> list[GoldAlignment]:
    """Read gold alignments from a file, or from all JSON files under a folder, in the order of their names.

    Two formats: pairwise (`src_lang`, `tgt_lang`, `src`, `tgt`, `links`), and n-way (`languages`,
    `documents`, `groups`), which gives one alignment a pair of languages: a group that is empty on one side
    of a pair is an omission of each of its sentences. A folder's JSON files that are neither are passed over.

    Raises FormatError for a file that cannot be read as gold, and for a folder that holds none.
    """
    where = Path(path)
    if not where.exists():
        raise FormatError(str(where), "does not exist", "name a gold file or a folder of gold files")
    if where.is_file():
        return _read(where, required=True)
    found = [gold for file in sorted(where.rglob("*.json")) for gold in _read(file, required=False)]
    if not found:
        raise FormatError(str(where), "holds no gold alignment", "name a folder with gold JSON files")
    return found


def _read(file: Path, *, required: bool) -> list[GoldAlignment]:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FormatError(str(file), f"is no readable JSON ({error})", "repair or remove the file") from error
    if isinstance(data, dict) and "links" in data:
        return [_pairwise(file, data)]
    if isinstance(data, dict) and "groups" in data:
        return _n_way(file, data)
    if required:
        raise FormatError(
            str(file), "holds neither `links` nor `groups`", "see the gold formats in docs/aligning.md"
        )
    return []


def _pairwise(file: Path, data: dict[str, Any]) -> GoldAlignment:
    try:
        src, tgt = tuple(map(_text, data["src"])), tuple(map(_text, data["tgt"]))
        links = tuple((tuple(map(int, source)), tuple(map(int, target))) for source, target in data["links"])
        gold = GoldAlignment(file.stem, str(data["src_lang"]), str(data["tgt_lang"]), src, tgt, links)
    except (KeyError, TypeError, ValueError) as error:
        raise _malformed(file, error) from error
    for side, sentences in ((0, src), (1, tgt)):
        outside = [index for link in links for index in link[side] if not 0 <= index < len(sentences)]
        if outside:
            raise FormatError(
                str(file), f"links sentence {outside[0]}, which is not there", "number sentences from 0"
            )
    return gold


def _n_way(file: Path, data: dict[str, Any]) -> list[GoldAlignment]:
    name = file.parent.name if file.stem == "gold" else file.stem
    try:
        languages = [_text(code) for code in data["languages"]]
        sentences = {
            code: tuple(_text(item["text"]) for item in data["documents"][code]["sentences"])
            for code in languages
        }
        blocks = {
            code: tuple(int(item["block"]) for item in data["documents"][code]["sentences"])
            for code in languages
        }
        groups = [{code: tuple(map(int, group[code])) for code in languages} for group in data["groups"]]
    except (KeyError, TypeError, ValueError) as error:
        raise _malformed(file, error) from error
    for code in languages:
        covered = [index for group in groups for index in group[code]]
        if covered != list(range(len(sentences[code]))):
            raise FormatError(
                str(file),
                f"has groups that do not hold every {code} sentence once and in order",
                "repair the groups",
            )
    return [
        GoldAlignment(
            name,
            src,
            tgt,
            sentences[src],
            sentences[tgt],
            _projected(groups, src, tgt),
            blocks[src],
            blocks[tgt],
        )
        for src, tgt in combinations(languages, 2)
    ]


def _projected(groups: list[dict[str, tuple[int, ...]]], src: str, tgt: str) -> tuple[Link, ...]:
    links: list[Link] = []
    for group in groups:
        if group[src] and group[tgt]:
            links.append((group[src], group[tgt]))
        else:
            links.extend(((index,), ()) for index in group[src])
            links.extend(((), (index,)) for index in group[tgt])
    return tuple(links)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _malformed(file: Path, error: Exception) -> FormatError:
    detail = f"lacks {error}" if isinstance(error, KeyError) else str(error)
    return FormatError(
        str(file), f"is no well-formed gold alignment: {detail}", "see the formats in docs/aligning.md"
    )
