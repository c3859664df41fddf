"""The Report page: a document is chosen, checked, edited, frozen, and set against today's figures, with the reason of each change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from connectors import understand
from data.desk import commentary, frozen, links, outlines, reactions
from data.desk.commentary import Comment
from data.desk.reactions import Reaction
from data.text import languages, words
from data.warehouse import Warehouse
from data.workspace import workspace
from metrics.reloads import Book, Entry
from pages.ui import glance
from pages.ui.report import preview
from reports import changes
from reports.changes import LATE, LOADED, RULES
from reports.story import Block, Cell, Chart, Check, Column, Figure, Row, Series, Story, Table, story
from tests import little_shop
from tests.test_pages import YESTERDAY, files, home, opened, said, shop, shown, whole

__all__ = ["files", "home", "shop"]

SINCE, UNTIL = YESTERDAY - timedelta(days=27), YESTERDAY
LINK = {"period": "custom", "since": SINCE.isoformat(), "until": UNTIL.isoformat()}


def page(language: str = "en", **more: str) -> AppTest:
    return opened("report", language, **LINK, **more)


def button(app: AppTest, key: str) -> AppTest:
    widget(app, key).click()
    return app.run()


def widget(app: AppTest, key: str) -> Any:
    return app.get_by_key(key)


# --------------------------------------------------------------------------------------------------------------- the page


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("part", ["document", "sent", "delivery"])
def test_every_part_of_the_page_opens_in_every_language(shop: Path, part: str, language: str) -> None:
    app = page(language, part=part)
    assert whole(app)
    assert app.header or app.subheader


def test_the_document_is_shown_as_the_client_sees_it_with_its_checks(shop: Path) -> None:
    app = page()
    drawn = shown(app, "document")
    assert drawn["html"].startswith("<!doctype html>") and len(drawn["html"]) < 1_000_000, "still pictures, not the drawing library"
    assert len(drawn["notes"]) == drawn["html"].count("<section") + 1, "notes for each slide, the cover among them"
    assert app.get_by_key("checks") is not None
    assert app.get_by_key("take_document_pptx") is not None and app.get_by_key("take_document_pdf") is not None


def test_the_frame_runs_our_slides_and_nothing_that_came_with_data(shop: Path) -> None:
    drawn = shown(page(), "document")
    policy = drawn["html"].partition('content="')[2].partition('"')[0]
    assert preview._layer()[1] in drawn["slides"] and policy.count("'sha256-") >= 2
    assert little_shop.HOSTILE not in drawn["html"]


@pytest.mark.parametrize("template", ["week", "month", "quarter"])
def test_every_template_makes_a_document(shop: Path, template: str) -> None:
    assert whole(page(template=template, document="ru"))


def test_blocks_are_left_out_moved_and_given_back(shop: Path) -> None:
    usual = [block.key for block in blocks_of(page())]
    app = page()
    widget(app, f"outline_shop_month_{usual[2]}_True").uncheck()
    app.run()
    assert usual[2] not in outlines.of(workspace(), "shop", "month")
    app = button(page(), f"down_{usual[1]}")
    assert outlines.of(workspace(), "shop", "month").index(usual[1]) == 2
    assert whole(app)
    outlines.put(workspace(), "shop", "month", ())
    assert outlines.of(workspace(), "shop", "month") == ()


def blocks_of(app: AppTest) -> list[Block]:
    """The blocks of the document on the page, as freezing keeps them."""
    return list(freeze(app).blocks)


def freeze(app: AppTest) -> Story:
    for box in app.checkbox:
        if box.key == "freeze_sure":
            box.check()
            app.run()
    button(app, "freeze_now")
    desk = workspace()
    return story(frozen.story(desk, "shop", frozen.of(desk, "shop")[0].id))


def test_words_are_edited_kept_and_marked_when_figures_change(shop: Path) -> None:
    app = button(page(), "words_summary")
    draft = freeze(page()).block("summary")
    assert widget(app, "text_summary").value == "\n".join(draft.lead), "the draft stands in the box"
    # What the box saves. A dialog is a run of its own, which a test without a browser does not have.
    mine = Comment("month", "summary", SINCE, UNTIL, "en", "We know why.\nIt will pass.", draft.digest)
    commentary.put(workspace(), "shop", mine, "anna")
    app = page()
    made = freeze(app).block("summary")
    assert made.lead == mine.paragraphs and not made.stale and words("en").t("edited") in labels(app)
    costs(shop, 2.0)
    assert words("en").t("figures have changed") in labels(page())
    assert "anna" in said(button(page(), "words_summary"))


def labels(app: AppTest) -> str:
    return " ".join(box.label for box in app.checkbox)


# ------------------------------------------------------------------------------------------------------- what changed since


def costs(shop: Path, times: float) -> None:
    """Load the shop's costs again, so many times as high in the last week."""
    path = shop / "costs-again.csv"
    lines = ["Date,utm_source,utm_medium,utm_campaign,\"Cost, RUB excl. VAT\",Clicks,Impressions"]
    days = [UNTIL - timedelta(days=step) for step in range(7)]
    lines += [f"{day},yandex,cpc,search,{1500 * times},15,900\n{day},vk,cpc,feed,1000,12,5000" for day in days]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = understand(path)
    answers = {"vat": "net", "currency": "RUB", "account": "costs"} | dict(found.says.facts)
    store().load(found.source.read([found.head], answers))


