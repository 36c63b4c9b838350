"""Plain text and Markdown -> the same candidates that a page's element tree gives."""

from __future__ import annotations

import re
from dataclasses import replace

from corpusalign.extract.blocks import Candidate, Walk
from corpusalign.extract.dateline import read_dateline
from corpusalign.extract.metadata import Head
from corpusalign.extract.paragraphs import paragraphs_of_lines
from corpusalign.extract.rules import boilerplate_rule
from corpusalign.types import Block, BlockKind

_ATX = re.compile(r"(#{1,6})\s+(.*)$")
_SETEXT = re.compile(r"(=+|-+)\s*$")
_ITEM = re.compile(r"(\s*)(?:[-*+•]|\d{1,3}[.)])\s+(?=\S)")
_FENCE = re.compile(r"\s*(```|~~~)")
_ROW = re.compile(r"\s*\|.*\|\s*$")
_RULE_ROW = re.compile(r"[\s|:-]+$")
_RULE = re.compile(r"\s*(?:[-*_]\s*){3,}$")
# Every look ahead is bounded, so that no line can make them take longer than its length.
_LINK = re.compile(
    r"(!?)\[([^][\n]{0,1000})\]\((?:[^()\s]{1,2000}|\([^()\s]{0,500}\)){0,9}+(?:\s+\"[^\"]{0,500}\")?\)"
)
_EMPHASIS = re.compile(
    r"(\*\*|__|`+)(?=\S)(.{1,400}?)(?<=\S)\1|(?<!\w)([*_])(?=\S)([^*_]{1,400}?)(?<=\S)\3(?!\w)"
)
_MARKDOWN = re.compile(r"^(?:#{1,6}\s+\S|```|\|.+\|\s*$)|\]\(https?://|^\S.*\n=+\s*$", re.MULTILINE)

_ROOT, _TEXT = 0, 1

_TITLE_WITHIN = 12
_LONGEST_TITLE = 250
_SENTENCE = re.compile("[.,;:。，；：][”’\"')）]*$")


def is_markdown(text: str, url: str) -> bool:
    """Tell Markdown by its name, or by a heading, a fence, a table or a link written its way."""
    return url.lower().endswith((".md", ".markdown")) or _MARKDOWN.search(text) is not None


def walk_text(text: str, *, markdown: bool) -> Walk:
    """Return the blocks of a plain text: what blank lines, indents and (in Markdown) marks set apart.

    A block's path is `line 12`, the line that it starts in, counted from 1.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n").split("\n")
    found: list[tuple[Block, int]] = []
    pending: list[str] = []
    started = 0

    def flush() -> None:
        line = started
        for paragraph in paragraphs_of_lines(pending):
            shown = " ".join(paragraph.split(" ")).strip()
            if shown:
                found.append(_block("paragraph", 0, shown, line, markdown))
            line += 1
        pending.clear()

    fence: list[str] | None = None
    for number, line in enumerate(lines, 1):
        if markdown and _FENCE.match(line):
            flush()
            if fence is None:
                fence, started = [], number
            else:
                found.append((Block("preformatted", 0, "\n".join(fence), f"line {started}"), 0))
                fence = None
        elif fence is not None:
            fence.append(line)
        elif not line.strip():
            flush()
        elif markdown and (heading := _ATX.match(line)):
            flush()
            title = _without_closing_marks(heading.group(2))
            found.append(_block("heading", len(heading.group(1)), title, number, markdown))
        elif markdown and len(pending) == 1 and (under := _SETEXT.match(line)):
            pending, heading_text = [], pending[0].strip()
            found.append(
                _block("heading", 1 if under.group(1)[0] == "=" else 2, heading_text, started, markdown)
            )
        elif markdown and _RULE.match(line):
            flush()
        elif markdown and (item := _ITEM.match(line)):
            flush()
            found.append(
                _block(
                    "list_item",
                    1 + len(item.group(1).expandtabs(4)) // 2,
                    line[item.end() :].strip(),
                    number,
                    markdown,
                )
            )
        elif markdown and _ROW.match(line):
            flush()
            if not _RULE_ROW.match(line):
                for cell in line.strip().strip("|").split("|"):
                    if cell.strip():
                        found.append(_block("table_cell", 0, cell.strip(), number, markdown))
        elif markdown and line.lstrip().startswith(">"):
            flush()
            quoted = line.lstrip().lstrip("> ").strip()
            if quoted:
                found.append(_block("quote", 0, quoted, number, markdown))
        else:
            if not pending:
                started = number
            pending.append(line)
    if fence:
        found.append((Block("preformatted", 0, "\n".join(fence), f"line {started}"), 0))
    flush()
    candidates = tuple(
        Candidate(block, "p", _TEXT, 4, min(linked, len(block.text)), int(linked > 0), 0)
        for block, linked in found
        if block.text
    )
    return Walk(candidates, (_ROOT, _ROOT), (2, 2), (0, 1), ("", "p"), (0, 0))


def _block(kind: BlockKind, level: int, text: str, line: int, markdown: bool) -> tuple[Block, int]:
    linked = 0
    if markdown:
        linked = sum(len(link.group(2)) for link in _LINK.finditer(text) if not link.group(1))
        text = _LINK.sub(lambda link: "" if link.group(1) else link.group(2), text)
        text = _EMPHASIS.sub(lambda mark: mark.group(2) or mark.group(4), text).strip()
    return Block(kind, level, text, f"line {line}"), linked


def _without_closing_marks(heading: str) -> str:
    """Return a heading without the marks that may close it: `## Rivers ##`, but not the last one of `C#`."""
    text = heading.rstrip()
    inner = text.rstrip("#")
    return inner.rstrip() if not inner or inner[-1].isspace() else text


def promote_title(walk: Walk, number: int) -> Walk:
    """Return the walk with one of its blocks made the first-level heading, which plain text cannot mark."""
    candidates = list(walk.candidates)
    block = candidates[number].block
    candidates[number] = replace(candidates[number], block=Block("heading", 1, block.text, block.path))
    return replace(walk, candidates=tuple(candidates))


def plain_head(walk: Walk, lang: str | None) -> tuple[Head, int | None]:
    """Find the title of a plain text: a heading, the line before the dateline, or the first line.

    A first line is a title if it is short, ends like none of a text's sentences, and is no boilerplate.
    """
    blocks = [candidate.block for candidate in walk.candidates[:_TITLE_WITHIN]]
    for number, block in enumerate(blocks):
        if block.kind == "heading":
            return Head(titles=(block.text,)), number
    lines = [number for number, block in enumerate(blocks) if boilerplate_rule(block.text) is None]
    datelines = [number for number in lines if read_dateline(blocks[number].text, lang) is not None]
    if datelines:
        lines = [line for line in lines if line < datelines[0]][-1:]
    if not lines or len(walk.candidates) < 3:
        return Head(), None
    text = blocks[lines[0]].text
    if len(text) > _LONGEST_TITLE or (not datelines and _SENTENCE.search(text)):
        return Head(), None
    return Head(titles=(text,)), lines[0]
