"""Sessions and key events by day from the Data API, under the session's own source or the user's first one.

The rows end where those of a downloaded report end (`ga4_figures`, `ga4_reports`), so that a file and the service give the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from connectors import ga4_figures, ga4_names
from connectors.ga4_api_reports import Property, Report, Table, fetch
from connectors.ga4_api_service import API
from connectors.ga4_figures import Figures, Key, Part
from connectors.ga4_reports import traffic as tidied
from connectors.live import Order
from connectors.refusals import changed
from data.batches import Batch, Note
from data.tables import TRAFFIC

BREAKDOWN = "origin,device,goal"
_NAMES = {
    "DefaultChannelGroup": "default channel group", "Source": "source", "Medium": "medium", "CampaignName": "campaign",
    "CampaignId": "campaign id",
}
_PREFIXES = {ga4_names.SESSION: ("session", "session "), ga4_names.FIRST: ("firstUser", "first user ")}
_DEVICE = {"deviceCategory": "device category"}
_FIGURES = {
    "sessions": "visits", "engagedSessions": "engaged", "screenPageViews": "page_views", "userEngagementDuration": "seconds",
    "transactions": "orders", "purchaseRevenue": "revenue",
}
"""Google's metric -> our column. NB: sessions come first, shares are of them."""
_REACHED = {"metricName": "keyEvents", "numericFilter": {"operation": "GREATER_THAN", "value": {"int64Value": "0"}}}
_WORTH_TELLING = 0.05


@dataclass(frozen=True)
class Asked:
    """What all reports of one property share. `metrics` are those that the login may see; `zone` and `currency` were settled;
    `notes` are what every load of sessions has to say."""

    of: Property
    zone: str
    currency: str
    basis: str
    metrics: frozenset[str]
    notes: tuple[Note, ...] = ()

    def seen(self, *names: str) -> tuple[str, ...]:
        return tuple(name for name in names if name in self.metrics)


def dimensions(scope: str, campaigns: bool = True) -> dict[str, str]:
    """The breakdowns of a source. Shape: Google's name -> how a downloaded report spells it."""
    google, spelled = _PREFIXES[scope]
    names = {name: text for name, text in _NAMES.items() if campaigns or not name.startswith("Campaign")}
    return {f"{google}{name}": spelled + text for name, text in names.items()}


def traffic(asked: Asked, scope: str, order: Order) -> Iterator[Sequence[Batch]]:
    """One batch of TRAFFIC: rows of sessions, and a row for each key event that was counted. Where Google has folded rare campaigns into
    “(other)”, the days are asked for without campaigns."""
    asked = replace(asked, of=replace(asked.of, web=order.web))
    named = dimensions(scope) | _DEVICE
    visits = _fetch(asked, tuple(asked.seen(*_FIGURES)), tuple(named), order)
    notes: list[Note] = []
    if visits.folded and visits.other():
        leaner = dimensions(scope, campaigns=False) | _DEVICE
        second = _fetch(asked, tuple(asked.seen(*_FIGURES)), tuple(leaner), order)
        if second.other() < visits.other():
            text = "Google Analytics has folded rare campaigns into “(other)”; these days are loaded without campaigns."
            visits, named, notes = second, leaner, [Note("other", text)]
    reached = _fetch(asked, asked.seen("keyEvents"), (*named, "eventName"), order, filter=_REACHED) if asked.seen("keyEvents") else None
    notes += [*asked.notes, *visits.notes(), *_shares(visits, scope), *_agreement(asked, visits, reached, order), *_settled(asked, visits)]
    yield [Batch(
        TRAFFIC, "ga4_api", asked.of.id, _rows(asked, scope, named, visits, reached), visits.origin, order.since, order.until,
        attribution=scope, breakdown=BREAKDOWN, sample_share=min(visits.share, reached.share if reached else 1.0),
        thresholded=visits.hidden or bool(reached and reached.hidden), notes=tuple(notes),
    )]


def _fetch(
    asked: Asked, metrics: tuple[str, ...], named: tuple[str, ...], order: Order, filter: Mapping[str, object] | None = None
) -> Table:
    needed = frozenset(("date", "eventName", metrics[0]))
    return fetch(asked.of, Report(metrics, ("date", *named), ((order.since, order.until),), needed, {"filter": filter} if filter else None))


# ------------------------------------------------------------------------------------------------------------------- rows


