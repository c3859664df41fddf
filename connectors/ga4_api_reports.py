"""Google Analytics' Data API: one report, whole and unsampled where the service allows, whatever it takes in requests.

Limits are looked at before anything is asked. Rows come page by page until there are as many as the answer states; a report that was
sampled is asked for in halves down to single days; a field that Google does not combine with the others is left out and named.
What the service says about an answer is kept beside the rows, and how many tokens are left is watched: at four fifths of an hour's or a
day's, nothing more is asked before they start anew.

Source: developers.google.com/analytics, Data API v1beta: runReport, ResponseMetaData, PropertyQuota.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from connectors.ga4_api_access import Credentials, ask
from connectors.ga4_api_management import LARGE
from connectors.ga4_api_service import API, Incompatible, next_day, next_hour
from connectors.refusals import WHERE, BadRequest, changed, moved
from connectors.shape import Shape
from connectors.web import Call, Web
from data.batches import Note

MOST_DIMENSIONS, MOST_METRICS, MOST_RANGES, MOST_ROWS = 9, 10, 4, 250_000
PAGE = 100_000
OTHER = "(other)"
_STOP = 0.2
"""Share of tokens that is left to others."""
_TOKENS = {"tokensPerDay": 200_000, "tokensPerHour": 40_000, "tokensPerProjectPerHour": 14_000}
_LARGE = 10
"""How many times more a property of Google Analytics 360 has."""
_ERRORS_LEFT = 2

Days = tuple[date, date]
Key = tuple[str, ...]


@dataclass(frozen=True)
class Property:
    """Who asks, and for what. `level` is how much may be asked: standard or 360."""

    web: Web
    who: Credentials
    id: str
    level: str = ""


@dataclass(frozen=True)
class Report:
    """What is asked for, under Google's names. More than one range makes the range (`0`, `1`, …) the first breakdown of every row.
    `needed` are fields without which there is no report."""

    metrics: tuple[str, ...]
    dimensions: tuple[str, ...]
    ranges: tuple[Days, ...]
    needed: frozenset[str] = frozenset()
    filter: Mapping[str, Any] | None = None

    @property
    def days(self) -> Days:
        return self.ranges[0][0], self.ranges[-1][1]


@dataclass
class Table:
    """A whole answer: the metrics of each key, in the report's order."""

    report: Report
    rows: dict[Key, tuple[Decimal, ...]] = field(default_factory=dict)
    currency: str = ""
    zone: str = ""
    share: float = 1.0
    hidden: bool = False
    folded: bool = False
    truncated: frozenset[str] = frozenset()
    dropped: tuple[str, ...] = ()

    @property
    def origin(self) -> str:
        """How the ledger names the request: what was asked, and what the answer says about itself."""
        flags = (self.currency, self.zone, "data loss into (other)" if self.folded else "", *sorted(self.truncated))
        by = ", ".join(self.report.dimensions) or "no breakdown"
        return f"GA4 report {', '.join(self.report.metrics)} by {by}; {'; '.join(filter(None, flags))}"

    def column(self, name: str) -> int:
        return self.report.dimensions.index(name) + (len(self.report.ranges) > 1)

    def figure(self, row: Sequence[Decimal], metric: str) -> Decimal:
        """A metric of a row; nothing where it was left out."""
        return row[self.report.metrics.index(metric)] if metric in self.report.metrics else Decimal(0)

    def total(self, metric: str) -> Decimal:
        return sum((self.figure(row, metric) for row in self.rows.values()), Decimal(0))

    def notes(self) -> Iterator[Note]:
        """What a reader of the figures has to know."""
        if self.share < 1:
            yield Note("sampled", "Google Analytics answered from a sample of {share} of the events, for single days too.",
                       {"share": f"{self.share:.1%}"})
        if self.hidden:
            yield Note("hidden", "Google Analytics hides small rows here (thresholding); they are missing from the rows.")
        if self.folded and self.other():
            yield Note("other", "Google Analytics has folded rare rows into “(other)”: {share} of {metric}.",
                       {"share": f"{self.other():.1%}", "metric": self.report.metrics[0]})
        if self.truncated:
            yield Note("truncated", "Google Analytics has left a part of the data out: {reasons}.",
                       {"reasons": ", ".join(sorted(self.truncated))})
        if self.dropped:
            yield Note("not loaded", "Google Analytics does not combine these fields with the others, they are left out: {fields}.",
                       {"fields": ", ".join(self.dropped)})

    def other(self) -> float:
        """Share of the first metric that has no breakdown any more, because Google has folded it."""
        return self.share_of(lambda key: OTHER in key)

    def share_of(self, which: Callable[[Key], bool]) -> float:
        """Share of the first metric that stands on rows whose key is such a one."""
        whole = sum((row[0] for row in self.rows.values()), Decimal(0))
        return float(sum((row[0] for key, row in self.rows.items() if which(key)), Decimal(0)) / whole) if whole else 0.0


