"""What the readings of customers and channels stand on: whose visits and orders count, in which currency, and what they are named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from data.batches import Note
from data.tables import ORDERS, ORIGINS, SPEND, VISITS, origin_column
from metrics import channels, dimensions, ledger
from metrics.ask import ask
from metrics.ledger import Ledger, table
from metrics.query import Query
from metrics.scope import Settings, settle
from metrics.statements import Run

BREAKDOWNS = ("channel", "source", "campaign")
REST = "(rest)"
TOLD = ("missing", "period", "currency", "provisional", "together", "not recorded")
"""Kinds of notes on spend that a reading passes on."""
NOBODY = ("", "0")
"""Customers that are nobody: ids that were not sent."""


@dataclass(frozen=True)
class Ground:
    """The accounts, the attribution and the days that a reading uses. `since` and `until` are the first and last asked day."""

    run: Run
    settings: Settings
    ledger: Ledger
    since: date
    until: date
    grouping: str
    counter: str
    orders: str
    order_model: str
    notes: tuple[Note, ...]

    def loaded(self, name: str, account: str) -> tuple[date, date] | None:
        """First and last day of a table and account."""
        spans = self.ledger.of(name, account)
        return (min(span.since for span in spans), max(span.until for span in spans)) if spans else None


def stand(run: Run, settings: Settings, since: date, until: date, grouping: str = "agency", counter: str = "") -> Ground:
    """Settle whose visits and orders count. Raises CannotAnswer for a counter that is not loaded."""
    book = ledger.read(run)
    scope, notes = settle(Query(("visits",), since, until, grouping=grouping, counter=counter), book, settings)
    return Ground(run, settings, book, since, until, grouping, scope.query.counter, scope.orders, scope.models[ORDERS.name], notes)


# --------------------------------------------------------------------------------------------------------------------- money


def one_currency(ground: Ground, rows: ir.Table, what: str) -> tuple[ir.Table, str, tuple[Note, ...]]:
    """The rows in one currency, the client's where they have it, and a note on those left out. `rows` have a currency."""
    found = ground.run(rows.group_by("currency").agg(n=rows.count()))
    counted = dict(zip(found["currency"], found["n"].astype(int), strict=True))
    sent = [name for name in counted if name]
    preferred = ground.settings.currency
    chosen = preferred if preferred in sent or not sent else max(sent, key=lambda name: (counted[name], name))
    others = {name: n for name, n in counted.items() if name not in ("", chosen)}
    if not others:
        return rows, chosen, ()
    text = "{what} in other currencies are left out: {n} of {of}. They are not converted."
    note = Note("currency", text, {"what": what, "n": sum(others.values()), "of": sum(counted.values())})
    return rows.filter(rows.currency.isin(["", chosen])), chosen, (note,)


def orders_of(ground: Ground, until: date) -> ir.Table:
    """Orders of the account that counts, up to a day; those without a customer are nobody's. Shape: as ORDERS, the columns that
    customers are read from."""
    orders = table(ORDERS.name)
    known = orders.filter(orders.account == ground.orders, orders.day <= ibis.literal(until, "date"), ~orders.customer.isin(NOBODY))
    credited = (origin_column(ground.order_model),) if ground.order_model else ()
    return known.select("customer", "day", "status", "orders", "revenue", "refund", "goods_cost", "currency", *credited)


# -------------------------------------------------------------------------------------------------------------- what it is called


def names(ground: Ground, by: str, together: frozenset[str] = frozenset()) -> ir.Table:
    """Shape: origin_key, name: what each origin is called by the breakdown. An origin without a campaign (or source) goes by its
    channel."""
    rows = table(ORIGINS.name)
    channel = channels.channel(rows, ground.grouping, ground.settings.rules, together)
    if by == "channel":
        return rows.select(origin_key=rows.origin, name=channel)
    own = dimensions.of_origin(by, rows)
    return rows.select(origin_key=rows.origin, name=ibis.ifelse(own == "", channel, own))


