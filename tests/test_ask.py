"""An answer equals what one gets by adding up the facts by hand: every metric, grain, filter and comparison, and every kind of nothing."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from connectors import understand
from data.warehouse import Warehouse
from metrics import METRICS, OTHER, Query, Settings, ask
from metrics.basis import Basis
from metrics.registry import aggregation
from tests.by_hand import MEASURED, TIME, ByHand
from tests.random_store import FIRST, LAST, Store, build
from tests.stored import shared

EVERY = tuple(key for key, metric in METRICS.items() if set(metric.measures) <= set(MEASURED))
GRAINS: tuple[tuple[str, ...], ...] = (
    (), ("day",), ("week",), ("month",), ("fiscal_month",), ("quarter",), ("year",), ("weekday",), ("channel",), ("campaign",),
)
COMPARISONS = ("", "previous", "weekdays", "year", "2026-02-03/2026-02-20")
CASES = [(by, how) for by in GRAINS for how in COMPARISONS if (by and by[0] in TIME) or how in ("", "previous", COMPARISONS[-1])]
"""Days are moved for breakdowns by time only; without one, a comparison is one period beside another, however far away it is."""
BREAKDOWNS = ("channel", "source", "campaign", "device", "city", "ad_system", "day", "week", "month", "weekday", "quarter", "fiscal_month")
TERMS = [
    {"vat": "gross", "levy": True, "fee": 0.1, "counts": ["levy"]}, {"since": "2026-03-10", "levy": 0.03, "fee": 0.12, "counts": ["fee"]},
]
KEPT = Settings(margin=0.4, fiscal=26, cart_goals=("12",), basis=Basis.of({"spend_terms": TERMS}))


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Random stores by seed, built when they are asked for."""
    return cache(lambda seed: build(tmp_path_factory.mktemp("store"), seed))


def same(found: Any, expected: float) -> bool:
    if found is None or found != found:
        return expected != expected
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-8)


def agrees(store: Store, query: Query, kept: Settings = KEPT) -> None:
    result, by_hand = ask(query, store.warehouse.run, kept), ByHand(store, query, kept)
    rows = [(_key(row, query), row) for row in result.frame.to_dict("records")] if query.by else []
    by_hand.keys = tuple(key for key, _ in rows) or ({},)
    total = {**result.total, **{f"{name}__before": value for name, value in (result.before or {}).items()}}
    total |= {f"{name}__change": value for name, value in (result.change or {}).items()}
    for key, found in (({}, total), *rows):
        for metric in query.metrics:
            if not key and METRICS[metric].relative:
                continue
            now = by_hand.metric(metric, by_hand.windows[0], key)
            assert same(found[metric], now), (key, metric, found[metric], now)
            if query.compare:
                was = by_hand.metric(metric, by_hand.windows[1], key)
                assert same(found[f"{metric}__before"], was), (key, metric, "before", found[f"{metric}__before"], was)
                moved = by_hand.changed(metric, key, now, was)
                assert same(found[f"{metric}__change"], moved), (key, metric, "change", found[f"{metric}__change"], moved)
    covers(by_hand, query, [key for key, _ in rows])


def _key(row: dict[Any, Any], query: Query) -> dict[str, Any]:
    return {name: row[name].date() if name in TIME and name != "weekday" else row[name] for name in query.by}


def covers(by_hand: ByHand, query: Query, keys: list[dict[str, Any]]) -> None:
    """Every group that has a row in a table is in the answer, and none is twice."""
    there = [tuple(key.values()) for key in keys]
    assert len(there) == len(set(there))
    if query.by and "visits" in query.metrics:
        found = by_hand.groups("visits", by_hand.windows[0], by_hand.days(by_hand.windows[0]), query.by)
        assert {tuple(key) for key in found} <= set(there)


def test_every_metric_of_the_registry_that_a_counter_and_a_shop_can_give_is_added_up_by_hand() -> None:
    assert {METRICS[key].section for key in set(METRICS) - set(EVERY)} <= {"outside"}


@pytest.mark.parametrize(("by", "compare"), CASES, ids=lambda one: str(one) if isinstance(one, str) else "-".join(one) or "total")
def test_every_metric_at_every_grain_with_every_comparison_equals_adding_up_by_hand(stores: Any, by: tuple[str, ...], compare: str) -> None:
    place = GRAINS.index(by) + COMPARISONS.index(compare)
    days = (FIRST + timedelta(days=26), LAST - timedelta(days=22 if by == ("day",) else 3))
    agrees(stores(place % 2), Query(EVERY, *days, by, compare))


