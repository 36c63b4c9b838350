"""The block walk: a page's element tree -> the blocks of text that a reader sees, in reading order.

Text is joined as a browser shows it: white space collapses, inline elements add nothing, `<br>` ends a line,
an element that starts on its own line starts a block. Offsets into a block's text therefore mean what a
reader sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree
from lxml.etree import _Element as Element

from corpusalign.extract.marks import TAG_MARKS, marks_of, marks_of_element
from corpusalign.extract.paragraphs import paragraphs_of_lines
from corpusalign.extract.tables import data_tables
from corpusalign.extract.tree import MAX_DEPTH, Gathered, elements, gather
from corpusalign.types import Block, BlockKind

_UNSEEN, _BLOCK, _LISTS = elements("unseen"), elements("block"), elements("list")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_KINDS: dict[str, BlockKind] = {
    "li": "list_item",
    "dt": "list_item",
    "dd": "list_item",
    "figcaption": "caption",
    "caption": "caption",
    "blockquote": "quote",
    "pre": "preformatted",
    "xmp": "preformatted",
    "listing": "preformatted",
    "plaintext": "preformatted",
}

# Other elements are of the kind of the element around them.
_OF_THEIR_KIND = frozenset((*_HEADINGS, *_KINDS, *_LISTS, "td", "th"))

# HTML's own white space; no-break and ideographic spaces are characters like any other.
_SPACE = re.compile("[\x00-\x20]+")
_LINK_START, _LINK_END, _LINE_END = "\x02", "\x03", "\n"
_LINK_MARK = re.compile("[\x02\x03]")
_SHOWN_AS_BLOCK = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)")

# A heading with more text than this is an unclosed tag, and no heading.
_LONGEST_HEADING = 500
# Shorter texts for readers without scripts say that scripts are wanted.
_MUCH_UNSCRIPTED = 1000
_LAST_STEP = re.compile(r"\[\d+\]$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A block before its verdict, and what its surroundings say about it.

    `tag` is the element that holds the text, `frame` that element's number among the page's block elements;
    `link_chars` and `links` count what is linked; `marks` unites the marks of all elements around the text,
    `near_marks` those of its own element, of that one's parent, and of the inline elements in it;
    `part` of `parts` numbers the blocks that line breaks made of one run of text; `images` are the names of
    the image files between the block before and the end of this one.
    """

    block: Block
    tag: str
    frame: int
    depth: int
    link_chars: int
    links: int
    marks: int
    near_marks: int = 0
    part: int = 0
    parts: int = 1
    images: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Walk:
    """A page's candidates, and its block elements, numbered in document order.

    Each element has a parent (an earlier number), an end (the elements from its own number up to there lie
    within it), a template (two share a number if their tags and class names agree all the way up to the
    root), a tag, and marks of its own.
    """

    candidates: tuple[Candidate, ...]
    parents: tuple[int, ...]
    ends: tuple[int, ...]
    templates: tuple[int, ...]
    tags: tuple[str, ...]
    marks: tuple[int, ...]


@dataclass(slots=True)
class _Frame:
    """An open block element and what its text would be; the path is made where a block needs it."""

    number: int
    tag: str
    kind: BlockKind
    level: int
    lists: int
    marks: int
    own_marks: int
    path: str | None
    steps: int
    whole: bool


def template_place(path: str) -> str:
    """Return the place of a block in its page's template: the path of its element less its own number."""
    return _LAST_STEP.sub("", path)


def walk(root: Element, gathered: Gathered | None = None) -> Walk:
    """Return the blocks of a page (of which `gather` made `gathered`) and the tree of its block elements.

    Where scripts would write nearly all of the text, what the page says to readers without scripts counts as
    shown. Linear in the size of the page: no element is looked at more than a fixed number of times.
    """
    named = (gathered or gather(root)).named
    tables = data_tables(named["table"])
    walker = _Walker(tables, _UNSEEN)
    walker.run(root)
    shown = sum(len(candidate.block.text) for candidate in walker.candidates)
    if _unscripted(named["noscript"]) > max(_MUCH_UNSCRIPTED, 2 * shown):
        walker = _Walker(tables, _UNSEEN - {"noscript"})
        walker.run(root)
    return walker.found()


def _unscripted(noscripts: Iterable[Element]) -> int:
    """Count the characters for readers without scripts; an element within another is counted once."""
    return sum(
        sum(map(len, element.itertext()))
        for element in noscripts
        if next(element.iterancestors("noscript"), None) is None
    )


