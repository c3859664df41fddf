"""A segment is judged against everything outside of it, and only called better or worse beyond chance."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.tables import CONVERSIONS, ORDERS
from metrics import METRICS, Settings
from metrics.readings import newness, segments
from metrics.readings.segments import KPIS, Standing, compare
from metrics.readings.subject import Subject
from tests.small_store import MARCH, SEARCH, YANDEX, answer, batch, day, loaded, visits


def rows(**found: tuple[int, int]) -> dict[str, dict[str, float | None]]:
    """Segments as (visits, converted visits)."""
    return {key: {"visits": float(of), "goal_visits": float(hits)} for key, (of, hits) in found.items()}


def total(found: dict[str, dict[str, float | None]]) -> dict[str, float | None]:
    return {key: sum(one[key] or 0.0 for one in found.values()) for key in ("visits", "goal_visits")}


def judged(**found: tuple[int, int]) -> dict[str, segments.Segment]:
    parted = rows(**found)
    return {one.key: one for one in compare(parted, total(parted), "cr")}


def test_the_rest_is_the_total_less_the_segment() -> None:
    found = judged(phone=(6000, 90), desktop=(3000, 120), tablet=(1000, 20))
    phone = found["phone"]
    assert (phone.value, phone.rest, phone.share) == (0.015, 140 / 4000, 0.6)
    assert phone.result_share == 90 / 230
    assert phone.extra == pytest.approx(90 - 6000 * 140 / 4000)


def test_words_follow_the_interval_of_the_difference() -> None:
    found = judged(phone=(6000, 90), desktop=(3000, 120), tablet=(1000, 25), tv=(40, 1))
    assert {key: one.standing for key, one in found.items()} == {
        "phone": Standing.WORSE, "desktop": Standing.BETTER, "tablet": Standing.NOISE, "tv": Standing.TOO_FEW,
    }


def test_the_bar_rises_with_the_number_of_segments() -> None:
    """A difference that alone would be beyond chance is one of forty here."""
    alone = judged(kazan=(1000, 35), others=(39_000, 975))
    crowd = judged(kazan=(1000, 35), **{f"city{n}": (1000, 25) for n in range(39)})
    assert alone["kazan"].standing is Standing.BETTER
    assert crowd["kazan"].standing is Standing.NOISE
    assert crowd["kazan"].gap is not None and alone["kazan"].gap is not None and crowd["kazan"].gap.low < alone["kazan"].gap.low


def test_nothing_in_many_visits_is_not_too_few_data() -> None:
    found = judged(phone=(560, 0), desktop=(560, 56))
    assert {key: one.standing for key, one in found.items()} == {"phone": Standing.WORSE, "desktop": Standing.BETTER}


def test_less_is_better_where_the_metric_says_so() -> None:
    parted = {"phone": {"visits": 5000.0, "bounces": 2000.0}, "desktop": {"visits": 5000.0, "bounces": 1000.0}}
    found = {one.key: one.standing for one in compare(parted, {"visits": 10_000.0, "bounces": 3000.0}, "bounce_rate")}
    assert found == {"phone": Standing.WORSE, "desktop": Standing.BETTER}


def test_what_is_not_recorded_is_not_judged() -> None:
    parted: dict[str, segments.Sums] = {"male": {"visits": 100.0, "goal_visits": None}, "female": {"visits": 50.0}}
    found = compare(parted, {"visits": 150.0, "goal_visits": 9.0}, "cr")
    assert {one.standing for one in found} == {Standing.UNKNOWN}
    assert [one.share for one in found] == [pytest.approx(2 / 3), pytest.approx(1 / 3)]
    assert segments.strongest(found) is None


def test_the_strongest_is_far_from_the_rest_and_large() -> None:
    found = judged(phone=(6000, 60), desktop=(3500, 120), tiny=(100, 20))
    strongest = segments.strongest(list(found.values()))
    assert strongest is not None and strongest.key == "phone"


@pytest.mark.parametrize("metric", KPIS)
def test_every_figure_to_judge_by_is_one_measure_by_another(metric: str) -> None:
    one = METRICS[metric]
    assert one.divisor is not None
    assert one.measures == (one.over, one.divisor.text)


@given(st.lists(st.tuples(st.integers(1, 5000), st.integers(0, 5000)), min_size=2, max_size=12))
def test_two_sides_of_one_comparison_agree(found: list[tuple[int, int]]) -> None:
    parted = rows(**{f"s{n}": (of, min(of, hits)) for n, (of, hits) in enumerate(found)})
    judged = compare(parted, total(parted), "cr")
    assert sum(one.share or 0.0 for one in judged) == pytest.approx(1.0)
    assert [one.visits for one in judged] == sorted((one.visits for one in judged), reverse=True, key=lambda visits: visits or 0.0)
    for one in judged:
        if one.clear:
            assert one.value is not None and one.rest is not None
            assert (one.value > one.rest) == (one.standing is Standing.BETTER)
    if len(judged) == 2:
        words = {one.standing for one in judged}
        assert words in ({Standing.BETTER, Standing.WORSE}, {Standing.NOISE}, {Standing.TOO_FEW}, {Standing.NOISE, Standing.TOO_FEW})


# ---------------------------------------------------------------------------------------------------------- new and returning


def test_reached_goals_and_orders_follow_their_visits(tmp_path: Path) -> None:
    """Ten visits, six of them first ones; a first visit converts and orders once, two returning ones convert and one orders."""
    base = visits([(day(n), 100 + n, YANDEX if n <= 8 else SEARCH) for n in range(1, 11)])
    place = base.rows.schema.get_field_index("new_visits")
    new = [1] * 6 + [0] * 4
    changed = base.rows.set_column(place, "new_visits", [new])
    base = type(base)(**{**base.__dict__, "rows": changed.cast(base.rows.schema)})
    ids = base.rows.column("visit").to_pylist()
    reached = batch(CONVERSIONS, [
        {"day": day(n), "visit": ids[n - 1], "visitor": 100 + n, "goal": "7", "ordinal": 1, "reaches": 1, "origin": YANDEX}
        for n in (1, 7, 8)
    ])
    sold = batch(ORDERS, [
        {"day": day(n), "order_id": str(n), "visit": ids[n - 1], "visitor": 100 + n, "customer": str(n), "orders": 1, "revenue": 100 * n,
         "status": "paid", "currency": "RUB", "origin": YANDEX} for n in (1, 7)
    ])
    store = loaded(tmp_path, base, reached, sold)
    found = newness.read(store.run, Settings(), Subject(), *MARCH)
    assert {key: (sums["visits"], sums["goal_visits"], sums["orders"], sums["revenue"]) for key, sums in found.rows.items()} == {
        "new": (6.0, 1.0, 1.0, 100.0), "returning": (4.0, 2.0, 1.0, 700.0),
    }
    whole = answer(store, "visits", "goal_visits", "orders", "revenue").total
    assert {key: sum(sums[key] or 0.0 for sums in found.rows.values()) for key in whole} == dict(whole)
    assert "SELECT" in found.sql
    narrowed = newness.read(store.run, Settings(), Subject(only=(("channel", ("search_yandex",)),)), *MARCH).rows
    assert {key: sums["visits"] for key, sums in narrowed.items()} == {"new": 0.0, "returning": 2.0}


def test_without_single_visits_nothing_is_told_apart(tmp_path: Path) -> None:
    store = loaded(tmp_path, visits([(day(1), 1, YANDEX)]))
    assert newness.read(store.run, Settings(), Subject(), date(2025, 1, 1), date(2025, 1, 31)).rows == {}
