"""`corpusalign versions` and `corpusalign crawl`: from one address to many."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from corpusalign.cli.fetching import add_allow_truncated, add_fetching, count, open_session
from corpusalign.cli.shared import Commands, command, progress_bar, table, tell
from corpusalign.crawl import NEGOTIATED

VERSIONS_EXAMPLES = """\
examples:
  corpusalign versions https://example.org/en/   its other language versions: language, address, title
  corpusalign versions https://example.org/en/ --json
"""
CRAWL_EXAMPLES = """\
examples:
  corpusalign crawl https://example.org/ -o example.warc.gz --limit 500
      one polite request at a time; run it again to carry on where it stopped
  corpusalign crawl https://example.org/ -o news.warc.gz --include '/news/'
"""


def add(commands: Commands) -> None:
    """Add both commands to the parser."""
    versions = command(commands, "versions", _versions, "find a page's language versions", VERSIONS_EXAMPLES)
    versions.add_argument("url", metavar="URL", help="an http(s) address")
    versions.add_argument("--json", action="store_true", help="print them as JSON, with what was refused")
    add_allow_truncated(versions)
    add_fetching(versions)
    crawl = command(commands, "crawl", _crawl, "archive the pages of a site (WARC)", CRAWL_EXAMPLES)
    crawl.add_argument("url", metavar="URL", help="where to start")
    crawl.add_argument("-o", "--output", required=True, metavar="FILE", help="the archive (.warc.gz)")
    add_crawling(crawl)
    crawl.add_argument("-q", "--quiet", action="store_true", help="print nothing but errors")
    add_fetching(crawl)


def add_crawling(parser: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    """Add what says how far a crawl goes."""
    parser.add_argument("--limit", type=count, metavar="N", help="pages at most (default: 1000)")
    parser.add_argument("--include", metavar="REGEX", help="only addresses in which this is found")
    parser.add_argument("--exclude", metavar="REGEX", help="no address in which this is found")


CRAWLING = ("limit", "include", "exclude")
"""The options that `add_crawling` adds; None where they are not given."""


def crawl_options(options: argparse.Namespace) -> dict[str, Any]:
    """Return how far to go as keywords of `crawl`, as far as it was said."""
    return {name: getattr(options, name) for name in CRAWLING if getattr(options, name) is not None}


def _versions(options: argparse.Namespace) -> int:
    from corpusalign.crawl import discover

    with open_session(options) as session:
        found = discover(options.url, session=session, allow_truncated=options.allow_truncated)
    if options.json:
        versions = [
            {
                "lang": version.lang,
                "url": version.page.url,
                "title": version.document.title,
                "negotiated": version.negotiated,
            }
            for version in found.versions
        ]
        refused = [{"url": url, "reason": reason} for url, reason in found.refused]
        print(json.dumps({"versions": versions, "refused": refused}, ensure_ascii=False, indent=1))
        return 0
    for version in found.versions:
        print(f"{version.lang}\t{version.page.url}\t{version.document.title or ''}")
    if len(found.versions) == 1:
        fault = "names no version in another language"
        fault += " that can be read" if found.refused else ", nor does a sitemap of its site"
        if found.versions[0].negotiated:
            fault += f"; {NEGOTIATED}"
        tell([(options.url, fault)])
    tell(found.refused)
    return 0


def _crawl(options: argparse.Namespace) -> int:
    from corpusalign.crawl import crawl

    try:
        with open_session(options) as session, progress_bar(options.quiet) as progress:
            report = crawl(
                options.url,
                options.output,
                session=session,
                progress=progress,
                **crawl_options(options),
            )
    except KeyboardInterrupt:
        print(
            f"corpusalign: stopped; {options.output} holds what was archived, the same command goes on",
            file=sys.stderr,
        )
        return 130
    if not options.quiet:
        rows = [
            ("archived", str(report.archived)),
            ("before", str(report.before)),
            ("pages in all", str(report.pages)),
            ("failed", str(len(report.failed))),
            ("left over", str(report.left_over)),
            ("damaged", str(report.damaged)),
        ]
        print(table(rows))
        for url, reason in report.failed:
            print(f"failed: {url}: {reason}")
    return 0
