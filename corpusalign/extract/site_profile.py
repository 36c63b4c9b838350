"""What pages of one site share, learned from several of them: evidence on what is boilerplate on the next.

A text that stands on many pages is likely the site's and not the page's, and what stands in one place of the
template is likely kept or dropped on all pages alike. Both shift the classifier's log-odds; only a short or
linked text that stands on half of the pages is dropped by rule. Headings are never held against repetition:
pages of a kind share them.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpusalign.errors import CorpusAlignError, ExtractError, FormatError
from corpusalign.extract.blocks import template_place
from corpusalign.extract.classify import Weights, log_odds
from corpusalign.extract.document import Draft, draft_page
from corpusalign.extract.judge import Judgement, Scored
from corpusalign.extract.texture import letters
from corpusalign.files import atomic_text
from corpusalign.types import Page

_FORMAT = "corpusalign site profile 1"
_FEWEST = 3

# Log-odds that a text loses for standing on all other pages, and the share of its place's mean that it gains.
# Chosen on news sites; any value near does nearly as well.
_REPEATED = 4.0
_PLACE = 0.1

# Blocks seen in a place that count as much as not knowing it, and the bound of a place's mean.
_PRIOR = 3.0
_BOUND = 5.0

_HALF = 0.5
_SHORT = 80


@dataclass(frozen=True, slots=True)
class SiteProfile:
    """What was learned from pages of a site.

    `pages` are the SHA-256 of the pages learned from; `texts` maps the digest of a text to the number of
    pages that show it, where that is two or more; `places` maps a place of the template to the blocks seen
    there and the mean of the classifier's log-odds that they are content.
    """

    pages: frozenset[str]
    texts: Mapping[str, int] = field(repr=False)
    places: Mapping[str, tuple[int, float]] = field(repr=False)


def learn(pages: Iterable[Page], weights: Weights | None = None) -> SiteProfile:
    """Return the profile of a site; `learn_site_profile` says what it takes and raises."""
    seen: dict[str, None] = {}
    counts: Counter[str] = Counter()
    sums: dict[str, list[float]] = defaultdict(lambda: [0, 0.0])
    for page in pages:
        if page.sha256 in seen:
            continue
        try:
            # The language only matters for datelines, which are judged later.
            draft = draft_page(page, lang="en", allow_truncated=True, weights=weights)
        except CorpusAlignError:
            continue
        if draft.scored is None:
            continue
        seen[page.sha256] = None
        counts.update({digest for digest in _digests(draft) if digest})
        for place, score in zip(_places(draft), draft.scored.scores, strict=True):
            sums[place][0] += 1
            sums[place][1] += log_odds(score)
    if len(seen) < _FEWEST:
        fault = f"give {len(seen)} that can be read, and fewer than {_FEWEST} show nothing of their site"
        raise ExtractError("the pages", fault, "give more pages of the site")
    return SiteProfile(
        pages=frozenset(seen),
        texts={digest: count for digest, count in counts.items() if count > 1},
        places={place: (int(count), total / count) for place, (count, total) in sums.items()},
    )


def write_profile(profile: SiteProfile, path: str | os.PathLike[str]) -> None:
    """Write a profile as JSON. Raises FormatError where the file cannot be written."""
    record = {
        "format": _FORMAT,
        "pages": sorted(profile.pages),
        "texts": dict(sorted(profile.texts.items())),
        "places": {place: [count, round(mean, 3)] for place, (count, mean) in sorted(profile.places.items())},
    }
    with atomic_text(path) as file:
        file.write(json.dumps(record, ensure_ascii=False, indent=1) + "\n")


def read_profile(path: str | os.PathLike[str]) -> SiteProfile:
    """Read a profile that `write_profile` wrote. Raises FormatError for a file that is none."""
    try:
        record = json.loads(Path(path).read_bytes())
        if record["format"] != _FORMAT:
            raise ValueError
        profile = SiteProfile(
            pages=frozenset(map(str, record["pages"])),
            texts={str(digest): int(count) for digest, count in record["texts"].items()},
            places={
                str(place): (int(count), float(mean)) for place, (count, mean) in record["places"].items()
            },
        )
        counted = all(count > 0 and math.isfinite(mean) for count, mean in profile.places.values())
        if len(profile.pages) < _FEWEST or not counted:
            raise ValueError
        return profile
    except OSError as error:
        fault = f"cannot be read ({error.strerror})"
        raise FormatError(str(path), fault, "give a file that `corpusalign learn` wrote") from None
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        fault = "is no site profile"
        raise FormatError(str(path), fault, "give a file that `corpusalign learn` wrote") from None


def with_profile(draft: Draft, profile: SiteProfile | None) -> Draft:
    """Return a draft whose probabilities know what its site's pages share."""
    scored = draft.scored
    if profile is None or scored is None:
        return draft
    shares = _shares(draft, profile)
    blocks = [candidate.block for candidate in draft.walk.candidates]
    scores: list[float] = []
    for score, share, place, block in zip(scored.scores, shares, _places(draft), blocks, strict=True):
        count, mean = profile.places.get(place, (0, 0.0))
        odds = log_odds(score) + _PLACE * max(-_BOUND, min(mean, _BOUND)) * count / (count + _PRIOR)
        if block.kind != "heading":
            odds -= _REPEATED * share
        scores.append(1 / (1 + math.exp(-odds)))
    return replace(draft, scored=Scored(scored.page, tuple(scores), scored.weights))


def without_repeated(draft: Draft, judgement: Judgement, profile: SiteProfile | None) -> Judgement:
    """Drop the kept blocks, short or linked, that half of the site's pages show too."""
    if profile is None:
        return judgement
    verdicts = list(judgement.verdicts)
    shares = _shares(draft, profile)
    for number, (share, candidate) in enumerate(zip(shares, draft.walk.candidates, strict=True)):
        block, verdict = candidate.block, verdicts[number]
        light = len(block.text) < _SHORT or candidate.link_chars * 2 > len(block.text)
        exempt = block.kind in ("heading", "table_cell") or verdict.reason == "title"
        if verdict.kept and share >= _HALF and light and not exempt:
            verdicts[number] = replace(verdict, kept=False, reason="repeated on the site's pages")
    return replace(judgement, verdicts=tuple(verdicts))


def _shares(draft: Draft, profile: SiteProfile) -> list[float]:
    """Return, for each block, the share of the site's other pages that show its text."""
    itself = draft.page.sha256 in profile.pages
    others = len(profile.pages) - itself
    return [max(0, profile.texts.get(digest or "", 0) - itself) / others for digest in _digests(draft)]


def _digests(draft: Draft) -> list[str | None]:
    """Return a digest of each block's letters, None for a block without any."""
    said = [letters(candidate.block.text) for candidate in draft.walk.candidates]
    return [
        hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest() if text else None
        for text in said
    ]


def _places(draft: Draft) -> list[str]:
    """Return the place of each block: the path of its element without its own number, and its kind."""
    return [
        f"{template_place(candidate.block.path)} {candidate.block.kind}"
        for candidate in draft.walk.candidates
    ]
