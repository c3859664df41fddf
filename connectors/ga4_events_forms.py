"""The forms in which GA4 events lie on disk, all read into one shape: text by path, event parameters by name.

JSON comes in two serialisations (an extract job quotes integers and drops empty keys; the console keeps empty keys and quotes every
number) and as lines or as one array. Parquet keeps the nesting, with or without a level `list.element`. A flattened CSV has a
column per field and per parameter. Every scalar is read as text and cast where it is used, so all of them end alike.

Source: BigQuery Export schema of Google Analytics 4; BigQuery, exporting table data; both read 2026-11.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as parquet

from connectors.files import Head, names, packed
from data.engine import quoted

_LAST_CLICK = "session_traffic_source_last_click"
FIELDS = (
    "event_date", "event_date_dt", "event_timestamp", "event_name", "batch_event_index", "batch_page_id", "batch_ordering_id",
    "user_id", "user_pseudo_id", "client_id",
    "device.category", "device.operating_system", "device.browser", "device.web_info.browser", "geo.country", "geo.city",
    "traffic_source.source", "traffic_source.medium", "traffic_source.name",
    "collected_traffic_source.manual_source", "collected_traffic_source.manual_medium", "collected_traffic_source.manual_campaign_name",
    "collected_traffic_source.manual_campaign_id", "collected_traffic_source.manual_term", "collected_traffic_source.manual_content",
    "collected_traffic_source.gclid", "collected_traffic_source.dclid", "collected_traffic_source.srsltid",
    *(f"{_LAST_CLICK}.cross_channel_campaign.{name}" for name in (
        "source", "medium", "campaign_name", "campaign_id", "default_channel_group", "primary_channel_group")),
    *(f"{_LAST_CLICK}.google_ads_campaign.{name}" for name in ("campaign_name", "campaign_id")),
    *(f"{_LAST_CLICK}.manual_campaign.{name}" for name in ("source", "medium", "campaign_name", "campaign_id", "term", "content")),
    "ecommerce.transaction_id", "ecommerce.purchase_revenue", "ecommerce.purchase_revenue_in_usd",
    "ecommerce.refund_value", "ecommerce.refund_value_in_usd",
)
"""Fields that are read, by path. `event_date_dt` and `client_id` are what a widely used model of the export calls date and device."""
_ITEM = ("item_id", "item_name", "price", "quantity", "item_revenue")
_KINDS = ("string_value", "int_value", "double_value", "float_value")
_FIRST_BYTES = 4 * 1024 * 1024
_CALLED = {
    "event_date": ("date",), "event_timestamp": ("timestamp",), "event_name": ("name",),
    "device.operating_system": ("device_os",), "device.web_info.browser": ("device_web_info_browser", "device_browser"),
    "ecommerce.transaction_id": ("transaction_id",), "ecommerce.purchase_revenue": ("purchase_revenue",),
    "geo.country": ("country",), "geo.city": ("city",), "device.category": ("device",),
}
_DEVICES = {"desktop": "desktop", "mobile": "phone", "tablet": "tablet", "smart tv": "tv"}


class Form(Protocol):
    """How files of one form are read. `relation` is the query over `$files`; the others are expressions over its columns."""

    @property
    def relation(self) -> str: ...

    def field(self, path: str) -> str:
        """The field as text; empty texts and fields that the form lacks are null."""

    def param(self, name: str) -> str:
        """The event parameter as text, whatever its type; null where the event has none."""

    @property
    def params(self) -> str:
        """All parameters as a sorted list of texts, to tell one event from another."""

    @property
    def items(self) -> str:
        """The items of the event as a list of structs of texts: price, quantity, item_revenue and more; null where there are none."""


class Named:
    """Another form whose expressions have been given short names: what is built on them stays short, and each is computed once."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._named: dict[str, str] = {}

    @property
    def relation(self) -> str:
        """NB: to be asked for last, when everything that is built on the names has been built."""
        return f"SELECT {', '.join(f'{value} AS {name}' for value, name in self._named.items())} FROM ({self._form.relation})"

    def _name(self, expression: str) -> str:
        if expression.startswith("NULL"):
            return expression
        return self._named.setdefault(expression, f"x{len(self._named)}")

    def field(self, path: str) -> str:
        return self._name(self._form.field(path))

    def param(self, name: str) -> str:
        return self._name(self._form.param(name))

    @property
    def params(self) -> str:
        return self._name(self._form.params)

    @property
    def items(self) -> str:
        return self._name(self._form.items)


