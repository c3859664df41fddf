"""Google Analytics' Data API against a fake written from its documentation: limits kept, everything fetched whole, every refusal told."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors import ga4_api_reports as reports
from connectors.ga4_api import LIVE
from connectors.ga4_api_access import credentials
from connectors.ga4_api_management import blocked, key_events, properties, says, wrong
from connectors.ga4_api_reports import Property, Report, check, fetch
from connectors.ga4_api_service import Incompatible, SwitchedOff, next_day, next_hour
from connectors.live import Connected, Feed, Order
from connectors.pace import Clock, Rate
from connectors.refusals import (
    AnswerChanged,
    BadRequest,
    ExpiredToken,
    NetworkAway,
    NoGrant,
    NoSuchAccount,
    QuotaSpent,
    SourceDown,
    WrongToken,
)
from connectors.web import Web
from data.batches import Batch, Note
from data.errors import MissingSetting, Problem
from data.text import words
from data.warehouse import Warehouse
from tests.fakes.ga4 import REFRESH, STRANGER, Ga4, account_key, error, incompatible
from tests.fakes.ga4_books import KEY_EVENTS, Books
from tests.fakes.server import Faults, Request, Response, as_json
from tests.stored import shared

NUMBER = "250000001"
TODAY = date(2026, 3, 20)
SINCE, UNTIL = date(2026, 3, 1), date(2026, 3, 19)
DAYS = ((SINCE, UNTIL),)
ANSWERS = {"timezone": "Europe/Moscow", "currency": "RUB", "vat": "net"}


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ga4]:
    with Ga4((Books(NUMBER), Books("250000002"))) as one:
        for name, value in one.settings().items():
            monkeypatch.setenv(name, value)
        yield one
        assert one.broken == []


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Web:
    """Waits are not waited for."""
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(Rate, "hurry", 200.0)
    return Web(tmp_path / "paces", Clock(time.time, lambda seconds: time.sleep(seconds / 200)))


def connected(**answers: str) -> Connected:
    return Connected("shop", NUMBER, {**ANSWERS, **answers})


def feed(web: Web, name: str, **answers: str) -> Feed:
    return next(one for one in LIVE.feeds(web, connected(**answers)) if one.name == name)


def fetched(web: Web, folder: Path, name: str, since: date = SINCE, until: date = UNTIL, **answers: str) -> list[Batch]:
    order = Order(web, since, until, TODAY, folder, lambda text: None)
    return [batch for batches in feed(web, name, **answers).fetch(order) for batch in batches]


def store(folder: Path, *batches: Batch) -> Warehouse:
    made = Warehouse(folder / "store")
    made.load(batches)
    return made


def one(held: Warehouse, query: str) -> dict[str, Any]:
    return dict(held.arrow(query).to_pylist()[0])


def of(web: Web, level: str = "") -> Property:
    return Property(web, credentials({}), NUMBER, level)


def report(*metrics: str, by: tuple[str, ...] = ("date",), **more: Any) -> Report:
    return Report(metrics or ("sessions",), by, DAYS, **more)


def asked(fake: Ga4) -> list[dict[str, Any]]:
    return [json.loads(request.body) for request in fake.requests if request.path.endswith(":runReport")]


# ------------------------------------------------------------------------------------------------------------- management


def test_properties_come_by_name_whatever_the_page(fake: Ga4, web: Web) -> None:
    fake.page = 1
    assert [(account.id, account.name) for account in properties(web, {})] == [
        (NUMBER, "Shop 1 · Site 1"), ("250000002", "Shop 2 · Site 2")
    ]


def test_a_property_tells_its_zone_its_currency_and_how_much_it_may_be_asked(fake: Ga4, web: Web) -> None:
    fake.large = True
    assert says(web, connected()) == {"timezone": "Europe/Moscow", "currency": "RUB", "level": "360"}


def test_key_events_come_with_their_names(fake: Ga4, web: Web) -> None:
    assert key_events(web, connected()) == {name: name for name in KEY_EVENTS}


@pytest.mark.parametrize(
    ("number", "text"),
    [("G-ABC123", "data stream"), ("UA-1-2", "Universal Analytics"), ("GTM-AB12", "Tag Manager"), ("AW-1", "Google Ads"), ("x1", "number")],
)
def test_what_is_taken_for_a_propertys_number_is_named(number: str, text: str) -> None:
    problem = wrong(number)
    assert problem and text in str(problem) and "Property ID" in str(problem)
    told(problem)
    assert wrong(NUMBER) is None


def test_a_measurement_id_is_refused_before_anything_is_asked(fake: Ga4, web: Web) -> None:
    with pytest.raises(NoSuchAccount, match="data stream"):
        LIVE.feeds(web, Connected("shop", "G-ABC123", ANSWERS))
    assert fake.requests == []


# ----------------------------------------------------------------------------------------------------------------- access


def test_one_access_token_serves_a_pull_and_is_renewed_when_it_is_no_longer_accepted(fake: Ga4, web: Web) -> None:
    key_events(web, connected())
    key_events(web, connected())
    assert [request.path for request in fake.requests].count("/token") == 1
    fake.granted.clear()
    assert key_events(web, connected())
    assert [request.path for request in fake.requests].count("/token") == 2


def test_a_refresh_token_reads_too_and_so_does_a_key_in_a_file(
    fake: Ga4, web: Web, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for held in (REFRESH, json.loads(account_key())):
        (tmp_path / "key.json").write_text(json.dumps(held), encoding="utf-8")
        monkeypatch.setenv("GA4_CREDENTIALS", f"{tmp_path / 'key.json'}")
        assert key_events(web, connected())


def test_the_assertion_goes_to_our_own_address_whatever_the_key_says(fake: Ga4, web: Web) -> None:
    assert "evil.example" in account_key()
    assert key_events(web, connected())


@pytest.mark.parametrize(
    ("held", "text"),
    [("", "no GA4_CREDENTIALS"), ("{", "not JSON"), ("/nowhere/key.json", "cannot be read"), ("[1]", "cannot be read"),
     ('{"type": "service_account"}', "does not hold"),
     ('{"type": "service_account", "client_email": "a@b", "private_key": "SECRETKEY"}', "damaged")],
)
def test_credentials_that_are_none_are_told_and_never_shown(
    fake: Ga4, web: Web, monkeypatch: pytest.MonkeyPatch, held: str, text: str
) -> None:
    monkeypatch.setenv("GA4_CREDENTIALS", held)
    with pytest.raises(MissingSetting, match=text) as caught:
        key_events(web, connected())
    told(caught.value)
    assert "SECRETKEY" not in f"{caught.value!r} {caught.value} {caught.value.facts} {caught.value.__cause__}"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (as_json({"error": "invalid_grant", "error_description": "Token has been expired or revoked."}, 400), ExpiredToken),
        (as_json({"error": "invalid_grant", "error_description": "Invalid JWT Signature."}, 400), WrongToken),
        (as_json({"error": "invalid_grant", "error_description": "Invalid JWT: check your iat and exp values"}, 400), WrongToken),
        (as_json({"error": "invalid_client"}, 401), WrongToken), (as_json({"error": "invalid_request"}, 400), BadRequest),
        (as_json({"error": "backend"}, 500), SourceDown), (as_json({"token_type": "Bearer"}), AnswerChanged),
    ],
)
def test_every_refusal_of_the_sign_in_is_a_problem(fake: Ga4, web: Web, answer: Response, problem: type[Problem]) -> None:
    fake.faults = Faults(before=lambda request: answer if request.path == "/token" else None)
    with pytest.raises(problem) as caught:
        key_events(web, connected())
    told(caught.value)


# ---------------------------------------------------------------------------------------------------------------- reports


def test_pages_are_read_until_there_are_as_many_rows_as_stated(fake: Ga4, web: Web) -> None:
    fake.page = 4
    found = fetch(of(web), report())
    assert [one["offset"] for one in asked(fake)] == ["0", "4", "8", "12", "16"] and len(found.rows) == 19
    assert found.total("sessions") == fake.books[NUMBER].totals(SINCE, UNTIL)["visits"]


@pytest.mark.promise("R13")
@pytest.mark.parametrize(
    ("back", "totals", "field"), [(4, (19, 19), "offset"), (0, (19, 11), "rowCount")], ids=["repeated page", "total that shrinks"],
)
def test_pages_that_do_not_fit_together_stop_at_once(fake: Ga4, web: Web, back: int, totals: tuple[int, int], field: str) -> None:
    def page(request: Request) -> Response | None:
        if not request.path.endswith(":runReport"):
            return None
        body = json.loads(request.body)
        first = body["offset"] == "0"
        moved = replace(request, body=json.dumps(body | {"offset": f"{max(0, int(body['offset']) - back)}"}).encode())
        return as_json(json.loads(fake.answer(moved).body) | {"rowCount": totals[not first]})

    fake.page, fake.faults = 4, Faults(before=page)
    with pytest.raises(AnswerChanged, match=field) as caught:
        fetch(of(web), report())
    told(caught.value)
    assert len(asked(fake)) == 2


def test_an_answer_without_rows_is_an_empty_one(fake: Ga4, web: Web) -> None:
    fake.books[NUMBER] = Books(NUMBER, scale=0)
    assert fetch(of(web), report()).rows == {}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rowCount": 99}, "rowCount"), ({"metricHeaders": [{"name": "visits"}]}, "headers"), ({"metricHeaders": None}, "metricHeaders"),
        ({"rows": [{"dimensionValues": [{"value": "20260301"}], "metricValues": [{"value": "many"}]}], "rowCount": 1}, "metricValues"),
        ({"rows": [{"dimensionValues": [{"value": "20260301"}], "metricValues": [{"value": "NaN"}]}], "rowCount": 1}, "metricValues"),
        ({"rows": [{"dimensionValues": [], "metricValues": [{"value": "1"}]}], "rowCount": 1}, "rows"), ({"rows": "all"}, "rows"),
    ],
)
def test_an_answer_that_is_not_as_documented_names_the_field(fake: Ga4, web: Web, change: dict[str, Any], field: str) -> None:
    fake.change = change
    with pytest.raises(AnswerChanged, match=field) as caught:
        fetch(of(web), report())
    told(caught.value)


def test_limits_are_looked_at_before_anything_is_asked() -> None:
    for wrong_one in (
        replace(report(), metrics=tuple(f"m{n}" for n in range(11))), report(by=tuple(f"d{n}" for n in range(10))),
        replace(report(), ranges=DAYS * 5), replace(report(), ranges=((UNTIL, SINCE),)), replace(report(), metrics=()),
    ):
        with pytest.raises(BadRequest) as caught:
            check(wrong_one, NUMBER)
        told(caught.value)


def test_a_sampled_report_is_asked_for_in_halves_until_it_is_not(fake: Ga4, web: Web) -> None:
    fake.sampled_from = 5
    found = fetch(of(web), report())
    assert found.share == 1 and not list(found.notes())
    assert found.total("sessions") == fake.books[NUMBER].totals(SINCE, UNTIL)["visits"]
    fake.sampled_from = 1
    sampled = fetch(of(web), report())
    assert sampled.share == 0.25 and [note.kind for note in sampled.notes()] == ["sampled"]


def test_a_field_that_google_does_not_combine_is_left_out_and_named(fake: Ga4, web: Web) -> None:
    fake.refused = {"newUsers": "Please remove newUsers to make the request compatible."}
    found = fetch(of(web), report("sessions", "newUsers", needed=frozenset(("date", "sessions"))))
    assert found.report.metrics == ("sessions",) and found.dropped == ("newUsers",)
    assert found.figure((Decimal(1),), "newUsers") == 0 and [note.kind for note in found.notes()] == ["not loaded"]
    fake.refused = {"date": "Please remove date to make the request compatible."}
    with pytest.raises(Incompatible, match="date") as caught:
        fetch(of(web), report(needed=frozenset(("date", "sessions"))))
    told(caught.value)


def test_what_an_answer_says_about_itself_is_kept(fake: Ga4, web: Web, tmp_path: Path) -> None:
    fake.hides, fake.currency, fake.zone = True, "USD", "Europe/Berlin"
    [batch] = fetched(web, tmp_path, "traffic_session")
    assert batch.thresholded and batch.sample_share == 1 and "USD; Europe/Berlin" in batch.origin
    kinds = [note.kind for note in batch.notes]
    assert {"hidden", "zone", "currency"} <= set(kinds)
    assert set(batch.rows["currency"].to_pylist()) == {"USD", ""}
    assert all(words("ru").note(note) != words("en").note(note) for note in batch.notes)


# ------------------------------------------------------------------------------------------------------------------ tokens


def test_nothing_is_asked_any_more_once_four_fifths_of_the_hours_tokens_are_used(fake: Ga4, web: Web) -> None:
    fake.price = 2900
    for _ in range(4):
        fetch(of(web), report())
    count = len(fake.requests)
    with pytest.raises(QuotaSpent) as caught:
        fetch(of(web), report())
    assert len(fake.requests) == count and caught.value.resume_at > datetime.now(UTC)
    assert (caught.value.resume_at.minute, caught.value.resume_at.second) == (0, 0)
    told(caught.value)


def test_a_property_of_360_may_be_asked_for_more(fake: Ga4, web: Web) -> None:
    fake.large, fake.price = True, 2900
    for _ in range(6):
        fetch(of(web, "360"), report())


def test_a_service_that_fails_too_often_is_left_alone_for_the_hour(fake: Ga4, web: Web) -> None:
    fake.errors[fake.hour] = 9
    fetch(of(web), report())
    with pytest.raises(QuotaSpent):
        fetch(of(web), report())


def test_hours_and_days_start_anew_when_google_says(tmp_path: Path) -> None:
    assert next_hour(datetime(2026, 3, 7, 23, 59, 59, tzinfo=UTC)) == datetime(2026, 3, 8, 0, tzinfo=UTC)
    assert next_day(datetime(2026, 3, 7, 12, tzinfo=UTC)) == datetime(2026, 3, 8, 8, tzinfo=UTC)
    assert next_day(datetime(2026, 3, 8, 12, tzinfo=UTC)) == datetime(2026, 3, 9, 7, tzinfo=UTC), "summer time has begun"


@pytest.mark.parametrize(
    ("text", "hour"),
    [("Exhausted property tokens per day.", {7, 8}), ("Exhausted property tokens for a project per hour.", set(range(24))),
     ("Exhausted potentially thresholded requests quota.", set(range(24)))],
)
def test_a_spent_quota_says_when_there_is_more_and_closes_the_property_alone(fake: Ga4, web: Web, text: str, hour: set[int]) -> None:
    fake.faults = Faults(before=lambda request: error(429, "RESOURCE_EXHAUSTED", text) if f"{NUMBER}:" in request.path else None)
    with pytest.raises(QuotaSpent) as caught:
        fetch(of(web), report())
    assert caught.value.resume_at.hour in hour
    told(caught.value)
    assert fetch(replace(of(web), id="250000002"), report()).rows


def test_requests_at_once_only_slow_down(fake: Ga4, web: Web) -> None:
    busy = [error(429, "RESOURCE_EXHAUSTED", "Exhausted concurrent requests quota.")] * 2
    fake.faults = Faults(before=lambda request: busy.pop() if busy and ":runReport" in request.path else None)
    assert fetch(of(web), report()).rows


# ------------------------------------------------------------------------------------------------------------------- feeds


@pytest.mark.parametrize("scope", ["session", "first"])
def test_sessions_and_key_events_are_those_of_the_property(fake: Ga4, web: Web, tmp_path: Path, scope: str) -> None:
    [batch] = fetched(web, tmp_path, f"traffic_{scope}")
    held, books = store(tmp_path, batch), fake.books[NUMBER]
    assert one(held, "SELECT sum(visits) AS visits, sum(page_views) AS page_views, sum(reaches) AS reaches, sum(orders) AS orders, "
                     "sum(revenue) AS revenue FROM traffic") == books.totals(SINCE, UNTIL)
    events = {row["goal"] for row in held.arrow("SELECT DISTINCT goal FROM traffic").to_pylist()}
    assert events == {"", *KEY_EVENTS}
    paid = one(held, "SELECT sum(visits) AS n FROM traffic JOIN origins USING (origin) WHERE campaign_id = '9001'")["n"]
    assert paid == sum((each.first if scope == "first" else each.source)[4] == "9001" for each in books.sessions(SINCE, UNTIL))
    assert {row["device"] for row in held.arrow("SELECT DISTINCT device FROM traffic").to_pylist()} == {"desktop", "phone", "tablet"}
    assert batch.attribution == scope and not batch.notes


def test_rare_campaigns_that_were_folded_are_loaded_without_campaigns(fake: Ga4, web: Web, tmp_path: Path) -> None:
    fake.folds = True
    [batch] = fetched(web, tmp_path, "traffic_session")
    assert [note.kind for note in batch.notes] == ["other"] and "without campaigns" in str(batch.notes[0])
    held = store(tmp_path, batch)
    assert one(held, "SELECT sum(visits) AS n FROM traffic")["n"] == fake.books[NUMBER].totals(SINCE, UNTIL)["visits"]
    assert {row["campaign"] for row in held.arrow("SELECT DISTINCT campaign FROM origins").to_pylist()} == {""}


def test_a_day_without_anything_is_a_known_day(fake: Ga4, web: Web, tmp_path: Path) -> None:
    fake.books[NUMBER] = Books(NUMBER, scale=0)
    held = store(tmp_path, *fetched(web, tmp_path, "traffic_session"))
    assert one(held, "SELECT count(*) AS days, sum(rows) AS n FROM loads") == {"days": 19, "n": 0}


@pytest.mark.parametrize(("grain", "columns"), [("week", 7), ("month", 31)])
def test_users_of_weeks_and_months_are_asked_for_without_a_date(
    fake: Ga4, web: Web, tmp_path: Path, grain: str, columns: int
) -> None:
    since = date(2025, 12, 1)
    batches = fetched(web, tmp_path, f"people_session_all_{grain}", since)
    bodies = asked(fake)
    assert all(not body["dimensions"] and len(body["dateRanges"]) <= 4 for body in bodies) and len(bodies) == -(-len(batches) // 4)
    held, books = store(tmp_path, *batches), fake.books[NUMBER]
    for row in held.arrow("SELECT day, until, users, new_users, buyers FROM audience").to_pylist():
        sessions = books.sessions(row["day"], row["until"])
        assert (row["until"] - row["day"]).days < columns
        assert (row["users"], row["new_users"], row["buyers"]) == (
            len({each.user for each in sessions}), len({each.user for each in sessions if each.new}),
            len({each.user for each in sessions if "purchase" in each.events}),
        )


def test_users_by_channel_are_counted_within_each(fake: Ga4, web: Web, tmp_path: Path) -> None:
    batches = fetched(web, tmp_path, "people_first_origin_month", until=date(2026, 3, 19))
    held = store(tmp_path, *batches, *fetched(web, tmp_path, "people_session_origin_day"))
    found = one(held, "SELECT users FROM audience JOIN origins USING (origin) WHERE breakdown = 'origin,month' AND given_channel = 'Email'")
    sessions = fake.books[NUMBER].sessions(SINCE, UNTIL)
    assert found["users"] == len({each.user for each in sessions if each.first[0] == "Email"})
    assert one(held, "SELECT count(DISTINCT day) AS days FROM audience WHERE breakdown = 'origin'")["days"] == 19


@pytest.mark.parametrize("whole", [False, True])
def test_costs_agree_with_the_total_or_each_day_is_asked_for_by_itself(fake: Ga4, web: Web, tmp_path: Path, whole: bool) -> None:
    fake.whole_cost = whole
    [batch] = fetched(web, tmp_path, "costs")
    books = fake.books[NUMBER]
    found = one(store(tmp_path, batch), "SELECT sum(cost) AS cost, sum(clicks) AS clicks, count(DISTINCT day) AS days FROM spend")
    assert (found["cost"], found["days"]) == (books.cost(SINCE, UNTIL), 19)
    assert found["clicks"] == sum(row[4] for row in books.spent(SINCE, UNTIL))
    assert [note.kind for note in batch.notes] == (["totals"] if whole else [])
    assert len(asked(fake)) == (21 if whole else 2)


def test_a_day_that_cost_does_not_go_with_is_asked_for_by_itself(fake: Ga4, web: Web, tmp_path: Path) -> None:
    def refusing(request: Any) -> Response | None:
        return incompatible("date") if b'"date"' in request.body and b"advertiser" in request.body else None

    fake.faults = Faults(before=refusing)
    [batch] = fetched(web, tmp_path, "costs", date(2026, 3, 17))
    assert one(store(tmp_path, batch), "SELECT sum(cost) AS cost FROM spend")["cost"] == fake.books[NUMBER].cost(date(2026, 3, 17), UNTIL)


def test_metrics_that_the_login_may_not_see_are_not_taken_for_zeros(fake: Ga4, web: Web, tmp_path: Path) -> None:
    fake.blocked = frozenset(("purchaseRevenue", "advertiserAdCost"))
    assert blocked(web, credentials({}), NUMBER)[1] == {
        "purchaseRevenue": "NO_REVENUE_METRICS", "advertiserAdCost": "NO_COST_METRICS"
    }
    assert "costs" not in [each.name for each in LIVE.feeds(web, connected())]
    [batch] = fetched(web, tmp_path, "traffic_session")
    assert "revenue" not in batch.rows.column_names and "purchaseRevenue" in str(batch.notes[0])
    assert one(store(tmp_path, batch), "SELECT count(revenue) AS n FROM traffic")["n"] == 0


def test_rows_that_do_not_make_the_total_are_told(fake: Ga4, web: Web, tmp_path: Path) -> None:
    def less(request: Any) -> Response | None:
        if ":runReport" not in request.path or json.loads(request.body)["dimensions"]:
            return None
        heads = [{"name": each["name"], "type": "TYPE_INTEGER"} for each in json.loads(request.body)["metrics"]]
        return as_json({"metricHeaders": heads, "rowCount": 1, "rows": [{"metricValues": [{"value": "5000"}] * len(heads)}]})

    fake.faults = Faults(before=less)
    [batch] = fetched(web, tmp_path, "traffic_session")
    assert [note.kind for note in batch.notes] == ["totals"] * 3
    assert all(words("ru").note(note) != words("en").note(note) for note in batch.notes)


# --------------------------------------------------------------------------------------------------------------- refusals


def told(problem: Problem) -> None:
    """What, where and how to fix, in both languages, with nothing left unfilled."""
    for language in ("en", "ru"):
        lines = words(language).problem(problem)
        assert all(lines) and not any("{" in line for line in lines), lines
    assert words("ru").problem(problem)[0] != words("en").problem(problem)[0]
    assert words("ru").problem(problem)[2] != words("en").problem(problem)[2]
    assert "PRIVATE KEY" not in str(problem) and "ya29" not in str(problem)


REFUSALS = [
    (400, "INVALID_ARGUMENT", "Did you mean sessions?", BadRequest), (400, "FAILED_PRECONDITION", "x", BadRequest),
    (401, "UNAUTHENTICATED", "x", WrongToken), (403, "PERMISSION_DENIED", "no permission", NoGrant),
    (403, "PERMISSION_DENIED", "Google Analytics Data API has not been used in project 1 before or it is disabled.", SwitchedOff),
    (404, "NOT_FOUND", "x", NoSuchAccount), (429, "RESOURCE_EXHAUSTED", "Exhausted concurrent requests quota.", QuotaSpent),
    (500, "INTERNAL", "x", SourceDown), (503, "UNAVAILABLE", "x", SourceDown),
]


@pytest.mark.parametrize(("status", "name", "text", "problem"), REFUSALS)
def test_every_refusal_is_a_problem_in_both_languages(
    fake: Ga4, web: Web, status: int, name: str, text: str, problem: type[Problem]
) -> None:
    fake.faults = Faults(before=lambda request: error(status, name, text) if request.path != "/token" else None)
    with pytest.raises(problem) as caught:
        fetch(of(web), report())
    told(caught.value)
    if status >= 500:
        assert len(asked(fake)) == 3, "failures of the server are counted against us"


def test_strangers_and_a_network_that_is_away(fake: Ga4, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GA4_CREDENTIALS", account_key(STRANGER))
    assert properties(web, {}) == []
    with pytest.raises(NoGrant) as caught:
        LIVE.feeds(web, connected())
    told(caught.value)
    monkeypatch.setenv("GA4_API_URL", "http://127.0.0.1:9")
    with pytest.raises(NetworkAway) as away:
        LIVE.feeds(web, connected())
    told(away.value)


def test_every_note_is_said_in_russian() -> None:
    rows = {("(other)",): (Decimal(9),)}
    table = reports.Table(report(), rows, share=0.5, hidden=True, folded=True, truncated=frozenset(("X",)), dropped=("a",))
    notes: list[Note] = list(table.notes())
    assert [note.kind for note in notes] == ["sampled", "hidden", "other", "truncated", "not loaded"]
    assert all(words("ru").note(note) != words("en").note(note) for note in notes)


# ----------------------------------------------------------------------------------------------------------- real answers


def test_a_real_answer_is_read(fake: Ga4, web: Web) -> None:
    document = json.loads(shared("ga/api/api_runreport_response_airbyte.json").read_text(encoding="utf-8"))
    document["rowCount"] = len(document["rows"])
    fake.faults = Faults(before=lambda request: as_json(document) if ":runReport" in request.path else None)
    named = tuple(each["name"] for each in document["dimensionHeaders"])
    metrics = tuple(each["name"] for each in document["metricHeaders"])
    found = fetch(of(web), Report(metrics, named, ((date(2022, 7, 31), date(2022, 7, 31)),)))
    assert found.total("sessions") == 807 and (found.currency, found.zone) == ("USD", "America/Los_Angeles")
    assert found.figure(found.rows[("20220731", "desktop", "Windows", "Chrome")], "bounceRate") == Decimal("0.42377260981912146")


def test_an_hours_late_key_event_arrives_with_the_next_pull(fake: Ga4, web: Web, tmp_path: Path) -> None:
    held = store(tmp_path, *fetched(web, tmp_path, "traffic_session"))
    fake.books[NUMBER].late[UNTIL - timedelta(days=2)] = 2
    held.load(fetched(web, tmp_path, "traffic_session"))
    assert one(held, "SELECT sum(revenue) AS revenue FROM traffic")["revenue"] == fake.books[NUMBER].totals(SINCE, UNTIL)["revenue"]
