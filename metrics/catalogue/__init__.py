"""The catalogue of metrics, one file per section. A new metric is one row here and its Russian texts in the locale file."""

from metrics.catalogue import costs, funnel, modelled, outside, returns, revenue, traffic
from metrics.rows import Metric, Modelled

ROWS: tuple[Metric, ...] = (*traffic.ROWS, *funnel.ROWS, *costs.ROWS, *revenue.ROWS, *returns.ROWS, *outside.ROWS)
MODELLED: tuple[Modelled, ...] = modelled.ROWS
"""What methods give, for the glossary; asked for by their own commands."""