# ---------------------------------------------------------------------------------------------------------------- nested


@dataclass(frozen=True)
class Nested:
    """Events with nested records, after `source` has given its columns the names of the export."""

    source: str
    paths: frozenset[str]

    @property
    def relation(self) -> str:
        value = "coalesce(" + ", ".join(f"p.v.{kind}" for kind in _KINDS) + ")"
        return (
            f"SELECT *, list_transform(params, lambda p: p.k) AS param_names, list_transform(params, lambda p: {value}) AS param_values "
            f"FROM ({self.source})"
        )

    def field(self, path: str) -> str:
        return f"nullif(trim(({path})::VARCHAR), '')" if path in self.paths else "NULL::VARCHAR"

    def param(self, name: str) -> str:
        return f"nullif(trim(param_values[list_position(param_names, {quoted(name)})]), '')"

    @property
    def params(self) -> str:
        return "list_sort(list_transform(list_zip(param_names, param_values), lambda z: concat(z[1], '=', z[2])))"

    @property
    def items(self) -> str:
        return "bought"


def json_form(head: Head) -> Nested:
    """Lines, an array, or objects over several lines; compressed or not."""
    value = ", ".join(f"{kind} VARCHAR" for kind in _KINDS)
    items = ", ".join(f"{name} VARCHAR" for name in _ITEM)
    columns = {name: _json_type(under) for name, under in _tree(FIELDS).items()} | {
        "event_params": f'STRUCT("key" VARCHAR, "value" STRUCT({value}))[]', "items": f"STRUCT({items})[]",
    }
    listed = ", ".join(f"{quoted(name)}: {quoted(kind)}" for name, kind in columns.items())
    params = 'list_transform(event_params, lambda p: {k: p."key", v: p."value"})'
    return Nested(
        f"SELECT *, {params} AS params, items AS bought FROM read_json($files, format={quoted(_layout(head))}, "
        f"columns={{{listed}}}, compression='{'gzip' if packed(head) else 'uncompressed'}')",
        frozenset(FIELDS),
    )


def _tree(paths: Sequence[str]) -> dict[str, Any]:
    """Paths as nested names. Shape: {"device": {"category": {}, "web_info": {"browser": {}}}}."""
    tree: dict[str, Any] = {}
    for path in paths:
        at = tree
        for part in path.split("."):
            at = at.setdefault(part, {})
    return tree


def _json_type(under: Mapping[str, Any]) -> str:
    if not under:
        return "VARCHAR"
    return "STRUCT(" + ", ".join(f'"{name}" {_json_type(below)}' for name, below in under.items()) + ")"


def first_event(head: Head) -> Mapping[str, Any] | None:
    """The first object of a JSON file; None where there is none."""
    text = _beginning(head).lstrip("\ufeff \t\r\n[")
    try:
        found = json.JSONDecoder().raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _beginning(head: Head) -> str:
    if head.kind != "text":
        return ""
    with gzip.open(head.path) if packed(head) else head.path.open("rb") as file:
        return file.read(_FIRST_BYTES).decode("utf-8", errors="ignore")


def _layout(head: Head) -> str:
    """The engine's name for how the objects are laid out."""
    text = _beginning(head).lstrip("\ufeff \t\r\n")
    if text.startswith("["):
        return "array"
    try:
        end = json.JSONDecoder().raw_decode(text)[1]
    except (ValueError, RecursionError):
        return "newline_delimited"
    return "unstructured" if "\n" in text[:end] else "newline_delimited"


def parquet_schema(head: Head) -> pa.Schema | None:
    """The columns of a Parquet file; None where it is none, or damaged."""
    if head.kind != "parquet":
        return None
    try:
        return parquet.read_schema(head.path)
    except (pa.ArrowInvalid, OSError):
        return None


def parquet_form(schema: pa.Schema) -> Nested:
    """An extract job's Parquet: only fields that the file has are read."""
    record = pa.struct(list(schema))
    held = frozenset(path for path in FIELDS if _type_at(record, path) is not None)
    value = ", ".join(f"{kind}: {_held_text(record, 'event_params', 'value.' + kind)}" for kind in _KINDS)
    params = _each(record, "event_params", f"{{k: {_element(record, 'event_params')}.\"key\", v: {{{value}}}}}")
    items = "NULL"
    if record.get_field_index("items") >= 0:
        items = _each(record, "items", "{" + ", ".join(f"{name}: {_held_text(record, 'items', name)}" for name in _ITEM) + "}")
    return Nested(f"SELECT *, {params} AS params, {items} AS bought FROM read_parquet($files)", held)


