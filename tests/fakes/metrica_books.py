"""What an invented counter really had: visits by day, with sources, goals and purchases, and what was spent. Made from the day alone, so
every run and every process sees the same; `late` is what comes afterwards."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

GOALS = {str(1000 + n): f"Goal {n}" for n in range(25)}
LEAD, SALE = "1000", "1001"
_SOURCES = (
    ("organic", "yandex", "", "", "", "", "", ""), ("organic", "google", "", "", "", "", "", ""), ("direct", "", "", "", "", "", "", ""),
    ("ad", "", "ya_direct", "yandex", "cpc", "brand", "70001", "Brand"),
    ("ad", "", "ya_direct", "yandex", "cpc", "goods", "70002", "Goods\\tnew"),
    ("ad", "", "vkontakte", "vk", "cpm", "spring", "", ""), ("social", "vkontakte", "", "", "", "", "", ""),
    ("referral", "", "", "", "", "", "", ""),
)


@dataclass(frozen=True)
class Visit:
    """`source` is (traffic source, engine, ad system, utm source, medium, campaign, Direct campaign number, its name)."""

    id: int
    client: int
    day: date
    at: datetime
    source: tuple[str, ...]
    device: str
    pages: int
    seconds: int
    new: bool
    age: str
    sex: str
    goals: tuple[str, ...] = ()
    orders: tuple[tuple[str, Decimal], ...] = ()

    @property
    def bounce(self) -> bool:
        return self.pages == 1 and self.seconds < 15


@dataclass
class Books:
    """One counter. `scale` is how many visits a day has, about; `empty` are days without any."""

    counter: str
    scale: int = 12
    empty: set[date] = field(default_factory=set)
    late: dict[date, int] = field(default_factory=dict)

    def visits(self, since: date, until: date) -> list[Visit]:
        return [visit for day in _days(since, until) for visit in self.of(day)]

    def of(self, day: date) -> tuple[Visit, ...]:
        if day in self.empty:
            return ()
        made = _made(self.counter, day, self.scale)
        late = self.late.get(day, 0)
        if not late:
            return made
        return tuple(
            replace(v, goals=(*v.goals, SALE), orders=(*v.orders, (f"L{v.id % 10**9}-{late}", Decimal(5000)))) if n < late else v
            for n, v in enumerate(made)
        )

    def spent(self, since: date, until: date) -> list[tuple[date, str, str, Decimal, int]]:
        """Expenses. Shape: (day, source, campaign, net cost, clicks); Direct stands among them, as in a real counter."""
        found = []
        for day in _days(since, until):
            dice = random.Random(f"{self.counter} spend {day}")
            found += [(day, "vk", "spring", Decimal(dice.randint(10_000, 90_000)) / 100, dice.randint(5, 30)),
                      (day, "yandex", "brand", Decimal(dice.randint(10_000, 90_000)) / 100, dice.randint(5, 30))]
        return found

    def totals(self, since: date, until: date) -> dict[str, Decimal]:
        """What the store must add up to."""
        visits = self.visits(since, until)
        return {
            "visits": Decimal(len(visits)), "page_views": Decimal(sum(v.pages for v in visits)),
            "reaches": Decimal(sum(len(v.goals) for v in visits)), "orders": Decimal(sum(len(v.orders) for v in visits)),
            "revenue": sum((value for v in visits for _, value in v.orders), Decimal(0)),
        }

    def days(self, since: date, until: date) -> dict[date, int]:
        """Visits of each day."""
        found: dict[date, int] = defaultdict(int)
        for visit in self.visits(since, until):
            found[visit.day] += 1
        return dict(found)


def _days(since: date, until: date) -> list[date]:
    return [date.fromordinal(n) for n in range(since.toordinal(), until.toordinal() + 1)]


@lru_cache(maxsize=4000)
def _made(counter: str, day: date, scale: int) -> tuple[Visit, ...]:
    dice = random.Random(f"{counter} {day}")
    return tuple(_visit(counter, day, n, dice) for n in range(dice.randint(scale // 2, scale + scale // 2)))


def _visit(counter: str, day: date, n: int, dice: random.Random) -> Visit:
    sold = dice.random() < 0.05
    # NB: ids run beyond 2^63, as real ones do.
    ident = (1 << 63) + (day.toordinal() << 24) + n if n % 3 == 0 else (day.toordinal() << 24) + n
    goals = (LEAD,) if dice.random() < 0.1 else ()
    return Visit(
        ident, (1 << 63) + dice.randint(1, 400) if n % 2 else dice.randint(1, 400), day,
        datetime(day.year, day.month, day.day) + timedelta(seconds=dice.randint(0, 86_399)), dice.choice(_SOURCES),
        dice.choice("123"), dice.randint(1, 9), dice.randint(0, 900), dice.random() < 0.4, dice.choice(("18-24", "25-34", "")),
        dice.choice(("male", "female")), (*goals, *((SALE,) if sold else ())),
        ((f"{counter[-2:]}-{day.toordinal()}-{n}", Decimal(dice.randint(500, 9000))),) if sold else (),
    )
