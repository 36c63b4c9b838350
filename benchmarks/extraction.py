"""The measured table of extraction: our extractor and its peers on sets of pages with their main text.

    python -m benchmarks.extraction FOLDER... [--folds 5] [--peers]

Each FOLDER is a set as `extraction_sets` describes. Our figures are cross-validated by site: each page is
judged by weights trained on the other sites of all folders, never by the weights that come with the package.
Where a set has the same document in several languages (`doc`), its versions are also cleaned together; where
it has three pages of a site or more, each is also judged by what the others show. F1 is
the harmonic mean of macro precision and recall over shingles of four tokens, a Chinese character being one;
"title apart" leaves our title block out of what is scored, for sets whose gold has none. The time of the
median page, and pages a second at that, count processor seconds of one core.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

from benchmarks.extraction_peers import PEERS
from benchmarks.extraction_sets import (
    GoldPage,
    fold,
    fold_key,
    macro_f1,
    paragraph_recall,
    precision_recall,
    read_set,
)
from benchmarks.train_extractor import example, fit
from corpusalign.errors import CorpusAlignError
from corpusalign.extract.classify import Weights
from corpusalign.extract.decode import decode
from corpusalign.extract.document import Reading, page_of
from corpusalign.extract.site_profile import SiteProfile, learn
from corpusalign.extract.versions import read_versions


@dataclass(frozen=True, slots=True)
class Score:
    """What one page scored: precision, recall, paragraph breaks found, CPU seconds."""

    page: GoldPage
    match: tuple[float, float]
    breaks: float
    seconds: float


def score(page: GoldPage, paragraphs: Sequence[str], seconds: float) -> Score:
    match = precision_recall("\n".join(paragraphs), page.text)
    return Score(page, match, paragraph_recall(paragraphs, page.text), seconds)


def paragraphs_of(reading: Reading, *, title: bool = True) -> list[str]:
    return [
        verdict.block.text
        for verdict in reading.verdicts
        if verdict.kept and (title or verdict.reason != "title")
    ]


def ours(pages: Sequence[GoldPage], folds: int) -> dict[str, list[Score]]:
    """Score every page with weights of the other folds."""
    found: dict[str, list[Score]] = defaultdict(list)
    examples = [(page, made) for page in pages if (made := example(page)) is not None]
    for held_out in range(folds):
        training = [made for page, made in examples if fold(fold_key(page), folds) != held_out]
        weights = fit(training)
        unseen = [page for page in pages if fold(fold_key(page), folds) == held_out]
        for page in unseen:
            started = time.process_time()
            reading = _read(page, weights)
            seconds = time.process_time() - started
            found["corpusalign"].append(score(page, paragraphs_of(reading) if reading else [], seconds))
            apart = paragraphs_of(reading, title=False) if reading else []
            found["corpusalign, title apart"].append(score(page, apart, seconds))
        found["corpusalign, versions together"] += _together(unseen, weights)
        in_profile = _by_site(unseen, weights)
        found["corpusalign, site profile"] += in_profile
        of_sites = {id(one.page) for one in in_profile}
        found["the same pages without it"] += [
            one for one in found["corpusalign"] if id(one.page) in of_sites
        ]
        print(f"fold {held_out + 1} of {folds}: {len(training)} pages to learn from", file=sys.stderr)
    return found


def _read(page: GoldPage, weights: Weights, profile: SiteProfile | None = None) -> Reading | None:
    # The language is given: the sets hold pages in languages that have no folder.
    (reading,) = read_versions(
        [page_of(page.content, page.url or page.id)],
        langs=["en"],
        allow_truncated=True,
        weights=weights,
        profile=profile,
    )
    return None if isinstance(reading, CorpusAlignError) else reading


def _by_site(pages: Sequence[GoldPage], weights: Weights) -> list[Score]:
    """Score the pages of sites with several pages, each with what the others of its site show."""
    sites: dict[str, list[GoldPage]] = defaultdict(list)
    for page in pages:
        if page.site:
            sites[page.site].append(page)
    found: list[Score] = []
    for members in sites.values():
        try:
            profile = learn([page_of(page.content, page.url or page.id) for page in members], weights)
        except CorpusAlignError:
            continue
        for page in members:
            started = time.process_time()
            reading = _read(page, weights, profile)
            seconds = time.process_time() - started
            found.append(score(page, paragraphs_of(reading) if reading else [], seconds))
    return found


def _together(pages: Sequence[GoldPage], weights: Weights) -> list[Score]:
    documents: dict[str, list[GoldPage]] = defaultdict(list)
    for page in pages:
        if "doc" in page.gold:
            documents[str(page.gold["doc"])].append(page)
    found: list[Score] = []
    for versions in documents.values():
        started = time.process_time()
        readings = read_versions(
            [page_of(page.content, page.id) for page in versions],
            langs=["en"] * len(versions),
            allow_truncated=True,
            weights=weights,
        )
        seconds = (time.process_time() - started) / len(versions)
        found += [
            score(page, [] if isinstance(reading, CorpusAlignError) else paragraphs_of(reading), seconds)
            for page, reading in zip(versions, readings, strict=True)
        ]
    return found


def peer(pages: Sequence[GoldPage], extractor: Callable[[str, str], list[str]]) -> list[Score]:
    found: list[Score] = []
    for page in pages:
        text = decode(page_of(page.content, page.id))
        started = time.process_time()
        try:
            paragraphs = extractor(text, page.lang)
        except Exception as error:  # whatever a peer raises counts as nothing found
            print(f"{page.id}: {type(error).__name__}", file=sys.stderr)
            paragraphs = []
        found.append(score(page, paragraphs, time.process_time() - started))
    return found


def show(name: str, scores: Sequence[Score]) -> None:
    by_set: dict[str, list[Score]] = defaultdict(list)
    for one in scores:
        by_set[one.page.collection].append(one)
    for collection, members in by_set.items():
        precision, recall = (fmean(one.match[side] for one in members) for side in (0, 1))
        languages = sorted({one.page.lang for one in members} & {"en", "fr", "zh"})
        by_language = "  ".join(
            f"{lang} {macro_f1([one.match for one in members if one.page.lang == lang]):.3f}"
            for lang in languages
        )
        middle = median(one.seconds for one in members)
        print(
            f"{name:32} {collection:16} F1 {macro_f1([one.match for one in members]):.3f}"
            f"  P {precision:.3f}  R {recall:.3f}  breaks {fmean(one.breaks for one in members):.3f}"
            f"  {1000 * middle:5.1f} ms, {1 / middle:4.0f} pages/s  {by_language}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--peers", action="store_true", help="measure the peers too (extra: bench)")
    arguments = parser.parse_args()
    pages = [page for folder in arguments.folders for page in read_set(folder)]
    for name, scores in ours(pages, arguments.folds).items():
        show(name, scores)
    for name, extractor in PEERS.items() if arguments.peers else ():
        show(name, peer(pages, extractor))


if __name__ == "__main__":
    main()
