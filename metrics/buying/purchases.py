"""Purchases per customer, as expressions over ORDERS: the engine merges, dates and sums; rows that look alike come back once.

Orders of one customer on one day are one purchase. Cancelled orders and spam are none; a refund in a row of its own is none either, it
lessens the last purchase before it. The models of `metrics.lifetime` and the states of
`metrics.customers` live on these frames.
"""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

DEAD = ("cancelled", "spam")


def purchase_days(orders: ir.Table, margin_share: float | None = None, channel: ir.Value | None = None) -> ir.Table:
    """One row per customer and day with a purchase.

    Shape: `orders` as ORDERS, in one currency; answer: customer, day, orders, amount, and channel if one is given (a column of `orders`).
    Unit: amount is revenue less refunds; with `margin_share` it is margin: less the cost of goods where it is known, that share elsewhere.
    """
    named = orders.mutate(channel=channel) if channel is not None else orders
    live = named.filter(~named.status.isin(DEAD), named.customer != "")
    net = live.revenue.cast("float64") - live.refund.cast("float64").fill_null(0.0)
    if margin_share is not None:
        net = ibis.coalesce(net - live.goods_cost.cast("float64"), net * margin_share)
    live = with_refunds(live.mutate(net=net, counted=live.orders.cast("int64")))
    sums = {"orders": live.counted.sum(), "amount": live.net.sum()}
    if channel is not None:
        sums["channel"] = live.channel.min(where=live.counted > 0)
    return live.group_by("customer", "day").agg(**sums)


def with_refunds(live: ir.Table) -> ir.Table:
    """The rows with every refund that stands in a row of its own on the day of the purchase that it lessens: the last one up to then, else
    the first one after it.

    Shape: `live` has customer, day and `counted`, 0 for a refund. A customer of whom nothing but refunds is loaded is left out: what was
    sold is not known.
    """
    bought = ibis.ifelse(live.counted > 0, live.day, ibis.null("date"))
    before = ibis.window(group_by=live.customer, order_by=live.day, range=(None, 0))
    whole = ibis.window(group_by=live.customer)
    day = ibis.coalesce(bought, bought.max().over(before), bought.min().over(whole))
    moved = live.mutate(day=day)
    return moved.filter(moved.day.notnull())


def buyers(days: ir.Table, until: date) -> ir.Table:
    """One row per customer who had bought by `until`.

    Shape: customer, first and last (days), repeats (purchases after the first), lived (days from the first to the last), age (days from the
    first to `until`), first_amount, repeat_amount (mean of the repeats; null without any), and channel of the first purchase if known.
    """
    seen = days.filter(days.day <= until)
    columns = {
        "first": seen.day.min(), "last": seen.day.max(), "repeats": seen.count() - 1,
        "first_amount": seen.amount.argmin(seen.day), "whole": seen.amount.sum(),
    }
    if "channel" in seen.columns:
        columns["channel"] = seen.channel.argmin(seen.day)
    per = seen.group_by("customer").agg(**columns)
    later = (per.whole - per.first_amount) / per.repeats.nullif(0)
    return per.mutate(
        lived=per["last"].delta(per["first"], unit="day"), age=ibis.literal(until).delta(per["first"], unit="day"), repeat_amount=later,
    ).drop("whole")


def alike(people: ir.Table) -> ir.Table:
    """Customers who look the same to a buying model, counted. Shape: repeats, lived, age, customers; `people` as from `buyers`."""
    return people.group_by("repeats", "lived", "age").agg(customers=people.count())


def cohort_sums(days: ir.Table, until: date) -> ir.Table:
    """Purchases by month of the first purchase and months since. People are counted exactly, once per cell.

    Shape: cohort (first day of the month), age (months, 0 is the month of the first purchase), buyers, orders, amount; and channel of the
    first purchase if `days` has one.
    """
    seen = days.filter(days.day <= until)
    born = {"born": seen.day.min()} | ({"origin": seen.channel.argmin(seen.day)} if "channel" in seen.columns else {})
    first = seen.group_by("customer").agg(**born)
    dated = seen.join(first, "customer")
    age = (dated.day.year() - dated.born.year()) * 12 + dated.day.month() - dated.born.month()
    by = {"cohort": dated.born.truncate("M"), "age": age.cast("int64")} | ({"channel": dated.origin} if "channel" in seen.columns else {})
    per = dated.group_by(customer=dated.customer, **by).agg(orders=dated.orders.sum(), amount=dated.amount.sum())
    return per.group_by(*by).agg(buyers=per.count(), orders=per.orders.sum(), amount=per.amount.sum())
