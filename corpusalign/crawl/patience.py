"""How long a site whose addresses fail is asked on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from urllib.parse import urlsplit

from corpusalign.errors import FetchError
from corpusalign.fetch.session import BusyError, NotAskedError, Session
from corpusalign.languages.addresses import site_of

MAX_FAILURES = 10
"""Failures in a row after which a site is asked whether it is there at all."""


class Patience:
    """The failures in a row of each site, and the address by which to see whether it is still there.

    A site may have a folder of dead addresses, and be well. So after `MAX_FAILURES` of them an address that
    answered before is asked anew: where it still does, the crawl goes on. A server that is too busy, and
    says so, is not asked once more.
    """

    def __init__(self, session: Session, answering: Mapping[str, str]) -> None:
        """Begin with an address of each site that is known to answer, or worth a try."""
        self._session = session
        self._answering = dict(answering)
        self._in_a_row: Counter[str] = Counter()
        self._busy: set[str] = set()

    def answered(self, address: str) -> None:
        """Note an address that answered."""
        site = _site(address)
        self._answering[site] = address
        self._in_a_row[site] = 0
        self._busy.discard(site)

    def failed(self, address: str, error: FetchError) -> None:
        """Note an address that failed. What was not even asked says nothing about the site."""
        if isinstance(error, NotAskedError):
            return
        site = _site(address)
        self._in_a_row[site] += 1
        if isinstance(error, BusyError):
            self._busy.add(site)

    def has_ended(self, site: str) -> bool:
        """Say whether a site is to be left alone, which may take a request to it."""
        if self._in_a_row[site] < MAX_FAILURES:
            return False
        place = self._answering.pop(site, None)
        if place is None or site in self._busy or not self._session.is_up(place):
            return True
        self.answered(place)
        return False


def _site(address: str) -> str:
    return site_of(urlsplit(address).netloc)
