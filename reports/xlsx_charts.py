"""Native charts of the workbook, drawn from the cells beside them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports import office
from reports.pptx_plain import lying
from reports.pptx_steps import span, steps
from reports.story import Chart, Series

if TYPE_CHECKING:
    from reports.xlsx_sheet import Book

_SIZE = {"width": 640, "height": 330}


@dataclass(frozen=True)
class Place:
    """Where a chart's figures are: `head` is the row of titles, `used` how many columns they take."""

    sheet: str
    head: int
    used: int


def draw(book: Book, sheet: Any, chart: Chart, place: Place) -> bool:
    """Puts the chart at the right of its figures; a heat map shades them instead. False where there is nothing to draw."""
    shown = [value for one in chart.series for value in one.values if value is not None]
    if not shown:
        return False
    if chart.kind == "heat":
        _shaded(book, sheet, chart, place)
        return False
    drawn, beside = _KINDS[chart.kind](book, sheet, chart, place)
    drawn.set_title({"name": _words(chart.title), "name_font": {"name": "Arial", "size": 11, "color": book.colours.ink}, "overlay": False})
    drawn.set_size(_SIZE)
    drawn.show_blanks_as("gap")
    sheet.insert_chart(place.head, place.used + beside + 1, drawn, {"description": chart.alt, "object_position": 2})
    return True


def _line(book: Book, sheet: Any, chart: Chart, place: Place) -> tuple[Any, int]:
    drawn = book.file.add_chart({"type": "line"})
    for number, one in enumerate(chart.series):
        code = book.colours.role(one.role, number)
        main = one.role in ("now", "part", "good", "bad")
        style = {"color": code, "width": 2.25 if main else 1.5, "dash_type": "dash" if one.role in ("plan", "year") else "solid"}
        marker = {"type": "circle", "size": 5, "fill": {"color": code}, "border": {"none": True}} if main else {"type": "none"}
        drawn.add_series({**_range(chart, place, number), "line": style, "marker": marker})
    return _axes(book, drawn, chart), 0


def _bar(book: Book, sheet: Any, chart: Chart, place: Place) -> tuple[Any, int]:
    return _bars(book, chart, place, ""), 0


def _stacked(book: Book, sheet: Any, chart: Chart, place: Place) -> tuple[Any, int]:
    return _bars(book, chart, place, "stacked"), 0


def _bars(book: Book, chart: Chart, place: Place, subtype: str) -> Any:
    flat = lying(chart, 6.5)
    drawn = book.file.add_chart({"type": "bar" if flat else "column", **({"subtype": subtype} if subtype else {})})
    for number, one in enumerate(chart.series):
        points = [{"fill": {"color": book.colours.tone(tone)}} for tone in one.tones] if one.tones else None
        drawn.add_series(
            {
                **_range(chart, place, number),
                "fill": {"color": book.colours.role(one.role, number)},
                "gap": 60,
                **({"points": points} if points else {}),
                **({"data_labels": _figures(book, chart, one)} if flat and not subtype else {}),
            }
        )
    _axes(book, drawn, chart)
    if flat:
        drawn.set_y_axis({"reverse": True, "num_font": _font(book), "line": {"color": book.colours.axis}})
        drawn.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    return drawn


def _figures(book: Book, chart: Chart, told: Series) -> dict[str, Any]:
    code = office.written(chart.unit, book.story.currency, book.story.language, office.digits(told.texts, chart.unit, book.story.language))
    return {"value": True, "num_format": code, "font": _font(book)}


def _waterfall(book: Book, sheet: Any, chart: Chart, place: Place) -> tuple[Any, int]:
    """The helper columns stand after the figures, with titles of their own."""
    say, columns, first = book.say, steps(chart.series[0].values), place.used
    titles = (say.t("Invisible base"), say.t("Above zero"), say.t("Below zero"))
    quiet = book.look(
        font_color=book.colours.soft,
        font_size=9,
        num_format=office.written(chart.unit, book.story.currency, book.story.language) or "General",
    )
    for number, title in enumerate(titles):
        sheet.write_string(place.head, first + number, title, quiet)
        for row, one in enumerate(columns):
            value = (one.base, one.above, one.below)[number]
            sheet.write_number(place.head + 1 + row, first + number, office.held(value, chart.unit), quiet)
    drawn = book.file.add_chart({"type": "column", "subtype": "stacked"})
    tones = chart.series[0].tones
    last = len(columns) - 1
    codes = [
        book.colours.before
        if row == 0
        else book.colours.accent
        if row == last
        else book.colours.tone(tones[row] if row < len(tones) else "flat")
        for row in range(len(columns))
    ]
    for number in range(3):
        found = {**_range(chart, place, first + number - 1), "gap": 45}
        look = (
            {"fill": {"none": True}, "border": {"none": True}} if number == 0 else {"points": [{"fill": {"color": code}} for code in codes]}
        )
        drawn.add_series({**found, **look})
    _axes(book, drawn, chart)
    low, high, cut = span(columns)
    if cut:
        tick = office.step(low, high)
        code = office.axis(chart.unit, book.story.currency, book.story.language, high, tick)
        least = office.held(math.floor(low / tick) * tick, chart.unit)
        drawn.set_y_axis({**_values(book, chart), "min": least, "major_unit": office.held(tick, chart.unit), "num_format": code})
    drawn.set_legend({"none": True})
    return drawn, 3


