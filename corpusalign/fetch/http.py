"""One GET to one place, its faults told in one line each."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache

import httpcore
import httpx

from corpusalign.errors import FetchError
from corpusalign.fetch.answer import Answer
from corpusalign.fetch.compression import BodyError, TooLargeError, accepted, unpacked
from corpusalign.fetch.network import (
    Deadline,
    DeadlineError,
    GuardedTransport,
    RefusedAddressError,
    UnknownHostError,
)
from corpusalign.version import __version__

USER_AGENT = f"corpusalign/{__version__}"

# 203: the same, changed by a proxy on the way. The other statuses of success bring no page.
WITH_CONTENT = (200, 203)


class TransientError(FetchError):
    """The network or the server failed in a way that may be gone on a second try."""


@cache
def _ssl_context() -> ssl.SSLContext:
    """Read the certificates once, since that takes longer than most pages do; SSL_CERT_FILE is obeyed."""
    return httpx.create_ssl_context()


class Client:
    """Connections that are kept between requests; every request is bounded by the deadline given with it.

    Cookies are kept too: some sites set one before they send a reader on, and again when it is missing.
    """

    def __init__(self, *, max_bytes: int, allow_private: bool, contact: str | None) -> None:
        self._max_bytes = max_bytes
        self._transport = GuardedTransport(allow_private=allow_private, ssl_context=_ssl_context())
        self._client = httpx.Client(
            transport=self._transport,
            timeout=None,
            headers={
                "User-Agent": f"{USER_AGENT} ({contact})" if contact else USER_AGENT,
                "Accept": "text/html, text/*;q=0.9, */*;q=0.5",
                "Accept-Encoding": accepted(),
            },
        )

    def get(self, where: str, url: str, deadline: Deadline, headers: Mapping[str, str]) -> Answer:
        """Return the answer to one GET; redirects are not followed, and no status is an error.

        The body is read only where the status says that it is a page. Raises FetchError naming `where`, and
        TransientError where a second try may help.
        """
        self._transport.deadline = deadline
        with (
            _faults_told(where, deadline, self._max_bytes),
            self._client.stream("GET", url, headers=dict(headers)) as response,
        ):
            body = b""
            if response.status_code in WITH_CONTENT:
                encoding = response.headers.get("content-encoding", "")
                body = unpacked(response.iter_raw(), encoding, self._max_bytes)
            return Answer(
                url=_without_credentials(url),
                status=response.status_code,
                headers=dict(response.headers),
                content=body,
                fetched_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            )

    def close(self) -> None:
        """Close every connection."""
        self._client.close()


@contextmanager
def _faults_told(where: str, deadline: Deadline, max_bytes: int) -> Iterator[None]:
    """Turn what can go wrong between two machines into one line that says what to do."""
    try:
        yield
    except (DeadlineError, httpcore.TimeoutException):
        fault = f"did not answer in full within {deadline.seconds:g} seconds"
        raise FetchError(where, fault, "try again, or allow more time (--timeout)") from None
    except RefusedAddressError as error:
        fault = f"leads to {error}, which is not a public address"
        raise FetchError(where, fault, "if you trust it, allow private addresses (--allow-private)") from None
    except UnknownHostError as error:
        raise FetchError(where, f"there is no host {error}", "check the address and the network") from None
    except TooLargeError:
        fault = f"is larger than {max_bytes:,} bytes unpacked"
        raise FetchError(where, fault, "raise the limit (--max-bytes) if you trust it") from None
    except BodyError as error:
        fault = f"sent a broken body ({error})"
        raise FetchError(where, fault, "try again, or save the page and give the file") from None
    except httpcore.ConnectError as error:
        if "certificate" in str(error).lower() or "ssl" in str(error).lower():
            fault = f"has no valid certificate ({_reason(error)})"
            raise FetchError(where, fault, "check the address, or save the page and give the file") from None
        fault = f"cannot be reached ({_reason(error)})"
        raise TransientError(where, fault, "check the address and the network") from None
    except (httpx.InvalidURL, httpx.RemoteProtocolError, UnicodeError) as error:
        # httpx itself looks at a redirect's target, and says in several ways what is wrong with it.
        fault = f"redirects to no well-formed address ({_reason(error)})"
        raise FetchError(where, fault, "open it in a browser and give the last address") from None
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise TransientError(where, f"broke off ({_reason(error)})", "try again") from None


def _without_credentials(url: str) -> str:
    """Leave out of an address what opens it: it will stand in caches, archives and memories."""
    return str(httpx.URL(url).copy_with(username=None, password=None)) if "@" in url else url


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def status_line(status: int) -> str:
    """Return a status with its standard phrase: `404 Not Found`."""
    return f"{status} {httpx.codes.get_reason_phrase(status)}".strip()
