"""How the world gets in: one file per source. A source recognises its files by content and turns them into batches.

`understand` names the source of a file and what the file leaves open; `read` makes batches once that is answered. Connectors hold no
connection and know no engine's state: a reader of large logs hands over a query, and the warehouse runs it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from connectors.files import Head, peek
from data.batches import Batch
from data.desk.marks import Mark
from data.errors import Ask, BadFile
from data.tables import Table

Answers = Mapping[str, str]
"""What a file does not say, by option name: account, timezone, currency, vat, attribution, period; of a plain sheet as, columns."""


PERIOD = Ask("period", "Which days does this report cover? For example 2026-03-01/2026-03-31")


@dataclass(frozen=True)
class Says:
    """What a file says about itself (by option name) and what it leaves open. `series` groups parts of one export, read together.

    `shape` is a fingerprint of the header where answers are remembered for every file that has the same one.
    """

    facts: Mapping[str, str]
    asks: tuple[Ask, ...] = ()
    series: str = ""
    shape: str = ""


@dataclass(frozen=True)
class Source:
    """One kind of export. `generic` sources are asked only when no specific one knows the file, the last (2) when no other generic one.

    `more` says what depends on answers given already; `marks` are what a file of events holds instead of rows.
    """

    name: str
    title: str
    fills: tuple[Table, ...]
    export: str
    """How a person makes this file, for error messages and the reference."""
    recognise: Callable[[Head], bool]
    says: Callable[[Head], Says]
    read: Callable[[Sequence[Head], Answers], list[Batch]]
    generic: int = 0
    more: Callable[[Head, Answers], Says] | None = None
    marks: Callable[[Sequence[Head], Answers], list[Mark]] | None = None


@dataclass(frozen=True)
class Understood:
    """A file whose source is known."""

    head: Head
    source: Source
    says: Says


@cache
def discover() -> tuple[Source, ...]:
    """Every source in this folder: a module that defines SOURCE is one."""
    found = []
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        source = getattr(importlib.import_module(f"{__name__}.{module.name}"), "SOURCE", None)
        if source is not None:
            found.append(source)
    return tuple(found)


def understand(path: Path, name: str = "", source: str = "") -> Understood:
    """Find the one source that knows the file. Raises BadFile when none or several do."""
    head = peek(path, name)
    known = [one for one in discover() if not source or one.name == source]
    if not known:
        names = ", ".join(one.name for one in discover())
        raise BadFile("There is no source called {source}.", "--source", "Choose one of: {names}.", source=source, names=names)
    matching: list[Source] = []
    for rank in sorted({one.generic for one in known}):
        matching = matching or [one for one in known if one.generic == rank and one.recognise(head)]
    if len(matching) == 1 and head.bare:
        raise BadFile("The file has a header and no rows.", "{name}", "Export a period with data.", name=head.name)
    if len(matching) == 1:
        return Understood(head, matching[0], matching[0].says(head))
    if not matching:
        raise _unknown(head)
    raise BadFile(
        "Several sources know this file: {names}.", "{name}", "Say which with --source.",
        names=", ".join(one.name for one in matching), name=head.name,
    )


def _unknown(head: Head) -> BadFile:
    seen = ", ".join(cell for cell in (" ".join(str(cell).split()) for cell in _widest(head)) if cell)[:160]
    cells = [str(cell) for cell in _widest(head)]
    if any("__" in cell or cell.endswith("-overflow") for cell in cells):
        return BadFile(
            "This is a table scraped from the screen by a browser extension: its headers are style names, not metrics.",
            "{name}: {seen}", "In the report press Export, choose CSV or XLSX, and load that file.", name=head.name, seen=seen,
        )
    if any(cell.startswith("ym:pv:") for cell in cells):
        return BadFile(
            "This log of hits names neither the hits nor their days.", "{name}", "Order it with the fields ym:pv:watchID and ym:pv:date.",
            name=head.name,
        )
    if head.first().startswith(("{", "[")):
        return BadFile(
            "This is JSON, an answer of an API, and not a table.", "{name}",
            "Download the report as CSV or XLSX, or connect the source so that it is read without files.", name=head.name,
        )
    return BadFile(
        "No source knows a file like this.", "{name}: {seen}", "It can be: {titles}.",
        name=head.name, seen=seen, titles=tuple(source.export for source in discover()),
    )


def _widest(head: Head) -> tuple[object, ...]:
    """The row of the head with the most filled cells: most likely its header."""
    return max(head.rows, key=lambda row: sum(1 for cell in row if str(cell).strip()), default=())
