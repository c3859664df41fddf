"""A disk that is full, or can only be read, costs nothing that was there: it is said in one sentence, and goes on when there is room."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from data.desk import marks
from data.desk.marks import Mark
from data.errors import DiskRefuses
from data.warehouse import Warehouse
from data.workspace import Workspace
from tests.test_warehouse import DAY, cost, spend

ROOT = Path(__file__).parent.parent


@contextmanager
def mounted(place: Path, *words: str) -> Iterator[Path]:
    """A disk of its own, for as long as it is needed; a skip where nobody may mount one."""
    place.mkdir(exist_ok=True)
    done = subprocess.run(["mount", *words, str(place)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"needs the right to mount a disk: {done.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    with mounted(tmp_path / "small", "-t", "tmpfs", "-o", "size=40m", "tmpfs") as place:
        yield place


@contextmanager
def only_read(folder: Path, place: Path) -> Iterator[Path]:
    """The folder on a disk that can only be read."""
    with mounted(place, "--bind", str(folder)):
        subprocess.run(["mount", "-o", "remount,bind,ro", str(place)], check=True)
        yield place


def command(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    known = {**os.environ, "VITRINA_HOME": str(home), "VITRINA_LANG": "en"}
    return subprocess.run(
        [sys.executable, "vitrina.py", *words], cwd=ROOT, env=known, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.promise("R03")
def test_a_full_disk_is_said_in_one_sentence_and_the_old_version_still_answers(small: Path, tmp_path: Path) -> None:
    store = Warehouse(small / "clients" / "shop")
    assert command(small, "clients", "add", "shop", "--currency", "RUB", "--timezone", "Europe/Moscow").returncode == 0
    store.load([spend([(DAY, "a", "1")])])
    ballast = small / "ballast"
    free = os.statvfs(small).f_bavail * os.statvfs(small).f_frsize
    ballast.write_bytes(os.urandom(free - 700_000))
    sheet = tmp_path / "costs.csv"
    rows = "".join(f"2026-03-{day:02d},campaign {name},1.5\n" for day in range(1, 31) for name in range(1000))
    sheet.write_text(f"date,campaign,cost\n{rows}", encoding="utf-8")
    load = ("load", "--client", "shop", "--account", "ads", "--vat", "net", "--currency", "RUB", str(sheet))
    full = command(small, *load)
    assert full.returncode == 2, full.stderr
    assert full.stderr.startswith("The disk is full.") and "Traceback" not in full.stderr
    assert (cost(store), store.version(), store.damage()) == (Decimal(1), 1, None)
    assert list(store.folder.glob("draft-*")) == [], "what did not fit is gone"
    ballast.unlink()
    again = command(small, *load)
    assert (again.returncode, store.version()) == (0, 2), again.stderr
    assert cost(store) == Decimal(45_000)


@pytest.mark.promise("R03")
def test_a_load_that_may_write_no_further_leaves_the_old_version(tmp_path: Path) -> None:
    """The same without a disk of its own: the system refuses every byte beyond a limit, and says so at another one each time."""
    store = Warehouse(tmp_path / "client")
    store.load([spend([(DAY, "a", "1")])])
    code = textwrap.dedent(f"""
        import resource, signal, sys
        from pathlib import Path
        from data.errors import DiskRefuses
        from data.warehouse import Warehouse
        from tests.test_warehouse import DAY, spend
        batch = spend([(DAY, f"campaign {{n}} {{hash(str(n))}}", "2") for n in range(20_000)])
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        refused = 0
        for limit in (100, 5_000, 300_000, 600_000):
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            try:
                Warehouse(Path({str(tmp_path / "client")!r})).load([batch])
            except DiskRefuses:
                refused += 1
        print(refused)
    """)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout.strip(), done.returncode) == ("4", 0), done.stderr
    assert (cost(store), store.version()) == (Decimal(1), 1)
    assert list(store.folder.glob("draft-*")) == []
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_a_workspace_on_a_full_disk_keeps_what_was_written(small: Path) -> None:
    desk = Workspace(f"sqlite:///{small / 'workspace.sqlite'}")
    desk.add_client("shop", "Shop", "RUB", "Europe/Moscow")
    marks.add(desk, "shop", [Mark(DAY, DAY, "first")])
    ballast = small / "ballast"
    ballast.write_bytes(b"x" * (os.statvfs(small).f_bavail * os.statvfs(small).f_frsize))
    with pytest.raises(DiskRefuses, match="full"):
        for number in range(200):
            marks.add(desk, "shop", [Mark(DAY, DAY, f"{number} " + "words " * 1000)])
    kept = marks.of(desk, "shop")
    assert kept[0].text == "first" or any(mark.text == "first" for mark in kept)
    ballast.unlink()
    marks.add(desk, "shop", [Mark(DAY, DAY, "after")])
    assert len(marks.of(desk, "shop")) == len(kept) + 1
    desk.engine.dispose()


def test_a_home_that_can_only_be_read_is_looked_at_and_says_why_it_is_not_written_to(tmp_path: Path) -> None:
    home = tmp_path / "home"
    desk = Workspace(f"sqlite:///{(home.mkdir(), home)[1] / 'workspace.sqlite'}")
    client = desk.add_client("shop", "Shop", "RUB", "Europe/Moscow")
    Warehouse(home / "clients" / client.slug).load([spend([(DAY, "a", "5")])])
    marks.add(desk, "shop", [Mark(DAY, DAY, "written a moment ago")])
    with only_read(home, tmp_path / "place") as place:  # while the other one is still open, and its last words are in its log
        store, reading = Warehouse(place / "clients" / "shop"), Workspace(f"sqlite:///{place / 'workspace.sqlite'}")
        assert cost(store) == Decimal(5)
        assert [mark.text for mark in marks.of(reading, "shop")] == ["written a moment ago"]
        with pytest.raises(DiskRefuses, match="can only be read"):
            marks.add(reading, "shop", [Mark(DAY, DAY, "lost?")])
        with pytest.raises(DiskRefuses, match="can only be read"):
            store.load([spend([(DAY, "a", "6")])])
        asked = ("ask", "--client", "shop", "--metrics", "spend", "--since", "2026-03-01", "--until", "2026-03-01", "--format", "csv")
        answered = command(place, *asked)
        assert answered.returncode == 0 and "5.0" in answered.stdout, answered.stderr
        refused = command(place, "clients", "add", "other", "--currency", "RUB", "--timezone", "Europe/Moscow")
        assert refused.returncode == 2 and refused.stderr.startswith("Nothing can be written"), refused.stderr
        reading.engine.dispose()
    desk.engine.dispose()
