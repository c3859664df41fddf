"""Fifty people at once, in the dashboard's own websocket protocol, on three clients, while a loader publishes versions beneath them.

    python -m benchmarks.crowd [--sessions 50] [--minutes 10] [--every 15] [--processes 2] [--home FOLDER] [--pages channels]

The dashboard runs as so many processes on one store, and a session stays with one of them, as behind the proxy of `deploy/`. Each
session looks at one client and changes a filter every so many seconds. Printed are the times of a filter change, of twenty who press at
the same moment, the server's memory, and whether anybody saw anything of another client: every client's visits are made multiples of a
number of its own, its money bears a sign of its own, and its account numbers stand in the text; every answer is looked through for them.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import duckdb

from tests.visitor import Answer, Visitor

ROOT = Path(__file__).resolve().parent.parent
FILTERS = ("chosen_period", "chosen_compare", "chosen_channel", "chosen_goals", "chosen_device", "chosen_attribution")
LOAD_EVERY = 30.0
"""Unit: seconds between two loads; clients take turns."""
CHANGE, MOMENT = 1.0, 3.0
"""Aims. Unit: seconds; the 95th percentile of a filter change, and the slowest of twenty who press at the same moment."""
WARM = 0.25
"""Share of the time after which memory has to stay where it is."""
_OURS = ("TRY", "KZT", "INR")
_SIGNS = ("₺", "₸", "₹")
"""NB: no roubles; people write them in their notes."""
_FACTORS = (7, 11, 13)


@dataclass(frozen=True)
class Watermark:
    """What tells one client's figures from another's."""

    client: str
    factor: int
    sign: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class App:
    """One process of the dashboard."""

    port: int
    process: int


@dataclass
class Seen:
    """What a crowd has met. Unit: seconds, bytes."""

    changes: list[float] = field(default_factory=list)
    openings: list[float] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    memory: list[tuple[float, int]] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    checked: int = 0
    faults: int = 0


# ------------------------------------------------------------------------------------------------------------- watermarks


def mark(home: Path) -> tuple[Watermark, ...]:
    """Put a watermark into the figures of every client of a home folder that nobody serves yet."""
    os.environ["VITRINA_HOME"] = str(home)
    from data.door import workspace
    from data.warehouse import Candidate

    marks = []
    for client, currency, sign, factor in zip(workspace().clients(), _OURS, _SIGNS, _FACTORS, strict=False):
        store = workspace().store(client)
        current = store.current()
        assert current is not None
        draft = store.folder / f"draft-{os.getpid()}-1-mark.duckdb"
        shutil.copyfile(current.path, draft)
        with duckdb.connect(str(draft)) as connection:
            _stamp(connection, currency, factor)
        assert store.publish(Candidate(current.number, draft, ()))
        accounts = tuple({account for account, *_ in workspace().accounts(client.slug) if len(account) >= 6})
        marks.append(Watermark(client.slug, factor, sign, accounts))
    _name_currencies(home, [one.client for one in marks])
    return tuple(replace(one, names=tuple(name for name in one.names if _lone(name, marks))) for one in marks)


def _lone(name: str, marks: Sequence[Watermark]) -> bool:
    return sum(name in one.names for one in marks) == 1


def _stamp(connection: duckdb.DuckDBPyConnection, currency: str, factor: int) -> None:
    columns = connection.execute("SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal").fetchall()
    for table, column in columns:
        if column == "currency":
            connection.execute(f"UPDATE {table} SET currency = '{currency}' WHERE currency <> ''")
        if column == "visits" and table in ("visits", "traffic"):
            connection.execute(f"UPDATE {table} SET visits = visits * {factor}")
    connection.execute("CHECKPOINT")


def _name_currencies(home: Path, clients: Sequence[str]) -> None:
    import sqlite3

    with sqlite3.connect(home / "workspace.sqlite") as desk:
        for slug, currency in zip(clients, _OURS, strict=False):
            desk.execute("UPDATE clients SET currency = ? WHERE slug = ?", (currency, slug))
    desk.close()


def foreign(answer: Answer, own: Watermark, marks: Sequence[Watermark]) -> list[str]:
    """What of another client stands in an answer, or lacks the watermark of its own."""
    text = answer.text
    found = [
        f"{own.client} saw {word} of {other.client}"
        for other in marks if other is not own for word in (other.sign, *other.names) if word in text
    ]
    for key, value in answer.cards:
        digits = re.sub(r"\D", "", value)
        if key == "visits" and digits and "," not in value and int(digits) % own.factor:
            found.append(f"{own.client}: {value} visits are no multiple of {own.factor}")
        if key in ("spend", "revenue", "cpa") and digits and own.sign not in value:
            found.append(f"{own.client}: {key} is {value}")
    return found


# ----------------------------------------------------------------------------------------------------------------- server


@contextmanager
def server(home: Path, port: int, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """The dashboard over a home folder; its log in `app.log` there."""
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(port), "--server.address", "127.0.0.1",
               "--server.headless", "true"]
    environment = os.environ | {"VITRINA_HOME": str(home), "VITRINA_LOG": str(home / "app.log")} | more
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until_ready(port)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


@contextmanager
def servers(home: Path, port: int, number: int) -> Iterator[tuple[App, ...]]:
    """So many processes of the dashboard over one home folder, on ports that follow one another."""
    with ExitStack() as stack:
        started = [(port + place, stack.enter_context(server(home, port + place))) for place in range(number)]
        yield tuple(App(own, process.pid) for own, process in started)


def until_ready(port: int, patience: float = 60.0) -> float:
    """Wait until it can serve. Returns the seconds that took."""
    begun = time.monotonic()
    while time.monotonic() < begun + patience:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5):
                return time.monotonic() - begun
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the dashboard did not get ready")


def meter(port: int, name: str, where: str = "/metrics") -> float:
    """One figure of the server's own metrics."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{where}", timeout=30) as answer:
        lines = answer.read().decode().splitlines()
    return next(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(f"{name} "))


