"""Yandex.Metrica Logs API: visits, as TSV in ClickHouse's dialect, in any number of parts.

The file is never parsed in Python: this module writes the query that reads it. Traps it knows: each part repeats the header; nothing is
quoted, so a quote is data; ids run beyond 2^63; arrays come in two escapes in one file; goal arrays are not always parallel;
one visit may stand on several rows (one per watch id); several attribution models may stand side by side.

Source: yandex.com/dev/metrika, Logs API fields of visits, read 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from connectors import Answers, Says, Source, clickhouse, vat
from connectors.clickhouse import header, item, items, listed, unescaped
from connectors.files import Head, packed
from data.batches import Batch, Scan, Stage
from data.errors import Ask
from data.tables import ATTRIBUTIONS, CONVERSIONS, ORDERS, VISITS, origin_column

PREFIX = "ym:s:"
GOAL_PRICE_SCALE = 1
"""What goalsPrice has to be divided by. Metrica scales by 1000 inside; downloads seem to carry plain units, unproven on a live counter."""

_MODELS = {spelling.lower(): a.key for a in ATTRIBUTIONS for spelling in a.metrica}
_MODEL = re.compile(r"^ym:s:(?P<model>\w+?)(?P<field>TrafficSource)$")
_NOTHING = ("", "0", "ya_undefined", "undefined")


def _columns(head: Head) -> dict[str, str]:
    return clickhouse.columns(head, PREFIX)


def _models(head: Head) -> list[tuple[str, str]]:
    """Attribution models in the file. Shape: (our key, prefix as written), preferred first."""
    found = {}
    for name in _columns(head).values():
        match = _MODEL.match(name)
        if match and match["model"].lower() in _MODELS:
            found[_MODELS[match["model"].lower()]] = match["model"]
    return [(a.key, found[a.key]) for a in ATTRIBUTIONS if a.key in found]


def recognise(head: Head) -> bool:
    columns = _columns(head)
    return head.kind == "text" and "visitid" in columns and ("date" in columns or "datetime" in columns)


def says(head: Head) -> Says:
    columns = _columns(head)
    first = dict(zip(columns, (head.first(1, head.rows[0].index(name)) for name in columns.values()), strict=True))
    facts, asks = {}, []
    if first.get("counterid"):
        facts["account"] = first["counterid"]
    else:
        asks.append(Ask("account", "Which counter is this? Its number in Metrica"))
    if not _models(head):
        asks.append(Ask("attribution", "By which attribution model are the sources given?", tuple(dict.fromkeys(_MODELS.values()))))
    asks.append(Ask("timezone", "In which time zone does the counter report?"))
    if _holds_money(head, columns):
        asks += [vat.ASK, Ask("currency", "In which currency are the orders?")]
    return Says(facts, tuple(asks), series=",".join((*header(head), "packed" if packed(head) else "")))


def _holds_money(head: Head, columns: Mapping[str, str]) -> bool:
    return "purchaserevenue" in columns


def read(heads: Sequence[Head], answers: Answers) -> list[Batch]:
    """All parts as one staged read and up to three scans of it: visits, goal reaches, orders."""
    clickhouse.check_whole(heads)
    dialect = _Dialect(heads[0], answers)
    origin = " + ".join(head.origin for head in heads)
    stage = Stage(dialect.stage(), tuple(str(head.path) for head in heads), dialect.refuse())
    batch = Batch(VISITS, SOURCE.name, answers["account"], Scan(stage, dialect.visits()), origin, attribution=dialect.attribution)
    batches = [batch]
    if "goalsid" in dialect.columns:
        batches.append(
            Batch(CONVERSIONS, SOURCE.name, answers["account"], Scan(stage, dialect.goals()), origin, attribution=dialect.attribution)
        )
    if "purchaseid" in dialect.columns and "purchaserevenue" in dialect.columns:
        batches.append(
            Batch(ORDERS, SOURCE.name, answers["account"], Scan(stage, dialect.orders()), origin, attribution=dialect.attribution)
        )
    return batches


class _Dialect(clickhouse.Log):
    """The SQL that reads visits with this header under these answers."""

    def __init__(self, head: Head, answers: Answers) -> None:
        super().__init__(head, PREFIX, answers)
        self.models = _models(head) or [(answers["attribution"], "")]
        self.attribution = ",".join(key for key, _ in self.models)

    # ------------------------------------------------------------------------------------------------------ columns

    def credited(self, prefix: str, name: str) -> str:
        """A source field under one model; tags had no prefix before 2021."""
        own = self.raw(f"{prefix}{name}")
        return own if own != "''" else self.raw(name)

    def origin(self, prefix: str) -> str:
        """The struct of ORIGIN_FIELDS under one attribution model."""

        def first(*names: str) -> str:
            filled = [f"nullif(trim({self.credited(prefix, n)}, '[,]'), '')" for n in names if self.credited(prefix, n) != "''"]
            return f"coalesce({', '.join(filled)}, '')" if filled else "''"

        def known(name: str) -> str:
            column = self.credited(prefix, name)
            return column if column == "''" else f"CASE WHEN {column} IN ({listed(_NOTHING)}) THEN '' ELSE {unescaped(column)} END"

        placement = self.credited(prefix, "DirectPlatformType")
        fields = {
            "traffic_source": self.credited(prefix, "TrafficSource"),
            "engine": first("SearchEngineRoot", "SocialNetwork", "Messenger", "RecommendationSystem"),
            "ad_system": known("AdvEngine"),
            "placement": f"CASE lower({placement}) WHEN 'search' THEN 'search' WHEN 'context' THEN 'network' ELSE '' END",
            "referrer": f"CASE WHEN {self.credited(prefix, 'TrafficSource')} IN ('referral', 'undefined', '') "
            f"THEN lower({self.credited(prefix, 'ReferalSource')}) ELSE '' END",
            "source": known("UTMSource"),
            "medium": known("UTMMedium"),
            "campaign": known("UTMCampaign"),
            "campaign_id": known("DirectClickOrder"),
            "campaign_name": known("DirectClickOrderName"),
            "given_channel": "''",
        }
        return "{" + ", ".join(f"{name}: {value}" for name, value in fields.items()) + "}"

    # -------------------------------------------------------------------------------------------------------- reads

    def stage(self) -> str:
        day = self.day()
        url = self.text("startURL")
        prefix = self.models[0][1]
        bounce = self.raw("bounce")
        columns = {
            "counter": self.raw("counterID"),
            "raw_visit": self.raw("visitID"),
            "raw_day": self.raw("date") if "date" in self.columns else self.raw("dateTime"),
            "day": day,
            "year": f"year({day})::UINTEGER",
            "visit": f"try_cast({self.raw('visitID')} AS UBIGINT)",
            "raw_visitor": self.raw("clientID"),
            "visitor": f"try_cast(coalesce(nullif({self.raw('clientID')}, ''), '0') AS UBIGINT)",
            "started_at": self.instant("dateTime"),
            **{origin_column(key): self.origin(written) for key, written in self.models},
            "device": self.device(),
            "country": self.text("regionCountry"),
            "city": self.text("regionCity"),
            "landing": f"rtrim(split_part(split_part(split_part({url}, '?', 1), '#', 1), '://', 2), '/')",
            "os": self.raw("operatingSystemRoot"),
            "browser": self.raw("browser"),
            "content": unescaped(self.credited(prefix, "UTMContent")),
            "term": unescaped(self.credited(prefix, "UTMTerm")),
            "new_visits": f"({self.raw('isNewUser')} = '1')::UINTEGER" if "isnewuser" in self.columns else "NULL::UINTEGER",
            "bounces": f"({bounce} = '1')::UINTEGER" if "bounce" in self.columns else "NULL::UINTEGER",
            "engaged": f"({bounce} <> '1')::UINTEGER" if "bounce" in self.columns else "NULL::UINTEGER",
            "page_views": f"try_cast({self.raw('pageViews')} AS UINTEGER)",
            "seconds": f"try_cast({self.raw('visitDuration')} AS UINTEGER)",
            **{f"raw_{name}": self.raw(name) for name in self._arrays()},
        }
        selected = ", ".join(f"{value} AS {name}" for name, value in columns.items())
        return f"SELECT {selected} FROM {self.source()}"

    def _arrays(self) -> list[str]:
        wanted = (
            "goalsID",
            "goalsDateTime",
            "goalsPrice",
            "goalsCurrency",
            "purchaseID",
            "purchaseDateTime",
            "purchaseRevenue",
            "purchaseCurrency",
        )
        return [name for name in wanted if name.lower() in self.columns]

    def refuse(self) -> tuple[tuple[str, str, str], ...]:
        return self.refused("visit", "A visit id is not a whole number: {value}")

    def visits(self) -> str:
        same = (
            "day",
            "year",
            "visit",
            "visitor",
            "started_at",
            "device",
            "country",
            "city",
            "landing",
            "os",
            "browser",
            "content",
            "term",
            "new_visits",
            "bounces",
            "engaged",
            "page_views",
            "seconds",
        )
        return f"SELECT {', '.join((*same, *self._origin_columns()))}, 1::UINTEGER AS visits FROM staged"

    def _origin_columns(self) -> list[str]:
        return [origin_column(key) for key, _ in self.models]

    def _carried(self) -> str:
        """What a goal reach or an order takes over from its visit."""
        return ", ".join(("day", "year", "visit", "visitor", "device", "country", "city", "landing", *self._origin_columns()))

    def goals(self) -> str:
        """NB: arrays are zipped by the length of goalsID: `goalsID=[]` beside a currency of one empty text is real."""
        price = (
            f"try_cast({item('raw_goalsPrice', 'ordinal')} AS DECIMAL(18,6)) / {GOAL_PRICE_SCALE}"
            if "goalsprice" in self.columns
            else "NULL"
        )
        currency = f"coalesce({item('raw_goalsCurrency', 'ordinal')}, '')" if "goalscurrency" in self.columns else "''"
        at = item("raw_goalsDateTime", "ordinal") if "goalsdatetime" in self.columns else "NULL"
        return f"""
            SELECT {self._carried()}, goal, ordinal::UINTEGER AS ordinal, {_moscow(at)} AS reached_at, 1::UINTEGER AS reaches,
                   nullif({price}, 0) AS value, {currency} AS currency
            FROM (SELECT *, unnest({items("raw_goalsID")}) AS goal, generate_subscripts({items("raw_goalsID")}, 1) AS ordinal
                  FROM staged WHERE raw_goalsID NOT IN ('[]', ''))
            WHERE goal <> ''"""

    def orders(self) -> str:
        revenue = vat.net_sql(f"try_cast({item('raw_purchaseRevenue', 'n')} AS DECIMAL(18,6))", "day", self.answers.get("vat", "net"))
        stated = self.answers.get("currency", "").upper()
        currency = (
            f"coalesce(nullif({item('raw_purchaseCurrency', 'n')}, ''), '{stated}')"
            if "purchasecurrency" in self.columns
            else f"'{stated}'"
        )
        at = item("raw_purchaseDateTime", "n") if "purchasedatetime" in self.columns else "NULL"
        return f"""
            SELECT {self._carried()}, CASE WHEN purchase IN ('', '0') THEN 'visit ' || visit || ' no ' || n ELSE purchase END AS order_id,
                   visitor::VARCHAR AS customer, {_moscow(at)} AS placed_at, 1::UINTEGER AS orders,
                   coalesce({revenue}, 0)::DECIMAL(18,6) AS revenue, {currency} AS currency
            FROM (SELECT *, unnest({items("raw_purchaseID")}) AS purchase, generate_subscripts({items("raw_purchaseID")}, 1) AS n
                  FROM staged WHERE raw_purchaseID NOT IN ('[]', ''))"""


def _moscow(text: str) -> str:
    """NB: Metrica documents the times inside goal and purchase arrays as UTC+3, whatever the counter's zone."""
    return f"(try_cast({text} AS TIMESTAMP) - INTERVAL 3 HOUR)"


SOURCE = Source(
    name="metrica_logs",
    title="Yandex.Metrica, Logs API: visits",
    fills=(VISITS, CONVERSIONS, ORDERS),
    export="a Yandex.Metrica Logs API download of visits (TSV)",
    recognise=recognise,
    says=says,
    read=read,
)
