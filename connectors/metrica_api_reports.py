"""Metrica's Reporting API: one report, whole and unsampled where the service allows, whatever it takes in requests.

Limits are looked at before anything is asked. More than twenty metrics are asked for in turns and joined on the ids of the breakdowns; more
rows than fit one answer come page by page; a period that is too heavy is halved. What the service says about the answer (sampling, hidden
rows, age, the attribution it really used, totals) is kept beside the rows.

Source: yandex.com/dev/metrika, Reports API: table, limits, sampling, read 2026-11.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from connectors.metrica_api_service import API, TimedOut, TooHeavy
from connectors.refusals import WHERE, BadRequest, changed, moved
from connectors.shape import Shape
from connectors.web import Call, Web
from data.batches import Note
from data.secret import Secret

MOST_METRICS, MOST_DIMENSIONS, MOST_ROWS, MOST_FILTER = 20, 10, 100_000, 10_000
PAGE = MOST_ROWS
_PATH = "/stat/v1/data"

Cell = tuple[str, str]
"""A breakdown's value. Shape: (id, name); the id is the name where the service gives none. Both are empty where it is undefined."""
Key = tuple[Cell, ...]


@dataclass(frozen=True)
class Report:
    """What is asked for. Names are Metrica's, `<attribution>` and `<currency>` in them left as they are."""

    metrics: tuple[str, ...]
    dimensions: tuple[str, ...]
    since: date
    until: date
    attribution: str = ""
    currency: str = ""
    filters: str = ""
    logins: tuple[str, ...] = ()

    @property
    def space(self) -> str:
        """The namespace of its metrics: ym:s:, ym:ev:, ym:ad:."""
        return ":".join(self.metrics[0].split(":")[:2]) + ":"


@dataclass
class Table:
    """A whole answer. `rows` are the metrics of each key, in the report's order; `attribution` is the model the service says it used."""

    report: Report
    rows: dict[Key, list[float | None]] = field(default_factory=dict)
    totals: list[float | None] = field(default_factory=list)
    share: float = 1.0
    hidden: bool = False
    lag: int = 0
    attribution: str = ""

    @property
    def origin(self) -> str:
        """How the ledger names the request: what was asked, which attribution was meant and used, how old the answer was."""
        report = self.report
        model = f", attribution {report.attribution} → {self.attribution or '?'}" if report.attribution else ""
        logins = f", {'+'.join(report.logins)}" if report.logins else ""
        by = ", ".join(name.removeprefix(report.space).replace("<attribution>", "") for name in report.dimensions)
        return f"Metrica report {report.space} by {by}{logins}{model}, data_lag {self.lag} s"

    def column(self, metric: str) -> int:
        return self.report.metrics.index(metric)

    def figure(self, row: Sequence[float | None], metric: str) -> float:
        """A metric of a row; nothing is zero."""
        return row[self.column(metric)] or 0.0

    def notes(self, added_up: Sequence[str]) -> Iterator[Note]:
        """What a reader of the figures has to know; `added_up` are metrics whose rows must make their totals."""
        if self.share < 1:
            yield Note("sampled", "Metrica answered from a sample of {share} of the visits, although the whole was asked for.",
                       {"share": f"{self.share:.0%}"})
        if self.hidden:
            yield Note("hidden", "Metrica hides rows of fewer than ten visitors here; they are missing from the rows.")
        if self.report.attribution and not _same_model(self.report.attribution, self.attribution):
            yield Note("attribution", "Asked for the attribution {asked}, Metrica used {used}.",
                       {"asked": self.report.attribution, "used": self.attribution or "?"})
        for metric in added_up:
            place = self.column(metric)
            summed, total = sum(row[place] or 0 for row in self.rows.values()), self.totals[place] or 0
            if abs(summed - total) > max(0.5, abs(total) * 1e-6):
                yield Note("totals", "{metric}: the rows add up to {summed}, Metrica's own total is {total}. The rows are loaded.",
                           {"metric": metric, "summed": round(summed, 2), "total": round(total, 2)})


def _same_model(asked: str, used: str) -> bool:
    def plain(model: str) -> str:
        return model.replace("_", "").lower()

    return plain(asked) == plain(used)


def fetch(web: Web, key: Secret, counter: str, report: Report) -> Table:
    """The whole report. Raises Problem; BadRequest before anything is asked where a limit would be broken."""
    check(report, counter)
    try:
        return _in_turns(web, key, counter, report)
    except (TooHeavy, TimedOut):
        if report.since == report.until:
            raise
        middle = report.since + (report.until - report.since) // 2
        first = fetch(web, key, counter, replace(report, until=middle))
        return _stacked(report, first, fetch(web, key, counter, replace(report, since=middle + timedelta(days=1))), counter)


def check(report: Report, counter: str) -> None:
    """Raises BadRequest when the service would refuse the report."""
    spaces = {":".join(name.split(":")[:2]) + ":" for name in (*report.metrics, *report.dimensions)}
    broken = (
        ("there are no metrics", not report.metrics),
        ("more than {most} breakdowns", len(report.dimensions) > MOST_DIMENSIONS),
        ("metrics of different kinds", len(spaces) > 1),
        ("a filter that is too long", len(report.filters) > MOST_FILTER),
        ("a period that ends before it begins", report.since > report.until),
        ("costs of Direct without a login", report.space == "ym:ad:" and not report.logins),
    )
    for why, wrong in broken:
        if wrong:
            raise BadRequest(
                "{service} would not take this report: {why}.", WHERE, "This is a fault of Vitrina's. Please report it.",
                service=API.title, account=counter, why=why.format(most=MOST_DIMENSIONS),
            )


