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
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from connectors import Answers, Says, Source, spend, vat
from connectors.buyers import SALT, customer, first, nobody, visitor
from connectors.files import Head, Row, table, unread
from connectors.grid import (
    EMPTY,
    LOST,
    NEGATIVE,
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
from connectors.order_answers import Dealt, dealt
from connectors.order_columns import MONEY, PRIVATE, STATUS, STATUSES, TAGS, TEXTS, is_upload, located
from connectors.order_moments import Cycle, Moment, cycles, moments, time_of_day
from connectors.order_rows import Order, refunds_apart
from connectors.order_terms import terms
from connectors.values import currency, decimal_mark, missing, numbers, plain
from data.batches import Batch, Note
from data.errors import Ask, BadFile
from data.tables import ATTRIBUTION_KEYS, CONVERSIONS, ORDERS, ORIGIN_NAMES, origin_column

NOT_A_CURRENCY = "not a currency code"


def recognise(head: Head) -> bool:
    return located(head.rows) is not None


def says(head: Head) -> Says:
    return told(_known(head))


def told(grid: Grid) -> Says:
    """What a sheet with these columns says and leaves open."""
    rows = [row for _, row in _rows(grid).kept]
    facts: dict[str, str] = {}
    asks = [Ask("account", "Which shop or CRM are these orders from? Orders of one name are one book", default="CRM")]
    if any(time_of_day(cell) for cell in grid.column("placed", rows)):
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


def read(heads: Sequence[Head], answers: Answers) -> list[Batch]:
    """Each file by itself. Raises BadFile when more than a few rows cannot be read, Problem when VAT cannot be taken out."""
    return [_read(head, answers) for head in heads]


def _read(head: Head, answers: Answers) -> Batch:
    return batch(_known(head), head, answers, SOURCE.name)


def batch(grid: Grid, head: Head, answers: Answers, source: str) -> Batch:
    """The orders of a sheet with these columns."""
    read = orders(grid, head, answers, PRIVATE)
    days = [one.day for one in read.orders]
    return Batch(
        ORDERS, source, answers["account"], _arrow(read.orders, read.attribution), head.origin, min(days), max(days),
        attribution=read.attribution, notes=read.notes,
    )


@dataclass(frozen=True)
class Read:
    """What a sheet of orders became: one row per order, the attribution of their sources, what is to be said."""

    orders: list[Order]
    attribution: str
    notes: tuple[Note, ...]


def orders(grid: Grid, head: Head, answers: Answers, private: Sequence[str], returns: bool = True) -> Read:
    """The orders of a sheet with these columns; with `returns` a row with a sum below zero is a refund.

    Raises: BadFile when there are none or too many rows that cannot be read.
    """
    rows = _rows(grid)
    if not rows.kept:
        raise BadFile("The file has a header and no rows.", "{name}", "Export a period with orders.", name=head.name)
    amounts, faults = _amounts(grid, rows.kept, returns)
    found, more = _orders(grid, rows.kept, amounts, {fault.line for fault in faults}, answers)
    notes = [*settle([*faults, *more], grid, len(rows.kept), head.name, private), *_check_totals(grid, rows.totals, amounts)]
    sold, returned, said = refunds_apart(found)
    kept = list({one.order_id: one for one in sold}.values())
    notes += [*said, *_said(sold, kept, "revenue" in grid.places), *left_out(grid), *unread(head)]
    return Read([*kept, *returned], answers.get("attribution", "") if any(name in grid.places for name in TAGS) else "", tuple(notes))


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
) -> tuple[list[Order], list[Fault]]:
    """Shape: (orders of the rows that can be read, in their order; faults of the others beyond those of the amounts)."""
    placed, faults = moments(grid, rows, answers)
    found = []
    days = [moment and moment[0] for moment in placed]
    ends = zip(cycles(grid, rows), terms(grid, rows, days), dealt(grid, rows, placed, answers), strict=True)
    for (line, row), amount, moment, end in zip(rows, amounts, placed, ends, strict=True):
        said = {name: plain(grid.cell(row, name)) for name in TEXTS}
        text = {name: value or "" for name, value in said.items()}
        unreadable = _faults(grid, line, row, said)
        faults += unreadable
        if not unreadable and moment and line not in wrong:
            found.append(_order(grid, row, text, amount, moment, *end, answers))
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
    grid: Grid, row: Row, text: Mapping[str, str], amount: Mapping[str, Decimal | None], moment: Moment, cycle: Cycle, term: int | None,
    answer: Dealt, answers: Answers,
) -> Order:
    day, placed_at = moment
    money = _own_currency(grid, row) or answers.get("currency", "")
    net = {name: _net(grid, name, value, day, money, answers) for name, value in amount.items()}
    tags = {name: text[name] for name in TAGS if text[name]}
    return Order(
        text["order_id"], day, placed_at, visitor(first(text["client"])), customer(text, answers.get(SALT, "")),
        _status(text["status"], "paid" if is_upload(grid) else ""),
        net.get("revenue"), net.get("refund"), net.get("goods_cost"), *cycle, term, *answer, net.get("commission"), money,
        dict(zip(ORIGIN_NAMES, spend.origin(**tags), strict=True)) if tags else None,
    )


