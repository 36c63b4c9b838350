"""Our TMX against the specification: the DTD, and a schema as strict as any loader's, of tests/schemas."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from corpusalign.formats.tmx_write import write_tmx
from corpusalign.types import Origin, Span, TranslationUnit
from tests.samples import bitext, patient, units

SCHEMAS = Path(__file__).parent / "schemas"
STRICT = etree.RelaxNG(etree.parse(SCHEMAS / "tmx14.rng"))
DTD = etree.DTD(str(SCHEMAS / "tmx14.dtd"))

HARD = [
    TranslationUnit(
        "a<&>\"'",
        {"en": "  tab\there & <b>, \u00a0 end  ", "zh": "“你好”——😀", "fr": "l’été : « à »\r"},
        1e-9,
        scores={"a<b": -1.5, "\n": 0.0},
        origin={"fr": Origin("https://x/?a=1&b=<2>", "", (Span(3, "line 4", 0, 9),))},
        note="<note> & more",
    ),
    TranslationUnit("no source", {"fr": "seul\x00ement", "zh": "只有"}, 0.5),
]


def written(of: object, **options: object) -> bytes:
    stream = io.BytesIO()
    write_tmx(of, stream, "memory.tmx", **options)
    return stream.getvalue()


@settings(patient, max_examples=60)
@given(st.lists(units(fewest=2), max_size=3), st.sampled_from(["generic", "omegat", "memoq", "weblate"]))
def test_whatever_the_units_the_file_is_valid(given_units: list[TranslationUnit], profile: str) -> None:
    root = etree.fromstring(written([*given_units, *HARD, *bitext()], profile=profile))
    assert STRICT.validate(root), STRICT.error_log
    assert DTD.validate(root), DTD.error_log


@pytest.mark.parametrize("profile", ["trados", "wordfast"])
def test_pairwise_profiles_are_valid(profile: str) -> None:
    root = etree.fromstring(written([*HARD, *bitext()], profile=profile, languages=["fr", "zh"]))
    assert STRICT.validate(root), STRICT.error_log
    assert DTD.validate(root), DTD.error_log


# What OmegaT 6.1 rejects a whole memory for.
FAULTS = {
    "a header attribute is missing": (b' adminlang="en"', b""),
    "an underscore in a code": (b'xml:lang="zh-CN"', b'xml:lang="zh_CN"'),
    "another version": (b'<tmx version="1.4">', b'<tmx version="1.4b">'),
    "a capital in segtype": (b'segtype="sentence"', b'segtype="Sentence"'),
    "a prop after a tuv": (b"</tu>", b'<prop type="x-late">a</prop></tu>'),
    "an attribute that nobody knows": (b"<tuv ", b'<tuv colour="red" '),
    "a date that is none": (b'creationdate="2', b'creationdate="yesterday 2'),
    "no language": (b'<tuv xml:lang="fr">', b"<tuv>"),
    "an empty unit": (b"<body>", b"<body><tu></tu>"),
    "a seg too many": (b"</tuv>", b"<seg/></tuv>"),
    "no body": (b"body>", b"units>"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_schema_rejects(fault: str) -> None:
    data = written(bitext())
    bad = data.replace(*FAULTS[fault])
    assert bad != data
    assert STRICT.validate(etree.fromstring(data))
    assert not STRICT.validate(etree.fromstring(bad))


def test_a_control_character_never_gets_so_far() -> None:
    data = written(bitext())
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(data.replace(b"The well", b"The\x0bwell"))
    assert b"\x0b" not in written([TranslationUnit("u", {"en": "a\x0bb", "fr": "c"}, 1)])


@pytest.mark.skipif(shutil.which("xmllint") is None, reason="xmllint is not installed")
def test_xmllint(tmp_path: Path) -> None:
    (tmp_path / "memory.tmx").write_bytes(written([*HARD, *bitext()]))
    shutil.copy(SCHEMAS / "tmx14.dtd", tmp_path)
    shutil.copy(SCHEMAS / "tmx14.rng", tmp_path)
    for option, schema in [("--dtdvalid", "tmx14.dtd"), ("--relaxng", "tmx14.rng")]:
        command = ["xmllint", "--noout", option, schema, "memory.tmx"]
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
