"""Visits as the Logs API gives them: ClickHouse's TabSeparatedWithNames, one file per calendar year.

No quoting at all; a tab, a line feed or a backslash in a value is escaped, and so is an apostrophe. Numeric arrays are
plain, arrays of dates and currencies come with escaped apostrophes, arrays of texts with plain ones: all as seen in
real downloads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import numpy as np

from data.demo.arrays import Ints, Random
from data.demo.book import Book
from data.demo.clients import COUNTRIES, CURRENCY
from data.demo.clock import Clock
from data.demo.people import DEVICES
from data.demo.plan import Plan, Source

Columns = dict[str, np.ndarray[tuple[int], np.dtype[np.generic]]]

_ESCAPES = str.maketrans(
    {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\\0", "\b": "\\b", "\f": "\\f", "'": "\\'"}
)
MODELS = (("lastsign", "last"), ("first", "first"))

_SOURCE_FIELDS = {
    "TrafficSource": "traffic", "AdvEngine": "ad_system", "ReferalSource": "host", "SearchEngineRoot": "engine_root",
    "SearchEngine": "engine", "SocialNetwork": "network", "Messenger": "messenger",
    "RecommendationSystem": "recommender", "DirectClickOrder": "campaign_id",
    "DirectBannerGroup": "group_id", "DirectClickOrderName": "campaign_name",
    "DirectPlatformType": "platform", "UTMSource": "utm_source", "UTMMedium": "utm_medium",
    "UTMCampaign": "utm_campaign", "UTMContent": "utm_content", "UTMTerm": "utm_term",
}
_SECOND = "make_timestamp({} * 1000000)::VARCHAR"
_MOSCOW = 3 * 3600
"""NB: the field called UTC is UTC+3, as its documentation says; so are the times of goals and purchases."""


def escape(value: str) -> str:
    """A text as ClickHouse writes it into a tab-separated file."""
    return value.translate(_ESCAPES)


def write_visits(folder: Path, plan: Plan, clock: Clock, book: Book, random: Random) -> tuple[Path, ...]:
    """Write the visits of one client; the files, oldest first."""
    connection = duckdb.connect()
    connection.register("visits_in", _visits(plan, clock, book))
    connection.execute("CREATE TABLE visits AS SELECT * FROM visits_in")
    _register(connection, "sources", _texts(plan, book.sources))
    _register(
        connection, "devices",
        {name: [str(d[place]) for d in DEVICES] for place, name in enumerate(("kind", "os", "browser"))},
    )
    _register(connection, "cities", {
        "city": [escape(city) for city in plan.cities],
        "country": [COUNTRIES.get(city, "Russia") for city in plan.cities],
    })
    _register(connection, "lines", {"path": [line.path for line in plan.lines]})
    _register(connection, "acts", {"thanks": [plan.thanks.get(act, "") for act in plan.acts]})
    connection.register("reaches", _reaches(plan, book))
    connection.register("orders", _orders(plan, book, random))
    connection.execute(_lists(plan.order_prefix))
    columns = ", ".join(f'{sql} AS "ym:s:{name}"' for name, sql in _columns(plan).items())
    files = []
    for year in np.unique(clock.days[clock.shown :].astype("datetime64[Y]")):
        file = folder / f"logs_visits_{plan.counter}_{year}.tsv"
        place = file.as_posix().replace("'", "''")
        connection.execute(
            f"COPY (SELECT {columns} {_FROM} WHERE v.year = {int(str(year))} ORDER BY v.n) TO '{place}' "
            "(FORMAT csv, HEADER, DELIMITER '\t', QUOTE '', ESCAPE '')"
        )
        files.append(file)
    connection.close()
    return tuple(files)


def _register(connection: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, Sequence[str]]) -> None:
    """A small table of texts with its place `n` in front."""
    length = len(next(iter(columns.values())))
    table: Columns = {"n": np.arange(length)}
    table.update({key: np.array(values, dtype=object) for key, values in columns.items()})
    connection.register(f"{name}_in", table)
    connection.execute(f"CREATE TABLE {name} AS SELECT * FROM {name}_in")


def _visits(plan: Plan, clock: Clock, book: Book) -> Columns:
    years = clock.days[clock.shown :].astype("datetime64[Y]").astype(np.int64) + 1970
    return {
        "n": np.arange(len(book.day)), "year": years[book.day], "visit": book.visit, "visitor": book.visitor,
        "local": book.visits.at, "utc3": book.visits.at - plan.utc_hours * 3600 + _MOSCOW,
        "new": book.new.astype(np.int64), "pages": book.pages, "seconds": book.seconds,
        "bounce": book.visits.bounce.astype(np.int64),
        "own": book.own, "last": book.last, "first": book.first, "city": book.city, "device": book.device,
        "line": book.visits.line, "act": book.visits.act, "home": book.home,
    }


def _texts(plan: Plan, sources: Sequence[Source]) -> dict[str, list[str]]:
    """Shape: one place per source, every text already escaped; `query` is what the landing page's address carries."""
    plain = (
        "traffic", "ad_system", "host", "engine_root", "engine", "network", "messenger", "recommender", "campaign_id",
        "group_id", "campaign_name", "platform", "referer",
    )
    found = {name: [escape(str(getattr(source, name))) for source in sources] for name in plain}
    for place, name in enumerate(("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")):
        found[name] = [escape(source.utm[place]) for source in sources]
    found["query"] = [escape(query(source)) for source in sources]
    return found


