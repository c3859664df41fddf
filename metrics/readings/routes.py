"""How each metric is taken apart: the chain of measures behind a sum, and the two or three figures that a ratio is a product of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data.errors import CannotAnswer
from metrics.registry import MEASURES, METRICS, aggregation
from metrics.rows import Metric

CHAINS: Mapping[str, tuple[str, ...]] = {
    "reaches": ("visits", "reaches"),
    "goal_visits": ("visits", "goal_visits"),
    "new_visits": ("visits", "new_visits"),
    "page_views": ("visits", "page_views"),
    "orders": ("visits", "orders"),
    "revenue": ("visits", "orders", "revenue"),
    "gross_revenue": ("visits", "orders", "gross_revenue"),
    "cost": ("clicks", "cost"),
    "clicks": ("impressions", "clicks"),
}
"""What brings what: a sum is the volume of the first measure, its mix over segments, and the yield of every step."""


@dataclass(frozen=True)
class Factor:
    """A figure that a ratio is made of: `over` per `under`, to a power of 1 or -1."""

    title: str
    over: str
    under: str
    unit: str
    power: int = 1


_VISIT = Factor("Cost per visit", "cost", "visits", "money")
_RATE = Factor("Conversions per visit", "reaches", "visits", "share", -1)
_ORDER = Factor("Order conversion rate", "orders", "visits", "share", -1)
_BASKET = Factor("Average order", "revenue", "orders", "money", -1)


def _turned(*factors: Factor) -> tuple[Factor, ...]:
    return tuple(Factor(one.title, one.over, one.under, one.unit, -one.power) for one in factors)


FACTORS: Mapping[str, tuple[Factor, ...]] = {
    "cpa": (_VISIT, _RATE),
    "cpl": (_VISIT, _RATE),
    "cpo": (_VISIT, _ORDER),
    "drr": (_VISIT, _ORDER, _BASKET),
    "roas": _turned(_VISIT, _ORDER, _BASKET),
}
"""Ratios that are exact products of figures somebody can move."""

STEPS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("visits", "reaches"): ("Conversions per visit", "share"),
    ("visits", "goal_visits"): ("Conversion rate", "share"),
    ("visits", "new_visits"): ("Share of first visits", "share"),
    ("visits", "page_views"): ("Pages per visit", "number"),
    ("visits", "orders"): ("Order conversion rate", "share"),
    ("orders", "revenue"): ("Average order", "money"),
    ("orders", "gross_revenue"): ("Average order", "money"),
    ("clicks", "cost"): ("CPC", "money"),
    ("impressions", "clicks"): ("CTR", "share"),
}
"""Title and unit of every step of a chain."""


def explained(key: str) -> Metric:
    """The metric, if its change can be taken apart by segment. Raises CannotAnswer where parts do not add up."""
    metric = METRICS[key]
    if metric.relative:
        fix = "Ask about what it is a share of: {known}."
        raise CannotAnswer(
            "{metric} is relative to the total, so its parts explain nothing.",
            "metric",
            fix,
            metric=metric.title,
            known=", ".join(metric.measures),
        )
    if aggregation(metric) == "N":
        raise CannotAnswer(
            "{metric}: counted anew for every slice, so that parts do not add up to the whole.",
            "metric",
            "Ask about visits, conversions or orders.",
            metric=metric.title,
        )
    return metric


def needs(metric: Metric) -> tuple[str, ...]:
    """Every measure that taking the metric apart may use."""
    chains = [CHAINS.get(key, (key,)) for key in metric.measures] if not metric.under else []
    factors = [(one.over, one.under) for one in FACTORS.get(metric.key, ())]
    noise = [MEASURES[key].noise for key in metric.measures if MEASURES[key].noise in MEASURES]
    return tuple(dict.fromkeys((*metric.measures, *(key for several in (*chains, *factors) for key in several), *noise)))


def asked_by(measure: str) -> str:
    """The metric that is this measure and nothing else."""
    plain = (m.key for m in METRICS.values() if m.over == measure and not m.under and not m.relative)
    return next(plain)
