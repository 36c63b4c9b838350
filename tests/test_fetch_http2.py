"""HTTP/2 over TLS, spoken with a real server: the same pages, the same limits, the same clear errors."""

import gzip
import socket
import ssl
import threading
import time

import pytest
import trustme
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import RequestReceived, StreamReset

from corpusalign.errors import FetchError
from corpusalign.fetch import http
from corpusalign.fetch.session import Session

PAGE = "<html><body><p>Une page très courte.</p></body></html>".encode()
ENDLESS = PAGE * 2_000_000
LONG = PAGE * 6000  # beyond the first flow-control window of 65,535 bytes


class Server:
    """Answers each path in its own manner, a thread a connection; `protocols` has what each one spoke."""

    def __init__(self, context):
        self._context = context
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://localhost:{self._listening.getsockname()[1]}"
        self.protocols, self.asked = [], []
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def close(self):
        self._ended.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join()

    def _accept(self):
        while not self._ended.is_set():
            try:
                plain, _ = self._listening.accept()
            except OSError:
                return
            self._threads.append(threading.Thread(target=self._serve, args=(plain,)))
            self._threads[-1].start()

    def _serve(self, plain):
        try:
            with self._context.wrap_socket(plain, server_side=True) as tls:
                self.protocols.append(tls.selected_alpn_protocol())
                if tls.selected_alpn_protocol() == "h2":
                    self._speak(tls)
                else:
                    tls.settimeout(5)
                    tls.recv(65536)
                    tls.sendall(
                        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(PAGE)
                    )
                    tls.sendall(PAGE)
        except OSError:
            plain.close()  # the client broke off: that is what some of the tests are about

    def _speak(self, tls):
        connection = H2Connection(config=H2Configuration(client_side=False, header_encoding="utf-8"))
        connection.initiate_connection()
        tls.settimeout(5)
        tls.sendall(connection.data_to_send())
        before = len(self.asked)
        waiting: dict[int, memoryview] = {}
        while not self._ended.is_set():
            try:
                tls.settimeout(0.05)
                data = tls.recv(65536)
                if not data:
                    return
                events = connection.receive_data(data)
            except TimeoutError:
                events = []
            for event in events:
                if isinstance(event, RequestReceived):
                    waiting[event.stream_id] = memoryview(self._answer(connection, event))
                elif isinstance(event, StreamReset):
                    waiting.pop(event.stream_id, None)
            for stream in list(waiting):
                self._send(connection, stream, waiting)
            tls.settimeout(5)  # a client that is slow to read has not broken off
            tls.sendall(connection.data_to_send())
            if "/goaway" in self.asked[before:]:
                return

    def _answer(self, connection, event):
        headers = dict(event.headers)
        path, stream = headers[":path"], event.stream_id
        self.asked.append(path)
        fields, body, status = {"content-type": "text/html; charset=utf-8"}, PAGE, 200
        if path == "/gzip":
            fields["content-encoding"], body = "gzip", gzip.compress(PAGE)
        elif path == "/long":
            body = LONG
        elif path == "/bomb":
            fields["content-encoding"], body = "gzip", gzip.compress(bytes(50_000_000))
        elif path == "/moved":
            status, body, fields["location"] = 301, b"", "/page"
        elif path == "/reset":
            connection.reset_stream(stream, ErrorCodes.INTERNAL_ERROR)
            return b""
        elif path == "/goaway":
            connection.close_connection(ErrorCodes.ENHANCE_YOUR_CALM)
            return b""
        elif path == "/endless":
            body = ENDLESS
        elif headers.get("if-none-match") == '"v1"':
            status, body = 304, b""
        fields["etag"] = '"v1"'
        connection.send_headers(stream, [(":status", str(status)), *fields.items()], end_stream=not body)
        return body

    def _send(self, connection, stream, waiting):
        body = waiting[stream]
        while body and (size := min(connection.local_flow_control_window(stream), 16384, len(body))):
            connection.send_data(stream, bytes(body[:size]), end_stream=size == len(body))
            body = body[size:]
        waiting[stream] = body
        if not body:
            del waiting[stream]


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(params=[["h2", "http/1.1"]])
def server(request, authority, tmp_path, monkeypatch):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    context.set_alpn_protocols(request.param)
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    http._ssl_context.cache_clear()
    running = Server(context)
    yield running
    running.close()
    http._ssl_context.cache_clear()


@pytest.fixture
def session():
    options = {"allow_private": True, "robots": False, "delay": 0, "retries": 0, "timeout": 5}
    with Session(**options) as opened:
        yield opened


def test_pages_over_one_connection(server, session):
    for path, body in (("/page", PAGE), ("/gzip", PAGE), ("/long", LONG), ("/moved", PAGE)):
        answer = session.get(f"{server.url}{path}")
        assert (answer.status, answer.content) == (200, body)
    assert answer.url == f"{server.url}/page"
    assert server.protocols == ["h2"], "one connection carried them all"


def test_what_did_not_change_is_not_sent_again(server, tmp_path):
    for _ in range(2):
        with Session(allow_private=True, robots=False, delay=0, cache=tmp_path / "cache") as cached:
            assert cached.get(f"{server.url}/page").content == PAGE
    assert server.asked == ["/page", "/page"]


def test_a_bomb_is_not_unpacked(server, session):
    small = Session(allow_private=True, robots=False, delay=0, retries=0, max_bytes=10**6)
    with small, pytest.raises(FetchError, match="is larger than 1,000,000 bytes"):
        small.get(f"{server.url}/bomb")


def test_an_endless_page_ends(server):
    with Session(allow_private=True, robots=False, delay=0, retries=0, timeout=0.1) as brief:
        started = time.monotonic()
        with pytest.raises(FetchError, match=r"within 0\.1 seconds|is larger than"):
            brief.get(f"{server.url}/endless")
        assert time.monotonic() - started < 5


@pytest.mark.parametrize("path", ["/reset", "/goaway"])
def test_a_server_that_breaks_off(server, session, path):
    with pytest.raises(FetchError, match="broke off"):
        session.get(f"{server.url}{path}")
    assert session.get(f"{server.url}/page").content == PAGE


@pytest.mark.parametrize("server", [["http/1.1"]], indirect=True)
def test_a_server_that_speaks_only_the_older_protocol(server, session):
    assert session.get(f"{server.url}/page").content == PAGE
    assert server.protocols == ["http/1.1"]


def test_a_certificate_of_nobody_that_is_trusted(server, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    http._ssl_context.cache_clear()
    with (
        Session(allow_private=True, robots=False, delay=0, retries=0) as distrusting,
        pytest.raises(FetchError, match="has no valid certificate"),
    ):
        distrusting.get(f"{server.url}/page")
