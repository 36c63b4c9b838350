"""corpusalign: web pages that exist in several languages, turned into sentence-aligned translation memories.

The public API. Importing it loads nothing heavy: each stage imports what it needs when it is first called.
"""

from corpusalign.align import align, align_many
from corpusalign.corpus import build
from corpusalign.errors import (
    AlignError,
    CorpusAlignError,
    DecodeError,
    ExtractError,
    FetchError,
    FormatError,
    LanguageError,
)
from corpusalign.extract import extract, extract_versions
from corpusalign.fetch import fetch
from corpusalign.formats import read, write
from corpusalign.memories import dedup, diff, lint, merged, plan_merge, stats
from corpusalign.pipeline import align_pages
from corpusalign.quality import Decision, Limit, decide, default_limits, estimate_lengths, score, scores_of
from corpusalign.review import apply_edits, read_edits, write_review
from corpusalign.segment import SrxRules, segment, write_srx
from corpusalign.terms import TermPair, terms, write_terms
from corpusalign.types import (
    Alignment,
    AlignmentWarning,
    Bead,
    Bitext,
    Block,
    Document,
    DroppedBlock,
    LanguageEvidence,
    MultiAlignment,
    MultiBead,
    Origin,
    Page,
    Sentence,
    Span,
    TranslationUnit,
)
from corpusalign.version import __version__

__all__ = [
    "AlignError",
    "Alignment",
    "AlignmentWarning",
    "Bead",
    "Bitext",
    "Block",
    "CorpusAlignError",
    "Decision",
    "DecodeError",
    "Document",
    "DroppedBlock",
    "ExtractError",
    "FetchError",
    "FormatError",
    "LanguageError",
    "LanguageEvidence",
    "Limit",
    "MultiAlignment",
    "MultiBead",
    "Origin",
    "Page",
    "Sentence",
    "Span",
    "SrxRules",
    "TermPair",
    "TranslationUnit",
    "__version__",
    "align",
    "align_many",
    "align_pages",
    "apply_edits",
    "build",
    "decide",
    "dedup",
    "default_limits",
    "diff",
    "estimate_lengths",
    "extract",
    "extract_versions",
    "fetch",
    "lint",
    "merged",
    "plan_merge",
    "read",
    "read_edits",
    "score",
    "scores_of",
    "segment",
    "stats",
    "terms",
    "write",
    "write_review",
    "write_srx",
    "write_terms",
]