def _words(text: str) -> str:
    """The text as a title or a label.

    NB: the library takes what looks like a cell of another sheet (`sale!A1`) for a reference, which an office program would follow; a joint
    that nobody sees stands in between.
    """
    return text.replace("!", "!\u2060")


def _map(book: Book, sheet: Any, chart: Chart, place: Place) -> tuple[Any, int]:
    drawn = book.file.add_chart({"type": "scatter"})
    labels = [{"value": _words(label)} for label in chart.labels]
    top, bottom = place.head + 1, place.head + len(chart.labels)
    drawn.add_series(
        {
            "name": _words(chart.title),
            "categories": [place.sheet, top, 1, bottom, 1],
            "values": [place.sheet, top, 2, bottom, 2],
            "marker": {"type": "circle", "size": 9, "fill": {"color": book.colours.accent}, "border": {"none": True}},
            "data_labels": {"value": True, "custom": labels, "position": "right", "font": _font(book)},
        }
    )
    names = chart.names if len(chart.names) > 1 else (chart.series[0].name, chart.series[1].name)
    drawn.set_x_axis({**_values(book, chart), "name": _words(names[0]), "name_font": {**_font(book), "bold": False}})
    drawn.set_y_axis({**_values(book, chart), "name": _words(names[1]), "name_font": {**_font(book), "bold": False}})
    drawn.set_legend({"none": True})
    return drawn, 0


def _shaded(book: Book, sheet: Any, chart: Chart, place: Place) -> None:
    sheet.conditional_format(
        place.head + 1,
        1,
        place.head + len(chart.series),
        len(chart.labels),
        {
            "type": "3_color_scale",
            "min_color": "#FFFFFF",
            "mid_color": _mixed(book.colours.accent, 0.35),
            "max_color": _mixed(book.colours.accent, 0.7),
            "mid_type": "percentile",
            "mid_value": 60,
        },
    )


def _mixed(colour: str, strength: float) -> str:
    return "#" + "".join(f"{round(255 + (int(colour[at : at + 2], 16) - 255) * strength):02X}" for at in (1, 3, 5))


def _range(chart: Chart, place: Place, column: int) -> dict[str, Any]:
    top, bottom = place.head + 1, place.head + len(chart.labels)
    return {
        "name": [place.sheet, place.head, column + 1],
        "categories": [place.sheet, top, 0, bottom, 0],
        "values": [place.sheet, top, column + 1, bottom, column + 1],
    }


def _axes(book: Book, drawn: Any, chart: Chart) -> Any:
    drawn.set_x_axis({"num_font": _font(book), "line": {"color": book.colours.axis}, "label_position": "low"})
    drawn.set_y_axis(_values(book, chart))
    drawn.set_legend({"position": "bottom", "font": _font(book)} if len(chart.series) > 1 else {"none": True})
    return drawn


def _values(book: Book, chart: Chart) -> dict[str, Any]:
    shown = [value for one in chart.series for value in one.values if value is not None]
    story, low, high = book.story, min(0.0, *shown, 0.0), max(0.0, *shown, 0.0)
    code = office.axis(chart.unit, story.currency, story.language, max(high, -low), office.step(low, high))
    return {
        "num_format": code,
        "num_font": _font(book),
        "line": {"none": True},
        "major_gridlines": {"visible": True, "line": {"color": book.colours.grid}},
    }


def _font(book: Book) -> dict[str, Any]:
    return {"name": "Arial", "size": 9, "color": book.colours.soft}


_KINDS: Mapping[str, Callable[[Any, Any, Chart, Place], tuple[Any, int]]] = {
    "line": _line,
    "bar": _bar,
    "stacked": _stacked,
    "waterfall": _waterfall,
    "map": _map,
}
