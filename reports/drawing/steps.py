"""A change as a waterfall: a level, what each part added or took away, the level after. The bars add up."""

from __future__ import annotations

from collections.abc import Sequence

from data.text import Words
from reports.drawing import axis
from reports.drawing.sheet import Look, Sheet, wide
from reports.story import Chart

HEIGHT = 0.38
"""Of the width."""
FILL = 0.66


def draw(chart: Chart, look: Look, words: Words, currency: str) -> Sheet:
    """Shape: bars that hang on each other. Levels stand on the axis; where it starts above zero they are torn at the foot."""
    series, sheet = chart.series[0], Sheet(look, 0.0)
    spans = running([value or 0.0 for value in series.values])
    marks = axis.ticks(*axis.course([end for span in spans[1:-1] for end in span] + [spans[0][1], spans[-1][1]]))
    top = look.size * 1.8
    bottom = top + look.width * HEIGHT - look.size * 3
    frame, scale = axis.upright(sheet, marks, axis.speech(chart, words, currency).ticks(marks), top, bottom)
    slot = frame.width / len(spans)
    places = [frame.left + slot * (place + 0.5) for place in range(len(spans))]
    for place, (start, end) in enumerate(spans):
        high, low = scale.at(max(start, end)), scale.at(max(min(start, end), scale.low))
        text = series.texts[place] if series.texts else ""
        sheet.bar(
            places[place] - slot * FILL / 2, high, slot * FILL, low - high, _colour(chart, place, look), f"{chart.labels[place]}: {text}"
        )
        if place + 1 < len(spans):
            sheet.line(
                places[place] + slot * FILL / 2, scale.at(end), places[place + 1] - slot * FILL / 2, scale.at(end), look.palette.axis
            )
        if wide(text, look.size) < slot * 1.1:
            y = low + look.size * 1.1 if end < start and low + look.size * 1.3 < bottom else high - look.size * 0.45
            sheet.text(places[place], y, text, "middle", look.palette.ink, bold=place in (0, len(spans) - 1))
    if scale.low > 0:
        for x in (places[0], places[-1]):
            _tear(sheet, x, slot * FILL, bottom - look.size)
    small = axis.fitting(chart.labels, slot, look.size)
    axis.foot(sheet, chart.labels, places, slot, bottom, small)
    sheet.height = bottom + axis.deep(chart.labels, slot, small, 1) + look.size * 0.5
    return sheet


def running(values: Sequence[float]) -> list[tuple[float, float]]:
    """Where each bar begins and ends: the first and the last from zero, the ones between from where the last one ended."""
    spans, level = [(0.0, values[0])], values[0]
    for amount in values[1:-1]:
        spans.append((level, level + amount))
        level += amount
    return [*spans, (0.0, values[-1])] if len(values) > 1 else spans


def _colour(chart: Chart, place: int, look: Look) -> str:
    if place == 0:
        return look.palette.before
    if place == len(chart.labels) - 1:
        return look.palette.accent
    tones = chart.series[0].tones
    return look.palette.tone(tones[place] if tones else "flat")


def _tear(sheet: Sheet, x: float, width: float, y: float) -> None:
    """A slanted cut through a bar that does not start at zero."""
    sheet.path([(x - width / 2 - 2, y + 2.5), (x + width / 2 + 2, y - 2.5)], sheet.look.palette.paper, 3)
