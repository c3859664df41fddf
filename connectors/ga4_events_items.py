"""Google Analytics 4: items of purchases from BigQuery, flattened into a CSV with a row per item.

Only orders can be had from it: no sessions, no sources. An order is a device and an instant, or its transaction id where the query kept it.
Rows that repeat are two pieces of one thing, not a fault: the revenue is that of the whole property only with both.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from connectors import Answers, Says, Source, vat
from connectors import ga4_events_forms as forms
from connectors.files import Head, packed
from connectors.ga4_events_forms import Flat
from data import clock
from data.batches import Batch, Scan, Stage
from data.engine import quoted
from data.errors import Ask
from data.tables import ORDERS

_NEEDED = {"user_pseudo_id", "event_date", "event_timestamp", "quantity"}


def recognise(head: Head) -> bool:
    flat = Flat(head)
    sold = flat.place("item_revenue", "item_revenue_in_usd", "price", "price_in_usd")
    return head.kind == "text" and set(flat.header) >= _NEEDED and bool(sold) and not flat.place("event_name", "ga_session_id")


def says(head: Head) -> Says:
    flat = Flat(head)
    asks = [
        Ask("account", "Which property is this? Its number in Google Analytics"),
        Ask("timezone", "In which time zone does the property report?"), vat.ASK,
    ]
    facts = {} if _own_money(flat) else {"currency": "USD"}
    if _own_money(flat) and not flat.place("currency"):
        asks.append(Ask("currency", "In which currency are the orders?"))
    return Says(facts, tuple(asks), series=f"{head.delimiter} {','.join(flat.header)} {packed(head)}")


def _own_money(flat: Flat) -> bool:
    return bool(flat.place("item_revenue", "price"))


def read(heads: Sequence[Head], answers: Answers) -> list[Batch]:
    """All parts as one staged read: one row per order."""
    flat = Flat(heads[0])
    currency, basis = answers.get("currency", "").upper(), answers["vat"]
    today = clock.today()
    vat.net(Decimal(0), today, today, basis, currency or "RUB")
    stage = Stage(_orders(flat, currency), tuple(str(head.path) for head in heads), (
        ("day IS NULL", "A date is not a date: {value}", "raw_day"),
        ("micros IS NULL", "The date or the time of an event cannot be read: {value}", "raw_at"),
    ))
    net = vat.net_sql("amount", "day", basis)
    sql = (
        "SELECT day, order_id, visitor, visitor::VARCHAR AS customer, make_timestamp(micros) AS placed_at, country, city, device, "
        f"1::UINTEGER AS orders, ({net})::DECIMAL(18,6) AS revenue, currency FROM staged"
    )
    return [Batch(ORDERS, SOURCE.name, answers["account"], Scan(stage, sql), " + ".join(head.origin for head in heads))]


def _orders(flat: Flat, currency: str) -> str:
    raw_day, raw_at, number = flat.field("event_date"), flat.field("event_timestamp"), flat.field("ecommerce.transaction_id")
    revenue, price = (("item_revenue", "price") if _own_money(flat) else ("item_revenue_in_usd", "price_in_usd"))
    pieces = f"{forms.amount(flat.field(price))} * try_cast({flat.field('quantity')} AS BIGINT)"
    line = f"coalesce({forms.amount(flat.field(revenue))}, {pieces}, 0)"
    said = f"coalesce(upper({flat.param('currency')}), {quoted(currency)})"
    items = (
        f"SELECT {raw_day} AS raw_day, {raw_at} AS raw_at, {forms.day(raw_day)} AS day, "
        f"{forms.micros(raw_at)} AS micros, "
        f"{flat.field('user_pseudo_id')} AS device_id, {forms.order_number(number)} AS number, {line} AS line, {said} AS currency, "
        f"coalesce({flat.field('geo.country')}, '') AS country, coalesce({flat.field('geo.city')}, '') AS city, "
        f"{forms.device(flat.field('device.category'))} AS device FROM ({flat.relation})"
    )
    return (
        f"SELECT coalesce(number, coalesce(device_id || ' ', '') || micros) AS order_id, min(day) AS day, min(raw_day) AS raw_day, "
        f"min(raw_at) AS raw_at, min(micros) AS micros, md5_number_lower(min(device_id)) AS visitor, sum(line)::DECIMAL(18,6) AS amount, "
        f"min(currency) AS currency, min(country) AS country, min(city) AS city, min(device) AS device FROM ({items}) "
        f"GROUP BY number, device_id, micros"
    )


SOURCE = Source(
    name="ga4_events_items",
    title="Google Analytics 4, items of purchases from BigQuery",
    fills=(ORDERS,),
    export="items of purchases of Google Analytics 4 from BigQuery, flattened into a CSV with a row per item",
    recognise=recognise,
    says=says,
    read=read,
)