def fetch(of: Property, report: Report) -> Table:
    """The whole report. Raises Problem; BadRequest before anything is asked where a limit would be broken."""
    check(report, of.id)
    left = len(report.metrics) + len(report.dimensions)
    dropped: tuple[str, ...] = ()
    while True:
        try:
            return replace(_unsampled(of, report), dropped=dropped)
        except Incompatible as problem:
            going = tuple(one for one in problem.fields if one in (*report.metrics, *report.dimensions) and one not in report.needed)
            report, before = _without(report, going), report
            left -= 1
            if not going or not report.metrics or report == before or left < 0:
                raise
            dropped += going


def _without(report: Report, fields: Sequence[str]) -> Report:
    return replace(
        report, metrics=tuple(one for one in report.metrics if one not in fields),
        dimensions=tuple(one for one in report.dimensions if one not in fields),
    )


def check(report: Report, number: str) -> None:
    """Raises BadRequest when the service would not take the report."""
    reasons = (
        (not report.metrics or len(report.metrics) > MOST_METRICS, f"{len(report.metrics)} metrics"),
        (len(report.dimensions) > MOST_DIMENSIONS, f"{len(report.dimensions)} dimensions"),
        (not 1 <= len(report.ranges) <= MOST_RANGES, f"{len(report.ranges)} ranges"),
        (any(since > until for since, until in report.ranges), "a range that ends before it begins"),
    )
    for wrong, why in reasons:
        if wrong:
            raise BadRequest("{service} would not take this report: {why}.", WHERE, "This is a fault of Vitrina's. Please report it.",
                             service=API.title, account=number, why=why)


