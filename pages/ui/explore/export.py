"""What leaves the page as a file: typed columns and rows, as a workbook whose texts are never formulas, and as rows for a CSV. Pure."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from data.text import Words, sign
from pages.ui import escape

Value = str | int | float | bool | date | datetime | None
EXACT = 2**53
"""Larger whole numbers lose digits in a spreadsheet, so they are written as text."""
WIDEST, NARROWEST = 60, 9


@dataclass(frozen=True)
class Field:
    """One column: its title and what its values are: text, id, count, number, money, share, multiple, seconds, day, instant, flag."""

    title: str
    kind: str


@dataclass(frozen=True)
class Export:
    """A table to take away; `total` says that its last row is one."""

    fields: tuple[Field, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: bool = False


Making = Callable[[], Export]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_rows(export: Export) -> list[list[escape.Value]]:
    """Rows for a CSV; no value keeps more digits than it has, and nothing is a formula."""
    return [[value.isoformat(" ") if isinstance(value, datetime) else value for value in row] for row in export.rows]


def workbook(export: Export, about: Mapping[str, str], currency: str, words: Words) -> bytes:
    """An XLSX: the table with typed cells on one sheet, what was asked on another."""
    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, options) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        formats = {(kind, bold): book.add_format(_number(kind, currency) | {"bold": bold}) for kind in KINDS for bold in (False, True)}
        sheet = book.add_worksheet(words.t("Figures"))
        for place, field in enumerate(export.fields):
            sheet.write_string(0, place, field.title, head)
            sheet.set_column(place, place, _width(field, [row[place] for row in export.rows]))
        for line, row in enumerate(export.rows, 1):
            bold = export.total and line == len(export.rows)
            for place, (value, field) in enumerate(zip(row, export.fields, strict=True)):
                _write(sheet, line, place, value, formats[field.kind, bold])
        sheet.freeze_panes(1, 1)
        if export.rows and export.fields:
            sheet.autofilter(0, 0, len(export.rows) - export.total, len(export.fields) - 1)
        _about(book.add_worksheet(words.t("What was asked")), about, head)
    return made.getvalue()


KINDS = ("text", "id", "count", "number", "money", "share", "multiple", "seconds", "day", "instant", "flag")


def _number(kind: str, currency: str) -> dict[str, str]:
    """The spreadsheet's own number format."""
    formats = {
        "count": "#,##0", "number": "#,##0.00", "money": f'#,##0.00 "{sign(currency)}"', "share": "0.00%", "multiple": '0.00"×"',
        "seconds": "0", "day": "yyyy-mm-dd", "instant": "yyyy-mm-dd hh:mm",
    }
    return {"num_format": formats[kind]} if kind in formats else {}


def _write(sheet: Worksheet, line: int, place: int, value: Value, form: Format) -> None:
    """NB: the kind of a cell follows from its value alone: a text stays a text whatever it begins with."""
    match value:
        case None:
            sheet.write_blank(line, place, None, form)
        case bool():
            sheet.write_boolean(line, place, value, form)
        case datetime() | date():
            sheet.write_datetime(line, place, value, form)
        case str():
            sheet.write_string(line, place, value, form)
        case int() if abs(value) > EXACT:
            sheet.write_string(line, place, str(value), form)
        case _:
            sheet.write_number(line, place, value, form)


def _width(field: Field, values: Sequence[Value]) -> int:
    longest = max((len(str(value)) for value in values[:200] if isinstance(value, str)), default=0)
    return max(NARROWEST, min(WIDEST, max(longest, len(field.title)) + 2))


def _about(sheet: Worksheet, about: Mapping[str, str], head: Format) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    for line, (name, said) in enumerate(about.items()):
        sheet.write_string(line, 0, name, head)
        sheet.write_string(line, 1, said)
