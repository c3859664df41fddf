"""Attribution of a client out of its store: the worked example end to end, money joined, decisions that flip, and what is said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from numpy.testing import assert_allclose

from data.batches import Batch
from data.errors import CannotAnswer
from data.tables import CONVERSIONS, ORDERS, VISITS
from data.warehouse import Warehouse
from metrics import Query, Settings, ask
from metrics.readings import attribution, touches
from metrics.readings.attribution import Asked, AttributionReading
from metrics.readings.subject import plain
from tests.small_store import batch, loaded, spend

SINCE, UNTIL = date(2026, 2, 1), date(2026, 2, 28)
SPAN = (date(2026, 1, 1), date(2026, 6, 30))
ORIGIN: Mapping[str, Mapping[str, str]] = {
    "S": {"traffic_source": "organic", "engine": "yandex"},
    "A": {"traffic_source": "ad", "ad_system": "ya_direct", "source": "yandex", "medium": "cpc", "campaign": "tea"},
    "E": {"traffic_source": "email", "source": "digest", "medium": "email", "campaign": "weekly"},
    "D": {"traffic_source": "direct"},
}
CHANNEL = {"S": "search_yandex", "A": "direct_ads", "E": "email", "D": "direct"}
# Toy-5 of the science note: path, days before the end, conversions, journeys that led nowhere.
TOY = (("SAD", (14, 7, 0), 10, 20), ("AD", (7, 0), 6, 30), ("S", (0,), 4, 46), ("ESA", (21, 7, 0), 5, 5), ("AAE", (14, 7, 0), 3, 12))
EXPECTED = {
    "first": (14, 9, 5, 0),
    "last": (4, 5, 3, 16),
    "last_significant": (4, 21, 3, 0),
    "last_nondirect": (4, 21, 3, 0),
    "linear": (9.0, 10.0, 2.6667, 6.3333),
    "position": (9.0, 8.8, 3.2, 7),
    "time_decay": (6.9670, 9.2198, 2.0989, 9.7143),
    "markov": (6.8211, 11.2210, 2.1745, 7.7834),
    "shapley_count": (9.0, 9.5, 3.1667, 6.3333),
}


def journeys(ends: date = date(2026, 2, 25)) -> tuple[list[dict[str, Any]], list[tuple[int, datetime]]]:
    """Visits of Toy-5, one visitor a journey, and who converted when."""
    visits, won, visitor = [], [], 0
    for path, ages, conversions, nulls in TOY:
        for number in range(conversions + nulls):
            visitor += 1
            for place, (channel, age) in enumerate(zip(path, ages, strict=True)):
                at = datetime(ends.year, ends.month, ends.day, 9) - timedelta(days=age)
                visits.append(
                    {
                        "day": at.date(),
                        "visit": visitor * 10 + place,
                        "visitor": visitor,
                        "started_at": at,
                        "origin": ORIGIN[channel],
                        "visits": 1,
                    }
                )
            if number < conversions:
                won.append((visitor, datetime(ends.year, ends.month, ends.day, 10)))
    return visits, won


def reached(won: list[tuple[int, datetime]], value: int = 100, **more: Any) -> Batch:
    rows = [
        {
            "day": at.date(),
            "visit": who * 10,
            "visitor": who,
            "goal": "1",
            "ordinal": 1,
            "reached_at": at,
            "reaches": 1,
            "value": value,
            "currency": "RUB",
        }
        | more
        for who, at in won
    ]
    return batch(CONVERSIONS, rows, SPAN)


def ordered(won: list[tuple[int, datetime]], revenue: int = 100) -> Batch:
    rows = [
        {
            "day": at.date(),
            "order_id": f"n{who}",
            "visitor": who,
            "customer": str(who),
            "placed_at": at,
            "orders": 1,
            "revenue": revenue,
            "currency": "RUB",
        }
        for who, at in won
    ]
    return batch(ORDERS, rows, SPAN)


@pytest.fixture
def toy(tmp_path: Path) -> Warehouse:
    visits, won = journeys()
    paid = spend([(date(2026, 2, 10), ORIGIN["A"], 1000), (date(2026, 2, 10), ORIGIN["E"], 300)], SPAN)
    return loaded(tmp_path, batch(VISITS, visits, SPAN), reached(won), paid)


def read(store: Warehouse, facts: Mapping[str, Any] | None = None, settings: Settings | None = None, **asked: Any) -> AttributionReading:
    return attribution.read(
        store.run, settings or Settings(), facts or {}, asked.pop("since", SINCE), asked.pop("until", UNTIL), Asked(**asked)
    )


def by_name(reading: AttributionReading) -> dict[str, attribution.Line]:
    return {line.name: line for line in reading.lines}


def texts(reading: AttributionReading) -> str:
    return "\n".join(str(note) for note in reading.notes)


def test_every_model_gives_the_worked_example_out_of_a_store(toy: Warehouse) -> None:
    reading = read(toy)
    assert (reading.ends, reading.conversions, reading.value, reading.lost) == ("goals", 28, 2800, 113)
    lines = by_name(reading)
    for model, expected in EXPECTED.items():
        assert_allclose([lines[CHANNEL[one]].conversions.get(model, 0) for one in "SAED"], expected, atol=1e-4)
        assert_allclose([lines[CHANNEL[one]].value[model] for one in "SAED"], [100 * n for n in expected], atol=1e-2)
    assert (lines["direct"].low, lines["direct"].high) == (0, 16)
    json.dumps(plain(reading))


def test_credit_adds_up_to_what_everybody_else_says_for_the_period(toy: Warehouse) -> None:
    reading = read(toy)
    total = ask(Query(("conversions",), SINCE, UNTIL), toy.run).total["conversions"]
    for model in reading.spoken:
        assert sum(line.conversions[model] for line in reading.lines) == pytest.approx(total)


def test_spend_is_joined_and_a_decision_that_flips_is_called_model_dependent(toy: Warehouse) -> None:
    lines = by_name(read(toy, target_cpa=110.0))
    ads = lines["direct_ads"]
    assert ads.spend == 1000 and ads.cpa["first"] == pytest.approx(1000 / 9) and ads.cpa["last_significant"] == pytest.approx(1000 / 21)
    assert ads.depends and not ads.good["first"] and ads.good["last_significant"]
    assert lines["email"].depends is False or lines["email"].good["first"]
    assert lines["search_yandex"].verdict is None, "a channel that costs nothing is not judged"
    assert "depends on the model" in str(read(toy, target_cpa=110.0).headline)


def test_decisions_that_no_model_changes_are_said_too(toy: Warehouse) -> None:
    assert "all paid channels are worth" in str(read(toy, target_cpa=10_000.0).headline)
    assert "Not worth their money" in str(read(toy, target_cpa=1.0).headline)
    assert "mean of all paid channels" in str(read(toy).basis)
    assert "at most" in str(read(toy, {"target_cpa": 50}).basis), "the client's own target"


def test_with_orders_and_a_margin_the_verdict_is_about_romi(tmp_path: Path) -> None:
    visits, won = journeys()
    paid = spend([(date(2026, 2, 10), ORIGIN["A"], 500)], SPAN)
    store = loaded(tmp_path, batch(VISITS, visits, SPAN), ordered(won), paid)
    reading = read(store, {"model": "shop"}, Settings(margin=0.5))
    ads = by_name(reading)["direct_ads"]
    assert reading.ends == "orders" and ads.romi["first"] == pytest.approx(900 * 0.5 / 500 - 1)
    assert ads.good == {model: romi is not None and romi >= -1e-9 for model, romi in ads.romi.items()}
    judged_by_target = by_name(read(store, {"model": "shop"}, Settings(margin=0.5), target_cpa=1.0))["direct_ads"]
    assert not any(judged_by_target.good.values()) and judged_by_target.romi == ads.romi


def test_what_ends_a_journey_follows_the_kind_of_client(tmp_path: Path) -> None:
    visits, won = journeys()
    store = loaded(tmp_path, batch(VISITS, visits, SPAN), reached(won), ordered(won))
    assert read(store).ends == "orders" and read(store, {"model": "shop"}).ends == "orders"
    assert read(store, {"model": "leads"}).ends == "goals"
    assert "renewals" in texts(read(store, {"model": "subscription"}))
    assert read(store, {"model": "leads"}, ends="orders").ends == "orders"
    assert read(store, {"model": "shop"}, goals=("1",)).ends == "goals"
    assert read(store, goals=("2",)).conversions == 0, "a goal that nobody reached"


def test_campaigns_and_sources_without_a_name_go_by_their_channel(toy: Warehouse) -> None:
    campaigns = by_name(read(toy, by="campaign"))
    assert set(campaigns) == {"tea", "weekly", "search_yandex", "direct"}
    assert campaigns["tea"].spend == 1000 and campaigns["search_yandex"].title == "Search: Yandex"
    assert set(by_name(read(toy, by="source"))) == {"yandex", "digest", "search_yandex", "direct"}
    with pytest.raises(CannotAnswer, match="not divided by"):
        Asked(by="weekday")


def test_rare_names_are_one_line_and_those_that_cost_money_never_are(toy: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(touches, "MOST_NAMES", 1)
    reading = read(toy)
    assert {line.title for line in reading.lines} == {"Yandex Direct", "E-mail", "All others"}
    assert "taken together" in texts(reading)
    assert sum(line.conversions["linear"] for line in reading.lines) == pytest.approx(28)


def test_a_shorter_lookback_forgets_early_touches(toy: Warehouse) -> None:
    lines = by_name(read(toy, lookback_days=10))
    assert lines["email"].conversions["first"] == 0 and lines["email"].conversions["last"] == 3, "its touches were 21 and 0 days old"
    assert read(toy, {"lookback_days": 10}).lookback_days == 10


def test_journeys_that_may_still_convert_are_neither_lost_nor_hidden(toy: Warehouse) -> None:
    late = attribution.read(toy.run, Settings(), {}, date(2026, 2, 1), date(2026, 6, 30), Asked(lookback_days=130))
    assert late.lost == 0 and "lost journeys are known only up to" in texts(late) and "No journey is lost for sure yet" in texts(late)
    rate = next(one for one in late.models if one.model == "shapley_rate")
    assert rate.why is not None and "settled yet" in str(rate.why)
    assert "known only up to" not in texts(read(toy)), "February is long over"


def test_paths_are_shown_by_titles(toy: Warehouse) -> None:
    paths = read(toy).paths
    assert paths[0].path == ("Search: Yandex", "Yandex Direct", "Direct visits") and (paths[0].conversions, paths[0].lost) == (10, 20)


def test_beginnings_that_are_not_loaded_are_warned_about(toy: Warehouse) -> None:
    assert "paths that began earlier" in texts(read(toy)), "90 days before February are not loaded"
    assert "paths that began earlier" not in texts(read(toy, lookback_days=30))


def test_money_in_another_currency_is_left_out_and_told(tmp_path: Path) -> None:
    visits, won = journeys()
    foreign = [{"day": UNTIL, "visit": 1, "visitor": 1, "goal": "1", "ordinal": 9, "reaches": 1, "value": 5, "currency": "USD"}]
    rows = reached(won)
    store = loaded(tmp_path, batch(VISITS, visits, SPAN), rows)
    store.load([batch(CONVERSIONS, foreign, SPAN)])
    reading = read(store)
    assert reading.currency == "RUB" and reading.conversions == 28 and "in other currencies are left out: 1 of 29" in texts(reading)


def test_without_spend_there_is_credit_and_no_verdict(tmp_path: Path) -> None:
    visits, won = journeys()
    reading = read(loaded(tmp_path, batch(VISITS, visits, SPAN), reached(won)))
    assert all(line.spend is None and line.verdict is None for line in reading.lines)
    assert "Spend is not loaded" in texts(reading) and "matters most" in str(reading.headline)


def test_a_paid_channel_without_a_touch_is_a_line_of_its_own(tmp_path: Path) -> None:
    visits, won = journeys()
    paid = spend([(date(2026, 2, 10), {"ad_system": "vkontakte", "source": "vk", "medium": "cpc"}, 700)], SPAN)
    line = by_name(read(loaded(tmp_path, batch(VISITS, visits, SPAN), reached(won), paid)))["vk_ads"]
    assert (line.high, line.spend, line.depends) == (0, 700, False) and line.cpa["first"] is None


def test_every_reason_for_no_attribution_is_told(tmp_path: Path) -> None:
    visits, won = journeys()
    nothing = loaded(tmp_path / "a", spend([(date(2026, 2, 10), ORIGIN["A"], 700)], SPAN))
    assert "single visits are not loaded" in str(read(nothing).why)
    silent = loaded(tmp_path / "b", batch(VISITS, visits, SPAN))
    assert "nothing to credit" in str(read(silent).why)
    assert "cannot be linked" in str(read(silent, ends="orders").why)
    outside = loaded(tmp_path / "c", batch(VISITS, visits, SPAN), reached(won))
    empty = read(outside, since=date(2026, 5, 1), until=date(2026, 5, 31))
    assert empty.spoken == () and empty.headline is None and "no conversions" in str(empty.models[0].why)
