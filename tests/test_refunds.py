"""A refund in a row of its own lessens what its customer has brought, and makes nobody a buyer: against plain sums over random shops."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import pytest

from data.tables import ORDERS
from data.warehouse import Warehouse
from metrics.buying import purchases
from metrics.ledger import table
from tests.small_store import MARCH, VK, answer, batch, day, loaded

FIRST = date(2026, 1, 1)


def shop(seed: int) -> pd.DataFrame:
    """Orders of 12 customers; a third of them paid back, in part or whole, some days later in a row of its own."""
    chance = np.random.default_rng(seed)
    rows = []
    for number in range(60):
        own = {"customer": f"c{chance.integers(12)}", "day": FIRST + timedelta(days=int(chance.integers(120))), "status": "paid"}
        amount = int(chance.integers(10, 900))
        rows.append({**own, "order_id": f"{number:02}", "orders": 1, "revenue": amount, "refund": None})
        if chance.random() < 0.33:
            late = own["day"] + timedelta(days=int(chance.integers(0, 60)))
            back = {**own, "day": late, "order_id": f"{number:02} refund {late}", "orders": 0, "revenue": 0}
            rows.append({**back, "refund": amount if chance.random() < 0.5 else amount // 4})
    return pd.DataFrame(rows)


def store(folder: Path, rows: pd.DataFrame) -> Warehouse:
    facts = rows.assign(currency="RUB").to_dict("records")
    kept = [{**one, "refund": None if one["refund"] != one["refund"] else int(one["refund"]), "origin": VK} for one in facts]
    return loaded(folder, batch(ORDERS, kept, span=(FIRST, FIRST + timedelta(days=200))))


@pytest.mark.parametrize("seed", range(3))
def test_customers_bring_what_their_orders_bring_less_what_was_paid_back(tmp_path: Path, seed: int) -> None:
    rows = shop(seed)
    warehouse, until = store(tmp_path, rows), FIRST + timedelta(days=200)
    days = purchases.purchase_days(table(ORDERS.name))
    people = warehouse.run(purchases.buyers(days, until)).set_index("customer")
    sold = rows[rows["orders"] == 1]
    assert people["repeats"].to_dict() == (sold.groupby("customer")["day"].nunique() - 1).to_dict()
    net = (rows["revenue"] - rows["refund"].fillna(0.0)).groupby(rows["customer"]).sum()
    brought = warehouse.run(days.group_by("customer").agg(amount=days.amount.sum())).set_index("customer")["amount"]
    assert brought.to_dict() == pytest.approx(net.to_dict())
    cells = warehouse.run(purchases.cohort_sums(days, until))
    assert cells["amount"].sum() == pytest.approx(net.sum()) and cells["orders"].sum() == len(sold)


@pytest.mark.parametrize("view", ["", "cohort"])
def test_a_refund_makes_nobody_a_buyer_and_no_order_a_later_one(tmp_path: Path, view: str) -> None:
    one = {"origin": VK, "status": "paid", "currency": "RUB", "customer": "ann", "orders": 1, "revenue": 100}
    back = {**one, "day": day(20), "order_id": "1 refund", "orders": 0, "revenue": 0, "refund": 30}
    stranger = {**back, "customer": "bob", "order_id": "9 refund", "refund": 5}
    warehouse = loaded(tmp_path, batch(ORDERS, [{**one, "day": day(2), "order_id": "1"}, back, stranger], span=MARCH))
    expected = {
        "orders": 1, "buyers": 1, "repeat_rate": 0, "new_customers": 1, "repeat_orders": 0, "revenue": 65, "repeat_revenue_share": 0,
    }
    assert answer(warehouse, *expected, view=view).total == expected
    if view:
        born = answer(warehouse, "revenue", by=("day",), view=view)
        dated = {row["day"]: row["revenue"] for row in born.rows() if row["revenue"]}
        assert dated == {"2026-03-02": 70, "2026-03-20": -5}, "it counts where its customer began"


def test_goods_that_come_back_lessen_the_margin_by_what_they_earned(tmp_path: Path) -> None:
    one = {"origin": VK, "status": "paid", "currency": "RUB", "customer": "ann", "orders": 1, "revenue": 100, "goods_cost": 40}
    back = {**one, "day": day(9), "order_id": "1 refund", "orders": 0, "revenue": 0, "refund": 100, "goods_cost": -40}
    warehouse = loaded(tmp_path, batch(ORDERS, [{**one, "day": day(2), "order_id": "1"}, back], span=MARCH))
    days = warehouse.run(purchases.purchase_days(table(ORDERS.name), 0.5))
    assert days[["orders", "amount"]].values.tolist() == [[1, 0]]
    assert ibis.to_sql(purchases.purchase_days(table(ORDERS.name)), dialect="duckdb")
