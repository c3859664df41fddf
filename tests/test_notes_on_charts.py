"""Notes on charts: numbered by day, ranges shaded, numbers that would cover each other in one box, nothing outside of the days drawn."""

from __future__ import annotations

from datetime import date, timedelta

from data.desk.marks import Mark
from data.text import words
from pages.ui import figure, mark_lines, marking, plan_chart, trend
from pages.ui.plan_chart import Month
from pages.ui.trend import Sayings, Step

FIRST = date(2026, 3, 1)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def test_notes_are_numbered_by_day_and_only_those_that_touch_the_days() -> None:
    marks = [Mark(day(9), day(9), "b"), Mark(day(-5), day(2), "a"), Mark(day(40), day(41), "outside")]
    assert [(one.number, one.mark.text) for one in mark_lines.numbered(marks, day(0), day(30))] == [(1, "a"), (2, "b")]


def test_of_too_many_notes_the_latest_are_shown() -> None:
    found = mark_lines.numbered([Mark(day(number), day(number), str(number)) for number in range(20)], day(0), day(30))
    assert len(found) == mark_lines.MOST
    assert found[-1].mark.text == "19"


def test_a_day_is_a_line_a_range_is_a_shade_and_neighbours_share_a_box() -> None:
    steps = [Step(day(number), day(number), float(number)) for number in range(60)]
    marks = [Mark(day(5), day(5), "a"), Mark(day(6), day(6), "b"), Mark(day(30), day(33), "c")]
    found = mark_lines.numbered(marks, day(0), day(59))
    drawn = trend.draw(steps, words("en"), Sayings(str, str, "now", "before"), found)
    assert [shape.type for shape in drawn.layout.shapes] == ["line", "line", "rect"]
    assert [note.text for note in drawn.layout.annotations if note.yref == "paper"] == ["1–2", "3"]


def test_on_a_chart_by_month_a_note_stands_at_its_month() -> None:
    months = [Month(date(2026, month, 1), 1.0, None) for month in (1, 2, 3)]
    found = mark_lines.numbered([Mark(date(2026, 2, 10), date(2026, 2, 12), "a")], date(2026, 1, 1), date(2026, 3, 31))
    drawn = plan_chart.draw(months, words("en"), str, str, notes=found)
    assert [(shape.type, shape.x0) for shape in drawn.layout.shapes] == [("line", 1.0)]


def test_what_came_after_the_last_point_stands_at_it() -> None:
    sheet = figure.sheet(300)
    mark_lines.on_days(sheet, mark_lines.numbered([Mark(day(40), day(45), "a")], day(0), day(60)), day(0), day(31))
    assert (sheet.layout.shapes[0].x0, sheet.layout.shapes[0].x1) == (day(31), day(31))


def test_a_note_is_said_with_its_days_kind_channel_and_whether_it_is_left_out() -> None:
    said = marking.line(Mark(day(0), day(2), "Редирект", "fault", "vk", True), {"vk": "VK Ads"}, words("ru"))
    assert said.endswith("Редирект (сбой счётчика или сайта, VK Реклама, не учитывается в ожиданиях)")
