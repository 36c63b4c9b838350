"""What the stages hand to one another: frozen, slotted, and of the standard library only.

Anyone can walk a translation unit back: unit -> origin -> sentence -> character offsets in a block -> page
bytes (by their SHA-256).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, overload

BlockKind = Literal["heading", "paragraph", "list_item", "table_cell", "caption", "quote", "preformatted"]


@dataclass(frozen=True, slots=True)
class Page:
    """The bytes of one page as they came, before anyone read them.

    `url` is an address or a path; `content_type` the header's value, None where there was none; `fetched_at`
    a UTC time as `YYYY-MM-DDThh:mm:ssZ`; `sha256` the hexadecimal digest of `content`.
    """

    url: str
    content: bytes = field(repr=False)
    content_type: str | None
    fetched_at: str
    sha256: str


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
class Document:
    """What a page says, its boilerplate off: metadata and blocks in reading order.

    `lang` is a code of `corpusalign.languages`; `date` is ISO 8601 (`2020-11-11`); `source` the agency or
    publisher that the page names; `alternates` maps a language code to the address of that version of the
    page.
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
class Alignment:
    """Beads in order that tile both sides, and the signature of how they were made."""

    src_lang: str
    tgt_lang: str
    beads: tuple[Bead, ...]
    signature: str


@dataclass(frozen=True, slots=True)
class MultiBead:
    """A bead over two or more languages: one half-open range of sentences a language, some perhaps empty."""

    ranges: tuple[tuple[int, int], ...]
    confidence: float


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
    in the order of the pages given; `seconds` says how long each stage took.
    """

    languages: tuple[str, ...]
    documents: tuple[Document, ...]
    sentences: tuple[tuple[Sentence, ...], ...]
    rows: tuple[TranslationUnit, ...]
    signature: str
    seconds: Mapping[str, float] = field(default_factory=dict)
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
