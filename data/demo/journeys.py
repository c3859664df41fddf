"""Journeys: the visits that people make before they decide, how they come again, and in which visit something happens.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from data.demo.arrays import DAY, Bools, Floats, Ints, Random, pick, running_sum, shares
from data.demo.clock import Clock
from data.demo.people import People, availability
from data.demo.plan import Plan
from data.demo.stories import CURVES


@dataclass(frozen=True)
class Visits:
    """One place per visit: the person, the local second, the touch, the line, what happened (place in the plan's
    acts), the money of it, and whether the visit bounced."""

    person: Ints
    at: Ints
    touch: Ints
    line: Ints
    act: Ints
    value: Floats
    bounce: Bools

    def __len__(self) -> int:
        return len(self.person)

    def take(self, places: Ints | Bools) -> Visits:
        return Visits(**{one.name: getattr(self, one.name)[places] for one in fields(self)})

    def in_order(self) -> Visits:
        """By person, then by time."""
        return self.take(np.lexsort((self.at, self.person)))


def join(*parts: Visits) -> Visits:
    """All the visits of all parts, one after another."""
    return Visits(**{one.name: np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Visits)})


def later(plan: Plan, clock: Clock, day: Ints, kind: str, random: Random) -> Ints:
    """Touches by which those who know the site come again on these days. `kind` is "pull" or "loyal", the weight to
    use."""
    weights = np.stack([getattr(touch, kind) * availability(touch, clock) for touch in plan.touches], axis=1)
    return pick(shares(weights), np.clip(day, 0, clock.length - 1), random.random(len(day)))


def order_of_visit(person: Ints) -> Ints:
    """Number of a visit within its person, from 0. `person` must be sorted."""
    starts = np.ones(len(person), dtype=bool)
    starts[1:] = person[1:] != person[:-1]
    first = np.flatnonzero(starts)
    return np.arange(len(person)) - np.repeat(first, np.diff(np.append(first, len(person))))


def prospect(plan: Plan, clock: Clock, people: People, random: Random) -> Visits:
    """The visits of people who have not bought yet, by person and time; nothing has happened in them."""
    count = len(people)
    first = clock.moment(people.day, random)
    more = np.floor(np.log(1 - random.random(count)) / np.log(people.back)).astype(np.int64)
    more = np.minimum(more, plan.journey.most - 1)
    person = np.repeat(np.arange(count), more)
    gap = random.lognormal(np.log(plan.journey.gap), plan.journey.spread, len(person))
    moment = clock.after(people.day[person], running_sum(gap, more))
    at = clock.moment(moment.astype(np.int64), random)
    # NB: the hour is drawn anew, so a visit of the same day could come before the first one; it is put after it.
    early = at <= first[person] + 2_700
    at = np.where(early, first[person] + 2_700 + random.integers(0, 10_000, len(at)), at)
    touch = later(plan, clock, clock.day(at), "pull", random)
    sticks = random.random(len(person)) < plan.journey.stick
    touch = np.where(sticks, people.touch[person], touch)
    every = np.concatenate([np.arange(count), person])
    visits = blank(
        plan, every, np.concatenate([first, at]), np.concatenate([people.touch, touch]), people.line[every], random,
    )
    inside = visits.at < (clock.epoch + clock.length) * DAY
    return visits.take(inside).in_order()


def blank(plan: Plan, person: Ints, at: Ints, touch: Ints, line: Ints, random: Random, calm: float = 1.0) -> Visits:
    """Visits in which nothing happens. `calm` multiplies the touch's bounce share."""
    bounce = random.random(len(person)) < np.array([one.bounce for one in plan.touches])[touch] * calm
    return Visits(person, at, touch, line, np.zeros(len(person), dtype=np.int64), np.zeros(len(person)), bounce)


def chance(plan: Plan, clock: Clock, people: People, visits: Visits) -> Floats:
    """Chance of each visit to convert: of the touch and its story, the line, the device, the place in the journey, the
    person."""
    day = np.clip(clock.day(visits.at), 0, clock.length - 1)
    story = np.stack([touch.rate * CURVES[touch.rate_curve](clock.days, clock.age) for touch in plan.touches])
    number = np.minimum(order_of_visit(visits.person), 2)
    level = plan.journey.rate * story[visits.touch, day] * people.keen[visits.person]
    level = level * np.array([line.rate for line in plan.lines])[visits.line]
    level = level * np.array(plan.journey.by_visit)[number]
    level = level * np.where(people.phone[visits.person], plan.journey.phone_rate, 1.25)
    return np.where(visits.bounce, 0.0, np.minimum(level, 0.6))


def first_success(visits: Visits, success: Bools) -> Ints:
    """Places of each person's first successful visit. `visits` must be in order."""
    places = np.flatnonzero(success)
    _, first = np.unique(visits.person[places], return_index=True)
    return places[first]
