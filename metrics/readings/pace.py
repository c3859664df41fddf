"""Plan against fact, month by month: where each target will end, how likely it is kept, and what a day must bring from now on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.batches import Note
from metrics import pace
from metrics.pace import Outlook
from metrics.readings.history import ALL, History, history
from metrics.readings.subject import Backing, Subject, backing, digits_of, known, main_metrics
from metrics.readings.worth import Worth
from metrics.registry import METRICS, aggregation
from metrics.rows import Metric
from metrics.scope import Settings
from metrics.statements import Run

if TYPE_CHECKING:
    from data.desk.plans import Target

WORTH = ("conversions", "leads", "orders", "revenue", "spend", "visits")
"""What tells the worth of a unit."""


@dataclass(frozen=True)
class Line:
    """One metric of one channel (or all) in one month. `plan` is None where nobody has set a target.

    `to_date` is the plan by the client's own days, `index` above 1 is good whatever the direction, `gap` fact minus plan to date; `low` and
    `high` hold the end with 80 %; `required` is what a day of average weight must bring from now on (for a ratio: what the days left must
    have), `running` what it brings now. `outlook` is None for budgets and where there is no target. `gaps` are days before the last loaded
    one that are not loaded: they are forecast, never taken for zero. `runs_out` and `remains` are for budgets: the last day with money,
    what is left over.
    `gap_money` is what the gap to date is worth: the gap times the margin that a unit brings (of a ratio: a unit of what it is divided by,
    times how many of those there were), below zero for a loss; None where nobody can tell.
    """

    metric: str
    title: str
    unit: str
    better: str
    channel: str
    channel_title: str
    plan: float | None
    fact: float | None
    expected: float | None
    low: float | None
    high: float | None
    digits: int
    to_date: float | None = None
    index: float | None = None
    gap: float | None = None
    gap_money: float | None = None
    chance: float | None = None
    required: float | None = None
    running: float | None = None
    outlook: Outlook | None = None
    budget: bool = False
    runs_out: date | None = None
    remains: float | None = None
    gaps: int = 0
    note: Note | None = None


@dataclass(frozen=True)
class PaceReading:
    """A month on one day. `day` is the last day that is loaded by then; `share` of the month's own shape that has passed by then.

    Lines stand by trouble: targets at risk first, then open ones, then safe ones, of each the dearest gap first; figures without a target
    last.
    """

    month: date
    until: date
    day: date | None
    currency: str
    share: float | None
    days_left: int
    lines: tuple[Line, ...]
    notes: tuple[Note, ...]
    backing: Backing


def read(
    run: Run, settings: Settings, subject: Subject, month: date, day: date, targets: Sequence[Target] = (), metrics: Sequence[str] = ()
) -> PaceReading:
    """Every target of a month as it stood on the evening of `day`; without targets the main metrics are projected all the same.

    `targets` of other months are left alone; `metrics` keeps only these.
    """
    month = month.replace(day=1)
    until = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    mine = [one for one in targets if one.month == month and one.value is not None and (not metrics or one.metric in metrics)]
    wanted = tuple(dict.fromkeys((*(one.metric for one in mine if one.metric in METRICS), *(metrics or main_metrics(subject)))))
    by = "channel" if any(one.channel for one in mine) else ""
    past = history(run, settings, subject, wanted, min(day, until), by=by)
    lines = [
        _line(past, METRICS[one.metric], one.channel, float(one.value), month, until)
        for one in mine
        if one.value is not None and one.metric in METRICS
    ]
    lines = _in_money(lines, run, settings, subject, past, month, min(day, until))
    planned = {line.metric for line in lines if line.channel == ALL}
    lines += [_line(past, METRICS[key], ALL, None, month, until) for key in wanted if key not in planned]
    notes = [note for note in past.result.notes if note.kind not in ("period", "common days", "missing")]
    if not mine:
        notes.insert(
            0, Note("plan", "No plan is set for {month}. Targets are typed in or imported on the page “Plan”.", {"month": f"{month:%Y-%m}"})
        )
    notes += [
        Note("missing", "{what}: {n} days of the month are not loaded; they are forecast.", {"what": line.title, "n": line.gaps})
        for line in lines
        if line.gaps and line.channel == ALL
    ]
    shape = pace.project(past.of(wanted[0]), month, until)
    return PaceReading(
        month,
        until,
        # NB: as it stood on that evening, whatever has been loaded since.
        None if past.until is None else min(past.until, day, until),
        past.currency,
        known(shape.share),
        max(0, (until - min(day, until)).days),
        tuple(sorted(lines, key=_trouble)),
        tuple(notes),
        backing(past.result),
    )


def _in_money(
    lines: list[Line], run: Run, settings: Settings, subject: Subject, past: History, month: date, day: date
) -> list[Line]:
    """The lines with what their gaps are worth. Whoever may not see money gets none."""
    if not settings.money or not any(line.gap for line in lines):
        return lines
    by = "channel" if any(line.channel for line in lines) else ""
    worth = Worth(history(run, settings, subject, WORTH, day, by=by), settings.margin)
    return [replace(line, gap_money=_gap_money(line, worth, past, month)) for line in lines]


def _gap_money(line: Line, worth: Worth, past: History, month: date) -> float | None:
    """Source: (fact - plan) times the margin of a unit; a ratio's unit is bought or sold as often as there is something to divide by."""
    metric = METRICS[line.metric]
    if line.gap is None:
        return None
    if metric.divisor is None:
        return known(line.gap * worth.of(line.metric, line.channel))
    under = _measured(past, metric, "under", line.channel)
    often = 0.0 if under is None else float(under[under.index >= pd.Timestamp(month)].sum())
    return known(line.gap * often * worth.unit(line.metric))


