"""New people: who comes for the first time on each day, by which way, for which product line, from where and with
what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.demo import season
from data.demo.arrays import Bools, Floats, Ints, Random, draw, pick, shares
from data.demo.clock import Clock
from data.demo.plan import Line, Plan, Touch
from data.demo.stories import CURVES

# deviceCategory, operatingSystemRoot, browser, weight.
COMPUTERS = (
    ("1", "windows", "chrome", 34), (
        "1", "windows", "yandex_browser", 32,
    ), ("1", "windows", "opera", 7), ("1", "windows", "edge", 7),
    ("1", "windows", "firefox", 4), ("1", "macos", "safari", 7), ("1", "macos", "chrome", 4), (
        "1", "gnu_linux", "chrome", 2,
    ),
    ("4", "android", "yandex_browser", 0.4),
)
PHONES = (
    (
        "2", "ios_double", "safari_mobile", 30,
    ), ("2", "android", "chromemobile", 27), ("2", "android", "yandex_browser", 14),
    ("2", "android", "yandexsearch", 8), ("2", "ios_double", "yandexsearch", 5), (
        "2", "android", "samsung_internet", 4,
    ),
    ("2", "android", "miui", 3), ("2", "ios_double", "googlesearch", 2), ("3", "android", "chromemobile", 2.4),
    ("3", "ios_double", "safari_mobile", 2.4),
)
DEVICES = (*COMPUTERS, *PHONES)


@dataclass(frozen=True)
class People:
    """One place per person: the touch and line of the first visit, its day of the simulation, where from, on what, how
    keen (mean 1) and how often likely to come again (chance of one more visit)."""

    touch: Ints
    line: Ints
    day: Ints
    city: Ints
    device: Ints
    keen: Floats
    back: Floats

    @property
    def phone(self) -> Bools:
        return self.device >= len(COMPUTERS)

    def __len__(self) -> int:
        return len(self.touch)


def availability(touch: Touch, clock: Clock) -> Floats:
    """How strongly a touch works on each day: growth, story and season of its own; 1 on an average first day."""
    level = touch.growth ** clock.years * CURVES[touch.curve](clock.days, clock.age)
    if touch.months:
        level = level * np.isin(season.months(clock.days), touch.months)
    return level


def appetite(line: Line, clock: Clock) -> Floats:
    """Demand for a product line on each day against an average day of the season."""
    return CURVES[line.curve](clock.days, clock.age)


def interest(plan: Plan, touch: Touch, clock: Clock) -> Floats:
    """Shape: days x lines. How much of the touch's volume each line brings on each day; rows sum to about 1."""
    return np.stack([touch.lines.get(line.key, 0.0) * appetite(line, clock) for line in plan.lines], axis=1)


def arrive(plan: Plan, clock: Clock, random: Random, scale: float) -> People:
    """The people of one client, in the order of touches and days. `scale` multiplies their number."""
    mood = random.lognormal(0.0, 0.05, clock.length)
    groups = [_arrivals(plan, place, clock, mood * scale, random) for place in range(len(plan.touches))]
    touch, line, day = (np.concatenate([group[part] for group in groups]) for part in range(3))
    count = len(touch)
    back = np.array([one.back for one in plan.touches])[touch]
    return People(
        touch=touch,
        line=line,
        day=day,
        city=_cities(plan, touch, random),
        device=_devices(plan, touch, random),
        keen=random.gamma(0.9, 1 / 0.9, count),
        back=np.clip(back * random.gamma(2.0, 0.5, count), 0.01, 0.88),
    )


def _arrivals(plan: Plan, place: int, clock: Clock, mood: Floats, random: Random) -> tuple[Ints, Ints, Ints]:
    touch = plan.touches[place]
    lines = interest(plan, touch, clock)
    mean = touch.arrivals * availability(touch, clock) * clock.demand * lines.sum(axis=1) * mood
    count = random.poisson(mean * random.lognormal(0.0, 0.08, clock.length))
    day = np.repeat(np.arange(clock.length), count)
    line = pick(shares(lines), day, random.random(len(day)))
    return np.full(len(day), place, dtype=np.int64), line, day


def _cities(plan: Plan, touch: Ints, random: Random) -> Ints:
    names = list(plan.cities)
    city = draw(list(plan.cities.values()), len(touch), random)
    for place, one in enumerate(plan.touches):
        if one.cities:
            here = np.flatnonzero(touch == place)
            allowed = np.array([names.index(name) for name in one.cities])
            city[here] = allowed[random.integers(0, len(allowed), len(here))]
    return city


def _devices(plan: Plan, touch: Ints, random: Random) -> Ints:
    phone = random.random(len(touch)) < np.array([one.phone for one in plan.touches])[touch]
    computers = draw([device[3] for device in COMPUTERS], len(touch), random)
    phones = draw([device[3] for device in PHONES], len(touch), random)
    return np.where(phone, len(COMPUTERS) + phones, computers)
