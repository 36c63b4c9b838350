"""A polite reader of the web: robots.txt obeyed, turns taken, failures retried, nothing asked twice."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from corpusalign.errors import FetchError
from corpusalign.fetch import MAX_BYTES
from corpusalign.fetch import robots as robots_txt
from corpusalign.fetch.answer import Answer
from corpusalign.fetch.cache import Cache, Stored
from corpusalign.fetch.hosts import HOSTS
from corpusalign.fetch.http import WITH_CONTENT, Client, TransientError, status_line
from corpusalign.fetch.network import Deadline
from corpusalign.fetch.robots import CLOSED, Robots

MAX_REDIRECTS = 10

MAX_WAIT = 120.0
"""Seconds that a host may ask to be left alone (Retry-After, Crawl-delay) before a page is given up."""

_REDIRECTS = (301, 302, 303, 307, 308)
RETRIED = (429, 500, 502, 503, 504)
"""Statuses that may pass: asked again at once as often as the session retries, and by a later crawl."""

_KEPT = (*WITH_CONTENT, *_REDIRECTS, 404, 410)


class NotAskedError(FetchError):
    """The address was not asked for: robots.txt closes it, or the cache, all there is to read, lacks it."""


class BusyError(FetchError):
    """The host asks to be left alone for a time."""


class Session:
    """Fetches of one purpose, sharing connections, cookies and a cache; use it in a `with` statement.

    The options are those of `corpusalign.fetch`, which says what they mean. The book of turns and of
    robots.txt is the process's.
    """

    def __init__(
        self,
        *,
        timeout: float = 30.0,
        max_bytes: int = MAX_BYTES,
        allow_private: bool = False,
        robots: bool = True,
        delay: float = 1.0,
        retries: int = 2,
        cache: str | os.PathLike[str] | None = None,
        offline: bool = False,
        contact: str | None = None,
    ) -> None:
        if offline and cache is None:
            raise ValueError("offline: there is nothing to read without a cache")
        if contact is not None and not (contact.isascii() and contact.isprintable()):
            raise ValueError("contact: an e-mail or web address in ASCII is needed")
        self._timeout = timeout
        self._robots = robots
        self._delay = delay
        self._retries = retries
        self._cache = Cache(cache) if cache is not None else None
        self._offline = offline
        self._client = Client(max_bytes=max_bytes, allow_private=allow_private, contact=contact)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def get(self, url: str) -> Answer:
        """Return the page of an address, redirects followed; its `url` is the place that answered in the end.

        Raises FetchError for everything but a page, also where robots.txt asks to stay away.
        """
        where, answer = self._followed(url)
        if answer.status not in WITH_CONTENT:
            raise refusal(where, answer.status)
        return answer

    def ask(self, url: str) -> Answer:
        """Return the last answer of an address, redirects followed, whatever its status."""
        return self._followed(url)[1]

    def _followed(self, url: str) -> tuple[str, Answer]:
        """Return the last answer, and what to call its place in errors."""
        deadline = Deadline(self._timeout)
        where, place = url, _parse(url, url)
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._answer(where, str(place), deadline)
            target = answer.headers.get("location")
            if answer.status not in _REDIRECTS or not target:
                return where, answer
            place = _parse(url, target, base=place)
            where = f"{url} (now at {place})"
        fault = f"redirects more than {MAX_REDIRECTS} times"
        raise FetchError(url, fault, "open it in a browser and give the last address")

    def visit(self, url: str) -> Answer:
        """Return the answer of one address, redirects not followed, whatever its status."""
        return self._answer(url, str(_parse(url, url)), Deadline(self._timeout))

    def is_up(self, url: str) -> bool:
        """Say whether a server answers an address at this moment, whatever the cache holds."""
        if self._offline:
            return False
        try:
            rules = self.robots(url)
            if not rules.allows(url):
                return False
            delay = max(self._delay, rules.delay or 0.0)
            answer = self._asked(url, str(_parse(url, url)), Deadline(self._timeout), delay, None)
        except FetchError:
            return False
        return answer.status not in RETRIED

    def robots(self, url: str, where: str | None = None) -> Robots:
        """Return what the robots.txt of an address's host says; nothing where robots.txt is not obeyed.

        RFC 9309: where there is none (a status of 4xx), all is allowed; where the server fails, nothing is.
        Errors name `where` (the address), since it is the page that was asked for.
        """
        if not self._robots:
            return Robots()
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        known = HOSTS.robots(origin)
        if known is None:
            known = self._read_robots(where or url, f"{origin}/robots.txt")
            if not self._offline:
                HOSTS.keep_robots(origin, known)
        return known

    def _read_robots(self, where: str, url: str) -> Robots:
        deadline = Deadline(self._timeout)
        place = _parse(where, url)
        for _ in range(MAX_REDIRECTS + 1):
            try:
                answer = self._known_or_asked(where, str(place), deadline, self._delay)
            except NotAskedError:
                # Replayed from a cache that was filled without asking for it.
                return Robots()
            target = answer.headers.get("location")
            if answer.status not in _REDIRECTS or not target:
                break
            place = _parse(where, target, base=place)
        if answer.status in WITH_CONTENT:
            return robots_txt.parse(answer.content[: robots_txt.MAX_BYTES].decode("utf-8", "replace"))
        return CLOSED if answer.status >= 500 or answer.status == 429 else Robots()

    def _answer(self, where: str, url: str, deadline: Deadline) -> Answer:
        rules = self.robots(url, where)
        if not rules.allows(url):
            fault = (
                "robots.txt asks crawlers to stay away" if rules is not CLOSED else "robots.txt cannot be had"
            )
            raise NotAskedError(where, fault, "respect it, or save the page from a browser and give the file")
        return self._known_or_asked(where, url, deadline, max(self._delay, rules.delay or 0.0))

    def _known_or_asked(self, where: str, url: str, deadline: Deadline, delay: float) -> Answer:
        """Return an answer from the cache where it holds, else the server's, kept."""
        stored = self._cache.find(url) if self._cache else None
        if stored is not None and (self._offline or stored.is_fresh()):
            return stored.answer
        if self._offline:
            raise NotAskedError(where, "is not in the cache", "fetch it once with the network")
        answer = self._asked(where, url, deadline, delay, stored)
        if self._cache is not None:
            if answer.status == 304 and stored is not None:
                return self._cache.renew(url, stored, answer.headers)
            if answer.status in _KEPT:
                self._cache.keep(url, answer)
        return answer

    def _asked(self, where: str, url: str, deadline: Deadline, delay: float, stored: Stored | None) -> Answer:
        host = urlsplit(url).netloc
        validators = stored.validators() if stored else {}
        for attempt in range(self._retries + 1):
            self._wait_turn(where, host, deadline, delay)
            last = attempt == self._retries
            # Back-off doubles, and is spread so that many readers do not come back at once.
            pause = 2**attempt * random.uniform(0.75, 1.25)
            try:
                answer = self._client.get(where, url, deadline, validators)
            except TransientError:
                if last:
                    raise
            else:
                asked_for = _retry_after(answer) if answer.status in RETRIED else None
                if last and asked_for:
                    # This page is given up; the next one of the host waits as long.
                    HOSTS.hold(host, asked_for)
                if answer.status not in RETRIED or last:
                    return answer
                pause = asked_for or pause
            HOSTS.hold(host, pause)
        raise AssertionError("the last attempt returns or raises")

    def _wait_turn(self, where: str, host: str, deadline: Deadline, delay: float) -> None:
        wait = HOSTS.take_turn(host, delay)
        if wait > MAX_WAIT:
            raise BusyError(where, f"{host} asks to be left alone for {wait:.0f} seconds", "try again later")
        deadline.extend(wait)
        time.sleep(wait)


