"""Kill the loader with SIGKILL at random moments and look at the store after each: it has to open and show one whole version.

    python -m benchmarks.kills [--kills 100] [--seed 1]

Each child loads state after state, a Metrica log together with a cost table whose every row carries the number of the state, and reports
a state only when `load` has returned. After the kill the store must hold one state throughout, not older than the last one reported.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from benchmarks import logs
from data.tables import ORIGIN_NAMES, SPEND, Batch
from data.warehouse import Warehouse

DAY = date(2026, 3, 1)
CAMPAIGNS = 200
VISITS = 20_000


def state(number: int) -> Batch:
    """Spend of one day in which every campaign cost exactly `number`."""
    rows = pa.table(
        {
            "day": pa.array([DAY] * CAMPAIGNS, pa.date32()),
            "origin": [dict.fromkeys(ORIGIN_NAMES, "") | {"campaign": f"campaign {n}"} for n in range(CAMPAIGNS)],
            "cost": [Decimal(number)] * CAMPAIGNS,
            "currency": ["RUB"] * CAMPAIGNS,
        }
    )
    return Batch(SPEND, "kills", "ads", rows, f"state {number}", DAY, DAY)


def load_on(folder: Path, log: Path, first: int) -> None:
    """What the child does until it is killed."""
    from connectors import understand

    understood = understand(log)
    visits = understood.source.read([understood.head], {"timezone": "Europe/Moscow", **understood.says.facts})
    print("ready", flush=True)
    number = first
    while True:
        Warehouse(folder).load([*visits, state(number)])
        print(number, flush=True)
        number += 1


def seen(folder: Path) -> int:
    """The one state that the store shows; 0 while it is empty. Raises AssertionError when it is not whole."""
    store = Warehouse(folder)
    row = store.arrow(
        "SELECT (SELECT count(*) FROM spend) AS n, (SELECT count(DISTINCT cost) FROM spend) AS kinds, "
        "(SELECT max(cost) FROM spend) AS state, "
        "(SELECT count(*) FROM visits) AS visits, (SELECT sum(visits) FROM traffic) AS rolled"
    ).to_pylist()[0]
    if row["n"] == 0:
        assert row["visits"] == 0, f"half a version: {row}"
        return 0
    assert (row["n"], row["kinds"], row["visits"], row["rolled"]) == (CAMPAIGNS, 1, VISITS, VISITS), f"half a version: {row}"
    return int(row["state"])


def kill_once(folder: Path, log: Path, first: int, wait: float) -> int:
    """Start a child, kill it `wait` seconds after it is ready. Returns the last state that it reported, or `first` - 1."""
    code = f"from pathlib import Path; from benchmarks.kills import load_on; load_on(Path(r'{folder}'), Path(r'{log}'), {first})"
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent)
    assert child.stdout and child.stdout.readline().strip() == "ready"
    time.sleep(wait)
    os.kill(child.pid, signal.SIGKILL)
    said = child.stdout.read().split()
    child.wait()
    child.stdout.close()
    return int(said[-1]) if said else first - 1


def run(kills: int, seed: int, folder: Path) -> tuple[int, int]:
    """Shape: (kills, kills that left a draft behind). Raises AssertionError at the first store that is not whole."""
    dice, last, interrupted = random.Random(seed), 0, 0
    log, store = folder / "visits.tsv", folder / "store"
    logs.write(log, VISITS)
    for _ in range(kills):
        reported = kill_once(store, log, last + 1, dice.uniform(0, 0.9))
        interrupted += any(store.glob("draft-*")) or any(store.glob("*.draft"))
        state_now = seen(store)
        assert reported <= state_now <= reported + 1, f"reported {reported}, the store shows {state_now}"
        last = max(last, state_now)
    return kills, interrupted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kills, interrupted = run(chosen.kills, chosen.seed, Path(folder))
    print(f"{kills} kills, {interrupted} of them in the middle of a load: every time the store opened and showed one whole version")


if __name__ == "__main__":
    main()
