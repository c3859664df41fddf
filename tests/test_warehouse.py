"""Loading twice is loading once; a failed load changes nothing; readers see whole versions; zero and not loaded are told apart."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from data import settings
from data.batches import Batch
from data.errors import BadFile, ContractBroken, NeedsMemory, StoreBusy, StoreDamaged
from data.tables import ORIGIN_NAMES, SPEND, TRAFFIC, VISITS
from data.warehouse import Warehouse

DAY = date(2026, 3, 1)


def origin(**fields: str) -> dict[str, str]:
    return dict.fromkeys(ORIGIN_NAMES, "") | fields


def spend(
    rows: Iterable[tuple[date, str, str]], since: date | None = None, until: date | None = None, whole: bool = False, account: str = "ads"
) -> Batch:
    """A batch of SPEND. Shape of a row: (day, campaign, cost)."""
    rows = list(rows)
    days = [row[0] for row in rows]
    since, until = since or min(days), until or max(days)
    table = pa.table(
        {
            "day": pa.array(days, pa.date32()),
            "until": pa.array([until if whole else day for day in days], pa.date32()),
            "origin": [origin(ad_system="ya_direct", campaign=row[1]) for row in rows],
            "cost": [Decimal(row[2]) for row in rows],
            "clicks": [1] * len(rows),
            "currency": ["RUB"] * len(rows),
        }
    )
    return Batch(SPEND, "test", account, table, "sheet.csv #1", since, until, whole=whole)


def visits(
    rows: Iterable[tuple[int, date, int]], account: str = "counter", model: str = "last_significant", source: str = "yandex"
) -> Batch:
    """A batch of VISITS. Shape of a row: (visit, day, page views)."""
    rows = list(rows)
    table = pa.table(
        {
            "day": pa.array([row[1] for row in rows], pa.date32()),
            "visit": pa.array([row[0] for row in rows], pa.uint64()),
            "visitor": pa.array([2**63 + row[0] % 1000 for row in rows], pa.uint64()),
            f"origin_{model}": [origin(source=source) for _ in rows],
            "device": ["phone"] * len(rows),
            "visits": pa.array([1] * len(rows), pa.uint32()),
            "page_views": pa.array([row[2] for row in rows], pa.uint32()),
            "seconds": pa.array([10] * len(rows), pa.uint32()),
        }
    )
    return Batch(VISITS, "test", account, table, "log.tsv #1", min(r[1] for r in rows), max(r[1] for r in rows), attribution=model)


def cost(store: Warehouse) -> Decimal:
    return store.arrow("SELECT coalesce(sum(cost), 0) AS cost FROM spend").column("cost")[0].as_py()  # type: ignore[no-any-return]


def contents(store: Warehouse) -> dict[str, list[object]]:
    """Everything that is loaded, without the moments of loading."""
    wanted = {name: "*" for name in ("visits", "conversions", "orders", "traffic", "audience", "spend", "origins")}
    wanted["loads"] = "* EXCLUDE (loaded_at, load_id)"
    return {name: store.arrow(f"SELECT {columns} FROM {name} ORDER BY ALL").to_pylist() for name, columns in wanted.items()}


@pytest.fixture
def store(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "client")


def test_an_empty_store_has_every_table_and_no_rows(store: Warehouse) -> None:
    assert store.version() == 0
    assert all(rows == [] for rows in contents(store).values())


@pytest.mark.promise("R07")
def test_loading_twice_is_loading_once(store: Warehouse) -> None:
    batches = [visits([(1, DAY, 3), (2**64 - 1, DAY, 1)]), spend([(DAY, "a", "10.01"), (DAY, "b", "0.02")])]
    store.load(batches)
    once = contents(store)
    store.load(batches)
    assert contents(store) == once
    assert store.version() == 2
    assert [row["visit"] for row in once["visits"]] == [1, 2**64 - 1]  # type: ignore[index]


@pytest.mark.promise("R07")
def test_halves_in_any_order_give_the_same_store(tmp_path: Path) -> None:
    rows = [(n, date(2026, 3, 1 + n // 4), n % 5 + 1) for n in range(1, 20)]
    halves = [visits(rows[:10]), visits(rows[10:])]
    stores = [Warehouse(tmp_path / name) for name in ("whole", "forth", "back")]
    stores[0].load([visits(rows)])
    for half in halves:
        stores[1].load([half])
    for half in reversed(halves):
        stores[2].load([half])
    assert contents(stores[0])["visits"] == contents(stores[1])["visits"] == contents(stores[2])["visits"]
    assert contents(stores[0])["traffic"] == contents(stores[1])["traffic"] == contents(stores[2])["traffic"]


def test_rows_that_repeat_a_visit_fold_into_the_fullest(store: Warehouse) -> None:
    loaded = store.load([visits([(1, DAY, 2), (1, DAY, 7), (1, DAY, 2), (5, DAY, 1)])])
    assert (loaded[0].rows, loaded[0].folded) == (2, 2)
    assert store.sql("SELECT page_views FROM visits ORDER BY visit")["page_views"].tolist() == [7, 1]


def test_a_visit_of_another_year_with_the_same_id_is_another_visit(store: Warehouse) -> None:
    store.load([visits([(1, DAY, 2)])])
    store.load([visits([(1, date(2025, 3, 1), 2)])])
    assert len(store.sql("SELECT * FROM visits")) == 2


def test_a_second_attribution_model_joins_the_first(store: Warehouse) -> None:
    store.load([visits([(1, DAY, 2)], model="last_significant", source="yandex")])
    store.load([visits([(1, DAY, 2)], model="first", source="vk")])
    both = store.sql(
        "SELECT l.source AS last, f.source AS first FROM visits v JOIN origins l ON l.origin = origin_last_significant "
        "JOIN origins f ON f.origin = origin_first"
    )
    assert both.to_dict("records") == [{"last": "yandex", "first": "vk"}]
    rolled = store.sql("SELECT attribution, sum(visits) AS visits FROM traffic GROUP BY 1 ORDER BY 1")
    assert dict(zip(rolled["attribution"], rolled["visits"], strict=True)) == {"first": 1, "last_significant": 1}


def test_the_roll_up_equals_the_visits(store: Warehouse) -> None:
    store.load([visits([(n, date(2026, 3, 1 + n % 9), n % 4) for n in range(200)])])
    rolled = store.sql("SELECT day, sum(visits) AS v, sum(page_views) AS p, sum(seconds) AS s FROM traffic GROUP BY day ORDER BY day")
    plain = store.sql("SELECT day, count(*) AS v, sum(page_views) AS p, sum(seconds) AS s FROM visits GROUP BY day ORDER BY day")
    assert rolled.to_dict("list") == plain.to_dict("list")


def test_a_loaded_day_without_rows_is_in_the_ledger_and_an_unloaded_one_is_not(store: Warehouse) -> None:
    store.load([spend([(DAY, "a", "1"), (date(2026, 3, 3), "a", "1")])])
    ledger = store.sql("SELECT day::VARCHAR AS day, rows FROM loads ORDER BY day")
    assert dict(zip(ledger["day"], ledger["rows"], strict=True)) == {"2026-03-01": 1, "2026-03-02": 0, "2026-03-03": 1}


def test_money_is_exact(store: Warehouse) -> None:
    store.load([spend([(DAY, f"campaign {n}", "0.1") for n in range(1000)])])
    assert cost(store) == Decimal("100.000000")


def test_days_are_replaced_and_their_neighbours_stay(store: Warehouse) -> None:
    store.load([spend([(date(2026, 3, d), "a", "10") for d in (1, 2, 3)])])
    store.load([spend([(date(2026, 3, 2), "a", "99")])])
    assert store.sql("SELECT cost FROM spend ORDER BY day")["cost"].tolist() == [10, 99, 10]
    store.load([spend([(date(2026, 3, 2), "a", "5")], account="another account")])
    assert cost(store) == Decimal(124)


def test_a_whole_period_does_not_push_out_days_that_are_known_one_by_one(store: Warehouse) -> None:
    store.load([spend([(date(2026, 3, 5), "a", "10")])])
    whole = spend([(DAY, "a", "300")], DAY, date(2026, 3, 31), whole=True)
    with pytest.raises(BadFile, match="only as a whole"):
        store.load([whole])
    assert cost(store) == Decimal(10)
    store.load([whole], replace=True)
    assert cost(store) == Decimal(300)


def test_days_push_out_a_whole_period_and_say_so(store: Warehouse) -> None:
    store.load([spend([(DAY, "a", "300")], DAY, date(2026, 3, 31), whole=True)])
    loaded = store.load([spend([(date(2026, 3, 5), "a", "10")])])
    assert cost(store) == Decimal(10)
    assert [note.kind for note in loaded[0].notes] == ["replaced"]
    assert len(store.sql("SELECT * FROM loads")) == 1


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [("cost", None, "cost"), ("clicks", -1, "clicks"), ("day", date(2020, 1, 1), "day"), ("until", date(2020, 1, 1), "until")],
)
def test_rows_that_break_the_contract_are_named_and_nothing_changes(store: Warehouse, column: str, value: object, named: str) -> None:
    store.load([spend([(DAY, "a", "1")])])
    good = spend([(DAY, "a", "5"), (DAY, "b", "6")])
    assert isinstance(good.rows, pa.Table)
    rows = good.rows.to_pylist()
    rows[1][column] = value
    bad = Batch(SPEND, "test", "ads", pa.Table.from_pylist(rows, schema=good.rows.schema), "sheet.csv #1", DAY, DAY)
    with pytest.raises(ContractBroken) as caught:
        store.load([spend([(DAY, "z", "7")]), bad])
    assert str(caught.value).startswith(named)
    assert cost(store) == Decimal(1)
    assert list(store.folder.glob("draft-*")) == []


def test_an_unknown_column_is_refused(store: Warehouse) -> None:
    with pytest.raises(ContractBroken, match="There is no column colour"):
        store.load([Batch(SPEND, "test", "ads", pa.table({"colour": ["red"]}), "x", DAY, DAY)])


def test_a_reader_keeps_its_version_while_others_are_published(store: Warehouse) -> None:
    store.load([spend([(DAY, "a", "1")])])
    with store._cursor() as reader:
        for amount in ("2", "3", "4"):
            store.load([spend([(DAY, "a", amount)])])
        assert reader.execute("SELECT sum(cost) FROM spend").fetchone() == (Decimal(1),)
    assert cost(store) == Decimal(4)


def test_a_pinned_store_answers_from_one_version(store: Warehouse) -> None:
    store.load([spend([(DAY, "a", "1")])])
    held = store.pinned()
    store.load([spend([(DAY, "a", "2")])])
    assert (cost(held), held.version()) == (Decimal(1), 1)
    assert (cost(store), store.version()) == (Decimal(2), 2)


def test_a_load_through_a_pinned_store_builds_on_what_is_published(store: Warehouse) -> None:
    store.load([spend([(DAY, "a", "1")])])
    held = store.pinned()
    store.load([spend([(DAY, "a", "2")])])
    held.load([visits([(1, DAY, 2)])])
    assert (cost(store), store.version()) == (Decimal(2), 3)
    assert held.version() == 1


def test_many_threads_get_whole_answers_while_versions_are_published(store: Warehouse) -> None:
    store.load([spend([(DAY, name, "1") for name in "abcd"])])
    wrong: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            row = store.arrow("SELECT count(*) AS n, sum(cost) AS c, count(DISTINCT cost) AS kinds FROM spend").to_pylist()[0]
            if (row["n"], row["kinds"]) != (4, 1):
                wrong.append(row)

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    for amount in range(2, 12):
        store.load([spend([(DAY, name, str(amount)) for name in "abcd"])])
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []


def test_a_prepared_version_changes_nothing_until_it_is_published(store: Warehouse) -> None:
    store.load([spend([(DAY, "a", "1")])])
    candidate = store.prepare([spend([(DAY, "a", "8")])])
    assert candidate.loaded[0].before["cost"] == 1
    assert candidate.loaded[0].after["cost"] == 8
    assert cost(store) == Decimal(1)
    assert store.publish(candidate)
    assert cost(store) == Decimal(8)


def test_a_prepared_version_is_not_published_over_somebody_elses(store: Warehouse) -> None:
    candidate = store.prepare([spend([(DAY, "a", "8")])])
    store.load([spend([(DAY, "a", "1")])])
    assert not store.publish(candidate)
    store.discard(candidate)
    assert cost(store) == Decimal(1)
    assert list(store.folder.glob("draft-*")) == []


def test_old_versions_are_kept_up_to_the_limit(store: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINA_VERSIONS", "3")
    for amount in range(6):
        store.load([spend([(DAY, "a", str(amount))])])
    assert sorted(path.stem.split("-")[0] for path in store.folder.glob("v*.duckdb")) == ["v000004", "v000005", "v000006"]


def test_batches_of_one_load_that_replace_each_other_are_told_what_is_there_in_the_end(store: Warehouse) -> None:
    loaded = store.load([spend([(DAY, "a", "5"), (DAY, "b", "5")]), spend([(DAY, "a", "7")])])
    assert [one.after["cost"] for one in loaded] == [7, 7]
    assert cost(store) == Decimal(7)


def test_a_load_afresh_forgets_what_was_there_and_counts_on(store: Warehouse) -> None:
    store.load([spend([(DAY, "a", "1")])])
    store.load([visits([(1, DAY, 2)])], afresh=True)
    assert cost(store) == 0
    assert store.version() == 2


def test_a_version_whose_publication_was_killed_is_swept_away(store: Warehouse) -> None:
    store.load([spend([(DAY, "a", "1")])])
    (store.folder / "v000002-killed.duckdb").write_bytes(b"")
    store.load([spend([(DAY, "a", "2")])])
    assert not (store.folder / "v000002-killed.duckdb").exists()
    assert cost(store) == Decimal(2)


def test_a_second_loader_waits_and_is_told_when_it_waits_too_long(store: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.warehouse.PATIENCE", 0.05)
    with store._lock(), pytest.raises(StoreBusy):
        Warehouse(store.folder).load([spend([(DAY, "a", "1")])])


def test_a_damaged_version_that_nothing_can_stand_in_for_is_said_in_words(tmp_path: Path) -> None:
    other = Warehouse(tmp_path / "other")
    other.folder.mkdir()
    (other.folder / "broken.duckdb").write_bytes(b"not a database" * 100)
    (other.folder / "current.json").write_text(json.dumps({"version": 1, "file": "broken.duckdb", "made_at": "2026-03-01T00:00:00+00:00"}))
    with pytest.raises(StoreDamaged, match="cannot be opened"):
        other.sql("SELECT 1")
    (other.folder / "current.json").write_text("{")
    with pytest.raises(StoreDamaged, match="pointer"):
        other.version()


def test_the_same_origin_has_one_key_in_every_table(store: Warehouse) -> None:
    traffic = pa.table(
        {
            "day": pa.array([DAY], pa.date32()),
            "origin": [origin(source="yandex")],
            "goal": [""],
            "visits": [7],
            "currency": [""],
        }
    )
    store.load([visits([(1, DAY, 2)]), Batch(TRAFFIC, "test", "ga", traffic, "x", DAY, DAY, attribution="session", breakdown="origin")])
    assert len(store.sql("SELECT DISTINCT origin FROM traffic")) == 1
    assert len(store.sql("SELECT * FROM origins")) == 1


def test_a_load_that_little_memory_cannot_hold_is_tried_with_all_it_may_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Warehouse(tmp_path)
    monkeypatch.setattr(settings, "memory_steps", lambda: ("1MB", "200MB"))
    store.load([spend([(DAY, "a", "5")])])
    assert store.version() == 1
    monkeypatch.setattr(settings, "memory_steps", lambda: ("1MB",))
    with pytest.raises(NeedsMemory):
        store.load([spend([(DAY, "b", "6")])])
    assert store.version() == 1 and not list(tmp_path.glob("draft-*"))
