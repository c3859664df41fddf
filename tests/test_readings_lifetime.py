"""The value of customers out of a store: cohorts counted by hand, cost joined, and every way in which it is not known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.errors import CannotAnswer
from data.warehouse import Warehouse
from metrics import Settings
from metrics.buying.cohorts import discounted
from metrics.lifetime import MONTH
from metrics.readings import lifetime
from metrics.readings.lifetime import ALL, Asked, LifetimeReading
from metrics.readings.subject import plain
from tests.bought import YANDEX, Bought, months, orders, shop
from tests.small_store import loaded, spend

SPAN = (date(2025, 1, 1), date(2025, 9, 30))
UNTIL = SPAN[1]


def steady(count: int = 40) -> list[Bought]:
    """Eight cohorts of `count` customers: everybody buys for 1 000 in the first month and, every second one, for 500 in the next."""
    rows: list[Bought] = []
    for place, month in enumerate(months(date(2025, 1, 1), 9)):
        for number in range(count):
            who = f"{'a' if number % 4 == 0 else 'b'}{place}-{number}"
            rows.append((who, month + timedelta(days=number % 28), 1000))
            if number % 2 and place < 8:
                rows.append((who, months(month, 2)[1] + timedelta(days=number % 28), 500))
    return rows


def read(store: Warehouse, facts: Mapping[str, Any] | None = None, settings: Settings | None = None, **asked: Any) -> LifetimeReading:
    until = asked.pop("until", UNTIL)
    return lifetime.read(store.run, settings or Settings(), facts or {}, until, Asked(**{"with_models": False, **asked}))


def texts(reading: LifetimeReading) -> str:
    return "\n".join(str(note) for note in reading.notes)


def test_cohorts_are_those_counted_by_hand(tmp_path: Path) -> None:
    reading = read(shop(tmp_path, steady(), SPAN), horizon=3)
    assert reading.basis == "revenue" and reading.customers == 9 * 40
    assert [line.cohort for line in reading.cohorts] == months(date(2025, 1, 1), 9)
    assert reading.cohorts[0].values[:3] == (1000, 1250, 1250) and reading.cohorts[-1].values == (1000,), "what is not yet is not there"
    assert reading.curve is not None and reading.curve.value == pytest.approx(1250)
    assert (reading.curve.low, reading.curve.high) == (pytest.approx(1250), pytest.approx(1250))
    assert reading.curve.tested is not None and reading.curve.tested.predicted == pytest.approx(reading.curve.tested.actual)
    json.dumps(plain(reading))


def test_margin_and_discount_are_said_and_used(tmp_path: Path) -> None:
    store = shop(tmp_path, steady(), SPAN)
    reading = read(store, settings=Settings(margin=0.4), horizon=3)
    assert reading.basis == "margin" and reading.curve is not None and reading.curve.value == pytest.approx(500)
    assert "Values are margin" in texts(reading) and "not discounted" in texts(reading)
    dear = read(store, {"annual_discount": 0.2}, horizon=3)
    assert dear.curve is not None and dear.curve.value == pytest.approx(discounted(np.array([1000.0, 250, 0]), 0.2)[-1])
    assert "20.0% a year" in texts(dear) and "Values are revenue" in texts(dear)
    assert read(store, {"annual_discount": 0.2}, annual_discount=0.0, horizon=3).annual_discount == 0


def test_cost_is_joined_by_channel_and_month_also_where_it_brought_nobody(tmp_path: Path) -> None:
    rows = [row for row in steady() if not (row[0].startswith("b3"))]
    cost = spend([(month, YANDEX, 9000) for month in months(date(2025, 1, 1), 9)], SPAN)
    reading = read(loaded(tmp_path, orders(rows, SPAN), cost), horizon=3)
    whole = {line.channel: line for line in reading.economics if line.cohort is None}
    assert list(whole) == [ALL, "direct_ads", "search_yandex"]
    assert whole["direct_ads"].customers == 8 * 30
    assert whole["direct_ads"].cac == pytest.approx(9 * 9000 / 240), "the month that brought nobody has cost money too"
    assert whole["search_yandex"].cac is None and whole["search_yandex"].ratio is None
    assert whole[ALL].cac == pytest.approx(9 * 9000 / (240 + 90))
    first = next(line for line in reading.economics if line.channel == "direct_ads" and line.cohort == date(2025, 1, 1))
    assert first.cac == pytest.approx(300) and first.payback is not None and first.payback.month == 1
    assert "paid back in month 1" in str(reading.headline)


def test_a_month_whose_spend_is_not_loaded_has_no_cac(tmp_path: Path) -> None:
    half = (date(2025, 1, 1), date(2025, 5, 31))
    cost = spend([(month, YANDEX, 9000) for month in months(date(2025, 1, 1), 5)], half)
    reading = read(loaded(tmp_path, orders(steady(), SPAN), cost), horizon=3)
    ads = {line.cohort: line.cac for line in reading.economics if line.channel == "direct_ads"}
    assert ads[date(2025, 5, 1)] == pytest.approx(300) and ads[date(2025, 6, 1)] is None and ads[None] is None
    assert "not loaded for" in texts(reading)


def test_a_cost_that_does_not_come_back_is_said_in_words(tmp_path: Path) -> None:
    cost = spend([(month, YANDEX, 900_000) for month in months(date(2025, 1, 1), 9)], SPAN)
    reading = read(loaded(tmp_path, orders(steady(), SPAN), cost), horizon=3)
    assert "does not come back" in str(reading.headline)


def test_the_reading_of_a_past_day_knows_nothing_later(tmp_path: Path) -> None:
    store = shop(tmp_path, steady(), SPAN)
    past = read(store, until=date(2025, 4, 30), horizon=2)
    assert [line.cohort for line in past.cohorts] == months(date(2025, 1, 1), 4) and past.customers == 160


def test_every_reason_for_no_value_is_told(tmp_path: Path) -> None:
    assert "not loaded" in str(read(loaded(tmp_path / "a")).why)
    store = shop(tmp_path / "b", steady(), SPAN)
    assert "from 2025-01-01 on only" in str(read(store, until=date(2024, 12, 31)).why)
    assert "oldest cohort" in str(read(store, horizon=12).headline)
    assert "No cohort has a whole month" in str(read(store, until=date(2025, 1, 20), horizon=3).headline)
    with pytest.raises(CannotAnswer):
        Asked(horizon=0)


# ------------------------------------------------------------------------------------------------------------------- models


def lively(count: int = 700, seed: int = 1) -> list[Bought]:
    """Customers who live by BG/NBD: random rates, random ends."""
    random = np.random.default_rng(seed)
    rows: list[Bought] = []
    for number in range(count):
        rate, drop = random.gamma(0.7, 1 / 5.0), random.beta(0.9, 2.5)
        day = float(random.integers(0, 150))
        while day < 540:
            rows.append((f"b{number}", date(2024, 1, 1) + timedelta(days=int(day)), int(random.integers(300, 900))))
            if random.random() < drop:
                break
            day += max(float(random.exponential(7 / rate)), 1.0)
    return rows


def test_a_lively_base_carries_its_models_and_they_are_tested_on_what_came(tmp_path: Path) -> None:
    span = (date(2024, 1, 1), date(2025, 6, 30))
    reading = read(shop(tmp_path, lively(), span), until=span[1], with_models=True, horizon=6)
    assert reading.models is not None
    found = reading.models.repeating
    assert found.why is None and set(found.parameters) == set(found.spread) == {"r", "alpha", "a", "b"}
    assert found.repeats is not None and 0 < found.repeats[0] <= found.repeats[1]
    assert found.basket == pytest.approx(600, rel=0.1) and found.value is not None and found.value > 600
    assert found.tested is not None and 0.5 < found.tested.ratio < 2
    assert reading.models.staying.why is not None and "not subscribers" in str(reading.models.staying.why)
    json.dumps(plain(reading))


def test_a_thin_base_is_refused_a_model_with_its_reason(tmp_path: Path) -> None:
    found = read(shop(tmp_path, steady(10), SPAN), with_models=True).models
    assert found is not None and "too few for a buying model" in str(found.repeating.why) and found.repeating.parameters == {}


def test_subscribers_are_read_by_how_long_they_stay(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    rows: list[Bought] = []
    for place, month in enumerate(months(date(2025, 1, 1), 9)):
        for number in range(60):
            stays = 1 + int(np.log(random.random()) / np.log(0.8))
            rows += [(f"b{place}-{number}", paid + timedelta(days=3), 700) for paid in months(month, min(stays, 9 - place))]
    models = read(shop(tmp_path, rows, SPAN), {"model": "subscription"}, with_models=True).models
    assert models is not None and "calendar" in str(models.repeating.why)
    staying = models.staying
    assert staying.why is None and staying.survival[0] == 1 and staying.survival[1] == pytest.approx(0.8, abs=0.05)
    assert staying.periods is not None and 1 < staying.periods < 12


def test_a_month_of_a_life_is_a_twelfth_of_a_year() -> None:
    assert pytest.approx(365.25) == 12 * MONTH
