"""From GA4 events to sessions, key events and orders: one query over the files, every step of which the engine can spill to disk.

A session is a device and its `ga_session_id`; it belongs to the day of its first event. What happens after midnight keeps its own day and
hangs on an id of its own, so that days loaded one by one and days loaded together give the same key events and orders. A
session that the files know only from midnight on belongs to the day before them: it is no visit of theirs.

Shape of the staged rows: one per session (`head`), key event (`goal`) and purchase (`order_id`), a row may be several of these; one per
day of events without a session (`loose`); one per event that cannot be placed (`fault`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from connectors import ga4_events_forms as forms
from connectors import vat
from connectors.ga4_events_forms import Form, Named
from connectors.ga4_events_origin import evidence, first_origin, of_session, origin, picked
from data.engine import quoted

_ID = "md5_number_lower"
"""NB: an id must be the same in every release of the engine; its own hash need not be."""
_CARRIED = ("origin_session", "origin_first", "device", "country", "city", "landing")
_LONGEST = 2 * 86_400
"""Seconds that a session may last before its id is taken for a number that means nothing."""
_BLOCK = 64
"""Bytes in a block of SHA-256."""
_PHONE = r"^\+?[0-9() -]{10,20}$"


@dataclass(frozen=True)
class Reading:
    """What a person has said about the events."""

    timezone: str
    goals: Sequence[str]
    currency: str
    vat: str
    salt: str = field(default="", repr=False)


def staged(form: Form, reading: Reading) -> str:
    """The query that reads the files and ends in the staged rows."""
    named = Named(form)
    said = _columns(_event(named, reading))
    return f"""
        WITH said AS (SELECT {said} FROM ({named.relation})),
        events AS MATERIALIZED (SELECT DISTINCT * FROM said),
        bounds AS (SELECT min(day) AS first_day FROM events),
        refunds AS (SELECT order_id, sum(refund) AS refund, bool_or(refund IS NULL) AS in_full FROM events
                    WHERE name = 'refund' AND order_id IS NOT NULL GROUP BY order_id),
        told AS (SELECT {_columns(_told())} FROM events WHERE fault IS NULL AND device_id IS NOT NULL AND session IS NOT NULL
                 WINDOW whole AS (PARTITION BY device_id, session ORDER BY micros, place, same
                                  ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)),
        kept AS (SELECT * FROM told WHERE nth = 1 OR goal IS NOT NULL OR name = 'purchase'),
        placed AS (SELECT *, {picked()} AS picked, {_carried_over(reading)} AS carried_over FROM kept, bounds)
        SELECT {_columns(_session_row())} FROM placed LEFT JOIN refunds USING (order_id)
        UNION ALL BY NAME
        SELECT {_columns(_loose_sale())} FROM events LEFT JOIN refunds USING (order_id)
        WHERE fault IS NULL AND (device_id IS NULL OR session IS NULL) AND name = 'purchase'
        UNION ALL BY NAME
        SELECT day, count(*) FILTER (device_id IS NULL)::UBIGINT AS loose_devices,
               count(*) FILTER (device_id IS NOT NULL)::UBIGINT AS loose_sessions, count(goal)::UBIGINT AS loose_goals
        FROM events WHERE fault IS NULL AND (device_id IS NULL OR session IS NULL) GROUP BY day
        UNION ALL BY NAME
        SELECT (SELECT first_day FROM bounds) AS day, count(*)::UBIGINT AS loose_refunds FROM refunds
        WHERE order_id NOT IN (SELECT order_id FROM events WHERE name = 'purchase' AND order_id IS NOT NULL) HAVING count(*) > 0
        UNION ALL BY NAME
        SELECT (SELECT first_day FROM bounds) AS day, fault FROM events WHERE fault IS NOT NULL"""


def _columns(named: dict[str, str]) -> str:
    return ", ".join(f"{expression} AS {name}" for name, expression in named.items())


# ------------------------------------------------------------------------------------------------------------------ events


def _event(form: Form, reading: Reading) -> dict[str, str]:
    """What is kept of an event."""
    raw_day, raw_at = f"coalesce({form.field('event_date')}, {form.field('event_date_dt')})", form.field("event_timestamp")
    day, micros = forms.day(raw_day), forms.micros(raw_at)
    name, page = form.field("event_name"), form.param("page_location")
    order = ", ".join(map(forms.order_number, (form.field("ecommerce.transaction_id"), form.param("transaction_id"))))
    goals = ", ".join(map(quoted, reading.goals))
    return {
        "day": day, "micros": micros, "name": name,
        "fault": f"CASE WHEN {day} IS NULL THEN coalesce({raw_day}, '') WHEN {micros} IS NULL THEN coalesce({raw_at}, '') END",
        "device_id": f"coalesce({form.field('user_pseudo_id')}, {form.field('client_id')})",
        "session": form.param("ga_session_id"),
        "place": f"coalesce(try_cast({form.field('batch_ordering_id')} AS BIGINT), 0) * 1000 "
        f"+ coalesce(try_cast({form.field('batch_event_index')} AS BIGINT), 0)",
        # NB: events sent together share their time; what tells them apart is everything they say.
        "same": f"hash({name}, {form.params}, {form.items}, {form.field('batch_page_id')})",
        "number": f"try_cast({form.param('ga_session_number')} AS BIGINT)",
        "engaged": f"lower({form.param('session_engaged')}) IN ('1', 'true')",
        "msec": f"try_cast({form.param('engagement_time_msec')} AS BIGINT)",
        "viewed": f"coalesce({name} IN ('page_view', 'screen_view'), false)",
        "landing": f"nullif(rtrim(split_part(split_part(split_part({page}, '?', 1), '#', 1), '://', 2), '/'), '')",
        "device": forms.device(form.field("device.category")),
        "os": f"coalesce({form.field('device.operating_system')}, '')",
        "browser": f"coalesce({form.field('device.web_info.browser')}, {form.field('device.browser')}, '')",
        "country": f"coalesce({form.field('geo.country')}, '')", "city": f"coalesce({form.field('geo.city')}, '')",
        "goal": f"CASE WHEN {name} IN ({goals}) THEN {name} END" if goals else "NULL::VARCHAR",
        "customer": _customer(form.field("user_id"), reading.salt),
        "order_id": f"CASE WHEN {name} IN ('purchase', 'refund') THEN coalesce({order}) END",
        **_money(form, reading),
        **evidence(form),
    }


def _customer(text: str, salt: str) -> str:
    """The shop's own id; an e-mail or a telephone that serves as one is hashed, and to the same hash as in orders of a CRM."""
    digits = f"regexp_replace({text}, '[^0-9]', '', 'g')"
    russian = f"CASE WHEN length({digits}) = 11 AND {digits}[1] = '8' THEN '7' || {digits}[2:] ELSE {digits} END"
    return (
        f"CASE WHEN contains({text}, '@') THEN {_hashed(f'lower({text})', salt)} "
        f"WHEN regexp_matches({text}, '{_PHONE}') THEN {_hashed(russian, salt)} ELSE {text} END"
    )


