"""Sources and corpora that no disk of this machine holds: s3://, gs://, hdfs://, whatever fsspec reaches.

A corpus is built in a work folder of this machine (or of a disk that all machines share) and then put in its
place: where renaming is not one step, nothing is ever renamed. Each object appears whole, and the manifest,
which names them all with their digests, goes first when they change and comes back last.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from corpusalign.errors import CorpusAlignError, FetchError, FormatError

_WEB = ("http", "https")
_MANIFEST = "manifest.json"
# Who may write to a place; never removed, so that nothing is in the way after a crash.
_OWNER = "owner.json"


def is_remote(place: object) -> bool:
    """Tell whether a place is an address that fsspec reads, such as s3://bucket/pages."""
    scheme, mark, _ = str(place).partition("://")
    return bool(mark) and scheme not in _WEB and scheme.replace("+", "").isalnum()


def read_remote(url: str) -> bytes:
    """Return the bytes of a file. Raises FetchError where it cannot be had."""
    files, path = _files(url)
    with _reading(url):
        content: bytes = files.cat_file(path)
    return content


def find_remote(url: str) -> Iterator[tuple[str, str]]:
    """Yield the files below a folder (or the one that it is), in order: name inside the folder, address.

    Raises FetchError where there is none.
    """
    files, path = _files(url)
    with _reading(url):
        if files.isfile(path):
            yield path.rpartition("/")[2], url
            return
        names = sorted(files.find(path))
    if not names:
        raise FetchError(url, "there is no such file or folder, or nothing is in it", "check the address")
    for name in names:
        inside = name[len(path) :].lstrip("/")
        if not any(part.startswith(".") for part in inside.split("/")):
            yield inside, f"{url.rstrip('/')}/{inside}"


def fetch_remote(url: str, folder: Path) -> Path:
    """Copy a file into a folder of this machine and return where it is."""
    files, path = _files(url)
    target = folder / f"fetched-{secrets.token_hex(6)}-{path.rpartition('/')[2]}"
    with _reading(url):
        files.get_file(path, str(target))
    return target


def own(url: str, work: Path) -> None:
    """Say that a place is built from this work folder and no other.

    Raises FormatError where it is built from another one, or cannot be written to.
    """
    note = work / "place.json"
    if not note.exists():
        note.write_text(json.dumps({"token": secrets.token_hex(16), "place": url}), encoding="ascii")
    ours = json.loads(note.read_bytes())
    files, path = _files(url)
    with _writing(url):
        if files.exists(f"{path}/{_OWNER}"):
            if json.loads(files.cat_file(f"{path}/{_OWNER}")).get("token") != ours["token"]:
                raise FormatError(
                    url,
                    "is built from another work folder",
                    f"name that one with --work, or remove {_OWNER} there",
                )
            return
        if files.exists(path) and files.find(path):
            raise FormatError(url, "is not empty and holds no corpus", "name a new folder, or an empty one")
        files.makedirs(path, exist_ok=True)
        files.pipe_file(f"{path}/{_OWNER}", note.read_bytes())


def put(corpus: Path, url: str) -> int:
    """Put a whole corpus in its place and return how many files that took; those that are there stay.

    Raises FormatError where it cannot be written.
    """
    files, path = _files(url)
    with _writing(url):
        there = _digests(_manifest_of(files, path))
        manifest = json.loads((corpus / _MANIFEST).read_bytes())
        wanted = _digests(manifest)
        names = [one.name for one in sorted(corpus.iterdir()) if one.is_file() and one.name != _MANIFEST]
        if files.exists(f"{path}/{_MANIFEST}"):
            files.rm_file(f"{path}/{_MANIFEST}")
        written = 0
        for name in names:
            target = f"{path}/{name}"
            is_there = name in wanted and there.get(name) == wanted[name] and files.exists(target)
            if not is_there or files.size(target) != (corpus / name).stat().st_size:
                files.put_file(str(corpus / name), target)
                written += 1
        for old in files.find(path):
            name = old[len(path) :].lstrip("/")
            if name not in (*names, _OWNER):
                files.rm_file(old)
        files.put_file(str(corpus / _MANIFEST), f"{path}/{_MANIFEST}")
    return written + 1


def _manifest_of(files: Any, path: str) -> Mapping[str, Any]:
    try:
        found = json.loads(files.cat_file(f"{path}/{_MANIFEST}"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _digests(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return the digest of each file that a manifest names."""
    digests = {}
    for shard in manifest.get("shards", ()):
        digests[shard["name"]] = shard["sha256"]
        digests[shard["rejected"]["name"]] = shard["rejected"]["sha256"]
    return digests


def _files(url: str) -> tuple[Any, str]:
    """Return a file system and a path in it."""
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise CorpusAlignError(
            url, "needs fsspec, which is not installed", "pip install 'corpusalign[cloud]'"
        ) from error
    try:
        files, path = url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise CorpusAlignError(
            url, f"cannot be reached: {error}", "install what it names (s3fs for s3://, gcsfs for gs://)"
        ) from error
    return files, path.rstrip("/")


@contextmanager
def _reading(url: str) -> Iterator[None]:
    try:
        yield
    except CorpusAlignError:
        raise
    except Exception as error:  # what the libraries of stores raise has no common name
        raise FetchError(
            url, f"cannot be read ({_fault(error)})", "check the address and your keys"
        ) from error


@contextmanager
def _writing(url: str) -> Iterator[None]:
    try:
        yield
    except CorpusAlignError:
        raise
    except Exception as error:  # as above
        raise FormatError(
            url, f"cannot be written: {_fault(error)}", "check the address and your right to write there"
        ) from error


def _fault(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
