"""What is loaded: the ledger, read once per question as unbroken spans, and what a set of days of it covers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

import ibis
import ibis.expr.types as ir

from data.tables import ALL_GOALS, LOADS, TABLES, TRAFFIC
from metrics.once import once
from metrics.periods import Window
from metrics.statements import Run, Statement

FLAGS = ("visits", "views", "goals", "named_goals", "orders")
_EPOCH = date(1970, 1, 1)
_BACK = 31
"""An ad account is expected to have spend on a day if it has any in the period or this many days before it."""


@cache
def table(name: str) -> ir.Table:
    """The unbound expression of a table; made once. NB: every column may be null here, else ibis refuses to unite answers of two tables."""
    schema = TABLES[name].schema()
    return ibis.table({column: kind.copy(nullable=True) for column, kind in schema.items()}, name=name)


@dataclass(frozen=True)
class Span:
    """An unbroken run of loaded days of one table, account, attribution and breakdown; a `block` is one period that cannot be split."""

    table: str
    account: str
    attribution: str
    breakdown: str
    since: date
    until: date
    block: bool = False

    @property
    def models(self) -> tuple[str, ...]:
        return tuple(self.attribution.split(","))

    @property
    def length(self) -> int:
        return (self.until - self.since).days + 1


@dataclass(frozen=True)
class Covered:
    """What is loaded of a window. `full`: days on which everything expected is there; `some`: days on which anything is.

    `blocks` are periods that cannot be split and are counted; `cut` are those that the window's edge cuts through; `apart` count in
    totals, but in no bucket of time.
    """

    full: frozenset[int]
    some: frozenset[int]
    blocks: tuple[tuple[date, date], ...] = ()
    cut: tuple[tuple[date, date], ...] = ()
    apart: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True)
class Profile:
    """What daily totals of one account, attribution and breakdown hold: visits, page views, goals, goals by name (and not only all of them
    together), orders."""

    account: str
    attribution: str
    breakdown: str
    flags: frozenset[str]


@dataclass(frozen=True)
class Ledger:
    """All spans of a store."""

    spans: tuple[Span, ...]

    def of(self, name: str, *accounts: str) -> tuple[Span, ...]:
        return tuple(span for span in self.spans if span.table == name and (not accounts or span.account in accounts))

    def accounts(self, *names: str) -> tuple[str, ...]:
        """Accounts of these tables, the one with the most loaded days first."""
        days: dict[str, int] = {}
        for span in self.spans:
            if span.table in names:
                days[span.account] = days.get(span.account, 0) + span.length
        return tuple(sorted(days, key=lambda account: (-days[account], account)))


def read(run: Run) -> Ledger:
    """The ledger of a store as it is now."""
    return once(run, read, lambda: _read(run))


def _read(run: Run) -> Ledger:
    frame = Statement(spans()).answer(run)
    blocks = frame["block"].astype(bool).tolist()
    since, until = (frame[name].dt.date.tolist() if len(frame) else [] for name in ("since", "until"))
    texts = [frame[name].tolist() for name in ("table_name", "account", "attribution", "breakdown")]
    return Ledger(tuple(Span(*row) for row in zip(*texts, since, until, blocks, strict=True)))


def loaded_at(run: Run, day: date) -> dict[tuple[str, str], datetime]:
    """Shape: when the day was last loaded, UTC, by (table, account), for those that have the day."""
    book = table(LOADS.name)
    newest = book.filter(book.day == day).group_by("table_name", "account").aggregate(at=book.loaded_at.max())
    found = Statement(newest).answer(run)
    moments = [moment.to_pydatetime().replace(tzinfo=UTC) for moment in found["at"].tolist()]
    return dict(zip(zip(found["table_name"].tolist(), found["account"].tolist(), strict=True), moments, strict=True))


@cache
def spans() -> ir.Table:
    """Shape: table_name, account, attribution, breakdown, block, since, until; one row per span. The same for every question."""
    loads = table(LOADS.name)
    keys = ["table_name", "account", "attribution", "breakdown", "block"]
    days = loads.select(
        "table_name", "account", "attribution", "breakdown", "day", "period_since", block=loads.period_until > loads.period_since,
    ).distinct()
    days = days.mutate(place=ibis.row_number().over(ibis.window(group_by=keys, order_by="day")))
    number = days.day.delta(ibis.date(_EPOCH), unit="day").cast("int64")
    start = days.period_since.delta(ibis.date(_EPOCH), unit="day").cast("int64")
    islands = days.mutate(island=ibis.ifelse(days.block, start, number - days.place.cast("int64")))
    return islands.group_by([*keys, "island"]).aggregate(since=islands.day.min(), until=islands.day.max()).drop("island")


def profiles(run: Run) -> tuple[Profile, ...]:
    """What the daily totals hold."""
    return once(run, profiles, lambda: _profiled(run))


def _profiled(run: Run) -> tuple[Profile, ...]:
    frame = Statement(_profiles()).answer(run)
    return tuple(
        Profile(account, attribution, breakdown, frozenset(flag for flag in FLAGS if frame[flag].iloc[place]))
        for place, (account, attribution, breakdown) in enumerate(
            zip(frame["account"], frame["attribution"], frame["breakdown"], strict=True)
        )
    )


@cache
def _profiles() -> ir.Table:
    traffic = table(TRAFFIC.name)
    return traffic.group_by(["account", "attribution", "breakdown"]).aggregate(
        visits=traffic.visits.count() > 0, views=traffic.page_views.count() > 0, goals=traffic.count(where=traffic.goal != "") > 0,
        named_goals=traffic.count(where=(traffic.goal != "") & (traffic.goal != ALL_GOALS)) > 0,
        orders=(traffic.orders.count() > 0) | (traffic.revenue.count() > 0),
    )


def covered(found: Iterable[Span], window: Window, fits: Callable[[Span], bool] = lambda span: True) -> Covered:
    """What spans of one account cover of a window. `fits` says whether a block can be placed in the buckets asked for."""
    asked, days = window.days(), set[int]()
    blocks, cut, apart = set[tuple[date, date]](), set[tuple[date, date]](), set[tuple[date, date]]()
    for span in found:
        if span.until < window.since or span.since > window.until:
            continue
        if not span.block:
            since, until = max(span.since, window.since), min(span.until, window.until)
            days.update(asked.intersection(range(since.toordinal(), until.toordinal() + 1)))
            continue
        inside = frozenset(range(span.since.toordinal(), span.until.toordinal() + 1))
        if not inside <= asked:
            cut.add((span.since, span.until))
        elif fits(span):
            days |= inside
            blocks.add((span.since, span.until))
        else:
            apart.add((span.since, span.until))
    return Covered(frozenset(days), frozenset(days), tuple(sorted(blocks)), tuple(sorted(cut)), tuple(sorted(apart)))


def covered_by_all(found: Iterable[Span], window: Window, fits: Callable[[Span], bool] = lambda span: True) -> Covered:
    """The same over several accounts whose sums add up: a day is full when every account that is alive then is loaded."""
    by_account: dict[str, list[Span]] = {}
    for span in found:
        by_account.setdefault(span.account, []).append(span)
    each = [covered(spans, window, fits) for spans in by_account.values() if alive(spans, window)]
    full = frozenset.intersection(*(one.full for one in each)) if each else frozenset()
    some = frozenset[int]().union(*(one.some for one in each))
    blocks, cut, apart = (tuple(sorted({block for one in each for block in getattr(one, name)})) for name in ("blocks", "cut", "apart"))
    return Covered(full, some, blocks, cut, apart)


def alive(spans: Iterable[Span], window: Window) -> bool:
    """Whether an account has anything loaded in the window or shortly before it."""
    first = window.since.toordinal() - _BACK
    return any(span.until.toordinal() >= first and span.since <= window.until for span in spans)
