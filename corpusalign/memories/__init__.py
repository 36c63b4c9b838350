"""Whole memories: merge, dedup, diff, split, lint, stats, over streams of translation units.

Nothing here reads or writes files: what must be walked twice is given as a function that opens it anew.
"""

from corpusalign.memories.compare import Change, diff
from corpusalign.memories.deduplicate import dedup, duplicates
from corpusalign.memories.lint import Finding, lint
from corpusalign.memories.merge import Memory, MergePlan, Preference, merged, overruled, plan_merge
from corpusalign.memories.partition import parse_shares, part_of
from corpusalign.memories.statistics import Stats, stats

__all__ = [
    "Change",
    "Finding",
    "Memory",
    "MergePlan",
    "Preference",
    "Stats",
    "dedup",
    "diff",
    "duplicates",
    "lint",
    "merged",
    "overruled",
    "parse_shares",
    "part_of",
    "plan_merge",
    "stats",
]
