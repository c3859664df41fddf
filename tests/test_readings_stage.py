"""The stage of a client's products out of a store: which demand is read, what is masked, what warns, and the manager's own word."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data.desk.marks import Mark
from data.desk.overrules import Overrule
from data.errors import CannotAnswer
from data.text import words
from data.warehouse import Warehouse
from metrics import Settings
from metrics.playbook import groups
from metrics.readings import stage
from metrics.readings.demand import masked, whole_months
from metrics.readings.stage import StageView
from metrics.readings.subject import plain
from metrics.stages.stage_filter import STAGES
from tests.bought import SEARCH, YANDEX, Bought, months, orders, reaches, visits
from tests.small_store import loaded, spend

FIRST = date(2024, 1, 1)
SPAN = (FIRST, date(2026, 6, 30))
UNTIL = SPAN[1]
FALLING = {month: round(120 * 0.94**place) for place, month in enumerate(months(FIRST, 30))}
STEADY = {month: 60 + (place * 7) % 5 for place, month in enumerate(months(FIRST, 30))}
YOUNG = {month: 40 + 6 * place for place, month in enumerate(months(date(2026, 2, 1), 5))}
FACTS: Mapping[str, Any] = {
    "model": "leads",
    "key_goals": ["1"],
    "goals": {"1": ["Request", "Заявка"], "2": ["Order: kettles", "Заказ: чайники"], "3": ["Order: cups", "Заказ: чашки"]},
    "products": {"kettles": {"title": "Kettles", "title_ru": "Чайники", "goals": ["2"]}, "cups": {"title": "Cups", "goals": ["3"]}},
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    store = loaded(tmp_path_factory.mktemp("stages"), reaches(STEADY, "1", SPAN))
    for goal, demand in (("2", FALLING), ("3", YOUNG)):
        days = (min(demand), UNTIL) if goal == "3" else SPAN
        store.load([reaches(demand, goal, days)])
    return store


def read(store: Warehouse, wanted: str = "", facts: Mapping[str, Any] = FACTS, until: date = UNTIL, **more: Any) -> StageView:
    return stage.read(store.run, Settings(), facts, until, stage.Asked(), wanted, **more)


def texts(view: StageView) -> str:
    return "\n".join(str(note) for note in (*view.lines, *view.notes))


# ------------------------------------------------------------------------------------------------------------------- demand


def test_the_client_is_read_first_and_then_every_product(store: Warehouse) -> None:
    views = stage.read_all(store.run, Settings(), FACTS, UNTIL)
    assert [view.key for view in views] == ["", "kettles", "cups"]
    assert [view.stage for view in views] == ["maturity", "decline", None]
    assert [view.name.text("ru") for view in views] == ["Клиент в целом", "Чайники", "Cups"]
    json.dumps(plain(views))


def test_demand_is_counted_by_whole_month(store: Warehouse) -> None:
    view = read(store, "kettles")
    assert {month.month: month.demand for month in view.history} == FALLING and view.what == "goals" and view.goals == ("2",)
    earlier = read(store, "kettles", until=date(2026, 6, 29))
    assert earlier.history[-1].month == date(2026, 5, 1), "the running month is not read"
    assert whole_months(date(2026, 1, 2), date(2026, 2, 27)) == (date(2026, 2, 1), date(2026, 1, 31)), "no whole month at all"


def test_a_product_is_found_by_its_name_in_any_language_or_by_its_goal(store: Warehouse) -> None:
    for wanted in ("kettles", "Чайники", "KETTLES", "2", "Заказ: чайники"):
        assert read(store, wanted).goals == ("2",)
    with pytest.raises(CannotAnswer, match="Did you mean"):
        read(store, "kettels")
    with pytest.raises(CannotAnswer, match="Known are: kettles"):
        read(store, "чемодан")


def test_a_shop_is_read_by_its_orders_and_a_subscription_by_its_first_goal(tmp_path: Path) -> None:
    bought: list[Bought] = [
        (f"b{place}-{number}", month + timedelta(days=number % 28), 900)
        for place, month in enumerate(months(FIRST, 30))
        for number in range(30)
    ]
    store = loaded(tmp_path, orders(bought, SPAN), reaches(STEADY, "1", SPAN))
    assert (read(store, facts={"model": "shop"}).what, read(store, facts={"model": "leads"}).what) == ("orders", "goals")
    assert read(store, facts={"model": "shop"}).history[0].demand == 30
    assert read(store, facts={"model": "subscription", "key_goals": ["1", "9"]}).goals == ("1",)
    assert read(store, facts={"model": "shop", "demand_goals": ["1"]}).history[0].demand == 60
    assert read(store, facts={"model": "leads", "key_goals": ["1", "9"]}).goals == ("1", "9")


def test_months_with_days_that_are_not_loaded_are_left_out_and_not_zero(tmp_path: Path) -> None:
    early = {month: count for month, count in STEADY.items() if month < date(2025, 3, 1)}
    late = {month: count for month, count in STEADY.items() if month > date(2025, 3, 1)}
    store = loaded(tmp_path, reaches(early, "1", (FIRST, date(2025, 3, 9))))
    store.load([reaches(late, "1", (date(2025, 3, 20), UNTIL))])
    march = next(month for month in read(store).history if month.month == date(2025, 3, 1))
    assert march.demand is None and march.masked


# -------------------------------------------------------------------------------------------------------------- what is said


def test_a_decline_is_told_with_evidence_outlook_and_alarm(store: Warehouse) -> None:
    view = read(store, "kettles")
    assert view.stage == view.shown == "decline" and view.alert == "alert" and view.confirmed
    assert sum(view.chances.values()) == pytest.approx(1)
    assert view.evidence is not None and view.evidence.slope.mid == pytest.approx(-0.06, abs=0.02)
    assert view.time_in_stage is not None and view.outlook is not None and view.decline_within is not None
    assert list(view.decline_within) == [3, 6, 12] and min(view.decline_within.values()) > 0.7
    assert len(view.advice) == len(groups()) and view.play is not None and view.play.metrics[0] == "contribution"
    for note in view.lines:
        assert words("ru").note(note) != str(note)


def test_a_young_product_is_not_guessed_at(store: Warehouse) -> None:
    view = read(store, "cups")
    assert view.stage is None and view.advice == () and "Too short a history: 5 complete months" in str(view.why)


def test_a_launch_inside_the_data_is_seen_as_one(tmp_path: Path) -> None:
    demand = {month: 0 for month in months(FIRST, 20)} | {month: 40 for month in months(date(2025, 9, 1), 10)}
    view = read(loaded(tmp_path, reaches(demand, "1", SPAN)))
    assert "first demand was seen in 09.2025" in texts(view) and view.stage == "introduction"


def test_nothing_loaded_is_a_reason(tmp_path: Path) -> None:
    view = read(loaded(tmp_path, spend([(FIRST, YANDEX, 10)], SPAN)))
    assert view.stage is None and "no demand to read" in str(view.why) and view.history == ()
    assert "no demand to read" in str(read(loaded(tmp_path / "b", reaches({}, "1", SPAN))).why)


def test_few_events_are_a_reason(tmp_path: Path) -> None:
    view = read(loaded(tmp_path, reaches(dict.fromkeys(STEADY, 7), "1", SPAN)))
    assert "Too few events" in str(view.why)


def test_a_wider_band_calls_a_slide_maturity(store: Warehouse) -> None:
    wide = stage.read(store.run, Settings(), FACTS, UNTIL, stage.Asked(band=0.09), "kettles")
    assert wide.stage == "maturity"


# ------------------------------------------------------------------------------------------------------------- known events


def test_known_events_are_masked_by_month_and_named(store: Warehouse) -> None:
    out = Mark(date(2026, 3, 5), date(2026, 4, 2), "No stock", "ours", masks=True)
    view = read(store, marks=[out])
    assert [month.month for month in view.history if month.masked] == [date(2026, 3, 1)], "two days in April are too few"
    assert "03.2026 (No stock)" in texts(view)


def test_marks_of_one_channel_or_without_a_mask_change_nothing() -> None:
    days = date(2026, 3, 1), date(2026, 3, 31)
    assert masked([Mark(*days, "Links broken", "fault", channel="direct_ads", masks=True), Mark(*days, "Sale", "ours")]) == frozenset()
    assert masked([Mark(*days, "Site down", "fault", masks=True)]) == {pd.Period("2026-03", "M")}


# ---------------------------------------------------------------------------------------------------------- the manager's word


def test_a_stage_set_by_hand_stands_beside_the_computed_one(store: Warehouse) -> None:
    kept = Overrule("kettles", "maturity", "The main size is out of stock", date(2026, 6, 1), "Vera", datetime(2026, 6, 1))
    view = read(store, "kettles", overrules=[kept])
    assert (view.stage, view.shown) == ("decline", "maturity")
    assert view.by_hand is not None and (view.by_hand.since, view.by_hand.who) == (date(2026, 6, 1), "Vera")
    assert "out of stock" in texts(view) and view.play is not None and view.play.stage == "maturity"
    assert read(store, overrules=[kept]).by_hand is None, "it was said of another product"
    nameless = Overrule("cups", "introduction", "Launched in spring", date(2026, 6, 1))
    unclear = read(store, "cups", overrules=[nameless])
    assert unclear.shown == "introduction" and unclear.shown in STAGES and unclear.advice
    assert str(unclear.lines[1]).startswith("Set by hand to introduction on"), "nobody is named where nobody is known"


# ------------------------------------------------------------------------------------------------- second opinion, early signs


@pytest.fixture(scope="module")
def waning(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A shop whose orders fall, whose new buyers vanish while spend stays, whose direct visits halve, and whose search visits fall too."""
    bought: list[Bought] = []
    for place, month in enumerate(months(FIRST, 30)):
        fresh = round(130 * 0.93**place)
        bought += [(f"b{place}-{number}", month + timedelta(days=number % 20), 1000) for number in range(fresh)]
        waits = 20 + 3 * place
        bought += [(f"b{place}-{number}", min(month + timedelta(days=waits + number % 5), UNTIL), 500) for number in range(0, fresh, 2)]
    cost = spend([(month, YANDEX, 50_000) for month in months(FIRST, 30)], SPAN)
    daily = {month: round(90 * 0.94**place) for place, month in enumerate(months(FIRST, 30))}
    direct = {month: 300 if month < date(2025, 7, 1) else 120 for month in months(FIRST, 30)}
    store = loaded(tmp_path_factory.mktemp("waning"), orders(bought, SPAN, SEARCH), visits(daily, SPAN), cost)
    store.load([visits(direct, SPAN, {"traffic_source": "direct"}, first=10**9)])
    return store


