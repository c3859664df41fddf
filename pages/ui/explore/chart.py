"""The chart: the kind that suits the breakdowns, another one by choice; of one measure, by at most two breakdowns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import streamlit as st
from plotly.graph_objects import Figure
from streamlit.delta_generator import DeltaGenerator

from data.text import Words
from metrics import dimensions, judging
from metrics.figures import additive
from metrics.periods import bucket
from metrics.registry import MEASURES, METRICS
from metrics.result import Result
from metrics.sentences import answer
from metrics.top import OTHER
from pages.ui import asking, brand, control, course, marking, show
from pages.ui.explore import drawing, lines, table
from pages.ui.explore.drawing import Sayings, Series
from pages.ui.explore.lines import Named
from pages.ui.explore.pickers import Asked
from pages.ui.language import current, t
from pages.ui.mark_lines import Numbered
from pages.ui.view import View

KINDS: Mapping[str, str] = {"lines": "Lines", "columns": "Stacked columns", "bars": "Bars", "parts": "Stacked bars", "heat": "Heat map"}
OVER_TIME = ("lines", "columns")
MOST_SERIES, MOST_BARS, MOST_HEAT = 6, 20, 24


def draw(view: View, question: Asked, slot: DeltaGenerator) -> None:
    """Draw the controls into the slot, and the chart."""
    if not question.by:
        show.empty(t("A chart needs a breakdown"), t("Choose a breakdown, or a step of time."))
        return
    by = question.by[:2]
    with slot:
        metric = control.pick("figure", t("Measure"), {key: t(METRICS[key].title) for key in question.measures}, question.measures[0], 190)
        offered = kinds(by, metric)
        kind = control.pick("kind", t("Kind of chart"), {key: t(KINDS[key]) for key in offered}, offered[0], 215)
        if kind in OVER_TIME:
            marking.button(view)
    with show.waiting():
        result = asking.ask(view, judging.needs((metric,)), by, question.only, 0 if kind == "heat" or len(by) == 1 else _top(by))
    if result.frame.empty or result.frame[metric].isna().all():
        table.nothing(view, question)
        return
    words = current()
    if kind == "lines" and len(by) == 1:
        course.draw(view, result, metric, by[0])
    else:
        rows = lines.named(result, words)
        title = words.t(table.TITLE, names=words.t(METRICS[metric].title), breakdowns=" × ".join(lines.title(key, words) for key in by))
        told = marking.of(view, result.query.since, result.query.until) if kind in OVER_TIME else ()
        st.plotly_chart(figure(kind, result, rows, metric, words, told), key="explored_chart", config={"displayModeBar": False}, alt=title)
        marking.under(view, told)
        show.notes(result.notes)
    _said(question, by, len(result.frame), kind)


def kinds(by: Sequence[str], metric: str) -> tuple[str, ...]:
    """The kinds that fit, the most telling one first. Only what adds up is stacked."""
    adds = not METRICS[metric].under and not METRICS[metric].relative and all(
        additive(key, tuple(by), MEASURES[key].adds) for key in METRICS[metric].measures
    )
    several = len(by) > 1
    if by[0] in dimensions.TIME and by[0] != "weekday":
        return ("lines", *(("columns",) if adds else ()), *(("heat",) if several else ()))
    return ("bars", *(("parts",) if adds and several else ()), *(("heat",) if several else ()))


def figure(
    kind: str, result: Result, rows: Sequence[Named], metric: str, words: Words, notes: Sequence[Numbered] = (),
) -> Figure:
    """The drawing of one kind."""
    if kind in OVER_TIME:
        return _over_time(result, rows, metric, words, kind == "columns", notes)
    if kind == "heat":
        return _heat(result, rows, metric, words)
    return _bars(result, rows, metric, words, kind == "parts")


def _over_time(result: Result, rows: Sequence[Named], metric: str, words: Words, stacked: bool, notes: Sequence[Numbered]) -> Figure:
    step = result.query.by[0]
    period = result.query.since, result.query.until
    bounds = course.buckets(*period, step)
    starts = [since for since, _ in bounds]
    gaps = set(answer.missing_days(result, metric))
    found = {row.keys: row.line.now.get(metric) for row in rows}
    keyed: dict[tuple[str, ...], str] = {row.keys[1:]: " · ".join(row.names[1:]) or words.t(METRICS[metric].title) for row in rows}
    nothing = 0.0 if stacked or (METRICS[metric].unit == "count" and not METRICS[metric].under) else None

    def value(place: int, keys: tuple[str, ...]) -> float | None:
        since, until = bounds[place]
        if all(since + timedelta(days=day) in gaps for day in range((until - since).days + 1)):
            return None
        return found.get((str(bucket(step, since)), *keys), nothing)

    series = [Series(name, tuple(value(place, keys) for place in range(len(starts)))) for keys, name in _ordered(keyed)]
    parts = frozenset(place for place, (since, until) in enumerate(bounds) if not _whole(step, since, until))
    say = _sayings(result, metric, words, [lines.bucket(step, _first(step, since), period, words) for since in starts])
    return drawing.over_time(starts, series, say, words, stacked, parts, notes)


def _bars(result: Result, rows: Sequence[Named], metric: str, words: Words, stacked: bool) -> Figure:
    names = _largest(rows, metric)[:MOST_BARS]
    if len(result.query.by) == 1:
        series = [Series(words.t(METRICS[metric].title), tuple(row.line.now.get(metric) for row in rows[:MOST_BARS]))]
        return drawing.bars(names, series, _sayings(result, metric, words, names), stacked=False)
    found = {row.names: row.line.now.get(metric) for row in rows}
    parts = list(dict.fromkeys(row.names[1] for row in rows))[:MOST_SERIES]
    series = [Series(part, tuple(found.get((name, part)) for name in names)) for part in parts]
    return drawing.bars(names, series, _sayings(result, metric, words, names), stacked)


def _largest(rows: Sequence[Named], metric: str) -> list[str]:
    """Names of the first breakdown, the one with the most in all its parts first; a rate stands as the answer ranks it."""
    if METRICS[metric].under or len({row.names[0] for row in rows}) == len(rows):
        return list(dict.fromkeys(row.names[0] for row in rows))
    sums: dict[str, float] = {}
    for row in rows:
        sums[row.names[0]] = sums.get(row.names[0], 0.0) + (row.line.now.get(metric) or 0.0)
    return sorted(sums, key=lambda name: -sums[name])


def _heat(result: Result, rows: Sequence[Named], metric: str, words: Words) -> Figure:
    found = {row.keys: row.line.now.get(metric) for row in rows}
    names = [dict((row.keys[place], row.names[place]) for row in rows) for place in (0, 1)]
    time = result.query.by[0] in dimensions.TIME
    # What has more values goes down: names are read there, and none has to be cut.
    turned = time or len(names[0]) < len(names[1])
    down, along = (1, 0) if turned else (0, 1)
    tall, wide = list(names[down].items())[:MOST_HEAT], list(names[along].items())[: 62 if time else MOST_HEAT]
    values = [[found.get((column, row) if turned else (row, column)) for column, _ in wide] for row, _ in tall]
    say = _sayings(result, metric, words, [])
    return drawing.heat([name for _, name in tall], [name for _, name in wide], values, say, brand.ink())


def _sayings(result: Result, metric: str, words: Words, places: Sequence[str]) -> Sayings:
    speech = answer.speech(metric, result, words)
    return Sayings(speech.full, speech.tick, lambda place: places[place])


def _ordered(keyed: Mapping[tuple[str, ...], str]) -> list[tuple[tuple[str, ...], str]]:
    """Series as the answer ranks them, all others together last."""
    return sorted(keyed.items(), key=lambda one: OTHER in one[0])


def _first(step: str, day: date) -> date:
    """First day of the step that a day lies in."""
    found = bucket(step, day)
    assert isinstance(found, date)
    return found


def _whole(step: str, since: date, until: date) -> bool:
    """Whether a bucket lies in the period whole."""
    return bucket(step, since) == since and bucket(step, until + timedelta(days=1)) == until + timedelta(days=1)


def _top(by: Sequence[str]) -> int:
    """How many series there is room for; without time, rows of pairs are cut when they are drawn."""
    return MOST_SERIES if by[0] in dimensions.TIME and by[0] != "weekday" else 0


def _said(question: Asked, by: Sequence[str], rows: int, kind: str) -> None:
    if len(question.by) > len(by):
        show.caption(t("The chart shows the first two breakdowns; the table shows all of them."))
    if kind in ("bars", "parts") and rows > MOST_BARS:
        show.caption(t("The largest {count} are drawn.", count=MOST_BARS))
