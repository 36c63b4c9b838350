import gzip
import socket
import ssl
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from corpusalign.errors import FetchError
from corpusalign.fetch import compression, make_page, network
from corpusalign.fetch import fetch as fetch_page
from corpusalign.version import __version__

HTML = "<html><body><p>Une page très courte.</p></body></html>"


def fetch(source, **options):
    defaults = {"allow_private": True, "robots": False, "delay": 0, "retries": 0}
    return fetch_page(source, **{**defaults, **options})


class Handler(BaseHTTPRequestHandler):
    """Answers each path in its own bad or good manner."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = self.path.partition("?")[0]
        body = HTML.encode()
        self.server.seen.append((self.path, dict(self.headers)))
        if path == "/page":
            self.answer(200, body, Content_Type="text/html; charset=utf-8")
        elif path == "/latin":
            self.answer(200, HTML.encode("cp1252"), Content_Type="text/html; charset=iso-8859-1")
        elif path == "/gzip":
            self.answer(200, gzip.compress(body), Content_Encoding="gzip")
        elif path == "/deflate":
            self.answer(200, zlib.compress(body), Content_Encoding="deflate")
        elif path == "/bare-deflate":
            bare = zlib.compressobj(wbits=-15)
            self.answer(200, bare.compress(body) + bare.flush(), Content_Encoding="deflate")
        elif path == "/cut-gzip":
            self.answer(200, gzip.compress(body)[:-12], Content_Encoding="gzip")
        elif path == "/false-gzip":
            self.answer(200, body, Content_Encoding="gzip")
        elif path == "/unknown-encoding":
            self.answer(200, body, Content_Encoding="rot13")
        elif path == "/bomb":
            bomb = gzip.compress(gzip.compress(bytes(200_000_000), 9), 9)
            self.answer(200, bomb, Content_Encoding="gzip, gzip")
        elif path == "/big":
            self.answer(200, bytes(300_000))
        elif path == "/redirect":
            self.answer(302, Location="/redirect-2?a=b#part")
        elif path == "/redirect-2":
            self.answer(308, Location=f"http://127.0.0.1:{self.server.server_port}/page")
        elif path == "/loop":
            self.answer(301, Location="/loop")
        elif path == "/to-file":
            self.answer(302, Location="file:///etc/passwd")
        elif path == "/to-nonsense":
            self.answer(302, Location="http://[::1")
        elif path == "/to-script":
            self.answer(302, Location="javascript:alert(1)")
        elif path == "/to-no-name":
            self.answer(302, Location="http://xn--a/")
        elif path == "/status":
            self.answer(int(self.path.partition("?")[2]), b"sorry")
        elif path == "/silent":
            self.server.released.wait(20)
        elif path == "/slow-header":
            self.drip(b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n")
        elif path == "/endless":
            self.drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"<p>more</p>")
        elif path == "/short":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this")
            self.close_connection = True
        elif path == "/garbage":
            self.wfile.write(b"not HTTP at all\r\n\r\n")
            self.close_connection = True

    def drip(self, first, more):
        self.close_connection = True
        try:
            self.wfile.write(first)
            while not self.server.released.wait(0.05):
                self.wfile.write(more)
        except OSError:
            pass


class Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """The client broke off: that is what some of the tests are about."""


@pytest.fixture(scope="module")
def server():
    with Server(("127.0.0.1", 0), Handler) as running:
        running.seen, running.released = [], threading.Event()
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield running
        running.released.set()
        running.shutdown()
        thread.join()


@pytest.fixture
def site(server):
    server.seen.clear()
    return f"http://127.0.0.1:{server.server_port}"


def test_page(site, server):
    page = fetch(f"{site}/page")
    assert page.url == f"{site}/page" and page.content == HTML.encode()
    assert page.content_type == "text/html; charset=utf-8"
    assert page.sha256 == make_page(HTML.encode(), "elsewhere").sha256 and len(page.sha256) == 64
    assert time.strptime(page.fetched_at, "%Y-%m-%dT%H:%M:%SZ")
    assert server.seen[0][1]["User-Agent"].startswith(f"corpusalign/{__version__}")
    assert "gzip" in server.seen[0][1]["Accept-Encoding"]


def test_a_page_with_versions_in_a_list_can_be_hashed():
    named = [("fr", "http://example.org/fr")]
    assert hash(make_page(b"x", "u", fetched_at="", alternates=named)) == hash(
        make_page(b"x", "u", fetched_at="", alternates=tuple(named))
    )


def test_charset_header_reaches_the_page(site):
    page = fetch(f"{site}/latin")
    assert page.content_type == "text/html; charset=iso-8859-1" and "très".encode("cp1252") in page.content


@pytest.mark.parametrize("path", ["gzip", "deflate", "bare-deflate"])
def test_compressed(site, path):
    assert fetch(f"{site}/{path}").content == HTML.encode()


def test_redirects_end_at_the_last_address(site, server):
    page = fetch(f"{site}/redirect#fragment")
    assert page.url == f"{site}/page" and page.content == HTML.encode()
    assert [path for path, _ in server.seen] == ["/redirect", "/redirect-2?a=b", "/page"]


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("cut-gzip", "broken body .*cut short"),
        ("false-gzip", "broken body"),
        ("unknown-encoding", "packed as 'rot13'"),
        ("loop", "redirects more than 10 times"),
        ("to-file", "redirects to 'file:///etc/passwd'; only http and https"),
        ("to-nonsense", "redirects to no well-formed address"),
        ("to-script", "redirects to no well-formed address"),
        ("to-no-name", "redirects to no well-formed address"),
        ("status?404", "404 Not Found; check the address"),
        ("status?403", "403 Forbidden; save the page"),
        ("status?503", "503 Service Unavailable; try again later"),
        ("status?204", "204 No Content"),
        ("short", "broke off"),
        ("garbage", "broke off"),
    ],
)
def test_faults(site, path, fault):
    with pytest.raises(FetchError, match=fault) as caught:
        fetch(f"{site}/{path}")
    assert caught.value.where.startswith(site) and "\n" not in str(caught.value)


@pytest.mark.parametrize("path", ["silent", "slow-header", "endless"])
def test_the_whole_has_a_deadline(site, path):
    with pytest.raises(FetchError, match=r"did not answer in full within 0\.4 seconds"):
        fetch(f"{site}/{path}", timeout=0.4)


def test_size_limit(site):
    assert len(fetch(f"{site}/big", max_bytes=300_000).content) == 300_000
    with pytest.raises(FetchError, match="larger than 299,999 bytes"):
        fetch(f"{site}/big", max_bytes=299_999)


def test_a_bomb_is_not_unpacked(site):
    with pytest.raises(FetchError, match="larger than 1,000,000 bytes"):
        fetch(f"{site}/bomb", max_bytes=1_000_000)


def test_endless_page_meets_the_size_limit(site):
    with pytest.raises(FetchError, match="larger than 100 bytes"):
        fetch(f"{site}/endless", max_bytes=100)


def test_nobody_listens():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchError, match="cannot be reached"):
        fetch(f"http://127.0.0.1:{port}/")


def test_plain_http_asked_as_https(server):
    with pytest.raises(FetchError):
        fetch(f"https://127.0.0.1:{server.server_port}/page", timeout=5)


def test_certificate_of_nobody(monkeypatch):
    def refuse(*arguments, **options):
        raise ssl.SSLCertVerificationError("certificate verify failed: self-signed certificate")

    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", refuse)
    fault = r"has no valid certificate .*self-signed"
    with socket.create_server(("127.0.0.1", 0)) as listening, pytest.raises(FetchError, match=fault):
        fetch(f"https://127.0.0.1:{listening.getsockname()[1]}/", timeout=5)


def test_unknown_host(monkeypatch):
    def no_such_name(*arguments, **options):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    with pytest.raises(FetchError, match=r"there is no host nowhere\.example"):
        fetch("http://nowhere.example/page")


def test_a_resolver_that_hangs(monkeypatch):
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **o: released.wait(10) and [])
    with pytest.raises(FetchError, match=r"within 0\.2 seconds"):
        fetch("http://slow.example/page", timeout=0.2)
    released.set()


def resolver(*addresses):
    def answer(host, port, *arguments, **options):
        family = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(family[":" in a], socket.SOCK_STREAM, 6, "", (a, port)) for a in addresses]

    return answer


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "127.1", "0.0.0.0"]
)
def test_this_machine_is_refused(host):
    with pytest.raises(FetchError, match="not a public address; if you trust it, allow private"):
        fetch(f"http://{host}:9/", timeout=5, allow_private=False)


@pytest.mark.parametrize(
    "addresses", [["10.1.2.3"], ["93.184.216.34", "192.168.0.1"], ["fe80::1"], ["::ffff:10.0.0.1"]]
)
def test_names_that_lead_inside_are_refused(monkeypatch, addresses):
    monkeypatch.setattr(socket, "getaddrinfo", resolver(*addresses))
    with pytest.raises(FetchError, match="not a public address"):
        fetch("http://rebound.example/", timeout=5, allow_private=False)


def test_a_redirect_that_leads_inside_is_refused(server, monkeypatch):
    """The first name counts as public; what it redirects to is 127.0.0.1 by number."""
    monkeypatch.setattr(network, "is_public", lambda address, seen=[]: seen.append(address) or len(seen) == 1)
    with pytest.raises(FetchError, match=r"redirect \(now at .*127\.0\.0\.1, which is not a public address"):
        fetch(f"http://localhost:{server.server_port}/redirect", timeout=5, allow_private=False)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("240.0.0.1", False),
        ("198.18.0.1", False),
        ("::", False),
        ("::1", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("::ffff:192.168.0.1", False),
        ("64:ff9b::10.0.0.1", False),
        ("64:ff9b::93.184.216.34", True),
        ("2002:0a00:0001::1", False),
        ("2001:db8::1", False),
    ],
)
def test_public_addresses(address, public):
    assert network.is_public(network.ipaddress.ip_address(address)) is public


def test_files(tmp_path):
    path = tmp_path / "page é.html"
    path.write_bytes(HTML.encode())
    for source in (path, str(path), path.as_uri(), f"file://localhost{path.as_uri()[7:]}"):
        page = fetch(source)
        assert page.content == HTML.encode() and page.content_type is None
        assert page.url == str(source)


def test_file_faults(tmp_path, monkeypatch):
    (tmp_path / "big").write_bytes(bytes(11))
    (tmp_path / "locked").write_bytes(b"x")
    with pytest.raises(FetchError, match="no such file; check the path"):
        fetch(tmp_path / "none.html")
    with pytest.raises(FetchError, match="is a folder"):
        fetch(tmp_path)
    with pytest.raises(FetchError, match="larger than 10 bytes"):
        fetch(tmp_path / "big", max_bytes=10)
    with pytest.raises(FetchError, match="not a regular file"):
        fetch("/dev/zero")
    with pytest.raises(FetchError, match="names no file"):
        fetch("")
    with pytest.raises(FetchError, match="cannot be read"):
        fetch("nul\0byte")
    with pytest.raises(FetchError, match="of another machine, server"):
        fetch("file://server/share/page.html")
    monkeypatch.setattr("pathlib.Path.open", lambda *a: (_ for _ in ()).throw(PermissionError(13, "denied")))
    with pytest.raises(FetchError, match="may not be read; check the permissions"):
        fetch(tmp_path / "locked")


@pytest.mark.parametrize(
    "address",
    ["http:///page", "http://[::1", "http://exa mple.org/", "http://xn--a/", "ftp://host/file", "gopher://x"],
)
def test_bad_addresses(address):
    with pytest.raises(FetchError):
        fetch(address)


def test_a_windows_path_is_no_address():
    with pytest.raises(FetchError, match="no such file"):
        fetch("C:/pages/en.html")


@pytest.mark.parametrize("name", ["br", "zstd"])
def test_optional_encodings_never_exceed_the_limit(name):
    module = pytest.importorskip({"br": "brotli", "zstd": "zstandard"}[name])
    pack = module.compress if name == "br" else module.ZstdCompressor().compress
    assert name in compression.accepted()
    body = HTML.encode() * 1000
    packed = pack(body)
    pieces = [packed[i : i + 7] for i in range(0, len(packed), 7)]
    assert compression.unpacked(pieces, name, 10**6) == body
    with pytest.raises(compression.TooLargeError):
        compression.unpacked([pack(bytes(50_000_000))], name, 10**6)
    with pytest.raises(compression.BodyError):
        compression.unpacked([packed[: len(packed) // 2]], name, 10**6)
    with pytest.raises(compression.BodyError):
        compression.unpacked([b"\xff" * 100], name, 10**6)


def test_gzip_members_in_a_row_and_padding():
    packed = gzip.compress(b"one ") + gzip.compress(b"two") + bytes(20)
    assert compression.unpacked([packed[:9], packed[9:]], "gzip", 100) == b"one two"
    assert compression.unpacked([], "gzip", 100) == b""
