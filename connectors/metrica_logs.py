"""Yandex.Metrica Logs API: visits, as TSV in ClickHouse's dialect, in any number of parts.

The file is never parsed in Python: this module writes the query that reads it. Traps it knows: each part repeats the header; nothing is
quoted, so a quote is data; ids run beyond 2^63; arrays come in two escapes in one file; goal arrays are not always parallel;
one visit may stand on several rows (one per watch id); several attribution models may stand side by side.

Source: yandex.com/dev/metrika, Logs API fields of visits, read 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from connectors import Answers, Says, Source, vat
from connectors.files import Head, cut_off, packed
from data.errors import Ask, BadFile
from data.tables import ATTRIBUTIONS, CONVERSIONS, ORDERS, VISITS, Batch, Scan, Stage, origin_column

PREFIX = "ym:s:"
GOAL_PRICE_SCALE = 1
"""What goalsPrice has to be divided by. Metrica scales by 1000 inside; downloads seem to carry plain units, unproven on a live counter."""

_MODELS = {spelling.lower(): a.key for a in ATTRIBUTIONS for spelling in a.metrica}
_MODEL = re.compile(r"^ym:s:(?P<model>\w+?)(?P<field>TrafficSource)$")
_DEVICES = {"1": "desktop", "2": "phone", "3": "tablet", "4": "tv"}
_HELD = "chr(57344)"
"""A private character that stands for an escaped backslash while the other escapes are undone."""
_ESCAPES = (
    (r"\t", "chr(9)"),
    (r"\n", "chr(10)"),
    (r"\r", "chr(13)"),
    (r"\b", "chr(8)"),
    (r"\f", "chr(12)"),
    (r"\''", "chr(39)"),
    (r"\0", "''"),
)
_NOTHING = ("", "0", "ya_undefined", "undefined")


def _header(head: Head) -> list[str]:
    return [str(cell).strip() for cell in head.rows[0]] if head.rows else []


def _columns(head: Head) -> dict[str, str]:
    """Shape: lower-case name without prefix -> name as written, for the columns of visits."""
    return {name[len(PREFIX) :].lower(): name for name in _header(head) if name.startswith(PREFIX)}


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
    return Says(facts, tuple(asks), series=",".join((*_header(head), "packed" if packed(head) else "")))


def _holds_money(head: Head, columns: Mapping[str, str]) -> bool:
    return "purchaserevenue" in columns


def read(heads: Sequence[Head], answers: Answers) -> list[Batch]:
    """All parts as one staged read and up to three scans of it: visits, goal reaches, orders."""
    for head in heads:
        if not head.encoding.startswith("utf-8"):
            raise BadFile(
                "Logs are in UTF-8 and this file is in {encoding}: it was saved by another program.",
                "{name}",
                "Download the part again and load it as it is.",
                encoding=head.encoding,
                name=head.name,
            )
        if cut_off(head):
            raise BadFile(
                "The last line is cut off: logs end with a line break and this file does not.",
                "{name}",
                "Download the part again. If you know that it is whole, add a line break at its end.",
                name=head.name,
            )
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


class _Dialect:
    """The SQL that reads files with this header under these answers."""

    def __init__(self, head: Head, answers: Answers) -> None:
        self.header = _header(head)
        self.columns = _columns(head)
        self.packed = packed(head)
        self.answers = answers
        self.models = _models(head) or [(answers["attribution"], "")]
        self.attribution = ",".join(key for key, _ in self.models)

    # ------------------------------------------------------------------------------------------------------ columns

    def raw(self, name: str) -> str:
        """The column as text, or an empty text where the file has none."""
        written = self.columns.get(name.lower())
        return f"""coalesce("{written}", '')""" if written else "''"

    def text(self, name: str) -> str:
        """The column as free text, ClickHouse escapes undone."""
        raw = self.raw(name)
        return raw if raw == "''" else _unescaped(raw)

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
            return column if column == "''" else f"CASE WHEN {column} IN ({_listed(_NOTHING)}) THEN '' ELSE {_unescaped(column)} END"

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
        zone = self.answers["timezone"].replace("'", "''")
        day = f"try_cast({self.raw('date')} AS DATE)" if "date" in self.columns else f"try_cast(left({self.raw('dateTime')}, 10) AS DATE)"
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
            "started_at": f"make_timestamp(epoch_us(timezone('{zone}', try_cast({self.raw('dateTime')} AS TIMESTAMP))))",
            **{origin_column(key): self.origin(written) for key, written in self.models},
            "device": "CASE "
            + self.raw("deviceCategory")
            + "".join(f" WHEN '{k}' THEN '{v}'" for k, v in _DEVICES.items())
            + " ELSE '' END",
            "country": self.text("regionCountry"),
            "city": self.text("regionCity"),
            "landing": f"rtrim(split_part(split_part(split_part({url}, '?', 1), '#', 1), '://', 2), '/')",
            "os": self.raw("operatingSystemRoot"),
            "browser": self.raw("browser"),
            "content": _unescaped(self.credited(prefix, "UTMContent")),
            "term": _unescaped(self.credited(prefix, "UTMTerm")),
            "new_visits": f"({self.raw('isNewUser')} = '1')::UINTEGER" if "isnewuser" in self.columns else "NULL::UINTEGER",
            "bounces": f"({bounce} = '1')::UINTEGER" if "bounce" in self.columns else "NULL::UINTEGER",
            "engaged": f"({bounce} <> '1')::UINTEGER" if "bounce" in self.columns else "NULL::UINTEGER",
            "page_views": f"try_cast({self.raw('pageViews')} AS UINTEGER)",
            "seconds": f"try_cast({self.raw('visitDuration')} AS UINTEGER)",
            **{f"raw_{name}": self.raw(name) for name in self._arrays()},
        }
        selected = ", ".join(f"{value} AS {name}" for name, value in columns.items())
        # NB: nothing is sniffed. The engine's sniffer would try `#` as the mark of a comment and gives up on a file with one bad line.
        types = ", ".join(f"{_literal(name)}: 'VARCHAR'" for name in self.header)
        return (
            f"SELECT {selected} FROM read_csv($files, auto_detect=false, columns={{{types}}}, header=true, delim='\t', quote='', "
            f"escape='', comment='', nullstr='\\N', encoding='utf-8', compression='{'gzip' if self.packed else 'none'}')"
        )

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
        account = self.answers["account"].replace("'", "''")
        rules = [
            # NB: a cast takes `1.8E+19` too, which is what a spreadsheet makes of an id: what was read must be what stands there.
            ("visit IS NULL OR visit::VARCHAR <> raw_visit", "A visit id is not a whole number: {value}", "raw_visit"),
            (
                "visitor IS NULL OR (raw_visitor <> '' AND visitor::VARCHAR <> raw_visitor)",
                "A client id is not a whole number: {value}",
                "raw_visitor",
            ),
            ("day IS NULL", "A date is not a date: {value}", "raw_day"),
        ]
        if "counterid" in self.columns:
            rules.append((f"counter <> '{account}'", "The file mixes counters: {value} stands beside the first one", "counter"))
        return tuple(rules)

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
            f"try_cast({_item('raw_goalsPrice', 'ordinal')} AS DECIMAL(18,6)) / {GOAL_PRICE_SCALE}"
            if "goalsprice" in self.columns
            else "NULL"
        )
        currency = f"coalesce({_item('raw_goalsCurrency', 'ordinal')}, '')" if "goalscurrency" in self.columns else "''"
        at = _item("raw_goalsDateTime", "ordinal") if "goalsdatetime" in self.columns else "NULL"
        return f"""
            SELECT {self._carried()}, goal, ordinal::UINTEGER AS ordinal, {_moscow(at)} AS reached_at, 1::UINTEGER AS reaches,
                   nullif({price}, 0) AS value, {currency} AS currency
            FROM (SELECT *, unnest({_items("raw_goalsID")}) AS goal, generate_subscripts({_items("raw_goalsID")}, 1) AS ordinal
                  FROM staged WHERE raw_goalsID NOT IN ('[]', ''))
            WHERE goal <> ''"""

    def orders(self) -> str:
        revenue = vat.net_sql(f"try_cast({_item('raw_purchaseRevenue', 'n')} AS DECIMAL(18,6))", "day", self.answers.get("vat", "net"))
        stated = self.answers.get("currency", "").upper()
        currency = (
            f"coalesce(nullif({_item('raw_purchaseCurrency', 'n')}, ''), '{stated}')"
            if "purchasecurrency" in self.columns
            else f"'{stated}'"
        )
        at = _item("raw_purchaseDateTime", "n") if "purchasedatetime" in self.columns else "NULL"
        return f"""
            SELECT {self._carried()}, CASE WHEN purchase IN ('', '0') THEN 'visit ' || visit || ' no ' || n ELSE purchase END AS order_id,
                   visitor::VARCHAR AS customer, {_moscow(at)} AS placed_at, 1::UINTEGER AS orders,
                   coalesce({revenue}, 0)::DECIMAL(18,6) AS revenue, {currency} AS currency
            FROM (SELECT *, unnest({_items("raw_purchaseID")}) AS purchase, generate_subscripts({_items("raw_purchaseID")}, 1) AS n
                  FROM staged WHERE raw_purchaseID NOT IN ('[]', ''))"""


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _listed(words: Sequence[str]) -> str:
    return ", ".join(map(_literal, words))


def _unescaped(raw: str) -> str:
    r"""Undo `\t \n \r \' \\`; the backslash goes through a placeholder so that `\\t` stays a backslash and a t."""
    if raw == "''":
        return raw
    undone = f"replace({raw}, '\\\\', {_HELD})"
    for escaped, plain in _ESCAPES:
        undone = f"replace({undone}, '{escaped}', {plain})"
    undone = f"replace({undone}, {_HELD}, '\\')"
    return f"CASE WHEN contains({raw}, '\\') THEN {undone} ELSE {raw} END"


def _items(array: str) -> str:
    r"""An array literal as a list of texts. Quoted items come as `\'a\'` or `'a'` and may hold commas; numbers come bare."""
    quoted = f"regexp_extract_all(replace({array}, '\\''', ''''), '''((?:[^''\\\\]|\\\\.)*)''', 1)"
    bare = f"string_split(trim({array}, '[]'), ',')"
    return f"(CASE WHEN contains({array}, '''') THEN {quoted} ELSE {bare} END)"


def _item(array: str, index: str) -> str:
    return f"{_items(array)}[{index}]"


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
