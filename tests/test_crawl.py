"""A small site in three languages, served by a real server: discovered and crawled."""

import gzip
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from corpusalign.cli import main
from corpusalign.crawl import crawl, discover, read_archive
from corpusalign.crawl.links import absolute, forbids_following, read_links
from corpusalign.crawl.site import Frontier
from corpusalign.crawl.sitemap import is_sitemap, parse_sitemap
from corpusalign.errors import ExtractError, FetchError, FormatError, LanguageError
from corpusalign.fetch import hosts, make_page, session
from corpusalign.fetch.answer import Answer
from corpusalign.fetch.session import Session
from corpusalign.fetch.warc import read_warc, records
from corpusalign.fetch.warc_writer import Writer
from corpusalign.site import align_address

TEXTS = {
    "en": "The ministers met in the capital on Wednesday and agreed on a plan for the port. "
    "It will cost 40 million and take three years.",
    "fr": "Les ministres se sont réunis mercredi dans la capitale et ont adopté un plan pour le port. "
    "Il coûtera 40 millions et prendra trois ans.",
    "zh": "部长们星期三在首都开会，就港口的一项计划达成了一致。该计划将耗资四千万，历时三年。",
}


def html(lang, number, links=""):
    switch = "".join(f'<link rel="alternate" hreflang="{other}" href="/{other}/{number}">' for other in TEXTS)
    body = f"<h1>{number}</h1>" + f"<p>{TEXTS[lang]}</p>" * 4 + links
    return f'<html lang="{lang}"><head><title>{number}</title>{switch}</head><body>{body}</body></html>'


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        self.server.seen.append(self.path)
        status, headers, body = self.server.answers.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setattr(session, "HOSTS", hosts.Hosts())
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.seen = []
        server.url = f"http://127.0.0.1:{server.server_port}"
        server.answers = {
            f"/{lang}/{number}": (200, {}, html(lang, number).encode()) for lang in TEXTS for number in (1, 2)
        }
        links = (
            '<a href="/en/2">two</a> <a href="/gone">gone</a> <a href="http://elsewhere.example/">other</a>'
        )
        links += (
            '<a href="/picture.png">p</a> <a href="/private/x">closed</a> <a rel="nofollow" href="/no">no</a>'
        )
        server.answers["/en/1"] = (200, {}, html("en", 1, links).encode())
        server.answers["/"] = (302, {"Location": "/en/1"}, b"")
        server.answers["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /private/\n")
        entry = '<url><loc>{0}/en/3</loc><x:link rel="alternate" hreflang="fr" href="{0}/fr/3"/></url>'
        xml = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:x="http://www.w3.org/1999/xhtml">{entry}'
        server.answers["/sitemap.xml"] = (200, {}, (xml.format(server.url) + "</urlset>").encode())
        server.answers["/en/3"] = (200, {}, html("en", 3).encode())
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def polite():
    with Session(allow_private=True, delay=0, retries=0, timeout=5) as opened:
        yield opened


def test_discover(site, polite):
    site.answers["/zh/1"] = (200, {}, html("en", 1).encode())  # promises Chinese, is English
    found = discover(f"{site.url}/fr/1", session=polite)
    assert [version.lang for version in found.versions] == ["fr", "en"]
    assert found.versions[1].page.url == f"{site.url}/en/1"
    assert dict(found.refused)[f"{site.url}/zh/1"].startswith("is in en")


def test_discover_follows_what_versions_name(site, polite):
    """The French page names the English one only, which names the Chinese."""
    site.answers["/fr/1"] = (200, {}, html("fr", 1).replace('hreflang="zh"', 'hreflang="fr"').encode())
    found = discover(f"{site.url}/fr/1", session=polite)
    assert [version.lang for version in found.versions] == ["fr", "en", "zh"]


def test_discover_tells_what_is_missing(site, polite):
    del site.answers["/zh/2"]
    found = discover(f"{site.url}/en/2", session=polite)
    assert [version.lang for version in found.versions] == ["en", "fr"] and "404" in found.refused[0][1]
    with pytest.raises(FetchError, match="404"):
        discover(f"{site.url}/none", session=polite)


