"""What is loaded, read for people: per account and table, one strip of days in states, without holes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from data.coverage import Span
from data.tables import FACTS, ROLLUP, TRAFFIC, VISITS
from pages.ui.coverage import Stretch

_TABLES = [table.name for table in FACTS]
_ORDER = ("whole", "provisional", "loaded", "zero")
"""Of several loads of one day the first of these names its state."""


@dataclass(frozen=True)
class Strip:
    """One account's table: its days from the first loaded one on, when it was loaded last, and what to know about it."""

    account: str
    source: str
    table: str
    since: date
    until: date
    loaded_at: datetime
    sample_share: float | None
    thresholded: bool
    origins: tuple[str, ...]
    stretches: tuple[Stretch, ...]


def strips(spans: Iterable[Span], until: date) -> list[Strip]:
    """Shape: one strip per source, account and table. Daily sums that were made from visits are left out where the visits are there."""
    known = list(spans)
    visits = {(span.account, span.source) for span in known if span.table == VISITS.name}
    shown = [s for s in known if not (s.table == TRAFFIC.name and s.breakdown == ROLLUP and (s.account, s.source) in visits)]
    return [_read(list(group), until) for _, group in groupby(sorted(shown, key=_place), key=_place)]


def _place(span: Span) -> tuple[str, str, int]:
    """Accounts of one source together, their tables in the order of the contracts."""
    return span.source, span.account, _TABLES.index(span.table)


def _read(spans: Sequence[Span], until: date) -> Strip:
    first, last = min(span.since for span in spans), max(span.until for span in spans)
    newest = sorted(spans, key=lambda span: span.loaded_at)
    shares = [span.sample_share for span in spans if span.sample_share is not None]
    return Strip(
        spans[0].account, spans[0].source, spans[0].table, first, last, newest[-1].loaded_at, min(shares, default=None),
        any(span.thresholded for span in spans), tuple(dict.fromkeys(span.origin for span in newest)),
        tuple(_stretches(spans, first, max(last, until))),
    )


def _stretches(spans: Sequence[Span], first: date, last: date) -> Iterator[Stretch]:
    days: dict[date, list[Span]] = {}
    for span in spans:
        for step in range((span.until - span.since).days + 1):
            days.setdefault(span.since + timedelta(days=step), []).append(span)
    every = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    for (state, _), group in groupby(every, key=lambda day: _state(days.get(day, []))):
        run = list(group)
        yield Stretch("", run[0], run[-1], state, _rows(spans, run[0], run[-1]))


def _state(spans: Sequence[Span]) -> tuple[str, date | None]:
    """The state of a day, and the period it belongs to: two periods side by side are two stretches."""
    state = next((state for state in _ORDER if any(span.state == state for span in spans)), "absent")
    return state, min(span.since for span in spans if span.state == "whole") if state == "whole" else None


def _rows(spans: Sequence[Span], since: date, until: date) -> int:
    """Rows of the loads that lie inside a stretch; 0 when one of them reaches out of it, for then nobody has counted."""
    touching = [span for span in spans if span.since <= until and span.until >= since]
    inside = all(span.since >= since and span.until <= until for span in touching)
    return sum(span.rows for span in touching) if inside else 0
