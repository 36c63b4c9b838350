"""Pairing pages by their content: `python -m benchmarks.pairing en=FOLDER fr=FOLDER zh=FOLDER`.

Each folder holds one language of the same pages under the same file names (a language code in them does
not count). Names, headings, tables of contents and links are hidden, the pages shuffled, and a share of
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
from time import perf_counter

from corpusalign.encode import default_encoder
from corpusalign.errors import CorpusAlignError
from corpusalign.extract import extract
from corpusalign.fetch import fetch
from corpusalign.pair.address import skeleton
from corpusalign.pair.groups import match
from corpusalign.pair.profile import Profile, profile_of
from corpusalign.types import Document

Key = tuple[str, str]
"""The language of a page's folder and its name."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", metavar="LANG=FOLDER")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first-seed", type=int, default=0, help="another one for tuning (default: 0)")
    parser.add_argument("--remove", type=float, default=0.3, help="share of each side removed (default: 0.3)")
    options = parser.parse_args()
    folders = dict(argument.split("=", 1) for argument in options.folders)
    started = perf_counter()
    profiles: dict[Key, Profile] = {}
    for lang, folder in folders.items():
        profiles |= read(lang, Path(folder))
    print(f"{len(profiles)} pages profiled in {perf_counter() - started:.1f} s")
    for lang in folders:
        elsewhere = sum(key[0] == lang != page.lang for key, page in profiles.items())
        pages = sum(key[0] == lang for key in profiles)
        print(f"{lang}: {pages} pages, {elsewhere} of them in another language")
    together = {pair: Counter[str]() for pair in combinations(folders, 2)}
    alone = {pair: Counter[str]() for pair in combinations(folders, 2)}
    for seed in range(options.first_seed, options.first_seed + options.seeds):
        kept = sample(profiles, list(folders), options.remove, seed)
        count(profiles, kept, together)
        for pair in alone:
            count(profiles, [key for key in kept if key[0] in pair], {pair: alone[pair]})
    print("languages  gold a seed  together: recall precision  two at a time: recall precision")
    for pair in together:
        figures = [share(counts[pair]) for counts in (together, alone)]
        gold = together[pair]["gold"] / options.seeds
        print(f"{'-'.join(pair):9}  {gold:11.1f}  {figures[0]:>26}  {figures[1]:>32}")


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


def share(total: Counter[str]) -> str:
    recall = total["right"] / max(1, total["gold"])
    return f"{recall:.3f} {total['right'] / max(1, total['right'] + total['wrong']):.3f}"


if __name__ == "__main__":
    main()
