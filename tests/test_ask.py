"""An answer equals what one gets by adding up the facts by hand: every grain, filter and comparison, and every kind of nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from connectors import understand
from data.warehouse import Warehouse
from metrics import METRICS, Query, Settings, ask
from metrics.periods import Window, before, bucket
from tests.random_store import FIRST, LAST, Store, build
from tests.stored import shared

SUMS = ("visits", "new_users", "page_views", "conversions", "spend", "clicks", "orders", "revenue", "gross_revenue")
PEOPLE = ("users", "goal_visits", "buyers")
RATES = ("cr", "cpa", "bounce_rate", "depth", "drr", "aov", "cpc", "romi", "cost_per_visit", "arpu")
BREAKDOWNS = ("channel", "source", "campaign", "device", "city", "ad_system", "day", "week", "month", "weekday", "quarter")
TIME = ("day", "week", "month", "quarter", "year", "weekday")
DEFAULTS = Settings(margin=0.4)


@pytest.fixture(scope="module", params=[1, 2, 3])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    yield build(tmp_path_factory.mktemp("store"), request.param)


# ------------------------------------------------------------------------------------------------------------ adding up by hand

TABLE = {
    "visits": "visits",
    "new_visits": "visits",
    "bounces": "visits",
    "page_views": "visits",
    "users": "visits",
    "reaches": "conversions",
    "goal_visits": "conversions",
    "orders": "orders",
    "revenue": "orders",
    "gross_revenue": "orders",
    "buyers": "orders",
    "cost": "spend",
    "clicks": "spend",
}


def measured(rows: pd.DataFrame, measure: str) -> float:
    """One measure over rows of its table, the slow way."""
    if measure == "users":
        return float(len({v for v in rows["visitor"] if v != 0}))
    if measure == "goal_visits":
        return float(len(set(rows["visit"])))
    kept = rows[~rows["status"].isin(["cancelled", "spam"])] if "status" in rows else rows
    if measure == "buyers":
        return float(len(set(kept["customer"])))
    if measure == "revenue":
        return float(math.fsum(kept["revenue"]) - math.fsum(kept["refund"].fillna(0.0)))
    if measure == "gross_revenue":
        return math.fsum(rows.loc[rows["status"] != "spam", "revenue"])
    return math.fsum((kept if measure == "orders" else rows)[measure])


class ByHand:
    """Answers a query from the plain frames."""

    def __init__(self, store: Store, query: Query) -> None:
        self.store, self.query = store, query
        now = Window(query.since, query.until)
        self.windows = [now, *([shifted] if (shifted := before(now, query.compare)) else [])]

    def days(self, window: Window) -> set[date]:
        """The days that filters on time leave."""
        days = [date.fromordinal(day) for day in window.days()]
        wanted = [(name, values) for name, values in self.query.only if name in TIME]
        return {day for day in days if all(str(bucket(name, day, window.shift)) in values for name, values in wanted)}

    def rows(self, measure: str, window: Window, days: set[date], key: dict[str, Any]) -> pd.DataFrame | None:
        """The rows of one group; None where the table does not have the breakdown."""
        rows = self.store.facts[TABLE[measure]]
        for name, wanted in [*((n, (v,)) for n, v in key.items()), *self.query.only]:
            if name in TIME:
                rows = rows[np.array([str(bucket(name, day, window.shift)) in map(str, wanted) for day in rows["day"]], dtype=bool)]
            elif name not in rows:
                return None
            else:
                rows = rows[rows[name].isin(wanted)]
        if self.query.goals and "goal" in rows:
            rows = rows[rows["goal"].isin(self.query.goals)]
        return rows[rows["day"].isin(days)]

    def value(self, measure: str, window: Window, key: dict[str, Any], days: set[date]) -> float:
        """NaN where nothing of the bucket is loaded or the breakdown is not recorded."""
        time = {name: value for name, value in key.items() if name in TIME}
        asked = {day for day in days if all(bucket(name, day, window.shift) == value for name, value in time.items())}
        rows = self.rows(measure, window, days, key)
        if rows is None or not asked & self.store.loaded[TABLE[measure]]:
            return math.nan
        return measured(rows, measure)

    def metric(self, metric: str, window: Window, key: dict[str, Any]) -> float:
        """The metric of one group: sums over the days on which all its tables are loaded, then one division."""
        row, days = METRICS[metric], self.days(window)
        loaded = [self.store.loaded[TABLE[m]] & days for m in row.measures if self.rows(m, window, days, {}) is not None]
        if len({frozenset(one) for one in loaded if one}) > 1:
            days = set(frozenset.intersection(*(frozenset(one) for one in loaded if one)))
        factors = {"margin": 0.4}
        over = row.formula.value(lambda m: self.value(m, window, key, days), factors)
        if row.divisor is None:
            return float(over)
        under = row.divisor.value(lambda m: self.value(m, window, key, days), factors)
        return float("nan") if under == 0 else float(over / under)


def same(found: Any, expected: float) -> bool:
    if found is None or found != found:
        return expected != expected
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)


def agrees(store: Store, query: Query) -> None:
    result, by_hand = ask(query, store.warehouse.run, DEFAULTS), ByHand(store, query)
    for metric in query.metrics:
        assert same(result.total[metric], by_hand.metric(metric, by_hand.windows[0], {})), ("total", metric)
        if query.compare:
            assert result.before is not None
            assert same(result.before[metric], by_hand.metric(metric, by_hand.windows[1], {})), ("before", metric)
    for row in result.frame.to_dict("records"):
        key = {str(name): value.date() if name in TIME and name != "weekday" else value for name, value in row.items() if name in query.by}
        for metric in query.metrics:
            assert same(row[metric], by_hand.metric(metric, by_hand.windows[0], key)), (key, metric)
            if query.compare:
                assert same(row[f"{metric}__before"], by_hand.metric(metric, by_hand.windows[1], key)), (key, metric, "before")
    if query.by:
        covers(store, query, result.frame)


def covers(store: Store, query: Query, frame: pd.DataFrame) -> None:
    """Every group that has a row in any table is in the answer, once."""
    keys = [tuple(row) for row in frame[list(query.by)].astype(object).to_numpy()]
    assert len(keys) == len(set(keys))
    if not any(name in TIME for name in query.by) and not query.only:
        facts = store.facts["visits"]
        inside = facts[(facts["day"] >= query.since) & (facts["day"] <= query.until)]
        if "visits" in query.metrics:
            assert {tuple(row) for row in inside[list(query.by)].to_numpy()} <= set(keys)


FILTERS = (
    (),
    (("device", ("phone",)),),
    (("channel", ("vk_ads", "direct")),),
    (("city", ("Kazan", "Tver")),),
    (("weekday", ("6", "7")),),
)
days = st.integers(0, (LAST - FIRST).days)


@st.composite
def queries(draw: st.DrawFn) -> Query:
    one, other = sorted((draw(days), draw(days)))
    metrics = draw(st.lists(st.sampled_from(SUMS + PEOPLE + RATES), min_size=1, max_size=4, unique=True))
    by = draw(st.lists(st.sampled_from(BREAKDOWNS), max_size=2, unique=True))
    only = draw(
        st.sampled_from(
            [
                (),
                (("device", ("phone",)),),
                (("channel", ("vk_ads", "direct")),),
                (("city", ("Kazan", "Tver")),),
                (("weekday", ("6", "7")),),
            ]
        )
    )
    return Query(
        tuple(metrics),
        FIRST + timedelta(days=one),
        FIRST + timedelta(days=other),
        tuple(by),
        draw(st.sampled_from(["", "previous", "weekdays", "year"])),
        only,
        goals=draw(st.sampled_from([(), ("11",)])),
    )


@given(query=queries())
@settings(max_examples=12, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
def test_every_figure_equals_what_adding_up_by_hand_gives(store: Store, query: Query) -> None:
    agrees(store, query)


# ------------------------------------------------------------------------------------------------------------------- a real log


@pytest.fixture(scope="module")
def university(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A real log of 887 rows, in which every visit stands once per page."""
    found = understand(shared("metrika/logs_visits_university.tsv"))
    store = Warehouse(tmp_path_factory.mktemp("university"))
    store.load(found.source.read([found.head], {"timezone": "Europe/Moscow", **found.says.facts}))
    return store


def test_a_real_log_has_the_figures_that_are_known_independently(university: Warehouse) -> None:
    query = Query(("visits", "users", "conversions", "goal_visits"), date(2022, 1, 20), date(2022, 4, 30), ("month",))
    result = ask(query, university.run)
    assert result.total == {"visits": 439, "users": 388, "conversions": 8, "goal_visits": 7}
    assert [row["visits"] for row in result.rows()] == [275, 99, 41, 24]
    assert [row["users"] for row in result.rows()] == [242, 83, 41, 24]


@pytest.mark.parametrize("by", ["channel", "device", "city", "campaign", "week", "weekday", "landing", "engine", "browser"])
def test_visits_of_a_real_log_add_up_to_the_same_total_in_every_cut(university: Warehouse, by: str) -> None:
    result = ask(Query(("visits", "users", "page_views"), date(2022, 1, 20), date(2022, 4, 30), (by,)), university.run)
    assert sum(row["visits"] for row in result.rows() if isinstance(row["visits"], int)) == 439
    assert result.total == {"visits": 439, "users": 388, "page_views": result.total["page_views"]}
