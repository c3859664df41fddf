"""A change is explained to the last kopeck: parts add up, published examples come out, and the invariants hold for any data."""

from __future__ import annotations

import math
from decimal import Decimal
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from metrics.rounding import OTHERS, rounded, waterfall
from metrics.why import (
    APPEARED,
    DISAPPEARED,
    MIX,
    PRICE,
    RATE,
    UNSPLIT,
    VOLUME,
    Why,
    shapley,
    why_drill,
    why_formula,
    why_ratio,
    why_sum,
)

quick = settings(deadline=None, max_examples=60)
CHAIN = ("visits", "orders", "revenue")

BEFORE = pd.DataFrame({"visits": [10_000, 6_000, 4_000], "orders": [200, 180, 40]}, index=["A", "B", "C"])
AFTER = pd.DataFrame({"visits": [16_000, 5_000, 4_000], "orders": [288, 160, 44]}, index=["A", "B", "C"])


def exact(why: Why) -> bool:
    scale = max(abs(why.before), abs(why.after), 1e-12, float(why.parts.abs().to_numpy().max(initial=0)))
    return abs(float(why.parts.to_numpy().sum()) - why.change) <= 1e-9 * scale


# -------------------------------------------------------------------------------------------------------- printed oracles


def test_a_conversion_splits_into_mix_and_rate_as_printed() -> None:
    why = why_ratio(BEFORE, AFTER, "orders", "visits")
    assert (why.before, why.after) == pytest.approx((0.021, 0.01968))
    assert (100 * why.parts[MIX]).tolist() == pytest.approx([-0.01876, -0.10660, 0.03936], rel=1e-6)
    assert (100 * why.parts[RATE]).tolist() == pytest.approx([-0.1140, 0.0500, 0.0180], rel=1e-6)
    assert 100 * why.change == pytest.approx(-0.1320)


def test_conversions_split_into_volume_mix_and_rate_as_printed() -> None:
    why = why_sum(BEFORE, AFTER, ("visits", "orders"))
    expected = [[54.0333, 59.7333, -25.7667], [38.6667, -69.8333, 11.1667], [9.4333, -9.4667, 4.0333]]
    assert why.parts[[VOLUME, MIX, RATE]].to_numpy() == pytest.approx(np.array(expected), abs=5e-5)
    assert why.by_segment.tolist() == pytest.approx([88, -20, 4])
    assert why.by_cause[[VOLUME, MIX, RATE]].tolist() == pytest.approx([102.1333, -19.5667, -10.5667], abs=5e-5)
    assert why.change == 72


def test_profit_splits_by_driver_as_printed() -> None:
    why = why_formula(
        lambda visits, rate, order, margin, cost: visits * rate * order * margin - cost,
        {"visits": 20_000, "rate": 0.021, "order": 3000, "margin": 0.35, "cost": 250_000},
        {"visits": 25_000, "rate": 0.0196, "order": 3200, "margin": 0.33, "cost": 310_000},
    )
    assert (why.before, why.after) == pytest.approx((191_000, 207_440))
    assert why.by_segment.tolist() == pytest.approx([106_943.67, -33_194.00, 30_996.00, -28_305.67, -60_000.00], abs=0.005)


def test_das_guptas_two_factor_example() -> None:
    why = why_formula(lambda a, b: a * b, {"a": 10930, "b": 0.717892}, {"a": 16591, "b": 0.825974})
    assert why.by_segment.tolist() == pytest.approx([4369.913, 1487.262], abs=0.001)
    assert why.change == pytest.approx(5857.175, abs=0.001)


def test_das_guptas_three_factor_example() -> None:
    before, after = {"a": 51.78746, "b": 0.45919, "c": 0.52638}, {"a": 84.90502, "b": 0.75756, "c": 0.51065}
    why = why_formula(lambda a, b, c: a * b * c, before, after)
    assert why.by_segment.tolist() == pytest.approx([10.4340333, 10.5608476, -0.6670084], abs=1e-6)
    assert why.change == pytest.approx(20.3278726, abs=1e-6)


def test_revenue_splits_by_shapley_and_by_lmdi_as_printed() -> None:
    before = pd.DataFrame({"visits": [20_000], "orders": [420], "revenue": [1_260_000]}, index=["site"])
    after = pd.DataFrame({"visits": [25_000], "orders": [490], "revenue": [1_568_000]}, index=["site"])
    shares = why_sum(before, after, CHAIN).by_cause[[VOLUME, MIX, RATE, PRICE]].tolist()
    assert shares == pytest.approx([314_533.33, 0, -97_766.67, 91_233.33], abs=0.005)
    logs = why_drill(before, after, CHAIN).by_cause[[VOLUME, MIX, RATE, PRICE]].tolist()
    assert logs == pytest.approx([314_273.47, 0, -97_168.97, 90_895.50], abs=0.005)


