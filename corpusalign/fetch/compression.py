"""Content-Encoding undone piece by piece, so that a small body cannot unpack to more memory than allowed."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

PIECE = 256 * 1024
"""Bytes that one step of unpacking yields at most (Brotli and Zstandard may exceed it a little)."""


class BodyError(Exception):
    """The body is not in the encoding that its header names, or it is cut short."""


class TooLargeError(Exception):
    """The body unpacks to more bytes than allowed."""


class _Decoder(Protocol):
    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Yield what `data` unpacks to, in pieces of bounded size."""

    def finished(self) -> bool:
        """Say whether the compressed stream has reached its end."""


class _Zlib:
    """gzip (RFC 1952, several members too) and deflate (RFC 1950, or bare RFC 1951 as some servers send)."""

    def __init__(self, wbits: int) -> None:
        self._wbits = wbits
        self._state = zlib.decompressobj(wbits)
        self._begun = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._state.eof:
                # Zero bytes after the last member are padding (as gzip itself takes them).
                data = data.lstrip(b"\0") if self._wbits > 16 else b""
                if not data:
                    return
                self._state = zlib.decompressobj(self._wbits)
            try:
                piece = self._state.decompress(data, PIECE)
            except zlib.error as error:
                if self._begun or self._wbits != zlib.MAX_WBITS:
                    raise BodyError(str(error)) from None
                self._state = zlib.decompressobj(-zlib.MAX_WBITS)
                self._begun = True
                continue
            self._begun = True
            yield piece
            data = self._state.unused_data if self._state.eof else self._state.unconsumed_tail

    def finished(self) -> bool:
        return self._state.eof or not self._begun


class _Brotli:
    def __init__(self) -> None:
        self._module: Any = import_module("brotli")
        self._state = self._module.Decompressor()
        self._begun = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        self._begun = True
        try:
            yield self._state.process(data, output_buffer_limit=PIECE)
            while not self._state.is_finished() and not self._state.can_accept_more_data():
                yield self._state.process(b"", output_buffer_limit=PIECE)
        except self._module.error as error:
            raise BodyError(str(error)) from None

    def finished(self) -> bool:
        return not self._begun or bool(self._state.is_finished())


class _Zstandard:
    def __init__(self) -> None:
        self._module: Any = import_module("zstandard")
        self._limit = self._module.ZstdDecompressor(max_window_size=2**27)
        self._state = self._limit.decompressobj(write_size=PIECE)
        self._begun = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        self._begun = True
        # A frame's blocks are at most 128 KiB unpacked from 4 bytes on: small steps keep each step's output
        # small.
        for start in range(0, len(data), 64):
            step = data[start : start + 64]
            try:
                while step:
                    if self._state.eof:
                        self._state = self._limit.decompressobj(write_size=PIECE)
                    yield self._state.decompress(step)
                    step = self._state.unused_data if self._state.eof else b""
            except self._module.ZstdError as error:
                raise BodyError(str(error)) from None

    def finished(self) -> bool:
        return not self._begun or bool(self._state.eof)


def accepted() -> str:
    """Return the Accept-Encoding that the installed packages can undo."""
    encodings = ["gzip", "deflate"]
    encodings += ["br"] if _brotli_installed() else []
    encodings += ["zstd"] if find_spec("zstandard") else []
    return ", ".join(encodings)


def unpacked(chunks: Iterable[bytes], content_encoding: str, max_bytes: int) -> bytes:
    """Return a body with its Content-Encoding (a comma-separated list, RFC 9110 section 8.4) undone.

    Raises BodyError for a body that is broken, cut short, or in an encoding that nobody here can undo, and
    TooLargeError as soon as more than `max_bytes` have come out of any of the layers.
    """
    names = [name.strip().lower() for name in content_encoding.split(",")]
    stream = _limited(chunks, max_bytes)
    for name in reversed([name for name in names if name not in ("", "identity")]):
        stream = _limited(_decoded(stream, name), max_bytes)
    return b"".join(stream)


def _decoded(chunks: Iterable[bytes], name: str) -> Iterator[bytes]:
    decoder = _decoder(name)
    for chunk in chunks:
        yield from decoder.pieces(chunk)
    if not decoder.finished():
        raise BodyError(f"the {name} data is cut short")


def _decoder(name: str) -> _Decoder:
    if name in ("gzip", "x-gzip"):
        return _Zlib(zlib.MAX_WBITS | 16)
    if name == "deflate":
        return _Zlib(zlib.MAX_WBITS)
    if name == "br" and _brotli_installed():
        return _Brotli()
    if name == "zstd" and find_spec("zstandard"):
        return _Zstandard()
    raise BodyError(f"it is packed as {name!r}, which was not asked for")


def _brotli_installed() -> bool:
    """Say whether a Brotli is there whose output can be limited (1.2): 1 kB may fill the memory."""
    return find_spec("brotli") is not None and hasattr(
        import_module("brotli").Decompressor, "can_accept_more_data"
    )


def _limited(chunks: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    left = max_bytes
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise TooLargeError
        yield chunk
