"""Models of single customers as a reading: what they expect, how they did on held-out months, and why they are not shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from data.batches import Note
from metrics.abstain import because
from metrics.buying import bgnbd, purchases
from metrics.buying.cohorts import Triangle, monthly
from metrics.buying.repeats import WEEK, repeats_of
from metrics.lifetime import MONTH, Buying, HeldOut, buying, held_out, staying, subscription, too_thin, value_of_new
from metrics.readings.subject import known
from metrics.statements import Run

HELD_BACK = 3
"""The last part of the history, one of so many, that a fit of the rest is tested on."""


@dataclass(frozen=True)
class Repeating:
    """BG/NBD and Gamma-Gamma. Shape: `parameters` and `spread` (deviation over mean) by name. `why` where there is none.

    Unit: `repeats` that a new customer makes by the horizon, fewest and most of two models; `basket` money of a mean repeat order; `value`
    money by the horizon, first order included; `tested` actual over foretold repeats of the last third of the history.
    """

    customers: float
    repeaters: float
    parameters: Mapping[str, float]
    spread: Mapping[str, float]
    repeats: tuple[float, float] | None
    basket: float | None
    value: float | None
    tested: HeldOut | None
    why: Note | None
    money_why: Note | None


@dataclass(frozen=True)
class Staying:
    """sBG of subscribers. Shape: `survival` (13,), share still there after 0 to 12 renewals. Unit: `periods` paid months within the
    horizon."""

    alpha: float | None
    beta: float | None
    survival: tuple[float, ...]
    periods: float | None
    why: Note | None


@dataclass(frozen=True)
class Models:
    """Models of single customers; the one that does not fit the kind of client says so."""

    repeating: Repeating
    staying: Staying


def models(
    run: Run,
    days: ir.Table,
    until: date,
    since: date,
    buyers: Triangle,
    facts: Mapping[str, Any],
    horizon: int,
    annual: float,
    margin: float | None,
) -> Models:
    """Fit what the client's kind of buying and its data can carry. `days` as from `purchase_days`; amounts are margin if it is set."""
    if facts.get("model") == "subscription":
        why = because("Subscribers pay by the calendar, so models of repeat buying do not fit: see how long they stay.")
        return Models(_none(why), _staying(buyers, horizon, annual))
    why = because("Customers are not subscribers: nobody says when they leave.")
    return Models(_repeating(run, days, until, since, horizon, annual), Staying(None, None, (), None, why))


def _none(why: Note, customers: float = 0.0, repeaters: float = 0.0) -> Repeating:
    return Repeating(customers, repeaters, {}, {}, None, None, None, None, why, None)


def _staying(buyers: Triangle, horizon: int, annual: float) -> Staying:
    found = subscription(staying(buyers))
    if found.model is None:
        return Staying(None, None, (), None, found.why)
    survival = tuple(map(float, found.model.survival(np.arange(13.0))))
    return Staying(found.model.alpha, found.model.beta, survival, float(found.model.periods(horizon - 1, monthly(annual))), None)


def _repeating(run: Run, days: ir.Table, until: date, since: date, horizon: int, annual: float) -> Repeating:
    people = purchases.buyers(days, until)
    seen = repeats_of(run(purchases.alike(people)))
    if seen.total == 0:
        return _none(because("Nobody has bought yet."))
    again = people.filter(people.repeats > 0)
    some = run(again.select(repeats=again.repeats, basket=again.repeat_amount.cast("float64")))
    first = float(run(people.agg(first=people.first_amount.mean()))["first"].iloc[0])
    fitted = buying(seen, (some["repeats"].to_numpy(np.float64), some["basket"].to_numpy(np.float64)))
    both = fitted.futures(horizon * MONTH / WEEK)
    worth = value_of_new(fitted.model, fitted.money, first, horizon, annual) if fitted.model and fitted.money else None
    return Repeating(
        seen.total,
        seen.repeaters,
        _parameters(fitted),
        _spread(fitted),
        both,
        known(fitted.money.mean) if fitted.money else None,
        known(worth),
        _tested(run, days, until, since) if fitted.model else None,
        fitted.why,
        fitted.money_why,
    )


def _parameters(fitted: Buying) -> dict[str, float]:
    return dict(zip(("r", "alpha", "a", "b"), map(float, fitted.model.parameters), strict=True)) if fitted.model else {}


def _spread(fitted: Buying) -> dict[str, float]:
    return dict(zip(("r", "alpha", "a", "b"), map(float, fitted.spread), strict=True)) if fitted.spread is not None else {}


def _tested(run: Run, days: ir.Table, until: date, since: date) -> HeldOut | None:
    """What a fit of the first two thirds of the history foretold for the last one; None where they cannot carry a fit."""
    then = until - timedelta(days=(until - since).days // HELD_BACK)
    seen = repeats_of(run(purchases.alike(purchases.buyers(days, then))))
    if seen.total == 0 or too_thin(seen) is not None:
        return None
    people = purchases.buyers(days, until)
    born = people.filter(people["first"] <= ibis.literal(then, "date"))
    repeats = float(run(born.agg(n=born.repeats.sum()))["n"].iloc[0])
    return held_out(bgnbd.fit(seen), seen, (until - then).days / WEEK, repeats - float(seen.customers @ seen.repeats))
