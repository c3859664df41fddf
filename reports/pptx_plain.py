"""Line, bar and stacked charts."""

from __future__ import annotations

from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE
from pptx.util import Pt

from data.text import NBSP
from reports.office import held
from reports.pptx_axes import TEXT, add, categories, direct, dress, legend, thinned, values, workbook
from reports.pptx_deck import Deck
from reports.pptx_text import Box, shortened, width
from reports.story import Chart, Series

MOST_BARS = 14
"""More than these are columns without figures on them, however long their names."""
_LONG = 30


def lying(chart: Chart, room: float) -> bool:
    """Bars lie where their names are too long to stand side by side in so many inches."""
    if len(chart.labels) > MOST_BARS:
        return False
    slot = 0.92 * (room - 0.8) / max(1, len(chart.labels))
    return any(len(label) > _LONG or any(width(word, TEXT) > slot for word in label.split()) for label in chart.labels)


def line(deck: Deck, slide: Any, box: Box, chart: Chart) -> Any:
    """Now in full colour, everything that it is compared with thinner and dashed; a gap stays a gap."""
    frame = _made(deck, slide, box, chart, XL_CHART_TYPE.LINE_MARKERS, chart.labels)
    shown = frame.chart
    for place, (told, drawn) in enumerate(zip(chart.series, shown.plots[0].series, strict=True)):
        drawn.smooth = False
        main = told.role in ("now", "part", "good", "bad")
        drawn.format.line.width = Pt(2.5 if main else 1.75)
        deck.paint(drawn.format.line.color, deck.colours.role(told.role, place))
        if told.role in ("plan", "year"):
            drawn.format.line.dash_style = MSO_LINE.DASH
        lonely = _lonely(told)
        drawn.marker.style = XL_MARKER_STYLE.CIRCLE if lonely or (main and len(chart.labels) <= 14) else XL_MARKER_STYLE.NONE
        drawn.marker.size = 5
        drawn.marker.format.fill.solid()
        deck.paint(drawn.marker.format.fill.fore_color, deck.colours.role(told.role, place))
        drawn.marker.format.line.fill.background()
        last = max((at for at, value in enumerate(told.values) if value is not None), default=None)
        if main and last is not None and len(chart.series) <= 3:
            direct(deck, drawn.points[last].data_label, _text(told, last), XL_LABEL_POSITION.ABOVE, bold=True)
    return frame


def bar(deck: Deck, slide: Any, box: Box, chart: Chart) -> Any:
    flat = lying(chart, box.w)
    room = box.w * 0.34
    labels = tuple(shortened(label, 10, room, 2) for label in chart.labels) if flat else chart.labels
    kind = XL_CHART_TYPE.BAR_CLUSTERED if flat else XL_CHART_TYPE.COLUMN_CLUSTERED
    frame = _made(deck, slide, box, chart, kind, labels, flat)
    plot = frame.chart.plots[0]
    plot.gap_width, plot.overlap = 55, -5
    labelled = _labelled(chart, box, flat)
    for place, (told, drawn) in enumerate(zip(chart.series, plot.series, strict=True)):
        _fill(deck, drawn, told, place)
        if place in labelled:
            for at, value in enumerate(told.values):
                if value is not None:
                    direct(
                        deck,
                        drawn.points[at].data_label,
                        _text(told, at),
                        XL_LABEL_POSITION.OUTSIDE_END,
                        size=10 if len(chart.series) == 1 else 9,
                    )
    return frame


def stacked(deck: Deck, slide: Any, box: Box, chart: Chart) -> Any:
    flat = lying(chart, box.w)
    kind = XL_CHART_TYPE.BAR_STACKED if flat else XL_CHART_TYPE.COLUMN_STACKED
    frame = _made(deck, slide, box, chart, kind, chart.labels, flat)
    plot = frame.chart.plots[0]
    plot.gap_width, plot.overlap = 55, 100
    for place, (told, drawn) in enumerate(zip(chart.series, plot.series, strict=True)):
        _fill(deck, drawn, told, place)
    return frame


def _made(deck: Deck, slide: Any, box: Box, chart: Chart, kind: XL_CHART_TYPE, labels: tuple[str, ...], flat: bool = False) -> Any:
    data = CategoryChartData()
    shown_labels = labels if flat else thinned(labels, box.w)
    data.categories = shown_labels
    for one in chart.series:
        data.add_series(one.name, [None if value is None else held(value, chart.unit) for value in one.values])
    frame = add(slide, box, kind, data)
    shown = [value for one in chart.series for value in one.values if value is not None]
    high, low = max(shown), min(shown)
    if kind in (XL_CHART_TYPE.COLUMN_STACKED, XL_CHART_TYPE.BAR_STACKED):
        sums = [sum(one.values[place] or 0.0 for one in chart.series if place < len(one.values)) for place in range(len(labels))]
        high, low = max(sums), min(0.0, *sums, 0.0)
    dress(deck, frame.chart, chart.title, box)
    values(deck, frame.chart, chart.unit, min(low, 0.0), max(high, 0.0), short=box.h < 3.2 or flat)
    bare = flat and kind == XL_CHART_TYPE.BAR_CLUSTERED and bool(_labelled(chart, box, flat))
    categories(deck, frame.chart, shown_labels, box, flat, bare)
    legend(deck, frame.chart, len(chart.series) > 1)
    rows: list[tuple[str | float | None, ...]] = [("", *(one.name for one in chart.series))]
    rows += [
        (label.replace(NBSP, " "), *(None if (value := one.values[place]) is None else held(value, chart.unit) for one in chart.series))
        for place, label in enumerate(chart.labels)
    ]
    workbook(frame.chart, rows)
    return frame


def _fill(deck: Deck, drawn: Any, told: Series, place: int) -> None:
    drawn.format.fill.solid()
    deck.paint(drawn.format.fill.fore_color, deck.colours.role(told.role, place))
    drawn.invert_if_negative = False
    for at, tone in enumerate(told.tones):
        if at < len(told.values) and told.values[at] is not None:
            point = drawn.points[at].format.fill
            point.solid()
            deck.paint(point.fore_color, deck.colours.tone(tone))


def _labelled(chart: Chart, box: Box, flat: bool) -> list[int]:
    """The series whose figures fit on their bars without touching one another: all, the first alone, or none."""
    for count in dict.fromkeys((len(chart.series), 1)):
        bars = len(chart.labels) * count
        longest = max((width(text, 9) for one in chart.series[:count] for text in one.texts), default=1.0)
        if (box.h - 0.7) / bars > 0.14 if flat else (box.w - 0.8) / bars * 0.8 > longest and count == len(chart.series):
            return list(range(count))
    return []


def _text(told: Series, place: int) -> str:
    return told.texts[place] if place < len(told.texts) else ""


def _lonely(told: Series) -> bool:
    """Whether a value stands between two gaps, where a line alone would not show it."""
    known = [value is not None for value in told.values]
    return any(one and not any(known[max(0, at - 1) : at] + known[at + 1 : at + 2]) for at, one in enumerate(known))