def late_orders(shop: Path, files: little_shop.Files) -> None:
    """Load the shop's visits again: one more of each day has ordered after all."""
    path = shop / "visits-again.tsv"
    header, *rows = files.log.read_text(encoding="utf-8").splitlines()
    sold = {row.split("\t")[2]: row.split("\t") for row in rows if f"[{little_shop.GOAL}]" in row}
    path.write_text("\n".join([header, *(_bought(row, sold) for row in rows)]) + "\n", encoding="utf-8")
    found = understand(path)
    answers = {"vat": "net", "currency": "RUB", "timezone": little_shop.ZONE} | dict(found.says.facts)
    store().load(found.source.read([found.head], answers))


def _bought(row: str, sold: dict[str, list[str]]) -> str:
    """The fourth visit of a day with what a sold one of that day did."""
    cells = row.split("\t")
    if int(cells[0]) % 1000 != 3:
        return row
    like = sold[cells[2]]
    bought = [cell.replace(f"N{like[0]}", f"N{cells[0]}") for cell in like[13:19]]
    return "\t".join([*cells[:13], *bought, *cells[19:]])


def store() -> Warehouse:
    desk = workspace()
    return desk.store(desk.client("shop"))


@pytest.mark.parametrize("language", languages())
def test_a_copy_that_nothing_has_happened_to_says_so(shop: Path, language: str) -> None:
    freeze(page(language))
    assert words(language).t("Nothing has changed: every figure stands as it was sent.") in said(page(language, part="sent"))


@pytest.mark.parametrize("language", languages())
def test_after_a_reload_of_costs_the_strip_names_spend_and_the_reload(shop: Path, language: str) -> None:
    freeze(page(language))
    costs(shop, 2.0)
    text = said(page(language, part="sent"))
    t = words(language).t
    assert t("data was loaded again") in text and t("late conversions") not in text and t("a rule or the plan was changed") not in text
    assert f"**{t('Spend')}**" in text
    folded = [one.label for one in page(language, part="sent").expander]
    assert any(label.startswith(t("Channels")) for label in folded), "tables and charts too, each folded with its count"
    old = story(frozen.story(workspace(), "shop", frozen.of(workspace(), "shop")[0].id))
    assert next(card for block in old.blocks for card in block.cards if card.metric == "spend").value == 28 * 3000


def test_orders_that_came_late_are_told_from_a_reload(shop: Path, files: little_shop.Files) -> None:
    freeze(page())
    late_orders(shop, files)
    text = said(page(part="sent"))
    assert "late conversions" in text and "data was loaded again" not in text


def test_a_changed_rule_is_told_from_changed_data(shop: Path) -> None:
    freeze(page())
    desk = workspace()
    desk.set_facts(desk.client("shop"), {"basis": "gross", "vat": 20, "key_goals": ["none-such"]})
    text = said(page(part="sent"))
    assert "a rule or the plan was changed" in text and "data was loaded again" not in text


def test_a_link_is_made_shown_and_taken_back_on_the_page(shop: Path) -> None:
    freeze(page())
    app = button(page(part="sent"), "link_make")
    [link] = links.of(workspace(), "shop")
    assert links.token(link) in "\n".join(code.value for code in app.code)
    app = button(app, f"revoke_{link.id}")
    assert links.of(workspace(), "shop")[0].revoked is not None
    assert links.token(link) not in "\n".join(code.value for code in app.code)


@pytest.mark.parametrize("language", languages())
def test_what_the_client_says_reaches_the_week_the_portfolio_and_the_copy(shop: Path, language: str) -> None:
    freeze(page(language))
    desk = workspace()
    link = links.make(desk, frozen.of(desk, "shop")[0], 7)
    reactions.add(desk, link, Reaction("summary", "question", "Ирина", "<b>Почему</b> так?"))
    t = words(language).t
    app = page(language, part="sent")
    assert "<b>Почему</b> так?" in said(app) and t("A question") in said(app)
    week = opened("week", language, **LINK)
    assert whole(week) and any("Почему" in link.proto.label for link in week.get("page_link"))
    one = glance.of(desk.client("shop"))
    assert len(one.said) == 1 and one.sent is None
    button(app, "comments_read")
    assert glance.of(desk.client("shop")).said == ()


# ------------------------------------------------------------------------------------------------------- reasons, by hand


def figure(metric: str, value: float | None) -> Figure:
    return Figure("F1", metric, metric.title(), value, str(value), "count")


