"""What is loaded: the ledger folded into spans of neighbouring days that are alike."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from data.engine import quoted
from data.warehouse import Warehouse


@dataclass(frozen=True)
class Span:
    """Neighbouring days of one table of one account, in one state.

    `state` is "loaded", "zero" (loaded, nothing happened), "provisional" (may still change) or "whole" (one period that cannot be
    split). Days that are in no span are not loaded.
    """

    account: str
    source: str
    table: str
    attribution: str
    breakdown: str
    since: date
    until: date
    state: str
    rows: int
    origin: str
    loaded_at: datetime
    sample_share: float | None
    thresholded: bool


# NB: days are grouped by their distance from their own rank, which is the same for days without a gap between them. The day itself
# is part of no group, so a file loaded over another one cuts the span where the origin changes.
_SPANS = """
    WITH marked AS (
        SELECT *, CASE WHEN period_since < period_until THEN 'whole' WHEN provisional THEN 'provisional'
                       WHEN rows = 0 THEN 'zero' ELSE 'loaded' END AS state
        FROM loads
    ), ranked AS (
        SELECT *, day - (row_number() OVER (PARTITION BY account, source, table_name, attribution, breakdown, state, origin, load_id,
                                            CASE WHEN state = 'whole' THEN period_since END ORDER BY day))::INT AS island
        FROM marked
    )
    SELECT account, source, table_name AS "table", attribution, breakdown, min(day) AS since, max(day) AS until, state,
           CASE WHEN state = 'whole' THEN max(rows) ELSE sum(rows) END::BIGINT AS rows, origin, max(loaded_at) AS loaded_at,
           min(sample_share) AS sample_share, bool_or(thresholded) AS thresholded
    FROM ranked
    GROUP BY account, source, table_name, attribution, breakdown, state, origin, load_id, island
    ORDER BY account, source, table_name, attribution, breakdown, since
"""


def spans(store: Warehouse) -> tuple[Span, ...]:
    """Everything that is loaded, by account and table, oldest first."""
    return tuple(Span(**row) for row in store.arrow(_SPANS).to_pylist())


def runs(found: Sequence[Span]) -> tuple[tuple[Span, ...], ...]:
    """Spans of one file that follow each other without a gap, zero days among them: what a person would call one load."""
    grouped: list[list[Span]] = []
    for span in found:
        last = grouped[-1][-1] if grouped else None
        if last and _same(last, span) and last.until + timedelta(days=1) == span.since and "whole" not in (last.state, span.state):
            grouped[-1].append(span)
        else:
            grouped.append([span])
    return tuple(map(tuple, grouped))


def _same(one: Span, other: Span) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in ("account", "table", "attribution", "breakdown", "origin"))


def gives_channels(store: Warehouse, account: str = "") -> bool:
    """Whether everything that is loaded (for one account, where that is asked) came with channels that the source itself has assigned.

    Then there is nothing that channel rules of our own could look at, and the source's grouping is the one to show.
    """
    mine = f"AND account = {quoted(account)}" if account else ""
    row = store.arrow(
        f"SELECT count(*) AS n, count(*) FILTER (given_channel = '') AS own FROM "
        f"(SELECT DISTINCT origin FROM traffic WHERE origin IS NOT NULL {mine}) JOIN origins USING (origin)"
    ).to_pylist()[0]
    return bool(row["n"]) and not row["own"]


def range_loaded(store: Warehouse, tables: Collection[str] = (), account: str = "") -> tuple[date, date] | None:
    """First and last day of which anything is loaded: in some tables, or for one account, where that is asked."""
    return outer_days([s for s in spans(store) if (not tables or s.table in tables) and (not account or s.account == account)])


def outer_days(found: Sequence[Span]) -> tuple[date, date] | None:
    """First and last day of some spans."""
    return (min(span.since for span in found), max(span.until for span in found)) if found else None
