"""What a customer costs against what a customer brings: CAC, LTV:CAC and the month of payback, by channel and cohort.

Months are counted from 1: month 1 is the month of the first purchase. CAC of a cohort is the spend of its month over its customers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from data.batches import Note
from metrics.abstain import because
from metrics.buying.cohorts import COHORTS, Triangle, discounted

Floats = NDArray[np.float64]

FEW = 30
"""Customers below which the value of a cohort is not projected."""


@dataclass(frozen=True)
class Payback:
    """Month in which the margin so far reaches the cost. `month` is None where it does not within `looked` months; `projected` months
    lie in the future of the cohort."""

    month: int | None
    looked: int
    projected: bool = False


@dataclass(frozen=True)
class Economics:
    """One channel and cohort; `cohort` is None for all cohorts of the channel together.

    Unit: `cac`, `so_far` (earned by now per customer) and `value` (by the horizon) money; NaN where not known: a channel without known
    spend has no CAC, and `why` says why there is no value.
    """

    channel: str
    cohort: date | None
    customers: float
    cac: float
    so_far: float
    value: float
    payback: Payback | None
    why: Note | None = None

    @property
    def ratio(self) -> float:
        """LTV:CAC; NaN where either is not known or nothing was spent."""
        return self.value / self.cac if self.cac > 0 else math.nan


def payback(value: Floats, cost: float, known: int | None = None) -> Payback:
    """First month whose value per customer up to then reaches the cost. Shape: `value` (months,), cumulative, NaN from where nothing is
    known.

    `known` is how many months are observed; those after are a projection. All of them if not given.
    """
    looked = int((~np.isnan(value)).sum())
    reached = np.flatnonzero(value[:looked] >= cost)
    if not len(reached):
        return Payback(None, looked)
    return Payback(int(reached[0]) + 1, looked, known is not None and bool(reached[0] >= known))


def payback_of_subscription(cost: float, margin: float, churn: float) -> int | None:
    """Month in which a subscription with this margin a month and this churn pays back; None when it never does.

    Cost over margin ignores that customers leave: 6 000 at 900 a month and 8 % churn is 6.7 months by division and 10 in truth.
    """
    if margin <= 0 or not 0 <= churn < 1:
        return None
    if churn == 0:
        return math.ceil(cost / margin)
    left = 1 - cost * churn / margin
    return math.ceil(round(math.log(left) / math.log(1 - churn), 9)) if left > 0 else None


def economics(
    tables: Mapping[str, Triangle], spend: Mapping[tuple[str, date], float], horizon: int = 12, annual_discount: float = 0.0,
) -> tuple[Economics, ...]:
    """Every channel as a whole, followed by its cohorts, oldest first.

    Unit: `spend` money by channel and first day of the month (a missing key is not known, not zero); `horizon` months, the first included.
    NB: a channel as a whole also answers for the months in which it cost money and brought nobody.
    """
    months = sorted({cohort for table in tables.values() for cohort in table.cohorts})
    rows: list[Economics] = []
    for channel, table in tables.items():
        if table.cohorts:
            full, costs = table.completed(), {month: spend.get((channel, month), math.nan) for month in months}
            rows.append(_row(channel, None, table, full, sum(costs.values()), horizon, annual_discount))
            rows += [_row(channel, cohort, table, full, costs[cohort], horizon, annual_discount) for cohort in table.cohorts]
    return tuple(rows)


def _row(channel: str, cohort: date | None, table: Triangle, full: Floats, spent: float, horizon: int, annual: float) -> Economics:
    chosen = np.array([cohort is None or one == cohort for one in table.cohorts])
    customers = float(table.sizes[chosen].sum())
    value = discounted(np.diff(full[chosen], axis=1, prepend=0.0).sum(axis=0) / customers, annual)
    # Months that all of the chosen cohorts have lived through.
    known = int(table.known[chosen].all(axis=0).sum())
    earned = float(np.nansum(table.values[chosen])) / customers
    cost = spent / customers
    why = _why(table, customers, value, known, horizon)
    shown = value if why is None or horizon <= known else value[:known]
    paid = None if math.isnan(cost) else payback(shown[:horizon], cost, known)
    return Economics(channel, cohort, customers, cost, earned, math.nan if why else float(value[horizon - 1]), paid, why)


def _why(table: Triangle, customers: float, value: Floats, known: int, horizon: int) -> Note | None:
    """Why there is no value by the horizon."""
    if horizon <= known:
        return None
    if len(table.cohorts) < COHORTS:
        return because("{n} cohorts are too few to project from; {needed} are needed.", n=len(table.cohorts), needed=COHORTS)
    if customers < FEW:
        return because("{n} customers are too few to project from; {needed} are needed.", n=round(customers), needed=FEW)
    if horizon > len(value) or np.isnan(value[horizon - 1]):
        lived = int((~np.isnan(value)).sum())
        return because("The oldest cohort has been seen for {n} months; {horizon} are asked for.", n=lived, horizon=horizon)
    return None
