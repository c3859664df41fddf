"""Cohorts by month of the first purchase: what they have done by age, with cells that are not yet known left empty, and what follows from
it.

One triangle serves both money (lifetime value) and people (retention). Projection is the chain ladder: a cohort grows from age to age as
older cohorts grew. Nothing is projected beyond the age of the oldest cohort.

Source: chain ladder as in Mack 1993, "Distribution-free calculation of the standard error of chain ladder reserve estimates"; the band is
a bootstrap over cohorts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.batches import Note

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

RESAMPLES = 400
BAND = (0.10, 0.90)
COHORTS = 3
"""Least cohorts from which anything is projected."""


@dataclass(frozen=True)
class Triangle:
    """Cohorts by age. Shape: `values` (cohorts, ages), NaN where the month is not over yet; `sizes` (cohorts,); `cohorts` ascending months.

    Unit: `values` are what happened at that age, not up to it; `sizes` customers.
    """

    cohorts: tuple[date, ...]
    sizes: Floats
    values: Floats

    @cached_property
    def known(self) -> Bools:
        return ~np.isnan(self.values)

    @cached_property
    def cumulative(self) -> Floats:
        """Up to each age. Shape: as `values`."""
        return np.where(self.known, np.nancumsum(self.values, axis=1), np.nan)

    def per_customer(self) -> Floats:
        """Cumulative, over the customers of the cohort. Shape: as `values`."""
        return np.asarray(self.cumulative / self.sizes[:, None])

    def pooled(self) -> Floats:
        """What happens at each age per customer, over all cohorts old enough. Shape: (ages,), NaN where none is."""
        return _ratio(np.nansum(self.values, axis=0), (self.sizes[:, None] * self.known).sum(axis=0))

    def support(self) -> NDArray[np.int64]:
        """Cohorts old enough for each age. Shape: (ages,)."""
        return np.asarray(self.known.sum(axis=0))

    def factors(self) -> Floats:
        """Growth of the cumulative amount from each age to the next. Shape: (ages - 1,), NaN where nothing tells."""
        later = self.known[:, 1:]
        before = np.where(later, self.cumulative[:, :-1], 0.0).sum(axis=0)
        return _ratio(np.where(later, self.cumulative[:, 1:], 0.0).sum(axis=0), before)

    def completed(self) -> Floats:
        """Cumulative amounts with the unknown ages projected. Shape: as `values`; NaN from where no factor is known."""
        full, factors = self.cumulative.copy(), self.factors()
        for age in range(1, full.shape[1]):
            full[:, age] = np.where(self.known[:, age], full[:, age], full[:, age - 1] * factors[age - 1])
        return full

    def take(self, rows: NDArray[np.int64]) -> Triangle:
        """The chosen cohorts, which may repeat."""
        return Triangle(tuple(self.cohorts[row] for row in rows), self.sizes[rows], self.values[rows])

    def as_of(self, months_ago: int) -> Triangle:
        """The triangle as it was known some months ago: younger cohorts and the last cells of the others gone."""
        ages = self.known.sum(axis=1) - months_ago
        alive = np.flatnonzero(ages > 0)
        width = int(ages.max()) if len(alive) else 0
        values = np.where(np.arange(width) < ages[alive, None], self.values[alive, :width], np.nan)
        return Triangle(tuple(self.cohorts[row] for row in alive), self.sizes[alive], values)


def triangle(sums: pd.DataFrame, amount: str, until: date, since: date | None = None) -> Triangle:
    """From `purchases.cohort_sums`. Shape: cohort, age, buyers, and the column `amount` names; `since` and `until` are the first and last
    loaded day: the cohort of a month that is not loaded from its first day is left out.

    Ages whose month is over count as known, with zero where nobody came; the running month and later are not yet. A cohort counts once its
    own month is over, since its size is not known before.
    """
    month = _month(until) if _month(until + pd.Timedelta(days=1)) != _month(until) else _month(until) - 1
    cells = sums.groupby([pd.DatetimeIndex(sums["cohort"]).to_period("M"), "age"])[[*{amount, "buyers"}]].sum()
    table = cells[amount].unstack("age")
    born = pd.PeriodIndex(table.index)
    kept = np.asarray(born <= pd.Period(ordinal=month, freq="M"))
    if since is not None:
        kept &= np.asarray(born.to_timestamp() >= pd.Timestamp(since))
    if not kept.any():
        return Triangle((), np.zeros(0), np.zeros((0, 0)))
    lived = month - born[kept].asi8
    values = table[kept].reindex(columns=range(int(lived.max()) + 1)).to_numpy(dtype=np.float64)
    values = np.where(np.arange(values.shape[1]) <= lived[:, None], np.nan_to_num(values), np.nan)
    sizes = cells["buyers"].xs(0, level="age").reindex(born[kept]).to_numpy(dtype=np.float64)
    return Triangle(tuple(period.to_timestamp().date() for period in born[kept]), sizes, values)


def old_looking_new(since: date) -> Note:
    """What to know about cohorts wherever history before the first loaded day exists but is not loaded."""
    return Note("warning", "Orders are loaded from {day} on: those who bought before look new in the first months.", {"day": since})


def monthly(annual: float) -> float:
    """Discount per month of a discount per year."""
    return float((1 + annual) ** (1 / 12) - 1)


def discounted(steps: Floats, annual: float) -> Floats:
    """Amounts at ages 0, 1, 2, … in today's money, summed up. Shape: (…, ages), as given."""
    return np.asarray(np.cumsum(steps / (1 + monthly(annual)) ** np.arange(steps.shape[-1]), axis=-1))


def curve(table: Triangle, annual: float = 0.0) -> Floats:
    """Value per customer up to each age, over all cohorts, unknown ages projected. Shape: (ages,), NaN from where nothing tells."""
    full = table.completed()
    steps = np.diff(full, axis=1, prepend=0.0)
    return discounted(steps.sum(axis=0) / table.sizes.sum(), annual)


def band(table: Triangle, age: int, annual: float = 0.0, resamples: int = RESAMPLES, seed: int = 0) -> tuple[float, float]:
    """10 to 90 % of the value per customer at an age, with other cohorts of the same kind in place of these. The oldest cohort stays:
    nothing else tells about its age."""
    random, count = np.random.default_rng(seed), len(table.cohorts)
    found = []
    for _ in range(resamples):
        rows = np.concatenate([[0], random.integers(0, count, count - 1)])
        found.append(curve(table.take(rows), annual)[age])
    low, high = np.nanquantile(found, BAND)
    return float(low), float(high)


def _month(day: date) -> int:
    return int(pd.Period(day, "M").ordinal)


def _ratio(over: Floats, under: Floats) -> Floats:
    """Sum over sum; NaN where the lower one is not positive."""
    return np.asarray(np.divide(over, under, out=np.full(len(over), np.nan), where=under > 0))
