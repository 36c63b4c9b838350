"""A site on a real server, with all that sites do: crawled, paired, aligned, crawled again from the cache."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from corpusalign.cli import main
from corpusalign.crawl import crawl, read_archive
from corpusalign.errors import FetchError
from corpusalign.fetch import hosts, session
from corpusalign.fetch.session import Session
from corpusalign.fetch.warc import read_warc
from corpusalign.formats import read, write
from corpusalign.pair import pair
from corpusalign.pipeline import align_pages

FIXTURES = Path(__file__).parent.parent / "fixtures"
SETS = [folder for folder in sorted(FIXTURES.iterdir()) if (folder / "zh.html").exists()]
LANGUAGES = ("en", "fr", "zh")


class Handler(BaseHTTPRequestHandler):
    """The pages of the fixtures under /en/, /fr/ and /zh/, and some places that are not well."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        site = self.server
        site.asked.append(self.path)
        if self.path == "/endless" or self.path == "/slow":
            self.drip()
        elif self.path == "/busy" and site.asked.count("/busy") == 1:
            self.answer(429, b"", {"Retry-After": "1"})
        elif self.path in site.redirects:
            self.answer(302, b"", {"Location": site.redirects[self.path]})
        elif self.path in site.pages:
            content_type, body = site.pages[self.path]
            etag = f'"{hashlib.sha256(body).hexdigest()[:12]}"'
            if self.headers["If-None-Match"] == etag:
                self.answer(304, b"", {"ETag": etag})
            else:
                site.sent.append(self.path)
                self.answer(200, body, {"ETag": etag, "Content-Type": content_type})
        else:
            self.answer(404, b"", {})

    def answer(self, status, body, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def drip(self):
        self.close_connection = True
        start = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body>"
        try:
            self.wfile.write(start if self.path == "/endless" else start[:10])
            while not self.server.released.wait(0.02):
                self.wfile.write(b"<p>more</p>" if self.path == "/endless" else b"")
        except OSError:
            pass


def lay_out(site, sets=SETS):
    """Put the fixtures on the site; GB 18030 pages are served as they are, called UTF-8 by the header."""
    site.pages = {"/robots.txt": ("text/plain", b"User-agent: *\nDisallow: /closed/\n")}
    entries = []
    for folder in sets:
        for lang in LANGUAGES:
            site.pages[f"/{lang}/{folder.name}.html"] = (
                "text/html; charset=utf-8",
                (folder / f"{lang}.html").read_bytes(),
            )
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{lang}" href="{site.url}/{lang}/{folder.name}.html"/>'
            for lang in LANGUAGES
        )
        entries.append(f"<url><loc>{site.url}/en/{folder.name}.html</loc>{links}</url>")
    head = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
    site.pages["/sitemap.xml"] = ("application/xml", f"{head}{''.join(entries)}</urlset>".encode())
    places = ("endless", "slow", "busy", "moved", "inside", "closed/x", "gone")
    links = "".join(f'<a href="/{place}">{place}</a> ' for place in places)
    site.pages["/"] = ("text/html", f'<html lang="en"><body>{links}</body></html>'.encode())
    site.pages["/busy"] = ("text/html", b"<html><body><p>Thank you for waiting.</p></body></html>")
    site.redirects = {"/moved": f"/en/{SETS[0].name}.html", "/inside": "http://10.0.0.1/secret"}


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setattr(session, "HOSTS", hosts.Hosts())
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked, server.sent, server.released = [], [], threading.Event()
        server.url = f"http://127.0.0.1:{server.server_port}"
        lay_out(server)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.released.set()
        server.shutdown()
        thread.join()


def open_session(cache):
    return Session(allow_private=True, delay=0, timeout=1.0, retries=1, cache=cache)


