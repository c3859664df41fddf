"""How much of what a day will bring has come by now: requests turn into payments for weeks, so young days always look poor.

The share that has come by each age is learnt from the client's own deals: how long each has been watched, and how that ended. Open deals
count as not won so far (see `metrics.survival`), so young cohorts teach as much as they can and no more.

Source: Aalen & Johansen 1978; completion of a cohort as in chain-ladder claims reserving (Mack 1993).
"""

from __future__ import annotations

from functools import lru_cache

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from data.batches import Note
from data.tables import ORDERS
from metrics import survival
from metrics.ledger import table
from metrics.plan import Plan
from metrics.registry import METRICS
from metrics.statements import Run, Statement

Floats = NDArray[np.float64]

RIPE, TOO_YOUNG = 0.95, 0.5
"""Share of what is to come from which days are taken as complete, and under which no figure is reckoned from them."""
ENOUGH = 30
"""Wins that a completion curve is learnt from, and deals that must have been watched up to its end."""
_LATE = "paid_orders"


def notes(planned: Plan, run: Run) -> list[Note]:
    """That the asked days are too young to be judged by what was paid; nothing where they are ripe, or nobody can know."""
    asked = [key for key in planned.scope.query.metrics if _LATE in METRICS[key].measures]
    if not asked or _LATE not in planned.total.picks:
        return []
    found = Statement(_ages(planned.scope.orders)).answer(run)
    curve = completion(*(found[name].to_numpy(dtype="float64") for name in ("age", "ended", "won", "watched")))
    last = found["known"].max() if len(found) else None
    if curve is None or last is None:
        return []
    asked_days = np.array(sorted(planned.scope.asked(planned.scope.now)))
    ages = last.toordinal() - asked_days
    come = float(np.mean(curve[np.clip(ages[ages >= 0], 0, len(curve) - 1)])) if (ages >= 0).any() else 1.0
    if come >= RIPE:
        return []
    facts = {"percent": round(100 * come), "times": f"{1 / come:.2f}" if come > 0 else ""}
    if come < TOO_YOUNG:
        return [Note("maturity", "Paid orders: only about {percent} % of what these days will bring has been paid by now, too little to "
                     "judge them.", facts)]
    return [Note("maturity", "Paid orders: about {percent} % of what these days will bring has been paid by now; in the end expect about "
                 "{times} times as many.", facts)]


def completion(age: Floats, ended: Floats, won: Floats, watched: Floats) -> Floats | None:
    """Share of all wins to come that have come by an age in days; None where too few have been won.

    Shape: all (ages,), one row per age at which deals were last watched: how many, how many of those ended then and were won; out (days,).
    """
    if not len(age) or won.sum() < ENOUGH:
        return None
    order = np.argsort(age)
    days, over, wins, left = age[order].astype(int), ended[order], won[order], np.cumsum(watched[order][::-1])[::-1]
    # NB: the tail rests on a handful of old deals, one of which would make the curve jump.
    known = left >= ENOUGH
    if not known.any():
        return None
    days, over, wins, left = days[known], over[known], wins[known], left[known]
    still_open = np.cumprod(np.r_[1.0, 1 - over / left])[:-1]
    gone = np.cumsum(still_open * wins / left)
    if not gone[-1] > 0:
        return None
    place = np.searchsorted(days, np.arange(days[-1] + 1), side="right") - 1
    found: Floats = np.where(place >= 0, gone[np.maximum(place, 0)], 0.0) / gone[-1]
    return found


@lru_cache(maxsize=64)
def _ages(account: str) -> ir.Table:
    """Shape: age, ended, won, watched, known (the last day of the orders): how many deals were last watched at an age, how many of them
    ended then, and how many of those were won."""
    orders = table(ORDERS.name)
    mine = orders.filter(orders.account == account, orders.status.notin(["spam", ""]), orders.orders > 0)
    last = survival.last_day(orders.filter(orders.account == account))
    dealt = mine.select(**survival.columns(mine, mine.day, last), known=ibis.greatest(last, mine.day))
    dated = dealt.filter(dealt.age.notnull())
    return dated.group_by("age").aggregate(ended=dated.over.sum(), won=dated.won.sum(), watched=dated.count(), known=dated.known.max())
