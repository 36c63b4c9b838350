"""Many pages into one corpus: planned, cut into shards, run on all cores, resumed where it stopped."""

from corpusalign.corpus.builder import LEAST_MEMORY, Preview, Progress, Result, build, preview

__all__ = ["LEAST_MEMORY", "Preview", "Progress", "Result", "build", "preview"]