def _rows(asked: Asked, scope: str, named: Mapping[str, str], visits: Table, reached: Table | None) -> pa.Table:
    """Shape: columns of TRAFFIC."""
    parts = [(_part(scope, named, visits, asked.of.id), visits)]
    if reached:
        parts.append((_part(scope, {**named, "eventName": "event name"}, reached, asked.of.id), reached))
    made = [tidied(part, list(part.rows.items()), table.currency or asked.currency, asked.basis) for part, table in parts if part.rows]
    rows = pa.concat_tables(made, promote_options="permissive") if made else _nothing()
    if "currency" not in rows.column_names:
        return rows
    return rows.set_column(rows.column_names.index("currency"), "currency", pc.fill_null(rows["currency"], ""))


def _part(scope: str, named: Mapping[str, str], table: Table, number: str) -> Part:
    known = {name: ga4_names.dimension(named[name]) for name in table.report.dimensions if name != "date"}
    dims = {name: one for name, one in known.items() if one}
    keys: list[Key] = []
    for key in table.rows:
        said: dict[str, str] = {}
        for name, one in dims.items():
            said |= ga4_figures.field_values(one, key[table.column(name)])
        day = date_of(key[table.column("date")], number)
        keys.append(((day, day), tuple(sorted(said.items()))))
    figures = [_figures(table, row) for row in table.rows.values()]
    fields = tuple(field for one in dims.values() for field in one.fields)
    brought = frozenset(name for row in figures[:1] for name in row)
    return Part(TRAFFIC, scope, BREAKDOWN, "day", table.report.days, fields, brought, ga4_figures.added(keys, figures), "runReport")


def _figures(table: Table, row: Sequence[Decimal]) -> Figures:
    if "keyEvents" in table.report.metrics:
        return {"reaches": table.figure(row, "keyEvents").to_integral_value()}
    found: Figures = {ours: table.figure(row, name) for name, ours in _FIGURES.items() if name in table.report.metrics}
    visits, engaged = found["visits"], found.get("engaged")
    if visits is not None and engaged is not None:
        found["bounces"] = max(visits - engaged, Decimal(0))
    return found


def date_of(text: str, number: str) -> date:
    """Raises AnswerChanged when a date is none; NB: of days that are still being counted it may be “(other)”."""
    try:
        return datetime.strptime(text, "%Y%m%d").date()
    except ValueError:
        raise changed(API.title, number, "date", repr(text)) from None


def _nothing() -> pa.Table:
    return pa.table({"day": pa.array([], pa.date32()), "visits": pa.array([], pa.int64())})


# ---------------------------------------------------------------------------------------------------------- what to say


def _shares(visits: Table, scope: str) -> Iterator[Note]:
    """What a large part of the sessions does not tell. NB: “(not set)”, “(other)” and Unassigned are three different things."""
    source, channel = (visits.column(f"{_PREFIXES[scope][0]}{name}") for name in ("Source", "DefaultChannelGroup"))
    texts = {
        "{share} of the sessions have no source: “(not set)”.": lambda key: key[source] == "(not set)",
        "{share} of the sessions belong to no channel of Google's: “Unassigned”.": lambda key: key[channel] == "Unassigned",
    }
    for text, which in texts.items():
        if (share := visits.share_of(which)) > _WORTH_TELLING:
            yield Note("shares", text, {"share": f"{share:.0%}"})


def _agreement(asked: Asked, visits: Table, reached: Table | None, order: Order) -> Iterator[Note]:
    """Sums of rows beside the property's own total, asked for without breakdowns."""
    metrics = asked.seen("sessions", "keyEvents", "purchaseRevenue")
    total = fetch(asked.of, Report(metrics, (), ((order.since, order.until),), frozenset(("sessions",))))
    for metric in metrics:
        held = reached if metric == "keyEvents" and reached else visits
        if metric not in held.report.metrics:
            continue
        summed, whole = held.total(metric), total.total(metric)
        # NB: sessions are estimates, and a session that goes on past midnight counts on both days.
        if abs(summed - whole) > max(Decimal(1), abs(whole) * Decimal("0.02")):
            yield Note("totals", "{metric}: the rows add up to {summed}, Google Analytics' own total is {total}. The rows are loaded.",
                       {"metric": metric, "summed": round(float(summed), 2), "total": round(float(whole), 2)})


def _settled(asked: Asked, visits: Table) -> Iterator[Note]:
    """Where the property reports in another zone or currency than was settled when it was connected."""
    if visits.zone and visits.zone != asked.zone:
        yield Note("zone", "The property reports in the time zone {zone}, and was connected with {settled}. Connect it again.",
                   {"zone": visits.zone, "settled": asked.zone})
    if visits.currency and asked.currency and visits.currency != asked.currency:
        yield Note("currency", "The property reports in {currency}, and was connected with {settled}; its rows are kept in {currency}.",
                   {"currency": visits.currency, "settled": asked.currency})
