"""Verdicts: probabilities decoded along the page, then what line rules and metadata know better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpusalign.extract.alike import judged_alike
from corpusalign.extract.blocks import Candidate, Walk
from corpusalign.extract.classify import Weights, default_weights, probabilities
from corpusalign.extract.dateline import Dateline, read_dateline
from corpusalign.extract.features import Columns, columns
from corpusalign.extract.marks import UNSEEN
from corpusalign.extract.metadata import Head, site_names, title_block
from corpusalign.extract.sequence import keep_sequence, threshold
from corpusalign.types import Block

# More dropped blocks in a row than this are no gap in a text but something else that stands in it.
_LONGEST_GAP = 6


@dataclass(frozen=True, slots=True)
class Verdict:
    """One block, whether it is kept, the classifier's probability that it is main content, and the reason."""

    block: Block
    kept: bool
    probability: float
    reason: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdicts on all blocks of a page, the number of the title among them, and the datelines it had."""

    verdicts: tuple[Verdict, ...]
    title: int | None
    datelines: tuple[Dateline, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """A page's blocks measured, and the probability that each is main content."""

    page: Columns
    scores: tuple[float, ...]
    weights: Weights


def score(walk: Walk, head: Head, weights: Weights | None = None) -> Scored | None:
    """Return what the classifier says of a page's blocks, None for a page without any."""
    if not walk.candidates:
        return None
    page = columns(walk, head)
    weights = weights or default_weights()
    scores = probabilities(page, weights)
    return Scored(page, tuple(judged_alike(walk.candidates, page, scores)), weights)


def judge(walk: Walk, head: Head, lang: str | None, scored: Scored | None) -> Judgement:
    """Give every block of a page its verdict and reason."""
    candidates = walk.candidates
    if scored is None:
        return Judgement((), None, ())
    page, scores, weights = scored.page, scored.scores, scored.weights
    even = threshold(scores, page.width.tolist())
    container = page.parents[page.frames]
    together = np.append(False, container[1:] == container[:-1]) * weights.stay_together
    kept = keep_sequence(scores, weights.stay_kept, weights.stay_dropped, even, together.tolist())
    only_text = not any(kept)
    if only_text:
        # Unlike any page that was learned from: what is running text beyond doubt is then the main text.
        kept = page.is_prose.tolist()
    main = "only text" if only_text else "main content"
    reasons = [
        main if keep else "hidden" if candidate.marks & UNSEEN else "unlike main content"
        for keep, candidate in zip(kept, candidates, strict=True)
    ]
    prose = [bool(is_prose) and keep for is_prose, keep in zip(page.is_prose, kept, strict=True)]
    first = next((number for number, is_prose in enumerate(prose) if is_prose), len(candidates))
    last = next((number for number in range(len(prose) - 1, -1, -1) if prose[number]), -1)
    blocks = [candidate.block for candidate in candidates]
    title = title_block(blocks, page.letters, scores, head, first)
    datelines: list[Dateline] = []
    sites = site_names(head) if title is not None else frozenset()
    _fill_gaps(candidates, kept, reasons, title, first, walk)
    for number, candidate in enumerate(candidates):
        text = candidate.block.text
        at_edge = number < first or number > last
        if number == title:
            kept[number], reasons[number] = True, "title"
        elif title is not None and number < title and kept[number] and page.letters[number] in sites:
            kept[number], reasons[number] = False, "site name"
        elif (rule := page.rules[number]) is not None and (at_edge or not rule.at_edge):
            kept[number], reasons[number] = False, rule.reason
        elif (
            (number < first or (number > last and kept[number]))
            and candidate.block.kind != "heading"
            and (line := read_dateline(text, lang)) is not None
        ):
            datelines.append(line)
            kept[number], reasons[number] = False, "dateline"
    if title is not None:
        _drop_repeated_title(blocks, page.letters, kept, reasons, title)
    verdicts = tuple(map(Verdict, blocks, kept, scores, reasons))
    return Judgement(verdicts, title, tuple(datelines))


def _fill_gaps(
    candidates: Sequence[Candidate],
    kept: list[bool],
    reasons: list[str],
    title: int | None,
    first: int,
    walk: Walk,
) -> None:
    """Keep what stands between kept blocks of one container: speakers, salutations and other short lines.

    From the title to the first paragraph, a line in that paragraph's container is kept as well (speaker,
    occasion).
    """
    containers = [
        walk.parents[candidate.frame] if candidate.parts == 1 else candidate.frame for candidate in candidates
    ]
    before: int | None = None
    for number in range(len(candidates)):
        if kept[number]:
            if before is not None and containers[before] == containers[number]:
                _keep_between(candidates, kept, reasons, containers, before, number)
            before = number
    if title is not None and title < first < len(candidates):
        for number in range(title + 1, first):
            if containers[number] == containers[first] and not kept[number] and not candidates[number].links:
                kept[number], reasons[number] = True, "between title and text"


def _keep_between(
    candidates: Sequence[Candidate],
    kept: list[bool],
    reasons: list[str],
    containers: list[int],
    start: int,
    stop: int,
) -> None:
    if stop - start > _LONGEST_GAP:
        return
    for number in range(start + 1, stop):
        candidate = candidates[number]
        if containers[number] == containers[start] and candidate.link_chars * 2 <= len(candidate.block.text):
            kept[number], reasons[number] = True, "between kept blocks"


def _drop_repeated_title(
    blocks: Sequence[Block], in_letters: Sequence[str], kept: list[bool], reasons: list[str], title: int
) -> None:
    for number, block in enumerate(blocks):
        if (
            number != title
            and kept[number]
            and len(block.text) < 400
            and in_letters[number] == in_letters[title]
        ):
            kept[number], reasons[number] = False, "repeats the title"
