"""GA4 events become sessions, key events and orders: in every form, in any order, with what they lack named."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from connectors import buyers, intake
from data.errors import BadFile, Problem
from data.warehouse import Warehouse
from tests.stored import shared, stored

STATED = {"account": "300", "timezone": "Europe/Moscow", "goals": "purchase, generate_lead", "vat": "net", "currency": "RUB"}
NOON = datetime(2026, 3, 2, 9, tzinfo=UTC)
PAGE = "https://shop.example/cups"
Stored = dict[str, list[dict[str, Any]]]


def event(name: str, at: datetime = NOON, device: str | None = "11.22", session: object = 0, **more: Any) -> dict[str, Any]:
    """An event as the export types it. `session` 0 stands for one that begins at noon; `page`, `params` and whole records may be given."""
    params = {"ga_session_id": int(NOON.timestamp()) if session == 0 else session, "page_location": more.pop("page", PAGE)}
    params |= {"ga_session_number": 1, "session_engaged": "1", **more.pop("params", {})}
    return {
        "event_date": more.pop("day", f"{at + timedelta(hours=3):%Y%m%d}"), "event_timestamp": int(at.timestamp() * 1_000_000),
        "event_name": name, "event_params": [{"key": key, "value": _typed(value)} for key, value in params.items() if value is not None],
        "user_pseudo_id": device, "user_id": None,
        "device": {"category": "mobile", "operating_system": "iOS", "web_info": {"browser": "Safari"}},
        "geo": {"country": "Russia", "city": "Kazan"}, "traffic_source": None, "collected_traffic_source": None,
        "session_traffic_source_last_click": None, "ecommerce": None, "items": [], **more,
    }


def _typed(value: object) -> dict[str, Any]:
    kind = {str: "string_value", int: "int_value", float: "double_value"}[type(value)]
    return {"string_value": None, "int_value": None, "float_value": None, "double_value": None, kind: value}


def purchase(number: str | None, revenue: object, at: datetime = NOON, **more: Any) -> dict[str, Any]:
    return event("purchase", at, ecommerce={"transaction_id": number, "purchase_revenue": revenue}, **more)


def later(seconds: int) -> datetime:
    return NOON + timedelta(seconds=seconds)


# ------------------------------------------------------------------------------------------------------------------- forms


def extracted(value: Any) -> Any:
    """As an extract job writes: whole numbers in quotes, empty keys left out."""
    if isinstance(value, Mapping):
        return {key: extracted(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [extracted(one) for one in value]
    return str(value) if isinstance(value, int) else value


def saved(value: Any) -> Any:
    """As the console saves: every number in quotes, empty keys kept."""
    if isinstance(value, Mapping):
        return {key: saved(one) for key, one in value.items()}
    if isinstance(value, list):
        return [saved(one) for one in value]
    return value if value is None or isinstance(value, str) else str(value)


def lines(path: Path, events: Iterable[Mapping[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(extracted(one)) + "\n" for one in events), encoding="utf-8")
    return path


def array(path: Path, events: Iterable[Mapping[str, Any]]) -> Path:
    path.write_text(json.dumps([saved(one) for one in events], indent=1), encoding="utf-8")
    return path


def packed(path: Path, events: Iterable[Mapping[str, Any]]) -> Path:
    path.write_bytes(gzip.compress("".join(json.dumps(saved(one)) + "\n" for one in events).encode()))
    return path


VALUE = pa.struct([("string_value", pa.string()), ("int_value", pa.int64()), ("float_value", pa.float64()), ("double_value", pa.float64())])
PARAMS = pa.struct([("key", pa.string()), ("value", VALUE)])


def columns(path: Path, events: Sequence[Mapping[str, Any]], wrapped: bool = False) -> Path:
    """Parquet; some writers leave a level of `list` and `element` between."""
    names = [name for name in events[0] if any(one.get(name) for one in events)]
    made = {name: pa.array([one.get(name) for one in events]) for name in names if name != "event_params"}
    params = [one["event_params"] for one in events]
    if wrapped:
        kind = pa.struct([("list", pa.list_(pa.struct([("element", PARAMS)])))])
        made["event_params"] = pa.array([{"list": [{"element": one} for one in some]} for some in params], kind)
    else:
        made["event_params"] = pa.array(params, pa.list_(PARAMS))
    parquet.write_table(pa.table(made), path)
    return path


def wrapped(path: Path, events: Sequence[Mapping[str, Any]]) -> Path:
    return columns(path, events, wrapped=True)


def flat(path: Path, events: Sequence[Mapping[str, Any]]) -> Path:
    """A row per event, a column per field and parameter."""
    rows = [dict(_flattened(one)) for one in events]
    header = list(dict.fromkeys(name for row in rows for name in row))
    cells = [header, *([str(row.get(name, "")) for name in header] for row in rows)]
    path.write_text("".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in cells), encoding="utf-8")
    return path


def _flattened(record: Mapping[str, Any], before: str = "") -> Iterable[tuple[str, Any]]:
    for name, value in record.items():
        if name == "event_params":
            yield from ((f"param_{one['key']}", next(v for v in one["value"].values() if v is not None)) for one in value)
        elif isinstance(value, Mapping):
            yield from _flattened(value, f"{before}{name}_")
        elif value is not None and not isinstance(value, list):
            yield f"{before}{name}", value


def read(folder: Path, *paths: Path, **stated: str) -> tuple[Stored, list[str]]:
    """Load files as one handful. Shape: (what the store holds, notes)."""
    store = Warehouse(folder / "store")
    notes = load(store, *paths, **stated)
    return stored(store), notes


def load(store: Warehouse, *paths: Path, **stated: str) -> list[str]:
    handful = intake.sort(paths)
    if handful.refused:
        raise handful.refused[0].problem
    notes = []
    for series in handful.series:
        loaded = store.load(intake.read(intake.resolve(series, intake.Known(stated=STATED | stated))))
        notes += [str(note) for one in loaded for note in one.notes]
    return notes


def found(folder: Path, *events: Mapping[str, Any], **stated: str) -> Stored:
    return read(folder, lines(folder / "events.json", events), **stated)[0]


def origin(folder: Path, *events: Mapping[str, Any]) -> dict[str, str]:
    [visit] = found(folder, *events)["visits"]
    said: dict[str, str] = visit["origin_session"]
    return said


SHOPPING = (
    event("session_start", params={"ga_session_number": 3}),
    event("page_view", page=f"{PAGE}?utm_source=vk&utm_medium=cpc&utm_campaign=%D1%87%D0%B0%D0%B9+1",
          params={"engagement_time_msec": 1500}),
    event("generate_lead", later(10), params={"value": 12.5, "currency": "USD", "engagement_time_msec": 700}),
    purchase("T-1", 990.1, later(20), params={"currency": "RUB"}),
)


@pytest.mark.parametrize("form", [lines, array, packed, columns, wrapped, flat])
def test_every_form_of_one_export_gives_the_same_rows(form: Any, tmp_path: Path) -> None:
    rows, notes = read(tmp_path, form(tmp_path / "shard", SHOPPING))
    assert notes == []
    [visit], [lead, bought], [order] = rows["visits"], rows["conversions"], rows["orders"]
    source = {"source": "vk", "medium": "cpc", "campaign": "чай 1"}
    assert visit == {
        "account": "300", "day": "2026-03-02", "year": 2026, "visit": visit["visit"], "visitor": visit["visitor"],
        "started_at": "2026-03-02T09:00:00", "origin_session": source, "device": "phone", "country": "Russia", "city": "Kazan",
        "landing": "shop.example/cups", "os": "iOS", "browser": "Safari", "visits": 1, "new_visits": 0, "bounces": 0, "engaged": 1,
        "page_views": 1, "seconds": 2,
    }
    assert [(one["goal"], one["ordinal"], one["value"], one["currency"]) for one in (lead, bought)] == [
        ("generate_lead", 1, "12.5", "USD"), ("purchase", 2, "990.1", "RUB"),
    ]
    assert (order["order_id"], order["revenue"], order["currency"], order["visit"]) == ("T-1", "990.1", "RUB", visit["visit"])
    assert lead["origin_session"] == bought["origin_session"] == order["origin_session"] == source


@given(order=st.permutations(range(8)), parts=st.integers(1, 4), twice=st.lists(st.integers(0, 7), max_size=4))
@settings(max_examples=15, deadline=None, phases=(Phase.explicit, Phase.generate))
def test_shards_in_any_order_with_repeated_events_give_the_same_store(
    order: list[int], parts: int, twice: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    events = [*SHOPPING, *(event("page_view", later(at), device="9.9", session=5, page=f"{PAGE}/{at}") for at in range(4))]
    folder = tmp_path_factory.mktemp("shards")
    dealt = [events[place] for place in [*order, *twice]]
    files = [lines(folder / f"{part}.json", dealt[part::parts]) for part in range(parts)]
    rows, _ = read(folder, *files)
    assert rows == found(tmp_path_factory.mktemp("whole"), *events)


# ---------------------------------------------------------------------------------------------------------------- sessions


def test_events_without_consent_or_session_are_no_visits_and_are_counted_apart(tmp_path: Path) -> None:
    rows, notes = read(tmp_path, lines(tmp_path / "e.json", [
        event("page_view"),
        event("session_start", later(1), device=None, session=None), event("page_view", later(2), device=None, session=None),
        event("generate_lead", later(3), device=None, session=None),
        event("generate_lead", later(4), session=None), purchase("T-9", 50, later(5), device=None, session=None),
    ]))
    assert len(rows["visits"]) == 1
    assert "conversions" not in rows
    [order] = rows["orders"]
    assert (order["order_id"], order["revenue"], order["customer"]) == ("T-9", "50", "order T-9")
    assert "visit" not in order and "visitor" not in order and "origin_session" not in order
    assert notes == [
        "Events of visitors who gave no consent: 4. They have no device and are in no session.",
        "Events that name no session, such as those sent by a server: 1. They are in no session.",
        "Key events among them, not loaded: 3",
        "Orders among them, loaded without a source: 1",
    ]


def midnight() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A session from 23:50 to 00:10 of the property's clock. Shape: (events before midnight, after it)."""
    began = datetime(2026, 3, 2, 20, 50, tzinfo=UTC)
    session = int(began.timestamp())
    before = [event("session_start", began, session=session), event("generate_lead", began + timedelta(minutes=5), session=session)]
    after = [
        event("generate_lead", began + timedelta(minutes=15), session=session, params={"session_engaged": None}),
        purchase("T-7", 70, began + timedelta(minutes=20), session=session),
    ]
    return before, after


