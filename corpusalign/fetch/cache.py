"""A folder of answers: asked for again only where they may have changed, and replayed without a network.

It is an archive of what was seen, private to its owner, so an answer is kept even where its server says
`no-store`; but it is not used in place of a new one without asking, unless the server said for how long that
holds (max-age). One entry is two files: what was asked and answered, as JSON, and the body, unpacked.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from corpusalign.errors import FetchError, FormatError
from corpusalign.fetch.answer import Answer
from corpusalign.files import atomic_binary

# What is needed to read the body, to ask whether it changed, and to follow (or not) what it leads to.
_KEPT_HEADERS = (
    "content-type",
    "content-language",
    "etag",
    "last-modified",
    "date",
    "age",
    "cache-control",
    "location",
    "link",
    "vary",
    "x-robots-tag",
)
_MAX_AGE = re.compile(r"(?:^|,)\s*max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_ALWAYS_ASK = re.compile(r"(?:^|,)\s*(?:no-store|no-cache)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer from the cache; `checked_at` is when the server last said that it is current."""

    answer: Answer
    checked_at: datetime

    def validators(self) -> dict[str, str]:
        """Return the headers of a conditional request (RFC 9110, section 13.1), as far as there are any."""
        asked = {}
        if etag := self.answer.headers.get("etag"):
            asked["If-None-Match"] = etag
        if modified := self.answer.headers.get("last-modified"):
            asked["If-Modified-Since"] = modified
        return asked

    def is_fresh(self) -> bool:
        """Say whether the server said that the answer holds until now (RFC 9111, section 4.2; no guesses)."""
        control = self.answer.headers.get("cache-control", "")
        said = _MAX_AGE.search(control)
        if said is None or _ALWAYS_ASK.search(control):
            return False
        age = self.answer.headers.get("age", "0")
        spent = (datetime.now(UTC) - self.checked_at).total_seconds() + (int(age) if age.isdecimal() else 0)
        return 0 <= spent < int(said[1])


class Cache:
    """The folder, made when the first answer is kept."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)

    def find(self, url: str) -> Stored | None:
        """Return the kept answer of an address; None if there is none, or its files are damaged."""
        about, body = self._paths(url)
        try:
            record = json.loads(about.read_bytes())
            content = body.read_bytes()
            if record["sha256"] != hashlib.sha256(content).hexdigest():
                return None
            return Stored(
                Answer(
                    url=str(record["asked"]),
                    status=int(record["status"]),
                    headers={str(name): str(value) for name, value in record["headers"].items()},
                    content=content,
                    fetched_at=str(record["fetched_at"]),
                ),
                datetime.fromisoformat(record["checked_at"]),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def keep(self, url: str, answer: Answer) -> None:
        """Keep the answer of an address. Raises FetchError where the folder cannot be written to.

        A name and a password in the address tell its entry from that of anybody else, and are not written.
        """
        about, body = self._paths(url)
        headers = {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers}
        record = {
            "asked": answer.url,
            "status": answer.status,
            "headers": headers,
            "fetched_at": answer.fetched_at,
            "checked_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "sha256": hashlib.sha256(answer.content).hexdigest(),
        }
        try:
            about.parent.mkdir(parents=True, exist_ok=True)
            # The body first: an entry whose body does not fit its digest counts as missing.
            with atomic_binary(body) as file:
                file.write(answer.content)
            with atomic_binary(about) as file:
                file.write(json.dumps(record, ensure_ascii=False, indent=1).encode())
        except (OSError, FormatError) as error:
            fault = error.fault if isinstance(error, FormatError) else str(error.strerror)
            where = str(self.folder)
            raise FetchError(where, f"the cache cannot be written ({fault})", "name another folder") from None

    def renew(self, url: str, stored: Stored, headers: Mapping[str, str]) -> Answer:
        """Keep that an answer is current, with the headers of the 304 that said so (RFC 9111, 4.3.4)."""
        fresh = {name: headers[name] for name in _KEPT_HEADERS if name in headers}
        renewed = replace(stored.answer, headers={**stored.answer.headers, **fresh})
        self.keep(url, renewed)
        return renewed

    def _paths(self, url: str) -> tuple[Path, Path]:
        name = hashlib.sha256(url.encode()).hexdigest()
        place = self.folder / name[:2] / name[2:32]
        return place.with_suffix(".json"), place.with_suffix(".body")
