"""What can be asked of one client: measures that something loaded gives, breakdowns that something loaded carries, values to filter by."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from data.coverage import Span
from data.tables import AUDIENCE, TRAFFIC
from data.text import Words
from metrics import dimensions, plan
from metrics.registry import DIMENSIONS, MEASURES, METRICS, of_money
from metrics.result import Result
from pages.ui import asking
from pages.ui.view import View

FIRST = ("visits", "conversions", "cr", "spend", "cpa", "revenue")
"""Measures of a table that nobody has chosen yet."""
STEPS: Mapping[str, str] = {
    "none": "no dates", "day": "by day", "week": "by week", "month": "by month", "quarter": "by quarter", "year": "by year",
}
DEEPER = ("channel", "campaign", "landing", "device", "city", "content", "term", "browser", "os")
"""What to break down by next, once a row is opened."""
NOT_OFFERED = frozenset((*STEPS, "currency", "fiscal_month"))
MOST_VALUES = 300


def measures(spans: Sequence[Span], money: bool = True) -> tuple[str, ...]:
    """Metrics of which every measure has a table with something in it; without `money` those that it is no part of."""
    loaded = {span.table for span in spans}
    return tuple(
        key for key, metric in METRICS.items()
        if (money or not of_money(key))
        and all(any(gives.table in loaded for gives in MEASURES[measure].gives) for measure in metric.measures)
    )


def breakdowns(spans: Sequence[Span]) -> tuple[str, ...]:
    """Breakdowns other than the steps of time that some loaded rows carry, in the registry's order."""
    carried: set[str] = set()
    for span in spans:
        daily = span.table in (TRAFFIC.name, AUDIENCE.name)
        carried |= plan.carried(span.breakdown) if daily else dimensions.CARRIES.get(span.table, frozenset())
    found = [key for key, one in DIMENSIONS.items() if key not in NOT_OFFERED and (not one.part or one.part in carried)]
    return tuple(sorted(found, key=lambda key: DIMENSIONS[key].kind in ("time", "account")))


def deeper(by: Sequence[str], filtered: Collection[str], offered: Sequence[str]) -> str:
    """The next breakdown after those that are used up; empty when there is none."""
    return next((key for key in DEEPER if key in offered and key not in by and key not in filtered), "")


def values(view: View, dimension: str, words: Words) -> dict[str, str]:
    """Values of a breakdown in these days, the largest first. Shape: key -> words."""
    found: Result = asking.ask(view, ("visits", "spend") if dimension in _PAID else ("visits",), (dimension,))
    return {key: name(found, dimension, key, words) for key in map(str, found.frame[dimension].head(MOST_VALUES))}


def name(result: Result, dimension: str, key: str, words: Words) -> str:
    """A value's name in the reader's language."""
    return words.t(result.title(dimension, key))


_PAID = frozenset(("channel", "campaign", "ad_system", "source", "medium", "placement"))