def test_discover_looks_into_sitemaps_where_a_page_links_to_nothing(site, polite):
    for lang in TEXTS:
        body = "".join(f"<p>{TEXTS[lang]}</p>" for _ in range(4))
        site.answers[f"/{lang}/9"] = (200, {}, f'<html lang="{lang}"><body>{body}</body></html>'.encode())
    links = "".join(f'<x:link rel="alternate" hreflang="{lang}" href="/{lang}/9"/>' for lang in TEXTS)
    other = '<x:link rel="alternate" hreflang="fr" href="/fr/1"/>'
    entries = f"<url><loc>/en/1</loc>{other}</url><url><loc>/en/9</loc>{links}</url>"
    head = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:x="http://www.w3.org/1999/xhtml">'
    )
    site.answers["/sitemap.xml"] = (200, {}, f"{head}{entries}</urlset>".encode())
    found = discover(f"{site.url}/fr/9", session=polite)
    assert [version.page.url for version in found.versions] == [
        f"{site.url}/{lang}/9" for lang in ("fr", "en", "zh")
    ]


def test_crawl(site, polite, tmp_path):
    out = tmp_path / "site.warc.gz"
    steps = []
    report = crawl(site.url, out, session=polite, progress=lambda *step: steps.append(step))
    pages = {page.url.removeprefix(site.url) for page in read_warc(out)}
    assert pages == {f"/{lang}/{number}" for lang in TEXTS for number in (1, 2)} | {"/en/3"}
    statuses = {record.url.removeprefix(site.url): record.status for record in records(out)}
    assert statuses["/"] == 302 and statuses["/gone"] == 404 and statuses["/fr/3"] == 404
    assert not {"/private/x", "/no", "/picture.png"} & set(site.seen)
    assert dict(report.failed) == {f"{site.url}/private/x": "robots.txt asks crawlers to stay away"}
    assert statuses.pop("/sitemap.xml") == 200, "kept for what it says of versions, and not counted"
    assert report.archived == len(statuses) == len(steps) - 1 and report.left_over == 0
    assert report.pages == len(pages)
    assert len(site.seen) == len(set(site.seen))


def test_versions_come_before_other_links(site, polite, tmp_path):
    crawl(f"{site.url}/en/1", tmp_path / "a.warc.gz", session=polite, limit=3)
    pages = [page.url.removeprefix(site.url) for page in read_warc(tmp_path / "a.warc.gz")]
    assert pages[0] == "/en/1" and set(pages) == {"/en/1", "/fr/1", "/zh/1"}


@pytest.mark.parametrize("cut", [0, 20, 40])
def test_a_crawl_is_carried_on(site, polite, tmp_path, cut):
    out = tmp_path / "a.warc.gz"
    crawl(site.url, out, session=polite, limit=4)
    if cut:
        out.write_bytes(out.read_bytes()[:-cut])
    before = {record.url for record in records(out)}
    site.seen.clear()
    report = crawl(site.url, out, session=polite)
    assert (
        len({record.url for record in records(out)})
        == report.before + report.archived + 1
        == len(list(records(out)))
    )
    assert report.before == (4 if cut else 5), "four pages, and the redirect of the start"
    assert not {f"{site.url}{path}" for path in site.seen} & before
    assert len(list(read_warc(out))) == 7


def test_scope(site, polite, tmp_path):
    crawl(f"{site.url}/en/1", tmp_path / "a.warc.gz", session=polite, include="/(en|fr)/", exclude="/2$")
    pages = {page.url.removeprefix(site.url) for page in read_warc(tmp_path / "a.warc.gz")}
    assert pages == {"/en/1", "/fr/1", "/en/3"}


def test_a_host_that_is_down_ends_the_crawl(site, polite, tmp_path):
    links = "".join(f'<a href="http://127.0.0.1:{site.server_port}/x{n}">x</a>' for n in range(30))
    site.answers["/en/1"] = (200, {}, html("en", 1, links).encode())
    original = polite.visit

    def fail_later(url):
        if "/x" in url:
            raise FetchError(url, "cannot be reached", "try again")
        return original(url)

    polite.visit, polite.is_up = fail_later, lambda _: False
    report = crawl(f"{site.url}/en/1", tmp_path / "a.warc.gz", session=polite)
    assert len(report.failed) == 10 and report.left_over > 10


