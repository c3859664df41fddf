"""Subscribers: a trial, for some a payment after a week, then month after month until they leave; and lessons in
between.

The chance to leave differs between people (beta-distributed), so the survivors are loyal: the story behind the shifted
beta-geometric model.
"""

from __future__ import annotations

import numpy as np

from data.demo.arrays import DAY, Bools, Floats, Ints, Random
from data.demo.clock import Clock
from data.demo.journeys import Visits, blank, chance, first_success, join, later
from data.demo.people import People
from data.demo.plan import Plan

TRIAL_DAYS = 7
PAYING = 0.41
YEARLY = 0.16
LEAVE_A, LEAVE_B = 0.9, 4.6
LESSONS_A_WEEK = 0.62
MONTH = 30.44
YEAR_PRICE = 8.0
"""Months that the yearly tariff costs."""


def subscribe(plan: Plan, clock: Clock, people: People, visits: Visits, random: Random) -> Visits:
    """The same visits with registrations and trials marked, and the visits of trialists and subscribers added."""
    odds = chance(plan, clock, people, visits)
    luck = random.random(len(visits))
    act = np.where(luck < np.minimum(odds * 2.1, 0.8), plan.act("register"), 0)
    firsts = first_success(visits, luck < odds)
    act[firsts] = plan.act("trial")
    before = Visits(visits.person, visits.at, visits.touch, visits.line, act, visits.value, visits.bounce)
    trials = before.take(firsts)
    pays = random.random(len(trials)) < PAYING * np.clip(0.6 + 0.4 * people.keen[trials.person], 0.4, 1.5)
    subscribers = trials.take(pays)
    start = clock.day(subscribers.at) + TRIAL_DAYS
    yearly = random.random(len(subscribers)) < YEARLY
    terms = _terms(yearly, random)
    stay = terms.astype(np.float64) * np.where(yearly, 12 * MONTH, MONTH)
    return join(
        before,
        _lessons(plan, clock, trials, clock.day(trials.at) + 1, np.full(len(trials), float(TRIAL_DAYS)), random),
        _payments(plan, clock, subscribers, start, yearly, terms, random),
        _lessons(plan, clock, subscribers, start, stay, random),
    )


def _terms(yearly: Bools, random: Random) -> Ints:
    """How many times a subscriber pays: geometric, with the chance to leave of the person's own."""
    leave = random.beta(LEAVE_A, LEAVE_B, len(yearly))
    leave = np.clip(np.where(yearly, leave * 2.2, leave), 0.02, 0.95)
    return random.geometric(leave).astype(np.int64)


def _payments(
    plan: Plan, clock: Clock, subscribers: Visits, start: Ints, yearly: Bools, terms: Ints, random: Random
) -> Visits:
    step = np.where(yearly, 12 * MONTH, MONTH)
    # Nobody's payments beyond the last day are needed.
    most = np.minimum(terms, np.maximum((clock.length - start) / step, 0).astype(np.int64) + 1)
    who = np.repeat(np.arange(len(subscribers)), most)
    number = np.arange(len(who)) - np.repeat(np.cumsum(most) - most, most)
    day = start[who] + (number * step[who]).astype(np.int64)
    inside = day < clock.length
    who, number, day = who[inside], number[inside], day[inside]
    person, line = subscribers.person[who], subscribers.line[who]
    at = clock.moment(day, random)
    made = blank(plan, person, at, later(plan, clock, day, "loyal", random), line, random, calm=0.0)
    act = np.where(number == 0, plan.act("pay"), plan.act("renew"))
    return Visits(person, at, made.touch, line, act, _prices(plan, clock, line, day, yearly[who]), made.bounce)


def _prices(plan: Plan, clock: Clock, line: Ints, day: Ints, yearly: Bools) -> Floats:
    month = np.array([one.price for one in plan.lines])[line]
    # The price list was raised once, a year before the last day.
    month = np.where(clock.age[day] > 365, month - 100.0, month)
    return np.where(yearly, month * YEAR_PRICE, month)


def _lessons(plan: Plan, clock: Clock, who: Visits, start: Ints, lasts: Floats, random: Random) -> Visits:
    """Visits to learn, at each person's own pace, in `lasts` days from `start`."""
    stays = np.clip(np.minimum(lasts, clock.length - start), 0.0, None)
    pace = random.gamma(0.9, LESSONS_A_WEEK / 0.9, len(who)) / 7
    times = random.poisson(pace * stays)
    which = np.repeat(np.arange(len(who)), times)
    day = (start[which] + random.random(len(which)) * stays[which]).astype(np.int64)
    inside = day < clock.length
    which, day = which[inside], day[inside]
    at = clock.moment(day, random)
    touch = later(plan, clock, day, "loyal", random)
    made = blank(plan, who.person[which], at, touch, who.line[which], random, calm=0.35)
    return made.take(at < (clock.epoch + clock.length) * DAY)
