from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import corpusalign.languages
from corpusalign.errors import LanguageError
from corpusalign.languages import entries, known
from corpusalign.segment import SrxRules, segment, write_srx
from corpusalign.segment.clauses import _candidate, clauses
from corpusalign.segment.rules import forms, rules_of

Write = Callable[[str, str], None]


def forget() -> None:
    home = corpusalign.languages
    for cached in (known, entries, home._profile, home._folders_by_tag, rules_of, _candidate):
        cached.cache_clear()


@pytest.fixture
def spanish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Put a folder for one more language beside the others, and give a function that writes its files."""
    home = tmp_path / "languages"
    shutil.copytree(Path(corpusalign.languages.__file__).parent, home)
    (home / "es").mkdir()

    def write(name: str, text: str) -> None:
        (home / "es" / f"{name}.txt").write_text(text, encoding="utf-8")
        forget()

    monkeypatch.setattr(corpusalign.languages, "_HOME", home)
    write(
        "profile",
        "name = Spanish\ntmx = es\nsentence_spacing = space\naliases = spa es-es\nswitcher = Español\n",
    )
    write("terminators", "# Spanish\n. spaced\n! spaced\n? spaced\n")
    yield write
    monkeypatch.undo()
    forget()


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in segment(text, lang="es")]


def test_a_language_begins_with_a_profile_and_its_marks(spanish: Write) -> None:
    assert texts("El Sr. Vega llega. ¿Quién es? Nadie.") == [
        "El Sr.",
        "Vega llega.",
        "¿Quién es?",
        "Nadie.",
    ]


def test_a_bare_language_can_be_written_as_srx(spanish: Write) -> None:
    rules = SrxRules.parse(write_srx("es").encode())
    found = segment("¿Quién es? Nadie. nada.", lang="es", rules=rules)
    assert [sentence.text for sentence in found] == ["¿Quién es?", "Nadie. nada."]


def test_lists_are_added_one_by_one(spanish: Write) -> None:
    spanish("abbreviations-never-ending", "# Títulos\nSr\nee. uu\n")
    spanish("quotes", "« »\n")
    spanish("brackets", "( )\n")
    assert texts("El Sr. Vega dijo «Vamos.» Y EE. UU. Calló (¿por qué? Nadie sabe) ayer. Fin.") == [
        "El Sr. Vega dijo «Vamos.»",
        "Y EE. UU. Calló (¿por qué? Nadie sabe) ayer.",
        "Fin.",
    ]


def test_without_clause_marks_a_sentence_is_one_clause(spanish: Write) -> None:
    assert list(clauses("Uno; dos.", 0, 9, rules_of("es"))) == [(0, 9)]


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("terminators", "# none\n", "lists no marks"),
        ("terminators", ". somewhere\n", "say where"),
        ("initials", "behind vitamina\n", "begin it with letter or after"),
        ("ordinals", "enero\n", "begin it with before or after"),
        ("enumerations", r"\d+(" + "\n", "faulty pattern"),
    ],
)
def test_a_faulty_file_is_named(spanish: Write, name: str, text: str, fault: str) -> None:
    spanish(name, text)
    with pytest.raises(LanguageError, match=fault) as raised:
        segment("Uno. Dos.", lang="es")
    assert raised.value.where == f"languages/es/{name}.txt"


def test_a_faulty_clause_mark_is_named(spanish: Write) -> None:
    spanish("clause-marks", "; nowhere\n")
    with pytest.raises(LanguageError, match="clause-marks"):
        segment("Uno; dos.", lang="es", unit="clause")


def test_forms_of_a_listed_word() -> None:
    assert forms("p.m") == ("p.m", "P.m", "P.M")
    assert forms("Dr") == ("Dr", "DR")
    assert forms("h") == ("h",)


def test_the_callers_abbreviations_do_not_stay() -> None:
    assert len(segment("A zzt. B.", lang="en", extra_abbreviations=["zzt"])) == 1
    assert len(segment("A zzt. B.", lang="en")) == 2
