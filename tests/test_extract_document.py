"""What a document says beside its blocks: language by markup and text, site, own address; what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpusalign.cli import main
from corpusalign.errors import ExtractError, LanguageError
from corpusalign.extract import document as documents
from corpusalign.extract import extract
from corpusalign.types import Document

FIXTURES = Path(__file__).parent.parent / "fixtures"
FRENCH = (
    "Le pont sur la rivière fut réparé au printemps, et les piétons le traversent de nouveau.",
    "La commune avait voté les travaux deux ans plus tôt, après une longue enquête publique.",
    "Les habitants de la rive gauche se disent soulagés de ne plus devoir faire le grand détour.",
)
SPANISH = (
    "El ayuntamiento abrirá el nuevo puente a los peatones el lunes, después de dos años de obras.",
    "Los vecinos podrán cruzarlo a pie o en bicicleta, pero los coches tendrán que esperar hasta otoño.",
    "La alcaldesa agradeció la paciencia de los comerciantes de la plaza, que perdieron muchas ventas.",
)


def page(attributes: str = "", head: str = "", sentences: tuple[str, ...] = FRENCH) -> str:
    body = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    return f"<html {attributes}><head>{head}</head><body><main><h1>1</h1>{body}</main></body></html>"


def settled(document: Document) -> tuple[str, str | None, str, bool]:
    evidence = document.language
    assert evidence is not None
    return document.lang, evidence.markup, evidence.text, evidence.agree


@pytest.mark.parametrize(
    ("markup", "lang", "expected"),
    [
        ('lang="fr-CA"', None, ("fr", "fr", "fr", True)),
        ("", None, ("fr", None, "fr", True)),
        ('lang="en"', None, ("fr", "en", "fr", False)),
        ('lang="it"', None, ("fr", "it", "fr", False)),
        ('lang="fr"', "en", ("en", "fr", "fr", False)),
        ('lang="en"', "fr", ("fr", "en", "fr", True)),
    ],
)
def test_markup_and_text_both_say_a_language(
    markup: str, lang: str | None, expected: tuple[str, str | None, str, bool]
) -> None:
    assert settled(extract(page(markup), lang=lang)) == expected


def test_text_in_a_language_that_is_not_known_leaves_the_markup_and_says_so() -> None:
    assert settled(extract(page('lang="en"', sentences=SPANISH))) == ("en", "en", "es", False)


def test_a_long_table_under_few_letters_is_read_in_linear_time(within_bounds: None) -> None:
    """Its letters, too few to be certain of, were counted anew from each of them on."""
    words = f"{FRENCH[0]} {FRENCH[1]}"
    assert 100 < sum(map(str.isalpha, words)) < 200
    markup = f"<html lang=en><body><h1>1</h1><p>{words} {'1234 ' * 2_000_000}</p>"
    assert settled(extract(markup)) == ("en", "en", "fr", True)


def test_a_language_that_would_be_a_guess_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "identify", lambda _text: ("fr", 0.3))
    with pytest.raises(LanguageError, match=r"cannot be told from its text.*30%.*--lang"):
        extract(page())
    assert extract(page('lang="fr"')).lang == "fr"
    assert extract(page(), lang="fr").lang == "fr"


def test_the_command_shows_a_disagreement(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "page.html"
    path.write_text(page('lang="en"'), encoding="utf-8")
    assert main(["extract", str(path)]) == 0
    assert "lang: fr (but the markup says en, the text looks like fr" in capsys.readouterr().out
    assert main(["extract", str(path), "--json"]) == 0
    language = json.loads(capsys.readouterr().out)["language"]
    assert (language["markup"], language["text"], language["agree"]) == ("en", "fr", False)
    other = FIXTURES / "river-cleanup" / "en.html"
    assert main(["align", str(path), str(other), "-o", str(tmp_path / "out.tmx"), "--no-review"]) == 0
    assert f"warning: {path} is taken for fr, but the markup says en" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("head", "site", "canonical"),
    [
        ("", None, None),
        ('<meta property="og:site_name" content=" Le  Courrier ">', "Le Courrier", None),
        ('<meta name="application-name" content="Courrier">', "Courrier", None),
        ('<meta name="SiteName" content="中国政府网">', "中国政府网", None),
        (
            '<script type="application/ld+json">{"@type": "Article", "publisher": {"name": "AFP"}}</script>',
            "AFP",
            None,
        ),
        ('<link rel="canonical" href="/fr/pont">', None, "https://example.org/fr/pont"),
        ('<link rel="canonical" href="//www.example.org/pont">', None, "https://www.example.org/pont"),
        ('<meta property="og:url" content="https://example.org/p/1">', None, "https://example.org/p/1"),
        (
            '<meta property="og:url" content="https://a.example/"><link rel="canonical" href="https://b.example/">',
            None,
            "https://b.example/",
        ),
        ('<link rel="canonical" href="javascript:void(0)">', None, None),
        ('<link rel="canonical" href="http://[">', None, None),
    ],
)
def test_site_and_own_address(head: str, site: str | None, canonical: str | None) -> None:
    document = extract(page(head=head), "https://example.org/fr/pont?from=home", lang="fr")
    assert (document.site, document.canonical) == (site, canonical)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("<p>" * (documents.MAX_TAGS + 1), "tags"),
        ("one line\n" * (documents.MAX_LINES + 1), "lines"),
        ("<p>one line" * (documents.MAX_BLOCKS + 1), "blocks of text"),
    ],
)
def test_what_no_reader_reads_is_refused_by_size(content: str, what: str) -> None:
    with pytest.raises(ExtractError, match=rf"has [0-9,]+ {what}, more than [0-9,]+; cut it into pages"):
        extract(content, lang="en")
