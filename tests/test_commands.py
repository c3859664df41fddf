"""The command line: what it prints, what it asks, and with which code it leaves."""

from __future__ import annotations

import csv
import io
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import commands
from data.workspace import workspace
from tests import little_shop
from tests.stored import SAMPLES, shared

SINCE, UNTIL = date(2026, 3, 1), date(2026, 3, 14)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VITRINA_LANG", "en")
    return tmp_path / "home"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a command line. Shape of the answer: (exit code, standard output, standard error)."""

    def call(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["vitrina.py", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            commands.main()
        said = capsys.readouterr()
        return int(str(left.value.code or 0)), said.out, said.err

    return call


@pytest.fixture
def shop(run: Any, tmp_path: Path) -> little_shop.Files:
    files = little_shop.write(tmp_path / "files", SINCE, UNTIL)
    assert run("clients", "add", "shop", "--name", "Лавка", "--currency", "rub", "--timezone", little_shop.ZONE)[0] == 0
    code, _, err = run("load", "--client", "shop", "--account", "ads", "--vat", "net", "--currency", "RUB", files.costs)
    assert (code, err) == (0, ""), err
    code, _, err = run("load", "--client", "shop", "--vat", "net", "--currency", "RUB", files.log)
    assert (code, err) == (0, ""), err
    return files


def test_help_names_every_command(run: Any) -> None:
    code, out, _ = run("--help")
    assert code == 0
    for name in ("ask", "clients", "coverage", "demo", "load"):
        assert f"\n  {name}" in out
        assert run(name, "--help")[0] == 0


def test_clients_are_added_and_listed(run: Any) -> None:
    assert run("clients", "add", "one", "--name", "The One", "--currency", "RUB", "--timezone", "Europe/Moscow")[0] == 0
    rows = [{"client": "one", "name": "The One", "currency": "RUB", "timezone": "Europe/Moscow", "client_tenure": None}]
    assert json.loads(run("clients", "--format", "json")[1]) == rows
    assert list(csv.DictReader(io.StringIO(run("clients", "list", "--format", "csv")[1]))) == [rows[0] | {"client_tenure": ""}]
    assert "The One" in run("clients")[1]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("clients", "add", "one", "--currency", "RUB"), "--timezone"),
        (("clients", "add", "One!", "--currency", "RUB", "--timezone", "Europe/Moscow"), "One!"),
        (("clients", "add", "one", "--currency", "roubles", "--timezone", "Europe/Moscow"), "roubles"),
        (("clients", "add", "one", "--currency", "RUB", "--timezone", "Moscow"), "Moscow"),
        (("coverage", "--client", "nobody"), "nobody"),
        (("coverage",), "--client"),
        (("sing",), "sing"),
    ],
)
def test_wrong_use_leaves_with_two_and_names_what_is_wrong(run: Any, words: tuple[str, ...], named: str) -> None:
    code, _, err = run(*words)
    assert code == 2
    assert named in err
    assert "Traceback" not in err


def test_a_misspelt_client_is_guessed_at(run: Any, shop: little_shop.Files) -> None:
    assert "Did you mean shop?" in run("ask", "--client", "shp", "--metrics", "visits")[2]


def test_what_a_file_does_not_say_is_named_when_nobody_can_be_asked(run: Any, tmp_path: Path) -> None:
    files = little_shop.write(tmp_path / "files", SINCE, UNTIL)
    run("clients", "add", "shop", "--currency", "RUB", "--timezone", little_shop.ZONE)
    code, _, err = run("load", "--client", "shop", files.log)
    assert code == 2
    assert "--vat" in err
    assert workspace().store(workspace().client("shop")).version() == 0


def test_answers_are_remembered_for_the_account(run: Any, shop: little_shop.Files) -> None:
    code, _, err = run("load", "--client", "shop", shop.log)
    assert (code, err) == (0, "")


def test_one_refused_file_does_not_stop_the_others(run: Any, shop: little_shop.Files, tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"")
    code, out, err = run("load", "--client", "shop", broken, shop.log)
    assert code == 2
    assert "broken.csv" in err
    assert "visits" in out


def test_a_question_is_answered_in_every_form(run: Any, shop: little_shop.Files) -> None:
    words = ("ask", "--client", "shop", "--metrics", "visits,users,conversions,spend,cpa", "--by", "channel")
    said = json.loads(run(*words, "--format", "json")[1])
    days = shop.days
    assert said["total"]["visits"] == little_shop.VISITS_A_DAY * days
    assert said["total"]["spend"] == little_shop.COST_A_DAY * days
    assert said["total"]["cpa"] == pytest.approx(little_shop.COST_A_DAY / little_shop.CONVERSIONS_A_DAY)
    assert sum(row["visits"] for row in said["rows"]) == said["total"]["visits"]
    assert {"channel", "visits", "users", "conversions", "spend", "cpa"} <= set(said["rows"][0])
    rows = list(csv.DictReader(io.StringIO(run(*words, "--format", "csv")[1])))
    assert [row["channel"] for row in rows] == [row["channel"] for row in said["rows"]]
    assert "Total" in run(*words)[1]


def test_a_filter_takes_a_title_or_a_key_and_a_comparison_compares(run: Any, shop: little_shop.Files) -> None:
    period = ("--since", "2026-03-08", "--until", "2026-03-14")
    words = ("ask", "--client", "shop", "--metrics", "visits", "--by", "day", *period, "--format", "json")
    said = json.loads(run(*words, "--compare", "previous", "--only", "channel=VK Ads")[1])
    assert said["total"]["visits"] == 7 * little_shop.VISITS_A_DAY // 4
    assert said["before"]["visits"] == said["total"]["visits"]
    assert json.loads(run(*words, "--only", "channel=vk_ads")[1])["total"] == said["total"]


def test_a_comparison_may_name_its_days_and_says_whether_a_change_is_one(run: Any, shop: little_shop.Files) -> None:
    words = ("ask", "--client", "shop", "--metrics", "visits,cpa", "--since", "2026-03-08", "--until", "2026-03-14")
    said = json.loads(run(*words, "--compare", "2026-03-01/2026-03-07", "--format", "json")[1])
    assert said["compared"] == ["2026-03-01", "2026-03-07"]
    assert said["verdicts"] == {"visits": "within noise", "cpa": "within noise"}
    out = run(*words, "--compare", "2026-03-01/2026-03-07")[1]
    assert "compared with 1–7 Mar 2026" in out.replace("\u00a0", " ") and "within noise" in out
    assert "is not a period to compare with" in run(*words, "--compare", "2026-03-01/march")[2]


def test_a_receipt_says_where_the_totals_come_from(run: Any, shop: little_shop.Files) -> None:
    words = ("ask", "--client", "shop", "--metrics", "cpa", "--receipt")
    out = run(*words)[1]
    for part in ("CPA: cost / reaches = ", "costs.csv #", "Store version: ", "UTC", "Money: RUB, net of VAT"):
        assert part in out
    said = json.loads(run(*words, "--format", "json")[1])["receipt"]
    assert said["lines"][0]["formula"].startswith("cost / reaches = ") and said["view"] == "cash"
    assert any(load["file"].startswith("costs.csv #") and load["loaded_at"] for load in said["loads"])


def test_an_unfinished_period_is_compared_up_to_its_last_loaded_day(run: Any, shop: little_shop.Files) -> None:
    words = ("ask", "--client", "shop", "--metrics", "visits", "--since", "2026-03-08", "--until", "2026-03-21")
    said = json.loads(run(*words, "--compare", "previous", "--to-date", "--format", "json")[1])
    assert said["query"]["until"] == str(UNTIL) and said["total"]["visits"] == 7 * little_shop.VISITS_A_DAY
    assert said["compared"] == ["2026-02-22", "2026-02-28"]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--metrics", "vists"), "Did you mean visits"),
        (("--metrics", "visits", "--by", "chanel"), "Did you mean channel"),
        (("--metrics", "visits", "--only", "device"), "dimension=value"),
        (("--metrics", "visits", "--since", "2026-03-09", "--until", "2026-03-01"), "ends before it begins"),
        (("--metrics", "visits", "--since", "yesterday"), "yesterday"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(run: Any, shop: little_shop.Files, words: tuple[str, ...], named: str) -> None:
    code, _, err = run("ask", "--client", "shop", *words)
    assert code == 2
    assert named in err


def test_a_question_to_an_empty_store_says_what_to_do(run: Any) -> None:
    run("clients", "add", "new", "--currency", "RUB", "--timezone", "Europe/Moscow")
    code, _, err = run("ask", "--client", "new", "--metrics", "visits")
    assert code == 2
    assert "load --client new" in err


def test_coverage_shows_days_and_files(run: Any, shop: little_shop.Files) -> None:
    spans = json.loads(run("coverage", "--client", "shop", "--format", "json")[1])
    assert {span["table"] for span in spans} >= {"visits", "traffic", "spend", "conversions", "orders"}
    assert {(span["since"], span["until"]) for span in spans} == {(SINCE.isoformat(), UNTIL.isoformat())}
    assert "costs.csv" in run("coverage", "--client", "shop")[1]
    assert run("coverage", "--client", "shop", "--format", "csv")[1].startswith("account,")


def test_it_speaks_russian(run: Any, shop: little_shop.Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINA_LANG", "ru")
    code, out, _ = run("ask", "--client", "shop", "--metrics", "visits,spend", "--by", "channel")
    assert code == 0
    assert "Визиты" in out and "Расход" in out and "Итого" in out
    assert "42\u202f000\u00a0₽" in out
    assert "Нет клиента" in run("coverage", "--client", "nobody")[2] or "нет" in run("coverage", "--client", "nobody")[2].lower()


def test_a_fault_of_ours_leaves_with_one(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("commands.clients.workspace", broken)
    code, _, err = run("clients")
    assert code == 1
    assert "a bug" in err


def test_every_sample_that_must_be_refused_is_refused_and_changes_nothing(run: Any, shop: little_shop.Files, home: Path) -> None:
    before = workspace().store(workspace().client("shop")).version()
    for path in sorted(path for path in (SAMPLES / "refused").rglob("*") if path.is_file() and path.name != "expected.json"):
        copied = shutil.copy(path, home)
        code, _, err = run("load", "--client", "shop", "--account", "x", "--vat", "net", "--currency", "RUB", copied)
        assert code == 2, path
        assert len(err.strip().splitlines()) >= 3, f"{path}: {err}"
    assert workspace().store(workspace().client("shop")).version() == before


def test_the_real_log_of_a_university(run: Any) -> None:
    log = shared("metrika/logs_visits_university.tsv")
    run("clients", "add", "university", "--currency", "RUB", "--timezone", "Europe/Moscow")
    for _ in range(2):
        assert run("load", "--client", "university", log)[0] == 0
        said = json.loads(run("ask", "--client", "university", "--metrics", "visits,users", "--by", "month", "--format", "json")[1])
        assert said["total"] == {"visits": 439, "users": 388}
        assert [(row["visits"], row["users"]) for row in said["rows"]] == [(275, 242), (99, 83), (41, 41), (24, 24)]


def test_the_real_workbook_of_direct(run: Any) -> None:
    workbook = shared("direct/placements_march26.xlsx")
    run("clients", "add", "lawyers", "--currency", "RUB", "--timezone", "Europe/Moscow")
    assert run("load", "--client", "lawyers", workbook)[0] == 2
    code, out, _ = run("load", "--client", "lawyers", "--vat", "net", workbook)
    assert code == 0
    assert "522252.63" in out
    said = json.loads(run("ask", "--client", "lawyers", "--metrics", "spend,clicks,impressions", "--by", "campaign", "--format", "json")[1])
    assert said["total"]["spend"] == pytest.approx(522_252.78, abs=1e-6)
    assert said["total"]["clicks"] == 10_660
    assert sum(row["spend"] for row in said["rows"]) == pytest.approx(522_252.78, abs=1e-6)
    assert any("МК БФЛ" in row["campaign"] for row in said["rows"])


def test_every_channel_of_a_real_ga4_report_equals_the_file(run: Any) -> None:
    report = shared("ga/ui/ga4_ui_nj_traffic_acquisition.csv")
    lines = [line for line in report.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    written = {row[next(iter(row))]: row for row in csv.DictReader(lines)}
    run("clients", "add", "nj", "--currency", "USD", "--timezone", "America/New_York")
    assert run("load", "--client", "nj", report)[0] == 0
    said = json.loads(run("ask", "--client", "nj", "--metrics", "visits,users,conversions", "--by", "channel", "--format", "json")[1])
    assert {row["channel"]: (row["visits"], row["users"], row["conversions"]) for row in said["rows"]} == {
        name: (int(row["Sessions"]), int(row["Active users"]), int(row["Key events"])) for name, row in written.items()
    }
    assert any("only as a whole" in note for note in said["notes"])
