"""Universal Analytics sessions as a flat table: BigQuery's `ga_sessions_*` of Analytics 360 with a row per session, or a table that a
query has made of them.

Traps it knows: money is in millionths; a visitor's id outgrows a signed 64 bit and is text; `visitId` is unique only within a visitor, and
a session that crosses midnight is two rows with one id; bounces, first visits and revenue are empty and not 0; records may be JSON.

Source: Analytics help, BigQuery Export schema of Universal Analytics.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from connectors import Answers, Says, Source, vat
from connectors import ga4_events_forms as forms
from connectors.files import Head, packed
from connectors.ga4_events_forms import Flat
from data import clock
from data.batches import Batch, Scan, Stage
from data.engine import quoted
from data.errors import Ask, BadFile
from data.tables import ORDERS, ORIGIN_NAMES, VISITS

_EXPORT = {"fullvisitorid", "visitid", "date"}
_TABLE = {"session_id", "client_id", "visit_date", "visit_number"}
_NOT_SENT = ("not available in demo dataset", "(not provided)", "unknown.unknown")
_MILLIONTHS = 1_000_000
_LOST = "'^[0-9]+([.,][0-9]+)?[eE][+]?[0-9]+$'"
ATTRIBUTION = "session"


def recognise(head: Head) -> bool:
    named = set(Flat(head).header)
    return head.kind == "text" and (named >= _EXPORT or named >= _TABLE)


def says(head: Head) -> Says:
    """Raises BadFile for rows of hits: a session stands on many of them."""
    layout = _layout(head, "UTC")
    if Flat(head).place("hit_number", "hits_hitnumber"):
        raise BadFile(
            "A row of the file is a hit and not a session.", "{name}", "Take a row per session: without UNNEST(hits).", name=head.name
        )
    asks = [
        Ask("account", "Which view is this? Its name in Universal Analytics"), Ask("timezone", "In which time zone does the view report?"),
    ]
    if layout.revenue != "NULL":
        asks += [vat.ASK, Ask("currency", "In which currency is the revenue?")]
    return Says({}, tuple(asks), series=f"{head.delimiter} {','.join(Flat(head).header)} {packed(head)}")


def read(heads: Sequence[Head], answers: Answers) -> list[Batch]:
    """All parts as one staged read: a row per session, and an order where it has revenue."""
    layout = _layout(heads[0], answers["timezone"])
    stage = Stage(_staged(layout, heads[0]), tuple(str(head.path) for head in heads), (
        ("day IS NULL", "A date is not a date: {value}", "raw_day"),
        (f"coalesce(regexp_matches(raw_visitor, {_LOST}), true)", "A visitor's id is missing or has lost digits: {value}", "raw_visitor"),
        ("raw_visit IS NULL", "A session has no id: {value}", "raw_visitor"),
    ), tells=(
        ("count(*) FILTER (transactions > 1)", "Sessions with several transactions, each loaded as one order with their sum: {count}"),
    ))
    origin = " + ".join(head.origin for head in heads)
    batches = [Batch(VISITS, SOURCE.name, answers["account"], Scan(stage, _VISITS_SQL), origin, attribution=ATTRIBUTION)]
    if layout.revenue != "NULL":
        batches.append(Batch(ORDERS, SOURCE.name, answers["account"], Scan(stage, _orders(answers)), origin, attribution=ATTRIBUTION))
    return batches


@dataclass(frozen=True)
class _Layout:
    """Where a flat table keeps what a session is: expressions of the engine, `NULL` where it does not."""

    day: str
    visitor: str
    visit: str
    started_at: str
    first: str
    bounces: str
    page_views: str
    seconds: str
    revenue: str
    transactions: str
    source: str
    medium: str
    campaign: str
    content: str
    term: str
    given_channel: str
    device: str
    os: str
    browser: str
    country: str
    city: str


def _layout(head: Head, zone: str) -> _Layout:
    flat = Flat(head)
    return _of_export(flat) if set(flat.header) >= _EXPORT else _of_table(flat, zone)


def _of_export(flat: Flat) -> _Layout:
    def field(path: str) -> str:
        """The field from a column of its own, or out of a record that stands as JSON."""
        record, _, name = path.partition(".")
        own = flat.place(path.lower().replace(".", "_"))
        whole = flat.place(record.lower()) if name else ""
        if own or not whole:
            return f"nullif(trim({own}), '')" if own else "NULL"
        return f"nullif(trim(json_extract_string({whole}, {quoted('$.' + name)})), '')"

    def counted(path: str) -> str:
        """NB: empty is zero where the export has the field: it leaves out what did not happen."""
        return "NULL" if field(path) == "NULL" else f"coalesce(try_cast({field(path)} AS UINTEGER), 0)"

    money = [field(f"totals.{name}") for name in ("transactionRevenue", "totalTransactionRevenue")]
    sold = next((one for one in money if one != "NULL"), "NULL")
    return _Layout(
        day=forms.day(field("date")), visitor=field("fullVisitorId"), visit=f"{field('visitId')} || '.' || {field('date')}",
        started_at=f"to_timestamp(try_cast({field('visitStartTime')} AS BIGINT))",
        first=counted("totals.newVisits"), bounces=counted("totals.bounces"), page_views=counted("totals.pageviews"),
        seconds=counted("totals.timeOnSite"),
        revenue="NULL" if sold == "NULL" else f"(try_cast({sold} AS HUGEINT)::DECIMAL(38,6) / {_MILLIONTHS})",
        transactions=counted("totals.transactions"),
        source=field("trafficSource.source"), medium=field("trafficSource.medium"), campaign=field("trafficSource.campaign"),
        content=field("trafficSource.adContent"), term=field("trafficSource.keyword"), given_channel=field("channelGrouping"),
        device=field("device.deviceCategory"), os=field("device.operatingSystem"), browser=field("device.browser"),
        country=field("geoNetwork.country"), city=field("geoNetwork.city"),
    )


def _of_table(flat: Flat, zone: str) -> _Layout:
    def column(name: str) -> str:
        place = flat.place(name)
        return f"nullif(trim({place}), '')" if place else "NULL"

    return _Layout(
        day=forms.day(column("visit_date")), visitor=column("client_id"), visit=column("session_id"),
        started_at=f"timezone({quoted(zone)}, try_cast({column('visit_date')} || ' ' || {column('visit_time')} AS TIMESTAMP))",
        first=f"(try_cast({column('visit_number')} AS BIGINT) = 1)::UINTEGER", bounces="NULL", page_views="NULL", seconds="NULL",
        revenue="NULL", transactions="NULL", source=column("utm_source"), medium=column("utm_medium"), campaign=column("utm_campaign"),
        content=column("utm_adcontent"), term=column("utm_keyword"), given_channel="NULL", device=column("device_category"),
        os=column("device_os"), browser=column("device_browser"), country=column("geo_country"), city=column("geo_city"),
    )


def _staged(layout: _Layout, head: Head) -> str:
    origin = {name: _text(getattr(layout, name)) for name in ("source", "medium", "campaign", "given_channel")}
    fields = ", ".join(f"{name}: {origin.get(name, quoted(''))}" for name in ORIGIN_NAMES)
    columns = {
        "raw_day": f"({layout.day})::VARCHAR", "day": layout.day, "year": f"year({layout.day})::UINTEGER",
        "raw_visitor": layout.visitor, "raw_visit": layout.visit,
        "visit": f"md5_number_lower({layout.visitor} || '.' || {layout.visit})", "visitor": f"md5_number_lower({layout.visitor})",
        "started_at": f"make_timestamp(epoch_us({layout.started_at}))", "origin_session": f"{{{fields}}}",
        "device": forms.device(layout.device), "landing": "''",
        **{name: _text(getattr(layout, name)) for name in ("country", "city", "os", "browser", "content", "term")},
        "new_visits": f"{layout.first}::UINTEGER", "bounces": f"{layout.bounces}::UINTEGER",
        "page_views": f"{layout.page_views}::UINTEGER", "seconds": f"{layout.seconds}::UINTEGER",
        "revenue": f"{layout.revenue}::DECIMAL(18,6)", "transactions": f"{layout.transactions}::UINTEGER",
    }
    return f"SELECT {', '.join(f'{value} AS {name}' for name, value in columns.items())} FROM ({Flat(head).relation})"


def _text(value: str) -> str:
    """NB: a demo set fills what it hides with a sentence, which is no city."""
    return f"CASE WHEN {value} IN ({', '.join(map(quoted, _NOT_SENT))}) THEN '' ELSE coalesce({value}, '') END"


_VISITS_SQL = (
    "SELECT day, year, visit, visitor, started_at, origin_session, device, country, city, landing, os, browser, content, term, "
    "1::UINTEGER AS visits, new_visits, bounces, page_views, seconds FROM staged"
)


def _orders(answers: Answers) -> str:
    """The revenue of a session as one order: the table names no transactions."""
    today = clock.today()
    vat.net(Decimal(0), today, today, answers["vat"], answers["currency"].upper())
    net = vat.net_sql("revenue", "day", answers["vat"])
    return (
        f"SELECT day, year, 'session ' || raw_visitor || ' ' || raw_visit AS order_id, visit, visitor, visitor::VARCHAR AS customer, "
        f"started_at AS placed_at, origin_session, device, country, city, landing, 1::UINTEGER AS orders, "
        f"({net})::DECIMAL(18,6) AS revenue, {quoted(answers['currency'].upper())} AS currency "
        "FROM staged WHERE revenue IS NOT NULL AND revenue <> 0"
    )


SOURCE = Source(
    name="ua_sessions",
    title="Universal Analytics, table of sessions",
    fills=(VISITS, ORDERS),
    export="sessions of Universal Analytics (ga_sessions_* of BigQuery) flattened into a CSV with a row per session",
    recognise=recognise,
    says=says,
    read=read,
)
