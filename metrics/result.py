"""The answer, and the receipt that lets every figure in it be defended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from data.batches import Note
from metrics import dimensions
from metrics.query import Query
from metrics.registry import MEASURES, METRICS
from metrics.statements import Statement
from metrics.stats import Verdict
from metrics.verdicts import Period, Scatter, judged, judged_by, of_row

Plain = str | int | float | None


@dataclass(frozen=True)
class Term:
    """One measure inside a formula, with the sum it stood for. `factor` includes a setting such as the margin."""

    factor: float
    measure: str
    value: float | None


@dataclass(frozen=True)
class Line:
    """How one total came about: the formula, the sums in it, the days it covers and what came out."""

    metric: str
    formula: str
    over: tuple[Term, ...]
    under: tuple[Term, ...]
    value: float | None
    days: tuple[tuple[date, date], ...]

    def __str__(self) -> str:
        """The formula with the sums in it: `cost / reaches = 60000 / 8 = 7500`."""
        filled = f"{_bracketed(self.over)} / {_bracketed(self.under)}" if self.under else _sum(self.over)
        return f"{self.formula} = {filled} = {_plain(self.value)}"


def _sum(terms: tuple[Term, ...]) -> str:
    written = [f"{'' if abs(t.factor) == 1 else _plain(abs(t.factor)) + ' * '}{_plain(t.value)}" for t in terms]
    signs = ["- " if t.factor < 0 else "+ " for t in terms]
    text = " ".join(f"{sign}{value}" for sign, value in zip(signs, written, strict=True))
    return text.removeprefix("+ ")


def _bracketed(terms: tuple[Term, ...]) -> str:
    return f"({_sum(terms)})" if len(terms) > 1 else _sum(terms)


def _plain(value: float | None) -> str:
    return "?" if value is None else f"{value:.10g}" if abs(value) < 1e15 else f"{value:.0f}"


@dataclass(frozen=True)
class Loaded:
    """A file or request that figures rest on, with the days of the answer it brought."""

    account: str
    source: str
    table: str
    origin: str
    since: date
    until: date
    loaded_at: datetime
    sample_share: float | None
    thresholded: bool
    provisional: bool


@dataclass(frozen=True)
class Receipt:
    """Enough to defend a figure: formulas with values, filters, accounts, files, money basis, attribution, and the query itself.

    `vat` is that of spend on the last day; `basis` says in words what spend includes; `view` is empty where everything is dated by itself.
    """

    lines: tuple[Line, ...]
    filters: tuple[tuple[str, tuple[str, ...]], ...]
    accounts: Mapping[str, tuple[str, ...]]
    attribution: str
    rules: str
    loads: tuple[Loaded, ...]
    currency: str
    vat: str
    sampled: bool
    version: int
    basis: tuple[Note, ...] = ()
    view: str = ""
    compared: tuple[date, date] | None = None
    statements: tuple[Statement, ...] = field(repr=False, compare=False, default=())

    def as_dict(self) -> dict[str, Any]:
        """Everything but the statements as values that JSON can hold."""
        return {
            "lines": [{"metric": line.metric, "formula": str(line), "days": [[a.isoformat(), b.isoformat()] for a, b in line.days]}
                      for line in self.lines],
            "filters": {key: list(values) for key, values in self.filters}, "accounts": {k: list(v) for k, v in self.accounts.items()},
            "attribution": self.attribution, "rules": self.rules, "currency": self.currency, "vat": self.vat,
            "basis": [str(note) for note in self.basis], "view": self.view or "cash", "sampled": self.sampled, "version": self.version,
            "loads": [{"file": one.origin, "table": one.table, "account": one.account, "since": one.since.isoformat(),
                       "until": one.until.isoformat(), "loaded_at": one.loaded_at.isoformat()} for one in self.loads],
        }

    @cached_property
    def sql(self) -> tuple[str, ...]:
        """The statements as the embedded engine runs them: the rows', then the total's. Written only when somebody looks."""
        return tuple(statement.text("duckdb") for statement in self.statements)


@dataclass(frozen=True)
class Result:
    """The answer to a query.

    Shape of `frame`: a column per dimension, per metric, with a comparison also `<metric>__before` and `<metric>__change`, and the
    measures under them. Times are the first day of their bucket, weekdays 1 to 7. NaN is undefined or missing, `missing` says which
    days of a metric are not loaded. `total`, `before` and `change` are by metric, from a query of their own; `whole` is the same as a row
    of the frame. `days` are the lengths of both periods, `factors` the settings that formulas use.
    """

    query: Query
    frame: pd.DataFrame
    total: Mapping[str, float | None]
    before: Mapping[str, float | None] | None
    change: Mapping[str, float | None] | None
    notes: tuple[Note, ...]
    loaded_until: date | None
    currency: str
    titles: Mapping[str, Mapping[str, str]]
    missing: Mapping[str, tuple[tuple[date, date], ...]]
    compared: tuple[date, date] | None
    receipt: Receipt
    whole: Mapping[str, float] = field(default_factory=dict)
    days: tuple[int, ...] = ()
    factors: Mapping[str, float] = field(default_factory=dict)
    learn: Callable[[], Scatter] = field(default=dict, repr=False, compare=False)

    @cached_property
    def scatter(self) -> Scatter:
        """How widely the client's own days scatter. NB: learnt when the first verdict is asked for, because it is a question of its own."""
        return self.learn()

    def verdict(self, metric: str, row: Mapping[str, Any] | None = None) -> Verdict | None:
        """Whether the metric has really moved, in a row of the frame or (without one) in total.

        None without a comparison, where the two periods cannot be compared or both have nothing, and where no noise is known.
        """
        values = self.whole if row is None else row
        moved, was = values.get(f"{metric}__change"), values.get(f"{metric}__before")
        now = values.get(metric)
        if moved is None or was is None or was != was or (moved != moved and was != 0) or now == was == 0:
            return None
        after, before = (self._period(metric, values, suffix, days) for suffix, days in zip(("", "__before"), self.days, strict=True))
        own = () if row is None else tuple(str(row.get(key)) for key in self.query.by if key not in dimensions.TIME)
        return judged(METRICS[metric], before, after, self.factors, of_row(self.scatter, own))

    def _period(self, metric: str, values: Mapping[str, Any], suffix: str, days: int) -> Period:
        """The sums of one period as the metric was computed from them."""
        def of(found: Mapping[str, Any]) -> dict[str, float | None]:
            return {key: found.get(f"{key}@{metric}{suffix}", found.get(f"{key}{suffix}")) for key in judged_by(metric)}

        return Period(of(values), of(self.whole), days)

    def title(self, dimension: str, key: Any) -> str:
        """English title of a dimension's value; the value itself where it needs none."""
        return self.titles.get(dimension, {}).get(str(key), str(key))

    def rows(self) -> list[dict[str, Plain]]:
        """The frame as plain values: dates as ISO text, counts as whole numbers, nothing as None, a verdict as its word."""
        names = [name for name in self.frame.columns if name in self.query.by or name.split("__")[0] in self.query.metrics]
        columns = [_plain_values(self.frame[name], name) for name in names]
        rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
        if self.before is None:
            return rows
        return [row | self._words(sums) for row, sums in zip(rows, self.frame.to_dict("records"), strict=True)]

    def _words(self, row: Mapping[Any, Any] | None = None) -> dict[str, str | None]:
        found = {metric: self.verdict(metric, row) for metric in self.query.metrics}
        return {f"{metric}__verdict": str(verdict.word) if verdict else None for metric, verdict in found.items()}

    def as_dict(self) -> dict[str, Any]:
        """Everything but the receipt as values that JSON can hold."""
        return {
            "query": self.query.as_params(), "rows": self.rows(), "total": dict(self.total),
            "before": dict(self.before) if self.before is not None else None,
            "change": dict(self.change) if self.change is not None else None,
            "verdicts": {name.removesuffix("__verdict"): word for name, word in self._words().items()} if self.before is not None else None,
            "compared": [day.isoformat() for day in self.compared] if self.compared else None,
            "currency": self.currency, "loaded_until": self.loaded_until.isoformat() if self.loaded_until else None,
            "notes": [str(note) for note in self.notes],
        }


def _plain_values(column: pd.Series, name: str) -> list[Plain]:
    if name in dimensions.TIME and name != "weekday":
        return [value.date().isoformat() for value in column]
    if name in dimensions.BY_KEY and name not in METRICS:
        return [int(value) if name == "weekday" else str(value) for value in column]
    whole = is_count(name)
    return [None if value != value else int(value) if whole else float(value) for value in column.to_numpy("float64")]


def is_count(name: str) -> bool:
    """Whether a column of a frame holds whole numbers."""
    key, _, suffix = name.partition("__")
    unit = METRICS[key].unit if key in METRICS else MEASURES[key].unit if key in MEASURES else ""
    return unit == "count" and suffix != "change"


def number(value: Any, name: str = "") -> float | None:
    """A number of an answer as a plain one: None for nothing, whole for counts."""
    if value is None or np.isnan(value):
        return None
    return int(value) if is_count(name) and float(value).is_integer() else float(value)
