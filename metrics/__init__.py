"""What the numbers mean: ask a Query, get a Result. Everything here is pure; a `run` function brings the sums from the engine."""

from metrics.ask import ask
from metrics.query import Query, parse
from metrics.registry import DIMENSIONS, MEASURES, METRICS, MODELS, SECTIONS
from metrics.result import Result
from metrics.scope import Settings
from metrics.top import OTHER

__all__ = ["DIMENSIONS", "MEASURES", "METRICS", "MODELS", "OTHER", "SECTIONS", "Query", "Result", "Settings", "ask", "parse"]
