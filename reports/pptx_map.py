"""A map: a point per name between two axes, larger where more money stands behind it; on the dashed line both shares are equal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree
from pptx.chart.data import XyChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE
from pptx.util import Pt

from reports import office
from reports.pptx_axes import TEXT, add, direct, dress, legend, scale, workbook
from reports.pptx_deck import Deck
from reports.pptx_text import Box, colour, shortened, spoken, width
from reports.story import Chart

_LABEL = 0.42
"""Share of the picture that a name may take."""
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_SMALLEST, _LARGEST = 8, 30
"""Unit: points of a marker."""


@dataclass(frozen=True)
class Point:
    name: str
    x: float
    y: float
    size: float | None
    tone: str


def points(chart: Chart) -> list[Point]:
    """The points that have both values."""
    if len(chart.series) < 2:
        return []
    x, y = chart.series[0], chart.series[1]
    sizes = chart.series[2].values if len(chart.series) > 2 else (None,) * len(chart.labels)
    found = []
    for place, name in enumerate(chart.labels):
        across, up = x.values[place], y.values[place]
        if across is not None and up is not None:
            found.append(Point(name, across, up, sizes[place], y.tones[place] if place < len(y.tones) else ""))
    return found


def scatter(deck: Deck, slide: Any, box: Box, chart: Chart) -> Any:
    """NB: markers are sized one by one. A native bubble chart leaves out points of size zero, which are the free channels."""
    found = points(chart)
    wide, high = max(one.x for one in found), max(one.y for one in found)
    shares = chart.unit == "share"
    end = min(wide, high) if shares else 0.0
    data = XyChartData()
    series = data.add_series(chart.title)
    for one in found:
        series.add_data_point(one.x, one.y)
    if end > 0:
        equal = data.add_series(deck.say.t("Equal shares"))
        equal.add_data_point(0, 0)
        equal.add_data_point(end, end)
    frame = add(slide, box, XL_CHART_TYPE.XY_SCATTER, data)
    shown = frame.chart
    dress(deck, shown, chart.title, box)
    legend(deck, shown, False)
    for axis, most, told in ((shown.category_axis, wide, chart.series[0]), (shown.value_axis, high, chart.series[1])):
        least = min((0.0, *(value for value in told.values if value is not None)))
        scale(deck, axis, chart.unit, least, most or 1.0, 4)
        if shares and most <= 1.0:
            axis.maximum_scale = min(1.0, math.ceil(most / axis.major_unit) * axis.major_unit)  # no share is more than all of it
        axis.format.line.color.rgb = colour(deck.colours.axis)
    names = chart.names if len(chart.names) > 1 else (chart.series[0].name, chart.series[1].name)
    for axis, name in ((shown.category_axis, names[0]), (shown.value_axis, names[1])):
        frame_of = axis.axis_title.text_frame
        frame_of.text = name
        run = frame_of.paragraphs[0].runs[0]
        run.font.size, run.font.bold, run.font.color.rgb = Pt(TEXT), False, colour(deck.colours.soft)
        spoken(run, deck.language)
    _dots(deck, shown.plots[0].series[0], found, box)
    if end > 0:
        _diagonal(deck, shown.plots[0].series[1])
    workbook(shown, _rows(chart, found, names, deck, end))
    return frame


def _dots(deck: Deck, drawn: Any, found: list[Point], box: Box) -> None:
    drawn.format.line.fill.background()
    largest = max((one.size or 0.0 for one in found), default=0.0)
    spots = _spots(found, box)
    for place, one in enumerate(found):
        marker = drawn.points[place].marker
        marker.style = XL_MARKER_STYLE.CIRCLE
        marker.size = round(_SMALLEST + (_LARGEST - _SMALLEST) * math.sqrt(max(0.0, one.size or 0.0) / largest)) if largest else 10
        marker.format.fill.solid()
        deck.paint(marker.format.fill.fore_color, deck.colours.tone(one.tone) if one.tone else deck.colours.accent)
        marker.format.line.color.rgb = colour(deck.colours.paper)
        label = drawn.points[place].data_label
        direct(deck, label, shortened(one.name, TEXT, box.w * _LABEL), spots[place].side)
        if spots[place].up:
            _lift(label, -spots[place].up / box.h)


@dataclass(frozen=True)
class Spot:
    """A place for a name: on which side of its point, how far above that, and what it covers (left, low, right, top; inches)."""

    side: XL_LABEL_POSITION
    up: float
    box: tuple[float, float, float, float]


def _lift(label: Any, share: float) -> None:
    """Moves a name by a share of the picture's height; the native sides alone leave names of neighbours upon one another."""
    element = label._get_or_add_dLbl()
    layout = element.find(f"{{{_C}}}layout")
    if layout is None:
        layout = etree.Element(f"{{{_C}}}layout")
        element.find(f"{{{_C}}}idx").addnext(layout)
    manual = etree.SubElement(layout, f"{{{_C}}}manualLayout")
    for name, value in (("x", 0.0), ("y", share)):
        etree.SubElement(manual, f"{{{_C}}}{name}", val=f"{value:.4f}")


