"""First paint and filter change of every page in Chromium, beside a bare Streamlit page with one chart in the same run.

    python -m benchmarks.pages [--home FOLDER] [--client SLUG] [--rounds 5] [--clients 0]

Without a home the demo agency is built first; `--clients` adds clients of three years x 200 campaigns until there are so many, and looks
at one of them. The period is pressed between two known ones and, as `new period`, on days that nobody has asked for yet.

First paint: from the request to the last chart drawn and the run over, with the server warm, a fresh viewer each time. Filter change: from
the press on another language (nothing may be asked again) and on another period, to the run over. The figures to quote are the ratios.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks import agency
from data import clock
from data.desk import plans
from data.desk.plans import Target
from data.workspace import workspace
from tests import browser

BULK, DEMO = "bulk", 3
"""How further clients are called, and how many the demo has."""
UNSEEN = (
    ("Yesterday", "yesterday"), ("Last full week, Mon–Sun", "week"), ("Month to date", "month"), ("Last month", "last_month"),
    ("Quarter to date", "quarter"), ("Year to date", "year"),
)
"""Periods that nobody has asked for when their turn comes."""
TIMELESS = ("portfolio",)
CLOSED = ("people", "documents")
"""Pages without a period, and pages that open only where people sign in."""
FIRST = "channels"
"""The page that opens at `/`."""

BARE = '''
import plotly.graph_objects as go
import streamlit as st

step = st.selectbox("Step", [1, 2, 3])
st.plotly_chart(go.Figure(go.Scatter(y=[step * day % 7 for day in range(60)])))
st.caption(f"step {step}")
'''


def main() -> None:
    asked = _arguments()
    with tempfile.TemporaryDirectory() as folder, browser.browser() as chromium:
        home = Path(asked.home) if asked.home else _demo(Path(folder) / "home", asked.clients)
        with _bare(Path(folder)) as yardstick, browser.app(home) as address:
            plain = [_first(chromium, yardstick) for _ in range(asked.rounds)]
            turn = _presses(chromium, yardstick, asked.rounds, _step)
            print(f"seconds, {asked.rounds} rounds, load {os.getloadavg()[0]:.1f}")
            print(f"{'page':<14}{'first paint':>13}{'x bare':>8}{'period p95':>13}{'x bare':>8}{'new period p95':>16}{'language p95':>14}")
            _print("bare", plain, turn, [], [], plain, turn)
            for page in [path.stem[3:] for path in sorted((browser.ROOT / "pages").glob("[0-9][0-9]_*.py")) if path.stem[3:] not in CLOSED]:
                where = f"{address}/{'' if page == FIRST else page}?client={asked.client}&lang=en"
                _first(chromium, where)
                paints = [_first(chromium, where) for _ in range(asked.rounds)]
                bare = page in TIMELESS
                periods, unseen = ([], []) if bare else (_presses(chromium, where, asked.rounds, press) for press in (_period, _unseen))
                _print(page, paints, periods, unseen, _presses(chromium, where, asked.rounds, _language), plain, turn)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--home")
    parser.add_argument("--client")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--clients", type=int, default=0)
    asked = parser.parse_args()
    asked.client = asked.client or (f"{BULK}-0" if asked.clients > DEMO else "tea-hedgehog")
    return asked


def _print(
    name: str, paints: list[float], periods: list[float], unseen: list[float], languages: list[float], plain: list[float], turn: list[float]
) -> None:
    first = statistics.median(paints)
    cells = [f"{name:<14}{first:>13.2f}{first / statistics.median(plain):>8.2f}"]
    cells.append(f"{_p95(periods):>13.2f}{_p95(periods) / _p95(turn):>8.2f}" if periods else f"{'':>21}")
    cells.append(f"{_p95(unseen):>16.2f}" if unseen else f"{'':>16}")
    cells.append(f"{_p95(languages):>14.2f}" if languages else "")
    print("".join(cells), flush=True)


def _p95(found: list[float]) -> float:
    """The slow end: of few rounds, the slowest."""
    return sorted(found)[min(len(found) - 1, int(0.95 * len(found)))]


# ----------------------------------------------------------------------------------------------------------------- the clock


def _first(chromium: Browser, address: str) -> float:
    """Unit: seconds from the request to everything drawn."""
    page = browser.open_page(chromium, "en-GB")
    begun = time.monotonic()
    page.goto(address, wait_until="commit")
    browser.settle(page)
    took = time.monotonic() - begun
    page.context.close()
    return took


def _presses(chromium: Browser, address: str, rounds: int, press: Callable[[Page, int], float]) -> list[float]:
    """One viewer, one press after another. Unit: seconds."""
    page = browser.open_page(chromium, "en-GB")
    page.goto(address, wait_until="commit")
    browser.settle(page)
    press(page, 0)
    found = [press(page, number) for number in range(1, rounds + 1)]
    page.context.close()
    return found


def _timed(page: Page, act: Callable[[], None], seen: Callable[[], None]) -> float:
    begun = time.monotonic()
    act()
    seen()
    browser.settle(page)
    return time.monotonic() - begun


def _step(page: Page, number: int) -> float:
    return _choose(page, "Step", str(2 + number % 2), lambda: page.get_by_text(f"step {2 + number % 2}", exact=True).wait_for())


def _period(page: Page, number: int) -> float:
    title, key = (("Last 7 full days", "7d"), ("Last 28 full days", "28d"))[number % 2]
    return _choose(page, "Period", title, lambda: page.wait_for_url(f"**period={key}*", wait_until="commit"))


def _unseen(page: Page, number: int) -> float:
    """A period that nobody has asked for yet, so that everything on the page is asked anew."""
    title, key = UNSEEN[number % len(UNSEEN)]
    return _choose(page, "Period", title, lambda: page.wait_for_url(f"**period={key}*", wait_until="commit"))


def _choose(page: Page, label: str, title: str, seen: Callable[[], None]) -> float:
    page.get_by_role("combobox", name=label).first.click()
    option = page.get_by_role("option", name=title, exact=True)
    option.wait_for()
    return _timed(page, option.click, seen)


def _language(page: Page, number: int) -> float:
    code = ("ru", "en")[number % 2]
    return _timed(
        page, page.get_by_text(code.upper(), exact=True).click, lambda: page.wait_for_url(f"**lang={code}*", wait_until="commit")
    )


# ---------------------------------------------------------------------------------------------------------------- the subjects


def _demo(home: Path, clients: int) -> Path:
    """The demo agency, and clients beside it until there are so many: each three years of daily totals of 200 campaigns, with a plan."""
    os.environ["VITRINA_HOME"] = str(home)
    subprocess.run([sys.executable, "vitrina.py", "demo"], cwd=browser.ROOT, check=True)
    desk = workspace()
    more, until = clients - len(desk.clients()), clock.today("Europe/Moscow") - timedelta(days=1)
    for number, store in enumerate(agency.build(home / "built", max(0, more), until)[: max(0, more)]):
        client = desk.add_client(f"{BULK}-{number}", f"Client {number}", "RUB", "Europe/Moscow")
        desk.set_facts(client, {"model": "leads", "key_goals": ["order"]})
        month = until.replace(day=1)
        plans.put(desk, client.slug, [Target(month, "spend", 2_800_000.0), Target(month, "conversions", 3_100.0)])
        shutil.move(store.folder, desk.store(client).folder)
    return home


@contextmanager
def _bare(folder: Path) -> Iterator[str]:
    """The yardstick: one control, one chart."""
    script = folder / "bare.py"
    script.write_text(BARE, encoding="utf-8")
    port = browser._free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port), "--server.address", "127.0.0.1",
               "--server.headless", "true", "--server.fileWatcherType", "none", "--browser.gatherUsageStats", "false"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _answers(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _answers(address: str) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the yardstick did not start")


if __name__ == "__main__":
    main()
