"""Politeness, retries and the cache, against a real server."""

import json
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from corpusalign.errors import FetchError
from corpusalign.fetch import fetch as fetch_page
from corpusalign.fetch import hosts, session
from corpusalign.fetch.answer import Answer
from corpusalign.fetch.session import Session

BODY = b"<html><body><p>A page.</p></body></html>"


class Site(ThreadingHTTPServer):
    """A site whose answers a test lays out: path -> [(status, headers, body)], the last one repeating."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.seen = {}, []
        self.url = f"http://127.0.0.1:{self.server_port}"

    def paths(self):
        return [path for path, _ in self.seen]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        self.server.seen.append((self.path, dict(self.headers)))
        laid_out = self.server.answers.get(self.path, [(404, {}, b"")])
        status, headers, body = laid_out.pop(0) if len(laid_out) > 1 else laid_out[0]
        if "ETag" in headers and self.headers["If-None-Match"] == headers["ETag"]:
            status, body = 304, b""
        modified = headers.get("Last-Modified")
        if modified and "ETag" not in headers and self.headers["If-Modified-Since"] == modified:
            status, body = 304, b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setattr(session, "HOSTS", hosts.Hosts())
    with Site() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def waits(monkeypatch):
    """The waits that a session makes, recorded instead of slept; time goes on as if they were."""
    made, start = [], time.monotonic()
    monkeypatch.setattr(session.time, "sleep", made.append)
    monkeypatch.setattr(hosts.time, "monotonic", lambda: start + sum(made))
    return made


def fetch(url, **options):
    return fetch_page(url, **{"allow_private": True, "delay": 0, **options})


def test_robots_txt_is_obeyed_and_asked_once(site):
    site.answers["/robots.txt"] = [(200, {}, b"User-agent: *\nDisallow: /closed\n")]
    site.answers["/open"] = [(200, {}, BODY)]
    fetch(f"{site.url}/open")
    with pytest.raises(FetchError, match=r"robots\.txt asks crawlers to stay away"):
        fetch(f"{site.url}/closed")
    assert site.paths() == ["/robots.txt", "/open"]
    site.answers["/closed"] = [(200, {}, BODY)]
    assert fetch(f"{site.url}/closed", robots=False).content == BODY


def test_a_redirect_into_what_is_closed(site):
    site.answers["/robots.txt"] = [(200, {}, b"User-agent: *\nDisallow: /closed\n")]
    site.answers["/open"] = [(302, {"Location": "/closed"}, b"")]
    with pytest.raises(FetchError, match=r"/open \(now at .*/closed\): robots\.txt"):
        fetch(f"{site.url}/open")


def test_a_site_without_robots_txt_is_open(site):
    site.answers["/page"] = [(200, {}, BODY)]
    assert fetch(f"{site.url}/page").content == BODY


def test_a_robots_txt_that_fails_closes_the_site(site, waits):
    site.answers["/robots.txt"] = [(503, {}, b"")]
    with pytest.raises(FetchError, match=r"robots\.txt cannot be had"):
        fetch(f"{site.url}/page")
    assert "/page" not in site.paths()


def test_requests_are_spaced(site, waits):
    site.answers["/page"] = [(200, {}, BODY)]
    with Session(max_bytes=10**6, allow_private=True, delay=3) as polite:
        for _ in range(3):
            polite.get(f"{site.url}/page")
    assert [round(wait) for wait in waits] == [0, 3, 3, 3]  # robots.txt takes a turn too


def test_a_crawl_delay_is_kept(site, waits):
    site.answers["/robots.txt"] = [(200, {}, b"User-agent: *\nCrawl-delay: 7\n")]
    site.answers["/page"] = [(200, {}, BODY)]
    fetch(f"{site.url}/page")
    fetch(f"{site.url}/page")
    assert [round(wait) for wait in waits] == [0, 0, 7]


def test_an_hour_of_crawl_delay_is_an_error(site, waits):
    site.answers["/robots.txt"] = [(200, {}, b"User-agent: *\nCrawl-delay: 3600\n")]
    site.answers["/page"] = [(200, {}, BODY)]
    fetch(f"{site.url}/page")
    with pytest.raises(FetchError, match="asks to be left alone for 3600 seconds"):
        fetch(f"{site.url}/page")


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_waited_for(site, waits, status):
    site.answers["/page"] = [(status, {"Retry-After": "11"}, b""), (200, {}, BODY)]
    assert fetch(f"{site.url}/page").content == BODY
    assert [round(wait) for wait in waits if wait > 0.5] == [11]


def test_retry_after_too_long(site, waits):
    site.answers["/page"] = [(429, {"Retry-After": "100000"}, b"")]
    with pytest.raises(FetchError, match="asks to be left alone for 100000 seconds; try again later"):
        fetch(f"{site.url}/page")


def test_the_next_page_waits_as_long_as_the_one_given_up_was_told(site, waits):
    site.answers["/busy"] = [(503, {"Retry-After": "7"}, b"")]
    site.answers["/page"] = [(200, {}, BODY)]
    with pytest.raises(FetchError, match="503"):
        fetch(f"{site.url}/busy", retries=0)
    fetch(f"{site.url}/page")
    assert 6 < waits[-1] <= 7


def test_a_server_is_asked_whether_it_is_up_past_the_cache(site, tmp_path):
    site.answers["/page"] = [
        (200, {"Cache-Control": "max-age=1000"}, BODY),
        (404, {}, b""),
        (502, {}, b""),
    ]
    address = f"{site.url}/page"
    with Session(allow_private=True, delay=0, retries=0, cache=tmp_path) as opened:
        opened.get(address)
        assert opened.is_up(address), "a server that says 404 is there"
        assert not opened.is_up(address)
        assert opened.get(address).content == BODY and site.paths().count("/page") == 3
    with Session(cache=tmp_path, offline=True) as replayed:
        assert not replayed.is_up(address)


def test_a_server_whose_robots_txt_cannot_be_asked_for_is_not_up(monkeypatch):
    monkeypatch.setattr(session, "HOSTS", hosts.Hosts())
    with socket.socket() as unheard, Session(allow_private=True, delay=0, retries=0) as opened:
        unheard.bind(("127.0.0.1", 0))
        assert not opened.is_up(f"http://127.0.0.1:{unheard.getsockname()[1]}/page")


def test_retries_back_off_and_end(site, waits):
    site.answers["/page"] = [(500, {}, b"")]
    with pytest.raises(FetchError, match="500 Internal Server Error"):
        fetch(f"{site.url}/page", retries=3)
    first, second, third = (wait for wait in waits if wait > 0.5)
    assert 0.7 < first < 1.3 and 1.4 < second < 2.6 and 2.9 < third < 5.1
    assert site.paths().count("/page") == 4


def test_no_retry_for_what_will_not_change(site, waits):
    with pytest.raises(FetchError, match="404"):
        fetch(f"{site.url}/none")
    assert site.paths().count("/none") == 1


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_forms(value, seconds):
    found = session._retry_after(Answer("u", 429, {"retry-after": value}, b"", ""))
    assert found == seconds


def test_retry_after_as_a_date_to_come():
    date = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    found = session._retry_after(Answer("u", 429, {"retry-after": date}, b"", ""))
    assert found == pytest.approx(3600, abs=300)


@pytest.mark.parametrize("validator", [{"ETag": '"v1"'}, {"Last-Modified": "Mon, 23 Nov 2020 10:00:00 GMT"}])
def test_an_unchanged_page_is_not_sent_again(site, tmp_path, validator):
    site.answers["/page"] = [(200, {"Content-Type": "text/html; charset=gbk", **validator}, BODY)]
    first = fetch(f"{site.url}/page", cache=tmp_path)
    second = fetch(f"{site.url}/page", cache=tmp_path)
    assert second == first and second.content_type == "text/html; charset=gbk"
    asked = [headers for path, headers in site.seen if path == "/page"]
    assert "If-None-Match" not in asked[0] and {"If-None-Match", "If-Modified-Since"} & set(asked[1])


def test_a_changed_page_is_sent_anew(site, tmp_path):
    site.answers["/page"] = [(200, {"ETag": '"v1"'}, BODY), (200, {"ETag": '"v2"'}, b"new")]
    assert fetch(f"{site.url}/page", cache=tmp_path).content == BODY
    assert fetch(f"{site.url}/page", cache=tmp_path).content == b"new"
    assert fetch(f"{site.url}/page", cache=tmp_path, offline=True).content == b"new"


@pytest.mark.parametrize(
    ("control", "requests"),
    [
        ("max-age=600", 1),
        ("max-age=0", 2),
        ("no-store, max-age=600", 2),
        ("private, max-age=600", 1),
        ("", 2),
    ],
)
def test_freshness(site, tmp_path, control, requests):
    site.answers["/page"] = [(200, {"Cache-Control": control}, BODY)]
    fetch(f"{site.url}/page", cache=tmp_path, robots=False)
    fetch(f"{site.url}/page", cache=tmp_path, robots=False)
    assert site.paths() == ["/page"] * requests


def test_replay_without_network(site, tmp_path):
    site.answers["/old"] = [(301, {"Location": "/page"}, b"")]
    site.answers["/page"] = [(200, {}, BODY)]
    online = fetch(f"{site.url}/old", cache=tmp_path)
    before = len(site.seen)
    assert fetch(f"{site.url}/old", cache=tmp_path, offline=True) == online
    with pytest.raises(FetchError, match="is not in the cache; fetch it once with the network"):
        fetch(f"{site.url}/other", cache=tmp_path, offline=True)
    assert len(site.seen) == before


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"asked": 1}'])
def test_a_damaged_entry_is_fetched_anew(site, tmp_path, damage):
    site.answers["/page"] = [(200, {"ETag": '"v1"'}, BODY)]
    fetch(f"{site.url}/page", cache=tmp_path)
    for about in tmp_path.rglob("*.json"):
        about.write_bytes(damage)
    assert fetch(f"{site.url}/page", cache=tmp_path).content == BODY


def test_a_body_that_does_not_fit_its_digest_is_fetched_anew(site, tmp_path):
    site.answers["/page"] = [(200, {"ETag": '"v1"'}, BODY)]
    fetch(f"{site.url}/page", cache=tmp_path)
    for body in tmp_path.rglob("*.body"):
        body.write_bytes(b"half")
    assert fetch(f"{site.url}/page", cache=tmp_path).content == BODY


def test_a_cache_that_cannot_be_written(site, tmp_path):
    site.answers["/page"] = [(200, {}, BODY)]
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FetchError, match="the cache cannot be written"):
        fetch(f"{site.url}/page", cache=tmp_path / "file")


def test_cached_headers_are_few(site, tmp_path):
    site.answers["/page"] = [(200, {"Set-Cookie": "secret=1", "ETag": '"v1"'}, BODY)]
    fetch(f"{site.url}/page", cache=tmp_path, robots=False)
    (about,) = tmp_path.rglob("*.json")
    assert "set-cookie" not in json.loads(about.read_bytes())["headers"]


def test_what_is_no_address_is_not_called_a_redirect():
    with Session() as session, pytest.raises(FetchError, match="is no http"):
        session.get("page.html")


def test_offline_needs_a_cache():
    with pytest.raises(ValueError, match="offline"):
        fetch("http://example.org/", offline=True)


def test_robots_txt_is_replayed_too(site, tmp_path, monkeypatch):
    site.answers["/robots.txt"] = [(200, {}, b"User-agent: *\nSitemap: http://example.org/map.xml\n")]
    site.answers["/page"] = [(200, {}, BODY)]
    fetch(f"{site.url}/page", cache=tmp_path)
    monkeypatch.setattr(session, "HOSTS", hosts.Hosts())
    with Session(cache=tmp_path, offline=True) as replayed:
        assert replayed.robots(f"{site.url}/page").sitemaps == ("http://example.org/map.xml",)


def test_an_archive_is_no_proof_that_there_is_no_robots_txt(site, tmp_path):
    site.answers["/robots.txt"] = [(200, {}, b"User-agent: *\nDisallow: /closed\n")]
    site.answers["/page"] = [(200, {}, BODY)]
    fetch(f"{site.url}/page", cache=tmp_path, robots=False)
    fetch(f"{site.url}/page", cache=tmp_path, offline=True)
    with pytest.raises(FetchError, match="robots"):
        fetch(f"{site.url}/closed", cache=tmp_path)


def test_the_user_agent_names_a_contact(site):
    site.answers["/page"] = [(200, {}, BODY)]
    fetch(f"{site.url}/page", contact="https://example.org/about-our-crawler")
    agents = {headers["User-Agent"] for _, headers in site.seen}
    assert len(agents) == 1 and agents.pop().endswith(" (https://example.org/about-our-crawler)")
    with pytest.raises(ValueError, match="contact"):
        fetch(f"{site.url}/page", contact="two\r\nlines")


def test_the_page_is_named_where_its_robots_txt_cannot_be_had(site):
    url = site.url
    site.shutdown()
    site.server_close()
    with pytest.raises(FetchError, match="cannot be reached") as caught:
        fetch(f"{url}/page", retries=0)
    assert caught.value.where == f"{url}/page"
    with pytest.raises(FetchError, match="not a public address") as caught:
        fetch(f"{url}/page", allow_private=False)
    assert caught.value.where == f"{url}/page"


def test_an_address_that_is_only_written_otherwise_is_not_called_a_redirect(site):
    with pytest.raises(FetchError, match="404") as caught:
        fetch(f" {site.url}/新闻#top")
    assert caught.value.where == f" {site.url}/新闻#top"


def test_a_password_stays_out_of_the_address_that_is_kept(site, tmp_path):
    site.answers["/page"] = [(200, {}, BODY)]
    address = site.url.replace("//", "//reader:secret@")
    page = fetch(f"{address}/page", cache=tmp_path)
    assert page.url == f"{site.url}/page"
    assert site.seen[-1][1]["Authorization"].startswith("Basic ")
    assert not any(b"secret" in path.read_bytes() for path in tmp_path.rglob("*.*"))


def test_what_a_password_opens_is_replayed_with_it_alone(site, tmp_path):
    site.answers["/page"] = [(200, {"ETag": '"v1"', "Cache-Control": "max-age=600"}, BODY)]
    address = site.url.replace("//", "//reader:secret@")
    page = fetch(f"{address}/page", cache=tmp_path)
    assert fetch(f"{address}/page", cache=tmp_path, offline=True) == page
    for other in (site.url, site.url.replace("//", "//other:secret@")):
        with pytest.raises(FetchError, match="is not in the cache"):
            fetch(f"{other}/page", cache=tmp_path, offline=True)
    asked = len(site.paths())
    fetch(f"{address}/page", cache=tmp_path, robots=False)
    assert len(site.paths()) == asked
