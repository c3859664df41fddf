"""Orders from a shop or a CRM: the simple-orders file that is uploaded to Metrica, or any sheet with one row per order or deal.

A column of order numbers beside one of money is what tells such a sheet; a cost sheet has none, so this source is a specific one. People
stay unknown: a phone, an e-mail or a name never reaches the store, only a hash that is the same in every file.

Source: Metrica, data import, simple orders (columns and statuses); spellings of sheets are those of CRMs and shops.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from connectors import Answers, Says, Source, spend, vat
from connectors.buyers import customer, first, nobody, visitor
from connectors.files import Head, Row, table, unread
from connectors.grid import (
    AHEAD,
    EMPTY,
    LOST,
    NEGATIVE,
    NOT_A_DAY,
    NOT_A_NUMBER,
    NOT_WHOLE,
    Fault,
    Grid,
    check_total,
    data_rows,
    is_total,
    left_out,
    settle,
)
from connectors.order_columns import MONEY, STATUS, STATUSES, TAGS, TEXTS, is_upload, located
from connectors.values import currency, decimal_mark, missing, numbers, plain, spans
from data.errors import Ask, BadFile
from data.tables import ATTRIBUTION_KEYS, ORDERS, ORIGIN_NAMES, Batch, Note, origin_column

_CLOCK = re.compile(r"(?<=\d)[ T](\d{1,2}):(\d{2})(?::(\d{2}))?", re.IGNORECASE)
_OFFSET = re.compile(r"(?<=:\d{2})(?:\.\d+)?\s*(z|[+-]\d{2}:?\d{2})$", re.IGNORECASE)
_FURTHEST_EAST = "Pacific/Kiritimati"
NOT_A_CURRENCY = "not a currency code"


def recognise(head: Head) -> bool:
    return located(head.rows) is not None


def says(head: Head) -> Says:
    grid = _known(head)
    rows = [row for _, row in _rows(grid).kept]
    facts: dict[str, str] = {}
    asks = [Ask("account", "Which shop or CRM are these orders from? Orders of one name are one book", default="CRM")]
    if any(_clock(cell) for cell in grid.column("placed", rows)):
        asks.append(Ask("timezone", "In which time zone are the times of the orders?"))
    if any(name in grid.places for name in TAGS):
        asks.append(Ask("attribution", "By which attribution model are the sources given?", ATTRIBUTION_KEYS, "last"))
    money = [grid.labels[name] for name in MONEY if name in grid.places]
    if money and money[0].vat:
        facts["vat"] = money[0].vat
    elif money:
        asks.append(vat.ASK)
    if money and money[0].currency:
        facts["currency"] = money[0].currency
    elif money and not all(_own_currency(grid, row) for row in rows):
        asks.append(Ask("currency", "In which currency are the orders?"))
    return Says(facts, tuple(asks))


def _known(head: Head) -> Grid:
    grid = located(table(head))
    if grid is None:
        raise BadFile(
            "The sheet has no header with an order number, a date and a sum.", "{name}", "Name the columns in the first row of the table.",
            name=head.name,
        )
    return grid


# -------------------------------------------------------------------------------------------------------------- reading


@dataclass(frozen=True)
class _Rows:
    """Rows of orders and rows of totals. Shape: (line, row)."""

    kept: list[tuple[int, Row]]
    totals: list[tuple[int, Row]]


@dataclass(frozen=True)
class _Order:
    """One order as the store keeps it; the columns of ORDERS that a file can fill."""

    order_id: str
    day: date
    placed_at: datetime | None
    visitor: int | None
    customer: str
    status: str
    revenue: Decimal | None
    refund: Decimal | None
    goods_cost: Decimal | None
    currency: str
    origin: dict[str, str] | None


def read(heads: Sequence[Head], answers: Answers) -> list[Batch]:
    """Each file by itself. Raises BadFile when more than a few rows cannot be read, Problem when VAT cannot be taken out."""
    return [_read(head, answers) for head in heads]


def _read(head: Head, answers: Answers) -> Batch:
    grid = _known(head)
    rows = _rows(grid)
    if not rows.kept:
        raise BadFile("The file has a header and no rows.", "{name}", "Export a period with orders.", name=head.name)
    amounts, faults = _amounts(grid, rows.kept)
    found, more = _orders(grid, rows.kept, amounts, {fault.line for fault in faults}, answers)
    notes = [*settle([*faults, *more], len(rows.kept), head.name), *_check_totals(grid, rows.totals, amounts)]
    orders = list({one.order_id: one for one in found}.values())
    notes += [*_said(found, orders), *left_out(grid), *unread(head)]
    days = [one.day for one in orders]
    attribution = answers.get("attribution", "") if any(name in grid.places for name in TAGS) else ""
    return Batch(
        ORDERS, SOURCE.name, answers["account"], _arrow(orders, attribution), head.origin, min(days), max(days),
        attribution=attribution, notes=tuple(notes),
    )


def _rows(grid: Grid) -> _Rows:
    """Rows that hold anything we read. One with no number and no date that says `total`, or says nothing, is a total."""
    kept: list[tuple[int, Row]] = []
    totals: list[tuple[int, Row]] = []
    for line, row in data_rows(grid):
        if all(missing(grid.cell(row, name)) for name in grid.places):
            continue
        words = [text for text in grid.texts(row, *MONEY) if not missing(text)]
        unnamed = missing(grid.cell(row, "order_id")) and not words
        total = missing(grid.cell(row, "placed")) and (unnamed or bool(words and is_total(words[0])))
        (totals if total else kept).append((line, row))
    return _Rows(kept, totals)


def _orders(
    grid: Grid, rows: Sequence[tuple[int, Row]], amounts: Sequence[Mapping[str, Decimal | None]], wrong: set[int], answers: Answers
) -> tuple[list[_Order], list[Fault]]:
    """Shape: (orders of the rows that can be read, in their order; faults of the others beyond those of the amounts)."""
    moments, faults = _moments(grid, rows, answers)
    found = []
    for (line, row), amount, moment in zip(rows, amounts, moments, strict=True):
        said = {name: plain(grid.cell(row, name)) for name in TEXTS}
        text = {name: value or "" for name, value in said.items()}
        unreadable = _faults(grid, line, row, said)
        faults += unreadable
        if not unreadable and moment and line not in wrong:
            found.append(_order(grid, row, text, amount, moment, answers))
    return found, faults


def _faults(grid: Grid, line: int, row: Row, said: Mapping[str, str | None]) -> list[Fault]:
    """What stands against the row's texts and ids."""
    faults = [Fault(line, grid.written[name], str(grid.cell(row, name)), LOST) for name, value in said.items() if value is None]
    if said["order_id"] == "":
        faults.append(Fault(line, grid.written["order_id"], "", EMPTY))
    client = first(said["client"] or "")
    if client and visitor(client) is None:
        faults.append(Fault(line, grid.written["client"], client, NOT_WHOLE))
    money = str(grid.cell(row, "currency")).strip()
    if not missing(money) and not currency_code(money):
        faults.append(Fault(line, grid.written["currency"], money, NOT_A_CURRENCY))
    return faults


