"""How addresses are read: one block of options for every command that takes them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpusalign.cli.shared import seconds, size
from corpusalign.errors import FetchError
from corpusalign.fetch import MAX_BYTES

if TYPE_CHECKING:
    from corpusalign.extract.site_profile import SiteProfile
    from corpusalign.fetch.session import Session
    from corpusalign.types import Page

_PAGE_SUFFIXES = frozenset((".html", ".htm", ".xhtml", ".shtml", ".txt", ".md", ".markdown"))

PAGE_HELP = "a path, an http(s) address, or - for standard input"


def add_fetching(parser: argparse.ArgumentParser) -> None:
    """Add the options of `fetch` to a command."""
    group = parser.add_argument_group("reading addresses")
    group.add_argument(
        "--cache", metavar="FOLDER", help="keep answers there, and ask only whether they changed"
    )
    group.add_argument("--offline", action="store_true", help="read nothing but the cache")
    group.add_argument(
        "--timeout", type=seconds, default=30.0, metavar="SECONDS", help="for a page (default: 30)"
    )
    group.add_argument(
        "--max-bytes",
        type=size,
        default=MAX_BYTES,
        metavar="SIZE",
        help="of a page as unpacked (default: 64M)",
    )
    group.add_argument(
        "--delay",
        type=seconds,
        default=1.0,
        metavar="SECONDS",
        help="between two requests to one host (default: 1)",
    )
    group.add_argument(
        "--retries", type=count, default=2, metavar="N", help="after failures that may pass (default: 2)"
    )
    group.add_argument(
        "--contact",
        type=_ascii,
        metavar="ADDRESS",
        help="an e-mail or web address for the User-Agent to name",
    )
    group.add_argument("--allow-private", action="store_true", help="take private and loopback addresses too")


def add_allow_truncated(parser: argparse.ArgumentParser) -> None:
    """Add the option that takes pages which are refused otherwise."""
    parser.add_argument(
        "--allow-truncated", action="store_true", help="take pages that are evidently cut short"
    )


def fetch_options(options: argparse.Namespace) -> dict[str, Any]:
    """Return what was asked for as keywords of `fetch` and `Session`."""
    if options.offline and options.cache is None:
        options.parser.error("--offline needs --cache FOLDER")
    return {
        "cache": options.cache,
        "offline": options.offline,
        "timeout": options.timeout,
        "max_bytes": options.max_bytes,
        "delay": options.delay,
        "retries": options.retries,
        "contact": options.contact,
        "allow_private": options.allow_private,
    }


@contextmanager
def open_session(options: argparse.Namespace) -> Iterator[Session]:
    """Open a session as asked for."""
    from corpusalign.fetch.session import Session

    with Session(**fetch_options(options)) as session:
        yield session


def page(name: str, options: argparse.Namespace) -> Page:
    """Return the page of a path or address, or of standard input for `-`."""
    from corpusalign.fetch import fetch, make_page

    if name == "-":
        content = sys.stdin.buffer.read(options.max_bytes + 1)
        if len(content) > options.max_bytes:
            fault = f"is larger than {options.max_bytes:,} bytes"
            raise FetchError("standard input", fault, "raise the limit (--max-bytes), or cut the page")
        return make_page(content, "standard input")
    return fetch(name, **fetch_options(options))


def pages_of(source: str, rejected: list[tuple[str, str]]) -> Iterator[Page]:
    """Yield the pages of a web archive or of a folder.

    What cannot be read, a file or a record of the archive, is added to `rejected` with the reason.
    """
    from corpusalign.crawl import read_archive
    from corpusalign.fetch import fetch

    if not Path(source).is_dir():
        yield from read_archive(
            source,
            on_damage=lambda damage: rejected.append((f"{source}, byte {damage.offset:,}", damage.reason)),
        )
        return
    paths = [
        path
        for path in sorted(Path(source).rglob("*"))
        if path.suffix.lower() in _PAGE_SUFFIXES and not path.is_dir()
    ]
    if not paths:
        fault = f"holds no page ({', '.join(sorted(_PAGE_SUFFIXES))})"
        raise FetchError(source, fault, "give a folder of pages, or a web archive")
    for path in paths:
        try:
            yield fetch(path)
        except FetchError as error:
            rejected.append((str(path), error.fault))


def add_site_profile(parser: argparse.ArgumentParser) -> None:
    """Add the option of what was learned of a site."""
    parser.add_argument(
        "--site-profile", metavar="FILE", help="what `corpusalign learn` learned of the site's pages"
    )


def site_profile(options: argparse.Namespace) -> SiteProfile | None:
    """Return the profile that was asked for."""
    from corpusalign.extract import read_site_profile

    return read_site_profile(options.site_profile) if options.site_profile else None


def is_address(name: str) -> bool:
    """Say whether a page is named by an http(s) address."""
    return name.strip().lower().startswith(("http://", "https://"))


def count(text: str) -> int:
    """Read a whole number from 0 on, of times or of pages."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 on")
    return int(text)


def _ascii(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        raise argparse.ArgumentTypeError(f"{text!r} is not in ASCII, as an HTTP header must be")
    return text
