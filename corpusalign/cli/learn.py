"""`corpusalign learn`: what the pages of a site share."""

from __future__ import annotations

import argparse

from corpusalign.cli.fetching import count, pages_of
from corpusalign.cli.shared import Commands, command, tell

EXAMPLES = """\
examples:
  corpusalign learn site.warc.gz -o site.json            what repeats on the pages of a crawl
  corpusalign extract page.html --site-profile site.json
  corpusalign align en.html fr.html --site-profile site.json -o memory.tmx
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(commands, "learn", _run, "learn what the pages of a site share", EXAMPLES)
    parser.add_argument("source", metavar="SOURCE", help="a web archive, or a folder of pages, of one site")
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="the site profile (.json)")
    parser.add_argument(
        "--limit", type=count, default=200, metavar="N", help="pages to learn from at most (default: 200)"
    )


def _run(options: argparse.Namespace) -> int:
    from itertools import islice

    from corpusalign.extract import learn_site_profile, write_site_profile
    from corpusalign.files import check_writable

    check_writable(options.output)
    rejected: list[tuple[str, str]] = []
    profile = learn_site_profile(islice(pages_of(options.source, rejected), options.limit))
    write_site_profile(profile, options.output)
    tell(rejected)
    print(
        f"pages     {len(profile.pages)}\nrepeated  {len(profile.texts)} texts\n"
        f"places    {len(profile.places)}\nprofile   {options.output}"
    )
    return 0
