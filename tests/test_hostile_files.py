"""Every reader of files stands what means harm: a result or one clear error, within 10 seconds and 500 MB."""

from __future__ import annotations

import contextlib
import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import corpusalign as ca
from corpusalign.corpus.pairs import read_pairs
from corpusalign.errors import CorpusAlignError
from corpusalign.fetch.answer import Answer
from corpusalign.fetch.warc import read_warc
from corpusalign.fetch.warc_writer import Writer
from corpusalign.review import apply_edits, read_edits, read_sheet, write_edits, write_sheet
from corpusalign.review.edits import Approve, Divide, Merge, Rewrite
from corpusalign.types import TranslationUnit

from .conftest import FIXTURES
from .hostile import memories, pages
from .hostile.files import archives, edits, exchange, pairs, rules
from .hostile.mutants import mutants

pytestmark = pytest.mark.usefixtures("within_bounds")
Reader = Callable[[Path], None]
UNITS = (
    TranslationUnit("a", {"en": "The mill turns.", "fr": "Le moulin tourne."}, 0.9),
    TranslationUnit("b", {"en": "It is spring.", "fr": "C’est le printemps."}, 0.8),
)


def read_memory(path: Path) -> None:
    for unit in ca.read(path):
        harmless("".join(unit.variants.values()))


def read_rules(path: Path) -> None:
    found = ca.SrxRules.read(path)
    ca.segment("The mill turns. It is spring." + "a" * 30 + "! And so on.", "en", rules=found)


def read_archive(path: Path) -> None:
    for page in read_warc(path, on_damage=lambda damage: harmless(str(damage))):
        harmless(page.content.decode("utf-8", "replace"))


def read_and_apply_edits(path: Path) -> None:
    misfits: list[object] = []
    for unit in apply_edits(UNITS, read_edits(path), on_misfit=misfits.append):
        harmless("".join(unit.variants.values()))


def read_a_sheet(path: Path) -> None:
    read_sheet(path, UNITS)


def read_all_pairs(path: Path) -> None:
    for _ in read_pairs(path):
        pass


def read_page(path: Path) -> None:
    ca.segment(ca.extract(path.read_bytes(), lang="en"))


def harmless(text: str) -> None:
    assert "root:" not in text, "a file of this machine was read"


SHEETS = {f"as a review: {name}": make for name, make in exchange().items() if name.endswith(".xlsx")}
CASES: dict[str, tuple[Reader, Callable[[], bytes]]] = {
    **{name: (read_memory, make) for name, make in exchange().items()},
    **{name: (read_a_sheet, make) for name, make in SHEETS.items()},
    **{name: (read_rules, make) for name, make in rules().items()},
    **{name: (read_archive, make) for name, make in archives().items()},
    **{f"{name}.edits.json": (read_and_apply_edits, make) for name, make in edits().items()},
    **{f"{name}.pairs.jsonl": (read_all_pairs, make) for name, make in pairs().items()},
}


@pytest.mark.parametrize("name", CASES)
def test_a_file(name: str, tmp_path: Path) -> None:
    reader, make = CASES[name]
    path = tmp_path / name.removeprefix("as a review: ")
    path.write_bytes(make())
    ends_well(reader, path)


def ends_well(reader: Reader, path: Path) -> None:
    try:
        reader(path)
    except CorpusAlignError as error:
        assert "\n" not in str(error)
        assert len(str(error)) < 1000


def test_there_are_enough_of_them() -> None:
    assert len(CASES) + len(pages()) + len(memories()) >= 300


# --- broken at random ---------------------------------------------------------------------------------------


