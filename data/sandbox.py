"""SQL that people type, answered from one client's facts by a process that can do nothing else.

A query enters; its first rows leave as plain values. The engine itself knows no borders between users, so the query never runs in
this process: a child is started with an empty environment, gives up its rights (`data/sandbox_child.py`), is handed one file, and is
killed when its time is over.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from data.errors import NotAllowed, Problem
from data.tables import TABLES
from data.warehouse import Warehouse

Value = str | int | float | bool | date | datetime | None
LONGEST = 50_000
"""Unit: characters of a query."""
_CHILD = Path(__file__).with_name("sandbox_child.py")
_AT_ONCE = threading.BoundedSemaphore(2)
_COUNTS = frozenset((
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
))


@dataclass(frozen=True)
class Limits:
    """What one query may use. Unit: seconds on the wall and of the processor, bytes, columns, rows, characters."""

    wall: float = 10.0
    processor: int = 6
    memory: int = 1_400_000_000
    engine_memory: str = "300MB"
    columns: int = 300
    rows: int = 1_000
    size: int = 4_000_000
    cell: int = 4_000


@dataclass(frozen=True)
class Column:
    """One column of an answer. `kind`: count, id, number, day, instant, flag or text."""

    name: str
    kind: str


@dataclass(frozen=True)
class Answer:
    """The rows of a query. `cut` says that there are more than were brought."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    cut: bool


def available() -> bool:
    """Whether this system has the limits that a query needs around it. NB: macOS takes a limit of memory and does not keep it."""
    return sys.platform.startswith("linux")


def ask(store: Warehouse, query: str, limits: Limits = Limits()) -> Answer:
    """Answer one SELECT over the client's tables. Raises Problem for everything that cannot or must not be answered."""
    if not store.reach.typed:
        raise NotAllowed("Typed SQL is not open to you.", "SQL", "Ask the agency's owner to open it.")
    _check(query)
    version = store.current()
    if version is None:
        raise Problem("Nothing is loaded yet, so there is nothing to query.", "SQL", "Load the client’s files on the Data page first.")
    asked = {
        "query": query, "path": str(version.path.resolve()), "tables": sorted(TABLES), "memory": limits.memory,
        "seconds": limits.processor, "engine_memory": limits.engine_memory, "columns": limits.columns, "rows": limits.rows,
        "size": limits.size, "cell": limits.cell,
    }
    return _read(_reply(json.dumps(asked).encode(), limits))


def _check(query: str) -> None:
    if not available():
        raise Problem(
            "The SQL box is switched off: this system cannot limit what a query uses.", "SQL", "Run the dashboard on Linux."
        )
    if len(query) > LONGEST:
        facts = {"length": float(len(query)), "longest": float(LONGEST)}
        raise Problem("The query is too long: {length} characters.", "SQL", "At most {longest} are taken.", **facts)


def _reply(asked: bytes, limits: Limits) -> dict[str, Any]:
    """What the child says about the question."""
    if not _AT_ONCE.acquire(timeout=limits.wall):
        raise Problem("Other queries are still running.", "SQL", "Try again in a moment.")
    try:
        said, code = _run(asked, limits)
    finally:
        _AT_ONCE.release()
    if code is None or code == -24:  # killed by us, or by the system for its processor time
        return {"refused": "time"}
    try:
        reply: dict[str, Any] = json.loads(said)
    except ValueError:
        return {"refused": "memory"}
    return reply


def _run(asked: bytes, limits: Limits) -> tuple[bytes, int | None]:
    """The child's words and its exit code; None when its time was over or it said too much."""
    command = [sys.executable, "-I", "-B", str(_CHILD)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd=os.sep, close_fds=True,
    ) as child:
        assert child.stdin is not None and child.stdout is not None
        try:
            child.stdin.write(asked)
            child.stdin.close()
            said = _listen(child.stdout, time.monotonic() + limits.wall, limits.size * 8)
            return (said, child.wait(limits.wall)) if said is not None else (b"", None)
        except (BrokenPipeError, subprocess.TimeoutExpired):
            return b"", None
        finally:
            child.kill()


def _listen(stream: IO[bytes], deadline: float, most: int) -> bytes | None:
    """Everything the child writes; None when it does not end in time or does not end at all."""
    said = bytearray()
    while len(said) <= most:
        ready, _, _ = select.select([stream], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return None
        part = os.read(stream.fileno(), 65_536)
        if not part:
            return bytes(said)
        said += part
    return None


# ------------------------------------------------------------------------------------------------------------ what it said

_REFUSED: Mapping[str, tuple[str, str]] = {
    "empty": ("There is no query here.", "Write one SELECT, or take one of the examples."),
    "several": ("Only one statement is answered at a time.", "Leave one SELECT and no semicolon after it."),
    "not a question": ("Only a SELECT is answered here: nothing can be changed, set or written.", "Begin with SELECT or WITH."),
    "table": ("There is no table {name} here.", "This client’s tables are: {tables}."),
    "function": ("The function {name} is not available here.", "Only this client’s tables can be read, with ordinary functions."),
    "engine": ("The query cannot be answered: {said}", "Compare the names with the tables beside the box."),
    "wide": ("The answer would have {columns} columns.", "Name the columns you need instead of *."),
    "deep": ("The query is nested too deeply.", "Split it into steps with WITH."),
    "memory": ("The query needs more memory than it is given.", "Ask for fewer rows: narrow the days, group, or drop long texts."),
    "time": ("The query took too long and was stopped.", "Narrow the days, group earlier, or join on keys."),
}


def _read(reply: Mapping[str, Any]) -> Answer:
    """The answer in a reply. Raises Problem for a refusal."""
    refused = reply.get("refused")
    if refused:
        what, fix = _REFUSED[refused]
        facts = {"name": reply.get("name", ""), "said": _first(str(reply.get("said", ""))), "columns": reply.get("columns", 0)}
        raise Problem(what, "SQL", fix, **facts, tables=", ".join(TABLES))
    columns = tuple(Column(name, _kind(kind)) for name, kind in zip(reply["names"], reply["types"], strict=True))
    rows = tuple(tuple(_value(value, column.kind) for value, column in zip(row, columns, strict=True)) for row in reply["rows"])
    return Answer(columns, rows, bool(reply["cut"]))


def _first(said: str) -> str:
    """The engine's own words without the picture of the query under them."""
    return said.split("\n\nLINE ")[0].strip()


def _kind(engine: str) -> str:
    if engine in _COUNTS:
        return "count"
    if engine in ("DOUBLE", "FLOAT") or engine.startswith("DECIMAL"):
        return "number"
    return {"DATE": "day", "TIMESTAMP": "instant", "BOOLEAN": "flag", "UBIGINT": "id", "UHUGEINT": "id"}.get(engine, "text")


def _value(value: Any, kind: str) -> Value:
    if value is None or kind not in ("day", "instant"):
        return value if kind != "number" or not isinstance(value, str) else None
    try:
        return date.fromisoformat(value) if kind == "day" else datetime.fromisoformat(value)
    except ValueError:
        return str(value)
