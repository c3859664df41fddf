"""Did it work? What came after an action, against what would have come without it.

Method: the days before the action are carried forward by the client's own weekdays, season and level (`metrics.pace`); what really came
is set against the 80 % band of that. A verdict is only given where the band is narrow enough to have shown the expected effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.batches import Note
from metrics import pace
from metrics.readings.history import ALL, History, history
from metrics.readings.subject import Subject, digits_of, known
from metrics.registry import METRICS, aggregation
from metrics.rows import Metric
from metrics.scope import Settings
from metrics.statements import Run

if TYPE_CHECKING:
    from data.desk.actions import Action

SOONEST, LONGEST = 7, 28
"""Days after an action from which it is judged, and up to which it is: after that much else has happened."""


class Verdict(StrEnum):
    """What is said of an action. Shown as it stands."""

    WORKED = "worked"
    NOT = "did not work"
    AGAINST = "went the other way"
    EARLY = "too early to tell"
    UNSEEN = "cannot be told from noise"
    UNKNOWN = "cannot be judged"


@dataclass(frozen=True)
class Outcome:
    """One action judged. `fact` is what came from `since` to `until`, `expected` what would have come without it, from `low` to `high`.

    `effect` is fact over expected, less one; `wanted` the effect that was promised. `note` says why there is no verdict.
    """

    action: Action
    verdict: Verdict
    since: date | None = None
    until: date | None = None
    fact: float | None = None
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    digits: int = 0
    currency: str = ""
    note: Note | None = None

    @property
    def effect(self) -> float | None:
        if self.fact is None or not self.expected:
            return None
        return self.fact / self.expected - 1

    @property
    def wanted(self) -> float | None:
        return self.action.expected


def read(run: Run, settings: Settings, subject: Subject, until: date, actions: Sequence[Action]) -> tuple[Outcome, ...]:
    """Judge every action that is done; the others come back as too early. Shape: in the order given."""
    judged = [one for one in actions if _can_be(one)]
    if not judged:
        return tuple(_unjudged(one) for one in actions)
    # NB: asked with spend, so that channels stand as they do in plans and tables: Direct as a whole where its cost is known as a whole.
    metrics = tuple(dict.fromkeys((*(one.metric for one in judged), "spend")))
    past = history(run, settings, subject, metrics, until, by="channel" if any(one.channel for one in judged) else "")
    return tuple(_outcome(past, one) if one in judged else _unjudged(one) for one in actions)


def _can_be(action: Action) -> bool:
    if action.state != "done" or action.since is None or action.metric not in METRICS:
        return False
    metric = METRICS[action.metric]
    return aggregation(metric) != "N" and not metric.relative


def _unjudged(action: Action) -> Outcome:
    if action.state != "done" or action.since is None:
        return Outcome(action, Verdict.EARLY)
    if action.metric not in METRICS:
        return Outcome(action, Verdict.UNKNOWN, note=Note("outcome", "No metric was named that it should change."))
    title = METRICS[action.metric].title
    return Outcome(action, Verdict.UNKNOWN, note=Note("outcome", "{metric} is not known by day.", {"metric": title}))


def _outcome(past: History, action: Action) -> Outcome:
    assert action.since is not None
    metric, since = METRICS[action.metric], action.since
    last = past.until
    if last is None or (last - since).days + 1 < SOONEST:
        days = 0 if last is None else max(0, (last - since).days + 1)
        note = Note("outcome", "{days} days are loaded since then; {needed} are needed.", {"days": days, "needed": SOONEST})
        return Outcome(action, Verdict.EARLY, since, last, note=note)
    end = min(last, since + timedelta(days=LONGEST - 1))
    found = _ratio(past, metric, action.channel, since, end) if metric.under else _sum(past, metric, action.channel, since, end)
    if isinstance(found, Note):
        return Outcome(action, Verdict.UNKNOWN, since, end, note=found)
    fact, expected, low, high = found
    verdict = judge(fact, expected, low, high, action.expected, metric.better)
    return Outcome(
        action, verdict, since, end, fact, expected, low, high, digits_of(metric.unit, expected), past.currency,
        _why_unseen(low, high, expected) if verdict is Verdict.UNSEEN else None,
    )


def judge(fact: float, expected: float, low: float, high: float, wanted: float | None, better: str) -> Verdict:
    """The word for a fact beside its band. The wanted direction is that of the promise, else the one that is better for the metric."""
    up = wanted > 0 if wanted else better != "down"
    if fact > high or fact < low:
        return Verdict.WORKED if (fact > high) == up else Verdict.AGAINST
    if wanted is None:
        return Verdict.UNSEEN
    promised = expected * (1 + wanted)
    return Verdict.NOT if promised > high or promised < low else Verdict.UNSEEN


def _why_unseen(low: float, high: float, expected: float) -> Note | None:
    if not expected:
        return None
    share = max(high - expected, expected - low) / abs(expected)
    return Note("outcome", "Without it the figure varies by ±{percent}% anyway.", {"percent": round(share * 100)})


Judged = tuple[float, float, float, float]
"""Shape: fact, expected, low, high."""


def _sum(past: History, metric: Metric, channel: str, since: date, until: date) -> Judged | Note:
    series = past.of(metric.key, channel or ALL)
    fact = _within(series, since, until)
    if fact is None:
        return _unloaded(metric)
    ended = pace.project(_before(series, since), since, until)
    if ended.note or ended.band is None:
        return ended.note or _unloaded(metric)
    return fact, ended.expected, ended.band.low, ended.band.high


def _ratio(past: History, metric: Metric, channel: str, since: date, until: date) -> Judged | Note:
    sides = [_side(past, metric, name, channel) for name in ("over", "under")]
    if any(side is None for side in sides):
        return Note("outcome", "{metric} is not known by day.", {"metric": metric.title})
    over, under = (side for side in sides if side is not None)
    top, bottom = _within(over, since, until), _within(under, since, until)
    if top is None or not bottom:
        return _unloaded(metric)
    ended = pace.project_ratio(_before(over, since), _before(under, since), since, until, better=metric.better)
    if ended.note or ended.band is None or known(ended.expected) is None:
        return ended.note or _unloaded(metric)
    return top / bottom, ended.expected, ended.band.low, ended.band.high


def _side(past: History, metric: Metric, side: str, channel: str) -> pd.Series[float] | None:
    formula = metric.formula if side == "over" else metric.divisor
    assert formula is not None
    if any(not len(past.of(key, channel or ALL)) for key in formula.measures) or any(term.setting for term in formula.terms):
        return None
    found: pd.Series[float] = formula.value(lambda key: past.of(key, channel or ALL), {})
    return found


def _before(series: pd.Series[float], since: date) -> pd.Series[float]:
    return series[series.index < pd.Timestamp(since)]


def _within(series: pd.Series[float], since: date, until: date) -> float | None:
    """The sum of the days, if every one of them is loaded."""
    days = series[(series.index >= pd.Timestamp(since)) & (series.index <= pd.Timestamp(until))]
    whole = len(days) == (until - since).days + 1 and bool(np.isfinite(days).all())
    return float(days.sum()) if whole else None


def _unloaded(metric: Metric) -> Note:
    return Note("outcome", "{metric}: not every day since then is loaded.", {"metric": metric.title})
