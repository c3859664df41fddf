"""Axes: where the ticks stand, what they say, and the frame that a chart's values are drawn into. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from data.text import NBSP, Words, sign
from reports.drawing.sheet import Sheet, wide, wrapped
from reports.story import Chart

SMALL_CHANGE = 0.25
"""Where all values lie within this share of the largest, an axis of levels starts above zero."""


@dataclass(frozen=True)
class Scale:
    """Values from low to high on a length from start to end; a scale that goes up has its start below its end on the sheet."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


@dataclass(frozen=True)
class Frame:
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left


@dataclass(frozen=True)
class Speech:
    """How values of one chart are written in short."""

    words: Words
    unit: str
    currency: str

    def short(self, value: float, step: float) -> str:
        """A tick's value; `step` to the next tick says how many digits are needed."""
        if self.unit == "share":
            return self.words.share(value, max(0, -math.floor(math.log10(step * 100) + 1e-9)) if step < 0.01 else 0)
        if self.unit == "seconds":
            return self.words.seconds(value)
        if self.unit == "multiple":
            return self.words.multiple(value, _digits(step))
        if abs(value) < 1e4:
            return self.words.number(value, _digits(step))
        return self.words.compact(value)

    def ticks(self, values: Sequence[float]) -> list[str]:
        """Ticks in words; the last also names the currency."""
        step = values[1] - values[0] if len(values) > 1 else 1.0
        said = [self.short(value, step) for value in values]
        return [*said[:-1], f"{said[-1]}{NBSP}{sign(self.currency)}"] if self.unit == "money" else said


def _digits(step: float) -> int:
    return max(0, -math.floor(math.log10(step) + 1e-9))


def speech(chart: Chart, words: Words, currency: str) -> Speech:
    return Speech(words, chart.unit, currency)


def known(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None and math.isfinite(value)]


def ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round values from at most `low` to at least `high`, in steps of 1, 2, 2.5 or 5 times a power of ten."""
    if high - low <= abs(high) * 1e-12 + 1e-200:
        low, high = min(low, 0.0), max(high, 0.0)
        high += 1.0 if high - low <= 1e-200 else 0.0
    span = (high - low) / max(1, wanted - 1)
    power = 10.0 ** math.floor(math.log10(span))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= span * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * place, max(0, 2 - math.floor(math.log10(step)))) for place in range(first, last + 1)]


def whole(marks: Sequence[float]) -> list[float]:
    """Ticks of things that are counted: one of them at least from tick to tick."""
    if marks[1] - marks[0] >= 1:
        return list(marks)
    return [float(mark) for mark in range(math.floor(marks[0]), math.ceil(marks[-1]) + 1)]


def course(values: Sequence[float]) -> tuple[float, float]:
    """Range of levels: from zero, unless they differ little beside their size; then the axis starts above it."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    if low <= 0 or high - low > SMALL_CHANGE * high:
        return min(0.0, low), max(0.0, high)
    return max(0.0, low - 0.35 * (high - low)), high


def upright(sheet: Sheet, marks: Sequence[float], said: Sequence[str], top: float, bottom: float) -> tuple[Frame, Scale]:
    """Draw the value axis at the left with its grid, and say what is left for the picture."""
    look = sheet.look
    left = max(wide(one, look.size) for one in said) + look.size * 0.7
    frame = Frame(left, top, look.width - look.size * 0.5, bottom)
    scale = Scale(marks[0], marks[-1], bottom, top)
    for mark, one in zip(marks, said, strict=True):
        y = scale.at(mark)
        sheet.line(left, y, frame.right, y, look.palette.axis if mark == 0 else look.palette.grid, 0.8)
        sheet.text(left - look.size * 0.6, y + look.size * 0.35, one, "end")
    return frame, scale


def legend(sheet: Sheet, entries: Sequence[tuple[str, str, str]]) -> float:
    """Draw name, colour and shape (bar, line, dash) of every series over the picture. Returns the height it took."""
    look, x, y = sheet.look, 0.0, sheet.look.size
    for name, colour, shape in entries:
        shown = wrapped(name, look.width - look.size * 3, look.size, 1)[0] if name.strip() else name
        length = look.size * 1.9 + wide(shown, look.size) + look.size * 1.4
        if x and x + length > look.width:
            x, y = 0.0, y + look.size * 1.5
        if shape == "bar":
            sheet.bar(x, y - look.size * 0.75, look.size * 0.85, look.size * 0.85, colour)
        else:
            sheet.line(x, y - look.size * 0.33, x + look.size * 1.5, y - look.size * 0.33, colour, 2, "4 3" if shape == "dash" else "")
        sheet.text(x + look.size * (1.3 if shape == "bar" else 1.9), y, shown)
        x += length
    return y + look.size * 0.7


def foot(sheet: Sheet, labels: Sequence[str], places: Sequence[float], slot: float, bottom: float, size: float = 0.0) -> None:
    """Write labels under the picture: as many as there is room for, the last one always among them; all of them in a size that is given."""
    look = sheet.look
    every, size = (1, size) if size else (_thinning(labels, slot, look.size), look.size)
    for number, (label, x) in enumerate(zip(labels, places, strict=True)):
        if (len(labels) - 1 - number) % every:
            continue
        for place, line in enumerate(wrapped(label, slot * every - size * 0.3, size, 3)):
            half = wide(line, size) / 2
            inside = min(max(x, half), look.width - half)
            sheet.text(inside, bottom + look.size * 1.4 + size * 1.15 * place, line, "middle", size=size)


def deep(labels: Sequence[str], slot: float, size: float, every: int = 0) -> float:
    """Height that `foot` will take."""
    every = every or _thinning(labels, slot, size)
    lines = max((len(wrapped(label, slot * every - size * 0.3, size, 3)) for label in labels), default=1)
    return size * (0.9 + 1.15 * lines)


def fitting(labels: Sequence[str], slot: float, size: float) -> float:
    """The size, or a smaller one, at which the longest word of a label fits its place; words that are longer still are cut."""
    longest = max((wide(word, size) for label in labels for word in label.split()), default=0.0) + size * 0.4
    return size * min(1.0, max(0.9, slot / longest))


def _thinning(labels: Sequence[str], slot: float, size: float) -> int:
    """Every how many labels there is room for the longest word."""
    longest = max((wide(word, size) for label in labels for word in label.split()), default=0.0)
    return max(1, min(len(labels), math.ceil((min(longest, size * 9) + size * 0.3) / slot)))
