"""A clock that was wrong costs nothing: versions follow by number, and days that were loaded "in the future" are loaded again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from connectors import pulling
from connectors.live import Settling
from data import clock
from data.coverage import spans
from data.warehouse import Warehouse
from tests.test_warehouse import DAY, cost, spend

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SETTLING = Settling(daily=7, weekly=21, provisional=3)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.mark.promise("R09")
def test_versions_go_on_when_the_clock_is_set_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Warehouse(tmp_path)
    for amount, moment in enumerate((NOW, NOW + timedelta(days=3000), NOW - timedelta(days=3000), NOW), 1):
        at(monkeypatch, moment)
        store.load([spend([(DAY, "a", str(amount))])])
        assert (store.version(), cost(store)) == (amount, amount)
        assert [span.loaded_at for span in spans(store)] == [moment.replace(tzinfo=None)], "one line of the ledger, of the last load"
    past = store.at(2)
    assert past is not None and cost(past) == 2


@pytest.mark.promise("R09")
@pytest.mark.parametrize(
    ("loaded", "expected"),
    [(-30, False), (0, False), (1, False), (2, True), (4000, True)], ids=["long ago", "now", "another zone", "future", "far future"],
)
def test_a_settled_day_that_was_loaded_in_the_future_is_loaded_again(loaded: int, expected: bool) -> None:
    today = NOW.date()
    assert pulling.due(date(2026, 3, 1), today + timedelta(days=loaded), SETTLING, today) is expected


@pytest.mark.promise("R09")
def test_days_in_the_future_are_in_no_answer_about_the_past(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NOW)
    store = Warehouse(tmp_path)
    store.load([spend([(DAY, "a", "1")]), spend([(date(2030, 1, 1), "a", "5")], account="future")])
    found = {span.account: (span.since, span.until) for span in spans(store)}
    assert found == {"ads": (DAY, DAY), "future": (date(2030, 1, 1), date(2030, 1, 1))}
    assert store.sql("SELECT sum(cost) AS c FROM spend WHERE day <= DATE '2026-12-31'")["c"][0] == 1
