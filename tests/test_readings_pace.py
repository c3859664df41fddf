"""Plan against fact: what a month will end at, what a day must bring, and what is said where nobody can know."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from data.desk.plans import Target
from data.text import words
from data.warehouse import Warehouse
from metrics import Settings
from metrics.pace import Outlook
from metrics.readings import pace
from metrics.readings.history import history
from metrics.readings.pace import Line, PaceReading
from metrics.readings.subject import Subject, plain
from metrics.sentences.pace import sentence, sentences
from tests import long_shop

MARCH, DAY = date(2026, 3, 1), date(2026, 3, 16)
SHOP = Subject("shop")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return long_shop.store(tmp_path_factory.mktemp("shop"), days=500)


def read(store: Warehouse, *targets: Target, day: date = DAY) -> PaceReading:
    return pace.read(store.run, Settings(), SHOP, MARCH, day, targets)


def line(found: PaceReading, metric: str, channel: str = "") -> Line:
    return next(one for one in found.lines if (one.metric, one.channel) == (metric, channel))


def target(metric: str, value: float, channel: str = "") -> Target:
    return Target(MARCH, metric, value, channel)


def whole(store: Warehouse, metric: str) -> float:
    """What March really came to."""
    value = line(read(store, day=date(2026, 3, 31)), metric).fact
    assert value is not None
    return value


def test_the_end_is_projected_near_the_truth_with_its_band(store: Warehouse) -> None:
    truth, found = whole(store, "visits"), line(read(store), "visits")
    assert found.low is not None and found.expected is not None and found.high is not None and found.low < found.expected < found.high
    assert found.expected == pytest.approx(truth, rel=0.03)


def test_a_plan_far_above_is_at_risk_and_one_below_is_safe(store: Warehouse) -> None:
    truth = whole(store, "visits")
    risky, safe = (line(read(store, target("visits", truth * share)), "visits") for share in (1.3, 0.8))
    assert (risky.outlook, safe.outlook) == (Outlook.AT_RISK, Outlook.SAFE)
    assert risky.index is not None and risky.index < 1 and risky.gap is not None and risky.gap < 0
    assert risky.required is not None and risky.running is not None and risky.required > risky.running


def test_a_ratio_is_kept_when_it_is_low(store: Warehouse) -> None:
    now = line(read(store), "drr").fact
    assert now is not None
    good, bad = (line(read(store, target("drr", now * share)), "drr") for share in (1.2, 0.8))
    assert (good.outlook, bad.outlook) == (Outlook.SAFE, Outlook.AT_RISK)
    assert bad.required is not None and bad.required < now * 0.8, "the days left must be better than the plan"


def test_a_budget_says_when_it_is_gone_or_what_it_leaves(store: Warehouse) -> None:
    spent = whole(store, "spend")
    short, long = (line(read(store, target("spend", spent * share)), "spend") for share in (0.8, 1.2))
    assert short.runs_out is not None and DAY < short.runs_out < date(2026, 3, 31) and short.remains is not None and short.remains < 0
    assert long.runs_out is None and long.remains == pytest.approx(0.2 * spent, rel=0.1)
    assert short.outlook is None, "a budget is neither safe nor at risk"


def test_a_target_of_one_channel_is_set_against_that_channel(store: Warehouse) -> None:
    found = read(store, target("spend", 40_000, "vk_ads"))
    own, all_ = line(found, "spend", "vk_ads"), line(found, "spend")
    assert own.fact is not None and all_.fact is not None and own.fact == pytest.approx(all_.fact / 4, rel=0.05)
    assert own.channel_title == "VK Ads"


def test_without_a_plan_the_end_is_projected_all_the_same_and_the_way_to_one_is_said(store: Warehouse) -> None:
    found = read(store)
    assert all(one.plan is None for one in found.lines) and line(found, "revenue").expected
    assert any("No plan is set" in note.text and "Plan" in note.text for note in found.notes)


def test_targets_of_other_months_are_left_alone(store: Warehouse) -> None:
    assert all(one.plan is None for one in read(store, Target(date(2026, 4, 1), "visits", 10.0)).lines)


def test_what_is_counted_anew_for_every_period_is_not_projected(store: Warehouse) -> None:
    found = line(read(store, target("users", 1000)), "users")
    assert found.expected is None and found.note is not None


def test_a_gap_is_worth_what_its_units_bring(store: Warehouse) -> None:
    """(fact - plan) times the margin of a unit, here by hand."""
    planned = {"revenue": 900_000, "orders": 800, "spend": 50_000, "cpo": 90, "cr_order": 0.05}
    targets = [target(key, value) for key, value in planned.items()]
    found = pace.read(store.run, Settings(margin=0.4), SHOP, MARCH, DAY, targets)
    past = history(store.run, Settings(), SHOP, ("revenue", "orders", "spend", "visits"), DAY)
    half = {key: float(past.of(key).iloc[-182:].sum()) for key in ("revenue", "orders")}
    march = {key: float(past.of(key)["2026-03":].sum()) for key in ("orders", "visits")}
    order = 0.4 * half["revenue"] / half["orders"]
    units = {"revenue": 0.4, "orders": order, "spend": -1.0, "cpo": -march["orders"], "cr_order": order * march["visits"]}
    for key, unit in units.items():
        one = line(found, key)
        assert one.gap is not None and one.gap_money == pytest.approx(one.gap * unit), key
    hidden = pace.read(store.run, replace(Settings(margin=0.4), money=False), SHOP, MARCH, DAY, [target("visits", 30_000)])
    assert line(hidden, "visits").gap and line(hidden, "visits").gap_money is None


def test_of_equal_trouble_the_dearest_gap_comes_first(store: Warehouse) -> None:
    found = read(store, *(target(key, 10 * whole(store, key)) for key in ("visits", "orders", "revenue")))
    money = [one.gap_money for one in found.lines[:3]]
    assert None not in money and money == sorted(money)  # type: ignore[type-var]


def test_a_month_of_which_nothing_is_loaded_has_no_fact_rather_than_zero(store: Warehouse) -> None:
    found = pace.read(store.run, Settings(), SHOP, date(2027, 3, 1), date(2027, 3, 10))
    assert line(found, "visits").fact is None and line(found, "revenue").fact is None


def test_trouble_comes_first(store: Warehouse) -> None:
    truth = whole(store, "visits")
    found = read(store, target("visits", truth * 0.8), target("orders", 10_000))
    assert [one.metric for one in found.lines[:2]] == ["orders", "visits"]


def test_a_short_history_is_silent_and_says_why(tmp_path: Path) -> None:
    found = line(read(long_shop.store(tmp_path, days=25), day=date(2026, 3, 20)), "visits")
    assert found.expected is None and found.note is not None and "history" in found.note.text


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_line_has_a_sentence(store: Warehouse, language: str) -> None:
    budgets = target("spend", 200_000), target("spend", 90_000, "vk_ads")
    found = read(store, target("visits", 30_000), *budgets, target("drr", 0.2), target("users", 5))
    say = words(language)
    texts = [sentence(one, found, say) for one in found.lines]
    assert all(texts) and not any("{" in text or ".." in text for text in texts)
    assert sentences(found, say)
    marker = {"en": "chance", "ru": "вероятность"}[language]
    assert any(marker in text for text in texts)


def test_a_reading_is_plain_json(store: Warehouse) -> None:
    kept = json.loads(json.dumps(plain(read(store, target("visits", 30_000)))))
    assert kept["month"] == "2026-03-01" and kept["lines"][0]["outlook"]
