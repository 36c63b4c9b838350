"""corpusalign: web pages that exist in several languages, turned into sentence-aligned translation memories.

The public API. Importing it loads nothing heavy: each stage imports what it needs when it is first called.
"""

from corpusalign.align import align, align_many
from corpusalign.errors import (
    AlignError,
    CorpusAlignError,
    DecodeError,
    ExtractError,
    FetchError,
    FormatError,
    LanguageError,
)
from corpusalign.extract import extract
from corpusalign.fetch import fetch
from corpusalign.formats import read, write
from corpusalign.pipeline import align_pages
from corpusalign.review import write_review
from corpusalign.segment import SrxRules, segment, write_srx
from corpusalign.types import (
    Alignment,
    AlignmentWarning,
    Bead,
    Bitext,
    Block,
    Document,
    DroppedBlock,
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
    "DecodeError",
    "Document",
    "DroppedBlock",
    "ExtractError",
    "FetchError",
    "FormatError",
    "LanguageError",
    "MultiAlignment",
    "MultiBead",
    "Origin",
    "Page",
    "Sentence",
    "Span",
    "SrxRules",
    "TranslationUnit",
    "__version__",
    "align",
    "align_many",
    "align_pages",
    "extract",
    "fetch",
    "read",
    "segment",
    "write",
    "write_review",
    "write_srx",
]
