"""Web archives: our own, those of other writers, and damaged ones."""

import contextlib
import gc
import gzip
import io
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from corpusalign.errors import FetchError
from corpusalign.fetch.answer import Answer
from corpusalign.fetch.warc import Damage, read_warc, records
from corpusalign.fetch.warc_writer import Writer, sound_length

HTML = "<html><body><p>Une page très courte.</p></body></html>".encode()


def answer(number, content=HTML, status=200, **headers):
    kept = {
        "content-type": "text/html; charset=utf-8",
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    return Answer(f"https://example.org/{number}", status, kept, content, "2020-11-11T10:00:00Z")


def write(path, answers):
    with path.open("wb") as file:
        writer = Writer(file)
        writer.write_info({"robots": "obey"})
        for one in answers:
            writer.write_answer(one)
    return path


def members(data):
    """The gzip members of an archive, each a record of its own."""
    pieces = []
    while data:
        unpacker = zlib.decompressobj(31)
        unpacker.decompress(data)
        pieces.append(data[: len(data) - len(unpacker.unused_data)])
        data = unpacker.unused_data
    return pieces


def read(path, **options):
    damages: list[Damage] = []
    pages = list(read_warc(path, on_damage=damages.append, **options))
    return [page.url.rpartition("/")[2] for page in pages], damages


def test_there_and_back(tmp_path):
    path = write(tmp_path / "a.warc.gz", [answer(1, content_encoding="gzip"), answer(2, b"", 404), answer(3)])
    pages = list(read_warc(path))
    assert [page.url for page in pages] == ["https://example.org/1", "https://example.org/3"]
    assert pages[0].content == HTML and pages[0].content_type == "text/html; charset=utf-8"
    assert pages[0].fetched_at == "2020-11-11T10:00:00Z"
    assert [record.status for record in records(path)] == [200, 404, 200]


def test_ours_are_read_by_warcio(tmp_path):
    path = write(tmp_path / "a.warc.gz", [answer(1), answer(2, "é".encode() * 10**6)])
    with path.open("rb") as file:
        iterator = ArchiveIterator(file, check_digests="raise")
        found = [
            (r.rec_type, r.rec_headers.get_header("WARC-Target-URI"), r.content_stream().read())
            for r in iterator
        ]
    assert [kind for kind, _, _ in found] == ["warcinfo", "response", "response"]
    assert found[1][1:] == ("https://example.org/1", HTML) and len(found[2][2]) == 2 * 10**6


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # warcio leaves its temporary files to the collector
@pytest.mark.parametrize("packed", [True, False])
def test_those_of_warcio_are_read(tmp_path, packed):
    path = tmp_path / "b.warc"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=packed, warc_version="1.0")
        file_info = writer.create_warcinfo_record("b.warc", {"software": "other"})
        writer.write_record(file_info)
        for number, (fields, body) in enumerate(
            [
                ([("Content-Type", "text/html"), ("Content-Encoding", "gzip")], gzip.compress(HTML)),
                (
                    [("Content-Type", "text/html"), ("Content-Encoding", "gzip")],
                    HTML,
                ),  # unpacked, header kept
                (
                    [("Content-Type", "text/html"), ("Transfer-Encoding", "chunked")],
                    b"5\r\n" + HTML[:5] + b"\r\n%x;x=y\r\n" % len(HTML[5:]) + HTML[5:] + b"\r\n0\r\n\r\n",
                ),
                (
                    [("Content-Type", "text/html"), ("Transfer-Encoding", "chunked")],
                    HTML,
                ),  # dechunked, header kept
                ([("Content-Type", "image/png")], b"\x89PNG"),
                ([("Content-Type", "text/html"), ("X-Folded", "a\r\n b")], HTML),
            ]
        ):
            head = StatusAndHeaders("200 OK", fields, protocol="HTTP/1.1")
            url = f"http://example.org/{number}"
            writer.write_record(
                writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=head)
            )
        writer.write_record(
            writer.create_warc_record(
                "http://example.org/r", "resource", payload=io.BytesIO(HTML), warc_content_type="text/html"
            )
        )
        writer.write_record(
            writer.create_warc_record("http://example.org/q", "metadata", payload=io.BytesIO(b"x"))
        )
    gc.collect()
    damages = []
    pages = list(read_warc(path, on_damage=damages.append))
    assert [page.url[-1] for page in pages] == ["0", "1", "2", "3", "5", "r"] and not damages
    assert all(page.content == HTML for page in pages)


@pytest.mark.parametrize("place", [12, 40, 0.5, -6])
def test_a_broken_member_costs_itself(tmp_path, place):
    path = write(tmp_path / "a.warc.gz", [answer(number) for number in range(5)])
    pieces = members(path.read_bytes())
    broken = bytearray(pieces[3])
    at = int(len(broken) * place) if isinstance(place, float) else place
    broken[at] ^= 0xFF
    path.write_bytes(b"".join([*pieces[:3], bytes(broken), *pieces[4:]]))
    urls, damages = read(path)
    assert urls == ["0", "1", "3", "4"]
    assert len(damages) == 1 and damages[0].offset == sum(map(len, pieces[:3]))


def test_rubbish_between_members(tmp_path):
    path = write(tmp_path / "a.warc.gz", [answer(number) for number in range(4)])
    pieces = members(path.read_bytes())
    path.write_bytes(b"".join([*pieces[:2], random.Random(1).randbytes(300_000), *pieces[2:]]))
    urls, _ = read(path)
    assert urls == ["0", "1", "2", "3"]


