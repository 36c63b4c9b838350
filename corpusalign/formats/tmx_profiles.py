"""What translation tools ask of a TMX beyond the standard.

Trados imports memories of two languages and segments of at most 2,000 characters (RWS documentation,
"Importing TM content" and the Studio API's "Importing content into a translation memory"), named with their
regions. Wordfast wants codes of at most five letters, in capitals. Weblate names Chinese by its script. memoQ
and OmegaT take what the standard allows; the codes that a tool wants for a language are in
`languages/<code>/tools.txt`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from corpusalign.errors import FormatError
from corpusalign.formats.codes import outward
from corpusalign.languages import entries, known

Profile = Literal["generic", "omegat", "trados", "memoq", "weblate", "wordfast"]


@dataclass(frozen=True, slots=True)
class Demands:
    """What a tool takes: pairs of languages only, segments and codes of at most so many characters."""

    tool: str
    pairs_only: bool = False
    longest: int | None = None
    longest_code: int | None = None

    def code(self, language: str) -> str | None:
        """Return what the tool calls a language, None where it has no code that the tool could take."""
        code = _called(self.tool, language) or outward(language)
        if code is not None and self.longest_code is not None and len(code) > self.longest_code:
            return None
        return code


_DEMANDS = (
    Demands("generic"),
    Demands("omegat"),
    Demands("trados", pairs_only=True, longest=2000),
    Demands("memoq"),
    Demands("weblate"),
    Demands("wordfast", pairs_only=True, longest_code=5),
)


def demands_of(profile: str, path: str) -> Demands:
    """Return what a tool asks for. Raises FormatError for a tool that nobody knows."""
    for demands in _DEMANDS:
        if demands.tool == profile:
            return demands
    tools = ", ".join(demands.tool for demands in _DEMANDS)
    raise FormatError(path, f"no TMX profile is called {profile!r}", f"use one of: {tools}")


@cache
def _called(tool: str, language: str) -> str | None:
    if language not in known():
        return None
    for line in entries(language, "tools"):
        name, _, code = line.partition("=")
        if name.strip() == tool:
            return code.strip()
    return None
