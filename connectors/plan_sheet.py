"""A plan as a sheet: months in the first column, a metric (of one channel, or of all) in each other one.

The sheet that the Plan page gives away is read back as it is; so is a manager's own, when its headings name metrics.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from connectors import files, values
from data.desk.plans import Target
from data.errors import BadFile, did_you_mean

BETWEEN = " · "
"""Stands between a metric and its channel in a heading."""


@dataclass(frozen=True)
class Meaning:
    """What a heading stands for. `share`: the column is a share, written in percent."""

    metric: str
    channel: str = ""
    share: bool = False


Headings = Mapping[str, Meaning]
"""Shape: heading in small letters, without its unit → what it means."""


def read(path: Path, known: Headings, name: str = "") -> tuple[Target, ...]:
    """The targets of a sheet; an empty cell is no target. Raises BadFile with the cell, where one cannot be understood."""
    head = files.peek(path, name)
    rows = [row for row in files.table(head) if not files.blank(row)]
    if len(rows) < 2:
        raise BadFile("There is no plan in the sheet.", "{name}", "Fill in the sheet that the Plan page gives away.", name=head.name)
    meanings = _meanings(rows[0], known, head.name)
    months = _months([row[0] if row else "" for row in rows[1:]], head.name)
    found: list[Target] = []
    for place, meaning in meanings.items():
        cells = [row[place] if place < len(row) else None for row in rows[1:]]
        for month, value in zip(months, _values(cells, meaning, str(rows[0][place]), head.name), strict=True):
            if value is not None:
                found.append(Target(month, meaning.metric, value, meaning.channel))
    return tuple(found)


def _meanings(header: Sequence[Any], known: Headings, name: str) -> dict[int, Meaning]:
    found: dict[int, Meaning] = {}
    for place, cell in enumerate(header[1:], start=1):
        heading = str(cell or "").strip()
        if not heading:
            continue
        meaning = known.get(_plain(heading)) or known.get(_plain(heading.rpartition(",")[0]))
        if meaning is None:
            near = did_you_mean(_plain(heading), known)
            fix = "Did you mean {near}?" if near else "Head each column with a metric, or with a metric · a channel."
            raise BadFile("No metric is called {heading}.", "{name}", fix, name=name, heading=heading, near=near)
        if meaning in found.values():
            raise BadFile("Two columns say {heading}.", "{name}", "Leave one of them.", name=name, heading=heading)
        found[place] = meaning
    if not found:
        raise BadFile("No column has a heading.", "{name}", "Fill in the sheet that the Plan page gives away.", name=name)
    return found


def _plain(heading: str) -> str:
    return " ".join(heading.replace("\u00a0", " ").casefold().split())


def _months(cells: Sequence[Any], name: str) -> list[date]:
    parsed = values.spans(cells)
    found: list[date] = []
    for row, span in enumerate(parsed.values, start=2):
        if span is None or (span[0].year, span[0].month) != (span[1].year, span[1].month):
            said = str(cells[row - 2] or "").strip()
            fix = "Write months as 2026-11 or November 2026."
            raise BadFile("Row {row} names no month: {said}.", "{name}", fix, name=name, row=row, said=said)
        month = span[0].replace(day=1)
        if month in found:
            raise BadFile("Row {row} names a month for the second time.", "{name}", "Leave one row per month.", name=name, row=row)
        found.append(month)
    return found


def _values(cells: Sequence[Any], meaning: Meaning, heading: str, name: str) -> list[float | None]:
    parsed = values.numbers(cells, percent=meaning.share)
    for place, value in enumerate(parsed.values):
        if place in parsed.wrong or (value is not None and value < 0):
            facts = {"said": str(cells[place]).strip(), "heading": heading, "row": place + 2}
            fix = "Write a number of zero or more, or leave the cell empty."
            raise BadFile("{said} is no plan for {heading}.", "{name}, row {row}", fix, name=name, **facts)
    # NB: shares stand in percent, as their headings say; `12,5 %` has been read as 0.125 already.
    signed = [isinstance(cell, str) and "%" in cell for cell in cells]
    return [
        None if value is None else float(value) / (100 if meaning.share and not sign else 1)
        for value, sign in zip(parsed.values, signed, strict=True)
    ]