def _hashed(text: str, salt: str) -> str:
    """HMAC-SHA-256 as `buyers.hashed` makes it, out of what the engine has."""
    block = salt.encode() if len(salt.encode()) <= _BLOCK else hashlib.sha256(salt.encode()).digest()
    inner, outer = (bytes(byte ^ pad for byte in block.ljust(_BLOCK, b"\0")).hex() for pad in (0x36, 0x5C))
    return f"left(sha256(unhex('{outer}') || unhex(sha256(unhex('{inner}') || encode({text})))), 16)"


def _money(form: Form, reading: Reading) -> dict[str, str]:
    """Amounts as sent, and the currency that they are in: the event's own, that which was said, or dollars where only these stand."""
    value = forms.amount(form.param("value"))
    own = f"coalesce({forms.amount(form.field('ecommerce.purchase_revenue'))}, {value}, {_of_items(form.items)})"
    dollars = forms.amount(form.field("ecommerce.purchase_revenue_in_usd"))
    refund = f"coalesce({forms.amount(form.field('ecommerce.refund_value'))}, {value})"
    said = f"coalesce(upper({form.param('currency')}), {quoted(reading.currency)})"
    return {
        "amount": f"coalesce({own}, {dollars})",
        "refund": f"coalesce({refund}, {forms.amount(form.field('ecommerce.refund_value_in_usd'))})",
        "currency": f"CASE WHEN {own} IS NULL AND {dollars} IS NOT NULL THEN 'USD' ELSE {said} END",
    }


def _of_items(items: str) -> str:
    if items == "NULL":
        return "NULL::DECIMAL(18,6)"
    line = f"coalesce({forms.amount('i.item_revenue')}, {forms.amount('i.price')} * coalesce(try_cast(i.quantity AS BIGINT), 1))"
    return f"CASE WHEN len({items}) > 0 THEN list_sum(list_transform({items}, lambda i: {line}))::DECIMAL(18,6) END"


# ---------------------------------------------------------------------------------------------------------------- sessions


