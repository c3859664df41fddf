"""Strange weeks are found without crying wolf: holidays are known, money has a floor, new levels are accepted, nobody looks ahead."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import forecast
from metrics.expecting.calendar import Occasion
from metrics.unusual import NEEDED, State, Watched, judge_weeks, screen, weekly

FIRST = date(2024, 1, 8)
SUMMER = 52 + 26
"""A week in July 2025, with a year and a half before it and no holiday in it."""


def steady(weeks: int, seed: int = 1, level: float = 1000, noise: float = 0.05) -> pd.Series[float]:
    random = np.random.default_rng(seed)
    values = level * np.exp(random.normal(0, noise, weeks))
    return pd.Series(np.round(values), index=pd.date_range(FIRST, periods=weeks, freq="7D"))


def shocked(factor: float, weeks: int = SUMMER, seed: int = 1) -> pd.Series[float]:
    found = steady(weeks, seed)
    found.iloc[-1] = round(1000 * factor)
    return found


# ----------------------------------------------------------------------------------------------------------------- weeks


def test_days_add_up_to_whole_weeks_and_a_missing_day_is_not_zero() -> None:
    days = pd.Series(1.0, index=pd.date_range("2026-03-04", "2026-03-31"))
    days[pd.Timestamp("2026-03-18")] = np.nan
    found = weekly(days)
    assert [day.date() for day in found.index] == [date(2026, 3, 9), date(2026, 3, 16), date(2026, 3, 23)]
    assert found.isna().tolist() == [False, True, False]
    assert found.iloc[0] == 7
    assert weekly(days.iloc[:3]).empty
    assert weekly(days.iloc[:0]).empty


# ---------------------------------------------------------------------------------------------------------------- alarms


@pytest.mark.parametrize("factor", [0.55, 1.6])
def test_a_week_far_off_is_an_alert_with_its_size_in_money(factor: float) -> None:
    signal = screen([Watched("leads", shocked(factor), worth=500)], floor=50_000)[0]
    assert signal.state is State.ALERT
    assert signal.effect == pytest.approx(factor - 1, abs=0.05)
    assert signal.money == pytest.approx(500 * (signal.value - signal.expected))
    assert signal.chance < 0.003


def test_an_ordinary_week_is_as_usual() -> None:
    signal = screen([Watched("leads", shocked(1.01))])[0]
    assert (signal.state, signal.note) == (State.USUAL, None)


def test_what_is_strange_but_cheap_is_only_watched() -> None:
    assert screen([Watched("leads", shocked(0.6), worth=10)], floor=50_000)[0].state is State.WATCH
    assert screen([Watched("leads", shocked(0.6))], floor=50_000)[0].state is State.ALERT


def test_a_small_step_of_a_very_steady_series_is_no_alert() -> None:
    weeks = steady(SUMMER, noise=0.001)
    weeks.iloc[-1] = 1090
    assert screen([Watched("revenue", weeks, ratio=True)])[0].state is State.WATCH
    flat = pd.Series(7.0, index=weeks.index)
    flat.iloc[-1] = 8
    assert screen([Watched("orders", flat)])[0].state is State.USUAL


def test_few_events_a_week_may_double_by_chance() -> None:
    few = pd.Series([4.0, 5.0] * (SUMMER // 2), index=steady(SUMMER).index)
    few.iloc[-1] = 9
    assert screen([Watched("orders", few)])[0].state is State.USUAL


def test_a_young_series_has_a_band_and_at_most_a_watch() -> None:
    signal = screen([Watched("leads", shocked(0.3, weeks=20))])[0]
    assert signal.state is State.WATCH
    assert str(signal.note) == f"Judged by 16 earlier weeks only, so at most “watch”; alerts begin after {NEEDED}."
    assert math.isnan(signal.z)


def test_a_handful_of_weeks_says_nothing_and_why() -> None:
    signal = screen([Watched("leads", steady(6))])[0]
    assert signal.state is State.UNKNOWN
    assert str(signal.note) == "Too short a history to tell what is unusual: 2 earlier weeks, at least 8 are needed."
    assert str(screen([Watched("leads", steady(0))])[0].note) == "No whole week is loaded."


def test_a_week_that_is_not_loaded_is_not_a_collapse() -> None:
    weeks = steady(SUMMER)
    weeks.iloc[-1] = np.nan
    signal = screen([Watched("leads", weeks)])[0]
    assert (signal.state, str(signal.note)) == (State.UNKNOWN, "The week is not loaded whole.")


def test_a_collapse_to_zero_is_an_alert() -> None:
    assert screen([Watched("leads", shocked(0))])[0].state is State.ALERT


def test_a_new_level_is_accepted_after_three_weeks() -> None:
    weeks = steady(SUMMER + 10, noise=0.03)
    weeks.iloc[SUMMER - 1 :] *= 1.6
    states = judge_weeks(Watched("leads", weeks))["state"].tolist()[SUMMER - 1 :]
    assert states[:3] == [State.ALERT] * 3
    assert State.ALERT not in states[3:]


def test_a_holiday_seen_before_is_expected() -> None:
    weeks = steady(52 * 3 + 1, noise=0.04)
    new_year = [place for place, day in enumerate(weeks.index) if (day.month, day.day) in {(12, 30), (1, 6), (12, 29), (1, 5)} and place]
    weeks.iloc[new_year] *= 0.6
    last = weeks.index[new_year[-1]]
    told, blind = (judge_weeks(Watched("leads", weeks), holidays=known).loc[last, "state"] for known in (True, False))
    assert (told, blind) == (State.USUAL, State.ALERT)


def test_a_holiday_seen_for_the_first_time_is_said() -> None:
    signal = screen([Watched("leads", steady(44))])[0]
    assert signal.occasions == (Occasion.UNITY,)
    assert str(signal.note) == "No earlier year shows what “4 November” does to this figure."


def test_of_many_series_only_those_are_alerts_that_chance_does_not_explain() -> None:
    border = steady(SUMMER, seed=3)
    judged = judge_weeks(Watched("border", border))
    border.iloc[-1] = math.floor(judged["low"].iloc[-1]) - 1
    alone = screen([Watched("border", border)])[0]
    crowd = screen([Watched("border", border), *(Watched(str(seed), shocked(1.0, seed=seed)) for seed in range(60))])
    assert alone.state is State.ALERT
    assert next(signal for signal in crowd if signal.name == "border").state is State.WATCH


def test_the_worst_comes_first() -> None:
    found = screen([Watched("fine", shocked(1.0), 1), Watched("bad", shocked(0.5), 1), Watched("worse", shocked(0.5), 9)])
    assert [signal.name for signal in found] == ["worse", "bad", "fine"]


@settings(deadline=None, max_examples=8)
@given(st.integers(30, SUMMER - 1), st.floats(0.1, 10))
def test_weeks_to_come_never_change_a_judgement(cut: int, factor: float) -> None:
    whole = steady(SUMMER)
    changed = whole.copy()
    changed.iloc[cut:] *= factor
    now, then = (judge_weeks(Watched("leads", weeks)).iloc[:cut] for weeks in (changed, whole))
    pd.testing.assert_frame_equal(now, then)


def test_alerts_begin_where_the_band_ends() -> None:
    judged = judge_weeks(Watched("leads", forecast.shocked(np.random.default_rng(4), forecast.CLIMATES[0]).values))
    outside = (judged["value"] < judged["low"]) | (judged["value"] > judged["high"])
    alerts = judged["state"] == State.ALERT
    assert alerts.any()
    assert not (alerts & ~outside).any()


@pytest.mark.parametrize("climate", forecast.CLIMATES, ids=lambda climate: climate.title)
def test_alarms_are_mostly_right_in_simulation_and_holidays_matter(climate: forecast.Climate) -> None:
    scores = forecast.alarms(np.random.default_rng(6), 12, climate)
    ours, told = scores["robust level"], scores["  holidays known"]
    assert ours.precision > 0.85
    assert ours.recall > 0.7
    assert ours.false_a_year < 0.3
    assert told.both >= scores["plain rule, holidays known"].both - 0.05
    assert scores["  holidays ignored"].both >= scores["plain rule, holidays ignored"].both - 0.05
    assert scores["  holidays ignored"].precision < ours.precision
    assert scores["week on week"].precision < 0.5
