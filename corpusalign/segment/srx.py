"""Segmentation rules in SRX 2.0 (Segmentation Rules eXchange, LISA, 2008), read from a file and followed.

At every position the first rule, in order, whose `beforebreak` ends there and whose `afterbreak` begins
there says whether the text breaks; a position that no rule knows does not. With `cascade` all the languages'
rules that match the tag apply, one set behind another, otherwise those of the first only. SRX 1.0 is read
too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from corpusalign.errors import FormatError

if TYPE_CHECKING:
    import regex
    from lxml import etree

    from corpusalign.segment.protected import Protected

# Seconds that one group of rules may take on a text, and for so many characters one more.
PATIENCE = 10.0
PATIENCE_PER_CHARACTER = 1 / 20_000
# Characters of a faulty pattern that an error shows.
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class SrxRule:
    """One rule: `breaks`, or forbids a break, between what `before` and `after` match (as in the file)."""

    breaks: bool
    before: str
    after: str
    line: int


@dataclass(frozen=True, slots=True)
class SrxRules:
    """An SRX file: which sets of rules it maps to which tags (pattern, set's name, in order), and these."""

    path: str
    cascade: bool
    languages: tuple[tuple[str, str], ...]
    sets: tuple[tuple[str, tuple[SrxRule, ...]], ...] = field(repr=False)

    @classmethod
    def read(cls, path: str | Path) -> SrxRules:
        """Read an SRX file, whatever the prefix of its namespace.

        Raises FormatError for a file that is not there, no XML, no SRX, or has a pattern that cannot be read.
        """
        try:
            content = Path(path).read_bytes()
        except OSError as error:
            raise FormatError(
                str(path), f"cannot be read ({error.strerror})", "give the path of an SRX file"
            ) from error
        return cls.parse(content, str(path))

    @classmethod
    def parse(cls, content: bytes, name: str = "rules") -> SrxRules:
        """Read SRX from bytes; `name` stands for the file in messages. Raises FormatError as `read` does."""
        root = _root(content, name)
        sets = tuple(
            (_need(part, "languagerulename", name), _rules(part)) for part in _all(root, "languagerule")
        )
        known = {title for title, _ in sets}
        languages = []
        # SRX 1.0 has several named maps; tools take the first.
        maps = next(iter(_all(root, "maprule")), root)
        for entry in _all(maps, "languagemap"):
            pattern, title = _need(entry, "languagepattern", name), _need(entry, "languagerulename", name)
            if title not in known:
                raise FormatError(
                    f"{name}, line {_line(entry)}",
                    f"maps {pattern!r} to the rules {title!r}, which are not there",
                    "correct languagerulename",
                )
            languages.append((pattern, title))
        header = next(iter(_all(root, "header")), None)
        # SRX 1.0 does not cascade; the files of 2.0 that leave it open (OmegaT's) are written for tools that
        # do.
        unsaid = "no" if root.get("version", "").startswith("1") else "yes"
        cascade = (unsaid if header is None else header.get("cascade", unsaid)).lower() == "yes"
        rules = cls(name, cascade, tuple(languages), sets)
        for pattern, _ in languages:
            _compiled(pattern, "(?i)", name, 0)
        for _, listed in sets:
            for rule in listed:
                _compiled(rule.before, "", name, rule.line)
                _compiled(rule.after, "", name, rule.line)
        return rules

    def rules_for(self, lang: str) -> tuple[SrxRule, ...]:
        """Return the rules that apply to a tag, in the order in which they are tried.

        Raises FormatError if the file maps no rules to it.
        """
        matching = [
            title
            for pattern, title in self.languages
            if _compiled(pattern, "(?i)", self.path, 0).fullmatch(lang)
        ]
        if not matching:
            raise FormatError(
                self.path, f"has no rules for {lang!r}", "pass a tag that its language maps know"
            )
        sets = dict(self.sets)
        return tuple(rule for title in (matching if self.cascade else matching[:1]) for rule in sets[title])

    def spans(
        self,
        text: str,
        lang: str,
        extra_abbreviations: frozenset[str] = frozenset(),
        protected: Protected | None = None,
    ) -> Iterator[tuple[int, int]]:
        """Cut a text into the spans of its segments, without the white space at their ends.

        Raises FormatError if no rules are for the tag, or if they take too long.
        """
        from corpusalign.segment.engine import trimmed

        at = 0
        try:
            for cut in self._breaks(text, lang, extra_abbreviations):
                if protected is None or not protected.forbids(text, cut):
                    yield from trimmed(text, at, cut)
                    at = cut
        except TimeoutError as error:
            raise FormatError(
                self.path,
                f"has rules for {lang!r} that take too long on this text",
                "simplify their patterns",
            ) from error
        yield from trimmed(text, at, len(text))

    def _breaks(self, text: str, lang: str, extra: frozenset[str]) -> Iterator[int]:
        """Give the positions where the first matching rule breaks, in order."""
        groups = _groups(self, lang, extra)
        patience = PATIENCE + len(text) * PATIENCE_PER_CHARACTER
        found: set[int] = set()
        for number, (breaks, pattern) in enumerate(groups):
            if not breaks:
                continue
            for match in pattern.finditer(text, 1, timeout=patience):
                place = match.start()
                if place == len(text) or place in found:
                    continue
                if not _forbidden(groups[:number], text, place, patience):
                    found.add(place)
        yield from sorted(found)


def _forbidden(
    groups: tuple[tuple[bool, regex.Pattern[str]], ...], text: str, place: int, patience: float
) -> bool:
    """Tell whether an earlier rule forbids the break. One that allows it has been found before."""
    return any(
        not breaks and pattern.match(text, place, timeout=patience) is not None for breaks, pattern in groups
    )


@lru_cache(maxsize=64)
def _groups(rules: SrxRules, lang: str, extra: frozenset[str]) -> tuple[tuple[bool, regex.Pattern[str]], ...]:
    """Join neighbouring rules of one kind, whose order makes no difference, into one pattern each."""
    import regex

    listed = list(rules.rules_for(lang))
    if extra:
        words = "|".join(regex.escape(word.strip().removesuffix(".")) for word in sorted(extra))
        listed.insert(0, SrxRule(False, rf"(?<![\p{{L}}\p{{N}}])(?i:{words})\.\s*", "", 0))
    groups: list[tuple[bool, list[str]]] = []
    for rule in listed:
        before, after = (
            _translated(rule.before, rules.path, rule.line),
            _translated(rule.after, rules.path, rule.line),
        )
        way = f"(?={after})(?<={before})" if after else f"(?<={before})"
        # A pattern that refers to its own groups by number cannot share them.
        if not groups or groups[-1][0] != rule.breaks or regex.search(r"\\[1-9]", way):
            groups.append((rule.breaks, []))
        groups[-1][1].append(way)
    return tuple(
        (breaks, regex.compile("|".join(f"(?:{way})" for way in ways), regex.VERSION1))
        for breaks, ways in groups
    )


def _translated(pattern: str, name: str, line: int) -> str:
    from corpusalign.segment.srx_pattern import translated

    try:
        return translated(pattern)
    except ValueError as error:
        raise _faulty(pattern, str(error), name, line) from error


@lru_cache(maxsize=4096)
def _compiled(pattern: str, flags: str, name: str, line: int) -> regex.Pattern[str]:
    import regex

    try:
        return regex.compile(flags + _translated(pattern, name, line), regex.VERSION1)
    except regex.error as error:
        raise _faulty(pattern, str(error), name, line) from error
    except RecursionError as error:
        raise _faulty(pattern, "it is nested too deep", name, line) from error


def _faulty(pattern: str, fault: str, name: str, line: int) -> FormatError:
    where = f"{name}, line {line}" if line else name
    shown = pattern if len(pattern) <= _SHOWN else f"{pattern[:_SHOWN]}…"
    return FormatError(where, f"has a pattern that cannot be read: {shown!r} ({fault})", "correct it")


def _root(content: bytes, name: str) -> etree._Element:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise FormatError(name, f"is not well-formed XML ({error})", "give an SRX file") from error
    if etree.QName(root).localname != "srx":
        raise FormatError(name, f"is XML but not SRX (its root is {root.tag!r})", "give an SRX file")
    return root


def _all(element: etree._Element, title: str) -> Iterable[etree._Element]:
    return list(element.iter("{*}" + title))


def _need(element: etree._Element, attribute: str, name: str) -> str:
    value = element.get(attribute)
    if value is None:
        tag = str(element.tag).rpartition("}")[2]
        raise FormatError(f"{name}, line {_line(element)}", f"{tag} lacks {attribute}", "add it")
    return value


def _line(element: etree._Element) -> int:
    line: object = element.sourceline
    return line if isinstance(line, int) else 0


def _rules(languagerule: etree._Element) -> tuple[SrxRule, ...]:
    return tuple(
        SrxRule(
            breaks=rule.get("break", "yes").lower() != "no",
            before=_text(rule, "beforebreak"),
            after=_text(rule, "afterbreak"),
            line=_line(rule),
        )
        for rule in _all(languagerule, "rule")
    )


def _text(rule: etree._Element, title: str) -> str:
    return "".join(str(text) for part in _all(rule, title) for text in part.itertext())