class _Walker:
    """The state of one walk: the open frames, the run of text being gathered, and what was found."""

    def __init__(self, tables: frozenset[Element], unseen: frozenset[str]) -> None:
        self.tables = tables
        self.unseen = unseen
        self.candidates: list[Candidate] = []
        self.parents: list[int] = [0]
        self.templates: list[int] = [0]
        self.ends: list[int] = [0]
        self.tags: list[str] = [""]
        self.marks: list[int] = [0]
        self.template_numbers: dict[tuple[int, str, str], int] = {}
        self.frames = [_Frame(0, "body", "paragraph", 0, 0, 0, 0, "", 0, False)]
        # The steps of the path of the element that is open.
        self.steps: list[tuple[str, int]] = []
        self.text: list[str] = []
        self.images: list[str] = []
        self.links_open = 0
        self.inner_marks = 0
        # Frames that are one block whatever they hold (headings, data cells), and those that keep white
        # space.
        self.whole = 0
        self.preformatted = 0

    def run(self, root: Element) -> None:
        events = etree.iterwalk(root, events=("start", "end"))
        # The open elements: each one's step of the path, and how many children of each name it has had so far
        # (counted once it has any).
        steps = self.steps
        counts: list[dict[str, int] | None] = [None]
        text, frames, read, unseen = self.text, self.frames, self.read, self.unseen
        for event, element in events:
            if event == "end":
                counts.pop()
                if frames[-1].steps == len(steps):
                    self.close()
                elif self.links_open and element.tag == "a":
                    self.links_open -= 1
                    text.append(_LINK_END)
                steps.pop()
                if tail := element.tail:
                    read(tail)
                continue
            tag = element.tag
            siblings = counts[-1]
            if siblings is None:
                siblings = counts[-1] = {}
            index = siblings[tag] = siblings.get(tag, 0) + 1
            steps.append((tag, index))
            counts.append(None)
            if tag in unseen or (tag == "button" and frames[-1].kind != "heading"):
                events.skip_subtree()
                continue
            if tag in _BLOCK or ((style := element.get("style")) and _SHOWN_AS_BLOCK.search(style)):
                self.open(element, tag, element.items())
            else:
                if name := element.get("class"):
                    self.inner_marks |= marks_of(tag, name, None)
                if tag == "a":
                    self.links_open += 1
                    text.append(_LINK_START)
                elif tag == "br":
                    text.append(" " if self.whole else _LINE_END)
                elif tag == "img" and (source := element.get("src")):
                    self.images.append(source)
            if inner := element.text:
                read(inner)
        if text:
            self.flush()

    def found(self) -> Walk:
        self.ends[0] = len(self.parents)
        return Walk(
            tuple(self.candidates),
            tuple(self.parents),
            tuple(self.ends),
            tuple(self.templates),
            tuple(self.tags),
            tuple(self.marks),
        )

    def read(self, text: str) -> None:
        if self.preformatted:
            self.text.append(text)
        elif text.isspace() and text.isascii():
            # Most texts are no more than this; at the start of a run it is not shown.
            if self.text:
                self.text.append(" ")
        else:
            # What is printable has no white space but single spaces.
            plain = text.isprintable() and "  " not in text
            self.text.append(text if plain else _SPACE.sub(" ", text))

    def open(self, element: Element, tag: str, attributes: list[tuple[str, str]]) -> None:
        if self.text:
            self.flush()
        parent = self.frames[-1]
        name, own = "", TAG_MARKS.get(tag, 0)
        if attributes:
            named = dict(attributes)
            name, own = named.get("class", ""), marks_of_element(tag, named)
        # The names of the page's outermost boxes say what page it is, not what a block is.
        marks = parent.marks if tag in ("html", "body") else parent.marks | own
        kind, level, whole = parent.kind, parent.level, False
        if tag in _OF_THEIR_KIND:
            kind, level, whole = self.kind(element, tag, parent)
        number = len(self.parents)
        self.parents.append(parent.number)
        template = (self.templates[parent.number], tag, name)
        self.ends.append(0)
        self.tags.append(tag)
        self.marks.append(own)
        self.templates.append(self.template_numbers.setdefault(template, len(self.template_numbers) + 1))
        lists = parent.lists + (tag in _LISTS)
        self.frames.append(_Frame(number, tag, kind, level, lists, marks, own, None, len(self.steps), whole))
        self.whole += whole
        self.preformatted += kind == "preformatted"

    def kind(self, element: Element, tag: str, parent: _Frame) -> tuple[BlockKind, int, bool]:
        """Return kind and level of an element that has its own, and whether it is one block."""
        if tag in _HEADINGS:
            return ("heading", _HEADINGS[tag], True) if _is_short(element) else ("paragraph", 0, False)
        if tag in ("td", "th"):
            table = next(element.iterancestors("table"), None) if self.tables else None
            return ("table_cell", 0, True) if table in self.tables else ("paragraph", 0, False)
        if tag in _KINDS:
            kind = _KINDS[tag]
            return kind, max(1, parent.lists) if kind == "list_item" else 0, False
        # A list.
        return ("paragraph", 0, False) if parent.kind != "table_cell" else (parent.kind, parent.level, False)

    def path(self) -> str:
        """Return the path of the innermost frame, and give it to the frames on the way that lack theirs."""
        known = len(self.frames) - 1
        while (path := self.frames[known].path) is None:
            known -= 1
        start = self.frames[known].steps
        for frame in self.frames[known + 1 :]:
            # Browsers put what is nested deeper side by side; so does a path, which would else grow without
            # bound.
            if frame.steps <= MAX_DEPTH:
                path += "".join(map(_step, self.steps[start : frame.steps]))
                start = frame.steps
            frame.path = path
        return path

    def close(self) -> None:
        frame = self.frames[-1]
        self.whole -= frame.whole
        if self.text:
            self.flush()
        self.preformatted -= frame.kind == "preformatted"
        self.ends[frame.number] = len(self.parents)
        self.frames.pop()

    def flush(self) -> None:
        """End the run of text: make blocks of it, unless the frame is one block whatever it holds."""
        if self.whole:
            self.text.append(" ")
            return
        run = "".join(self.text)
        self.text.clear()
        if self.links_open:
            self.text.append(_LINK_START)
        if run.isspace():
            return
        frame = self.frames[-1]
        if frame.kind == "preformatted":
            lines = [run.strip("\n")]
        elif _LINE_END in run or "\u3000\u3000" in run:
            lines = paragraphs_of_lines(run.split(_LINE_END))
        else:
            lines = [run]
        near_marks = frame.own_marks | self.inner_marks
        if len(self.frames) > 1:
            near_marks |= self.frames[-2].own_marks
        self.inner_marks = 0
        cleaned = [(line, shown) for line in lines if (shown := _shown(line, frame.kind))]
        path = self.path() if cleaned else ""
        for part, (line, shown) in enumerate(cleaned):
            link_chars, links = _linked(line, len(shown))
            block = Block(frame.kind, frame.level, shown, path)
            self.candidates.append(
                Candidate(
                    block,
                    frame.tag,
                    frame.number,
                    len(self.frames),
                    link_chars,
                    links,
                    frame.marks,
                    near_marks,
                    part,
                    len(cleaned),
                    tuple(map(_file_name, self.images)),
                )
            )
            self.images.clear()