@pytest.mark.parametrize(("by", "within"), [((), 10), (("fiscal_month",), 0), (("channel",), 10)])
def test_the_cohort_view_equals_dating_every_order_by_the_first_one_of_its_customer(stores: Any, by: tuple[str, ...], within: int) -> None:
    agrees(stores(within % 2), Query(EVERY, FIRST, LAST - timedelta(days=20), by, "weekdays", view="cohort", within=within))


FILTERS = (
    (),
    (("device", ("phone",)),),
    (("channel", ("vk_ads", "direct")),),
    (("channel", ("direct_ads",)),),
    (("city", ("Kazan", "Tver")),),
    (("weekday", ("6", "7")),),
)
days = st.integers(0, (LAST - FIRST).days)


@st.composite
def queries(draw: st.DrawFn) -> Query:
    one, other, third, fourth = (FIRST + timedelta(days=draw(days)) for _ in range(4))
    own = f"{min(third, fourth)}/{max(third, fourth)}"
    metrics = draw(st.lists(st.sampled_from(EVERY), min_size=1, max_size=4, unique=True))
    by = draw(st.lists(st.sampled_from(BREAKDOWNS), max_size=2, unique=True))
    return Query(
        tuple(metrics), min(one, other), max(one, other), tuple(by), draw(st.sampled_from([*COMPARISONS[:4], own])),
        draw(st.sampled_from(FILTERS)), goals=draw(st.sampled_from([(), ("11",)])), view=draw(st.sampled_from(["", "", "cohort"])),
    )


@pytest.mark.parametrize("seed", [2, 3])
@given(query=queries())
@settings(max_examples=8, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
def test_every_figure_equals_what_adding_up_by_hand_gives(stores: Any, seed: int, query: Query) -> None:
    agrees(stores(seed), query)


@pytest.mark.parametrize(
    ("compare", "against"),
    [("previous", "2026-01-29/2026-02-18"), ("year", "2025-03-17/2025-04-06"), ("2026-02-03/2026-02-20", "2026-02-03/2026-02-20")],
)
def test_like_for_like_to_date_every_metric_is_that_of_the_days_that_are_known(stores: Any, compare: str, against: str) -> None:
    """April is loaded to its fifth day: 16 March to 30 April is set against as many days before."""
    query = Query(EVERY, date(2026, 3, 16), date(2026, 4, 30), ("channel",), compare, to_date=True)
    found, known = (
        ask(one, stores(1).warehouse.run, KEPT) for one in (query, replace(query, until=LAST, compare=against, to_date=False))
    )
    assert found.compared == known.compared == tuple(map(date.fromisoformat, against.split("/")))
    assert (found.total, found.before, found.rows()) == (known.total, known.before, known.rows())


@pytest.mark.parametrize("by", [("channel",), ("campaign", "device")], ids="-".join)
def test_the_remainder_of_the_first_rows_is_exact_for_every_metric(stores: Any, by: tuple[str, ...]) -> None:
    """What adds up is the total less the rows shown; a ratio is that of the rest; what does not add up has no value."""
    query = Query(EVERY, FIRST + timedelta(days=26), LAST - timedelta(days=3), by, top=2)
    store = stores(0)
    cut, whole = ask(query, store.warehouse.run, KEPT), ask(replace(query, top=0), store.warehouse.run, KEPT)
    [rest], shown = [row for row in cut.rows() if OTHER in row.values()], [row for row in cut.rows() if OTHER not in row.values()]
    left = [row for row in whole.rows() if row not in shown]
    assert len(left) == len(whole.rows()) - 2 and rest
    for key in EVERY:
        metric = METRICS[key]
        if aggregation(metric) == "N" or any(row[key] is None for row in whole.rows()):
            continue
        if aggregation(metric) == "S":
            assert same(rest[key], math.fsum(row[key] for row in left)), key
        elif not metric.relative:
            values = [row[key] for row in left]
            assert metric.price or min(values) - 1e-9 <= rest[key] <= max(values) + 1e-9, key
        elif metric.relative == "share":
            assert same(rest[key], 1 - math.fsum(row[key] for row in shown)), key
    assert all(rest[key] is None for key in ("users", "buyers", "median_order", "cycle_days"))


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
