"""What the parts of a corpus build hand to one another: pages, page sets, jobs and what came of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Runner = Literal["serial", "process", "ray"]
ShardFormat = Literal["jsonl", "parquet"]

LEAST_MEMORY = 512 << 20
"""Bytes that a worker needs for the model and pages of ordinary size."""

PageKind = Literal["file", "archive", "web", "remote"]

Reason = Literal[
    "unpaired",
    "duplicate",
    "second",
    "language",
    "fetch",
    "changed",
    "decode",
    "extract",
    "align",
    "not-parallel",
    "timeout",
    "memory",
    "crash",
    "internal",
    "damaged",
    "near-duplicate",
    "edit",
]
"""Why something is not in the corpus; docs/scaling.md says what each means."""

PASSING: frozenset[Reason] = frozenset({"fetch", "changed", "timeout", "memory", "crash", "internal"})
"""The reasons that may not hold the next time: such a page set is tried again by the next build."""

EXACT = 255
"""The mark of a unit that is in the corpus already; that of a near-duplicate says how near it is."""

BINS = 20
"""Bars of the confidence histogram, each 1 / BINS wide."""


@dataclass(frozen=True, slots=True)
class PageRef:
    """A page that was found, and where its bytes are.

    `url` is what units will name as their origin: the path inside the source folder, or the address. `lang`
    is None where the name does not tell it. `where` is the path of the file (`file`), its address (`remote`),
    or the path of the folder of answers (`web`); empty for a page of an archive (`archive`), which is in the
    spool.
    """

    url: str
    lang: str | None
    sha256: str
    size: int
    kind: PageKind
    where: str = ""
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A page, and the name that it shares with the other versions of it."""

    stem: str
    page: PageRef


@dataclass(frozen=True, slots=True)
class Link:
    """What a server's header or a site's map says: that one address is another's version."""

    url: str
    other: str


@dataclass(frozen=True, slots=True)
class Moved:
    """An address that stands for another: a redirect, or another way to write it."""

    url: str
    to: str


