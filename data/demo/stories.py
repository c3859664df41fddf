"""The stories that the demo agency's figures tell, on purpose, so that every screen has something true to find.

All of them are placed by days before the last day, so they look the same whenever the demo is written. `dates` gives
the calendar.

**Tea Hedgehog** (shop)

1.  `vk_stops_paying`: for the last 10 weeks the spend on VK Ads keeps rising (2.6 times, season aside), while its
    visits convert half as well as before. Its share of advertising cost leaves the green zone; everything else holds.
2.  `gift_season`: revenue peaks in November and December and before 8 March; the week leans on Monday, Saturday is its
    bottom.
3.  `kettles_fade`: the line of electric kettles (`/catalog/kettles/`, its own goal, its own campaign) loses about 6 %
    a month, for the last 260 days, season aside.
4.  `market`: what people search for in the category (a Wordstat sheet) stands still with the same season, while the
    shop's own name is searched a little more: the shop is mature with its market, the kettles fall alone.

**Polar Contour** (leads)

5.  `tags_lost`: for three weeks (145 to 125 days ago) a redirect breaks the links of all Direct campaigns. Clicks and
    cost go on; of the visits about 45 % carry the literal `{campaign_id}`, 35 % look direct, 20 % look like a referral
    from yandex.ru, and no visit has the number of its campaign.
6.  `long_cycle`: most leads come on the third visit or later, a contract follows a lead by one to four months, a week
    has a handful of leads. Weekends and Russian holidays are a quarter of a working day.

**Evening Class** (subscription)

7.  `second_product`: classes for children (`/kids/`, own goals, own campaigns) start 165 days ago from nothing and are
    still small: the introduction stage. The classes for adults are mature.
8.  `two_counters`: Google Analytics sees about 10 % fewer visits than Metrica, unevenly by channel.

**Everywhere**

9.  `new_sources`: AI assistants appear in the first half year and grow ever faster; Telegram grows several times over
    two years.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import numpy as np

from data.demo import season
from data.demo.arrays import Days, Floats, ramp

SPAN = 730
"""Days that the files cover."""

VK_PRESSURE = 70
KETTLES_FADE = 260
TAGS_LOST = (145, 125)
KIDS_LAUNCH = 165

Curve = Callable[[Days, Floats], Floats]


def dates(until: date) -> Mapping[str, tuple[date, date]]:
    """First and last day of every story that has them."""

    def ago(days: int) -> date:
        return until - timedelta(days=days)

    return {
        "vk_stops_paying": (ago(VK_PRESSURE - 1), until),
        "kettles_fade": (ago(KETTLES_FADE - 1), until),
        "tags_lost": (ago(TAGS_LOST[0]), ago(TAGS_LOST[1])),
        "second_product": (ago(KIDS_LAUNCH), until),
        "new_sources": (ago(SPAN - 1), until),
    }


def _grown(age: Floats) -> Floats:
    return np.clip(1 - age / SPAN, 0.0, 1.0)


def _vk_volume(days: Days, age: Floats) -> Floats:
    return 1 + ramp(age, VK_PRESSURE, VK_PRESSURE)


def _vk_price(days: Days, age: Floats) -> Floats:
    return 1 + 0.3 * ramp(age, VK_PRESSURE, VK_PRESSURE)


def _vk_conversion(days: Days, age: Floats) -> Floats:
    return 1 - 0.62 * ramp(age, VK_PRESSURE, 14)


def _telegram(days: Days, age: Floats) -> Floats:
    return 0.25 + 1.75 * _grown(age) ** 1.3


def _posts(days: Days, age: Floats) -> Floats:
    # A post is paid and published on Tuesday; its clicks die away within the week.
    pulse = np.array([0.45, 2.6, 1.6, 0.9, 0.6, 0.45, 0.4])
    level: Floats = _telegram(days, age) * pulse[season.weekdays(days)]
    return level


def _assistants(days: Days, age: Floats) -> Floats:
    return np.clip(_grown(age) - 0.12, 0.0, 1.0) ** 1.8 * 2.4


def _launch(days: Days, age: Floats) -> Floats:
    return np.where(age <= KIDS_LAUNCH, 0.22 + 0.78 * ramp(age, KIDS_LAUNCH, KIDS_LAUNCH) ** 1.3, 0.0)


def _fade(days: Days, age: Floats) -> Floats:
    left: Floats = np.exp(-0.065 * np.maximum(KETTLES_FADE - age, 0.0) / 30.4)
    return left


def _gifts(days: Days, age: Floats) -> Floats:
    return season.gift_days(days)


CURVES: Mapping[str, Curve] = {
    "": lambda days, age: np.ones(len(days)),
    "vk_volume": _vk_volume,
    "vk_price": _vk_price,
    "vk_conversion": _vk_conversion,
    "telegram": _telegram,
    "posts": _posts,
    "assistants": _assistants,
    "launch": _launch,
    "fade": _fade,
    "gifts": _gifts,
}
