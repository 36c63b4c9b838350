"""XML from strangers, element by element: in constant memory, and never taken in by its tricks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Protocol

from lxml import etree

from corpusalign.errors import FormatError

# What libxml2 appends to its messages, and the error says before them.
_PLACE = re.compile(r", line \d+, column \d+$")
# libxml2 keeps no line numbers beyond this one.
_LAST_LINE = 65535
# No real unit is near this size; a file that goes on longer without ending one is no memory.
_UNIT_LIMIT = 16 << 20


class Readable(Protocol):
    """What can be read in pieces."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, so many at most; nothing at the end."""


def elements(
    stream: Readable,
    path: str,
    *,
    root: Collection[str],
    unit: str,
    others: Collection[str] = (),
    starts: bool = False,
) -> Iterator[tuple[str, etree._Element]]:
    """Yield ("end", element) for each element named `unit` or in `others`; the next one forgets it.

    With `starts`, also ("start", element) when one begins: its attributes are known, its contents not. Names
    are local: any namespace will do, and none. Comments and processing instructions are not there.

    Raises FormatError, naming the line, for a file that is not well-formed, whose outermost element is none
    of `root` (empty: any will do), that is nested more than 256 deep, has a text of more than 10 MB, or goes
    on for more than 16 MiB without ending one of the elements. Nothing but the stream is read; entities are
    not expanded.
    """
    guard = _Guard(stream, path)
    events = etree.iterparse(
        guard,
        events=("start", "end") if starts else ("end",),
        tag=[f"{{*}}{tag}" for tag in (unit, *others)],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    names = LocalNames()
    units = 0
    try:
        for pair in events:
            yield pair
            event, element = pair
            if event == "end":
                if names[element.tag] == unit:
                    units += 1
                if guard.since_element:
                    guard.since_element = 0
                    _sweep(element)
    except etree.XMLSyntaxError as error:
        raise FormatError(
            f"{path}: line {error.lineno}",
            f"is not well-formed XML after {units} units: {_PLACE.sub('', error.msg or '')}",
            "mend or export the file again",
        ) from error
    found = None if events.root is None else etree.QName(events.root).localname
    if root and found not in root:
        wanted = next(iter(root))
        raise FormatError(
            path,
            f"is not {wanted.upper()}: its outermost element is <{found}>",
            f"give a file with <{wanted}>",
        )


def _sweep(element: etree._Element) -> None:
    """Forget an element that has ended and all before it; those that it stands in are still being read."""
    element.clear()
    before = element
    while (parent := before.getparent()) is not None:
        del parent[: parent.index(before)]
        before = parent


def line_of(element: etree._Element) -> int | None:
    """Return the line where an element begins, None where the parser no longer knows."""
    line = element.sourceline
    return line if isinstance(line, int) and line < _LAST_LINE else None


def text_of(element: etree._Element, codes: Collection[str], where: str) -> str:
    """Return the text of an element and of all in it, but for the contents of elements named in `codes`.

    `where` names the place in the FormatError that an entity raises: none is expanded.
    """
    if len(element) == 0:
        return element.text or ""
    return "".join(_pieces(element, codes, where))


def _pieces(element: etree._Element, codes: Collection[str], where: str) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag is etree.Entity:
            raise FormatError(where, f"uses the entity {child.text}", "expand the entities of the file first")
        if etree.QName(child).localname not in codes:
            yield from _pieces(child, codes, where)
        yield child.tail or ""


class LocalNames(dict[object, str]):
    """A tag's name without its namespace, worked out once a tag; what is no element has none."""

    def __missing__(self, tag: object) -> str:
        """Work out and keep a name."""
        name = tag.rpartition("}")[2] if isinstance(tag, str) else ""
        self[tag] = name
        return name


class _Guard:
    """The stream as the parser reads it, counting the bytes since the last whole element."""

    def __init__(self, stream: Readable, path: str) -> None:
        self._stream = stream
        self._path = path
        self.since_element = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.since_element += len(data)
        if self.since_element > _UNIT_LIMIT:
            raise FormatError(
                self._path,
                f"holds a unit, or something else, of more than {_UNIT_LIMIT >> 20} MiB",
                "give a translation memory",
            )
        return data
