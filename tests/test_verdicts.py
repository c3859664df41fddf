"""A change is called one only where chance does not explain it, and every metric knows from its formula what chance does to it."""

from __future__ import annotations

import math
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.tables import CONVERSIONS
from data.text import words
from metrics import MEASURES, METRICS, stats
from metrics.stats import Kind, Sample, Verdict, Word
from metrics.verdicts import Period, judged
from tests.small_store import SEARCH, VK, answer, batch, day, loaded, spend, visits

FACTORS = {"margin": 0.5}
MONEY_IN_MONEY = {"lost_share", "refund_rate", "gross_margin", "repeat_revenue_share", "revenue_share", "step_ticket", "take_rate"}
"""Shares of money in money: what chance does to them cannot be told from the sums."""

MIDDLES = {"cycle_days", "speed_to_lead", "median_order"}
"""Medians: their noise is not in any sum."""


def verdict(metric: str, before: dict[str, float], after: dict[str, float], days: tuple[float, float] = (28, 28)) -> Verdict | None:
    first, second = (Period(values, values, length) for values, length in zip((before, after), days, strict=True))
    return judged(METRICS[metric], first, second, FACTORS)


def word(metric: str, before: dict[str, float], after: dict[str, float], days: tuple[float, float] = (28, 28)) -> str:
    found = verdict(metric, before, after, days)
    return "" if found is None else str(found.word)


@pytest.mark.parametrize("metric", [key for key, one in METRICS.items() if one.relative != "index" and key not in MONEY_IN_MONEY | MIDDLES])
def test_every_metric_can_be_judged(metric: str) -> None:
    sums = {key: 400.0 for key in MEASURES} | {key: 40_000.0 for key, one in MEASURES.items() if one.unit == "money"}
    sums |= {"new_visits": 100.0, "goods_cost": 9_000.0}
    whole = {key: 4 * value for key, value in sums.items()}
    period = Period(sums, whole, 28)
    found = judged(METRICS[metric], period, period, FACTORS)
    assert found is not None and found.word is Word.NOISE and found.change == 0


@pytest.mark.parametrize(("metric", "before", "after", "expected"), [
    ("conversions", {"reaches": 100}, {"reaches": 105}, "within noise"),
    ("conversions", {"reaches": 100}, {"reaches": 160}, "grew"),
    ("conversions", {"reaches": 3}, {"reaches": 30}, "too few data"),
    ("cr", {"goal_visits": 200, "visits": 10_000}, {"goal_visits": 120, "visits": 10_000}, "fell"),
    ("cpa", {"cost": 60_000, "reaches": 100}, {"cost": 60_000, "reaches": 55}, "grew"),
    ("spend", {"cost": 100}, {"cost": 101}, "grew"),
    ("cpm", {"cost": 100, "impressions": 9}, {"cost": 100, "impressions": 10}, "fell"),
    ("revenue", {"revenue": 50_000, "orders": 50}, {"revenue": 60_000, "orders": 55}, "within noise"),
    ("revenue", {"revenue": 5_000_000, "orders": 5000}, {"revenue": 6_000_000, "orders": 5500}, "grew"),
    ("drr", {"cost": 100, "revenue": 5_000_000, "orders": 5000}, {"cost": 100, "revenue": 6_000_000, "orders": 5500}, "fell"),
    ("romi", {"cost": 100, "revenue": 5000, "orders": 5000}, {"cost": 100, "revenue": 6000, "orders": 5500}, "grew"),
    ("contribution", {"cost": 9, "revenue": 50, "orders": 50}, {"cost": 9, "revenue": 60, "orders": 55}, "within noise"),
    ("aov", {"revenue": 50_000, "orders": 50}, {"revenue": 60_000, "orders": 50}, "within noise"),
    ("depth", {"page_views": 30_000, "visits": 10_000}, {"page_views": 33_000, "visits": 10_000}, "grew"),
    ("refund_rate", {"refunds": 5, "gross_revenue": 50}, {"refunds": 9, "gross_revenue": 50}, ""),
])
def test_the_word_follows_from_the_formula(metric: str, before: dict[str, float], after: dict[str, float], expected: str) -> None:
    assert word(metric, before, after) == expected


def test_the_colour_is_that_of_the_metric() -> None:
    risen = verdict("cpa", {"cost": 60_000, "reaches": 100}, {"cost": 60_000, "reaches": 55})
    eased = verdict("drr", {"cost": 100, "revenue": 5e6, "orders": 5000}, {"cost": 100, "revenue": 6e6, "orders": 5500})
    paid = verdict("spend", {"cost": 100}, {"cost": 200})
    assert [one and one.good for one in (risen, eased, paid)] == [False, True, None]


def test_periods_of_different_length_are_judged_by_the_day() -> None:
    assert word("conversions", {"reaches": 100}, {"reaches": 200}, (14, 28)) == "within noise"
    assert word("conversions", {"reaches": 100}, {"reaches": 200}, (28, 28)) == "grew"


def test_what_is_missing_is_not_judged() -> None:
    assert verdict("cpa", {"cost": math.nan, "reaches": 10}, {"cost": 1, "reaches": 10}) is None
    assert verdict("revenue", {"revenue": 10.0}, {"revenue": 20.0}) is None, "without the orders nothing is known of the noise"


@given(st.integers(0, 500), st.integers(0, 500), st.integers(500, 5000), st.integers(500, 5000))
def test_a_share_is_judged_as_newcombe_does(seen0: int, seen1: int, of0: int, of1: int) -> None:
    found = verdict("bounce_rate", {"bounces": seen0, "visits": of0}, {"bounces": seen1, "visits": of1})
    expected = stats.judge(Sample(seen0, of0), Sample(seen1, of1), Kind.SHARE, "down")
    assert found == expected


def test_answers_carry_the_word_of_each_row_and_of_the_total(tmp_path: Path) -> None:
    days = [date(2026, 2, 1) + timedelta(days=n) for n in range(56)]
    rows = [(one, 1 + n, SEARCH) for one in days for n in range(2)] + [(one, 9, VK) for one in days for _ in range(1 + 2 * (one >= day(1)))]
    reaches = batch(
        CONVERSIONS, [{"day": days[n], "visit": n, "goal": "g", "ordinal": 1, "reaches": 1, "origin": VK} for n in range(0, 56, 4)],
        (days[0], days[-1]),
    )
    store = loaded(tmp_path, visits(rows, (days[0], days[-1])), reaches, spend([(one, VK, 10) for one in days], (days[0], days[-1])))
    result = answer(store, "visits", "conversions", "cpa", "spend", by=("channel",), days=(day(1), day(28)), compare="previous")
    told = {row["channel"]: (row["visits__verdict"], row["spend__verdict"]) for row in result.rows()}
    assert told == {"vk_ads": ("grew", "within noise"), "search_yandex": ("within noise", None)}
    assert result.as_dict()["verdicts"] == {
        "visits": "grew", "conversions": "within noise", "cpa": "within noise", "spend": "within noise",
    }
    assert answer(store, "visits", by=("channel",)).rows()[0].keys() == {"channel", "visits"}


def test_the_words_are_said_in_russian() -> None:
    assert all(words("ru").t(str(one)) != str(one) for one in Word)
