"""The month's end is projected by the client's own days, the band holds, and a plan is judged in its own direction."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import forecast
from metrics.expecting import calendar, horizon
from metrics.expecting.calendar import Occasion
from metrics.expecting.series import Daily
from metrics.expecting.shape import daily, learn
from metrics.pace import Outlook, Projection, budget, noise, pace, project, project_ratio

quick = settings(deadline=None, max_examples=40)
SINCE, UNTIL = date(2026, 9, 1), date(2026, 9, 30)
OFFICE = np.array([12.0, 12, 12, 12, 10, 2, 2])


def series(since: date, until: date, week: np.ndarray, factor: float = 1.0) -> pd.Series[float]:
    """Days exactly as the pattern of a week says, day off by law like a Sunday."""
    own, _ = calendar.codes(since, until)
    return pd.Series(factor * week[own], index=pd.date_range(since, until))


def office(until: date, factor: float = 1.0) -> pd.Series[float]:
    return series(date(2026, 6, 15), until, OFFICE, factor)


def the_end(history: pd.Series[float]) -> Projection:
    return project(history, SINCE, UNTIL)


# ----------------------------------------------------------------------------------------------------------------- shape


def test_weekdays_are_learnt_from_the_last_weeks() -> None:
    found = learn(*known(office(date(2026, 9, 10))))
    assert found.weekdays == pytest.approx(tuple(OFFICE / OFFICE.mean()), rel=1e-6)


def known(history: pd.Series[float]) -> tuple[date, np.ndarray]:
    since, values = daily(history)
    assert since is not None
    return since, values


def test_pure_chance_is_not_taken_for_a_weekday_pattern() -> None:
    random = np.random.default_rng(4)
    flat = pd.Series(random.poisson(3, 120).astype(float), index=pd.date_range("2026-02-01", periods=120))
    assert np.ptp(learn(*known(flat)).weekdays) < 0.45


def test_a_holiday_is_remembered_from_last_year_and_a_first_one_is_a_day_off() -> None:
    history = series(date(2025, 1, 9), date(2026, 6, 10), OFFICE)
    _, kinds = calendar.codes(date(2025, 1, 9), date(2026, 6, 10))
    history[kinds == list(Occasion).index(Occasion.NEW_YEAR)] *= 0.25
    found = learn(*known(history))
    assert 0.25 < found.occasions[Occasion.NEW_YEAR] < 0.32
    first_time = learn(*known(office(date(2026, 9, 10)))).weights(date(2026, 11, 4), date(2026, 11, 4))
    assert first_time[0] == pytest.approx(2 / OFFICE.mean(), rel=1e-6)


def test_last_years_season_bends_the_days_to_come_by_half() -> None:
    days = pd.date_range("2024-10-01", "2026-03-15")
    level = np.where((days >= "2025-03-16") & (days < "2025-04-16"), 200.0, 100.0)
    found = learn(*known(pd.Series(level, index=days)))
    middle = found.weights(date(2026, 3, 30), date(2026, 4, 1)).mean()
    assert middle == pytest.approx(math.sqrt(2), rel=0.05)


def test_too_little_history_has_no_shape() -> None:
    assert learn(*known(office(date(2026, 6, 25)))).weekdays == (1.0,) * 7


# ------------------------------------------------------------------------------------------------------------ projection


def test_the_end_is_the_fact_and_the_clients_own_days_to_come() -> None:
    found = the_end(office(date(2026, 9, 10)))
    whole = office(UNTIL)
    assert found.fact == office(date(2026, 9, 10))[pd.Timestamp(SINCE) :].sum()
    assert found.expected == pytest.approx(whole[pd.Timestamp(SINCE) :].sum(), rel=1e-6)
    assert found.share == pytest.approx(found.fact / found.expected, rel=1e-6)
    assert found.loaded_until == date(2026, 9, 10)


def test_a_quiet_weekend_does_not_look_like_a_slow_month() -> None:
    # The first week-end of August 2026 falls on its first two days: at their rate the month would bring 62.
    found = project(office(date(2026, 8, 2)), date(2026, 8, 1), date(2026, 8, 31))
    assert found.expected == pytest.approx(17 * 12 + 4 * 10 + 10 * 2, rel=1e-6)
    assert found.share == pytest.approx(4 / found.expected, rel=1e-6)


def test_a_day_that_is_not_loaded_is_forecast_and_not_zero() -> None:
    whole, gap = office(date(2026, 9, 10)), office(date(2026, 9, 10))
    gap[pd.Timestamp(2026, 9, 3)] = np.nan
    found = the_end(gap)
    assert found.gaps == 1
    assert found.fact == the_end(whole).fact - 12
    assert found.expected == pytest.approx(the_end(whole).expected, rel=0.01)


def test_a_month_that_is_over_is_its_fact() -> None:
    found = the_end(office(date(2026, 10, 20)))
    assert found.expected == found.fact == office(UNTIL)[pd.Timestamp(SINCE) :].sum()
    assert (found.deviation, found.share, found.left) == (0, 1, 0)
    assert found.chance(found.fact) == 1
    assert found.chance(found.fact + 1) == 0


def test_the_level_of_few_large_amounts_is_that_of_months_and_of_many_events_that_of_four_weeks() -> None:
    random = np.random.default_rng(5)
    days = pd.date_range("2025-01-01", periods=600)
    rare = np.where(random.random(600) < 0.3, random.lognormal(11, 1.5, 600), 0.0)
    busy = random.poisson(200 * np.exp(np.cumsum(random.normal(0, 0.01, 600)))).astype(np.float64)
    assert Daily.of(pd.Series(busy, days)).window == 28
    assert Daily.of(pd.Series(rare, days)).window >= 84


def test_a_season_is_believed_less_where_chance_is_large() -> None:
    random = np.random.default_rng(6)
    days = pd.date_range("2024-10-01", "2026-03-15")
    level = np.where((days >= "2025-03-16") & (days < "2025-04-16"), 2.0, 1.0)
    sure, unsure = (learn(*known(pd.Series(random.poisson(level * size).astype(np.float64), days))) for size in (1000, 1))
    bent, doubted = (abs(np.log(shape.season[15])) for shape in (sure, unsure))
    assert bent > 0.25 and doubted < bent


def test_days_after_the_period_change_nothing() -> None:
    later = office(date(2026, 11, 20))
    later[pd.Timestamp(2026, 10, 1) :] *= 5
    assert the_end(later) == the_end(office(UNTIL))


def test_a_short_history_is_said_and_nothing_is_projected() -> None:
    found = the_end(office(date(2026, 9, 10)).iloc[-20:])
    assert str(found.note) == "Too short a history to project the end: 20 days are loaded, at least 21 are needed."
    assert math.isnan(found.expected)
    assert pace(found, 300).outlook is Outlook.UNKNOWN


def test_nothing_loaded_is_a_note_and_not_an_error() -> None:
    found = the_end(pd.Series([np.nan, np.nan], index=pd.date_range("2026-09-01", periods=2)))
    assert (found.loaded_until, found.fact, found.share) == (None, 0, 0)
    assert found.note is not None


def test_the_band_never_ends_below_what_is_already_there() -> None:
    random = np.random.default_rng(8)
    few = pd.Series(random.poisson(0.3, 100).astype(float), index=pd.date_range("2026-06-01", periods=100))
    found = the_end(few)
    assert found.band is not None
    assert found.fact <= found.band.low <= found.expected <= found.band.high


def test_the_80_percent_band_holds_and_beats_the_run_rate_in_simulation() -> None:
    scores = forecast.month_ends(np.random.default_rng(1), 90, forecast.month)
    assert 0.74 < np.mean([score.coverage for score in scores.values()]) < 0.88
    assert scores[5].error < 0.8 * scores[5].naive
    assert scores[15].error < scores[15].naive


def test_a_first_holiday_makes_the_band_wider_than_one_that_was_seen() -> None:
    young, old = (series(date(year, 9, 1), date(2026, 4, 20), 10 * OFFICE) for year in (2025, 2023))
    widths = [project(history, date(2026, 5, 1), date(2026, 5, 31)).deviation for history in (young, old)]
    assert widths[0] > 1.3 * widths[1]


def test_noise_of_a_series_is_what_its_days_scatter_beyond_chance() -> None:
    random, days = np.random.default_rng(9), pd.date_range("2026-06-15", periods=80)
    found = [noise(pd.Series(6.0 * random.poisson(20, 80), index=days)) for _ in range(20)]
    assert np.mean(found) == pytest.approx(6, rel=0.15)
    assert noise(pd.Series(dtype=float, index=days[:0])) == 1


def test_a_change_of_level_and_the_pattern_of_weekdays_are_no_noise() -> None:
    random, days = np.random.default_rng(9), pd.date_range(end="2026-08-09", periods=56)
    level = np.r_[np.full(28, 60.0), np.full(28, 90.0)] * np.where(days.day_of_week >= 5, 0.4, 1.2)
    found = [noise(pd.Series(random.poisson(level).astype(float), index=days)) for _ in range(20)]
    assert np.mean(found) == pytest.approx(1, abs=0.2)


# ------------------------------------------------------------------------------------------------------------------ plan


@quick
@given(plan=st.floats(150, 400), more=st.floats(1, 100))
def test_a_higher_plan_is_less_likely_and_a_ceiling_more(plan: float, more: float) -> None:
    ended = the_end(office(date(2026, 9, 10)))
    assert ended.chance(plan + more) <= ended.chance(plan)
    assert ended.chance(plan, "down") == pytest.approx(1 - ended.chance(plan))


def test_an_index_above_one_is_good_in_both_directions() -> None:
    ended = the_end(office(date(2026, 9, 10)))
    ahead = pace(ended, 0.8 * ended.expected)
    assert ahead.index == pytest.approx(1.25, rel=1e-6)
    assert ahead.gap > 0
    assert ahead.outlook is Outlook.SAFE
    over = pace(ended, 0.8 * ended.expected, "down")
    assert over.index == pytest.approx(0.8, rel=1e-6)
    assert over.outlook is Outlook.AT_RISK
    assert pace(ended, ended.expected).outlook is Outlook.OPEN


def test_the_required_rate_reaches_the_plan_exactly() -> None:
    ended = the_end(office(date(2026, 9, 10)))
    found = pace(ended, 300)
    assert ended.fact + found.required * ended.left == pytest.approx(300)
    assert found.running * ended.left + ended.fact == pytest.approx(ended.expected)
    assert pace(ended, ended.fact / 2).required == 0
    assert math.isnan(pace(the_end(office(UNTIL)), 300).required)


def test_a_plan_to_date_follows_the_shape_and_not_the_calendar() -> None:
    ended = the_end(office(date(2026, 9, 4)))
    assert pace(ended, 1000).to_date == pytest.approx(1000 * 46 / ended.expected, rel=1e-6)


# ---------------------------------------------------------------------------------------------------------------- budget

EVEN = np.full(7, 100.0)


def spend(until: date) -> pd.Series[float]:
    return series(date(2026, 6, 15), until, EVEN)


def test_a_budget_runs_out_on_the_day_by_whose_evening_it_is_spent() -> None:
    found = budget(spend(date(2026, 9, 10)), 1500, SINCE, UNTIL)
    assert found.runs_out == date(2026, 9, 15)
    assert found.remains == pytest.approx(-1500)
    assert found.index == pytest.approx(2)
    assert found.required == pytest.approx(500 / 20, rel=1e-6)


def test_a_budget_that_lasts_has_no_last_day() -> None:
    found = budget(spend(date(2026, 9, 10)), 3001, SINCE, UNTIL)
    assert found.runs_out is None
    assert found.remains == pytest.approx(1)


def test_a_budget_already_spent_names_the_day_it_happened() -> None:
    assert budget(spend(date(2026, 9, 10)), 420, SINCE, UNTIL).runs_out == date(2026, 9, 5)


def test_money_spent_faster_this_week_is_seen_at_once() -> None:
    faster = spend(date(2026, 9, 10))
    faster.iloc[-7:] = 200
    assert budget(faster, 3300, SINCE, UNTIL).runs_out == date(2026, 9, 18)


# ---------------------------------------------------------------------------------------------------------------- ratios


def test_a_cost_per_lead_ends_where_spend_and_leads_end() -> None:
    found = project_ratio(spend(date(2026, 9, 10)), office(date(2026, 9, 10)), SINCE, UNTIL, plan=12)
    leads = the_end(office(date(2026, 9, 10)))
    assert found.expected == pytest.approx(3000 / leads.expected, rel=0.02)
    assert found.band is not None
    assert found.band.covers(found.expected)
    rest = leads.expected - leads.fact
    assert (found.fact * leads.fact + found.required * rest) / leads.expected == pytest.approx(12, rel=1e-6)


def test_a_ratio_is_simulated_the_same_way_twice_and_its_chance_follows_its_direction() -> None:
    sides = spend(date(2026, 9, 10)), office(date(2026, 9, 10))
    first, second = (project_ratio(*sides, SINCE, UNTIL, plan=11, seed=3) for _ in range(2))
    assert first == second
    up = project_ratio(*sides, SINCE, UNTIL, plan=11, better="up", seed=3)
    assert up.chance == pytest.approx(1 - first.chance)


def test_a_ratio_without_a_denominator_to_come_says_so() -> None:
    nothing = office(date(2026, 9, 10), factor=0)
    found = project_ratio(spend(date(2026, 9, 10)), nothing, SINCE, UNTIL, plan=11)
    assert found.outlook is Outlook.UNKNOWN
    assert str(found.note) == "Nothing to divide by is expected before the end of the period."


def test_the_band_of_a_ratio_holds_in_simulation() -> None:
    scores = forecast.cost_ends(np.random.default_rng(2), 50)
    assert 0.70 < np.mean([score.coverage for score in scores.values()]) < 0.90
    assert scores[5].error < scores[5].naive


# --------------------------------------------------------------------------------------------------------------- quarter


def test_a_season_that_repeats_with_steady_growth_is_forecast_exactly() -> None:
    months = np.exp(5 + 0.3 * np.sin(2 * np.pi * np.arange(39) / 12) + 0.01 * np.arange(39))
    found = horizon.outlook(pd.Series(months[:36]), 3, 12)
    assert found.frame["expected"].tolist() == pytest.approx(months[36:].tolist(), rel=1e-9)
    assert found.total == pytest.approx(months[36:].sum(), rel=1e-9)
    assert found.band is not None
    assert found.band.high - found.band.low < 1e-6


def test_a_series_with_zeros_is_forecast_without_logarithms() -> None:
    found = horizon.outlook(pd.Series([0.0, 10, 20, 30] * 5), 4, 4)
    assert found.frame["expected"].tolist() == [0, 10, 20, 30]


def test_a_long_outlook_abstains_where_a_season_is_not_known() -> None:
    found = horizon.outlook(pd.Series(np.ones(14)), 3, 12)
    assert str(found.note) == "Too short a history for a long outlook: 14 periods without gaps, at least 18 are needed."
    assert found.frame.empty


def test_the_band_of_a_quarter_holds_in_simulation() -> None:
    score = forecast.quarters(np.random.default_rng(3), 80, 12, 36, 3)
    assert 0.68 < score.coverage < 0.92
    assert score.error < score.naive


def test_a_series_may_start_inside_the_period() -> None:
    history = office(UNTIL).loc[pd.Timestamp(SINCE) :]
    found = project(history.iloc[:22], SINCE, SINCE + timedelta(days=29))
    assert found.note is None
    assert found.expected == pytest.approx(history.sum(), rel=0.05)
