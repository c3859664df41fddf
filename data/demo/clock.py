"""The days of the simulation: a warm-up that no file shows, then two years that end with the last day.

The season is built into the clock. Things that happen "every so many days" are drawn in seasonal time, where every day
weighs as much as its demand, and are then put on the calendar: peaks, weekends and holidays come out by themselves,
for any process.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from data.demo import season
from data.demo.arrays import DAY, Days, Floats, Ints, Random
from data.demo.plan import Plan
from data.demo.stories import SPAN


@dataclass(frozen=True)
class Clock:
    """Shape: one place per simulated day in `days`, `age` (days before the last), `demand`; `elapsed` has one more,
    from 0."""

    days: Days
    age: Floats
    demand: Floats
    elapsed: Floats
    shown: int
    hours: Floats

    @property
    def length(self) -> int:
        return len(self.days)

    @property
    def epoch(self) -> int:
        """Number of the first simulated day, counted from 1970."""
        return int(self.days[0].astype(np.int64))

    @property
    def years(self) -> Floats:
        """Years since the first shown day; negative in the warm-up."""
        return (SPAN - 1 - self.age) / 365.25

    def after(self, day: Ints, gap: Floats) -> Floats:
        """The moment that lies `gap` days of seasonal time after noon of `day`. Unit: days of the simulation; may
        exceed its end."""
        start = np.interp(day + 0.5, np.arange(self.length + 1), self.elapsed)
        target = start + gap
        over = np.maximum(target - self.elapsed[-1], 0.0)
        moment: Floats = np.interp(target, self.elapsed, np.arange(self.length + 1)) + over
        return moment

    def moment(self, day: Ints, random: Random) -> Ints:
        """A second of the day by the client's hours. Unit: local seconds since 1970."""
        hour = np.searchsorted(np.cumsum(self.hours) / self.hours.sum(), random.random(len(day)), side="right")
        within = np.minimum(hour, 23) * 3600 + random.integers(0, 3600, len(day))
        at: Ints = (self.epoch + day) * DAY + within
        return at

    def day(self, at: Ints) -> Ints:
        """Day of the simulation of local seconds."""
        day: Ints = at // DAY - self.epoch
        return day


def make(plan: Plan, until: date) -> Clock:
    """The clock of one client."""
    length = plan.warm_up + SPAN
    last = np.datetime64(until, "D")
    days = last - np.arange(length - 1, -1, -1)
    demand = season.demand(plan.season, days)
    elapsed = np.concatenate([[0.0], np.cumsum(demand)])
    age = np.arange(length - 1, -1, -1).astype(np.float64)
    return Clock(days, age, demand, elapsed, plan.warm_up, season.HOURS[plan.hours])
