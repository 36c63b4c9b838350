"""Every page of a source: a folder, a web archive, a file of page sets, a list of addresses."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from corpusalign.corpus.naming import read_address, read_name
from corpusalign.corpus.pairs import read_pairs
from corpusalign.corpus.places import SPOOL, keep
from corpusalign.corpus.records import Found, Link, Moved, PageRef, Reject
from corpusalign.corpus.remote import fetch_remote, find_remote, read_remote
from corpusalign.errors import CorpusAlignError, FetchError
from corpusalign.fetch import fetch, make_page
from corpusalign.languages import folder
from corpusalign.types import Page

_PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".shtml", ".txt", ".md", ".markdown")
_ARCHIVE_SUFFIXES = (".warc", ".warc.gz")
_ADDRESS = ("http://", "https://")

OnReject = Callable[[Reject], None]
Evidence = Found | Link | Moved


def discover(source: Path | str, output: Path, state: Path, on_reject: OnReject) -> Iterator[Evidence]:
    """Yield the pages of a source, each read once for its digest, in no order that means anything.

    Of archives also what they tell of their pages: redirects, versions named by headers and sitemaps.

    A folder gives its pages (by suffix) and those of the archives in it; hidden files, the output's own
    folder and links that lead out of it are passed over. A text file whose lines have tabs is a file of page
    sets, another one a list of addresses and paths; a `.jsonl` file holds pairs (see `corpus.pairs`).
    A source given as text is an address that fsspec reads, of a folder or a file. `on_reject` is told of
    every page that cannot be read.

    Raises FetchError where the source itself cannot be read.
    """
    if isinstance(source, str):
        yield from _of_remote(source, state, on_reject)
    elif source.is_dir():
        yield from _of_folder(source, output, state, on_reject)
    elif source.name.lower().endswith(_ARCHIVE_SUFFIXES):
        yield from _of_archive(source, state, on_reject)
    elif source.name.lower().endswith(".jsonl"):
        yield from _of_pairs(source, state, on_reject)
    else:
        lines = _lines(source)
        if any("\t" in line for _, line in lines):
            yield from _of_sets(source, lines, state, on_reject)
        else:
            yield from _of_list(source, lines, state, on_reject)


def _of_folder(source: Path, output: Path, state: Path, on_reject: OnReject) -> Iterator[Evidence]:
    root = source.resolve()
    own = output.resolve()
    for path in _walk(root, own):
        name = _text(path.relative_to(root).as_posix())
        if path.name.lower().endswith(_ARCHIVE_SUFFIXES):
            yield from _of_archive(path, state, on_reject)
            continue
        if path.is_symlink() and not path.resolve().is_relative_to(root):
            on_reject(Reject(name, (name,), "fetch", "is a link that leads out of the folder"))
            continue
        stem, lang = read_name(_without_format(name))
        yield from _file(path, name, stem, lang, on_reject)


def _of_remote(source: str, state: Path, on_reject: OnReject) -> Iterator[Evidence]:
    for name, address in find_remote(source):
        if name.lower().endswith(_ARCHIVE_SUFFIXES):
            archive = fetch_remote(address, state)
            try:
                yield from _of_archive(archive, state, on_reject, name)
            finally:
                archive.unlink()
        elif _is_page(name.rpartition("/")[2]):
            try:
                content = read_remote(address)
            except CorpusAlignError as error:
                on_reject(Reject(name, (name,), "fetch", error.fault))
                continue
            stem, lang = read_name(_without_format(name))
            page = make_page(content, name, None, fetched_at="")
            yield Found(stem, PageRef(name, lang, page.sha256, len(content), "remote", address))


def _walk(folder: Path, own: Path) -> Iterator[Path]:
    """Yield the files below a folder that are pages or archives; folders behind links are not entered."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            entries = os.scandir(here)
        except OSError as error:
            raise FetchError(
                str(here), f"cannot be read ({error.strerror})", "check the permissions of the folder"
            ) from None
        with entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if Path(entry.path) != own:
                        waiting.append(Path(entry.path))
                elif _is_page(entry.name):
                    yield Path(entry.path)


def _is_page(name: str) -> bool:
    lowered = name.lower()
    if lowered.endswith((*_PAGE_SUFFIXES, *_ARCHIVE_SUFFIXES)):
        return True
    # page.html.en, as servers that negotiate keep it.
    before, _, _ = lowered.rpartition(".")
    return before.endswith(_PAGE_SUFFIXES) and read_name(name)[1] is not None