@contextmanager
def open_session(session: Session | None) -> Iterator[Session]:
    """Lend a session that is there, or one with the defaults that is closed afterwards."""
    if session is not None:
        yield session
    else:
        with Session() as opened:
            yield opened


def _retry_after(answer: Answer) -> float | None:
    """Return the seconds of a Retry-After header, given as such or as a date (RFC 9110, section 10.2.3)."""
    value = answer.headers.get("retry-after", "").strip()
    if value.isdecimal():
        return float(value[:9])
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _parse(asked: str, target: str, base: httpx.URL | None = None) -> httpx.URL:
    """Return an address in full, without its fragment; a redirect's target is relative to where it stood."""
    try:
        parsed = httpx.URL(target.strip()) if base is None else base.join(target.strip())
        host = parsed.host
    except (httpx.InvalidURL, ValueError) as error:
        fault = f"{target!r} is not a well-formed address ({error})"
        raise FetchError(asked, fault, "check the address") from None
    if parsed.scheme not in ("http", "https"):
        if base is None:
            raise FetchError(asked, "is no http(s) address", "give an http:// or https:// address")
        raise FetchError(asked, f"redirects to {target!r}", "only http and https are followed")
    if not host:
        raise FetchError(asked, "names no host", "check the address")
    return parsed.copy_with(fragment=None)


def refusal(where: str, status: int) -> FetchError:
    """Return the error of a status that brings no page."""
    return FetchError(where, f"the server answered {status_line(status)}", _remedy(status))


def settled(answer: Answer) -> Answer:
    """Return an answer that will stay.

    Raises FetchError for that of a server that fails now, BusyError for one that is asked too much (429, or
    503 with Retry-After).
    """
    if answer.status not in RETRIED:
        return answer
    error = refusal(answer.url, answer.status)
    if answer.status == 429 or (answer.status == 503 and "retry-after" in answer.headers):
        raise BusyError(error.where, error.fault, error.remedy)
    raise error


def _remedy(status: int) -> str:
    if status in (401, 403, 407, 451):
        return "save the page from a browser that may read it and give the file"
    if status == 429 or status >= 500:
        return "try again later"
    return "check the address"