def test_a_session_that_crosses_midnight_is_one_visit_of_its_first_day(tmp_path: Path) -> None:
    before, after = midnight()
    rows = found(tmp_path, *before, *after)
    assert [visit["day"] for visit in rows["visits"]] == ["2026-03-02"]
    assert sorted((one["goal"], one["day"]) for one in rows["conversions"]) == [
        ("generate_lead", "2026-03-02"), ("generate_lead", "2026-03-03"), ("purchase", "2026-03-03"),
    ]
    assert [(one["order_id"], one["day"]) for one in rows["orders"]] == [("T-7", "2026-03-03")]


@pytest.mark.parametrize("turns", [(0, 1), (1, 0), (0, 1, 0), (1, 0, 1)])
def test_days_loaded_one_by_one_in_any_order_hold_what_they_hold_together(turns: tuple[int, ...], tmp_path: Path) -> None:
    days = [lines(tmp_path / f"{number}.json", events) for number, events in enumerate(midnight())]
    store = Warehouse(tmp_path / "one_by_one")
    said = [load(store, days[turn]) for turn in turns]
    assert stored(store) == read(tmp_path, *days)[0]
    assert "Sessions that began before the first day of the files and are counted there: 1" in [note for notes in said for note in notes]


def test_a_session_without_its_beginning_counts_where_the_id_is_no_time(tmp_path: Path) -> None:
    assert len(found(tmp_path, event("page_view", session=3599645542))["visits"]) == 1


