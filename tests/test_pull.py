"""Pulling: what is missing is asked for and nothing else; killed, refused and cut off on the way, it ends with every day there once."""

from __future__ import annotations

import ast
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

import commands
from commands.serve import following, period, time_of_day
from connectors import pulling
from connectors.live import Feed, Settling, services
from data.coverage import Span
from data.errors import Problem, StoreBusy
from data.tables import VISITS
from data.text import catalogue
from data.warehouse import Warehouse
from data.workspace import workspace
from tests.fakes import drive
from tests.fakes.direct import AGENCY, Direct
from tests.fakes.direct import Books as DirectBooks
from tests.fakes.ga4 import Ga4
from tests.fakes.ga4_books import Books as GaBooks
from tests.fakes.metrica import STRANGER, TOKEN, Metrica, error
from tests.fakes.metrica_books import GOALS, Books
from tests.fakes.server import Faults, Request, Response

ROOT = Path(__file__).parent.parent
TODAY = date(2026, 3, 20)
PROPERTY, LOGIN = "250000001", "shop-direct"
SETTLING = Settling(provisional=3, daily=7, weekly=21)


# ---------------------------------------------------------------------------------------------------------------- planning


def feed(**more: Any) -> Feed:
    return Feed("visits", "visits", VISITS, "1", lambda order: iter(()), settling=SETTLING, **more)


def span(since: date, until: date, loaded: date, state: str = "loaded") -> Span:
    at = datetime(loaded.year, loaded.month, loaded.day, 12)
    return Span("1", "s", "visits", "last", "", since, until, state, 1, "o", at, None, False)


def test_an_empty_store_is_filled_month_by_month_the_latest_first() -> None:
    asked = (date(2026, 1, 15), date(2026, 3, 19))
    assert pulling.pieces(feed(), (), asked, TODAY) == [
        (date(2026, 3, 1), date(2026, 3, 19)), (date(2026, 2, 1), date(2026, 2, 28)), (date(2026, 1, 15), date(2026, 1, 31))
    ]


def test_only_gaps_and_days_that_may_have_changed_are_asked_for() -> None:
    held = [span(date(2026, 1, 1), date(2026, 2, 9), date(2026, 3, 19)), span(date(2026, 2, 12), date(2026, 3, 18), date(2026, 3, 19))]
    assert pulling.pieces(feed(), held, (date(2026, 1, 1), date(2026, 3, 19)), TODAY) == [
        (date(2026, 3, 13), date(2026, 3, 19)), (date(2026, 2, 10), date(2026, 2, 11))
    ]
    assert pulling.pieces(feed(), [span(date(2026, 1, 1), date(2026, 3, 19), TODAY)], (date(2026, 1, 1), date(2026, 3, 19)), TODAY) == []


@pytest.mark.parametrize(
    ("age", "since_then", "expected"),
    [(1, 0, False), (1, 1, True), (6, 1, True), (7, 1, False), (7, 7, True), (20, 6, False), (20, 40, True), (21, 99, False)],
)
def test_a_day_is_loaded_anew_while_it_was_too_young(age: int, since_then: int, expected: bool) -> None:
    loaded = TODAY - timedelta(days=since_then)
    assert pulling.due(loaded - timedelta(days=age), loaded, SETTLING, TODAY) is expected


def test_a_day_loaded_after_midnight_of_the_account_is_not_loaded_anew_within_that_day() -> None:
    at = datetime(2026, 3, 19, 21, 30)  # 00:30 of the 20th in Moscow
    asked = (TODAY - timedelta(days=3), TODAY - timedelta(days=1))
    held = [Span("1", "s", "visits", "last", "", *asked, "provisional", 1, "o", at, None, False)]
    assert pulling.pieces(feed(), held, asked, TODAY, ZoneInfo("Europe/Moscow")) == []
    assert pulling.pieces(feed(), held, asked, TODAY + timedelta(days=1), ZoneInfo("Europe/Moscow")) == [asked]


