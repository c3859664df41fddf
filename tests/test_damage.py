"""A version that is no longer what was written is put aside, the one before it is served, and everybody is told how old that is."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import commands
from data import clock, disk, health, opened, versions
from data.errors import StoreDamaged
from data.text import words
from data.warehouse import Warehouse
from data.workspace import workspace
from tests.test_warehouse import DAY, cost, spend

ROOT = Path(__file__).parent.parent


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for place in range(4096 * 4, 4096 * 4 + 16):
        content[place] ^= 0xFF
    path.write_bytes(content)


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def swap(path: Path) -> None:
    path.write_text("Дата;Визиты\n01.03.2026;5\n" * 100, encoding="utf-8")


DAMAGES = pytest.mark.parametrize("damage", [flip, truncate, swap, Path.unlink], ids=lambda one: one.__name__)


@pytest.fixture
def store(tmp_path: Path) -> Warehouse:
    found = Warehouse(tmp_path / "client")
    for amount in ("1", "2"):
        found.load([spend([(DAY, name, amount) for name in map(str, range(500))])])
    return found


def newest(store: Warehouse) -> Path:
    found = store.current()
    assert found is not None
    return found.path


@DAMAGES
@pytest.mark.promise("R04")
def test_the_version_before_a_damaged_one_is_served_and_its_age_is_named(store: Warehouse, damage: Callable[[Path], None]) -> None:
    assert cost(store) == Decimal(1000)
    broken = newest(store)
    damage(broken)
    assert (cost(store), store.version()) == (Decimal(500), 1)
    assert cost(Warehouse(store.folder)) == Decimal(500)
    found = store.damage()
    assert found is not None and (found.number, found.served.number) == (2, 1)
    assert not broken.exists(), "nobody opens it again"
    said = words("ru").note(found.note())
    assert words("ru").day(found.served.made_at.date()) in said and "0 ч назад" in said


@DAMAGES
def test_the_next_load_says_so_and_makes_everything_sound(store: Warehouse, damage: Callable[[Path], None]) -> None:
    damage(newest(store))
    loaded = store.load([spend([(DAY, "a", "7")])])
    assert loaded[0].notes[0].kind == "damaged"
    assert store.version() == 3, "the number of the damaged version is not used again: answers are remembered by it"
    assert store.damage() is None and cost(store) == Decimal(7)


def test_old_age_is_told_in_days(store: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    swap(newest(store))
    later = datetime.now(UTC) + timedelta(days=3, hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    found = store.damage()
    assert found is not None and "(3 days ago)" in str(found.note())


@pytest.mark.promise("R09")
@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 2}', "\x00" * 50], ids=["empty", "cut", "list", "half", "zeros"])
def test_a_pointer_that_cannot_be_read_loses_nothing(store: Warehouse, content: str) -> None:
    (store.folder / versions.POINTER).write_text(content)
    assert (cost(store), store.version()) == (Decimal(1000), 2)
    assert store.damage() is not None
    (store.folder / versions.POINTER).unlink()
    assert cost(store) == Decimal(1000), "a pointer that is gone is not an empty store"
    store.load([spend([(DAY, "a", "7")])])
    assert (store.version(), store.damage()) == (3, None)


def test_a_block_that_rots_without_a_trace_is_found_when_it_is_read(store: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """As of a file that is too large to be read whole first: the engine stumbles over the block in the middle of an answer."""
    monkeypatch.setattr(versions, "_BELIEVED", 0)
    path = newest(store)
    before, sums = path.stat(), disk.digest(path)
    content = bytearray(path.read_bytes())
    for place in range(12_288, len(content), 64):
        content[place] ^= 0xFF
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert disk.digest(path) != sums and versions.sound(store.current())  # type: ignore[arg-type]
    held = store.pinned()
    opened.let_go(store.folder)
    with pytest.raises(StoreDamaged, match="while it was being read"):
        cost(held)
    assert cost(store) == Decimal(500)


def test_a_version_that_cannot_be_opened_for_another_reason_keeps_its_place(store: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_many(path: Path) -> str:
        raise OSError(errno.EMFILE, "Too many open files")

    path = newest(store)
    os.utime(path)  # as if it had been copied: it is read whole again
    monkeypatch.setattr(disk, "digest", too_many)
    with pytest.raises(OSError, match="Too many"):
        cost(store)
    assert path.exists()


@pytest.mark.promise("R04")
def test_a_store_from_before_digests_is_opened_and_damage_of_it_is_found(store: Warehouse) -> None:
    for version in versions.known(store.folder):
        version.record.unlink()
        (store.folder / versions.POINTER).write_text(
            json.dumps({"version": 2, "file": newest(store).name, "made_at": "2026-03-01T00:00:00+00:00"})
        )
    assert (cost(Warehouse(store.folder)), store.damage()) == (Decimal(1000), None)
    swap(newest(store))
    assert (cost(Warehouse(store.folder)), store.version()) == (Decimal(500), 1)


def test_a_store_of_which_nothing_is_sound_begins_anew_with_a_load(store: Warehouse) -> None:
    for version in versions.known(store.folder):
        swap(version.path)
    with pytest.raises(StoreDamaged):
        cost(store)
    loaded = store.load([spend([(DAY, "a", "7")])])
    assert (cost(store), [note.kind for note in loaded[0].notes]) == (Decimal(7), ["damaged"])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VITRINA_LANG", "en")
    client = workspace().add_client("shop", "Shop", "RUB", "Europe/Moscow")
    for amount in ("1", "2"):
        workspace().store(client).load([spend([(DAY, "a", amount)])])
    swap(newest(workspace().store(client)))
    return tmp_path


@pytest.mark.promise("R04")
def test_the_command_line_answers_and_says_so(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    words: Any = ["ask", "--client", "shop", "--metrics", "spend", "--since", "2026-03-01", "--until", "2026-03-01", "--format", "csv"]
    monkeypatch.setattr("sys.argv", ["vitrina.py", *words])
    with pytest.raises(SystemExit) as left:
        commands.main()
    said = capsys.readouterr()
    assert left.value.code == 0 and "1.0" in said.out
    assert "damaged and was put aside" in said.err and "Traceback" not in said.err


@pytest.mark.promise("R04")
def test_health_names_the_client_whose_newest_version_is_damaged(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    client = workspace().add_client("sound", "Sound", "RUB", "Europe/Moscow")
    workspace().store(client).load([spend([(DAY, "a", "1")])])
    found = health.look()
    assert found.state == health.DEGRADED and found.stores["shop"].readable
    assert {slug: one.damaged for slug, one in found.stores.items()} == {"shop": True, "sound": False}
    commands.vitrina.main(["health"], standalone_mode=False)
    said = capsys.readouterr().out
    assert said.startswith("Not all is well") and "shop: the newest version is damaged, version 1 is served in its place" in said
    commands.vitrina.main(["health", "--format", "json"], standalone_mode=False)
    told = json.loads(capsys.readouterr().out)
    assert told["state"] == "degraded" and [one["damaged"] for one in told["clients"]] == [True, False]


@pytest.mark.promise("R04")
@pytest.mark.parametrize(("language", "words"), [("en", "damaged and was put aside"), ("ru", "повреждены и отложены")])
def test_the_pages_show_what_there_is_under_a_banner(home: Path, language: str, words: str) -> None:
    app = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60)
    app.query_params["lang"] = language
    app.run()
    assert not app.exception
    assert any(words in warning.value for warning in app.warning)
