"""A receipt defends its figure: formula with the values in it, the files behind it and nothing else, and the query."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data.text import words
from data.workspace import workspace
from metrics import judging
from metrics.ask import ask
from metrics.result import Result
from metrics.scope import Settings
from metrics.sentences import answer
from pages.ui import receipt
from pages.ui.view import View
from tests import little_shop

SINCE, UNTIL = date(2026, 3, 2), date(2026, 3, 29)
EN = words("en")


@pytest.fixture
def view(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> View:
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path / "home"))
    little_shop.load(little_shop.write(tmp_path / "files", SINCE, UNTIL))
    client = workspace().client("shop")
    store = workspace().store(client)
    return View(
        client, "Little shop", store, store.version(), UNTIL, (SINCE, UNTIL), SINCE, UNTIL, "previous", "", "", (), (), "agency", (), ()
    )


@pytest.fixture
def asked(view: View) -> Result:
    settings = Settings.of(view.client.currency, view.client.facts, view.version)
    return ask(view.query(judging.needs(("cpa", "visits", "romi")), ("channel",)), view.store.run, settings)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2212", "-")


def test_the_values_stand_in_the_formula(view: View, asked: Result) -> None:
    facts = receipt.told(view, asked, "cpa", answer.total(asked, EN), EN)
    assert plain(facts["With values"]) == "84,000 ₽ ÷ 56 = 1,500 ₽"
    assert facts["Store version"] == str(view.version)
    assert facts["Money"] == "RUB, net of VAT"


def test_a_row_has_a_receipt_of_its_own(view: View, asked: Result) -> None:
    line = next(line for line in answer.lines(asked, "channel", EN) if line.key == "vk_ads")
    assert plain(receipt.told(view, asked, "cpa", line, EN)["With values"]) == "28,000 ₽ ÷ 28 = 1,000 ₽"


def test_each_figure_names_the_files_it_rests_on_once(asked: Result) -> None:
    assert sorted(load.origin.split(" #")[0] for load in receipt.files(asked, "cpa")) == ["costs.csv", "visits.tsv"]
    assert [load.origin.split(" #")[0] for load in receipt.files(asked, "visits")] == ["visits.tsv"]


def test_the_copied_text_holds_everything(view: View, asked: Result) -> None:
    text = plain(receipt.as_text(view, asked, "cpa", answer.total(asked, EN), EN))
    for part in ("CPA: 1,500 ₽", "84,000 ₽ ÷ 56", "costs.csv #", "visits.tsv #", "SELECT", "2–29 Mar 2026", "Little shop"):
        assert part in text


def test_what_was_not_paid_for_has_no_price(asked: Result) -> None:
    free = next(line for line in answer.lines(asked, "channel", EN) if line.now["spend"] == 0)
    assert free.now["cpa"] is None and free.now["visits"]


def test_periods_that_are_not_loaded_are_not_compared(asked: Result) -> None:
    total = answer.total(asked, EN)
    assert total.change("visits", EN).text == ""
