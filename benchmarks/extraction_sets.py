"""Sets of pages with their main text: read, tokenise, label and score.

A set is a folder with `gold.json` (page id -> `lang`, `text` with one paragraph a line, `site`, `url`, ...)
and one `{id}.html` of raw bytes a page.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

_TOKEN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]|[^\W\u2e80-\u9fff\uf900-\ufaff]+")
SHINGLE = 4


@dataclass(frozen=True, slots=True)
class GoldPage:
    """One page of a set: its bytes, and what its main text should be."""

    collection: str
    id: str
    lang: str
    url: str
    site: str
    content: bytes
    text: str
    gold: dict[str, Any]


def read_set(folder: Path) -> Iterator[GoldPage]:
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    for identity, entry in gold.items():
        yield GoldPage(
            collection=folder.name,
            id=identity,
            lang=entry["lang"],
            url=entry.get("url") or "",
            site=entry.get("site") or "",
            content=(folder / f"{identity}.html").read_bytes(),
            text=entry["text"],
            gold=entry,
        )


def tokens(text: str) -> list[str]:
    """Words in lower case; each Chinese character is a token."""
    return _TOKEN.findall(text.lower())


def shingles(words: Sequence[str]) -> Counter[tuple[str, ...]]:
    if len(words) < SHINGLE:
        return Counter([tuple(words)]) if words else Counter()
    return Counter(tuple(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1))


def precision_recall(found: str, gold: str) -> tuple[float, float]:
    """Return precision and recall of 4-token shingles, counted as often as they occur."""
    mine, theirs = shingles(tokens(found)), shingles(tokens(gold))
    common = sum((mine & theirs).values())
    if not mine or not theirs:
        same = float(not mine and not theirs)
        return same, same
    return common / mine.total(), common / theirs.total()


def macro_f1(pairs: Sequence[tuple[float, float]]) -> float:
    """Return the harmonic mean of mean precision and mean recall."""
    precision = sum(p for p, _ in pairs) / len(pairs)
    recall = sum(r for _, r in pairs) / len(pairs)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def paragraph_recall(found: Sequence[str], gold: str) -> float:
    """Return the share of the gold text's paragraph breaks that the found blocks have too.

    A break is known by the three tokens before it and the three after it.
    """
    wanted = _breaks([line for line in gold.split("\n") if tokens(line)])
    if not wanted:
        return 1.0
    have = _breaks(found)
    return sum((wanted & have).values()) / wanted.total()


def _breaks(paragraphs: Sequence[str]) -> Counter[tuple[tuple[str, ...], tuple[str, ...]]]:
    words = [tokens(paragraph) for paragraph in paragraphs]
    words = [some for some in words if some]
    return Counter((tuple(a[-3:]), tuple(b[:3])) for a, b in pairwise(words))


def fold(key: str, folds: int) -> int:
    """Return the fold of a site: the same for ever, whatever other sites there are."""
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % folds


def fold_key(page: GoldPage) -> str:
    """Return what must not be split between training and scoring: a site, or a parallel document."""
    if "doc" in page.gold:
        return str(page.gold["doc"])
    labels = page.site.split(":")[0].split(".")
    if len(labels) > 2 and labels[-2] in ("com", "co", "gov", "org", "net", "edu", "gc"):
        return ".".join(labels[-3:])
    return ".".join(labels[-2:]) or page.id


def labels(blocks: Sequence[str], gold: str) -> list[float]:
    """Return, for each block, the share of its tokens that the gold text has at this place.

    Blocks are matched to stretches of the gold text by shared shingles; of all matches the heaviest chain
    that runs forward in both is taken (a weighted longest increasing subsequence), so a related link that
    repeats a heading of the text does not count for it.
    """
    words = tokens(gold)
    at_line_start = _line_starts(gold)
    index: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for size in range(1, SHINGLE + 1):
        for i in range(len(words) - size + 1):
            index[tuple(words[i : i + size])].append(i)
    matches: list[tuple[int, int, int, float, float]] = []
    for number, block in enumerate(blocks):
        matches.extend((number, *match) for match in _matches(tokens(block), index, at_line_start))
    chosen = _heaviest_chain(matches, len(words))
    shares = [0.0] * len(blocks)
    for number, share in chosen:
        shares[number] = share
    return shares


def _line_starts(gold: str) -> set[int]:
    starts, here = set(), 0
    for line in gold.split("\n"):
        starts.add(here)
        here += len(tokens(line))
    return starts | {here}


def _matches(
    words: list[str], index: dict[tuple[str, ...], list[int]], at_line_start: set[int]
) -> Iterator[tuple[int, int, float, float]]:
    """Yield (gold start, gold stop, weight, share of the block's tokens) for the best places of one block."""
    size = min(SHINGLE, len(words))
    if not size:
        return
    if size < SHINGLE:
        for start in index.get(tuple(words), ())[:50]:
            whole = start in at_line_start and start + size in at_line_start
            yield start, start + size, size * (1.0 if whole else 0.2), 1.0 if whole else 0.6
        return
    offsets: Counter[int] = Counter()
    for i in range(len(words) - size + 1):
        places = index.get(tuple(words[i : i + size]), ())
        if len(places) <= 20:
            offsets.update(place - i for place in places)
    for offset, hits in offsets.most_common(4):
        # Neighbouring offsets are the same match with a token more or less on one side.
        near = sum(offsets[offset + step] for step in range(-6, 7))
        share = min(1.0, (near + size - 1) / len(words))
        if share >= 0.2 and hits:
            start = max(0, offset)
            yield start, max(start + 1, offset + len(words)), near, share


def _heaviest_chain(
    matches: list[tuple[int, int, int, float, float]], length: int
) -> list[tuple[int, float]]:
    best: list[tuple[float, int]] = [(0.0, -1)] * (
        length + 2
    )  # Fenwick tree of prefix maxima over gold positions
    back: list[int] = []
    scores: list[float] = []
    by_block: dict[int, list[int]] = defaultdict(list)
    for place, match in enumerate(matches):
        by_block[match[0]].append(place)
    back = [-1] * len(matches)
    scores = [0.0] * len(matches)
    for number in sorted(by_block):
        for place in by_block[number]:
            _, start, stop, weight, _ = matches[place]
            # Two blocks may share a few tokens of gold at their border.
            score, before = 0.0, -1
            i = min(start + (stop - start) // 8, length) + 1
            while i > 0:
                if best[i][0] > score:
                    score, before = best[i]
                i -= i & -i
            scores[place], back[place] = score + weight, before
        for place in by_block[number]:
            i = min(matches[place][2], length) + 1
            while i < len(best):
                if scores[place] > best[i][0]:
                    best[i] = (scores[place], place)
                i += i & -i
    here = max(range(len(matches)), key=scores.__getitem__, default=-1)
    chosen: list[tuple[int, float]] = []
    while here >= 0:
        chosen.append((matches[here][0], matches[here][4]))
        here = back[here]
    return chosen[::-1]
