"""A log of hits is counted once: beside a log of visits, in parts, in any order; and it says what it does not hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors import intake
from data.batches import Scan
from data.errors import BadFile
from data.loading import Loaded
from data.warehouse import Warehouse
from metrics import Query, Settings, ask
from tests.stored import SAMPLES, shared, stored

STATED = {"timezone": "Europe/Moscow", "vat": "net", "currency": "RUB", "attribution": "automatic"}
HEADER = ("watchID", "visitID", "counterID", "clientID", "date", "dateTime", "isPageView", "deviceCategory", "goalsID", "purchaseID",
          "purchaseRevenue")
VISIT_HEADER = ("visitID", "counterID", "date", "dateTime", "clientID", "pageViews", "lastsignTrafficSource", "goalsID", "purchaseID",
                "purchaseRevenue")
VISIT = ("21", "70000017", "2026-03-01", "2026-03-01 23:58:00", "7", "2", "ad", "[5]", r"[\'A-1\']", "[1200]")
HITS = (
    ("1", "21", "70000017", "7", "2026-03-01", "2026-03-01 23:58:00", "1", "2", "[]", "[]", "[]"),
    ("2", "21", "70000017", "7", "2026-03-02", "2026-03-02 00:01:00", "1", "2", "[5]", r"[\'A-1\']", "[1200]"),
    ("3", "22", "70000017", "8", "2026-03-04", "2026-03-04 10:00:00", "0", "1", "[5,6]", r"[\'A-2\']", "[300]"),
)


def log(path: Path, prefix: str, header: Sequence[str], *lines: Sequence[str]) -> Path:
    rows = [[f"{prefix}{name}" for name in header], *lines]
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8", newline="")
    return path


def hits(folder: Path, *lines: Sequence[str], name: str = "hits.tsv") -> Path:
    return log(folder / name, "ym:pv:", HEADER, *lines)


def visits(folder: Path, header: Sequence[str] = VISIT_HEADER, line: Sequence[str] = VISIT) -> Path:
    return log(folder / "visits.tsv", "ym:s:", header, line)


def load(store: Warehouse, *paths: Path) -> list[Loaded]:
    """Load files as one handful."""
    handful = intake.sort(paths)
    if handful.refused:
        raise handful.refused[0].problem
    known = [intake.resolve(series, intake.Known(stated=STATED)) for series in handful.series]
    return [one for resolved in known for one in store.load(intake.read(resolved))]


def counted(store: Warehouse, table: str) -> list[tuple[Any, ...]]:
    keys = {"conversions": ("visit", "goal"), "orders": ("order_id", "revenue"), "traffic": ("day", "visits", "page_views")}[table]
    return [tuple(row.get(key) for key in keys) for row in stored(store).get(table, [])]


def test_a_real_log_of_hits_gives_its_control_figures(tmp_path: Path) -> None:
    path = shared("metrika/logs_hits_university.tsv")
    [series] = intake.sort([path]).series
    rows = intake.read(intake.resolve(series, intake.Known(stated=STATED)))[0].rows
    assert isinstance(rows, Scan)
    assert duckdb.execute(f"SELECT count(*) FROM ({rows.stage.sql})", {"files": [str(path)]}).fetchone() == (887,)
    store = Warehouse(tmp_path)
    loaded = load(store, path)
    found = stored(store)
    assert sum(row.get("page_views", 0) for row in found["traffic"]) == 542
    assert [row["users"] for row in found["audience"] if row.get("breakdown") == "period"] == [388]
    assert {note.kind for one in loaded for note in one.notes} == {"hits"}


def test_page_views_are_known_where_visits_cannot_be_counted(tmp_path: Path) -> None:
    places = [place for place, name in enumerate(HEADER) if name != "visitID"]
    path = log(tmp_path / "hits.tsv", "ym:pv:", [HEADER[place] for place in places], *([line[place] for place in places] for line in HITS))
    store = Warehouse(tmp_path / "store")
    load(store, path)
    assert seen(store) == [2, None]
    load(store, visits(tmp_path))
    assert seen(store) == [2, 1], "views come from one table only"


def seen(store: Warehouse) -> list[float | None]:
    """Page views and visits of the first two days of March; None is not recorded."""
    query = Query(("page_views", "visits"), date(2026, 3, 1), date(2026, 3, 2))
    return list(ask(query, store.run, Settings()).total.values())


@pytest.mark.parametrize("hits_first", [True, False])
def test_nothing_is_counted_twice_beside_a_log_of_visits(hits_first: bool, tmp_path: Path) -> None:
    store = Warehouse(tmp_path / "store")
    both = (hits(tmp_path, *HITS), visits(tmp_path))
    for path in both if hits_first else reversed(both):
        load(store, path)
    assert counted(store, "conversions") == [(21, "5"), (22, "5"), (22, "6")]
    assert counted(store, "orders") == [("A-1", "1200"), ("A-2", "300")]
    told = [row for row in stored(store)["orders"] if row["order_id"] == "A-1"]
    assert told[0]["origin_last_significant"] == {"traffic_source": "ad"}


def test_days_that_another_source_has_loaded_are_left_alone_and_named(tmp_path: Path) -> None:
    store = Warehouse(tmp_path / "store")
    load(store, visits(tmp_path))
    loaded = load(store, hits(tmp_path, *HITS))
    assert [str(note) for one in loaded for note in one.notes if note.kind == "left alone"] == [
        "1 days are left as they are: another source has already loaded conversions there, and nothing is counted twice.",
        "1 days are left as they are: another source has already loaded orders there, and nothing is counted twice.",
    ]


def test_goals_of_hits_complete_visits_that_were_ordered_without_them(tmp_path: Path) -> None:
    store = Warehouse(tmp_path / "store")
    load(store, visits(tmp_path, VISIT_HEADER[:7], VISIT[:7]), hits(tmp_path, *HITS))
    assert counted(store, "conversions") == [(21, "5"), (22, "5"), (22, "6")]


def test_parts_with_days_in_common_hold_each_hit_once(tmp_path: Path) -> None:
    store = Warehouse(tmp_path / "store")
    load(store, hits(tmp_path, *HITS[:2], name="first.tsv"), hits(tmp_path, *HITS[1:], name="second.tsv"))
    assert counted(store, "traffic") == [("2026-03-01", 1, 1), ("2026-03-02", 0, 1), ("2026-03-04", 1, 0)]
    assert counted(store, "conversions") == [(21, "5"), (22, "5"), (22, "6")]


def test_a_log_of_hits_loaded_twice_is_loaded_once(tmp_path: Path) -> None:
    store = Warehouse(tmp_path / "store")
    sample = SAMPLES / "metrica_hits" / "with_visits" / "hits.tsv"
    load(store, sample)
    once = stored(store)
    load(store, sample)
    assert stored(store) == once


@pytest.mark.parametrize(("place", "value", "words"), [
    (0, "12x", "id of a hit"), (4, "2026-13-01", "not a date"), (3, "1.8E+19", "client id"), (2, "5", "mixes counters"),
])
def test_one_broken_hit_refuses_the_whole_log(place: int, value: str, words: str, tmp_path: Path) -> None:
    broken = [value if at == place else cell for at, cell in enumerate(HITS[0])]
    with pytest.raises(BadFile, match=words):
        load(Warehouse(tmp_path / "store"), hits(tmp_path, HITS[1], broken))
