"""What this process remembers of the hosts that it visits: when it may come again, and their robots.txt."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from corpusalign.fetch.robots import Robots

ROBOTS_LIFE = 24 * 3600.0
"""Seconds after which a robots.txt is asked for again (RFC 9309, section 2.4)."""


@dataclass(slots=True)
class _Host:
    next_turn: float = 0.0
    robots: Robots | None = None
    robots_until: float = 0.0


@dataclass(slots=True)
class Hosts:
    """A book of hosts, safe to share between threads; times are of the monotonic clock."""

    _hosts: dict[str, _Host] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take_turn(self, host: str, delay: float) -> float:
        """Book the next turn, `delay` seconds after the one before, and return the seconds until it."""
        with self._lock:
            entry = self._hosts.setdefault(host, _Host())
            now = time.monotonic()
            turn = max(now, entry.next_turn)
            entry.next_turn = turn + delay
            return turn - now

    def hold(self, host: str, seconds: float) -> None:
        """Let nobody turn to the host for so many seconds from now, as it asked with Retry-After."""
        with self._lock:
            entry = self._hosts.setdefault(host, _Host())
            entry.next_turn = max(entry.next_turn, time.monotonic() + seconds)

    def robots(self, origin: str) -> Robots | None:
        """Return what an origin's robots.txt said, None if it was not asked or too long ago."""
        with self._lock:
            entry = self._hosts.get(origin)
            return entry.robots if entry and time.monotonic() < entry.robots_until else None

    def keep_robots(self, origin: str, robots: Robots) -> None:
        """Remember what an origin's robots.txt says."""
        with self._lock:
            entry = self._hosts.setdefault(origin, _Host())
            entry.robots, entry.robots_until = robots, time.monotonic() + ROBOTS_LIFE


HOSTS = Hosts()
"""The book of this process: manners do not begin anew with each call."""