def query(source: Source) -> str:
    """The tags of a source as the end of an address. Spaces are %20; letters stay as Metrica shows them."""
    names = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
    tags = [f"{name}={value.replace(' ', '%20')}" for name, value in zip(names, source.utm, strict=True) if value]
    if source.campaign_id:
        tags.append("yclid=")
    return "?" + "&".join(tags) if tags else ""


def _reaches(plan: Plan, book: Book) -> Columns:
    """Shape: one place per goal reach, several a visit: the visit's `n`, goal, order within the visit, second (UTC+3),
    price."""
    parts: list[tuple[Ints, Ints, Ints, Ints]] = []
    keys = [line.key for line in plan.lines]
    for place, goal in enumerate(plan.goals):
        reached = np.isin(book.visits.act, [plan.act(act) for act in goal.acts])
        if goal.line:
            reached &= book.visits.line == keys.index(goal.line)
        n = np.flatnonzero(reached)
        price = book.visits.value[n].astype(np.int64) if goal.money else np.zeros(len(n), dtype=np.int64)
        # The goal nearest to the money comes last in the visit, so the list runs from the end of the plan's.
        rank = np.full(len(n), len(plan.goals) - place)
        parts.append((n, np.full(len(n), int(goal.id)), rank, price))
    n, goal_id, rank, price = (np.concatenate([part[place] for part in parts]) for place in range(4))
    share = rank / (len(plan.goals) + 1)
    at = book.visits.at[n] - plan.utc_hours * 3600 + _MOSCOW + (book.seconds[n] * share).astype(np.int64)
    return {"n": n, "goal": goal_id, "rank": rank, "reached": at, "price": price}


def _orders(plan: Plan, book: Book, random: Random) -> Columns:
    """Shape: one place per order; now and then a visit has two. Empty where the client sells nothing on the site."""
    paying = {plan.act(act) for goal in plan.goals if goal.money for act in goal.acts}
    n = np.flatnonzero(np.isin(book.visits.act, list(paying))) if plan.order_prefix else np.zeros(0, dtype=np.int64)
    value = book.visits.value[n]
    twice = np.flatnonzero(random.random(len(n)) < (0.004 if plan.model == "shop" else 0.0))
    n = np.concatenate([n, n[twice]])
    value = np.concatenate([value, np.maximum(np.round(value[twice] * 0.4, -1), 190.0)])
    order = np.argsort(n, kind="stable")
    n, value = n[order], value[order]
    number = 20_001 + np.arange(len(n)) * 3 + random.integers(0, 3, len(n))
    things = 1 + random.poisson(np.clip(value / 1_900, 0, 12)) * int(plan.model == "shop")
    at = book.visits.at[n] - plan.utc_hours * 3600 + _MOSCOW + book.seconds[n]
    return {"n": n, "number": number, "value": value, "things": things, "reached": at}


