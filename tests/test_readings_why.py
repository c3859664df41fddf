"""A reading of why adds up to the change as it is printed, knows what is beyond noise, and says it in one breath in both languages."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import CannotAnswer
from data.text import words
from data.warehouse import Warehouse
from metrics import Settings
from metrics.readings import why
from metrics.readings.doubt import Range
from metrics.readings.parts import Part
from metrics.readings.subject import Subject, plain
from metrics.readings.why import WhyReading, _word
from metrics.sentences.why import sentences
from metrics.stats import Word
from tests import long_shop

SINCE, UNTIL = date(2026, 2, 9), date(2026, 3, 8)
SHOP = Subject("shop")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The shop whose VK broke on 9 February: four weeks of it against four weeks before."""
    return long_shop.store(tmp_path_factory.mktemp("shop"), vk_breaks=SINCE, days=200)


def read(store: Warehouse, metric: str, **more: object) -> WhyReading:
    return why.read(store.run, Settings(margin=0.4), SHOP, metric, SINCE, UNTIL, **more)  # type: ignore[arg-type]


def named(reading: WhyReading, key: str) -> Part:
    return next(part for part in reading.parts if part.key == key)


def test_whoever_may_not_see_money_is_told_so_and_not_that_days_are_missing(store: Warehouse) -> None:
    found = why.read(store.run, Settings(margin=0.4, money=False), SHOP, "cpa", SINCE, UNTIL)
    assert found.note is not None and found.note.kind == "hidden"


EVERY = ("visits", "conversions", "orders", "revenue", "spend", "cpa", "cr", "cr_order", "drr", "romi", "aov", "contribution")


@pytest.mark.parametrize("metric", EVERY)
def test_parts_add_up_to_the_change_exactly_and_as_printed(store: Warehouse, metric: str) -> None:
    found = read(store, metric)
    assert found.note is None and found.change is not None and found.before is not None and found.after is not None
    assert sum(part.amount for part in found.parts) == pytest.approx(found.change, rel=1e-9, abs=1e-12)
    printed = round(found.after, found.digits) - round(found.before, found.digits)
    assert sum(part.printed for part in found.parts) == pytest.approx(printed, abs=1e-9)
    assert sum(cause.printed for cause in found.causes) == pytest.approx(printed, abs=1e-9)
    assert found.steps is not None and found.steps.start + sum(step.amount for step in found.steps.steps) == pytest.approx(found.steps.end)


@pytest.mark.parametrize("metric", ["revenue", "drr", "contribution", "romi"])
def test_every_part_is_the_sum_of_its_causes_and_of_what_is_inside_it(store: Warehouse, metric: str) -> None:
    for part in read(store, metric).parts:
        assert sum(cause.amount for cause in part.causes) == pytest.approx(part.amount, rel=1e-9, abs=1e-12)
        assert sum(cause.printed for cause in part.causes) == pytest.approx(part.printed, abs=1e-9)
        if part.children:
            assert sum(child.amount for child in part.children) == pytest.approx(part.amount, rel=1e-9, abs=1e-12)
            assert sum(child.printed for child in part.children) == pytest.approx(part.printed, abs=1e-9)


def test_drivers_of_a_ratio_make_its_rate(store: Warehouse) -> None:
    part = named(read(store, "drr"), "vk_ads")
    rate = next(cause.amount for cause in part.causes if cause.key == "rate")
    assert [driver.title for driver in part.drivers] == ["Cost per visit", "Order conversion rate", "Average order"]
    assert sum(driver.amount for driver in part.drivers) == pytest.approx(rate)
    assert part.drivers[1].before == pytest.approx(0.02, abs=0.003) and part.drivers[1].after == pytest.approx(1 / 300, abs=0.001)


def test_what_broke_is_beyond_noise_and_what_did_not_is_within(store: Warehouse) -> None:
    found = read(store, "cr_order")
    assert found.word is Word.FELL and found.good is False
    assert named(found, "vk_ads").real and named(found, "vk_ads").amount < 0
    assert not named(found, "direct_ads").real
    still = why.read(store.run, Settings(), SHOP, "cr_order", date(2026, 1, 12), date(2026, 2, 8))
    assert still.word is Word.NOISE and still.good is None and not any(part.real for part in still.parts)


