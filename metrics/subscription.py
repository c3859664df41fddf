"""Recurring revenue by month: where it began, what came, grew, came back, shrank and was lost, and where it ended.

A payment covers its term; the next payment of the same customer takes its place. Unit: MRR is money for an average month of 30.4375 days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import pandas as pd

MONTH = 30.4375
"""Days of an average month."""
SHARES = ("nrr", "grr", "customer_churn", "revenue_churn", "quick", "arpa")
"""What a month tells beyond its sums."""


@dataclass(frozen=True)
class Month:
    """Recurring revenue from one month's end to the next, and the customers behind it.

    `start + new + expansion + reactivation - contraction - churned = end`; the same of people: `base + came + back - lost = paying`.
    Unit: money of MRR, people; `nrr`, `grr` and both churns are shares of the start, `quick` what was won and grew over what shrank and
    was lost, `arpa` money per customer; None where there is nothing to divide by.
    Source: NRR and GRR over the customers of the start, as in SaaS reporting.
    """

    until: date
    start: float
    new: float
    expansion: float
    reactivation: float
    contraction: float
    churned: float
    end: float
    base: int
    came: int
    back: int
    lost: int
    paying: int

    @property
    def nrr(self) -> float | None:
        return _over(self.start + self.expansion - self.contraction - self.churned, self.start)

    @property
    def grr(self) -> float | None:
        return _over(self.start - self.contraction - self.churned, self.start)

    @property
    def customer_churn(self) -> float | None:
        return _over(self.lost, self.base)

    @property
    def revenue_churn(self) -> float | None:
        return _over(self.contraction + self.churned, self.start)

    @property
    def quick(self) -> float | None:
        return _over(self.new + self.expansion, self.contraction + self.churned)

    @property
    def arpa(self) -> float | None:
        return _over(self.end, self.paying)


def _over(over: float, under: float) -> float | None:
    return over / under if under > 0 else None


def months(payments: pd.DataFrame, ends: Sequence[date], grace: int) -> list[Month]:
    """A month for each pair of neighbouring ends.

    Shape: payments have customer, day (datetime64), amount, term (days), a row per customer and day. Unit: `grace` days that a payment may
    be late without the customer being lost.
    """
    rows = payments[payments["amount"] > 0].sort_values(["customer", "day"], kind="stable")
    rate = (rows["amount"] * MONTH / rows["term"]).round(2)
    runs_out = rows["day"] + pd.to_timedelta(rows["term"] + grace, unit="D")
    following = rows.groupby("customer")["day"].shift(-1)
    ends_at = runs_out.where(~(following < runs_out), following)
    first = rows.groupby("customer")["day"].min()

    def paid(at: date) -> pd.Series[float]:
        day = pd.Timestamp(at)
        there = (rows["day"] <= day) & (ends_at > day)
        return pd.Series(rate[there].to_numpy(), index=rows.loc[there, "customer"], dtype="float64")

    levels = [paid(end) for end in ends]
    pairs = zip(pairwise(levels), pairwise(ends), strict=True)
    return [_month(before, after, first, last, until) for (before, after), (last, until) in pairs]


def _month(before: pd.Series[float], after: pd.Series[float], first: pd.Series[pd.Timestamp], last: date, until: date) -> Month:
    both = pd.DataFrame({"before": before, "after": after}).fillna(0.0)
    born = first.reindex(both.index) > pd.Timestamp(last)
    change = both["after"] - both["before"]
    came, gone = both["before"] == 0, both["after"] == 0
    stayed = ~came & ~gone
    return Month(
        until,
        start=float(before.sum()),
        new=float(change[came & born].sum()),
        expansion=float(change[stayed & (change > 0)].sum()),
        reactivation=float(change[came & ~born].sum()),
        contraction=float(-change[stayed & (change < 0)].sum()),
        churned=float(-change[gone].sum()),
        end=float(after.sum()),
        base=len(before),
        came=int((came & born).sum()),
        back=int((came & ~born).sum()),
        lost=int(gone.sum()),
        paying=len(after),
    )
