"""What the paid touches cost: clicks a little above the visits they brought, prices that drift and follow the stories.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from data.demo import season
from data.demo.arrays import Days, Floats, Ints, Random
from data.demo.book import Book, by_day
from data.demo.clock import Clock
from data.demo.plan import Plan, Touch
from data.demo.stories import CURVES, SPAN

CLICKS_OVER_VISITS = 1.09
_VAT_CHANGED = np.datetime64(date(2026, 1, 1))


@dataclass(frozen=True)
class Spend:
    """Money of one touch. Shape: one place per shown day. Unit of `cost`: roubles net of VAT, not rounded."""

    touch: Touch
    cost: Floats
    clicks: Floats
    impressions: Floats
    conversions: Floats
    bounced: Floats
    pages: Floats
    visits: Floats


def vat_rate(days: Days) -> Floats:
    """Russian VAT of each day: 20 %, since 1 January 2026 22 %."""
    return np.where(days >= _VAT_CHANGED, 0.22, 0.20)


def account(plan: Plan, clock: Clock, book: Book, random: Random) -> Mapping[str, Spend]:
    """Spend of every paid touch, by its key."""
    return {touch.key: _of(plan, clock, book, touch, random) for touch in plan.touches if touch.paid}


def _of(plan: Plan, clock: Clock, book: Book, touch: Touch, random: Random) -> Spend:
    paid = touch.paid
    assert paid is not None
    mine = book.visits.touch == plan.touch(touch.key)
    goals = {act for goal in plan.goals if goal.id in plan.key_goals for act in goal.acts}
    won = mine & np.isin(book.visits.act, [plan.act(act) for act in goals])
    visits = by_day(book, mine)
    clicks = visits + random.poisson(visits * (CLICKS_OVER_VISITS - 1))
    days, age = clock.days[clock.shown :], clock.age[clock.shown :]
    price = paid.cpc * paid.inflation ** ((SPAN - 1 - age) / 365.25) * CURVES[paid.curve](days, age)
    # Auctions are dearer when everybody sells.
    price = price * clock.demand[clock.shown :] ** 0.15 * random.lognormal(0.0, 0.06, SPAN)
    impressions = np.round(clicks / paid.ctr * random.lognormal(0.0, 0.08, SPAN))
    # Campaigns are shown also on days on which nobody clicks.
    idle = (clicks == 0) & (by_week(days, visits) > 0)
    impressions = np.where(idle, random.poisson(0.6 / paid.ctr, SPAN), impressions)
    cost = clicks * price
    if paid.weekly:
        cost, clicks, impressions = (_on_tuesdays(days, part) for part in (cost, clicks, impressions))
    return Spend(touch, cost, clicks, impressions, by_day(book, won), by_day(book, mine & book.visits.bounce),
                 by_day(book, mine, book.pages.astype(np.float64)), visits)


def by_week(days: Days, values: Floats) -> Floats:
    """The sum of each day's week (Monday to Sunday), on each of its days."""
    week = _week(days)
    total: Floats = np.bincount(week, weights=values).astype(np.float64)[week]
    return total


def _week(days: Days) -> Ints:
    first = days.astype(np.int64) - season.weekdays(days)
    weeks: Ints = (first - first[0]) // 7
    return weeks


def _on_tuesdays(days: Days, values: Floats) -> Floats:
    total = by_week(days, values)
    booked = np.where(season.weekdays(days) == 1, total, 0.0)
    if season.weekdays(days[:1])[0] > 1:
        # The first week has no Tuesday of its own here.
        booked[0] = total[0]
    if season.weekdays(days[-1:])[0] < 1:
        booked[-1] = total[-1]
    return booked
