"""The workbook is one to work with: numbers are numbers in their unit, totals are formulas, a name that looks like one stays text."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import time, timedelta
from functools import cache
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from reports import xlsx
from reports.story import Block, Cell, Column, Row, Story, Table
from tests.story_sample import HOSTILE, silent, told

LANGUAGES = ("ru", "en")


@cache
def written(language: str) -> bytes:
    return xlsx.write(told(language))


@cache
def book(language: str) -> Any:
    return openpyxl.load_workbook(io.BytesIO(written(language)))


def opened(story: Story) -> Any:
    return openpyxl.load_workbook(io.BytesIO(xlsx.write(story)))


def one_table(table: Table, language: str = "ru") -> Any:
    file = opened(replace(told(language), blocks=(Block("one", "one", "Один", tables=(table,)),)))
    return file.worksheets[1]


def sheet_of(file: Any, title: str) -> Any:
    return next(sheet for sheet in file.worksheets[1:] if sheet["A1"].value == title)


def head_of(sheet: Any, title: str) -> int:
    """The row of the heads under a table's name."""
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == title) + 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_cells_hold_the_storys_numbers_as_numbers_in_the_format_of_their_unit(language: str) -> None:
    block = told(language).block("channels")
    table, sheet = block.tables[0], sheet_of(book(language), block.title)
    head = head_of(sheet, table.name)
    places = {sheet.cell(head, column).value: column for column in range(1, sheet.max_column + 1)}
    for line, row in enumerate(table.rows, 1):
        for column, cell in zip(table.columns, row.cells, strict=True):
            shown = sheet.cell(head + line, places[column.title])
            assert shown.value == (cell.text if cell.value is None else pytest.approx(cell.value))
            if cell.value is not None:
                assert {"money": "₽", "share": "%", "multiple": "×", "count": "#,##0"}[column.unit] in shown.number_format


@pytest.mark.parametrize("language", LANGUAGES)
def test_totals_of_sums_are_formulas_and_give_what_the_story_says(language: str) -> None:
    for key in ("channels", "campaigns"):
        block = told(language).block(key)
        table, sheet = block.tables[0], sheet_of(book(language), block.title)
        assert table.total is not None
        head = head_of(sheet, table.name)
        bottom = head + len(table.rows) + 1
        places = {sheet.cell(head, column).value: column for column in range(1, sheet.max_column + 1)}
        for column, cell in zip(table.columns, table.total.cells, strict=True):
            shown = sheet.cell(bottom, places[column.title])
            if column.key in table.sums:
                letter = shown.column_letter
                assert shown.value == f"=SUM({letter}{head + 1}:{letter}{bottom - 1})"
                numbers = [sheet.cell(row, shown.column).value for row in range(head + 1, bottom)]
                assert sum(one for one in numbers if not isinstance(one, str)) == pytest.approx(cell.value)
            else:
                assert shown.data_type != "f"


def test_a_program_that_does_not_calculate_reads_the_totals_too() -> None:
    block = told("ru").block("channels")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(written("ru"))).get_sheet_by_name(sheet_of(book("ru"), block.title).title).to_python()
    last = next(row for row in rows if row[0] == "Всего")
    assert last[1:3] == [752_800.0, 113_752.0]


