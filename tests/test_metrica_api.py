"""Metrica's API against a fake written from its documentation: limits kept, everything fetched whole, every refusal in plain words."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest

from connectors import metrica_api_logs as logs
from connectors import metrica_api_service as service
from connectors.live import Connected, Feed, Order
from connectors.metrica_api import LIVE
from connectors.metrica_api_management import counters, goals
from connectors.metrica_api_reports import Report, check, fetch
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
from data.batches import Batch
from data.errors import MissingSetting, Problem
from data.text import words
from data.warehouse import Warehouse
from tests.fakes.metrica import EXPIRED, STRANGER, TOKEN, Metrica, error
from tests.fakes.metrica_books import GOALS, LEAD, Books
from tests.fakes.server import Faults, Request, Response, as_json

COUNTER = "12345678"
TODAY = date(2026, 3, 20)
SINCE, UNTIL = date(2026, 3, 1), date(2026, 3, 19)
ANSWERS = {"timezone": "Europe/Moscow", "currency": "RUB", "vat": "net"}


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[Metrica]:
    with Metrica((Books(COUNTER), Books("87654321")), today=TODAY, scale=50) as one:
        monkeypatch.setenv("METRIKA_API_URL", one.address)
        monkeypatch.setenv("METRIKA_TOKEN", TOKEN)
        yield one
        assert one.broken == []


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Web:
    """Waits are not waited for, limits of time are as much shorter as the fake's."""
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(Rate, "hurry", 50.0)
    return Web(tmp_path / "paces", Clock(time.time, lambda seconds: time.sleep(seconds / 200)))


def connected(**answers: str) -> Connected:
    return Connected("shop", COUNTER, {**ANSWERS, **answers})


def feed(web: Web, name: str, **answers: str) -> Feed:
    return next(one for one in LIVE.feeds(web, connected(**answers)) if one.name == name)


def order(web: Web, folder: Path, since: date = SINCE, until: date = UNTIL) -> Order:
    folder.mkdir(exist_ok=True)
    return Order(web, since, until, TODAY, folder, lambda text: None)


def loaded(web: Web, tmp_path: Path, name: str, since: date = SINCE, until: date = UNTIL, **answers: str) -> Warehouse:
    """A store with what one feed brings."""
    store = Warehouse(tmp_path / "store")
    for batches in feed(web, name, **answers).fetch(order(web, tmp_path / "files", since, until)):
        store.load(batches)
    return store


def one(store: Warehouse, query: str) -> dict[str, Any]:
    return dict(store.arrow(query).to_pylist()[0])


# ------------------------------------------------------------------------------------------------------------- management


def test_counters_come_by_name_with_permission_and_zone_whatever_the_page(fake: Metrica, web: Web) -> None:
    fake.page = 1
    found = counters(web, {})
    assert [(account.id, account.name, account.permission) for account in found] == [
        ("87654321", "Counter 21 · site21.example", "view"), (COUNTER, "Counter 78 · site78.example", "view")
    ]
    assert found[0].says == {"timezone": "Europe/Moscow"}


def test_goals_come_with_their_names(fake: Metrica, web: Web) -> None:
    assert goals(web, connected()) == GOALS


# ---------------------------------------------------------------------------------------------------------------- reports


def report(*metrics: str, **more: Any) -> Report:
    return Report(metrics, ("ym:s:date",), SINCE, UNTIL, **more)


def test_more_goals_than_one_request_takes_are_asked_in_turns_and_joined(fake: Metrica, web: Web) -> None:
    metrics = ("ym:s:visits", *(f"ym:s:goal{goal}{kind}" for goal in GOALS for kind in ("reaches", "visits")))
    found = fetch(web, service.token({}), COUNTER, report(*metrics))
    assert len(fake.requests) == 3
    books = fake.books[COUNTER]
    assert len(found.rows) == len(books.days(SINCE, UNTIL)) and {len(row) for row in found.rows.values()} == {len(metrics)}
    leads = sum(visit.goals.count(LEAD) for visit in books.visits(SINCE, UNTIL))
    assert sum(found.figure(row, f"ym:s:goal{LEAD}reaches") for row in found.rows.values()) == leads > 0
    assert found.totals[found.column(f"ym:s:goal{LEAD}reaches")] == leads
    assert not list(found.notes(("ym:s:visits",)))


