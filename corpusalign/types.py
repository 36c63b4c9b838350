"""What the stages hand to one another: frozen, slotted, and of the standard library only.

Anyone can walk a translation unit back: unit -> origin -> sentence -> character offsets in a block -> page
bytes (by their SHA-256).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, overload

BlockKind = Literal["heading", "paragraph", "list_item", "table_cell", "caption", "quote", "preformatted"]


@dataclass(frozen=True, slots=True)
class Page:
    """The bytes of one page as they came, before anyone read them.

    `url` is an address or a path; `content_type` the header's value, None where there was none; `fetched_at`
    a UTC time as `YYYY-MM-DDThh:mm:ssZ`; `sha256` the hexadecimal digest of `content`. What is known of the
    page besides its bytes: `alternates`, its versions in other languages as the server's header or the site's
    map named them (pairs of language tag and address), and `aliases`, addresses that lead to it by redirects.
    """

    url: str
    content: bytes = field(repr=False)
    content_type: str | None
    fetched_at: str
    sha256: str
    alternates: tuple[tuple[str, str], ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """One block of running text: what a reader sees as a paragraph, a heading, a list item, a table cell.

    `level` is 1 to 6 for headings, the nesting depth (from 1) for list items, 0 for the rest. `path` is where
    the block stands in the page: an absolute element path such as `/html/body/div[2]/p[3]`, or `line 12` in
    plain text.
    """

    kind: BlockKind
    level: int
    text: str
    path: str


@dataclass(frozen=True, slots=True)
class DroppedBlock:
    """A block that was judged to be boilerplate, and why."""

    block: Block
    reason: str


@dataclass(frozen=True, slots=True)
class LanguageEvidence:
    """What a page's markup and its text say about its language.

    `markup` is the language of `<html lang>` and its like (the tag as written where corpusalign does not know
    it), None where it says none; `text` the code of the language that the main text looks like (`und` without
    letters), `probability` from 0 to 1 how sure that is. `agree` is false where the two, or the language that
    was asked for and the text, are plainly at odds.
    """

    markup: str | None
    text: str
    probability: float
    agree: bool


@dataclass(frozen=True, slots=True)
class Document:
    """What a page says, its boilerplate off: metadata and blocks in reading order.

    `lang` is a code of `corpusalign.languages`, `language` what it was settled by; `date` is ISO 8601
    (`2020-11-11`); `source` the agency or publisher that the page names, `site` the site; `canonical` the
    address that the page calls its own; `alternates` maps a language code to the address of that version of
    the page.
    """

    id: str
    url: str
    lang: str
    title: str | None
    date: str | None
    author: str | None
    source: str | None
    blocks: tuple[Block, ...]
    dropped: tuple[DroppedBlock, ...]
    alternates: Mapping[str, str]
    page_sha256: str
    site: str | None = None
    canonical: str | None = None
    language: LanguageEvidence | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and where it stands: `document.blocks[block].text[start:end] == text`, always.

    Offsets count characters (code points). Sentences cut from a bare string have `block` 0.
    """

    text: str
    block: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Bead:
    """Source sentences `[src_start, src_stop)` correspond to target sentences `[tgt_start, tgt_stop)`.

    One side may be empty (an omission). `confidence` is a probability from 0 to 1.
    """

    src_start: int
    src_stop: int
    tgt_start: int
    tgt_stop: int
    confidence: float


@dataclass(frozen=True, slots=True)
class AlignmentWarning:
    """What makes an alignment doubtful as a whole.

    `NotParallel`: the documents (or most of them) are no translations of one another. `OutOfOrder`: stretches
    that stay unaligned here match one another elsewhere, such as chapters in another order. `languages` are
    the pair.
    """

    kind: Literal["NotParallel", "OutOfOrder"]
    languages: tuple[str, str]
    message: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """The beads of confidence `limit` and more: how many, the precision and the recall to expect of them."""

    limit: float
    beads: int
    precision: float
    recall: float


def threshold_for(confidences: Iterable[float], precision: float) -> Threshold | None:
    """Return the lowest limit at which the beads kept are right with the precision wanted, or None.

    The confidences are taken as probabilities: those kept average to the precision to expect, and their sum
    over that of all is the share of right beads that remains (the recall). `precision` is from 0 to 1.
    """
    if not 0 <= precision <= 1:
        raise ValueError(f"a precision is from 0 to 1, not {precision}")
    ordered = sorted(confidences, reverse=True)
    whole = sum(ordered)
    best, right = None, 0.0
    for kept, confidence in enumerate(ordered, start=1):
        right += confidence
        following = ordered[kept] if kept < len(ordered) else None
        if right >= precision * kept and following != confidence:
            best = Threshold(confidence, kept, right / kept, right / whole if whole else 0.0)
    return best


