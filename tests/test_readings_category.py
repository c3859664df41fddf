"""The demand of a category out of loaded series: what is added up, what is the brand's, and what the stage reading makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.batches import Batch
from data.tables import DEMAND
from data.text import words
from data.warehouse import Warehouse
from metrics import Settings
from metrics.readings import stage
from metrics.readings.category import Category, category
from metrics.readings.ground import stand
from metrics.readings.stage import StageView
from metrics.stages.early_warning import Signal
from tests.bought import months, reaches, visits
from tests.small_store import batch, loaded

FIRST, COUNT = date(2024, 1, 1), 30
SPAN = (FIRST, date(2026, 6, 30))
UNTIL = SPAN[1]
FACTS: Mapping[str, Any] = {"model": "leads", "key_goals": ["1"]}
FALLING = {month: round(120 * 0.94**place) for place, month in enumerate(months(FIRST, COUNT))}
STEADY = {month: 40_000.0 + 500 * (place % 3) for place, month in enumerate(months(FIRST, COUNT))}
SUMMER = {month: value * (1.6 if month.month in (6, 7, 8) else 1.0) for month, value in STEADY.items()}


def last(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def series(phrase: str, searches: Mapping[date, float], region: str = "", level: bool = False) -> Batch:
    """A monthly series of one phrase."""
    rows = [
        {
            "day": month, "until": last(month), "phrase": phrase, "region": region, "searches": None if level else value,
            "strength": value * (last(month).day if level else 1), "days": last(month).day,
        }
        for month, value in searches.items()
    ]
    told = ", ".join(filter(None, (phrase, region)))
    return batch(DEMAND, rows, (min(searches), last(max(searches))), "Wordstat", attribution="", breakdown=told)


def known(store: Warehouse, **facts: Any) -> Category:
    found = category(stand(store.run, Settings(), UNTIL, UNTIL), facts, UNTIL)
    assert found is not None
    return found


def read(store: Warehouse, **facts: Any) -> StageView:
    return stage.read(store.run, Settings(), {**FACTS, **facts}, UNTIL)


def signs(view: StageView) -> dict[str, Signal]:
    return {one.key: one for one in view.signals}


def test_phrases_that_contain_each_other_count_a_search_once(tmp_path: Path) -> None:
    inside = {month: value / 10 for month, value in STEADY.items()}
    store = loaded(tmp_path, series("чай", STEADY), series("чай купить", inside), series("кофе", STEADY))
    assert known(store).searches.iloc[0] == pytest.approx(80_000)


def test_one_region_and_one_kind_of_figure_are_read(tmp_path: Path) -> None:
    part = {month: value / 4 for month, value in STEADY.items()}
    levels = dict.fromkeys(STEADY, 60.0)
    store = loaded(tmp_path, series("чай", STEADY), series("чай", part, "Москва"), series("кофе", levels, level=True))
    assert known(store).searches.iloc[0] == pytest.approx(40_000)
    assert known(loaded(tmp_path / "levels", series("кофе", levels, level=True))).searches.tolist() == pytest.approx([60.0] * COUNT)


def test_a_phrase_known_for_some_months_only_is_left_out_and_named(tmp_path: Path) -> None:
    late = {month: value for month, value in STEADY.items() if month.year == 2026}
    found = known(loaded(tmp_path, series("чай", STEADY), series("кофе", late)))
    assert found.searches.iloc[-1] == pytest.approx(STEADY[date(2026, 6, 1)])
    assert any("left out" in str(note) for note in found.notes)


def test_nothing_loaded_changes_nothing(tmp_path: Path) -> None:
    view = read(loaded(tmp_path, reaches(FALLING, "1", SPAN)))
    assert signs(view)["category_share"].state == "unknown" and not any("category" in str(note) for note in view.notes)


def test_a_brand_that_loses_its_category_warns_and_the_category_is_a_second_opinion(tmp_path: Path) -> None:
    brand = {month: 3000 * 0.95**place for place, month in enumerate(STEADY)}
    store = loaded(tmp_path, reaches(FALLING, "1", SPAN), series("чай", STEADY), series("чайный ёж", brand))
    view = read(store, brand=["чайный ёж"])
    assert view.stage == "decline"
    assert signs(view)["category_share"].state == "warns" and signs(view)["category_share"].moves["share"].direction == -1
    assert signs(view)["brand_demand"].state == "warns", "what is searched for the brand is the demand for it"
    assert [note for note in view.notes if "another stage: maturity" in str(note)]
    for note in (*view.notes, signs(view)["category_share"].note):
        assert words("ru").note(note) != str(note)


def test_without_a_named_brand_visits_from_search_are_set_against_the_searches(tmp_path: Path) -> None:
    seen = {month: round(90 * 0.95**place) for place, month in enumerate(months(FIRST, COUNT))}
    store = loaded(tmp_path, reaches(FALLING, "1", SPAN), visits(seen, SPAN), series("чай", STEADY))
    view = read(store)
    assert signs(view)["category_share"].state == "warns"
    assert any("visits from search per search" in str(note) for note in view.notes)


def test_young_demand_borrows_the_season_of_its_category(tmp_path: Path) -> None:
    young = months(date(2025, 1, 1), 18)
    demand = {month: round(60 * (1.6 if month.month in (6, 7, 8) else 1.0)) for month in young}
    store = loaded(tmp_path, reaches(demand, "1", (young[0], UNTIL)))
    assert any("season is not taken out" in str(note) for note in read(store).notes)
    store.load([series("чай", SUMMER)])
    season = known(store).season
    assert season is not None and np.argmax(season) in (5, 6, 7)
    view = read(store)
    assert any("borrowed from the category" in str(note) for note in view.notes) and view.stage == "maturity"
