from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusalign.errors import FormatError
from corpusalign.formats import Repair, read, write
from corpusalign.formats.parquet import read_parquet, write_parquet
from corpusalign.types import Origin, Span, TranslationUnit
from tests.samples import bitext, patient, units


def written(of: object, **options: object) -> io.BytesIO:
    stream = io.BytesIO()
    write_parquet(of, stream, "m.parquet", **options)
    return stream


def got(stream: io.BytesIO, **options: object) -> list[TranslationUnit]:
    stream.seek(0)
    return list(read_parquet(stream, "m.parquet", **options))


@patient
@given(st.lists(units(xml=True), max_size=3))
def test_any_unit_comes_back_whole(given_units: list[TranslationUnit]) -> None:
    assert got(written(given_units)) == given_units


def test_omissions_come_back_and_losses_are_counted() -> None:
    assert got(written(bitext())) == list(bitext().rows)
    bad = TranslationUnit("\ud800", {"en": "a\ud800\x00"}, 1, note="\udfff")
    result = write_parquet([bad, TranslationUnit("v", {}, 1)], io.BytesIO(), "m")
    assert (result.units, result.left_out, result.characters_removed) == (1, 1, 3)
    assert [unit.variants["en"] for unit in got(written([bad]))] == ["a\x00"]


def test_the_table_as_others_see_it() -> None:
    table = pq.read_table(written(bitext()))
    assert table.column_names == ["id", "en", "zh-CN", "fr", "confidence", "note", "scores", "origin"]
    assert table.column("zh-CN").to_pylist()[2:4] == ["没人来。", None]
    assert table.schema.metadata == {b"signature": b"corpusalign 0.0 | test <&>"}


def test_row_groups() -> None:
    many = (TranslationUnit(str(number), {"en": "a", "fr": "b"}, 1) for number in range(25_000))
    stream = written(many, languages=["en", "fr"])
    assert pq.ParquetFile(stream).num_row_groups == 3
    assert [unit.id for unit in got(stream)] == [str(number) for number in range(25_000)]


def foreign(columns: dict[str, list[object]]) -> io.BytesIO:
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream


def test_foreign_tables() -> None:
    repairs: list[Repair] = []
    one = foreign({"url": ["x", "y"], "EN": ["a", None], "zh_cn": ["一", None], "confidence": [2.0, 0.5]})
    assert [(dict(u.variants), u.confidence) for u in got(one, on_repair=repairs.append)] == [
        ({"en": "a", "zh": "一"}, 1.0)
    ]
    assert [(repair.unit, repair.fault) for repair in repairs] == [(2, "it holds no text")]
    face = foreign({"id": ["0"], "translation": [{"en": "a", "fr": "b"}]})
    assert [(u.id, dict(u.variants)) for u in got(face)] == [("0", {"en": "a", "fr": "b"})]
    # Columns that are called as ours, and hold something else.
    other = foreign({"en": ["a"], "fr": ["b"], "scores": [{"x": "y"}], "origin": [{"url": "u"}]})
    assert [(dict(u.variants), u.scores, u.origin) for u in got(other)] == [({"en": "a", "fr": "b"}, {}, {})]
    named = foreign({"eng": ["a"], "fra": ["b"]})
    assert [dict(u.variants) for u in got(named, languages=["eng", "fra"])] == [{"eng": "a", "fra": "b"}]


def test_indonesian_is_no_name_of_a_unit() -> None:
    unit = TranslationUnit("u1", {"en": "One", "id": "Satu"}, 1.0)
    stream = written([unit])
    assert pq.read_table(stream).column_names[:3] == ["id", "en", "ind"]
    assert got(stream) == [unit]


def test_places_beyond_the_format() -> None:
    origin = Origin("p", "", (Span(1 << 70, "", 0, 1),))
    with pytest.raises(FormatError, match=r"^m\.parquet: an origin's place is beyond 64 bits"):
        written([TranslationUnit("u1", {"en": "One"}, 1.0, origin={"en": origin})])


@pytest.mark.parametrize(
    ("columns", "options", "fault"),
    [
        ({"text": ["a"]}, {}, "no column is named by a language code: 'text'"),
        ({"en": ["a"]}, {"languages": ["en", "fr"]}, "has no column fr; name some of: en"),
        ({"en": [1]}, {}, "unit 1: a column of a language holds no text"),
        ({"translation": ["a"]}, {}, "unit 1: its translation is no structure"),
    ],
)
def test_bad_tables(columns: dict[str, list[object]], options: dict[str, object], fault: str) -> None:
    with pytest.raises(FormatError, match=f"^m.parquet: {fault}"):
        got(foreign(columns), **options)


@pytest.mark.parametrize("data", [b"", b"PAR1", b"no Parquet at all", b"PAR1" + bytes(50) + b"PAR1"])
def test_bad_files(data: bytes) -> None:
    with pytest.raises(FormatError, match=r"^m\.parquet: is no Parquet file"):
        got(io.BytesIO(data))


def test_damage_ends_in_units_or_one_error(tmp_path: Path) -> None:
    data = written(bitext()).getvalue()
    path = tmp_path / "m.parquet"
    for at in range(0, len(data), 13):
        path.write_bytes(data[:at] + b"\xff" + data[at + 1 :])
        try:
            list(read(path))
        except FormatError as error:
            assert str(error).startswith(str(path))


def test_without_pyarrow(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from corpusalign.cli import main\n"
        f"sys.exit(main(['tmx', 'stats', {str(tmp_path / 'm.parquet')!r}]))"
    )
    write(bitext(), tmp_path / "m.parquet")
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "Parquet: needs pyarrow, which is not installed; pip install 'corpusalign[parquet]'" in run.stderr
