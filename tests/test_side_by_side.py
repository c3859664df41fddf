"""Loaders, writers and readers side by side: everybody gets a whole version, and nobody a database's own complaint."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from data import opened
from data.door import workspace_of
from data.roles import OPERATOR
from data.tables import SPEND
from data.warehouse import Candidate, Warehouse
from data.workspace import Workspace, workspace
from tests.test_warehouse import DAY, cost, spend

ROOT = Path(__file__).parent.parent
CHILD = """
    import sys, time
    from pathlib import Path
    from data.errors import Problem
    from data.warehouse import Warehouse
    from tests.test_warehouse import DAY, spend
    folder, account, loads = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    for number in range(loads):
        try:
            Warehouse(folder).load([spend([(DAY, "a", str(number + 1))], account=account)])
        except Problem as problem:
            print("declined politely:", type(problem).__name__)
    print("done")
"""


def loader(folder: Path, account: str, loads: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(CHILD), str(folder), account, str(loads)], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )


@pytest.mark.promise("R06")
def test_two_processes_that_load_one_client_take_turns_and_lose_nothing(tmp_path: Path) -> None:
    both = [loader(tmp_path, account, 3) for account in ("one", "two")]
    said = [one.communicate(timeout=60) for one in both]
    assert said == [("done\n", "")] * 2
    store = Warehouse(tmp_path)
    assert store.version() == 6, "every load is a version of its own"
    assert store.sql("SELECT account, cost FROM spend ORDER BY account")["cost"].tolist() == [3, 3]


@pytest.mark.promise("R06")
def test_five_processes_load_five_clients_side_by_side(tmp_path: Path) -> None:
    five = [loader(tmp_path / f"client {number}", "ads", 1) for number in range(5)]
    assert [one.communicate(timeout=60) for one in five] == [("done\n", "")] * 5
    assert [cost(Warehouse(tmp_path / f"client {number}")) for number in range(5)] == [Decimal(1)] * 5


def publish(store: Warehouse, state: int) -> None:
    """The next version, in which every row has cost `state`: published as a load does it, without the work of loading."""
    before = store.current()
    assert before is not None
    draft = store.folder / f"draft-{os.getpid()}-{state}.duckdb"
    shutil.copyfile(before.path, draft)
    with duckdb.connect(str(draft), config=opened.CONFIG) as connection:
        connection.execute(f"UPDATE spend SET cost = {state}; CHECKPOINT")
    assert store.publish(Candidate(before.number, draft, ()))


STATE = "SELECT count(*) AS n, count(DISTINCT cost) AS kinds, max(cost) AS state FROM spend"


@pytest.mark.promise("R21")
def test_every_one_of_a_thousand_reads_shows_one_version_while_fifty_are_published(tmp_path: Path) -> None:
    store = Warehouse(tmp_path)
    store.load([spend([(DAY, name, "1") for name in "abcd"])])
    seen: Counter[int] = Counter()
    wrong: list[object] = []
    published = threading.Event()

    def ask(reader: int) -> None:
        last, count = 0, 0
        while count < 250 or not published.is_set():
            row = Warehouse(tmp_path).arrow(STATE).to_pylist()[0]
            now = int(row["state"])
            if (row["n"], row["kinds"]) != (4, 1) or now < last:
                wrong.append((row, last))
            last, count = now, count + 1
            seen[now] += 1
            time.sleep(0.001)

    with ThreadPoolExecutor(4) as readers:
        asked = [readers.submit(ask, number) for number in range(4)]
        for state in range(2, 52):
            publish(store, state)
        published.set()
        for one in asked:
            one.result()
    assert wrong == [] and sum(seen.values()) >= 1000 and len(seen) > 1 and max(seen) == 51
    assert len(list(tmp_path.glob("v*.duckdb"))) == 5, "old files go"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path / "home"))
    client = workspace().add_client("shop", "Shop", "RUB", "Europe/Moscow")
    workspace().store(client).load([spend([(DAY, f"campaign {n}", "1.5") for n in range(2000)])])
    return workspace_of(OPERATOR)


@pytest.mark.promise("R20")
def test_eight_threads_with_twenty_questions_each_get_a_hundred_and_sixty_right_answers(desk: Workspace) -> None:
    store = desk.store(desk.client("shop"))
    question = SPEND.unbound().aggregate(cost=SPEND.unbound().cost.sum(), n=SPEND.unbound().count())

    def ask(number: int) -> tuple[float, int]:
        frame = store.sql("SELECT sum(cost) AS cost, count(*) AS n FROM spend") if number % 2 else store.run(question)
        return float(frame["cost"][0]), int(frame["n"][0])

    with ThreadPoolExecutor(8) as threads:
        answers = Counter(threads.map(ask, range(160)))
    assert answers == {(3000.0, 2000): 160}


@pytest.mark.promise("R20")
def test_no_connection_is_ever_in_the_hands_of_two_threads(desk: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    store = desk.store(desk.client("shop"))
    handed: dict[int, set[int]] = defaultdict(set)
    kept: list[duckdb.DuckDBPyConnection] = []
    door = opened.cursor

    @contextmanager
    def watched(path: Path | None, money: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
        with door(path, money) as cursor:
            handed[id(cursor)].add(threading.get_ident())
            kept.append(cursor)  # so that no other one gets its address
            yield cursor

    monkeypatch.setattr(opened, "cursor", watched)
    together = threading.Barrier(8)

    def ask() -> None:
        together.wait()
        for _ in range(20):
            store.sql("SELECT sum(cost) FROM spend")

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(handed) == 160 and all(len(owners) == 1 for owners in handed.values())
    shared = {id(held.connection) for held in opened._OPEN.values()}
    assert not shared & set(handed), "what is kept open is never handed out itself"
