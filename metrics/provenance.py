"""Where figures come from: the formula of each with its sums, and the files and requests behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import cache

import ibis
import ibis.expr.types as ir
import pandas as pd

from data.tables import AUDIENCE, LOADS, TRAFFIC
from metrics import notes
from metrics.figures import metrics_of, of_total
from metrics.formula import Formula
from metrics.frames import Money, Sums
from metrics.ledger import table
from metrics.periods import Window
from metrics.plan import Feed, Plan
from metrics.result import Line, Loaded, Receipt, Term, number
from metrics.rows import Metric
from metrics.statements import Run, Statement


def lines(planned: Plan, total: Sums) -> tuple[Line, ...]:
    """How each total came about."""
    return tuple(_line(planned, metric, total) for metric in metrics_of(planned))


def _line(planned: Plan, metric: Metric, total: Sums) -> Line:
    now = planned.scope.now
    window = planned.windows[metric.key, now]
    value = number(of_total(planned, metric, now, total)[0], metric.key)
    over, under = (_terms(planned, formula, total, window) for formula in (metric.formula, metric.divisor))
    return Line(metric.key, metric.written, over, over if metric.relative == "share" else under, value, window.stretches())


def _terms(planned: Plan, formula: Formula | None, total: Sums, window: Window) -> tuple[Term, ...]:
    factors = planned.scope.settings.factors()
    return tuple(
        Term(term.factor * factors.get(term.setting, 1.0), term.measure, number(total.of(term.measure, window)[0], term.measure))
        for term in (formula.terms if formula else ())
    )


def receipt(
    planned: Plan, written: tuple[Line, ...], found: tuple[Loaded, ...], paid: Money, statements: tuple[Statement, ...]
) -> Receipt:
    """Everything that the figures rest on."""
    scope = planned.scope
    filters = (*scope.query.only, *((("goal", scope.query.goals),) if scope.query.goals else ()))
    accounts: dict[str, tuple[str, ...]] = {}
    for pick in planned.total.picks.values():
        accounts[pick.feed.table] = tuple(dict.fromkeys((*accounts.get(pick.feed.table, ()), *pick.feed.accounts)))
    return Receipt(
        lines=written, filters=filters, accounts=accounts, attribution=scope.query.attribution, rules=notes.rules(scope), loads=found,
        currency=paid.currency, vat="gross" if scope.settings.basis.on(scope.now.until).gross else "net",
        basis=tuple(scope.settings.basis.notes(scope.now.since, scope.now.until)), view=scope.query.view,
        sampled=any(one.sample_share is not None and one.sample_share < 1 for one in found), version=scope.settings.version,
        statements=statements, compared=(scope.before.since, scope.before.until) if scope.before else None,
    )


def loads(planned: Plan, run: Run) -> tuple[Loaded, ...]:
    """The files and requests behind the answer, the latest first, with the days of the answer that each brought."""
    known = {name for level in (planned.rows, planned.total) for pick in level.picks.values() for name in _names(pick.feed)}
    once: dict[tuple[object, ...], Loaded] = {}
    for attribution, breakdown, load in _stretches(Statement(files()).answer(run)):
        daily = load.table in (TRAFFIC.name, AUDIENCE.name)
        if (load.table, load.account, attribution if daily else "", breakdown if daily else "") not in known:
            continue
        for window in planned.scope.windows:
            if load.since <= window.until and load.until >= window.since:
                mine = replace(load, since=max(load.since, window.since), until=min(load.until, window.until))
                key = (attribution, breakdown, replace(mine, since=date.min, until=date.min, loaded_at=_ANY))
                once[key] = _joined(once[key], mine) if key in once else mine
    return tuple(sorted(once.values(), key=lambda one: (-one.loaded_at.timestamp(), one.table, one.since)))


_ANY = datetime.min


def _joined(one: Loaded, other: Loaded) -> Loaded:
    days = min(one.since, other.since), max(one.until, other.until)
    return replace(one, since=days[0], until=days[1], loaded_at=max(one.loaded_at, other.loaded_at))


def _stretches(found: pd.DataFrame) -> Iterator[tuple[str, str, Loaded]]:
    """Shape: (attribution, breakdown, what was loaded) for every unbroken stretch of days."""
    names = ("attribution", "breakdown", "account", "source", "table_name", "origin", "sample_share", "thresholded", "provisional")
    texts = [found[name].tolist() for name in names]
    since, until = ([moment.date() for moment in found[name].tolist()] for name in ("since", "until"))
    moments = [moment.to_pydatetime() for moment in found["loaded_at"].tolist()]
    for attribution, breakdown, account, source, name, origin, share, hidden, open_, first, last, moment in zip(
        *texts, since, until, moments, strict=True
    ):
        known = None if share is None or share != share else float(share)
        yield attribution, breakdown, Loaded(account, source, name, origin, first, last, moment, known, bool(hidden), bool(open_))


def _names(feed: Feed) -> list[tuple[str, str, str, str]]:
    """How the ledger names the loads of a feed."""
    return [(feed.table, account, feed.attribution, feed.breakdown) for account in feed.accounts]


@cache
def files() -> ir.Table:
    """Shape: one row per file or request and unbroken stretch of days that it brought. The same for every question."""
    book = table(LOADS.name)
    keys = ["account", "source", "table_name", "attribution", "breakdown", "origin", "sample_share", "thresholded", "provisional"]
    days = book.mutate(place=ibis.row_number().over(ibis.window(group_by=keys, order_by="day")))
    number = days.day.delta(ibis.date(date(1970, 1, 1)), unit="day").cast("int64")
    islands = days.mutate(island=number - days.place.cast("int64"))
    grouped = islands.group_by([*keys, "island"])
    return grouped.aggregate(since=islands.day.min(), until=islands.day.max(), loaded_at=islands.loaded_at.max()).drop("island")
