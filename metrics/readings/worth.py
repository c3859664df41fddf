"""What one unit of a metric is worth to a client in money, so that what is strange can be sorted by what it costs."""

from __future__ import annotations

import math

from metrics.readings.history import ALL, History
from metrics.registry import METRICS

RECENT = 182
"""Days over which a unit's worth is reckoned."""


class Worth:
    """Worth of units, from the last half year of a client. `margin` is the share of revenue that stays; None: revenue counts whole."""

    def __init__(self, past: History, margin: float | None) -> None:
        self.past, self.margin = past, 1.0 if margin is None else margin

    def total(self, measure: str, channel: str = ALL) -> float:
        """Sum of a measure over the last half year; nan where it is not recorded."""
        series = self.past.of(measure, channel)
        return float(series.iloc[-RECENT:].sum()) if len(series) and series.notna().any() else math.nan

    def a_week(self, measure: str, channel: str = ALL) -> float:
        series = self.past.of(measure, channel).iloc[-RECENT:]
        return float(series.mean()) * 7 if len(series) else math.nan

    def of(self, metric: str, channel: str = ALL) -> float:
        """Money for one unit more; negative for a cost, nan where nobody can tell. For a ratio: for one whole unit of it during a week."""
        match metric:
            case "revenue":
                return self.margin
            case "spend":
                return -1.0
            case "orders":
                return self.order
            case "conversions":
                return self.conversion
            case "leads" | "qualified_leads":
                return self.margin * _divided(self.total("revenue"), self.total("asked_orders"))
            case "new_customers":
                return self.order
            case "goal_visits":
                return self.conversion
            case "gross_revenue":
                return self.margin
            case "contribution" | "cm" | "gross_profit":
                return 1.0
            case "visits":
                return self._visit(channel)
            case _:
                base = {"cr": "visits", "cr_order": "visits", "cpa": "reaches", "drr": "revenue"}.get(metric)
                return self.unit(metric) * self.a_week(base, channel) if base else math.nan

    def unit(self, metric: str) -> float:
        """Money for one whole unit more of a ratio, per unit of what it is divided by."""
        match metric:
            case "cr":
                return self.conversion
            case "cr_order":
                return self.order
            case "aov":
                return self.margin
            case "cr_lead":
                return self.of("leads")
            case "roas" | "mer":
                return self.margin
            case "romi":
                return 1.0
            case _:
                return -1.0 if metric == "drr" or METRICS[metric].price else math.nan

    @property
    def order(self) -> float:
        return self.margin * _divided(self.total("revenue"), self.total("orders"))

    @property
    def conversion(self) -> float:
        """Margin that came with a conversion, or what one costs to buy where revenue is not known."""
        earned = self.margin * _divided(self.total("revenue"), self.total("reaches"))
        return earned if earned > 0 else _divided(self.total("cost"), self.total("reaches"))

    def _visit(self, channel: str) -> float:
        earned = self.margin * _divided(self.total("revenue", channel), self.total("visits", channel))
        if math.isfinite(earned):
            return earned
        return self.conversion * _divided(self.total("reaches", channel), self.total("visits", channel))

    @property
    def floor(self) -> float:
        """What is too little to be looked at: one percent of a week's margin or spend, whichever is more."""
        sizes = [self.margin * self.a_week("revenue"), self.a_week("cost")]
        known = [size for size in sizes if math.isfinite(size)]
        return 0.01 * max(known, default=0.0)


def _divided(over: float, under: float) -> float:
    return over / under if under and math.isfinite(over / under) else math.nan