def test_pages_are_read_to_the_end_from_the_first_row(fake: Metrica, web: Web) -> None:
    fake.page = 4
    found = fetch(web, service.token({}), COUNTER, report("ym:s:visits"))
    assert [request.params["offset"] for request in fake.requests] == ["1", "5", "9", "13", "17"]
    assert {key[0][1] for key in found.rows} == {f"{day}" for day in fake.books[COUNTER].days(SINCE, UNTIL)}


def test_what_is_asked_for_is_whole_unsampled_and_with_the_undefined(fake: Metrica, web: Web) -> None:
    fetch(web, service.token({}), COUNTER, report("ym:s:visits"))
    params = fake.requests[-1].params
    assert (params["accuracy"], params["include_undefined"], params["lang"]) == ("full", "true", "en")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"total_rows": 99}, "total_rows"), ({"totals": [1.0, 2.0]}, "totals"), ({"totals": ["many"]}, "totals"), ({"data": None}, "data"),
        ({"data": [{"dimensions": [{"name": "2026-03-01"}], "metrics": ["12"]}]}, "metrics"), ({"query": {}}, "query.date1"),
        ({"query": {"date1": "2026-03-02", "date2": "2026-03-19"}}, "query.date1"),
        ({"data": [{"dimensions": [], "metrics": [1.0]}]}, "data[0]"), ({"sampled": "no"}, "sampled"),
    ],
)
def test_an_answer_that_is_not_as_documented_names_the_field(fake: Metrica, web: Web, change: dict[str, Any], field: str) -> None:
    fake.change = change
    with pytest.raises(AnswerChanged) as caught:
        fetch(web, service.token({}), COUNTER, report("ym:s:visits"))
    assert field in str(caught.value)
    assert len(fake.requests) <= 3


def page(fake: Metrica, request: Request, skip: int, total: int) -> Response:
    """The fake's own page from another row on, under another number of all rows."""
    moved = replace(request, params={**request.params, "offset": str(max(1, int(request.params["offset"]) - skip))})
    document = json.loads(fake.answer(moved).body)
    return as_json(document | {"total_rows": total})


@pytest.mark.promise("R13")
@pytest.mark.parametrize(
    ("skip", "totals", "field"),
    [(4, (19, 19), "offset"), (2, (19, 19), "offset"), (99, (19, 19), "offset"), (0, (19, 11), "total_rows"), (0, (19, 25), "total_rows")],
    ids=["repeated page", "page that overlaps", "cursor that loops", "total that shrinks", "total that grows"],
)
def test_pages_that_do_not_fit_together_stop_at_once(
    fake: Metrica, web: Web, skip: int, totals: tuple[int, int], field: str
) -> None:
    fake.page = 4
    fake.faults = Faults(before=lambda request: page(fake, request, skip if request.number > 1 else 0, totals[request.number > 1]))
    with pytest.raises(AnswerChanged) as caught:
        fetch(web, service.token({}), COUNTER, report("ym:s:visits"))
    assert field in str(caught.value)
    assert len(fake.requests) <= 3


@pytest.mark.promise("R13")
def test_a_page_that_is_shorter_than_asked_for_is_read_on(fake: Metrica, web: Web) -> None:
    fake.page = 7
    whole = fetch(web, service.token({}), COUNTER, report("ym:s:visits")).rows
    fake.page = 5
    assert fetch(web, service.token({}), COUNTER, report("ym:s:visits")).rows == whole


def test_limits_are_looked_at_before_anything_is_asked() -> None:
    many = Report(("ym:s:visits",), tuple(f"ym:s:d{n}" for n in range(11)), SINCE, UNTIL)
    mixed = Report(("ym:s:visits", "ym:ev:expenseClicks"), (), SINCE, UNTIL)
    direct = Report(("ym:ad:clicks",), (), SINCE, UNTIL)
    for wrong in (many, mixed, direct, report("ym:s:visits", filters="x" * 10_001), replace(report("ym:s:visits"), since=TODAY)):
        with pytest.raises(BadRequest):
            check(wrong, COUNTER)


def test_sampling_hidden_rows_another_attribution_and_a_gap_to_the_totals_are_told(fake: Metrica, web: Web) -> None:
    fake.sample, fake.hides, fake.echo, fake.change = 0.1, True, "Automatic", {"totals": [1e6]}
    found = fetch(web, service.token({}), COUNTER, report("ym:s:visits", attribution="last"))
    assert [note.kind for note in found.notes(("ym:s:visits",))] == ["sampled", "hidden", "attribution", "totals"]
    assert "attribution last → Automatic" in found.origin and "data_lag 120 s" in found.origin
    assert all(words("ru").note(note) != str(note) for note in found.notes(("ym:s:visits",)))