def test_a_total_that_the_rows_do_not_give_is_no_formula() -> None:
    table = Table(
        "Т", (Column("spend", "Расход", "money"),), (Row("а", (Cell(1.0, "1 ₽"),)),), Row("Всего", (Cell(5.0, "5 ₽"),)), ("spend",)
    )
    assert one_table(table).cell(6, 2).value == 5.0


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_cell_but_a_total_is_a_formula_and_no_link_leads_out(language: str) -> None:
    for sheet in book(language).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" or cell.value.startswith("=SUM(")
                assert cell.hyperlink is None or cell.hyperlink.target is None
    assert not [name for name in zipfile.ZipFile(io.BytesIO(written(language))).namelist() if "externalLink" in name]


def test_a_text_that_looks_like_a_formula_stays_text() -> None:
    block = told("ru").block("campaigns")
    sheet = sheet_of(book("ru"), block.title)
    shown = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1" or str(cell.value).startswith("=HYPERLINK")]
    assert len(shown) == 3 and all(cell.data_type == "s" for cell in shown)
    assert sheet["A2"].value == HOSTILE.replace("\x07", "")


def test_every_chart_is_native_and_has_its_figures_beside_it() -> None:
    for block in told("ru").blocks[1:]:
        sheet = sheet_of(book("ru"), block.title)
        assert len(sheet._charts) == sum(chart.kind != "heat" for chart in block.charts)
        for chart in block.charts:
            head = head_of(sheet, chart.title)
            if chart.kind in ("line", "bar", "stacked", "map"):
                for column, one in enumerate(chart.series, 2):
                    shown = [sheet.cell(head + line, column).value for line in range(1, len(one.values) + 1)]
                    assert shown == [None if value is None else pytest.approx(value) for value in one.values]


def test_a_heat_map_is_shaded_and_what_is_not_known_yet_is_empty() -> None:
    block = told("ru").block("cohorts")
    sheet = sheet_of(book("ru"), block.title)
    assert len(list(sheet.conditional_formatting)) == 1
    head = head_of(sheet, block.charts[0].title)
    assert sheet.cell(head + 1, 7).value == pytest.approx(0.14)
    assert sheet.cell(head + 6, 3).value is None


def test_durations_are_durations() -> None:
    table = Table("Т", (Column("time", "Время", "seconds"),), (Row("а", (Cell(185.0, "3:05"),)),))
    shown = one_table(table).cell(5, 2)
    assert shown.number_format == "[m]:ss"
    assert shown.value in (timedelta(seconds=185), time(0, 3, 5))


def test_a_column_of_mixed_units_is_formatted_cell_by_cell() -> None:
    table = Table(
        "План",
        (Column("plan", "План", "text"),),
        (
            Row("Расход", (Cell(100_000.0, "100 000 ₽"),)),
            Row("ДРР", (Cell(0.15, "15 %"),)),
            Row("Лиды", (Cell(50.0, "50"),)),
            Row("Итог", (Cell(None, "Риск"),)),
        ),
    )
    shown = [one_table(table).cell(row, 2) for row in range(5, 9)]
    assert [cell.value for cell in shown] == [100_000, 0.15, 50, "Риск"]
    assert "₽" in shown[0].number_format and "%" in shown[1].number_format and "₽" not in shown[2].number_format


def test_the_first_sheet_leads_to_every_other_and_heads_stay_in_view() -> None:
    first = book("en").worksheets[0]
    links = [cell.hyperlink.location for row in first.iter_rows() for cell in row if cell.hyperlink]
    assert links == [f"'{name}'!A1".replace("''", "'") for name in book("en").sheetnames[1:]]
    assert all(sheet.freeze_panes for sheet in book("en").worksheets[1:])
    block = told("en").block("campaigns")
    sheet = sheet_of(book("en"), block.title)
    assert sheet.freeze_panes == f"B{head_of(sheet, block.tables[0].name) + 1}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_client_without_data_gets_a_workbook_without_figures(language: str) -> None:
    file = opened(silent(language))
    assert not any(isinstance(cell.value, (int, float)) for sheet in file.worksheets for row in sheet.iter_rows() for cell in row)


@given(st.lists(st.text(max_size=45), min_size=1, max_size=12))
def test_names_of_sheets_are_always_valid_and_never_alike(wanted: list[str]) -> None:
    names = xlsx.sheet_names(wanted)
    assert len({name.casefold() for name in names}) == len(wanted)
    for name in names:
        assert 0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") and name.casefold() != "history"
        assert not name.startswith("'") and not name.endswith("'")
