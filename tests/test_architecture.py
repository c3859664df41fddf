"""Imports run one way: dashboard → pages → reports → metrics → data ← connectors."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = {"data", "connectors", "metrics", "reports", "share", "server", "pages", "commands", "docs", "benchmarks", "tests", "vitrina"}
ROOMS = {"data", "connectors", "metrics", "reports"}
LIBRARIES = {"streamlit", "plotly", "requests", "duckdb", "ibis", "sqlalchemy", "click"}
# room -> (our rooms it may import, libraries of LIBRARIES it may import)
MAY: dict[str, tuple[set[str], set[str]]] = {
    "data": ({"data"}, {"duckdb", "ibis", "sqlalchemy"}),
    "data/demo": ({"data"}, {"duckdb"}),
    "connectors": ({"connectors", "data"}, {"requests"}),
    "metrics": ({"metrics", "data"}, {"ibis"}),
    "reports": ({"reports", "metrics", "data"}, set()),
    "share": ({"share", "reports", "data"}, set()),
    "server": ({"server", "data"}, set()),
    "pages": (ROOMS | {"pages", "share"}, {"streamlit"}),
    "pages/ui": (ROOMS | {"pages", "share"}, {"streamlit", "plotly"}),
    "dashboard.py": ({"pages", "share", "server", "data"}, {"streamlit"}),
    "vitrina.py": ({"commands"}, set()),
    "commands": (ROOMS | {"commands", "share"}, {"click"}),
    "docs": ({"data", "connectors", "metrics"}, set()),
    "benchmarks": (ROOMS | {"benchmarks", "tests"}, LIBRARIES),
    "tests": (OURS, LIBRARIES),
}
DOORS_ONLY = {"data.warehouse", "data.workspace"}
NAMELESS = {"utils", "helpers", "common", "base", "manager", "service", "core"}


def sources() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [Path(line) for line in listed.stdout.split() if (ROOT / line).exists()]


def room(path: Path) -> str:
    parts = path.parts
    return next((place for place in ("/".join(parts[:2]), parts[0]) if place in MAY), "")


def imported(path: Path) -> list[tuple[int, str]]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return found


@pytest.mark.parametrize("path", sources(), ids=str)
def test_every_file_has_a_room_and_imports_only_what_its_room_may(path: Path) -> None:
    place = room(path)
    assert place, f"{path}: no room in MAY; decide what it may import"
    ours, libraries = MAY[place]
    for line, name in imported(path):
        top = name.split(".")[0]
        if top in OURS:
            assert top in ours, f"{path}:{line}: {place} may not import {name}"
        if top in LIBRARIES:
            assert top in libraries, f"{path}:{line}: {place} may not import {top}"
        if place in ("connectors", "metrics", "reports"):
            assert not any(name.startswith(door) for door in DOORS_ONLY), f"{path}:{line}: only doors may import {name}"


def test_files_are_named_after_what_they_hold() -> None:
    assert [path for path in sources() if path.stem in NAMELESS] == []


def test_only_the_clock_asks_the_machine_what_day_it_is() -> None:
    asking = re.compile(r"\b(date\.today|datetime\.(now|today|utcnow))\(")
    found = [
        f"{path}:{number}" for path in sources() if room(path) not in ("tests", "benchmarks") and path != Path("data/clock.py")
        for number, line in enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), 1) if asking.search(line)
    ]
    assert found == []