def test_a_report_that_is_too_heavy_is_halved_until_it_is_not(fake: Metrica, web: Web) -> None:
    def heavy(request: Any) -> Any:
        days = date.fromisoformat(request.params["date2"]) - date.fromisoformat(request.params["date1"])
        return error(400, "query_error", "Query is too complicated.") if days.days > 5 else None

    fake.faults = Faults(before=heavy)
    found = fetch(web, service.token({}), COUNTER, report("ym:s:visits"))
    assert found.totals == [fake.books[COUNTER].totals(SINCE, UNTIL)["visits"]]


def test_sums_of_reports_are_those_of_the_counter(fake: Metrica, web: Web, tmp_path: Path) -> None:
    store = loaded(web, tmp_path, "origin,device,goal", method="reports")
    books = fake.books[COUNTER]
    found = one(store, "SELECT sum(visits) AS visits, sum(page_views) AS page_views, sum(reaches) AS reaches, sum(orders) AS orders, "
                       "sum(revenue) AS revenue, sum(bounces) AS bounces FROM traffic")
    assert found == books.totals(SINCE, UNTIL) | {"bounces": sum(visit.bounce for visit in books.visits(SINCE, UNTIL))}
    origins = store.arrow("SELECT DISTINCT traffic_source, engine, ad_system, source, campaign_id FROM origins").to_pylist()
    assert {tuple(row.values()) for row in origins} == {
        ("organic", "yandex", "", "", ""), ("organic", "google", "", "", ""), ("direct", "", "", "", ""),
        ("ad", "", "ya_direct", "yandex", "70001"), ("ad", "", "ya_direct", "yandex", "70002"), ("ad", "", "vkontakte", "vk", ""),
        ("social", "vkontakte", "", "", ""), ("referral", "", "", "", ""),
    }


def test_visitors_are_asked_for_at_every_grain_and_never_added_up(fake: Metrica, web: Web, tmp_path: Path) -> None:
    store = loaded(web, tmp_path, "people_week", date(2026, 3, 2), UNTIL, method="reports")
    weeks = store.arrow("SELECT day, until, users FROM audience ORDER BY day").to_pylist()
    books = fake.books[COUNTER]
    assert [(row["day"], row["until"]) for row in weeks] == [
        (date(2026, 3, 2), date(2026, 3, 8)), (date(2026, 3, 9), date(2026, 3, 15)), (date(2026, 3, 16), UNTIL)
    ]
    for row in weeks:
        assert row["users"] == len({visit.client for visit in books.visits(row["day"], row["until"])})


def test_expenses_come_net_without_direct_and_direct_under_its_login(fake: Metrica, web: Web, tmp_path: Path) -> None:
    store = loaded(web, tmp_path, "expenses")
    loaded(web, tmp_path, "direct shop-direct", direct_logins="shop-direct")
    spent = fake.books[COUNTER].spent(SINCE, UNTIL)
    query = "SELECT account, sum(cost) AS cost, sum(clicks) AS clicks FROM spend GROUP BY 1"
    found = {row["account"]: (row["cost"], row["clicks"]) for row in store.arrow(query).to_pylist()}
    for account, source in ((COUNTER, "vk"), ("shop-direct", "yandex")):
        mine = [row for row in spent if row[1] == source]
        assert found[account] == (sum((row[3] for row in mine), Decimal(0)), sum(row[4] for row in mine))


# ------------------------------------------------------------------------------------------------------------------- logs


def test_a_log_loads_as_a_file_would_and_is_cleaned_up(fake: Metrica, web: Web, tmp_path: Path) -> None:
    fake.books[COUNTER].empty.add(date(2026, 3, 7))
    store = loaded(web, tmp_path, "visits")
    books = fake.books[COUNTER]
    found = one(store, "SELECT sum(visits) AS visits, sum(page_views) AS page_views FROM visits") | one(
        store, "SELECT count(*) AS reaches FROM conversions") | one(store, "SELECT count(*) AS orders, sum(revenue) AS revenue FROM orders")
    assert found == books.totals(SINCE, UNTIL)
    assert store.arrow("SELECT max(visit) AS most FROM visits").to_pylist()[0]["most"] > 1 << 63
    days = store.arrow("SELECT day, rows FROM loads WHERE table_name = 'visits' ORDER BY day").to_pylist()
    assert [row["day"] for row in days] == [SINCE + timedelta(days=n) for n in range(19)]
    assert {row["day"] for row in days if not row["rows"]} == {date(2026, 3, 7)}
    assert fake.occupied == [] and not list((tmp_path / "files").iterdir())


