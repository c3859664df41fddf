"""What was spent on Google Ads, as the property knows it: a report of its own, because cost does not go with most other fields.

Days with campaigns are set beside the total that is asked for without either. Where they do not agree, or Google refuses the day as a
breakdown of cost, each day is asked for by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pyarrow as pa

from connectors import spend
from connectors.ga4_api_reports import Report, Table, fetch
from connectors.ga4_api_service import Incompatible
from connectors.ga4_api_traffic import Asked, date_of
from connectors.live import Order
from connectors.spend import Spent
from data.batches import Batch, Note
from data.tables import SPEND

COST = "advertiserAdCost"
_METRICS = (COST, "advertiserAdClicks", "advertiserAdImpressions")
_CAMPAIGN = ("sessionGoogleAdsCampaignName", "sessionGoogleAdsCampaignId")
_NEEDED = frozenset(("date", COST, _CAMPAIGN[0]))
_NO_CAMPAIGN = ("(not set)", "")
_SIX, _CENT = Decimal("0.000001"), Decimal("0.01")
Row = tuple[date, Sequence[str], Sequence[Decimal]]


def costs(asked: Asked, order: Order) -> Iterator[Sequence[Batch]]:
    """One batch of SPEND."""
    asked = replace(asked, of=replace(asked.of, web=order.web))
    total = fetch(asked.of, Report(_METRICS, (), ((order.since, order.until),), frozenset((COST,))))
    notes: list[Note] = []
    table, rows = _by_days(asked, order)
    if table is None or not _agrees(rows, total):
        text = "Google Analytics gives another cost by days ({summed}) than in total ({total}); each day was asked for by itself."
        if table is not None:
            notes.append(Note("totals", text, {"summed": _sum(rows), "total": round(float(total.total(COST)), 2)}))
        table, rows = _day_by_day(asked, order)
    if not _agrees(rows, total):
        text = "{metric}: the rows add up to {summed}, Google Analytics' own total is {total}. The rows are loaded."
        notes.append(Note("totals", text, {"metric": COST, "summed": _sum(rows), "total": round(float(total.total(COST)), 2)}))
    yield _batches(asked, order, table, rows, [*notes, *table.notes()])


def _by_days(asked: Asked, order: Order) -> tuple[Table | None, list[Row]]:
    try:
        table = fetch(asked.of, Report(_METRICS, ("date", *_CAMPAIGN), ((order.since, order.until),), _NEEDED))
    except Incompatible:
        return None, []
    return table, [(date_of(key[0], asked.of.id), key[1:], row) for key, row in table.rows.items()]


def _day_by_day(asked: Asked, order: Order) -> tuple[Table, list[Row]]:
    rows: list[Row] = []
    table = Table(Report(_METRICS, _CAMPAIGN, ((order.since, order.until),)))
    for place in range((order.until - order.since).days + 1):
        day = order.since + timedelta(days=place)
        table = fetch(asked.of, Report(_METRICS, _CAMPAIGN, ((day, day),), _NEEDED))
        rows += [(day, key, row) for key, row in table.rows.items()]
    return table, rows


def _agrees(rows: Sequence[Row], total: Table) -> bool:
    """Within a cent for each row: the service rounds money."""
    return abs(sum((row[2][0] for row in rows), Decimal(0)) - total.total(COST)) <= _CENT * max(1, len(rows))


def _sum(rows: Sequence[Row]) -> float:
    return round(float(sum((row[2][0] for row in rows), Decimal(0))), 2)


def _batches(asked: Asked, order: Order, table: Table, rows: Sequence[Row], notes: Sequence[Note]) -> list[Batch]:
    covered, money = (order.since, order.until), table.currency or asked.currency
    names = tuple(name for name in table.report.dimensions if name != "date")
    spent = [_spent(day, dict(zip(names, key, strict=True)), row, table, money) for day, key, row in rows if any(row)]
    if not spent:
        return [Batch(SPEND, "ga4_api", asked.of.id, _nothing(), table.origin, *covered, notes=tuple(notes))]
    return spend.batches(spent, "ga4_api", asked.of.id, table.origin, "net", notes, covered)


def _spent(day: date, said: dict[str, str], row: Sequence[Decimal], table: Table, money: str) -> Spent:
    name, number = (said.get(one, "") for one in _CAMPAIGN)
    fields = {key: value for key, value in (("campaign_name", name), ("campaign_id", number)) if value not in _NO_CAMPAIGN}
    cost, clicks, impressions = (table.figure(row, metric) for metric in _METRICS)
    figures: dict[str, Decimal | None] = {"cost": cost.quantize(_SIX), "clicks": clicks, "impressions": impressions}
    return Spent(day, day, spend.origin(traffic_source="ad", ad_system="google_adwords", **fields), money, figures)


def _nothing() -> pa.Table:
    return pa.table({"day": pa.array([], pa.date32()), "cost": pa.array([], pa.decimal128(18, 6)), "currency": pa.array([], pa.string())})
