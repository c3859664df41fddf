"""The ledger folds into spans: loaded, zero, whole periods; a gap is in no span."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from data.coverage import range_loaded, spans
from data.warehouse import Warehouse
from tests.test_warehouse import spend


def test_gaps_zero_days_and_whole_periods_are_told_apart(tmp_path: Path) -> None:
    store = Warehouse(tmp_path / "client")
    assert spans(store) == ()
    assert range_loaded(store) is None
    store.load([spend([(date(2026, 3, 1), "a", "1"), (date(2026, 3, 2), "a", "1"), (date(2026, 3, 5), "a", "1")])])
    store.load([spend([(date(2026, 4, 1), "a", "9"), (date(2026, 4, 1), "b", "9")], date(2026, 4, 1), date(2026, 4, 30), whole=True)])
    store.load([spend([(date(2026, 6, 1), "a", "1")])])
    found = [(span.state, span.since, span.until, span.rows) for span in spans(store)]
    assert found == [
        ("loaded", date(2026, 3, 1), date(2026, 3, 2), 2),
        ("zero", date(2026, 3, 3), date(2026, 3, 4), 0),
        ("loaded", date(2026, 3, 5), date(2026, 3, 5), 1),
        ("whole", date(2026, 4, 1), date(2026, 4, 30), 2),
        ("loaded", date(2026, 6, 1), date(2026, 6, 1), 1),
    ]
    assert range_loaded(store) == (date(2026, 3, 1), date(2026, 6, 1))
