"""The registry: every measure, metric and dimension by its key, and the titles of sections, units and business models."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from metrics import dimensions
from metrics.catalogue import MODELLED as _MODELLED
from metrics.catalogue import ROWS
from metrics.measures import MEASURES as _MEASURES
from metrics.outside import MEASURES as _OUTSIDE
from metrics.rows import Dimension, Measure, Metric, Modelled

MEASURES: Mapping[str, Measure] = MappingProxyType({measure.key: measure for measure in (*_MEASURES, *_OUTSIDE)})
METRICS: Mapping[str, Metric] = MappingProxyType({metric.key: metric for metric in ROWS})
MODELLED: Mapping[str, Modelled] = MappingProxyType({one.key: one for one in _MODELLED})
DIMENSIONS: Mapping[str, Dimension] = MappingProxyType(dict(dimensions.BY_KEY))

SECTIONS: Mapping[str, str] = MappingProxyType({
    "traffic": "Traffic and engagement",
    "funnel": "Funnel",
    "cost": "Cost",
    "revenue": "Revenue",
    "return": "Return",
    "outside": "Market and funnels counted elsewhere",
})
MODELS: Mapping[str, str] = MappingProxyType({
    "shop": "Online shop",
    "leads": "Lead generation",
    "subscription": "Subscription",
    "b2b": "Long-cycle B2B",
})


def of_money(key: str) -> bool:
    """Whether a metric is money, or is made of it: whoever may not see money could work it out from the figure."""
    return METRICS[key].unit == "money" or any(MEASURES[measure].money for measure in METRICS[key].measures)


def aggregation(metric: Metric) -> str:
    """S: a sum over anything. R: a ratio of sums. N: needs a query of its own at every grain."""
    return "N" if any(MEASURES[key].adds == "none" for key in metric.measures) else metric.aggregation
