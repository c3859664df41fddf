"""What an invented property really had: sessions by day with their source, key events and purchases, and what Google Ads cost. Made from
the day alone, so every run and every process sees the same; `late` is what comes afterwards."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache

KEY_EVENTS = ("generate_lead", "purchase", "sign_up")
CHANNELS = (
    ("Organic Search", "google", "organic", "(organic)", "(not set)"), ("Direct", "(direct)", "(none)", "(direct)", "(not set)"),
    ("Paid Search", "google", "cpc", "Brand", "9001"), ("Paid Search", "google", "cpc", "Goods", "9002"),
    ("Referral", "blog.example", "referral", "(referral)", "(not set)"), ("Email", "news", "email", "spring", "(not set)"),
)
"""Shape: (channel, source, medium, campaign, campaign id)."""


@dataclass(frozen=True)
class Session:
    """`source` and `first` are of CHANNELS; `events` are the key events that were counted."""

    day: date
    user: int
    source: tuple[str, ...]
    first: tuple[str, ...]
    device: str
    engaged: bool
    new: bool
    views: int
    seconds: int
    events: tuple[str, ...]
    revenue: Decimal


@dataclass
class Books:
    """One property. `scale` is how many sessions a day has, about."""

    number: str
    scale: int = 6
    late: dict[date, int] = field(default_factory=dict)

    def sessions(self, since: date, until: date) -> list[Session]:
        return [one for day in days(since, until) for one in self.of(day)]

    def of(self, day: date) -> tuple[Session, ...]:
        made = _made(self.number, day, self.scale)
        return made + tuple(
            Session(day, 900 + n, CHANNELS[2], CHANNELS[0], "mobile", True, True, 3, 60, ("purchase",), Decimal(1000))
            for n in range(self.late.get(day, 0))
        )

    def spent(self, since: date, until: date) -> list[tuple[date, str, str, Decimal, int, int]]:
        """Shape: (day, campaign, its number, cost, clicks, impressions)."""
        found = []
        for day in days(since, until):
            dice = random.Random(f"{self.number} ads {day}")
            found += [
                (day, name, number, Decimal(dice.randint(1000, 90_000)) / 100, dice.randint(1, 40), dice.randint(100, 900))
                for name, number in (("Brand", "9001"), ("Goods", "9002"))
            ]
        return found

    def totals(self, since: date, until: date) -> dict[str, Decimal]:
        """What the store must add up to."""
        sessions = self.sessions(since, until)
        return {
            "visits": Decimal(len(sessions)), "page_views": Decimal(sum(one.views for one in sessions)),
            "reaches": Decimal(sum(len(one.events) for one in sessions)),
            "orders": Decimal(sum(one.events.count("purchase") for one in sessions)),
            "revenue": sum((one.revenue for one in sessions), Decimal(0)),
        }

    def cost(self, since: date, until: date) -> Decimal:
        return sum((row[3] for row in self.spent(since, until)), Decimal(0))


def days(since: date, until: date) -> list[date]:
    return [date.fromordinal(n) for n in range(since.toordinal(), until.toordinal() + 1)]


@lru_cache(maxsize=4000)
def _made(number: str, day: date, scale: int) -> tuple[Session, ...]:
    dice = random.Random(f"{number} ga4 {day}")
    return tuple(_session(day, dice) for _ in range(dice.randint(scale // 2, scale + scale // 2)))


def _session(day: date, dice: random.Random) -> Session:
    events = tuple(name for name in KEY_EVENTS if dice.random() < 0.12)
    revenue = Decimal(dice.randint(50_000, 900_000)) / 100 if "purchase" in events else Decimal(0)
    return Session(
        day, dice.randint(1, 60), dice.choice(CHANNELS), dice.choice(CHANNELS), dice.choice(("desktop", "mobile", "tablet")),
        dice.random() < 0.7, dice.random() < 0.3, dice.randint(1, 9), dice.randint(0, 600), events, revenue,
    )