def _columns(plan: Plan) -> dict[str, str]:
    """Field name without its prefix -> SQL over the joined tables."""
    site = f"'https://{plan.domain}'"
    path = "CASE WHEN v.home THEN '/' ELSE l.path END"
    tags = "CASE WHEN own.query LIKE '%yclid=' THEN own.query || v.visit ELSE own.query END"
    end = (
        f"CASE WHEN a.thanks <> '' THEN a.thanks WHEN v.pages = 1 THEN {path} || {tags} "
        "ELSE l.path || 'page-' || (v.visit % 40) || '/' END"
    )
    second_watch = "CASE WHEN v.pages > 1 THEN ',' || (v.visit + 1) ELSE '' END"
    columns = {
        "visitID": "v.visit", "counterID": f"'{plan.counter}'", "watchIDs": f"'[' || v.visit || {second_watch} || ']'",
        "date": "make_timestamp(v.local * 1000000)::DATE",
        "dateTime": _SECOND.format("v.local"), "dateTimeUTC": _SECOND.format("v.utc3"),
        "clientID": "v.visitor", "isNewUser": "v.new",
        "startURL": f"{site} || {path} || {tags}",
        "endURL": f"{site} || {end}",
        "pageViews": "v.pages", "visitDuration": "v.seconds", "bounce": "v.bounce",
        "regionCountry": "CASE WHEN c.city = '' THEN '' ELSE c.country END", "regionCity": "c.city",
        "deviceCategory": "d.kind", "operatingSystemRoot": "d.os", "browser": "d.browser", "referer": "own.referer",
        "goalsID": "coalesce(g.ids, '[]')", "goalsSerialNumber": "coalesce(g.serials, '[]')",
        "goalsDateTime": "coalesce(g.times, '[]')",
        "goalsPrice": "coalesce(g.prices, '[]')", "goalsOrder": "coalesce(g.orders, '[]')",
        # NB: real logs give most visits without goals a currency all the same.
        "goalsCurrency": "coalesce(g.currencies, CASE WHEN v.visit % 10 < 9 THEN '[\\''\\'']' ELSE '[]' END)",
    }
    for prefix, table in MODELS:
        columns |= {f"{prefix}{field}": f"{table}.{name}" for field, name in _SOURCE_FIELDS.items()}
    if plan.order_prefix:
        columns |= {
            "purchaseID": "coalesce(o.numbers, '[]')", "purchaseDateTime": "coalesce(o.times, '[]')",
            "purchaseRevenue": "coalesce(o.revenues, '[]')", "purchaseCurrency": "coalesce(o.currencies, '[]')",
            "purchaseProductQuantity": "coalesce(o.things, '[]')",
        }
    return columns


def _lists(prefix: str) -> str:
    """The statements that gather orders and goal reaches into one row per visit, written as arrays."""

    def plain(sql: str, order: str) -> str:
        return f"'[' || string_agg({sql}, ',' ORDER BY {order}) || ']'"

    def quoted(sql: str, order: str, mark: str = "\\''") -> str:
        return plain(f"'{mark}' || {sql} || '{mark}'", order)

    when = _SECOND.format("reached")
    return f"""
        CREATE TABLE order_lists AS SELECT n,
            {plain("value::BIGINT", "number")} AS revenues, {plain("things", "number")} AS things,
            {quoted(f"'{prefix}' || number", "number", "''")} AS numbers, {quoted(when, "number")} AS times,
            {quoted(f"'{CURRENCY}'", "number")} AS currencies, '{prefix}' || min(number) AS first_number
        FROM orders GROUP BY n;
        CREATE TABLE goal_lists AS SELECT n, {plain("goal", "rank")} AS ids, {plain("1", "rank")} AS serials,
            {quoted(when, "rank")} AS times, {plain("price", "rank")} AS prices,
            {quoted("CASE WHEN price > 0 THEN coalesce(first_number, '') ELSE '' END", "rank", "''")} AS orders,
            {quoted(f"CASE WHEN price > 0 THEN '{CURRENCY}' ELSE '' END", "rank")} AS currencies
        FROM reaches LEFT JOIN order_lists USING (n) GROUP BY n;
    """


_FROM = """
    FROM visits v
    JOIN sources own ON own.n = v.own JOIN sources last ON last.n = v.last JOIN sources first ON first.n = v.first
    JOIN devices d ON d.n = v.device JOIN cities c ON c.n = v.city
    JOIN lines l ON l.n = v.line JOIN acts a ON a.n = v.act
    LEFT JOIN goal_lists g ON g.n = v.n LEFT JOIN order_lists o ON o.n = v.n
"""
