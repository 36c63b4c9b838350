"""`corpusalign extract`: a page without its boilerplate."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from corpusalign.cli.fetching import (
    PAGE_HELP,
    add_allow_truncated,
    add_fetching,
    add_site_profile,
    page,
    site_profile,
)
from corpusalign.cli.shared import Commands, command, language_dispute

if TYPE_CHECKING:
    from corpusalign.types import Document

EXAMPLES = """\
examples:
  corpusalign extract page.html                title, date and source, then one block a line
  corpusalign extract https://example.org/ --json
  corpusalign extract - --lang fr --explain <page.html
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(commands, "extract", _run, "print a page without its boilerplate", EXAMPLES)
    parser.add_argument("page", metavar="PAGE", help=PAGE_HELP)
    parser.add_argument("--lang", help="the page's language, instead of detecting it")
    add_allow_truncated(parser)
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument(
        "--json", action="store_true", help="print the whole document, with paths and dropped blocks"
    )
    shape.add_argument(
        "--explain", action="store_true", help="print every block with its verdict and the reason"
    )
    add_site_profile(parser)
    add_fetching(parser)


def _run(options: argparse.Namespace) -> int:
    from corpusalign.extract import explain, extract

    source = page(options.page, options)
    how: dict[str, Any] = {
        "lang": options.lang,
        "allow_truncated": options.allow_truncated,
        "profile": site_profile(options),
    }
    if options.explain:
        for verdict in explain(source, **how):
            kept = "keep" if verdict.kept else "drop"
            print(f"{kept}  {verdict.probability:.2f}  {verdict.reason:<24}  {verdict.block.text}")
        return 0
    document = extract(source, **how)
    print(json.dumps(asdict(document), ensure_ascii=False, indent=1) if options.json else _as_text(document))
    return 0


def _as_text(document: Document) -> str:
    head = {
        "title": document.title,
        "date": document.date,
        "author": document.author,
        "source": document.source,
        "site": document.site,
        "lang": _language(document),
        "url": document.url,
        "canonical": document.canonical,
        **{f"version {lang}": address for lang, address in document.alternates.items()},
    }
    lines = [f"{key}: {value}" for key, value in head.items() if value]
    return "\n".join([*lines, "", *(block.text for block in document.blocks)])


def _language(document: Document) -> str:
    """Return the document's language, and what speaks against it."""
    against = language_dispute(document)
    return f"{document.lang} (but {against})" if against else document.lang
