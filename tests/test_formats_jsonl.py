from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusalign.errors import FormatError
from corpusalign.formats.jsonl import read_jsonl, write_jsonl
from corpusalign.types import TranslationUnit
from tests.samples import bitext, patient, units

UNIT = {"id": "a", "variants": {"en": "One", "fr": "Un"}, "confidence": 0.5}


@patient
@given(st.lists(units(), max_size=3))
def test_any_unit_comes_back_as_it_was(given_units: list[TranslationUnit]) -> None:
    stream = io.BytesIO()
    write_jsonl(given_units, stream, "x")
    stream.seek(0)
    assert list(read_jsonl(stream, "x")) == given_units


def test_one_unit_a_line_in_the_documented_schema() -> None:
    stream = io.BytesIO()
    written = write_jsonl(bitext(), stream, "x")
    lines = stream.getvalue().decode("utf-8").splitlines()
    assert written.units == len(lines) == 6
    assert json.loads(lines[2]) == {
        "id": bitext().rows[2].id,
        "variants": {"en": "Nobody came.", "zh": "没人来。"},
        "confidence": 0.45,
        "origin": {
            "en": {
                "url": "https://example.org/en/page.html?a=1&b=2",
                "sha256": "e" * 64,
                "spans": [[2, "/html/body/p[3]", 0, 12]],
            },
            "zh": {
                "url": "https://example.org/zh/page.html?a=1&b=2",
                "sha256": "z" * 64,
                "spans": [[2, "/html/body/p[3]", 0, 4]],
            },
        },
    }
    assert "没人来。" in lines[2]


def test_of_a_bitext_the_omissions_too() -> None:
    stream = io.BytesIO()
    write_jsonl(bitext(), stream, "x")
    stream.seek(0)
    assert tuple(read_jsonl(stream, "x")) == bitext().rows


def test_what_other_programs_write_is_read(tmp_path: Path) -> None:
    text = "\ufeff" + json.dumps(UNIT) + "\r\n\r\n  \n" + json.dumps({**UNIT, "confidence": 1, "extra": 3})
    got = list(read_jsonl(io.BytesIO(text.encode("utf-8")), "x"))
    assert [(unit.variants, unit.confidence) for unit in got] == [
        (UNIT["variants"], 0.5),
        (UNIT["variants"], 1.0),
    ]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{", "is not JSON"),
        ("[]", "is no unit"),
        ("3", "is no unit"),
        ("null", "is no unit"),
        ("\udc80", "is not JSON"),
        ("[" * 100_000, "nested too deep"),
        (json.dumps({"variants": {}, "confidence": 1}), "has no id"),
        (json.dumps({"id": "a", "confidence": 1}), "has no variants"),
        (json.dumps({"id": "a", "variants": {}}), "has no confidence"),
        (json.dumps({**UNIT, "id": 3}), "3 is not text"),
        (json.dumps({**UNIT, "variants": ["One"]}), "is no unit"),
        (json.dumps({**UNIT, "variants": {"en": None}}), "None is not text"),
        (json.dumps({**UNIT, "confidence": "high"}), "'high' is not a number"),
        (json.dumps({**UNIT, "confidence": True}), "True is not a number"),
        (json.dumps({**UNIT, "confidence": float("nan")}), "nan is not finite"),
        (json.dumps({**UNIT, "confidence": 10**400}), "is no unit"),
        (json.dumps({**UNIT, "scores": [1]}), "is no unit"),
        (json.dumps({**UNIT, "scores": {"a": None}}), "None is not a number"),
        (json.dumps({**UNIT, "note": 4}), "4 is not text"),
        (json.dumps({**UNIT, "origin": {"en": {"url": "u"}}}), "has no s"),
        (
            json.dumps({**UNIT, "origin": {"en": {"url": "u", "sha256": "", "spans": [[1, "p"]]}}}),
            "is no unit",
        ),
        (
            json.dumps({**UNIT, "origin": {"en": {"url": "u", "sha256": "", "spans": [[-1, "p", 0, 1]]}}}),
            "-1 is not a count",
        ),
    ],
)
def test_a_bad_line_is_named(line: str, fault: str) -> None:
    data = json.dumps(UNIT).encode() + b"\n" + line.encode("utf-8", "surrogateescape") + b"\n"
    with pytest.raises(FormatError, match=rf"x: line 2: .*{fault}"):
        list(read_jsonl(io.BytesIO(data), "x"))


def test_an_endless_line_is_refused_before_it_fills_the_memory() -> None:
    class Endless(io.RawIOBase):
        taken = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:
            Endless.taken += len(buffer)
            buffer[:] = b" " * len(buffer)
            return len(buffer)

    with pytest.raises(FormatError, match="line 1: is longer than 16 MiB"):
        list(read_jsonl(io.BufferedReader(Endless()), "x"))
    assert Endless.taken < 40 << 20
