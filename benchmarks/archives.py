"""How fast web archives are read: `python -m benchmarks.archives [--records 20000]`.

Writes a `.warc.gz` of pages as long as news pages are, and prints records a second of processor time, as
`read_warc` gives them (as pages, with their SHA-256), and for comparison as FastWARC and warcio hand out
bodies without checking or making anything of them.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from corpusalign.fetch.answer import Answer
from corpusalign.fetch.warc import read_warc
from corpusalign.fetch.warc_writer import Writer

FIXTURE = Path(__file__).parent.parent / "fixtures" / "sco-2020" / "en.html"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pages.warc.gz"
        write(path, options.records)
        print(f"{options.records} records, {path.stat().st_size / 1e6:.0f} MB packed")
        readers: dict[str, Callable[[Path], Iterator[bytes]]] = {
            "corpusalign": ours,
            "fastwarc": fastwarc,
            "warcio": warcio,
        }
        for name, reader in readers.items():
            started = time.process_time()
            read = sum(1 for _ in reader(path))
            seconds = time.process_time() - started
            print(f"{name:12} {read / seconds:8.0f} records/s")


def write(path: Path, count: int) -> None:
    page, rng = FIXTURE.read_bytes(), random.Random(1)
    with path.open("wb") as file:
        writer = Writer(file)
        for number in range(count):
            body = page[: 4000 + rng.randrange(6000)] + str(number).encode()
            headers = {"content-type": "text/html; charset=utf-8", "server": "a server"}
            url = f"https://example.org/{number}"
            writer.write_answer(Answer(url, 200, headers, body, "2024-01-01T00:00:00Z"))


def ours(path: Path) -> Iterator[bytes]:
    for page in read_warc(path):
        yield page.content


def fastwarc(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=True):
            yield record.reader.read()


def warcio(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        for record in WarcioIterator(file):
            if record.rec_type == "response":
                yield record.content_stream().read()


if __name__ == "__main__":
    main()
