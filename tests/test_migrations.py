"""A home of an older program is brought forward, a copy laid aside first; killed half-way it goes on; a newer one is refused."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

import commands
from data import migrations
from data.desk import marks, plans, tables
from data.desk.marks import Mark
from data.errors import DiskRefuses, Problem, StoreDamaged
from data.migrations import STEPS, Step
from data.workspace import Workspace
from tests.stored import SAMPLES

ROOT = Path(__file__).parent.parent
LATEST = STEPS[-1].number


def home_of_shape_1(folder: Path) -> Path:
    """A workspace as the program wrote it before shapes had numbers, with a client in it."""
    path = folder / "workspace.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((SAMPLES / "workspace" / "shape_1.sql").read_text(encoding="utf-8"))
    return path


def opened(path: Path) -> Workspace:
    return Workspace(f"sqlite:///{path}")


def shape(path: Path) -> dict[str, set[str]]:
    """Shape: table → columns and indexes."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(
            "SELECT m.name, p.name FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' "
            "UNION SELECT tbl_name, name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
    return {table: {name for one, name in found if one == table} for table, _ in found}


def content(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [line for line in connection.iterdump() if line.startswith("INSERT") and '"shape"' not in line]


def test_an_older_home_becomes_what_a_new_one_is_and_keeps_every_row(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir(), (tmp_path / "new").mkdir()
    old = home_of_shape_1(tmp_path / "old")
    before, rows = content(old), shape(old)
    desk = opened(old)
    new = opened(tmp_path / "new" / "workspace.sqlite")
    assert shape(old) == shape(tmp_path / "new" / "workspace.sqlite")
    assert desk.client("shop").name == "Чайная лавка"
    assert [mark.text for mark in marks.of(desk, "shop")] == ["Новый сайт"]
    assert [target.value for target in plans.of(desk, "shop")] == [1200.0]
    assert migrations.number(desk.engine) == migrations.number(new.engine) == LATEST
    [copy] = (tmp_path / "old" / migrations.BACKUPS).iterdir()
    assert (content(copy), shape(copy)) == (before, rows), "what it was lies beside it, whole"
    assert not (tmp_path / "new" / migrations.BACKUPS).exists(), "a new home has nothing to lay aside"
    desk.engine.dispose()
    opened(old).engine.dispose()
    assert len(list((tmp_path / "old" / migrations.BACKUPS).iterdir())) == 1, "nothing is done twice"


def test_a_newer_home_is_refused_and_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = home_of_shape_1(tmp_path)
    opened(path).engine.dispose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"INSERT INTO shape VALUES ({LATEST + 1}, '2030-01-01')")
        connection.execute("ALTER TABLE clients ADD COLUMN mood TEXT NOT NULL DEFAULT 'fine'")
        connection.commit()
    before = content(path)
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path))
    monkeypatch.setenv("VITRINA_LANG", "en")
    monkeypatch.setattr("sys.argv", ["vitrina.py", "clients"])
    with pytest.raises(SystemExit) as left:
        commands.main()
    said = capsys.readouterr().err
    assert left.value.code == 2 and said.startswith("This workspace was written by a newer Vitrina") and "Traceback" not in said
    assert content(path) == before


KILLED = """
    import os, signal, sys, time
    import sqlalchemy as sa
    from data import migrations
    from data.migrations import STEPS, Step

    def half(connection):
        connection.exec_driver_sql("ALTER TABLE marks ADD COLUMN half TEXT")
        connection.exec_driver_sql("DELETE FROM marks")
        connection.exec_driver_sql("UPDATE clients SET name = 'half'")
        print("in the middle", flush=True)
        time.sleep(60)

    engine = sa.create_engine("sqlite:///" + sys.argv[1])
    migrations.settle(engine, (*STEPS, Step(STEPS[-1].number + 1, half)))
"""


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_an_upgrade_that_is_killed_half_way_has_not_begun_and_goes_on_next_time(tmp_path: Path, journal: str) -> None:
    path = home_of_shape_1(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode={journal}")
    before = content(path)
    child = subprocess.Popen([sys.executable, "-c", textwrap.dedent(KILLED), str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout and child.stdout.readline().strip() == "in the middle"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert content(path) == before and "half" not in shape(path)["marks"]
    engine = sa.create_engine(f"sqlite:///{path}")
    assert migrations.number(engine) == LATEST, "the steps before it stand"

    def whole(connection: sa.Connection) -> None:
        connection.exec_driver_sql("ALTER TABLE marks ADD COLUMN half TEXT")

    assert migrations.settle(engine, (*STEPS, Step(LATEST + 1, whole))) is not None
    assert migrations.number(engine) == LATEST + 1 and "half" in shape(path)["marks"]
    engine.dispose()


def test_a_step_that_fails_leaves_the_shape_before_it(tmp_path: Path) -> None:
    path = home_of_shape_1(tmp_path)

    def wrong(connection: sa.Connection) -> None:
        connection.exec_driver_sql("DELETE FROM marks")
        raise ZeroDivisionError

    engine = sa.create_engine(f"sqlite:///{path}")
    before = content(path)
    with pytest.raises(ZeroDivisionError):
        migrations.settle(engine, (Step(2, wrong),))
    engine.dispose()
    assert content(path) == before
    desk = opened(path)
    assert len(marks.of(desk, "shop")) == 1
    desk.engine.dispose()


def test_processes_that_open_an_old_home_at_once_all_find_it_whole(tmp_path: Path) -> None:
    path = home_of_shape_1(tmp_path)
    code = "import sys; from data.workspace import Workspace; print(Workspace(sys.argv[1]).client('shop').currency)"
    started = [
        subprocess.Popen([sys.executable, "-c", code, f"sqlite:///{path}"], cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    assert [one.communicate(timeout=60)[0] for one in started] == ["RUB\n"] * 4
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM shape WHERE number = ?", (LATEST,)).fetchone() == (1,)


def test_a_column_that_the_tables_have_gained_is_added_when_it_may_be_empty(tmp_path: Path) -> None:
    path = tmp_path / "workspace.sqlite"
    opened(path).engine.dispose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE links DROP COLUMN last_opened")
    desk = opened(path)
    assert "last_opened" in shape(path)["links"]
    desk.engine.dispose()


def test_steps_are_numbered_without_a_gap_and_every_table_has_a_name_of_its_own() -> None:
    assert [step.number for step in STEPS] == list(range(2, len(STEPS) + 2))
    assert "shape" not in tables().tables


def test_a_workspace_that_is_damaged_says_so_in_words(tmp_path: Path) -> None:
    path = tmp_path / "workspace.sqlite"
    path.write_bytes(b"not a database" * 1000)
    with pytest.raises(StoreDamaged, match="workspace is damaged"):
        opened(path)


def test_what_the_disk_refuses_is_said_in_words(tmp_path: Path) -> None:
    desk = opened(tmp_path / "workspace.sqlite")
    desk.add_client("shop", "Shop", "RUB", "Europe/Moscow")
    with desk.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
        with pytest.raises(DiskRefuses, match="can only be read"):
            connection.exec_driver_sql("DELETE FROM clients")
    desk.engine.dispose()
    with pytest.raises(Problem):
        opened(tmp_path / "no folder" / "workspace.sqlite")
    assert marks.of(opened(tmp_path / "workspace.sqlite"), "shop") == () and Mark(date(2026, 1, 1), date(2026, 1, 1), "x").kind == "ours"