def resident(process: int) -> int:
    """Bytes that a process of this machine has in memory. NB: read beside it, because a server that is late is late with this too."""
    return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def processor(process: int) -> float:
    """Seconds of the processor that a process of this machine has used."""
    used = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")


def load_on(home: Path, every: float) -> None:
    """What the loader's process does until it is ended: a new version of one client after the other, with the same figures."""
    os.environ["VITRINA_HOME"] = str(home)
    from data.door import workspace
    from tests.small_store import spend

    day = date(2026, 3, 1)
    while True:
        for client in workspace().clients():
            time.sleep(every)
            workspace().store(client).load([spend([(day, {"campaign": "crowd"}, 0)], (day, day), "crowd", currency=client.currency)])


@contextmanager
def loader(home: Path, every: float = LOAD_EVERY) -> Iterator[None]:
    """A loader beside the server."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.crowd", "--load-only", str(every), "--home", str(home)], cwd=ROOT)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


# ------------------------------------------------------------------------------------------------------------------ crowd


class Crowd:
    """People and what they do."""

    def __init__(self, apps: Sequence[App], marks: Sequence[Watermark], pages: Sequence[str], seed: int = 1) -> None:
        self.apps, self.marks, self.pages, self.seed = tuple(apps), tuple(marks), tuple(pages), seed
        self.seen = Seen()
        self.people: list[tuple[Visitor, Watermark, random.Random]] = []

    async def arrive(self, number: int, stack: AsyncExitStack, gap: float = 0.2) -> None:
        """So many people open a page, one after the other."""
        for place in range(number):
            own = self.marks[place % len(self.marks)]
            page = self.pages[place // len(self.marks) % len(self.pages)]
            # NB: by pairs, so that every process serves both languages.
            app = self.apps[place // 2 % len(self.apps)]
            visitor = Visitor(f"http://127.0.0.1:{app.port}", page, {"client": own.client, "lang": ("ru", "en")[place % 2]})
            await stack.enter_async_context(visitor)
            answer = await visitor.look()
            self._check(answer, own)
            self.seen.openings.append(answer.seconds)
            self.people.append((visitor, own, random.Random(self.seed * 1000 + place)))
            await asyncio.sleep(gap)

    async def act(self, seconds: float, every: float) -> None:
        """Everybody changes a filter every so often, each beginning at a moment of their own, while memory is looked at."""
        end = time.monotonic() + seconds
        watch = asyncio.create_task(self._watch(end))
        await asyncio.gather(*(self._person(*one, end, every) for one in self.people))
        await watch

    async def together(self, number: int) -> float:
        """So many press at the same moment. Returns when the last one had the answer."""
        some = self.people[:number]
        answers = await asyncio.gather(*(self._change(visitor, dice) for visitor, _, dice in some))
        for answer, (_, own, _) in zip(answers, some, strict=True):
            self._check(answer, own)
        slowest = max(answer.seconds for answer in answers)
        self.seen.moments.append(slowest)
        return slowest

    async def _person(self, visitor: Visitor, own: Watermark, dice: random.Random, end: float, every: float) -> None:
        await asyncio.sleep(dice.uniform(0, every))
        while time.monotonic() < end:
            begun = time.monotonic()
            answer = await self._change(visitor, dice)
            self.seen.changes.append(answer.seconds)
            self._check(answer, own)
            await asyncio.sleep(max(0.0, every - (time.monotonic() - begun)))

    async def _change(self, visitor: Visitor, dice: random.Random) -> Answer:
        """Another value in one of the bar's filters."""
        key = dice.choice([key for key in FILTERS if key in visitor.controls])
        held = visitor.controls[key][1]
        several = key in ("chosen_channel", "chosen_goals", "chosen_device")
        value = dice.choice(list(held.options))
        return await visitor.press(key, ([value] if dice.random() < 0.6 else []) if several else value)

    async def _watch(self, end: float) -> None:
        begun = time.monotonic()
        while time.monotonic() < end:
            self.seen.memory.append((time.monotonic() - begun, sum(resident(app.process) for app in self.apps)))
            await asyncio.sleep(min(5.0, max(0.1, end - time.monotonic())))

    def _check(self, answer: Answer, own: Watermark) -> None:
        self.seen.checked += 1
        self.seen.foreign += foreign(answer, own, self.marks)
        self.seen.faults += sum(m.delta.new_element.WhichOneof("type") == "exception" for m in answer.messages if m.HasField("delta"))


