"""A map of points: one share against another, say. Names stand beside their points, clear of each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from data.text import Words
from reports.drawing import axis
from reports.drawing.sheet import Look, Sheet, cut, wide
from reports.story import Chart

HEIGHT = 0.46
"""Of the width."""
LARGEST = 0.03
"""Radius of the largest point, of the width."""


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: Box) -> float:
        across = min(self.right, other.right) - max(self.left, other.left)
        return max(0.0, across) * max(0.0, min(self.bottom, other.bottom) - max(self.top, other.top))


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    radius: float
    name: str


def draw(chart: Chart, look: Look, words: Words, currency: str) -> Sheet:
    """Shape: a point per label that has both values; the area follows the third series. Shares have a diagonal: as much as it costs."""
    sheet, across, along = Sheet(look, 0.0), chart.series[0], chart.series[1]
    speech = axis.speech(chart, words, currency)
    shown = [place for place in range(len(chart.labels)) if across.values[place] is not None and along.values[place] is not None]
    names = chart.names if len(chart.names) > 1 else (across.name, along.name)
    sheet.text(0, look.size, names[1])
    top, bottom = look.size * 2.4, look.width * HEIGHT
    marks_x, marks_y = (axis.ticks(*axis.course(axis.known(one.values))) for one in (across, along))
    frame, high = axis.upright(sheet, marks_y, speech.ticks(marks_y), top, bottom)
    right = frame.right - look.size
    flat = axis.Scale(marks_x[0], marks_x[-1], frame.left, right)
    for mark, said in zip(marks_x, speech.ticks(marks_x), strict=True):
        sheet.line(flat.at(mark), top, flat.at(mark), bottom, look.palette.axis if mark == 0 else look.palette.grid, 0.8)
        sheet.text(flat.at(mark), bottom + look.size * 1.4, said, "middle")
    sheet.text((frame.left + right) / 2, bottom + look.size * 2.9, names[0], "middle")
    if chart.unit == "share" and marks_x[0] == marks_y[0] == 0:
        end = min(marks_x[-1], marks_y[-1])
        sheet.line(flat.at(0), high.at(0), flat.at(end), high.at(end), look.palette.axis, 1, "2 3")
    radii = _radii(chart, shown, look.width * LARGEST)
    points = [
        Point(
            flat.at(across.values[place] or 0.0),
            high.at(along.values[place] or 0.0),
            radius,
            cut(chart.labels[place], look.width * 0.4, look.size),
        )
        for place, radius in zip(shown, radii, strict=True)
    ]
    _points(sheet, chart, shown, points)
    _names(sheet, points, Box(frame.left, top - look.size, look.width, bottom))
    sheet.height = bottom + look.size * 3.4
    return sheet


def _radii(chart: Chart, shown: Sequence[int], largest: float) -> list[float]:
    """Area follows the size, where there is one."""
    if len(chart.series) < 3:
        return [largest * 0.45] * len(shown)
    sizes = [chart.series[2].values[place] or 0.0 for place in shown]
    most = max(sizes, default=0.0) or 1.0
    return [max(largest * 0.25, largest * sqrt(max(0.0, size) / most)) for size in sizes]


def _points(sheet: Sheet, chart: Chart, shown: Sequence[int], points: Sequence[Point]) -> None:
    tones = chart.series[1].tones or chart.series[0].tones
    for place, point in zip(shown, points, strict=True):
        said = ", ".join(f"{series.name} {series.texts[place]}" for series in chart.series if series.texts)
        colour = sheet.look.palette.tone(tones[place]) if tones else sheet.look.palette.accent
        sheet.dot(point.x, point.y, point.radius, colour, f"{chart.labels[place]}: {said}", 0.8)


def _names(sheet: Sheet, points: Sequence[Point], frame: Box) -> None:
    """Write every name at the best of the places around its point, larger points first."""
    size = sheet.look.size
    taken = [Box(p.x - p.radius, p.y - p.radius, p.x + p.radius, p.y + p.radius) for p in points]
    for point in sorted(points, key=lambda one: -one.radius):
        box = min(_around(point, size), key=lambda one: sum(map(one.overlap, taken)) + 5 * _outside(one, frame))
        taken.append(box)
        if abs((box.top + box.bottom) / 2 - point.y) > point.radius + size * 1.4:
            sheet.line(
                point.x, point.y, (box.left + box.right) / 2, box.bottom if box.bottom < point.y else box.top, sheet.look.palette.axis, 0.7
            )
        sheet.text(box.left, box.bottom - size * 0.3, point.name, colour=sheet.look.palette.ink)


def _around(point: Point, size: float) -> list[Box]:
    """Places for a name, best first."""
    found, length, line = [], wide(point.name, size), size * 1.25
    for gap in (size * 0.35, size, size * 2, size * 3.2):
        for right, down in ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1)):
            reach = point.radius * (1.0 if 0 in (right, down) else 0.71) + gap
            left = point.x - length / 2 + right * (reach + length / 2)
            top = point.y - line / 2 + down * (reach + line / 2)
            found.append(Box(left, top, left + length, top + line))
    return found


def _outside(box: Box, frame: Box) -> float:
    return (box.right - box.left) * (box.bottom - box.top) - box.overlap(frame)