def _told() -> dict[str, str]:
    """An event beside what its whole session says."""
    own = ("day", "micros", "name", "device_id", "session", "device", "os", "browser", "country", "city", "goal", "order_id", "amount",
           "refund", "currency")
    return {
        **{name: name for name in own},
        "nth": "row_number() OVER whole",
        "began": "first_value(day) OVER whole", "began_at": "first_value(micros) OVER whole",
        "opened": "bool_or(name IN ('session_start', 'first_visit')) OVER whole",
        "number": "max(number) OVER whole", "engaged": "bool_or(engaged) OVER whole",
        "msec": "sum(msec) OVER whole", "views": "count(*) FILTER (viewed) OVER whole",
        "customer": "coalesce(customer, first_value(customer IGNORE NULLS) OVER whole)",
        "landing": "first_value(landing IGNORE NULLS) OVER whole",
        **{name: f"first_value({value} IGNORE NULLS) OVER whole" for name, value in of_session().items()},
    }


def _session_row() -> dict[str, str]:
    """NB: what follows midnight hangs on an id of its own: a day that is loaded again must not take the next day's orders with it."""
    visit = f"{_ID}(device_id || '.' || session || CASE WHEN day = began AND NOT carried_over THEN '' ELSE '.' || day END)"
    return {
        "day": "day", "year": "year(day)::UINTEGER",
        "visit": visit,
        "visitor": f"{_ID}(device_id)",
        "head": "nth = 1 AND NOT carried_over", "from_before": "nth = 1 AND carried_over", "instant": "make_timestamp(micros)",
        "origin_session": origin(), "origin_first": first_origin(),
        "device": "device", "os": "os", "browser": "browser", "country": "country", "city": "city", "landing": "coalesce(landing, '')",
        "content": "picked.content", "term": "picked.term",
        "new_visits": "(number = 1)::UINTEGER", "engaged": "coalesce(engaged, false)::UINTEGER",
        "page_views": "views::UINTEGER", "seconds": "(coalesce(msec, 0) // 1000)::UINTEGER",
        "goal": "goal", **_sale("device_id || ' ' || micros"),
    }


def _carried_over(reading: Reading) -> str:
    """Whether the session began before the first day of the files: its beginning is not in them, and its id, which in most properties is
    the second in which it began, lies before that day."""
    second = "try_cast(session AS BIGINT)"
    day = f"timezone({quoted(reading.timezone)}, to_timestamp({second}))::DATE"
    near = f"{second} BETWEEN began_at // 1000000 - {_LONGEST} AND began_at // 1000000"
    return f"coalesce(began = first_day AND NOT opened AND CASE WHEN {near} THEN {day} < began END, false)"


def _loose_sale() -> dict[str, str]:
    """A purchase without consent is an order all the same; nobody knows whose, nor from where."""
    return {
        "day": "day", "year": "year(day)::UINTEGER", "visitor": f"{_ID}(device_id)", "instant": "make_timestamp(micros)",
        "device": "device", "country": "country", "city": "city", "landing": "''", **_sale("coalesce(device_id || ' ', '') || micros"),
    }


def _sale(nameless: str) -> dict[str, str]:
    number = f"coalesce(order_id, {nameless})"
    return {
        "order_id": f"CASE WHEN name = 'purchase' THEN {number} END",
        "customer": f"CASE WHEN name = 'purchase' THEN coalesce(customer, {_ID}(device_id)::VARCHAR, 'order ' || {number}) END",
        "amount": "amount", "currency": "currency",
        "refunded": "CASE WHEN refunds.in_full THEN amount ELSE refunds.refund END",
    }


# ------------------------------------------------------------------------------------------------------------------- scans

VISITS_SQL = (
    "SELECT day, year, visit, visitor, instant AS started_at, origin_session, origin_first, device, country, city, landing, os, browser, "
    "content, term, 1::UINTEGER AS visits, new_visits, 1 - engaged AS bounces, engaged, page_views, seconds FROM staged WHERE head"
)


def conversions_sql(reading: Reading) -> str:
    return (
        f"SELECT day, year, visit, visitor, goal, row_number() OVER (PARTITION BY visit ORDER BY instant, goal)::UINTEGER AS ordinal, "
        f"instant AS reached_at, {', '.join(_CARRIED)}, 1::UINTEGER AS reaches, {vat.net_sql('amount', 'day', reading.vat)} AS value, "
        f"CASE WHEN amount IS NULL THEN '' ELSE currency END AS currency FROM staged WHERE goal IS NOT NULL AND visit IS NOT NULL"
    )


def orders_sql(reading: Reading) -> str:
    """The first of several purchases with one number counts: a page of thanks is often opened again."""
    revenue, refund = (vat.net_sql(name, "day", reading.vat) for name in ("coalesce(amount, 0)", "refunded"))
    return (
        f"SELECT day, year, order_id, visit, visitor, customer, instant AS placed_at, {', '.join(_CARRIED)}, 1::UINTEGER AS orders, "
        f"({revenue})::DECIMAL(18,6) AS revenue, ({refund})::DECIMAL(18,6) AS refund, currency FROM staged WHERE order_id IS NOT NULL"
    )
