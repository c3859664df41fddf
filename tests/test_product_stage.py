"""The stage of a product is right on products whose stage is known, never looks ahead, and says why when it says nothing."""

from __future__ import annotations

import os
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.products import Product, curves, regimes
from benchmarks.stage_scores import quarter_on_quarter, read, scores
from data.errors import CannotAnswer
from data.text import words
from metrics.product_stage import Override, read_stage
from metrics.stages.bass import bass_points, fit_bass, fit_bass_ols
from metrics.stages.early_warning import Leading, early_warnings
from metrics.stages.seasonality import deflated, profile
from metrics.stages.stage_filter import DECLINE, MONTHLY, STAGES, calibrated, chance_of_decline
from metrics.stages.stage_history import StageHistory, stage_history
from metrics.stages.stage_outlook import outlook
from metrics.stages.stage_words import second_opinion, stage_lines
from metrics.stages.yardsticks import first_below, polli_cook, slowdown

CD = """.8 5.8 22.6 53 102.1 149.7 207.2 286.5 333.3 407.5 495.4 662.1 722.9 778.9 753.1 847 938.9 942.5 881.9 803.3 746 767 705.4
    619.7 499.7 368.4 296.6 253 240.8 198.2 173.8 138.7 117.1 97.6 87.7 52 46.5"""
AIR_CONDITIONERS = np.array([96.0, 195, 238, 380, 1045, 1230, 1267, 1828, 1586, 1673, 1800, 1580, 1500])


def monthly(demand: np.ndarray, start: str = "2020-01") -> pd.Series:
    return pd.Series(demand, index=pd.period_range(start, periods=len(demand), freq="M"), dtype=float)


def units_of_cds() -> pd.Series:
    """CD units sold in the United States, millions, 1983 to 2019. Source: RIAA."""
    return pd.Series([float(number) for number in CD.split()], index=pd.period_range("1983", periods=37, freq="Y"))


@cache
def few() -> list[Product]:
    return regimes(14, seed=501)


def labels(history: StageHistory) -> list[int]:
    return list(history.chance.argmax(axis=1))


def grown(months: int = 40, rate: float = 0.05, size: float = 0.05, seed: int = 1) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.poisson(100 * np.exp(np.arange(months) * rate + random.normal(0, size, months))).astype(float)


# ---------------------------------------------------------------------------------------------------------- accuracy


def test_stages_are_read_about_as_well_as_the_benchmark_says() -> None:
    products = regimes(50, seed=502)
    found = scores([history.chance for history in read(products)], products)
    assert found.accuracy >= 0.75
    assert found.brier <= 0.36
    assert found.recall[DECLINE] >= 0.64
    assert found.inside > found.accuracy, "abstaining has to pay"
    assert found.false_alarms <= 0.25
    assert found.accuracy > scores(quarter_on_quarter(products), products).accuracy + 0.1


@pytest.mark.skipif(not os.environ.get("VITRINA_LONG"), reason="reads 300 products month by month: set VITRINA_LONG=1")
def test_three_hundred_products_are_read_as_well_as_the_protocol_asks() -> None:
    products = regimes(300, seed=31415)
    found = scores([history.chance for history in read(products)], products)
    assert found.accuracy >= 0.78 and found.brier <= 0.33 and found.ece <= 0.06 and found.recall[DECLINE] >= 0.68


def test_products_that_the_filter_was_not_made_for_are_read_too() -> None:
    products = curves(30, seed=503)
    found = scores([history.chance for history in read(products)], products)
    assert found.accuracy >= 0.66
    assert found.recall[DECLINE] >= 0.6


def test_cds_are_in_decline_in_every_year_from_2006() -> None:
    units = units_of_cds()
    history = read_stage(units, launched=True).history
    stages = history[list(STAGES)].idxmax(axis=1)
    falling = stages.index[stages == "decline"].year.tolist()
    assert falling == [2002, *range(2006, 2020)]
    assert stages.iloc[0] == "introduction"
    assert (units.idxmax().year, slowdown(units).year, first_below(units, 0.8).year) == (2000, 2001, 2003)


def test_polli_and_cook_call_most_of_the_fall_of_cds_maturity() -> None:
    assert list(polli_cook(units_of_cds().to_numpy())[-19:]).count(DECLINE) <= 1


# -------------------------------------------------------------------------------------------------------- invariances


@pytest.mark.parametrize("place", range(4))
def test_ten_times_the_demand_is_the_same_stage(place: int) -> None:
    product = few()[place]
    once, tenfold = (stage_history(product.demand * size, product.month, MONTHLY, True) for size in (1, 10))
    assert labels(once) == labels(tenfold)


