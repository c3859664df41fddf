"""An answer as cards and as a table of figures, ready for the components. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from data.text import Words
from metrics.registry import DIMENSIONS, METRICS, of_money
from metrics.result import Result
from metrics.sentences import answer
from metrics.sentences.answer import Line
from pages.ui.figures import Card, Cell, Column, Row
from pages.ui.view import View

BARS = ("spend", "conversions", "revenue")
"""Amounts whose size is worth seeing at a glance."""
ORDER = ("spend", "conversions", "visits")
"""Rows stand by the first of these; the next ones order what is equal, such as all that is free."""


def seen(view: View, metrics: Sequence[str]) -> tuple[str, ...]:
    """The metrics that whoever looks may see."""
    return tuple(key for key in metrics if view.store.reach.money or not of_money(key))


def cards(result: Result, metrics: Sequence[str], course: Result | None, words: Words) -> list[Card]:
    """One card per metric: the total, its change, and its course by the steps of `course`."""
    line = answer.total(result, words)
    return [_card(metric, line, result, course, words) for metric in metrics]


def _card(metric: str, line: Line, result: Result, course: Result | None, words: Words) -> Card:
    title, value, speech = words.t(METRICS[metric].title), line.now.get(metric), answer.speech(metric, result, words)
    hint = f"{words.t(METRICS[metric].meaning)}\n{words.t('Press for the receipt.')}"
    if value is None:
        return Card(metric, title, answer.absent(result, metric, words), hint=hint, absent=True)
    change, before = line.change(metric, words), line.before.get(metric)
    was = words.t("was {value}", value=speech.headline(before)) if before is not None else ""
    return Card(
        metric, title, speech.headline(value), _marked(change.text, line, metric), change.tone, was, _course(course, metric),
        _course(course, f"{metric}__before"), hint,
    )


def _marked(text: str, line: Line, metric: str) -> str:
    """An arrow before the number: direction is said without colour too."""
    now, before = line.now.get(metric), line.before.get(metric)
    if not text or now is None or before is None or now == before:
        return text
    return f"{'▲' if now > before else '▼'} {text}"


def _course(course: Result | None, column: str) -> tuple[float | None, ...]:
    if course is None or column not in course.frame:
        return ()
    return tuple(None if value != value else float(value) for value in course.frame[column])


def columns(metrics: Sequence[str], words: Words) -> list[Column]:
    return [Column(metric, words.t(METRICS[metric].title), words.t(METRICS[metric].meaning)) for metric in metrics]


def rows(result: Result, dimension: str, metrics: Sequence[str], words: Words, open_rows: bool = True) -> list[Row]:
    """The rows of a table; amounts worth comparing carry a bar."""
    found = sorted(answer.lines(result, dimension, words), key=_place)
    largest = {metric: max((line.now.get(metric) or 0.0 for line in found), default=0.0) for metric in metrics if metric in BARS}
    return [
        Row(
            line.key, line.name, tuple(_cell(metric, line, result, words, largest.get(metric, 0.0)) for metric in metrics),
            open_rows and answer.opens(line),
        )
        for line in found
    ]


def _place(line: Line) -> tuple[object, ...]:
    """Where a row stands: by the first of ORDER, then by the next; the remainder of all rows last."""
    return not answer.opens(line), *(-(line.now.get(metric) or 0.0) for metric in ORDER)


def total(result: Result, metrics: Sequence[str], words: Words) -> Row:
    line = answer.total(result, words)
    return Row("", line.name, tuple(_cell(metric, line, result, words, 0.0) for metric in metrics))


def _cell(metric: str, line: Line, result: Result, words: Words, largest: float) -> Cell:
    value, change = line.now.get(metric), line.change(metric, words)
    if value is None:
        return Cell(answer.absent(result, metric, words), absent=True)
    moved = "" if change.text == words.t("unchanged") else change.text
    bar = max(0.0, value / largest) if largest > 0 else None
    return Cell(answer.speech(metric, result, words).short(value), value, moved, change.tone, bar)


def sheet(result: Result, dimension: str, metrics: Sequence[str], words: Words) -> tuple[list[str], list[list[str | float | None]]]:
    """The table for a CSV: values, values before, the total last. Shape: (header, rows)."""
    every = [*answer.lines(result, dimension, words), answer.total(result, words)]
    titles = [words.t(METRICS[metric].title) for metric in metrics]
    before = metrics if result.before else ()
    titles_before = [words.t("{metric}, before", metric=words.t(METRICS[metric].title)) for metric in before]
    header = [words.t(DIMENSIONS[dimension].title), *titles, *titles_before]
    body = [[line.name, *(line.now.get(metric) for metric in metrics), *(line.before.get(metric) for metric in before)] for line in every]
    return header, body
