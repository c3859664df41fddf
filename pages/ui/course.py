"""How a metric went, drawn: which metric and by which step is the viewer's choice; notes stand under the chart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from data.coverage import Span
from data.text import Words
from metrics.periods import bucket
from metrics.registry import METRICS
from metrics.result import Result
from metrics.sentences import answer
from pages.ui import control, design, marking, periods, show, store, trend
from pages.ui.language import current, t
from pages.ui.trend import Sayings, Step
from pages.ui.view import View

GRAINS = {"day": "by day", "week": "by week", "month": "by month"}


def grain(view: View) -> str:
    """The step: the viewer's, or the one that suits the period. Its control is drawn by `controls`."""
    return control.kept("step", tuple(GRAINS), periods.grain(view.since, view.until))


def controls(view: View, metrics: Sequence[str]) -> str:
    """Draw the choice of metric and step. Returns the metric."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        chosen = control.pick("metric", t("Metric"), {key: t(METRICS[key].title) for key in metrics}, metrics[0], width=200)
        control.switch("step", t("Step"), {key: t(title) for key, title in GRAINS.items()}, periods.grain(view.since, view.until))
        marking.button(view)
    return chosen


def draw(view: View, result: Result, metric: str, step: str) -> None:
    """The chart of one metric of an answer by step."""
    speech, words = answer.speech(metric, result, current()), current()
    past = design.LAST_YEAR if view.compare == "year" else design.BEFORE
    say = Sayings(speech.full, speech.tick, words.t("this period"), _compared(view, words), past)
    found = steps(result, metric, step, store.ledger(view.store), words)
    show.notes([note for note in result.notes if note.kind == "period"])
    if all(one.value is None and one.before is None for one in found):
        show.caption(t("There is nothing to draw: no step of this period is known by itself."))
        return
    told = marking.of(view, found[0].since, found[-1].until)
    title = words.t("{metric}, {step}", metric=words.t(METRICS[metric].title), step=words.t(GRAINS[step]))
    st.plotly_chart(trend.draw(found, words, say, told), key="trend", config={"displayModeBar": False}, alt=title)
    marking.under(view, told)


def steps(result: Result, metric: str, step: str, spans: Sequence[Span], words: Words) -> list[Step]:
    """Shape: one step per bucket of the period, also for those without a row."""
    rows = {start.date(): place for place, start in enumerate(result.frame[step])}
    gaps = set(answer.missing_days(result, metric))
    unsettled = {day for span in spans if span.state == "provisional" for day in _days(span.since, span.until)}
    shift = result.query.since - result.compared[0] if result.compared else timedelta(0)
    values, values_before = (_values(result, column) for column in (metric, f"{metric}__before"))
    made = []
    for since, until in buckets(result.query.since, result.query.until, step):
        place, days = rows.get(_start(since, step)), _days(since, until)
        value, before = (None if place is None or not known else known[place] for known in (values, values_before))
        whole = _whole(since, until, step)
        why = words.t("may still change") if days & unsettled else "" if whole else words.t("only a part of it")
        made.append(Step(since, until, value, before, since - shift if before is not None else None, bool(why), why, not days <= gaps))
    return made


def buckets(since: date, until: date, step: str) -> list[tuple[date, date]]:
    """The period cut into days, weeks or months, the outer ones cut off at its ends."""
    found: list[tuple[date, date]] = []
    for day in sorted(_days(since, until)):
        if found and _start(found[-1][0], step) == _start(day, step):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _compared(view: View, words: Words) -> str:
    return words.t({"year": "a year ago"}.get(view.compare, "before")) if view.compare else ""


def _start(day: date, step: str) -> date:
    start = bucket(step, day)
    assert isinstance(start, date)
    return start


def _whole(since: date, until: date, step: str) -> bool:
    return _start(since, step) == since and _start(until + timedelta(days=1), step) == until + timedelta(days=1)


def _days(since: date, until: date) -> set[date]:
    return {since + timedelta(days=step) for step in range((until - since).days + 1)}


def _values(result: Result, column: str) -> list[float | None]:
    """The column in the order of rows; nothing where the answer does not have it."""
    if column not in result.frame:
        return []
    return [None if value != value else value for value in result.frame[column].to_numpy("float64").tolist()]
