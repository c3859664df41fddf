"""Recurring revenue of a client by month: MRR and what moved it, who stayed, who left; from payments and the terms that they cover."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from data.batches import Note
from data.tables import ORDERS
from data.text import sign
from metrics import subscription
from metrics.abstain import because
from metrics.buying import cohorts, purchases
from metrics.buying.purchases import DEAD
from metrics.customers import month_ends
from metrics.ledger import table
from metrics.readings.ground import NOBODY, Ground, one_currency, stand
from metrics.readings.lifetime import no_orders
from metrics.scope import Settings
from metrics.statements import Run
from metrics.stats import Kind, Sample, judge

MONTHS = 13
"""Months that are told: a year and the one before it."""
_BY_SUM = "By its sum, as the client's tariffs say, the term of {n} of {of} payments is known."
GRACE = 7
"""Days that a payment may be late, where the client's facts say nothing else."""
BEFORE = 3
"""Months that the last one's churn is held against."""


@dataclass(frozen=True)
class SubscriptionReading:
    """Months oldest first. `verdict` is on the churn of customers in the last month against the three before; `why` says why there is
    nothing."""

    until: date
    currency: str
    months: tuple[subscription.Month, ...] = ()
    verdict: str = ""
    good: bool | None = None
    headline: Note | None = None
    notes: tuple[Note, ...] = ()
    why: Note | None = None


def read(
    run: Run, settings: Settings, facts: Mapping[str, Any], until: date, grouping: str = "agency", counter: str = ""
) -> SubscriptionReading:
    """Recurring revenue as known on a day, by full months. Raises CannotAnswer for an unknown counter."""
    settings.need_money()
    ground = stand(run, settings, until, until, grouping, counter)
    empty = SubscriptionReading(until, settings.currency, notes=ground.notes)
    loaded = ground.loaded(ORDERS.name, ground.orders)
    why = no_orders(loaded, until)
    if why is not None or loaded is None:
        return replace(empty, why=why, headline=why)
    rows, currency, foreign = one_currency(ground, _orders(ground, until), "Orders")
    frame = run(_payments(rows))
    kept, said, why = _with_terms(frame, facts)
    ends = [day for day in month_ends(loaded[0], until)][-MONTHS - 1 :]
    if why is None and len(ends) < 2:
        why = because("Two full months of payments are needed, the first one to start from.")
    if why is not None:
        return replace(empty, currency=currency, why=why, headline=why)
    grace = GRACE if facts.get("grace_days") is None else int(str(facts["grace_days"]))
    found = subscription.months(kept, ends, grace)
    late = Note("grace", "A customer whose payment is at most {days} days late still counts as one.", {"days": grace})
    last = found[-1]
    verdict, good = _verdict(found)
    return SubscriptionReading(
        until,
        currency,
        tuple(found),
        verdict,
        good,
        _headline(last, currency),
        (*ground.notes, *foreign, *said, late, cohorts.old_looking_new(loaded[0])),
        because("Nobody is paying in these months.") if not any(month.paying or month.base for month in found) else None,
    )


def _orders(ground: Ground, until: date) -> ir.Table:
    orders = table(ORDERS.name)
    counted = orders.filter(orders.account == ground.orders, orders.day <= ibis.literal(until, "date"), ~orders.customer.isin(NOBODY))
    return counted.select("customer", "day", "status", "orders", "revenue", "refund", "term_days", "currency")


def _payments(orders: ir.Table) -> ir.Table:
    """Shape: customer, day, amount, term (days, null where no file says it); the term is the longest of the day."""
    live = orders.filter(~orders.status.isin(DEAD))
    amount = live.revenue.cast("float64") - live.refund.cast("float64").fill_null(0.0)
    net = purchases.with_refunds(live.mutate(net=amount, counted=live.orders.cast("int64")))
    return net.group_by("customer", "day").agg(amount=net["net"].sum(), term=net["term_days"].max())


def _with_terms(frame: pd.DataFrame, facts: Mapping[str, Any]) -> tuple[pd.DataFrame, tuple[Note, ...], Note | None]:
    """Payments with a term, how the others were taken, and why there is none, if so.

    The facts may hold `term_days`, the usual term, and `tariffs`, the terms of sums that are paid for another one (`{"5520": 365}`).
    """
    tariffs = {float(price): float(days) for price, days in (facts.get("tariffs") or {}).items()}
    own = frame["term"].astype("float64")
    days = frame.assign(day=pd.to_datetime(frame["day"]), term=own.fillna(frame["amount"].round(2).map(tariffs)))
    stated, open_ = facts.get("term_days"), days["term"].isna()
    by_sum = Note("term", _BY_SUM, {"n": int((own.isna() & ~open_).sum()), "of": len(frame)})
    told = (by_sum,) if by_sum.facts["n"] else ()
    if stated and open_.any():
        text = "Where no file says it, a payment is taken to cover {days} days: {n} of {of} payments. The client's settings say so."
        note = Note("term", text, {"days": int(stated), "n": int(open_.sum()), "of": len(frame)})
        return days.assign(term=days["term"].fillna(float(stated))), (note, *told), None
    if open_.all():
        text = "It is not known how long a payment covers: load orders with a column of the term, or set the usual term of the client."
        return days, (), because(text)
    left = Note("term", "Payments without a term are left out: {n} of {of}.", {"n": int(open_.sum()), "of": len(frame)})
    return days[~open_], (*told, *((left,) if open_.any() else ())), None


def _verdict(found: list[subscription.Month]) -> tuple[str, bool | None]:
    """On the share of customers who left, the last month against the months before it."""
    past = [month for month in found[:-1] if month.base][-BEFORE:]
    if not past or not found[-1].base:
        return "", None
    before = Sample(float(sum(month.lost for month in past)), float(sum(month.base for month in past)))
    said = judge(before, Sample(float(found[-1].lost), float(found[-1].base)), Kind.SHARE, "down")
    return str(said.word), said.good


def _headline(last: subscription.Month, currency: str) -> Note:
    facts: dict[str, object] = {"end": float(round(last.end)), "currency": sign(currency)}
    facts |= {"paying": float(last.paying), "month": last.until}
    if last.nrr is None or last.grr is None or last.customer_churn is None:
        return Note("headline", "MRR is {end} {currency} from {paying} customers on {month}.", facts)
    facts |= {"nrr": round(100 * last.nrr, 1), "grr": round(100 * last.grr, 1), "churn": round(100 * last.customer_churn, 1)}
    text = (
        "MRR is {end} {currency} from {paying} customers on {month}: NRR {nrr}%, GRR {grr}%, {churn}% of the customers left in the month."
    )
    return Note("headline", text, facts)
