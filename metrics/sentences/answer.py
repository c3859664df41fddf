"""An answer read for a page or a document: values as plain numbers, changes in words, and what to say where there is no value. Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from data.batches import Note
from data.text import DASH, Words
from metrics.registry import METRICS
from metrics.result import Result
from metrics.sentences import said
from metrics.sentences.said import Change, Speech
from metrics.stats import Verdict, Word
from metrics.top import OTHER


def _unjudged(metric: str) -> Verdict | None:
    return None


@dataclass(frozen=True)
class Line:
    """One row of an answer, or its total (`key` is empty then). `now` and `before` hold metrics and measures by key; `verdict` says
    whether a metric has really moved."""

    key: str
    name: str
    now: Mapping[str, float | None]
    before: Mapping[str, float | None]
    moved: Mapping[str, float | None]
    verdict: Callable[[str], Verdict | None] = _unjudged

    def change(self, metric: str, words: Words) -> Change:
        """The change of one metric in words; coloured only where it is beyond noise."""
        found = self.verdict(metric)
        now, before = self.now.get(metric), self.before.get(metric)
        # NB: sums of periods of different length are judged by the day: more in all may be less a day, and then nothing is coloured.
        up = now is not None and before is not None and now > before
        sure = found is not None and found.word is (Word.GREW if up else Word.FELL)
        return said.change(now, before, self.moved.get(metric), METRICS[metric], words, sure)


def lines(result: Result, dimension: str, words: Words) -> list[Line]:
    """The rows by one dimension, in the answer's order, under their names in the reader's language."""
    rows = result.frame.to_dict("records")
    return [_line(row, dimension, words.t(result.title(dimension, row[dimension])), result) for row in rows]


def total(result: Result, words: Words) -> Line:
    """The total, which has a query of its own."""
    measures = {term.measure: term.value for line in result.receipt.lines for term in (*line.over, *line.under)}
    return Line("", words.t("Total"), {**measures, **result.total}, dict(result.before or {}), dict(result.change or {}), result.verdict)


def opens(line: Line) -> bool:
    """Whether the row is one thing that can be looked into."""
    return line.key not in ("", OTHER)


def speech(metric: str, result: Result, words: Words) -> Speech:
    return Speech(METRICS[metric].unit, result.currency, words)


def unloaded(result: Result, metric: str) -> bool:
    """Whether not one day of what the metric needs is loaded: then it has no value, which is not zero."""
    gaps = result.missing.get(metric, ())
    days = sum((until - since).days + 1 for since, until in gaps)
    return days >= (result.query.until - result.query.since).days + 1


def known(result: Result, metrics: tuple[str, ...]) -> tuple[str, ...]:
    """The metrics that have a value anywhere in the answer."""
    return tuple(m for m in metrics if result.total.get(m) is not None or (m in result.frame and result.frame[m].notna().any()))


def mixed(result: Result) -> Note | None:
    """What says that money came in several currencies, which are not added up."""
    return next((note for note in result.notes if note.kind == "currency" and "amounts" in note.facts), None)


def absent(result: Result, metric: str, words: Words) -> str:
    """What stands where a value would be."""
    if mixed(result) and METRICS[metric].unit == "money" and not unloaded(result, metric):
        return words.t("several currencies")
    return words.t("not loaded") if unloaded(result, metric) else DASH


def missing_days(result: Result, metric: str) -> Iterator[date]:
    for since, until in result.missing.get(metric, ()):
        yield from (since + timedelta(days=step) for step in range((until - since).days + 1))


def _line(row: Mapping[Hashable, Any], dimension: str, name: str, result: Result) -> Line:
    numbers = {str(key): _number(value) for key, value in row.items() if key not in result.query.by}
    now = {key: value for key, value in numbers.items() if "__" not in key}
    before = {key.removesuffix("__before"): value for key, value in numbers.items() if key.endswith("__before")}
    moved = {key.removesuffix("__change"): value for key, value in numbers.items() if key.endswith("__change")}
    return Line(str(row[dimension]), name, now, before, moved, partial(_verdict, row, result))


def _verdict(row: Mapping[Hashable, Any], result: Result, metric: str) -> Verdict | None:
    return result.verdict(metric, {str(key): value for key, value in row.items()})


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)
