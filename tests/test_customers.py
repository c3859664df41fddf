"""Customers: states by the definition, flows that always balance, retention with empty cells, RFM without gaps, the weakest step by
money."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from numpy.testing import assert_allclose

from metrics import customers
from metrics.buying import cohorts, rfm
from metrics.buying.funnel import Counts, Step, funnel
from metrics.customers import Base, State, base, flows, month_ends, states, transitions

START = date(2026, 1, 1)
Bought = dict[str, list[int]]


def people(bought: Bought, gap: float | None = 20.0) -> Base:
    """Customers by the days, counted from 1 January, on which they bought."""
    rows = [(name, pd.Timestamp(START) + pd.Timedelta(days=day)) for name, days in bought.items() for day in days]
    return base(pd.DataFrame(rows, columns=["customer", "day"]).astype({"day": "datetime64[us]"}), gap)


def on(day: int) -> date:
    return START + timedelta(days=day)


def by_definition(days: list[int], today: int, usual: float) -> State | None:
    """The state of one customer, word by word."""
    known = sorted({day for day in days if day <= today})
    if not known:
        return None
    gaps = [later - earlier for earlier, later in pairwise(known)]
    rhythm = median(gaps) if len(gaps) >= 3 else usual
    silent = today - known[-1]
    if today - known[0] <= rhythm:
        return State.NEW
    if gaps and gaps[-1] > 3 * rhythm and silent <= rhythm:
        return State.REACTIVATED
    if silent <= 1.5 * rhythm:
        return State.ACTIVE
    return State.AT_RISK if silent <= 3 * rhythm else State.CHURNED


# --------------------------------------------------------------------------------------------------------------- states


@pytest.mark.parametrize(("bought", "today", "state"), [
    ([0], 20, State.NEW),
    ([0], 21, State.ACTIVE),
    ([0], 31, State.AT_RISK),
    ([0], 60, State.AT_RISK),
    ([0], 61, State.CHURNED),
    ([0, 70], 90, State.REACTIVATED),
    ([0, 70], 91, State.ACTIVE),
    ([0, 5, 10, 15], 22, State.ACTIVE),
    ([0, 5, 10, 15], 23, State.AT_RISK),
    ([0, 5, 10, 15], 31, State.CHURNED),
])
def test_silence_is_measured_in_the_usual_gap_and_then_in_ones_own(bought: list[int], today: int, state: State) -> None:
    assert states(people({"ann": bought}), on(today)).to_dict() == {"ann": str(state)}


BASES = some.dictionaries(some.sampled_from("abcdef"), some.lists(some.integers(0, 400), min_size=1, max_size=8), min_size=1, max_size=6)


@settings(deadline=None, max_examples=150)
@given(BASES, some.integers(0, 500), some.integers(1, 60))
def test_everybody_who_bought_has_exactly_the_state_of_the_definition(bought: Bought, today: int, usual: int) -> None:
    expected = {name: by_definition(days, today, usual) for name, days in bought.items()}
    assert states(people(bought, usual), on(today)).to_dict() == {name: str(state) for name, state in expected.items() if state is not None}


@settings(deadline=None, max_examples=60)
@given(BASES, some.integers(0, 300), some.integers(1, 60))
def test_what_happens_later_changes_no_state(bought: Bought, today: int, usual: int) -> None:
    before = {name: known for name, days in bought.items() if (known := [day for day in days if day <= today])}
    if before:
        assert states(people(bought, usual), on(today)).to_dict() == states(people(before, usual), on(today)).to_dict()


def test_the_median_of_the_base_is_its_usual_gap() -> None:
    known = people({f"c{number}": [0, 10 + number % 3] for number in range(31)}, gap=None)
    assert known.gap == 11 and known.why is None


def test_without_enough_repeats_there_are_no_states_and_a_reason() -> None:
    thin = people({"ann": [0, 10], "bob": [3]}, gap=None)
    assert np.isnan(thin.gap) and thin.why is not None and "1 repeat" in str(thin.why)
    assert states(thin, on(50)).empty
    assert [flow.end for flow in flows(thin, [on(0), on(50)])] == [0]


# ---------------------------------------------------------------------------------------------------------------- flows


@settings(deadline=None, max_examples=150)
@given(BASES, some.lists(some.integers(0, 500), min_size=2, max_size=6, unique=True), some.integers(1, 60))
def test_flows_always_balance(bought: Bought, ends: list[int], usual: int) -> None:
    known = people(bought, usual)
    found = flows(known, [on(day) for day in sorted(ends)])
    assert len(found) == len(ends) - 1
    for flow in found:
        assert flow.end == flow.start + flow.new + flow.reactivated - flow.lapsed
        moved = transitions(known, flow.since, flow.until)
        alive = [str(state) for state in State if state is not State.CHURNED]
        assert moved.loc["none", alive].sum() == flow.new and moved.loc["churned", alive].sum() == flow.reactivated
        assert moved.loc[alive, "churned"].sum() == flow.lapsed and moved.loc["none", "churned"].sum() == flow.came_and_went
        assert moved.to_numpy().sum() == len(states(known, flow.until))
    for earlier, later in pairwise(found):
        assert earlier.end == later.start


@settings(deadline=None, max_examples=60)
@given(BASES, some.integers(0, 300), some.integers(1, 200), some.integers(1, 60))
def test_only_a_purchase_brings_anybody_back(bought: Bought, since: int, span: int, usual: int) -> None:
    known = people(bought, usual)
    before, after = states(known, on(since)), states(known, on(since + span))
    for name in before[before == str(State.CHURNED)].index:
        if after[name] != str(State.CHURNED):
            assert any(since < day <= since + span for day in bought[name])


def test_a_year_of_flows_by_month() -> None:
    ends = month_ends(date(2025, 12, 31), date(2026, 4, 30))
    assert ends == (date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30))
    january, february, march, april = flows(people({"ann": [0, 20, 40, 60, 80, 100], "bob": [5], "cat": [40, 110]}), ends)
    assert (january.start, january.new, january.end) == (0, 2, 2)
    assert (february.new, february.lapsed, february.end) == (1, 0, 3)
    assert (march.lapsed, march.end) == (1, 2), "bob bought once on 6 January"
    assert (april.reactivated, april.lapsed, april.end) == (0, 0, 2)


def test_who_came_and_was_lost_between_two_ends_touches_neither() -> None:
    flow, = flows(people({"ann": [5]}, gap=2.0), [on(0), on(100)])
    assert (flow.start, flow.new, flow.end, flow.came_and_went) == (0, 0, 0, 1)


# ------------------------------------------------------------------------------------------------------------ retention


def test_retention_leaves_what_is_not_yet_empty_and_pools_by_sums() -> None:
    sums = pd.DataFrame({
        "cohort": pd.to_datetime(["2026-01-01"] * 2 + ["2026-02-01"] * 2), "age": [0, 1, 0, 1], "buyers": [100, 30, 10, 9], "amount": 0.0,
    })
    table = cohorts.triangle(sums, "buyers", date(2026, 3, 31))
    assert_allclose(customers.retention(table), [[1, 0.3, 0], [1, 0.9, np.nan]])
    assert_allclose(customers.pooled_retention(table)[:2], (1, 39 / 110))


# ------------------------------------------------------------------------------------------------------------------ rfm


def test_every_score_has_exactly_one_segment() -> None:
    assert len(rfm.SEGMENTS) == 5 and all(len(row) == 5 for row in rfm.SEGMENTS)
    spelled = {
        "Champions": {(5, 4), (5, 5)},
        "Loyal": {(3, 4), (3, 5), (4, 4), (4, 5)},
        "New": {(5, 1)},
        "Promising": {(4, 1)},
        "Potential loyal": {(4, 2), (4, 3), (5, 2), (5, 3)},
        "Need attention": {(3, 2), (3, 3)},
        "About to sleep": {(3, 1)},
        "At risk": {(1, 3), (1, 4), (2, 3), (2, 4)},
        "Cannot lose": {(1, 5), (2, 5)},
        "Hibernating": {(1, 1), (1, 2), (2, 1), (2, 2)},
    }
    found: dict[str, set[tuple[int, int]]] = {}
    for r, row in enumerate(rfm.SEGMENTS, start=1):
        for f, segment in enumerate(row, start=1):
            found.setdefault(segment, set()).add((r, f))
    assert found == spelled


def test_scores_of_a_small_base() -> None:
    orders = {"ann": (300, 12), "bob": (299, 1), "cat": (200, 3), "dan": (100, 2), "eve": (1, 5)}
    frame = pd.DataFrame([
        {"customer": name, "day": pd.Timestamp(on(day)), "orders": count, "amount": 10.0 * count} for name, (day, count) in orders.items()
    ])
    scored = rfm.rfm(frame, on(305))
    assert scored["r"].to_dict() == {"ann": 5, "bob": 4, "cat": 3, "dan": 2, "eve": 1}
    assert scored["f"].to_dict() == {"ann": 5, "bob": 1, "cat": 3, "dan": 2, "eve": 4}
    assert scored["segment"].tolist() == ["Champions", "Promising", "Need attention", "Hibernating", "At risk"]
    assert rfm.sizes(scored)["customer_share"].sum() == pytest.approx(1) and rfm.sizes(scored)["amount"].sum() == 230


def test_orders_older_than_a_year_count_for_recency_only() -> None:
    bought = pd.to_datetime(["2024-01-01", "2025-03-01"])
    frame = pd.DataFrame({"customer": ["ann", "ann"], "day": bought, "orders": [9, 1], "amount": [90.0, 10.0]})
    scored = rfm.rfm(frame, date(2025, 12, 31))
    assert scored.loc["ann", ["silent", "orders", "amount", "f"]].tolist() == [305, 1, 10, 1]


@settings(deadline=None, max_examples=60)
@given(some.lists(some.integers(0, 20), min_size=1, max_size=40))
def test_equal_customers_get_equal_scores_and_order_is_kept(silent: list[int]) -> None:
    scores = rfm.quintile(pd.Series(silent, dtype=float))
    for value, score in zip(silent, scores, strict=True):
        for other, second in zip(silent, scores, strict=True):
            assert (value == other) <= (score == second) and (value < other) <= (score <= second)


# --------------------------------------------------------------------------------------------------------------- funnel

SHOP = Counts(10_000, 2_500, buyers=200, repeaters=30, referred=1_500, first_margin=200_000, repeat_margin=40_000, spend=150_000)


def test_rates_are_of_the_step_before() -> None:
    rates = {stage.step: stage.rate for stage in funnel(SHOP).stages}
    assert rates == {Step.ACQUISITION: None, Step.ACTIVATION: 0.25, Step.RETENTION: 0.15, Step.REVENUE: 0.08, Step.REFERRAL: 0.15}


def test_a_tenth_more_is_worth_what_it_adds() -> None:
    worth = {stage.step: stage.worth for stage in funnel(SHOP).stages}
    assert worth[Step.ACQUISITION] == pytest.approx(9_000), "a tenth more visits cost a tenth more"
    assert worth[Step.ACTIVATION] == worth[Step.REVENUE] == pytest.approx(24_000)
    assert worth[Step.RETENTION] == pytest.approx(4_000)
    assert worth[Step.REFERRAL] == pytest.approx(3_600)


def test_the_weakest_step_is_chosen_by_money_and_not_by_percent() -> None:
    found = funnel(SHOP, reach={Step.ACTIVATION: 0.05, Step.RETENTION: 0.9})
    assert found.weakest == (Step.RETENTION,), "repeat purchase within reach of doubling beats the 8 % of revenue"
    assert funnel(SHOP).weakest == (Step.ACTIVATION, Step.REVENUE), "a tie is said to be one"


def test_a_full_step_has_no_room() -> None:
    full = funnel(Counts(visits=100, activated=98, buyers=50, repeaters=5, referred=0, first_margin=1_000, repeat_margin=0, spend=0))
    worth = {stage.step: stage.worth for stage in full.stages}
    assert worth[Step.ACTIVATION] == pytest.approx(1_000 * (100 / 98 - 1))
    assert full.weakest == (Step.ACQUISITION, Step.REVENUE)


def test_not_loaded_is_not_zero() -> None:
    found = {stage.step: stage for stage in funnel(Counts(visits=100, activated=0, first_margin=10.0)).stages}
    missing, undefined = found[Step.RETENTION], found[Step.REVENUE]
    assert missing.count is None and missing.note is not None and missing.note.kind == "missing"
    assert undefined.note is not None and undefined.count is None
    nobody = {stage.step: stage for stage in funnel(Counts(visits=100, activated=0, buyers=0, first_margin=0)).stages}
    assert nobody[Step.REVENUE].note is not None and nobody[Step.REVENUE].note.kind == "undefined" and nobody[Step.REVENUE].rate is None
    assert nobody[Step.ACTIVATION].rate == 0 and nobody[Step.ACTIVATION].note is None


def test_a_funnel_without_money_names_no_step() -> None:
    found = funnel(Counts(visits=100, activated=10, buyers=1))
    assert found.weakest == () and found.why is not None


@settings(deadline=None, max_examples=60)
@given(some.floats(1.5, 100))
def test_the_weakest_step_does_not_depend_on_the_currency(rate: float) -> None:
    dearer = Counts(**{**vars(SHOP), **{name: getattr(SHOP, name) * rate for name in ("first_margin", "repeat_margin", "spend")}})
    assert funnel(dearer).weakest == funnel(SHOP).weakest


def test_states_of_many_customers_partition_them() -> None:
    random = np.random.default_rng(0)
    known = people({f"c{number}": random.integers(0, 300, random.integers(1, 6)).tolist() for number in range(200)}, gap=30.0)
    for day in (100, 200, 300):
        counted = Counter(states(known, on(day)))
        assert set(counted) <= {str(state) for state in State}
        assert sum(counted.values()) == len(np.unique(known.customer[known.day <= int(np.datetime64(on(day), "D").astype(int))]))
