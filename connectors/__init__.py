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
from data.errors import Ask, BadFile
from data.tables import Batch, Table

Answers = Mapping[str, str]
"""What a file does not say, by option name: account, timezone, currency, vat, attribution, period."""


PERIOD = Ask("period", "Which days does this report cover? For example 2026-03-01/2026-03-31")


@dataclass(frozen=True)
class Says:
    """What a file says about itself (by option name) and what it leaves open. `series` groups parts of one export, read together."""

    facts: Mapping[str, str]
    asks: tuple[Ask, ...] = ()
    series: str = ""


@dataclass(frozen=True)
class Source:
    """One kind of export. `generic` sources are asked only when no specific one knows the file."""

    name: str
    title: str
    fills: tuple[Table, ...]
    export: str
    """How a person makes this file, for error messages and the reference."""
    recognise: Callable[[Head], bool]
    says: Callable[[Head], Says]
    read: Callable[[Sequence[Head], Answers], list[Batch]]
    generic: bool = False


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
    matching = [one for one in known if not one.generic and one.recognise(head)] or [
        one for one in known if one.generic and one.recognise(head)
    ]
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
    seen = ", ".join(cell for cell in (str(cell).strip() for cell in _widest(head)) if cell)[:160]
    cells = [str(cell) for cell in _widest(head)]
    if any("__" in cell or cell.endswith("-overflow") for cell in cells):
        return BadFile(
            "This is a table scraped from the screen by a browser extension: its headers are style names, not metrics.",
            "{name}: {seen}", "In the report press Export, choose CSV or XLSX, and load that file.", name=head.name, seen=seen,
        )
    if any(cell.startswith("ym:pv:") for cell in cells):
        return BadFile(
            "This is a log of hits; visits are what is loaded.", "{name}", "Order the log with the source `visits`.", name=head.name
        )
    return BadFile(
        "No source knows a file like this.", "{name}: {seen}", "It can be: {titles}.",
        name=head.name, seen=seen, titles=tuple(source.export for source in discover()),
    )


def _widest(head: Head) -> tuple[object, ...]:
    """The row of the head with the most filled cells: most likely its header."""
    return max(head.rows, key=lambda row: sum(1 for cell in row if str(cell).strip()), default=())