def test_a_site_from_its_address_to_a_memory(site, tmp_path):
    archive = tmp_path / "1.warc.gz"
    with open_session(tmp_path / "cache") as first:
        report = crawl(f"{site.url}/", archive, session=first)
    failed = {address.removeprefix(site.url): fault for address, fault in report.failed}
    assert set(failed) == {"/endless", "/slow", "/closed/x"}
    assert (
        "1 seconds" in failed["/endless"]
        and "1 seconds" in failed["/slow"]
        and "robots" in failed["/closed/x"]
    )
    assert site.asked.count("/busy") == 2

    pairing = pair(read_warc(archive))
    found = {tuple(match.versions[lang] for lang in LANGUAGES) for match in pairing.matches}
    assert found == {tuple(f"{site.url}/{lang}/{folder.name}.html" for lang in LANGUAGES) for folder in SETS}

    pages = {page.url: page for page in read_warc(archive)}
    smallest = min(found, key=lambda versions: sum(len(pages[url].content) for url in versions))
    write(align_pages([pages[url] for url in smallest]), tmp_path / "site.tmx")
    units = list(read(tmp_path / "site.tmx"))
    assert len(units) > 5 and all(set(unit.variants) <= set(LANGUAGES) for unit in units)


def test_a_second_crawl_is_sent_nothing_that_is_unchanged(site, tmp_path):
    site.pages["/"] = ("text/html", b'<html lang="en"><body><p>Nothing to see here.</p></body></html>')
    held = []
    for number in (1, 2):
        with open_session(tmp_path / "cache") as opened:
            crawl(f"{site.url}/", tmp_path / f"{number}.warc.gz", session=opened)
        held.append({(page.url, page.sha256) for page in read_warc(tmp_path / f"{number}.warc.gz")})
    assert held[0] == held[1] and len(held[0]) == 1 + 3 * len(SETS)
    assert len(site.sent) == len(set(site.sent))  # the second time every page was answered 304 Not Modified


def command(site, tmp_path, path, *more):
    """Run `align` on an address of the site and return the units of its memory."""
    out = tmp_path / "site.tmx"
    fetching = ["--cache", str(tmp_path / "cache"), "--allow-private", "--delay", "0", "--timeout", "1"]
    assert main(["align", f"{site.url}{path}", *more, "-o", str(out), "--no-review", *fetching]) == 0
    return list(read(out))


def variants(units):
    return sorted(tuple(sorted(unit.variants.items())) for unit in units)


def test_one_command_makes_a_memory_of_a_site_and_makes_it_again_from_the_cache(site, tmp_path, capsys):
    sets = [folder for folder in SETS if folder.name != "sco-2020"]  # by far the longest
    lay_out(site, sets)
    first = command(site, tmp_path, "/", "--site", "--retries", "1")
    printed = capsys.readouterr().out
    counts = dict(line.rsplit(maxsplit=1) for line in printed.split("\n\n")[0].splitlines()[:7])
    assert counts["page sets aligned"] == str(len(sets)) and counts["pages rejected"] == "0"
    assert counts["units"] == str(len(first))
    for place in ("/slow", "/endless", "/closed/x"):
        assert f"not had: {site.url}{place}: " in printed
    for folder in sets:
        together = align_pages([folder / f"{lang}.html" for lang in LANGUAGES])
        assert set(variants(together)) <= set(variants(first)), folder.name

    sent = list(site.sent)
    assert len(sent) == len(set(sent)) > 3 * len(sets)
    assert variants(command(site, tmp_path, "/", "--site", "--retries", "1")) == variants(first)
    assert site.sent == sent, "nothing that did not change was sent again"

    asked = len(site.asked)
    session.HOSTS = hosts.Hosts()
    assert variants(command(site, tmp_path, "/", "--site", "--offline")) == variants(first)
    assert len(site.asked) == asked, "offline, nothing is even asked"


