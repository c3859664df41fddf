"""Our own CPU in a pull, beside the least that anybody could do with the same bodies: a download loop, and the same loading of the files.

    python -m benchmarks.pull [--visits 2000] [--days 60] [--rounds 3]

A fake of Metrica runs as a process of its own, so its work is not counted. Both sides ask it for the same months; CPU seconds of each are
those of a fresh process, imports not counted. The figure to quote is the median of the rounds' ratios.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

COUNTER = "12345678"
ANSWERS = {"timezone": "Europe/Moscow", "currency": "RUB", "vat": "net", "expenses": "no"}


def months(days: int) -> list[tuple[date, date]]:
    """The same pieces that a pull asks for."""
    from connectors import pulling
    from connectors.live import Feed
    from data.tables import VISITS

    today = date.today()
    feed = Feed("visits", "", VISITS, COUNTER, lambda order: iter(()))
    return pulling.pieces(feed, (), (today - timedelta(days=days), today - timedelta(days=1)), today)


def bare(address: str, token: str, days: int, folder: Path) -> int:
    """The yardstick: order, look, download, load; no limits, no retries, no checks. Bytes downloaded."""
    import requests

    from connectors import metrica_logs
    from connectors.files import peek
    from connectors.metrica_api_logs import fields
    from data.warehouse import Warehouse

    session, size = requests.Session(), 0
    session.headers["Authorization"] = f"OAuth {token}"
    path = f"{address}/management/v1/counter/{COUNTER}"
    for since, until in months(days):
        params = {"date1": f"{since}", "date2": f"{until}", "source": "visits", "fields": ",".join(fields())}
        log = session.post(f"{path}/logrequests", params=params).json()["log_request"]
        while log["status"] != "processed":
            log = session.get(f"{path}/logrequest/{log['request_id']}").json()["log_request"]
        files = []
        for part in log["parts"]:
            files.append(folder / f"{log['request_id']}-{part['part_number']}.tsv")
            place = f"{path}/logrequest/{log['request_id']}/part/{part['part_number']}/download"
            with session.get(place, stream=True) as answer, files[-1].open("wb") as file:
                for block in answer.iter_content(1 << 18):
                    size += file.write(block)
        Warehouse(folder / "store").load(metrica_logs.read([peek(file) for file in files], {**ANSWERS, "account": COUNTER}))
    return size


def pull(address: str, token: str, days: int, folder: Path) -> int:
    """Ours: planned from the ledger, within limits, checked, published month by month, cleaned up. Bytes downloaded."""
    from dataclasses import replace

    from connectors import pulling
    from connectors.live import Connected
    from connectors.metrica_api import LIVE
    from connectors.pace import Clock
    from connectors.web import Web
    from data.coverage import spans
    from data.warehouse import Warehouse

    os.environ |= {"METRIKA_API_URL": address, "METRIKA_TOKEN": token}
    store = Warehouse(folder / "store")
    web = Web(folder / "paces", Clock(sleep=lambda seconds: time.sleep(seconds / 20)))
    only_visits = replace(LIVE, feeds=lambda web, connected: LIVE.feeds(web, connected)[:1])
    door = pulling.Door(lambda: spans(store), lambda batches: store.load(batches, replace=True), folder)
    outcome = pulling.pull(only_visits, Connected("shop", COUNTER, ANSWERS), web, door, date.today() - timedelta(days=days))
    assert not outcome.troubles, outcome.troubles
    return web.tally.size


def timed(what: str, address: str, token: str, days: int, folder: Path) -> None:
    """Run inside the fresh process: print CPU seconds (imports not counted), wall seconds and bytes."""
    import requests  # noqa: F401

    import connectors
    import connectors.metrica_api
    import data.coverage  # noqa: F401

    connectors.discover()
    months(days)
    wall, cpu = time.perf_counter(), time.process_time()
    size = {"bare": bare, "pull": pull}[what](address, token, days, folder)
    print(time.process_time() - cpu, time.perf_counter() - wall, size)


def measured(what: str, address: str, token: str, days: int) -> Sequence[float]:
    with tempfile.TemporaryDirectory() as folder:
        code = (
            f"from pathlib import Path; from benchmarks import pull; "
            f"pull.timed({what!r}, {address!r}, {token!r}, {days}, Path({folder!r}))"
        )
        said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    return [float(one) for one in said]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visits", type=int, default=2000)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    words = [sys.executable, "-m", "tests.fakes.metrica", "--port", "0", "--visits", f"{chosen.visits}"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as fake:
        try:
            assert fake.stdout
            address, token = fake.stdout.readline().split()
            measured("bare", address, token, chosen.days)  # the fake makes its visits once
            ratios = []
            for number in range(chosen.rounds):
                (least, _, size), (ours, wall, _) = (measured(what, address, token, chosen.days) for what in ("bare", "pull"))
                ratios.append(ours / least)
                print(f"round {number + 1}: {size / 2**20:,.0f} MB   bare {least:5.2f} s CPU   pull {ours:5.2f} s CPU "
                      f"({wall:5.1f} s in all)   ratio {ratios[-1]:.3f}")
            print(f"median ratio {statistics.median(ratios):.3f}: our own CPU is {statistics.median(ratios) - 1:+.1%} of a bare loop's")
        finally:
            fake.terminate()


if __name__ == "__main__":
    main()
