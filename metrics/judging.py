"""What judging the changes of some metrics needs to be shown beside them: the sums that they are made of. Pure.

Whether a change is one is said by the answer itself (`Result.verdict`).
"""

from __future__ import annotations

from functools import cache

from metrics.registry import MEASURES, METRICS


def needs(metrics: tuple[str, ...]) -> tuple[str, ...]:
    """The metrics, and those that are the bare sums in their formulas or carry their noise."""
    measures = [key for metric in metrics for key in METRICS[metric].measures]
    sums = [key for one in measures for key in (one, MEASURES[one].noise)]
    return tuple(dict.fromkeys((*metrics, *(_bare()[key] for key in sums if key in _bare()))))


@cache
def _bare() -> dict[str, str]:
    """Shape: measure -> the metric that is nothing but it."""
    return {metric.over: key for key, metric in METRICS.items() if not metric.under and not metric.relative and metric.over in MEASURES}
