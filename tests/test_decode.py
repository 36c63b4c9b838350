import gzip
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusalign.errors import DecodeError
from corpusalign.extract.decode import codec_of, decode, read
from corpusalign.fetch import make_page

CHINESE = "国务院新闻办公室星期三举行新闻发布会，介绍今年以来的经济运行情况，并回答记者提问。"
TRADITIONAL = "行政院昨日舉行記者會，說明今年以來的經濟情勢，並且回答媒體的提問，會後發布新聞稿。"
FRENCH = (
    "L’été dernier, la conférence s’est tenue à Genève : « Où allons-nous ? » a demandé le délégué français."
)
JAPANESE = "政府は水曜日に記者会見を開き、今年の経済の状況について説明し、質問に答えました。"
RUSSIAN = "Правительство в среду провело пресс-конференцию и рассказало об экономике этого года."


def page(content, content_type=None):
    return make_page(content, "page.html", content_type)


def html(text, charset):
    return f'<html><head><meta charset="{charset}"></head><body><p>{text}</p></body></html>'


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_mark_wins_over_the_declaration(codec):
    reading = read(page(html(CHINESE, "iso-8859-1").encode(codec), "text/html; charset=gbk"))
    assert CHINESE in reading.text and reading.evidence == "byte-order mark"
    assert not reading.text.startswith("\ufeff")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [CHINESE * 3, FRENCH])
def test_utf_16_without_mark_is_told_by_its_markup(codec, text):
    assert decode(page(html(text, "utf-16").encode(codec))) == html(text, "utf-16")


def test_utf_8_declared_as_gb2312():
    reading = read(page(html(CHINESE, "gb2312").encode(), "text/html; charset=GB2312"))
    assert CHINESE in reading.text and reading.evidence == "UTF-8"


@pytest.mark.parametrize(
    ("text", "label", "written"),
    [
        (CHINESE + "镕喆", "gb2312", "gbk"),  # characters that GB 2312 lacks
        (CHINESE + "€𠀀", "gbk", "gb18030"),
        (TRADITIONAL + "邨咗", "big5", "big5hkscs"),
        (FRENCH, "iso-8859-1", "cp1252"),  # typographic quotes, which ISO 8859-1 lacks
        (FRENCH.replace("’", "'"), "iso-8859-15", "iso8859-15"),
        (JAPANESE, "shift_jis", "cp932"),
        (JAPANESE, "euc-jp", "euc_jp"),
        (JAPANESE, "iso-2022-jp", "iso2022_jp"),
        (CHINESE, "hz-gb-2312", "hz"),
        (RUSSIAN, "koi8-r", "koi8-r"),
    ],
)
def test_declared_labels_mean_what_the_standard_says(text, label, written):
    for declared in (
        page(html(text, label).encode(written)),
        page(text.encode(written), f"text/html; charset={label}"),
    ):
        reading = read(declared)
        assert text in reading.text and reading.evidence == "declared" and reading.replaced == 0


@pytest.mark.parametrize(
    "declaration",
    [
        '<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=gb2312">',
        "<meta content='text/html;charset=gb2312' http-equiv=content-type>",
        "<meta charset=GB2312>",
        '<!-- <meta charset="big5"> --><meta charset="gb2312">',
        '<?xml version="1.0" encoding="gb2312"?>',
    ],
)
def test_every_way_to_declare(declaration):
    reading = read(page((declaration + "<p>" + CHINESE).encode("gbk")))
    assert CHINESE in reading.text and reading.evidence == "declared" and reading.encoding == "gb18030"


def test_a_default_header_does_not_beat_the_page():
    content = html(CHINESE, "gb2312").encode("gbk")
    assert CHINESE in decode(page(content, "text/html; charset=ISO-8859-1"))
    assert CHINESE in decode(page(f"<p>{CHINESE * 2}</p>".encode("gbk"), "text/html; charset=ISO-8859-1"))


@pytest.mark.parametrize(
    ("text", "codec", "expected"),
    [
        (CHINESE, "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5hkscs"),
        (FRENCH, "cp1252", "cp1252"),
        (RUSSIAN, "cp1251", "cp1251"),
    ],
)
def test_undeclared_encodings_are_detected(text, codec, expected):
    reading = read(page(f"<html><body><p>{text}</p></body></html>".encode(codec)))
    assert text in reading.text and (reading.encoding, reading.evidence) == (expected, "detected")


def test_a_single_accent_is_enough_for_windows_1252():
    assert (
        decode(page("<p>Le café de la gare est ouvert tous les jours.</p>".encode("cp1252"))).count("é") == 1
    )


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_few_broken_sequences_become_replacement_characters(codec):
    content = html(f"<p>{CHINESE}</p>" * 5, codec).encode(codec)
    broken = content.replace("经济".encode(codec), "经济".encode(codec)[:-1], 1)
    reading = read(page(broken))
    assert 1 <= reading.replaced <= 2 and reading.text.count("新闻发布会") == 5
    assert reading.evidence == ("UTF-8" if codec == "utf-8" else "declared")


def test_many_broken_sequences_are_refused():
    content = b"".join(character.encode()[:-1] + b"!" for character in CHINESE * 5)
    with pytest.raises(DecodeError):
        decode(page(content, "text/html; charset=utf-8"))


def test_a_character_cut_off_at_the_end():
    reading = read(page(FRENCH.encode() + "é".encode()[:1]))
    assert reading.text == FRENCH + "\ufffd" and reading.encoding == "utf-8" and reading.replaced == 1


def test_replacement_characters_of_the_author_are_kept():
    assert read(page(("\ufffd" * 50 + CHINESE).encode())).text == "\ufffd" * 50 + CHINESE


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "PNG"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "JPEG"),
        (b"PK\x03\x04\x14\0", "zip"),
        (gzip.compress(b"<html></html>"), "gzip"),
        (b"\x7fELF\x02\x01", "program"),
        (b"MZ\x90\0\x03\0\0\0", "program"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
    ],
)
def test_files_that_are_no_text_are_named(content, what):
    with pytest.raises(DecodeError, match=rf"^page.html: is .*{what}.*; "):
        decode(page(content))


@pytest.mark.parametrize("size", [16, 40, 100, 1000, 65536])
def test_random_bytes_are_refused(size):
    for seed in range(50):
        with pytest.raises(DecodeError, match="no known encoding"):
            decode(page(random.Random(seed * 7919 + size).randbytes(size)))


def test_a_mark_that_lies_is_refused():
    with pytest.raises(DecodeError):
        decode(page(b"\xff\xfe" + random.Random(3).randbytes(5001)))


def test_empty_and_stray_nul():
    assert decode(page(b"")) == ""
    assert decode(page(b"<p>one\0two</p>")) == "<p>one\0two</p>"


def test_labels():
    assert codec_of(" GBK ") == "gb18030" and codec_of("latin1") == "cp1252"
    assert codec_of("rot13") is None and codec_of("utf-7") is None and codec_of("base64") is None


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_utf_8_always_comes_back(text):
    if not text.startswith(("\ufeff", "%PDF", "BZh", "ID3", "PK", "{\\rtf", "%!PS")):
        assert decode(page(text.encode())) == text


@given(st.binary(max_size=2000), st.sampled_from([None, "text/html; charset=gbk", "text/html; charset=big5"]))
def test_any_bytes_give_text_or_one_error(content, content_type):
    try:
        assert isinstance(decode(page(content, content_type)), str)
    except DecodeError as error:
        assert "\n" not in str(error)