@pytest.mark.parametrize("out", ["site.warc", "site.txt"])
def test_an_archive_of_another_name(polite, out, tmp_path):
    with pytest.raises(FormatError, match=r"is not named \.warc\.gz"):
        crawl("http://example.org/", tmp_path / out, session=polite)


def test_an_expression_that_is_none(polite, tmp_path):
    with pytest.raises(FormatError, match="is no regular expression"):
        crawl("http://example.org/", tmp_path / "a.warc.gz", session=polite, include="(")


def test_a_first_page_that_fails(site, polite, tmp_path):
    site.shutdown()
    with pytest.raises(FetchError, match="is no address of a page"):
        crawl("ftp://example.org/", tmp_path / "a.warc.gz", session=polite)
    with pytest.raises(FetchError, match="robots"):
        site.answers["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /\n")
        threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        crawl(f"{site.url}/en/1", tmp_path / "b.warc.gz", session=polite)


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("b#part", "http://example.org/a/b"),
        ("HTTP://Example.ORG:80", "http://example.org/"),
        ("https://example.org:8443/x?a=1", "https://example.org:8443/x?a=1"),
        ("//fr.example.org/x", "http://fr.example.org/x"),
        ("mailto:a@example.org", None),
        ("javascript:void(0)", None),
        ("photo.JPG", None),
        ("http://[", None),
        ("http://example.org:x/", None),
        ("/新闻?页=一", "http://example.org/%E6%96%B0%E9%97%BB?%E9%A1%B5=%E4%B8%80"),
        ("/%e6%96%b0 b", "http://example.org/%E6%96%B0%20b"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://例子.中国", "http://xn--fsqu00a.xn--fiqs8s/"),
        ("/a[1]|b^c~d", "http://example.org/a[1]|b^c~d"),
        ("x" * 3000, None),
    ],
)
def test_absolute(href, address):
    assert absolute("http://example.org/a/page", href) == address


def test_frontier_leaves_traps():
    frontier = Frontier("http://example.org/", None, None)
    frontier.add(f"http://example.org/calendar?day={day}" for day in range(1000))
    frontier.add(["http://example.org/a/b/a/b/a/b/a/b/page"])
    assert len(frontier) == 100


def test_links_of_pages_that_ask_not_to_be_followed():
    text = '<html lang="en"><meta name="robots" content="noindex, nofollow"><body><a href="/x">x</a>'
    assert read_links(make_page(text.encode(), "http://example.org/")).pages == ()
    assert read_links(make_page(b"\x89PNG\r\n\x1a\n", "http://example.org/")).pages == ()


def test_base_and_frames():
    text = '<html><base href="/b/"><body><a href="x">x</a><iframe src="y"></iframe><a href="x">again</a>'
    assert read_links(make_page(text.encode(), "http://example.org/a/")).pages == (
        "http://example.org/b/x",
        "http://example.org/b/y",
    )


def test_a_base_that_is_no_address_counts_for_none():
    text = '<html><base href="http://[x"><body><a href="x">x</a>'
    assert read_links(make_page(text.encode(), "http://example.org/a/")).pages == ("http://example.org/a/x",)


def test_sitemaps():
    index = (
        b'<?xml version="1.0"?><sitemapindex><sitemap><loc> http://a/s.xml </loc></sitemap></sitemapindex>'
    )
    assert parse_sitemap(index).sitemaps == ("http://a/s.xml",) and is_sitemap(index)
    assert parse_sitemap(gzip.compress(index)).sitemaps == ("http://a/s.xml",) and is_sitemap(
        gzip.compress(index)
    )
    cut = b"<urlset><url><loc>http://a/1</loc></url><url><loc>http://a/2</loc></url><url><lo"
    assert parse_sitemap(cut).pages[:2] == ("http://a/1", "http://a/2")
    assert parse_sitemap(b"http://a/1\nhttp://a/2\nrubbish\n").pages == ("http://a/1", "http://a/2")
    assert parse_sitemap(b"\x1f\x8bxx").pages == () and not is_sitemap(b"<html>")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"<sm:urlset xmlns:sm='http://www.sitemaps.org/schemas/sitemap/0.9'>", True),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?><!-- made by hand --><s:sitemapindex>", True),
        (b"<!DOCTYPE html><html><!-- <urlset --><body>", False),
        (b"<html><body><pre>a sitemap begins with <urlset></pre>", False),
        (b"Write <urlset> first.", False),
        (b"<!-- <urlset -->", False),
        (b"<p>about urlset</p><urlset>", False),
    ],
)
def test_a_sitemap_is_told_by_its_root(content, expected):
    assert is_sitemap(content) is expected and is_sitemap(gzip.compress(content)) is expected


