"""Answers of servers into a web archive (WARC 1.1, ISO 28500:2017)."""

from __future__ import annotations

import base64
import gzip
import hashlib
import os
import uuid
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

from corpusalign.fetch.answer import Answer
from corpusalign.version import __version__

_CHUNK = 128 * 1024

# The body is stored as unpacked, so what described its packing is no longer true.
_TRANSPORT_HEADERS = frozenset(("content-encoding", "transfer-encoding", "content-length", "connection"))


class Writer:
    """An archive being written: every record a gzip member of its own, handed to the system at once."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write_info(self, fields: Mapping[str, str]) -> None:
        """Write what the archive is and how it was made: the record that it starts with."""
        lines = {"software": f"corpusalign/{__version__}", "format": "WARC File Format 1.1", **fields}
        block = "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode()
        self._write("warcinfo", block, {"Content-Type": "application/warc-fields"})

    def write_answer(self, answer: Answer) -> None:
        """Write what a server answered, its body as unpacked, the headers that told otherwise mended."""
        phrase = next((known.phrase for known in HTTPStatus if known == answer.status), "")
        kept = {name: value for name, value in answer.headers.items() if name not in _TRANSPORT_HEADERS}
        kept["content-length"] = str(len(answer.content))
        lines = [f"HTTP/1.1 {answer.status} {phrase}", *(f"{name}: {value}" for name, value in kept.items())]
        head = "".join(f"{_one_line(line)}\r\n" for line in lines).encode() + b"\r\n"
        self._write(
            "response",
            head + answer.content,
            {
                "WARC-Target-URI": answer.url,
                "WARC-Date": answer.fetched_at,
                "WARC-Payload-Digest": _digest(answer.content),
                "Content-Type": "application/http;msgtype=response",
            },
        )

    def _write(self, kind: str, block: bytes, fields: Mapping[str, str]) -> None:
        head = {
            "WARC-Type": kind,
            "WARC-Record-ID": f"<{uuid.uuid4().urn}>",
            "WARC-Date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            **fields,
            "WARC-Block-Digest": _digest(block),
            "Content-Length": str(len(block)),
        }
        lines = "".join(f"{name}: {_one_line(value)}\r\n" for name, value in head.items())
        self._file.write(gzip.compress(f"WARC/1.1\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"))
        self._file.flush()


def _digest(data: bytes) -> str:
    return f"sha1:{base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()}"


def _one_line(value: str) -> str:
    return " ".join(value.split())


def sound_length(path: str | os.PathLike[str]) -> int:
    """Return how many bytes of a `.warc.gz` are whole gzip members, so that a broken end can be cut off."""
    sound = 0
    with Path(path).open("rb") as file:
        while True:
            file.seek(sound)
            unpacker, taken = zlib.decompressobj(zlib.MAX_WBITS | 16), 0
            try:
                raw = b""
                while not unpacker.eof:
                    data = raw or file.read(_CHUNK)
                    if not data:
                        return sound
                    unpacker.decompress(data, _CHUNK)
                    raw = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
                    taken += len(data) - len(raw)
            except zlib.error:
                return sound
            sound += taken


def has_member_after(path: str | os.PathLike[str], offset: int) -> bool:
    """Say whether something that looks like a gzip member begins behind an offset."""
    with Path(path).open("rb") as file:
        file.seek(offset + 1)
        kept = b""
        while data := file.read(_CHUNK):
            if b"\x1f\x8b\x08" in kept + data:
                return True
            kept = data[-2:]
    return False
