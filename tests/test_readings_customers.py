"""The base of customers out of a store: states, flows that balance, retention with cells that are not yet, the funnel in money."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from data.warehouse import Warehouse
from metrics import Settings
from metrics.readings import customers
from metrics.readings.customers import CustomersReading
from metrics.readings.subject import plain
from tests.bought import YANDEX, Bought, months, orders, reaches, visits
from tests.small_store import loaded, spend

SPAN = (date(2025, 1, 1), date(2025, 12, 31))
UNTIL = SPAN[1]
OCTOBER = date(2025, 10, 1)


def regulars() -> list[Bought]:
    """Ten customers begin each month and buy every 30 days, the odd ones three times and then no more."""
    rows: list[Bought] = []
    for place, month in enumerate(months(date(2025, 1, 1), 12)):
        for number in range(10):
            for turn in range(3 if number % 2 else 12):
                day = month + timedelta(days=number + 30 * turn)
                if day <= UNTIL:
                    rows.append((f"b{place}-{number}", day, 1000 if turn == 0 else 400))
    return rows


def busy(count: int = 20) -> dict[date, int]:
    return {SPAN[0] + timedelta(days=step): count for step in range(365)}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    cost = spend([(month, YANDEX, 2000) for month in months(SPAN[0], 12)], SPAN)
    direct = visits(busy(4), SPAN, {"traffic_source": "direct"}, first=10**9)
    folder = tmp_path_factory.mktemp("regulars")
    store = loaded(folder, orders(regulars(), SPAN), visits(busy(), SPAN), reaches({OCTOBER: 90}, "7", SPAN), cost)
    store.load([direct])
    return store


def read(
    store: Warehouse, facts: Mapping[str, Any] | None = None, settings: Settings | None = None, since: date = OCTOBER, until: date = UNTIL
) -> CustomersReading:
    return customers.read(store.run, settings or Settings(margin=0.5), facts or {}, since, until)


def test_everybody_has_one_state_and_the_shares_add_up(store: Warehouse) -> None:
    reading = read(store)
    assert reading.gap == 30 and reading.why is None
    assert sum(line.customers for line in reading.states) == 120
    assert sum(line.share for line in reading.states) == pytest.approx(1)
    by = {line.state: line.customers for line in reading.states}
    assert by["churned"] > 20 and by["new"] == 10, "those of December are new"
    json.dumps(plain(reading))


def test_flows_balance_month_by_month_and_meet_the_states(store: Warehouse) -> None:
    reading = read(store)
    assert len(reading.flows) == 11
    for before, flow in zip((None, *reading.flows), reading.flows, strict=False):
        assert flow.end == flow.start + flow.new + flow.reactivated - flow.lapsed
        assert before is None or before.end == flow.start
    here = sum(line.customers for line in reading.states if line.state != "churned")
    assert reading.flows[-1].end == here and f"{here:,}" in f"{float(here):,.0f}"
    moved = reading.transitions
    assert moved is not None and sum(moved["none"].values()) == 10


def test_retention_leaves_empty_what_is_not_yet(store: Warehouse) -> None:
    lines = read(store).retention
    assert [line.customers for line in lines] == [10] * 12
    assert lines[0].shares[0] == 1 and None not in lines[0].shares
    assert lines[-1].shares[0] == 1 and set(lines[-1].shares[1:]) == {None}
    assert read(store).pooled[0] == 1


def test_segments_count_everybody_once(store: Warehouse) -> None:
    segments = read(store).segments
    assert sum(line.customers for line in segments) == 120 and sum(line.customer_share for line in segments) == pytest.approx(1)
    revenue = sum(amount for _, _, amount in regulars())
    assert sum(line.amount for line in segments) == pytest.approx(0.5 * revenue)


def test_the_funnel_is_counted_over_the_asked_days_and_its_weakest_step_by_money(store: Warehouse) -> None:
    reading = read(store)
    steps = {line.step: line for line in reading.steps}
    asked = [(who, day, amount) for who, day, amount in regulars() if day >= OCTOBER]
    first = {who: min(day for other, day, _ in regulars() if other == who) for who, _, _ in regulars()}
    again = {who for who, day, _ in asked if day > first[who]}
    assert steps["acquisition"].count == 92 * 24 and steps["activation"].count == pytest.approx(92 * (15 + 3))
    assert steps["revenue"].count == len({who for who, _, _ in asked}) and steps["retention"].count == len(again)
    assert steps["referral"].count == 92 * 4
    later = 0.5 * sum(amount for who, day, amount in asked if day > first[who])
    room = 1 / (len(again) / len({who for who, _, _ in asked})) - 1
    assert steps["retention"].worth == pytest.approx(min(0.1, room) * later)
    assert [line.step for line in reading.steps if line.weakest] != [] and reading.funnel_why is None
    assert "engaged visit" in str(reading.funnel_notes[0])


def test_activation_may_be_a_goal(store: Warehouse) -> None:
    reading = read(store, {"activation_goals": ["7"]})
    assert {line.step: line.count for line in reading.steps}["activation"] == 90
    assert "reached 7" in str(reading.funnel_notes[0])


def test_without_orders_the_base_is_not_known_and_the_funnel_says_what_it_lacks(tmp_path: Path) -> None:
    reading = read(loaded(tmp_path, visits(busy(), SPAN)))
    assert "not loaded" in str(reading.why) and reading.states == () and reading.segments == ()
    steps = {line.step: line for line in reading.steps}
    assert steps["acquisition"].count == 92 * 20 and steps["revenue"].count is None
    assert "Not loaded" in str(steps["revenue"].note) and "needs visits" in str(reading.funnel_why)


def test_a_base_without_a_rhythm_has_retention_and_segments_but_no_states(tmp_path: Path) -> None:
    rows = [(f"b{number}", SPAN[0] + timedelta(days=number), 1000) for number in range(50)]
    reading = read(loaded(tmp_path, orders(rows, SPAN), visits(busy(), SPAN)))
    assert "Only 0 repeat purchases" in str(reading.why) and reading.states == () and reading.flows == ()
    assert reading.retention and reading.segments


def test_the_headline_tells_the_base_and_its_last_month(store: Warehouse) -> None:
    assert "came or came back" in str(read(store).headline)
    young = read(store, until=date(2025, 3, 15), since=date(2025, 3, 1))
    assert young.why is None or "repeat purchases" in str(young.why)
