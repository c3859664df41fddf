"""A plan is written in a grid or a sheet, comes back as it was written, and a sheet that cannot be understood says which cell."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from connectors import plan_sheet
from data.demo import writing
from data.desk.plans import Target, rounded
from data.errors import BadFile
from data.text import languages, words
from pages.ui import plan_grid
from pages.ui.plan_grid import Column

CHANNELS = {"direct_ads": "Yandex Direct", "vk_ads": "VK Ads"}
MARCH = date(2026, 3, 1)
SHOWN = (Column("spend"), Column("orders"), Column("drr"), Column("spend", "vk_ads"))
_values = st.none() | st.floats(0, 1e9).map(lambda value: round(value, 2))


def sheet(tmp_path: Path, *rows: list[object]) -> Path:
    path = tmp_path / "plan.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        for place, row in enumerate(rows):
            page.write_row(place, 0, row)
    return path


def read(path: Path) -> tuple[Target, ...]:
    return plan_sheet.read(path, plan_grid.headings(languages(), CHANNELS))


@given(st.lists(_values, min_size=48, max_size=48))
def test_the_grid_gives_back_what_was_put_in(values: list[float | None]) -> None:
    targets = [
        Target(month, column.metric, None if value is None else value / column.scale, column.channel)
        for (column, month), value in zip([(c, m) for c in SHOWN for m in plan_grid.months(2026)], values, strict=True)
    ]
    frame = plan_grid.grid(targets, SHOWN, 2026)
    back = plan_grid.targets(frame, SHOWN)
    assert [(one.month, one.metric, one.channel) for one in back] == [(one.month, one.metric, one.channel) for one in targets]
    for one, given_ in zip(back, targets, strict=True):
        assert one.value == (given_.value if given_.value is None else pytest.approx(given_.value, rel=1e-9, abs=1e-8))
    assert plan_grid.moved(frame, frame.copy(), SHOWN) == ()


@pytest.mark.parametrize("language", languages())
def test_the_workbook_that_is_given_away_is_read_back_as_it_is(tmp_path: Path, language: str) -> None:
    wanted = [Target(MARCH, "spend", 260_000.0), Target(date(2026, 11, 1), "drr", 0.165), Target(MARCH, "spend", 32_000.5, "vk_ads")]
    frame = plan_grid.grid(wanted, SHOWN, 2026)
    path = tmp_path / "plan.xlsx"
    path.write_bytes(plan_grid.workbook(frame, SHOWN, words(language), "RUB", CHANNELS))
    assert set(read(path)) == set(wanted)


def test_a_sheet_of_ones_own_is_read_by_names_ids_and_percents(tmp_path: Path) -> None:
    head = ["", "Расход, ₽", "drr", "Spend · VK Ads"]
    path = sheet(tmp_path, head, ["март 2026", "260 000", "16,5 %", ""], ["2026-04", 150000, 15, 20000])
    assert set(read(path)) == {
        Target(date(2026, 3, 1), "spend", 260_000.0), Target(date(2026, 3, 1), "drr", 0.165), Target(date(2026, 4, 1), "spend", 150_000.0),
        Target(date(2026, 4, 1), "drr", 0.15), Target(date(2026, 4, 1), "spend", 20_000.0, "vk_ads"),
    }


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["Month"]], "no plan"),
        ([["", "Mood"], ["2026-03", 1]], "Mood"),
        ([["", "Spend", "Расход"], ["2026-03", 1, 2]], "Расход"),
        ([["", "Spend"], ["soon", 1]], "Row 2"),
        ([["", "Spend"], ["2026-03", 1], ["март 2026", 2]], "Row 3"),
        ([["", "Spend"], ["2026-03", "much"]], "much"),
        ([["", "Spend"], ["2026-03", -5]], "-5"),
    ],
)
def test_a_sheet_that_cannot_be_understood_says_where(tmp_path: Path, rows: list[list[object]], said: str) -> None:
    with pytest.raises(BadFile) as refused:
        read(sheet(tmp_path, *rows))
    assert said in str(refused.value)


def test_only_changed_cells_are_written(tmp_path: Path) -> None:
    frame = plan_grid.grid([Target(date(2026, 3, 1), "spend", 100.0)], SHOWN, 2026)
    edited = frame.copy()
    edited.loc[date(2026, 3, 1), "spend|"] = 120.0
    edited.loc[date(2026, 4, 1), "drr|"] = 15.0
    assert set(plan_grid.moved(frame, edited, SHOWN)) == {Target(MARCH, "spend", 120.0), Target(date(2026, 4, 1), "drr", 0.15)}
    edited.loc[date(2026, 3, 1), "spend|"] = float("nan")
    assert Target(date(2026, 3, 1), "spend", None) in plan_grid.moved(frame, edited, SHOWN)


def test_last_year_fills_empty_cells_of_sums_only() -> None:
    frame = plan_grid.grid([Target(date(2026, 3, 1), "spend", 100.0)], SHOWN, 2026)
    facts = {(date(2025, month, 1), metric): 1_234.0 for month in (3, 4) for metric in ("spend", "drr")}
    assert plan_grid.from_last_year(frame, facts, SHOWN, 0.1) == (Target(date(2026, 4, 1), "spend", 1_400.0),)


def test_a_client_without_a_plan_is_offered_the_usual_columns() -> None:
    assert [column.metric for column in plan_grid.columns([], "shop")] == ["spend", "orders", "revenue", "drr"]
    assert plan_grid.columns([Target(date(2026, 3, 1), "cpa", 1.0, "vk_ads")], "shop") == (Column("cpa", "vk_ads"),)


@pytest.mark.parametrize(("value", "plan"), [(1_234.0, 1_200.0), (0.0164, 0.016), (999.0, 1_000.0), (0.0, 0.0), (7.0, 7.0)])
def test_plans_are_round_figures(value: float, plan: float) -> None:
    assert rounded(value) == pytest.approx(plan)


def test_the_demo_plans_a_year_up_to_the_next_month_from_the_year_before() -> None:
    last = date(2026, 11, 22)
    month = date(2025, 11, 1)
    known = {(month, "spend", ""): 100_000.0, (month, "revenue", ""): 1_000_000.0, (month, "spend", "vk_ads"): 30_000.0}
    found = {(one.metric, one.channel): one.value for one in writing.targets("shop", known, last)}
    assert writing.months(last)[0] == date(2026, 1, 1) and writing.months(last)[-1] == date(2026, 12, 1)
    assert found == {("spend", ""): 110_000.0, ("revenue", ""): 1_100_000.0, ("drr", ""): 0.1, ("spend", "vk_ads"): 32_000.0}


def test_a_grid_with_no_target_is_empty_and_not_zero() -> None:
    assert bool(pd.isna(plan_grid.grid([], SHOWN, 2026)).all().all())
