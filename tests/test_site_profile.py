"""What the pages of a site share, learned and used: on pages made for it, saved and read again."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from corpusalign.cli import main
from corpusalign.errors import ExtractError, FormatError
from corpusalign.extract import (
    explain,
    extract,
    extract_versions,
    learn_site_profile,
    read_site_profile,
    write_site_profile,
)
from corpusalign.types import Document

# A note that reads like the page's own text, and stands on every page of the site.
NOTE = "Our reporters write from forty towns along the river, and they have done so since 1921."
WORDS = ("river", "bridge", "mill", "harbour", "council", "plan", "spring", "wheel", "road", "bell", "baker")


def story(seed: int, extra: str = "") -> str:
    draw = random.Random(seed)
    sentences = [
        f"The {draw.choice(WORDS)} near the {draw.choice(WORDS)} was {seed} years old when the "
        f"{draw.choice(WORDS)} was opened, and the {draw.choice(WORDS)} stayed as it had been before."
        for _ in range(6)
    ]
    body = "".join(f"<p>{' '.join(sentences[start : start + 2])}</p>" for start in (0, 2, 4))
    return (
        f"<html lang=en><head><title>Story {seed}</title></head><body><div class=story><h1>Story {seed}</h1>"
        f"<h2>Background</h2>{body}{extra}<p>{NOTE}</p></div></body></html>"
    )


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


@pytest.fixture(scope="module")
def pages() -> list[str]:
    return [story(number) for number in range(8)]


def test_what_stands_on_every_page_of_a_site_goes(pages: list[str]) -> None:
    profile = learn_site_profile(pages)
    alone, known = extract(story(99)), extract(story(99), profile=profile)
    assert NOTE in texts(alone)
    assert texts(known) == [text for text in texts(alone) if text != NOTE]
    assert "Background" in texts(known), "a heading is never held against repetition"


def test_a_page_that_was_learned_from_is_not_held_against_itself(pages: list[str]) -> None:
    profile = learn_site_profile(pages)
    assert texts(extract(pages[3], profile=profile)) == [
        text for text in texts(extract(pages[3])) if text != NOTE
    ]
    twice = learn_site_profile([pages[0], pages[0].replace("</body>", "<!-- again --></body>"), story(1)])
    assert len(twice.pages) == 3
    own = texts(extract(story(1), profile=twice))
    assert [text for text in own if text != NOTE] == [
        text for text in texts(extract(story(1))) if text != NOTE
    ]


def test_a_short_repeated_line_goes_and_says_why(pages: list[str]) -> None:
    line = "<p>Reading time: four minutes, says the clock.</p>"
    profile = learn_site_profile([story(number, line) for number in range(5)])
    reasons = {v.block.text: (v.kept, v.reason) for v in explain(story(99, line), profile=profile)}
    kept, _ = reasons["Reading time: four minutes, says the clock."]
    assert not kept


def test_versions_together_use_it_too(pages: list[str]) -> None:
    profile = learn_site_profile(pages)
    for document in extract_versions([story(50), story(51)], profile=profile):
        assert NOTE not in texts(document)


def test_a_profile_is_saved_and_read(pages: list[str], tmp_path: Path) -> None:
    profile = learn_site_profile(pages)
    path = tmp_path / "site.json"
    write_site_profile(profile, path)
    again = read_site_profile(path)
    assert (again.pages, again.texts) == (profile.pages, profile.texts)
    assert extract(story(99), profile=again) == extract(story(99), profile=profile)
    assert NOTE[:20] not in path.read_text(encoding="utf-8"), "no text of the site is in it"


NAMED = '{"format": "corpusalign site profile 1"'


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"format": "other"}',
        f"{NAMED}}}",
        f'{NAMED}, "pages": [], "texts": {{}}, "places": {{}}}}',
        f'{NAMED}, "pages": ["a", "b", "c"], "texts": {{}}, "places": {{"/html p": [-3, 1.0]}}}}',
        f'{NAMED}, "pages": ["a", "b", "c"], "texts": {{}}, "places": {{"/html p": [1, NaN]}}}}',
        f'{NAMED}, "pages": ["a", "b", "c"], "texts": {{"d": Infinity}}, "places": {{}}}}',
    ],
)
def test_another_file_is_no_profile(content: str, tmp_path: Path) -> None:
    path = tmp_path / "site.json"
    path.write_text(content)
    with pytest.raises(FormatError, match="is no site profile"):
        read_site_profile(path)
    with pytest.raises(FormatError, match="cannot be read"):
        read_site_profile(tmp_path / "none.json")


def test_too_few_pages_show_nothing(pages: list[str]) -> None:
    with pytest.raises(ExtractError, match="give 2 that can be read"):
        learn_site_profile([pages[0], pages[1], pages[0], b"\x89PNG\r\n", ""])


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.html").write_text(story(number), encoding="utf-8")
    page, profile = tmp_path / "page.html", tmp_path / "site.json"
    page.write_text(story(99), encoding="utf-8")
    assert main(["learn", str(folder), "-o", str(profile)]) == 0
    assert "pages     5" in capsys.readouterr().out
    assert main(["extract", str(page)]) == 0
    assert NOTE in capsys.readouterr().out
    assert main(["extract", str(page), "--site-profile", str(profile)]) == 0
    assert NOTE not in capsys.readouterr().out
    assert main(["learn", str(folder), "-o", str(profile), "--limit", "2"]) == 1
    assert "give more pages of the site" in capsys.readouterr().err
