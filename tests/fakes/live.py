"""The dashboard on services that are not there: fakes with a few faults, a client connected to them, a pull, and the screens.

    python -m tests.fakes.live [--only-pull] [--days 120]

Nothing leaves this machine and no account is needed. The home of the demo is `data/store/live`, or `VITRINA_HOME`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from data import clock
from tests.fakes.direct import AGENCY, Direct
from tests.fakes.direct import Books as Ads
from tests.fakes.ga4 import Ga4
from tests.fakes.ga4_books import Books as Property
from tests.fakes.metrica import TOKEN, ZONE, Metrica
from tests.fakes.metrica_books import Books
from tests.fakes.server import Faults

ROOT = Path(__file__).resolve().parent.parent.parent
SLUG = "live-demo"
BOOKS = (Books("12345678", scale=60), Books("87654321", scale=120))
PROPERTIES = (Property("250000001", scale=80), Property("250000002", scale=20))
LOGINS = (Ads("shop-direct"), Ads("zoo-direct"))
ACCOUNTS = (("metrica_api", "12345678"), ("ga4_api", "250000001"), ("direct_api", "shop-direct"))
"""Shape: (service, number) of what is connected."""


def fakes(stack: ExitStack) -> dict[str, str]:
    """Start every fake; the settings that lead to them."""
    metrica = stack.enter_context(Metrica(BOOKS))
    metrica.faults, metrica.part_rows, metrica.polls = Faults(errors=0.05, cuts=0.03), 5_000, 1
    ga4, direct = stack.enter_context(Ga4(PROPERTIES)), stack.enter_context(Direct(LOGINS))
    ga4.faults, direct.faults = Faults(errors=0.02, cuts=0.03, seed=2), Faults(errors=0.05, cuts=0.03, seed=3)
    return {
        "METRIKA_API_URL": metrica.address, "METRIKA_TOKEN": TOKEN, **ga4.settings(),
        "DIRECT_API_URL": direct.address, "DIRECT_TOKEN": AGENCY,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only-pull", action="store_true", help="leave the screens closed")
    parser.add_argument("--days", type=int, default=120)
    chosen = parser.parse_args()
    since = clock.today(ZONE) - timedelta(days=chosen.days)
    with ExitStack() as stack:
        home = os.environ.get("VITRINA_HOME") or str(ROOT / "data" / "store" / "live")
        settings = {**os.environ, **fakes(stack), "VITRINA_HOME": home}

        def run(*words: str) -> int:
            return subprocess.run([sys.executable, *words], cwd=ROOT, env=settings, check=False).returncode

        listing = [sys.executable, "vitrina.py", "clients", "--format", "csv"]
        if SLUG not in subprocess.run(listing, cwd=ROOT, env=settings, capture_output=True, text=True, check=True).stdout:
            run("vitrina.py", "clients", "add", SLUG, "--name", "Live demo", "--currency", "RUB", "--timezone", "Europe/Moscow")
        for service, number in ACCOUNTS:
            run("vitrina.py", "accounts", "connect", "--client", SLUG, "--source", service, "--account", number, "--since", f"{since}")
        code = run("vitrina.py", "pull", "--client", SLUG)
        if not chosen.only_pull:
            code = run("-m", "streamlit", "run", "dashboard.py")
    sys.exit(code)


if __name__ == "__main__":
    main()
