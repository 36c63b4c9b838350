"""Pairing pages by their content: `python -m benchmarks.pairing --set NAME en=FOLDER fr=FOLDER zh=FOLDER`.

Each folder of a set holds one language of the same pages under the same file names (a language code in them
does not count). Names, headings, tables of contents and links are hidden, the pages shuffled, and a share of
each side removed, anew for each seed. Gold are the pages of one name whose texts are in their folders'
languages; a page that nobody has translated is no partner. Prints recall and precision for each two
languages, all paired at once and two at a time.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from corpusalign.encode import default_encoder
from corpusalign.errors import CorpusAlignError
from corpusalign.extract import extract
from corpusalign.fetch import fetch
from corpusalign.languages.addresses import skeleton
from corpusalign.pair.groups import match
from corpusalign.pair.profile import Profile, profile_of
from corpusalign.types import Document

Key = tuple[str, str]
"""The language of a page's folder and its name."""

Row = tuple[str, str, str, str, str, str, str]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--set", nargs="+", action="append", required=True, metavar=("NAME", "LANG=FOLDER"), dest="sets"
    )
    parser.add_argument("--seeds", type=int, default=50, help="draws of each set (default: 50)")
    parser.add_argument("--first-seed", type=int, default=0, help="another one for tuning (default: 0)")
    parser.add_argument("--remove", type=float, default=0.3, help="share of each side removed (default: 0.3)")
    options = parser.parse_args()
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    print(f"python -m benchmarks.pairing; {len(seeds)} draws, {options.remove:.0%} of each side removed")
    rows = [("", "", "gold a", "all at once", "", "two at a time", "")]
    rows.append(("set", "pair", "draw", "recall", "precision", "recall", "precision"))
    for name, *folders in options.sets:
        profiles = read_set(parser, name, dict(folder.split("=", 1) for folder in folders))
        rows += measure(name, profiles, seeds, options.remove)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (*map(str.ljust, row[:2], widths), *map(str.rjust, row[2:], widths[2:]))
        print("  ".join(cells).rstrip())


def read_set(parser: argparse.ArgumentParser, name: str, folders: dict[str, str]) -> dict[Key, Profile]:
    """Return the profiles of a set's pages, and print how many there are."""
    profiles: dict[Key, Profile] = {}
    for lang, folder in folders.items():
        pages = read(lang, Path(folder))
        if not pages:
            parser.error(f"{folder}: holds no page")
        elsewhere = sum(page.lang != lang for page in pages.values())
        print(f"{name}: {len(pages)} pages in {lang}, {elsewhere} of them in another language")
        profiles |= pages
    return profiles


def measure(name: str, profiles: dict[Key, Profile], seeds: Sequence[int], remove: float) -> list[Row]:
    """Return a row for each two languages: recall and precision over all draws."""
    langs = list(dict.fromkeys(lang for lang, _ in profiles))
    together = {pair: Counter[str]() for pair in combinations(langs, 2)}
    alone = {pair: Counter[str]() for pair in combinations(langs, 2)}
    for seed in seeds:
        kept = sample(profiles, langs, remove, seed)
        count(profiles, kept, together)
        for pair in alone:
            count(profiles, [key for key in kept if key[0] in pair], {pair: alone[pair]})
    return [
        (name, "-".join(pair), f"{total['gold'] / len(seeds):.1f}", *share(total), *share(alone[pair]))
        for pair, total in together.items()
    ]


def read(lang: str, folder: Path) -> dict[Key, Profile]:
    """Return the profiles of a folder's pages with all that names them hidden."""
    documents: dict[str, Document] = {}
    for path in sorted(folder.glob("*.html")):
        if path.is_symlink():
            continue
        try:
            documents[skeleton(f"x:///{path.name}")] = extract(fetch(path))
        except CorpusAlignError as error:
            print(error)
    headings = {
        bare(block.text) for one in documents.values() for block in one.blocks if block.kind == "heading"
    }
    profiles = {}
    for number, (name, document) in enumerate(documents.items()):
        blocks = tuple(block for block in document.blocks if bare(block.text) not in headings)
        if blocks:
            url = f"https://x/{lang}/{lang}{number}"
            hidden = replace(document, url=url, title=None, alternates={}, blocks=blocks)
            profiles[lang, name] = profile_of(hidden, default_encoder())
    return profiles


def bare(text: str) -> str:
    """Return a heading, or its line in a table of contents, without numbers and spaces."""
    return "".join(character for character in text if character.isalpha())


def sample(profiles: dict[Key, Profile], langs: Sequence[str], remove: float, seed: int) -> list[Key]:
    rng = random.Random(seed)
    kept: list[Key] = []
    for lang in langs:
        side = [key for key in profiles if key[0] == lang]
        rng.shuffle(side)
        kept += side[: round(len(side) * (1 - remove))]
    rng.shuffle(kept)
    return kept


def count(
    profiles: dict[Key, Profile], kept: Sequence[Key], totals: dict[tuple[str, str], Counter[str]]
) -> None:
    """Pair the pages kept and add up gold, right and wrong pairs."""
    found = match([profiles[key] for key in kept], (), 0.5)
    key_of = {profiles[key].url: key for key in kept}
    for (one, other), total in totals.items():
        names = [{key[1] for key in kept if key[0] == lang == profiles[key].lang} for lang in (one, other)]
        total["gold"] += len(names[0] & names[1])
        for matched in found.matches:
            if one in matched.versions and other in matched.versions:
                keys = key_of[matched.versions[one]], key_of[matched.versions[other]]
                if keys[0][1] != keys[1][1]:
                    total["wrong"] += 1
                elif (keys[0][0], keys[1][0]) == (one, other):
                    # The rest are untranslated copies that stand for a page that was removed: neither.
                    total["right"] += 1


def share(total: Counter[str]) -> tuple[str, str]:
    recall = total["right"] / max(1, total["gold"])
    precision = total["right"] / max(1, total["right"] + total["wrong"])
    return f"{recall:.3f}", f"{precision:.3f}"


if __name__ == "__main__":
    main()
