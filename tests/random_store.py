"""A small store of invented visits, reaches, orders and spend, loaded for real, with the same facts kept as plain frames beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from data.batches import Batch
from data.tables import CONVERSIONS, ORDERS, ORIGIN_NAMES, SPEND, VISITS, Table
from data.warehouse import Warehouse
from metrics.channels import channel_of

FIRST, LAST = date(2026, 2, 2), date(2026, 4, 5)
MODEL = "last_significant"
COUNTER = "counter"

ORIGINS: tuple[Mapping[str, str], ...] = (
    {"traffic_source": "direct"},
    {"traffic_source": "organic", "engine": "yandex"},
    {"traffic_source": "organic", "engine": "google"},
    {
        "traffic_source": "ad",
        "ad_system": "ya_direct",
        "placement": "search",
        "source": "yandex",
        "medium": "cpc",
        "campaign": "101",
        "campaign_id": "101",
        "campaign_name": "Brand",
    },
    {
        "traffic_source": "ad",
        "ad_system": "ya_direct",
        "placement": "network",
        "source": "yandex",
        "medium": "cpc",
        "campaign": "102",
        "campaign_id": "102",
        "campaign_name": "Network",
    },
    {"traffic_source": "ad", "source": "yandex", "medium": "cpc", "campaign": "101"},
    {"traffic_source": "ad", "ad_system": "vkontakte", "source": "vk", "medium": "cpc", "campaign": "feed"},
    {"traffic_source": "referral", "referrer": "habr.com"},
    {"traffic_source": "messenger", "engine": "telegram", "source": "telegram", "medium": "post", "campaign": "spring"},
    {"traffic_source": "email", "source": "newsletter", "medium": "email", "campaign": "spring"},
)
PAID: tuple[Mapping[str, str], ...] = (
    {"ad_system": "ya_direct", "placement": "search", "campaign_id": "101", "campaign_name": "Brand"},
    {"ad_system": "ya_direct", "placement": "network", "campaign_id": "102", "campaign_name": "Network"},
    {"ad_system": "vkontakte", "source": "vk", "medium": "cpc", "campaign": "feed"},
)
DEVICES = ("desktop", "phone", "")
CITIES = ("Moscow", "Kazan", "Tver")
GOALS = ("11", "12")


class Store:
    """The store and its facts. Shape of a frame: `day`, the dimensions the table has, and its numbers. `loaded` are days by table."""

    def __init__(self, warehouse: Warehouse, facts: Mapping[str, pd.DataFrame], loaded: Mapping[str, frozenset[date]]) -> None:
        self.warehouse, self.facts, self.loaded = warehouse, facts, loaded


def build(folder: Path, seed: int) -> Store:
    """About 400 visits of 90 visitors over nine weeks; spend lacks some days in the middle, orders begin later."""
    chance = np.random.default_rng(seed)
    days = [FIRST + timedelta(days=step) for step in range((LAST - FIRST).days + 1)]
    # Nothing happens on some loaded days: they are zero, not missing.
    busy = [day for day in days if chance.random() > 0.15]
    visits = _visits(chance, busy)
    reaches = _reaches(chance, visits)
    since = FIRST + timedelta(days=int(chance.integers(0, 20)))
    orders = _orders(chance, visits[visits["day"] >= since])
    first = FIRST + timedelta(days=int(chance.integers(20, 40)))
    gap = {first + timedelta(days=step) for step in range(4)}
    spend = _spend(chance, [day for day in busy if day not in gap])
    warehouse = Warehouse(folder)
    spans = {
        VISITS: [(FIRST, LAST)],
        CONVERSIONS: [(FIRST, LAST)],
        ORDERS: [(since, LAST)],
        SPEND: [(FIRST, min(gap) - timedelta(days=1)), (max(gap) + timedelta(days=1), LAST)],
    }
    frames = {VISITS: visits, CONVERSIONS: reaches, ORDERS: orders, SPEND: spend}
    warehouse.load([_batch(table, frames[table], span) for table, each in spans.items() for span in each])
    loaded = {table.name: frozenset(day for since, until in each for day in days if since <= day <= until) for table, each in spans.items()}
    return Store(warehouse, {table.name: _named(frame) for table, frame in frames.items()}, loaded)


def _visits(chance: np.random.Generator, days: list[date]) -> pd.DataFrame:
    count = 400
    pages = chance.integers(1, 9, count)
    return pd.DataFrame(
        {
            "account": COUNTER,
            "day": [days[i] for i in np.sort(chance.integers(0, len(days), count))],
            "visit": np.arange(1, count + 1),
            "visitor": chance.integers(0, 90, count),
            "origin": chance.integers(0, len(ORIGINS), count),
            "device": chance.choice(DEVICES, count),
            "city": chance.choice(CITIES, count),
            "visits": 1,
            "new_visits": chance.integers(0, 2, count),
            "bounces": (pages == 1).astype(int),
            "engaged": (pages > 1).astype(int),
            "page_views": pages,
            "seconds": chance.integers(0, 900, count),
        }
    )


def _reaches(chance: np.random.Generator, visits: pd.DataFrame) -> pd.DataFrame:
    found = []
    for row in visits.to_dict("records"):
        for ordinal in range(1, int(chance.choice([0, 0, 0, 1, 1, 2, 3])) + 1):
            kept = {name: row[name] for name in ("account", "day", "visit", "visitor", "origin", "device", "city")}
            found.append({**kept, "goal": str(chance.choice(GOALS)), "ordinal": ordinal, "reaches": 1})
    return pd.DataFrame(found)


def _orders(chance: np.random.Generator, visits: pd.DataFrame) -> pd.DataFrame:
    rows = visits[chance.random(len(visits)) < 0.2]
    count = len(rows)
    kopecks = chance.integers(10_000, 900_000, count)
    dated = list(zip(kopecks, rows["day"], strict=True))
    return pd.DataFrame(
        {
            "account": COUNTER,
            "day": rows["day"],
            "order_id": [f"o{n}" for n in range(count)],
            "origin": rows["origin"],
            "device": rows["device"],
            "city": rows["city"],
            "customer": [f"c{n}" for n in chance.integers(0, 30, count)],
            "status": chance.choice(["paid", "paid", "", "cancelled", "spam"], count),
            "orders": 1,
            "revenue": [Decimal(int(k)) / 100 for k in kopecks],
            "refund": [Decimal(int(k) // 1000) / 10 if k % 3 == 0 else None for k in kopecks],
            "goods_cost": [Decimal(int(k) // 2) / 100 for k in kopecks],
            "commission": [Decimal(int(k) // 7) / 100 for k in kopecks],
            "qualified": (kopecks % 4 != 0).astype(int),
            "answer_seconds": _objects([None if k % 5 == 0 else int(k % 9000) for k in kopecks], rows),
            "lead_day": _objects([None if k % 2 else day - timedelta(days=int(k % 9)) for k, day in dated], rows),
            "closed_day": [day + timedelta(days=int(k % 31)) for k, day in dated],
            "currency": "RUB",
        }
    ).reset_index(drop=True)


def _objects(values: list[Any], like: pd.DataFrame) -> pd.Series[Any]:
    """A column in which nothing stays nothing."""
    return pd.Series(values, index=like.index, dtype=object)


def _spend(chance: np.random.Generator, days: list[date]) -> pd.DataFrame:
    rows = [(day, origin) for day in days for origin in range(len(PAID)) if chance.random() < 0.8]
    count = len(rows)
    return pd.DataFrame(
        {
            "account": ["direct" if origin < 2 else "vk" for _, origin in rows],
            "day": [day for day, _ in rows],
            "origin": [origin for _, origin in rows],
            "impressions": chance.integers(100, 9000, count),
            "clicks": chance.integers(0, 90, count),
            "cost": [Decimal(int(k)) / 100 for k in chance.integers(0, 500_000, count)],
            "claimed": chance.integers(0, 40, count) / 4,
            "vat_rate": pd.Series([0.1 if k == 0 else None for k in chance.integers(0, 4, count)], dtype=object),
            "currency": "RUB",
        }
    )


def origin(fields: Mapping[str, str]) -> dict[str, str]:
    """An origin with every field, as a connector sends it."""
    return {name: fields.get(name, "") for name in ORIGIN_NAMES}


def rows_of(table: Table, columns: Mapping[str, Any]) -> pa.Table:
    """Rows as a connector would bring them, typed by the contract."""
    arriving = table.arriving()
    return pa.table({name: pa.array(list(values), arriving.field(name).type) for name, values in columns.items()})


def _batch(table: Table, frame: pd.DataFrame, span: tuple[date, date]) -> Batch:
    part = frame[(frame["day"] >= span[0]) & (frame["day"] <= span[1])]
    account = COUNTER if table is not SPEND else "direct"
    known = PAID if table is SPEND else ORIGINS
    credited = "origin" if table is SPEND else f"origin_{MODEL}"
    columns = {name: part[name] for name in part.columns if name not in ("account", "origin") and name in table.names}
    columns[credited] = [origin(known[place]) for place in part["origin"]]
    model = "" if table is SPEND else MODEL
    return Batch(table, "test", account, rows_of(table, columns), f"{table.name}.tsv", *span, attribution=model)


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every dimension that its origins give."""
    known = PAID if "cost" in frame.columns else ORIGINS
    said = [origin(known[place]) for place in frame["origin"]]
    named = frame.drop(columns=["origin"]).assign(
        **{name: [one[name] for one in said] for name in ("source", "medium", "ad_system", "engine", "referrer", "traffic_source")},
        channel=[channel_of(one, "agency") for one in said],
        google=[channel_of(one, "google") for one in said],
        campaign=[one["campaign_id"] or one["campaign"] for one in said],
    )
    money = ("revenue", "refund", "goods_cost", "commission", "cost")
    return named.assign(**{name: named[name].astype(float) for name in money if name in named})
