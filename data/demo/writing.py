"""What the demo agency's managers have written: plans made from last year's figures, marks for what happened, actions of weekly reviews.

All dates hang on the last day, as the stories do. The texts are people's own words: they stand in English here and are looked up in the
language of the reader, which real notes are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from data.demo.stories import KETTLES_FADE, KIDS_LAUNCH, TAGS_LOST, VK_PRESSURE
from data.desk.actions import Action
from data.desk.marks import Mark
from data.desk.plans import Target, rounded

Figures = Mapping[tuple[date, str, str], float]
"""Shape: (first day of a month, metric, channel or nothing for all) → what it was."""

GROWTH: Mapping[str, float] = {"spend": 1.08, "conversions": 1.16, "orders": 1.12, "revenue": 1.14}
PLANNED: Mapping[str, tuple[str, ...]] = {
    "shop": ("spend", "orders", "revenue"),
    "leads": ("spend", "conversions"),
    "subscription": ("spend", "conversions", "revenue"),
}
"""Sums that a client of each business model has a plan for; ratios of them are planned as well."""
RATIOS: Mapping[str, tuple[str, str, str]] = {
    "shop": ("drr", "spend", "revenue"),
    "leads": ("cpa", "spend", "conversions"),
    "subscription": ("cpa", "spend", "conversions"),
}
MONTHS = 12
PRODUCTS: Mapping[str, Mapping[str, Mapping[str, object]]] = {
    "tea-hedgehog": {
        "tea": {"title": "Tea", "title_ru": "Чай", "goals": ["310445011"]},
        "teaware": {"title": "Teaware", "title_ru": "Посуда", "goals": ["310445012"]},
        "gifts": {"title": "Gift sets", "title_ru": "Подарочные наборы", "goals": ["310445013"]},
        "kettles": {"title": "Electric kettles", "title_ru": "Электрочайники", "goals": ["310445014"]},
    },
    "evening-class": {
        "adults": {"title": "Classes for adults", "title_ru": "Занятия для взрослых", "goals": ["325119421"]},
        "kids": {"title": "Classes for children", "title_ru": "Занятия для детей", "goals": ["325119422"]},
    },
}
"""Products of each client, and the goals that are the demand for them."""
MANAGERS: Mapping[str, str] = {"tea-hedgehog": "Anna", "polar-contour": "Maxim", "evening-class": "Anna"}
TERM_DAYS: Mapping[str, int] = {"evening-class": 30}
"""Days that a payment covers, where the client is paid by the month."""
CART_GOALS: Mapping[str, list[str]] = {"tea-hedgehog": ["310445002"]}
"""The goals that mark a filled cart."""
TARIFFS: Mapping[str, Mapping[str, int]] = {"evening-class": {"4720": 365, "5520": 365, "7120": 365}}
"""Sums that pay for another term than the usual one: the yearly tariffs, before and after the rise of prices, and that for children."""
NEXT_REPORT: Mapping[str, int] = {"tea-hedgehog": 3, "polar-contour": 1, "evening-class": 9}
"""Days after the last day on which the client's next report is due."""


def targets(model: str, known: Figures, last: date) -> tuple[Target, ...]:
    """A year of plans up to the month after `last`: last year's month and some growth, as round figures; a budget per paid channel."""
    found: list[Target] = []
    for month in months(last):
        before = month.replace(year=month.year - 1)
        plan = {
            metric: rounded(known[before, metric, ""] * GROWTH[metric]) for metric in PLANNED[model] if (before, metric, "") in known
        }
        found += [Target(month, metric, value) for metric, value in plan.items()]
        ratio, above, below = RATIOS[model]
        if plan.get(above) and plan.get(below):
            found.append(Target(month, ratio, rounded(plan[above] / plan[below])))
        found += [
            Target(month, "spend", rounded(value * GROWTH["spend"]), channel)
            for (day, metric, channel), value in known.items()
            if (day, metric) == (before, "spend") and channel and value > 0
        ]
    return tuple(found)


def months(last: date) -> tuple[date, ...]:
    """The first days of the twelve months whose last one follows the month of `last`."""
    end = last.year * 12 + last.month
    return tuple(date(place // 12, place % 12 + 1, 1) for place in range(end - MONTHS + 1, end + 1))


def marks(slug: str, last: date) -> tuple[Mark, ...]:
    """What happened at a client, and when."""

    def mark(since: int, until: int, text: str, kind: str = "ours", channel: str = "", masks: bool = False) -> Mark:
        return Mark(last - timedelta(days=since), last - timedelta(days=until), text, kind, channel, masks)

    return {
        "tea-hedgehog": (
            mark(KETTLES_FADE, KETTLES_FADE, "A marketplace sells the same kettles cheaper", "competitor"),
            mark(VK_PRESSURE, VK_PRESSURE, "VK Ads: budget raised, wider look-alike audience", channel="vk_ads"),
            mark(24, 24, "Free delivery from 2 500 ₽"),
            mark(9, 7, "Tea week: 15 % off loose tea"),
        ),
        "polar-contour": (
            mark(TAGS_LOST[0], TAGS_LOST[1], "A redirect on the site cut off the tags of Direct", "fault", "direct_ads", True),
            mark(61, 61, "New price list: +6 %"),
            mark(18, 18, "A competitor opened an office in Yekaterinburg", "competitor"),
        ),
        "evening-class": (
            mark(KIDS_LAUNCH, KIDS_LAUNCH, "Classes for children opened"),
            mark(83, 76, "Start of the school year", "season"),
            mark(30, 30, "First lesson free of charge"),
        ),
    }.get(slug, ())


def actions(slug: str, last: date) -> tuple[Action, ...]:
    """What the last reviews decided: done and to be judged, planned, and one that is late."""

    def done(ago: int, what: str, owner: str, metric: str, expected: float, channel: str = "") -> Action:
        day = last - timedelta(days=ago)
        return Action(what, owner, day, metric, channel, expected, "done", day)

    def planned(ahead: int, what: str, owner: str, metric: str, expected: float | None, channel: str = "") -> Action:
        return Action(what, owner, last + timedelta(days=ahead), metric, channel, expected)

    return {
        "tea-hedgehog": (
            done(VK_PRESSURE, "Raise the budget of VK Ads, widen the audience", "Pavel", "conversions", 0.3, "vk_ads"),
            done(24, "Free delivery from 2 500 ₽", "Irina", "aov", 0.05),
            done(4, "New titles for the tea campaigns of Direct", "Olga", "cr", 0.05, "direct_ads"),
            planned(-3, "Check the audience overlap of VK Ads and retargeting", "Pavel", "cpa", -0.1, "vk_ads"),
            planned(5, "Move a third of VK Ads' budget to Direct search", "Olga", "drr", -0.1),
        ),
        "polar-contour": (
            done(TAGS_LOST[1] - 1, "Repair the redirect, bring the tags back", "Denis", "visits", 0.5, "direct_ads"),
            done(40, "Shorter form: three fields instead of seven", "Irina", "cr", 0.15),
            planned(8, "A page per industry for search ads", "Olga", "cr", 0.1, "direct_ads"),
        ),
        "evening-class": (
            done(30, "First lesson free of charge", "Irina", "cr", 0.2),
            planned(3, "Reminder series after the trial lesson", "Denis", "orders", 0.05),
        ),
    }.get(slug, ())
