"""A business client's long road: a lead, its qualification days later, talks for months, now and then a contract."""

from __future__ import annotations

import numpy as np

from data.demo.arrays import DAY, Floats, Ints, Random
from data.demo.clock import Clock
from data.demo.journeys import Visits, blank, chance, first_success, join, later
from data.demo.people import People
from data.demo.plan import Plan

CALLS = 0.34
QUALIFIED = 0.42
SIGNED = 0.19
"""Share of calls among leads, of qualified leads, and of contracts among the qualified."""


def deal(plan: Plan, clock: Clock, people: People, visits: Visits, random: Random) -> Visits:
    """The same visits with downloads and leads marked, and the visits of the talks that follow added."""
    odds = chance(plan, clock, people, visits)
    luck = random.random(len(visits))
    act = np.where(luck < np.minimum(odds * 4.5, 0.7), plan.act("price"), 0)
    firsts = first_success(visits, luck < odds)
    calls = random.random(len(firsts)) < CALLS
    act[firsts] = np.where(calls, plan.act("call"), plan.act("form"))
    before = Visits(visits.person, visits.at, visits.touch, visits.line, act, visits.value, visits.bounce)
    leads = before.take(firsts)
    # NB: the keener the person, the better the lead, whatever the way of coming.
    good = random.random(len(leads)) < QUALIFIED * np.clip(people.keen[leads.person], 0.4, 1.6)
    return join(before, *_talks(plan, clock, leads.take(good), random))


def _talks(plan: Plan, clock: Clock, leads: Visits, random: Random) -> tuple[Visits, ...]:
    start = clock.day(leads.at)
    qualified = start + random.integers(2, 13, len(leads))
    signed = random.random(len(leads)) < SIGNED
    end = qualified + random.gamma(3.0, 18.0, len(leads)).astype(np.int64) + 8
    meetings = random.poisson(3.2, len(leads))
    which = np.repeat(np.arange(len(leads)), meetings)
    days = start[which] + (random.random(len(which)) * (end - start)[which]).astype(np.int64) + 1
    worth = prices(plan, leads.line, random)
    return (
        _visits(plan, clock, leads, qualified, "qualified", random),
        _visits(plan, clock, leads.take(which), days, "", random),
        _visits(plan, clock, leads.take(signed), end[signed], "contract", random, worth[signed]),
    )


def prices(plan: Plan, line: Ints, random: Random) -> Floats:
    """Contract values in roubles, whole thousands: log-normal by line."""
    middle = np.array([one.price for one in plan.lines])[line]
    spread = np.array([one.spread for one in plan.lines])[line]
    price: Floats = np.maximum(np.round(middle * random.lognormal(0.0, 1.0, len(line)) ** spread, -3), 25_000.0)
    return price


def _visits(
    plan: Plan, clock: Clock, leads: Visits, day: Ints, act: str, random: Random, value: Floats | None = None
) -> Visits:
    inside = (day < clock.length) & (day > clock.day(leads.at))
    leads, day = leads.take(inside), day[inside]
    # Talks happen on working days: weekends move to Monday.
    weekday = (day + clock.epoch + 3) % 7
    day = np.where(weekday > 4, day + 7 - weekday, day)
    at = clock.moment(day, random)
    made = blank(
        plan, leads.person, at, later(plan, clock, day, "loyal", random), leads.line, random, calm=0.0 if act else 0.5,
    )
    money = np.zeros(len(day)) if value is None else value[inside]
    done = Visits(made.person, at, made.touch, made.line, np.full(len(day), plan.act(act)), money, made.bounce)
    return done.take(at < (clock.epoch + clock.length) * DAY)