def test_weeks_and_months_are_asked_for_whole_and_anew_while_they_run() -> None:
    asked = (date(2026, 2, 25), date(2026, 3, 19))
    weeks = feed(grain="week")
    assert pulling.pieces(weeks, (), asked, TODAY) == [(date(2026, 3, 2), date(2026, 3, 19))]
    held = [span(date(2026, 3, 2), date(2026, 3, 8), TODAY, "whole"), span(date(2026, 3, 9), date(2026, 3, 15), TODAY, "whole"),
            span(date(2026, 3, 16), date(2026, 3, 18), TODAY, "whole")]
    assert pulling.pieces(weeks, held, asked, TODAY) == [(date(2026, 3, 16), date(2026, 3, 19))]
    over_new_year = pulling.pieces(feed(grain="week", piece="year"), (), (date(2025, 12, 1), date(2026, 3, 19)), TODAY)
    assert over_new_year == [(date(2026, 1, 5), date(2026, 3, 19)), (date(2025, 12, 1), date(2026, 1, 4))], "a week was cut in two"
    assert pulling.pieces(feed(grain="month"), (), asked, TODAY) == [(date(2026, 3, 1), date(2026, 3, 19))]


# --------------------------------------------------------------------------------------------------------- the command line


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VITRINA_LANG", "en")
    monkeypatch.setenv("METRIKA_TOKEN", TOKEN)
    monkeypatch.setenv("FAKE_HURRY", "40")
    return tmp_path / "home"


@pytest.fixture
def fake(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Metrica]:
    with Metrica((Books("12345678", scale=8), Books("87654321", scale=4)), scale=40) as one:
        monkeypatch.setenv("METRIKA_API_URL", one.address)
        yield one
        assert one.broken == []


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a command line in this process. Shape of the answer: (exit code, standard output, standard error)."""
    monkeypatch.setattr("connectors.web.Clock", drive.clock(40))
    monkeypatch.setattr("connectors.pace.Rate.hurry", 40.0)

    def call(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["vitrina.py", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            commands.main()
        said = capsys.readouterr()
        return int(str(left.value.code or 0)), said.out, said.err

    return call


def store(slug: str = "shop") -> Warehouse:
    return workspace().store(workspace().client(slug))


def connect(run: Any, slug: str = "shop", counter: str = "12345678", *more: str) -> None:
    if slug not in {client.slug for client in workspace().clients()}:
        assert run("clients", "add", slug, "--currency", "RUB", "--timezone", "Europe/Moscow")[0] == 0
    words = ("--client", slug, "--source", "metrica_api", "--counter", counter, "--answer", "expenses=no", *more)
    code, _, err = run("accounts", "connect", *words)
    assert (code, err) == (0, ""), err


def yesterday() -> date:
    return datetime.now(ZoneInfo("Europe/Moscow")).date() - timedelta(days=1)


def sums(slug: str = "shop") -> dict[str, Decimal]:
    """What the store adds up to, as the fake's books put it."""
    return dict(store(slug).arrow(
        "SELECT (SELECT sum(visits) FROM visits) AS visits, (SELECT sum(page_views) FROM visits) AS page_views, "
        "(SELECT count(*) FROM conversions) AS reaches, (SELECT count(*) FROM orders) AS orders, "
        "(SELECT sum(revenue) FROM orders) AS revenue"
    ).to_pylist()[0])


def test_an_account_is_connected_by_its_place_in_the_list_or_its_number(fake: Metrica, run: Any) -> None:
    connect(run)
    [(account, source, answers)] = workspace().accounts("shop")
    assert (account, source, answers["timezone"], answers["currency"]) == ("12345678", "metrica_api", "Europe/Moscow", "RUB")
    assert TOKEN not in json.dumps(answers)
    assert workspace().client("shop").facts["goals"] == GOALS
    assert "12345678" in run("accounts", "--client", "shop")[1]
    code, _, err = run("accounts", "connect", "--client", "shop", "--source", "metrica_api")
    assert code == 2 and "87654321" in err and "--account" in err
    code, _, err = run("accounts", "connect", "--client", "shop", "--source", "metrica_api", "--counter", "1")
    assert code == 2 and "may not read 1" in err and "87654321 Counter 21" in err


class Terminal(io.StringIO):
    """Somebody who types these lines."""

    def isatty(self) -> bool:
        return True