def _trouble(line: Line) -> tuple[int, float, float]:
    ranks = {Outlook.AT_RISK: 0, Outlook.OPEN: 1, Outlook.SAFE: 2, Outlook.UNKNOWN: 3}
    rank = 4 if line.plan is None else ranks[line.outlook] if line.outlook else 1 if line.runs_out else 2
    return rank, line.gap_money or 0.0, -abs(line.gap or 0.0) / (line.to_date or 1.0)


def _line(past: History, metric: Metric, channel: str, plan: float | None, month: date, until: date) -> Line:
    if aggregation(metric) == "N" or metric.relative:
        text = "{metric}: counted anew for every period, so days do not add up to its end."
        return _blank(past, metric, channel, plan, Note("pace", text, {"metric": metric.title}))
    if metric.divisor is not None:
        return _ratio(past, metric, channel, plan, month, until)
    series = past.of(metric.key, channel)
    if metric.better == "neutral" and metric.measures == ("cost",):
        return _budget(past, metric, channel, plan, series, month, until)
    return _sum(past, metric, channel, plan, series, month, until)


def _blank(past: History, metric: Metric, channel: str, plan: float | None, note: Note | None) -> Line:
    title = past.titles.get(channel, channel) if channel != ALL else ""
    return Line(metric.key, metric.title, metric.unit, metric.better, channel, title, plan, None, None, None, None, 0, note=note)


def _filled(
    past: History, metric: Metric, channel: str, plan: float | None, ended: pace.Projection | pace.RatioPace, **more: object
) -> Line:
    band, gaps, fact = ended.band, 0, known(ended.fact)
    if isinstance(ended, pace.Projection):
        gaps = ended.gaps
        # NB: a month of which no day is loaded has brought nobody knows what, not nothing.
        fact = fact if ended.loaded_until and ended.loaded_until >= ended.since else None
    digits = digits_of(metric.unit, known(ended.expected) or fact or plan)
    title = past.titles.get(channel, channel) if channel != ALL else ""
    return Line(
        metric.key,
        metric.title,
        metric.unit,
        metric.better,
        channel,
        title,
        plan,
        fact,
        known(ended.expected),
        known(band.low) if band else None,
        known(band.high) if band else None,
        digits,
        note=ended.note,
        gaps=gaps,
        **more,  # type: ignore[arg-type]
    )


def _sum(past: History, metric: Metric, channel: str, plan: float | None, series: pd.Series[float], month: date, until: date) -> Line:
    ended = pace.project(series, month, until)
    if plan is None:
        return _filled(past, metric, channel, None, ended, running=known(ended.level))
    kept = pace.pace(ended, plan, metric.better)
    return _filled(
        past,
        metric,
        channel,
        plan,
        ended,
        to_date=known(kept.to_date),
        index=known(kept.index),
        gap=known(kept.gap),
        chance=known(kept.chance),
        required=known(kept.required),
        running=known(kept.running),
        outlook=kept.outlook,
    )


def _budget(past: History, metric: Metric, channel: str, plan: float | None, series: pd.Series[float], month: date, until: date) -> Line:
    if plan is None:
        return _sum(past, metric, channel, None, series, month, until)
    spent = pace.budget(series, plan, month, until)
    ended = spent.projection
    return _filled(
        past,
        metric,
        channel,
        plan,
        ended,
        to_date=known(spent.to_date),
        index=known(spent.index),
        gap=known(ended.fact - spent.to_date),
        chance=known(ended.chance(plan, "down")),
        required=known(spent.required),
        running=known(spent.running),
        budget=True,
        runs_out=spent.runs_out,
        remains=known(spent.remains),
    )


def _ratio(past: History, metric: Metric, channel: str, plan: float | None, month: date, until: date) -> Line:
    assert metric.divisor is not None
    over, under = (_measured(past, metric, side, channel) for side in ("over", "under"))
    if over is None or under is None:
        return _blank(past, metric, channel, plan, Note("pace", "{metric}: not recorded by day.", {"metric": metric.title}))
    target = float("nan") if plan is None else plan
    ended = pace.project_ratio(over, under, month, until, target, metric.better if metric.better in ("up", "down") else "down")
    if plan is None:
        return _filled(past, metric, channel, None, ended)
    index = plan / ended.fact if metric.better == "down" else ended.fact / plan
    return _filled(
        past,
        metric,
        channel,
        plan,
        ended,
        to_date=plan,
        index=known(index if np.isfinite(index) else np.nan),
        gap=known(ended.fact - plan),
        chance=known(ended.chance),
        required=known(ended.required),
        running=None,
        outlook=ended.outlook,
    )


def _measured(past: History, metric: Metric, side: str, channel: str) -> pd.Series[float] | None:
    """Numerator or denominator by day, where it is one measure or a sum of them."""
    formula = metric.formula if side == "over" else metric.divisor
    assert formula is not None
    if any(not len(past.of(key, channel)) for key in formula.measures) or any(term.setting for term in formula.terms):
        return None
    found: pd.Series[float] = formula.value(lambda key: past.of(key, channel), {})
    return found