def healthy(folder: Path) -> dict[str, tuple[Reader, bytes]]:
    """Return a healthy file for each reader, by name."""
    formats = ("tmx", "jsonl", "tsv", "csv", "xlsx", "xliff", "xliff2", "tbx", "parquet", "markdown", "html")
    for format in formats:
        ca.write(UNITS, folder / f"memory.{format}", format=format, languages=("en", "fr"))
    write_sheet(UNITS, folder / "review.xlsx")
    write_edits(
        [
            Approve("a"),
            Rewrite("b", "en", "It is spring.", "Spring."),
            Divide("a", "en", (3, 4)),
            Merge("a", "b", {"en": " "}),
        ],
        folder / "edits.json",
    )
    with (folder / "site.warc").open("wb") as file:
        writer = Writer(file)
        for number in range(3):
            body = b"<html lang=en><p>The mill by the river was repaired.</p>"
            answer = Answer(
                f"http://a/{number}", 200, {"content-type": "text/html"}, body, "2024-05-01T00:00:00Z"
            )
            writer.write_answer(answer)
    packed = (folder / "site.warc").read_bytes()
    made = {path.name: path.read_bytes() for path in folder.iterdir()}
    readable = {name: (read_memory, data) for name, data in made.items() if name.startswith("memory.")}
    for written in ("memory.html", "memory.markdown"):
        readable.pop(written, None)
    return {
        **readable,
        "review.xlsx": (read_a_sheet, made["review.xlsx"]),
        "edits.json": (read_and_apply_edits, made["edits.json"]),
        "site.warc": (read_archive, gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else packed),
        "site.warc.gz": (read_archive, packed if packed[:2] == b"\x1f\x8b" else gzip.compress(packed)),
        "rules.srx": (read_rules, ca.write_srx("en").encode()),
        "pairs.jsonl": (read_all_pairs, b'{"versions": {"en": "a", "fr": "b"}, "score": 1, "reasons": []}\n'),
        "page.html": (read_page, (FIXTURES / "river-cleanup" / "en.html").read_bytes()),
    }


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Reader, bytes]]:
    return healthy(tmp_path_factory.mktemp("healthy"))


def test_the_healthy_files_are_healthy(files: dict[str, tuple[Reader, bytes]], tmp_path: Path) -> None:
    for name, (reader, data) in files.items():
        (tmp_path / name).write_bytes(data)
        reader(tmp_path / name)


@pytest.mark.parametrize("seed", range(8))
def test_files_broken_at_random(files: dict[str, tuple[Reader, bytes]], tmp_path: Path, seed: int) -> None:
    for name, (reader, data) in files.items():
        for mutant in mutants(data, seed, 4):
            (tmp_path / name).write_bytes(mutant)
            ends_well(reader, tmp_path / name)


FUZZED = ("edits.json", "memory.jsonl", "memory.tmx", "memory.xliff", "pairs.jsonl", "rules.srx", "site.warc")


@pytest.mark.parametrize("name", FUZZED)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cuts=st.lists(
        st.tuples(st.integers(0, 2000), st.integers(0, 40), st.binary(max_size=20) | st.text(max_size=8)),
        min_size=1,
        max_size=5,
    )
)
def test_readers_stand_anything_put_in(
    files: dict[str, tuple[Reader, bytes]],
    tmp_path: Path,
    name: str,
    cuts: list[tuple[int, int, bytes | str]],
) -> None:
    reader, data = files[name]
    for place, length, stuff in cuts:
        start = place % (len(data) + 1)
        inserted = stuff if isinstance(stuff, bytes) else stuff.encode("utf-8", "surrogatepass")
        data = data[:start] + inserted + data[start + length :]
    (tmp_path / name).write_bytes(data)
    ends_well(reader, tmp_path / name)


# --- what is written of it ----------------------------------------------------------------------------------

FORMULAS = ("=cmd|'/c calc'!A0", "+1+1", "-1", "@SUM(A1)", "\t=1", "＝1")


@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_no_text_becomes_a_live_formula(tmp_path: Path, format: str) -> None:
    units = [
        TranslationUnit(str(number), {"en": text, "fr": text}, 0.5, note=text)
        for number, text in enumerate(FORMULAS)
    ]
    path = tmp_path / f"memory.{format}"
    ca.write(units, path, languages=("en", "fr"))
    assert [unit.variants["en"] for unit in ca.read(path)] == list(FORMULAS)
    if format == "xlsx":
        from openpyxl import load_workbook

        cells = [cell for row in load_workbook(path).active.iter_rows() for cell in row]
        assert all(cell.data_type != "f" for cell in cells)
    else:
        with contextlib.closing(io.StringIO(path.read_text("utf-8-sig"))) as lines:
            for line in lines:
                assert line.lstrip('"')[0] not in "=+@"
