"""What was spent, as Metrica knows it: expenses that were uploaded or connected (`ym:ev:`), and the cost of Direct's clicks (`ym:ad:`).

Both are without VAT. Direct may stand in the expenses too, and may be loaded from Direct itself; so that nothing is counted twice, expenses
never bring Direct, and Direct's costs are kept under the Direct login, where Direct's own report replaces them day by day.

Source: yandex.com/dev/metrika, Reports API: expenses and Direct costs, read 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import pyarrow as pa

from connectors import spend
from connectors.live import Order
from connectors.metrica_api_reports import Cell, Report, Table, fetch
from connectors.metrica_api_traffic import Asked, day, origin
from connectors.metrica_table_names import DETAIL
from connectors.spend import Spent
from data.batches import Batch, Note
from data.tables import ORIGIN_NAMES, SPEND

_EXPENSES, _EXPENSE_CLICKS = "ym:ev:expenses<currency>", "ym:ev:expenseClicks"
_EXPENSE_PARTS = {
    "traffic_source": "ym:ev:<attribution>TrafficSource",
    DETAIL: "ym:ev:<attribution>SourceEngine",
    "source": "ym:ev:<attribution>ExpenseSource",
    "medium": "ym:ev:<attribution>ExpenseMedium",
    "campaign": "ym:ev:<attribution>ExpenseCampaign",
}
_DIRECT_COST, _DIRECT_CLICKS = "ym:ad:<currency>ConvertedAdCost", "ym:ad:clicks"
_DIRECT_PARTS = {"campaign_id": "ym:ad:<attribution>DirectOrder"}
_SIX = Decimal("0.000001")


def expenses(asked: Asked, order: Order) -> Iterator[Sequence[Batch]]:
    """Spend of every ad system but Direct."""
    report = Report(
        (_EXPENSES, _EXPENSE_CLICKS), ("ym:ev:date", *_EXPENSE_PARTS.values()), order.since, order.until, asked.model, asked.currency
    )
    found = fetch(order.web, asked.key, asked.counter, report)
    spent = list(_spent(found, tuple(_EXPENSE_PARTS), asked, _EXPENSES, _EXPENSE_CLICKS))
    system = ORIGIN_NAMES.index("ad_system")
    others = [one for one in spent if one.origin[system] != "ya_direct"]
    notes = list(found.notes((_EXPENSES,)))
    if direct := sum((one.figures["cost"] or Decimal(0) for one in spent if one.origin[system] == "ya_direct"), Decimal(0)):
        text = "Direct stands in the counter's expenses with {cost}; it is left out here. Connect Direct to have it."
        notes.append(Note("not loaded", text, {"cost": round(float(direct), 2)}))
    yield _batches(others, asked.counter, found, order, notes)


def direct(asked: Asked, login: str, order: Order) -> Iterator[Sequence[Batch]]:
    """Cost of the clicks on one Direct login's campaigns."""
    report = Report(
        (_DIRECT_COST, _DIRECT_CLICKS), ("ym:ad:date", *_DIRECT_PARTS.values()), order.since, order.until, asked.model, asked.currency,
        logins=(login,),
    )
    found = fetch(order.web, asked.key, asked.counter, report)
    spent = [
        Spent(one.since, one.until, _of_direct(one.origin), one.currency, one.figures)
        for one in _spent(found, tuple(_DIRECT_PARTS), asked, _DIRECT_COST, _DIRECT_CLICKS)
    ]
    yield _batches(spent, login, found, order, list(found.notes((_DIRECT_COST,))))


def _of_direct(fields: tuple[str, ...]) -> tuple[str, ...]:
    """The same fields that Direct's own report gives, so that either may replace the other."""
    said = dict(zip(ORIGIN_NAMES, fields, strict=True))
    return spend.origin(**{**said, "traffic_source": "ad", "ad_system": "ya_direct"})


def _spent(found: Table, names: Sequence[str], asked: Asked, cost: str, clicks: str) -> Iterator[Spent]:
    for key, row in found.rows.items():
        said: Mapping[str, Cell] = dict(zip(names, key[1:], strict=True))
        figures = {"cost": Decimal(str(found.figure(row, cost))).quantize(_SIX), "clicks": Decimal(round(found.figure(row, clicks)))}
        if any(figures.values()):
            when = day(key[0], asked.counter)
            yield Spent(when, when, tuple(origin(said).values()), asked.currency, figures)


def _batches(spent: Sequence[Spent], account: str, found: Table, order: Order, notes: Sequence[Note]) -> list[Batch]:
    covered = (order.since, order.until)
    if not spent:
        return [Batch(SPEND, "metrica_api", account, _nothing(), found.origin, *covered, notes=tuple(notes))]
    return spend.batches(spent, "metrica_api", account, found.origin, "net", notes, covered)


def _nothing() -> pa.Table:
    return pa.table({"day": pa.array([], pa.date32()), "cost": pa.array([], pa.decimal128(18, 6)), "currency": pa.array([], pa.string())})