def test_a_method_and_its_paper_come_with_the_parts() -> None:
    why = why_drill(BEFORE, AFTER, ("visits", "orders"))
    assert why.method == "LMDI-I"
    assert "Ang 2005" in why.source


# -------------------------------------------------------------------------------------------------- appeared, disappeared


def test_a_segment_in_one_period_only_appeared_or_disappeared_whole() -> None:
    before = pd.DataFrame({"visits": [100, 50], "orders": [10, 5]}, index=["old", "gone"])
    after = pd.DataFrame({"visits": [100, 70], "orders": [10, 9]}, index=["old", "new"])
    why = why_sum(before, after, ("visits", "orders"))
    assert why.parts.loc["new", APPEARED] == 9
    assert why.parts.loc["gone", DISAPPEARED] == -5
    assert why.parts.loc["new", [VOLUME, MIX, RATE]].tolist() == [0, 0, 0]
    assert exact(why)


def test_a_new_channel_that_converts_badly_pulls_the_ratio_down_by_itself() -> None:
    before = pd.DataFrame({"visits": [1000], "orders": [50]}, index=["search"])
    after = pd.DataFrame({"visits": [1000, 1000], "orders": [50, 1]}, index=["search", "display"])
    why = why_ratio(before, after, "orders", "visits")
    assert why.parts.loc["display", APPEARED] < 0
    assert exact(why)


def test_a_channel_that_brought_nothing_and_is_gone_disappeared() -> None:
    before = pd.DataFrame({"visits": [1000, 100], "orders": [50, 0]}, index=["search", "social"])
    why = why_ratio(before, before.iloc[:1], "orders", "visits")
    assert why.parts.loc["social", DISAPPEARED] > 0
    assert why.parts[UNSPLIT].tolist() == [0, 0]
    assert exact(why)


def test_spend_without_revenue_stays_in_the_sum_as_a_part_of_its_own() -> None:
    before = pd.DataFrame({"spend": [100, 40], "revenue": [1000, 0]}, index=["search", "outdoor"])
    after = pd.DataFrame({"spend": [100, 60], "revenue": [1000, 0]}, index=["search", "outdoor"])
    why = why_ratio(before, after, "spend", "revenue")
    assert why.parts.loc["outdoor", UNSPLIT] == pytest.approx(0.02)
    assert exact(why)


def test_revenue_below_zero_is_not_forced_into_logarithms() -> None:
    before = pd.DataFrame({"visits": [100, 100], "orders": [5, 5], "revenue": [500, 300]}, index=["a", "b"])
    after = pd.DataFrame({"visits": [100, 100], "orders": [5, 2], "revenue": [600, -50]}, index=["a", "b"])
    why = why_drill(before, after, CHAIN)
    assert why.parts.loc["b", UNSPLIT] == -350
    assert exact(why)
    assert why_sum(before, after, CHAIN).parts[UNSPLIT].tolist() == [0, 0]


def test_orders_that_dried_up_are_the_rates_doing_alone() -> None:
    before = pd.DataFrame({"visits": [100], "orders": [5], "revenue": [500]}, index=["a"])
    after = pd.DataFrame({"visits": [120], "orders": [0], "revenue": [0]}, index=["a"])
    assert why_drill(before, after, CHAIN).parts.loc["a", RATE] == -500


# ---------------------------------------------------------------------------------------------------------- abstention


def test_a_ratio_without_a_denominator_is_not_explained_and_says_why() -> None:
    why = why_ratio(BEFORE * 0, AFTER, "orders", "visits")
    assert str(why.note) == "One of the periods has nothing to divide by."
    assert why.parts.empty


def test_what_is_not_loaded_is_not_taken_for_zero() -> None:
    why = why_sum(BEFORE.astype(float).replace(40, np.nan), AFTER, ("visits", "orders"))
    assert str(why.note) == "“C” is not loaded for one of the periods, so the change cannot be explained."
    assert why.parts.empty


def test_a_formula_without_values_in_between_is_not_explained() -> None:
    def cost(spend: float, leads: float) -> float:
        return spend / leads if leads else np.inf

    why = why_formula(cost, {"spend": 100, "leads": 0}, {"spend": 100, "leads": 5})
    assert why.note is not None
    with pytest.raises(ValueError, match="drivers"):
        why_formula(cost, {"spend": 100}, {"leads": 5})


# ----------------------------------------------------------------------------------------------------------- invariants

count = st.integers(0, 2000)


