"""Plain text and Markdown."""

from __future__ import annotations

import pytest

from corpusalign.extract import extract, extract_versions
from corpusalign.extract.plain import is_markdown, walk_text

TEXT = (
    "The committee met on Monday, heard two reports, and agreed to publish both. It will meet again in May."
)

MARKDOWN = f"""# A *title* of its own

{TEXT} See [the report](https://example.org/r "R") and `code`.

Second
------

- one
  - two
1. three

> said

| a | b |
|---|---|
| 1 | 2 |

```
x = 1

y = 2
```
"""


def test_markdown_blocks() -> None:
    blocks = [candidate.block for candidate in walk_text(MARKDOWN, markdown=True).candidates]
    assert [(block.kind, block.level, block.text) for block in blocks] == [
        ("heading", 1, "A title of its own"),
        ("paragraph", 0, f"{TEXT} See the report and code."),
        ("heading", 2, "Second"),
        ("list_item", 1, "one"),
        ("list_item", 2, "two"),
        ("list_item", 1, "three"),
        ("quote", 0, "said"),
        ("table_cell", 0, "a"),
        ("table_cell", 0, "b"),
        ("table_cell", 0, "1"),
        ("table_cell", 0, "2"),
        ("preformatted", 0, "x = 1\n\ny = 2"),
    ]
    assert [block.path for block in blocks[:3]] == ["line 1", "line 3", "line 5"]


def test_markdown_is_known_by_name_or_marks() -> None:
    assert is_markdown("text", "notes.md")
    assert is_markdown("# Title\n\ntext", "x")
    assert not is_markdown("No. #1 of the list\n\n- said he", "x.txt")


def test_plain_text_keeps_its_paragraphs_and_its_first_line_as_title() -> None:
    document = extract(f"The Council Meets\n\n{TEXT}\n\n{TEXT}\n", "a.txt")
    assert document.title == "The Council Meets"
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("heading", "The Council Meets"),
        ("paragraph", TEXT),
        ("paragraph", TEXT),
    ]


def test_text_without_a_title_has_none() -> None:
    document = extract(f"{TEXT}\n\n{TEXT}\n\n{TEXT}\n", "a.txt")
    assert document.title is None
    assert {block.kind for block in document.blocks} == {"paragraph"}


def _version(lang: str, title: str, text: str, odd: str) -> str:
    return (
        f"<!DOCTYPE html><html lang={lang}><head><title>{title}</title></head>"
        f"<body><div class=top><a href=x>Logo Ltd</a></div>"
        f"<div class=main><h1>{title}</h1><p>{text}</p><p>{odd}</p><p>{text}</p></div></body></html>"
    )


def test_versions_are_kept_and_dropped_alike() -> None:
    pages = [
        _version("en", "The council meets", TEXT, "No comment."),
        _version(
            "fr",
            "Le conseil se réunit",
            "Le comité s’est réuni, a entendu deux rapports, et a décidé.",
            "Rien.",
        ),
        _version("zh", "委员会开会", "委员会星期一开会，听取了两份报告，并同意将其全部公布。", "相关新闻"),
    ]
    found = extract_versions(pages, ["en.html", "fr.html", "zh.html"])
    assert [document.lang for document in found] == ["en", "fr", "zh"]
    shapes = {tuple((block.kind, block.level, block.path) for block in document.blocks) for document in found}
    assert len(shapes) == 1
    assert found[2].blocks[2].text == "相关新闻"
    assert all(dropped.block.text == "Logo Ltd" for document in found for dropped in document.dropped)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("# Rivers ##", "Rivers"),
        ("# The C# language", "The C# language"),
        ("# C#", "C#"),
        ("See [the river](https://example.org/Loire_(fleuve)) here.", "See the river here."),
        ("A **bold** `word` and *another*.", "A bold word and another."),
        ("Not a link: [a](" + "[b](" * 3, "Not a link: [a](" + "[b](" * 3),
    ],
)
def test_markdown_marks_come_off(line: str, text: str) -> None:
    (candidate,) = walk_text(line, markdown=True).candidates
    assert candidate.block.text == text