def test_the_day_is_the_one_of_the_property_and_the_instant_is_utc(tmp_path: Path) -> None:
    late = datetime(2026, 2, 28, 21, 30, tzinfo=UTC)
    [visit] = found(tmp_path, event("session_start", late, session=1))["visits"]
    assert (visit["day"], visit["started_at"]) == ("2026-03-01", "2026-02-28T21:30:00")


def test_session_ids_beyond_what_a_float_holds_stay_apart(tmp_path: Path) -> None:
    events = [event("page_view", session=9007199254740992), event("page_view", session=9007199254740993)]
    for number, form in enumerate((lines, array, columns)):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert len(read(folder, form(folder / "file", events))[0]["visits"]) == 2


def test_one_session_id_of_two_devices_is_two_visits(tmp_path: Path) -> None:
    assert len(found(tmp_path, event("page_view"), event("page_view", device="33.44"))["visits"]) == 2


# ----------------------------------------------------------------------------------------------------------------- sources

RECORD = {"cross_channel_campaign": {
    "source": "yandex", "medium": "cpc", "campaign_name": "brand", "campaign_id": "77", "default_channel_group": "Paid Search"}}
ADS = {"google_ads_campaign": {"campaign_name": "Ads brand", "campaign_id": "88"}}
COLLECTED = {"manual_source": "vk", "manual_medium": "cpc", "manual_campaign_name": "spring"}
TAGS = {"source": "mail", "medium": "email", "campaign": "news"}
ADDRESS = f"{PAGE}?utm_source=tg&utm_medium=social&utm_campaign=post"
REFERRER = {"page_referrer": "https://www.habr.example/article"}