def _order(
    grid: Grid, row: Row, text: Mapping[str, str], amount: Mapping[str, Decimal | None], moment: _Moment, answers: Answers
) -> _Order:
    day, placed_at = moment
    money = _own_currency(grid, row) or answers.get("currency", "")
    net = {name: _net(grid, name, value, day, money, answers) for name, value in amount.items()}
    tags = {name: text[name] for name in TAGS if text[name]}
    return _Order(
        text["order_id"], day, placed_at, visitor(first(text["client"])), customer(text),
        _status(text["status"], "paid" if is_upload(grid) else ""),
        net.get("revenue"), net.get("refund"), net.get("goods_cost"), money,
        dict(zip(ORIGIN_NAMES, spend.origin(**tags), strict=True)) if tags else None,
    )


def _said(found: Sequence[_Order], orders: Sequence[_Order]) -> list[Note]:
    """What a person should know about the orders that were read."""
    notes = []
    if repeated := len(found) - len(orders):
        text = "{count} rows repeat the number of an order; the last row of each order is loaded."
        notes.append(Note("repeated", text, {"count": repeated}))
    if unpriced := sum(one.revenue is None for one in orders):
        notes.append(Note("revenue", "{count} orders have no sum; they are loaded with zero.", {"count": unpriced}))
    strange = Counter(one.status for one in orders if one.status not in ("", *STATUSES))
    if strange:
        text = "Statuses that are not known; their orders count as orders: {statuses}"
        notes.append(Note("status", text, {"statuses": ", ".join(f"{status} ({count})" for status, count in strange.most_common())}))
    if alone := sum(one.customer == nobody(one.order_id) for one in orders):
        text = "{count} orders name no customer; each counts as a customer of its own."
        notes.append(Note("customers", text, {"count": alone}))
    return notes


def _arrow(orders: Sequence[_Order], attribution: str) -> pa.Table:
    schema = ORDERS.arriving()
    names = [name for name in _Order.__dataclass_fields__ if name not in ("origin", "revenue")]
    columns = {name: pa.array([getattr(one, name) for one in orders], schema.field(name).type) for name in names}
    columns["revenue"] = pa.array([one.revenue or Decimal(0) for one in orders], schema.field("revenue").type)
    columns["orders"] = pa.array([1] * len(orders), schema.field("orders").type)
    if attribution:
        name = origin_column(attribution)
        columns[name] = pa.array([one.origin for one in orders], schema.field(name).type)
    return pa.table(columns)


# ---------------------------------------------------------------------------------------------------------------- money


def currency_code(text: str) -> str:
    """Code of a currency that a cell names by code, sign or word; empty where it names none."""
    return currency(text) or (text.upper() if re.fullmatch(r"[A-Za-z]{3}", text) else "")


