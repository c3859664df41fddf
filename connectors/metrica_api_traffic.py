"""Visits and goals by day from Metrica's reports, where the visits themselves are not to be had, and what visits do not tell: age, sex."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from connectors import metrica_table_names as known
from connectors import vat
from connectors.live import Order
from connectors.metrica_api_reports import Cell, Key, Report, Table, fetch
from connectors.metrica_table_names import DETAIL
from connectors.refusals import changed
from data.batches import Batch
from data.secret import Secret
from data.tables import ORIGIN_NAMES, TRAFFIC

_DAY = "ym:s:date"
_VISITS, _BOUNCE, _TIME, _VIEWS = "ym:s:visits", "ym:s:bounceRate", "ym:s:avgVisitDurationSeconds", "ym:s:pageviews"
_ORDERS, _REVENUE = "ym:s:ecommercePurchases", "ym:s:ecommerce<currency>ConvertedRevenue"
_SOURCES = {
    "traffic_source": "ym:s:<attribution>TrafficSource",
    DETAIL: "ym:s:<attribution>SourceEngine",
    "source": "ym:s:<attribution>UTMSource",
    "medium": "ym:s:<attribution>UTMMedium",
    "campaign": "ym:s:<attribution>UTMCampaign",
    "campaign_id": "ym:s:<attribution>DirectClickOrder",
    "device": "ym:s:deviceCategory",
}
BREAKDOWNS: Mapping[str, Mapping[str, str]] = {
    "origin,device,goal": _SOURCES,
    "age,goal": {"age": "ym:s:ageInterval"},
    "sex,goal": {"sex": "ym:s:gender"},
}
"""Breakdown as the ledger names it -> our column and Metrica's dimension."""


@dataclass(frozen=True)
class Asked:
    """What all reports of one counter share. `model` is Metrica's spelling, `attribution` our key; `basis` says how revenue holds VAT."""

    key: Secret
    counter: str
    model: str
    attribution: str
    currency: str
    basis: str
    goals: tuple[str, ...] = ()


def traffic(asked: Asked, breakdown: str, order: Order) -> Iterator[Sequence[Batch]]:
    """One batch of TRAFFIC: rows of visits, and a row for each goal that was reached."""
    dimensions = BREAKDOWNS[breakdown]
    goals = [metric for goal in asked.goals for metric in _goal(goal)]
    model = asked.model if "traffic_source" in dimensions else ""
    report = Report(
        (_VISITS, _BOUNCE, _TIME, _VIEWS, _ORDERS, _REVENUE, *goals), (_DAY, *dimensions.values()), order.since, order.until, model,
        asked.currency,
    )
    found = fetch(order.web, asked.key, asked.counter, report)
    yield [Batch(
        TRAFFIC, "metrica_api", asked.counter, _rows(found, tuple(dimensions), asked), found.origin, order.since, order.until,
        attribution=asked.attribution, breakdown=breakdown, sample_share=found.share, thresholded=found.hidden,
        notes=tuple(found.notes((_VISITS, _VIEWS, _ORDERS))),
    )]


def _goal(goal: str) -> tuple[str, str]:
    return f"ym:s:goal{goal}reaches", f"ym:s:goal{goal}visits"


def day(cell: Cell, counter: str) -> date:
    """Raises AnswerChanged when a date is none."""
    try:
        return date.fromisoformat(cell[1])
    except ValueError:
        raise changed("Yandex.Metrica", counter, "ym:s:date", repr(cell[1])) from None


def origin(said: Mapping[str, Cell]) -> dict[str, str]:
    """The fields of origin that the breakdowns of a row give: sources by id, engines and ad systems by the names that reports show."""
    cells = {name: said[name][0 if name == "traffic_source" else 1] for name in said if name not in ("campaign_id", "device")}
    found = known.origin(cells)
    number, name = said.get("campaign_id", ("", ""))
    if number not in ("", "0"):
        found |= {"campaign_id": number, **({"campaign_name": name} if name != number else {})}
    return {field: found.get(field, "") for field in ORIGIN_NAMES}


def _rows(found: Table, names: Sequence[str], asked: Asked) -> pa.Table:
    """Shape: columns of TRAFFIC. Rows of one place that differ only in what is not kept are added up."""
    sums: dict[tuple[Any, ...], dict[str, Decimal]] = {}
    for key, row in found.rows.items():
        place = _place(key, names, asked)
        for goal, figures in _figures(found, row, asked):
            into = sums.setdefault((*place, goal), {})
            for name, value in figures.items():
                into[name] = into.get(name, Decimal(0)) + value
    return _arrow(sums, names, asked)


def _place(key: Key, names: Sequence[str], asked: Asked) -> tuple[Any, ...]:
    said = dict(zip(names, key[1:], strict=True))
    where = tuple(sorted(origin(said).items())) if "traffic_source" in said else ()
    return day(key[0], asked.counter), where, tuple(known.place(name, said[name][1]) for name in ("device", "age", "sex") if name in said)


def _figures(found: Table, row: Sequence[float | None], asked: Asked) -> Iterator[tuple[str, dict[str, Decimal]]]:
    """Shape: (goal or nothing, figures). Rates come back to the sums that they were made of."""
    visits = found.figure(row, _VISITS)
    bounces = round(visits * found.figure(row, _BOUNCE) / 100)
    counts = {
        "visits": visits, "bounces": bounces, "engaged": visits - bounces, "page_views": found.figure(row, _VIEWS),
        "seconds": round(visits * found.figure(row, _TIME)),
    }
    if found.totals[found.column(_ORDERS)]:
        counts |= {"orders": found.figure(row, _ORDERS), "revenue": found.figure(row, _REVENUE)}
    yield "", {name: Decimal(str(value)) for name, value in counts.items()}
    for goal in asked.goals:
        reaches, target = (found.figure(row, metric) for metric in _goal(goal))
        if reaches or target:
            yield goal, {"reaches": Decimal(str(reaches)), "goal_visits": Decimal(str(target))}


def _arrow(sums: Mapping[tuple[Any, ...], Mapping[str, Decimal]], names: Sequence[str], asked: Asked) -> pa.Table:
    places = list(sums)
    columns: dict[str, Any] = {"day": pa.array([place[0] for place in places], pa.date32())}
    if "traffic_source" in names:
        columns["origin"] = pa.array([dict(place[1]) for place in places], TRAFFIC.arriving().field("origin").type)
    for number, name in enumerate(name for name in ("device", "age", "sex") if name in names):
        columns[name] = pa.array([place[2][number] for place in places], pa.string())
    columns["goal"] = pa.array([place[3] for place in places], pa.string())
    for name in ("visits", "bounces", "engaged", "page_views", "seconds", "orders", "reaches", "goal_visits"):
        columns[name] = pa.array([int(row[name]) if name in row else None for row in sums.values()], pa.int64())
    money = [vat.net(row["revenue"], place[0], place[0], asked.basis, asked.currency) if "revenue" in row else None
             for place, row in sums.items()]
    columns["revenue"] = pa.array(money, pa.decimal128(18, 6))
    columns["currency"] = pa.array([asked.currency if one is not None else "" for one in money], pa.string())
    return pa.table(columns)
