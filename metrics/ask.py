"""A question in, an answer out: read the ledger, plan, sum in the engine, align, divide, compare, explain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache

import ibis.expr.types as ir
import pandas as pd

from data.tables import ORIGINS, SPEND
from metrics import channels, dimensions, frames, ledger, maturity, notes, provenance, scatter, sums, unpaid
from metrics.figures import Whole, change, figure, metrics_of, of_total
from metrics.frames import Array, Sums
from metrics.ledger import Ledger, table
from metrics.once import once
from metrics.origins import leading_to
from metrics.periods import Window
from metrics.plan import Plan, plan
from metrics.query import Query
from metrics.registry import DIMENSIONS, MEASURES, METRICS
from metrics.result import Result, number
from metrics.scope import Scope, Settings, settle
from metrics.statements import Run, Statement
from metrics.top import OTHER, Cut, cut

DEFAULTS = Settings()
EMPTY = "(not set)"


def ask(query: Query, run: Run, settings: Settings = DEFAULTS) -> Result:
    """Answer a question with whatever `run` can reach.

    Raises: CannotAnswer for a counter or an attribution that is not loaded, and for more rows than anybody can read.
    """
    return once(run, (query, settings), lambda: _answered(query, run, settings))


def _answered(query: Query, run: Run, settings: Settings) -> Result:
    book = ledger.read(run)
    scope, settled = settle(query, book, settings)
    scope = replace(scope, together=_together(scope, book, run))
    planned = plan(scope, book, lambda: ledger.profiles(run))
    statements = [sums.statement(planned, level) for level in ((planned.rows, planned.total) if query.by else (planned.total,))]
    answers = [None if statement is None else statement.answer(run) for statement in statements]
    paid = frames.money(planned, answers[-1])
    total = frames.sums(planned, planned.total, answers[-1], paid)
    rows = frames.sums(planned, planned.rows, answers[0], paid) if query.by else total
    free = unpaid.channels_without_spend(planned, rows, total, run)
    rows, total = unpaid.cleared(planned, rows, free), unpaid.cleared(planned, total, free)
    whole = Whole(total, rows)
    shown = cut(planned, rows, whole) if query.by else Cut(total, None, 1, 1)
    loads = provenance.loads(planned, run)
    said = (
        *settled, *notes.of_coverage(planned, book), *notes.of_values(planned, total, paid, shown), *notes.of_meaning(planned, book),
        *unpaid.notes(planned, free), *maturity.notes(planned, run), *notes.of_loads(loads),
    )
    lines = provenance.lines(planned, total)
    before = _totals(planned, total, scope.before) if scope.before else None
    return Result(
        query=scope.query, frame=_frame(planned, shown, whole), total={line.metric: line.value for line in lines}, before=before,
        change=_changes(planned, total) if scope.before else None, notes=said, loaded_until=_loaded_until(planned, book),
        currency=paid.currency, titles=_titles(planned, shown, run), missing=notes.missing(planned),
        compared=(scope.before.since, scope.before.until) if scope.before else None,
        whole=_record(planned, total) if scope.before else {},
        days=tuple(len(scope.asked(window)) for window in scope.windows), factors=scope.settings.factors(),
        learn=lambda: scatter.read(planned, len(rows.keys), book, lambda: ledger.profiles(run), run),
        receipt=provenance.receipt(planned, lines, loads, paid, tuple(s for s in statements if s is not None)),
    )


# ------------------------------------------------------------------------------------------------------------- before the sums


def _together(scope: Scope, book: Ledger, run: Run) -> frozenset[str]:
    """Channels whose spend of the asked days is known only as a whole, so that their parts cannot be set against it."""
    query = scope.query
    asked = "channel" in query.by or any(key == "channel" for key, _ in query.only)
    spends = any(gives.table == SPEND.name for metric in query.metrics for key in METRICS[metric].measures for gives in MEASURES[key].gives)
    wholes = set(channels.under(query.grouping).values())
    if not (asked and spends and wholes and book.of(SPEND.name)):
        return frozenset()
    found = Statement(_wholes(frozenset(wholes), query.grouping, scope.settings.rules)).answer(run)
    since, until = (found[name].dt.date for name in ("day", "until"))
    return frozenset(found["channel"][[
        any(window.since <= first and last <= window.until for window in scope.windows) for first, last in zip(since, until, strict=True)
    ]])


@lru_cache(maxsize=16)
def _wholes(wholes: frozenset[str], grouping: str, own: tuple[channels.Rule, ...]) -> ir.Table:
    """Shape: channel, day, until; on which days the channels have spend of their own. The same for every question."""
    spend = table(SPEND.name)
    costing = spend.filter(spend.cost > 0).select("origin", "day", "until").distinct()
    named = leading_to(wholes, grouping, own)
    joined = costing.join(named, costing.origin == named.origin_key)
    return joined.filter(joined.channel.isin(sorted(wholes))).select("channel", "day", "until").distinct()


# ----------------------------------------------------------------------------------------------------------------- the figures


def _frame(planned: Plan, shown: Cut, whole: Whole) -> pd.DataFrame:
    """The rows that are shown, the remainder last (or last in its bucket of time)."""
    parts = [_block(planned, part, whole) for part in (shown.shown, shown.rest) if part is not None]
    if len(parts) == 1:
        return parts[0]
    joined = pd.concat(parts, ignore_index=True)
    time = list(dimensions.of_kind(planned.rows.by, "time"))
    return joined.sort_values(time, kind="stable", ignore_index=True) if time else joined


def _block(planned: Plan, part: Sums, whole: Whole) -> pd.DataFrame:
    columns: dict[str, object] = {key: part.keys[key] for key in part.keys.columns}
    before = planned.scope.before
    for metric in metrics_of(planned):
        columns[metric.key] = now = figure(planned, metric, planned.scope.now, part, whole)
        if before is not None:
            columns[f"{metric.key}__before"] = was = figure(planned, metric, before, part, whole)
            columns[f"{metric.key}__change"] = change(planned, metric, now, was, part)
    for key in planned.total.picks:
        columns.setdefault(key, part.of(key, planned.scope.now))
        if before is not None:
            columns.setdefault(f"{key}__before", part.of(key, before))
            columns.update(_narrowed(planned, key, before, part))
    return pd.DataFrame(columns, index=part.keys.index)


def _record(planned: Plan, total: Sums) -> dict[str, float]:
    """The total as a row."""
    block = _block(planned, total, Whole(total, total))
    return {str(name): float(value) for name, value in zip(block.columns, block.iloc[0], strict=True)}


def _narrowed(planned: Plan, key: str, before: Window, part: Sums) -> dict[str, Array]:
    """The sums of metrics that are computed over fewer days than asked, for their verdicts: `<measure>@<metric>`."""
    found = {}
    for metric in metrics_of(planned):
        for window, suffix in ((planned.scope.now, ""), (before, "__before")):
            used = planned.windows[metric.key, window]
            if used != window and key in metric.measures:
                found[f"{key}@{metric.key}{suffix}"] = part.of(key, used)
    return found


def _totals(planned: Plan, total: Sums, window: Window) -> dict[str, float | None]:
    return {metric.key: number(of_total(planned, metric, window, total)[0], metric.key) for metric in metrics_of(planned)}


def _changes(planned: Plan, total: Sums) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for metric in metrics_of(planned):
        now, was = (of_total(planned, metric, window, total) for window in planned.scope.windows)
        found[metric.key] = number(change(planned, metric, now, was, total)[0])
    return found


def _loaded_until(planned: Plan, book: Ledger) -> date | None:
    """The last day up to which everything the answer uses is loaded."""
    feeds = {pick.feed for pick in planned.total.picks.values()}
    last = [max(span.until for span in spans) for feed in feeds if (spans := book.of(feed.table, *feed.accounts))]
    return min(last, default=None)


# ------------------------------------------------------------------------------------------------------------------ the titles


def _titles(planned: Plan, shown: Cut, run: Run) -> dict[str, Mapping[str, str]]:
    """Shape: dimension -> key as text -> English title, for keys that are not their own title."""
    found: dict[str, Mapping[str, str]] = {}
    for key in planned.rows.by:
        named = dict(DIMENSIONS[key].titles)
        if DIMENSIONS[key].kind == "time":
            found[key] = named
            continue
        if key == "channel":
            named = {str(one): channels.title(planned.scope.query.grouping, str(one)) for one in shown.shown.keys[key].unique()}
        if key == "campaign":
            named = _campaigns(Statement(campaign_names()).answer(run))
        found[key] = {**named, "": EMPTY, OTHER: OTHER}
    return found


@cache
def campaign_names() -> ir.Table:
    """Shape: campaign, name; the name an ad system gives each campaign that has a number."""
    origins = table(ORIGINS.name)
    known = origins.filter(origins.campaign_id != "", origins.campaign_name != "")
    return known.group_by(campaign=known.campaign_id).aggregate(name=known.campaign_name.max())


def _campaigns(names: pd.DataFrame) -> dict[str, str]:
    """Names by number; campaigns of one name are told apart by their numbers."""
    twice = names["name"].duplicated(keep=False)
    texts = names["name"].where(~twice, names["name"] + " (" + names["campaign"] + ")")
    return dict(zip(names["campaign"], texts, strict=True))