def _said(found: Sequence[Order], orders: Sequence[Order], priced: bool) -> list[Note]:
    """What a person should know about the orders that were read."""
    notes = []
    if repeated := len(found) - len(orders):
        text = "{count} rows repeat the number of an order; the last row of each order is loaded."
        notes.append(Note("repeated", text, {"count": repeated}))
    if priced and (unpriced := sum(one.revenue is None for one in orders)):
        notes.append(Note("revenue", "{count} orders have no sum; they are loaded with zero.", {"count": unpriced}))
    strange = Counter(one.status for one in orders if one.status not in ("", *STATUSES))
    if strange:
        text = "Statuses that are not known; their orders count as orders: {statuses}"
        notes.append(Note("status", text, {"statuses": ", ".join(f"{status} ({count})" for status, count in strange.most_common())}))
    if alone := sum(one.customer == nobody(one.order_id) for one in orders):
        text = "{count} orders name no customer; each counts as a customer of its own."
        notes.append(Note("customers", text, {"count": alone}))
    return notes


def _arrow(orders: Sequence[Order], attribution: str) -> pa.Table:
    schema = ORDERS.arriving()
    names = [name for name in Order.__dataclass_fields__ if name not in ("origin", "revenue")]
    columns = {name: pa.array([getattr(one, name) for one in orders], schema.field(name).type) for name in names}
    columns["revenue"] = pa.array([one.revenue or Decimal(0) for one in orders], schema.field("revenue").type)
    if attribution:
        name = origin_column(attribution)
        columns[name] = pa.array([one.origin for one in orders], schema.field(name).type)
    return pa.table(columns)


def conversions(orders: Sequence[Order], attribution: str, goal: str, visits: Sequence[int]) -> pa.Table:
    """The same as reaches of a goal. `visits` are keys that stand for visits nobody knows."""
    schema = CONVERSIONS.arriving()
    columns: dict[str, list[Any]] = {
        "day": [one.day for one in orders], "visit": list(visits), "visitor": [one.visitor or 0 for one in orders],
        "goal": [goal] * len(orders), "ordinal": [1] * len(orders), "reached_at": [one.placed_at for one in orders],
        "reaches": [1] * len(orders), "value": [one.revenue for one in orders],
        "currency": [one.currency if one.revenue is not None else "" for one in orders],
    }
    if attribution:
        columns[origin_column(attribution)] = [one.origin for one in orders]
    return pa.table({name: pa.array(values, schema.field(name).type) for name, values in columns.items()})


# ---------------------------------------------------------------------------------------------------------------- money


def currency_code(text: str) -> str:
    """Code of a currency that a cell names by code, sign or word; empty where it names none."""
    return currency(text) or (text.upper() if re.fullmatch(r"[A-Za-z]{3}", text) else "")


def _own_currency(grid: Grid, row: Row) -> str:
    """The currency that the row itself names: in its own column, or by a sign beside the sum."""
    text = str(grid.cell(row, "currency")).strip()
    return ("" if missing(text) else currency_code(text)) or currency(str(grid.cell(row, "revenue")))


def _amounts(
    grid: Grid, rows: Sequence[tuple[int, Row]], returns: bool = True
) -> tuple[list[dict[str, Decimal | None]], list[Fault]]:
    """The sums of each row and the cells that are none. Columns that prove no decimal mark take that of those that do. With `returns`
    a row may take money back: its sum, and the cost of its goods, are below zero."""
    cells = {name: grid.column(name, [row for _, row in rows]) for name in MONEY if name in grid.places}
    proofs = {decimal_mark(column) for column in cells.values()} - {""}
    elsewhere = proofs.pop() if len(proofs) == 1 else ""
    found: list[dict[str, Decimal | None]] = [{} for _ in rows]
    faults = []
    for name, column in cells.items():
        parsed = numbers(column, elsewhere=elsewhere)
        for place, value in enumerate(parsed.values):
            found[place][name] = abs(value) if value is not None and name == "refund" else value
            below = value is not None and value < 0 and name != "refund" and not (returns and _takes_back(found[place], name))
            if place in parsed.wrong or below:
                why = NOT_A_NUMBER if value is None else NEGATIVE
                faults.append(Fault(rows[place][0], grid.written[name], str(column[place]).strip(), why))
    return found, faults


def _takes_back(amounts: Mapping[str, Decimal | None], name: str) -> bool:
    """Whether a sum below zero may stand in this column of the row. NB: revenue is read before the cost of goods."""
    return name == "revenue" or (amounts.get("revenue") or Decimal(0)) < 0


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
