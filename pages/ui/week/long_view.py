"""Six weeks and twelve months of one figure, each with the year before and, by month, the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import streamlit as st

from data.desk.plans import Target
from metrics.registry import METRICS
from metrics.result import Result
from metrics.sentences import answer
from pages.ui import asking, control, marking, plan_chart, show
from pages.ui.language import current, t
from pages.ui.plan_chart import Month
from pages.ui.view import View
from pages.ui.week import figures, why_moved

WEEKS, MONTHS = 6, 12
YEAR = timedelta(days=364)
"""A year with its weekdays aligned."""


def draw(view: View, targets: Sequence[Target]) -> None:
    """Both charts side by side, of the chosen figure."""
    metrics = figures.metrics(view)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        show.section(t("Six weeks and twelve months"))
        metric = control.pick("long", t("Metric"), {key: t(METRICS[key].title) for key in metrics}, _first(view, metrics), width=200)
        marking.button(view)
    weeks, months = _weeks(view, metrics), _months(view, metrics)
    speech = answer.speech(metric, weeks, current())
    title, config = t(METRICS[metric].title), {"displayModeBar": False}
    # One numbering for both charts: the weeks show the last of the months' notes under the same numbers.
    told = marking.of(view, _month(view.until, MONTHS - 1), view.until)
    recent = tuple(one for one in told if one.mark.until >= _since(view.until))
    plan = {target.month: target.value for target in targets if target.metric == metric and not target.channel}
    by_week, by_month = _by_week(weeks, metric, view.until), _by_month(months, metric, view.until, plan)
    unknown = t("There is nothing to draw: no step of this period is known by itself.")
    if not _known((*by_week, *by_month)):
        return show.text(unknown)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        if any(_known(by_week)):
            drawn = plan_chart.draw(by_week, current(), speech.full, speech.tick, True, recent)
            st.plotly_chart(drawn, key="six_weeks", config=config, alt=t("{metric}: six weeks and the same weeks a year ago", metric=title))
        else:
            show.text(t("{metric}: zero in all of these six weeks.", metric=title) if _known(by_week) else unknown)
    with right:
        if any(_known(by_month)):
            drawn = plan_chart.draw(by_month, current(), speech.full, speech.tick, notes=told)
            st.plotly_chart(drawn, key="twelve_months", config=config, alt=t("{metric}: twelve months, plan and a year ago", metric=title))
        else:
            show.text(t("{metric}: zero in all of these months.", metric=title) if _known(by_month) else unknown)
    show.caption(t("Bars: fact; violet ticks: plan; thin line: a year ago. A hollow bar is not over."))
    return marking.under(view, told)


def _known(steps: Sequence[Month]) -> list[float]:
    """All that a chart of these steps would show."""
    return [value for one in steps for value in (one.fact, one.plan, one.before) if value is not None]


def _first(view: View, metrics: tuple[str, ...]) -> str:
    """What the page explains, where it is among the main figures."""
    asked = why_moved.chosen(view)
    return asked if asked in metrics else metrics[0]


def _weeks(view: View, metrics: tuple[str, ...]) -> Result:
    """To the end of the running week: what it was a year ago is known whole, as that of the running month is."""
    sunday = view.until + timedelta(days=6 - view.until.weekday())
    return asking.ask(replace(view, since=_since(view.until), until=sunday, compare="year"), metrics, ("week",))


def _since(until: date) -> date:
    """The Monday that the weeks begin on."""
    return until - timedelta(days=until.weekday(), weeks=WEEKS - 1)


def _months(view: View, metrics: tuple[str, ...]) -> Result:
    """Two years by month: a year ago is a month of its own here, not the same days shifted."""
    return asking.ask(replace(view, since=_month(view.until, 2 * MONTHS - 1), compare=""), metrics, ("month",))


def _by_week(found: Result, metric: str, until: date) -> list[Month]:
    rows = {row["week"].date(): row for row in found.frame.to_dict("records")}
    monday = until - timedelta(days=until.weekday())
    mondays = [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    return [
        Month(day, _value(rows.get(day), metric), None, _value(rows.get(day), f"{metric}__before"), open=day + timedelta(days=6) > until)
        for day in mondays
    ]


def _by_month(found: Result, metric: str, until: date, plan: Mapping[date, float | None]) -> list[Month]:
    rows = {row["month"].date(): row for row in found.frame.to_dict("records")}
    months = [_month(until, back) for back in reversed(range(MONTHS))]
    before = {day: _value(rows.get(_month(day, MONTHS)), metric) for day in months}
    return [
        Month(day, _value(rows.get(day), metric), plan.get(day), before[day], open=_month(day, -1) > until + timedelta(days=1))
        for day in months
    ]


def _month(day: date, back: int) -> date:
    """The first day of the month so many months before."""
    place = day.year * 12 + day.month - 1 - back
    return date(place // 12, place % 12 + 1, 1)


def _value(row: Mapping[object, object] | None, column: str) -> float | None:
    value = None if row is None else row.get(column)
    return None if value is None or value != value else float(str(value))
