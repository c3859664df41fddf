"""Intervals give the numbers printed in the papers and hold what they promise; a change is called one only when it is."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.ranking import rank_costs, rank_shares
from metrics.stats import (
    Kind,
    Sample,
    Word,
    bootstrap,
    chance_better,
    cost_bound,
    cost_per,
    difference,
    discoveries,
    dispersion,
    efficiency,
    garwood,
    interval,
    judge,
    money_mean,
    money_total,
    newcombe,
    wilson,
)

quick = settings(deadline=None, max_examples=60)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_limits_printed_by_newcombe(successes: int, trials: int, low: float, high: float) -> None:
    found = wilson(successes, trials)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)
    assert (found.method, found.source) == ("Wilson score", "Wilson 1927")


def test_newcombe_gives_the_limits_he_printed() -> None:
    found = newcombe(48, 80, 56, 70)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_probably_better_is_not_proven() -> None:
    found = newcombe(3, 120, 9, 130)
    assert (found.low, found.high) == pytest.approx((-0.01197, 0.10367), abs=5e-6)
    assert found.covers(0)
    assert chance_better(3, 120, 9, 130) == pytest.approx(0.9431093290696059, rel=1e-9)


def test_chances_of_two_channels_to_be_the_better_one_add_up_to_one() -> None:
    assert chance_better(3, 120, 9, 130) + chance_better(9, 130, 3, 120) == pytest.approx(1)
    assert chance_better(5, 100, 5, 100) == pytest.approx(0.5)
    assert 0.999 < chance_better(2000, 100_000, 3000, 100_000) <= 1


def test_garwood_gives_the_exact_poisson_limits() -> None:
    assert (garwood(0).low, garwood(0).high) == pytest.approx((0, 3.6888794541), rel=1e-9)
    found = cost_per(60_000, 8)
    assert (found.low, found.high) == pytest.approx((3806.3363423397504, 17_372.007940607313), rel=1e-6)


def test_spend_without_a_result_is_bounded_by_the_rule_of_three() -> None:
    assert cost_bound(60_000) == pytest.approx(60_000 / 2.9957, rel=1e-4)
    assert cost_per(60_000, 0).high == math.inf
    assert cost_per(60_000, 0).low == pytest.approx(60_000 / 3.6889, rel=1e-4)


def test_roas_of_eight_orders_is_known_within_a_factor_of_2_8() -> None:
    found = money_total(1.0, 8, 1.1)
    assert (found.low, found.high) == pytest.approx((0.36, 2.80), abs=0.005)


def test_an_average_order_is_known_better_than_revenue() -> None:
    assert money_mean(1.0, 50).high < money_total(1.0, 50).high


def test_efficiency_of_a_channel_that_takes_its_share_is_one() -> None:
    found = efficiency(20, 100, 2_000, 10_000)
    assert found.covers(1.0)
    assert (found.low, found.high) == pytest.approx((wilson(20, 100).low / 0.2, wilson(20, 100).high / 0.2))


@quick
@given(trials=st.integers(0, 10_000), share=st.floats(0, 1))
def test_wilson_stays_within_0_and_1_and_covers_the_point(trials: int, share: float) -> None:
    successes = round(trials * share)
    found = wilson(successes, trials)
    assert 0 <= found.low <= found.high <= 1
    assert trials == 0 or found.low - 1e-12 <= successes / trials <= found.high + 1e-12


@quick
@given(a=st.integers(0, 200), b=st.integers(0, 200), extra=st.integers(1, 300))
def test_a_difference_turned_round_is_its_mirror(a: int, b: int, extra: int) -> None:
    there, back = newcombe(a, a + extra, b, b + extra), newcombe(b, b + extra, a, a + extra)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert -1 <= there.low <= there.high <= 1


def _coverage(draw: Callable[[], bool], times: int = 1500) -> float:
    return float(np.mean([draw() for _ in range(times)]))


def test_intervals_hold_their_level_in_simulation() -> None:
    random = np.random.default_rng(5)
    assert 0.93 < _coverage(lambda: wilson(random.binomial(200, 0.03), 200).covers(0.03)) < 0.98
    assert 0.94 < _coverage(lambda: garwood(random.poisson(6)).covers(6)) < 0.995
    assert 0.93 < _coverage(lambda: newcombe(random.binomial(90, 0.1), 90, random.binomial(120, 0.2), 120).covers(0.1)) < 0.98
    assert 0.90 < _coverage(lambda: garwood(3 * random.poisson(10), dispersion=3).covers(30)) < 0.99


def test_the_interval_of_revenue_holds_its_level_in_simulation() -> None:
    random, spread = np.random.default_rng(6), math.sqrt(math.exp(0.64) - 1)

    def inside() -> bool:
        values = random.lognormal(-0.32, 0.8, random.poisson(80))
        return money_total(values.sum(), len(values), spread).covers(80)

    assert 0.92 < _coverage(inside) < 0.98


def test_the_bootstrap_agrees_with_the_formula_where_orders_are_many() -> None:
    orders = np.random.default_rng(1).lognormal(0, 0.9, 300)
    spread = orders.std() / orders.mean()
    roas, exact = bootstrap(orders, 100.0), money_total(orders.sum() / 100, 300, spread)
    assert (roas.low, roas.high) == pytest.approx((exact.low, exact.high), rel=0.03)
    mean, near = bootstrap(orders, np.ones(300)), money_mean(orders.mean(), 300, spread)
    assert (mean.low, mean.high) == pytest.approx((near.low, near.high), rel=0.03)
    assert bootstrap(orders, 100.0, seed=3) == bootstrap(orders, 100.0, seed=3)


def test_an_interval_in_another_unit_keeps_its_order() -> None:
    found = wilson(10, 100).times(-100)
    assert found.low < found.high < 0


# ------------------------------------------------------------------------------------------------------------- verdicts


def test_a_change_beyond_noise_has_the_colour_of_its_direction() -> None:
    up = judge(Sample(40, 1000), Sample(70, 1000), Kind.SHARE)
    assert (up.word, up.good, up.method) == (Word.GREW, True, "Newcombe hybrid score")
    assert judge(Sample(40, 1000), Sample(70, 1000), Kind.SHARE, "down").good is False
    assert judge(Sample(40, 1000), Sample(70, 1000), Kind.SHARE, "").good is None


def test_a_cheaper_lead_fell_and_is_good() -> None:
    found = judge(Sample(60_000, 40), Sample(60_000, 70), Kind.COST, "down")
    assert (found.word, found.good, found.n) == (Word.FELL, True, 40)
    assert found.change == pytest.approx(60_000 / 70 - 1500)


def test_a_change_inside_noise_has_no_colour() -> None:
    found = judge(Sample(40, 1000), Sample(44, 1000), Kind.SHARE)
    assert (found.word, found.good) == (Word.NOISE, None)
    assert found.interval is not None
    assert found.interval.covers(0)


def test_under_five_events_there_is_no_verdict_and_the_reason_is_said() -> None:
    found = judge(Sample(4, 1000), Sample(44, 1000), Kind.SHARE)
    assert (found.word, found.good, found.n) == (Word.TOO_FEW, None, 4)
    assert str(found.note) == "Too few events to judge: 4 before, 44 now; each period needs at least 5."


def test_an_undefined_ratio_is_no_verdict_and_no_error() -> None:
    found = judge(Sample(10, 0), Sample(10, 5), Kind.SHARE)
    assert found.word is Word.TOO_FEW
    assert math.isnan(found.change)
    assert found.note is not None


def test_spend_is_counted_in_full_and_every_change_of_it_is_one() -> None:
    found = judge(Sample(60_000), Sample(59_999), Kind.EXACT, "")
    assert (found.word, found.good, found.method) == (Word.FELL, None, "counted in full")
    assert judge(Sample(60_000), Sample(60_000), Kind.EXACT, "").word is Word.NOISE


def test_days_that_come_in_bunches_make_the_same_change_noise() -> None:
    calm = judge(Sample(10_000, 7), Sample(10_400, 7), Kind.COUNT)
    wild = judge(Sample(10_000, 7), Sample(10_400, 7), Kind.COUNT, dispersion=12)
    assert (calm.word, wild.word) == (Word.GREW, Word.NOISE)


def test_periods_of_different_length_are_compared_by_the_day() -> None:
    found = judge(Sample(280, 28), Sample(310, 31), Kind.COUNT)
    assert found.change == pytest.approx(0)
    assert found.word is Word.NOISE


def test_reaches_beyond_visits_are_judged_as_a_rate() -> None:
    found = judge(Sample(1200, 1000), Sample(1500, 1000), Kind.SHARE)
    assert (found.word, found.method) == (Word.GREW, "MOVER on both intervals")


def test_money_without_its_orders_seen_says_that_the_spread_is_assumed() -> None:
    assumed = interval(Sample(90_000, 30_000, events=30), Kind.MONEY)
    known = interval(Sample(90_000, 30_000, events=30, spread=0.8), Kind.MONEY)
    assert assumed is not None
    assert known is not None
    assert "assumed" in assumed.method
    assert "assumed" not in known.method
    assert interval(Sample(-5, 10, events=30), Kind.MONEY) is None


@pytest.mark.parametrize("kind", [Kind.SHARE, Kind.COST])
def test_where_nothing_changed_one_in_ten_verdicts_at_most_says_so(kind: Kind) -> None:
    random = np.random.default_rng(11)

    def called() -> bool:
        first, second = random.binomial(3000, 0.02, 2)
        before, after = (Sample(first, 3000), Sample(second, 3000)) if kind is Kind.SHARE else (Sample(9e4, first), Sample(9e4, second))
        return judge(before, after, kind).word in (Word.GREW, Word.FELL)

    assert 0.05 < _coverage(called) < 0.115


def test_a_difference_of_known_numbers_has_no_width() -> None:
    low = interval(Sample(5), Kind.EXACT)
    high = interval(Sample(9), Kind.EXACT)
    assert low is not None
    assert high is not None
    assert (difference(5, low, 9, high).low, difference(5, low, 9, high).high) == (4, 4)


# --------------------------------------------------------------------------------------------------------- many at once


def test_one_lucky_order_does_not_beat_a_proven_channel() -> None:
    ranked = rank_shares({"lucky": (1, 5), "proven": (400, 10_000), "weak": (10, 400), "idle": (0, 30), "unseen": (0, 0)})
    assert ranked[0].key == "proven"
    assert [row.place for row in ranked] == [1, 2, 3, 4]
    lucky = next(row for row in ranked if row.key == "lucky")
    assert 0.03 < lucky.pulled < 0.2 == lucky.raw


def test_shares_that_should_be_low_are_ranked_by_their_upper_end() -> None:
    ranked = rank_shares({"few": (2, 40), "many": (300, 3000), "bad": (900, 3000)}, better="down")
    assert [row.key for row in ranked] == ["many", "few", "bad"]


def test_spend_without_leads_gets_a_finite_cost_and_stands_last() -> None:
    ranked = rank_costs({"search": (10_000, 20), "social": (90_000, 100), "new": (5_000, 0), "free": (0, 3)})
    assert [row.key for row in ranked] == ["search", "social", "new"]
    assert math.isnan(ranked[-1].raw)
    assert 1_000 < ranked[-1].pulled < math.inf


def test_rankings_of_nothing_are_empty() -> None:
    assert rank_shares({}) == rank_costs({}) == rank_costs({"idle": (100, 0)}) == ()


@quick
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 3000)), min_size=1, max_size=8))
def test_pulled_rates_lie_inside_their_intervals_and_between_point_and_average(pairs: list[tuple[int, int]]) -> None:
    counts = {str(place): (float(won), float(won + lost)) for place, (won, lost) in enumerate(pairs)}
    skew = {"nothing": (0.0, 101.0), "little": (1.0, 8.0)}
    for row in (*rank_shares(counts), *rank_shares(skew)):
        assert 0 <= row.interval.low <= row.pulled <= row.interval.high <= 1


def test_benjamini_and_hochberg_find_what_their_paper_finds() -> None:
    printed = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert discoveries(printed, 0.05).sum() == 4
    assert discoveries([*printed[::-1], math.nan], 0.05).tolist() == [False] * 11 + [True] * 4 + [False]
    assert discoveries([], 0.1).tolist() == []


def test_dispersion_of_poisson_counts_is_one_and_of_bunches_their_size() -> None:
    random = np.random.default_rng(2)
    assert dispersion(random.poisson(30, 4000), np.full(4000, 30.0)) == pytest.approx(1, abs=0.08)
    assert dispersion(5 * random.poisson(6, 4000), np.full(4000, 30.0)) == pytest.approx(5, rel=0.08)
    assert dispersion([3.0], [2.0]) == 1.0
