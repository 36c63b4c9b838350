from __future__ import annotations

from pathlib import Path

import pytest

from corpusalign.errors import FormatError
from corpusalign.formats import read, write
from corpusalign.types import TranslationUnit
from tests.samples import bitext


def test_a_file_a_language_line_beside_line(tmp_path: Path) -> None:
    result = write(bitext(), tmp_path / "corpus", format="moses")
    assert (result.units, result.left_out) == (4, 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus.en", "corpus.fr", "corpus.zh"]
    assert (tmp_path / "corpus.fr").read_bytes() == b"Le puits\nIl plut et le puits se remplit.\nOui.\nOui.\n"
    got = list(read(tmp_path / "corpus", format="moses"))
    expected = [dict(unit.variants) for unit in bitext() if len(unit.variants) == 3]
    assert [dict(unit.variants) for unit in got] == expected
    assert {unit.confidence for unit in got} == {1.0}


def test_two_of_three_languages(tmp_path: Path) -> None:
    write(bitext(), tmp_path / "corpus.en-zh", format="moses", languages=["en", "zh"])
    (tmp_path / "corpus.en-zh.gz").write_text("no language")
    (tmp_path / "corpus.en-zh.fr.fr").write_text("another file")
    got = list(read(tmp_path / "corpus.en-zh", format="moses"))
    assert [dict(unit.variants) for unit in got][2] == {"en": "Nobody came.", "zh": "没人来。"}


def test_no_line_is_broken_or_blank(tmp_path: Path) -> None:
    units = [
        TranslationUnit("1", {"en": " a\nb\r\nc\u2028d\x85e\x1cf ", "fr": "un\ud800"}, 1),
        TranslationUnit("2", {"en": " ", "fr": "deux"}, 1),
        TranslationUnit("3", {"en": "three"}, 1),
    ]
    result = write(units, tmp_path / "c", format="moses")
    assert (result.units, result.left_out) == (1, 2)
    assert (result.characters_replaced, result.characters_removed) == (5, 1)
    (unit,) = read(tmp_path / "c", format="moses")
    assert unit.variants == {"en": " a b c d e f ", "fr": "un"}


def test_any_languages_when_named(tmp_path: Path) -> None:
    (tmp_path / "c.so").write_bytes(b"a\r\n\nb\n")
    (tmp_path / "c.ti").write_bytes(b"\xef\xbb\xbfA\nX\n\n")
    with pytest.raises(FormatError, match=r"fewer than two files.*c\.en and c\.fr, or name theirs"):
        read(tmp_path / "c", format="moses")
    (unit,) = read(tmp_path / "c", format="moses", languages=["so", "ti"])
    assert unit.variants == {"so": "a", "ti": "A"}


def test_files_of_unequal_length(tmp_path: Path) -> None:
    (tmp_path / "c.en").write_text("a\nb\nc\n")
    (tmp_path / "c.fr").write_text("a\nb\n")
    units = read(tmp_path / "c", format="moses")
    with pytest.raises(FormatError, match=r"c\.fr: ends before line 3, the others do not"):
        list(units)


def test_a_missing_file_and_no_text(tmp_path: Path) -> None:
    (tmp_path / "c.en").write_text("a\n")
    with pytest.raises(FormatError, match=r"c\.fr: cannot be read"):
        list(read(tmp_path / "c", format="moses", languages=["en", "fr"]))
    (tmp_path / "c.fr").write_bytes(b"\xff\n")
    with pytest.raises(FormatError, match=r"c\.fr: line 1: is not UTF-8"):
        list(read(tmp_path / "c", format="moses"))


def test_a_failure_leaves_no_file(tmp_path: Path) -> None:
    def failing() -> object:
        yield TranslationUnit("1", {"en": "a", "fr": "b"}, 1)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write(failing(), tmp_path / "c", format="moses")
    with pytest.raises(FormatError, match="there is no folder"):
        write(bitext(), tmp_path / "missing" / "c", format="moses")
    assert list(tmp_path.iterdir()) == []


def test_two_spellings_of_one_language_are_an_error(tmp_path: Path) -> None:
    for suffix in ("en", "zh", "zh_CN"):
        (tmp_path / f"corpus.{suffix}").write_text(f"{suffix}\n")
    with pytest.raises(FormatError, match=r"both corpus\.zh and corpus\.zh_CN are zh"):
        read(tmp_path / "corpus", format="moses")
    got = list(read(tmp_path / "corpus", format="moses", languages=["en", "zh_CN"]))
    assert [dict(unit.variants) for unit in got] == [{"en": "en", "zh": "zh_CN"}]
