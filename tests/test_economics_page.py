"""Economics says what the readings say: tree, what-if, levers, unit economics, the next rouble; and what is missing where it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.batches import Note
from data.text import languages, words
from data.workspace import workspace
from metrics.readings import drivers
from metrics.readings.drivers import DriversReading, Node
from metrics.readings.lifetime import EconomicsLine
from metrics.readings.response import ChannelResponse, Check, ResponseReading
from metrics.readings.subject import Subject
from metrics.scope import Settings
from metrics.sentences import paying
from pages.ui.economics import asked, boxes, budget, noise
from tests import little_shop, long_shop
from tests.test_pages import FIRST, YESTERDAY, opened, plain, said, shown, whole

MONTH = date(2026, 3, 1)
LINK = {"client": "shop", "period": "custom", "since": "2026-03-01", "until": "2026-03-31"}


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A shop with fourteen months of totals, and one with ten weeks of visits that has not said what business it is."""
    home = tmp_path_factory.mktemp("agency")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VITRINA_HOME", str(home))
        client = workspace().add_client("shop", "Лавка", "RUB", "Europe/Moscow", {"model": "shop", "margin": 0.4, "key_goals": ["11"]})
        long_shop.store(workspace().store(client).folder, days=420)
        little_shop.load(little_shop.write(home / "files", FIRST, YESTERDAY), "young", "Ларёк")
        workspace().add_client("empty", "Пустой", "RUB", "Europe/Moscow")
        yield home


def reading(**tried: Any) -> DriversReading:
    client = workspace().client("shop")
    store = workspace().store(client).pinned()
    settings = Settings.of(client.currency, client.facts, store.version())
    return drivers.read(store.run, settings, Subject.of(client.facts), MONTH, response=False, **tried)


