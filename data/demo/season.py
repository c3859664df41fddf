"""How demand moves through the year, the week and the day: one profile per kind of business, with the Russian
calendar."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from data.demo.arrays import Bools, Days, Floats, Ints

# January to December, then Monday to Sunday.
MONTHS: Mapping[str, tuple[float, ...]] = {
    "shop": (0.92, 0.98, 1.0, 0.88, 0.85, 0.8, 0.78, 0.87, 0.95, 1.02, 1.22, 1.38),
    "office": (0.82, 1.0, 1.1, 1.1, 0.95, 1.0, 0.9, 0.92, 1.08, 1.1, 1.05, 0.9),
    "school": (1.22, 1.06, 1.0, 0.95, 0.86, 0.74, 0.74, 0.98, 1.3, 1.14, 1.0, 0.9),
}
WEEKDAYS: Mapping[str, tuple[float, ...]] = {
    "shop": (1.09, 1.05, 1.02, 1.0, 0.96, 0.88, 1.0),
    "office": (1.3, 1.36, 1.34, 1.28, 1.1, 0.32, 0.3),
    "school": (1.1, 1.08, 1.05, 1.0, 0.87, 0.88, 1.02),
}
HOURS: Mapping[str, Floats] = {
    "evening": np.array([3, 1.5, 1, 0.6, 0.6, 1, 2, 3.5, 5, 6, 6.5, 6.5, 7, 6.5, 6, 6, 6, 6.5, 7, 8, 9, 9.5, 8, 5.5]),
    "office": np.array(
        [0.4, 0.2, 0.1, 0.1, 0.2, 0.4, 1, 3, 7, 10, 11, 10.5, 8, 9, 10, 9.5, 8, 5.5, 3, 2, 1.6, 1.4, 1, 0.7]
    ),
}
# Days off by law, as (month, day); the winter break is the longest.
HOLIDAYS = frozenset(
    [(1, day) for day in range(1, 9)] + [(2, 23), (3, 8), (5, 1), (5, 2), (5, 8), (5, 9), (6, 12), (11, 4), (12, 31)]
)


def months(days: Days) -> Ints:
    """Month of the year, 1 to 12."""
    return days.astype("datetime64[M]").astype(np.int64) % 12 + 1


def weekdays(days: Days) -> Ints:
    """Day of the week, Monday is 0."""
    return (days.astype("datetime64[D]").astype(np.int64) + 3) % 7


def holidays(days: Days) -> Bools:
    """True on Russian days off."""
    day = (days - days.astype("datetime64[M]")).astype(np.int64) + 1
    return np.array([pair in HOLIDAYS for pair in zip(months(days).tolist(), day.tolist(), strict=True)])


def bump(days: Days, month: int, day: int, width: float) -> Floats:
    """A bell of height 1 around a date of every year. Unit of `width`: days."""
    place = (days - days.astype("datetime64[Y]")).astype(np.float64)
    centre = (np.datetime64(f"2025-{month:02d}-{day:02d}") - np.datetime64("2025-01-01")).astype(float)
    distance = np.abs(place - centre)
    distance = np.minimum(distance, 365.0 - distance)
    height: Floats = np.exp(-0.5 * (distance / width) ** 2)
    return height


def gift_days(days: Days) -> Floats:
    """Extra appetite for presents: before the New Year and before 8 March, almost nothing at midsummer."""
    return 0.55 + 1.7 * bump(days, 12, 17, 13) + 1.6 * bump(days, 3, 3, 7) + 0.35 * bump(days, 2, 20, 4)


def demand(profile: str, days: Days) -> Floats:
    """Demand of each day against an average day; about 1 over a year."""
    shape = np.array(MONTHS[profile])
    first = days.astype("datetime64[M]")
    share = (days - first).astype(np.float64) / 30.5
    month = months(days) - 1
    # Months flow into each other: half of the neighbour at the edges, none in the middle.
    beside = np.where(share < 0.5, shape[month - 1], shape[(month + 1) % 12])
    blend = np.abs(share - 0.5)
    level = shape[month] * (1 - blend) + beside * blend
    level = level * np.array(WEEKDAYS[profile])[weekdays(days)]
    whole: Floats = level * _peaks(profile, days)
    return whole


def _peaks(profile: str, days: Days) -> Floats:
    off = holidays(days)
    if profile == "office":
        bridge = (months(days) == 5) & (((days - days.astype("datetime64[M]")).astype(np.int64)) < 10)
        slack = 1 - 0.5 * bump(days, 12, 31, 2.5)
        return np.where(off, np.where(weekdays(days) < 5, 0.22, 0.7), np.where(bridge, 0.7, 1.0)) * slack
    if profile == "shop":
        sales = 1 + 0.45 * bump(days, 11, 28, 3) + 0.35 * bump(days, 12, 18, 8) + 0.75 * bump(days, 3, 4, 5)
        return sales * (1 - 0.45 * bump(days, 1, 1, 2.2))
    return (1 + 0.12 * bump(days, 9, 3, 6)) * (1 - 0.35 * bump(days, 1, 1, 2))