def test_spend_is_known_to_the_kopeck(store: Warehouse) -> None:
    found = read(store, "spend")
    part = named(found, "vk_ads")
    assert (part.low, part.high) == (pytest.approx(part.amount), pytest.approx(part.amount)) and part.real
    assert found.good is None, "more spend is neither good nor bad"


def test_the_summary_says_the_main_thing_in_both_languages(store: Warehouse) -> None:
    found = read(store, "drr")
    english, russian = (sentences(found, words(language)) for language in ("en", "ru"))
    assert english.startswith("Cost-revenue ratio grew by") and "Mostly: VK Ads (+" in english and "order conversion rate" in english
    assert russian.startswith("ДРР: рост на") and "Главное: VK Реклама (+" in russian and "конверсия в заказ" in russian
    assert not {"{", "}", ".."} & {english[place : place + size] for size in (1, 2) for place in range(len(english))}


def test_a_quiet_period_is_called_quiet(store: Warehouse) -> None:
    found = why.read(store.run, Settings(), SHOP, "cr_order", date(2026, 1, 12), date(2026, 2, 8))
    assert sentences(found, words("en")).endswith("within noise. No part of the change is beyond noise.")
    assert "в пределах шума" in sentences(found, words("ru"))


def test_a_channel_that_was_not_there_appeared_whole(tmp_path: Path) -> None:
    outage = (date(2026, 2, 9), date(2026, 3, 31))
    found = why.read(long_shop.store(tmp_path, outage=outage, days=120).run, Settings(), SHOP, "visits", SINCE, UNTIL)
    new, gone = named(found, "direct"), named(found, "search_yandex")
    assert new.main_cause == "appeared" and gone.main_cause == "disappeared"
    assert new.before == 0 and gone.after == 0
    text = sentences(found, words("en"))
    assert "new: Direct visits (+" in text and "gone: Search: Yandex (" in text
    assert "впервые: Прямые заходы" in sentences(found, words("ru"))


def test_one_breakdown_is_enough_and_any_breakdown_may_be_asked(store: Warehouse) -> None:
    found = read(store, "visits", by=("source",))
    assert {part.key for part in found.parts} == {"yandex", "vk", ""} and not any(part.children for part in found.parts)


def test_days_that_are_not_loaded_are_not_explained_as_a_fall(store: Warehouse) -> None:
    found = why.read(store.run, Settings(), SHOP, "visits", date(2026, 3, 20), date(2026, 4, 16))
    assert found.note is not None and not found.parts
    assert sentences(found, words("ru"))


def test_what_does_not_add_up_over_segments_is_refused_with_a_way_out(store: Warehouse) -> None:
    for metric in ("users", "cost_share"):
        with pytest.raises(CannotAnswer) as refused:
            read(store, metric)
        assert refused.value.fix


def test_a_reading_is_plain_json(store: Warehouse) -> None:
    kept = json.loads(json.dumps(plain(read(store, "drr"))))
    assert kept["parts"][0]["causes"] and kept["since"] == "2026-02-09" and kept["backing"]["lines"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 60), st.integers(1, 40), st.sampled_from(["revenue", "drr", "cpa", "visits", "contribution"]))
def test_any_two_periods_add_up(store: Warehouse, back: int, length: int, metric: str) -> None:
    until = date.fromordinal(UNTIL.toordinal() - back)
    found = why.read(store.run, Settings(margin=0.3), SHOP, metric, date.fromordinal(until.toordinal() - length + 1), until)
    if found.note is None and found.after is not None and found.before is not None:
        assert sum(part.amount for part in found.parts) == pytest.approx(found.after - found.before, rel=1e-9, abs=1e-9)
        printed = round(found.after, found.digits) - round(found.before, found.digits)
        assert sum(part.printed for part in found.parts) == pytest.approx(printed, abs=1e-9)


def test_a_longer_month_is_no_growth() -> None:
    """28 days of 1 000 against 31 days of 1 000: the sum rose by a tenth, the day did not."""
    longer = 28_000 * (31 / 28 - 1)
    assert _word(Range(2_000, 4_000, True), longer) is Word.NOISE
    assert _word(Range(3_500, 9_000, True), longer) is Word.GREW
    assert _word(Range(500, 2_500, True), longer) is Word.NOISE
    assert _word(Range(-4_000, -3_500, True), -3_000.0) is Word.FELL
    assert _word(Range(-4_000, -2_500, True), -3_000.0) is Word.NOISE
    assert _word(Range(500, 2_500, True), 0.0) is Word.GREW
