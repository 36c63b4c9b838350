"""Files that appear whole or not at all, and archives that are no bombs."""

from __future__ import annotations

import errno
import io
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, TextIO

from corpusalign.errors import FormatError

# Sheets of text shrink to a tenth; what shrinks to a hundredth of this many bytes was made to fill memory.
_BOMB, _SHRINKS = 64 << 20, 100

_DISK_FAULTS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS})


@contextmanager
def atomic_binary(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a file for writing bytes that replaces `path` only when the block ends without an exception.

    The bytes go to a hidden file in the same folder, are flushed to the disk, and take the name `path` in one
    step; whatever stood there before stays until then, and stays for good when the block fails. A symbolic
    link is followed and kept. A device or a pipe (`/dev/stdout`) cannot be replaced and is written to
    directly.

    Raises FormatError when the folder is missing or may not be written to, or the disk is full.
    """
    target, mode = _replaceable(path)
    try:
        if Path(path).is_relative_to("/dev") or (mode is not None and not stat.S_ISREG(mode)):
            with _device(path) as stream:
                yield stream
        else:
            with _replacement(target, mode) as stream:
                yield stream
    except OSError as error:
        if error.errno not in _DISK_FAULTS:
            raise
        raise FormatError(
            str(path), f"cannot be written: {error.strerror}", "make room and try again"
        ) from error


def check_writable(path: str | os.PathLike[str]) -> None:
    """Raise at once the FormatError that `atomic_binary` would raise later, after long work."""
    target, mode = _replaceable(path)
    if mode is None:
        draft = _draft(target)
        _create(draft, target).close()
        draft.unlink()


@contextmanager
def atomic_text(path: str | os.PathLike[str]) -> Iterator[TextIO]:
    r"""Open a UTF-8 text file under the promise of `atomic_binary`; `\n` stays `\n` on every system."""
    with atomic_binary(path) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="\n")
        try:
            yield text
        finally:
            # Flushes and leaves the stream open, for `atomic_binary` to sync and close.
            text.detach()


def _replaceable(path: str | os.PathLike[str]) -> tuple[Path, int | None]:
    """Return the file that a path stands for and its mode, None where there is none yet."""
    target = Path(os.path.realpath(path))
    mode = _mode(target)
    if mode is not None and stat.S_ISDIR(mode):
        raise FormatError(str(path), "is a folder", "name a file to write")
    if mode is not None and not os.access(target, os.W_OK):
        raise FormatError(str(path), "may not be overwritten (permission denied)", "choose another name")
    return target, mode


def _draft(target: Path) -> Path:
    # A short name of its own: one made of the target's could grow past the limit of the file system.
    return target.parent / f".corpusalign-{secrets.token_hex(6)}.part"


def _mode(target: Path) -> int | None:
    """Return the mode of what stands at a path, None where nothing does."""
    try:
        return target.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise FormatError(
            str(target), f"cannot be written: {error.strerror}", "choose another name"
        ) from error


def _device(path: str | os.PathLike[str]) -> BinaryIO:
    try:
        # Appending: /dev/stdout may be a file that already holds other output.
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND), "wb")
    except OSError as error:
        raise FormatError(str(path), f"cannot be written to: {error.strerror}", "name a file") from error


@contextmanager
def _replacement(target: Path, mode: int | None) -> Iterator[BinaryIO]:
    draft = _draft(target)
    stream = _create(draft, target)
    try:
        with stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if mode is not None:
            draft.chmod(stat.S_IMODE(mode))
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _create(draft: Path, target: Path) -> BinaryIO:
    try:
        return draft.open("xb")
    except FileNotFoundError as error:
        raise FormatError(
            str(target), f"there is no folder {target.parent}", "make the folder first, or name another"
        ) from error
    except NotADirectoryError as error:
        raise FormatError(str(target), f"{target.parent} is a file, not a folder", "name a folder") from error
    except OSError as error:
        raise FormatError(
            str(target),
            f"cannot be written in the folder {target.parent}: {error.strerror}",
            "choose a folder that you may write to",
        ) from error


def _sync_folder(folder: Path) -> None:
    """Make the new name itself safe against a power cut, where the system can (Windows cannot)."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def check_unpacked(file: IO[bytes], path: str) -> None:
    """Raise FormatError where a part of a ZIP archive would unpack to very much more than it is.

    Raises zipfile.BadZipFile for what is no archive.
    """
    from zipfile import ZipFile

    with ZipFile(file) as parts:
        for part in parts.infolist():
            if part.file_size > max(_BOMB, _SHRINKS * part.compress_size):
                raise FormatError(
                    path, f"holds a part that unpacks to {part.file_size:,} bytes", "check where it came from"
                )
    file.seek(0)