@dataclass(frozen=True, slots=True)
class PageSet:
    """Pages that say the same in two or more languages, in the order of the languages."""

    name: str
    pages: tuple[PageRef, ...]

    @property
    def size(self) -> int:
        """The bytes of its pages: what the work is estimated by."""
        return sum(page.size for page in self.pages)

    def key(self, recipe: Recipe) -> str:
        """Return the digest of all that decides the set's units: its pages and how they are worked on."""
        facts = [[page.url, page.lang, page.sha256, page.content_type] for page in self.pages]
        return digest([recipe.digest, facts])


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides the units of a page set beside its pages. `signature` names encoder, weights, version."""

    signature: str
    languages: tuple[str, ...]
    allow_truncated: bool

    @property
    def digest(self) -> str:
        """The digest that done markers carry: another one, and the work is done again."""
        return digest([self.signature, self.languages, self.allow_truncated])


@dataclass(frozen=True, slots=True)
class Limits:
    """What one page set may take: seconds, and bytes of memory of the process that works on it."""

    seconds: float | None = None
    memory: int | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """Something that is not in the corpus: a page, or a whole set, and why; `detail` is for people."""

    set: str
    pages: tuple[str, ...]
    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class SetResult:
    """What came of one page set: where its units lie in the shard (a gzip member of their own), and how many.

    A set without units has `length` 0.
    """

    key: str
    offset: int
    length: int
    units: int
    sentences: Mapping[str, int]
    rejects: tuple[Reject, ...]

    @property
    def is_final(self) -> bool:
        """Whether doing it again could bring nothing else."""
        return not any(reject.reason in PASSING for reject in self.rejects)


@dataclass(frozen=True, slots=True)
class Reusable:
    """The result of an earlier build for a page set that did not change, and the shard that holds it."""

    shard: str
    result: SetResult


@dataclass(frozen=True, slots=True)
class Job:
    """One shard to be made: all that a worker needs to know, small enough to be sent anywhere.

    `state` is the folder of the build's own files. `given_up` maps numbers of sets to the reason why a
    worker shall not try them: they stopped earlier workers.
    """

    number: int
    key: str
    state: str
    recipe: Recipe
    limits: Limits
    sets: tuple[PageSet, ...]
    reusable: Mapping[int, Reusable] = field(default_factory=dict)
    given_up: Mapping[int, Reason] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """The bytes of its pages."""
        return sum(one.size for one in self.sets)


@dataclass(frozen=True, slots=True)
class Publication:
    """One shard to be sifted, mended and set in its place: what is kept of its units, once each.

    `key` is the digest of all that decides it. `languages` are those of the corpus, in order. `limits` are
    written as `quality.parse_limit` reads them. `repeats` has a byte a unit: 0, EXACT, or how near another
    one it is; `doubled` the page sets that are near-duplicates of others, by number. `edits` are the records
    of what people did to units of this shard.
    """

    number: int
    key: str
    output: str
    state: str
    format: ShardFormat
    languages: tuple[str, ...]
    limits: tuple[str, ...]
    repeats: bytes
    doubled: Mapping[int, Reject]
    edits: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Published:
    """A shard in its place: the digest of what decided it, its file and that of its rejected units, figures.

    `words` counts words where a language sets them apart by spaces, characters where it does not; `histogram`
    the units by confidence; `broken` the rejected units by the score that broke its limit, of which one unit
    may have several.
    """

    key: str
    size: int
    sha256: str
    rejected_sha256: str
    units: int
    rejected: int
    words: Mapping[str, int]
    histogram: tuple[int, ...]
    broken: Mapping[str, int]
    rejects: tuple[Reject, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a worker says when a shard stands in its place; `memory` is the most bytes that it has held."""

    number: int
    size: int
    sets: int
    reused: int
    units: int
    rejects: int
    memory: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a corpus.

    `pairs` counts pages that were aligned with one another, two by two: three in a set of three languages.
    `words` counts letters in languages that do not set words apart; `histogram` counts units by confidence
    in equal steps from 0 to 1; `rejects` counts pages by reason, `broken` rejected units by the score that
    broke its limit (one unit may break several); `seconds` are of all work by stage, added up over workers.
    """

    pages: int
    sets: int
    pairs: int
    units: int
    units_rejected: int
    shards: int
    sentences: Mapping[str, int]
    words: Mapping[str, int]
    histogram: tuple[int, ...]
    rejects: Mapping[str, int]
    broken: Mapping[str, int]
    seconds: Mapping[str, float]
    signature: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What an earlier build left: `shards` that hold, and those that do not.

    These had another input or other options (`changed`), are not what their markers say (`damaged`), or hold
    a rejection that need not happen again (`retried`).
    """

    shards: int = 0
    changed: int = 0
    damaged: int = 0
    retried: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What a build would do: the pages that were found, the sets they make, their bytes, and the shards."""

    pages: int
    sets: int
    size: int
    shards: tuple[int, ...]
    rejects: dict[str, int]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build has come. `kept` says what an earlier one left; the counts are of this one's own work.

    `sets` and `shards` are to be done, `begun` page sets have been taken up (again where a worker was lost),
    `memory` is the most bytes that any worker has held. `to_publish` is None until all shards are made.
    """

    kept: Kept
    shards: int
    sets: int
    done: int = 0
    begun: int = 0
    reused: int = 0
    units: int = 0
    rejects: int = 0
    memory: int = 0
    to_publish: int | None = None
    published: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """How a build ended: the figures of the whole corpus, None where it was stopped before it was whole."""

    progress: Progress
    summary: Summary | None


Task = Job | Publication

OnSet = Callable[[int], None]
"""Called by a worker with the number of the page set in its job that it begins."""

OnReceipt = Callable[[Receipt], None]
"""Called by a runner for each shard that is done."""

Stopping = Callable[[], bool]
"""Asked by a runner before it begins another shard: whether to stop instead."""


def shard_name(number: int, format: ShardFormat = "jsonl") -> str:
    """Return the file name of a shard."""
    return f"part-{number:05}.{'parquet' if format == 'parquet' else 'jsonl.gz'}"


def rejected_name(number: int) -> str:
    """Return the file name of the units of a shard that were rejected."""
    return f"rejected-{number:05}.jsonl.gz"


def digest(facts: object) -> str:
    """Return the SHA-256 of facts as JSON, in hexadecimal."""
    return hashlib.sha256(json.dumps(facts).encode("ascii")).hexdigest()