def named_orders(ground: Ground, orders: ir.Table, together: frozenset[str]) -> ir.Table:
    """Orders with the channel of the attribution that they record. Shape: as ORDERS, and `name`."""
    if not ground.order_model:
        return orders.mutate(name=ibis.literal(channels.UNASSIGNED))
    said = names(ground, "channel", together)
    joined = orders.left_join(said, orders[origin_column(ground.order_model)] == said.origin_key)
    return joined.select(*(orders[name] for name in orders.columns), name=ibis.coalesce(said.name, ibis.literal(channels.UNASSIGNED)))


def title(ground: Ground, by: str, name: str, known: Mapping[str, str]) -> str:
    """English title of a channel, source or campaign. `known` are titles of campaigns by number."""
    if name in known:
        return known[name]
    if by == "channel" or name in channels.titles(ground.grouping):
        return channels.title(ground.grouping, name)
    return name


# --------------------------------------------------------------------------------------------------------------------- spend


@dataclass(frozen=True)
class Paid:
    """Spend by name (and month). `known` is false where nothing is loaded or currencies differ; `together` are channels whose spend is
    known only as a whole; `gaps` are first days of months that are not loaded whole; `unnamed` is spend without a campaign or source."""

    known: bool
    amounts: Mapping[tuple[str, date | None], float]
    gaps: frozenset[date]
    together: frozenset[str]
    titles: Mapping[str, str]
    notes: tuple[Note, ...]
    currency: str
    unnamed: float = 0.0

    def by_name(self) -> dict[str, float]:
        found: dict[str, float] = {}
        for (name, _), amount in self.amounts.items():
            found[name] = found.get(name, 0.0) + amount
        return found


def spend(ground: Ground, by: str, monthly: bool = False) -> Paid:
    """Spend of the asked days, by channel, source or campaign, and by month if asked."""
    if not ground.ledger.of(SPEND.name):
        note = Note("missing", "Spend is not loaded: cost per conversion and return are not known.")
        return Paid(False, {}, frozenset(), frozenset(), {}, (note,), ground.settings.currency)
    columns = (by, "month") if monthly else (by,)
    query = Query(("spend",), ground.since, ground.until, by=columns, grouping=ground.grouping, counter=ground.counter)
    result = ask(query, ground.run, ground.settings)
    amounts: dict[tuple[str, date | None], float] = {}
    months = [day.date() for day in result.frame["month"]] if monthly else [None] * len(result.frame)
    for name, month, amount in zip(result.frame[by], months, result.frame["spend"].to_numpy("float64"), strict=True):
        if amount == amount and amount != 0:
            amounts[str(name), month] = float(amount)
    wholes = frozenset(channels.under(ground.grouping).values()) & {name for name, _ in amounts} if by == "channel" else frozenset()
    known = result.total["spend"] is not None
    unnamed = sum(amount for (name, _), amount in amounts.items() if not name)
    named = {key: amount for key, amount in amounts.items() if key[0]}
    notes = tuple(note for note in result.notes if note.kind in TOLD)
    if unnamed and by != "channel":
        percent = round(100 * unnamed / max(sum(amounts.values()), 1e-9))
        notes += (Note("unnamed", "Spend without a name of its own is set against nobody: {percent}% of all.", {"percent": percent}),)
    titles = dict(result.titles.get(by, {})) if by == "campaign" else {}
    gaps = frozenset(day.replace(day=1) for since, until in result.missing["spend"] for day in pd.date_range(since, until).date)
    return Paid(known, named, gaps, wholes, {key: name for key, name in titles.items() if key}, notes, result.currency, unnamed)


def visits_of(ground: Ground) -> ir.Table:
    """Visits of the counter that counts. Shape: as VISITS."""
    visits = table(VISITS.name)
    return visits.filter(visits.account == ground.counter)
