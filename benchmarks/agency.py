"""A month out of three years of an agency's clients: many stores of daily totals with 200 campaigns each, asked as pages ask.

Each question stands beside what a person would write for exactly that table, run in the same store in the same run, totals and the
period before included. Every round asks about another month, so that only what does not depend on days may be known already.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow as pa

from data.batches import Batch
from data.tables import ORIGIN_NAMES, SPEND, TRAFFIC
from data.warehouse import Warehouse
from metrics import Query, Settings, ask

UNTIL = date(2025, 12, 31)
DAYS, CAMPAIGNS, LENGTH = 1096, 200, 31
FIRST = UNTIL - timedelta(days=DAYS - 1)
LIMIT = 150.0
"""Milliseconds that a question may take."""
_MODEL = "last_significant"


@dataclass(frozen=True)
class Question:
    """A question, and the grouping that a person would write for it; empty for totals alone."""

    name: str
    by: tuple[str, ...] = ()
    key: str = ""
    top: int = 0

    def about(self, month: date) -> Query:
        """The question about as many days from `month` on, against as many before."""
        return Query(_CARDS, month, month + timedelta(days=LENGTH - 1), self.by, "previous", top=self.top)


_CARDS = ("spend", "visits", "conversions", "cpa", "cr", "cost_per_visit")
_CHANNEL = """CASE WHEN ad_system = 'ya_direct' THEN 'direct_ads' WHEN ad_system = 'vkontakte' THEN 'vk_ads'
    WHEN ad_system = 'google_adwords' THEN 'google_ads' ELSE 'other' END"""
QUESTIONS = (
    Question("cards"),
    Question("channels", ("channel",), _CHANNEL),
    Question("campaigns", ("campaign",), "CASE WHEN campaign_id <> '' THEN campaign_id ELSE campaign END", 50),
    Question("days", ("day",), "day"),
)


def by_hand(question: Question, since: date, until: date) -> str:
    """One period, with its total."""
    days = f"day BETWEEN '{since}' AND '{until}'"
    grouped = "GROUP BY GROUPING SETS ((k), ())" if question.key else ""
    key, joined = (f"{question.key} AS k,", "JOIN origins USING (origin)") if question.key else ("", "")
    sums = f"""SELECT {key} sum(visits) AS visits, sum(reaches) AS conversions, sum(goal_visits) AS goal_visits
        FROM traffic {joined} WHERE {days} AND attribution = '{_MODEL}' {grouped}"""
    paid = f"SELECT {key} sum(cost) AS cost, sum(clicks) AS clicks FROM spend {joined} WHERE {days} {grouped}"
    if not question.key:
        return f"SELECT * FROM ({sums}), ({paid})"
    return f"SELECT * FROM ({sums}) a LEFT JOIN ({paid}) b ON a.k IS NOT DISTINCT FROM b.k"


def build(folder: Path, clients: int, until: date = UNTIL) -> list[Warehouse]:
    """So many stores of the same size; one is loaded, the others are its copies."""
    first = Warehouse(folder / "0")
    first.load(list(_batches(until)))
    for place in range(1, clients):
        shutil.copytree(folder / "0", folder / str(place))
    return [Warehouse(folder / str(place)) for place in range(clients)]


def _batches(until: date) -> Iterator[Batch]:
    since = until - timedelta(days=DAYS - 1)
    random, rows = np.random.default_rng(1), DAYS * CAMPAIGNS
    days = pa.array(np.repeat(np.arange(DAYS, dtype="int32") + (since - date(1970, 1, 1)).days, CAMPAIGNS)).cast(pa.date32())
    campaign = np.tile(np.arange(CAMPAIGNS), DAYS)
    origins = _origins(campaign)
    visits = random.poisson(12, rows)
    goals = random.binomial(visits, 0.04)
    shared = {"day": days, "until": days, "origin": origins}
    counted = pa.table({**shared, "goal": [""] * rows, "visits": visits, "bounces": visits // 4, "page_views": visits * 3})
    reached = pa.table({**shared, "goal": ["order"] * rows, "reaches": goals, "goal_visits": goals})
    yield Batch(
        TRAFFIC, "bench", "counter", pa.concat_tables([counted, reached], promote_options="default"), "made up", since, until,
        attribution=_MODEL, breakdown="origin",
    )
    cost = pa.array([Decimal(int(one)) for one in random.integers(50, 900, rows)])
    paid = pa.table({**shared, "cost": cost, "clicks": visits + 2, "impressions": visits * 60, "currency": ["RUB"] * rows})
    yield Batch(SPEND, "bench", "ads", paid, "made up", since, until)


def _origins(campaign: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pa.StructArray:
    """Campaigns of three ad systems, as structs."""
    systems = np.array(["ya_direct", "vkontakte", "google_adwords"])[np.arange(CAMPAIGNS) % 3]
    fields = {
        "traffic_source": np.full(CAMPAIGNS, "ad"), "ad_system": systems,
        "campaign_id": np.array([str(70_000_000 + n) for n in range(CAMPAIGNS)]),
        "campaign_name": np.array([f"Campaign {n}" for n in range(CAMPAIGNS)]),
    }
    empty = np.full(CAMPAIGNS, "")
    return pa.StructArray.from_arrays([pa.array(fields.get(name, empty)[campaign]) for name in ORIGIN_NAMES], list(ORIGIN_NAMES))


def report(folder: Path, clients: int, rounds: int) -> None:
    """Print every question beside its hand-written statements."""
    stores = build(folder, clients)
    print(f"{clients} clients with {CAMPAIGNS} campaigns over {DAYS} days; a month and the one before, warm")
    for question in QUESTIONS:
        ours, theirs = [], []
        for store in stores:
            ask(question.about(FIRST + timedelta(days=LENGTH)), store.run, Settings())
        for place, store in enumerate(stores * rounds):
            month = FIRST + timedelta(days=LENGTH * (2 + place % (DAYS // LENGTH - 3)))
            ours.append(_timed(partial(ask, question.about(month), store.run, Settings())))
            theirs.append(_timed(partial(_asked_by_hand, question, store, month)))
        took, hand = median(ours), median(theirs)
        word = "within" if took < LIMIT else "OVER"
        print(
            f"{question.name:9}: ask {took:6.1f} ms ({word} {LIMIT:.0f})   by hand {hand:6.1f} ms   ratio {took / hand:.2f}   "
            f"totals {_compared(question, stores[0])}"
        )


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _asked_by_hand(question: Question, store: Warehouse, month: date) -> None:
    for since in (month, month - timedelta(days=LENGTH)):
        store.sql(by_hand(question, since, since + timedelta(days=LENGTH - 1)))


def _compared(question: Question, store: Warehouse) -> str:
    month = FIRST + timedelta(days=LENGTH)
    query = question.about(month)
    total, plain = ask(query, store.run, Settings()).total, store.sql(by_hand(question, month, query.until))
    top = plain[plain["k"].isna()].iloc[0] if question.key else plain.iloc[0]
    same = all(int(total[name] or 0) == int(top[name]) for name in ("visits", "conversions"))
    return "equal" if same and abs((total["spend"] or 0.0) - float(top["cost"])) < 1e-6 else "DIFFER"