def _unsampled(of: Property, report: Report) -> Table:
    """Asked in halves where it was sampled. NB: only what has the day as a breakdown can be put together again."""
    found = _whole(of, report)
    since, until = report.days
    if found.share == 1 or since == until or "date" not in report.dimensions or len(report.ranges) > 1:
        return found
    middle = since + timedelta(days=(until - since).days // 2)
    halves = [_unsampled(of, replace(report, ranges=(days,))) for days in ((since, middle), (middle + timedelta(days=1), until))]
    return _joined(report, halves)


def _joined(report: Report, parts: Sequence[Table]) -> Table:
    rows = {key: row for part in parts for key, row in part.rows.items()}
    first = parts[0]
    return Table(
        report, rows, first.currency, first.zone, min(one.share for one in parts), any(one.hidden for one in parts),
        any(one.folded for one in parts), frozenset().union(*(one.truncated for one in parts)),
    )


# ------------------------------------------------------------------------------------------------------------------ pages


def _whole(of: Property, report: Report) -> Table:
    """Page by page. NB: an empty answer has neither rows nor their number, and no answer says from which row on it is."""
    found, stated = Table(report), -1
    while True:
        answer = Shape(ask(of.web, of.who, _call(of, _body(report, len(found.rows)))), API.title, of.id)
        _describe(found, answer)
        fresh = _rows(answer, report)
        if found.rows.keys() & fresh.keys():
            raise changed(API.title, of.id, "offset", "repeated rows")
        found.rows |= fresh
        _watch(of, answer)
        count = answer.whole("rowCount") if "rowCount" in answer.held else 0
        if stated not in (-1, count):
            raise moved(API.title, of.id, "rowCount", stated, count)
        if len(found.rows) >= count:
            return found
        if not fresh:
            raise changed(API.title, of.id, "rowCount", f"{count} > {len(found.rows)}")
        stated = count


def _call(of: Property, body: Mapping[str, Any]) -> Call:
    return Call(API, f"/v1beta/properties/{of.id}:runReport", account=of.id, method="POST", body=body)


def _body(report: Report, offset: int) -> Mapping[str, Any]:
    """NB: rows are ordered by every breakdown, so that pages do not overlap; dates are absolute, because words are the property's days."""
    several = len(report.ranges) > 1
    ranges = [
        {"startDate": f"{since}", "endDate": f"{until}", **({"name": f"{place}"} if several else {})}
        for place, (since, until) in enumerate(report.ranges)
    ]
    named = [*(["dateRange"] if several else []), *report.dimensions]
    return {
        "dateRanges": ranges, "dimensions": [{"name": one} for one in report.dimensions],
        "metrics": [{"name": one} for one in report.metrics], "limit": f"{PAGE}",
        "offset": f"{offset}", "keepEmptyRows": False, "returnPropertyQuota": True,
        "orderBys": [{"dimension": {"dimensionName": one}} for one in named],
        **({"metricFilter": report.filter} if report.filter else {}),
    }


def _rows(answer: Shape, report: Report) -> dict[Key, tuple[Decimal, ...]]:
    """Raises AnswerChanged when the columns are not those that were asked for, or a figure is none."""
    if not answer.held.get("rows"):
        return {}
    named = (*report.dimensions, "dateRange") if len(report.ranges) > 1 else report.dimensions
    heads = [one.text("name") for one in answer.parts("dimensionHeaders")] if answer.held.get("dimensionHeaders") else []
    metrics = [one.text("name") for one in answer.parts("metricHeaders")]
    if sorted(heads) != sorted(named) or metrics != list(report.metrics):
        raise changed(API.title, answer.account, "headers", ", ".join((*heads, *metrics)))
    places = [heads.index(one) for one in (("dateRange",) if len(report.ranges) > 1 else ()) + report.dimensions]
    found: dict[Key, tuple[Decimal, ...]] = {}
    for row in answer.parts("rows"):
        cells = [one.text("value") for one in row.parts("dimensionValues")] if heads else []
        figures = tuple(_figure(one) for one in row.parts("metricValues"))
        if len(cells) != len(heads) or len(figures) != len(metrics):
            raise changed(API.title, answer.account, row.path, f"{len(cells)} + {len(figures)}")
        found[tuple(cells[place] for place in places)] = figures
    return found


def _figure(one: Shape) -> Decimal:
    """NB: every figure is a text, counts too."""
    text = one.text("value")
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise changed(API.title, one.account, f"{one.path}.value", repr(text)[:40])
    return value


# ------------------------------------------------------------------------------------------------ what the answer says


def _describe(found: Table, answer: Shape) -> None:
    """Keep what the answer says about itself; the worst of all pages."""
    meta = answer.part("metadata") if "metadata" in answer.held else Shape({}, API.title, answer.account, "metadata")
    found.currency, found.zone = meta.get("currencyCode") or found.currency, meta.get("timeZone") or found.zone
    found.hidden |= meta.flag("subjectToThresholding")
    found.folded |= meta.flag("dataLossFromOtherRow")
    for one in meta.parts("samplingMetadatas") if meta.held.get("samplingMetadatas") else []:
        space = int(one.text("samplingSpaceSize"))
        found.share = min(found.share, int(one.text("samplesReadCount")) / space if space else 1.0)
    found.truncated |= {_reason(one) for one in meta.held.get("dataTruncationReasons") or ()}


def _reason(one: Any) -> str:
    return str(one.get("reason") or one.get("type") or one) if isinstance(one, Mapping) else str(one)


def _watch(of: Property, answer: Shape) -> None:
    """Ask nothing more of this property once it has used four fifths of an hour's or a day's tokens."""
    if "propertyQuota" not in answer.held:
        return
    quota, now = answer.part("propertyQuota"), datetime.fromtimestamp(of.web.clock.now(), UTC)
    whose = _call(of, {}).whose("account")
    for name, standard in _TOKENS.items():
        if name in quota.held:
            one = quota.part(name)
            left, used = (one.whole(key) if key in one.held else 0 for key in ("remaining", "consumed"))
            whole = standard * (_LARGE if of.level == LARGE or left + used > standard else 1)
            if left < _STOP * whole:
                of.web.pace.close(whose, (next_day(now) if name.endswith("Day") else next_hour(now)).timestamp())
    errors = quota.held.get("serverErrorsPerProjectPerHour")
    if isinstance(errors, Mapping) and "remaining" in errors and int(errors["remaining"]) < _ERRORS_LEFT:
        of.web.pace.close(whose, next_hour(now).timestamp())
