"""Language versions of one page, cleaned together: what is content in one is content in the others.

Versions share a template, so their blocks stand in the same containers in the same order, and they share a
text, so they hold the same numbers, dates and images. Blocks are matched by that; matched blocks pool what
the classifier thinks of them, and are kept or dropped by the majority.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from corpusalign.errors import CorpusAlignError
from corpusalign.extract.blocks import template_place
from corpusalign.extract.classify import Weights, log_odds
from corpusalign.extract.document import Draft, Reading, draft_page, finish
from corpusalign.extract.evidence import tokens_of
from corpusalign.extract.judge import Judgement, Scored, Verdict, judge
from corpusalign.extract.matching import Side, match
from corpusalign.extract.site_profile import SiteProfile, with_profile, without_repeated
from corpusalign.extract.texture import letters
from corpusalign.types import Block, Page

# Matching takes quadratic time and memory; larger pages are cleaned one by one.
_MOST_BLOCKS = 3000
# A text that is the same in all versions and shorter than this may be the template's.
_SHORT = 80
# The least share of blocks with a like in the other version, of the version that has fewer.
_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class _Place:
    """A block among its likes in the other versions: (version, number of the block) each."""

    members: tuple[tuple[int, int], ...]


def read_versions(
    pages: Sequence[Page],
    *,
    langs: Sequence[str | None],
    allow_truncated: bool = False,
    weights: Weights | None = None,
    profile: SiteProfile | None = None,
) -> tuple[Reading | CorpusAlignError, ...]:
    """Extract the versions of one page together; where one cannot be, its error stands in its place."""
    found: dict[int, Reading | CorpusAlignError] = {}
    drafts: dict[int, Draft] = {}
    for number, (page, lang) in enumerate(zip(pages, langs, strict=True)):
        try:
            draft = draft_page(page, lang=lang, allow_truncated=allow_truncated, weights=weights)
            drafts[number] = with_profile(draft, profile)
        except CorpusAlignError as error:
            found[number] = error
    for number, judgement in zip(drafts, _judge_together(list(drafts.values())), strict=True):
        draft = drafts[number]
        try:
            found[number] = finish(draft, without_repeated(draft, judgement, profile))
        except CorpusAlignError as error:
            found[number] = error
    return tuple(found[number] for number in range(len(pages)))


def _judge_together(drafts: Sequence[Draft]) -> list[Judgement]:
    places = _places(drafts)
    pooled = [_pooled(number, draft, drafts, places) for number, draft in enumerate(drafts)]
    judgements = [
        judge(draft.walk, draft.head, draft.lang, scored)
        for draft, scored in zip(drafts, pooled, strict=True)
    ]
    return _agreed(judgements, places)


def _side(draft: Draft) -> Side:
    """Return what a block and its like in another version have in common."""
    blocks = [candidate.block for candidate in draft.walk.candidates]
    widths = draft.scored.page.width.tolist() if draft.scored is not None else []
    return Side(
        keys=[(template_place(block.path), block.kind, block.level) for block in blocks],
        texts=[letters(block.text) for block in blocks],
        lengths=widths,
        evidence=[tokens_of(candidate, draft.lang) for candidate in draft.walk.candidates],
    )


def _places(drafts: Sequence[Draft]) -> list[_Place]:
    """Match the blocks of all versions with those of one; a block without a like makes no place.

    Text files and pages with too many blocks are left out of it, as is a version whose blocks mostly have no
    like: it was made from another template. The one is the first, or, where that is the odd one out, the
    version whose blocks have most likes in the others.
    """
    usable = [
        number
        for number, draft in enumerate(drafts)
        if draft.root is not None and len(draft.walk.candidates) <= _MOST_BLOCKS
    ]
    if len(usable) < 2:
        return []
    sides = {number: _side(drafts[number]) for number in usable}
    hub, likes = usable[0], _likes(usable[0], sides)
    if len(likes) < len(usable) - 1:
        # Only now is the time for all pairs of versions well spent.
        for other in usable[1:]:
            found = _likes(other, sides)
            if sum(map(len, found.values())) > sum(map(len, likes.values())):
                hub, likes = other, found
    members: dict[int, list[tuple[int, int]]] = {
        number: [(hub, number)] for number in range(len(sides[hub].keys))
    }
    for version, pairs in likes.items():
        for number, other in pairs:
            members[number].append((version, other))
    return [_Place(tuple(group)) for group in members.values() if len(group) > 1]


def _likes(hub: int, sides: Mapping[int, Side]) -> dict[int, list[tuple[int, int]]]:
    """Return the blocks of one version with their likes, in each other version made from its template."""
    found: dict[int, list[tuple[int, int]]] = {}
    for version, side in sides.items():
        if version != hub:
            pairs = match(sides[hub], side)
            if len(pairs) >= _ALIKE * min(len(sides[hub].keys), len(side.keys)):
                found[version] = pairs
    return found


def _pooled(version: int, draft: Draft, drafts: Sequence[Draft], places: Sequence[_Place]) -> Scored | None:
    """Give each matched block the mean log-odds of its likes, as a probability."""
    if draft.scored is None:
        return None
    scores = list(draft.scored.scores)
    for place in places:
        mine = next((number for owner, number in place.members if owner == version), None)
        if mine is None:
            continue
        odds = fmean(log_odds(_scores(drafts[owner])[number]) for owner, number in place.members)
        scores[mine] = 1 / (1 + math.exp(-odds))
    return replace(draft.scored, scores=tuple(scores))


def _scores(draft: Draft) -> tuple[float, ...]:
    return draft.scored.scores if draft.scored is not None else ()


def _agreed(judgements: Sequence[Judgement], places: Sequence[_Place]) -> list[Judgement]:
    """Let the versions decide together where they differ, and drop what is the template's in all of them."""
    verdicts = [list(judgement.verdicts) for judgement in judgements]
    versions = max((len(place.members) for place in places), default=0)
    for place in places:
        votes = [verdicts[version][number] for version, number in place.members]
        kept = sum(vote.kept for vote in votes)
        everywhere = len(votes) == versions
        if kept and everywhere and _is_template(votes):
            _settle(verdicts, place, keep=False, reason="the same in every version")
        elif 0 < kept < len(votes) and everywhere:
            keep = kept * 2 > len(votes) or (
                kept * 2 == len(votes) and fmean(v.probability for v in votes) > 0.5
            )
            if not keep or not any(vote.reason == "dateline" for vote in votes):
                _settle(verdicts, place, keep=keep, reason="as in the other versions")
    return [
        replace(judgement, verdicts=tuple(mine)) for judgement, mine in zip(judgements, verdicts, strict=True)
    ]


def _is_template(votes: Sequence[Verdict]) -> bool:
    """Tell a text of the template: short, the same in three versions, doubtful to the classifier."""
    blocks = [vote.block for vote in votes]
    if len(blocks) < 3 or any(vote.reason == "title" for vote in votes):
        return False
    first = blocks[0]
    return (
        first.kind in ("paragraph", "list_item")
        and len(first.text) < _SHORT
        and any(map(str.isalpha, first.text))
        # An address is the same in every language.
        and "://" not in first.text
        and _same_text(blocks)
        and fmean(vote.probability for vote in votes) < 0.8
    )


def _same_text(blocks: Sequence[Block]) -> bool:
    return len({letters(block.text) for block in blocks}) == 1


def _settle(verdicts: list[list[Verdict]], place: _Place, *, keep: bool, reason: str) -> None:
    for version, number in place.members:
        verdict = verdicts[version][number]
        if verdict.kept != keep:
            verdicts[version][number] = replace(verdict, kept=keep, reason=reason)
