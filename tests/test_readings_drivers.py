"""The driver tree holds the client's own figures, levers stay within its own history, and the next rouble is not promised lightly."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.tables import ORDERS, TRAFFIC
from data.text import words
from data.warehouse import Warehouse
from metrics import Query, Settings, ask
from metrics.readings import drivers
from metrics.readings.drivers import DriversReading
from metrics.readings.live import live
from metrics.readings.subject import Subject, plain
from metrics.sentences.drivers import sentences
from tests import long_shop
from tests.small_store import SEARCH, batch

MARCH = date(2026, 3, 1)
SINCE = date(2024, 4, 1)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return long_shop.store(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="module")
def regulars(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The shop with its orders one by one: a new customer a day, and everybody comes back once, 40 days later."""
    found = long_shop.store(tmp_path_factory.mktemp("regulars"))
    days = pd.date_range(SINCE, long_shop.UNTIL)
    rows = []
    for place, day in enumerate(days):
        people = [(place, 1000)] + ([(place - 40, 600)] if place >= 40 else [])
        rows += [
            {"day": day.date(), "year": day.year, "order_id": f"{place}-{who}", "customer": f"c{who}", "orders": 1, "revenue": amount,
             "currency": "RUB", "origin": SEARCH, "status": "paid"}
            for who, amount in people
        ]
    found.load([batch(ORDERS, rows, (SINCE, long_shop.UNTIL))])
    return found


def read(store: Warehouse, model: str = "shop", **more: object) -> DriversReading:
    return drivers.read(store.run, Settings(margin=0.4), Subject(model), MARCH, response=False, **more)  # type: ignore[arg-type]


def value(found: DriversReading, key: str) -> float:
    known = next(node.value for node in found.nodes if node.key == key)
    assert known is not None
    return known


def test_a_shop_without_customers_still_adds_up_to_its_profit(store: Warehouse) -> None:
    found = read(store)
    total = ask(Query(("revenue", "spend", "orders"), MARCH, date(2026, 3, 31)), store.run).total
    assert total["revenue"] and total["spend"] and found.value == pytest.approx(0.4 * total["revenue"] - total["spend"])
    assert value(found, "orders") == pytest.approx(total["orders"])
    assert any("Customers are not known" in note.text for note in found.notes)


def test_first_and_repeat_orders_make_the_same_profit(regulars: Warehouse) -> None:
    found = read(regulars)
    assert value(found, "orders_new") == pytest.approx(31) and value(found, "orders_repeat") == pytest.approx(31)
    assert value(found, "aov_new") == pytest.approx(1000) and value(found, "aov_repeat") == pytest.approx(600)
    assert found.value == pytest.approx(0.4 * 31 * 1600 - value(found, "spend"))


def test_what_nobody_has_entered_is_zero_and_said(store: Warehouse) -> None:
    free, paid = read(store), read(store, given={"fixed": 100_000.0})
    assert any("not entered" in note.text for note in free.notes) and not any("not entered" in note.text for note in paid.notes)
    assert free.value is not None and paid.value == pytest.approx(free.value - 100_000)


def test_levers_stand_by_gain_and_stay_within_their_own_range(store: Warehouse) -> None:
    found = [lever for lever in read(store).levers if lever.gain is not None]
    assert found and [lever.gain for lever in found] == sorted((lever.gain for lever in found), reverse=True)  # type: ignore[type-var]
    assert all(lever.goal in (lever.low, lever.high) for lever in found)


def test_a_what_if_is_the_exact_effect_with_a_range(store: Warehouse) -> None:
    found = read(store, changes={"cr": 0.1})
    assert found.what_if is not None and found.what_if.low is not None and found.what_if.high is not None
    assert found.what_if.middle == pytest.approx(0.1 * value(found, "margin_all"))
    assert found.what_if.low < found.what_if.middle < found.what_if.high and found.what_if.dominant
    capped = read(store, changes={"cr": 0.5}, caps={"orders": value(found, "orders") * 1.1})
    assert capped.what_if is not None and capped.what_if.middle == pytest.approx(0.1 * value(found, "margin_all"), rel=1e-6)


def test_an_unknown_driver_in_a_what_if_is_answered_with_a_reason(store: Warehouse) -> None:
    found = read(store, changes={"weather": 0.1})
    assert found.what_if is not None and found.what_if.reason is not None


