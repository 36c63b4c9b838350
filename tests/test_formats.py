from __future__ import annotations

import gzip
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from corpusalign.errors import FormatError
from corpusalign.formats import read, write
from corpusalign.types import TranslationUnit
from tests.samples import bitext

# Two languages, and nothing that a format could lose.
UNITS = [
    replace(unit, variants={"en": unit.variants["en"], "zh": unit.variants["zh"]}, origin={})
    for unit in bitext()
]
WHOLE = ["tmx", "jsonl", "tsv", "csv", "xlsx", "parquet", "xliff", "xliff2", "tbx", "tbx2"]
# The others are several files, or cannot hold such a unit: tests/test_formats_links.py and side_by_side.py.


@pytest.mark.parametrize("suffix", WHOLE)
@pytest.mark.parametrize("packed", ["", ".gz"])
def test_by_suffix_and_back(tmp_path: Path, suffix: str, packed: str) -> None:
    path = tmp_path / f"memory.{suffix.upper()}{packed}"
    written = write(UNITS, path)
    assert (written.path, written.units, written.left_out) == (str(path), 5, 0)
    assert path.read_bytes().startswith(b"\x1f\x8b") == bool(packed)
    assert list(read(path)) == UNITS


@pytest.mark.parametrize("name", WHOLE)
def test_the_format_can_be_named(tmp_path: Path, name: str) -> None:
    path = tmp_path / "memory"
    write(UNITS, path, format=name)
    assert list(read(path, format=name)) == UNITS


def test_compressed_files_are_known_by_their_bytes(tmp_path: Path) -> None:
    path = tmp_path / "memory.tmx"
    write(UNITS, tmp_path / "memory.tmx.gz")
    path.write_bytes((tmp_path / "memory.tmx.gz").read_bytes())
    assert list(read(path)) == UNITS


def test_equal_units_give_equal_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    for name in ("a.tmx.gz", "b.tmx.gz", "a.jsonl.gz", "b.jsonl.gz"):
        write(bitext(), tmp_path / name)
    assert (tmp_path / "a.tmx.gz").read_bytes() == (tmp_path / "b.tmx.gz").read_bytes()
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("memory.docx", "'docx' is no known format; use one of: tmx, jsonl, tsv, csv, xlsx, parquet, xliff"),
        ("memory", "has no suffix that tells the format"),
        ("memory.gz", "has no suffix that tells the format"),
    ],
)
def test_unknown_formats(tmp_path: Path, name: str, fault: str) -> None:
    with pytest.raises(FormatError, match=fault):
        write(UNITS, tmp_path / name)
    with pytest.raises(FormatError, match=fault):
        read(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_read_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "folder.tmx").mkdir()
    for name, fault in [
        ("missing.tmx", "No such file"),
        ("folder.tmx", "is a folder"),
        ("n" * 300 + ".tmx", "name too long"),
    ]:
        with pytest.raises(FormatError, match=fault):
            read(tmp_path / name)


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "memory.tmx"
    write(UNITS, path)
    units = read(path)

    def refuse(self: Path, *args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FormatError, match="cannot be read: Permission denied"):
        next(units)


@pytest.mark.parametrize("suffix", WHOLE)
def test_broken_compression(tmp_path: Path, suffix: str) -> None:
    whole = tmp_path / f"whole.{suffix}.gz"
    write([*UNITS] * 50, whole)
    packed = whole.read_bytes()
    path = tmp_path / f"broken.{suffix}.gz"
    for broken in (packed[:-12], packed[:30] + b"\x00" * 20 + packed[50:], packed[:4]):
        path.write_bytes(broken)
        with pytest.raises(FormatError, match=r"broken\.\w+\.gz: its compressed data is broken"):
            list(read(path))


@pytest.mark.parametrize("suffix", WHOLE)
def test_a_failure_while_writing_leaves_nothing(tmp_path: Path, suffix: str) -> None:
    def failing() -> object:
        yield from UNITS
        raise RuntimeError("the source of the units failed")

    with pytest.raises(RuntimeError):
        write(failing(), tmp_path / f"memory.{suffix}.gz")
    bad = [*UNITS, TranslationUnit("u7", {"en": "a", "zh": "b"}, float("nan"))]
    with pytest.raises(FormatError, match=r"unit u7.*finite"):
        write(bad, tmp_path / f"memory.{suffix}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", WHOLE)
