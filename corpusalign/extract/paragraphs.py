"""Runs of lines -> paragraphs: `<br>` pages, indented pages, hard-wrapped text."""

from __future__ import annotations

import re

_MARKS = "\x02\x03"
# How a line starts that starts a paragraph: the indent of Chinese typesetting, or its stand-ins.
_INDENT = re.compile(f"[{_MARKS} ]*(?:\u3000|(?:[\xa0\u2002\u2003][ {_MARKS}]*){{3}})")
_ENDED = re.compile(f"[.!?:;。！？：；…—”’\"'»›）)】』」》]+[ \xa0\u3000{_MARKS}]*$")
_INNER_INDENT = re.compile(
    f"(?<=[。！？…”」』：；.!?:]){f'[ {_MARKS}]*'}\u3000[\u3000 ]*(?=[^\u3000 {_MARKS}])"
)
_CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]")


def paragraphs_of_lines(lines: list[str]) -> list[str]:
    """Return the paragraphs of a run of text that line breaks cut into lines.

    Each line is a paragraph, unless the lines are one text that was wrapped to a width: then lines are
    joined, with a space where a script has spaces between words, until one ends a sentence and is followed by
    a new start.
    """
    wrapped_at = _wrap_width(lines)
    # The pieces of each paragraph: adding each line to what it continues would take quadratic time.
    paragraphs: list[list[str]] = []
    continues = False
    for line in lines:
        text = line.strip()
        if not text.strip(_MARKS + "\xa0\u3000 "):
            if paragraphs and text:
                paragraphs[-1].append(text.strip("\xa0\u3000 "))
            continues = False
            continue
        if continues and not _INDENT.match(line):
            pieces = paragraphs[-1]
            pieces[-1] = pieces[-1].rstrip()
            pieces += [text] if _meets_without_space(pieces[-1], text) else [" ", text]
        else:
            paragraphs.append([line])
        continues = wrapped_at > 0 and _width(text) >= wrapped_at and not _ENDED.search(text)
    return [piece for paragraph in paragraphs for piece in _split_at_indents("".join(paragraph))]


def _split_at_indents(paragraph: str) -> list[str]:
    """Split where a sentence end is followed by a wide indent: a paragraph that lost its line break."""
    if "\u3000\u3000" not in paragraph:
        return [paragraph]
    pieces: list[str] = []
    start = 0
    for gap in _INNER_INDENT.finditer(paragraph):
        if gap.group().count("\u3000") >= 2:
            pieces.append(paragraph[start : gap.start()])
            start = gap.start()
    pieces.append(paragraph[start:])
    return pieces


def _wrap_width(lines: list[str]) -> int:
    """Return the width from which a line counts as full, or 0 where the lines are paragraphs of their own."""
    texts = [line.strip() for line in lines]
    widths = sorted(_width(text) for text in texts if text)
    if len(widths) < 4:
        return 0
    # The widest line may be a stray; nine tenths of them are a better measure.
    full = widths[(len(widths) * 9) // 10]
    if not 30 <= full <= 120:
        return 0
    inner = [text for text in texts[:-1] if text and _width(text) >= 0.8 * full]
    open_ended = sum(1 for text in inner if not _ENDED.search(text))
    if len(inner) * 2 < len(widths) or open_ended * 2 < len(inner):
        return 0
    return int(0.7 * full)


def _width(text: str) -> int:
    return len(text) + len(_CJK.findall(text))


def _meets_without_space(before: str, after: str) -> bool:
    return (
        _CJK.match(after.lstrip(_MARKS)[:1]) is not None or _CJK.match(before.rstrip(_MARKS)[-1:]) is not None
    )