def _type_at(at: pa.DataType, path: str) -> pa.DataType | None:
    for part in path.split("."):
        if not pa.types.is_struct(at) or at.get_field_index(part) < 0:
            return None
        at = at.field(part).type
    return at


def _wrapped(record: pa.StructType, name: str) -> bool:
    """Whether a list stands as a record `list` of records `element`, as some writers leave it."""
    return bool(pa.types.is_struct(record.field(name).type))


def _each(record: pa.StructType, name: str, made: str) -> str:
    return f"list_transform({name}{'.list' if _wrapped(record, name) else ''}, lambda p: {made})"


def _element(record: pa.StructType, name: str) -> str:
    return "p.element" if _wrapped(record, name) else "p"


def _held_text(record: pa.StructType, name: str, path: str) -> str:
    kind = record.field(name).type
    element = kind.field("list").type.value_type.field("element").type if _wrapped(record, name) else kind.value_type
    return f"{_element(record, name)}.{path}::VARCHAR" if _type_at(element, path) is not None else "NULL::VARCHAR"


# ------------------------------------------------------------------------------------------------------------------ flat


@dataclass(frozen=True)
class Flat:
    """One row per event with a column per field and parameter, named `device_category`, `param_source` or `source`."""

    head: Head

    @cached_property
    def header(self) -> tuple[str, ...]:
        return tuple(name.replace(".", "_").replace(" ", "_") for name in names(self.head.rows[0])) if self.head.rows else ()

    @property
    def relation(self) -> str:
        return f"SELECT * FROM {csv(self.head)}"

    def place(self, *called: str) -> str:
        """The first column of one of these names as the engine knows it; empty where there is none."""
        return next((f"c{self.header.index(name)}" for name in called if name in self.header), "")

    def field(self, path: str) -> str:
        return self._text(self.place(path.replace(".", "_"), *_CALLED.get(path, ())))

    def param(self, name: str) -> str:
        return self._text(self.place(*(f"{before}{name}" for before in ("param_", "event_params_", "event_param_", "ep_", ""))))

    def _text(self, column: str) -> str:
        return f"nullif(trim({column}), '')" if column else "NULL::VARCHAR"

    @property
    def params(self) -> str:
        """NB: columns beginning with a mark are the carrier's own: two loads of one event differ in them."""
        own = [f"c{place}" for place, name in enumerate(self.header) if name and not name.startswith("_") and name != "is_intraday"]
        return "[" + ", ".join(f"coalesce({column}, '')" for column in own) + "]"

    @property
    def items(self) -> str:
        return "NULL"


def csv(head: Head) -> str:
    """A delimited file as a table of the engine with columns c0, c1…: headers may repeat."""
    types = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(head.rows[0])))
    quote = '"' if head.quoted else ""
    return (
        f"read_csv($files, auto_detect=false, columns={{{types}}}, header=true, delim={quoted(head.delimiter)}, quote='{quote}', "
        f"escape='{quote}', comment='', encoding='utf-8', compression='{'gzip' if packed(head) else 'none'}')"
    )


# ------------------------------------------------------------------------------------------------------------------ casts


def day(text: str) -> str:
    """`20260301` or `2026-03-01` as a date; null where it is none."""
    return f"try_strptime(replace(left({text}, 10), '-', ''), '%Y%m%d')::DATE"


def micros(text: str) -> str:
    """Microseconds since 1970, UTC, of a count of them or of a written instant; null where it is neither."""
    return f"coalesce(try_cast({text} AS BIGINT), epoch_us(try_cast({text} AS TIMESTAMP)))"


def amount(text: str) -> str:
    """NB: an empty basket is sent as NaN, which is no number of the engine's decimals."""
    return f"try_cast({text} AS DECIMAL(18,6))"


def order_number(text: str) -> str:
    return f"nullif({text}, '(not set)')"


def device(text: str) -> str:
    """What the store calls the category of a device."""
    cases = "".join(f"WHEN {quoted(sent)} THEN {quoted(ours)} " for sent, ours in _DEVICES.items())
    return f"CASE lower({text}) {cases}ELSE '' END"
