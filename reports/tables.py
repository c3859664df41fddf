"""Cells, columns and rows of documents, from the lines of an answer."""

from __future__ import annotations

from collections.abc import Sequence

from data.text import DASH, Words
from metrics.registry import METRICS, aggregation
from metrics.result import Result
from metrics.sentences import answer
from metrics.sentences.answer import Line
from metrics.sentences.forms import figure
from metrics.stats import Word
from reports.story import Cell, Column, Row, Table

NOTHING = Cell(None, DASH)


def column(metric: str, say: Words) -> Column:
    return Column(metric, say.t(METRICS[metric].title), METRICS[metric].unit)


def words(key: str, title: str) -> Column:
    """A column of words."""
    return Column(key, title, "text")


def said(text: str, tone: str = "flat") -> Cell:
    """A cell of words."""
    return Cell(None, text, tone=tone)


def number(value: float | None, unit: str, currency: str, say: Words, tone: str = "flat", change: str = "") -> Cell:
    """A cell of a figure that no answer holds: a plan, a projection, a part of a change."""
    return NOTHING if value is None else Cell(value, figure(value, unit, currency, say), change, tone, unit)


def cell(metric: str, line: Line, result: Result, say: Words) -> Cell:
    """One figure of an answer. Its change is told only beyond noise: on a small base chance alone makes it hundreds of percent."""
    value, change, verdict = line.now.get(metric), line.change(metric, say), line.verdict(metric)
    if value is None:
        return Cell(None, answer.absent(result, metric, say))
    real = verdict is not None and verdict.word in (Word.GREW, Word.FELL) and change.text != say.t("unchanged")
    return Cell(value, answer.speech(metric, result, say).headline(value), change.text if real else "", change.tone)


def of_lines(name: str, found: Sequence[Line], total: Line | None, metrics: Sequence[str], result: Result, say: Words) -> Table:
    """A row per line; sums are named only where the rows really add up to the total."""
    rows = tuple(Row(line.name, tuple(cell(metric, line, result, say) for metric in metrics)) for line in found)
    last = None if total is None else Row(total.name, tuple(cell(metric, total, result, say) for metric in metrics))
    sums = tuple(metric for place, metric in enumerate(metrics) if last and _adds_up(metric, place, rows, last))
    return Table(name, tuple(column(metric, say) for metric in metrics), rows, last, sums)


def _adds_up(metric: str, place: int, rows: Sequence[Row], last: Row) -> bool:
    values, whole = [row.cells[place].value for row in rows], last.cells[place].value
    if aggregation(METRICS[metric]) != "S" or whole is None or not values:
        return False
    return abs(sum(value or 0.0 for value in values) - whole) <= 1e-6 * max(1.0, abs(whole))
