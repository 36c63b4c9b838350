"""What a corpus holds, in figures: from the plan and the markers, one shard at a time."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from corpusalign.corpus import plan as plans
from corpusalign.corpus.markers import Marker, marker_path, read_marker
from corpusalign.corpus.records import BINS, Recipe, Reject, Summary, shard_name
from corpusalign.corpus.summary_page import summary_page
from corpusalign.errors import FormatError
from corpusalign.files import atomic_text


def write_summary(plan: sqlite3.Connection, output: Path, state: Path, recipe: Recipe) -> Summary:
    """Add up the corpus; write rejects.jsonl, summary.json and summary.html.

    The rejects are the same for the same input, whatever built them; the seconds are not. Raises FormatError
    where a marker has gone or a file cannot be written.
    """
    pages, sets, _ = plans.count(plan)
    units = 0
    counts = {name: Counter[str]() for name in ("sentences", "words", "rejects")}
    seconds: dict[str, float] = {}
    bars = [0] * BINS
    shards = 0
    with atomic_text(output / "rejects.jsonl") as file:
        for _, marker in markers(plan, state):
            for result in marker.results:
                units += result.units
                counts["sentences"].update(result.sentences)
                counts["words"].update(result.words)
                bars = [sum(pair) for pair in zip(bars, result.histogram, strict=True)]
                for reject in result.rejects:
                    counts["rejects"][reject.reason] += len(reject.pages)
                    file.write(_line(reject))
            for stage, spent in marker.seconds.items():
                seconds[stage] = seconds.get(stage, 0.0) + spent
            shards += 1
        for reject in plans.rejects(plan):
            counts["rejects"][reject.reason] += len(reject.pages)
            file.write(_line(reject))
    summary = Summary(
        pages=pages,
        sets=sets,
        units=units,
        shards=shards,
        sentences=_sorted(counts["sentences"]),
        words=_sorted(counts["words"]),
        histogram=tuple(bars),
        rejects=_sorted(counts["rejects"]),
        seconds={stage: round(spent, 3) for stage, spent in sorted(seconds.items())},
        signature=recipe.signature,
    )
    with atomic_text(output / "summary.json") as file:
        json.dump(asdict(summary), file, indent=1)
    with atomic_text(output / "summary.html") as file:
        file.write(summary_page(summary))
    return summary


def write_manifest(plan: sqlite3.Connection, output: Path, state: Path, recipe: Recipe) -> None:
    """Write manifest.json: every shard with its size and SHA-256; that it is there says the corpus is whole.

    It is the same for the same input, whatever built the corpus and how often that was interrupted.
    """
    shards = [
        {
            "name": shard_name(number),
            "sets": len(marker.results),
            "units": sum(result.units for result in marker.results),
            "bytes": marker.size,
            "sha256": marker.sha256,
        }
        for number, marker in markers(plan, state)
    ]
    head = {
        "format": 1,
        "signature": recipe.signature,
        "languages": recipe.languages,
        "allow_truncated": recipe.allow_truncated,
    }
    with atomic_text(output / "manifest.json") as file:
        json.dump({**head, "shards": shards}, file, indent=1)


def markers(plan: sqlite3.Connection, state: Path) -> Iterator[tuple[int, Marker]]:
    """Yield the shards' numbers and markers in order. Raises FormatError for one that cannot be read."""
    for shard in plans.shards(plan):
        marker = read_marker(marker_path(state, shard.number))
        if marker is None or marker.key != shard.key:
            raise FormatError(
                str(marker_path(state, shard.number)), "went away during the build", "build again"
            )
        yield shard.number, marker


def _line(reject: Reject) -> str:
    # As ASCII: a detail may hold what has no form in UTF-8.
    return json.dumps(asdict(reject)) + "\n"


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))
