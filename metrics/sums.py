"""The questions to the engine. One select per feed, every select in the same shape, all of them in one statement.

Shape of a statement: `feed` (place of the select), `window` (place of the period), the dimensions asked, `currency`, and `v0`, `v1`… ,
the values. Facts of different tables are never joined to one another; only origins are joined to facts, by their key.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, reduce

import ibis
import ibis.expr.types as ir

from data.tables import CONVERSIONS, ORDERS, SPEND, TRAFFIC, VISITS, origin_column
from data.written import Gathered, Meant, Part
from metrics import channels, dimensions, survival
from metrics.acquisition import READS, by_customer, numbered
from metrics.basis import AS_PAID, Basis, Step, multiplied
from metrics.ledger import Covered, table
from metrics.origins import SYSTEM, name, words
from metrics.periods import Stretch, Window, stretches
from metrics.plan import Feed, Level, Pick, Plan
from metrics.query import Only
from metrics.rows import How, Where
from metrics.statements import StandIns, Statement

_DAY = "date"
_NAMED = ("column", "origin", "money")
"""Kinds of dimensions whose values are only compared."""
_WITNESS = {TRAFFIC.name: "visits", VISITS.name: "visits", SPEND.name: "cost", "orders": "orders", "demand": "strength"}
"""A column that every row of the table has: where it is there and another is not, that other was not recorded."""


@dataclass(frozen=True)
class Select:
    """Sums that one pass over a feed can give. `windows` are those that any of the picks needs."""

    feed: Feed
    picks: tuple[Pick, ...]
    windows: tuple[Window, ...]

    @property
    def how(self) -> How:
        return self.picks[0].gives.how

    @property
    def money(self) -> bool:
        return any(pick.measure.money for pick in self.picks)


def selects(plan: Plan, level: Level) -> tuple[Select, ...]:
    """The passes a level needs: additive measures of a feed together, everything else by itself."""
    groups: dict[object, list[Pick]] = {}
    for pick in level.picks.values():
        alone = pick.gives.how is not How.SUM or pick.measure.one_system or bool(pick.gives.alone or pick.gives.stage)
        groups.setdefault((pick.feed, pick.measure.key if alone else ""), []).append(pick)
    return tuple(
        Select(picks[0].feed, tuple(picks), tuple(dict.fromkeys(w for pick in picks for w in plan.used(pick.measure.key))))
        for picks in groups.values()
    )


@dataclass(frozen=True)
class Slot:
    """The place of a window in a select: its days, and by how many they move, as stand-ins. `whole` asks that periods that cannot be
    split lie in one bucket."""

    number: int
    stretches: tuple[Stretch, ...]
    ends: Stretch
    shift: int
    whole: bool


@dataclass(frozen=True)
class Shape:
    """Everything about a select but its days and chosen values: questions that differ only in those share its expression. What the
    select does not look at is left at its default."""

    by: tuple[str, ...]
    select: Select
    slots: tuple[Slot, ...]
    only: Only
    goals: tuple[str, ...] = ()
    grouping: str = ""
    rules: tuple[channels.Rule, ...] = ()
    together: frozenset[str] = frozenset()
    matched: tuple[tuple[str, str], ...] = ()
    fiscal: int = 1
    basis: Basis = AS_PAID
    cohort: bool = False
    within: int = 0

    @property
    def joined(self) -> tuple[str, ...]:
        """What is asked of the origins of the rows."""
        picks = self.select.picks
        channel = ("channel",) if any(pick.gives.channels for pick in picks) else ()
        system = (SYSTEM,) if any(pick.measure.one_system for pick in picks) else ()
        return tuple(dict.fromkeys((*self.origins, *channel, *system)))

    @property
    def origins(self) -> tuple[str, ...]:
        """Dimensions of origins that the question splits or filters by."""
        by = (key for key in self.by if key not in self.select.feed.lacks)
        return dimensions.of_kind((*by, *(key for key, _ in self.only)), "origin")

    def said(self) -> ir.Table:
        """The words for origins that the select asks for."""
        return words(self.joined, self.grouping, self.rules, self.together, self.matched)


def statement(plan: Plan, level: Level) -> Statement | None:
    """Everything one level needs as one statement; None when nothing can be asked."""
    asked = selects(plan, level)
    width = max((len(select.picks) for select in asked), default=0)
    made = [(place, *found) for place, select in enumerate(asked) if (found := _asked(plan, level, select))]
    if not made:
        return None
    common = {name(shape.joined): shape.said().op() for _, shape, _ in made if shape.joined}
    parts = tuple(Part(_rows(shape).op(), meant, place) for place, shape, meant in made)
    return Statement(Gathered(parts, ("window", *level.by, "currency", *(f"v{number}" for number in range(width))), tuple(common.items())))


def _asked(plan: Plan, level: Level, select: Select) -> tuple[Shape, Meant] | None:
    """The shape of a select, and what its stand-ins stand for; None when nothing of it is loaded."""
    query, kept, stand_ins = plan.scope.query, plan.scope.settings, StandIns()
    moved = bool(dimensions.of_kind((*level.by, *(key for key, _ in query.only)), "time"))
    slots = tuple(_slots(level, select, stand_ins, moved))
    if not slots:
        return None
    shape = Shape(
        level.by, _nameless(select, stand_ins), slots, _unnamed(query.only, stand_ins), fiscal=kept.fiscal,
        goals=stand_ins.listed(_goals(select, query.goals, kept.cart_goals)),
        basis=kept.basis if any(pick.gives.way for pick in select.picks) else AS_PAID,
        cohort=query.view == "cohort" and select.feed.table == ORDERS.name, within=query.within,
    )
    if shape.joined:
        shape = replace(shape, grouping=query.grouping, rules=kept.rules, together=plan.scope.merged, matched=kept.campaigns)
    return shape, stand_ins.meant


def _goals(select: Select, chosen: tuple[str, ...], cart: tuple[str, ...]) -> tuple[str, ...]:
    """The goals that count: those of a step of the shop, or those that the question has chosen; none where goals do not matter."""
    if select.picks[0].gives.stage:
        return cart
    about = select.feed.table == CONVERSIONS.name or any(pick.gives.flag == "goals" for pick in select.picks)
    return chosen if about else ()


def _unnamed(only: Only, stand_ins: StandIns) -> Only:
    """Filters with a stand-in for their values; buckets of time and accounts, which shape the expression, stay as they are."""
    return tuple((key, stand_ins.listed(values) if dimensions.BY_KEY[key].kind in _NAMED else values) for key, values in only)


@lru_cache(maxsize=1024)
def _rows(shape: Shape) -> ir.Table:
    return _Builder(shape).build()


def _nameless(select: Select, stand_ins: StandIns) -> Select:
    """The select without its days and with stand-ins for its accounts: clients with the same kinds of data share their texts."""
    accounts, attribution, breakdown = (
        stand_ins.listed(select.feed.accounts), stand_ins.text(select.feed.attribution), stand_ins.text(select.feed.breakdown)
    )
    feed = replace(select.feed, accounts=accounts, attribution=attribution, breakdown=breakdown)
    return Select(feed, tuple(replace(pick, feed=feed) for pick in select.picks), ())


def _slots(level: Level, select: Select, stand_ins: StandIns, moved: bool) -> Iterator[Slot]:
    for number, window in enumerate(select.windows):
        found = level.covered[select.feed, select.how, window.whole()]
        days = _loaded_stretches(found, window)
        if days:
            pairs = tuple((stand_ins.of(since), stand_ins.of(until)) for since, until in days)
            ends = (stand_ins.of(window.since), stand_ins.of(window.until)) if select.how is How.EXACT else (date.min, date.min)
            yield Slot(number, pairs, ends, stand_ins.moved(window.shift) if moved else 0, bool(found.apart or found.cut))


def _loaded_stretches(found: Covered, window: Window) -> tuple[Stretch, ...]:
    """The loaded days of a window. Rows of other days, if there are any, were not recorded under the attribution in use."""
    days = window.days()
    loaded = found.some.union(*(range(since.toordinal(), until.toordinal() + 1) for since, until in found.apart))
    return window.stretches() if days <= loaded else stretches(days & loaded)


class _Builder:
    """Builds the select of one feed."""

    def __init__(self, shape: Shape) -> None:
        self.shape, self.select, self.slots = shape, shape.select, shape.slots
        self.feed = shape.select.feed
        self.by = tuple(key for key in shape.by if key not in self.feed.lacks)
        self.origins, self.joined = shape.origins, shape.joined
        self.facts = self._facts()

    def build(self) -> ir.Table:
        parts = [self._part(slot) for slot in self.slots]
        return self._shaped(self._summed(self._with_origins(reduce(lambda one, other: one.union(other), parts))))

    def _facts(self) -> ir.Table:
        """The rows of the feed; orders with their place among those of their customer, where the question needs it."""
        facts, shape = table(self.select.feed.table), self.shape
        if self.select.feed.table != ORDERS.name or not (shape.cohort or any(pick.gives.nth for pick in self.select.picks)):
            return facts
        credited = origin_column(self.select.feed.model) if self.select.feed.model else ""
        asked = [dimensions.BY_KEY[key].part for key in (*shape.by, *(key for key, _ in shape.only))]
        columns = dict.fromkeys(("account", "day", *READS, *asked, *self._columns(), *self._sent(), credited))
        mine = facts.filter(_of_accounts(facts, self.select.feed)).select(*(name for name in columns if name in facts.columns))
        return by_customer(mine, shape.within, credited) if shape.cohort else numbered(mine)

    def _sent(self) -> tuple[str, ...]:
        """Columns as they are stored that sums and amounts are made of, and those that conditions look at."""
        return tuple(name for pick in self.select.picks for name in (*pick.gives.columns, *(where.column for where in pick.gives.where)))

    # ------------------------------------------------------------------------------------------------------ one window

    def _part(self, slot: Slot) -> ir.Table:
        """The rows of one window, with the columns that sums and breakdowns need."""
        facts = self.facts.filter([*self._chosen(), self._inside(slot), *self._placed(slot), *self._wanted(slot)])
        named = {key: self._own(key, facts, slot) for key in self.by if key not in self.origins}
        kept = {name: facts[name] for name in self._columns()} | self._amounts(facts) | self._lengths(facts)
        if self.joined:
            kept["origin"] = facts[origin_column(self.feed.model) if self.feed.model and "origin" not in facts.columns else "origin"]
        return facts.select(window=ibis.literal(slot.number, "int64"), **named, **{n: c for n, c in kept.items() if n not in named})

    def _chosen(self) -> list[ir.BooleanValue]:
        """Conditions that pick the feed's rows, and those that all its sums share."""
        facts, feed, goals = self.facts, self.feed, self.shape.goals
        conditions = [_of_accounts(facts, feed)]
        if "attribution" in facts.columns:
            conditions += [facts.attribution == feed.attribution, facts.breakdown == feed.breakdown]
        if self._only_goals() and goals:
            conditions.append(facts.goal.isin(goals))
        return conditions + [_condition(facts, where) for where in self._shared()]

    def _only_goals(self) -> bool:
        """Whether every sum of this pass is about goals, so that the chosen goals can filter its rows."""
        return self.feed.table == CONVERSIONS.name or all(pick.gives.flag == "goals" for pick in self.select.picks)

    def _shared(self) -> tuple[Where, ...]:
        """Conditions of every sum of the pass. NB: none where a sum asks whether a text was sent, else it would not see the empty ones."""
        if any(pick.gives.sent for pick in self.select.picks):
            return ()
        return tuple(w for w in self.select.picks[0].gives.where if all(w in pick.gives.where for pick in self.select.picks))

    def _inside(self, slot: Slot) -> ir.BooleanValue:
        first = self.facts.day
        last = self.facts.until if "until" in self.facts.columns else first
        return ibis.or_(*((first >= ibis.literal(since, _DAY)) & (last <= ibis.literal(until, _DAY)) for since, until in slot.stretches))

    def _placed(self, slot: Slot) -> list[ir.BooleanValue]:
        """Periods that cannot be split count in a bucket only when they lie in it; people only for exactly what was asked."""
        facts, time = self.facts, dimensions.of_kind(self.shape.by, "time")
        if self.select.how is How.EXACT:
            since, until = (ibis.literal(day, _DAY) for day in slot.ends)
            exact = [(facts.day == since) & (facts.until == until)]
            return [dimensions.whole_bucket(key, facts.day, facts.until, self.shape.fiscal) for key in time] or exact
        if not slot.whole:
            return []
        filtered = dimensions.of_kind(tuple(key for key, _ in self.shape.only), "time")
        return [
            facts.day == facts.until if key in ("day", "weekday")
            else self._bucket(key, facts.day, slot) == self._bucket(key, facts.until, slot)
            for key in (*time, *filtered)
        ]

    def _wanted(self, slot: Slot) -> list[ir.BooleanValue]:
        """The question's filters on time, columns and currency. Those on origins follow after the join; accounts chose the feed."""
        conditions = []
        for key, values in self.shape.only:
            kind = dimensions.BY_KEY[key].kind
            if kind == "time":
                conditions.append(_among(self._bucket(key, self.facts.day, slot), key, values))
            elif kind == "column" or (kind == "money" and self.select.money):
                conditions.append(self.facts[key].isin(values))
        return conditions

    def _own(self, key: str, facts: ir.Table, slot: Slot) -> ir.Value:
        return self._bucket(key, facts.day, slot) if dimensions.BY_KEY[key].kind == "time" else facts[key]

    def _bucket(self, key: str, day: ir.DateValue, slot: Slot) -> ir.Value:
        return dimensions.of_day(key, day, slot.shift, self.shape.fiscal)

    def _columns(self) -> tuple[str, ...]:
        """Columns that the sums read."""
        shared = self._shared()
        names: list[str] = ["currency"] if self.select.money else []
        for pick in self.select.picks:
            gives = pick.gives
            names += [] if self._steps(pick) or gives.how is How.SURVIVAL else gives.columns
            names += [*([gives.minus] if gives.minus else []), *(w.column for w in gives.where if w not in shared)]
            names += [*(["nth"] if gives.nth else []), *([gives.sent] if gives.sent else [])]
            if gives.whole:
                names.append(_WITNESS[self.feed.table])
            if gives.one_goal or (gives.flag == "goals" and not self._only_goals()):
                names.append("goal")
            if gives.alone:
                names.append(gives.alone)
        return tuple(dict.fromkeys(names))

    def _steps(self, pick: Pick) -> tuple[Step, ...]:
        return self.shape.basis.steps(pick.gives.way) if pick.gives.way else ()

    def _amounts(self, facts: ir.Table) -> dict[str, ir.NumericValue]:
        """Columns of money as the client counts it: each amount times what is in force on its own day."""
        sent = facts.vat_rate if "vat_rate" in facts.columns else None
        day = facts.own_day if "own_day" in facts.columns else facts.day
        return {
            _amount(pick): multiplied(facts[pick.gives.columns[0]], day, steps, sent)
            for pick in self.select.picks if (steps := self._steps(pick))
        }

    def _lengths(self, facts: ir.Table) -> dict[str, ir.Value]:
        """Columns of a length of time that may not be over yet."""
        if self.select.how is not How.SURVIVAL:
            return {}
        orders = table(self.feed.table)
        last = survival.last_day(orders.filter(_of_accounts(orders, self.feed)))
        return survival.columns(facts, facts.own_day if "own_day" in facts.columns else facts.day, last)

    # ----------------------------------------------------------------------------------------------------- all windows

    def _with_origins(self, rows: ir.Table) -> ir.Table:
        if not self.joined:
            return rows
        said = ibis.table(self.shape.said().schema(), name=name(self.joined))
        joined = rows.left_join(said, rows.origin == said.origin_key)
        empty = {key: channels.UNASSIGNED if key == "channel" else "" for key in said.columns if key != "origin_key"}
        filled = joined.select(
            *(name for name in rows.columns if name != "origin"), **{key: joined[key].fill_null(nothing) for key, nothing in empty.items()}
        )
        wanted = [filled[key].isin(values) for key, values in self.shape.only if key in self.origins]
        return filled.filter(wanted) if wanted else filled

    def _summed(self, rows: ir.Table) -> ir.Table:
        keys = ["window", *self.by]
        if self.select.how is How.DISTINCT:
            gives, conditions = self.select.picks[0].gives, self._conditions(rows, self.select.picks[0])
            kept = rows.filter(conditions) if conditions else rows
            # NB: two steps instead of a distinct count, which some engines only approximate.
            wanted = tuple(dict.fromkeys((*keys, *gives.columns)))
            each = kept.select(*wanted).distinct() if gives.least == 1 else _often(kept, wanted, gives.least)
            return each.group_by(keys).aggregate(v0=each.count().cast("float64"))
        if self.select.how is How.SURVIVAL:
            conditions = self._conditions(rows, self.select.picks[0])
            return survival.median(rows.filter(conditions) if conditions else rows, keys)
        grouped = rows.group_by([*keys, "currency"] if self.select.money else keys)
        return grouped.aggregate(**{f"v{n}": self._value(rows, pick).cast("float64") for n, pick in enumerate(self.select.picks)})

    def _value(self, rows: ir.Table, pick: Pick) -> ir.NumericValue:
        gives = pick.gives
        column = rows[_amount(pick) if self._steps(pick) else gives.columns[0]]
        if self.select.how is How.EXACT:
            return ibis.ifelse(rows.count() == 1, column.max(), ibis.null(column.type()))
        conditions = self._conditions(rows, pick)
        if gives.flag == "goals" and self.shape.goals and not self._only_goals():
            conditions.append(rows.goal.isin(self.shape.goals))
        where = ibis.and_(*conditions) if conditions else None
        if self.select.how is How.MEDIAN:
            return column.cast("float64").median(where=where)
        added = column - rows[gives.minus].fill_null(0) if gives.minus else column
        total = added.sum(where=where).fill_null(0)
        known = []
        if gives.whole:
            # Rows that know views where nobody can count visits have no witness but themselves.
            witness = rows.count(where=where) if gives.flag == "views" else rows[_WITNESS[self.feed.table]].count(where=where)
            known.append(column.count(where=where) == witness)
        if gives.sent:
            known.append(rows.count(where=rows[gives.sent] == "") == 0)
        if gives.one_goal and "goal" not in self.by:
            known.append((rows.goal.min(where=where) == rows.goal.max(where=where)).fill_null(True))
        if gives.alone:
            known.append(column.count(where=where) > 0)
        if gives.alone and gives.alone not in self.by:
            known.append((rows[gives.alone].min(where=where) == rows[gives.alone].max(where=where)).fill_null(True))
        if pick.measure.one_system:
            known.append(rows[SYSTEM].min() == rows[SYSTEM].max())
        return ibis.ifelse(ibis.and_(*known), total, ibis.null(total.type())) if known else total

    def _conditions(self, rows: ir.Table, pick: Pick) -> list[ir.BooleanValue]:
        """Which rows one sum counts, beyond what all sums of the pass share."""
        gives = pick.gives
        conditions = [_condition(rows, where) for where in gives.where if where not in self._shared()]
        if gives.channels:
            conditions.append(rows.channel.isin(channels.named(self.shape.grouping, gives.channels)))
        if gives.nth:
            conditions.append(rows.nth == 0 if gives.nth == "first" else rows.nth > 0)
        return conditions

    def _shaped(self, summed: ir.Table) -> ir.Table:
        """The columns that every select has."""
        nothing = {**dict.fromkeys(dimensions.TIME, _DAY), "weekday": "int64"}
        named = {
            key: summed[key] if key in self.by else ibis.literal(None, nothing.get(key, "string")) for key in self.shape.by
        }
        currency = summed.currency if "currency" in summed.columns else ibis.literal("")
        values = (name for name in summed.columns if name not in ("window", "currency", *self.shape.by))
        return summed.select("window", **named, currency=currency, **{name: summed[name] for name in values})


def _of_accounts(facts: ir.Table, feed: Feed) -> ir.BooleanValue:
    return facts.account.isin(feed.accounts)


def _amount(pick: Pick) -> str:
    """Name of a column of money as the client counts it."""
    return f"{pick.gives.columns[0]}_{pick.gives.way}"


def _often(rows: ir.Table, wanted: tuple[str, ...], least: int) -> ir.Table:
    """The combinations that occur at least so many times."""
    counted = rows.group_by(list(wanted)).aggregate(times=rows.count())
    return counted.filter(counted.times >= least)


def _condition(rows: ir.Table, where: Where) -> ir.BooleanValue:
    column, values = rows[where.column], where.values
    if len(values) == 1:
        return column == values[0] if where.within else column != values[0]
    return column.isin(values) if where.within else column.notin(values)


def _among(value: ir.Value, key: str, texts: Sequence[str]) -> ir.BooleanValue:
    if key == "weekday":
        return value.isin([int(text) for text in texts])
    return value.isin([ibis.literal(text, "date") for text in texts])
