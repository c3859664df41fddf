"""Steps and demand that others count equal adding up by hand: every metric, at every grain, with every comparison, on random stores."""

from __future__ import annotations

import math
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from data.tables import DEMAND, STEPS
from data.warehouse import Warehouse
from metrics import METRICS, Query, Settings, ask
from metrics.periods import Window, before, bucket
from tests.small_store import batch, loaded

FIRST, LAST = date(2026, 1, 5), date(2026, 4, 19)
KEPT = Settings(fiscal=26)
GRAINS = ("day", "week", "month", "fiscal_month", "quarter", "year", "weekday")
COMPARISONS = ("", "previous", "weekdays", "year", "2026-02-03/2026-02-20")
OWN = {"steps": ("step", ("calls", "offers", "deals")), "demand": ("phrase", ("tea", "puer"))}
METRIC = {
    "step_reached": ("steps", "reached", "", ""), "step_amount": ("steps", "amount", "", ""),
    "step_ticket": ("steps", "amount", "reached", ""), "demand": ("demand", "searches", "", ""),
    "demand_index": ("demand", "strength", "days", "index"),
}
"""metric -> its table, what is added, by what it is divided, against what it stands."""


def build(folder: Any, seed: int) -> tuple[Warehouse, dict[str, pd.DataFrame]]:
    """Some days of each step and phrase; the same rows as plain frames. Offers count and have money, calls only count."""
    chance = np.random.default_rng(seed)
    days = [FIRST + timedelta(days=step) for step in range((LAST - FIRST).days + 1)]
    steps, demand, batches = [], [], []
    for step in OWN["steps"][1]:
        counted = [{"day": day, "until": day, "step": step, "reached": int(chance.integers(0, 9))} for day in days if chance.random() < 0.7]
        paid = [
            {"day": day, "until": day, "step": step, "amount": int(chance.integers(1, 10**6)), "currency": "RUB"}
            for day in days if step != "calls" and chance.random() < 0.5
        ]
        for what, rows in (("reached", counted), ("amount", paid)):
            if rows:
                batches.append(batch(STEPS, rows, (FIRST, LAST), "sheet", attribution="", breakdown=f"{step}, {what}"))
        steps += counted + paid
    for phrase in OWN["demand"][1]:
        counts = {day: int(chance.integers(1, 500)) for day in days if chance.random() < 0.8}
        rows = [{"day": day, "until": day, "phrase": phrase, "searches": n, "strength": n, "days": 1} for day, n in counts.items()]
        batches.append(batch(DEMAND, rows, (FIRST, LAST), "Wordstat", attribution="", breakdown=phrase))
        demand += rows
    return loaded(folder, *batches), {"steps": pd.DataFrame(steps), "demand": pd.DataFrame(demand)}


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return cache(lambda seed: build(tmp_path_factory.mktemp("outside"), seed))


def by_hand(rows: pd.DataFrame, metric: str, window: Window, key: dict[str, Any]) -> float:
    """A figure of one group: a sum, or one over another."""
    _, over, under, _ = METRIC[metric]
    if not under:
        return added(rows, over, window, key)
    divisor = added(rows, under, window, key)
    return added(rows, over, window, key) / divisor if divisor else math.nan


def added(rows: pd.DataFrame, column: str, window: Window, key: dict[str, Any]) -> float:
    """The sum over one group. NaN where the days were never loaded, and for a step of which the window has no such figure at all."""
    known = {FIRST + timedelta(days=step) for step in range((LAST - FIRST).days + 1)}
    inside = {date.fromordinal(day) for day in window.days()} & known
    time = {name: at for name, at in key.items() if name in GRAINS}
    days = {day for day in inside if all(bucket(name, day, window.shift, window.fiscal) == at for name, at in time.items())}
    [own] = set(key) - set(time)
    mine = rows[(rows[own] == key[own]) & rows["day"].isin(inside)]
    if not days or (own == "step" and mine[column].isna().all()):
        return math.nan
    return math.fsum(mine.loc[mine["day"].isin(days), column].dropna())


def same(found: Any, expected: float) -> bool:
    return expected != expected if found is None or found != found else math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)


def agrees(store: tuple[Warehouse, dict[str, pd.DataFrame]], query: Query) -> None:
    warehouse, facts = store
    result = ask(query, warehouse.run, KEPT)
    now = Window(query.since, query.until, fiscal=KEPT.fiscal)
    windows = [("", now), *([("__before", shifted)] if (shifted := before(now, query.compare)) else [])]
    rows = result.frame.to_dict("records")
    keys = [{name: row[name].date() if isinstance(row[name], pd.Timestamp) else row[name] for name in query.by} for row in rows]
    assert len({tuple(key.values()) for key in keys}) == len(keys)
    for metric in query.metrics:
        table = METRIC[metric][0]
        for suffix, window in windows:
            average = against(facts[table], metric, window, keys)
            for row, key in zip(rows, keys, strict=True):
                expected = by_hand(facts[table], metric, window, key) / average
                assert same(row[metric + suffix], expected), (metric, suffix, key, row[metric + suffix], expected)


def against(rows: pd.DataFrame, metric: str, window: Window, keys: list[dict[str, Any]]) -> float:
    """For an index the ratio over all rows of the answer together, else 1."""
    if METRIC[metric][3] != "index":
        return 1.0
    strength, days = (math.fsum(found for key in keys if (found := added(rows, one, window, key)) == found) for one in ("strength", "days"))
    return strength / days if days else math.nan


def test_every_metric_of_the_market_and_of_others_funnels_is_here() -> None:
    assert set(METRIC) == {key for key, metric in METRICS.items() if metric.section == "outside"}


@pytest.mark.parametrize("compare", COMPARISONS)
@pytest.mark.parametrize("grain", ["", *GRAINS])
def test_every_grain_with_every_comparison(stores: Any, grain: str, compare: str) -> None:
    if not grain and compare in ("weekdays", "year"):
        compare = "previous"
    span = (date(2026, 3, 20), date(2026, 4, 2)) if grain == "day" else (date(2026, 2, 20), date(2026, 4, 12))
    for table, (own, _) in OWN.items():
        metrics = tuple(key for key, one in METRIC.items() if one[0] == table)
        agrees(stores(0), Query(metrics, *span, (own, grain) if grain else (own,), compare))


@st.composite
def queries(draw: st.DrawFn) -> Query:
    table = draw(st.sampled_from(list(OWN)))
    own, _ = OWN[table]
    one, other = sorted(FIRST + timedelta(days=draw(st.integers(0, (LAST - FIRST).days))) for _ in range(2))
    metrics = draw(st.lists(st.sampled_from([key for key, each in METRIC.items() if each[0] == table]), min_size=1, unique=True))
    grain = draw(st.sampled_from(["", *GRAINS]))
    return Query(tuple(metrics), one, other, (own, grain) if grain else (own,), draw(st.sampled_from(COMPARISONS)))


@pytest.mark.parametrize("seed", [1, 2])
@given(query=queries())
@settings(max_examples=8, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
def test_any_question(stores: Any, seed: int, query: Query) -> None:
    agrees(stores(seed), query)
