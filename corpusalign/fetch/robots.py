"""robots.txt as RFC 9309 reads it, with the Crawl-delay and Sitemap lines that sites add to it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

PRODUCT = "corpusalign"
"""The product token that a robots.txt names to address this crawler."""

MAX_BYTES = 500 * 1024
"""How much of a robots.txt is read (RFC 9309, section 2.5)."""

_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_TOKEN = re.compile(r"[A-Za-z_-]+|\*")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(frozen=True, slots=True)
class Rule:
    """One Allow or Disallow line: a path pattern, `*` standing for anything and a last `$` for the end."""

    pattern: str
    allow: bool


@dataclass(frozen=True, slots=True)
class Robots:
    """What a site asks of this crawler; `delay` in seconds between requests, None where it asks for none."""

    rules: tuple[Rule, ...] = ()
    delay: float | None = None
    sitemaps: tuple[str, ...] = ()

    def allows(self, url: str) -> bool:
        """Say whether a page may be fetched: the longest pattern that matches decides, Allow on a tie."""
        parts = urlsplit(url)
        path = _normal(parts.path or "/") + (f"?{_normal(parts.query)}" if parts.query else "")
        if path == "/robots.txt":
            return True
        best = (-1, True)
        for rule in self.rules:
            if matches(rule.pattern, path):
                best = max(best, (len(rule.pattern), rule.allow))
        return best[1]


CLOSED = Robots(rules=(Rule("/", allow=False),))
"""A site whose robots.txt cannot be had for a fault of its own counts as closed (section 2.3.1.4)."""


def matches(pattern: str, path: str) -> bool:
    """Say whether a pattern matches the beginning of a path, in time linear in both for any pattern."""
    anchored = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    position = len(first)
    if not others:
        return not anchored or position == len(path)
    last = others.pop() if anchored else ""
    for piece in others:
        # The leftmost place leaves the most room for the pieces after it.
        found = path.find(piece, position)
        if found == -1:
            return False
        position = found + len(piece)
    return not anchored or (path.endswith(last) and len(path) - len(last) >= position)


def parse(text: str, product: str = PRODUCT) -> Robots:
    """Return what a robots.txt says to `product`: the groups that name it, else those for `*`, together."""
    sitemaps: list[str] = []
    groups: list[tuple[list[str], list[Rule], list[float]]] = []
    in_agents = False
    for key, value in _lines(text):
        if key == "sitemap":
            sitemaps.append(value)
        elif key == "user-agent":
            if not in_agents:
                groups.append(([], [], []))
            in_agents = True
            token = _TOKEN.match(value)
            groups[-1][0].append(token[0].lower() if token else "")
        elif groups:
            in_agents = False
            _, rules, delays = groups[-1]
            if key in ("allow", "disallow") and value:
                rules.append(Rule(_normal_pattern(value), allow=key == "allow"))
            elif key == "crawl-delay":
                delays.extend(_seconds(value))
    return _chosen(groups, product.lower(), tuple(sitemaps))


def _chosen(
    groups: Sequence[tuple[list[str], list[Rule], list[float]]], product: str, sitemaps: tuple[str, ...]
) -> Robots:
    mine = [group for group in groups if product in group[0]] or [
        group for group in groups if "*" in group[0]
    ]
    delays = [delay for group in mine for delay in group[2]]
    return Robots(
        rules=tuple(rule for group in mine for rule in group[1]),
        delay=max(delays) if delays else None,
        sitemaps=sitemaps,
    )


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.removeprefix("\ufeff")[:MAX_BYTES].splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield key.strip().lower(), value.strip()


def _seconds(value: str) -> list[float]:
    try:
        seconds = float(value)
    except ValueError:
        return []
    return [seconds] if seconds >= 0 and math.isfinite(seconds) else []


def _normal_pattern(pattern: str) -> str:
    anchored = pattern.endswith("$")
    return "*".join(map(_normal, pattern.removesuffix("$").split("*"))) + "$" * anchored


def _normal(path: str) -> str:
    """Escape alike what may be written in two ways: only unreserved characters stay themselves (2.2.2)."""
    escaped = quote(path, safe="/%?&=:;+,@!$'()*[]|~#")
    return _ESCAPE.sub(
        lambda code: one if (one := unquote(code[0])) in _UNRESERVED else code[0].upper(), escaped
    )
