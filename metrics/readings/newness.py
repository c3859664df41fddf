"""New visitors against returning ones: visits, reached goals and orders by whether the visit was the first of its visitor.

Whether a visit is a first one is known per visit only, so reached goals and orders are followed to their visits. What cannot be
followed (an order without a visit) belongs to neither side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import ibis
import ibis.expr.types as ir
import pandas as pd

from data.tables import CONVERSIONS, ORDERS, VISITS, origin_column
from metrics import channels, dimensions, ledger
from metrics.ledger import table
from metrics.origins import by_origin
from metrics.periods import Stretch
from metrics.query import Only
from metrics.readings.segments import Sums
from metrics.readings.subject import Subject
from metrics.scope import Scope, Settings, settle
from metrics.statements import Run, StandIns, Statement, within

NEW, RETURNING = "new", "returning"
TITLES = {NEW: "New visitors", RETURNING: "Returning visitors"}
MEASURES = ("visits", "bounces", "engaged", "goal_visits", "orders", "revenue")


@dataclass(frozen=True)
class Newness:
    """Shape of rows: new and returning -> sums by MEASURES; empty where single visits are not loaded for the days. `sql` is the query."""

    rows: Mapping[str, Sums]
    sql: str = ""


def read(run: Run, settings: Settings, subject: Subject, since: date, until: date) -> Newness:
    """New against returning visitors of one client in some days."""
    book = ledger.read(run)
    scope, _ = settle(subject.query(("visits",), since, until), book, settings)
    if not book.of(VISITS.name, scope.query.counter):
        return Newness({})
    asked = statement(scope)
    frame = asked.answer(run)
    found = {key: _sums(frame, first) for key, first in ((NEW, True), (RETURNING, False))}
    return Newness(found if any(sums["visits"] for sums in found.values()) else {}, asked.text("duckdb"))


def statement(scope: Scope) -> Statement:
    """Shape: first (whether it is the visitor's first visit), measure, value."""
    stand_ins, query = StandIns(), scope.query
    days = (stand_ins.of(query.since), stand_ins.of(query.until))
    asked = _Asked(
        days, query.counter, query.attribution, query.only, query.goals, query.grouping, scope.settings.rules,
        scope.orders == query.counter,
    )
    return Statement(_expression(asked), stand_ins.meant)


@dataclass(frozen=True)
class _Asked:
    """What the statement depends on. `orders` says that the orders are those of the counter, and so know their visits."""

    days: Stretch
    counter: str
    model: str
    only: Only
    goals: tuple[str, ...]
    grouping: str
    rules: tuple[channels.Rule, ...]
    orders: bool


@lru_cache(maxsize=64)
def _expression(asked: _Asked) -> ir.Table:
    parts = [*_visits(asked), _converted(asked), *(_sold(asked) if asked.orders else ())]
    return ibis.union(*(part.select("first", "measure", "value") for part in parts))


def _visits(asked: _Asked) -> list[ir.Table]:
    visits = _facts(asked, VISITS.name, "new_visits", "visits", "bounces", "engaged")
    mine = visits.mutate(first=visits.new_visits > 0)
    return [_summed(mine, name) for name in ("visits", "bounces", "engaged")]


def _converted(asked: _Asked) -> ir.Table:
    reached = _facts(asked, CONVERSIONS.name, "year", "visit", "goal")
    wanted = reached.filter(reached.goal.isin(asked.goals)) if asked.goals else reached
    each = _followed(wanted.select("year", "visit").distinct(), asked.counter)
    return _summed(each.mutate(goal_visits=ibis.literal(1)), "goal_visits")


def _sold(asked: _Asked) -> list[ir.Table]:
    orders = _facts(asked, ORDERS.name, "year", "visit", "status", "orders", "revenue", "refund")
    kept = orders.filter(orders.status.notin(["cancelled", "spam"]), orders.visit.notnull())
    worth = kept.select("year", "visit", "orders", revenue=kept.revenue - kept.refund.fill_null(0))
    placed = _followed(worth, asked.counter)
    return [_summed(placed, name) for name in ("orders", "revenue")]


def _summed(rows: ir.Table, name: str) -> ir.Table:
    """Shape: first, measure, value."""
    return rows.group_by("first").aggregate(value=rows[name].sum().cast("float64")).mutate(measure=ibis.literal(name))


def _followed(rows: ir.Table, counter: str) -> ir.Table:
    """Rows with the visit they belong to; Metrica's ids are unique within a year."""
    visits = table(VISITS.name)
    known = visits.filter(visits.account == counter).select("year", "visit", first=visits.new_visits > 0)
    return rows.inner_join(known, ["year", "visit"])


def _facts(asked: _Asked, name: str, *columns: str) -> ir.Table:
    """The counter's rows of the asked days that the question's filters leave, with some columns."""
    rows = table(name)
    wanted = [rows[key].isin(values) for key, values in asked.only if dimensions.BY_KEY[key].kind == "column"]
    mine = rows.filter(rows.account == asked.counter, within(rows.day, (asked.days,)), *wanted)
    keys = dimensions.of_kind(tuple(key for key, _ in asked.only), "origin")
    if not keys or not asked.model:
        return mine.select(*columns)
    narrow = mine.select(*columns, credited=mine[origin_column(asked.model)])
    said = by_origin(keys, asked.grouping, asked.rules, frozenset())
    joined = narrow.left_join(said, narrow.credited == said.origin_key)
    empty = {key: channels.UNASSIGNED if key == "channel" else "" for key in keys}
    return joined.filter([joined[key].fill_null(empty[key]).isin(values) for key, values in asked.only if key in keys]).select(*columns)


def _sums(frame: pd.DataFrame, first: bool) -> Sums:
    mine = frame[frame["first"] == first].set_index("measure")["value"]
    known = set(frame["measure"])
    return {key: float(mine.get(key, 0.0)) if key in known else None for key in MEASURES}
