"""Whether versions give the same blocks: `python -m benchmarks.versions en=FOLDER fr=FOLDER zh=FOLDER`.

Each folder holds one language of the same pages under the same file names (a language code in them does not
count). Prints on how many pages the sequence of block kinds and levels is the same in all languages, the
versions cleaned together and each by itself.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from corpusalign.errors import CorpusAlignError
from corpusalign.extract import extract_each
from corpusalign.fetch import fetch
from corpusalign.languages.addresses import skeleton
from corpusalign.types import Document, Page


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", metavar="LANG=FOLDER")
    options = parser.parse_args()
    sides = [pages_of(Path(argument.partition("=")[2])) for argument in options.folders]
    names = sorted(set.intersection(*(set(side) for side in sides)))
    together = alone = 0
    for name in names:
        pages = [side[name] for side in sides]
        same = alike(extract_each(pages))
        together += same
        alone += alike([extract_each([page])[0] for page in pages])
        if not same:
            print(f"not the same: {name}")
    print(f"the same blocks on {together} of {len(names)} pages together, on {alone} each by itself")


def pages_of(folder: Path) -> dict[str, Page]:
    paths = (path for path in sorted(folder.glob("*.html")) if not path.is_symlink())
    return {skeleton(f"x:///{path.name}"): fetch(path) for path in paths}


def alike(found: Sequence[Document | CorpusAlignError]) -> bool:
    documents = [one for one in found if isinstance(one, Document)]
    shapes = {tuple((block.kind, block.level) for block in one.blocks) for one in documents}
    return len(documents) == len(found) and len(shapes) == 1


if __name__ == "__main__":
    main()
