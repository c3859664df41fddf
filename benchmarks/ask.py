"""The Channels answer against hand-written SQL on the same store, in the same run.

    python -m benchmarks.ask [--visits 10000000] [--rounds 15] [--clients 30]

A store with a Metrica log of that many visits over two years and daily spend is built once. Asked are visits, users, conversions,
spend, CPA and CR by channel, for the last 28 days against the 28 before, and for both years. The yardstick is what a person would write for
exactly that table: the roll-up, the distinct visitors and the spend, each grouped by a channel written as one CASE, with a totals row.
Warm medians. Then the agency (`benchmarks.agency`): a month of three years, 30 clients, 200 campaigns each. Either is left out with 0.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from benchmarks import agency, logs
from connectors import understand
from data.batches import Batch
from data.tables import ORIGIN_NAMES, SPEND
from data.warehouse import Warehouse
from metrics import Query, Settings, ask

UNTIL = date(2025, 12, 31)
DAYS = 730
METRICS = ("visits", "users", "conversions", "spend", "cpa", "cr")

_CHANNEL = """CASE WHEN ad_system = 'ya_direct' THEN 'direct_ads' WHEN traffic_source = 'organic' THEN 'organic'
    WHEN traffic_source = 'direct' THEN 'direct' WHEN traffic_source = 'social' THEN 'social'
    WHEN traffic_source = 'referral' THEN 'referral' ELSE 'other' END"""


def by_hand(since: date, until: date) -> str:
    """One period's answer as a person would write it for this very question, totals by GROUPING SETS."""
    days = f"day BETWEEN '{since}' AND '{until}'"
    named = f"(SELECT origin, {_CHANNEL} AS channel FROM origins) o"
    grouped = "GROUP BY GROUPING SETS ((channel), ())"
    return f"""
        SELECT v.channel, visits, users, conversions, goal_visits, cost FROM
        (SELECT channel, sum(visits) AS visits FROM traffic JOIN {named} USING (origin)
            WHERE {days} AND attribution = 'last_significant' {grouped}) v
        LEFT JOIN (SELECT channel, count(DISTINCT visitor) AS users FROM visits JOIN {named} ON o.origin = origin_last_significant
            WHERE {days} AND visitor <> 0 {grouped}) u ON u.channel IS NOT DISTINCT FROM v.channel
        LEFT JOIN (SELECT channel, sum(reaches) AS conversions, count(DISTINCT visit) AS goal_visits
            FROM conversions JOIN {named} ON o.origin = origin_last_significant WHERE {days} {grouped}) c
            ON c.channel IS NOT DISTINCT FROM v.channel
        LEFT JOIN (SELECT channel, sum(cost) AS cost FROM spend JOIN {named} USING (origin) WHERE {days} {grouped}) s
            ON s.channel IS NOT DISTINCT FROM v.channel"""


def build(folder: Path, visits: int) -> Warehouse:
    """A store with a log and with daily spend of twelve campaigns."""
    file = folder / "visits.tsv"
    logs.write(file, visits, DAYS)
    understood = understand(file)
    days = [UNTIL - timedelta(days=back) for back in range(DAYS) for _ in range(12)]
    fields = [{"traffic_source": "ad", "ad_system": "ya_direct", "campaign": f"campaign_{n * 5}"} for n in range(12)]
    spend = pa.table({
        "day": pa.array(days, pa.date32()),
        "origin": [dict.fromkeys(ORIGIN_NAMES, "") | fields[place % 12] for place in range(len(days))],
        "cost": [Decimal(100 + place % 37) for place in range(len(days))],
        "clicks": [5] * len(days),
        "currency": ["RUB"] * len(days),
    })
    batches = understood.source.read([understood.head], {"timezone": "Europe/Moscow", **understood.says.facts})
    store = Warehouse(folder / "store")
    store.load([*batches, Batch(SPEND, "bench", "ads", spend, "made up", min(days), UNTIL)])
    file.unlink()
    return store


def median(work: Callable[[], object], rounds: int) -> float:
    """Milliseconds, after one round that is not counted."""
    work()
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def compare(store: Warehouse, since: date, until: date, comparison: str, rounds: int) -> None:
    query = Query(metrics=METRICS, by=("channel",), since=since, until=until, compare=comparison)
    length = until - since + timedelta(days=1)
    periods = [(since, until)] + ([(since - length, until - length)] if comparison else [])
    ours = median(lambda: ask(query, store.run, Settings()), rounds)
    theirs = median(lambda: [store.sql(by_hand(*period)) for period in periods], rounds)
    result, plain = ask(query, store.run, Settings()), store.sql(by_hand(since, until))
    top = plain[plain["channel"].isna()].iloc[0]
    same = all(result.total[name] == top[name] for name in ("visits", "users", "conversions"))
    equal = "equal" if same and abs((result.total["spend"] or 0) - float(top["cost"])) < 1e-6 else "DIFFER"
    period = f"{since} – {until} {comparison or 'alone':8}"
    print(f"{period}: ask {ours:7.1f} ms   by hand {theirs:7.1f} ms   ratio {ours / theirs:.2f}   totals {equal}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visits", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--clients", type=int, default=30)
    chosen = parser.parse_args()
    if chosen.clients:
        with tempfile.TemporaryDirectory() as folder:
            agency.report(Path(folder), chosen.clients, max(1, chosen.rounds // 5))
    if not chosen.visits:
        return
    with tempfile.TemporaryDirectory() as folder:
        store = build(Path(folder), chosen.visits)
        print(f"{chosen.visits:,} visits over {DAYS} days")
        compare(store, UNTIL - timedelta(days=27), UNTIL, "previous", chosen.rounds)
        compare(store, UNTIL - timedelta(days=27), UNTIL, "", chosen.rounds)
        compare(store, UNTIL - timedelta(days=DAYS - 1), UNTIL, "", max(3, chosen.rounds // 3))


if __name__ == "__main__":
    main()