def test_a_known_season_changes_hardly_a_label() -> None:
    year = 0.3 * np.sin(2 * np.pi * np.arange(12) / 12)
    changed = total = 0
    for product in few():
        plain = stage_history(product.demand, product.month, MONTHLY, True, borrowed=np.zeros(12))
        seasonal = stage_history(np.round(product.demand * np.exp(year[product.month])), product.month, MONTHLY, True, borrowed=year)
        changed += sum(a != b for a, b in zip(labels(plain), labels(seasonal), strict=True))
        total += len(product.demand)
    assert changed / total < 0.03


def test_a_later_month_never_changes_what_was_said_before() -> None:
    product = few()[5]
    whole = stage_history(product.demand, product.month, MONTHLY, True)
    for end in (8, 23, 24, 25, len(product.demand) - 1):
        part = stage_history(product.demand[:end], product.month[:end], MONTHLY, True)
        np.testing.assert_allclose(part.chance, whole.chance[:end], atol=1e-12)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(0, 5000)), min_size=6, max_size=40), st.booleans())
def test_probabilities_add_up_whatever_the_demand(demand: list[int | None], launched: bool) -> None:
    reading = read_stage(monthly(np.array([np.nan if one is None else one for one in demand])), launched=launched)
    if reading.chances:
        assert abs(sum(reading.chances.values()) - 1) < 1e-12
        known = reading.history.dropna(subset=["growth"])
        for ending in ("", "_hindsight"):
            np.testing.assert_allclose(known[[stage + ending for stage in STAGES]].sum(axis=1), 1, atol=1e-12)
        assert list(reading.decline_within.values()) == sorted(reading.decline_within.values())
    else:
        assert reading.reason is not None


def test_hindsight_and_reading_agree_on_the_newest_month() -> None:
    product = few()[0]
    history = stage_history(product.demand, product.month, MONTHLY, True)
    np.testing.assert_allclose(history.hindsight[-1], history.chance[-1], atol=1e-12)
    np.testing.assert_allclose(history.view[-1], history.chance[-1], atol=1e-12)


# ------------------------------------------------------------------------------------------------------------- output


def test_growth_is_told_with_its_evidence() -> None:
    reading = read_stage(monthly(grown(36, 0.08)))
    assert reading.stage == reading.shown == "growth"
    assert reading.reason is None
    assert reading.evidence is not None
    assert reading.evidence.slope.low < 0.083 < reading.evidence.slope.high
    assert reading.evidence.to_peak > 0.95
    assert reading.time_in_stage is not None
    assert reading.time_in_stage.low <= reading.time_in_stage.mid <= reading.time_in_stage.high
    assert reading.time_in_stage.at_least, "growth began before the series did"
    assert reading.outlook is not None
    assert reading.outlook.periods.low <= reading.outlook.periods.mid <= reading.outlook.periods.high
    assert reading.alert == ""


def test_a_long_fall_is_an_alert_that_is_confirmed() -> None:
    up, down = 100 * np.exp(0.06 * np.arange(24)), 100 * np.exp(0.06 * 24) * np.exp(-0.06 * np.arange(20))
    noise = np.exp(np.random.default_rng(3).normal(0, 0.04, 44))
    reading = read_stage(monthly(np.round(np.r_[up, down] * noise)), launched=False)
    assert reading.stage == "decline"
    assert (reading.alert, reading.confirmed) == ("alert", True)
    assert reading.evidence is not None
    assert reading.evidence.to_peak < 0.6
    assert reading.decline_within[3] >= reading.chances["decline"]


def test_the_outlook_is_the_usual_duration_with_its_range() -> None:
    ahead = outlook(STAGES.index("growth"), MONTHLY)
    assert (ahead.stage, ahead.periods.mid) == ("maturity", 17)
    assert (ahead.periods.low, ahead.periods.high) == (2, 38)


def test_the_chance_of_decline_is_a_first_passage() -> None:
    mature = np.array([0.0, 0.0, 1.0, 0.0])
    assert chance_of_decline(mature, MONTHLY, 1) == pytest.approx(0.029)
    two = 0.029 + 0.01 * 0.01 + 0.961 * 0.029
    assert chance_of_decline(mature, MONTHLY, 2) == pytest.approx(two)
    assert chance_of_decline(np.array([0, 0, 0, 1.0]), MONTHLY, 0) == 1


def test_calibration_sharpens_and_keeps_the_order() -> None:
    chance = np.array([0.1, 0.2, 0.3, 0.4])
    sharper = calibrated(chance, MONTHLY)
    assert sharper.sum() == pytest.approx(1)
    assert list(np.argsort(sharper)) == [0, 1, 2, 3]
    assert sharper[3] > 0.4


