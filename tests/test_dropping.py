"""Dropping files on the Data page: a mixed handful is understood or explained on one screen, and an unknown sheet is asked about once."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.text import catalogue, words
from data.workspace import workspace
from pages.ui import dropping, listing
from tests.stored import SAMPLES

ROOT = Path(__file__).resolve().parent.parent
LIVE = ("_api", "live.py", "pulling.py")
"""Sources that are asked for by commands and not dropped as files."""
MIXED = {
    "visits.tsv": "metrica_logs/two_parts/part_0.tsv", "hits.tsv": "metrica_hits/with_visits/hits.tsv",
    "direct.xlsx": "direct_wizard/days/report.xlsx", "ads.csv": "google_ads/whole_period/campaigns.csv",
    "ga4.csv": "ga4_reports/traffic_acquisition/download.csv", "events.json": "ga4_events/extract_shards/events_000.json",
    "funnel.csv": "plain_sheet/funnel_steps/sheet.csv",
}
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\x00" * 100
SHEET = "Когда;Сколько отдали, руб\n{day};1500\n{next};2500\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An agency with one client and nothing loaded."""
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path / "home"))
    workspace().add_client("new", "Новый", "RUB", "Europe/Moscow")


def opened(language: str = "en") -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60)
    app.context = {"locale": {"ru": "ru-RU", "en": "en-GB"}[language], "timezone": "Europe/Moscow"}
    app.run().switch_page(listing.file_of("data"))
    app.query_params["client"] = "new"
    return app.run()


def dropped(app: AppTest, files: dict[str, bytes]) -> AppTest:
    for name, content in files.items():
        app.file_uploader[0].upload(name, content)
    return app.run()


def table(app: AppTest, place: int = 0) -> str:
    return " ".join(app.table[place].value.astype(str).to_numpy().ravel()).replace("\\", "")


def pressed(app: AppTest, label: str) -> AppTest:
    button = next(one for one in (*app.form_submit_button, *app.button) if one.label == label)
    app = button.click().run()
    assert not app.exception and not app.error
    return app


def samples() -> dict[str, bytes]:
    return {name: (SAMPLES / path).read_bytes() for name, path in MIXED.items()} | {"screenshot.csv": PICTURE}


def answered(app: AppTest) -> AppTest:
    """Every question answered: what is offered is taken, what is empty is filled."""
    for _ in range(6):
        for field in app.text_input:
            if str(field.key).startswith(("drop_answer", "map_")) and not field.value:
                field.set_value("2026-03-01/2026-03-31" if str(field.key).endswith("period") else "12345678")
        for label in ("Check the files", "Check the file"):
            if any(button.label == label for button in app.form_submit_button):
                app = pressed(app, label)
                break
        else:
            return app
    raise AssertionError("the questions have no end")


# ------------------------------------------------------------------------------------------------------- a mixed handful


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_file_of_a_mixed_handful_stands_in_one_table_with_what_comes_next(language: str) -> None:
    app = dropped(opened(language), samples())
    assert not app.exception and not app.error
    said, t = table(app), words(language).t
    for name in samples():
        assert name in said
    assert "PNG" in said
    assert len(app.table[0].value) == len(samples())
    assert t("Say what is in it") in said and t("Questions: {count}", count=2) in said


def test_a_mixed_handful_is_loaded_with_one_round_of_answers() -> None:
    app = answered(dropped(opened(), samples()))
    store = workspace().store(workspace().client("new"))
    assert store.version() == 0
    pressed(app, "Load")
    tables = set(store.sql("SELECT DISTINCT table_name FROM loads")["table_name"])
    assert {"visits", "traffic", "spend", "steps"} <= tables


# ------------------------------------------------------------------------------------------------------ a sheet of one's own


def test_a_sheet_is_mapped_once_and_the_next_one_of_its_shape_asks_nothing() -> None:
    first = SHEET.format(day="01.03.2026", next="02.03.2026").encode()
    app = dropped(opened(), {"march.csv": first})
    assert "Say what is in it" in table(app)
    assert any("01.03.2026" in table(app, place) for place in range(len(app.table))), "its first rows are shown"
    costs = next(one for one in app.selectbox if one.key == "map_as_march.csv")
    if costs.value != "costs":
        app = costs.select("costs").run()
    app = answered(app)
    assert "ready" in table(app) and "4,000" in table(app, 1)
    pressed(app, "Load")
    again = dropped(opened(), {"april.csv": SHEET.format(day="01.04.2026", next="02.04.2026").encode()})
    assert not again.exception and "ready" in table(again)
    assert not [button for button in again.form_submit_button if button.label.startswith("Check the file")]
    pressed(again, "Load")
    store = workspace().store(workspace().client("new"))
    assert float(store.sql("SELECT sum(cost) AS cost FROM spend")["cost"].iloc[0]) == 8000


# ---------------------------------------------------------------------------------------------------------------- the words


def questions() -> dict[str, set[str]]:
    """Every option that a reader of files can ask for, with the answers it may offer."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "connectors").glob("*.py")):
        if not any(mark in path.name for mark in LIVE):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Ask" and isinstance(node.args[0], ast.Constant):
                    choices = [one.value for arg in node.args[2:3] for one in getattr(arg, "elts", []) if isinstance(one, ast.Constant)]
                    found.setdefault(str(node.args[0].value), set()).update(map(str, choices))
    return found


def test_every_option_that_a_reader_can_ask_for_has_words() -> None:
    asked = questions()
    assert {"account", "goal", "goals", "columns", "as", "vat", "money", "period"} <= set(asked)
    assert set(asked) - set(dropping.OPTIONS) == set()
    assert {choice for choices in asked.values() for choice in choices} - set(dropping.CHOICES) == set()
    said: list[Any] = [*dropping.OPTIONS.values(), *dropping.CHOICES.values()]
    assert [text for text in said if text not in catalogue("ru") and not text.isascii()] == []
