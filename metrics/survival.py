"""The middle of a length of time that is not over yet for some rows: how long deals take, those still open not left out.

Leaving open deals out makes every cycle look short, because the slow ones are those still open. So each deal counts for as long as it
has been watched: a won or lost one ends on its day, an open one has lasted until the last day that the orders know of. The median is the
age by which half of all that will be won has been won. Without lost deals this is Kaplan and Meier's curve; taking lost deals for open
ones, as that curve would, doubles the cycle where most are lost.

Source: Kaplan & Meier 1958; with two ways to end, Aalen & Johansen 1978.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

WON, LOST = "paid", "cancelled"
_UNDATED = 20
"""One in so many wins may lack the day on which it was won; with more of them the answer would be too long, so there is none."""
_NEVER = -1000.0
"""Logarithm of the chance to stay open past a day on which everything that was left ended."""
_OPEN = 0.2
"""With more than this chance of a deal to be open still at the greatest age that was watched, nobody knows where the middle is."""


def columns(rows: ir.Table, day: ir.DateValue, last: ir.DateScalar) -> dict[str, ir.Value]:
    """How long each row has been watched, and how that ended. Shape: `age` in days (null where its end is not known), `over`, `won` and
    `undated` as 0 or 1. `last` is the last day that the rows know of."""
    began = rows.lead_day.fill_null(day)
    won, over = rows.status == WON, rows.status.isin([WON, LOST])
    age = ibis.ifelse(over, rows.closed_day, last).delta(began, unit="day")
    return {
        "age": ibis.greatest(age, 0), "over": over.cast("int64"), "won": won.cast("int64"),
        "undated": (won & rows.closed_day.isnull()).cast("int64"),
    }


def last_day(orders: ir.Table) -> ir.DateScalar:
    """The last day that the orders know of."""
    known = ibis.greatest(orders.day, orders.closed_day.fill_null(orders.day), orders.lead_day.fill_null(orders.day))
    return orders.aggregate(last=known.max()).as_scalar()


def median(rows: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Shape: rows have `keys` and `columns`; out one row per key, v0 the median in days, null where it is not known."""
    by = list(keys)
    dated = rows.filter(rows.age.notnull())
    ages = dated.group_by([*by, "age"]).aggregate(ended=dated.over.sum(), won=dated.won.sum(), watched=dated.count())
    at_risk = ages.mutate(left=ages.watched.sum().over(ibis.cumulative_window(group_by=by, order_by=ibis.desc("age"))))
    stay = ibis.ifelse(at_risk.ended == at_risk.left, _NEVER, (1 - at_risk.ended / ibis.greatest(at_risk.left, at_risk.ended + 1)).ln())
    stepped = at_risk.mutate(stay=stay)
    since = ibis.cumulative_window(group_by=by, order_by="age")
    before = (stepped.stay.sum().over(since) - stepped.stay).exp()
    fresh = stepped.mutate(share=before * stepped.won / stepped.left)
    running = fresh.mutate(come=fresh.share.sum().over(since), all=fresh.share.sum().over(ibis.window(group_by=by)))
    reached = running.group_by(by).aggregate(
        median=running.age.min(where=(running.come >= running["all"] / 2 - 1e-9) & (running["all"] > 0)),
        settled=running.stay.sum().exp() <= _OPEN + 1e-9,
    )
    sound = rows.group_by(by).aggregate(sound=rows.undated.sum() * _UNDATED <= rows.won.sum())
    joined = sound.left_join(reached, by)
    known = joined.sound & joined.settled.fill_null(False)
    return joined.select(*(joined[key] for key in by), v0=ibis.ifelse(known, joined.median, ibis.null("int64")).cast("float64"))
