"""Driver trees add up, their elasticities are exact, levers are ranked by money within reach, and what-if follows its constraints."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.drivers import TREES, Tree, formula, leads, shop, slopes, subscription, undefined, values
from metrics.spending.levers import effect, elasticities, rank_levers
from metrics.spending.response_curve import Curve
from metrics.spending.what_if import Link, Response, price_link, what_if

LEADS = {"spend": 300_000.0, "cpc": 50.0, "cr_lead": 0.04, "qualified": 0.5, "win": 0.25, "deal": 60_000.0, "margin": 0.4, "fee": 60_000.0}
SHOP = {
    "visits_new": 40_000.0, "cr_new": 0.012, "aov_new": 3_000.0, "base": 9_000.0, "active": 0.3, "frequency": 0.4,
    "aov_repeat": 3_500.0, "margin": 0.35, "spend": 420_000.0, "fixed": 150_000.0,
}  # fmt: skip
B2B = {
    "value_qualified": 10e6, "win_qualified": 0.1, "value_proposal": 6e6, "win_proposal": 0.3, "value_contract": 2e6, "win_contract": 0.8,
}  # fmt: skip
SUBSCRIPTION = {"mrr": 1e6, "nrr": 0.99, "trials": 400.0, "cr_paid": 0.15, "arpa": 900.0}
EXAMPLES = {"shop": SHOP, "leads": LEADS, "subscription": SUBSCRIPTION, "b2b": B2B}


def outcome(tree: Tree, drivers: Mapping[str, float]) -> float:
    return float(values(tree, drivers)[tree.outcome.key])


# -------------------------------------------------------------------------------------------------------------- trees


def test_the_four_trees_are_the_formulas_of_their_business() -> None:
    assert outcome(leads(), LEADS) == pytest.approx(300_000 / 50 * 0.04 * 0.5 * 0.25 * 60_000 * 0.4 - 360_000)
    first, repeat = 40_000 * 0.012 * 3_000 * 0.35, 9_000 * 0.3 * 0.4 * 3_500 * 0.35
    assert outcome(shop(), SHOP) == pytest.approx(first + repeat - 570_000)
    assert outcome(subscription(), SUBSCRIPTION) == pytest.approx(990_000 + 54_000)
    assert outcome(TREES["b2b"](), B2B) == pytest.approx(1e6 + 1.8e6 + 1.6e6)


@pytest.mark.parametrize("model", TREES)
def test_every_node_is_made_of_what_stands_below_it(model: str) -> None:
    tree = TREES[model]()
    known = {driver.key for driver in tree.drivers}
    for node in tree.nodes:
        assert {key for key, _ in node.parts} <= known
        known.add(node.key)
    assert tree.outcome is tree.nodes[-1]
    assert all(driver.owner for driver in tree.drivers)


def test_a_formula_reads_as_people_write_it() -> None:
    tree = leads()
    assert formula(tree.nodes[0]) == "spend / cpc"
    assert formula(tree.outcome) == "margin_deals - spend - fee"


def test_a_missing_driver_or_a_division_by_zero_is_a_reason_and_not_a_number() -> None:
    assert undefined(leads(), LEADS) is None
    lacking = {key: value for key, value in LEADS.items() if key != "cr_lead"}
    assert "Conversion into a lead" in str(undefined(leads(), lacking))
    assert "divided by zero" in str(undefined(leads(), LEADS | {"cpc": 0.0}))
    assert np.isnan(outcome(leads(), lacking))
    assert rank_levers(leads(), lacking, pd.DataFrame()).reason is not None
    assert what_if(leads(), LEADS | {"cpc": 0.0}, {"win": 0.1}).reason is not None


# ------------------------------------------------------------------------------------------------------------- levers


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(TREES)), st.lists(st.floats(0.3, 3), min_size=10, max_size=10))
def test_slopes_are_the_exact_derivatives(model: str, sizes: list[float]) -> None:
    tree = TREES[model]()
    here = {key: value * size for (key, value), size in zip(EXAMPLES[model].items(), sizes, strict=False)}
    for key, slope in slopes(tree, here).items():
        step = here[key] * 1e-6
        numeric = (outcome(tree, here | {key: here[key] + step}) - outcome(tree, here | {key: here[key] - step})) / (2 * step)
        assert slope == pytest.approx(numeric, rel=1e-4, abs=1e-6 * max(1.0, abs(numeric)))


def test_a_lever_of_revenue_moves_profit_by_more_than_itself() -> None:
    found = elasticities(leads(), LEADS)
    profit = outcome(leads(), LEADS)
    assert found["win"] == pytest.approx(720_000 / profit)
    assert found["win"] > 1
    assert found["cpc"] == pytest.approx(-found["win"])
    assert effect(leads(), LEADS, "win", 0.1) == pytest.approx(72_000)


def history(periods: int = 24) -> pd.DataFrame:
    random = np.random.default_rng(1)
    swing = {"cpc": 0.3, "cr_lead": 0.05, "qualified": 0.1, "win": 0.2, "deal": 0.02}
    return pd.DataFrame({key: LEADS[key] * np.exp(random.normal(0, size, periods)) for key, size in swing.items()})


def test_levers_are_ranked_by_what_is_within_their_own_range() -> None:
    ranking = rank_levers(leads(), LEADS, history())
    assert ranking.reason is None
    ranked = [lever for lever in ranking.levers if lever.reason is None]
    assert [lever.driver.key for lever in ranked[:2]] == ["cpc", "win"], "the levers that really swing come first"
    assert "spend" not in [lever.driver.key for lever in ranking.levers], "a budget is moved along a curve, not ranked"
    for lever in ranked:
        better = lever.low if lever.driver.key == "cpc" else lever.high
        exact = outcome(leads(), LEADS | {lever.driver.key: better}) - outcome(leads(), LEADS)
        assert lever.gain == pytest.approx(exact)
    assert "Its own range is not known" in str(ranking.levers[-1].reason)


def test_feasibility_and_cost_weigh_the_gain() -> None:
    ranking = rank_levers(leads(), LEADS, history(), feasibility={"cpc": 0.1}, cost={"win": 0.5})
    found = {lever.driver.key: lever for lever in ranking.levers}
    assert found["cpc"].score == pytest.approx(0.1 * found["cpc"].gain)
    assert found["win"].score == pytest.approx(0.5 * found["win"].gain)


def test_a_driver_at_its_best_offers_nothing_within_reach() -> None:
    best = LEADS | {"win": float(history()["win"].max())}
    found = {lever.driver.key: lever for lever in rank_levers(leads(), best, history()).levers}
    assert found["win"].gain == 0
    assert "nothing within reach" in str(found["win"].reason)


# ------------------------------------------------------------------------------------------------------------ what if


def test_a_change_without_constraints_is_the_exact_difference() -> None:
    found = what_if(leads(), LEADS, {"win": 0.1, "cpc": -0.1})
    assert found.effect is not None
    exact = outcome(leads(), LEADS | {"win": 0.275, "cpc": 45.0}) - outcome(leads(), LEADS)
    assert found.effect.mid == pytest.approx(exact)
    assert (found.effect.low, found.effect.high) == (found.effect.mid, found.effect.mid), "nothing was uncertain"
    assert found.after - found.before == pytest.approx(exact)
    assert found.dominant == ""


def test_more_spend_moves_along_the_curve_and_the_next_click_costs_more() -> None:
    clicks = Curve(most=12_000, half=300_000)
    found = what_if(leads(), LEADS, {"spend": 0.5}, [Response("spend", "cpc", (clicks.at,), "price")])
    straight = what_if(leads(), LEADS, {"spend": 0.5})
    assert found.effect is not None and straight.effect is not None
    assert found.moved["cpc"] == pytest.approx(50 * 1.5 / (clicks.at(450_000) / clicks.at(300_000)))
    assert found.effect.mid < straight.effect.mid


@pytest.mark.parametrize(("follows", "target"), [("volume", "visits_new"), ("yield", "cr_new")])
def test_a_curve_drags_the_volume_or_the_yield(follows: str, target: str) -> None:
    curve = Curve(most=80_000, half=420_000)
    found = what_if(shop(), SHOP, {"spend": 0.2}, [Response("spend", target, (curve.at,), follows)])
    ratio = curve.at(504_000) / curve.at(420_000)
    assert found.moved[target] == pytest.approx(SHOP[target] * (ratio if follows == "volume" else ratio / 1.2))


def test_a_higher_price_loses_buyers_and_is_marked_an_assumption() -> None:
    found = what_if(shop(), SHOP, {"aov_new": 0.1}, [price_link("aov_new", "cr_new")])
    assert found.moved["cr_new"] == pytest.approx(0.012 * 1.1**-2.6)
    assert found.effect is not None
    assert found.effect.mid < 0 and found.effect.low < found.effect.mid < found.effect.high
    assert any("Assumption" in str(note) for note in found.notes)
    assert found.dominant == "aov_new → cr_new"


def test_the_call_centre_caps_the_volume() -> None:
    found = what_if(leads(), LEADS, {"cr_lead": 0.5}, caps={"leads": 250.0})
    assert found.held == ("leads",)
    assert found.effect is not None
    assert found.effect.mid == pytest.approx(10 * 0.5 * 0.25 * 60_000 * 0.4)
    assert "Leads" in str(found.notes[0])


def test_doubt_becomes_a_range_and_its_main_source_is_named() -> None:
    found = what_if(leads(), LEADS, {"win": 0.1}, spread={"deal": 0.4, "cr_lead": 0.05})
    assert found.effect is not None
    assert found.effect.low < found.effect.mid < found.effect.high
    assert found.dominant == "deal" and found.dominant_share > 0.9
    assert found == what_if(leads(), LEADS, {"win": 0.1}, spread={"deal": 0.4, "cr_lead": 0.05}), "the same question has the same answer"


def test_bootstrap_curves_widen_the_range() -> None:
    curves = tuple(Curve(12_000, half).at for half in (300_000, 100_000, 200_000, 500_000, 900_000))
    found = what_if(leads(), LEADS, {"spend": 0.3}, [Response("spend", "cpc", curves, "price")])
    assert found.effect is not None and found.effect.high > found.effect.low
    assert found.dominant == "spend → cpc"


def test_a_share_never_passes_one() -> None:
    assert what_if(leads(), LEADS, {"qualified": 3.0}).moved["qualified"] == 1


@pytest.mark.parametrize(("changes", "links", "said"), [
    ({"luck": 0.1}, [], "no driver luck"),
    ({"spend": 0.1}, [Link("spend", "luck", 1.0)], "no driver luck"),
])  # fmt: skip
def test_an_unknown_driver_is_answered_with_a_reason(changes: dict[str, float], links: list[Link], said: str) -> None:
    assert said in str(what_if(leads(), LEADS, changes, links).reason)


def test_a_curve_cannot_be_followed_from_zero() -> None:
    found = what_if(leads(), LEADS | {"spend": 0.0}, {"spend": 0.1}, [Link("spend", "cpc", 0.3)])
    assert found.effect is None
    assert "is zero now" in str(found.reason)
