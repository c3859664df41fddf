"""A daily series as a method reads it: its values, the weights of its days, how widely it scatters and how fast its level drifts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from metrics.expecting import calendar
from metrics.expecting.shape import LEVEL_DAYS, WEEKS, YEAR, Shape, daily, learn
from metrics.expecting.silence import off
from metrics.stats import dispersion

Floats = NDArray[np.float64]

DRIFTS = {0.0025: 0.2, 0.005: 0.25, 0.01: 0.3, 0.02: 0.2, 0.04: 0.05}
"""Daily drift of the level, as a share, and how often it is expected before the client's own history has spoken."""
DRIFT_WEEKS = 52
BAND = 0.80
BACK = 730
MOST_LEVEL_DAYS = 182
"""Days beyond which a level is that of another time, however bunched the events are."""
WIDEST = 3.0
"""Most by which past errors may widen or narrow a band."""
DOUBT = 2.0
"""Past forecasts that do not overlap, that weigh as much as the formula."""


@dataclass(frozen=True, eq=False)
class Daily:
    """Shape: values, usual and weights (days,), one per day from `since`; NaN where a day is not loaded.

    `usual` is also NaN where the series was off (`metrics.expecting.silence`): such days are facts, but no example.
    """

    since: date | None
    values: Floats
    usual: Floats
    weights: Floats
    shape: Shape

    @staticmethod
    def of(history: pd.Series[float], until: date = date.max) -> Daily:
        """Read up to `until`, with the shape known by then."""
        since, values = daily(history, until)
        if since is None:
            return Daily(None, values, values, values, Shape())
        usual = np.where(off(values), np.nan, values)
        shape = learn(since, usual)
        return Daily(since, values, usual, shape.weights(since, since + timedelta(days=len(values) - 1)), shape)

    @property
    def until(self) -> date | None:
        """The last loaded day."""
        return self.since + timedelta(days=len(self.values) - 1) if self.since else None

    @property
    def loaded(self) -> int:
        return int(np.isfinite(self.values).sum())

    @property
    def never_negative(self) -> bool:
        return not (self.values < 0).any()

    def tomorrow(self, since: date) -> date:
        """The first day after the last loaded one, or `since` if that is later."""
        return max(since, self.until + timedelta(days=1)) if self.until else since

    def on(self, since: date, until: date) -> Floats:
        """Values of a period, NaN outside of the series."""
        found = np.full((until - since).days + 1, np.nan)
        if self.since and self.until and self.since <= until and self.until >= since:
            first, last = max(since, self.since), min(until, self.until)
            own = self.values[(first - self.since).days : (last - self.since).days + 1]
            found[(first - since).days : (last - since).days + 1] = own
        return found

    def shut(self, since: date, until: date) -> Floats:
        """Chance of every day of a period that the series is off then: as often as on the same day of earlier years, never quite sure.

        Shape: (days,). Source: rule of succession, (k + 1) / (n + 2) for k of n years; zero where no year was off.
        """
        days = (until - since).days + 1
        years, times = np.zeros(days), np.zeros(days)
        closed = np.isnan(self.usual) & np.isfinite(self.values)
        place = (since - self.since).days + np.arange(days) - YEAR if self.since else np.full(days, -1)
        while (place >= 0).any():
            seen = (place >= 0) & (place < len(closed))
            years[seen] += 1
            times[seen] += closed[place[seen]]
            place = place - YEAR
        return np.where(times > 0, (times + 1) / (years + 2), 0.0)

    def rate(self, days: int, paused: bool = False) -> float:
        """A day of weight 1 over the last usual days: a ratio of sums. With `paused`, days on which the series was off count as zero."""
        last, weights = (self.values if paused else self.usual)[-days:], self.weights[-days:]
        known = np.isfinite(last)
        return float(last[known].sum() / weights[known].sum()) if known.any() else math.nan

    def seen(self, days: int) -> int:
        """How many of the last days are loaded and usual."""
        return int(np.isfinite(self.usual[-days:]).sum())

    def residuals(self) -> pd.Series[float]:
        """Standardised residuals of the last 56 days, by day."""
        seen, mean = self._recent()
        with np.errstate(divide="ignore", invalid="ignore"):
            found = (seen - mean) / np.sqrt(mean)
        last = pd.Timestamp(self.until) if self.until else pd.Timestamp(0)
        return pd.Series(found, index=pd.date_range(end=last, periods=len(seen), freq="D"))

    def _recent(self) -> tuple[Floats, Floats]:
        last, weights = self.usual[-7 * WEEKS :], self.weights[-7 * WEEKS :]
        known = np.isfinite(last)
        return last, weights * (last[known].sum() / weights[known].sum() if known.any() else 0.0)

    @cached_property
    def window(self) -> int:
        """Days that tell the level: whole weeks, at least four.

        As many as make the two errors of a mean over n days as small as can be: chance, whose variance falls as 1 / n, and the way that the
        level has gone meanwhile, whose variance grows as n / 3. A series of few large amounts needs months, a busy one four weeks.
        """
        phi, drift = self.scatter
        day = self.rate(MOST_LEVEL_DAYS)
        if not (day > 0 and drift > 0):
            return LEVEL_DAYS
        best = math.sqrt(3 * phi / day) / drift
        return 7 * round(min(max(best, LEVEL_DAYS), MOST_LEVEL_DAYS) / 7)

    @cached_property
    def scatter(self) -> tuple[float, float]:
        """Dispersion of days within their week, and drift of the level per day, over the last year without holiday weeks."""
        if not self.since or not self.until or len(self.values) < 14:
            return 1.0, 0.0
        _, kinds = calendar.codes(self.since, self.until)
        values, weights, holiday = (_weekly(part) for part in (self.usual, self.weights, (kinds >= 0).astype(np.float64)))
        full = np.isfinite(values).all(axis=1) & ~holiday.any(axis=1) & (np.nansum(values, axis=1) > 0)
        sums = np.where(full, values.sum(axis=1), np.nan)
        levels = sums / weights.sum(axis=1)
        within = dispersion(values[full], levels[full, None] * weights[full], fitted=int(full.sum()) + 6)
        return within, _drift(np.log(levels), within / sums)

    def surprise(self, ahead: int, window: int = LEVEL_DAYS) -> float:
        """How many times wider than said the errors of the same forecast, `ahead` days out of `window`, have been over two years; near 1
        where the history is short.

        Source: calibration by one's own past errors, split conformal with its (n + 1) / n for n errors that do not overlap (Vovk et al.
        2005), on rolling origins (Tashman 2000).
        """
        errors = self._errors(ahead, window)
        if not len(errors):
            return 1.0
        news = len(errors) / (ahead + LEVEL_DAYS)
        worst = float(np.quantile(errors, min(1.0, BAND * (1 + 1 / news)))) / NormalDist().inv_cdf((1 + BAND) / 2)
        return math.exp(math.log(min(max(worst, 1 / WIDEST), WIDEST)) * news / (news + DOUBT))

    def _errors(self, ahead: int, window: int) -> Floats:
        """Errors of past forecasts over the deviation that was said of them, one per day on which both sides are usual."""
        values, weights = self.usual[-BACK - window :], self.weights[-BACK - window :]
        origins = np.arange(LEVEL_DAYS, len(values) - ahead + 1)
        if ahead < 1 or not len(origins):
            return np.empty(0)
        known = np.isfinite(values)
        sums = [np.r_[0.0, np.cumsum(part)] for part in (np.nan_to_num(values), np.where(known, weights, 0.0), known)]
        past = [total[origins] - total[np.maximum(origins - window, 0)] for total in sums]
        coming = [total[origins + ahead] - total[origins] for total in sums]
        use = (past[2] >= min(window, LEVEL_DAYS)) & (coming[2] == ahead) & (past[0] > 0)
        level, days = past[0][use] / past[1][use], past[2][use]
        phi, drift = self.scatter
        rest = level * coming[1][use]
        said = np.sqrt(phi * rest * (1 + ahead / days) + (level * drift) ** 2 * wandering(ahead, days))
        found: Floats = np.abs(coming[0][use] - rest) / said
        return found