def _shown(line: str, kind: BlockKind) -> str:
    text = line if line.isprintable() else line.replace(_LINK_START, "").replace(_LINK_END, "")
    if kind == "preformatted":
        return text.rstrip() if text.strip() else ""
    while "  " in text:
        text = text.replace("  ", " ")
    return text.strip()


def _linked(line: str, length: int) -> tuple[int, int]:
    """Count the characters within links, and the links that have any."""
    if line.isprintable() or (_LINK_START not in line and _LINK_END not in line):
        return 0, 0
    if line.rfind(_LINK_START) == 0 and line.find(_LINK_END) == len(line) - 1:
        return length, 1
    chars = links = depth = start = 0
    for mark in _LINK_MARK.finditer(line):
        if mark.group() == _LINK_START:
            if depth == 0:
                start = mark.end()
            depth += 1
        else:
            depth = max(0, depth - 1)
            if depth == 0:
                inside = len(line[start : mark.start()].strip())
                chars += inside
                links += inside > 0
                start = mark.end()
    if depth:
        inside = len(line[start:].strip())
        chars += inside
        links += inside > 0
    return min(chars, length), links


@lru_cache(maxsize=1 << 12)
def _step(step: tuple[str, int]) -> str:
    tag, index = step
    return f"/{tag}" if index == 1 and tag in ("html", "body") else f"/{tag}[{index}]"


def _file_name(address: str) -> str:
    """Return the name of the file at an address, "" for an image that stands in the address itself."""
    if address[:5].lower() == "data:":
        return ""
    return re.split("[?#]", address, maxsplit=1)[0].rpartition("/")[2].lower()


def _is_short(element: Element) -> bool:
    length = 0
    for text in element.itertext():
        length += len(text.strip())
        if length > _LONGEST_HEADING:
            return False
    return True
