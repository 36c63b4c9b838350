"""Bytes to text: the byte-order mark, strict UTF-8, the declared encoding, then detection, in this order.

Strict UTF-8 comes before what the page declares because bytes that are not meant as UTF-8 all but never form
it, whereas pages that are UTF-8 and say gb2312 (or iso-8859-1 in the server's header) are common.
"""

from __future__ import annotations

import codecs
import re
import string
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from corpusalign.errors import DecodeError
from corpusalign.types import Page

Evidence = Literal["byte-order mark", "UTF-8", "declared", "detected"]

TOLERANCE = 0.02
"""Broken byte sequences per non-ASCII character up to which an encoding still counts as the page's.

Real pages have a few: a headline cut in the middle of a character, a template pasted in from elsewhere. Each
becomes U+FFFD. Text read in a wrong encoding breaks far more often: of the characters of Chinese text in GB
18030 read as UTF-8, most.
"""

_PRESCAN = 8192
"""How far into the page a meta element or XML declaration is looked for (browsers: 1,024)."""

_ENOUGH = 32
"""Non-ASCII bytes below which an undeclared encoding cannot be told from the others."""

_SAMPLE = 20_000
"""Bytes of text shown to the detector; more do not change its mind."""

# Encodings whose byte sequences have a form that can be broken, so that a strict reading is evidence by
# itself.
_MULTIBYTE = ("gb18030", "big5hkscs", "euc_jp", "cp932", "cp949")
_LATIN = ("cp1252", "cp1250", "cp1254", "cp1257", "iso8859-2", "iso8859-15")
_LATIN_SCRIPT = ("cp1252", "cp1250", "cp1254", "cp1257")
_SINGLE_BYTE = ("cp1252", "cp1250", "cp1251", "koi8-r", "cp1253", "cp1254", "cp1255", "cp1256", "cp874")
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\f\r\x1b"))
_HIGH = bytes(range(0x80, 0x100))
# Text in these is ASCII bytes throughout; only the declaration and the escapes tell.
_SEVEN_BIT = {"iso2022_jp": b"\x1b", "iso2022_kr": b"\x1b", "hz": b"~{"}

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Offset, first bytes, and what such a file is.
_SIGNATURES = (
    (0, b"%PDF-", "a PDF document"),
    (0, b"\x89PNG\r\n", "a PNG image"),
    (0, b"\xff\xd8\xff", "a JPEG image"),
    (0, b"GIF87a", "a GIF image"),
    (0, b"GIF89a", "a GIF image"),
    (8, b"WEBP", "a WebP image"),
    (0, b"II*\0", "a TIFF image"),
    (0, b"MM\0*", "a TIFF image"),
    (0, b"\0\0\1\0", "an icon"),
    (0, b"PK\3\4", "a zip archive or an office document"),
    (0, b"PK\5\6", "an empty zip archive"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (0, b"{\\rtf", "an RTF document"),
    (0, b"%!PS", "a PostScript document"),
    (0, b"AT&TFORM", "a DjVu document"),
    (0, b"\x1f\x8b", "gzip data"),
    (0, b"BZh", "bzip2 data"),
    (0, b"\xfd7zXZ\0", "xz data"),
    (0, b"\x28\xb5\x2f\xfd", "Zstandard data"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (0, b"Rar!\x1a\7", "a rar archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"\x7fELF", "a program"),
    (0, b"\xca\xfe\xba\xbe", "a program"),
    (0, b"SQLite format 3\0", "a database"),
    (4, b"ftyp", "a video"),
    (0, b"\x1a\x45\xdf\xa3", "a video"),
    (0, b"OggS", "a sound or video"),
    (0, b"ID3", "a sound"),
    (0, b"wOFF", "a font"),
    (0, b"wOF2", "a font"),
)

_META = re.compile(rb"<!--.*?(?:-->|\Z)|<meta[\s/]+([^>]*)", re.IGNORECASE | re.DOTALL)
_ATTRIBUTE = re.compile(rb"([^\s=/>]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]*))")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([^\s\"';]+)", re.IGNORECASE)
_XML = re.compile(rb"\s*<\?xml\s[^>]*?encoding\s*=\s*[\"']([^\"']+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """A page's text and how it was read: Python's name of the codec, and the count of U+FFFD put in."""

    text: str
    encoding: str
    evidence: Evidence
    replaced: int


def decode(page: Page) -> str:
    """Return the text of a page; broken sequences, up to `TOLERANCE`, have become U+FFFD.

    Raises DecodeError for a file that is no text and for bytes in no known encoding.
    """
    return read(page).text


def read(page: Page) -> Reading:
    """Return the text of a page with the encoding that was settled on and why.

    Labels mean what the WHATWG Encoding Standard says (`encodings.txt`). Raises DecodeError as `decode` does.
    """
    content = page.content
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return _within(page, content[len(mark) :], codec, "byte-order mark")
    _refuse_signatures(page)
    declared = _declared(page)
    wide = _utf_16_without_mark(content, declared)
    if wide is not None:
        return _within(page, content, wide, "declared" if wide in declared else "detected")
    if _looks_random(content):
        raise _unknown(page)
    for codec, escape in _SEVEN_BIT.items():
        if codec in declared and escape in content and content.isascii():
            return _within(page, content, codec, "declared")
    return (
        _attempt(content, "utf-8", "UTF-8")
        or _as_declared(content, declared)
        or _as_detected(content)
        or _raise(_unknown(page))
    )


def _raise(error: DecodeError) -> Reading:
    raise error


def _unknown(page: Page) -> DecodeError:
    return DecodeError(
        page.url, "is in no known encoding, or is no text at all", "save it as UTF-8 text or HTML"
    )


def _within(page: Page, content: bytes, codec: str, evidence: Evidence) -> Reading:
    """Read in an encoding that the page leaves no doubt about."""
    reading = _attempt(content, codec, evidence)
    if reading is None or _looks_random(reading.text.encode("utf-8", "replace")):
        raise DecodeError(page.url, f"says that it is {codec} and is not", "save it as UTF-8 text or HTML")
    return reading


def _attempt(content: bytes, codec: str, evidence: Evidence) -> Reading | None:
    """Return the content read as `codec`, None if more is broken than `TOLERANCE` allows.

    A character cut off at the very end is no evidence against the encoding.
    """
    try:
        return Reading(content.decode(codec), codec, evidence, 0)
    except UnicodeDecodeError as error:
        cut = content[: error.start]
        if codec == "utf-8" and error.reason == "unexpected end of data":
            return Reading(cut.decode(codec) + "\ufffd", codec, evidence, 1)
    text = content.decode(codec, "replace")
    meant = content.count("\ufffd".encode(codec, "ignore") or b"\xff\xff\xff\xff")
    broken = text.count("\ufffd") - meant
    sound = _count_non_ascii(text) - broken
    return Reading(text, codec, evidence, broken) if broken <= sound * TOLERANCE else None


def _count_non_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _refuse_signatures(page: Page) -> None:
    for offset, signature, what in _SIGNATURES:
        if page.content.startswith(signature, offset):
            raise DecodeError(page.url, f"is {what}, not a text", "give an HTML page or a text file")
    if page.content.startswith(b"MZ") and b"\0" in page.content[:256]:
        raise DecodeError(page.url, "is a program, not a text", "give an HTML page or a text file")


def _looks_random(content: bytes) -> bool:
    """Say whether control characters are more than one in a hundred bytes.

    Text has none but tabs, line ends and page breaks (and the escapes of ISO 2022, a stray NUL); of random
    bytes a tenth are.
    """
    controls = len(content) - len(content.translate(None, _CONTROLS))
    return controls > 1 + len(content) // 100


def _utf_16_without_mark(content: bytes, declared: list[str]) -> str | None:
    """Return the byte order of UTF-16 without a mark, None if it is not UTF-16.

    Markup and line ends are ASCII in every language, so every other byte of them is NUL (XML 1.0, appendix
    F).
    """
    head = content[:_PRESCAN]
    if head.count(0) < max(_ENOUGH, len(head) // 20):
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    for codec, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros > 20 * others or (codec in declared and zeros > others):
            return codec
    return None


def _declared(page: Page) -> list[str]:
    """Return the codecs that the page declares, checkable ones first; of a kind the header before markup.

    A server's header is often a default that nobody chose (`text/html; charset=ISO-8859-1`), and a
    single-byte encoding reads anything; so an encoding that would show that it is wrong is tried before it.
    """
    head = page.content[:_PRESCAN]
    labels = [match[1] for match in [_CHARSET.search((page.content_type or "").encode())] if match]
    labels += [match[1] for match in [_XML.match(head)] if match]
    labels += _meta_labels(head)
    found: list[str] = []
    for label in labels:
        codec = codec_of(label.decode("ascii", "ignore"))
        if codec is not None and codec not in found:
            found.append(codec)
    return sorted(found, key=lambda codec: codec not in _MULTIBYTE)


def _meta_labels(head: bytes) -> list[bytes]:
    """Return the encodings of meta elements outside comments (HTML standard, "prescan a byte stream")."""
    labels = []
    for match in _META.finditer(head):
        attributes = {
            name.lower(): quoted or single or bare
            for name, quoted, single, bare in _ATTRIBUTE.findall(match[1] or b"")
        }
        in_content = _CHARSET.search(attributes.get(b"content", b""))
        if b"charset" in attributes:
            labels.append(attributes[b"charset"].strip())
        elif in_content and attributes.get(b"http-equiv", b"").lower() == b"content-type":
            labels.append(in_content[1])
    return labels


@cache
def _codecs_by_label() -> dict[str, str]:
    lines = (Path(__file__).parent / "encodings.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {label: codec.strip() for codec, _, labels in pairs for label in labels.split()}


def codec_of(label: str) -> str | None:
    """Return Python's name of the codec that a label means, None for a label that the standard lacks."""
    return _codecs_by_label().get(label.strip().lower())


def _as_declared(content: bytes, declared: list[str]) -> Reading | None:
    for codec in declared:
        if codec.startswith("utf-16") or (codec in _LATIN and _mean_run(content) > 3):
            # A page that could be scanned for its declaration is no UTF-16.
            continue
        reading = _attempt(content, codec, "declared")
        if reading is not None:
            return reading
    return None


def _mean_run(content: bytes) -> float:
    """Return how many bytes above ASCII stand together: about 1 in Latin text, a word's length in others."""
    runs = re.findall(rb"[\x80-\xff]+", content)
    return sum(map(len, runs)) / max(1, len(runs))


def _as_detected(content: bytes) -> Reading | None:
    """Return the content in the encoding in which it reads most like a language, by charset-normalizer.

    Single-byte encodings read anything, so they are asked only when no multi-byte one is possible, or at once
    when the text is ASCII letters with single others among them. Where those are too few to tell,
    windows-1252 is meant, the web's default.
    """
    sample = _sample(content)
    high = len(sample) - len(sample.translate(None, _HIGH))
    letters = len(sample) - len(sample.translate(None, string.ascii_letters.encode()))
    if high < _ENOUGH:
        return _attempt(content, "cp1252", "detected") if high * 3 < letters else None
    latin = high < letters and _mean_run(sample) < 1.5
    orders = (_LATIN_SCRIPT,) if latin else (_MULTIBYTE, _SINGLE_BYTE)
    for candidates in orders:
        reading = _most_plausible(content, sample, candidates)
        if reading is not None:
            return reading
    return _attempt(content, "cp1252", "detected") if latin else None


def _most_plausible(content: bytes, sample: bytes, candidates: tuple[str, ...]) -> Reading | None:
    from charset_normalizer import from_bytes

    best: tuple[float, Reading] | None = None
    for codec in candidates:
        reading = _attempt(content, codec, "detected")
        if reading is None:
            continue
        # A few broken sequences would make the detector drop an encoding that the tolerance allows.
        clean = sample.decode(codec, "ignore").encode(codec, "ignore")
        # The detector's own limit (0.2) drops real pages with many symbols; which is best matters here, not
        # how good.
        match = from_bytes(clean, cp_isolation=[codec], threshold=0.6).best()
        if match is not None:
            score = match.coherence - match.chaos
            # The candidates stand in the order of how common they are: a rarer one must be clearly better.
            if best is None or score > best[0] + 0.05:
                best = (score, reading)
    return None if best is None else best[1]


def _sample(content: bytes) -> bytes:
    """Return the lines that hold more than ASCII, markup off: the only part in which encodings differ."""
    lines = re.sub(rb"<[^<>]*>", b"\n", content).splitlines()
    telling: list[bytes] = []
    size = 0
    for line in lines:
        if not line.isascii():
            telling.append(line.strip())
            size += len(line)
        if size > _SAMPLE:
            break
    return b"\n".join(telling)
