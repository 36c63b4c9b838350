from __future__ import annotations

import errno
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from corpusalign.errors import FormatError
from corpusalign.files import atomic_binary, atomic_text, check_writable


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_the_file_appears_only_when_the_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    with atomic_text(path) as stream:
        stream.write("one\ntwo 你好\n")
        stream.flush()
        assert not path.exists()
    assert path.read_bytes() == "one\ntwo 你好\n".encode()
    assert names(tmp_path) == ["out.txt"]


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(KeyError), atomic_binary(tmp_path / "new.bin") as stream:
        stream.write(b"half")
        raise KeyError
    assert names(tmp_path) == []


def test_what_cannot_be_written_is_known_beforehand(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("old")
    for fine in (tmp_path / "new.txt", tmp_path / "old.txt", "/dev/null"):
        check_writable(fine)
    assert names(tmp_path) == ["old.txt"]
    for bad in (tmp_path / "none" / "new.txt", tmp_path / "old.txt" / "new.txt", tmp_path):
        with pytest.raises(FormatError):
            check_writable(bad)


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "old.txt"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt), atomic_text(path) as stream:
        stream.write("new")
        raise KeyboardInterrupt
    assert path.read_text() == "old"
    assert names(tmp_path) == ["old.txt"]


def test_the_old_file_s_permissions_stay(tmp_path: Path) -> None:
    path = tmp_path / "shared.txt"
    path.write_text("old")
    path.chmod(0o640)
    with atomic_text(path) as stream:
        stream.write("new")
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("new", 0o640)


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    with atomic_text(tmp_path / "ours") as stream:
        stream.write("x")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_symbolic_link_is_followed_and_kept(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    link = tmp_path / "link.txt"
    link.symlink_to(tmp_path / "folder" / "real.txt")
    with atomic_text(link) as stream:
        stream.write("x")
    assert link.is_symlink()
    assert (tmp_path / "folder" / "real.txt").read_text() == "x"


def test_a_device_is_written_to_and_not_replaced() -> None:
    with atomic_binary("/dev/null") as stream:
        stream.write(b"x")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_standard_output_that_is_a_file_is_appended_to(tmp_path: Path) -> None:
    script = (
        "import sys; from corpusalign.files import atomic_text\n"
        "print('before', flush=True)\n"
        "with atomic_text('/dev/stdout') as stream: stream.write('ours\\n')\n"
        "print('after')"
    )
    with (tmp_path / "out").open("ab") as output:
        subprocess.run([sys.executable, "-c", script], stdout=output, check=True)
    assert (tmp_path / "out").read_text() == "before\nours\nafter\n"


def test_a_device_that_cannot_be_opened(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        with (
            pytest.raises(FormatError, match="cannot be written to: No such device or address"),
            atomic_binary(tmp_path / "socket"),
        ):
            pass


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("missing/out.txt", "there is no folder"),
        ("file/out.txt", "is a file, not a folder"),
        ("folder", "is a folder"),
        ("n" * 300, "File name too long"),
    ],
)
def test_a_place_that_cannot_be_written_to(tmp_path: Path, name: str, fault: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    with pytest.raises(FormatError, match=fault), atomic_text(tmp_path / name) as stream:
        stream.write("x")
    assert names(tmp_path) == ["file", "folder"]


def test_a_folder_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, *args: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with (
        pytest.raises(FormatError, match="Permission denied; choose a folder"),
        atomic_binary(tmp_path / "out"),
    ):
        pass


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kept.txt"
    path.write_text("kept")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(FormatError, match="may not be overwritten"), atomic_text(path):
        pass
    assert path.read_text() == "kept"


def test_a_full_disk_is_one_clear_error() -> None:
    with (
        pytest.raises(FormatError, match="/dev/full: cannot be written: No space left on device; make room"),
        atomic_binary("/dev/full") as stream,
    ):
        stream.write(b"x")


def test_errors_of_the_caller_pass_unchanged(tmp_path: Path) -> None:
    with pytest.raises(ConnectionResetError), atomic_text(tmp_path / "out.txt"):
        raise ConnectionResetError
