"""The customer's own life cycle where nobody signs a contract: new, active, at risk, churned, reactivated; and who moved when.

Silence is measured in the customer's own rhythm: the median gap between purchases once there are three gaps, the median of the whole base
before. States are exhaustive and exclusive, look at nothing after their day, and only a purchase brings anybody back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.batches import Note
from metrics.abstain import because
from metrics.buying.cohorts import Triangle

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OWN_GAPS = 3
"""Gaps from which a customer has a rhythm of their own."""
ACTIVE, AT_RISK = 1.5, 3.0
"""Gaps of silence up to which a customer is active, and at risk; beyond, churned."""
NEEDED = 30
"""Gaps in the base from which its median says anything."""


class State(StrEnum):
    """Of a customer on a day."""

    NEW = "new"
    ACTIVE = "active"
    AT_RISK = "at risk"
    CHURNED = "churned"
    REACTIVATED = "reactivated"


ORDER: tuple[State, ...] = tuple(State)
TITLES = {
    State.NEW: "New", State.ACTIVE: "Active", State.AT_RISK: "At risk", State.CHURNED: "Lost", State.REACTIVATED: "Won back",
}


@dataclass(frozen=True)
class Base:
    """Purchases by customer and day. Shape: `customer` and `day` (purchases,), sorted by both; `names` (customers,).

    Unit: `customer` a place in `names`; `day` days since 1970, once per customer and day; `gap` days, the median of the base, NaN where
    `why` says why it is not known.
    """

    names: NDArray[np.object_]
    customer: Ints
    day: Ints
    gap: float
    why: Note | None = None


def base(days: pd.DataFrame, gap: float | None = None) -> Base:
    """From `purchases.purchase_days`. Shape: customer, day. `gap` fixes the median gap, so that states do not move when data are added."""
    pairs = days[["customer", "day"]].drop_duplicates()
    codes, names = pd.factorize(pairs["customer"], sort=True)
    stamp = pd.DatetimeIndex(pairs["day"]).to_numpy(dtype="datetime64[D]").astype(np.int64)
    order = np.lexsort((stamp, codes))
    customer, day = codes[order].astype(np.int64), stamp[order]
    gaps = np.diff(day)[customer[1:] == customer[:-1]]
    if gap is not None:
        return Base(np.asarray(names, dtype=object), customer, day, gap)
    if len(gaps) < NEEDED:
        why = because("Only {n} repeat purchases: the usual time between them is not known.", n=len(gaps))
        return Base(np.asarray(names, dtype=object), customer, day, float("nan"), why)
    return Base(np.asarray(names, dtype=object), customer, day, float(np.median(gaps)))


def states(people: Base, on: date) -> pd.Series[str]:
    """State of everybody who had bought by the end of the day. Shape: customer -> state; empty where the rhythm of the base is not
    known."""
    codes, state = _states(people, on)
    named = [str(ORDER[place]) for place in state]
    return pd.Series(named, index=pd.Index(people.names[codes], name="customer"), dtype=object, name="state")


def _states(people: Base, on: date) -> tuple[Ints, Ints]:
    """Customers who had bought by the day, and the place of their state in `ORDER`. Shape: (customers,) each."""
    today = int(np.datetime64(on, "D").astype(np.int64))
    known = people.day <= today
    customer, day = people.customer[known], people.day[known]
    if np.isnan(people.gap) or not len(customer):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    last = np.flatnonzero(np.append(customer[1:] != customer[:-1], True))
    first = np.append(0, last[:-1] + 1)
    rhythm = _rhythm(customer, day, first, last, people.gap)
    silent, lived = today - day[last], today - day[first]
    before = np.where(last > first, day[last] - day[np.maximum(last - 1, 0)], 0)
    state = np.select(
        [lived <= rhythm, (before > AT_RISK * rhythm) & (silent <= rhythm), silent <= ACTIVE * rhythm, silent <= AT_RISK * rhythm],
        [ORDER.index(one) for one in (State.NEW, State.REACTIVATED, State.ACTIVE, State.AT_RISK)], ORDER.index(State.CHURNED),
    )
    return customer[last], state.astype(np.int64)


def _rhythm(customer: Ints, day: Ints, first: Ints, last: Ints, usual: float) -> Floats:
    """Median gap of each customer with enough gaps, the base's for the others. Shape: (customers,)."""
    gaps = np.append(np.diff(day), 0)
    # NB: a customer's last purchase has no gap after it; its place is kept and sorted to the end.
    gaps[last] = 1 << 40
    ordered = gaps[np.lexsort((gaps, customer))]
    count = last - first
    middle = (ordered[first + np.maximum(count - 1, 0) // 2] + ordered[first + count // 2]) / 2
    return np.where(count >= OWN_GAPS, middle, usual)


# ---------------------------------------------------------------------------------------------------------------- flows


@dataclass(frozen=True)
class Flow:
    """What happened to the base between the ends of two days. The base are all who are not lost.

    Unit: customers. `new` bought for the first time, `reactivated` were lost and are back, `lapsed` were in the base and are lost. Always
    `end` = `start` + `new` + `reactivated` - `lapsed`. `came_and_went` bought for the first time and are lost already: they touch neither
    end.
    """

    since: date
    until: date
    start: int
    new: int
    reactivated: int
    lapsed: int
    end: int
    came_and_went: int


def flows(people: Base, ends: Sequence[date]) -> tuple[Flow, ...]:
    """Flows between each day and the next. Shape: `ends` ascending, usually the last days of months; one flow fewer."""
    places = [_place(people, end) for end in ends]
    spans = zip(pairwise(ends), pairwise(places), strict=True)
    return tuple(_flow(since, until, before, after) for (since, until), (before, after) in spans)


def transitions(people: Base, since: date, until: date) -> pd.DataFrame:
    """Customers by state at the end of one day and of a later one. Shape: rows "none" (had not bought) and the states, columns the
    states."""
    before, after = _place(people, since), _place(people, until)
    counted = np.zeros((len(ORDER) + 1, len(ORDER)), dtype=np.int64)
    there = after >= 0
    np.add.at(counted, (before[there] + 1, after[there]), 1)
    return pd.DataFrame(counted, index=["none", *map(str, ORDER)], columns=[*map(str, ORDER)])


def _place(people: Base, on: date) -> Ints:
    """Place of each customer's state, -1 for those who had not bought. Shape: (all customers,)."""
    place = np.full(len(people.names), -1)
    codes, state = _states(people, on)
    place[codes] = state
    return place


def _flow(since: date, until: date, before: Ints, after: Ints) -> Flow:
    lost = ORDER.index(State.CHURNED)
    was, was_lost = (before >= 0) & (before != lost), before == lost
    is_, is_lost = (after >= 0) & (after != lost), after == lost
    absent = before < 0
    return Flow(
        since, until, int(was.sum()), int((absent & is_).sum()), int((was_lost & is_).sum()), int((was & is_lost).sum()), int(is_.sum()),
        int((absent & is_lost).sum()),
    )


def month_ends(since: date, until: date) -> tuple[date, ...]:
    """Last days of the months that end from `since` to `until`."""
    return tuple(stamp.date() for stamp in pd.date_range(since, until, freq="ME"))


# ------------------------------------------------------------------------------------------------------------ retention


def retention(table: Triangle) -> Floats:
    """Share of each cohort that bought at each age. Shape: as `table.values`, a triangle of buyers; NaN is "not yet", never zero."""
    return np.asarray(table.values / table.sizes[:, None])


def pooled_retention(table: Triangle) -> Floats:
    """Share that bought at each age over all cohorts old enough: a sum over a sum. Shape: (ages,)."""
    return table.pooled()
