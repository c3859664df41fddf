"""The receipts of a document: every figure has a code, and its appendix says under the code how it came about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from data.text import Words
from metrics.registry import MEASURES, METRICS
from metrics.result import Loaded, Result
from metrics.sentences import answer, spelled
from metrics.sentences.answer import Line
from reports.sources import named
from reports.story import Figure


@dataclass(frozen=True)
class Proof:
    """One receipt. `worked` is the formula with its values, `source` what was loaded, `pulled` when that was, in UTC."""

    code: str
    title: str
    text: str
    worked: str
    source: str = ""
    days: str = ""
    pulled: datetime | None = None


@dataclass
class Receipts:
    """Codes are given in the order in which figures are first shown; the same figure keeps its code."""

    proofs: list[Proof] = field(default_factory=list)
    metrics: list[str] = field(default_factory=list)
    _known: dict[object, Proof] = field(default_factory=dict)

    def figure(self, metric: str, result: Result, line: Line, say: Words) -> Figure:
        """A metric of an answer with its change, and its receipt."""
        one, value, speech = METRICS[metric], line.now.get(metric), answer.speech(metric, result, say)
        text = speech.headline(value) if value is not None else answer.absent(result, metric, say)
        title = say.t(one.title) + (f" · {line.name}" if line.key else "")
        proof = self._of(_same(metric, result, line), lambda code: _asked(code, metric, title, text, result, line, say))
        self._defined(metric)
        change, before = line.change(metric, say), line.before.get(metric)
        was = say.t("was {value}", value=speech.headline(before)) if before is not None and value is not None else ""
        shown = change if value is not None else replace(change, text="", tone="flat")
        return Figure(proof.code, metric, title, value, text, one.unit, shown.text, shown.tone, was, proof.worked)

    def told(
        self, key: str, title: str, value: float | None, text: str, unit: str, worked: str, tone: str = "flat", was: str = "",
    ) -> Figure:
        """A figure of a method, which says itself how it is made."""
        proof = self._of(("told", key), lambda code: Proof(code, title, text, worked))
        return Figure(proof.code, key, title, value, text, unit, "", tone, was, worked)

    def define(self, *metrics: str) -> None:
        """Metrics that tables show: the appendix explains them too."""
        for metric in metrics:
            self._defined(metric)

    def _defined(self, metric: str) -> None:
        if metric not in self.metrics:
            self.metrics.append(metric)

    def _of(self, key: object, make: Callable[[str], Proof]) -> Proof:
        if key not in self._known:
            self._known[key] = make(f"F{len(self._known) + 1}")
            self.proofs.append(self._known[key])
        return self._known[key]


def _same(metric: str, result: Result, line: Line) -> object:
    """What makes two figures one: the metric over the same days, filters and row, whichever answer it came with."""
    asked = result.query
    row = (asked.by, line.key) if line.key else ()
    return metric, asked.since, asked.until, result.compared, asked.only, asked.counter, asked.attribution, asked.goals, row


def _asked(code: str, metric: str, title: str, text: str, result: Result, line: Line, say: Words) -> Proof:
    loads = files(result, metric)
    days = next((one.days for one in result.receipt.lines if one.metric == metric), ())
    source = "; ".join(named(result.receipt, (load.account for load in loads), say))
    return Proof(
        code, title, text, worked(metric, result, line, say), source, "; ".join(say.period(*pair) for pair in days),
        max((load.loaded_at for load in loads), default=None),
    )


def worked(metric: str, result: Result, line: Line, say: Words) -> str:
    """`spend ÷ goal reaches = 60 000 ₽ ÷ 8 = 7 500 ₽`."""
    one = METRICS[metric]
    filled = spelled.with_values(one, {**line.now, **result.factors}, say, result.currency)
    value = answer.speech(metric, result, say).full(line.now.get(metric))
    return f"{spelled.in_words(one, say)} = {filled} = {value}" if filled != value else f"{spelled.in_words(one, say)} = {value}"


def files(result: Result, metric: str) -> list[Loaded]:
    """What was loaded for the figure, the latest first."""
    tables = {gives.table for measure in METRICS[metric].measures for gives in MEASURES[measure].gives}
    accounts = {account for table in tables for account in result.receipt.accounts.get(table, ())}
    return [load for load in result.receipt.loads if load.table in tables and load.account in accounts]
