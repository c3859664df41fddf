"""Kill with SIGKILL, at random moments, whoever loads and whoever writes into the workspace, while others read; and look after each kill.

    python -m benchmarks.chaos [--kills 1000] [--seed 1] [--readers 2]

A loader loads state after state: a Metrica log together with a cost table whose every row carries the number of the state. A
writer sets a year of targets, all to the number of the state, in one transaction. Either reports a state when the call has
returned. The moment of a kill is drawn over the whole life of a first state and some way into the next; how long that life is
is measured on one that is let live, anew every 25 kills, so that a busy machine shifts no kills to the beginning. After the kill there must
be one state throughout, not older than the last one reported (a **lost** commit) and not mixed (a **partial** one). Readers in
processes of their own ask all the time: no answer may be mixed, fail, or be older than the one before.

Prints a table, and leaves with 1 when anything was lost or partial.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pyarrow as pa
import sqlalchemy as sa

from benchmarks import logs
from data.batches import Batch
from data.desk import plans, tables
from data.desk.plans import Target
from data.tables import ORIGIN_NAMES, SPEND
from data.warehouse import Warehouse
from data.workspace import Workspace

SPAN, EVERY = 1.6, 25
"""Kills fall within so many lives of a first state; a life is measured before each so many kills."""
DAY = date(2026, 3, 1)
CAMPAIGNS, VISITS, TARGETS = 200, 1_000, 12
CLIENT = "chaos"
START = multiprocessing.get_context("forkserver")


class Mixed(Exception):
    """Something shows parts of two states."""


@dataclass
class Tally:
    """What came of one kind of victims. `halfway`: killed within a state; `after`: killed when at least one had been reported;
    `unreported`: killed between the commit and its report.
    """

    kills: int = 0
    halfway: int = 0
    after: int = 0
    commits: int = 0
    unreported: int = 0
    lost: int = 0
    partial: int = 0
    reads: int = 0
    wrong_reads: int = 0
    said: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.partial or self.wrong_reads)


@dataclass(frozen=True)
class Kind:
    """A kind of victims. `work` does one state, `seen` gives the one state that there is, 0 for none."""

    name: str
    work: Callable[[Path, int], None]
    seen: Callable[[Path], int]


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
    return Batch(SPEND, CLIENT, "ads", rows, f"state {number}", DAY, DAY)


def load(folder: Path, number: int) -> None:
    """One load: the log and the state."""
    from connectors import understand

    understood = understand(folder / "visits.tsv")
    visits = understood.source.read([understood.head], {"timezone": "Europe/Moscow", **understood.says.facts})
    Warehouse(folder / "store").load([*visits, state(number)])


def loaded(folder: Path) -> int:
    row = Warehouse(folder / "store").arrow(
        "SELECT (SELECT count(*) FROM spend) AS n, (SELECT count(DISTINCT cost) FROM spend) AS kinds, "
        "(SELECT max(cost) FROM spend) AS state, (SELECT count(*) FROM visits) AS visits, (SELECT sum(visits) FROM traffic) AS rolled"
    ).to_pylist()[0]
    if row["n"] == 0 and row["visits"] == 0:
        return 0
    if (row["n"], row["kinds"], row["visits"], row["rolled"]) != (CAMPAIGNS, 1, VISITS, VISITS):
        raise Mixed(str(row))
    return int(row["state"])


def write(folder: Path, number: int) -> None:
    """One press of "Save" on a plan of a year."""
    plans.put(_notes(folder), CLIENT, [Target(date(2026, month, 1), "visits", float(number)) for month in range(1, TARGETS + 1)])


def written(folder: Path) -> int:
    """The state of the targets, which the history has to agree with."""
    found, past = (tables().tables[name].c for name in ("targets", "changes"))
    asked = sa.select(
        sa.func.count(), sa.func.count(found.value.distinct()), sa.func.max(found.value),
        sa.select(sa.func.count()).where(past.client == CLIENT, past.what == plans.CHANGED).scalar_subquery(),
    ).where(found.client == CLIENT)
    with _notes(folder).engine.connect() as connection:
        count, kinds, value, lines = connection.execute(asked).one()
    if count == 0 and lines == 0:
        return 0
    if (count, kinds) != (TARGETS, 1) or lines % TARGETS:
        raise Mixed(f"{count} targets, {kinds} states, {lines} lines of history")
    return int(value)


_NOTES: dict[Path, Workspace] = {}


def _notes(folder: Path) -> Workspace:
    if folder not in _NOTES:
        _NOTES[folder] = Workspace(f"sqlite:///{folder / 'workspace.sqlite'}")
    return _NOTES[folder]


KINDS = (Kind("loads", load, loaded), Kind("workspace writes", write, written))


def victim(place: int, folder: Path, first: int, said: Connection) -> None:
    """What a child does until it is killed."""
    KINDS[place].seen(folder)  # imports and opens what the first state would wait for
    said.send("ready")
    number = first
    while True:
        said.send(("begun", number))
        KINDS[place].work(folder, number)
        said.send(("done", number))
        number += 1


def reader(place: int, folder: Path, said: Connection) -> None:
    """Ask until told to stop; then say how often, how often wrongly, and the first thing that was wrong."""
    reads, wrong, last, first = 0, 0, 0, ""
    while not said.poll():
        try:
            now = KINDS[place].seen(folder)
            if now < last:
                raise Mixed(f"state {now} after {last}")
            last = now
        except Exception as error:  # counted and told: that is what this process is for
            wrong, first = wrong + 1, first or f"{type(error).__name__}: {error}"
        reads += 1
        time.sleep(0.02)
    said.send((reads, wrong, first))


def started(place: int, folder: Path, first: int) -> tuple[BaseProcess, Connection]:
    """A child that is about to begin its first state."""
    here, there = START.Pipe()
    child = START.Process(target=victim, args=(place, folder, first, there), daemon=True)
    child.start()
    there.close()
    assert here.recv() == "ready"
    return child, here


def life(place: int, folder: Path, first: int) -> float:
    """How long a first state takes that nobody kills. Unit: seconds."""
    child, here = started(place, folder, first)
    began = time.monotonic()
    while here.recv() != ("done", first):
        pass
    length = time.monotonic() - began
    _kill(child)
    here.close()
    return length


def _kill(child: BaseProcess) -> None:
    assert child.pid
    os.kill(child.pid, signal.SIGKILL)
    child.join()


def kill_once(place: int, folder: Path, first: int, wait: float) -> tuple[int, bool]:
    """Start a child and kill it `wait` seconds after it is ready. Shape: (last state it reported, whether it was in the middle of one)."""
    child, here = started(place, folder, first)
    time.sleep(wait)
    _kill(child)
    reported, halfway = first - 1, False
    try:
        while True:
            word, number = here.recv()
            halfway = word == "begun"
            reported = reported if halfway else number
    except (EOFError, OSError):
        here.close()
    return reported, halfway


def look(kind: Kind, folder: Path, reported: int, last: int, tally: Tally) -> int:
    """Compare what there is with what was reported. Returns the state."""
    try:
        now = kind.seen(folder)
    except Mixed as error:
        tally.partial += 1
        tally.said.append(str(error))
        return max(reported, last)
    if not max(reported, last) <= now <= reported + 1:
        tally.lost += 1
        tally.said.append(f"reported {reported}, there is {now}")
    tally.unreported += now > max(reported, last)
    return max(now, last)


def torment(place: int, kills: int, folder: Path, dice: random.Random, readers: int) -> Tally:
    """Kill one kind of victims so often."""
    kind, tally, last = KINDS[place], Tally(), 0
    watchers = [START.Pipe() for _ in range(readers)]
    watching = [START.Process(target=reader, args=(place, folder, there), daemon=True) for _, there in watchers]
    for one in watching:
        one.start()
    length = 0.0
    for number in range(kills):
        if number % EVERY == 0:
            length = life(place, folder, last + 1)
            last = kind.seen(folder)
        reported, halfway = kill_once(place, folder, last + 1, dice.uniform(0, SPAN * length))
        tally.kills += 1
        tally.halfway += halfway
        tally.after += reported > last
        tally.commits += max(0, reported - last)
        last = look(kind, folder, reported, last, tally)
    for (here, _), one in zip(watchers, watching, strict=True):
        here.send("stop")
        reads, wrong, first = here.recv()
        tally.reads, tally.wrong_reads = tally.reads + reads, tally.wrong_reads + wrong
        tally.said += [first] if first else []
        one.join()
    return tally


def run(kills: int, seed: int, folder: Path, readers: int = 1) -> dict[str, Tally]:
    """Half of the kills for each kind. Shape: kind → what came of it."""
    START.set_forkserver_preload(["benchmarks.logs", "connectors", "data.workspace", "pandas"])
    logs.write(folder / "visits.tsv", VISITS)
    _notes(folder).add_client(CLIENT, "Chaos", "RUB", "Europe/Moscow")
    dice = random.Random(seed)
    found = {kind.name: torment(place, kills // 2, folder, dice, readers) for place, kind in enumerate(KINDS)}
    _NOTES.pop(folder).engine.dispose()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--readers", type=int, default=2)
    chosen = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = run(chosen.kills, chosen.seed, Path(folder), chosen.readers)
    heads = ("killed in", "kills", "in the middle", "after a commit", "commits", "unreported", "lost", "partial", "reads", "wrong reads")
    print("".join(f"{head:>18}" for head in heads))
    for name, one in found.items():
        halfway, after = (f"{count / one.kills:.0%}" for count in (one.halfway, one.after))
        row = (name, one.kills, halfway, after, one.commits, one.unreported, one.lost, one.partial, one.reads, one.wrong_reads)
        print("".join(f"{cell:>18}" for cell in row))
        for said in one.said[:5]:
            print("   ", said)
    print(f"{time.monotonic() - began:.0f} s")
    sys.exit(not all(one.clean for one in found.values()))


if __name__ == "__main__":
    main()
