"""Where the next rouble works: response curves of the channels that cost money, and a better division of the budget, if any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.batches import Note
from metrics.readings.history import History, history
from metrics.readings.subject import Subject, known
from metrics.scope import Settings
from metrics.spending.reallocation import propose
from metrics.spending.response_curve import marginal_romi
from metrics.spending.response_gate import MEASURED, read_response
from metrics.spending.response_gate import ResponseReading as Fitted
from metrics.statements import Run
from metrics.unusual import weekly

if TYPE_CHECKING:
    from data.desk.marks import Mark

LEAST_SHARE = 0.03
"""Of all spend, under which a channel has no curve of its own."""
YEARS = 3 * 366
POINTS = 41
"""Of a drawn curve."""


@dataclass(frozen=True)
class Check:
    """One question of the honesty gate, in words."""

    key: str
    passed: bool
    said: Note


@dataclass(frozen=True)
class Point:
    """A point of a curve. Unit: spend and result per week; `low`, `high` the 90 % range over weeks drawn again."""

    spend: float
    result: float
    low: float
    high: float


@dataclass(frozen=True)
class ChannelResponse:
    """A channel at its present spend. `marginal` is what the next unit of spend brings, `romi` its profit, `proposed` spend of the shift.

    Unit: spend per week; marginal in results (revenue or conversions) per unit of spend; `low`, `high` the 90 % range of the average.
    Shape: `points` from no spend to the dearest week, where the curve is measured; `here` and `there` are those of the present and of the
    proposed spend.
    """

    key: str
    title: str
    spend: float
    marginal: float | None
    romi: float | None
    low: float | None
    high: float | None
    proposed: float | None
    points: tuple[Point, ...] = ()
    here: Point | None = None
    there: Point | None = None


@dataclass(frozen=True)
class ResponseReading:
    """Curves that may be called measured, or not. `gain` per week, with its 90 % range; `reason` says why no shift is proposed."""

    result: str
    basis: str
    weeks: int
    channels: tuple[ChannelResponse, ...]
    gain: float | None
    low: float | None
    high: float | None
    checks: tuple[Check, ...]
    reason: Note | None

    @property
    def measured(self) -> bool:
        return self.basis == MEASURED


def read_spend(run: Run, settings: Settings, subject: Subject, until: date, marks: Sequence[Mark] = ()) -> ResponseReading | None:
    """Fit the channels with spend to revenue, or to conversions where revenue is not known; None where nothing is spent."""
    settings.need_money()
    past = history(run, settings, subject, ("spend", "revenue", "conversions"), until, days=YEARS, by="channel")
    result = "revenue" if past.of("revenue").sum() > 0 else "reaches"
    spend, came = _weeks(past, result)
    if spend.empty or not len(came):
        return None
    fitted = read_response(spend, came, _events(came, marks))
    shift = propose(fitted.curves, fitted.draws, fitted.present)
    margin = 1.0 if settings.margin is None else settings.margin
    channels = tuple(
        _channel(past, fitted, name, shift.after.get(name) if shift.reason is None else None, margin, result, float(spend[name].max()))
        for name in spend.columns
    )
    return ResponseReading(
        "revenue" if result == "revenue" else "conversions",
        fitted.basis,
        len(came),
        tuple(sorted(channels, key=lambda one: -one.spend)),
        *((known(shift.gain), known(shift.low), known(shift.high)) if fitted.basis == MEASURED else (None, None, None)),
        tuple(Check(one.key, bool(one.passed), one.said) for one in fitted.checks),
        fitted.reason or shift.reason,
    )


def _weeks(past: History, result: str) -> tuple[pd.DataFrame, pd.Series[float]]:
    """Whole weeks of spend by title of the channel and of the result. Shape: (weeks, channels), (weeks,), gaps left as they are."""
    whole = float(past.of("cost").sum())
    paid = {
        past.titles[key]: weekly(past.of("cost", key))
        for key in past.channels
        if float(past.of("cost", key).sum()) >= LEAST_SHARE * whole > 0
    }
    came = weekly(past.of(result))
    spend = pd.DataFrame(paid).reindex(came.index) if paid else pd.DataFrame()
    known_weeks = came.index[came.notna() & spend.notna().all(axis=1)] if paid else came.index[:0]
    if not len(known_weeks):
        return pd.DataFrame(), came.iloc[:0]
    inside = slice(known_weeks[0], known_weeks[-1])
    return spend.loc[inside], came.loc[inside]


def _events(weeks: pd.Series[float], marks: Sequence[Mark]) -> pd.DataFrame | None:
    """A column per mark that hides days: how much of each week it takes."""
    columns = {}
    for place, mark in enumerate(mark for mark in marks if mark.masks):
        share = [sum(mark.since <= (monday + timedelta(days=step)).date() <= mark.until for step in range(7)) / 7 for monday in weeks.index]
        if any(share):
            columns[str(place)] = share
    return pd.DataFrame(columns, index=weeks.index) if columns else None


def _channel(
    past: History, fitted: Fitted, name: str, proposed: float | None, margin: float, result: str, dearest: float
) -> ChannelResponse:
    curve, spend = fitted.curves[name], fitted.present[name]
    marginal = curve.marginal(spend) if spend > 0 and np.isfinite(curve.half) else None
    low, high = fitted.per_unit.get(name, (np.nan, np.nan))
    romi = marginal_romi(curve, spend, margin) if marginal is not None and result == "revenue" else None
    key = next(key for key, title in past.titles.items() if title == name)
    plain = ChannelResponse(key, name, spend, marginal, romi, known(low), known(high), proposed)
    if fitted.basis != MEASURED:
        return plain
    points = tuple(_point(fitted, name, float(at)) for at in np.linspace(0.0, dearest, POINTS))
    there = None if proposed is None else _point(fitted, name, proposed)
    return replace(plain, points=points, here=_point(fitted, name, spend), there=there)


def _point(fitted: Fitted, name: str, spend: float) -> Point:
    """A measured curve at a steady spend, with what the weeks drawn again make of it."""
    drawn = [curves[name].at(spend) for curves in fitted.draws]
    low, high = np.quantile(drawn, [0.05, 0.95])
    return Point(spend, fitted.curves[name].at(spend), float(low), float(high))
