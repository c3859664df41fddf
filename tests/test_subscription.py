"""Recurring revenue adds up by month, equals a count by hand, is read from any word for a term, and abstains where no term is known."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.order_columns import located
from connectors.order_terms import terms
from data import versions
from data.tables import ORDERS
from data.warehouse import Warehouse
from metrics import Settings
from metrics.readings import subscription as reading
from metrics.subscription import MONTH, Month, months
from tests.small_store import batch

ENDS = (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30))
YEAR = (date(2026, 1, 1), date(2026, 4, 30))


def test_the_worked_figures_of_nrr_and_grr() -> None:
    found = Month(ENDS[0], 1000, 300, 120, 0, 50, 80, 1290, 10, 3, 0, 1, 12)
    assert (round(found.nrr, 2), round(found.grr, 2)) == (0.99, 0.87)
    assert found.revenue_churn == pytest.approx(0.13) and found.quick == pytest.approx(420 / 130)
    assert found.customer_churn == pytest.approx(0.1) and found.arpa == pytest.approx(1290 / 12)


PAYMENTS = st.lists(
    st.tuples(st.sampled_from("abcd"), st.integers(0, 119), st.integers(1, 500), st.sampled_from([7, 30, 91])),
    max_size=25,
    unique_by=lambda row: row[:2],
)


def _by_hand(rows: list[tuple[str, int, int, int]], grace: int) -> list[dict[str, float]]:
    """Customer by customer, with loops."""

    def level(who: str, at: date) -> float:
        past = [(YEAR[0] + timedelta(days=day), amount, term) for name, day, amount, term in rows if name == who]
        past = sorted(row for row in past if row[0] <= at)
        if not past or past[-1][0] + timedelta(days=past[-1][2] + grace) <= at:
            return 0.0
        return round(past[-1][1] * MONTH / past[-1][2], 2)

    found = []
    for last, until in pairwise(ENDS):
        sums = dict.fromkeys(("start", "new", "expansion", "reactivation", "contraction", "churned", "end"), 0.0)
        for who in "abcd":
            before, after = level(who, last), level(who, until)
            first = min((day for name, day, *_ in rows if name == who), default=0)
            fresh = YEAR[0] + timedelta(days=first) > last
            kind = ("new" if fresh else "reactivation") if not before else "churned" if not after else (
                "expansion" if after > before else "contraction")  # fmt: skip
            sums[kind] += abs(after - before)
            sums["start"] += before
            sums["end"] += after
        found.append(sums)
    return found


@given(PAYMENTS, st.integers(0, 10))
def test_every_month_equals_a_count_by_hand_and_adds_up(rows: list[tuple[str, int, int, int]], grace: int) -> None:
    frame = pd.DataFrame(rows, columns=["customer", "day", "amount", "term"])
    frame["day"] = pd.Timestamp(YEAR[0]) + pd.to_timedelta(frame["day"], unit="D")
    found = months(frame.astype({"amount": "float64", "term": "float64"}), ENDS, grace)
    for month, sums in zip(found, _by_hand(rows, grace), strict=True):
        assert {key: getattr(month, key) for key in sums} == pytest.approx(sums, abs=0.05)
        gained = month.new + month.expansion + month.reactivation - month.contraction - month.churned
        assert month.start + gained == pytest.approx(month.end, abs=1e-6)
        assert month.base + month.came + month.back - month.lost == month.paying


def _store(folder: Path, term: int | None) -> Warehouse:
    """Ten customers pay 1000 a month; one leaves after February, one pays 2000 from March on."""
    rows = []
    for who in range(10):
        for place in range(4):
            if who == 0 and place > 1:
                continue
            day = YEAR[0] + timedelta(days=30 * place + who)
            rows.append(
                {"day": day, "year": 2026, "order_id": f"{who}-{place}", "customer": f"c{who}", "orders": 1,
                 "currency": "RUB", "status": "paid", "revenue": 2000 if who == 1 and place > 1 else 1000, "term_days": term}
            )
    store = Warehouse(folder)
    store.load([batch(ORDERS, rows, YEAR)])
    return store


def test_terms_of_the_file_and_the_clients_own_give_the_same_and_the_second_is_said(tmp_path: Path) -> None:
    stated = reading.read(_store(tmp_path / "a", 30).run, Settings(), {}, YEAR[1])
    assumed = reading.read(_store(tmp_path / "b", None).run, Settings(), {"term_days": 30}, YEAR[1])
    assert stated.months == assumed.months and len(stated.months) == 3
    march = stated.months[1]
    unit = round(1000 * MONTH / 30, 2)
    assert (march.start, march.churned, march.expansion, march.end) == pytest.approx((10 * unit, unit, unit, 10 * unit), abs=0.02)
    assert march.nrr == pytest.approx(1.0, abs=1e-4) and march.grr == pytest.approx(0.9, abs=1e-4) and march.customer_churn == 0.1
    assert any("is taken to cover" in note.text for note in assumed.notes)
    assert not any("is taken to cover" in note.text for note in stated.notes)


def test_a_tariff_tells_the_term_of_its_sum_and_the_usual_term_holds_for_the_rest(tmp_path: Path) -> None:
    rows = [
        {"day": date(2026, 1, 5), "year": 2026, "order_id": str(amount), "customer": str(amount), "orders": 1, "currency": "RUB",
         "status": "paid", "revenue": amount} for amount in (5520, 690)
    ]  # fmt: skip
    store = Warehouse(tmp_path)
    store.load([batch(ORDERS, rows, YEAR)])
    found = reading.read(store.run, Settings(), {"term_days": 30, "tariffs": {"5520": 365}}, YEAR[1])
    year = round(5520 * MONTH / 365, 2)
    assert [month.end for month in found.months] == [year, year, year] and found.months[0].lost == 1
    assert sum("payments" in note.text for note in found.notes) == 2


def test_without_a_term_nothing_is_guessed(tmp_path: Path) -> None:
    found = reading.read(_store(tmp_path, None).run, Settings(), {}, YEAR[1])
    assert not found.months and found.why is not None and "how long a payment covers" in found.why.text


def test_without_orders_or_with_one_month_it_abstains(tmp_path: Path) -> None:
    assert reading.read(Warehouse(tmp_path / "none").run, Settings(), {"term_days": 30}, YEAR[1]).why is not None
    found = reading.read(_store(tmp_path / "some", 30).run, Settings(), {}, date(2026, 2, 10))
    assert found.why is not None and "Two full months" in found.why.text


def test_a_store_from_before_the_column_still_answers(tmp_path: Path) -> None:
    store = _store(tmp_path, None)
    version = store.current()
    assert version is not None
    with duckdb.connect(str(version.path)) as connection:
        connection.execute("ALTER TABLE orders DROP COLUMN term_days")
    versions.point(versions.describe(version.number, version.path))
    found = reading.read(Warehouse(tmp_path).run, Settings(), {"term_days": 30}, YEAR[1])
    assert len(found.months) == 3 and found.why is None


HEADER = ["Номер заказа", "Дата", "Сумма"]


@pytest.mark.parametrize(("column", "cells", "found"), [
    ("Срок", ["месяц", "3 мес.", "год", "раз в квартал", "полгода"], [30, 90, 365, 91, 182]),
    ("Период оплаты", ["1", "3", "12", "", "6"], [30, 90, 365, None, 180]),
    ("term_days", ["30", "365", "7", "", "сколько-то"], [30, 365, 7, None, None]),
    ("Billing period", ["monthly", "annual", "12 months", "weekly", "half-year"], [30, 365, 365, 7, 182]),
    ("Оплачено до", ["31.03.2026", "01.03.2027", "", "28.02.2026", "15.03.2026"], [30, 365, None, None, 14]),
])  # fmt: skip
def test_a_term_is_read_from_days_words_and_the_day_until_which_it_is_paid(column: str, cells: list[str], found: list[int | None]) -> None:
    rows = [[str(place), "01.03.2026", "1000", cell] for place, cell in enumerate(cells)]
    grid = located([[*HEADER, column], *rows])
    assert grid is not None and "term_days" in grid.places
    assert terms(grid, list(enumerate(rows, 2)), [date(2026, 3, 1)] * len(rows)) == found
