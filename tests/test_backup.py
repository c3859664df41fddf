"""A backup that is taken while people work brings a client back as it was, on an empty machine and over a living one; or is refused."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from data import backup, belongings, desk, migrations, restoring, salt, sealing, settings, versions
from data.backup import Backup
from data.desk import frozen, links, looks, marks, plans
from data.desk.looks import Look
from data.desk.marks import Mark
from data.desk.plans import Target
from data.errors import Problem
from data.secret import Secret
from data.workspace import Client, Workspace, workspace
from tests.story_sample import picture
from tests.test_warehouse import DAY, cost, spend, visits

PNG = picture()
ROOT = Path(__file__).parent.parent


def home(monkeypatch: pytest.MonkeyPatch, place: Path) -> Workspace:
    monkeypatch.setenv("VITRINA_HOME", str(place))
    return workspace()


def document(client: str, version: int, title: str = "March") -> dict[str, Any]:
    return {
        "client": client, "template": "month", "since": "2026-03-01", "until": "2026-03-31", "language": "en", "title": title,
        "version": version, "blocks": [],
    }


def furnished(agency: Workspace, slug: str, amount: str = "10") -> Client:
    """A client with two versions, a document made from the first, a link to it, a plan, a look and a mark."""
    client = agency.add_client(slug, slug.title(), "RUB", "Europe/Moscow")
    store = agency.store(client)
    store.load([spend([(DAY, "a", amount)]), visits([(1, DAY, 3), (2, DAY, 1)])])
    copy = frozen.put(agency, slug, document(slug, store.version()))
    frozen.send(agency, copy, "anna@example.com", ("pdf",))
    links.make(agency, copy, 30)
    store.load([spend([(DAY, "b", "5")], account="other")])
    plans.put(agency, slug, [Target(date(2026, 4, 1), "visits", 1000.0)])
    looks.put(agency, slug, Look("#112233", PNG))
    marks.add(agency, slug, [Mark(DAY, DAY, f"{slug} was here")])
    salt.of(store.folder)
    return client


def rows(agency: Workspace, slug: str) -> dict[str, list[dict[str, Any]]]:
    """What people wrote, without the line that a restore itself adds to the history."""
    with agency.engine.connect() as connection:
        found = belongings.read(connection, slug)
    return found | {"changes": [row for row in found["changes"] if row["what"] != "client restored"]}


@pytest.mark.promise("R05")
def test_a_client_restored_on_an_empty_machine_is_what_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = home(monkeypatch, tmp_path / "one")
    client = furnished(before, "shop")
    totals, written, secret = backup.totals(before.store(client)), rows(before, "shop"), salt.of(before.store(client).folder)
    made = backup.take(before, [client], tmp_path / "backups")
    assert made.client("shop").totals["spend"] == {"rows": "2", "cost": "15.000000", "clicks": "2"}
    after = home(monkeypatch, tmp_path / "two")
    [done] = restoring.restore(after, backup.read(made.folder))
    store = after.store(after.client("shop"))
    assert (done.version, done.before, done.links) == (2, None, 0)
    assert backup.totals(store) == totals and rows(after, "shop") == written
    assert salt.of(store.folder) == secret, "else every customer of the next file were a new one"
    assert stat.S_IMODE((store.folder / salt.NAME).stat().st_mode) & 0o077 == 0
    assert looks.of(after, "shop").logo == PNG
    past = store.at(frozen.of(after, "shop")[0].version)
    assert past is not None and cost(past) == Decimal(10), "the version that a document was made from is there"
    store.load([spend([(DAY, "c", "1")], account="third")])
    assert (store.version(), cost(store)) == (3, Decimal(16))


@pytest.mark.promise("R05")
def test_a_backup_that_is_taken_while_people_load_and_write_is_of_one_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    agency = home(monkeypatch, tmp_path / "one")
    client = furnished(agency, "shop")
    done, failed = threading.Event(), []

    def work() -> None:
        number = 0
        try:
            while not done.is_set():
                number += 1
                plans.put(agency, "shop", [Target(date(2026, month, 1), "visits", float(number)) for month in range(1, 13)])
                agency.store(client).load([spend([(DAY, name, str(number)) for name in "abcd"], account="moving")])
        except Exception as error:  # the assertion below shows it
            failed.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    made = [backup.take(agency, [client], tmp_path / "backups") for _ in range(4)]
    done.set()
    worker.join()
    assert failed == []
    for number, one in enumerate(made):
        other = home(monkeypatch, tmp_path / f"restored {number}")
        restoring.restore(other, one)
        targets = {target.value for target in plans.of(other, "shop") if target.month != date(2026, 4, 1)}
        assert len(targets) <= 1
        store = other.store(other.client("shop"))
        moved = store.sql("SELECT count(*) AS n, count(DISTINCT cost) AS kinds FROM spend WHERE account = 'moving'")
        assert (moved["n"][0], moved["kinds"][0]) in ((0, 0), (4, 1))


def test_a_backup_of_all_brings_the_agency_back_and_its_links_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = home(monkeypatch, tmp_path / "one")
    clients = [furnished(before, slug) for slug in ("shop", "tea")]
    token = links.token(links.of(before, "tea")[0])
    made = backup.take(before, clients, tmp_path / "backups", agency=True)
    after = home(monkeypatch, tmp_path / "two")
    assert links.found(after, token) is None
    restoring.restore(after, made)
    opened = links.found(after, token)
    assert opened is not None and opened.client == "tea"
    with before.engine.connect() as one, after.engine.connect() as other:
        assert belongings.read_agency(one) == belongings.read_agency(other)


def damage_file(made: Backup) -> None:
    path = next(made.folder.glob("clients/*/*.duckdb"))
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def lose_notes(made: Backup) -> None:
    (made.folder / backup.NOTES).unlink()


def write_into_notes(made: Backup) -> None:
    with closing(sqlite3.connect(made.folder / backup.NOTES)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("UPDATE targets SET value = 5")
        connection.commit()


@pytest.mark.promise("R05")
@pytest.mark.parametrize("spoil", [damage_file, lose_notes, write_into_notes], ids=lambda one: one.__name__)
def test_a_damaged_backup_is_refused_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Any) -> None:
    before = home(monkeypatch, tmp_path / "one")
    made = backup.take(before, [furnished(before, "shop")], tmp_path / "backups")
    spoil(made)
    after = home(monkeypatch, tmp_path / "two")
    with pytest.raises(Problem, match="not whole"):
        restoring.restore(after, backup.read(made.folder))
    assert after.clients() == () and not (tmp_path / "two" / "clients").exists()


@pytest.mark.promise("R05")
def test_a_copy_of_the_home_folder_without_its_log_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = home(monkeypatch, tmp_path / "one")
    furnished(before, "shop")
    assert (tmp_path / "one" / "workspace.sqlite-wal").stat().st_size > 0, "what was written last is there and nowhere else"
    shutil.copytree(tmp_path / "one", tmp_path / "copy", ignore=shutil.ignore_patterns("*-wal", "*-shm"))
    with pytest.raises(Problem, match="is no backup"):
        backup.read(tmp_path / "copy")


def test_a_living_client_is_replaced_only_when_asked_and_can_be_had_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    agency = home(monkeypatch, tmp_path / "one")
    client, _ = furnished(agency, "shop"), furnished(agency, "tea", "77")
    made, tea = backup.take(agency, [client], tmp_path / "backups"), rows(agency, "tea")
    store = agency.store(client)
    store.load([spend([(DAY, "later", "100")], account="later")])
    marks.add(agency, "shop", [Mark(DAY, DAY, "written later")])
    with pytest.raises(Problem, match="There already is a client shop"):
        restoring.restore(agency, made)
    [done] = restoring.restore(agency, made, replace=True)
    assert done.version == store.version() == 4, "a new number: answers about version 3 are remembered"
    assert cost(store) == Decimal(15) and [mark.text for mark in marks.of(agency, "shop")] == ["shop was here"]
    assert rows(agency, "tea") == tea and cost(agency.store(agency.client("tea"))) == Decimal(82)
    past = store.at(1)
    assert past is not None and cost(past) == Decimal(10)
    assert links.found(agency, links.token(links.of(agency, "shop")[0])) is not None
    assert done.before is not None and done.before.folder.parent == settings.home() / migrations.BACKUPS
    restoring.restore(agency, done.before, replace=True)
    assert cost(store) == Decimal(115) and len(marks.of(agency, "shop")) == 2


def test_ids_that_others_have_taken_meanwhile_are_given_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = home(monkeypatch, tmp_path / "one")
    client = furnished(before, "shop")
    made = backup.take(before, [client], tmp_path / "backups")
    after = home(monkeypatch, tmp_path / "two")
    furnished(after, "tea")
    tea = rows(after, "tea")
    [done] = restoring.restore(after, made)
    assert rows(after, "tea") == tea
    [copy] = frozen.of(after, "shop")
    assert frozen.sent(after, "shop")[0].frozen == copy.id != frozen.of(after, "tea")[0].id
    assert frozen.story(after, "shop", copy.id)["client"] == "shop"
    assert done.links == 1, "a link signs the number of its document, and that is another one now"


def test_the_secret_travels_sealed_and_tokens_do_not_travel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINA_BACKUP_KEY", "a pass phrase of the agency")
    monkeypatch.setenv("METRIKA_TOKEN", "y0_sentinel_token")
    before = home(monkeypatch, tmp_path / "one")
    client = furnished(before, "shop")
    secret = salt.of(before.store(client).folder)
    made = backup.take(before, [client], tmp_path / "backups", agency=True)
    assert made.sealed and stat.S_IMODE(made.folder.stat().st_mode) == 0o700
    for path in made.folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert secret.encode() not in content and b"y0_sentinel" not in content and b"pass phrase" not in content
    after = home(monkeypatch, tmp_path / "two")
    monkeypatch.setenv("VITRINA_BACKUP_KEY", "another one")
    with pytest.raises(Problem, match="pass phrase does not open"):
        restoring.restore(after, made)
    assert after.clients() == ()
    monkeypatch.setenv("VITRINA_BACKUP_KEY", "a pass phrase of the agency")
    restoring.restore(after, made)
    assert salt.of(after.store(after.client("shop")).folder) == secret


def test_a_sealed_secret_is_another_text_each_time_and_a_changed_one_is_not_opened() -> None:
    key, secret = Secret("VITRINA_BACKUP_KEY", "pass"), "ab" * 32
    one, other = sealing.sealed(secret, key), sealing.sealed(secret, key)
    assert one != other and sealing.opened(one, key) == sealing.opened(other, key) == secret
    said = json.loads(one)
    with pytest.raises(Problem):
        sealing.opened(json.dumps(said | {"sealed": "00" + said["sealed"][2:]}), key)


def test_a_backup_that_is_killed_leaves_nothing_that_looks_like_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    agency = home(monkeypatch, tmp_path / "one")
    furnished(agency, "shop")
    code = (
        "import os, sys; from pathlib import Path; from data import backup; from data.workspace import workspace; "
        "backup._write_manifest = lambda made: os._exit(9); "
        "backup.take(workspace(), [workspace().client('shop')], Path(sys.argv[1]))"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path / "backups")], cwd=ROOT, check=False, timeout=60)
    assert killed.returncode == 9
    assert backup.among(tmp_path / "backups") == () and list((tmp_path / "backups").iterdir()) != []


def test_a_client_of_whom_nothing_is_loaded_is_kept_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = home(monkeypatch, tmp_path / "one")
    made = backup.take(before, [before.add_client("new", "New", "RUB", "Europe/Moscow")], tmp_path / "backups")
    after = home(monkeypatch, tmp_path / "two")
    restoring.restore(after, made)
    assert after.store(after.client("new")).version() == 0
    after.store(after.client("new")).load([spend([(DAY, "a", "1")])])
    [done] = restoring.restore(after, made, replace=True)
    assert (done.version, after.store(after.client("new")).version()) == (0, 0)
    assert versions.last_number(after.store(after.client("new")).folder) == 1


def test_every_table_of_the_workspace_is_a_clients_or_known_to_be_the_agencys() -> None:
    agencys = {table.name for table in desk.tables().sorted_tables if belongings.owned(table, "x") is None}
    assert agencys == {"people"}, "a new table without a client: is it the agency's? Then it is named here"
    for table in desk.tables().sorted_tables:
        for column in table.columns:
            above = column.info.get(belongings.POINTS)
            assert above is None or above in desk.tables().tables
    assert isinstance(belongings.owned(desk.tables().tables["sent"], "x"), sa.ColumnElement)
