"""Plan, Week, Portfolio, Life cycle, notes and settings: what is typed is kept, what is shown is what was reckoned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from data.batches import Note
from data.desk import actions, looks, marks, overrules, plans
from data.desk.actions import Action
from data.desk.looks import Look
from data.desk.marks import Mark
from data.desk.plans import Target
from data.errors import Problem
from data.text import words
from data.workspace import workspace
from pages.ui import client_tables, periods, plan_grid, plan_pace
from tests import little_shop
from tests.test_pages import YESTERDAY, files, home, opened, plain, said, shop, shown, whole

__all__ = ["files", "home", "shop"]
MONTH = YESTERDAY.replace(day=1)
RU = words("ru").t


def settle(model: str, **facts: Any) -> None:
    desk = workspace()
    goal = little_shop.GOAL
    desk.set_facts(desk.client("shop"), {"model": model, "goals": {goal: ["Order", "Заказ"]}, "key_goals": [goal], **facts})


def pressed(app: AppTest, label: str) -> AppTest:
    buttons = [*app.button, *app.get("form_submit_button")]
    found: AppTest = next(button for button in buttons if button.label == label).click().run()
    return found


# --------------------------------------------------------------------------------------------------------------------- Plan


def test_a_cell_that_was_edited_is_saved_as_a_target_and_the_history_says_so(shop: Any) -> None:
    settle("shop")
    app = opened("plan", "en", client="shop")
    year = YESTERDAY.year
    place = plan_grid.months(year).index(MONTH)
    app.session_state[f"plan_shop_{year}_0"] = {"edited_rows": {place: {"spend|": 90000}}, "added_rows": [], "deleted_rows": []}
    app.run()
    pressed(app, "Save")
    assert whole(app)
    [kept] = plans.of(workspace(), "shop")
    assert (kept.month, kept.metric, kept.value, kept.channel) == (MONTH, "spend", 90000.0, "")
    assert "Saved. Targets changed: 1" in said(app)
    assert any(fold.label == "Who changed the plan" for fold in app.expander)


def test_a_sheet_is_shown_before_it_is_written(shop: Any) -> None:
    settle("shop")
    app = opened("plan", "en", client="shop")
    sheet = f"Month,Spend\n{MONTH:%Y-%m},120000\n"
    uploader = next(one for one in app.file_uploader if one.label == "XLSX or CSV")
    uploader.upload("plan.csv", sheet.encode())
    app.run()
    assert whole(app)
    assert plans.of(workspace(), "shop") == ()
    assert "120,000" in plain(" ".join(app.table[0].value.astype(str).to_numpy().ravel()))
    pressed(app, "Write 1 targets")
    assert [target.value for target in plans.of(workspace(), "shop")] == [120000.0]


def test_what_is_worth_knowing_about_the_month_stands_under_it_once(shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settle("leads")
    plans.put(workspace(), "shop", [Target(MONTH, "conversions", 100.0)])
    note = Note("counter", "Visits of {counter} are counted; {others} are not added to them.", {"counter": "1", "others": "2"})
    real = plan_pace.read
    monkeypatch.setattr(plan_pace, "read", lambda *asked: replace(real(*asked), notes=(note, note)))
    app = opened("plan", "en", client="shop")
    assert whole(app) and said(app).count("Visits of 1 are counted; 2 are not added to them.") == 1


def test_empty_cells_are_filled_from_the_months_of_last_year() -> None:
    shown_ = (plan_grid.Column("spend"), plan_grid.Column("cpa"))
    empty = plan_grid.grid((), shown_, 2026)
    found = plan_grid.from_last_year(empty, {(date(2025, 3, 1), "spend"): 100_000.0, (date(2025, 3, 1), "cpa"): 900.0}, shown_, 0.1)
    assert [(target.month, target.metric, target.value) for target in found] == [(date(2026, 3, 1), "spend", 110_000.0)]


# --------------------------------------------------------------------------------------------------------------------- Week


def test_cards_of_the_week_are_the_totals_and_the_waterfall_adds_up(shop: Any) -> None:
    settle("leads")
    app = opened("week", "en", client="shop")
    cards = {card["key"]: plain(card["value"]) for card in shown(app, "cards")["cards"]}
    assert cards["conversions"] == str(28 * little_shop.CONVERSIONS_A_DAY)
    assert cards["spend"] == "84,000 ₽"
    table = shown(app, "why_parts")
    place = [column["key"] for column in table["columns"]].index("part")
    assert sum(row["cells"][place]["sort"] for row in table["rows"]) == pytest.approx(table["total"]["cells"][place]["sort"])


def test_an_action_stands_in_the_week_with_its_verdict(shop: Any) -> None:
    settle("leads")
    day = YESTERDAY - timedelta(days=20)
    actions.put(workspace(), "shop", Action("Shorter form", "Olga", day, "conversions", "", 0.5, "done", day))
    row = shown(opened("week", "en", client="shop"), "doing")["rows"][0]
    texts = [cell["text"] for cell in row["cells"]]
    assert row["name"] == "Shorter form"
    assert texts[0] == "done" and "+50%" in texts[3] and texts[5], "state, expected effect and a verdict"


# ---------------------------------------------------------------------------------------------------------------- Portfolio


def test_a_client_that_is_behind_its_plan_comes_first(shop: Any) -> None:
    settle("leads")
    desk = workspace()
    desk.add_client("calm", "Aaa", "RUB", little_shop.ZONE)
    plans.put(desk, "shop", [Target(MONTH, "conversions", 100_000.0)])
    app = opened("portfolio", "en")
    table = shown(app, "portfolio")
    assert whole(app)
    assert [row["key"] for row in table["rows"]] == ["shop", "calm"]
    assert "Begin with" in app.header[0].value
    plan = [column["key"] for column in table["columns"]].index("plan")
    assert table["rows"][0]["cells"][plan]["tone"] == "bad"


def test_a_client_with_a_logo_bears_it_in_its_row(shop: Any) -> None:
    drawn = BytesIO()
    Image.new("RGB", (600, 200), "#C83C28").save(drawn, "PNG")
    looks.put(workspace(), "shop", Look(logo=drawn.getvalue()))
    workspace().add_client("torn", "Torn", "RUB", little_shop.ZONE)
    looks.put(workspace(), "torn", Look(logo=drawn.getvalue()[:60]))
    rows = {row["key"]: row["picture"] for row in shown(opened("portfolio", "en"), "portfolio")["rows"]}
    assert rows["shop"].startswith("data:image/png;base64,") and len(rows["shop"]) < 2_000 and rows["torn"] == ""


def test_the_bar_of_the_portfolio_has_no_period(shop: Any) -> None:
    app = opened("portfolio", "en")
    assert not app.selectbox
    assert app.query_params["client"] == "shop"


# --------------------------------------------------------------------------------------------------------------- Life cycle


def test_a_stage_set_by_hand_is_shown_and_taken_back(shop: Any) -> None:
    settle("shop")
    overrules.put(workspace(), "shop", overrules.Overrule("", "growth", "A new shop in town", MONTH))
    app = opened("life_cycle", "en", client="shop")
    assert "set by hand" in app.header[0].value
    app.button(key="withdraw").click().run()
    assert whole(app)
    assert overrules.of(workspace(), "shop") == ()
    assert "set by hand" not in app.header[0].value


# -------------------------------------------------------------------------------------------------------------------- notes


@pytest.mark.parametrize(("page", "link"), [("", {}), ("week", {}), ("plan", {}), ("explore", {"look": "chart", "grain": "day"})])
def test_a_note_is_listed_under_the_chart(shop: Any, page: str, link: dict[str, str]) -> None:
    settle("shop")
    day = YESTERDAY - timedelta(days=5)
    marks.add(workspace(), "shop", [Mark(day, day + timedelta(days=2), "Free delivery", "ours")])
    app = opened(page, "en", client="shop", **link)
    assert whole(app)
    assert listed(said(app), "**1** ", ": Free delivery (our change)")


def listed(text: str, before: str, after: str) -> bool:
    return any(line.startswith(before) and line.endswith(after) for line in text.splitlines())


def test_a_note_is_added_and_taken_away_on_the_page(shop: Any) -> None:
    app = opened("", "en", client="shop")
    next(one for one in app.text_input if one.label == "What happened").set_value("Site was down")
    next(one for one in app.checkbox if one.label.startswith("Leave these days")).check()
    pressed(app, "Add the note")
    [kept] = marks.of(workspace(), "shop")
    assert whole(app)
    assert (kept.text, kept.masks, kept.since) == ("Site was down", True, YESTERDAY)
    app.button(key=f"note_away_{kept.id}").click().run()
    assert marks.of(workspace(), "shop") == ()


# ----------------------------------------------------------------------------------------------------------------- settings


def test_settings_are_saved_as_facts(shop: Any) -> None:
    settle("shop")
    app = opened("data", "en", client="shop")
    next(one for one in app.number_input if one.label.startswith("Target CPA")).set_value(1500.0)
    next(one for one in app.number_input if one.label.startswith("The client's month")).set_value(16)
    pressed(app, "Save")
    facts = workspace().client("shop").facts
    assert whole(app)
    assert (facts["target_cpa"], facts["fiscal_month_start"]) == (1500.0, 16)
    assert "margin" not in facts, "what was not touched is not written"


def test_terms_of_spend_go_to_the_table_and_back() -> None:
    kept: list[dict[str, Any]] = [
        {"vat": "net", "levy": False, "fee": 0.1, "counts": ["fee"]},
        {"since": "2026-02-01", "vat": "gross", "levy": True, "fee": 0.12, "counts": ["levy"]},
    ]
    rows = client_tables.terms_shown({"spend_terms": kept}).to_dict("records")
    assert client_tables.terms([{str(key): value for key, value in row.items()} for row in rows]) == kept
    assert client_tables.terms([{"since": None, "gross": False, "levy": None}]) == []


def test_products_need_a_name_and_goals() -> None:
    kept = {"tea": {"title": "Tea", "title_ru": "Чай", "goals": ["1"]}}
    rows = [{str(key): value for key, value in row.items()} for row in client_tables.products_shown({"products": kept}).to_dict("records")]
    assert client_tables.products(rows) == kept
    assert client_tables.products([{"title": "Чайники", "goals": ["2"]}]) == {"chayniki": {"title": "Чайники", "goals": ["2"]}}
    with pytest.raises(Problem):
        client_tables.products([{"title": "Tea", "goals": []}])


def test_drivers_by_hand_are_percent_on_the_screen_and_shares_in_the_settings() -> None:
    names = {one.key: one.name for one in client_tables.drivers_of("leads")}
    frame = client_tables.drivers_shown({"drivers": {"win": 0.25}}, "leads", names)
    rows = [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
    assert {row["key"]: row["value"] for row in rows}["win"] == 25.0
    assert client_tables.drivers(rows, "leads", {"drivers": {"mrr": 5.0}}) == {"win": 0.25, "mrr": 5.0}


# ---------------------------------------------------------------------------------------------------------------------- bar


def test_a_month_to_date_is_set_against_the_same_days_of_the_month_before() -> None:
    since, until = date(2026, 11, 1), date(2026, 11, 22)
    assert periods.whole("month", since, until) == date(2026, 11, 30)
    assert periods.against(since, until, date(2026, 11, 30), "previous") == "2026-10-01/2026-10-22"
    assert periods.against(since, until, date(2026, 11, 30), "year") == "year"
    assert periods.against(since, until, until, "previous") == "previous"


def test_the_clients_own_month_is_the_month_to_date() -> None:
    assert periods.days("month", date(2026, 11, 23), None, 16) == (date(2026, 11, 16), date(2026, 11, 22))
    assert periods.days("last_month", date(2026, 11, 23), None, 16) == (date(2026, 10, 16), date(2026, 11, 15))
    assert periods.whole("month", date(2026, 11, 16), date(2026, 11, 22)) == date(2026, 12, 15)


@pytest.mark.parametrize("page", ["", "week", "audience", "explore"])
def test_days_of_ones_own_are_compared_with_and_stay_in_the_link(shop: Any, page: str) -> None:
    settle("shop")
    first, last = YESTERDAY - timedelta(days=62), YESTERDAY - timedelta(days=50)
    app = opened(page, "ru", client="shop", compare="own", against_since=first.isoformat(), against_until=last.isoformat())
    assert whole(app)
    assert app.query_params["compare"] == "own"
    assert app.query_params["against_since"] == first.isoformat()
    assert plain(RU("vs {days}", days=words("ru").period(first, last))) in plain(said(app))
