"""The commands why, pace, unusual and drivers: sentences first, figures below, and what was chosen when nobody said."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import commands
from data.desk import plans
from data.desk.plans import Target
from data.settings import home as vitrina_home
from data.workspace import workspace
from tests import long_shop

Call = Any


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Call:
    """Run a command line over the invented shop. Shape of the answer: (exit code, standard output, standard error)."""
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path))
    monkeypatch.setenv("VITRINA_LANG", "en")
    monkeypatch.delenv("WORKSPACE_URL", raising=False)
    workspace().add_client("shop", "Лавка", "RUB", "Europe/Moscow", {"model": "shop", "margin": 0.4})
    long_shop.store(vitrina_home() / "clients" / "shop", vk_breaks=date(2026, 3, 4), days=420)

    def call(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["vitrina.py", *words])
        with pytest.raises(SystemExit) as left:
            commands.main()
        said = capsys.readouterr()
        return int(str(left.value.code or 0)), said.out, said.err

    return call


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2212", "-")


def test_why_names_the_channel_and_its_table_adds_up(run: Call) -> None:
    code, out, err = run("why", "--client", "shop", "--metric", "drr")
    assert (code, err) == (0, "")
    first, summary = out.splitlines()[:2]
    assert "the last four weeks that are loaded" in first
    assert "Cost-revenue ratio grew by" in summary and "VK Ads (+" in summary
    assert "beyond noise" in out and out.count("Total") == 1


def test_why_as_csv_has_every_part_with_its_causes(run: Call) -> None:
    code, out, _ = run("why", "--client", "shop", "--metric", "revenue", "--by", "channel", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0 and {row["segment"] for row in rows} == {"Search: Yandex", "VK Ads", "Yandex Direct"}
    for row in rows:
        causes = ("volume", "mix", "rate", "price", "spend", "appeared", "disappeared", "cannot_be_split")
        assert float(row["part"]) == pytest.approx(sum(float(row[cause]) for cause in causes))


def test_why_in_russian(run: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINA_LANG", "ru")
    _, out, _ = run("why", "--client", "shop", "--metric", "drr", "--since", "2026-03-04", "--until", "2026-03-31")
    assert "ДРР: рост на" in plain(out) and "Вклад в изменение" in out and "последние четыре" not in out


def test_what_cannot_be_taken_apart_says_how_to_ask_instead(run: Call) -> None:
    code, out, err = run("why", "--client", "shop", "--metric", "users")
    assert (code, out) == (2, "") and "Ask about visits" in err
    code, _, err = run("why", "--client", "shop", "--metric", "cpaa")
    assert code == 2 and "Did you mean" in err


def test_pace_sets_the_plan_against_the_end(run: Call) -> None:
    targets = [Target(date(2026, 3, 1), "revenue", 2_000_000.0), Target(date(2026, 3, 1), "spend", 150_000.0)]
    plans.put(workspace(), "shop", targets)
    code, out, err = run("pace", "--client", "shop", "--until", "2026-03-20")
    assert (code, err) == (0, "")
    assert "plan is at risk" in out and "the budget of 150,000" in plain(out) and "March" in plain(out)
    kept = json.loads(run("pace", "--client", "shop", "--until", "2026-03-20", "--format", "json")[1])
    assert [line["metric"] for line in kept["lines"] if line["plan"]] == ["revenue", "spend"] and kept["summary"]


def test_pace_without_a_plan_says_how_to_enter_one(run: Call) -> None:
    code, out, _ = run("pace", "--client", "shop")
    assert code == 0 and "No plan is set for 2026-03" in out and "Plan" in out


def test_pace_of_a_channel_without_targets_is_refused(run: Call) -> None:
    code, _, err = run("pace", "--client", "shop", "--channel", "vk_ads")
    assert code == 2 and "No target of vk_ads" in err
    assert run("pace", "--client", "shop", "--month", "March")[0] == 2


def test_unusual_finds_the_channel_that_broke(run: Call) -> None:
    code, out, err = run("unusual", "--client", "shop", "--weeks", "6")
    assert (code, err) == (0, "")
    assert any(line.startswith("alert") and "VK Ads" in line for line in out.splitlines())
    kept = json.loads(run("unusual", "--client", "shop", "--weeks", "6", "--format", "json")[1])
    assert any(one["channel"] == "vk_ads" for one in kept["findings"]) and kept["summary"]
    rows = list(csv.DictReader(io.StringIO(run("unusual", "--client", "shop", "--weeks", "6", "--format", "csv")[1])))
    assert {"state", "channel", "money"} <= set(rows[0])


def test_drivers_print_the_tree_and_a_what_if(run: Call) -> None:
    code, out, err = run("drivers", "--client", "shop", "--change", "cr=+10%", "--no-curves")
    assert (code, err) == (0, "")
    assert "Profit, March" in plain(out) and "What if Order conversion rate +10%" in plain(out) and "Orders × Average order × Margin" in out
    kept = json.loads(run("drivers", "--client", "shop", "--month", "2026-02", "--no-curves", "--format", "json")[1])
    assert kept["month"] == "2026-02-01" and kept["response"] is None


def test_a_change_that_is_no_number_is_refused_with_an_example(run: Call) -> None:
    code, _, err = run("drivers", "--client", "shop", "--change", "cr")
    assert code == 2 and "--change cr_new=+10%" in err


@pytest.mark.parametrize("command", ["why", "pace", "unusual", "drivers"])
def test_a_client_without_data_is_told_what_to_load(run: Call, command: str) -> None:
    workspace().add_client("empty", "Пусто", "RUB", "Europe/Moscow")
    code, out, err = run(command, "--client", "empty")
    assert (code, out) == (2, "") and "Nothing is loaded" in err
    assert run(command, "--help")[0] == 0