def test_days_without_a_single_visit_are_known_days(fake: Metrica, web: Web, tmp_path: Path) -> None:
    fake.books[COUNTER].empty = {SINCE + timedelta(days=n) for n in range(19)}
    store = loaded(web, tmp_path, "visits")
    assert one(store, "SELECT count(*) AS days, sum(rows) AS rows FROM loads WHERE table_name = 'visits'") == {"days": 19, "rows": 0}


def job(web: Web, tmp_path: Path) -> logs.Job:
    (tmp_path / "files").mkdir(exist_ok=True)
    return logs.Job(web, service.token({}), COUNTER, logs.fields(), tmp_path / "files")


def test_an_order_that_is_there_already_is_taken_over(fake: Metrica, web: Web, tmp_path: Path) -> None:
    mine = job(web, tmp_path)
    first = mine.order(SINCE, UNTIL)
    assert mine.order(SINCE, UNTIL).id == first.id
    assert mine.prepared(SINCE, UNTIL).id == first.id
    assert mine.order(SINCE, UNTIL).id == first.id and len(fake.logs) == 1


def test_an_order_whose_answer_was_lost_is_found_and_not_made_twice(fake: Metrica, web: Web, tmp_path: Path) -> None:
    handle, lost = fake.handle, []

    def losing(method: str, *given: Any) -> Any:
        answer, fault = handle(method, *given)
        if method == "POST" and not lost:
            lost.append(answer)
            return answer, "cut"
        return answer, fault

    fake.handle = losing  # type: ignore[method-assign]
    assert job(web, tmp_path).order(SINCE, UNTIL).status == "created"
    assert len(lost) == len(fake.logs) == 1


def test_a_preparation_that_fails_is_ordered_once_more_and_then_told(fake: Metrica, web: Web, tmp_path: Path) -> None:
    fake.failing = 1
    assert job(web, tmp_path).prepared(SINCE, UNTIL).status == "processed"
    fake.logs.clear()
    fake.failing = 9
    with pytest.raises(SourceDown, match="could not prepare"):
        job(web, tmp_path).prepared(SINCE, UNTIL)
    assert len(fake.logs) == 2


def test_a_period_that_is_too_large_is_split_and_no_room_is_told(fake: Metrica, web: Web, tmp_path: Path) -> None:
    fake.room = 8
    assert [(until - since).days + 1 for since, until in job(web, tmp_path).split(SINCE, UNTIL)] == [8, 8, 3]
    fake.room = -3
    with pytest.raises(SourceDown, match="no room"):
        list(job(web, tmp_path).split(SINCE, UNTIL))


def test_a_log_is_cleaned_up_when_loading_fails_and_leftovers_are_too(fake: Metrica, web: Web, tmp_path: Path) -> None:
    fetched = feed(web, "visits").fetch(order(web, tmp_path / "files"))
    next(fetched)
    assert len(fake.occupied) == 1
    fetched.close()  # type: ignore[attr-defined]
    assert fake.occupied == []
    job(web, tmp_path).prepared(SINCE, date(2026, 3, 5))
    loaded(web, tmp_path, "visits", date(2026, 3, 10), UNTIL)
    assert fake.occupied == []


def test_the_order_of_somebody_else_is_left_alone(fake: Metrica, web: Web, tmp_path: Path) -> None:
    other = replace(job(web, tmp_path), fields=("ym:s:visitID", "ym:s:date"))
    other.prepared(SINCE, UNTIL)
    loaded(web, tmp_path, "visits")
    assert [log.fields for log in fake.occupied] == [other.fields]


def test_fields_that_the_service_gives_up_are_left_out_and_told(fake: Metrica, web: Web, tmp_path: Path) -> None:
    fake.unknown = frozenset(("ym:s:cross_device_firstMessenger", "ym:s:lastMessenger"))
    batches = next(feed(web, "visits").fetch(order(web, tmp_path / "files")))
    assert "lastMessenger" in str(batches[0].notes[0])
    fake.unknown = frozenset(("ym:s:visitID",))
    with pytest.raises(BadRequest, match="visitID"):
        next(feed(web, "visits").fetch(order(web, tmp_path / "files")))