def test_search_visits_are_a_second_opinion(waning: Warehouse) -> None:
    view = read(waning, facts={"model": "shop"})
    assert view.stage == "decline" and "says the same: decline" in str(view.second)


def test_early_signs_are_read_from_orders_visits_and_spend(waning: Warehouse) -> None:
    signals = {one.key: one for one in read(waning, facts={"model": "shop"}).signals}
    assert signals["brand_demand"].state == "warns" and signals["brand_demand"].moves["brand"].change == pytest.approx(-0.6)
    assert signals["newcomers"].state != "unknown" and signals["newcomers"].moves["cac"].direction > 0
    assert signals["rarer"].state == "warns" and signals["price_only"].state == "quiet"
    assert signals["category_share"].state == "unknown"
    for one in signals.values():
        assert words("ru").note(one.note) != str(one.note)


def test_products_have_no_early_signs_and_say_why(store: Warehouse) -> None:
    view = read(store, "kettles")
    assert view.signals == () and view.second is None and "client as a whole only" in texts(view)


def test_what_was_said_of_a_past_month_stays_said(store: Warehouse) -> None:
    now, then = read(store, "kettles"), read(store, "kettles", until=date(2025, 12, 31))
    known = {month.month: month.chances for month in now.history}
    for month in then.history:
        if month.chances is not None:
            assert np.allclose(list(month.chances.values()), list((known[month.month] or {}).values()))