def test_one_command_finds_the_versions_of_a_page(site, tmp_path, capsys):
    folder = FIXTURES / "river-cleanup"
    for lang in LANGUAGES:
        page = (folder / f"{lang}.html").read_bytes()
        page = page.replace(b"https://www.brackfordcourier.example", site.url.encode())
        site.pages[f"/{lang}/2021/03/velme-cleanup.html"] = ("text/html", page)
    path = "/fr/2021/03/velme-cleanup.html"
    units = command(site, tmp_path, path)
    together = align_pages([folder / f"{lang}.html" for lang in ("fr", "en", "zh")])
    assert variants(units) == variants(together)
    two = command(site, tmp_path, path, "--lang", "zh,fr")
    assert {lang for unit in two for lang in unit.variants} == {"fr", "zh"}
    assert list(two[0].variants) == ["zh", "fr"]


def test_the_language_that_the_start_redirects_to_is_the_source(site, tmp_path, capsys):
    folder = FIXTURES / "river-cleanup"
    lay_out(site, [folder])
    site.pages["/en/river-cleanup.html"] = ("text/html", (folder / "en.html").read_bytes())
    del site.pages["/"]
    site.redirects = {"/": "/zh", "/zh": "/zh/river-cleanup.html"}
    units = command(site, tmp_path, "", "--site")
    assert next(iter(units[0].variants)) == "zh"


def test_what_sitemaps_say_of_versions_counts_when_an_archive_is_paired(site, tmp_path):
    texts = {
        "en": ("The bridge stays closed on Monday.", "The school opens its new library.", "It rains a lot."),
        "fr": ("Le pont reste fermé lundi.", "L'école ouvre sa bibliothèque.", "Il pleut beaucoup."),
    }
    site.pages = {"/": ("text/html", b"<html lang='en'><body><p>Welcome to all.</p></body></html>")}
    site.redirects = {}
    named = list(zip("abc", "kjm", strict=True))
    entries = []
    for number, pages in enumerate(named):
        links = ""
        for (lang, text), name in zip(texts.items(), pages, strict=True):
            page = f"<html lang='{lang}'><body>{f'<p>{text[number]}</p>' * 3}</body></html>"
            site.pages[f"/{name}"] = ("text/html; charset=utf-8", page.encode())
            links += f'<x:link rel="alternate" hreflang="{lang}" href="{site.url}/{name}"/>'
        entries.append(f"<url><loc>{site.url}/{pages[0]}</loc>{links}</url>")
    head = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:x="http://www.w3.org/1999/xhtml">'
    )
    site.pages["/sitemap.xml"] = ("application/xml", f"{head}{''.join(entries)}</urlset>".encode())
    with open_session(None) as opened:
        crawl(f"{site.url}/", tmp_path / "a.warc.gz", session=opened)
    found = pair(read_archive(tmp_path / "a.warc.gz")).matches
    assert all("linked as versions" in match.reasons[0] for match in found)
    assert {tuple(match.versions.values()) for match in found} == {
        (f"{site.url}/{one}", f"{site.url}/{other}") for one, other in named
    }


def test_a_page_that_names_no_versions_says_so(site, tmp_path, capsys):
    fetching = ["--allow-private", "--delay", "0"]
    out = tmp_path / "out.tmx"
    assert main(["align", f"{site.url}/busy", "-o", str(out), *fetching]) == 1
    printed = capsys.readouterr()
    assert "no version" in printed.err or "language" in printed.err
    assert not out.exists()


def test_a_redirect_to_a_private_address_is_refused(site, monkeypatch):
    from corpusalign.fetch import network

    site.redirects["/inside"] = f"http://localhost:{site.server_port}/en/{SETS[0].name}.html"
    first = []
    monkeypatch.setattr(network, "is_public", lambda address: first.append(address) or len(first) == 1)
    with (
        Session(delay=0, robots=False, timeout=5) as careful,
        pytest.raises(FetchError, match="not a public address"),
    ):
        careful.get(f"{site.url}/inside")
