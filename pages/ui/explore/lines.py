"""An answer by several breakdowns as rows of a grid: names, figures, what may be opened. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from data.text import DASH, NBSP, Words
from metrics import dimensions
from metrics.registry import DIMENSIONS
from metrics.result import Result
from metrics.sentences import answer
from metrics.sentences.answer import Line
from pages.ui.figures import Cell

SHOWN = 500
"""Rows that are drawn; a download has all of them."""


@dataclass(frozen=True)
class Named:
    """One row: the key and the name of each breakdown, and its figures."""

    keys: tuple[str, ...]
    names: tuple[str, ...]
    line: Line

    @property
    def id(self) -> str:
        return json.dumps(self.keys, ensure_ascii=False)

    def opens(self, place: int, by: Sequence[str]) -> bool:
        """Whether one of its names is one thing that a filter can keep."""
        return by[place] != "goal" and self.keys[place] != "(other)"


def named(result: Result, words: Words, most: int = 0) -> list[Named]:
    """The rows in the answer's order, the first `most` of them (0: all). Without breakdowns there are none."""
    by = result.query.by
    if not by:
        return []
    shown = replace(result, frame=result.frame.head(most)) if most else result
    each = [answer.lines(shown, dimension, words) for dimension in by]
    found = []
    for parts in zip(*each, strict=True):
        keys = tuple(_key(dimension, part.key) for dimension, part in zip(by, parts, strict=True))
        names = tuple(_name(dimension, key, part.name, result, words) for dimension, key, part in zip(by, keys, parts, strict=True))
        found.append(Named(keys, names, replace(parts[0], key=keys[0] or " ", name=" · ".join(names))))
    return found


def cell(metric: str, line: Line, result: Result, words: Words, heat: float = 0.0) -> Cell:
    """One figure with its change. `heat` is the largest value of its column, for the bar behind it."""
    value = line.now.get(metric)
    if value is None:
        return Cell(answer.absent(result, metric, words), absent=True)
    change = line.change(metric, words)
    moved = "" if change.text == words.t("unchanged") else change.text
    return Cell(answer.speech(metric, result, words).short(value), value, moved, change.tone, max(0.0, value / heat) if heat > 0 else None)


def title(dimension: str, words: Words) -> str:
    return words.t(DIMENSIONS[dimension].title)


def _key(dimension: str, key: str) -> str:
    return key[:10] if dimension in dimensions.TIME and dimension != "weekday" else key


def _name(dimension: str, key: str, name: str, result: Result, words: Words) -> str:
    """A value in words; a step of time that the period cuts is named by the days that are in it."""
    if dimension not in dimensions.TIME or dimension == "weekday":
        return name or DASH
    return bucket(dimension, date.fromisoformat(key), (result.query.since, result.query.until), words)


def bucket(step: str, start: date, period: tuple[date, date], words: Words) -> str:
    """`5 мар 2026`, `2–8 мар 2026`, `март 2026`, `1 кв. 2026`, `2026`; of a step that is there in part, its days."""
    end = _end(step, start)
    if start < period[0] or end > period[1]:
        return words.period(max(start, period[0]), min(end, period[1]))
    match step:
        case "day" | "week":
            return words.period(start, end)
        case "quarter":
            return words.t("Q{number} {year}", number=(start.month + 2) // 3, year=str(start.year)).replace(" ", NBSP)
        case "year":
            return str(start.year)
        case _:
            return words.month(start)


def _end(step: str, start: date) -> date:
    """Last day of a step."""
    if step in ("day", "week"):
        return start + timedelta(days=0 if step == "day" else 6)
    months = start.year * 12 + start.month - 1 + {"quarter": 3, "year": 12}.get(step, 1)
    return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)
