"""Yandex Direct's Reports service against a fake written from its documentation: queued reports, exact money, every refusal told."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.direct_api import LIVE, advertisers
from connectors.direct_api_reports import body
from connectors.direct_api_service import NotApproved, TooHeavy
from connectors.live import Connected, Order
from connectors.pace import Clock, Rate
from connectors.refusals import AnswerChanged, BadRequest, NetworkAway, NoGrant, NoSuchAccount, QuotaSpent, SourceDown, WrongToken
from connectors.web import Web
from data.batches import Batch
from data.errors import MissingSetting, Problem
from data.text import words
from data.warehouse import Warehouse
from tests.fakes.direct import AGENCY, OWNER, STRANGER, UNAPPROVED, Books, Direct, error
from tests.fakes.server import Faults, Response, as_json

LOGIN = "shop-direct"
TODAY = date(2026, 3, 20)
SINCE, UNTIL = date(2026, 3, 1), date(2026, 3, 19)
ANSWERS = {"timezone": "Europe/Moscow", "currency": "RUB", "agency": "yes"}


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[Direct]:
    with Direct((Books(LOGIN), Books("zoo-direct", "KZT")), scale=50) as one:
        monkeypatch.setenv("DIRECT_API_URL", one.address)
        monkeypatch.setenv("DIRECT_TOKEN", AGENCY)
        yield one
        assert one.broken == []


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Web:
    """Waits are not waited for, limits of time are as much shorter as the fake's."""
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(Rate, "hurry", 50.0)
    return Web(tmp_path / "paces", Clock(time.time, lambda seconds: time.sleep(seconds / 200)))


def fetched(web: Web, folder: Path, since: date = SINCE, until: date = UNTIL, login: str = LOGIN, **answers: str) -> list[Batch]:
    (folder / "files").mkdir(exist_ok=True)
    [feed] = LIVE.feeds(web, Connected("shop", login, {**ANSWERS, **answers}))
    order = Order(web, since, until, TODAY, folder / "files", lambda text: None)
    return [batch for batches in feed.fetch(order) for batch in batches]


def store(folder: Path, *batches: Batch) -> Warehouse:
    made = Warehouse(folder / "store")
    made.load(batches)
    return made


def one(held: Warehouse, query: str) -> dict[str, Any]:
    return dict(held.arrow(query).to_pylist()[0])


def reports(fake: Direct) -> list[Any]:
    return [request for request in fake.requests if request.path.endswith("/reports")]


# ---------------------------------------------------------------------------------------------------------------- accounts


