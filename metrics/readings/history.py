"""Days of a client as series: one per metric and channel, NaN where nothing is loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from metrics import ledger
from metrics.ask import ask
from metrics.readings.subject import Subject, whole_until
from metrics.registry import METRICS
from metrics.result import Result
from metrics.scope import Settings
from metrics.statements import Run

ALL = ""
"""The key of all channels together."""
YEARS = 731
"""Days of history that methods look at: two years teach holidays and the season."""


@dataclass(frozen=True, eq=False)
class History:
    """Shape: `series` by metric or measure, then by channel key (ALL for the total), each indexed by day; titles by channel key."""

    series: Mapping[tuple[str, str], pd.Series[float]]
    titles: Mapping[str, str]
    until: date | None
    currency: str
    result: Result

    def of(self, name: str, channel: str = ALL) -> pd.Series[float]:
        return self.series.get((name, channel), pd.Series(dtype=np.float64, index=pd.DatetimeIndex([])))

    @property
    def channels(self) -> tuple[str, ...]:
        return tuple(key for key in self.titles if key != ALL)


def history(
    run: Run, settings: Settings, subject: Subject, metrics: Sequence[str], until: date, days: int = YEARS, by: str = ""
) -> History:
    """Daily sums of some metrics up to a day, in total and, where asked, by a dimension. Spend ends where an ad account lags behind."""
    since = until - timedelta(days=days - 1)
    # NB: in one order, so that readings that need the same metrics ask the same question.
    metrics = sorted(set(metrics))
    total = ask(subject.query(metrics, since, until, ("day",)), run, settings)
    last = whole_until(ledger.read(run))
    found = {(name, ALL): values for name, values in _columns(total, last).items()}
    titles = {ALL: "Total"}
    if by:
        split = ask(subject.query(metrics, since, until, ("day", by)), run, settings)
        keys = split.frame[by].astype(str)
        titles |= {key: split.title(by, key) for key in keys.unique()}
        for key, rows in split.frame.groupby(keys, sort=False):
            found |= {(name, str(key)): values for name, values in _columns(split, last, rows).items()}
    return History(found, titles, total.loaded_until, total.currency, total)


def _columns(result: Result, last: date | None, rows: pd.DataFrame | None = None) -> dict[str, pd.Series[float]]:
    frame = result.frame if rows is None else rows
    index = pd.DatetimeIndex(frame["day"])
    names = [name for name in frame.columns if name not in result.query.by]
    found = {str(name): pd.Series(frame[name].to_numpy("float64", na_value=np.nan), index=index) for name in names}
    if last is not None:
        late = index > pd.Timestamp(last)
        for name in found:
            if name == "cost" or (name in METRICS and METRICS[name].over == "cost" and not METRICS[name].under):
                found[name] = found[name].mask(late)
    return found
