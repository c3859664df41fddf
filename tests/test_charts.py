"""Charts are honest: round ticks in words, names that do not cover each other, unfinished dashed, unloaded hatched and named."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.text import words
from pages.ui import axes, coverage, design, labels, share_map, trend
from pages.ui.coverage import Stretch
from pages.ui.share_map import Bubble
from pages.ui.trend import Sayings, Step

FIRST = date(2026, 10, 26)
SAY = Sayings(lambda value: f"{value:.0f}", lambda value: f"{value:.0f}", "now", "before")


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9))
def test_ticks_hold_the_values_between_them_and_are_few(low: float, span: float) -> None:
    marked = axes.ticks(low, low + span)
    step = marked[1] - marked[0]
    assert marked[0] <= low + step * 1e-6 and marked[-1] >= low + span - step * 1e-6
    assert 2 <= len(marked) <= 12


def test_ticks_are_round() -> None:
    assert axes.ticks(0, 87) == [0, 50, 100]
    assert axes.ticks(0, 1234, 6) == [0, 500, 1000, 1500]
    assert axes.ticks(0, 0) == [0, 0.5, 1]


@given(st.floats(0, 1e9), st.floats(1e-6, 1e9))
def test_an_axis_goes_just_past_its_values_and_has_its_ticks_inside(low: float, more: float) -> None:
    marked, (first, last) = axes.span(-low, more)
    assert first <= -low and more < last <= more + 0.1 * (low + more)
    assert all(first <= mark <= last for mark in marked) and 0.0 in marked


def test_few_counted_things_have_no_ticks_between_whole_numbers() -> None:
    assert axes.span(0, 4)[0] == [0, 1, 2, 3, 4]
    assert axes.span(0, 0.4)[0] == [0, 0.1, 0.2, 0.3, 0.4]


@given(st.dates(date(2001, 1, 1), date(2090, 1, 1)), st.integers(0, 2500), st.sampled_from(["en", "ru"]))
def test_dates_on_an_axis_are_few_and_inside(since: date, length: int, language: str) -> None:
    until = since + timedelta(days=length)
    marked, said = axes.days([since, until] if length else [since], words(language))
    assert len(marked) == len(said) <= axes.MOST_TICKS
    assert all(since <= day <= until for day in marked)


def test_weeks_on_an_axis_start_on_monday() -> None:
    marked, said = axes.days([FIRST, FIRST + timedelta(days=27)], words("ru"))
    assert {day.weekday() for day in marked} == {0}
    assert said[0] == "26\u00a0окт"


def test_months_on_a_long_axis_are_short_and_carry_their_year() -> None:
    marked, said = axes.days([date(2025, 3, 10), date(2026, 3, 10)], words("ru"))
    assert {day.day for day in marked} == {1}
    assert said[0] == "апр\u00a02025"


points = st.lists(
    st.builds(labels.Point, st.floats(0, 400), st.floats(0, 300), st.floats(4, 20), st.text("абвгд", min_size=2, max_size=14)), max_size=9
)


@given(points)
def test_every_point_gets_a_name_inside_the_picture(found: list[labels.Point]) -> None:
    boxes = labels.place(found, 500, 400)
    assert len(boxes) == len(found)


def test_names_of_neighbours_do_not_cover_each_other() -> None:
    crowd = [labels.Point(100 + 6 * place, 100 + 4 * place, 6, "Контекст") for place in range(5)]
    boxes = labels.place(crowd, 500, 400)
    assert sum(one.overlap(other) for one in boxes for other in boxes if one is not other) == 0


def steps(values: list[float | None], **more: object) -> list[Step]:
    return [Step(FIRST + timedelta(days=n), FIRST + timedelta(days=n), value, **more) for n, value in enumerate(values)]  # type: ignore[arg-type]


def test_unfinished_days_are_dashed_and_hollow() -> None:
    shown = [*steps([3.0, 4.0]), Step(FIRST + timedelta(days=2), FIRST + timedelta(days=2), 2.0, open=True)]
    drawn = [trace for trace in trend.draw(shown, words("en"), SAY).data if trace.type == "scatter" and trace.line.dash]
    traces = {(trace.line.dash, trace.marker.symbol): list(trace.y) for trace in drawn}
    assert traces["solid", "circle"] == [3.0, 4.0, None]
    assert traces["dot", "circle-open"] == [None, 4.0, 2.0]


def test_an_unfinished_first_step_is_tied_to_the_finished_one_after_it() -> None:
    shown = [Step(FIRST - timedelta(days=1), FIRST - timedelta(days=1), 2.0, open=True), *steps([3.0, 4.0])]
    dashed = next(trace for trace in trend.draw(shown, words("en"), SAY).data if trace.type == "scatter" and trace.line.dash == "dot")
    assert list(dashed.y) == [2.0, 3.0, None]


def test_days_that_were_not_loaded_are_hatched_and_named_not_drawn_as_zero() -> None:
    gap = FIRST + timedelta(days=1)
    shown = [Step(FIRST, FIRST, 3.0), Step(gap, gap, None, loaded=False), Step(gap + timedelta(days=1), gap + timedelta(days=1), 5.0)]
    drawn = trend.draw(shown, words("ru"), SAY)
    hatched = [trace for trace in drawn.data if trace.type == "bar"]
    assert [trace.marker.pattern.shape for trace in hatched] == ["/"]
    assert any(note.text == words("ru").t("not loaded") for note in drawn.layout.annotations)
    assert None in next(trace for trace in drawn.data if trace.type == "scatter" and trace.line.dash == "solid").y


def test_the_axis_of_amounts_starts_at_zero() -> None:
    low, high = trend.draw(steps([900.0, 1000.0]), words("en"), SAY).layout.yaxis.range
    assert (low, high >= 1000) == (0, True)


def test_a_hostile_name_is_text_on_a_chart() -> None:
    drawn = share_map.draw([Bubble("<b onload=x>", 0.5, 0.5, "flat"), Bubble("other", 0.5, 0.5, "good")], words("en"), "result")
    assert not any("<b onload" in str(note.text) for note in drawn.layout.annotations)


def test_better_and_worse_differ_in_shape_not_in_colour_alone() -> None:
    drawn = share_map.draw([Bubble("a", 0.7, 0.3, "bad"), Bubble("b", 0.3, 0.7, "good")], words("en"), "result")
    marker = drawn.data[0].marker
    assert len(set(marker.color)) == 2 and len(set(marker.symbol)) == 2


@pytest.mark.parametrize("state", coverage.STATES)
def test_every_state_of_a_day_has_its_own_look_and_name(state: str) -> None:
    drawn = coverage.draw(["a"], [Stretch("a", FIRST, FIRST, state)], FIRST, FIRST, words("ru"))
    assert [trace.name for trace in drawn.data] == [words("ru").t(coverage.STATES[state][0])]


def contrast(colour: str, ground: str) -> float:
    """Contrast ratio of two colours. Source: WCAG 2, relative luminance."""
    def light(text: str) -> float:
        parts = [int(text[place:place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    high, low = sorted((light(colour), light(ground)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("ground", ["#FFFFFF", "#11161C"])
@pytest.mark.parametrize("colour", [design.NOW, design.BEFORE, design.LAST_YEAR, design.PLAN, design.GOOD, design.BAD, design.NEUTRAL])
def test_chart_colours_stand_out_from_the_light_and_the_dark_page(colour: str, ground: str) -> None:
    assert contrast(colour, ground) >= 3
