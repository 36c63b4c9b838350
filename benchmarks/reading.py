"""Decoding and completeness on real pages: `python -m benchmarks.reading FOLDER`.

FOLDER is searched for .html files, all of them complete pages. Counts how each was decoded, as it is and
with its declarations made unreadable; whether random bytes are refused; how many whole pages are called cut
short, and how many pages cut at each twentieth of their length are.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter

from corpusalign.errors import DecodeError
from corpusalign.extract.completeness import is_truncated
from corpusalign.extract.decode import Reading, read
from corpusalign.fetch import make_page

RANDOM_SIZES = (16, 32, 64, 100, 256, 1000, 4096, 65_536)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", type=int, default=1000, help="random files of each size (default: 1000)")
    options = parser.parse_args()
    contents = {path: path.read_bytes() for path in sorted(options.folder.rglob("*.html")) if path.is_file()}
    started = perf_counter()
    readings = {path: reading(content) for path, content in contents.items()}
    seconds = perf_counter() - started
    size = sum(map(len, contents.values())) / 1e6
    print(f"{len(contents)} pages, {size:.0f} MB, decoded in {seconds:.1f} s")
    show("as they are", readings.values())
    hidden = (re.sub(rb"(?i)charset|encoding", b"x", content) for content in contents.values())
    show("without declarations", map(reading, hidden))
    taken = sum(
        reading(random.Random(f"{size}-{seed}").randbytes(size)) is not None
        for size in RANDOM_SIZES
        for seed in range(options.seeds)
    )
    print(f"random bytes: {taken} of {len(RANDOM_SIZES) * options.seeds} files taken for text")
    texts = [found.text for found in readings.values() if found is not None]
    whole = Counter(is_truncated(text) for text in texts)
    print(f"whole pages called cut short: {sum(whole.values()) - whole[None]} of {len(texts)}")
    cuts = [text[: len(text) * part // 20] for text in texts for part in range(1, 20)]
    print(f"cut pages found: {sum(is_truncated(cut) is not None for cut in cuts)} of {len(cuts)}")


def reading(content: bytes) -> Reading | None:
    """Return how some bytes were read, None where they were refused."""
    try:
        return read(make_page(content, "page"))
    except DecodeError:
        return None


def show(title: str, found: Iterable[Reading | None]) -> None:
    counts = Counter(
        f"{one.encoding} by {one.evidence}{', mended' * bool(one.replaced)}" if one else "refused"
        for one in found
    )
    print(f"{title}: {', '.join(f'{count} {what}' for what, count in counts.most_common())}")


if __name__ == "__main__":
    main()
