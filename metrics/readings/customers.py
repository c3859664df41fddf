"""The base of customers: who is new, active, at risk, lost or won back, how that moved by month, who comes back, and the weakest step of
the funnel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from data.batches import Note
from data.tables import ORDERS
from metrics import customers as base_of
from metrics.ask import ask
from metrics.buying import cohorts, purchases, rfm
from metrics.buying.cohorts import triangle
from metrics.buying.funnel import TITLES as STEPS
from metrics.buying.funnel import Counts, Funnel, funnel
from metrics.customers import ORDER, TITLES, Base, Flow
from metrics.query import Query
from metrics.readings.ground import Ground, one_currency, orders_of, stand
from metrics.readings.lifetime import no_orders
from metrics.readings.subject import known
from metrics.scope import Settings
from metrics.statements import Run

MONTHS = 13
"""Ends of months between which flows are shown: a year of flows."""
REFERRED = ("direct", "referral")
"""Channels of visits that somebody's word brought."""


@dataclass(frozen=True)
class StateLine:
    """One state. Unit: `customers` people, `share` of all who ever bought."""

    state: str
    title: str
    customers: int
    share: float


@dataclass(frozen=True)
class RetentionLine:
    """One month's new customers. Shape: `shares` (months,), the share that bought in each month of their life; None is not yet."""

    cohort: date
    customers: float
    shares: tuple[float | None, ...]


@dataclass(frozen=True)
class SegmentLine:
    """One RFM segment. Unit: `amount` money of the last twelve months, shares of all."""

    segment: str
    customers: int
    customer_share: float
    amount: float
    amount_share: float | None


@dataclass(frozen=True)
class StepLine:
    """One step of the funnel. Unit: `count` what passes it, `rate` of those before it, `worth` money that a tenth more would add."""

    step: str
    title: str
    count: float | None
    rate: float | None
    worth: float | None
    weakest: bool
    note: Note | None


@dataclass(frozen=True)
class CustomersReading:
    """Everything a screen needs about the base of customers. `why` says why there is nothing of states, flows, retention and RFM; the
    funnel has a reason of its own.

    Unit: `gap` days, the usual time between purchases. Shape: `transitions` from state ("none" had not bought) to state, people.
    """

    since: date
    until: date
    currency: str
    basis: str
    gap: float | None = None
    states: tuple[StateLine, ...] = ()
    flows: tuple[Flow, ...] = ()
    transitions: Mapping[str, Mapping[str, int]] | None = None
    retention: tuple[RetentionLine, ...] = ()
    pooled: tuple[float | None, ...] = ()
    segments: tuple[SegmentLine, ...] = ()
    steps: tuple[StepLine, ...] = ()
    funnel_why: Note | None = None
    funnel_notes: tuple[Note, ...] = ()
    headline: Note | None = None
    notes: tuple[Note, ...] = ()
    why: Note | None = None


def read(
    run: Run,
    settings: Settings,
    facts: Mapping[str, Any],
    since: date,
    until: date,
    grouping: str = "agency",
    counter: str = "",
) -> CustomersReading:
    """The base as known on the last day; the funnel over the days from `since`. Raises CannotAnswer for an unknown counter."""
    ground = stand(run, settings, since, until, grouping, counter)
    basis = "margin" if settings.margin is not None else "revenue"
    loaded = ground.loaded(ORDERS.name, ground.orders)
    why = no_orders(loaded, until)
    if why is not None or loaded is None:
        steps, funnel_why, said = _funnel(ground, facts, None, basis)
        return CustomersReading(
            since,
            until,
            settings.currency,
            basis,
            steps=steps,
            funnel_why=funnel_why,
            funnel_notes=said,
            notes=ground.notes,
            why=why,
            headline=why,
        )
    rows, currency, foreign = one_currency(ground, orders_of(ground, until), "Orders")
    days = purchases.purchase_days(rows, settings.margin)
    steps, funnel_why, said = _funnel(ground, facts, days, basis)
    frame = run(days)
    sums = run(purchases.cohort_sums(days, until))
    bought = triangle(sums, "buyers", until, loaded[0])
    people = base_of.base(frame)
    found = CustomersReading(
        since,
        until,
        currency,
        basis,
        known(people.gap),
        retention=_retention(bought),
        pooled=_shares(base_of.pooled_retention(bought)),
        segments=_segments(frame, until),
        steps=steps,
        funnel_why=funnel_why,
        funnel_notes=said,
        notes=(*ground.notes, *foreign, cohorts.old_looking_new(loaded[0])),
        why=people.why,
        headline=people.why,
    )
    return found if people.why is not None else _with_states(found, people, loaded[0])


# ------------------------------------------------------------------------------------------------------------- states, flows


