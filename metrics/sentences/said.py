"""Figures in words: a value by its unit, and a change by what it means for the metric. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from data.text import DASH, MINUS, NBSP, Words
from metrics.rows import Metric

Value = float | None


@dataclass(frozen=True)
class Speech:
    """How values of one unit are said in one language and one currency."""

    unit: str
    currency: str
    words: Words

    def full(self, value: Value) -> str:
        """The value to its last meaningful digit."""
        if value is None:
            return DASH
        match self.unit:
            case "money":
                return self.words.money(value, self.currency)
            case "share":
                return self.words.share(value, 2 if abs(value) < 0.1 else 1)
            case "multiple":
                return self.words.multiple(value)
            case "seconds":
                return self.words.seconds(value)
            case "count":
                return self.words.number(value)
            case _:
                return self.words.number(value, 0 if value == int(value) else 2)

    def headline(self, value: Value) -> str:
        """The value on a card: to the last rouble as long as there is room."""
        return self._rounded(value, 10_000_000)

    def short(self, value: Value) -> str:
        """The value in a cell of a table."""
        return self._rounded(value, 1_000_000)

    def _rounded(self, value: Value, most: float) -> str:
        if value is None:
            return DASH
        if self.unit in ("money", "count") and abs(value) >= most:
            return self._compact(value)
        if self.unit == "share":
            return self.words.share(value, 0 if value == 0 or abs(value) >= 0.995 else 1 if abs(value) >= 0.1 else 2)
        return self.full(value)

    def _compact(self, value: float) -> str:
        """`1,2 млн ₽`: a large number in few characters, with its currency where it has one."""
        compact = self.words.compact(value)
        return self.words.money(0, self.currency, 0).replace("0", compact, 1) if self.unit == "money" else compact

    def tick(self, value: float) -> str:
        """The value on an axis: no digit more than the step needs."""
        match self.unit:
            case "money" | "count":
                return self._compact(value)
            case "share":
                return self.words.share(value, 0 if abs(value * 100 - round(value * 100)) < 1e-9 else 1)
            case "multiple":
                return self.words.multiple(value, 0 if value == int(value) else 1)
            case _:
                return self.full(value)


@dataclass(frozen=True)
class Change:
    """A change in words, and its tone: good, bad, or flat where it is neutral, nothing, or within noise."""

    text: str
    tone: str


def change(now: Value, before: Value, moved: Value, metric: Metric, words: Words, sure: bool = True) -> Change:
    """`moved` is in points for shares and relative for everything else; None where the two cannot be compared.

    Nothing before is said as such, never as an infinite growth. What is not `sure` keeps its number and loses its colour.
    """
    if now is None or before is None:
        return Change("", "flat")
    if moved is None and now != before:
        return Change(words.t("was zero") if before == 0 else "", "flat")
    moved = moved or 0.0
    digits = (2 if abs(moved) < 0.001 else 1) if metric.unit == "share" else 1 if abs(moved) < 0.1 else 0
    if now == before or round(moved * 100, digits) == 0:
        return Change(words.t("unchanged"), "flat")
    unit = f"{NBSP}{words.t('pp')}" if metric.unit == "share" else f"{NBSP if words.russian else ''}%"
    text = f"{_signed(moved * 100, digits, words)}{unit}"
    return Change(text, _tone(now - before, metric) if sure else "flat")


def _signed(value: float, digits: int, words: Words) -> str:
    text = words.number(abs(value), digits)
    return f"{'+' if value > 0 else MINUS}{text}"


def _tone(difference: float, metric: Metric) -> str:
    if metric.better not in ("up", "down") or difference == 0:
        return "flat"
    return "good" if (difference > 0) == (metric.better == "up") else "bad"