def test_an_agency_sees_its_clients_and_an_owner_himself(fake: Direct, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.page = 1
    assert [(each.id, each.permission, dict(each.says)) for each in advertisers(web, {})] == [
        (LOGIN, "agency", {"timezone": "Europe/Moscow", "currency": "RUB", "agency": "yes"}),
        ("zoo-direct", "agency", {"timezone": "Europe/Moscow", "currency": "KZT", "agency": "yes"}),
    ]
    monkeypatch.setenv("DIRECT_TOKEN", OWNER)
    assert [(each.id, each.permission, each.says.get("agency")) for each in advertisers(web, {})] == [(LOGIN, "own", None)]


def test_only_an_agency_names_the_login(fake: Direct, web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched(web, tmp_path, login="zoo-direct")
    assert reports(fake)[-1].headers["client-login"] == "zoo-direct"
    monkeypatch.setenv("DIRECT_TOKEN", OWNER)
    fetched(web, tmp_path, agency="")
    assert "client-login" not in reports(fake)[-1].headers


# ----------------------------------------------------------------------------------------------------------------- reports


@pytest.mark.parametrize("offline", [0, 3])
def test_spend_is_that_of_the_login_to_the_last_millionth(fake: Direct, web: Web, tmp_path: Path, offline: int) -> None:
    fake.offline = offline
    books = fake.books[LOGIN]
    books.empty |= {SINCE, date(2026, 3, 9), UNTIL}
    held = store(tmp_path, *fetched(web, tmp_path))
    spent = books.spent(SINCE, UNTIL)
    assert one(held, "SELECT sum(cost) AS cost, sum(clicks) AS clicks, sum(impressions) AS shown, sum(claimed) AS claimed FROM spend") == {
        "cost": books.cost(SINCE, UNTIL), "clicks": sum(row[5] for row in spent), "shown": sum(row[4] for row in spent),
        "claimed": sum(row[7] or 0 for row in spent),
    }
    days = held.arrow("SELECT day, rows FROM loads ORDER BY day").to_pylist()
    assert [row["day"] for row in days] == [SINCE + timedelta(days=n) for n in range(19)]
    assert {row["day"] for row in days if not row["rows"]} == {SINCE, date(2026, 3, 9), UNTIL}
    origins = held.arrow("SELECT campaign_id, campaign_name, placement FROM origins ORDER BY ALL").to_pylist()
    assert [tuple(row.values()) for row in origins] == [
        ("70001", 'Brand "Plates"', "search"), ("70002", "Goods", "network"), ("70002", "Goods", "search")
    ]
    assert len(reports(fake)) == offline + 1 and not list((tmp_path / "files").iterdir())


def test_money_is_asked_for_in_millionths_and_without_vat(fake: Direct, web: Web, tmp_path: Path) -> None:
    fetched(web, tmp_path)
    request = reports(fake)[-1]
    assert json.loads(request.body)["params"]["IncludeVAT"] == "NO" and "returnmoneyinmicros" not in request.headers
    assert request.headers["authorization"] == f"Bearer {AGENCY}" and request.headers["processingmode"] == "auto"


def test_the_smallest_amounts_are_not_taken_for_whole_roubles(fake: Direct, web: Web, tmp_path: Path) -> None:
    def tiny(text: str) -> str:
        head = text.splitlines()[:2]
        return "\n".join([*head, "2026-03-01\t7\tA\tSEARCH\t1\t0\t2900\t--", "Total rows: 1", ""])

    fake.written = tiny
    assert one(store(tmp_path, *fetched(web, tmp_path)), "SELECT sum(cost) AS cost FROM spend")["cost"] == Decimal("0.0029")


def test_days_without_ads_are_known_days(fake: Direct, web: Web, tmp_path: Path) -> None:
    fake.books[LOGIN].empty |= {SINCE + timedelta(days=n) for n in range(19)}
    held = store(tmp_path, *fetched(web, tmp_path))
    assert one(held, "SELECT count(*) AS days, sum(rows) AS n FROM loads") == {"days": 19, "n": 0}


def test_a_queued_report_is_taken_up_by_the_next_pull_of_that_day_and_not_later(fake: Direct, web: Web, tmp_path: Path) -> None:
    name = body(SINCE, UNTIL, TODAY)["params"]["ReportName"]
    assert body(SINCE, UNTIL, TODAY)["params"]["ReportName"] == name
    others = (body(SINCE, UNTIL, TODAY + timedelta(days=1)), body(SINCE, SINCE, TODAY))
    assert name not in [other["params"]["ReportName"] for other in others]
    fetched(web, tmp_path)
    fetched(web, tmp_path)
    assert len(fake.names) == 1


def test_the_pause_between_questions_is_the_services(fake: Direct, web: Web, tmp_path: Path) -> None:
    pauses: list[float] = []
    web.clock = Clock(time.time, pauses.append)
    fake.offline = 2
    fetched(web, tmp_path)
    assert pauses.count(5.0) == 2


def test_a_report_that_is_too_heavy_is_halved(fake: Direct, web: Web, tmp_path: Path) -> None:
    fake.heavy = 8
    found = fetched(web, tmp_path)
    assert (found[0].since, found[-1].until) == (SINCE, UNTIL) and len(found) > 2
    assert one(store(tmp_path, *found), "SELECT sum(cost) AS cost FROM spend")["cost"] == fake.books[LOGIN].cost(SINCE, UNTIL)
    fake.heavy = 1
    with pytest.raises(TooHeavy) as caught:
        fetched(web, tmp_path, UNTIL)
    told(caught.value)


def test_a_report_that_is_never_ready_stays_in_the_queue(fake: Direct, web: Web, tmp_path: Path) -> None:
    web.clock = Clock(time.time, lambda seconds: None)
    fake.faults = Faults(before=lambda request: Response(202, b"", {"retryIn": "3600"}) if "reports" in request.path else None)
    with pytest.raises(SourceDown, match="still preparing") as caught:
        fetched(web, tmp_path)
    told(caught.value)


def test_a_report_without_its_last_line_is_fetched_anew(fake: Direct, web: Web, tmp_path: Path) -> None:
    broken = [True]
    fake.written = lambda text: text.rsplit("\n", 2)[0] if broken and broken.pop() else text
    assert one(store(tmp_path, *fetched(web, tmp_path)), "SELECT sum(cost) AS n FROM spend")["n"] == fake.books[LOGIN].cost(SINCE, UNTIL)
    fake.written = lambda text: text.rsplit("\n", 2)[0]
    with pytest.raises(SourceDown, match="broke off"):
        fetched(web, tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [("\tCost\t", "\tCosts\t", "Cost"), ("Total rows: 57", "Total rows: 60", "report"), ("\tSEARCH\t", "\t", "report")],
)
def test_a_report_that_is_not_as_documented_is_told(fake: Direct, web: Web, tmp_path: Path, old: str, new: str, field: str) -> None:
    fake.written = lambda text: text.replace(old, new)
    with pytest.raises(AnswerChanged, match=field) as caught:
        fetched(web, tmp_path)
    told(caught.value)


def test_statistics_are_asked_for_no_further_back_than_there_are_any(fake: Direct, web: Web) -> None:
    [feed] = LIVE.feeds(web, Connected("shop", LOGIN, ANSWERS))
    today = datetime.now(UTC).date()
    assert today - timedelta(days=feed.oldest) >= date(today.year - 3, today.month, 1)


# --------------------------------------------------------------------------------------------------------------- refusals


def told(problem: Problem) -> None:
    """What, where and how to fix, in both languages, with nothing left unfilled."""
    for language in ("en", "ru"):
        lines = words(language).problem(problem)
        assert all(lines) and not any("{" in line for line in lines), lines
    assert words("ru").problem(problem)[0] != words("en").problem(problem)[0]
    assert words("ru").problem(problem)[2] != words("en").problem(problem)[2]
    assert AGENCY not in str(problem)


REFUSALS = [
    (error(53, "Authorization error", ""), WrongToken), (error(54, "No rights", ""), NoGrant), (error(58, "Incomplete", ""), NotApproved),
    (error(513, "Not connected", ""), NoSuchAccount), (error(8800, "Object not found", ""), NoSuchAccount),
    (error(8000, "Invalid request", "x"), BadRequest), (error(4000, "Invalid parameters", ""), BadRequest),
    (error(152, "Not enough units", ""), QuotaSpent), (error(56, "Request limit", ""), QuotaSpent), (error(506, "Calls", ""), QuotaSpent),
    (error(9000, "Reports in the queue", ""), QuotaSpent), (error(52, "Authorization server", ""), SourceDown),
    (error(1000, "Server unavailable", "", 500), SourceDown), (Response(502, b""), TooHeavy), (Response(503, b"<html>"), SourceDown),
    (Response(404, b"no"), BadRequest),
]


@pytest.mark.parametrize(("answer", "problem"), REFUSALS)
def test_every_refusal_is_a_problem_in_both_languages(
    fake: Direct, web: Web, tmp_path: Path, answer: Response, problem: type[Problem]
) -> None:
    fake.faults = Faults(before=lambda request: answer)
    with pytest.raises(problem) as caught:
        fetched(web, tmp_path, UNTIL)
    told(caught.value)


def test_a_refusal_with_status_200_is_one_too(fake: Direct, web: Web) -> None:
    fake.faults = Faults(before=lambda request: error(53, "Authorization error", "", 200))
    with pytest.raises(WrongToken):
        advertisers(web, {})
    fake.faults = Faults(before=lambda request: as_json({"result": []}))
    with pytest.raises(AnswerChanged, match="result"):
        advertisers(web, {})


def test_points_that_are_spent_stop_the_login_until_the_next_hour(fake: Direct, web: Web) -> None:
    fake.units = 25
    with pytest.raises(QuotaSpent) as caught:
        for _ in range(4):
            advertisers(web, {})
    assert caught.value.resume_at.minute == 0 and len(fake.requests) == 2
    told(caught.value)


def test_tokens_that_are_missing_a_strangers_or_not_approved(
    fake: Direct, web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases: list[tuple[str, type[Problem]]] = [
        ("y0_typo", WrongToken), (STRANGER, NoGrant), (UNAPPROVED, NotApproved), ("", MissingSetting)
    ]
    for token, problem in cases:
        monkeypatch.setenv("DIRECT_TOKEN", token)
        with pytest.raises(problem) as caught:
            fetched(web, tmp_path)
        told(caught.value)
    monkeypatch.setenv("DIRECT_TOKEN", AGENCY)
    monkeypatch.setenv("DIRECT_API_URL", "http://127.0.0.1:9")
    with pytest.raises(NetworkAway) as away:
        fetched(web, tmp_path)
    told(away.value)


def test_an_unknown_login_is_told(fake: Direct, web: Web, tmp_path: Path) -> None:
    with pytest.raises(NoSuchAccount, match="nobody") as caught:
        fetched(web, tmp_path, login="nobody")
    told(caught.value)
