"""One GET over HTTP, its redirects followed by hand so that each new place is checked like the first."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import httpcore
import httpx

from corpusalign.errors import FetchError
from corpusalign.fetch.compression import BodyError, TooLargeError, accepted, unpacked
from corpusalign.fetch.network import (
    Deadline,
    DeadlineError,
    GuardedTransport,
    RefusedAddressError,
    UnknownHostError,
)
from corpusalign.version import __version__

MAX_REDIRECTS = 10

# 203: the same, changed by a proxy on the way. The other statuses of success bring no page.
_WITH_CONTENT = (200, 203)

_REDIRECTS = (301, 302, 303, 307, 308)

USER_AGENT = f"corpusalign/{__version__}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: `url` is the place that answered in the end, `content` the body unpacked."""

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes


@cache
def _ssl_context() -> ssl.SSLContext:
    """Read the certificates once, since that takes longer than most pages do; SSL_CERT_FILE is obeyed."""
    return httpx.create_ssl_context()


def get(url: str, *, timeout: float, max_bytes: int, allow_private: bool) -> Answer:
    """Return the answer to a GET, redirects followed; `timeout` (seconds) holds for all of them together.

    Raises FetchError for everything but a body with a status of success.
    """
    deadline = Deadline(timeout)
    place = _parse(url, url)
    headers = {
        "User-Agent": USER_AGENT,
        "Accept": "text/html, text/*;q=0.9, */*;q=0.5",
        "Accept-Encoding": accepted(),
    }
    transport = GuardedTransport(deadline, allow_private=allow_private, ssl_context=_ssl_context())
    # One client for all redirects: it keeps the cookies that some sites set before they send a reader on.
    with httpx.Client(transport=transport, timeout=timeout, headers=headers) as client:
        for _ in range(MAX_REDIRECTS + 1):
            where = url if str(place) == url else f"{url} (now at {place})"
            with _faults_told(where, deadline, max_bytes):
                answer = _get_one(client, place, max_bytes)
            target = answer.headers.get("location")
            if answer.status in _REDIRECTS and target:
                place = _parse(url, target, base=place)
                continue
            if answer.status not in _WITH_CONTENT:
                fault = f"the server answered {status_line(answer.status)}"
                raise FetchError(where, fault, _remedy(answer.status))
            return answer
    fault = f"redirects more than {MAX_REDIRECTS} times"
    raise FetchError(url, fault, "open it in a browser and give the last address")


def _get_one(client: httpx.Client, place: httpx.URL, max_bytes: int) -> Answer:
    with client.stream("GET", place) as response:
        body = b""
        if response.status_code in _WITH_CONTENT:
            body = unpacked(response.iter_raw(), response.headers.get("content-encoding", ""), max_bytes)
        return Answer(str(place), response.status_code, response.headers, body)


@contextmanager
def _faults_told(where: str, deadline: Deadline, max_bytes: int) -> Iterator[None]:
    """Turn what can go wrong between two machines into one line that says what to do."""
    try:
        yield
    except (DeadlineError, httpcore.TimeoutException):
        fault = f"did not answer in full within {deadline.seconds:g} seconds"
        raise FetchError(where, fault, "try again, or allow more time") from None
    except RefusedAddressError as error:
        fault = f"leads to {error}, which is not a public address"
        raise FetchError(where, fault, "allow private addresses if you trust it") from None
    except UnknownHostError as error:
        raise FetchError(where, f"there is no host {error}", "check the address and the network") from None
    except TooLargeError:
        raise FetchError(where, f"is larger than {max_bytes:,} bytes unpacked", "raise max_bytes") from None
    except BodyError as error:
        fault = f"sent a broken body ({error})"
        raise FetchError(where, fault, "try again, or save the page and give the file") from None
    except httpcore.ConnectError as error:
        if "certificate" in str(error).lower() or "ssl" in str(error).lower():
            fault = f"has no valid certificate ({_reason(error)})"
            raise FetchError(where, fault, "check the address, or save the page and give the file") from None
        raise FetchError(
            where, f"cannot be reached ({_reason(error)})", "check the address and the network"
        ) from None
    except httpx.RemoteProtocolError as error:
        # The one thing that httpx itself finds wrong here, httpcore doing all the rest.
        fault = f"redirects to no well-formed address ({_reason(error)})"
        raise FetchError(where, fault, "open it in a browser and give the last address") from None
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise FetchError(where, f"broke off ({_reason(error)})", "try again") from None


def _parse(asked: str, target: str, base: httpx.URL | None = None) -> httpx.URL:
    """Return an address in full, without its fragment; a redirect's target is relative to where it stood."""
    try:
        parsed = httpx.URL(target.strip()) if base is None else base.join(target.strip())
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(
            asked, f"{target!r} is not a well-formed address ({error})", "check the address"
        ) from None
    if parsed.scheme not in ("http", "https"):
        raise FetchError(asked, f"redirects to {target!r}", "only http and https are followed")
    if not parsed.host:
        raise FetchError(asked, "names no host", "check the address")
    return parsed.copy_with(fragment=None)


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def status_line(status: int) -> str:
    """Return a status with its standard phrase: `404 Not Found`."""
    return f"{status} {httpx.codes.get_reason_phrase(status)}".strip()


def _remedy(status: int) -> str:
    if status in (401, 403, 407, 451):
        return "save the page from a browser that may read it and give the file"
    if status == 429 or status >= 500:
        return "try again later"
    return "check the address"