def every(box: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield box
    for part in box["parts"]:
        yield from every(part)


def tree(app: AppTest) -> dict[str, dict[str, Any]]:
    return {box["key"]: box for box in every(shown(app, "tree")["root"])}


# ------------------------------------------------------------------------------------------------------------------ the tree


@pytest.mark.parametrize("language", languages())
def test_the_tree_says_what_the_reading_says(agency: Path, language: str) -> None:
    app = opened("economics", language, **LINK)
    found, said_boxes = reading(), tree(app)
    assert whole(app)
    assert set(said_boxes) == {node.key for node in found.nodes}
    profit = next(node for node in found.nodes if node.key == "profit")
    assert profit.value is not None and said_boxes["profit"]["value"] == words(language).money(profit.value, "RUB")
    assert words(language).money(profit.value, "RUB") in app.header[0].value.replace("\\", "")
    assert said_boxes["orders"]["name"] == words(language).t("Orders")


def test_the_tree_of_a_part_adds_up_with_its_signs(agency: Path) -> None:
    root = shown(opened("economics", "en", **LINK), "tree")["root"]
    assert [(part["sign"], part["key"]) for part in root["parts"]] == [("", "margin_all"), ("−", "spend"), ("−", "fixed")]


def test_a_plan_stands_beside_the_figure_it_is_of(agency: Path) -> None:
    box = boxes.root(reading(), {"spend": 100_000.0, "aov": 1.0}, {}, words("en"))
    said_plans = {one.key: plain(one.plan) for part in box.parts for one in (part, *part.parts) if one.plan}
    assert list(said_plans) == ["spend"] and said_plans["spend"].startswith("plan 100,000 ₽ · ")


def test_the_month_is_the_last_full_one_of_the_period(agency: Path) -> None:
    app = opened("economics", "en", client="shop", period="custom", since="2026-01-10", until="2026-02-20")
    assert app.selectbox(key="chosen_month").value == "2026-01-01"


# ------------------------------------------------------------------------------------------------------------------- what if


def test_what_if_is_the_readings_what_if_and_the_tree_follows(agency: Path) -> None:
    app = opened("economics", "en", **LINK, if_visits="2")
    tried = reading(changes={"visits": 0.02}).what_if
    cards = {card["key"]: card for card in shown(app, "if_cards")["cards"]}
    assert tried and tried.after is not None and tried.before is not None and tried.middle is not None
    assert tried.after == pytest.approx(tried.before + tried.middle)
    assert cards["after"]["value"] == words("en").money(tried.after, "RUB")
    assert cards["change"]["value"] == f"+{words('en').money(tried.middle, 'RUB')}"
    assert tree(app)["profit"]["then"] == cards["after"]["value"]
    assert tree(app)["aov"]["then"] == ""


def test_the_tree_that_the_page_rebuilds_is_the_readings(agency: Path) -> None:
    found = reading()
    leaves = {node.key: node.value for node in found.nodes if not node.formula and node.value is not None}
    assert asked.followed(found, leaves, {}) == pytest.approx({node.key: node.value for node in found.nodes})


def test_a_limit_holds_back_what_a_slider_pushes(agency: Path) -> None:
    orders = next(node.value for node in reading().nodes if node.key == "orders")
    assert orders is not None
    app = opened("economics", "en", **LINK, if_visits="2", cap_orders=f"{orders:.0f}")
    cards = {card["key"]: card for card in shown(app, "if_cards")["cards"]}
    assert "Held back by a limit: Orders" in said(app)
    assert abs(float(cards["change"]["value"].replace("₽", "").replace(",", "").replace("\u2212", "-").strip())) < 1500


def test_a_slider_writes_the_address_and_reset_clears_it(agency: Path) -> None:
    app = opened("economics", "ru", **LINK)
    app.slider(key="chosen_if_visits").set_value(1).run()
    assert app.query_params["if_visits"] == "1"
    app.button(key="if_reset").click().run()
    assert "if_visits" not in app.query_params and app.slider(key="chosen_if_visits").value == 0
    assert whole(app)


@pytest.mark.parametrize("nonsense", ["900", "-900", "<b>", "nan", ""])
def test_a_link_cannot_push_a_slider_out_of_its_range(agency: Path, nonsense: str) -> None:
    app = opened("economics", "en", **LINK, if_visits=nonsense)
    slider = app.slider(key="chosen_if_visits")
    assert whole(app) and slider.min <= slider.value <= slider.max


def test_sliders_stay_within_what_the_driver_has_been(agency: Path) -> None:
    app = opened("economics", "en", **LINK)
    lever = next(one for one in reading().levers if one.key == "visits")
    slider = app.slider(key="chosen_if_visits")
    assert lever.low is not None and lever.high is not None
    assert lever.now * (1 + slider.min / 100) <= min(lever.low, lever.now)
    assert max(lever.high, lever.now) <= lever.now * (1 + slider.max / 100)
    assert slider.max < max(lever.high / lever.now - 1, 0) * 100 + 1


def test_levers_stand_as_the_reading_ranks_them(agency: Path) -> None:
    table = shown(opened("economics", "en", **LINK), "levers")
    assert [row["key"] for row in table["rows"]] == [one.key for one in reading().levers]


# ---------------------------------------------------------------------------------------------------------------- what lacks


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("part", ["drivers", "unit", "budget"])
def test_every_part_opens_for_a_young_client_without_a_business_model(agency: Path, part: str, language: str) -> None:
    app = opened("economics", language, client="young", part=part)
    assert whole(app) and app.header


def test_a_client_without_a_business_model_may_be_looked_at_as_any(agency: Path) -> None:
    app = opened("economics", "en", client="young", business="leads")
    assert "The business model is not set" in said(app)
    assert shown(app, "tree")["root"]["key"] in ("leads", "profit")


def test_what_is_missing_names_what_brings_it(agency: Path) -> None:
    app = opened("economics", "en", client="young", business="shop")
    assert "What is missing" in said(app)


# ------------------------------------------------------------------------------------------------------------ unit economics


def test_without_customers_the_sheet_says_what_to_load_and_keeps_what_it_knows(agency: Path) -> None:
    app = opened("economics", "en", **LINK, part="unit")
    assert "Orders with their customers are not loaded" in said(app)
    columns = [column["key"] for column in shown(app, "unit")["columns"]]
    assert "cpa" in columns and "cac" not in columns


def test_the_sheet_is_the_reading_of_lifetimes(agency: Path) -> None:
    app = opened("economics", "en", client="young", part="unit")
    table = shown(app, "unit")
    place = [column["key"] for column in table["columns"]].index("cac")
    assert plain(table["total"]["cells"][place]["text"]) == "1,500 ₽"
    cards = {card["key"]: card for card in shown(app, "unit_cards")["cards"]}
    assert plain(cards["cac"]["value"]) == "1,500 ₽" and cards["margin"]["absent"]


def test_cohorts_are_rows_of_their_own(agency: Path) -> None:
    app = opened("economics", "ru", client="young", part="unit", by="cohort")
    table = shown(app, "cohorts_*")
    assert whole(app) and table["rows"]
    assert sum(row["cells"][0]["sort"] for row in table["rows"]) == table["total"]["cells"][0]["sort"]


@pytest.mark.parametrize(
    ("customers", "value", "basis", "word"),
    [
        (2000, 3000.0, "margin", "pays back"), (2000, 300.0, "margin", "does not pay back"), (40, 1050.0, "margin", "too close to call"),
        (2000, 3000.0, "revenue", "margin is not set"),
    ],
)
def test_a_verdict_needs_the_whole_range_on_one_side(customers: int, value: float, basis: str, word: str) -> None:
    line = EconomicsLine("vk", "VK", None, customers, 1000.0, 0.0, value, value / 1000, None, None)
    assert paying.verdict(line, basis)[0] == word


def test_no_spend_has_no_range() -> None:
    line = EconomicsLine("vk", "VK", None, 100, None, 0.0, 900.0, None, None, None)
    assert (paying.cac_range(line), paying.ratio_range(line), paying.verdict(line, "margin")) == (None, None, ("", "flat"))


# ---------------------------------------------------------------------------------------------------------------- noise


def node(key: str, value: float, before: float) -> Node:
    return Node(key, key, "count", value, before, "")


@pytest.mark.parametrize(("now", "before", "real"), [(15, 16, False), (900, 400, True), (3, 1, False)])
def test_a_change_of_a_count_is_one_only_beyond_chance(now: float, before: float, real: bool) -> None:
    assert noise.real("leads", {"leads": node("leads", now, before)}) is real


def test_a_profit_moves_as_its_margin_does() -> None:
    few = {"profit": node("profit", 500, 300), "margin_all": node("margin_all", 900, 800), "orders": node("orders", 9, 8)}
    many = {"profit": node("profit", 500e3, 300e3), "margin_all": node("margin_all", 900e3, 700e3), "orders": node("orders", 9000, 7000)}
    assert not noise.real("profit", few)
    assert noise.real("profit", many)


def test_what_has_no_known_noise_is_never_real() -> None:
    assert not noise.real("base", {"base": node("base", 9e6, 1)})


# ------------------------------------------------------------------------------------------------------------ the next rouble


@pytest.mark.parametrize("language", languages())
def test_where_the_weeks_cannot_tell_there_is_no_curve_and_the_reason_is_said(agency: Path, language: str) -> None:
    app = opened("economics", language, **LINK, part="budget")
    assert app.header[0].value == words(language).t("No defensible shift of budget")
    [table] = app.table
    assert len(table.value) == 2 and all(table.value.iloc[:, 2].astype(bool))


MEASURED = ResponseReading(
    "revenue", "measured", 120,
    (
        ChannelResponse("direct_ads", "Direct", 10_000.0, 1.4, -0.44, 1.1, 1.9, 8_000.0),
        ChannelResponse("vk", "VK", 5_000.0, 3.2, 0.28, 2.0, 4.0, 7_000.0),
    ),
    9_000.0, 2_000.0, 15_000.0, (), None,
)


def measured(*_: object) -> ResponseReading:
    return MEASURED


def test_a_measured_shift_is_proposed_with_its_range(agency: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "curves", measured)
    app = opened("economics", "en", **LINK, part="budget")
    headline = plain(app.header[0].value.replace("\\", ""))
    assert headline == "The same budget divided better: +9,000 ₽ of revenue a week (+2,000 ₽ to +15,000 ₽)"
    rows = {row["key"]: row["cells"][-1] for row in shown(app, "response")["rows"]}
    assert plain(rows["vk"]["text"]) == "7,000 ₽" and rows["vk"]["change"] == "+40%"


def test_a_channel_names_its_own_failed_check() -> None:
    failed = Check("movement", False, Note("response", "Spend on {channel} hardly moved", {"channel": "VK"}))
    found = replace(MEASURED, basis="assumption", checks=(failed,))
    assert budget.reason(MEASURED.channels[1], found) == "Spend on VK hardly moved"
    assert budget.reason(MEASURED.channels[0], found) == "fitted together with the other channels, which stop it"
