"""The contracts: which tables there are, what one row of each is, and what every column means.

A contract makes the engine's tables, checks what connectors bring, gives metrics an unbound expression to build on, and prints the
reference of the data. Three conventions hold everywhere: money is net of VAT in its row's own currency, exact to six decimals; ids
are text or unsigned 64 bit, never signed and never float; `day` is the account's calendar day while instants are UTC.

**Origins.** Where a visit, an order or a rouble came from is a handful of fields *as the source sent them*. They repeat endlessly, so
they are kept once in ORIGINS and facts carry a key. A connector brings them as one struct per attribution model; the warehouse
turns the struct into its key. Channel rules run over the distinct origins only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

if TYPE_CHECKING:
    from ibis.expr.types import Table as Expression

# kind -> (ibis type, Arrow type). "origin" is a struct when it arrives and a key when it is stored.
KINDS: Mapping[str, tuple[str, pa.DataType]] = {
    "text": ("string", pa.string()),
    "id": ("uint64", pa.uint64()),
    "count": ("int64", pa.int64()),
    "tally": ("uint32", pa.uint32()),
    "flag": ("boolean", pa.bool_()),
    "day": ("date", pa.date32()),
    "instant": ("timestamp(6)", pa.timestamp("us")),
    "money": ("decimal(18, 6)", pa.decimal128(18, 6)),
    "number": ("float64", pa.float64()),
    "origin": ("uint64", pa.uint64()),
}


@dataclass(frozen=True)
class Column:
    """One column: its kind (see KINDS), its unit if it has one, what it means, and whether it may be empty (null)."""

    name: str
    kind: str
    meaning: str
    unit: str = ""
    null: bool = False


@dataclass(frozen=True)
class Table:
    """A contract. `grain` names the columns that make a row unique. A `keyed` table has ids of its own: a load replaces
    the rows whose ids it brings. Of the others a load replaces whole days."""

    name: str
    meaning: str
    grain: tuple[str, ...]
    columns: tuple[Column, ...]
    keyed: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def origins(self) -> tuple[str, ...]:
        """Names of the columns that hold a key into ORIGINS."""
        return tuple(column.name for column in self.columns if column.kind == "origin")

    def schema(self) -> ibis.Schema:
        """Shape: the stored columns with their engine types."""
        return ibis.schema({c.name: ibis.dtype(KINDS[c.kind][0], nullable=c.null) for c in self.columns})

    def unbound(self) -> Expression:
        """The table as an expression that belongs to no database yet."""
        return ibis.table(self.schema(), name=self.name)

    def arriving(self) -> pa.Schema:
        """Shape: the columns as a connector brings them, origins as structs of ORIGIN_FIELDS."""
        return pa.schema([pa.field(c.name, ORIGIN_STRUCT if c.kind == "origin" else KINDS[c.kind][1]) for c in self.columns])


# ---------------------------------------------------------------------------------------------------------------- origins

ORIGIN_FIELDS: tuple[Column, ...] = (
    Column("traffic_source", "text", "Metrica's traffic source id: organic, ad, referral…"),
    Column("engine", "text", "Search engine, social network, messenger or recommender, as sent"),
    Column("ad_system", "text", "Advertising system id: ya_direct, google_adwords, vkontakte…"),
    Column("placement", "text", "Where the ad was shown, if sent: search or network"),
    Column("referrer", "text", "Host of the referring site"),
    Column("source", "text", "utm_source or the counter's source, case as sent"),
    Column("medium", "text", "utm_medium or the counter's medium, case as sent"),
    Column("campaign", "text", "utm_campaign or the campaign's name, case as sent"),
    Column("campaign_id", "text", "Campaign number in the ad system"),
    Column("campaign_name", "text", "Campaign name in the ad system"),
    Column("given_channel", "text", "Channel that the source itself has assigned"),
)
ORIGIN_NAMES = tuple(column.name for column in ORIGIN_FIELDS)
ORIGIN_STRUCT = pa.struct([pa.field(name, pa.string()) for name in ORIGIN_NAMES])


@dataclass(frozen=True)
class Attribution:
    """A rule by which a source credits a visit to an origin. `metrica` lists the prefixes that log fields use for it."""

    key: str
    title: str
    metrica: tuple[str, ...] = ()


# Order is preference: the first one that an account has recorded is its default.
# Source: Metrica attribution models as of June 2026 and the older names that logs still carry; GA4 session-scoped source.
ATTRIBUTIONS: tuple[Attribution, ...] = (
    Attribution("automatic", "Automatic", ("automatic",)),
    Attribution("last_significant", "Last significant", ("lastsign", "lastSign")),
    Attribution(
        "cross_device_last_significant",
        "Last significant, cross-device",
        ("cross_device_last_significant", "CROSS_DEVICE_LAST_SIGNIFICANT"),
    ),
    Attribution("session", "Session source (GA4)"),
    Attribution("last", "Last", ("last",)),
    Attribution("first", "First", ("first",)),
    Attribution("cross_device_first", "First, cross-device", ("cross_device_first",)),
    Attribution("cross_device_last", "Last, cross-device", ("cross_device_last",)),
    Attribution("last_direct_click", "Last Direct click", ("last_yandex_direct_click", "lastYandexDirectClick")),
)
ATTRIBUTION_KEYS = tuple(attribution.key for attribution in ATTRIBUTIONS)


def origin_column(attribution: str) -> str:
    """Name of the column that holds the origin credited under this attribution model."""
    return f"origin_{attribution}"


_ORIGINS_BY_MODEL = tuple(
    Column(origin_column(a.key), "origin", f"Where it came from: {a.title.lower()} attribution", null=True) for a in ATTRIBUTIONS
)

# ------------------------------------------------------------------------------------------------------- shared columns

_ACCOUNT = Column("account", "text", "The counter, property or ad account")
_DAY = Column("day", "day", "Day in the account's time zone")
_UNTIL = Column("until", "day", "Last day of the period; equals `day` where the source gives days")
_ATTRIBUTION = Column("attribution", "text", "Attribution model under which the row was credited")
_BREAKDOWN = Column("breakdown", "text", "Which breakdowns this set of rows carries, e.g. `origin,device`")
_CURRENCY = Column("currency", "text", "ISO 4217 code of the row's money")
_PLACE = (
    Column("device", "text", "desktop, phone, tablet or tv; empty where not sent"),
    Column("country", "text", "Country as sent"),
    Column("city", "text", "City as sent"),
    Column("landing", "text", "Host and path of the first page, without query"),
)
_PEOPLE = (Column("age", "text", "Age band as sent"), Column("sex", "text", "Sex as sent"))
_BEHAVIOUR = (
    Column("new_visits", "tally", "Visits that are the visitor's first", "visits", null=True),
    Column("bounces", "tally", "Bounced visits, by the source's own definition", "visits", null=True),
    Column("engaged", "tally", "Engaged visits; for Metrica visits that did not bounce", "visits", null=True),
    Column("page_views", "tally", "Page views", "views", null=True),
    Column("seconds", "tally", "Time on site", "seconds", null=True),
)
# Sums over many visits outgrow 32 bits, so the aggregate tables hold the same columns wider.
_BEHAVIOUR_SUMS = tuple(Column(c.name, "count", c.meaning, c.unit, null=True) for c in _BEHAVIOUR)

# --------------------------------------------------------------------------------------------------------------- facts

VISITS = Table(
    "visits",
    "One row per visit (Metrica) or session (Google Analytics)",
    ("account", "year", "visit"),
    (
        _ACCOUNT,
        _DAY,
        Column("year", "tally", "Year of the day: Metrica's visit ids are unique only within one"),
        Column("visit", "id", "Visit id"),
        Column("visitor", "id", "Visitor: a browser, not a person. Zero when the counter had no cookie"),
        Column("started_at", "instant", "When the visit began, UTC", null=True),
        *_ORIGINS_BY_MODEL,
        *_PLACE,
        Column("os", "text", "Operating system family"),
        Column("browser", "text", "Browser"),
        Column("content", "text", "utm_content under the default attribution"),
        Column("term", "text", "utm_term under the default attribution"),
        Column("visits", "tally", "Always 1, so that visits and daily sums add up alike", "visits"),
        *_BEHAVIOUR,
    ),
    keyed=True,
)

CONVERSIONS = Table(
    "conversions",
    "One row per reach of a goal (Metrica) or key event (Google Analytics)",
    ("account", "year", "visit", "goal", "ordinal"),
    (
        _ACCOUNT,
        _DAY,
        Column("year", "tally", "Year of the visit's day"),
        Column("visit", "id", "The visit in which the goal was reached"),
        Column("visitor", "id", "The visitor"),
        Column("goal", "text", "Goal number or key event name"),
        Column("ordinal", "tally", "Place within the visit's list of reaches, from 1"),
        Column("reached_at", "instant", "When, UTC", null=True),
        *_ORIGINS_BY_MODEL,
        *_PLACE,
        Column("reaches", "tally", "Always 1", "reaches"),
        Column("value", "money", "Value the counter gives to the reach", null=True),
        _CURRENCY,
    ),
    keyed=True,
)

ORDERS = Table(
    "orders",
    "One row per order",
    ("account", "order_id"),
    (
        _ACCOUNT,
        _DAY,
        Column("year", "tally", "Year of the day"),
        Column("order_id", "text", "Order number as the shop or the CRM gives it"),
        Column("visit", "id", "The visit in which it was placed, if known", null=True),
        Column("visitor", "id", "The visitor, if known", null=True),
        Column("customer", "text", "Customer id or hash, if known; else the visitor"),
        Column("placed_at", "instant", "When, UTC", null=True),
        *_ORIGINS_BY_MODEL,
        *_PLACE,
        Column("status", "text", "paid, open, cancelled, spam; empty where not sent"),
        Column("orders", "tally", "1; 0 for a refund that stands in a row of its own", "orders"),
        Column("revenue", "money", "Order value net of VAT unless the account says otherwise"),
        Column("refund", "money", "Refunded part", null=True),
        Column("goods_cost", "money", "Cost of goods", null=True),
        Column("lead_day", "day", "Day on which the customer first asked, where the CRM keeps it: a deal's cycle begins", null=True),
        Column("closed_day", "day", "Day on which it was paid, won or lost, where the CRM keeps it: a deal's cycle ends", null=True),
        Column("term_days", "count", "Days that the payment covers, where it pays for a stretch of time and the file says it", null=True),
        Column("qualified", "tally", "1 where the sales people call the request qualified, 0 where they do not; empty where not sent",
               null=True),
        Column("answer_seconds", "count", "From the request to the first answer, nights and weekends included", "seconds", null=True),
        Column("commission", "money", "What the marketplace keeps of the order, net of VAT", null=True),
        _CURRENCY,
    ),
    keyed=True,
)

TRAFFIC = Table(
    "traffic",
    "One row per day (or indivisible period), origin and breakdown: additive sums only",
    (
        "account",
        "attribution",
        "breakdown",
        "day",
        "until",
        "origin",
        "device",
        "country",
        "city",
        "landing",
        "age",
        "sex",
        "goal",
        "currency",
    ),
    (
        _ACCOUNT,
        _ATTRIBUTION,
        _BREAKDOWN,
        _DAY,
        _UNTIL,
        Column("origin", "origin", "Where the visits came from", null=True),
        *_PLACE,
        *_PEOPLE,
        Column("goal", "text", "Empty for visits; the goal on rows that count reaches"),
        Column("visits", "count", "Visits", "visits", null=True),
        *_BEHAVIOUR_SUMS,
        Column("reaches", "count", "Goal reaches or key events", "reaches", null=True),
        Column("goal_visits", "count", "Visits in which the goal was reached", "visits", null=True),
        Column("orders", "count", "Orders", "orders", null=True),
        Column("revenue", "money", "Order value", null=True),
        _CURRENCY,
    ),
)

AUDIENCE = Table(
    "audience",
    "People at a stated grain: one row per period and breakdown. Never summed",
    ("account", "attribution", "breakdown", "day", "until", "origin", "device", "country", "city", "landing", "age", "sex"),
    (
        _ACCOUNT,
        _ATTRIBUTION,
        _BREAKDOWN,
        _DAY,
        _UNTIL,
        Column("origin", "origin", "Where they came from", null=True),
        *_PLACE,
        *_PEOPLE,
        Column("users", "count", "Distinct visitors in exactly this period and breakdown", "people", null=True),
        Column("new_users", "count", "Visitors seen for the first time", "people", null=True),
        Column("buyers", "count", "Distinct buyers", "people", null=True),
    ),
)

SPEND = Table(
    "spend",
    "One row per day (or indivisible period), ad system and campaign: money and what it bought",
    ("account", "day", "until", "origin", "currency"),
    (
        _ACCOUNT,
        _DAY,
        _UNTIL,
        Column("origin", "origin", "Ad system, campaign and tags of the spend"),
        Column("impressions", "count", "Impressions", "impressions", null=True),
        Column("clicks", "count", "Clicks", "clicks", null=True),
        Column("cost", "money", "Spend net of VAT"),
        Column("vat_rate", "number", "VAT rate of that day, as a share", "share", null=True),
        Column(
            "claimed", "number", "Conversions that the ad system claims for itself; never summed over systems", "conversions", null=True
        ),
        _CURRENCY,
    ),
)

STEPS = Table(
    "steps",
    "A funnel that somebody else counts: one row per day (or indivisible period) and step",
    ("account", "breakdown", "day", "until", "step", "currency"),
    (
        _ACCOUNT,
        Column("breakdown", "text", "The step and what is counted of it, so that a file of one step leaves the others alone"),
        _DAY,
        _UNTIL,
        Column("step", "text", "Step, as the client calls it"),
        Column("reached", "number", "How many reached the step; empty on rows of money", null=True),
        Column("amount", "money", "Money at the step, net of VAT; empty on rows that count", null=True),
        _CURRENCY,
    ),
)

DEMAND = Table(
    "demand",
    "What a market asks for: one row per day (or indivisible period), phrase and region",
    ("account", "breakdown", "day", "until", "phrase", "region"),
    (
        _ACCOUNT,
        Column("breakdown", "text", "The phrase and its region, so that a file of one phrase leaves the others alone"),
        _DAY,
        _UNTIL,
        Column("phrase", "text", "Search phrase, brand or name of the index"),
        Column("region", "text", "Region, as sent"),
        Column("searches", "number", "How often it was searched; empty where the source gives a level", "searches", null=True),
        Column("strength", "number", "Searches; for a level (0 to 100) the level times its days, so that longer periods weigh more"),
        Column("days", "tally", "Days that the row stands for", "days"),
    ),
)

LOADS = Table(
    "loads",
    "The ledger: one row per table, source, account, breakdown and day, also for days with no rows",
    ("account", "table_name", "attribution", "breakdown", "day"),
    (
        _ACCOUNT,
        Column("source", "text", "Connector that brought it"),
        Column("table_name", "text", "Table that was filled"),
        _ATTRIBUTION,
        _BREAKDOWN,
        _DAY,
        Column("period_since", "day", "First day of the indivisible period the day belongs to; equals `day` for daily data"),
        Column("period_until", "day", "Last day of that period"),
        Column("rows", "count", "Rows of that day (of the whole period where it cannot be split)", "rows"),
        Column("origin", "text", "File name and hash, or the request without secrets"),
        Column("loaded_at", "instant", "When it was loaded, UTC"),
        Column("load_id", "text", "The load that brought it"),
        Column(
            "sample_share",
            "number",
            "Share of the data the source looked at; 1 when not sampled, empty when it does not say",
            "share",
            null=True,
        ),
        Column("thresholded", "flag", "The source may have hidden small rows"),
        Column("provisional", "flag", "The source may still change this day"),
    ),
)

ORIGINS = Table(
    "origins",
    "Every distinct place that visits, orders or spend came from, as sent",
    ("origin",),
    (Column("origin", "id", "Key"), *ORIGIN_FIELDS),
)

REJECTED = Table(
    "rejected",
    "Rows of files that could not be read, kept so that nothing is lost without a word",
    ("account", "table_name", "origin", "line"),
    (
        _ACCOUNT,
        Column("table_name", "text", "Table that the file fills"),
        Column("origin", "text", "File name and hash"),
        Column("line", "count", "Line of the file, from 1"),
        Column("text", "text", "The row as it stands in the file, cells that tell who somebody is left out"),
        Column("reason", "text", "Why it could not be read, in English"),
        Column("loaded_at", "instant", "When the file was loaded, UTC"),
        Column("load_id", "text", "The load that brought the file"),
    ),
)

FACTS: tuple[Table, ...] = (VISITS, CONVERSIONS, ORDERS, TRAFFIC, AUDIENCE, SPEND, STEPS, DEMAND)
TABLES: Mapping[str, Table] = {table.name: table for table in (*FACTS, ORIGINS, LOADS, REJECTED)}
ROLLUP = "origin,device"
"""Breakdown of the TRAFFIC rows that the warehouse itself sums from VISITS."""
TAGGED = "tags"
"""The word of a breakdown whose rows are told apart by UTM tags. They may be of tagged visits alone, so they stand apart from the rest."""
ALL_GOALS = "*"
"""The goal of rows that count the reaches of every goal, where a source does not tell them apart."""
DEVICES = ("desktop", "phone", "tablet", "tv")