@pytest.mark.parametrize(("carried", "source"), [
    ({"session_traffic_source_last_click": RECORD, "collected_traffic_source": COLLECTED}, "yandex"),
    ({"session_traffic_source_last_click": ADS, "collected_traffic_source": COLLECTED}, "google"),
    ({"collected_traffic_source": COLLECTED, "params": TAGS, "page": ADDRESS}, "vk"),
    ({"params": TAGS | REFERRER, "page": ADDRESS}, "mail"),
    ({"params": REFERRER, "page": ADDRESS}, "tg"),
    ({"params": REFERRER}, "habr.example"),
    ({"params": {"page_referrer": "https://yandex.ru/"}}, "yandex"),
    ({"params": {"page_referrer": "https://www.shop.example/"}}, "(direct)"),
    ({}, "(direct)"),
])
def test_the_most_trusted_evidence_of_a_session_gives_its_source(carried: dict[str, Any], source: str, tmp_path: Path) -> None:
    assert origin(tmp_path, event("session_start"), event("page_view", later(1), **carried))["source"] == source


def test_googles_own_record_brings_its_channel_and_campaign(tmp_path: Path) -> None:
    assert origin(tmp_path, event("page_view", session_traffic_source_last_click=RECORD)) == {
        "source": "yandex", "medium": "cpc", "campaign": "brand", "campaign_id": "77", "given_channel": "Paid Search",
    }


@pytest.mark.parametrize(("address", "collected", "source", "medium"), [
    ("gclid=abc", {"manual_source": "google", "manual_medium": "organic", "manual_campaign_name": "(organic)"}, "google", "cpc"),
    ("gclid=abc", None, "google", "cpc"),
    ("wbraid=abc", {"manual_source": "(direct)", "manual_medium": "(none)"}, "google", "cpc"),
    ("yclid=123", None, "yandex", "cpc"),
    ("msclkid=1", None, "bing", "cpc"),
    ("srsltid=1", None, "google", "organic"),
    ("gclid=abc", COLLECTED, "vk", "cpc"),
])
def test_a_click_id_repairs_what_tags_leave_out(
    address: str, collected: dict[str, str] | None, source: str, medium: str, tmp_path: Path
) -> None:
    said = origin(tmp_path, event("page_view", page=f"{PAGE}?{address}", collected_traffic_source=collected))
    assert (said["source"], said["medium"]) == (source, medium)


def test_direct_after_a_campaign_in_one_session_leaves_it_to_the_campaign(tmp_path: Path) -> None:
    direct = {"manual_source": "(direct)", "manual_medium": "(none)"}
    said = origin(
        tmp_path, event("page_view", collected_traffic_source=direct), event("page_view", later(1), collected_traffic_source=COLLECTED),
        event("page_view", later(2), collected_traffic_source=direct),
    )
    assert said == {"source": "vk", "medium": "cpc", "campaign": "spring"}