def share(values: Sequence[float], part: float) -> float:
    """The value that so large a part does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(part * (len(ordered) - 1)))]


def grown(memory: Sequence[tuple[float, int]]) -> float:
    """By how many MB memory grew from when it was warm to the end: medians of a quarter each."""
    ordered = [size for _, size in memory]
    quarter = max(1, len(ordered) // 4)
    warm = ordered[round(len(ordered) * WARM):][:quarter]
    return (statistics.median(ordered[-quarter:]) - statistics.median(warm)) / 1e6


# -------------------------------------------------------------------------------------------------------------------- run


async def _run(apps: Sequence[App], marks: Sequence[Watermark], options: argparse.Namespace) -> Seen:
    crowd = Crowd(apps, marks, options.pages.split(","))
    async with AsyncExitStack() as stack:
        await crowd.arrive(options.sessions, stack)
        openings = crowd.seen.openings
        print(f"{options.sessions} sessions open; opening p50 {share(openings, 0.5):.2f} s, max {max(openings):.2f} s", flush=True)
        await crowd.act(options.minutes * 60, options.every)
        for _ in range(5):
            await crowd.together(20)
            await asyncio.sleep(3)
    return crowd.seen


def missed(seen: Seen) -> bool:
    """Whether an answer took longer than it may."""
    return share(seen.changes, 0.95) >= CHANGE or max(seen.moments) >= MOMENT


def _report(seen: Seen, faults: int) -> None:
    parts = ", ".join(f"p{round(part * 100)} {share(seen.changes, part):.2f} s" for part in (0.5, 0.95, 0.99, 1.0))
    print(f"filter changes: {len(seen.changes)}; {parts} (aim: p95 below {CHANGE:.0f} s)")
    moments = ", ".join(f"{one:.2f}" for one in seen.moments)
    print(f"20 at the same moment, the slowest of each round: {moments} s (aim: below {MOMENT:.0f} s)")
    sizes = [size / 1e6 for _, size in seen.memory]
    print(f"memory: {sizes[0]:.0f} MB at the start, {max(sizes):.0f} MB at most, {sizes[-1]:.0f} MB at the end; "
          f"{grown(seen.memory):+.0f} MB after warm-up")
    print(f"answers looked through: {seen.checked}; with anything of another client: {len(seen.foreign)}; faults: {seen.faults + faults}")
    for line in seen.foreign[:10]:
        print(f"  {line}")


def prepared(home: Path, given: str) -> None:
    """A home folder of three invented clients: a copy of the given one, or the demo agency made anew."""
    if given:
        shutil.copytree(given, home, dirs_exist_ok=True)
    else:
        subprocess.run([sys.executable, "vitrina.py", "demo"], cwd=ROOT, env=os.environ | {"VITRINA_HOME": str(home)}, check=True)


def faults_in(log: Path) -> int:
    """Lines of the log that tell of a fault."""
    return sum('"level": "error"' in line for line in log.read_text(encoding="utf-8").splitlines())


def main(arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ) -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--sessions", type=int, default=50)
    asked.add_argument("--minutes", type=float, default=10)
    asked.add_argument("--every", type=float, default=15)
    asked.add_argument("--processes", type=int, default=2)
    asked.add_argument("--pages", default="channels")
    asked.add_argument("--home", default="", help="a home folder to copy; the demo agency otherwise")
    asked.add_argument("--port", type=int, default=8639)
    asked.add_argument("--load-every", type=float, default=LOAD_EVERY)
    asked.add_argument("--load-only", type=float, default=0, help=argparse.SUPPRESS)
    options = asked.parse_args(arguments)
    if options.load_only:
        load_on(Path(options.home), options.load_only)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        prepared(home, options.home)
        marks = mark(home)
        print(f"machine: {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before we began", flush=True)
        with servers(home, options.port, options.processes) as apps, loader(home, options.load_every):
            seen = asyncio.run(_run(apps, marks, options))
            spent = sum(processor(app.process) for app in apps)
        print(f"processor of {len(apps)} processes: {spent:.0f} s, {spent / seen.checked:.2f} s an answer")
        _report(seen, faults_in(home / "app.log"))
    return 1 if seen.foreign or seen.faults or missed(seen) else 0


if __name__ == "__main__":
    sys.exit(main())
