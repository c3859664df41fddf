"""Journeys of a client: what they end with, by what their touches are called, and the grouped paths of a period."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from data.batches import Note
from data.tables import CONVERSIONS, ORDERS, VISITS
from metrics.abstain import because
from metrics.credit import journeys
from metrics.credit.paths import SPLIT, Paths, paths_from_engine
from metrics.ledger import table
from metrics.readings.ground import REST, Ground, Paid, names, one_currency, visits_of

MOST_NAMES = 60
"""Names that are told apart; the rarest others are one."""
CODES = (1 << SPLIT) - 2
"""Names that fit into a touch at all, one of them for the rest."""


def ends_of(ground: Ground, ends: str, goals: tuple[str, ...], model: str) -> tuple[str, tuple[Note, ...]]:
    """Orders or goals, and why where nobody chose."""
    if ends or goals:
        return ends or "goals", ()
    if ground.orders != ground.counter or not ground.ledger.of(ORDERS.name, ground.orders):
        return "goals", ()
    if not ground.ledger.of(CONVERSIONS.name, ground.counter):
        return "orders", ()
    if model in ("leads", "subscription", "b2b"):
        text = (
            "Journeys end with the client's key goals: orders hold renewals and deals that no visit brought. Orders can be chosen instead."
        )
        return "goals", (Note("ends", text),) if model == "subscription" else ()
    return "orders", ()


def why_nothing(ground: Ground, ends: str) -> Note | None:
    if not ground.ledger.of(VISITS.name, ground.counter):
        return because("Attribution follows visitors from visit to visit, and single visits are not loaded: load the logs of the counter.")
    if ends == "goals" and not ground.ledger.of(CONVERSIONS.name, ground.counter):
        return because("No goal reaches with their visits are loaded, so there is nothing to credit.")
    if ends == "orders" and not ground.ledger.of(ORDERS.name, ground.counter):
        return because("No orders of the counter {counter} are loaded, so they cannot be linked to visits.", counter=ground.counter)
    return None


def closing(ground: Ground, ends: str, goals: tuple[str, ...]) -> tuple[ir.Table, str, tuple[Note, ...]]:
    """Orders or goal reaches of the counter, in one currency."""
    rows = table(ORDERS.name if ends == "orders" else CONVERSIONS.name)
    rows = rows.filter(rows.account == ground.counter)
    if ends == "orders":
        kept = rows.select("visitor", "day", "placed_at", "status", "orders", "revenue", "refund", "currency")
        return one_currency(ground, kept, "Orders")
    reached = rows.filter(rows.goal.isin(goals)) if goals else rows
    return one_currency(ground, reached.select("visitor", "day", "reached_at", "reaches", "value", "currency"), "Goal reaches")


def paths_of(ground: Ground, by: str, paid: Paid, rows: ir.Table, ends: str, back: int) -> tuple[Paths, tuple[Note, ...]]:
    """The grouped journeys of the period, and a note where rare names are taken together."""
    said = names(ground, by, paid.together)
    visits, until = visits_of(ground), _loaded_until(ground)
    near = visits.filter(visits.day >= ibis.literal(ground.since - timedelta(days=back), "date"), visits.day <= ibis.literal(until, "date"))
    kept, rest = _kept(ground, near, said, paid)
    listed = (*kept, REST)
    codes = said.select(origin=said.origin_key, channel=journeys.coded(said.name, listed))
    touches = journeys.touchpoints(near, codes, len(kept))
    last = journeys.purchases(rows) if ends == "orders" else journeys.reaches(rows)
    frame = ground.run(journeys.grouped(touches, last, ground.since, ground.until, until, back))
    paths = paths_from_engine(frame, listed)
    # NB: a channel that nobody touched would only lengthen every table.
    return (paths if rest or (paths.codes == len(kept)).any() else replace(paths, channels=kept)), rest


def _kept(ground: Ground, near: ir.Table, said: ir.Table, paid: Paid) -> tuple[tuple[str, ...], tuple[Note, ...]]:
    """Names by visits, the commonest first, those with spend among them in any case."""
    origin = ibis.coalesce(*(near[f"origin_{model}"] for model in journeys.OWN_SOURCE))
    linked = near.select(origin=origin).left_join(said, ibis._["origin"] == said.origin_key)
    counted = ground.run(linked.group_by("name").agg(n=linked.count()))
    found = counted.dropna(subset=["name"]).sort_values(["n", "name"], ascending=[False, True])["name"].tolist()
    paying = {name for name, amount in paid.by_name().items() if amount > 0}
    first = set(found[:MOST_NAMES])
    kept = tuple(name for name in found if name in first or name in paying)[:CODES]
    lost = len(found) - len(kept)
    text = "{n} of {of} names are taken together: they are the rarest and cost nothing."
    return kept, (Note("rest", text, {"n": lost, "of": len(found)}),) if lost else ()


def _loaded_until(ground: Ground) -> date:
    loaded = ground.loaded(VISITS.name, ground.counter)
    return loaded[1] if loaded else ground.until
