"""The calendar of what is loaded: zero is not absent, whole periods are marked, and nothing is shown twice."""

from __future__ import annotations

from datetime import date, datetime

from data.coverage import Span
from data.tables import ROLLUP
from pages.ui import ledger


def span(table: str, since: int, until: int, state: str = "loaded", rows: int = 10, breakdown: str = "", account: str = "1") -> Span:
    return Span(
        account, "metrica_logs", table, "last", breakdown, date(2026, 3, since), date(2026, 3, until), state, rows, "a.tsv #1",
        datetime(2026, 4, 1, 9), None, False,
    )


def states(strip: ledger.Strip) -> list[tuple[str, int, int]]:
    return [(stretch.state, stretch.since.day, stretch.until.day) for stretch in strip.stretches]


def test_zero_days_and_absent_days_are_two_things() -> None:
    (strip,) = ledger.strips([span("visits", 1, 3), span("visits", 4, 4, "zero", 0), span("visits", 7, 8)], date(2026, 3, 9))
    assert states(strip) == [("loaded", 1, 3), ("zero", 4, 4), ("absent", 5, 6), ("loaded", 7, 8), ("absent", 9, 9)]


def test_two_whole_periods_side_by_side_are_two_stretches() -> None:
    (strip,) = ledger.strips([span("audience", 1, 3, "whole", 5), span("audience", 4, 6, "whole", 7)], date(2026, 3, 6))
    assert [(stretch.state, stretch.rows) for stretch in strip.stretches] == [("whole", 5), ("whole", 7)]


def test_daily_sums_made_from_visits_are_not_shown_beside_the_visits() -> None:
    sums, others = span("traffic", 1, 3, breakdown=ROLLUP), span("traffic", 1, 3, breakdown=ROLLUP, account="2")
    found = ledger.strips([span("visits", 1, 3), sums, others], date(2026, 3, 3))
    assert [(strip.account, strip.table) for strip in found] == [("1", "visits"), ("2", "traffic")]


def test_tables_come_in_the_order_of_the_contracts() -> None:
    found = ledger.strips([span("spend", 1, 1), span("conversions", 1, 1), span("visits", 1, 1)], date(2026, 3, 1))
    assert [strip.table for strip in found] == ["visits", "conversions", "spend"]
