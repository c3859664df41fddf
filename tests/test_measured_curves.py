"""A store whose weeks can carry curves gives measured ones: points with a band, the present point, a proposal; and the page draws them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from data.tables import TRAFFIC
from data.text import words
from data.warehouse import Warehouse
from metrics import Settings
from metrics.readings.response import ResponseReading, read_spend
from metrics.readings.subject import Subject, plain
from metrics.sentences.said import Speech
from metrics.spending.response_curve import Curve, adstock
from pages.ui.economics import response_chart
from tests.small_store import SEARCH, VK, YANDEX, batch, spend

MONDAY, WEEKS = date(2023, 4, 3), 156
UNTIL = MONDAY + timedelta(days=7 * WEEKS - 1)
MEDIA = {"context": (YANDEX, Curve(900_000, 60_000, shape="logistic"), 0.2, (4.0, 20_000)),
         "vk": (VK, Curve(600_000, 50_000, shape="logistic"), 0.6, (1.5, 30_000))}  # fmt: skip


def moving_store(folder: Path) -> Warehouse:
    """Three years in which spend of two channels jumps by itself, and revenue follows known curves; a week's sums stand on its Monday."""
    random, steps = np.random.default_rng(1), np.arange(WEEKS)
    paid = {name: random.gamma(*gamma, WEEKS).round() for name, (_, _, _, gamma) in MEDIA.items()}
    # Of late nearly everything goes into one channel, so that there is something to move.
    paid["context"][-12:], paid["vk"][-12:] = paid["context"][-12:] + 90_000, paid["vk"][-12:] * 0.3
    brought = sum(
        np.array([curve.at(x) for x in adstock(paid[name], alpha)]) for name, (_, curve, alpha, _) in MEDIA.items()
    )
    base = 1e6 * (1 + 0.08 * steps / 52 + 0.15 * np.sin(2 * np.pi * steps / 52.18))
    came = (base + brought) * np.exp(random.normal(0, 0.01, WEEKS))
    mondays = [MONDAY + timedelta(days=7 * int(step)) for step in steps]
    rows = [
        {"day": day, "origin": SEARCH, "visits": 100, "orders": 1, "revenue": round(float(money)), "currency": "RUB"}
        for day, money in zip(mondays, came, strict=True)
    ]
    bills = [(day, MEDIA[name][0], int(cost)) for name, costs in paid.items() for day, cost in zip(mondays, costs, strict=True)]
    found = Warehouse(folder)
    found.load([batch(TRAFFIC, rows, (MONDAY, UNTIL), breakdown="origin"), spend(bills, (MONDAY, UNTIL))])
    return found


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> ResponseReading:
    store = moving_store(tmp_path_factory.mktemp("moving"))
    reading = read_spend(store.run, Settings(margin=0.6), Subject("shop"), UNTIL)
    assert reading is not None
    return reading


def test_the_gate_is_passed_and_the_curves_hold_the_truth(found: ResponseReading) -> None:
    assert found.measured and found.reason is None and found.gain is not None and found.gain > 0
    truth = {"Yandex Direct": MEDIA["context"][1], "VK Ads": MEDIA["vk"][1]}
    for one in found.channels:
        assert one.here is not None and one.here.spend == pytest.approx(one.spend)
        assert one.here.result == pytest.approx(truth[one.title].at(one.spend), rel=0.2)


def test_a_curve_rises_inside_its_band_from_nothing_to_the_dearest_week(found: ResponseReading) -> None:
    for one in found.channels:
        results = [point.result for point in one.points]
        assert one.points[0] == type(one.points[0])(0.0, 0.0, 0.0, 0.0) and results == sorted(results)
        assert all(point.low <= point.high for point in one.points) and one.points[-1].spend > one.spend
        assert one.there is not None and one.there.spend == one.proposed


def test_the_reading_is_plain_json(found: ResponseReading) -> None:
    kept = json.loads(json.dumps(plain(found)))
    assert set(kept["channels"][0]["points"][3]) == {"spend", "result", "low", "high"}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_chart_has_the_band_the_curve_and_both_points(found: ResponseReading, language: str) -> None:
    one, speech = found.channels[0], Speech("money", "RUB", words(language))
    drawn = response_chart.draw(one, max(point.high for point in one.points), speech, speech)
    low, high, curve, here, there = drawn.data
    assert list(curve.y) == [point.result for point in one.points] and high.fill == "tonexty"
    assert list(low.y) == [point.low for point in one.points]
    assert one.here and one.there and (here.x[0], there.x[0]) == (one.here.spend, one.there.spend)