@st.composite
def periods(draw: st.DrawFn, least: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two periods of up to five segments in which every measure needs the one before it; zeros included."""
    frames = []
    size = draw(st.integers(1, 5))
    for _ in range(2):
        visits = draw(st.lists(st.integers(least, 2000), min_size=size, max_size=size))
        orders = [draw(st.integers(min(least, seen), seen)) for seen in visits]
        revenue = [float(draw(st.integers(least and 1, 500_000))) if bought else 0.0 for bought in orders]
        frames.append(pd.DataFrame({"visits": visits, "orders": orders, "revenue": revenue}, index=list("abcde"[:size])))
    return frames[0], frames[1]


def explained(before: pd.DataFrame, after: pd.DataFrame) -> list[Why]:
    assume(before["visits"].sum() > 0 and after["visits"].sum() > 0)
    return [why_ratio(before, after, "orders", "visits"), why_sum(before, after, CHAIN), why_drill(before, after, CHAIN)]


@quick
@given(periods())
def test_parts_add_up_to_the_change(pair: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    assert all(exact(why) for why in explained(*pair))


@quick
@given(periods())
def test_swapping_the_periods_flips_every_sign(pair: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    before, after = pair
    for there, back in zip(explained(before, after), explained(after, before), strict=True):
        turned = back.parts.rename(columns={APPEARED: DISAPPEARED, DISAPPEARED: APPEARED})[there.parts.columns]
        assert turned.loc[there.parts.index].to_numpy() == pytest.approx(-there.parts.to_numpy(), rel=1e-7, abs=1e-6)


@quick
@given(periods())
def test_identical_periods_have_no_parts_but_zeros(pair: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    for why in explained(pair[0], pair[0]):
        assert why.parts.to_numpy() == pytest.approx(0, abs=1e-9)


@quick
@given(periods(), st.randoms(use_true_random=False))
def test_the_order_of_segments_does_not_matter(pair: tuple[pd.DataFrame, pd.DataFrame], random: st.Random) -> None:
    before, after = pair
    names = list(before.index)
    random.shuffle(names)
    for one, other in zip(explained(before, after), explained(before.loc[names], after.loc[names[::-1]]), strict=True):
        assert other.parts.loc[one.parts.index].to_numpy() == pytest.approx(one.parts.to_numpy(), rel=1e-7, abs=1e-6)


@quick
@given(periods(least=1), st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_merging_segments_with_equal_rates_leaves_the_totals_of_causes(
    pair: tuple[pd.DataFrame, pd.DataFrame], then: float, now: float
) -> None:
    halves = []
    for frame, share in zip(pair, (then, now), strict=True):
        first = frame.loc[["a"]] * share
        second = (frame.loc[["a"]] * (1 - share)).rename(index={"a": "z"})
        halves.append(pd.concat([first, frame.loc[frame.index != "a"], second]))
    for whole, cut in zip(explained(*pair)[:2], explained(*halves)[:2], strict=True):
        assert cut.by_cause.tolist() == pytest.approx(whole.by_cause.tolist(), rel=1e-6, abs=1e-4)


@quick
@given(periods(), st.floats(0.2, 5))
def test_more_of_the_same_is_volume_only(pair: tuple[pd.DataFrame, pd.DataFrame], factor: float) -> None:
    ratio, *sums = explained(pair[0], pair[0] * factor)
    assert ratio.parts.to_numpy() == pytest.approx(0, abs=1e-9)
    for why in sums:
        assert why.by_cause[VOLUME] == pytest.approx(why.change, rel=1e-9, abs=1e-6)
        assert why.parts.drop(columns=VOLUME).to_numpy() == pytest.approx(0, abs=1e-6)


@quick
@given(periods())
def test_a_segment_that_is_nowhere_contributes_nothing(pair: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    empty = pd.DataFrame({name: [0] for name in CHAIN}, index=["nowhere"])
    for plain, padded in zip(explained(*pair), explained(*(pd.concat([frame, empty]) for frame in pair)), strict=True):
        assert padded.parts.loc["nowhere"].tolist() == pytest.approx([0] * padded.parts.shape[1], abs=1e-12)
        assert padded.parts.loc[plain.parts.index].to_numpy() == pytest.approx(plain.parts.to_numpy(), rel=1e-9, abs=1e-9)


@quick
@given(st.lists(periods(), min_size=1, max_size=3))
def test_campaigns_add_up_to_their_channel(channels: list[tuple[pd.DataFrame, pd.DataFrame]]) -> None:
    names = ["channel", "campaign"]
    then, now = (pd.concat([pair[side] for pair in channels], keys=list("xyz")[: len(channels)], names=names) for side in (0, 1))
    assume(then["visits"].sum() > 0 and now["visits"].sum() > 0)
    why = why_drill(then, now, CHAIN)
    assert exact(why)
    moved = (now["revenue"] - then["revenue"]).groupby(level="channel").sum()
    assert why.rolled(1).sum(axis=1).loc[moved.index].tolist() == pytest.approx(moved.tolist(), rel=1e-9, abs=1e-6)
    assert why.rolled(1).sum().tolist() == pytest.approx(why.by_cause.tolist(), rel=1e-9, abs=1e-6)
    ratio = why_ratio(then, now, "orders", "visits")
    outer = why_ratio(then.groupby(level="channel").sum(), now.groupby(level="channel").sum(), "orders", "visits")
    assert ratio.rolled(1).sum(axis=1).loc[outer.parts.index].tolist() == pytest.approx(outer.by_segment.tolist(), rel=1e-6, abs=1e-9)


def test_a_campaign_that_grew_inside_its_channel_is_mix_of_the_campaign_and_not_of_the_channel() -> None:
    index = pd.MultiIndex.from_tuples([("search", "brand"), ("search", "other"), ("social", "feed")], names=["channel", "campaign"])
    before = pd.DataFrame({"visits": [500, 500, 1000], "orders": [50, 10, 20]}, index=index)
    after = pd.DataFrame({"visits": [800, 200, 1000], "orders": [80, 4, 20]}, index=index)
    causes = why_drill(before, after, ("visits", "orders")).by_cause
    assert causes[["volume", "mix", "rate"]].tolist() == pytest.approx([0, 0, 0], abs=1e-9)
    assert causes["mix:campaign"] == pytest.approx(24)


@quick
@given(st.lists(st.floats(-50, 50), min_size=2, max_size=12).filter(lambda values: len(values) % 2 == 0))
def test_shapley_is_the_mean_over_all_orders_of_switching(values: list[float]) -> None:
    half = min(len(values) // 2, 4)
    before, after = np.array(values[:half]), np.array(values[-half:])

    def function(x: np.ndarray) -> float:
        return float(np.prod(x) + x.sum() ** 2)

    orders = list(permutations(range(half)))
    effects = np.zeros(half)
    for order in orders:
        state = before.copy()
        for factor in order:
            old = function(state)
            state[factor] = after[factor]
            effects[factor] += (function(state) - old) / len(orders)
    assert shapley(function, before, after) == pytest.approx(effects, rel=1e-7, abs=1e-5)


def test_six_factors_are_exact() -> None:
    random = np.random.default_rng(3)
    before, after = random.uniform(0.5, 2, (2, 6))
    effects = shapley(np.prod, before, after)
    assert effects.sum() == pytest.approx(np.prod(after) - np.prod(before), rel=1e-12)


# ------------------------------------------------------------------------------------------------------------- rounding


@quick
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12), st.integers(0, 3))
def test_printed_parts_add_up_to_the_printed_total(parts: list[float], digits: int) -> None:
    shown = rounded(parts, digits)
    assert sum(Decimal(f"{part:.{digits}f}") for part in shown) == Decimal(f"{math.fsum(parts):.{digits}f}")
    assert all(abs(part - true) < 10.0**-digits * (1 + 1e-6) for part, true in zip(shown, parts, strict=True))


def test_thirds_lose_nothing() -> None:
    assert rounded([1 / 3, 1 / 3, 1 / 3], 2) == [0.34, 0.33, 0.33]
    assert rounded([14_300.0, 14_300.0, 11_400.0], -3) == [14_000, 14_000, 12_000]
    assert rounded([], 2) == []


@quick
@given(st.floats(0, 1e5), st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=15), st.integers(0, 2), st.integers(1, 6))
def test_a_waterfall_walks_from_the_printed_start_to_the_printed_end(start: float, amounts: list[float], digits: int, top: int) -> None:
    named = pd.Series(amounts, index=[f"s{place}" for place in range(len(amounts))])
    drawn = waterfall(start, start + math.fsum(amounts), named, digits, top)
    walked = sum((Decimal(f"{step.amount:.{digits}f}") for step in drawn.steps), Decimal(f"{drawn.start:.{digits}f}"))
    assert walked == Decimal(f"{drawn.end:.{digits}f}")
    assert len(drawn.steps) <= top + 1


def test_a_waterfall_shows_the_largest_first_and_the_rest_together() -> None:
    drawn = waterfall(100, 121, pd.Series({"a": 3.0, "b": -20.0, "c": 30.0, "d": 4.0, "e": 4.0, "none": 0.0}), 0, top=2)
    assert [(step.label, step.amount) for step in drawn.steps] == [("c", 30), ("b", -20), (OTHERS, 11)]