def test_somebody_at_the_terminal_picks_from_the_list_and_presses_enter(
    fake: Metrica, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("clients", "add", "shop", "--currency", "RUB", "--timezone", "Europe/Moscow")[0] == 0
    monkeypatch.setattr("sys.stdin", Terminal("1\nreports\n" + "\n" * 5))
    code, out, err = run("accounts", "connect", "--client", "shop", "--source", "metrica_api")
    assert code == 0 and "Connected Counter 21" in out, err
    [(account, _, answers)] = workspace().accounts("shop")
    assert account == "87654321"
    assert {name: answers[name] for name in ("method", "currency", "vat", "attribution", "expenses", "direct_logins")} == {
        "method": "reports", "currency": "RUB", "vat": "net", "attribution": "automatic", "expenses": "yes", "direct_logins": "",
    }


def test_a_paused_account_is_left_alone_until_it_is_connected_again(fake: Metrica, run: Any) -> None:
    connect(run)
    assert run("accounts", "pause", "--client", "shop", "--source", "metrica_api", "--account", "12345678")[0] == 0
    code, _, err = run("pull", "--client", "shop")
    assert code == 2 and "No account is connected" in err
    connect(run)
    assert run("pull", "--client", "shop", "--since", yesterday())[0] == 0


@pytest.mark.promise("R08")
def test_a_second_pull_finds_nothing_to_do_and_marks_what_may_change(fake: Metrica, run: Any) -> None:
    connect(run)
    since = yesterday() - timedelta(days=9)
    code, out, _ = run("pull", "--client", "shop", "--since", since)
    assert code == 0 and "up to date; loaded" in out and "may still change" in out
    held = store().arrow("SELECT day, provisional FROM loads WHERE table_name = 'visits' ORDER BY day").to_pylist()
    assert [row["provisional"] for row in held] == [False] * 7 + [True] * 3
    asked = len(fake.requests)
    assert "nothing was missing" in run("pull", "--client", "shop", "--since", since)[1]
    assert {request.path.rsplit("/", 1)[-1] for request in fake.requests[asked:]} == {"goals"}


@pytest.mark.promise("R08")
def test_what_changes_late_arrives_with_the_next_pull_and_the_version_before_still_opens(
    fake: Metrica, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(run)
    since, changed = yesterday() - timedelta(days=11), yesterday() - timedelta(days=4)
    assert run("pull", "--client", "shop", "--since", since)[0] == 0
    before, books = store().pinned(), fake.books["12345678"]
    assert sums() == books.totals(since, yesterday())
    books.late[changed] = 3
    fake.today += timedelta(days=1)
    monkeypatch.setattr("connectors.web.Clock", drive.clock(40, ahead=86_400))
    assert run("pull", "--client", "shop", "--since", since, "--until", yesterday())[0] == 0
    assert sums() == books.totals(since, yesterday())
    orders = "SELECT count(*) AS n FROM orders"
    assert store().arrow(orders).to_pylist()[0]["n"] == before.arrow(orders).to_pylist()[0]["n"] + 3


@pytest.mark.promise("R12")
def test_what_fails_for_one_client_does_not_stop_the_others(fake: Metrica, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRIKA_TOKEN_OTHER", TOKEN)
    connect(run, "atelier", "87654321", "--token", "METRIKA_TOKEN_OTHER")
    connect(run, "shop", "12345678")
    monkeypatch.setenv("METRIKA_TOKEN_OTHER", STRANGER)
    code, out, err = run("pull", "--all", "--since", yesterday(), "--format", "json")
    rows = {row["client"]: row for row in json.loads(out)}
    assert code == 2
    assert rows["shop"]["rows"] > 0 and rows["shop"]["troubles"] == ""
    assert rows["atelier"]["rows"] == 0 and "may not read the counter 87654321" in rows["atelier"]["troubles"]
    assert "→ Ask its owner" in err


def test_a_part_of_the_service_that_is_down_does_not_stop_the_other_parts(fake: Metrica, run: Any) -> None:
    connect(run)
    since = yesterday() - timedelta(days=2)
    fake.faults = Faults(before=lambda request: error(503, "backend_error", "Backend error") if request.path.startswith("/stat") else None)
    code, out, err = run("pull", "--client", "shop", "--since", since)
    assert code == 2 and "not up to date; loaded" in out and "failure of its own: 503" in err
    assert sums() == fake.books["12345678"].totals(since, yesterday())
    fake.faults = Faults()
    code, out, _ = run("pull", "--client", "shop", "--since", since)
    assert code == 0
    tables = {row["t"] for row in store().arrow("SELECT DISTINCT table_name || ' ' || breakdown AS t FROM loads").to_pylist()}
    assert {"visits ", "traffic age,goal", "traffic sex,goal"} <= tables


def test_a_spent_quota_says_when_it_goes_on_and_asks_nothing_more(fake: Metrica, run: Any) -> None:
    connect(run)
    fake.faults = Faults(before=lambda request: error(429, "quota_requests_by_uid", "Quota exceeded"))
    code, out, err = run("pull", "--client", "shop", "--since", yesterday(), "--format", "json")
    assert code == 2 and "pull again after" in err
    resume = datetime.fromisoformat(json.loads(out)[0]["resume_at"])
    assert (resume.hour, resume.minute) == (0, 0) and resume > datetime.now(UTC)
    asked = len(fake.requests)
    assert run("pull", "--client", "shop", "--since", yesterday())[0] == 2
    assert len(fake.requests) == asked


def test_a_token_that_worked_before_has_expired(fake: Metrica, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    connect(run)
    assert run("pull", "--client", "shop", "--since", yesterday())[0] == 0
    monkeypatch.setenv("METRIKA_TOKEN", "y0_revoked")
    code, _, err = run("pull", "--client", "shop")
    assert code == 2 and "was accepted before and no longer is" in err and "y0_revoked" not in err


def test_two_pulls_never_run_on_one_client_at_once(fake: Metrica, run: Any) -> None:
    connect(run)
    with pulling.turn(store().folder):
        with pytest.raises(StoreBusy), pulling.turn(store().folder):
            pass
        code, _, err = run("pull", "--client", "shop")
    assert code == 2 and "still running" in err


# ---------------------------------------------------------------------------------------------------------------- the page


def data_page() -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60)
    app.query_params["client"], app.query_params["lang"] = "shop", "ru"
    app.run()
    return app.switch_page("80_data.py").run()


def pressed(app: AppTest) -> AppTest:
    return next(button for button in app.button if button.key == "pull_now").click().run()


def test_the_data_page_pulls_now_and_says_what_came_of_it(fake: Metrica, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    since = yesterday() - timedelta(days=3)
    connect(run, "shop", "12345678", "--since", f"{since}")
    app = pressed(data_page())
    assert not app.exception
    assert any("загружено за" in said.value for said in app.success), [said.value for said in app.success]
    assert sums() == fake.books["12345678"].totals(since, yesterday())
    assert any("новых данных нет" in said.value for said in pressed(data_page()).success)
    monkeypatch.setenv("METRIKA_TOKEN", STRANGER)
    assert any("нет доступа к счётчику 12345678" in said.value for said in pressed(data_page()).markdown)


def test_the_data_page_connects_an_account_from_the_list(fake: Metrica, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("clients", "add", "shop", "--currency", "RUB", "--timezone", "Europe/Moscow")[0] == 0
    app = data_page()
    app.selectbox(key="connecting_service").select_index([one.name for one in services()].index("metrica_api")).run()
    app = next(button for button in app.button if button.key == "connecting_list").click().run()
    assert app.selectbox(key="connecting_account").options[0].startswith("Counter 21")
    app = next(button for button in app.button if button.label == "Подключить").click().run()
    assert not app.exception and any("Counter 21" in said.value and "ещё ничего не загружено" in said.value for said in app.markdown)
    [(account, source, answers)] = workspace().accounts("shop")
    assert (account, source, answers["timezone"], answers["currency"]) == ("87654321", "metrica_api", "Europe/Moscow", "RUB")
    assert TOKEN not in json.dumps(answers) and workspace().client("shop").facts["goals"] == GOALS
    app = app.selectbox(key="connecting_service").select_index([one.name for one in services()].index("ga4_api")).run()
    assert any("CREDENTIALS не задан" in said.value for said in app.markdown), "a secret that is not there is named"


# ------------------------------------------------------------------------------------------------------------ the hard year


def child(*words: object, ahead: float = 0.0) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.drive", *map(str, words)], cwd=ROOT, env={**os.environ, "FAKE_AHEAD": f"{ahead}"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )


@pytest.fixture
def three(fake: Metrica, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Metrica, Ga4, Direct]]:
    """Every service at once."""
    with Ga4((GaBooks(PROPERTY, scale=3),)) as ga4, Direct((DirectBooks(LOGIN),), scale=40) as direct:
        for name, value in {**ga4.settings(), "DIRECT_API_URL": direct.address, "DIRECT_TOKEN": AGENCY}.items():
            monkeypatch.setenv(name, value)
        yield fake, ga4, direct
        assert ga4.broken == direct.broken == []


def test_a_year_of_three_accounts_with_faults_kills_and_spent_quotas_ends_with_every_day_there_once(
    three: tuple[Metrica, Ga4, Direct], run: Any
) -> None:
    fake, ga4, direct = three
    connect(run)
    for source, account in (("ga4_api", PROPERTY), ("direct_api", LOGIN)):
        assert run("accounts", "connect", "--client", "shop", "--source", source, "--account", account)[0] == 0
    since, dice = yesterday() - timedelta(days=364), random.Random(20)
    words = ("pull", "--client", "shop", "--since", since, "--until", yesterday())
    spent = [60, 130]

    def quotas(request: Request) -> Response | None:
        if spent and request.number >= spent[0]:
            spent.pop(0)
            return error(429, "quota_requests_by_uid", "Quota exceeded")
        return None

    def asked() -> int:
        return sum(len(one.requests) for one in three)

    fake.faults = Faults(errors=0.1, cuts=0.05, slow=0.05, seed=3, before=quotas)
    ga4.faults, direct.faults = (Faults(errors=0.1, cuts=0.05, slow=0.05, seed=seed) for seed in (4, 5))
    kills, days, left = 0, 0.0, 60
    ga4.clock = lambda: time.time() + days
    code: int | None = None
    while code != 0 and left:
        left -= 1
        running = child(*words, ahead=days)
        if kills < 5:
            moment = asked() + dice.randint(6, 60)
            while asked() < moment and running.poll() is None:
                time.sleep(0.002)
            time.sleep(dice.uniform(0, 0.15))
            if running.poll() is None:
                os.kill(running.pid, signal.SIGKILL)
                kills += 1
        code = running.wait()
        if code == 2:
            days += 86_400
            fake.today += timedelta(days=1)
    assert (code, kills, spent) == (0, 5, [])
    held = store().arrow(
        "SELECT table_name || ' ' || account || ' ' || attribution AS what, day, count(*) AS n FROM loads "
        "WHERE table_name IN ('visits', 'spend') OR breakdown = 'origin,device,goal' GROUP BY ALL"
    ).to_pylist()
    found = {what: {row["day"]: row["n"] for row in held if row["what"] == what} for what in {row["what"] for row in held}}
    every_day_once = {since + timedelta(days=n): 1 for n in range(365)}
    assert {what: days for what, days in found.items() if days != every_day_once} == {}
    assert set(found) == {
        next(what for what in found if what.startswith("visits 12345678")), f"traffic {PROPERTY} session",
        f"traffic {PROPERTY} first", f"spend {PROPERTY} ", f"spend {LOGIN} ",
    }
    twice = store().arrow("SELECT count(*) AS n FROM (SELECT year, visit FROM visits GROUP BY ALL HAVING count(*) > 1)")
    assert twice.to_pylist() == [{"n": 0}]
    assert sums() == fake.books["12345678"].totals(since, yesterday())
    assert fake.occupied == [], "orders were left behind"
    query = (
        "SELECT sum(visits) AS visits, sum(page_views) AS page_views, sum(reaches) AS reaches, sum(orders) AS orders, "
        "sum(revenue) AS revenue "
        f"FROM traffic WHERE account = '{PROPERTY}' AND attribution = "
    )
    for scope in ("session", "first"):
        assert store().arrow(f"{query}'{scope}'").to_pylist() == [ga4.books[PROPERTY].totals(since, yesterday())]
    spend = store().arrow("SELECT account, sum(cost) AS cost FROM spend GROUP BY account").to_pylist()
    assert {row["account"]: row["cost"] for row in spend} == {
        PROPERTY: ga4.books[PROPERTY].cost(since, yesterday()), LOGIN: direct.books[LOGIN].cost(since, yesterday())
    }
    weeks = store().arrow("SELECT day, until, users FROM audience WHERE breakdown = 'week'").to_pylist()
    assert len(weeks) >= 52
    for row in weeks:
        assert row["users"] == len({one.user for one in ga4.books[PROPERTY].sessions(row["day"], row["until"])})


# --------------------------------------------------------------------------------------------------------------- schedule


def test_the_wall_clock_sets_the_time_through_summer_time() -> None:
    berlin, day = ZoneInfo("Europe/Berlin"), timedelta(hours=24)
    due = following(datetime(2026, 3, 28, 12, tzinfo=UTC), day, time_of_day("02:30"), berlin)
    assert due == datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "02:30 does not exist that day; it is 03:30 then"
    assert following(due, day, time_of_day("02:30"), berlin) == datetime(2026, 3, 30, 0, 30, tzinfo=UTC)
    autumn = following(datetime(2026, 10, 24, 12, tzinfo=UTC), day, time_of_day("02:30"), berlin)
    assert following(autumn, day, time_of_day("02:30"), berlin) - autumn >= timedelta(hours=24), "an hour that comes twice is taken once"


def test_a_time_that_was_slept_through_is_made_up_for_once() -> None:
    moscow, now = ZoneInfo("Europe/Moscow"), datetime(2026, 3, 20, 12, tzinfo=UTC)
    assert following(now, timedelta(hours=24), time_of_day("06:00"), moscow) == datetime(2026, 3, 21, 3, tzinfo=UTC)
    assert following(now, timedelta(hours=6), time_of_day("06:00"), moscow) == datetime(2026, 3, 20, 15, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "5", "7h", "1m", "36h", "0d", "-1h"])
def test_a_schedule_that_does_not_fit_a_day_is_refused(text: str) -> None:
    with pytest.raises(Problem, match="cannot be a schedule"):
        period(text)


def test_the_scheduler_pulls_at_once_when_asked_and_stops_cleanly(fake: Metrica, run: Any) -> None:
    connect(run)
    running = subprocess.Popen(
        [sys.executable, "vitrina.py", "serve", "--now", "--at", "06:00"], cwd=ROOT, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert running.stdout
    asked = len(fake.requests)
    try:
        while len(fake.requests) == asked and running.poll() is None:
            time.sleep(0.01)
    finally:
        running.terminate()
        said = running.communicate(timeout=60)[0]
    assert running.returncode == 0 and "Next pull" in said and said.rstrip().endswith("Stopped.")


# ------------------------------------------------------------------------------------------------------------------ words


def test_every_text_of_the_live_sources_is_said_in_russian() -> None:
    names = ("web", "pace", "refusals", "live", "shape", "pulling", "connecting", "metrica_api*", "ga4_api*", "direct_api*")
    files = [path for name in names for path in (ROOT / "connectors").glob(f"{name}.py")]
    files += [ROOT / "commands" / f"{name}.py" for name in ("pull", "accounts", "serve")] + [ROOT / "data" / "secret.py"]
    raised = {"Problem", "Note", "Ask", "t", "WrongToken", "ExpiredToken", "NoGrant", "NoSuchAccount", "BadRequest", "QuotaSpent", "Lost",
              "SourceDown", "NetworkAway", "AnswerChanged", "Incompatible", "SwitchedOff", "NotApproved", "TooHeavy", "TimedOut",
              "MissingSetting", "StoreBusy"}
    missing = set()
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and name in raised:
                texts = {one.value for one in node.args[:3] if isinstance(one, ast.Constant) and isinstance(one.value, str)}
                missing |= {(path.name, text) for text in texts - set(catalogue("ru")) if " " in text and not text.startswith("--")}
    assert missing - {("accounts.py", "accounts connect")} == set()
    assert {service.title for service in services()} <= set(catalogue("ru"))
