"""Old versions go by the policy: the last few stay, those that a document that went out was made from, and young ones where that is set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import commands
from data import clock, pruning
from data.desk import frozen, history, links
from data.warehouse import Warehouse
from data.workspace import Workspace, workspace
from tests.test_backup import document
from tests.test_damage import swap
from tests.test_warehouse import DAY, cost, spend


@pytest.fixture
def agency(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VITRINA_VERSIONS", "2")
    monkeypatch.setenv("VITRINA_LANG", "en")
    workspace().add_client("shop", "Shop", "RUB", "Europe/Moscow")
    return workspace()


def load(agency: Workspace, *amounts: int) -> Warehouse:
    store = agency.store(agency.client("shop"))
    for amount in amounts:
        store.load([spend([(DAY, "a", str(amount))])])
    return store


def numbers(store: Warehouse) -> list[int]:
    records = sorted(int(path.name[1:7]) for path in store.folder.glob("v*.json"))
    assert records == sorted(int(path.name[1:7]) for path in store.folder.glob("v*.duckdb")), "a version goes with its record"
    return records


def test_a_version_that_a_document_was_made_from_stays_until_that_is_long_ago(agency: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    store = load(agency, 1)
    frozen.put(agency, "shop", document("shop", 1))
    load(agency, 2, 3, 4)
    assert numbers(store) == [1, 3, 4]
    past = store.at(1)
    assert past is not None and cost(past) == 1
    later = datetime.now(UTC) + timedelta(days=101)
    monkeypatch.setattr(clock, "now", lambda: later)
    load(agency, 5)
    assert numbers(store) == [4, 5]


def test_a_version_under_an_open_share_link_stays_as_long_as_the_link_does(agency: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINA_SENT_DAYS", "0")
    store = load(agency, 1)
    copy = frozen.put(agency, "shop", document("shop", 1))
    link = links.make(agency, copy, 30)
    load(agency, 2, 3, 4)
    assert numbers(store) == [1, 3, 4]
    links.revoke(agency, "shop", link.id)
    load(agency, 5)
    assert numbers(store) == [4, 5]
    assert history.of(agency, "shop")


def test_young_versions_stay_where_that_is_set(agency: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINA_VERSION_DAYS", "7")
    store = load(agency, 1, 2, 3, 4)
    assert numbers(store) == [1, 2, 3, 4]
    reasons = {fate.number: fate.reason for fate in store.prune(dry=True)}
    assert reasons == {4: pruning.CURRENT, 3: pruning.LAST, 2: pruning.YOUNG, 1: pruning.YOUNG}
    later = datetime.now(UTC) + timedelta(days=8)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert [fate.number for fate in store.prune() if not fate.stays] == [2, 1]
    assert numbers(store) == [3, 4]


def test_versions_are_ordered_by_number_when_the_clock_is_set_back(agency: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    store = load(agency, 1, 2)
    earlier = datetime.now(UTC) - timedelta(days=400)
    monkeypatch.setattr(clock, "now", lambda: earlier)
    load(agency, 3)
    assert (store.version(), cost(store), numbers(store)) == (3, 3, [2, 3])


def test_a_damaged_file_is_kept_a_month_for_whoever_wants_to_look_at_it(agency: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    store = load(agency, 1, 2)
    current = store.current()
    assert current is not None
    swap(current.path)
    load(agency, 3)
    assert len(list(store.folder.glob("damaged-*"))) == 1
    later = datetime.now(UTC) + timedelta(days=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    load(agency, 4)
    assert list(store.folder.glob("damaged-*")) == []


def test_the_command_only_tells_with_dry_run(
    agency: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VITRINA_VERSIONS", "5")
    store = load(agency, 1, 2, 3, 4)
    for words, left in ((["--dry-run"], [1, 2, 3, 4]), ([], [3, 4])):
        monkeypatch.setattr("sys.argv", ["vitrina.py", "prune", "--all", "--keep", "2", *words])
        with pytest.raises(SystemExit) as ended:
            commands.main()
        said = capsys.readouterr().out
        assert ended.value.code == 0 and said.count("goes") == 2 and "one of the last" in said
        assert numbers(store) == left
