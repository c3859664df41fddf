"""Pictures keep their promises: steps add up, gaps are gaps, bars start at zero, and nobody's text becomes markup."""

from __future__ import annotations

import math
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.text import words
from reports.drawing import KINDS, axis, bars, draw, lines, spread, steps
from reports.drawing.sheet import Look, Sheet, wide, wrapped
from reports.palette import DAY_LIGHT, NIGHT, WHITE, contrast, printed, readable
from reports.story import Chart, Series
from tests.story_sample import HOSTILE, silent, told

LOOK = Look(480, 8, "Arial", printed("#107060"))
SVG = "{http://www.w3.org/2000/svg}"
_amounts = st.floats(-1e9, 1e9, allow_nan=False)


def chart(kind: str, *series: Series, labels: tuple[str, ...] = ("a", "b", "c", "d")) -> Chart:
    return Chart(kind, "t", labels, series, "count", "alt")


def drawn(one: Chart) -> Sheet:
    sheet = draw(one, LOOK, words("ru"), "RUB")
    assert sheet is not None
    return sheet


def rectangles(sheet: Sheet) -> list[dict[str, float]]:
    root = ElementTree.fromstring(sheet.svg("alt"))
    return [{name: float(one.get(name, "0")) for name in ("x", "y", "width", "height")} for one in root.iter(f"{SVG}rect")]


@given(st.lists(_amounts, min_size=3, max_size=9))
def test_every_step_of_a_waterfall_begins_where_the_last_one_ended(values: list[float]) -> None:
    spans = steps.running(values)
    for before, after in pairwise(spans[:-1]):
        assert after[0] == before[1]
    assert math.isclose(spans[-2][1], sum(values[:-1]), rel_tol=1e-9, abs_tol=1e-3)
    assert spans[-1] == (0.0, values[-1])


def test_a_waterfall_is_drawn_as_long_as_its_amounts() -> None:
    sheet = drawn(chart("waterfall", Series("s", (100.0, 50.0, -30.0, 120.0), texts=("100", "+50", "−30", "120"))))
    first, up, down, last = rectangles(sheet)
    unit = first["height"] / 100
    assert [up["height"] / unit, down["height"] / unit, last["height"] / unit] == pytest.approx([50, 30, 120], rel=0.01)
    assert up["y"] + up["height"] == pytest.approx(first["y"], abs=0.02)
    assert down["y"] == pytest.approx(up["y"], abs=0.02)
    assert down["y"] + down["height"] == pytest.approx(last["y"], abs=0.02)


def test_a_gap_is_a_gap_and_zero_is_not() -> None:
    assert lines.runs((1.0, None, 0.0, 2.0, None)) == [[0], [2, 3]]
    sheet = drawn(chart("line", Series("s", (1.0, None, 0.0, 2.0))))
    paths = list(ElementTree.fromstring(sheet.svg("alt")).iter(f"{SVG}path"))
    assert len(paths) == 1
    assert paths[0].get("d", "").count("L") == 1


def test_a_bar_that_is_not_known_is_not_drawn_and_one_of_zero_is() -> None:
    sheet = drawn(chart("bar", Series("s", (3.0, None, 0.0, 1.0))))
    assert [round(one["height"] / rectangles(sheet)[0]["height"], 2) for one in rectangles(sheet)] == [1.0, 0.0, 0.33]


@given(st.lists(st.lists(st.none() | _amounts, min_size=4, max_size=4), min_size=1, max_size=4))
def test_parts_of_a_bar_stand_on_each_other_on_their_side_of_zero(values: list[list[float | None]]) -> None:
    spans = bars.stack([Series("s", tuple(one)) for one in values], 4)
    for place, column in enumerate(spans):
        assert [span is None for span in column] == [one[place] is None for one in values]
        up = [span for span, one in zip(column, values, strict=True) if span and (one[place] or 0) > 0]
        assert all(after[0] == before[1] for before, after in pairwise(up))
        assert all(min(span) >= 0 for span in up)


@given(st.floats(-1e9, 1e9), st.just(0.0) | st.floats(1, 1e12))
def test_ticks_are_few_even_and_hold_the_values(low: float, span: float) -> None:
    marks = axis.ticks(low, low + span)
    assert 2 <= len(marks) <= 12
    assert marks[0] <= low + span * 1e-6 + 1e-6 and marks[-1] >= low + span - span * 1e-6 - 1e-6
    distances = [after - before for before, after in pairwise(marks)]
    assert max(distances) == pytest.approx(min(distances), rel=1e-4)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_picture_of_the_sample_stays_on_its_sheet(language: str) -> None:
    kinds = set()
    for one in (one for block in told(language).blocks for one in block.charts):
        kinds.add(one.kind)
        sheet = draw(one, LOOK, words(language), "RUB")
        assert sheet is not None
        for rectangle in rectangles(sheet):
            assert rectangle["x"] >= -0.1 and rectangle["x"] + rectangle["width"] <= LOOK.width + 0.1
            assert rectangle["y"] >= -0.1 and rectangle["y"] + rectangle["height"] <= sheet.height + 0.1
        for said in sheet.words:
            start = said.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[said.anchor] * wide(said.words, said.size)
            assert start >= -2 and start + wide(said.words, said.size) <= LOOK.width + 2, said
            assert 0 < said.y <= sheet.height + 1, said
    assert kinds == set(KINDS)


def test_a_chart_without_values_is_no_picture() -> None:
    for one in silent("ru").blocks[0].charts:
        assert draw(one, LOOK, words("ru"), "RUB") is None


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_names_from_outside_are_words_and_never_markup(kind: str) -> None:
    labels = (HOSTILE, '"><script>alert(1)</script>', "&amp;\x00\ud800", "d")
    several = [Series(f"</text>{HOSTILE}", (1.0, 2.0, 3.0, 4.0), texts=labels) for _ in range(2)]
    root = ElementTree.fromstring(drawn(chart(kind, *several, labels=labels)).svg(HOSTILE))
    assert {one.tag.removeprefix(SVG) for one in root.iter()} <= {"svg", "rect", "line", "path", "circle", "text", "title"}


def test_names_on_a_map_do_not_cover_each_other() -> None:
    points = [spread.Point(100 + 3 * place, 100, 5, f"Name number {place}") for place in range(5)]
    sheet = Sheet(LOOK, 300)
    spread._names(sheet, points, spread.Box(0, 0, 480, 300))
    boxes = [spread.Box(said.x, said.y - 8, said.x + wide(said.words, 8), said.y + 2) for said in sheet.words]
    assert all(one.overlap(other) == 0 for place, one in enumerate(boxes) for other in boxes[place + 1 :])


@given(st.text(max_size=60), st.floats(20, 300))
def test_wrapped_words_fit_their_lines(said: str, room: float) -> None:
    found = wrapped(said, room, 8, 3)
    assert len(found) <= 3
    assert all(wide(line, 8) <= room or len(line) <= 2 for line in found)


@given(st.from_regex(r"#[0-9A-F]{6}", fullmatch=True))
def test_a_clients_colour_can_be_seen_by_day_and_by_night(colour: str) -> None:
    assert contrast(readable(colour, WHITE), WHITE) >= DAY_LIGHT
    assert contrast(readable(colour, NIGHT), NIGHT) >= DAY_LIGHT


def test_what_is_no_colour_does_not_reach_a_style_sheet() -> None:
    assert readable("red;}body{display:none}", WHITE) == "#2F74D0"