def test_reading_can_stop_early(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"memory.{suffix}"
    write([*UNITS] * 500, path)
    units = read(path)
    assert next(units) == UNITS[0]
    units.close()


@pytest.mark.parametrize("suffix", WHOLE)
def test_memory_stays_flat(tmp_path: Path, suffix: str) -> None:
    """Forty times the units may not take much more memory, written or read."""
    script = """
import sys
from benchmarks.peak import peak_memory
from corpusalign.formats import read, write
from corpusalign.types import TranslationUnit

def peak(count, path):
    texts = ({"en": f"Sentence {i} " * 20, "fr": f"Phrase {i} " * 20} for i in range(count))
    write((TranslationUnit(str(i), text, 0.5) for i, text in enumerate(texts)), path)
    assert sum(1 for _ in read(path)) == count
    return peak_memory()

small = peak(1000, sys.argv[1])
print(peak(40000, sys.argv[1]) - small)
"""
    command = [sys.executable, "-c", script, str(tmp_path / f"memory.{suffix}")]
    root = Path(__file__).parent.parent
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    # In megabytes; the file of 40,000 units is about 22 MB. Parquet holds 10,000 units at a time.
    assert float(run.stdout) < (120 if suffix == "parquet" else 8)


def test_the_public_module_is_light() -> None:
    script = "import sys, corpusalign.formats; print('lxml' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_standard_output(tmp_path: Path) -> None:
    script = (
        "from corpusalign.formats import write; from tests.test_formats import UNITS\n"
        "write(UNITS, '/dev/stdout', format='jsonl')"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, cwd=Path(__file__).parent.parent
    )
    (tmp_path / "out.jsonl.gz").write_bytes(gzip.compress(run.stdout))
    assert list(read(os.fspath(tmp_path / "out.jsonl.gz"))) == UNITS


def test_other_suffixes(tmp_path: Path) -> None:
    for name in ("memory.xlf", "memory.ndjson.gz"):
        write(UNITS, tmp_path / name)
        assert list(read(tmp_path / name)) == UNITS


def test_languages_are_the_ones_to_write(tmp_path: Path) -> None:
    pairs = [(unit.variants["en"], unit.variants["fr"]) for unit in bitext() if "fr" in unit.variants]
    for suffix in ("tmx", "xliff"):
        result = write(bitext(), tmp_path / f"pair.{suffix}", languages=["fr", "en"])
        units = list(read(tmp_path / f"pair.{suffix}"))
        assert (result.units, result.left_out) == (4, 2 if suffix == "tmx" else 1)
        assert [(unit.variants["en"], unit.variants["fr"]) for unit in units] == pairs
        assert {tuple(unit.variants) for unit in units} == {("fr", "en")}


@pytest.mark.parametrize(
    "suffix",
    ["tmx", "tsv", "csv", "xliff", "xliff2", "xlsx", "parquet", "tei", "vecalign", "xces", "gold", "moses"],
)
def test_languages_that_are_none(tmp_path: Path, suffix: str) -> None:
    for languages, fault in [(["en", "*all*"], "no language code"), (["zh", "zh-CN"], "zh-CN stands twice")]:
        with pytest.raises(FormatError, match=fault):
            write(UNITS, tmp_path / "memory", format=suffix, languages=languages)
    assert list(tmp_path.iterdir()) == []


# Every character that XML 1.0 can hold (its production Char), some thousands a text.
CHARACTERS = [
    "".join(map(chr, range(start, min(start + 8192, stop))))
    for first, stop in ((0x20, 0xD800), (0xE000, 0xFFFE), (0x10000, 0x110000))
    for start in range(first, stop, 8192)
] + ["\t\n\r", " a ", "\r", "\n", "\t", "\r\n", "\u202eabc\u202c", "\u2066\u05d0\u2069"]


@pytest.mark.parametrize("suffix", WHOLE)
def test_every_character_comes_back(tmp_path: Path, suffix: str) -> None:
    units = [
        TranslationUnit(str(number), {"en": text, "fr": text[::-1]}, 1.0)
        for number, text in enumerate(CHARACTERS)
        if suffix != "tsv" or not any(f"a{c}b".splitlines() != [f"a{c}b"] or c == "\t" for c in text)
        if text.strip() or not suffix.startswith("tbx")
    ]
    assert len(units) > 100
    write(units, tmp_path / f"all.{suffix}")
    assert list(read(tmp_path / f"all.{suffix}")) == units