def _spots(found: list[Point], box: Box) -> list[Spot]:
    """A place for each name in which it covers no other name and no point, as far as there is one. The largest points choose first."""
    wide, high = max(one.x for one in found) or 1.0, max(one.y for one in found) or 1.0
    w, h = (box.w - 0.9) * 0.85, (box.h - 1.2) * 0.85
    at = [(one.x / wide * w, one.y / high * h) for one in found]
    taken = [(x - 0.12, y - 0.12, x + 0.12, y + 0.12) for x, y in at]
    chosen: dict[int, Spot] = {}
    for place in sorted(range(len(found)), key=lambda place: -(found[place].size or 0.0)):
        long = min(width(found[place].name, TEXT), box.w * _LABEL)
        others = [one for number, one in enumerate(taken) if number != place]
        chosen[place] = min(_around(*at[place], long), key=lambda spot: _crowd(spot, others, w, h))
        taken.append(chosen[place].box)
    return [chosen[place] for place in range(len(found))]


def _around(x: float, y: float, long: float) -> list[Spot]:
    """Places for a name, best first: beside its point, above and under it, then higher and higher."""
    beside = (x + 0.2, y - 0.1, x + 0.2 + long, y + 0.1)
    sides = [
        Spot(XL_LABEL_POSITION.RIGHT, 0.0, beside),
        Spot(XL_LABEL_POSITION.LEFT, 0.0, (x - 0.2 - long, y - 0.1, x - 0.2, y + 0.1)),
        Spot(XL_LABEL_POSITION.ABOVE, 0.0, (x - long / 2, y + 0.2, x + long / 2, y + 0.4)),
        Spot(XL_LABEL_POSITION.BELOW, 0.0, (x - long / 2, y - 0.4, x + long / 2, y - 0.2)),
    ]
    lifts = (0.25, 0.45, 0.65, 0.85)
    return sides + [Spot(XL_LABEL_POSITION.RIGHT, up, (beside[0], beside[1] + up, beside[2], beside[3] + up)) for up in lifts]


def _crowd(spot: Spot, taken: Sequence[tuple[float, float, float, float]], w: float, h: float) -> float:
    """How many others a name would cover, and how far it would stick out of the picture; a lifted one only where the sides are taken."""
    left, low, right, top = spot.box
    over = sum(left < b[2] and b[0] < right and low < b[3] and b[1] < top for b in taken)
    out = max(0.0, -left) + max(0.0, right - w * 1.17) + max(0.0, 0.02 - low) + max(0.0, top - h * 1.17)
    return over + 10 * out + 0.1 * spot.up


def _diagonal(deck: Deck, drawn: Any) -> None:
    drawn.marker.style = XL_MARKER_STYLE.NONE
    drawn.format.line.width = Pt(1)
    drawn.format.line.color.rgb = colour(deck.colours.axis)
    drawn.format.line.dash_style = MSO_LINE.DASH


def _rows(chart: Chart, found: list[Point], names: tuple[str, ...], deck: Deck, end: float) -> list[tuple[str | float | None, ...]]:
    """As the library refers to them: a block per series, x and y; beside the points their names and sizes."""
    size = chart.series[2].name if len(chart.series) > 2 else ""
    rows: list[tuple[str | float | None, ...]] = [(names[0], chart.title, "", size)]
    rows += [(office.held(one.x, chart.unit), office.held(one.y, chart.unit), one.name, one.size) for one in found]
    if end > 0:
        rows += [(), ("", deck.say.t("Equal shares")), (0.0, 0.0), (end, end)]
    return rows
