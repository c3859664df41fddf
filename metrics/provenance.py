"""Where figures come from: the formula of each with its sums, and the files and requests behind them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from data.tables import AUDIENCE, LOADS, TRAFFIC
from metrics import notes
from metrics.figures import metrics_of, of_total
from metrics.formula import Formula
from metrics.frames import Money, Sums
from metrics.ledger import table
from metrics.periods import Stretch, Window
from metrics.plan import Feed, Plan
from metrics.result import Line, Loaded, Receipt, Term, number
from metrics.rows import Metric
from metrics.scope import Scope
from metrics.statements import Run, StandIns, Statement, within


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


def receipt(planned: Plan, written: tuple[Line, ...], found: pd.DataFrame, paid: Money, statements: tuple[Statement, ...]) -> Receipt:
    """Everything that the figures rest on."""
    scope = planned.scope
    filters = (*scope.query.only, *((("goal", scope.query.goals),) if scope.query.goals else ()))
    accounts: dict[str, tuple[str, ...]] = {}
    for pick in planned.total.picks.values():
        accounts[pick.feed.table] = tuple(dict.fromkeys((*accounts.get(pick.feed.table, ()), *pick.feed.accounts)))
    return Receipt(
        lines=written, filters=filters, accounts=accounts, attribution=scope.query.attribution, rules=notes.rules(scope),
        loads=tuple(_loaded(dict(zip(found.columns, row, strict=True))) for row in found.itertuples(index=False)),
        currency=paid.currency, vat=scope.settings.vat, sampled=bool((found["sample_share"] < 1).any()), version=scope.settings.version,
        statements=statements,
    )


def _loaded(row: Mapping[str, Any]) -> Loaded:
    share = float(row["sample_share"])
    return Loaded(
        row["account"], row["source"], row["table_name"], row["origin"], row["since"].date(), row["until"].date(),
        row["loaded_at"].to_pydatetime(), None if share != share else share, bool(row["thresholded"]), bool(row["provisional"]),
    )


def loads(planned: Plan, run: Run) -> pd.DataFrame:
    """Shape: one row per file or request behind the answer, the latest first, with the days of the answer it brought."""
    found = loads_between(planned.scope).answer(run)
    known = {name for level in (planned.rows, planned.total) for pick in level.picks.values() for name in _names(pick.feed)}
    daily = found["table_name"].isin([TRAFFIC.name, AUDIENCE.name])
    attribution, breakdown = (found[name].where(daily, "") for name in ("attribution", "breakdown"))
    used = [one in known for one in zip(found["table_name"], found["account"], attribution, breakdown, strict=True)]
    mine = found[pd.Series(used, index=found.index, dtype=bool)]
    return mine.sort_values(["loaded_at", "table_name", "since"], ascending=[False, True, True], ignore_index=True)


def _names(feed: Feed) -> list[tuple[str, str, str, str]]:
    """How the ledger names the loads of a feed."""
    return [(feed.table, account, feed.attribution, feed.breakdown) for account in feed.accounts]


def loads_between(scope: Scope) -> Statement:
    """The ledger of the asked days, one row per file or request."""
    stand_ins = StandIns()
    periods = tuple((stand_ins.of(window.since), stand_ins.of(window.until)) for window in scope.windows)
    return Statement(_loads_between(periods), stand_ins.days)


@lru_cache(maxsize=8)
def _loads_between(periods: tuple[Stretch, ...]) -> ir.Table:
    book = table(LOADS.name)
    keys = ["account", "source", "table_name", "attribution", "breakdown", "origin", "sample_share", "thresholded", "provisional"]
    mine = book.filter(within(book.day, periods))
    return mine.group_by(keys).aggregate(since=mine.day.min(), until=mine.day.max(), loaded_at=mine.loaded_at.max())