def wandering(ahead: int, days: Any) -> Any:
    """How far a level that drifts by 1 a day goes over the days ahead and inside the days it was taken from: a variance, in days cubed."""
    return (ahead**3 + days * ahead**2) / 3


def _weekly(days: Floats) -> Floats:
    """The last weeks of seven days, counted back from the last day. Shape: (weeks, 7)."""
    return days[len(days) % 7 :].reshape(-1, 7)[-DRIFT_WEEKS:]


def _drift(levels: Floats, chance: Floats) -> float:
    """Daily drift that explains the weekly log levels, averaged over DRIFTS by likelihood times expectation.

    Shape: both (weeks,); chance is the variance of a level that is due to chance, NaN where a week is left out.
    Source: local level model, Kalman filter (Harvey 1989).
    """
    drifts, log_weight = np.array(list(DRIFTS)), np.log(list(DRIFTS.values()))
    known = np.flatnonzero(np.isfinite(levels) & np.isfinite(chance))
    mean = width = np.zeros(len(drifts))
    for place, (week, before) in enumerate(zip(known, np.r_[known[:1], known[:-1]], strict=True)):
        gap = levels[week] - mean
        if place == 0:
            mean, width = mean + gap, width + chance[week]
            continue
        width = width + 7 * (week - before) * drifts**2
        total = width + chance[week]
        log_weight = log_weight - 0.5 * (np.log(total) + gap**2 / total)
        mean, width = mean + width / total * gap, width * chance[week] / total
    weight = np.exp(log_weight - log_weight.max())
    return math.sqrt(float((weight * drifts**2).sum() / weight.sum()))
