"""Google Analytics 4: the BigQuery export of events (`events_*`), as JSON, as Parquet, or flattened into a CSV with a row per event.

Sessions become VISITS, chosen events CONVERSIONS, purchases ORDERS. The files are never parsed in Python: forms, evidence of where a
session came from and sessions themselves are one query (`ga4_events_forms`, `ga4_events_origin`, `ga4_events_sessions`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from connectors import Answers, Says, Source, ga4_events_sessions, vat
from connectors.buyers import SALT
from connectors.files import Head, packed
from connectors.ga4_events_forms import Flat, Form, first_event, json_form, parquet_form, parquet_schema
from connectors.ga4_events_sessions import Reading
from data import clock
from data.batches import Batch, Scan, Stage
from data.errors import Ask, BadFile
from data.tables import CONVERSIONS, ORDERS, VISITS

ATTRIBUTION = "session,first"
_EVENT = {"event_name", "event_timestamp"}
_DEVICE = ("user_pseudo_id", "client_id")
GOALS = Ask("goals", "Which events are key events? Their names, separated by commas; the export does not mark them", default="purchase")
_HITS = {"session_id", "hit_number", "hit_type"}
_TELLS = (
    ("sum(loose_devices)", "Events of visitors who gave no consent: {count}. They have no device and are in no session."),
    ("sum(loose_sessions)", "Events that name no session, such as those sent by a server: {count}. They are in no session."),
    ("sum(loose_goals)", "Key events among them, not loaded: {count}"),
    ("count(*) FILTER (order_id IS NOT NULL AND visit IS NULL)", "Orders among them, loaded without a source: {count}"),
    ("count(*) FILTER (from_before)", "Sessions that began before the first day of the files and are counted there: {count}"),
    ("sum(loose_refunds)", "Refunds of orders that are not in the files, not loaded: {count}"),
)


def recognise(head: Head) -> bool:
    if head.kind == "avro":
        return True
    if head.kind == "parquet":
        schema = parquet_schema(head)
        return schema is not None and set(schema.names) >= _EVENT
    if head.kind != "text":
        return False
    if head.first().startswith(("{", "[")):
        return set(first_event(head) or ()) >= _EVENT
    return _is_flat(head) or set(Flat(head).header) >= _HITS


def _is_flat(head: Head) -> bool:
    flat = Flat(head)
    named = flat.place("event_name") or (flat.place("name") and flat.place("_fivetran_id", "param_ga_session_id"))
    return bool(named and flat.place("event_timestamp", "timestamp") and flat.place("event_date", "date"))


def says(head: Head) -> Says:
    """Raises BadFile for a form of events that cannot become sessions, with the export to make instead."""
    if head.kind == "avro":
        raise BadFile(
            "This is an Avro file.", "{name}", "In BigQuery export the table as Parquet, or as JSON with GZIP compression.", name=head.name
        )
    if head.kind == "text" and not head.first().startswith(("{", "[")):
        _check_flat(head)
    if head.kind == "text" and not head.encoding.startswith("utf-8"):
        raise BadFile(
            "Exports of BigQuery are in UTF-8 and this file is in {encoding}: it was saved by another program.", "{name}",
            "Download the file again and load it as it is.", encoding=head.encoding, name=head.name,
        )
    asks = (
        Ask("account", "Which property is this? Its number in Google Analytics"),
        Ask("timezone", "In which time zone does the property report?"),
        GOALS, vat.ASK, Ask("currency", "In which currency are the orders whose event names none?"),
    )
    return Says({}, asks, series=_shape(head))


def _check_flat(head: Head) -> None:
    flat = Flat(head)
    if set(flat.header) >= _HITS:
        raise BadFile(
            "These are hits without their sessions: neither where they came from nor on which device.", "{name}",
            "Load the table of sessions that belongs to them, or export events_* from BigQuery as JSON or Parquet.", name=head.name,
        )
    if not flat.place(*_DEVICE) or flat.param("ga_session_id").startswith("NULL"):
        raise BadFile(
            "These are events without the device or the session that they belong to.", "{name}",
            "Add user_pseudo_id and the parameter ga_session_id to the query, or export events_* from BigQuery as JSON or Parquet.",
            name=head.name,
        )


def _shape(head: Head) -> str:
    """Files of one shape are shards of one export."""
    if head.kind == "parquet":
        return f"parquet {parquet_schema(head)}"
    if head.first().startswith(("{", "[")):
        return f"json {json_form(head)}"
    return f"csv {head.delimiter} {','.join(Flat(head).header)} {packed(head)}"


def read(heads: Sequence[Head], answers: Answers) -> list[Batch]:
    """All shards as one staged read and three scans of it: sessions, key events, orders."""
    reading = _reading(answers)
    stage = Stage(
        ga4_events_sessions.staged(_form(heads[0]), reading), tuple(str(head.path) for head in heads),
        (("fault IS NOT NULL", "The date or the time of an event cannot be read: {value}", "fault"),), _TELLS,
    )
    origin = " + ".join(head.origin for head in heads)
    scans = (
        (VISITS, ga4_events_sessions.VISITS_SQL), (CONVERSIONS, ga4_events_sessions.conversions_sql(reading)),
        (ORDERS, ga4_events_sessions.orders_sql(reading)),
    )
    return [Batch(table, SOURCE.name, answers["account"], Scan(stage, sql), origin, attribution=ATTRIBUTION) for table, sql in scans]


def _form(head: Head) -> Form:
    schema = parquet_schema(head)
    if schema is not None:
        return parquet_form(schema)
    return json_form(head) if head.first().startswith(("{", "[")) else Flat(head)


def _reading(answers: Answers) -> Reading:
    """Raises Problem when the amounts contain VAT at a rate that cannot be told."""
    goals = tuple(dict.fromkeys(goal for goal in re.split(r"[\s,;]+", answers["goals"]) if goal))
    currency, basis = answers["currency"].upper(), answers["vat"]
    today = clock.today()
    vat.net(Decimal(0), today, today, basis, currency)
    return Reading(answers["timezone"], goals, currency, basis, answers.get(SALT, ""))


SOURCE = Source(
    name="ga4_events",
    title="Google Analytics 4, events exported from BigQuery",
    fills=(VISITS, CONVERSIONS, ORDERS),
    export="events_* of Google Analytics 4 exported from BigQuery (JSON or Parquet), or flattened into a CSV with a row per event",
    recognise=recognise,
    says=says,
    read=read,
)
