"""The catalogue of metrics, one file per section. A new metric is one row here and its Russian texts in the locale file."""

from metrics.catalogue import costs, funnel, outside, returns, revenue, traffic
from metrics.rows import Metric

ROWS: tuple[Metric, ...] = (*traffic.ROWS, *funnel.ROWS, *costs.ROWS, *revenue.ROWS, *returns.ROWS, *outside.ROWS)