def test_prefixed_sitemaps():
    entry = "<{0}url><{0}loc>http://a/1</{0}loc><x:link hreflang='fr' href='http://a/fr'/></{0}url>"
    for prefix, declared in (("sm:", " xmlns:sm='http://www.sitemaps.org/schemas/sitemap/0.9'"), ("sm:", "")):
        content = f"<{prefix}urlset{declared} xmlns:x='x'>{entry.format(prefix)}</{prefix}urlset>".encode()
        assert parse_sitemap(content).groups == ({"": "http://a/1", "fr": "http://a/fr"},)


def test_what_was_read_of_a_broken_sitemap_counts_and_the_fault_is_told():
    entries = "".join(f"<url><loc>http://a/{n}</loc></url>" for n in range(20_000))
    whole = f"<urlset>{entries}</urlset>".encode()
    packed = gzip.compress(whole)
    assert parse_sitemap(packed).fault is None
    cut = parse_sitemap(packed[: len(packed) // 2])
    assert 5000 < len(cut.pages) < 20_000 and cut.fault == "is cut short (gzip)"
    damaged = parse_sitemap(packed[: len(packed) // 2] + b"\xff" * 100 + packed[len(packed) // 2 :])
    assert len(damaged.pages) > 5000 and damaged.fault.startswith("is damaged (gzip: ")
    assert parse_sitemap(whole[:1000]).fault == "is broken XML (line 1)"


@pytest.mark.parametrize("count", [50_000, 50_001])
def test_sitemaps_of_more_entries_than_the_protocol_allows(count):
    lines = [f"http://a/{n}" for n in range(count)]
    entries = "".join(f"<url><loc>{line}</loc></url>" for line in lines)
    for content in (f"<urlset>{entries}</urlset>", "\n".join(lines)):
        found = parse_sitemap(content.encode())
        assert len(found.pages) == 50_000
        assert found.fault == (None if count == 50_000 else "names more than 50,000 addresses")


def test_sitemaps_that_cannot_be_had_are_told(site, polite, tmp_path):
    site.answers["/fr/9"] = (200, {}, paragraphs("fr"))
    named = ["/none.xml", "/busy.xml", "/page.xml", "/cut.xml.gz"]
    lines = "".join(f"Sitemap: {site.url}{path}\n" for path in named)
    site.answers["/robots.txt"] = (200, {}, lines.encode())
    site.answers["/busy.xml"] = (503, {}, b"")
    site.answers["/page.xml"] = (200, {}, paragraphs("fr"))
    site.answers["/cut.xml.gz"] = (200, {}, gzip.compress(b"<urlset></urlset>")[:-4])
    found = discover(f"{site.url}/fr/9", session=polite)
    reasons = {address.removeprefix(site.url): reason for address, reason in found.refused}
    assert reasons == {
        "/none.xml": "the server answered 404 Not Found",
        "/busy.xml": "the server answered 503 Service Unavailable",
        "/page.xml": "is no sitemap",
        "/cut.xml.gz": "is cut short (gzip); what can be read of it counts",
    }
    report = crawl(f"{site.url}/fr/9", tmp_path / "a.warc.gz", session=polite)
    assert set(found.refused) == set(report.failed)


@pytest.mark.parametrize(
    ("vary", "negotiated"), [("Cookie, accept-language", True), ("Accept-Encoding", False), ("", False)]
)
def test_languages_that_the_server_chooses_are_told(site, tmp_path, capsys, vary, negotiated):
    site.answers["/plan"] = (200, {"Vary": vary, "Cache-Control": "max-age=100"}, paragraphs("fr"))
    for _ in range(2):  # the second time from the cache
        with Session(allow_private=True, delay=0, cache=tmp_path) as cached:
            (version,) = discover(f"{site.url}/plan", session=cached).versions
        assert version.negotiated is negotiated
    assert main(["versions", f"{site.url}/plan", "--allow-private", "--delay", "0"]) == 0
    told = capsys.readouterr().err
    assert "names no version in another language" in told and ("Accept-Language" in told) is negotiated
    with pytest.raises(LanguageError) as raised, Session(allow_private=True, delay=0) as opened:
        align_address(f"{site.url}/plan", session=opened)
    assert ("Accept-Language" in str(raised.value)) is negotiated


def test_a_site_without_a_sitemap_is_no_failure(site, polite):
    site.answers["/fr/9"] = (200, {}, paragraphs("fr"))
    for answer in ((404, {}, b""), (200, {}, paragraphs("fr"))):
        site.answers["/sitemap.xml"] = answer
        assert discover(f"{site.url}/fr/9", session=polite).refused == ()


@pytest.mark.parametrize(
    "entry",
    [
        '<url><loc>http://a/1</loc><x:link rel="alternate" hreflang="fr" href="http://a/fr"/></url>',
        '<x:link rel="alternate" hreflang="fr" href="http://a/fr"/>',
        "<url>",
        "<url><loc>&a;</loc></url>",
        "<loc>",
        "x",
    ],
)
def test_floods_of_sitemaps(entry, within_bounds):
    head = '<!DOCTYPE urlset [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset xmlns:x="http://x"><url>'
    found = parse_sitemap(f"{head}{entry * (20_000_000 // len(entry))}".encode())
    assert len(found.pages) <= 50_000 and set(found.pages) <= {"http://a/1"}


def test_versions_in_a_sitemap_are_those_of_their_own_page():
    def entry(page: str, *versions: tuple[str, str]) -> str:
        links = "".join(f'<x:link rel="alternate" hreflang="{tag}" href="{at}"/>' for tag, at in versions)
        return f"<url>{links}{page and f'<loc>{page}</loc>'}</url>"

    entries = [
        entry("", ("de", "http://a/de/0")),
        entry("http://a/1"),
        entry("http://a/2", ("fr", "http://a/fr/2")),
    ]
    sitemap = f'<urlset xmlns:x="http://www.w3.org/1999/xhtml">{"".join(entries)}</urlset>'
    assert parse_sitemap(sitemap.encode()).groups == ({"": "http://a/2", "fr": "http://a/fr/2"},)


def test_a_sitemap_with_an_entity_bomb():
    bomb = (
        b'<!DOCTYPE u [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;">]><urlset><url><loc>&b;</loc></url></urlset>'
    )
    assert "aaaa" not in "".join(parse_sitemap(bomb).pages)


def paragraphs(lang, links=""):
    return f'<html lang="{lang}"><body>{f"<p>{TEXTS[lang]}</p>" * 4}{links}</body></html>'.encode()


def test_versions_that_a_header_names(site, polite, tmp_path):
    """A text file has no other way to name them."""
    link = '</zh/t>; rel="alternate"; hreflang="zh-CN", </fr/t>; rel=alternate; hreflang=fr'
    site.answers["/en/t"] = (200, {"Link": link, "Content-Type": "text/plain"}, TEXTS["en"].encode() * 4)
    for lang in ("fr", "zh"):
        site.answers[f"/{lang}/t"] = (200, {}, paragraphs(lang))
    found = discover(f"{site.url}/en/t", session=polite)
    assert [version.lang for version in found.versions] == ["en", "zh", "fr"]

    out = tmp_path / "a.warc.gz"
    crawl(f"{site.url}/en/t", out, session=polite, limit=3)
    (first, *others) = read_archive(out)
    assert first.alternates == (("zh-CN", f"{site.url}/zh/t"), ("fr", f"{site.url}/fr/t"))
    assert {page.url for page in others} == {f"{site.url}/{lang}/t" for lang in ("fr", "zh")}


def test_an_archive_says_what_its_sitemaps_and_redirects_say(site, polite, tmp_path):
    for number, lang in enumerate(TEXTS):
        site.answers[f"/p{number}"] = (200, {}, paragraphs(lang))
    site.answers["/old"] = (301, {"Location": "/older"}, b"")
    site.answers["/older"] = (302, {"Location": "/p1"}, b"")
    site.answers["/"] = (200, {}, paragraphs("en", '<a href="/old">old</a>'))
    links = "".join(
        f'<x:link rel="alternate" hreflang="{lang}" href="/p{n}"/>' for n, lang in enumerate(TEXTS)
    )
    head = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:x="http://www.w3.org/1999/xhtml">'
    )
    packed = gzip.compress(f"{head}<url><loc>/p0</loc>{links}</url></urlset>".encode())
    site.answers["/maps/1.xml.gz"] = (200, {"Content-Type": "application/x-gzip"}, packed)
    index = f"<sitemapindex><sitemap><loc>{site.url}/maps/1.xml.gz</loc></sitemap></sitemapindex>"
    site.answers["/maps.xml"] = (200, {}, index.encode())
    site.answers["/robots.txt"] = (200, {}, b"Sitemap: /maps.xml\nUser-agent: *\nAllow: /")
    out = tmp_path / "a.warc.gz"
    crawl(site.url, out, session=polite)
    pages = {page.url.removeprefix(site.url): page for page in read_archive(out)}
    assert set(pages) == {"/", "/p0", "/p1", "/p2"}, "a sitemap is no page, whatever its server calls it"
    for number in range(3):
        named = tuple((lang, f"{site.url}/p{n}") for n, lang in enumerate(TEXTS))
        assert pages[f"/p{number}"].alternates == named
    assert pages["/"].alternates == ()
    assert sorted(pages["/p1"].aliases) == [f"{site.url}/old", f"{site.url}/older"]


def test_of_an_address_archived_twice_the_last_page_counts(tmp_path):
    out = tmp_path / "a.warc.gz"
    with out.open("wb") as file:
        for status, content in ((200, b"first"), (200, b"second"), (404, b"gone")):
            headers = {"content-type": "text/html"}
            answer = Answer("http://example.org/", status, headers, content, "2024-01-01T00:00:00Z")
            Writer(file).write_answer(answer)
    assert [page.content for page in read_archive(out)] == [b"second"]


def test_a_page_that_does_nothing_but_send_its_reader_on(site, polite, tmp_path):
    site.answers["/"] = (
        200,
        {},
        b"<meta http-equiv='Refresh' content=\"0; URL='/en/1'\"><title>Moved</title>",
    )
    found = discover(f"{site.url}/", session=polite)
    assert found.versions[0].page.url == f"{site.url}/en/1"
    report = crawl(f"{site.url}/", tmp_path / "a.warc.gz", session=polite)
    assert report.pages == 8

    site.answers["/loop"] = (200, {}, b"<meta http-equiv=refresh content='1;url=/loop'>")
    with pytest.raises(ExtractError, match="holds no"):
        discover(f"{site.url}/loop", session=polite)


@pytest.mark.parametrize(
    ("content", "address"),
    [
        ("0;url=b", "http://example.org/a/b"),
        ("5; URL = 'b c'", "http://example.org/a/b%20c"),
        ("0, b", "http://example.org/a/b"),
        ('0;url="b', "http://example.org/a/b"),
        ("300", None),
        ("", None),
        (" 5", None),
        ("5 ", None),
        ("0; ", None),
        ("0; url=", None),
        ("0;url=javascript:void(0)", None),
        ("0;url=file:///etc/passwd", None),
    ],
)
def test_refresh(content, address):
    markup = f'<html><meta http-equiv="refresh" content="{content.replace(chr(34), "&quot;")}"><body>x'
    assert read_links(make_page(markup.encode(), "http://example.org/a/page")).refresh == address


@pytest.mark.parametrize(
    ("directives", "forbidden"),
    [
        ("noindex, nofollow", True),
        ("NONE", True),
        ("googlebot: nofollow", True),
        ("max-snippet: -1,nofollow", True),
        ("index, follow, max-image-preview:none", False),
        ("max-image-preview: none, noarchive", False),
        ("", False),
    ],
)
def test_what_forbids_to_follow(directives, forbidden):
    assert forbids_following(directives) is forbidden


def test_links_beyond_ascii_are_asked_for_once(site, polite, tmp_path):
    escaped = "/zh/%E6%96%B0%E9%97%BB"
    links = f'<a href="/zh/新闻">1</a> <a href="{escaped}">2</a> <a href="{escaped.lower()}#x">3</a>'
    site.answers["/zh/9"] = (200, {}, paragraphs("zh", links))
    site.answers[escaped] = (200, {}, paragraphs("zh"))
    out = tmp_path / "a.warc.gz"
    for _ in range(2):
        crawl(f"{site.url}/zh/9", out, session=polite)
    assert sum(path.upper() == escaped.upper() for path in site.seen) == 1


def test_a_server_that_fails_ends_the_crawl_and_is_asked_again_by_the_next(site, polite, tmp_path):
    links = "".join(f'<a href="/x{n}">x</a>' for n in range(15))
    site.answers["/en/1"] = (200, {}, paragraphs("en", links))
    del site.answers["/sitemap.xml"]
    for n in range(15):
        site.answers[f"/x{n}"] = (503, {}, b"")
    out = tmp_path / "a.warc.gz"

    def fall(*_step):
        if "/x0" in site.seen:
            site.answers["/en/1"] = (500, {}, b"")

    report = crawl(f"{site.url}/en/1", out, session=polite, progress=fall)
    assert len(report.failed) == 10 and "503" in report.failed[0][1] and report.left_over == 5
    for n in range(15):
        site.answers[f"/x{n}"] = (200, {}, paragraphs("fr"))
    assert crawl(f"{site.url}/en/1", out, session=polite).archived == 15


def test_a_patch_of_dead_addresses_does_not_end_the_crawl(site, polite, tmp_path):
    links = "".join(f'<a href="/x{n}">x</a>' for n in range(25)) + '<a href="/late">late</a>'
    site.answers["/en/1"] = (200, {}, paragraphs("en", links))
    site.answers["/late"] = (200, {}, paragraphs("en", '<a href="/later">later</a>'))
    del site.answers["/sitemap.xml"]
    for n in range(25):
        site.answers[f"/x{n}"] = (500, {}, b"")
    out = tmp_path / "a.warc.gz"
    report = crawl(f"{site.url}/en/1", out, session=polite)
    assert len(report.failed) == 25 and report.pages == 2 and report.left_over == 0
    assert site.seen.count("/en/1") == 3, "asked anew after each ten"
    site.answers["/later"] = (200, {}, paragraphs("fr"))
    site.answers["/late"] = (200, {}, paragraphs("en", '<a href="/last">last</a>'))
    # A later crawl asks for the dead ones again, and comes past them.
    for n in range(25):
        site.answers[f"/x{n}"] = (500, {}, b"")
    site.answers["/x24"] = (200, {}, paragraphs("en", '<a href="/last">last</a>'))
    site.answers["/last"] = (200, {}, paragraphs("en"))
    report = crawl(f"{site.url}/en/1", out, session=polite)
    assert len(report.failed) == 24 and report.archived == 2


@pytest.mark.parametrize(("status", "headers"), [(429, {}), (503, {"Retry-After": "0"})])
def test_a_server_that_is_too_busy_is_not_asked_once_more(site, polite, tmp_path, status, headers):
    links = "".join(f'<a href="/x{n}">x</a>' for n in range(25))
    site.answers["/en/1"] = (200, {}, paragraphs("en", links))
    for n in range(25):
        site.answers[f"/x{n}"] = (status, headers, b"")
    report = crawl(f"{site.url}/en/1", tmp_path / "a.warc.gz", session=polite)
    assert len(report.failed) == 10 and report.left_over > 0 and site.seen.count("/en/1") == 1


def test_redirects_without_end_end(site, polite, tmp_path, monkeypatch):
    monkeypatch.setattr("corpusalign.crawl.site.ASKED_AT_LEAST", 40)
    for n in range(100):
        site.answers[f"/r{n}"] = (302, {"Location": f"/r{n + 1}"}, b"")
    report = crawl(f"{site.url}/r0", tmp_path / "a.warc.gz", session=polite, limit=3)
    assert report.archived == 40 and report.left_over > 0
    # What robots.txt closes costs nothing.
    links = "".join(f'<a href="/private/{n}">x</a>' for n in range(60)) + '<a href="/fr/1">last</a>'
    site.answers["/closed"] = (200, {}, paragraphs("en", links))
    report = crawl(f"{site.url}/closed", tmp_path / "b.warc.gz", session=polite, limit=4)
    assert len(report.failed) == 60 and report.pages == 4


def test_another_site_that_fails_does_not_end_the_crawl(site, polite, tmp_path):
    abroad = site.url.replace("127.0.0.1", "localhost")
    entries = "".join(
        f'<url><loc>{site.url}/en/1</loc><xhtml:link hreflang="fr" href="{abroad}/x{n}"/></url>'
        for n in range(12)
    )
    sitemap = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:xhtml="http://www.w3.org/1999/xhtml">{entries}</urlset>'
    )
    site.answers["/sitemap.xml"] = (200, {"Content-Type": "application/xml"}, sitemap.encode())
    site.answers["/en/1"] = (200, {}, paragraphs("en", '<a href="/first">x</a>'))
    site.answers["/first"] = (200, {}, paragraphs("en", '<a href="/late">x</a>'))
    site.answers["/late"] = (200, {}, paragraphs("en"))
    for n in range(12):
        site.answers[f"/x{n}"] = (503, {}, b"")
    report = crawl(f"{site.url}/en/1", tmp_path / "a.warc.gz", session=polite)
    assert "/late" in site.seen and report.left_over == 0
    assert sum(path.startswith("/x") for path in site.seen) == 10
    assert len(report.failed) == 12 and "localhost" in report.failed[-1][1]


@pytest.mark.parametrize("status", [404, 403, 503])
def test_a_start_that_is_no_page_leaves_no_archive(site, polite, tmp_path, status):
    site.answers["/start"] = (status, {}, b"")
    with pytest.raises(FetchError, match=f"{status}"):
        crawl(f"{site.url}/start", tmp_path / "a.warc.gz", session=polite)
    assert not list(tmp_path.iterdir())


def test_versions_on_other_hosts_are_taken_where_they_are_declared(site, polite, tmp_path):
    """The site has a host for each language; localhost plays the French one."""
    abroad = site.url.replace("127.0.0.1", "localhost")
    own = '<link rel="alternate" hreflang="en" href="/en/1">'
    link = f'<link rel="alternate" hreflang="fr" href="{abroad}/moved"><a href="{abroad}/about">about</a>'
    site.answers["/en/1"] = (200, {}, paragraphs("en", own + link))
    site.answers["/moved"] = (301, {"Location": "/version"}, b"")
    further = f'<a href="/elsewhere">x</a><link rel="alternate" hreflang="zh" href="{abroad}/chinese">'
    site.answers["/version"] = (200, {}, paragraphs("fr", further))
    del site.answers["/sitemap.xml"]
    out = tmp_path / "a.warc.gz"
    for _ in range(2):
        crawl(f"{site.url}/en/1", out, session=polite)
        assert [page.url for page in read_warc(out)] == [f"{site.url}/en/1", f"{abroad}/version"]
    crawl(f"{site.url}/en/1", tmp_path / "b.warc.gz", session=polite, exclude="//localhost")
    assert len(list(read_warc(tmp_path / "b.warc.gz"))) == 1
    site.answers["/en/1"] = (200, {}, paragraphs("en", link))  # a copy, for all it says
    crawl(f"{site.url}/en/1", tmp_path / "c.warc.gz", session=polite)
    assert len(list(read_warc(tmp_path / "c.warc.gz"))) == 1


def test_a_header_can_ask_not_to_follow(site, tmp_path):
    site.answers["/en/1"] = (
        200,
        {"X-Robots-Tag": "noindex, nofollow"},
        html("en", 1, '<a href="/x">x</a>').encode(),
    )
    del site.answers["/sitemap.xml"]
    with Session(allow_private=True, delay=0.0, cache=tmp_path / "cache") as cached:
        crawl(f"{site.url}/en/1", tmp_path / "a.warc.gz", session=cached)
        assert "/fr/1" in site.seen
    with Session(delay=0.0, cache=tmp_path / "cache", offline=True) as replayed:
        report = crawl(f"{site.url}/en/1", tmp_path / "b.warc.gz", session=replayed)
    assert "/x" not in site.seen
    assert not any(address.endswith("/x") for address, _ in report.failed)


def test_addresses_repeated_on_many_pages_are_no_trap():
    frontier = Frontier("http://example.org/", None, None)
    for _ in range(200):
        frontier.add(["http://example.org/list?page=2"] * 3)
    frontier.add(["http://example.org/list?page=3"])
    assert len(frontier) == 2
