"""How commands print data: a table for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import click

from data.cells import harmless
from data.text import DASH

Rows = Sequence[Mapping[str, Any]]

format_option = click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True, help="How to print."
)


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


def as_json(value: Any) -> None:
    """Print a value as JSON, letters as they are."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def as_csv(rows: Rows, columns: Sequence[str]) -> None:
    """Print rows as CSV under their ids. NB: it is often kept as a file and opened in a spreadsheet."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([["" if row.get(name) is None else harmless(_plain(row.get(name))) for name in columns] for row in rows])


Formats = Mapping[str, Callable[[Any], str]]


def as_table(rows: Rows, titles: Mapping[str, str], formats: Formats, last: Mapping[str, Any] | None = None) -> None:
    """Print rows in aligned columns under `titles` (by id), numbers to the right; `last` is a row of totals under a line."""
    lines = [[_cell(row.get(name), formats.get(name)) for name in titles] for row in (*rows, *([last] if last else []))]
    widths = [max([len(title), *(len(line[place]) for line in lines)]) for place, title in enumerate(titles.values())]
    right = [name in formats for name in titles]
    rule = "  ".join("─" * width for width in widths)
    click.echo(_line(list(titles.values()), widths, right))
    click.echo(rule)
    for number, line in enumerate(lines):
        if last and number == len(lines) - 1:
            click.echo(rule)
        click.echo(_line(line, widths, right))


def _cell(value: Any, written: Callable[[Any], str] | None) -> str:
    if written:
        return written(value)
    if value is None:
        return DASH
    return value.isoformat() if isinstance(value, date) else str(value)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    return "  ".join(c.rjust(w) if r else c.ljust(w) for c, w, r in zip(cells, widths, right, strict=True)).rstrip()