def test_a_header_on_several_lines_names_all_versions(tmp_path):
    links = "".join(f"Link: </{lang}>; rel=alternate; hreflang={lang}\r\n" for lang in ("fr", "zh"))
    block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{links}\r\n<p>page</p>"
    head = "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/\r\n"
    head += f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(block)}\r\n"
    path = tmp_path / "a.warc"
    path.write_text(f"{head}\r\n{block}\r\n\r\n", newline="")
    (page,) = read_warc(path)
    assert page.alternates == (("fr", "http://example.org/fr"), ("zh", "http://example.org/zh"))


def test_every_line_of_a_robots_header_counts(tmp_path):
    lines = "X-Robots-Tag: nofollow\r\nX-Robots-Tag: noarchive\r\nVary: Cookie\r\nVary: Accept-Language\r\n"
    block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{lines}\r\n<p>page</p>"
    head = "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/\r\n"
    head += f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(block)}\r\n"
    path = tmp_path / "a.warc"
    path.write_text(f"{head}\r\n{block}\r\n\r\n", newline="")
    (record,) = records(path)
    assert record.headers["x-robots-tag"] == "nofollow, noarchive"
    assert record.headers["vary"] == "Cookie, Accept-Language"


@pytest.mark.parametrize("cut", [20, 50, 200])
def test_an_archive_cut_short(tmp_path, cut):
    path = write(tmp_path / "a.warc.gz", [answer(number) for number in range(3)])
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    urls, damages = read(path)
    assert urls == ["0", "1"] and len(damages) == 1
    assert sound_length(path) == len(whole) - len(members(whole)[-1])
    assert sound_length(write(tmp_path / "b.warc.gz", [answer(1)])) == (tmp_path / "b.warc.gz").stat().st_size


def plain(tmp_path, count=4):
    path = write(tmp_path / "a.warc.gz", [answer(number) for number in range(count)])
    return gzip.decompress(path.read_bytes()), tmp_path / "plain.warc"


def test_plain_archives(tmp_path):
    data, path = plain(tmp_path)
    path.write_bytes(data)
    assert read(path) == (["0", "1", "2", "3"], [])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Content-Length: ", b"Content-Length: x"),
        (b"Content-Length: ", b"No-Length: "),
        (b"HTTP/1.1 200", b"HTTX/1.1 200"),
        ("très".encode(), b"tr\0\0s"),  # the digest tells
    ],
)
def test_damage_in_a_plain_archive(tmp_path, old, new):
    data, path = plain(tmp_path)
    start = data.index(b"example.org/1")
    path.write_bytes(data[:start] + data[start:].replace(old, new, 1))
    urls, damages = read(path)
    assert urls == ["0", "2", "3"] and len(damages) == 1


def test_a_length_that_lies(tmp_path):
    data, path = plain(tmp_path)
    start = data.rindex(b"Content-Length: ", 0, data.index(b"HTTP/1.1", data.index(b"example.org/1")))
    for length in (b"10", b"999999999999999"):
        path.write_bytes(data[:start] + b"Content-Length: " + length + data[data.index(b"\r\n", start) :])
        urls, damages = read(path, max_bytes=10**7)
        assert urls[0] == "0" and damages


def test_a_record_too_large_is_skipped(tmp_path):
    path = write(tmp_path / "a.warc.gz", [answer(1), answer(2, bytes(3_000_000)), answer(3)])
    urls, damages = read(path, max_bytes=10**6)
    assert urls == ["1", "3"] and "larger than 1,000,000 bytes" in damages[0].reason


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_bomb_is_not_unpacked(tmp_path):
    path = tmp_path / "b.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        head = StatusAndHeaders(
            "200 OK", [("Content-Type", "text/html"), ("Content-Encoding", "gzip")], protocol="HTTP/1.1"
        )
        body = io.BytesIO(gzip.compress(bytes(50_000_000)))
        writer.write_record(
            writer.create_warc_record("http://example.org/", "response", payload=body, http_headers=head)
        )
    gc.collect()
    urls, damages = read(path, max_bytes=10**6)
    assert not urls and "unpacks to more" in damages[0].reason


@pytest.mark.parametrize(
    "content", [b"", b"<html></html>", gzip.compress(b"<html></html>"), random.Random(2).randbytes(9000)]
)
def test_no_archive(tmp_path, content):
    path = tmp_path / "x.warc.gz"
    path.write_bytes(content)
    with pytest.raises(FetchError, match="holds no WARC record"):
        list(read_warc(path))


def test_a_missing_archive(tmp_path):
    with pytest.raises(FetchError, match="cannot be read"):
        list(read_warc(tmp_path / "none.warc.gz"))


@given(st.binary(max_size=400), st.integers(0, 3000), st.booleans())
def test_any_damage_ends_in_pages_or_one_error(tmp_path_factory, noise, place, packed):
    folder = tmp_path_factory.mktemp("warc")
    data = write(folder / "a.warc.gz", [answer(number) for number in range(4)]).read_bytes()
    data = data if packed else gzip.decompress(data)
    path = folder / "b.warc"
    path.write_bytes(data[:place] + noise + data[place + len(noise) // 2 :])
    with contextlib.suppress(FetchError):
        assert len(list(read_warc(path))) <= 4
