"""Offline conversions as they are uploaded to Metrica: one row per conversion, known by a user, a browser, a Direct click or a purchase.

The file does not know the visit. A conversion's `visit` is therefore a key of its own: the first 64 bits of SHA-256 over which id it is,
the id and the second. It is the same in every file, so a row that is sent again replaces the one before, as in Metrica; the ordinal
is always 1. Two different conversions with one key stop the load. Phones and e-mails that serve as a user's id are not kept.

Source: Metrica, offline conversions: columns `UserId | ClientId | Yclid | PurchaseId`, `Target`, `DateTime`, `Price`, `Currency`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from connectors import Answers, Says, Source, vat
from connectors.buyers import visitor
from connectors.crm_orders import NOT_A_CURRENCY, currency_code
from connectors.files import Head, Row, table, unread
from connectors.grid import AHEAD, EMPTY, LOST, NEGATIVE, NOT_A_NUMBER, NOT_WHOLE, Fault, Grid, data_rows, left_out, locate, settle
from connectors.values import missing, numbers, plain
from data import clock
from data.batches import Batch, Note
from data.errors import Ask, BadFile, ContractBroken
from data.tables import CONVERSIONS

_IDS = ("clientid", "userid", "yclid", "purchaseid")
"""Which id a row is known by where it has several: the browser first, because it is the one that visits know."""

_ALIASES = {name: (name,) for name in (*_IDS, "target", "datetime", "price", "currency")}
_SINCE = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())
_NOT_SECONDS, _TOO_OLD = "not a time in Unix seconds", "a time before the year 2000"


@dataclass(frozen=True)
class _Conversion:
    """One row. `by` is which id it is known by and the id."""

    by: tuple[str, str]
    second: int
    goal: str
    day: date
    value: Decimal | None
    currency: str

    @property
    def visit(self) -> int:
        return key(*self.by, str(self.second))

    @property
    def visitor(self) -> int:
        name, text = self.by
        return (visitor(text) or 0) if name == "clientid" else 0


def key(*parts: str) -> int:
    """64 bits that stand for the parts, the same everywhere and always."""
    return int.from_bytes(hashlib.sha256("\n".join(parts).encode()).digest()[:8], "big")


def _grid(rows: Sequence[Sequence[Any]]) -> Grid | None:
    return locate(rows, _ALIASES, lambda places: "target" in places and "datetime" in places and any(name in places for name in _IDS))


def recognise(head: Head) -> bool:
    return _grid(head.rows) is not None


def says(head: Head) -> Says:
    grid = _known(head)
    asks = [
        Ask("account", "Which counter were these conversions uploaded to? Its number in Metrica"),
        Ask("timezone", "In which time zone does the counter report?"),
    ]
    rows = [row for _, row in data_rows(grid)]
    priced = [row for row in rows if not missing(grid.cell(row, "price"))]
    if priced:
        asks.append(vat.ASK)
    if not all(_own_currency(grid, row) for row in priced):
        asks.append(Ask("currency", "In which currency are the values of the conversions?"))
    return Says({}, tuple(asks))


def _known(head: Head) -> Grid:
    grid = _grid(table(head))
    if grid is None:
        raise BadFile(
            "The file has no header with an id, Target and DateTime.", "{name}", "Give the file as it is uploaded to Metrica.",
            name=head.name,
        )
    return grid


def read(heads: Sequence[Head], answers: Answers) -> list[Batch]:
    """Each file by itself. Raises BadFile when a time is in the future or before 2000, or more than a few rows cannot be read."""
    return [_read(head, answers) for head in heads]


def _read(head: Head, answers: Answers) -> Batch:
    grid = _known(head)
    rows = [(line, row) for line, row in data_rows(grid) if not all(missing(grid.cell(row, name)) for name in grid.places)]
    if not rows:
        raise BadFile("The file has a header and no rows.", "{name}", "Export a period with conversions.", name=head.name)
    found, faults = _conversions(grid, rows, head.name, answers)
    notes = list(settle(faults, grid, len(rows), head.name, _IDS))
    kept = {(one.visit, one.goal): one for one in found}
    if len(kept) < len({(one.by, one.second, one.goal) for one in found}):
        raise ContractBroken("Two different conversions have the same key.", "{name}", "Report this with the file.", name=head.name)
    if len(kept) < len(found):
        text = "{count} rows repeat a conversion; the last row of each is loaded."
        notes.append(Note("repeated", text, {"count": len(found) - len(kept)}))
    text = "Metrica's own logs may hold these conversions too. Where a goal is loaded from both, it is counted twice."
    notes += [Note("twice", text), *left_out(grid), *unread(head)]
    rows_read, days = list(kept.values()), [one.day for one in kept.values()]
    return Batch(
        CONVERSIONS, SOURCE.name, answers["account"], _arrow(rows_read), head.origin, min(days), max(days), notes=tuple(notes)
    )


def _conversions(
    grid: Grid, rows: Sequence[tuple[int, Row]], name: str, answers: Answers
) -> tuple[list[_Conversion], list[Fault]]:
    """Shape: (conversions of the rows that can be read, in their order; faults of the others)."""
    zone = ZoneInfo(answers["timezone"])
    prices = numbers(grid.column("price", [row for _, row in rows]), elsewhere=".")
    found, faults = [], []
    for place, ((line, row), price) in enumerate(zip(rows, prices.values, strict=True)):
        second = _second(grid, line, row, name)
        wrong = _faults(grid, line, row, place in prices.wrong, price)
        faults += wrong
        if wrong or second is None:
            continue
        day = datetime.fromtimestamp(second, zone).date()
        money = _own_currency(grid, row) or answers.get("currency", "")
        value = None if price is None else vat.net(price, day, day, answers["vat"], money)
        found.append(_Conversion(_by(grid, row), second, _text(grid, row, "target"), day, value, money))
    return found, faults


def _second(grid: Grid, line: int, row: Row, name: str) -> int | None:
    """The moment; None where the cell is no number. Raises BadFile when it cannot be a past second of this century."""
    text = _text(grid, row, "datetime")
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        return None
    second = int(text) if len(text) < 20 else 10**20
    why = _TOO_OLD if second < _SINCE else AHEAD if second > clock.now().timestamp() else ""
    if why:
        raise BadFile(
            "{column} is “{value}”, which is {why}.", "{name}, line {line}",
            "DateTime is a past moment in Unix seconds, not in milliseconds. Nothing of the file was loaded.",
            column=grid.written["datetime"], value=text[:60], why=why, name=name, line=line,
        )
    return second


def _faults(grid: Grid, line: int, row: Row, unreadable: bool, price: Decimal | None) -> list[Fault]:
    """What stands against the row, its time outside the century aside."""

    def fault(name: str, why: str) -> Fault:
        return Fault(line, grid.written[name], str(grid.cell(row, name)).strip(), why)

    faults = [fault(name, LOST) for name in (*_IDS, "target") if plain(grid.cell(row, name)) is None]
    known, text = _by(grid, row)
    if not faults and not text:
        faults.append(fault(next(name for name in _IDS if name in grid.places), EMPTY))
    if known == "clientid" and text and visitor(text) is None:
        faults.append(fault("clientid", NOT_WHOLE))
    if missing(grid.cell(row, "target")):
        faults.append(fault("target", EMPTY))
    if not re.fullmatch(r"[+-]?[0-9]+", _text(grid, row, "datetime")):
        faults.append(fault("datetime", EMPTY if missing(grid.cell(row, "datetime")) else _NOT_SECONDS))
    if unreadable or (price is not None and price < 0):
        faults.append(fault("price", NOT_A_NUMBER if unreadable else NEGATIVE))
    if not missing(grid.cell(row, "currency")) and not _own_currency(grid, row):
        faults.append(fault("currency", NOT_A_CURRENCY))
    return faults


def _by(grid: Grid, row: Row) -> tuple[str, str]:
    """Which id the row is known by, and the id; empty where it has none."""
    return next(((name, text) for name in _IDS if (text := _text(grid, row, name))), ("", ""))


def _text(grid: Grid, row: Row, name: str) -> str:
    return plain(grid.cell(row, name)) or ""


def _own_currency(grid: Grid, row: Row) -> str:
    return currency_code(_text(grid, row, "currency"))


def _arrow(found: Sequence[_Conversion]) -> pa.Table:
    return pa.table({
        "day": pa.array([one.day for one in found], pa.date32()),
        "visit": pa.array([one.visit for one in found], pa.uint64()),
        "visitor": pa.array([one.visitor for one in found], pa.uint64()),
        "goal": [one.goal for one in found],
        "ordinal": pa.array([1] * len(found), pa.uint32()),
        "reached_at": pa.array([datetime.fromtimestamp(one.second, UTC).replace(tzinfo=None) for one in found], pa.timestamp("us")),
        "reaches": pa.array([1] * len(found), pa.uint32()),
        "value": pa.array([one.value for one in found], pa.decimal128(18, 6)),
        "currency": [one.currency for one in found],
    })


SOURCE = Source(
    name="offline_conversions",
    title="Offline conversions for Metrica",
    fills=(CONVERSIONS,),
    export="an offline-conversions file as it is uploaded to Metrica (CSV)",
    recognise=recognise,
    says=says,
    read=read,
)
