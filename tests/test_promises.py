"""Every fault and attack that the house has promised to survive has a test that names it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
ROWS = {f"R{number:02}" for number in range(1, 33)}
"""The rows: faults of the store (R01 to R09), of sources and files (R10 to R19), of many at once (R20 to R24), attacks (R25 to R32)."""


def test_every_promise_has_a_test() -> None:
    found = {row for path in HERE.rglob("test_*.py") for row in promised(path)}
    assert sorted(ROWS - found) == [], "no test is marked with these"
    assert sorted(found - ROWS) == [], "these are no rows of the table"


def promised(path: Path) -> Iterator[str]:
    """Rows that tests of a file are marked with."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.promise":
            yield from (str(ast.literal_eval(one)) for one in node.args)