def _without_format(name: str) -> str:
    """Leave a page's name as it is unless two formats of one page would differ by it (`.htm`, `.xhtml`)."""
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}.html" if dot and suffix.lower() in ("htm", "xhtml", "shtml") else name


def _file(path: Path, url: str, stem: str, lang: str | None, on_reject: OnReject) -> Iterator[Found]:
    try:
        page = fetch(path)
    except CorpusAlignError as error:
        on_reject(Reject(url, (url,), "fetch", error.fault))
        return
    yield Found(stem, PageRef(url, lang, page.sha256, len(page.content), "file", str(path)))


def _of_archive(path: Path, state: Path, on_reject: OnReject, name: str | None = None) -> Iterator[Evidence]:
    from corpusalign.corpus.archived import told
    from corpusalign.fetch import page_of
    from corpusalign.fetch.warc import Damage, records

    name = _text(name or path.name)

    def damaged(damage: Damage) -> None:
        where = f"{name}, byte {damage.offset:,}"
        on_reject(Reject(where, (where,), "damaged", damage.reason))

    with closing(sqlite3.connect(state / SPOOL)) as spool:
        for answer in records(path, on_damage=damaged):
            is_a_page = yield from told(answer)
            if not is_a_page:
                continue
            page = page_of(answer)
            keep(spool, page)
            url = _text(page.url)
            stem, lang = read_address(url)
            yield Found(stem, _ref(page, url, lang))
        spool.commit()


def _ref(page: Page, url: str, lang: str | None) -> PageRef:
    return PageRef(url, lang, page.sha256, len(page.content), "archive", content_type=page.content_type)


def _lines(source: Path) -> list[tuple[int, str]]:
    """Return the numbered lines of a text file that are neither blank nor comments (`#`)."""
    content = fetch(source).content
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FetchError(
            str(source), f"is neither an archive nor UTF-8 text ({error})", "give a folder or a list"
        ) from None
    lines = enumerate(text.splitlines(), start=1)
    return [(number, line) for number, line in lines if line.strip() and not line.lstrip().startswith("#")]


def _of_sets(source: Path, lines: list[tuple[int, str]], state: Path, on_reject: OnReject) -> Iterator[Found]:
    """Read a line a page set, its pages apart by tabs; a first line of language codes names the columns."""
    header = _header(lines[0][1])
    for number, line in lines[1:] if header else lines:
        cells = [cell.strip() for cell in line.split("\t")]
        if header and len(cells) > len(header):
            raise FetchError(
                f"{source}: line {number}",
                f"has {len(cells)} pages, but the first line names {len(header)} languages",
                "give a language for each column",
            )
        # Padded, so that the sets keep the order of the lines.
        stem = f"line {number:09}"
        for column, cell in enumerate(cells):
            if cell:
                lang = header[column] if header else None
                yield from _listed(source, cell, stem, lang, state, on_reject)


def _of_pairs(source: Path, state: Path, on_reject: OnReject) -> Iterator[Found]:
    """Read what `corpusalign pair` wrote: each line of versions is a page set."""
    for line in read_pairs(source):
        if line.alone is not None:
            on_reject(Reject(line.alone, (line.alone,), "unpaired", line.why or ""))
        for lang, name in line.versions.items():
            yield from _listed(source, name, f"line {line.number:09}", lang, state, on_reject)


def _header(line: str) -> list[str] | None:
    try:
        return [folder(cell) for cell in line.split("\t")]
    except CorpusAlignError:
        return None


def _of_list(source: Path, lines: list[tuple[int, str]], state: Path, on_reject: OnReject) -> Iterator[Found]:
    for _, line in lines:
        yield from _listed(source, line.strip(), None, None, state, on_reject)


def _listed(
    source: Path, name: str, stem: str | None, lang: str | None, state: Path, on_reject: OnReject
) -> Iterator[Found]:
    """Yield the page that a line names: an address, or a path beside the list."""
    if not name.lower().startswith(_ADDRESS):
        of_name, told = read_name(_without_format(name))
        yield from _file(source.parent / name, name, stem or of_name, lang or told, on_reject)
        return
    of_name, told = read_address(name)
    answers = state / "answers"
    try:
        page = fetch(name, cache=answers)
    except CorpusAlignError as error:
        on_reject(Reject(name, (name,), "fetch", error.fault))
        return
    yield Found(
        stem or of_name,
        PageRef(name, lang or told, page.sha256, len(page.content), "web", str(answers), page.content_type),
    )


def _text(name: str) -> str:
    r"""Return a name as text, with bytes that are not UTF-8 written as `\xff`."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
