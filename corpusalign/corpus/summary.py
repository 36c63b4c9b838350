"""What a corpus holds, in figures: from the plan and the markers, one shard at a time."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from math import comb
from pathlib import Path

from corpusalign.corpus import plan as plans
from corpusalign.corpus.markers import published_path, read_published
from corpusalign.corpus.records import (
    BINS,
    Published,
    Recipe,
    Reject,
    Summary,
    rejected_name,
    shard_name,
)
from corpusalign.corpus.sift import Wish, markers
from corpusalign.corpus.summary_page import summary_page
from corpusalign.errors import FormatError
from corpusalign.files import atomic_text


def write_summary(
    plan: sqlite3.Connection,
    output: Path,
    state: Path,
    recipe: Recipe,
    more: Iterable[Reject],
    seconds: float,
) -> Summary:
    """Add up the corpus; write rejects.jsonl, summary.json and summary.html.

    `more` are rejections that belong to no shard, `seconds` those that finding duplicates took. The rejects
    are the same for the same input, whatever built them; the seconds are not. Raises FormatError where a
    marker has gone or a file cannot be written.
    """
    pages, sets, _ = plans.count(plan)
    units = rejected = shards = pairs = 0
    counts = {name: Counter[str]() for name in ("sentences", "words", "rejects", "broken")}
    stages = Counter[str]({"deduplicate": seconds})
    bars = [0] * BINS
    with atomic_text(output / "rejects.jsonl") as file:

        def note(rejects: Iterable[Reject]) -> None:
            for reject in rejects:
                counts["rejects"][reject.reason] += len(reject.pages) or 1
                file.write(_line(reject))

        for number, marker in markers(plan, state):
            published = _published(state, number)
            units += published.units
            rejected += published.rejected
            counts["words"].update(published.words)
            counts["broken"].update(published.broken)
            bars = [sum(pair) for pair in zip(bars, published.histogram, strict=True)]
            for result in marker.results:
                counts["sentences"].update(result.sentences)
                pairs += comb(len(result.sentences), 2)
                note(result.rejects)
            note(published.rejects)
            stages.update(marker.seconds)
            shards += 1
        note(plans.rejects(plan))
        note(more)
    summary = Summary(
        pages=pages,
        sets=sets,
        pairs=pairs,
        units=units,
        units_rejected=rejected,
        shards=shards,
        sentences=_sorted(counts["sentences"]),
        words=_sorted(counts["words"]),
        histogram=tuple(bars),
        rejects=_sorted(counts["rejects"]),
        broken=_sorted(counts["broken"]),
        seconds={stage: round(spent, 3) for stage, spent in sorted(stages.items())},
        signature=recipe.signature,
    )
    with atomic_text(output / "summary.json") as file:
        json.dump(asdict(summary), file, indent=1)
    with atomic_text(output / "summary.html") as file:
        file.write(summary_page(summary))
    return summary


def write_manifest(plan: sqlite3.Connection, output: Path, state: Path, recipe: Recipe, wish: Wish) -> None:
    """Write manifest.json: every shard with its size and SHA-256; that it is there says the corpus is whole.

    It is the same for the same input, whatever built the corpus and how often that was interrupted.
    """
    shards = []
    for number, marker in markers(plan, state):
        published = _published(state, number)
        shards.append(
            {
                "name": shard_name(number, wish.format),
                "sets": len(marker.results),
                "units": published.units,
                "bytes": published.size,
                "sha256": published.sha256,
                "rejected": {
                    "name": rejected_name(number),
                    "units": published.rejected,
                    "sha256": published.rejected_sha256,
                },
            }
        )
    head = {
        "format": 2,
        "signature": recipe.signature,
        "languages": recipe.languages,
        "allow_truncated": recipe.allow_truncated,
        "limits": [str(limit) for limit in wish.limits],
    }
    with atomic_text(output / "manifest.json") as file:
        json.dump({**head, "shards": shards}, file, indent=1)


def _published(state: Path, number: int) -> Published:
    published = read_published(published_path(state, number))
    if published is None:
        raise FormatError(str(published_path(state, number)), "went away during the build", "build again")
    return published


def _line(reject: Reject) -> str:
    # As ASCII: a detail may hold what has no form in UTF-8.
    return json.dumps(asdict(reject)) + "\n"


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))