def test_a_wider_band_calls_a_slow_slide_maturity() -> None:
    demand = monthly(np.round(2000 * np.exp(-0.025 * np.arange(48))))
    assert read_stage(demand).stage == "decline"
    assert read_stage(demand, band=0.03).stage == "maturity"


# --------------------------------------------------------------------------------------------------------- abstention


@pytest.mark.parametrize(("demand", "said"), [
    (monthly(np.full(5, 100.0)), "Too short a history"),
    (monthly(np.full(30, 7.0)), "Too few events"),
    (monthly(np.zeros(30)), "Too short a history"),
    (monthly(np.array([])), "Too short a history"),
    (pd.Series(np.full(30, 100.0)), "complete months or years"),
    (pd.Series(100.0, index=pd.period_range("2024-01-01", periods=90, freq="D")), "complete months or years"),
])  # fmt: skip
def test_thin_data_is_answered_with_a_reason(demand: pd.Series, said: str) -> None:
    reading = read_stage(demand)
    assert reading.stage is None
    assert reading.chances == {}
    assert said in str(reading.reason)
    assert stage_lines(reading)[0] is reading.reason


def test_when_no_story_wins_the_two_nearest_are_named() -> None:
    readings = [read_stage(monthly(product.demand[:end])) for product in few()[:6] for end in (18, 30) if end <= len(product.demand)]
    unclear = [reading for reading in readings if reading.stage is None]
    assert unclear, "the sample holds no doubtful month"
    for reading in unclear:
        assert max(reading.chances.values()) < 0.6
        assert "nearest are" in str(reading.reason)
        assert reading.time_in_stage is reading.outlook is None


def test_counting_that_changed_starts_a_new_history() -> None:
    demand = monthly(np.r_[grown(30), 3 * grown(4)])
    broken = read_stage(demand, breaks=[demand.index[30]])
    assert "Counting changed" in str(broken.reason)
    longer = read_stage(demand, breaks=[demand.index[20]])
    assert longer.chances
    assert longer.history["growth"].notna().sum() == 14


def test_a_short_history_is_preliminary() -> None:
    texts = [str(note) for note in read_stage(monthly(grown(9))).notes]
    assert any(text.startswith("Preliminary") for text in texts)
    assert any("season is not taken out" in text for text in texts)
    assert not read_stage(monthly(grown(30))).notes


def test_a_known_event_is_masked_and_not_a_decline() -> None:
    demand = monthly(np.r_[np.full(30, 400.0), 40, 60, np.full(2, 400.0)])
    demand[:] = np.round(demand * np.exp(np.random.default_rng(4).normal(0, 0.04, len(demand))))
    masked = read_stage(demand, masked=[demand.index[30], demand.index[31]])
    assert masked.stage == "maturity"
    assert masked.history["masked"].sum() == 2
    assert any("left out" in str(note) for note in masked.notes)
    stock_out = demand.copy()
    stock_out.iloc[30:32] = np.nan
    assert read_stage(stock_out).chances == pytest.approx(masked.chances)


def test_a_flat_start_is_introduction_only_if_the_launch_is_seen() -> None:
    demand = monthly(np.round(60 * np.exp(np.random.default_rng(6).normal(0, 0.05, 10))))
    assert read_stage(demand, launched=True).stage == "introduction"
    assert read_stage(demand).chances["introduction"] == 0


def test_the_manager_may_overrule_with_a_reason() -> None:
    by_hand = Override("maturity", "Stock-out of the main size", "Vera", date(2026, 3, 2))
    reading = read_stage(monthly(grown(36, 0.08)), override=by_hand)
    assert (reading.stage, reading.shown) == ("growth", "maturity")
    assert any("Stock-out of the main size" in str(line) for line in stage_lines(reading))
    with pytest.raises(CannotAnswer):
        Override("maturity", "  ", "Vera", date(2026, 3, 2))
    with pytest.raises(CannotAnswer):
        Override("puberty", "Why not", "Vera", date(2026, 3, 2))


def test_a_second_series_agrees_or_not() -> None:
    rising, flat = read_stage(monthly(grown(36, 0.08))), read_stage(monthly(np.full(8, 3.0)))
    assert "says the same" in str(second_opinion(rising, rising))
    assert "until the stage is clear" in str(second_opinion(rising, flat))


def test_every_line_about_a_stage_is_said_in_russian() -> None:
    reading = read_stage(monthly(grown(12, 0.08)), override=Override("growth", "Запуск", "Вера", date(2026, 3, 2)))
    for note in stage_lines(reading):
        assert words("ru").note(note) != str(note)


# ------------------------------------------------------------------------------------------------------------- season


