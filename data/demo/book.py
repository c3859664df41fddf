"""A client's finished book of visits: everything that the files of that client are written from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.demo.arrays import DAY, Bools, Floats, Ids, Ints, Random, pick, shares
from data.demo.buying import buy
from data.demo.channels import broken
from data.demo.clock import Clock
from data.demo.dealing import deal
from data.demo.journeys import Visits, order_of_visit, prospect
from data.demo.people import People, arrive
from data.demo.plan import Plan, Source
from data.demo.stories import SPAN, TAGS_LOST
from data.demo.subscribing import subscribe

LIVES = {"shop": buy, "leads": deal, "subscription": subscribe}
QUIET = 1_800
"""Seconds without action after which Metrica begins another visit."""


@dataclass(frozen=True)
class Book:
    """One place per visit, by time. `own`, `last` and `first` are places in `sources`: how the visit really came, and
    whom the last-significant and the first attribution credit. `day` counts shown days from 0."""

    sources: tuple[Source, ...]
    visits: Visits
    day: Ints
    own: Ints
    last: Ints
    first: Ints
    new: Bools
    pages: Ints
    seconds: Ints
    home: Bools
    visit: Ints
    visitor: Ids
    city: Ints
    device: Ints


def fill(plan: Plan, clock: Clock, random: Random, scale: float) -> Book:
    """Live through all the days of one client."""
    people = arrive(plan, clock, random, scale)
    visits = LIVES[plan.model](plan, clock, people, prospect(plan, clock, people, random), random)
    visits = _apart(visits.in_order())
    sources, own = _sources(plan, clock, people, visits, random)
    number = order_of_visit(visits.person)
    last, first = _credit(sources, own, number)
    born = visits.at[np.arange(len(visits)) - number]
    shown = np.flatnonzero(clock.day(visits.at) >= clock.shown)
    shown = shown[np.argsort(visits.at[shown], kind="stable")]
    kept = visits.take(shown)
    pages, seconds = _behaviour(kept, random)
    homes = np.array([touch.home for touch in plan.touches])[kept.touch]
    return Book(
        sources=sources,
        visits=kept,
        day=clock.day(kept.at) - clock.shown,
        own=own[shown],
        last=last[shown],
        first=first[shown],
        new=number[shown] == 0,
        pages=pages,
        seconds=seconds,
        home=random.random(len(kept)) < homes,
        visit=random.integers(10**16, 9 * 10**18, len(kept)),
        visitor=_cookies(plan, visits.person, born, len(people), random)[shown],
        city=people.city[kept.person],
        device=people.device[kept.person],
    )


def _apart(visits: Visits) -> Visits:
    """Without the visits that would be the continuation of the one before; those in which something happened stay."""
    near = np.zeros(len(visits), dtype=bool)
    near[1:] = (np.diff(visits.at) < QUIET + 900) & (visits.person[1:] == visits.person[:-1])
    return visits.take(~near | (visits.act > 0))


def _sources(
    plan: Plan, clock: Clock, people: People, visits: Visits, random: Random,
) -> tuple[tuple[Source, ...], Ints]:
    """The client's sources, and the place in them by which each visit came. The story of the lost tags is told here."""
    sources = tuple(source for touch in plan.touches for source in touch.sources)
    offset = np.cumsum([0, *(len(touch.sources) for touch in plan.touches)])
    width = max(len(touch.sources) for touch in plan.touches)
    weights = np.zeros((2 * len(plan.touches), width))
    for place, touch in enumerate(plan.touches):
        weights[2 * place, : len(touch.sources)] = [source.weight for source in touch.sources]
        weights[2 * place + 1, : len(touch.sources)] = [source.phone_weight for source in touch.sources]
    row = 2 * visits.touch + people.phone[visits.person]
    own = offset[visits.touch] + pick(shares(weights), row, random.random(len(visits)))
    if plan.mistags:
        age = clock.age[clock.day(visits.at)]
        campaigns = np.array([bool(source.campaign_id) for source in sources])
        hit = np.flatnonzero(campaigns[own] & (age <= TAGS_LOST[0]) & (age >= TAGS_LOST[1]))
        table = shares(np.array([[source.weight for source in broken()]]))
        own[hit] = len(sources) + pick(table, np.zeros(len(hit), dtype=np.int64), random.random(len(hit)))
        sources = (*sources, *broken())
    return sources, own


def _credit(sources: tuple[Source, ...], own: Ints, number: Ints) -> tuple[Ints, Ints]:
    """Last significant and first source of every visit. Visits are by person and time; `number` is from 0 in each."""
    place = np.arange(len(own))
    start = place - number
    significant = np.array([source.significant for source in sources])[own]
    latest = np.maximum.accumulate(np.where(significant, place, -1))
    return own[np.where(latest >= start, latest, place)], own[start]


def _behaviour(visits: Visits, random: Random) -> tuple[Ints, Ints]:
    """Page views and seconds of every visit. A bounce is one page and less than fifteen seconds."""
    count = len(visits)
    acted = visits.act > 0
    pages = 1 + random.geometric(0.32, count) - (random.random(count) < 0.3)
    pages = np.where(acted, pages + 2, pages)
    pages = np.where(visits.bounce, 1, pages)
    long = 15 + pages * random.lognormal(3.45, 0.75, count)
    brief = np.where(random.random(count) < 0.7, 0, random.integers(1, 15, count))
    seconds = np.where(visits.bounce, brief, long).astype(np.int64)
    return pages, np.minimum(seconds, DAY // 4)


def _cookies(plan: Plan, person: Ints, born: Ints, count: int, random: Random) -> Ids:
    """Visitor ids as the counter makes them: the second of the first visit, then a random number below 2^30.

    NB: written one after another, not added. With a random part of ten digits the id does not fit a signed number.
    """
    tail = random.integers(1, 2**30, count)[person].astype(np.uint64)
    second = (born - plan.utc_hours * 3600).astype(np.uint64)
    # From June 2028 such ids would not fit the unsigned kind either.
    tail = np.where((tail >= 10**9) & (second >= 1_844_000_000), tail // np.uint64(10), tail)
    digits = np.floor(np.log10(tail.astype(np.float64) + 0.5)).astype(np.uint64) + np.uint64(1)
    ids: Ids = second * np.uint64(10) ** digits + tail
    return ids


def by_day(book: Book, chosen: Bools, weights: Floats | None = None) -> Floats:
    """Sums of the chosen visits (or of their weights) for every shown day. Shape: SPAN places."""
    part = None if weights is None else weights[chosen]
    return np.bincount(book.day[chosen], weights=part, minlength=SPAN).astype(np.float64)