def test_a_source_without_a_medium_yields_to_tags(tmp_path: Path) -> None:
    assert origin(tmp_path, event("page_view", page=ADDRESS, collected_traffic_source={"manual_source": "google"}))["source"] == "tg"


def test_how_the_visitor_was_first_acquired_is_kept_as_another_model(tmp_path: Path) -> None:
    first = {"source": "vk", "medium": "cpc", "name": "launch"}
    [visit] = found(tmp_path, event("page_view", traffic_source=first))["visits"]
    assert visit["origin_first"] == {"source": "vk", "medium": "cpc", "campaign": "launch"}
    assert visit["origin_session"]["source"] == "(direct)"


# ------------------------------------------------------------------------------------------------------------------ orders


def test_a_number_that_repeats_on_a_reload_is_one_order_and_the_first_counts(tmp_path: Path) -> None:
    [order] = found(tmp_path, purchase("T-1", 100), purchase("T-1", 120, later(60)))["orders"]
    assert (order["revenue"], order["placed_at"]) == ("100", "2026-03-02T09:00:00")


@pytest.mark.parametrize("number", [None, "(not set)", ""])
def test_an_order_without_a_number_is_its_device_and_instant(number: str | None, tmp_path: Path) -> None:
    orders = found(tmp_path, purchase(number, 100), purchase(number, 120, later(60)))["orders"]
    assert [(one["order_id"], one["revenue"]) for one in orders] == [("11.22 1772442000000000", "100"), ("11.22 1772442060000000", "120")]


def refund(number: str, value: object, at: datetime) -> dict[str, Any]:
    return event("refund", at, ecommerce={"transaction_id": number, "refund_value": value})


def test_refunds_are_added_up_on_their_order_and_strangers_are_named(tmp_path: Path) -> None:
    rows, notes = read(tmp_path, lines(tmp_path / "e.json", [
        purchase("T-1", 100), purchase("T-2", 40, later(1)), purchase("T-3", 5, later(2)),
        refund("T-1", 30, later(90)), refund("T-1", 12.5, later(95)), refund("T-2", None, later(99)), refund("T-8", 8, later(99)),
    ]))
    assert {one["order_id"]: one.get("refund") for one in rows["orders"]} == {"T-1": "42.5", "T-2": "40", "T-3": None}
    assert notes == ["Refunds of orders that are not in the files, not loaded: 1"]


@pytest.mark.parametrize(("more", "revenue", "currency"), [
    ({"ecommerce": {"transaction_id": "T", "purchase_revenue": "NaN"}}, "0", "RUB"),
    ({"params": {"value": 12.5, "currency": "eur", "transaction_id": "T"}}, "12.5", "EUR"),
    ({"ecommerce": {"transaction_id": "T", "purchase_revenue_in_usd": 9.99}}, "9.99", "USD"),
    ({"ecommerce": {"transaction_id": "T"}, "items": [{"price": 20.5, "quantity": 2}, {"item_id": "1", "item_revenue": 1}]}, "42", "RUB"),
    ({"ecommerce": {"transaction_id": "T", "purchase_revenue": 123456789.123456}}, "123456789.123456", "RUB"),
])
def test_revenue_is_taken_from_where_it_stands_in_its_own_currency(
    more: dict[str, Any], revenue: str, currency: str, tmp_path: Path
) -> None:
    [order] = found(tmp_path, event("purchase", **more))["orders"]
    assert (order["revenue"], order["currency"]) == (revenue, currency)


def test_vat_is_taken_out_of_revenue_and_refund(tmp_path: Path) -> None:
    [order] = found(tmp_path, purchase("T-1", 122), refund("T-1", 61, later(5)), vat="gross")["orders"]
    assert (order["revenue"], order["refund"]) == ("100", "50")


