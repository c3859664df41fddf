"""A series that was off is no example of its usual days, and a band is as wide as its own past errors were."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from benchmarks import forecast_real
from metrics import pace
from metrics.expecting.series import Daily
from metrics.expecting.silence import off


def series(values: np.ndarray[tuple[int], np.dtype[np.float64]], until: str = "2025-10-15") -> pd.Series[float]:
    return pd.Series(values, index=pd.date_range(end=until, periods=len(values)))


def poisson(mean: float, days: int, seed: int = 1) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.random.default_rng(seed).poisson(mean, days).astype(np.float64)


def test_a_season_without_anything_is_off_and_a_quiet_weekend_is_not() -> None:
    values = poisson(5, 200)
    values[100:140] = 0
    values[50:52] = 0
    assert np.flatnonzero(off(values)).tolist() == list(range(100, 140))


def test_chance_is_hardly_ever_taken_for_a_stop() -> None:
    shares = [off(poisson(mean, 300, seed)).mean() for seed in range(60) for mean in (0.1, 0.3, 1, 5, 20)]
    assert np.mean(shares) < 0.01 and np.mean(np.array(shares) > 0.1) < 0.03


def test_money_of_few_large_orders_that_stops_for_the_winter_is_off() -> None:
    """Amounts that differ a hundredfold say little of how many orders there are; the days with any say it."""
    random = np.random.default_rng(8)
    values = np.where(random.random(300) < 0.4, random.lognormal(11, 1.8, 300), 0.0)
    values[150:260] = 0
    assert off(values)[152:258].all() and not off(values)[:140].any()


def test_days_that_are_not_loaded_are_not_off() -> None:
    values = poisson(5, 100)
    values[40:70] = np.nan
    assert not off(values).any()


def test_a_series_that_has_stopped_is_not_projected_and_says_why() -> None:
    values = poisson(5, 300)
    values[-12:] = 0
    found = pace.project(series(values), date(2025, 10, 1), date(2025, 10, 31))
    assert found.band is None and found.note is not None and "off" in found.note.text
    assert found.fact == values[-15:].sum()


def test_a_series_that_has_just_begun_again_waits_for_two_weeks() -> None:
    values = poisson(5, 300)
    values[-60:-10] = 0
    found = pace.project(series(values), date(2025, 10, 1), date(2025, 10, 31))
    assert found.band is None and found.note is not None and "begun again" in found.note.text
    values = np.r_[values, poisson(5, 10, 2)]
    again = pace.project(series(values, "2025-10-25"), date(2025, 10, 1), date(2025, 10, 31))
    assert again.level == pytest.approx(5, rel=0.25), "weeks without anything do not pull the level down"


def test_what_was_off_last_year_on_these_days_may_be_so_again() -> None:
    values = poisson(5, 700)
    closed = values.copy()
    ago = 364
    closed[-ago : -ago + 40] = 0
    plain, doubtful = (pace.project(series(one, "2025-10-01"), date(2025, 10, 1), date(2025, 10, 31)) for one in (values, closed))
    assert doubtful.expected < 0.6 * plain.expected and doubtful.deviation > 3 * plain.deviation
    assert Daily.of(series(closed, "2025-10-01")).shut(date(2025, 10, 2), date(2025, 10, 4)).tolist() == pytest.approx([2 / 3] * 3)


def test_a_paused_budget_still_counts_its_zero_days() -> None:
    values = np.full(200, 1000.0)
    values[-10:] = 0
    spent = pace.budget(series(values), 10_000, date(2025, 10, 1), date(2025, 10, 31))
    assert spent.running == 0 and spent.runs_out is None and spent.remains == pytest.approx(5000)


def test_a_band_is_as_wide_as_its_own_errors_have_been() -> None:
    steady = Daily.of(series(poisson(50, 700)))
    jumps = np.repeat(np.where(np.random.default_rng(3).random(24) < 0.5, 25.0, 100.0), 30)[:700]
    jumpy = Daily.of(series(np.random.default_rng(4).poisson(jumps).astype(np.float64)))
    assert steady.surprise(15) < 1.2 < jumpy.surprise(15)
    assert Daily.of(series(poisson(50, 40))).surprise(15) == pytest.approx(1.0, abs=0.05)


def test_the_band_of_a_business_that_closes_holds_in_simulation() -> None:
    scores = forecast_real.pooled([forecast_real.month_ends(forecast_real.closing(np.random.default_rng(seed), 2, 6)) for seed in range(4)])
    coverage = np.average([score.coverage for score in scores.values()], weights=[score.months for score in scores.values()])
    assert 0.65 < coverage < 0.92
