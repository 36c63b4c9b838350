"""Our TMX in the hands of others: the published DTD and schema, OmegaT itself, and translate-toolkit."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from corpusalign.formats import read, write
from corpusalign.types import Origin, Span, TranslationUnit
from tests.samples import bitext

OMEGAT_JAR = Path("/usr/share/omegat/OmegaT.jar")
OMEGAT_PATH = shutil.which("omegat")
needs_omegat = pytest.mark.skipif(
    OMEGAT_PATH is None or not OMEGAT_JAR.exists(), reason="OmegaT is not installed"
)
FIXTURES = Path(__file__).parent.parent / "fixtures"


@pytest.fixture(scope="module")
def hard_units() -> list[TranslationUnit]:
    """Units with everything that a loader could stumble over."""
    return [
        *bitext(),
        TranslationUnit(
            "a<&>\"'",
            {"en": "  tab\there & <b>, \u00a0 end  ", "zh": "“你好”——😀", "fr": "l’été : « à »"},
            1e-9,
            scores={"a<b": -1.5},
            origin={
                "fr": Origin("https://x/?a=1&b=<2>", "", (Span(3, "line 4", 0, 9), Span(4, "line 5", 0, 1)))
            },
            note="<note> & more",
        ),
        TranslationUnit("no source", {"fr": "seul\x00ement", "zh": "只有"}, 0.5),
    ]


@pytest.mark.omegat
@needs_omegat
@pytest.mark.parametrize("name", ["tmx14.dtd", "tmx14.xsd"])
def test_the_published_dtd_and_schema(tmp_path: Path, hard_units: list[TranslationUnit], name: str) -> None:
    """OmegaT carries the published DTD and a schema made of it; both are read from there."""
    with zipfile.ZipFile(OMEGAT_JAR) as jar:
        for member in (name, "xml.xsd"):
            (tmp_path / member).write_bytes(jar.read(f"schemas/{member}"))
    write(hard_units, tmp_path / "memory.tmx")
    memory = etree.parse(tmp_path / "memory.tmx")
    if name.endswith("dtd"):
        validator: etree._Validator = etree.DTD(str(tmp_path / name))
    else:
        validator = etree.XMLSchema(etree.parse(tmp_path / name))
    assert validator.validate(memory), validator.error_log
    memory.getroot().find("header").attrib.pop("adminlang")
    assert not validator.validate(memory)


@pytest.mark.omegat
@needs_omegat
@pytest.mark.skipif(shutil.which("xmllint") is None, reason="xmllint is not installed")
def test_xmllint(tmp_path: Path, hard_units: list[TranslationUnit]) -> None:
    with zipfile.ZipFile(OMEGAT_JAR) as jar:
        (tmp_path / "tmx14.dtd").write_bytes(jar.read("schemas/tmx14.dtd"))
    write(hard_units, tmp_path / "memory.tmx")
    run = subprocess.run(
        ["xmllint", "--noout", "--dtdvalid", "tmx14.dtd", "memory.tmx"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")


def gold_units() -> list[TranslationUnit]:
    """The fixture's gold groups as units: real sentences in three languages."""
    gold = json.loads((FIXTURES / "sco-2020" / "gold.json").read_text(encoding="utf-8"))
    found = []
    for number, group in enumerate(gold["groups"]):
        variants = {
            lang: " ".join(gold["documents"][lang]["sentences"][i]["text"] for i in group[lang])
            for lang in gold["languages"]
            if group[lang]
        }
        if len(variants) > 1:
            found.append(TranslationUnit(f"u{number}", variants, 0.9))
    return found


