"""Connections that end in time and lead only where they may.

httpx limits each single wait, so a server that sends a byte now and then could hold a reader for ever; and a
host name is resolved inside the connection, so a check made before it can be answered differently from the
connection (DNS rebinding). Both are solved where the socket is made: this back-end of httpcore resolves a
name once, checks every address of it, connects to one that was checked, and gives no wait more than what is
left of a deadline.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from ssl import SSLContext
from typing import Any

import httpcore
import httpx

_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class RefusedAddressError(Exception):
    """The name leads to an address that is not on the public internet."""


class DeadlineError(Exception):
    """The whole exchange took longer than allowed."""


class UnknownHostError(Exception):
    """The name has no address."""


class Deadline:
    """A moment on the monotonic clock that several waits share."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def extend(self, seconds: float) -> None:
        """Allow so much more: time spent waiting for a host's turn is not the host's slowness."""
        self._end += seconds

    def left(self, wait: float | None = None) -> float:
        """Return the seconds left, at most `wait`. Raises DeadlineError when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise DeadlineError
        return left if wait is None else min(wait, left)


def is_public(address: Address) -> bool:
    """Say whether an address is a unicast one of the public internet (IANA's registries, RFC 6890).

    IPv6 addresses that carry an IPv4 address (mapped, 6to4, Teredo, NAT64) count as the one that they carry.
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address.teredo is not None:
            inner = address.teredo[1]
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def resolve(host: str, port: int, deadline: Deadline) -> list[Address]:
    """Return the addresses of a host, in the order of the system's resolver.

    The resolver knows no timeout, so it runs in a thread that is left behind when the deadline passes.
    Raises UnknownHostError and DeadlineError.
    """
    found: list[Address] = []
    faults: list[Exception] = []

    def ask() -> None:
        try:
            for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
                address = ipaddress.ip_address(str(place[0]).partition("%")[0])
                if address not in found:
                    found.append(address)
        except (OSError, UnicodeError) as error:
            # UnicodeError: a label that is empty or too long for a domain name.
            faults.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(deadline.left())
    if thread.is_alive():
        raise DeadlineError
    if faults or not found:
        raise UnknownHostError(host)
    return found


class _GuardedBackend(httpcore.NetworkBackend):
    """The network as httpcore sees it: the current deadline over all, and only allowed addresses."""

    def __init__(self, transport: GuardedTransport, allow_private: bool) -> None:
        self._transport = transport
        self._allow_private = allow_private
        self._system = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that answers; all of them must be allowed."""
        deadline = self._transport.deadline
        addresses = resolve(host, port, deadline)
        if not self._allow_private:
            for address in addresses:
                if not is_public(address):
                    raise RefusedAddressError(str(address))
        failure: Exception | None = None
        for position, address in enumerate(addresses):
            # An address that does not answer may not use up the time of those after it.
            share = deadline.left(timeout) / (len(addresses) - position)
            try:
                stream = self._system.connect_tcp(str(address), port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._transport)
        raise failure or UnknownHostError(host)

    def sleep(self, seconds: float) -> None:
        """Wait, no longer than the deadline allows."""
        time.sleep(self._transport.deadline.left(seconds))


class _TimedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, transport: GuardedTransport) -> None:
        self._stream = stream
        self._transport = transport

    def _left(self, timeout: float | None) -> float:
        return self._transport.deadline.left(timeout)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._stream.start_tls(ssl_context, server_hostname, self._left(timeout))
        return _TimedStream(inner, self._transport)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        close = getattr(self._stream, "close", None)
        if close is not None:
            close()


class GuardedTransport(httpx.BaseTransport):
    """What httpx.Client takes as its transport: a pool of guarded connections.

    `deadline` is that of the request under way; whoever makes requests sets it before each. HTTP/2 is spoken
    where the package h2 is installed and the server wants it. Errors come as httpcore raises them, or as this
    module's own.
    """

    def __init__(self, *, allow_private: bool, ssl_context: SSLContext) -> None:
        self.deadline = Deadline(0)
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl_context,
            http2=find_spec("h2") is not None,
            keepalive_expiry=30.0,
            network_backend=_GuardedBackend(self, allow_private),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the answer's body is read from the connection as the caller reads it."""
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        stream = answer.stream
        assert isinstance(stream, Iterable)
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(stream), extensions=answer.extensions
        )

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()
