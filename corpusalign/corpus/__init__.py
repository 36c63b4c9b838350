"""Many pages into one corpus: planned, cut into shards, run on all cores, resumed where it stopped."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from corpusalign import arguments
from corpusalign.corpus.records import (
    LEAST_MEMORY,
    Preview,
    Progress,
    Result,
    Runner,
    ShardFormat,
    Stopping,
    Summary,
)

__all__ = ["LEAST_MEMORY", "Preview", "Progress", "Result", "Summary", "build", "preview"]


@arguments.checked(
    source=arguments.path,
    output=arguments.path,
    languages=arguments.either(arguments.text, arguments.languages),
    pairs=arguments.optional(arguments.path),
    by_content=arguments.flag,
    runner=arguments.text,
    workers=arguments.optional(arguments.whole),
    address=arguments.optional(arguments.text),
    shard_size=arguments.optional(arguments.whole),
    timeout=arguments.optional(arguments.number),
    max_memory=arguments.optional(arguments.whole),
    allow_truncated=arguments.flag,
    limits=arguments.optional(arguments.either(arguments.text, arguments.several(arguments.text))),
    edits=arguments.optional(arguments.several(arguments.path)),
    format=arguments.text,
    work=arguments.optional(arguments.path),
    tmx=arguments.flag,
    progress=arguments.optional(arguments.function),
    stopping=arguments.optional(arguments.function),
)
def build(
    source: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    languages: Sequence[str] = (),
    pairs: str | os.PathLike[str] | None = None,
    by_content: bool = True,
    runner: Runner = "process",
    workers: int | None = None,
    address: str | None = None,
    shard_size: int | None = None,
    timeout: float | None = 300.0,
    max_memory: int | None = None,
    allow_truncated: bool = False,
    limits: Sequence[str] | None = None,
    edits: Sequence[str | os.PathLike[str]] | None = None,
    format: ShardFormat = "jsonl",
    work: str | os.PathLike[str] | None = None,
    tmx: bool = False,
    progress: Callable[[Progress], None] | None = None,
    stopping: Stopping | None = None,
) -> Result:
    """Make a corpus of all pages of a source, or finish or renew one that was begun.

    `source` is a folder of pages, a web archive, a file of page sets (a line each, tabs between the pages), a
    list of addresses, or the pairs that `corpusalign.pair.write_pairs` wrote; `output` a folder: shards
    `part-00000.jsonl.gz`, their rejected units `rejected-00000.jsonl.gz`, `rejects.jsonl`, `summary.json`,
    `summary.html`, `manifest.json` once the corpus is whole, with `tmx` also `corpus.tmx`. The same source
    gives the same shards, rejects and manifest whatever the runner, the number of workers (default: the
    cores) and the interruptions; what an earlier build of the folder made and nothing has changed stays.

    Source (a folder of pages, archives) and output may be addresses that fsspec reads (`s3://bucket/corpus`;
    extra `cloud`). An output elsewhere is built in the folder `work` of this machine, or one in the user's
    cache, and put in its place when it is whole, the manifest last.

    `languages` chooses and orders the languages (default: all, in the order of their codes). Pages are put
    together by their names, then by the versions that they link to, then (`by_content`) by what they say;
    with `pairs`, a file that `write_pairs` wrote, by that alone. `timeout`
    (seconds) and `max_memory` (bytes of a worker) hold for each page set; one that needs more is rejected.
    `shard_size` is in bytes of pages. `address` is that of a Ray cluster. `limits` are those on scores that a
    unit must keep (`similarity>=0.4`; default: the usual ones of `corpusalign.quality`); what is said again
    anywhere in the corpus is kept once. `edits` are files that a review page saved; they are remembered, and
    an empty list forgets them. `format` is that of the shards; `parquet` needs the extra of that name.
    `stopping` is asked before each shard whether to leave it at those in hand; the next build goes on from
    there.

    Raises ValueError for an argument that makes no sense, LanguageError for an unknown language, FetchError
    for a source that cannot be read, FormatError for limits or edits that are none, and for an output that
    cannot be written, holds other things, or is being built by another process.
    """
    from corpusalign.corpus.builder import Options, build_corpus

    options = Options(
        languages=languages,
        pairs=pairs,
        by_content=by_content,
        runner=runner,
        workers=workers,
        address=address,
        shard_size=shard_size,
        timeout=timeout,
        max_memory=max_memory,
        allow_truncated=allow_truncated,
        limits=limits,
        edits=edits,
        format=format,
        work=work,
        tmx=tmx,
    )
    return build_corpus(source, output, options, progress, stopping)


@arguments.checked(
    source=arguments.path,
    output=arguments.path,
    languages=arguments.either(arguments.text, arguments.languages),
    pairs=arguments.optional(arguments.path),
    by_content=arguments.flag,
    shard_size=arguments.optional(arguments.whole),
)
def preview(
    source: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    languages: Sequence[str] = (),
    pairs: str | os.PathLike[str] | None = None,
    by_content: bool = True,
    shard_size: int | None = None,
) -> Preview:
    """Return what `build` would do with a source; writes nothing but temporary files.

    Raises what `build` does for its source and arguments.
    """
    from corpusalign.corpus.builder import preview_corpus

    return preview_corpus(source, output, languages, pairs, by_content, shard_size)
