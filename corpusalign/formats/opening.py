"""Files as the formats read and write them: compressed or not, whole or not at all."""

from __future__ import annotations

import gzip
import os
import shutil
import stat
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from corpusalign.errors import FormatError
from corpusalign.files import atomic_binary


def check_readable(path: str | os.PathLike[str]) -> None:
    """Raise FormatError where there is no file to read."""
    try:
        mode = Path(path).stat().st_mode
    except OSError as error:
        raise FormatError(str(path), f"cannot be read: {error.strerror}", "check the name") from error
    if stat.S_ISDIR(mode):
        raise FormatError(str(path), "is a folder", "name a file")


@contextmanager
def source(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a file to read its bytes, expanded where they are compressed.

    Raises FormatError for a file that cannot be read, also while it is being read.
    """
    try:
        with Path(path).open("rb") as raw:
            # By its first bytes, not its name: downloaded memories often lose their suffix.
            if raw.peek(2)[:2] == b"\x1f\x8b":
                with gzip.GzipFile(fileobj=raw) as expanded:
                    yield cast(BinaryIO, expanded)
            else:
                yield raw
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FormatError(str(path), f"its compressed data is broken: {error}", "fetch it again") from error
    except OSError as error:
        raise FormatError(
            str(path), f"cannot be read: {error.strerror or error}", "check the file"
        ) from error


@contextmanager
def target(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a file to write (see `files.atomic_binary`), compressed where its name ends in `.gz`."""
    with atomic_binary(path) as stream:
        if Path(path).suffix.lower() != ".gz":
            yield stream
            return
        # Without name and time the same units give the same bytes.
        with gzip.GzipFile(filename="", mode="wb", fileobj=stream, compresslevel=6, mtime=0) as compressed:
            yield cast(BinaryIO, compressed)


@contextmanager
def seekable(stream: BinaryIO) -> Iterator[IO[bytes]]:
    """Open the bytes of a stream as a file in which one may go back, which compressed data does badly."""
    if not isinstance(stream, gzip.GzipFile):
        yield stream
        return
    with tempfile.TemporaryFile() as file:
        shutil.copyfileobj(stream, file)
        file.seek(0)
        yield file


@contextmanager
def spooled(stream: BinaryIO) -> Iterator[IO[bytes]]:
    """Open a file in which one may go back, whose bytes go to the stream in the end."""
    with tempfile.TemporaryFile() as file:
        yield file
        file.seek(0)
        shutil.copyfileobj(file, stream)