@pytest.mark.promise("R15")
def test_a_renamed_field_in_a_part_is_named_and_the_log_is_cleaned_up(fake: Metrica, web: Web, tmp_path: Path) -> None:
    fake.renamed = {"ym:s:goalsID": "ym:s:goalIDs"}
    with pytest.raises(AnswerChanged, match="goalsID"):
        next(feed(web, "visits").fetch(order(web, tmp_path / "files")))
    assert fake.occupied == []


def test_every_attribution_model_that_is_left_fits_into_the_fields() -> None:
    assert len(",".join(logs.fields())) <= logs.MOST_FIELDS
    assert {model for model in logs.SURVIVORS if f"ym:s:{model}TrafficSource" in logs.fields()} == {*logs.SURVIVORS}


# --------------------------------------------------------------------------------------------------------------- refusals


def told(problem: Problem) -> None:
    """What, where and how to fix, in both languages, with nothing left unfilled."""
    for language in ("en", "ru"):
        lines = words(language).problem(problem)
        assert all(lines) and not any("{" in line for line in lines), lines
    assert words("ru").problem(problem)[0] != words("en").problem(problem)[0]
    assert words("ru").problem(problem)[2] != words("en").problem(problem)[2]
    assert TOKEN not in str(problem)


REFUSALS = [
    (400, "invalid_parameter", BadRequest), (401, "unauthorized", WrongToken), (403, "invalid_token", WrongToken),
    (403, "access_denied", NoGrant), (403, "counter_in_connect", NoGrant), (404, "not_found", NoSuchAccount), (409, "conflict", BadRequest),
    (429, "quota_requests_by_uid", QuotaSpent), (420, "quota_requests_by_counter_id", QuotaSpent),
    (420, "quota_requests_by_ip", QuotaSpent),
    (429, "quota_parallel_requests", QuotaSpent), (503, "backend_error", SourceDown), (504, "timeout", SourceDown),
]


@pytest.mark.parametrize(("status", "kind", "problem"), REFUSALS)
def test_every_refusal_is_a_problem_in_both_languages(
    fake: Metrica, web: Web, status: int, kind: str, problem: type[Problem]
) -> None:
    fake.faults = Faults(before=lambda request: error(status, kind, f"Said: {kind}"))
    with pytest.raises(problem) as caught:
        goals(web, connected())
    told(caught.value)


def test_tokens_that_are_wrong_expired_missing_or_a_strangers(fake: Metrica, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    cases: list[tuple[str, type[Problem]]] = [
        ("y0_typo", WrongToken), (EXPIRED, ExpiredToken), (STRANGER, NoGrant), ("", MissingSetting)
    ]
    for token, problem in cases:
        monkeypatch.setenv("METRIKA_TOKEN", token)
        with pytest.raises(problem) as caught:
            goals(web, connected())
        told(caught.value)


def test_a_network_that_is_away_and_a_counter_that_is_not(fake: Metrica, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoSuchAccount) as caught:
        goals(web, Connected("shop", "999", ANSWERS))
    told(caught.value)
    monkeypatch.setenv("METRIKA_API_URL", "http://127.0.0.1:9")
    with pytest.raises(NetworkAway) as away:
        goals(web, connected())
    told(away.value)


def test_a_days_quota_stops_until_midnight_gmt_and_a_short_one_only_slows_down(fake: Metrica, web: Web) -> None:
    fake.faults = Faults(before=lambda request: error(429, "quota_requests_by_ip", "slow down") if request.number < 3 else None)
    assert goals(web, connected()) == GOALS
    fake.faults = Faults(before=lambda request: error(429, "quota_requests_by_uid", "enough"))
    with pytest.raises(QuotaSpent) as caught:
        goals(web, connected())
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    assert caught.value.resume_at == datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=UTC)
    asked = len(fake.requests)
    with pytest.raises(QuotaSpent):
        goals(web, connected())
    assert len(fake.requests) == asked, "a spent quota was asked again"


def batch_days(batches: Sequence[Batch]) -> tuple[date, date]:
    return min(one.since for one in batches), max(one.until for one in batches)


def test_age_and_sex_come_as_daily_sums(fake: Metrica, web: Web, tmp_path: Path) -> None:
    batches = next(feed(web, "sex,goal").fetch(order(web, tmp_path / "files")))
    assert batch_days(batches) == (SINCE, UNTIL)
    rows = batches[0].rows
    assert pc.sum(rows["visits"]).as_py() == fake.books[COUNTER].totals(SINCE, UNTIL)["visits"]
    assert set(rows["sex"].to_pylist()) == {"male", "female"}
