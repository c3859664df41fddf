"""An invented shop with two years of daily totals per channel, whose stories are known to the visit: made of rules, not of chance.

Search brings 300 visits a day and costs nothing, context ads 200 for 6 000 roubles, VK 100 for 2 000. Of search every 50th visit orders,
of context ads every 40th, of VK every 50th; an order is worth 2 500. Weekends bring 60 % of a weekday, and every day is off by a few
percent in a way that repeats after 11 days. From `vk_breaks` on VK brings twice the visits for twice the money, and a third of the orders.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np

from data.tables import TRAFFIC
from data.warehouse import Warehouse
from tests.small_store import SEARCH, VK, YANDEX, batch, spend

UNTIL = date(2026, 3, 31)
DAYS = 730
SINCE = UNTIL - timedelta(days=DAYS - 1)
ORDER = 2500
CHANNELS = {"search": (SEARCH, 300, 0, 50), "context": (YANDEX, 200, 6000, 40), "vk": (VK, 100, 2000, 50)}
GOAL = "11"
_WIGGLE = (0.0, 0.06, -0.04, 0.02, -0.07, 0.05, -0.02, 0.03, -0.05, 0.04, -0.02)


def store(folder: Path, vk_breaks: date | None = None, days: int = DAYS, outage: tuple[date, date] | None = None) -> Warehouse:
    """The shop's store, up to UNTIL. In an `outage` search brings nothing and its visits come as direct ones."""
    since = UNTIL - timedelta(days=days - 1)
    rows, reached, paid = [], [], []
    for step in range(days):
        at = since + timedelta(days=step)
        for place, (name, (origin, visits, cost, every)) in enumerate(CHANNELS.items()):
            broken = name == "vk" and vk_breaks is not None and at >= vk_breaks
            size = (0.6 if at.weekday() > 4 else 1.0) * (1 + _WIGGLE[(step + 3 * place) % 11]) * (2 if broken else 1)
            seen = round(visits * size)
            orders = _orders(seen, every * (6 if broken else 1), at)
            lost = name == "search" and outage is not None and outage[0] <= at <= outage[1]
            row = {"day": at, "origin": {"traffic_source": "direct"} if lost else origin}
            rows.append(row | {"visits": seen, "orders": orders, "revenue": orders * ORDER, "currency": "RUB"})
            reached.append(row | {"goal": GOAL, "reaches": orders, "goal_visits": orders})
            if cost:
                paid.append((at, origin, round(cost * size)))
    span = (since, UNTIL)
    found = Warehouse(folder)
    found.load([batch(TRAFFIC, rows, span, breakdown="origin"), batch(TRAFFIC, reached, span, breakdown="origin,goal"), spend(paid, span)])
    return found


def _orders(visits: int, every: int, at: date) -> int:
    """Orders of a day: the rest of the division is carried by chance that is the same every time."""
    share = visits / every
    return int(share) + int(np.random.default_rng(at.toordinal() * 7 + every).random() < share % 1)
