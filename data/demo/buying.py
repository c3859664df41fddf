"""A shop's customers: the first order ends a journey, further ones come at each buyer's own pace.

Repeat orders follow the story behind the BG/NBD model: a gamma-distributed rate per buyer, a beta-distributed chance
to leave after every order, all in seasonal time. So cohorts, recency-frequency tables and lifetime models find in the
files what they look for.
"""

from __future__ import annotations

import numpy as np

from data.demo.arrays import Floats, Ints, Random, pick, shares
from data.demo.clock import Clock
from data.demo.journeys import Visits, blank, chance, first_success, join, later
from data.demo.people import People, appetite
from data.demo.plan import Plan

RATE_SHAPE, RATE_MEAN = 0.8, 1 / 115
LEAVE_A, LEAVE_B = 1.5, 1.7
MOST_ORDERS = 40
LOOKS = 2.6
"""Visits without an order that surround a repeat order."""
INFLATION = 1.09
"""Prices grow so many times a year."""


def buy(plan: Plan, clock: Clock, people: People, visits: Visits, random: Random) -> Visits:
    """The same visits with carts, checkouts and first orders marked, and the buyers' later visits added."""
    odds = chance(plan, clock, people, visits)
    luck = random.random(len(visits))
    act = np.where(luck < np.minimum(odds * 3.4, 0.8), plan.act("cart"), 0)
    act = np.where(luck < np.minimum(odds * 1.6, 0.7), plan.act("checkout"), act)
    firsts = first_success(visits, luck < odds)
    # Whoever had bought already only looks around: later orders come from the buyer's own pace.
    act = np.where(luck < odds, plan.act("cart"), act)
    act[firsts] = plan.act("order")
    value = np.zeros(len(visits))
    value[firsts] = prices(plan, clock, visits.line[firsts], visits.at[firsts], random)
    before = Visits(visits.person, visits.at, visits.touch, visits.line, act, value, visits.bounce)
    orders = _again(plan, clock, before.take(firsts), random)
    return join(before, orders, _browse(plan, clock, orders, random))


def prices(plan: Plan, clock: Clock, line: Ints, at: Ints, random: Random) -> Floats:
    """Order values in roubles, whole tens: log-normal by line, growing with prices."""
    middle = np.array([one.price for one in plan.lines])[line]
    spread = np.array([one.spread for one in plan.lines])[line]
    years = clock.years[np.clip(clock.day(at), 0, clock.length - 1)]
    drawn = middle * INFLATION ** years * random.lognormal(0.0, 1.0, len(line)) ** spread
    price: Floats = np.maximum(np.round(drawn, -1), 290.0)
    return price


def _again(plan: Plan, clock: Clock, firsts: Visits, random: Random) -> Visits:
    rate = random.gamma(RATE_SHAPE, RATE_MEAN / RATE_SHAPE, len(firsts))
    leave = random.beta(LEAVE_A, LEAVE_B, len(firsts))
    person, day = firsts.person, clock.day(firsts.at)
    people, days = [], []
    for _ in range(MOST_ORDERS):
        stay = random.random(len(person)) >= leave
        person, day, rate, leave = person[stay], day[stay], rate[stay], leave[stay]
        moment = clock.after(day, 1.0 + random.exponential(1.0, len(person)) / np.maximum(rate, 1e-9))
        inside = moment < clock.length
        person, rate, leave, day = person[inside], rate[inside], leave[inside], moment[inside].astype(np.int64)
        people.append(person)
        days.append(day)
    who, when = np.concatenate(people), np.concatenate(days)
    at = clock.moment(when, random)
    weights = np.stack([line.again * appetite(line, clock) for line in plan.lines], axis=1)
    line = pick(shares(weights), when, random.random(len(when)))
    visits = blank(plan, who, at, later(plan, clock, when, "loyal", random), line, random, calm=0.0)
    value = prices(plan, clock, line, at, random)
    return Visits(who, at, visits.touch, line, np.full(len(who), plan.act("order")), value, visits.bounce)


def _browse(plan: Plan, clock: Clock, orders: Visits, random: Random) -> Visits:
    """Visits in the days before a repeat order."""
    looks = random.poisson(LOOKS, len(orders))
    person = np.repeat(orders.person, looks)
    day = np.repeat(clock.day(orders.at), looks) - random.integers(1, 9, len(person))
    line = np.repeat(orders.line, looks)
    known = day >= 0
    person, day, line = person[known], day[known], line[known]
    at = clock.moment(day, random)
    visits = blank(plan, person, at, later(plan, clock, day, "loyal", random), line, random, calm=0.5)
    cart = (random.random(len(person)) < 0.2) & ~visits.bounce
    return Visits(person, at, visits.touch, line, np.where(cart, plan.act("cart"), 0), visits.value, visits.bounce)