def test_the_profile_of_a_product_is_found_and_one_without_gets_none() -> None:
    months = np.arange(60) % 12
    year = 0.25 * np.sin(2 * np.pi * np.arange(12) / 12)
    noise = np.random.default_rng(6).normal(0, 0.06, 60)
    trend = np.linspace(5, 7, 60)
    np.testing.assert_allclose(profile(trend + year[months] + noise, months), year, atol=0.06)
    assert np.abs(profile(trend + noise, months)).max() < 0.04
    assert profile(trend + year[months] + noise, months).sum() == pytest.approx(0, abs=1e-9)


def test_under_two_years_the_borrowed_profile_stands() -> None:
    months, year = np.arange(20) % 12, np.linspace(-0.2, 0.2, 12)
    np.testing.assert_allclose(profile(np.linspace(5, 6, 20), months, borrowed=year), year - year.mean())
    assert not profile(np.linspace(5, 6, 20), months).any()


def test_revenue_is_taken_at_the_prices_of_the_first_month() -> None:
    revenue, price = monthly(np.array([100.0, 220, 150])), monthly(np.array([10.0, 11, np.nan]))
    assert deflated(revenue, price).tolist()[:2] == pytest.approx([100, 200])
    assert np.isnan(deflated(revenue, price).iloc[2])


# ------------------------------------------------------------------------------------------------------ early warning


def test_every_early_warning_has_a_direction_and_says_on_how_much_it_rests() -> None:
    noise = np.exp(np.random.default_rng(7).normal(0, 0.02, 24))
    down, up = monthly(1000 * np.linspace(1, 0.6, 24) * noise), monthly(1000 * np.linspace(1, 1.5, 24) * noise)
    found = early_warnings(
        Leading(
            new_buyers=down, buyers=up, cac=up, brand_demand=down, revenue=up, units=down, promo_share=up, order_gap=up, category_share=down
        )
    )
    assert [signal.state for signal in found] == ["warns"] * 5
    for signal in found:
        assert all(move.direction in (-1, 1) and move.n >= 8 for move in signal.moves.values())
        assert words("ru").note(signal.note) != str(signal.note)


def test_early_warnings_that_lack_data_say_what_they_need() -> None:
    found = early_warnings(Leading())
    assert {signal.state for signal in found} == {"unknown"}
    short = early_warnings(Leading(brand_demand=monthly(np.full(10, 50.0)), alive=monthly(np.full(5, 0.5))))
    assert {signal.state for signal in short} == {"unknown"}


def test_steady_indicators_do_not_warn() -> None:
    noise = monthly(1000 + np.random.default_rng(8).normal(0, 25, 30))
    steady = Leading(noise, noise * 2, noise, noise, noise, noise, alive=noise / 2000, category_share=noise / 5000)
    assert {signal.state for signal in early_warnings(steady)} == {"quiet"}


# --------------------------------------------------------------------------------------------------------------- Bass


@pytest.mark.parametrize(("p", "q", "peak", "rise", "fall"), [
    (0.0026167, 0.21566, 20.21, 14.2, 26.3),
    (0.018119, 0.17110, 11.87, 4.9, 18.8),
    (0.010399, 0.41861, 8.61, 5.54, 11.68),
    (0.017135, 0.30145, 9.00, 4.9, 13.1),
    (0.024796, 0.65410, 4.82, 2.9, 6.8),
])  # fmt: skip
def test_bass_landmarks_are_those_of_1969(p: float, q: float, peak: float, rise: float, fall: float) -> None:
    points = bass_points(p, q)
    assert points.peak == pytest.approx(peak, abs=0.01)
    assert (points.rise, points.fall) == (pytest.approx(rise, abs=0.06), pytest.approx(fall, abs=0.06))


def test_air_conditioners_are_fitted_by_both_estimators() -> None:
    assert bass_points(0.010399, 0.41861).bought == pytest.approx(0.488, abs=5e-4)
    curve, parabola = fit_bass(AIR_CONDITIONERS), fit_bass_ols(AIR_CONDITIONERS)
    assert (curve.p, curve.q, curve.m) == pytest.approx((0.00944, 0.3748, 18713), rel=0.01)
    assert curve.squares == pytest.approx(341_468, rel=1e-3)
    assert parabola is not None
    assert (parabola.p, parabola.q, parabola.m) == pytest.approx((0.01699, 0.40495, 17091), rel=0.01)
    assert bass_points(parabola.p, parabola.q).peak == pytest.approx(7.52, abs=0.01)


def test_before_the_peak_the_market_is_not_known_and_the_fit_says_so() -> None:
    early = fit_bass(AIR_CONDITIONERS[:8])
    assert not early.peak_seen
    assert early.m == pytest.approx(13_508, rel=0.01)
    assert fit_bass_ols(np.array([1.0, 2, 4, 8, 16])) is None