def _stacked(report: Report, first: Table, second: Table, counter: str) -> Table:
    """Two halves of a period as one answer. Only a report by day may be halved: its keys do not meet."""
    if first.rows.keys() & second.rows.keys():
        raise TooHeavy(
            "{service} finds the request too heavy: {said}", WHERE, "Ask for fewer days with --since and --until.",
            service=API.title, account=counter, said=", ".join(report.dimensions),
        )
    totals = [None if a is None and b is None else (a or 0) + (b or 0) for a, b in zip(first.totals, second.totals, strict=True)]
    return Table(
        report, first.rows | second.rows, totals, min(first.share, second.share), first.hidden or second.hidden,
        max(first.lag, second.lag), second.attribution,
    )


# ------------------------------------------------------------------------------------------------------- turns and pages


def _in_turns(web: Web, key: Secret, counter: str, report: Report) -> Table:
    """All metrics, twenty at a time, joined on the breakdowns' ids. The first metric goes along each time, so the rows are the same."""
    first, *others = report.metrics
    width = MOST_METRICS - 1
    turns = [(first, *others[start : start + width]) for start in range(0, len(others), width)] or [(first,)]
    tables = [_paged(web, key, counter, replace(report, metrics=turn)) for turn in turns]
    joined = _own(tables[0], report)
    for turn, table in zip(turns[1:], tables[1:], strict=True):
        for row_key in table.rows.keys() - joined.rows.keys():
            joined.rows[row_key] = [table.rows[row_key][0], *[None] * (len(joined.totals) - 1)]
        for row_key, row in joined.rows.items():
            row += table.rows.get(row_key, [None] * len(turn))[1:]
        joined.totals += table.totals[1:]
        joined.share, joined.hidden = min(joined.share, table.share), joined.hidden or table.hidden
    return joined


def _own(table: Table, report: Report) -> Table:
    return replace(table, report=report, rows={key: list(row) for key, row in table.rows.items()}, totals=list(table.totals))


def _paged(web: Web, key: Secret, counter: str, report: Report) -> Table:
    """Page after page until all rows are there. Raises AnswerChanged for pages that repeat, stop short or tell other totals."""
    table, stated = Table(report), -1
    while True:
        answer = Shape(web.json(Call(API, _PATH, _params(report, counter, len(table.rows) + 1), key, counter)), API.title, counter)
        fresh = _rows(answer, report)
        if not table.rows:
            _describe(table, answer)
        if table.rows.keys() & fresh.keys():
            raise changed(API.title, counter, "offset", "repeated rows")
        table.rows |= fresh
        total = answer.whole("total_rows")
        if stated not in (-1, total):
            raise moved(API.title, counter, "total_rows", stated, total)
        if len(table.rows) >= total:
            return table
        if not fresh:
            raise changed(API.title, counter, "total_rows", f"{total} > {len(table.rows)}")
        stated = total


def _params(report: Report, counter: str, offset: int) -> Mapping[str, str]:
    params = {
        "ids": counter, "metrics": ",".join(report.metrics), "dimensions": ",".join(report.dimensions), "sort": ",".join(report.dimensions),
        "date1": f"{report.since}", "date2": f"{report.until}", "limit": f"{PAGE}", "offset": f"{offset}", "accuracy": "full",
        "include_undefined": "true", "lang": "en", "attribution": report.attribution, "currency": report.currency,
        "filters": report.filters, "direct_client_logins": ",".join(report.logins),
    }
    return {name: value for name, value in params.items() if value}


def _describe(table: Table, answer: Shape) -> None:
    """What the first page says about the whole. Raises AnswerChanged when it answers another question."""
    query, report = answer.part("query"), table.report
    for name, asked in (("date1", f"{report.since}"), ("date2", f"{report.until}")):
        if query.text(name) != asked:
            raise changed(API.title, answer.account, f"query.{name}", query.text(name))
    table.totals = list(answer.numbers("totals"))
    if len(table.totals) != len(report.metrics):
        raise changed(API.title, answer.account, "totals", len(table.totals))
    sampled = answer.flag("sampled")
    table.share = float(answer.get("sample_share", "1")) if sampled else 1.0
    table.hidden = answer.flag("contains_sensitive_data")
    table.lag = int(float(answer.get("data_lag", "0")))
    table.attribution = query.get("attribution")


def _rows(answer: Shape, report: Report) -> dict[Key, list[float | None]]:
    found: dict[Key, list[float | None]] = {}
    for row in answer.parts("data"):
        cells = tuple(_cell(one) for one in row.parts("dimensions"))
        figures = list(row.numbers("metrics"))
        if len(cells) != len(report.dimensions) or len(figures) != len(report.metrics):
            raise changed(API.title, answer.account, row.path, json.dumps(row.held, ensure_ascii=False)[:80])
        found[cells] = figures
    return found


def _cell(one: Shape) -> Cell:
    name = one.get("name")
    return one.get("id") or name, name
