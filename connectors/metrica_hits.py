"""Yandex.Metrica Logs API: hits, as TSV in ClickHouse's dialect. Page views, link clicks, downloads and events; not visits.

A visit's source, bounce and length stand in the log of visits alone, so a log of hits never makes VISITS. What it gives honestly: page
views and, where hits carry a visit id (from 10 October 2025), visits counted by it; goal reaches; visitors of days and of the whole period;
orders. Whatever another source has already loaded of reaches or orders on a day is left as it is, so nothing is counted twice.

Source: yandex.com/dev/metrika, Logs API fields of hits, read 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from connectors import Answers, Says, Source, clickhouse, vat
from connectors.clickhouse import item, items, listed, literal, unescaped
from connectors.files import Head, packed
from data.batches import Batch, Note, Scan, Stage
from data.errors import Ask
from data.tables import AUDIENCE, CONVERSIONS, ORDERS, TRAFFIC, Table

PREFIX = "ym:pv:"
_GOALS, _ORDERS = "goalsid", "purchaseid"
_BEGUN = "SELECT visit, min(day) AS day, arg_min(device, moment) AS device FROM staged WHERE visit IS NOT NULL GROUP BY visit"
"""When each visit began, as far as the hits tell."""


def _columns(head: Head) -> dict[str, str]:
    return clickhouse.columns(head, PREFIX)


def recognise(head: Head) -> bool:
    columns = _columns(head)
    return head.kind == "text" and "watchid" in columns and ("date" in columns or "datetime" in columns)


def says(head: Head) -> Says:
    columns = _columns(head)
    counter = head.first(1, head.rows[0].index(columns["counterid"])) if "counterid" in columns else ""
    asks = [] if counter else [Ask("account", "Which counter is this? Its number in Metrica")]
    asks.append(Ask("timezone", "In which time zone does the counter report?"))
    if _sold(columns):
        asks += [vat.ASK, Ask("currency", "In which currency are the orders?")]
    series = ",".join((*clickhouse.header(head), "packed" if packed(head) else ""))
    return Says({"account": counter} if counter else {}, tuple(asks), series)


def _sold(columns: Mapping[str, str]) -> bool:
    return _ORDERS in columns and "purchaserevenue" in columns


def read(heads: Sequence[Head], answers: Answers) -> list[Batch]:
    """All parts as one staged read and scans of it. Raises BadFile when a part was re-saved or is cut off."""
    clickhouse.check_whole(heads)
    dialect = _Dialect(heads, answers)
    origin = " + ".join(head.origin for head in heads)
    stage = Stage(dialect.stage(), tuple(str(head.path) for head in heads), dialect.refuse(), tuple(dialect.tells()))
    batches = [
        Batch(
            table, SOURCE.name, answers["account"], Scan(stage, sql), origin, breakdown=breakdown, whole=breakdown == "period",
            completes=table.keyed,
        )
        for table, breakdown, sql in dialect.scans()
    ]
    return [clickhouse.noted(batches[0], dialect.notes()), *batches[1:]]


class _Dialect(clickhouse.Log):
    """The SQL that reads hits with this header under these answers."""

    def __init__(self, heads: Sequence[Head], answers: Answers) -> None:
        super().__init__(heads[0], PREFIX, answers)
        self.several = len(heads) > 1
        self.tells_visits = "visitid" in self.columns

    def stage(self) -> str:
        """One row per hit. Days of two downloads may overlap, so hits of several files are told apart by their ids."""
        visit = f"nullif(try_cast({self.raw('visitID')} AS UBIGINT), 0)" if self.tells_visits else "NULL::UBIGINT"
        views = f"({self.raw('isPageView')} = '1')::BIGINT" if "ispageview" in self.columns else "NULL::BIGINT"
        columns = {
            "counter": self.raw("counterID"),
            "raw_day": self.raw("date") if "date" in self.columns else self.raw("dateTime"),
            "day": self.day(),
            "raw_watch": self.raw("watchID"),
            "watch": f"try_cast({self.raw('watchID')} AS UBIGINT)",
            "raw_visitor": self.raw("clientID"),
            "visitor": f"try_cast(coalesce(nullif({self.raw('clientID')}, ''), '0') AS UBIGINT)",
            "visit": visit,
            "moment": self.instant("dateTime"),
            "device": self.device(),
            "country": self.text("regionCountry"),
            "city": self.text("regionCity"),
            "page_views": views,
            **{f"raw_{name}": self.raw(name) for name in ("goalsID", "purchaseID", "purchaseRevenue", "purchaseCurrency")},
        }
        selected = ", ".join(f"{value} AS {name}" for name, value in columns.items())
        once = " QUALIFY row_number() OVER (PARTITION BY coalesce(watch::VARCHAR, raw_watch)) = 1" if self.several else ""
        return f"SELECT {selected} FROM {self.source()}{once}"

    def refuse(self) -> tuple[tuple[str, str, str], ...]:
        return self.refused("watch", "The id of a hit is not a whole number: {value}")

    # ---------------------------------------------------------------------------------------------------------- scans

    def scans(self) -> Iterator[tuple[Table, str, str]]:
        """Shape: (table, breakdown, query over the staged hits)."""
        yield TRAFFIC, "device" if "devicecategory" in self.columns else "", self._traffic()
        if "clientid" in self.columns:
            yield AUDIENCE, "", self._people("day", "day")
            yield AUDIENCE, "period", self._people("(SELECT min(day) FROM staged)", "(SELECT max(day) FROM staged)")
        if self._tells_reaches():
            yield CONVERSIONS, "", self._reaches()
        if _sold(self.columns):
            yield ORDERS, "", self._orders()

    def _tells_reaches(self) -> bool:
        """Whether a reach can be told from the same reach in a log of visits: by its visit."""
        return _GOALS in self.columns and self.tells_visits

    def _traffic(self) -> str:
        """Page views on their own day, visits on that of their first hit; goals here only where reaches cannot be told apart."""
        seen = "SELECT day, device, NULL::BIGINT AS visits, page_views FROM staged"
        begun = f"SELECT day, device, 1::BIGINT, NULL::BIGINT FROM ({_BEGUN})"
        visits = "coalesce(sum(visits), 0)" if self.tells_visits else "sum(visits)"
        views = f"""
            SELECT day, device, '' AS goal, {visits}::BIGINT AS visits, sum(page_views)::BIGINT AS page_views, NULL::BIGINT AS reaches
            FROM ({seen}{f' UNION ALL {begun}' if self.tells_visits else ''}) GROUP BY ALL"""
        if _GOALS not in self.columns or self._tells_reaches():
            return views
        return f"""{views} UNION ALL
            SELECT day, device, goal, NULL::BIGINT, NULL::BIGINT, count(*)::BIGINT FROM ({self._goals()}) GROUP BY ALL"""

    def _goals(self) -> str:
        return f"""
            SELECT * FROM (SELECT *, unnest({items('raw_goalsID')}) AS goal FROM staged WHERE raw_goalsID NOT IN ({listed(('[]', ''))}))
            WHERE goal <> ''"""

    def _people(self, since: str, until: str) -> str:
        return f"""
            SELECT {since} AS day, {until} AS until, count(DISTINCT visitor)::BIGINT AS users FROM staged WHERE visitor <> 0 GROUP BY ALL"""

    def _reaches(self) -> str:
        return f"""
            SELECT b.day AS day, year(b.day)::UINTEGER AS year, visit, g.visitor, goal, g.device, g.country, g.city,
                   (row_number() OVER (PARTITION BY visit ORDER BY moment, watch, goal))::UINTEGER AS ordinal, moment AS reached_at,
                   1::UINTEGER AS reaches
            FROM ({self._goals()}) g JOIN ({_BEGUN}) b USING (visit)"""

    def _orders(self) -> str:
        """NB: on the day of the visit, where it is known: there the log of visits has the same order."""
        stated = self.answers.get("currency", "").upper()
        money = f"coalesce(nullif({item('raw_purchaseCurrency', 'n')}, ''), {literal(stated)})"
        revenue = vat.net_sql(f"try_cast({item('raw_purchaseRevenue', 'n')} AS DECIMAL(18,6))", "o.day", self.answers.get("vat", "net"))
        return f"""
            SELECT coalesce(b.day, o.day) AS day, year(coalesce(b.day, o.day))::UINTEGER AS year, visit, visitor,
                   visitor::VARCHAR AS customer, o.device, country, city, {unescaped("item")} AS order_id, moment AS placed_at,
                   1::UINTEGER AS orders, coalesce({revenue}, 0)::DECIMAL(18,6) AS revenue, {money} AS currency
            FROM (SELECT *, unnest({items("raw_purchaseID")}) AS item, generate_subscripts({items("raw_purchaseID")}, 1) AS n
                  FROM staged WHERE raw_purchaseID NOT IN ({listed(("[]", ""))})) o LEFT JOIN ({_BEGUN}) b USING (visit)
            WHERE item NOT IN ('', '0')"""

    # ---------------------------------------------------------------------------------------------------------- notes

    def tells(self) -> Iterator[tuple[str, str]]:
        """What is counted when the log has been read. Shape: (expression over the staged hits, what to say of the count)."""
        if _sold(self.columns):
            nameless = f"sum(len(list_filter({items('raw_purchaseID')}, lambda one: one IN ('', '0'))))"
            said = "Orders without a number are not loaded, because the same order could not be told from another one: {count}."
            yield f"{nameless} FILTER (WHERE raw_purchaseID NOT IN ({listed(('[]', ''))}))", said

    def notes(self) -> Iterator[Note]:
        """What a log of hits cannot give, and how to get it."""
        yield Note(
            "hits", "A log of hits holds no sources, bounces and time on site. Load the log of visits as well to see channels.",
        )
        if not self.tells_visits:
            yield Note(
                "hits", "The hits carry no visit id, so visits cannot be counted. Add the field {field} to the order.",
                {"field": f"{PREFIX}visitID"},
            )
        if "ispageview" not in self.columns:
            yield Note(
                "hits", "The file does not tell page views from other hits; page views are not loaded. Add the field {field} to the order.",
                {"field": f"{PREFIX}isPageView"},
            )
        if "ecommerce" in self.columns and not _sold(self.columns):
            yield Note(
                "hits", "Orders are not loaded: add the fields {fields} to the order of the log.",
                {"fields": f"{PREFIX}purchaseID, {PREFIX}purchaseRevenue, {PREFIX}purchaseCurrency"},
            )


SOURCE = Source(
    name="metrica_hits",
    title="Yandex.Metrica, Logs API: hits",
    fills=(TRAFFIC, AUDIENCE, CONVERSIONS, ORDERS),
    export="a Yandex.Metrica Logs API download of hits (TSV): page views, goals and orders beside the log of visits",
    recognise=recognise,
    says=says,
    read=read,
)