def _own_currency(grid: Grid, row: Row) -> str:
    """The currency that the row itself names: in its own column, or by a sign beside the sum."""
    text = str(grid.cell(row, "currency")).strip()
    return ("" if missing(text) else currency_code(text)) or currency(str(grid.cell(row, "revenue")))


def _amounts(grid: Grid, rows: Sequence[tuple[int, Row]]) -> tuple[list[dict[str, Decimal | None]], list[Fault]]:
    """The sums of each row and the cells that are none. Columns that prove no decimal mark take that of those that do."""
    cells = {name: grid.column(name, [row for _, row in rows]) for name in MONEY if name in grid.places}
    proofs = {decimal_mark(column) for column in cells.values()} - {""}
    elsewhere = proofs.pop() if len(proofs) == 1 else ""
    found: list[dict[str, Decimal | None]] = [{} for _ in rows]
    faults = []
    for name, column in cells.items():
        parsed = numbers(column, elsewhere=elsewhere)
        for place, value in enumerate(parsed.values):
            found[place][name] = value
            if place in parsed.wrong or (value is not None and value < 0):
                why = NOT_A_NUMBER if value is None else NEGATIVE
                faults.append(Fault(rows[place][0], grid.written[name], str(column[place]).strip(), why))
    return found, faults


def _net(grid: Grid, name: str, amount: Decimal | None, day: date, money: str, answers: Answers) -> Decimal | None:
    """The sum net of VAT. A column that says itself whether it contains VAT is believed; the others are as the answer says."""
    if amount is None:
        return None
    own, answer = grid.labels[name].vat, answers["vat"]
    return vat.net(amount, day, day, answer if own in ("", vat.basis(answer)[0]) or name == "revenue" else own, money)


def _check_totals(
    grid: Grid, totals: Sequence[tuple[int, Row]], amounts: Sequence[Mapping[str, Decimal | None]]
) -> tuple[Note, ...]:
    """Notes on totals that are not the sum of the rows."""
    printed, _ = _amounts(grid, totals)
    sums = {name: sum((one.get(name) or Decimal(0) for one in amounts), Decimal(0)) for name in MONEY}
    return tuple(note for said in printed for name, value in said.items() for note in check_total(grid.written[name], value, sums[name]))


# -------------------------------------------------------------------------------------------------------- days and times

_Moment = tuple[date, datetime | None]
"""The day in the asked time zone, and the instant in UTC where the file gives a time."""


def _moments(grid: Grid, rows: Sequence[tuple[int, Row]], answers: Answers) -> tuple[list[_Moment | None], list[Fault]]:
    """When each order was placed. Without a time zone every day that has begun anywhere is past."""
    zone = ZoneInfo(answers.get("timezone", _FURTHEST_EAST))
    today = datetime.now(zone).date()
    cells = grid.column("placed", [row for _, row in rows])
    days = spans([_OFFSET.sub("", cell.strip()) if isinstance(cell, str) else cell for cell in cells]).values
    found: list[_Moment | None] = []
    faults = []
    for (line, _), cell, span in zip(rows, cells, days, strict=True):
        moment = _moment(cell, span[0], zone) if span and span[0] == span[1] else None
        ahead = moment is not None and moment[0] > today
        if moment is None or ahead:
            why = AHEAD if ahead else EMPTY if missing(cell) else NOT_A_DAY
            faults.append(Fault(line, grid.written["placed"], str(cell).strip(), why))
        found.append(None if ahead else moment)
    return found, faults


def _moment(cell: Any, day: date, zone: ZoneInfo) -> _Moment | None:
    """A time that states its own distance from UTC is believed; others are in the asked zone. None for a time that no clock shows."""
    clock = _clock(cell)
    if clock is None:
        return day, None
    try:
        local = datetime.combine(day, time(*clock))
    except ValueError:
        return None
    stated = _OFFSET.search(cell.strip()) if isinstance(cell, str) else None
    aware = datetime.fromisoformat(f"{local.isoformat()}{stated[1].upper()}") if stated else local.replace(tzinfo=zone)
    return aware.astimezone(zone).date(), aware.astimezone(UTC).replace(tzinfo=None)


def _clock(cell: Any) -> tuple[int, int, int] | None:
    """Hour, minute and second that a cell shows."""
    if isinstance(cell, datetime):
        return cell.hour, cell.minute, cell.second
    found = _CLOCK.search(cell) if isinstance(cell, str) else None
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


# --------------------------------------------------------------------------------------------------- statuses and people


def _status(text: str, absent: str) -> str:
    word = " ".join(text.lower().split())
    return STATUS.get(word.replace("ё", "е").strip(" .!"), word) or absent


SOURCE = Source(
    name="crm_orders",
    title="Orders from a shop or a CRM",
    fills=(ORDERS,),
    export="a sheet of orders or deals with a number, a date and a sum, or a Metrica simple-orders file (CSV or XLSX)",
    recognise=recognise,
    says=says,
    read=read,
)
