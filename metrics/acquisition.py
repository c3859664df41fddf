"""Orders seen from their customer: which was the first, and everything dated and credited by it (the cohort view).

A customer begins with the first order that was neither cancelled nor spam, as far back as orders are loaded. Orders without a customer
belong to nobody: they are neither first nor later ones, and stay on their own day. A refund in a row of its own is no order either, but
it is its customer's: in the cohort view it is dated and credited with that customer's orders.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

LOST = ("cancelled", "spam")
NOBODY = ("", "0")
READS = ("order_id", "customer", "status", "placed_at", "orders")
"""Columns by which orders are put into the order of their customer, beside their day."""


def numbered(orders: ir.Table) -> ir.Table:
    """Shape: the orders and `nth`, their place among those of their customer, from 0; -1 for nobody's and for refunds."""
    return orders.mutate(nth=_place(orders))


def by_customer(orders: ir.Table, within: int, credited: str) -> ir.Table:
    """Every order on the day of its customer's first one, and with its origin in the column `credited`, where that is named.

    Shape: as `numbered`, and `own_day`. With `within` only orders of so many days after the first.
    """
    known, order = _known(orders), _in_order(orders)
    names = ("day", *((credited,) if credited else ()))
    moved = {name: ibis.ifelse(known, orders[name].first().over(order), orders[name]) for name in names}
    dated = orders.mutate(own_day=orders.day, nth=_place(orders), **moved)
    return dated.filter(dated.own_day.delta(dated.day, unit="day") <= within) if within else dated


def _place(orders: ir.Table) -> ir.IntegerValue:
    return ibis.ifelse(_known(orders) & (orders.orders > 0), ibis.row_number().over(_in_order(orders)).cast("int64"), -1)


def _known(orders: ir.Table) -> ir.BooleanValue:
    return orders.customer.notin(NOBODY)


def _in_order(orders: ir.Table) -> ibis.expr.builders.WindowBuilder:
    lost = ibis.ifelse(orders.status.isin(LOST) | (orders.orders == 0), 1, 0)
    moment = orders.placed_at.fill_null(orders.day.cast("timestamp(6)"))
    return ibis.window(group_by=orders.customer, order_by=[lost, orders.day, moment, orders.order_id])
