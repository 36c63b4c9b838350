"""Pages that are files on this machine."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from corpusalign.errors import FetchError

# `www.example.org/page`: what a browser would take for an address.
_LIKE_AN_ADDRESS = re.compile(r"www\.|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}/")


def read_file(path: str, max_bytes: int) -> bytes:
    """Return the bytes of a regular file.

    Raises FetchError for anything else: nothing there, a folder, a device or pipe (which may never end), a
    file that may not be read, or one of more than `max_bytes`.
    """
    if not path:
        raise FetchError("''", "names no file", "give a path or an address")
    try:
        # Opened and read only once it is known to be a regular file: opening a pipe waits for its writer.
        mode = Path(path).stat().st_mode
        if stat.S_ISDIR(mode):
            raise FetchError(path, "is a folder", "give the page inside it")
        if not stat.S_ISREG(mode):
            raise FetchError(path, "is not a regular file", "pass the page on standard input instead")
        with Path(path).open("rb") as file:
            content = file.read(max_bytes + 1)
    except FileNotFoundError:
        remedy = "check the path" if not _LIKE_AN_ADDRESS.match(path) else "begin an address with https://"
        raise FetchError(path, "there is no such file", remedy) from None
    except PermissionError:
        raise FetchError(path, "may not be read", "check the permissions of the file") from None
    except (OSError, ValueError) as error:
        # ValueError: a NUL byte in the path.
        fault = getattr(error, "strerror", None) or str(error)
        raise FetchError(repr(path), f"cannot be read ({fault})", "check the path") from None
    if len(content) > max_bytes:
        fault = f"is larger than {max_bytes:,} bytes"
        raise FetchError(path, fault, "raise the limit (--max-bytes), or cut the file")
    return content


def path_of_url(url: str) -> str:
    """Return the local path of a `file:` URL (RFC 8089).

    Raises FetchError for one that names another machine.
    """
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise FetchError(url, f"is not a well-formed address ({error})", "check the address") from None
    if parts.netloc not in ("", "localhost"):
        raise FetchError(url, f"is a file of another machine, {parts.netloc}", "copy it here, or use http(s)")
    return url2pathname(parts.path)