PROJECT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<omegat><project version="1.0">
<source_dir>__DEFAULT__</source_dir><target_dir>__DEFAULT__</target_dir><tm_dir>__DEFAULT__</tm_dir>
<glossary_dir>__DEFAULT__</glossary_dir><glossary_file>__DEFAULT__</glossary_file>
<dictionary_dir>__DEFAULT__</dictionary_dir>
<source_lang>{source}</source_lang><target_lang>{target}</target_lang>
<sentence_seg>false</sentence_seg><support_default_translations>true</support_default_translations>
<remove_tags>false</remove_tags>
</project></omegat>
"""


def omegat_translates(folder: Path, texts: list[str], source: str, target: str, memory: Path) -> list[str]:
    """Return what OmegaT, run without a window, makes of texts by a memory in its tm/auto folder."""
    project = folder / "project"
    for name in ("omegat", "source", "target", "tm/auto", "glossary", "dictionary"):
        (project / name).mkdir(parents=True)
    (project / "omegat.project").write_text(PROJECT.format(source=source, target=target), encoding="utf-8")
    shutil.copy(memory, project / "tm" / "auto")
    # One paragraph a text: OmegaT's text filter cuts at empty lines.
    (project / "source" / "text.utf8").write_text("\n\n".join(texts) + "\n", encoding="utf-8")
    assert OMEGAT_PATH is not None
    run = subprocess.run(
        [
            OMEGAT_PATH,
            str(project),
            "--mode=console-translate",
            f"--config-dir={folder / 'config'}",
            "--no-team",
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert "SEVERE" not in run.stdout + run.stderr
    return (project / "target" / "text.utf8").read_text(encoding="utf-8").rstrip("\n").split("\n\n")


@pytest.mark.omegat
@needs_omegat
@pytest.mark.parametrize(
    ("source", "target", "suffix", "languages"),
    [
        ("en", "zh", ".tmx", None),
        ("en", "fr", ".tmx.gz", None),
        ("zh", "fr", ".tmx", None),
        ("fr", "en", ".tmx", None),
        ("en", "zh", ".tmx", ["en", "zh"]),
        ("en", "fr", ".tmx", ["en", "fr"]),
        ("zh", "fr", ".tmx.gz", ["zh", "fr"]),
        ("fr", "en", ".tmx", ["fr", "en"]),
    ],
)
def test_omegat_finds_every_unit(
    tmp_path: Path, source: str, target: str, suffix: str, languages: list[str] | None
) -> None:
    memory = tmp_path / f"memory{suffix}"
    write(gold_units(), memory, languages=languages, profile="omegat")
    pairs = {
        unit.variants[source]: unit.variants[target]
        for unit in gold_units()
        if {source, target} <= set(unit.variants)
    }
    assert len(pairs) > 70
    codes = {"en": "EN", "zh": "ZH-CN", "fr": "FR"}
    missing = "xyzzy"
    got = omegat_translates(tmp_path, [*pairs, missing], codes[source], codes[target], memory)
    assert got == [*pairs.values(), missing]


@pytest.mark.parametrize(("source", "target"), [("en", "zh-CN"), ("en", "fr"), ("zh-CN", "fr")])
def test_translate_toolkit_reads_every_unit(tmp_path: Path, source: str, target: str) -> None:
    from translate.storage.tmx import tmxfile

    path = tmp_path / "memory.tmx"
    write(gold_units(), path)
    with path.open("rb") as stream:
        store = tmxfile(stream, source, target)
    spelled = {"en": "en", "fr": "fr", "zh-CN": "zh"}
    expected = [(u.variants.get(spelled[source]), u.variants.get(spelled[target])) for u in gold_units()]
    assert [(unit.source, unit.target) for unit in store.units] == expected


def test_what_translate_toolkit_writes_is_read(tmp_path: Path) -> None:
    from translate.storage.tmx import tmxfile

    store = tmxfile()
    store.settargetlanguage("fr")
    store.addtranslation("One & two", "en", "Un & deux", "fr", comment="seen")
    path = tmp_path / "theirs.tmx"
    with path.open("wb") as stream:
        store.serialize(stream)
    (unit,) = read(path)
    assert (unit.variants, unit.note) == ({"en": "One & two", "fr": "Un & deux"}, "seen")


@pytest.mark.parametrize(("source", "target"), [("en", "fr"), ("en", "zh"), ("zh", "fr"), ("fr", "en")])
def test_pot2po_translates_by_it(tmp_path: Path, source: str, target: str) -> None:
    from translate.convert.pot2po import convert_stores
    from translate.storage.po import pofile
    from translate.tools import pretranslate

    translations: dict[str, set[str]] = {}
    for unit in gold_units():
        # Longer ones it does not look up.
        if {source, target} <= set(unit.variants) and len(unit.variants[source]) < 400:
            translations.setdefault(unit.variants[source], set()).add(unit.variants[target])
    assert len(translations) > 50
    write(gold_units(), tmp_path / "memory.tmx", languages=[source, target])
    template = pofile()
    for text in [*translations, "xyzzy"]:
        template.addsourceunit(text)
    # It keeps the first memory that it ever loaded.
    pretranslate.tmmatcher = None
    done = convert_stores(template, pofile(), tm=str(tmp_path / "memory.tmx"), min_similarity=100)
    pretranslate.tmmatcher = None
    got = {unit.source: unit.target for unit in done.units if unit.source}
    assert got.pop("xyzzy") == ""
    assert got.keys() == translations.keys()
    assert [text for text, translation in got.items() if translation not in translations[text]] == []