def document(**values: float | None) -> Story:
    block = Block("kpi", "kpi", "Figures", cards=tuple(figure(metric, value) for metric, value in values.items()))
    day = date(2026, 3, 1)
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    return Story("shop", "Shop", "T", "", "month", "en", "RUB", day, day, moment, 1, (block,), checks=(Check("plan", "green", ""),))


def book(load: str, provisional: bool = False) -> Book:
    return {("conversions", "1", "", "", date(2026, 3, 1)): Entry(load, provisional)}


def test_a_change_is_split_into_rule_and_data_that_add_up() -> None:
    sent, then, now = (document(visits=v, conversions=c) for v, c in ((100.0, 10.0), (100.0, 12.0), (100.0, 15.0)))
    [one] = changes.read(sent, then, now, {}, {}).figures
    assert (one.rules, one.data, one.change) == (2.0, 3.0, 5.0) and one.reasons == (RULES, LATE)


@pytest.mark.parametrize(
    ("then", "now", "reason"),
    [
        ({"visits": 100.0, "conversions": 10.0}, {"visits": 100.0, "conversions": 12.0}, LATE),
        ({"visits": 100.0, "conversions": 10.0}, {"visits": 100.0, "conversions": 8.0}, LOADED),
        ({"visits": 100.0, "conversions": 10.0}, {"visits": 90.0, "conversions": 12.0}, LOADED),
        ({"conversions": 10.0}, {"conversions": 12.0}, LOADED),
    ],
)
def test_late_conversions_leave_visits_and_spend_where_they_were(
    then: dict[str, float], now: dict[str, float], reason: str
) -> None:
    found = changes.read(document(**then), document(**then), document(**now), book("a"), book("b")).figures
    assert next(one for one in found if one.was.metric == "conversions").reasons == (reason,)


def test_days_that_were_known_to_change_still_are_late_too() -> None:
    then, now = document(conversions=10.0), document(conversions=9.0)
    assert changes.read(then, then, now, book("a", True), book("b")).figures[0].reasons == (LATE,)


def test_without_the_store_of_then_the_change_stands_unsplit() -> None:
    [one] = changes.read(document(visits=1.0), None, document(visits=2.0), {}, book("b")).figures
    assert (one.rules, one.data, one.change) == (None, None, 1.0)


def tabled(spend: float, *, planned: float = 100.0, rows: tuple[str, ...] = ("VK", "Search")) -> Story:
    """A document with a card, a table by channel and a chart of the plan."""
    table = Table(
        "Channels", (Column("spend", "Spend", "money"), Column("verdict", "Verdict", "text")),
        tuple(Row(name, (Cell(spend * place, f"{spend * place:g}"), Cell(None, "fine"))) for place, name in enumerate(rows, 1)),
        Row("Total", (Cell(spend * 3, f"{spend * 3:g}"), Cell(None, ""))),
    )
    chart = Chart("bar", "Plan", ("Jan", "Feb"), (Series("Plan", (planned, None), "plan", (f"{planned:g}", "")),), "money", "")
    made = document(visits=1.0)
    return replace(made, blocks=(replace(made.blocks[0], tables=(table,), charts=(chart,)),))


def test_every_cell_and_point_that_prints_otherwise_is_named_with_its_reason() -> None:
    sent, then, now = tabled(10.0), tabled(10.0, planned=120.0), tabled(11.0, planned=120.0)
    found = changes.read(sent, then, now, book("a"), book("b"))
    table, chart = found.inside
    assert [(one.was.title, one.was.text, one.now.text) for one in table.figures] == [
        ("VK · Spend", "10", "11"), ("Search · Spend", "20", "22"), ("Total · Spend", "30", "33"),
    ]
    assert all(one.reasons == (LOADED,) and one.data == pytest.approx(one.change) for one in table.figures) and table.of == 6
    assert [(one.was.title, one.rules, one.reasons) for one in chart.figures] == [("Jan · Plan", 20.0, (RULES,))]
    assert len(found.every) == 4 and found and not found.figures


def test_rows_that_are_gone_or_new_are_counted() -> None:
    [table] = changes.read(tabled(1.0), None, tabled(1.0, rows=("VK", "Mail", "Push")), {}, {}).inside
    assert (table.gone, table.new, table.figures) == (2, 4, ())


def test_the_appendix_says_when_data_came_which_is_no_change_of_a_figure() -> None:
    sent, now = ((replace(one, blocks=(replace(one.blocks[0], kind="appendix"),))) for one in (tabled(1.0), tabled(2.0)))
    assert not changes.read(sent, None, now, {}, {}).inside


def test_figures_that_are_gone_and_words_that_are_new_are_named() -> None:
    sent, now = document(visits=1.0, orders=2.0), document(visits=1.0)
    edited = replace(now, blocks=(replace(now.blocks[0], lead=("mine",), draft=("ours",)),))
    found = changes.read(sent, now, edited, {}, {})
    assert [one.metric for one in found.gone] == ["orders"] and found.words == ("kpi",) and found
    assert not changes.read(sent, sent, sent, {}, {})
