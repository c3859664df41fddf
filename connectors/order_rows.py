"""One order as a sheet gives it, and the refund that a row with a sum below zero is.

A refund in a row of its own keeps its own day and gets an id of its own, so that it never replaces the order it belongs to, in whatever
files and in whatever order the two arrive. It counts as no order: its money, and whose it was, is all that it tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from data.batches import Note

_LOST = "cancelled"


@dataclass(frozen=True)
class Order:
    """One order as the store keeps it; the columns of ORDERS that a file can fill. A refund that stands in a row of its own is no order:
    its `orders` is 0."""

    order_id: str
    day: date
    placed_at: datetime | None
    visitor: int | None
    customer: str
    status: str
    revenue: Decimal | None
    refund: Decimal | None
    goods_cost: Decimal | None
    lead_day: date | None
    closed_day: date | None
    term_days: int | None
    qualified: int | None
    answer_seconds: int | None
    commission: Decimal | None
    currency: str
    origin: dict[str, str] | None
    orders: int = 1


def refunds_apart(found: Sequence[Order]) -> tuple[list[Order], list[Order], tuple[Note, ...]]:
    """Shape: (orders, refunds by order and day, what to say of those). Money that a lost order would have brought is not taken back."""
    orders = [one for one in found if not _takes_back(one)]
    owners = {one.order_id: one.customer for one in orders}
    lost = {one.order_id for one in orders if one.status == _LOST}
    rows = [one for one in found if _takes_back(one)]
    kept: dict[str, Order] = {}
    for one in rows:
        if one.order_id not in lost:
            made = _refund(one, owners.get(one.order_id, ""))
            kept[made.order_id] = _added(kept[made.order_id], made) if made.order_id in kept else made
    return orders, list(kept.values()), tuple(_said(len(rows), sum(one.order_id in lost for one in rows)))


def _takes_back(one: Order) -> bool:
    return one.revenue is not None and one.revenue < 0


def _refund(one: Order, owner: str) -> Order:
    """The refund of an order: of the customer who ordered, where the file has the order too, else of the one whom its own row names.

    NB: paid, whatever the sheet calls it: what is paid back was paid before. Goods that come back are no cost any more.
    """
    goods, kept = (None if money is None else -abs(money) for money in (one.goods_cost, one.commission))
    return replace(
        one, order_id=f"{one.order_id} refund {one.day}", visitor=None, customer=owner or one.customer, status="paid" if one.status else "",
        revenue=Decimal(0), refund=-(one.revenue or Decimal(0)), goods_cost=goods, commission=kept, orders=0,
        qualified=None if one.qualified is None else 0, answer_seconds=None,
    )


def _added(one: Order, other: Order) -> Order:
    goods, kept = (
        None if mine is None or theirs is None else mine + theirs
        for mine, theirs in ((one.goods_cost, other.goods_cost), (one.commission, other.commission))
    )
    return replace(one, refund=(one.refund or Decimal(0)) + (other.refund or Decimal(0)), goods_cost=goods, commission=kept)


def _said(count: int, lost: int) -> list[Note]:
    notes = []
    if count > lost:
        text = "Rows with a sum below zero are refunds: {count}. They lessen revenue on their own day and are no orders."
        notes.append(Note("refunds", text, {"count": count - lost}))
    if lost:
        text = "Rows with a sum below zero that belong to cancelled orders are not loaded, because those count nothing already: {count}."
        notes.append(Note("refunds", text, {"count": lost}))
    return notes
