"""The deck opens in PowerPoint as a deck: native charts with the right figures, nothing outside a slide, notes, no leftover placeholder."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import openpyxl
import pytest
from pptx import Presentation
from pptx.chart.chart import Chart as Native

from data.errors import Problem
from reports import pptx
from reports.office import held
from reports.pptx_steps import steps
from reports.story import Block, Cell, Column, Row, Story, Table
from tests.story_sample import HOSTILE, silent, told

LANGUAGES = ("ru", "en")


@cache
def deck(language: str) -> Any:
    return opened(told(language))


def opened(story: Story) -> Any:
    return Presentation(io.BytesIO(pptx.write(story)))


def one_block(block: Block, language: str = "ru") -> Any:
    return opened(replace(told(language), blocks=(block,)))


def charts(file: Any) -> dict[str, Native]:
    """Native charts by title."""
    shapes = [shape for slide in file.slides for shape in slide.shapes if shape.has_chart]
    return {shape.chart.chart_title.text_frame.text: shape.chart for shape in shapes}


def texts(file: Any) -> Iterator[str]:
    for slide in file.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                yield shape.text_frame.text
            if shape.has_table:
                yield from (cell.text for row in shape.table.rows for cell in row.cells)


def close(shown: Any, wanted: Any) -> bool:
    return len(shown) == len(wanted) and all(
        a is b is None or (a is not None and b is not None and abs(a - b) < 1e-9 * max(1.0, abs(b)))
        for a, b in zip(shown, wanted, strict=True)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_is_native_and_holds_the_values_of_the_story(language: str) -> None:
    shown = charts(deck(language))
    wanted = [chart for block in told(language).blocks for chart in block.charts if chart.kind != "heat"]
    assert {chart.title for chart in wanted} == set(shown)
    for chart in wanted:
        drawn = list(shown[chart.title].plots[0].series)
        if chart.kind in ("line", "bar", "stacked"):
            assert [one.name for one in drawn] == [one.name for one in chart.series]
            assert all(close(one.values, told.values) for one, told in zip(drawn, chart.series, strict=True))


def test_a_waterfall_adds_up_from_the_first_level_to_the_last_also_through_zero() -> None:
    for chart in (chart for block in told("ru").blocks for chart in block.charts if chart.kind == "waterfall"):
        base, above, below, _ = charts(deck("ru"))[chart.title].plots[0].series
        wanted = steps(chart.series[0].values)
        assert close(base.values, [one.base for one in wanted])
        last = above.values[-1] + below.values[-1]
        first = above.values[0] + below.values[0]
        assert last == pytest.approx(chart.series[0].values[-1])
        assert first + sum(value or 0.0 for value in chart.series[0].values[1:-1]) == pytest.approx(last)


def test_a_map_holds_a_point_per_name_and_its_sizes_stand_in_the_workbook_as_they_are() -> None:
    chart = told("en").block("share").charts[0]
    drawn = charts(deck("en"))[chart.title]
    assert close(drawn.plots[0].series[0].values, chart.series[1].values)
    sheet = openpyxl.load_workbook(io.BytesIO(drawn.part.chart_workbook.xlsx_part.blob)).active
    assert [row[2] for row in sheet.iter_rows(min_row=2, max_row=6, values_only=True)] == list(chart.labels)
    assert [row[3] for row in sheet.iter_rows(min_row=2, max_row=6, values_only=True)] == list(chart.series[2].values)


def test_editing_a_chart_opens_the_figures_that_it_shows() -> None:
    chart = told("ru").block("course").charts[0]
    blob = charts(deck("ru"))[chart.title].part.chart_workbook.xlsx_part.blob
    rows = list(openpyxl.load_workbook(io.BytesIO(blob)).active.iter_rows(values_only=True))
    assert rows[0] == ("", *(one.name for one in chart.series))
    assert [row[1] for row in rows[1:]] == list(chart.series[0].values)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", [told, silent])
def test_nothing_stands_outside_its_slide_and_nothing_touches_the_footer(language: str, make: Any) -> None:
    file = opened(make(language))
    for slide in list(file.slides)[1:]:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.top >= 0 and shape.width > 0
            assert shape.left + shape.width <= file.slide_width + 9
            if not shape.is_placeholder:
                assert (shape.top + shape.height) / 914400 < 6.9, (slide.shapes.title.text, shape.name)


def test_parts_of_a_slide_do_not_lie_on_one_another() -> None:
    """Cards hold their own words, so only charts, tables and the free words are compared."""
    for slide in deck("ru").slides:
        solid = [one for one in slide.shapes if one.has_chart or one.has_table or one.name == "Text"]
        for place, one in enumerate(solid):
            for other in solid[place + 1 :]:
                apart = one.top + one.height <= other.top + 9 or other.top + other.height <= one.top + 9
                beside = one.left + one.width <= other.left + 9 or other.left + other.width <= one.left + 9
                assert apart or beside, (slide.shapes.title.text, one.name, other.name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_placeholder_is_left_empty_and_every_slide_but_the_cover_has_number_and_sources(language: str) -> None:
    file, story = deck(language), told(language)
    for place, slide in enumerate(file.slides):
        assert all(shape.text_frame.text.strip() for shape in slide.placeholders)
        if place:
            kinds = {shape.element.ph.get("type"): shape for shape in slide.placeholders}
            assert "sldNum" in kinds
            assert story.name in kinds["ftr"].text_frame.text and story.sources[0] in kinds["ftr"].text_frame.text


def test_the_presenter_finds_talking_points_and_receipts_in_the_notes() -> None:
    slide = next(slide for slide in deck("ru").slides if slide.shapes.title.text == told("ru").block("summary").title)
    notes = slide.notes_slide.notes_text_frame.text
    assert "Начните с лидов: план выполнен." in notes
    assert all(f"{card.code}: " in notes and card.receipt in notes for card in told("ru").block("summary").cards)


def test_a_long_table_goes_on_with_its_head_and_loses_no_row() -> None:
    table = told("en").block("campaigns").tables[0]
    shown = [
        shape.table
        for slide in deck("en").slides
        for shape in slide.shapes
        if shape.has_table and slide.shapes.title.text.startswith("Nine")
    ]
    assert len(shown) > 1
    assert all(one.cell(0, 1).text == "Spend" for one in shown)
    names = [row.cells[0].text for one in shown for row in list(one.rows)[1:]]
    assert len(names) == len(table.rows) + 1 and names[-1] == "Total"
    assert names[1:-1] == [row.name for row in table.rows[1:]]


def test_a_table_with_more_columns_than_a_slide_is_wide_goes_on_in_columns() -> None:
    table = told("ru").block("channels").tables[0]
    columns = tuple(Column(f"c{place}", f"Месяц {place}", "money") for place in range(24))
    rows = tuple(Row(row.name, (row.cells[0],) * 24) for row in table.rows)
    file = one_block(
        Block("wide", "channels", "Широкая таблица", tables=(replace(table, columns=columns, rows=rows, total=None, sums=()),))
    )
    shown = [shape.table for slide in file.slides for shape in slide.shapes if shape.has_table]
    assert [cell.text for one in shown for cell in list(one.rows[0].cells)[1:]] == [column.title for column in columns]


def test_words_longer_than_a_slide_go_on_and_none_is_lost() -> None:
    long = " ".join(f"слово{place}" for place in range(1500))
    file = one_block(Block("long", "summary", "Много слов", lead=(long, "Второй абзац.")))
    said = " ".join(shape.text_frame.text for slide in file.slides for shape in slide.shapes if shape.name == "Text")
    assert said.split() == [*long.split(), "Второй", "абзац."]
    assert len(file.slides) > 2


def test_a_chart_without_figures_says_so_instead_of_drawing_zeros() -> None:
    file = opened(silent("ru"))
    assert charts(file) == {}
    assert sum("За период данных нет" in text for text in texts(file)) == 2


def test_what_an_attacker_names_a_campaign_stays_text_on_slides_and_behind_charts() -> None:
    chart = told("en").block("channels").charts[0]
    hostile = replace(chart, labels=("=1+1", HOSTILE, *chart.labels[2:]))
    file = one_block(Block("evil", "channels", HOSTILE, lead=("=1+1",), charts=(hostile,)))
    sheet = openpyxl.load_workbook(io.BytesIO(charts(file)[chart.title].part.chart_workbook.xlsx_part.blob)).active
    assert sheet["A2"].data_type == "s" and sheet["A2"].value == "=1+1"
    assert next(iter(charts(file)[chart.title].plots[0].categories)) == "=1+1"
    assert not any(shape.click_action.hyperlink.address for slide in file.slides for shape in slide.shapes if not shape.has_chart)


def test_a_value_that_is_no_number_is_a_gap() -> None:
    chart = told("en").block("course").charts[0]
    broken = replace(chart, series=(replace(chart.series[0], values=(float("nan"), float("inf"), *chart.series[0].values[2:])),))
    assert list(charts(one_block(Block("gap", "course", "Gap", charts=(broken,))))[chart.title].plots[0].series[0].values)[:2] == [
        None,
        None,
    ]


def test_the_accent_is_the_themes_so_that_one_change_recolours_the_deck() -> None:
    file = deck("ru")
    theme = next(rel.target_part.blob for rel in file.slide_masters[0].part.rels.values() if rel.reltype.endswith("/theme"))
    assert b'<a:accent1><a:srgbClr val="107060"/>' in theme
    drawn = charts(file)[told("ru").block("course").charts[0].title].plots[0].series[0]
    assert drawn.format.line.color.theme_color is not None


def test_a_logo_that_is_no_picture_is_refused_in_words() -> None:
    story = told("ru")
    with pytest.raises(Problem, match="not a picture"):
        pptx.write(replace(story, theme=replace(story.theme, logo=b"<svg/>")))


def test_durations_are_parts_of_a_day_behind_a_chart() -> None:
    assert held(185.0, "seconds") * 86_400 == pytest.approx(185.0)
    assert held(185.0, "money") == 185.0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_of_many_wide_columns_breaks_no_name_to_pieces_and_loses_no_column(language: str) -> None:
    columns = tuple(Column(f"c{place}", f"Показатель {place}", "money") for place in range(9))
    cells = tuple(Cell(12_345_678.0, "12 345 678 ₽", "+1 234,5 п. п.", "good") for _ in columns)
    table = Table("Каналы", columns, tuple(Row(name, cells) for name in ("Яндекс Директ: поиск", "Маркетплейсы и агрегаторы")))
    file = one_block(Block("one", "one", "Один", tables=(table,)), language)
    drawn = [shape.table for slide in file.slides for shape in slide.shapes if shape.has_table]
    assert {cell.text for one in drawn for cell in one.rows[0].cells} >= {column.title for column in columns}
    assert all(one.columns[0].width / 914400 > 1.0 for one in drawn)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_small_table_beside_a_chart_keeps_all_its_columns(language: str) -> None:
    columns = tuple(Column(title, title, "text") for title in ("План", "Факт", "Выполнение", "Прогноз"))
    rows = tuple(Row(name, tuple(Cell(1.0, "1 300 000 ₽", unit="money") for _ in columns)) for name in ("Выручка", "Расход"))
    chart = told("ru").block("course").charts[0]
    file = one_block(Block("one", "one", "Один", charts=(chart,), tables=(Table("План и факт", columns, rows),)), language)
    heads = {cell.text for slide in file.slides for shape in slide.shapes if shape.has_table for cell in shape.table.rows[0].cells}
    assert heads >= {column.title for column in columns}
