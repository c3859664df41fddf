"""Batches written row by row, for tests in which every figure can be seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from data.batches import Batch, Note
from data.tables import SPEND, TRAFFIC, VISITS, Table
from data.warehouse import Warehouse
from metrics import Query, Result, Settings, ask
from tests.random_store import MODEL, origin, rows_of

MARCH = (date(2026, 3, 1), date(2026, 3, 31))
YANDEX = {"traffic_source": "ad", "ad_system": "ya_direct", "source": "yandex", "medium": "cpc"}
VK = {"traffic_source": "ad", "ad_system": "vkontakte", "source": "vk", "medium": "cpc"}
SEARCH = {"traffic_source": "organic", "engine": "yandex"}


def day(number: int) -> date:
    """A day of March 2026."""
    return date(2026, 3, number)


def batch(table: Table, rows: Sequence[Mapping[str, Any]], span: tuple[date, date] = MARCH, account: str = "counter", **more: Any) -> Batch:
    """Rows of one account. `origin` may be given as the fields that are not empty; a row's numbers as they are."""
    model = more.get("attribution", MODEL if table is not SPEND else "")
    credited = "origin" if "origin" in table.names else f"origin_{model.split(',')[0]}"
    names = list(dict.fromkeys(name for row in rows for name in row)) or ["day"]
    columns = {credited if name == "origin" else name: [_value(name, row.get(name), table) for row in rows] for name in names}
    return Batch(table, "test", account, rows_of(table, columns), f"{table.name} of {account}", *span, **{"attribution": model, **more})


def _value(name: str, value: Any, table: Table) -> Any:
    if name == "origin":
        return None if value is None else origin(value)
    if value is None and table.column(name).kind == "text":
        return ""
    return value


def visits(
    rows: Sequence[tuple[date, int, Mapping[str, str]]], span: tuple[date, date] = MARCH, account: str = "counter", **more: Any
) -> Batch:
    """Visits as (day, visitor, origin); every second one bounces."""
    return batch(
        VISITS,
        [
            {
                "day": at,
                "visit": at.toordinal() * 1000 + number,
                "visitor": who,
                "origin": where,
                "visits": 1,
                "new_visits": 1,
                "bounces": number % 2,
                "engaged": 1 - number % 2,
                "page_views": 2,
                "seconds": 60,
            }
            for number, (at, who, where) in enumerate(rows, 1)
        ],
        span,
        account,
        **more,
    )


def daily(rows: Sequence[Mapping[str, Any]], breakdown: str, span: tuple[date, date] = MARCH, **more: Any) -> Batch:
    """Daily totals of a counter, as a report brings them."""
    return batch(TRAFFIC, rows, span, breakdown=breakdown, **more)


def spend(
    rows: Sequence[tuple[date, Mapping[str, str], float]], span: tuple[date, date] = MARCH, account: str = "direct", **more: Any
) -> Batch:
    """Spend in roubles as (day, origin, cost); ten clicks each."""
    currency = more.pop("currency", "RUB")
    return batch(
        SPEND,
        [{"day": at, "origin": where, "cost": cost, "clicks": 10, "impressions": 100, "currency": currency} for at, where, cost in rows],
        span,
        account,
        **more,
    )


def period(one: Batch) -> Batch:
    """The same batch as one period that cannot be split: its rows lie on the first day and reach to the last."""
    return replace(one, whole=True)


def loaded(folder: Path, *batches: Batch) -> Warehouse:
    store = Warehouse(folder)
    store.load(batches)
    return store


def answer(store: Warehouse, *metrics: str, settings: Settings | None = None, **more: Any) -> Result:
    """The answer about March."""
    since, until = more.pop("days", MARCH)
    return ask(Query(metrics, since, until, **more), store.run, settings or Settings())


def said(result: Result) -> dict[str, list[Note]]:
    """Notes by kind."""
    found: dict[str, list[Note]] = {}
    for note in result.notes:
        found.setdefault(note.kind, []).append(note)
    return found


def column(result: Result, dimension: str, metric: str) -> dict[Any, Any]:
    """A metric by the values of one dimension, as plain values."""
    return {row[dimension]: row[metric] for row in result.rows()}
