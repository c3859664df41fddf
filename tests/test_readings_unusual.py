"""What is unusual is found, priced and grouped; a client that does what it always does is left in peace."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from data.desk.marks import Mark
from data.text import words
from data.warehouse import Warehouse
from metrics import Settings
from metrics.expecting.strange_days import judge_days
from metrics.readings import unusual
from metrics.readings.stretches import Finding
from metrics.readings.subject import Subject, plain
from metrics.readings.unusual import UnusualReading
from metrics.sentences.unusual import sentence, sentences
from metrics.unusual import State
from tests import long_shop

SHOP = Subject("shop")
OUTAGE = (date(2026, 3, 2), date(2026, 3, 22))
UNTIL = date(2026, 3, 29)


def read(store: Warehouse, *marks: Mark, until: date = UNTIL, weeks: int = 8) -> UnusualReading:
    return unusual.read(store.run, Settings(margin=0.4), SHOP, until, weeks, marks=marks)


def alerts(found: UnusualReading) -> list[Finding]:
    return [one for one in found.findings if one.state is State.ALERT]


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return long_shop.store(tmp_path_factory.mktemp("calm"))


@pytest.fixture(scope="module")
def mistagged(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return long_shop.store(tmp_path_factory.mktemp("mistagged"), outage=OUTAGE)


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return long_shop.store(tmp_path_factory.mktemp("broken"), vk_breaks=date(2026, 2, 2))


def test_a_client_that_does_what_it_always_does_has_no_alerts(calm: Warehouse) -> None:
    found = read(calm)
    assert not alerts(found) and found.judged > 10
    assert "Nothing unusual" in sentences(found, words("en")) and "Ничего необычного" in sentences(found, words("ru"))


def test_a_channel_that_vanishes_is_found_with_its_weeks_and_its_price(mistagged: Warehouse) -> None:
    found = next(one for one in alerts(read(mistagged)) if one.channel == "search_yandex" and one.grain == "week")
    assert (found.since, found.until) == OUTAGE and found.value == 0
    assert found.money is None or found.money < 0
    assert {found.metric, *(also.metric for also in found.also)} >= {"visits", "revenue"}


def test_visits_that_only_changed_their_name_are_said_to(mistagged: Warehouse) -> None:
    found = unusual.read(mistagged.run, Settings(margin=0.4), SHOP, UNTIL, 8, metrics=("visits",))
    lost = next(one for one in alerts(found) if one.channel == "search_yandex" and one.grain == "week")
    assert lost.note is None or "tags" in lost.note.text
    assert not any(one.channel == "" for one in alerts(found)), "the total stood still"


def test_a_mark_that_masks_hides_its_days_and_a_fault_is_named(mistagged: Warehouse) -> None:
    text = "Redirect cut the tags"
    masked = read(mistagged, Mark(*OUTAGE, text, "fault", masks=True))
    assert not any(one.since <= OUTAGE[1] and one.until >= OUTAGE[0] and one.grain == "week" for one in alerts(masked))
    named = read(mistagged, Mark(*OUTAGE, text, "fault"))
    found = next(one for one in alerts(named) if one.channel == "search_yandex")
    assert found.marks == (text,) and text in sentence(found, named, words("en"))


def test_a_new_level_is_one_finding_and_says_that_it_holds(broken: Warehouse) -> None:
    found = next(one for one in alerts(read(broken)) if one.channel == "vk_ads")
    metrics = {found.metric, *(also.metric for also in found.also)}
    assert metrics >= {"visits", "spend", "cr_order"}
    assert sum(one.channel == "vk_ads" and one.grain == "week" for one in alerts(read(broken))) <= 1
    shifts = unusual.read(broken.run, Settings(), SHOP, UNTIL, 12, metrics=("visits",))
    level = next(one for one in alerts(shifts) if one.channel == "vk_ads" and one.shift)
    assert level.holds and level.since == date(2026, 2, 2) and level.effect == pytest.approx(1.0, abs=0.15)
    assert "new level since" in sentence(level, shifts, words("en")) and "новом уровне" in sentence(level, shifts, words("ru"))


def test_a_ratio_too_thin_for_weeks_is_seen_over_two_months(broken: Warehouse) -> None:
    found = unusual.read(broken.run, Settings(margin=0.4), SHOP, UNTIL, 4, metrics=("cr_order", "drr"))
    slow = [one for one in alerts(found) if one.channel == "vk_ads" and one.grain == "months"]
    assert slow and slow[0].good is False and slow[0].money is not None and slow[0].money < 0
    assert "had it gone with the other channels" in sentence(slow[0], found, words("en"))


def test_dearest_comes_first(mistagged: Warehouse) -> None:
    money = [abs(one.money or 0.0) for one in alerts(read(mistagged))]
    assert money == sorted(money, reverse=True)


def test_what_is_cheaper_than_the_floor_is_no_alert(mistagged: Warehouse) -> None:
    found = unusual.read(mistagged.run, Settings(margin=0.4), SHOP, UNTIL, 8, metrics=("revenue",), floor=1e9)
    assert not alerts(found)


def test_days_that_are_not_loaded_yet_change_nothing(broken: Warehouse) -> None:
    last = long_shop.UNTIL
    assert read(broken, until=last + timedelta(days=1)).findings == read(broken, until=last).findings


def test_a_short_history_is_silent_and_says_why(tmp_path: Path) -> None:
    found = read(long_shop.store(tmp_path, days=40))
    assert not found.findings and found.note is not None and sentences(found, words("ru"))


def test_a_single_day_is_judged_by_its_own_weekday() -> None:
    days = pd.date_range("2025-09-01", "2026-03-15")
    weekly = pd.Series([40.0 if day.weekday() > 4 else 100.0 + day.day % 7 for day in days], index=days)
    calm = judge_days(weekly, date(2026, 3, 9), date(2026, 3, 15))
    assert len(calm) == 7 and calm["z"].abs().max() < 3
    weekly[pd.Timestamp("2026-03-11")] = 40
    strange = judge_days(weekly, date(2026, 3, 9), date(2026, 3, 15))
    assert strange.loc["2026-03-11", "z"] < -3 and strange.drop(pd.Timestamp("2026-03-11"))["z"].abs().max() < 3


def test_a_day_is_judged_by_nothing_that_comes_after_it() -> None:
    days = pd.date_range("2025-09-01", "2026-03-15")
    values = pd.Series([100.0 + (place * 7) % 13 for place in range(len(days))], index=days)
    whole, cut = (judge_days(one, date(2026, 3, 9), date(2026, 3, 10)) for one in (values, values[:"2026-03-10"]))
    pd.testing.assert_frame_equal(whole, cut)


def test_too_few_days_are_not_judged() -> None:
    days = pd.date_range("2026-02-20", "2026-03-15")
    assert judge_days(pd.Series(5.0, index=days), date(2026, 3, 9), date(2026, 3, 15)).empty


def test_a_reading_is_plain_json(broken: Warehouse) -> None:
    kept = json.loads(json.dumps(plain(read(broken))))
    assert kept["findings"][0]["state"] == "alert" and kept["since"]
