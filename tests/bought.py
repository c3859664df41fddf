"""Stores of orders written as who bought when, for tests of customers in which every figure can be counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from data.batches import Batch
from data.tables import CONVERSIONS, ORDERS, VISITS
from data.warehouse import Warehouse
from tests.small_store import batch, loaded

Bought = tuple[str, date, int]
"""Customer, day, revenue in roubles."""
YANDEX = {"traffic_source": "ad", "ad_system": "ya_direct", "source": "yandex", "medium": "cpc"}
SEARCH = {"traffic_source": "organic", "engine": "yandex"}


def orders(rows: Iterable[Bought], span: tuple[date, date], where: Mapping[str, str] | None = None, **more: Any) -> Batch:
    """Orders of one counter. Customers whose name begins with a came from search, all others from ads, unless `where` says."""
    listed = [
        {
            "day": day, "order_id": f"n{number}", "customer": who, "visitor": number + 1, "orders": 1, "revenue": revenue,
            "currency": "RUB", "origin": where or (SEARCH if who.startswith("a") else YANDEX),
        }
        | more
        for number, (who, day, revenue) in enumerate(rows)
    ]  # fmt: skip
    return batch(ORDERS, listed, span)


def shop(folder: Path, rows: Iterable[Bought], span: tuple[date, date], *others: Batch) -> Warehouse:
    return loaded(folder, orders(rows, span), *others)


def visits(days: Mapping[date, int], span: tuple[date, date], where: Mapping[str, str] = SEARCH, first: int = 0) -> Batch:
    """So many visits a day, each by a visitor of its own; every fourth one bounces. `first` numbers them apart from other visits."""
    rows = [
        {
            "day": day, "visit": first + day.toordinal() * 1000 + number, "visitor": first + day.toordinal() * 1000 + number, "visits": 1,
            "bounces": int(number % 4 == 0), "engaged": int(number % 4 != 0), "new_visits": 1, "origin": where,
        }
        for day, count in days.items() for number in range(count)
    ]  # fmt: skip
    return batch(VISITS, rows, span)


def came(rows: Iterable[Bought], span: tuple[date, date]) -> Batch:
    """A visit in the morning of every order, by the same visitor and from the same place."""
    listed = [
        {
            "day": day, "visit": 10**12 + number, "visitor": number + 1, "visits": 1, "bounces": 0, "engaged": 1, "new_visits": 1,
            "started_at": datetime(day.year, day.month, day.day, 6), "origin": SEARCH if who.startswith("a") else YANDEX,
        }
        for number, (who, day, _) in enumerate(rows)
    ]  # fmt: skip
    return batch(VISITS, listed, span)


def reaches(months: Mapping[date, int], goal: str, span: tuple[date, date]) -> Batch:
    """So many reaches of a goal in each month, given by its first day, spread over its first four weeks."""
    rows = [
        {
            "day": month + timedelta(days=number % 28), "visit": month.toordinal() * 10_000 + number, "visitor": 1, "goal": goal,
            "ordinal": 1, "reaches": 1, "currency": "RUB",
        }
        for month, count in months.items() for number in range(count)
    ]  # fmt: skip
    return batch(CONVERSIONS, rows, span)


def months(first: date, count: int) -> list[date]:
    """First days of months, one after another."""
    place = first.year * 12 + first.month - 1
    return [date((place + step) // 12, (place + step) % 12 + 1, 1) for step in range(count)]
