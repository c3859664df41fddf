"""Open deals are neither left out nor forgotten: the cycle, and how much of what young days will bring has come."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.batches import Batch
from data.tables import ORDERS
from data.warehouse import Warehouse
from metrics import Query, Settings, ask
from metrics.maturity import completion
from tests.random_store import rows_of

FIRST, LAST = date(2026, 1, 1), date(2026, 10, 28)


def crm(folder: Path, closing: bool = True) -> Warehouse:
    """1 500 deals over ten months, two in five of which are won; half of those within 25 days."""
    random, count = np.random.default_rng(1), 1500
    days = [FIRST + timedelta(days=int(step)) for step in random.integers(0, 300, count)]
    ends = [day + timedelta(days=int(age) + 1) for day, age in zip(days, random.gamma(2, 15, count), strict=True)]
    fates = ["paid" if luck < 0.4 else "cancelled" for luck in random.random(count)]
    columns: dict[str, Any] = {
        "day": days, "order_id": [f"d{n}" for n in range(count)], "customer": [f"c{n}" for n in range(count)],
        "status": [fate if end <= LAST else "open" for fate, end in zip(fates, ends, strict=True)], "orders": [1] * count,
        "revenue": [Decimal(1000)] * count, "currency": ["RUB"] * count,
        "closed_day": [end if closing and end <= LAST else None for end in ends],
    }
    store = Warehouse(folder)
    store.load([Batch(ORDERS, "test", "crm", rows_of(ORDERS, columns), "deals.csv", FIRST, LAST)])
    return store


def answer(store: Warehouse, since: date, until: date = LAST) -> Any:
    return ask(Query(("win_rate", "cycle_days"), since, until), store.run, Settings())


def said(result: Any) -> str:
    return " ".join(str(note) for note in result.notes if note.kind in ("maturity", "not recorded"))


def test_the_cycle_is_that_of_won_deals_whether_lost_ones_are_many_or_not(tmp_path: Path) -> None:
    assert answer(crm(tmp_path), FIRST).total["cycle_days"] == pytest.approx(25, abs=2)


def test_ripe_days_need_no_word_and_young_ones_say_how_much_is_to_come(tmp_path: Path) -> None:
    store = crm(tmp_path)
    assert said(answer(store, FIRST, date(2026, 6, 30))) == ""
    middle = answer(store, date(2026, 8, 1), date(2026, 9, 30))
    note = next(note for note in middle.notes if note.kind == "maturity")
    assert 75 < int(str(note.facts["percent"])) < 95
    assert middle.total["win_rate"] * float(str(note.facts["times"])) == pytest.approx(0.38, abs=0.06)


def test_of_the_youngest_days_neither_a_forecast_nor_a_cycle_is_given(tmp_path: Path) -> None:
    young = answer(crm(tmp_path), date(2026, 10, 10))
    assert young.total["cycle_days"] is None
    assert "too little to judge them" in said(young) and "too many deals are open still" in said(young)


def test_without_days_of_closing_nobody_knows(tmp_path: Path) -> None:
    found = answer(crm(tmp_path, closing=False), FIRST)
    assert found.total["cycle_days"] is None and not [note for note in found.notes if note.kind == "maturity"]


def test_too_few_wins_teach_no_curve() -> None:
    ages = np.arange(10.0)
    assert completion(ages, np.ones(10), np.ones(10), np.full(10, 20.0)) is None
    curve = completion(ages, np.full(10, 5.0), np.full(10, 5.0), np.full(10, 40.0))
    assert curve is not None and curve[-1] == 1 and (np.diff(curve) > 0).all()