def test_an_address_that_serves_as_a_customers_id_is_not_kept(tmp_path: Path) -> None:
    events = [
        purchase(str(place), 1, later(place), device=f"{place}.1", user_id=user)
        for place, user in enumerate(("Anna@shop.example", "8 (900) 123-45-67", "u-17"))
    ]
    customers = [one["customer"] for one in found(tmp_path, *events)["orders"]]
    assert customers == [buyers.hashed("anna@shop.example"), buyers.hashed("79001234567"), "u-17"]


# ----------------------------------------------------------------------------------------------------------------- refusals


def test_an_instant_that_is_none_is_refused_with_what_stands_there(tmp_path: Path) -> None:
    damaged = event("page_view") | {"event_timestamp": "yesterday"}
    with pytest.raises(BadFile) as refused:
        found(tmp_path, event("page_view"), damaged)
    assert "yesterday" in str(refused.value)


def test_a_line_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = lines(tmp_path / "cut.json", SHOPPING)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(BadFile):
        read(tmp_path, path)


@pytest.mark.parametrize(("name", "content", "fix"), [
    ("events.avro", b"Obj\x01\x04\x16avro.schema\x00", "In BigQuery export the table as Parquet, or as JSON with GZIP compression."),
    ("hits.csv", b"session_id,hit_date,hit_time,hit_number,hit_type\n1,2026-03-01,0,1,page\n", "Load the table of sessions"),
    ("flat.csv", b"event_date,event_timestamp,event_name\n20260301,1772356440000000,page_view\n", "Add user_pseudo_id and the parameter"),
])
def test_a_form_that_cannot_become_sessions_is_refused_with_the_export_to_make(name: str, content: bytes, fix: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    [refused] = intake.sort([tmp_path / name]).refused
    assert str(refused.problem).splitlines()[-1].startswith(fix)


def test_vat_at_a_rate_that_cannot_be_told_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="VAT"):
        found(tmp_path, purchase("T-1", 122), vat="gross", currency="USD")


# ------------------------------------------------------------------------------------------------------------- real exports


@pytest.mark.parametrize(("name", "landing"), [
    ("bq_ga4_obfuscated_one_row_extract_json.ndjson", "shop.googlemerchandisestore.com/payment.html"),
    ("bq_ga4_velir_rows_stringly.ndjson", "www.velir.com/blog/2016/08/25/behavior-driven-testing-drupal-8"),
])
def test_both_real_serialisations_are_read(name: str, landing: str, tmp_path: Path) -> None:
    rows, _ = read(tmp_path, shared(f"ga/bigquery/{name}"), timezone="America/New_York", goals="first_visit")
    [visit] = rows["visits"]
    assert (visit["landing"], visit["device"], visit["new_visits"], visit["engaged"]) == (landing, "desktop", 1, 1)


def test_real_items_give_the_control_figures_of_the_whole_property(tmp_path: Path) -> None:
    store = Warehouse(tmp_path / "store")
    load(store, shared("ga/bigquery/bq_ga4_obfuscated_items_flat.csv"), currency="USD")
    [row] = store.arrow("SELECT count(*) AS orders, sum(revenue) AS revenue, count(DISTINCT customer) AS buyers FROM orders").to_pylist()
    assert (row["orders"], row["revenue"], row["buyers"]) == (5690, 362110, 4418)
    by_week = "SELECT date_trunc('week', day)::VARCHAR AS week, sum(revenue)::INT AS revenue FROM orders GROUP BY week"
    weeks = store.arrow(by_week).to_pylist()
    printed = shared("ga/bigquery/bq_ga4_obfuscated_result_2D_Revenue_over_Time.csv").read_text().splitlines()[1:]
    assert {row["week"][:10]: row["revenue"] for row in weeks} == {line.split(",")[0]: int(float(line.split(",")[1])) for line in printed}


def test_columns_of_a_data_pipeline_are_read(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, shared("ga/bigquery/seed_fivetran_ga4_export_event.csv"))
    assert len(rows["visits"]) == 5
    assert [(one["order_id"], one["revenue"]) for one in rows["orders"]] == [("txn_123", "29.99")]


def test_real_hits_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="hits without their sessions"):
        read(tmp_path, shared("ga/bigquery/sber_ga_hits_1000.csv"))