def test_a_lead_business_without_a_crm_ends_at_leads_and_says_so(store: Warehouse) -> None:
    found = read(store, "leads")
    assert found.outcome == "leads" and value(found, "leads") == pytest.approx(value(found, "clicks") * value(found, "cr_lead"))
    assert any("What becomes of a lead" in note.text for note in found.notes)


def test_recurring_revenue_is_what_stays_and_what_is_won(regulars: Warehouse) -> None:
    found = read(regulars, "subscription")
    assert value(found, "kept") == pytest.approx(31 * 600) and value(found, "won") == pytest.approx(31 * 1000)


def test_a_business_that_no_source_describes_is_silent_until_somebody_enters_it(store: Warehouse) -> None:
    assert read(store, "b2b").note is not None
    given = {f"{kind}_{step}": size for step in ("qualified", "proposal", "contract") for kind, size in (("value", 100.0), ("win", 0.5))}
    assert read(store, "b2b", given=given).value == pytest.approx(150)


def test_a_month_that_is_not_over_has_no_tree(store: Warehouse) -> None:
    found = drivers.read(store.run, Settings(), Subject("shop"), date(2026, 4, 1), response=False)
    assert found.note is not None and not found.levers and sentences(found, words("ru"))


def test_channels_that_move_together_get_no_shift_and_the_reason(store: Warehouse) -> None:
    found = drivers.read(store.run, Settings(margin=0.4), Subject("shop"), MARCH).response
    assert found is not None and not found.measured and found.reason is not None and found.gain is None
    assert all(channel.proposed is None for channel in found.channels)
    assert {channel.title for channel in found.channels} == {"Yandex Direct", "VK Ads"}


@pytest.mark.parametrize(
    ("language", "said"), [("en", "No defensible shift of budget."), ("ru", "Обоснованного перераспределения бюджета нет.")]
)
def test_the_summary_is_said_in_both_languages(store: Warehouse, language: str, said: str) -> None:
    found = drivers.read(store.run, Settings(margin=0.4), Subject("shop"), MARCH, changes={"aov": 0.1})
    text = sentences(found, words(language))
    assert said in text and "{" not in text and ".." not in text


def test_a_reading_is_plain_json(store: Warehouse) -> None:
    kept = json.loads(json.dumps(plain(read(store, changes={"cr": 0.1}))))
    assert kept["nodes"][-1]["key"] == "profit" and np.isfinite(kept["value"])


def test_a_client_without_spend_still_sees_its_visits_and_is_told_what_lacks(tmp_path: Path) -> None:
    free = Warehouse(tmp_path)
    rows = [
        {"day": day.date(), "origin": SEARCH, "visits": 300, "orders": 6, "revenue": 15_000, "currency": "RUB"}
        for day in pd.date_range(SINCE, long_shop.UNTIL)
    ]
    free.load([batch(TRAFFIC, rows, (SINCE, long_shop.UNTIL), breakdown="origin")])
    found = read(free)
    assert found.note is not None and found.note.text == "Spend is not loaded: the tree is empty where it needs it."
    assert value(found, "visits") == 9300 and value(found, "orders") == pytest.approx(186) and found.value is None


def test_a_month_whose_spend_is_cut_off_keeps_its_visits(tmp_path: Path) -> None:
    cut = long_shop.store(tmp_path)
    april = [
        {"day": day.date(), "origin": SEARCH, "visits": 10, "orders": 1, "revenue": 100, "currency": "RUB"}
        for day in pd.date_range("2026-04-01", "2026-04-30")
    ]
    cut.load([batch(TRAFFIC, april, (date(2026, 4, 1), date(2026, 4, 30)), breakdown="origin")])
    found = drivers.read(cut.run, Settings(margin=0.4), Subject("shop"), date(2026, 4, 1), response=False)
    assert found.note is not None and found.note.text.startswith("Spend of the month is not loaded whole")
    assert value(found, "visits") == 300 and found.value is None and not found.levers


def test_a_what_if_needs_the_store_only_once(store: Warehouse) -> None:
    found = live(store.run, Settings(margin=0.4), Subject("shop"), MARCH, {})
    assert drivers.tried(found, {"cr": 0.1}) == read(store, changes={"cr": 0.1}).what_if
    assert drivers.described(found, Settings(margin=0.4)).nodes == read(store).nodes
    assert drivers.tried(found, {}) is None
