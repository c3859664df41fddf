"""A client that is deleted is nowhere in the home folder any more, and a receipt says what went; nobody else loses a thing."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

import commands
from data import backup, belongings, deleting, desk, versions
from data.batches import Rejected, Rejects
from data.desk import actions, frozen, looks, marks
from data.desk.actions import Action
from data.desk.looks import Look
from data.desk.marks import Mark
from data.errors import NoSuchClient, Problem
from data.workspace import Client, Workspace, workspace
from tests.story_sample import picture
from tests.test_backup import PNG, document, furnished
from tests.test_backup import rows as written_rows
from tests.test_warehouse import DAY, cost, spend

WORD = "Zvezdochka-8841"


@pytest.fixture
def agency(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VITRINA_LANG", "en")
    return workspace()


def marked(agency: Workspace) -> Client:
    """A client with the word in every corner where something about a client is kept."""
    client = furnished(agency, "gone")
    store = agency.store(client)
    batch = spend([(DAY, f"{WORD} campaign", "1")], account=f"{WORD} account")
    rejected = Rejects("rejected", "{count} rows", {"count": 1}, (Rejected(3, f"{WORD};row", "reason"),))
    store.load([batch.__class__(**{**vars(batch), "notes": (rejected,), "origin": f"{WORD}.csv"})])
    for number in range(200):
        marks.add(agency, "gone", [Mark(DAY, DAY, f"{WORD} mark {number} " + "x" * 500)])
    actions.put(agency, "gone", Action(f"{WORD} action", owner=WORD))
    agency.remember("gone", "source", "account", {"timezone": WORD})
    agency.set_facts(client, {"name_ru": WORD})
    frozen.put(agency, "gone", document("gone", store.version(), f"{WORD} title"))
    looks.put(agency, "gone", Look("#112233", picture() + WORD.encode()) if PNG else Look())
    return client


def holding(folder: Path, *words: str) -> list[str]:
    """Files below the folder in which one of the words stands, in their bytes or their name."""
    found = [word.encode() for word in words]
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [str(path.relative_to(folder)) for path in files if any(word in path.read_bytes() + path.name.encode() for word in found)]


def test_no_trace_of_a_deleted_client_is_left_in_the_home_folder(agency: Workspace, tmp_path: Path) -> None:
    kept = furnished(agency, "kept", "3")
    stays = written_rows(agency, "kept")
    client = marked(agency)
    secret = (agency.store(client).folder / "salt").read_text()
    assert len(holding(tmp_path / "home", WORD)) >= 2
    receipt, path = deleting.delete(agency, client, "olga@example.com")
    assert holding(tmp_path / "home", WORD, secret, "gone was here") == []
    assert [one.name for one in sorted(agency.store(client).folder.iterdir())] == [versions.LAST, "loading.lock"][::-1] or sorted(
        one.name for one in agency.store(client).folder.iterdir()
    ) == ["last.json", "loading.lock"]
    with agency.engine.connect() as connection:
        assert not any(belongings.read(connection, "gone").values())
    assert written_rows(agency, "kept") == stays and cost(agency.store(kept)) == 8
    said = json.loads(path.read_text())
    assert said["who"] == receipt.who == "olga@example.com" and said["wiped"] is True
    assert said["loaded"]["spend"] == 3 and said["loaded"]["rejected"] == 1
    assert (said["written"]["marks"], said["written"]["frozen"], said["written"]["sent"], said["written"]["links"]) == (201, 2, 1, 1)
    history = desk.history.of(agency, "")
    assert history[0].what == "client deleted" and history[0].who == "olga@example.com"


def test_backups_in_the_home_folder_are_named_and_rid_of_the_client_when_asked(agency: Workspace, tmp_path: Path) -> None:
    kept, client = furnished(agency, "kept"), marked(agency)
    alone = backup.take(agency, [client], backup.own_folder())
    together = backup.take(agency, [kept, client], backup.own_folder())
    receipt, _ = deleting.delete(agency, client)
    assert set(receipt.left) == {alone.folder.name, together.folder.name} and receipt.backups == ()
    again = agency.add_client("gone", "Gone", "RUB", "Europe/Moscow")
    receipt, _ = deleting.delete(agency, again, with_backups=True)
    assert set(receipt.backups) == {alone.folder.name, together.folder.name} and receipt.left == ()
    assert not alone.folder.exists() and holding(tmp_path / "home", WORD) == []
    left = backup.read(together.folder)
    backup.check(left)
    assert [one.slug for one in left.clients] == ["kept"]


def test_a_client_of_the_same_name_begins_empty_with_numbers_that_were_never_used(agency: Workspace) -> None:
    client = furnished(agency, "gone")
    store = agency.store(client)
    assert store.version() == 2
    deleting.delete(agency, client)
    assert (store.version(), len(store.sql("SELECT * FROM spend"))) == (0, 0)
    again = agency.store(agency.add_client("gone", "Gone", "RUB", "Europe/Moscow"))
    again.load([spend([(DAY, "new", "1")])])
    assert (again.version(), cost(again)) == (3, 1), "what a running dashboard remembers of versions 1 and 2 is not shown again"


def test_a_load_that_was_waiting_does_not_bring_a_deleted_client_back(agency: Workspace) -> None:
    client = furnished(agency, "gone")
    store, failed = agency.store(client), []

    def load() -> None:
        try:
            agency.store(client).load([spend([(DAY, "late", "1")])])
        except NoSuchClient as error:
            failed.append(error)

    waiting = threading.Thread(target=load)
    with store._lock():
        waiting.start()
        # The lock is this process's own, so what deletes does so inside of it, as the command does.
        with agency.engine.begin() as connection:
            belongings.erase(connection, "gone")
    waiting.join()
    assert len(failed) == 1 and store.version() == 2


def test_the_command_deletes_only_with_yes_and_prints_the_receipt(
    agency: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*words: str) -> tuple[object, str, str]:
        monkeypatch.setattr("sys.argv", ["vitrina.py", *words])
        with pytest.raises(SystemExit) as left:
            commands.main()
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    furnished(agency, "gone")
    code, _, err = run("clients", "delete", "gone")
    assert code == 2 and "Say --yes" in err and len(agency.clients()) == 1
    code, out, _ = run("clients", "delete", "gone", "--yes")
    assert code == 0 and "Receipt: " in out and agency.clients() == ()
    code, _, err = run("clients", "delete", "gone", "--yes")
    assert code == 2 and "There is no client gone." in err


def test_only_an_owner_may_order_it(agency: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from data.desk import people
    from data.roles import MANAGER, OWNER, Person

    furnished(agency, "shop")
    people.put(agency, Person("boss@example.com", "Boss", OWNER, None))
    people.put(agency, Person("anna@example.com", "Anna", MANAGER, frozenset({"shop"})))
    for words in (["clients", "delete", "shop", "--yes"], ["prune", "--all"], ["backup", "--all", "--to", "x"]):
        monkeypatch.setattr("sys.argv", ["vitrina.py", "--as", "anna@example.com", *words])
        with pytest.raises(SystemExit) as left:
            commands.main()
        assert left.value.code == 2 and "not open to you" in capsys.readouterr().err
    monkeypatch.delenv("VITRINA_AS")
    assert len(agency.clients()) == 1
    with pytest.raises(Problem):
        agency.client("shops")
