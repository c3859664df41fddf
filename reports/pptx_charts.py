"""Charts of a slide: native ones, whose figures can be edited, with units on their axes and colours that mean the same everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pptx.enum.text import MSO_ANCHOR

from reports import pptx_map, pptx_plain, pptx_steps
from reports.pptx_deck import PANEL, Deck
from reports.pptx_flow import Band
from reports.pptx_text import Box, Said, height, panel, put, shortened, wrapped
from reports.story import Chart

_DRAWN: Mapping[str, Callable[[Deck, Any, Box, Chart], Any]] = {
    "line": pptx_plain.line,
    "bar": pptx_plain.bar,
    "stacked": pptx_plain.stacked,
    "waterfall": pptx_steps.waterfall,
    "map": pptx_map.scatter,
}
_NOTE = 10
_LEAST, _MOST = 2.3, 5.2


@dataclass(frozen=True)
class Picture:
    """One chart in its place, its note under it."""

    deck: Deck
    chart: Chart
    room: float

    @property
    def least(self) -> float:
        if self._long:
            return max(_LEAST, 0.75 + 0.24 * len(self.chart.labels))
        return _LEAST

    @property
    def most(self) -> float:
        return max(self.least, _MOST)

    @property
    def _long(self) -> bool:
        return self.chart.kind == "bar" and pptx_plain.lying(self.chart, self.room)

    def cut(self, room: float, fresh: bool) -> tuple[Band | None, Band | None]:
        return (self, None) if fresh or self.least <= room + 0.01 else (None, self)

    def draw(self, slide: Any, box: Box) -> None:
        note = wrapped(self.chart.note, _NOTE, box.w)[:2] if self.chart.note else ()
        under = height(len(note), _NOTE) + (0.06 if note else 0.0)
        place = Box(box.x, box.y, box.w, box.h - under)
        if empty(self.chart):
            self._nothing(slide, place)
        else:
            frame = _DRAWN[self.chart.kind](self.deck, slide, place, self.chart)
            frame.name = self.chart.title[:60] or "Chart"
            frame._element.nvGraphicFramePr.cNvPr.set("descr", self.chart.alt)
        if note:
            text = shortened(self.chart.note, _NOTE, box.w, 2)
            below = Box(box.x, box.y + box.h - under + 0.04, box.w, under)
            put(slide, below, [Said(text, _NOTE, self.deck.colours.soft, after=0)], self.deck.language)

    def _nothing(self, slide: Any, box: Box) -> None:
        """A chart with no figure says so, and does not pretend to be one of zeros."""
        panel(slide, Box(box.x, box.y, box.w, min(box.h, 2.2)), PANEL, self.chart.title[:60] or "No data")
        inner = Box(box.x + 0.2, box.y + 0.15, box.w - 0.4, min(box.h, 2.2) - 0.3)
        soft, room = self.deck.colours.soft, box.w - 0.4
        said = [
            Said(shortened(self.chart.title, 12, room, 2, True), 12, self.deck.colours.ink, bold=True),
            Said(self.deck.say.t("No data for the period"), 12, soft),
        ]
        put(slide, inner, said, self.deck.language, anchor=MSO_ANCHOR.MIDDLE)


def empty(chart: Chart) -> bool:
    """Whether there is nothing to draw."""
    if not chart.labels or not chart.series:
        return True
    if chart.kind == "map":
        return not pptx_map.points(chart)
    return all(value is None for one in chart.series for value in one.values)