@dataclass(frozen=True, slots=True)
class Alignment:
    """Beads in order that tile both sides, and the signature of how they were made.

    `score` is how much more similar the aligned runs are than runs taken at random, weighted by confidence,
    an average sentence (about 0.5 for a close translation, below 0.18 for documents that are none); None
    where nothing was compared.
    """

    src_lang: str
    tgt_lang: str
    beads: tuple[Bead, ...]
    signature: str
    score: float | None = None
    warnings: tuple[AlignmentWarning, ...] = ()

    def threshold_for(self, *, precision: float) -> Threshold | None:
        """Return the confidence limit that gives beads with both sides a precision, and what it costs."""
        both = (b.confidence for b in self.beads if b.src_start < b.src_stop and b.tgt_start < b.tgt_stop)
        return threshold_for(both, precision)


@dataclass(frozen=True, slots=True)
class MultiBead:
    """A bead over two or more languages: one half-open range of sentences a language, some perhaps empty."""

    ranges: tuple[tuple[int, int], ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class MultiAlignment(Sequence[MultiBead]):
    """The groups of two or more languages, in order: a sequence of them that tiles all sides.

    `scores` has the score of each pair of languages (see Alignment); `warnings` those of all pairs.
    """

    languages: tuple[str, ...]
    beads: tuple[MultiBead, ...]
    signature: str
    scores: Mapping[tuple[str, str], float | None] = field(default_factory=dict)
    warnings: tuple[AlignmentWarning, ...] = ()

    def threshold_for(self, *, precision: float) -> Threshold | None:
        """Return the confidence limit that gives groups of several languages a precision, and its cost."""
        several = (b.confidence for b in self.beads if sum(start < stop for start, stop in b.ranges) > 1)
        return threshold_for(several, precision)

    def __len__(self) -> int:
        return len(self.beads)

    @overload
    def __getitem__(self, index: int) -> MultiBead: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[MultiBead, ...]: ...

    def __getitem__(self, index: int | slice) -> MultiBead | tuple[MultiBead, ...]:
        return self.beads[index]

    def __iter__(self) -> Iterator[MultiBead]:
        return iter(self.beads)


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `[start, end)` of the block numbered `block` (from 0) that stands at `path` in its page."""

    block: int
    path: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a variant of a unit comes from: the page's address, its bytes' SHA-256, its sentences' places."""

    url: str
    page_sha256: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class TranslationUnit:
    """The same content in two or more languages.

    `id` is made of the page's address and the text, so that it stays when other parts of the page change;
    `variants` and `origin` are keyed by language code; `scores` holds named figures besides the confidence.
    """

    id: str
    variants: Mapping[str, str]
    confidence: float
    scores: Mapping[str, float] = field(default_factory=dict)
    origin: Mapping[str, Origin] = field(default_factory=dict)
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Bitext(Sequence[TranslationUnit]):
    """Pages aligned with one another: a sequence of their translation units, and all that they were made of.

    `rows` holds every group in document order, those with one language only (omissions) included; the
    sequence itself is the rows that have two languages or more. `languages`, `documents` and `sentences` are
    in the order of the pages given; `seconds` says how long each language's page took, and the aligning
    (`align`); `warnings` what makes the alignment doubtful as a whole.
    """

    languages: tuple[str, ...]
    documents: tuple[Document, ...]
    sentences: tuple[tuple[Sentence, ...], ...]
    rows: tuple[TranslationUnit, ...]
    signature: str
    seconds: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[AlignmentWarning, ...] = ()
    units: tuple[TranslationUnit, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Keep the rows that are translation units apart, so that indexing is constant time."""
        object.__setattr__(self, "units", tuple(row for row in self.rows if len(row.variants) > 1))

    def __len__(self) -> int:
        return len(self.units)

    @overload
    def __getitem__(self, index: int) -> TranslationUnit: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[TranslationUnit, ...]: ...

    def __getitem__(self, index: int | slice) -> TranslationUnit | tuple[TranslationUnit, ...]:
        return self.units[index]

    def __iter__(self) -> Iterator[TranslationUnit]:
        return iter(self.units)