def _with_states(found: CustomersReading, people: Base, loaded: date) -> CustomersReading:
    counted = base_of.states(people, found.until).value_counts()
    total = max(int(counted.sum()), 1)
    states = tuple(
        StateLine(str(one), TITLES[one], int(counted.get(str(one), 0)), float(counted.get(str(one), 0) / total)) for one in ORDER
    )
    ends = [day for day in base_of.month_ends(found.until - timedelta(days=31 * (MONTHS + 1)), found.until) if day >= loaded][-MONTHS:]
    moved = base_of.transitions(people, ends[-2], ends[-1]) if len(ends) > 1 else None
    flows = base_of.flows(people, ends)
    changes = None if moved is None else {str(row): {str(to): int(n) for to, n in moved.loc[row].items()} for row in moved.index}
    return replace(found, states=states, flows=flows, transitions=changes, headline=_headline(states, flows))


def _headline(states: tuple[StateLine, ...], flows: tuple[Flow, ...]) -> Note:
    by = {line.state: line.customers for line in states}
    here = sum(n for state, n in by.items() if state != "churned")
    facts: dict[str, object] = {"base": float(here), "at_risk": float(by["at risk"]), "lost": float(by["churned"])}
    if not flows:
        return Note("headline", "The base is {base} customers, of them {at_risk} at risk; {lost} are lost.", facts)
    last = flows[-1]
    facts |= {"month": last.until, "came": float(last.new + last.reactivated), "left": float(last.lapsed)}
    text = "The base is {base} customers, of them {at_risk} at risk. In the month to {month} {came} came or came back and {left} were lost."
    return Note("headline", text, facts)


def _retention(bought: cohorts.Triangle) -> tuple[RetentionLine, ...]:
    shares = base_of.retention(bought)
    return tuple(
        RetentionLine(cohort, float(size), _shares(row)) for cohort, size, row in zip(bought.cohorts, bought.sizes, shares, strict=True)
    )


def _shares(row: np.ndarray[Any, Any]) -> tuple[float | None, ...]:
    return tuple(known(float(value)) for value in row)


def _segments(frame: pd.DataFrame, until: date) -> tuple[SegmentLine, ...]:
    if frame.empty:
        return ()
    found = rfm.sizes(rfm.rfm(frame, until))
    return tuple(
        SegmentLine(str(name), int(row["customers"]), float(row["customer_share"]), float(row["amount"]), known(row["amount_share"]))
        for name, row in zip(found.index, found.to_dict("records"), strict=True)
    )


# ------------------------------------------------------------------------------------------------------------------- funnel


def _funnel(
    ground: Ground,
    facts: Mapping[str, Any],
    days: ir.Table | None,
    basis: str,
) -> tuple[tuple[StepLine, ...], Note | None, tuple[Note, ...]]:
    """The five steps over the asked days, why none is called weakest, and what the steps are made of."""
    goals = tuple(facts.get("activation_goals") or ())
    query = Query(
        ("visits", "goal_visits" if goals else "engagement_rate", "spend"),
        ground.since,
        ground.until,
        grouping=ground.grouping,
        counter=ground.counter,
        goals=goals,
    )
    total = ask(query, ground.run, ground.settings).total
    by = ask(replace(query, metrics=("visits",), by=("channel",)), ground.run, ground.settings)
    referred = by.frame[by.frame["channel"].isin(REFERRED)]["visits"].sum() if total["visits"] is not None else None
    counts = Counts(
        visits=total["visits"],
        activated=_activated(total),
        referred=None if referred is None else float(referred),
        spend=total["spend"],
        **(_bought(ground, days) if days is not None else {}),
    )
    found = funnel(counts)
    how = "Activation is a visit that reached {goals}." if goals else "Activation is an engaged visit: no activation goal is set."
    note = Note("funnel", how, {"goals": ", ".join(goals)} if goals else {})
    return _steps(found), found.why, (note, Note("funnel", "Referrals are direct visits and links on other sites: an estimate from above."))


def _activated(total: Mapping[str, float | None]) -> float | None:
    visits, share = total["visits"], total.get("engagement_rate")
    if "goal_visits" in total:
        return total["goal_visits"]
    return None if visits is None or share is None else visits * share


def _bought(ground: Ground, days: ir.Table) -> dict[str, float]:
    """Buyers of the asked days, those of them who had bought before, and the money of first and later purchases."""
    first = days.group_by("customer").agg(born=days.day.min())
    dated = days.join(first, "customer")
    asked = dated.filter(dated.day >= ibis.literal(ground.since, "date"), dated.day <= ibis.literal(ground.until, "date"))
    each = asked.mutate(again=asked.day > asked.born)
    per = each.group_by("customer").agg(
        again=each.again.any(),
        first=each.amount.sum(where=~each.again),
        later=each.amount.sum(where=each.again),
    )
    row = ground.run(
        per.agg(
            buyers=per.count(),
            repeaters=per.again.sum(),
            first_margin=per["first"].sum().fill_null(0.0),
            repeat_margin=per.later.sum().fill_null(0.0),
        )
    ).iloc[0]
    return {name: 0.0 if pd.isna(row[name]) else float(row[name]) for name in ("buyers", "repeaters", "first_margin", "repeat_margin")}


def _steps(found: Funnel) -> tuple[StepLine, ...]:
    return tuple(
        StepLine(
            str(one.step),
            STEPS[one.step],
            known(one.count),
            known(one.rate),
            known(one.worth),
            one.step in found.weakest,
            one.note,
        )
        for one in found.stages
    )
