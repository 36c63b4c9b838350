"""Bad input of each kind: one line that names the file and the remedy, and nothing written."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from corpusalign.cli import main

ENGLISH = (Path(__file__).parent.parent / "fixtures" / "sco-2020" / "en.html").read_bytes()
CHINESE = (Path(__file__).parent.parent / "fixtures" / "sco-2020" / "zh.html").read_bytes()
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4
NO_TEXT = (
    b"<!doctype html><html lang='fr'><head><title></title></head><body><img src='a.png'><hr></body></html>"
)
SPANISH = """<!doctype html><html lang="es"><head><title>El puente</title></head><body><h1>El puente</h1>
<p>El ayuntamiento abrirá el nuevo puente a los peatones el lunes, después de dos años de obras.</p>
<p>Los vecinos podrán cruzarlo a pie o en bicicleta, pero los coches tendrán que esperar hasta el otoño.</p>
</body></html>""".encode()

CASES = {
    "missing": (None, "no such file"),
    "empty": (b"", "empty"),
    "blank": (b" \n\t \n", "empty"),
    "no-text": (NO_TEXT, "no "),
    "no-encoding": (random.Random(7).randbytes(5000).replace(b"\x00", b"\x81"), "encoding"),
    "binary": (PNG, "PNG"),
    "truncated-in-a-tag": (ENGLISH[: ENGLISH.rindex(b"<p") + 2], "ends inside"),
    "truncated-in-the-text": (ENGLISH[: len(ENGLISH) // 2], "never closes"),
    "unknown-language": (SPANISH, "language"),
}


@pytest.mark.parametrize("kind", CASES)
def test_one_line_names_the_file_and_the_remedy(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, fault = CASES[kind]
    good, bad, output = tmp_path / "zh.html", tmp_path / f"{kind}.html", tmp_path / "out.tmx"
    good.write_bytes(CHINESE)
    if content is not None:
        bad.write_bytes(content)
    assert main(["align", str(good), str(bad), "-o", str(output)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    (line,) = printed.err.splitlines()
    assert str(bad) in line
    assert fault in line
    assert "; " in line, "a remedy follows the fault"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        {"zh.html"} | ({bad.name} if content is not None else set())
    )


def test_two_versions_in_one_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = tmp_path / "first.html", tmp_path / "second.html"
    first.write_bytes(ENGLISH)
    second.write_bytes(ENGLISH)
    assert main(["align", str(first), str(second), "-o", str(tmp_path / "out.tmx")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert str(first) in line
    assert str(second) in line
    assert "English" in line
    assert not (tmp_path / "out.tmx").exists()


def test_unknown_language_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = tmp_path / "first.html", tmp_path / "second.html"
    first.write_bytes(ENGLISH)
    second.write_bytes(CHINESE)
    assert main(["align", str(first), str(second), "--lang", "en,tlh", "-o", str(tmp_path / "out.tmx")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "tlh" in line
    assert "zh" in line, "the languages that are known are listed"


def test_truncated_page_is_taken_when_asked(tmp_path: Path) -> None:
    first, second = tmp_path / "first.html", tmp_path / "second.html"
    first.write_bytes(ENGLISH[: len(ENGLISH) // 2])
    second.write_bytes(CHINESE)
    assert (
        main(["align", str(first), str(second), "--allow-truncated", "-q", "-o", str(tmp_path / "out.tmx")])
        == 0
    )
    assert (tmp_path / "out.tmx").stat().st_size > 0


@pytest.mark.parametrize("folder", ["absent/out.tmx", "file/out.tmx"])
def test_output_that_cannot_be_written(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_bytes(b"")
    first, second = tmp_path / "first.html", tmp_path / "second.html"
    first.write_bytes(ENGLISH)
    second.write_bytes(CHINESE)
    assert main(["align", str(first), str(second), "-o", str(tmp_path / folder)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert str(tmp_path / folder) in line
