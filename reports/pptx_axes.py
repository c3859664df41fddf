"""What all native charts share: their place, title, axes with units, legend, figures on points, and the workbook behind them."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from lxml import etree
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.util import Inches, Pt

from reports import office
from reports.pptx_deck import Deck
from reports.pptx_text import Box, colour, shortened, spoken, width

TEXT, _TITLES = 10, (12, 11, 10)
"""Of charts. Unit: points."""
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def add(slide: Any, box: Box, kind: XL_CHART_TYPE, data: Any) -> Any:
    return slide.shapes.add_chart(kind, Inches(box.x), Inches(box.y), Inches(box.w), Inches(box.h), data)


def dress(deck: Deck, chart: Any, title: str, box: Box) -> None:
    """Font, and the title at the left, where the slide's own text stands."""
    chart.font.size = Pt(TEXT)
    chart.font.color.rgb = colour(deck.colours.soft)
    if not title:
        chart.has_title = False
        return
    frame = chart.chart_title.text_frame
    size = next((size for size in _TITLES if width(title, size, True) <= 0.8 * box.w), _TITLES[-1])  # NB: offices break titles at 80 %
    frame.text = shortened(title, size, box.w - 0.2, 1, True)
    run = frame.paragraphs[0].runs[0]
    run.font.size, run.font.bold, run.font.color.rgb = Pt(size), True, colour(deck.colours.ink)
    spoken(run, deck.language)
    element = chart.chart_title._element
    layout = element.find(f"{{{_C}}}layout")
    if layout is None:
        layout = etree.Element(f"{{{_C}}}layout")
        element.find(f"{{{_C}}}tx").addnext(layout)
    manual = etree.SubElement(layout, f"{{{_C}}}manualLayout")
    for name, value in (("xMode", "edge"), ("yMode", "edge"), ("x", "0.0"), ("y", "0.0")):
        etree.SubElement(manual, f"{{{_C}}}{name}", val=value)


def values(deck: Deck, chart: Any, unit: str, low: float, high: float, *, short: bool = False, cut: bool = False) -> None:
    """The axis of values: from zero, unless `cut` says that it may start at `low`; ticks are round and carry the unit."""
    scale(deck, chart.value_axis, unit, low, high, 4 if short else 5, cut)


def scale(deck: Deck, axis: Any, unit: str, low: float, high: float, wanted: int = 5, cut: bool = False) -> None:
    tick = office.step(low, high, wanted)
    tick = max(1.0, tick) if unit == "count" else tick
    axis.major_unit = office.held(tick, unit)
    if cut:
        axis.minimum_scale = office.held(math.floor(low / tick) * tick, unit)
    elif low >= 0:
        axis.minimum_scale = 0
    labels = axis.tick_labels
    labels.number_format = office.axis(unit, deck.story.currency, deck.language, max(abs(low), abs(high)), tick)
    labels.number_format_is_linked = False
    labels.font.size = Pt(TEXT)
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = colour(deck.colours.grid)
    axis.major_gridlines.format.line.width = Pt(0.75)
    axis.format.line.fill.background()
    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE




_TURNS = "-60000000"
"""The angle of labels that the office may choose."""


def categories(deck: Deck, chart: Any, labels: Sequence[str], box: Box, flat: bool, bare: bool = False) -> None:
    """`flat` is for lying bars; where figures stand on them the axis is left out (`bare`)."""
    axis = chart.category_axis
    axis.tick_labels.font.size = Pt(TEXT)
    axis.format.line.color.rgb = colour(deck.colours.axis)
    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.has_major_gridlines = False
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    level = axis._element.find(f"{{{_C}}}txPr/{{*}}bodyPr")
    level.set("rot", "0")
    level.set("vert", "horz")
    if flat:
        axis.reverse_order = True
        chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE if bare else XL_TICK_LABEL_POSITION.HIGH
        chart.value_axis.has_major_gridlines = not bare
        return
    slot = (box.w - 0.8) / max(1, len(labels))
    longest = max((width(word, TEXT) for label in labels for word in label.split(" ")), default=0.1) + 0.1
    if slot < longest <= slot * 1.3:
        axis.tick_labels.font.size = Pt(TEXT - 1.5)
        return
    if any(not label.strip() for label in labels):
        # NB: labels that may turn LibreOffice does not break to pieces.
        level.set("rot", _TURNS)
        skip = etree.SubElement(axis._element, f"{{{_C}}}tickLblSkip", val="1")
        after = axis._element.find(f"{{{_C}}}noMultiLvlLbl")
        if after is not None:
            after.addprevious(skip)


def thinned(labels: Sequence[str], room: float) -> tuple[str, ...]:
    """The labels of an axis of so many inches, as many as there is room for; those that name a year are among the ones that stay.

    NB: LibreOffice knows no skipping and breaks labels to pieces, so the others are written as nothing; the workbook has them all.
    """
    longest = max((width(word, TEXT) for label in labels for word in label.split(" ")), default=0.1) + 0.1
    every = max(1, math.ceil(longest * len(labels) / max(1.0, room - 0.8) / 1.3))
    kept = next((place for place, label in enumerate(labels) if " " in label), 0) % every
    return tuple(label if place % every == kept else " " for place, label in enumerate(labels))


def legend(deck: Deck, chart: Any, wanted: bool) -> None:
    chart.has_legend = wanted
    if wanted:
        chart.legend.position = XL_LEGEND_POSITION.BOTTOM
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(TEXT)
        chart.legend.font.color.rgb = colour(deck.colours.soft)


def direct(deck: Deck, label: Any, text: str, position: XL_LABEL_POSITION | None, size: float = TEXT, bold: bool = False) -> None:
    """A figure on a point, as it is printed everywhere else."""
    frame = label.text_frame
    frame.text = text
    frame.word_wrap = False
    run = frame.paragraphs[0].runs
    if run:
        run[0].font.size, run[0].font.bold, run[0].font.color.rgb = Pt(size), bold, colour(deck.colours.ink)
        spoken(run[0], deck.language)
    if position is not None:
        label.position = position


def workbook(chart: Any, rows: Sequence[Sequence[str | float | None]]) -> None:
    """Puts the figures into the workbook that opens on "Edit data".

    NB: the library writes one of its own, in which a name that begins with "=" becomes a formula.
    """
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Sheet1")
        sheet.set_column(0, 0, 32)
        for place, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(place, column, value)
                elif value is not None:
                    sheet.write_number(place, column, value)
    chart.part.chart_workbook.update_from_xlsx_blob(kept.getvalue())
