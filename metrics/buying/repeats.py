"""What a buying model sees of customers: repeats, when the last one was, and how long ago they came. Alike customers are counted once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WEEK = 7.0


@dataclass(frozen=True)
class Repeats:
    """Customers by buying pattern. Shape: all arrays (patterns,).

    Unit: `repeats` purchases after the first, at most one a day; `last` and `age` time from the first purchase to the last one and to now
    (weeks, unless made otherwise); `customers` how many have the pattern.
    """

    repeats: Floats
    last: Floats
    age: Floats
    customers: Floats

    @cached_property
    def levels(self) -> tuple[Floats, Ints]:
        """The distinct numbers of repeats, and the place of each pattern's number among them."""
        return np.unique(self.repeats, return_inverse=True)

    @property
    def total(self) -> float:
        return float(self.customers.sum())

    @property
    def repeaters(self) -> float:
        """Customers with at least one repeat."""
        return float(self.customers[self.repeats > 0].sum())

    def median_gap(self) -> float:
        """Median over repeaters of their mean time between purchases; NaN without any."""
        some = (self.repeats > 0) & (self.customers > 0)
        if not some.any():
            return float("nan")
        gaps = self.last[some] / self.repeats[some]
        order = np.argsort(gaps)
        running = np.cumsum(self.customers[some][order])
        return float(gaps[order][np.searchsorted(running, running[-1] / 2)])

    def sample(self, random: np.random.Generator, most: int) -> Repeats:
        """As many customers as there are, but not more than `most`, drawn with replacement."""
        size = int(min(self.total, most))
        return self.held_by(random.multinomial(size, self.customers / self.total).astype(np.float64))

    def held_by(self, customers: Floats) -> Repeats:
        """The same patterns held by other numbers of customers; those that nobody holds are left out."""
        some = customers > 0
        return Repeats(self.repeats[some], self.last[some], self.age[some], customers[some])


def repeats_of(frame: pd.DataFrame, unit_days: float = WEEK) -> Repeats:
    """From `purchases.alike` or `purchases.buyers`. Shape: repeats, lived and age in days; customers where rows stand for several."""
    counted = frame["customers"] if "customers" in frame.columns else pd.Series(1.0, index=frame.index)
    repeats, lived, age, customers = (
        np.asarray(column, dtype=np.float64) for column in (frame["repeats"], frame["lived"], frame["age"], counted)
    )
    return Repeats(repeats, lived / unit_days, age / unit_days, customers)


def repeats_until(days: pd.DataFrame, until: pd.Timestamp, unit_days: float = WEEK) -> Repeats:
    """From one row per customer and purchase day, as known on `until`. Shape: customer, day; rows after `until` are not looked at."""
    known = days[days["day"] <= until]
    per = known.groupby("customer")["day"].agg(["min", "max", "nunique"])
    frame = pd.DataFrame({"repeats": per["nunique"] - 1, "lived": (per["max"] - per["min"]).dt.days, "age": (until - per["min"]).dt.days})
    return repeats_of(frame.groupby(["repeats", "lived", "age"], as_index=False).size().rename(columns={"size": "customers"}), unit_days)
