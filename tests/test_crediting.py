"""Models of attribution side by side on Channels: only when opened, as the reading has them, marked where a decision depends on one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from data.batches import Note
from data.text import languages, words
from data.workspace import workspace
from metrics.readings import attribution
from metrics.readings.attribution import Asked, AttributionReading, Line
from metrics.scope import Settings
from pages.ui import credit_table, crediting
from tests import little_shop
from tests.test_pages import FIRST, YESTERDAY, opened, said, shown, whole


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("agency")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VITRINA_HOME", str(home))
        little_shop.load(little_shop.write(home / "files", FIRST, YESTERDAY))
        yield home


def reading(**asked: Any) -> AttributionReading:
    client = workspace().client("shop")
    store = workspace().store(client).pinned()
    settings = Settings.of(client.currency, client.facts, store.version())
    since = max(FIRST, YESTERDAY - timedelta(days=364))
    return attribution.read(store.run, settings, client.facts, since, YESTERDAY, Asked(counter=little_shop.COUNTER, **asked))


def test_nothing_is_reckoned_before_it_is_opened(agency: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def reckoned(*_: object) -> None:
        raise AssertionError("reckoned")

    monkeypatch.setattr(crediting, "read", reckoned)
    app = opened(language="en")
    assert whole(app) and app.button(key="models_open").label == "Compare the models"


def test_it_opens_with_a_press_stays_in_the_address_and_closes(agency: Path) -> None:
    app = opened(language="en")
    app.button(key="models_open").click().run()
    assert app.query_params["models"] == "channel" and shown(app, "credit_channel_conversions")["rows"]
    app.button(key="models_close").click().run()
    assert "models" not in app.query_params and whole(app)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("by", list(crediting.BY))
def test_every_model_is_a_column_and_every_figure_is_the_readings(agency: Path, by: str, language: str) -> None:
    app, found = opened(language=language, models=by), reading(by=by)
    table = shown(app, f"credit_{by}_conversions")
    assert whole(app)
    assert [column["key"] for column in table["columns"]] == [*found.spoken, "range"]
    given = {row["key"]: [cell["sort"] for cell in row["cells"][:-1]] for row in table["rows"]}
    assert given == {line.name: [pytest.approx(line.conversions[model]) for model in found.spoken] for line in found.lines}
    assert {cell["sort"] for cell in table["total"]["cells"][:-1]} == {found.conversions}


def test_credit_of_every_model_adds_up_to_the_total(agency: Path) -> None:
    table = shown(opened(language="en", models="channel"), "credit_channel_conversions")
    for place in range(len(table["columns"]) - 1):
        whole_sum = sum(row["cells"][place]["sort"] for row in table["rows"])
        assert whole_sum == pytest.approx(table["total"]["cells"][place]["sort"], abs=1e-6)


@pytest.mark.parametrize("language", languages())
def test_paid_channels_have_their_range_and_their_verdict(agency: Path, language: str) -> None:
    app, found, say = opened(language=language, models="channel"), reading(), words(language)
    rows = {row["key"]: row["cells"] for row in shown(app, "decisions_channel")["rows"]}
    for line in (line for line in found.lines if line.verdict is not None):
        costs = [cost for cost in line.cpa.values() if cost is not None]
        assert rows[line.name][0]["text"] == say.money(line.spend, "RUB")
        assert all(say.money(cost, "RUB", 0) in rows[line.name][1]["text"] for cost in (min(costs), max(costs)))
        assert line.verdict is not None and rows[line.name][-1]["text"] == say.note(line.verdict).rstrip(".")


def test_the_cost_under_each_model_can_be_shown(agency: Path) -> None:
    table = shown(opened(language="en", models="channel", models_show="cpa"), "credit_channel_cpa")
    assert table["total"] is None
    assert {row["key"] for row in table["rows"]} == {line.name for line in reading().lines if line.verdict is not None}


@pytest.mark.parametrize("language", languages())
def test_silent_models_say_why(agency: Path, language: str) -> None:
    app, found, say = opened(language=language, models="channel"), reading(), words(language)
    for one in found.models:
        if one.why is not None:
            assert say.note(one.why) in said(app)


# -------------------------------------------------------------------------------------------------------------- the decision


MODELS = ("first", "last", "linear", "markov")
LINE = Line(
    "vk", "VK", dict.fromkeys(MODELS, 20.0), dict.fromkeys(MODELS, 0.0), 20.0, 20.0, 0.0, 0.0, 1000.0, dict.fromkeys(MODELS, 50.0), {},
    {"first": True, "last": False, "linear": False, "markov": False}, True, Note("model dependent", "Model dependent."),
)
FOUND = AttributionReading("channel", "orders", (), FIRST, YESTERDAY, 90, 7.0, "RUB", 40.0)


def verdict(line: Line) -> tuple[str, str, str]:
    cell = credit_table.decided(line, FOUND, False)[-1]
    return cell.text, cell.change, cell.tone


def test_a_decision_that_depends_on_the_model_is_grey_and_names_who_stands_apart() -> None:
    assert verdict(LINE) == ("Model dependent", "worth it only under: First touch", "flat")
    other = replace(LINE, good={"first": True, "last": True, "linear": True, "markov": False})
    assert verdict(other)[1] == "not worth it only under: Markov"


def test_models_that_agree_colour_the_verdict_where_there_are_conversions_enough() -> None:
    agreed = replace(LINE, good=dict.fromkeys(MODELS, True), depends=False, verdict=Note("agreed", "Worth its money under every model."))
    assert verdict(agreed) == ("Worth its money under every model", "", "good")
    assert verdict(replace(agreed, good=dict.fromkeys(MODELS, False)))[2] == "bad"
    assert verdict(replace(agreed, high=3.0)) == ("Worth its money under every model", "too few conversions to be sure", "flat")
