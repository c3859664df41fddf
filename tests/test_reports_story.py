"""A story says the same as `ask`, in the reader's language only, keeps what people write, and says when it should not be sent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import commands
from data import clock
from data.batches import Batch
from data.desk import actions, commentary, plans, written
from data.desk.actions import Action
from data.desk.commentary import Comment
from data.desk.plans import Target
from data.desk.written import Desk
from data.errors import Problem
from data.settings import home as vitrina_home
from data.tables import ORDERS, TRAFFIC
from data.text import words
from data.warehouse import Warehouse
from data.workspace import workspace
from metrics.readings.subject import Subject
from metrics.scope import Settings
from reports import preflight, templates
from reports.blocks import kinds
from reports.build import build
from reports.context import Context
from reports.exporters import exporter, exporters
from reports.markdown import write as as_markdown
from reports.story import Block, Check, Story, plain, story
from tests import long_shop
from tests.small_store import SEARCH, VK, YANDEX, batch, daily, loaded, spend, visits

MARCH = date(2026, 3, 1), date(2026, 3, 31)
FACTS: dict[str, Any] = {
    "model": "shop", "margin": 0.4, "key_goals": [long_shop.GOAL], "goals": {long_shop.GOAL: ["Order placed", "Заказ оформлен"]},
}
PLANNED = (
    Target(date(2026, 3, 1), "revenue", 500_000.0), Target(date(2026, 3, 1), "drr", 0.3), Target(date(2026, 3, 1), "spend", 200_000.0),
    Target(date(2026, 4, 1), "spend", 250_000.0), Target(date(2026, 4, 1), "revenue", 900_000.0),
    Target(date(2026, 4, 1), "spend", 90_000.0, "vk_ads"),
)
ACTED = (
    Action("Новые объявления", "Ольга", date(2026, 4, 10), "cpa", "", -0.1, id=1),
    Action("Подняли бюджет VK", "Павел", date(2026, 3, 4), "visits", "vk_ads", 0.8, "done", date(2026, 3, 4), id=2),
)
Made = Callable[..., Story]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The invented shop, in which VK Ads break in March."""
    return long_shop.store(tmp_path_factory.mktemp("long"), vk_breaks=date(2026, 3, 4), days=500)


def context(store: Warehouse, language: str = "en", template: str = "month", **more: Any) -> Context:
    facts = more.pop("facts", FACTS)
    since, until = more.pop("days", MARCH)
    subject = Subject.of(facts)
    found = Context(
        store.run, Settings.of("RUB", facts, store.version()), subject, "shop", "Лавка", facts, more.pop("desk", Desk(PLANNED, ACTED)),
        words(language), since, until, more.pop("compare", templates.comparison(since, until)), more.pop("today", date(2026, 4, 2)),
        template,
    )
    return replace(found, **more)


@pytest.fixture(scope="module")
def told(shop: Warehouse) -> Callable[[str, str], tuple[Story, Context]]:
    """Stories of the shop, each made once."""

    @cache
    def made(language: str, template: str) -> tuple[Story, Context]:
        days = MARCH if template != "week" else (date(2026, 3, 23), date(2026, 3, 29))
        found = context(shop, language, template, days=days)
        return build(found, templates.template(template, "shop")), found

    return made


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a plain story that a reader sees, with its place."""
    hidden = {
        "sums", "key", "kind", "metric", "unit", "role", "tone", "tones", "code", "digest", "template", "language", "sources", "light",
        "blocks",
    }
    if isinstance(value, dict):
        for name, one in value.items():
            if name not in hidden or (name == "blocks" and not path):
                yield from texts(one, f"{path}.{name}")
    elif isinstance(value, list):
        for one in value:
            yield from texts(one, path)
    elif isinstance(value, str):
        yield path, value


# ----------------------------------------------------------------------------------------------------------------- figures


@pytest.mark.parametrize("template", ["week", "month"])
def test_every_figure_is_that_of_ask(told: Any, template: str) -> None:
    made, found = told("en", template)
    answers = [found.totals, found.a_year_ago, found.by_channel]
    cards = [card for block in made.blocks for card in block.cards if not card.metric.startswith(("ltv", "cac", "ratio", "payback"))]
    assert len({card.metric for card in cards}) >= 5
    for card in cards:
        assert any(card.value == answer.total.get(card.metric) for answer in answers if card.metric in answer.total), card


def test_a_figure_keeps_its_code_and_the_appendix_has_its_receipt(told: Any) -> None:
    made, _ = told("en", "month")
    cards = [card for block in made.blocks for card in block.cards]
    proofs = {row.name: row for table in made.block("receipts").tables for row in table.rows}
    by_code: dict[str, set[tuple[str, str]]] = {}
    for card in cards:
        by_code.setdefault(card.code, set()).add((card.metric, card.text))
        assert proofs[card.code].cells[0].text == card.title and proofs[card.code].cells[1].text == card.text
        assert card.receipt == proofs[card.code].cells[2].text and card.receipt
    assert all(len(one) == 1 for one in by_code.values())
    assert [code for code in proofs if code.startswith("F")] == [f"F{n + 1}" for n in range(len(by_code))]


def test_speakers_have_the_codes_of_what_they_show(told: Any) -> None:
    for block in told("ru", "month")[0].blocks:
        assert all(any(line.startswith(f"{card.code} · ") for line in block.speaker) for card in block.cards)


def test_a_waterfall_and_its_table_add_up_to_the_change(told: Any) -> None:
    block = told("en", "month")[0].block("why")
    values = block.charts[0].series[0].values
    assert sum(values[:-1]) == pytest.approx(values[-1])
    [table] = block.tables
    for place, column in enumerate(table.columns):
        if column.key in table.sums:
            assert sum(row.cells[place].value or 0.0 for row in table.rows) == pytest.approx(table.total.cells[place].value)
    assert "part" in table.sums


def test_charts_have_a_value_and_a_text_for_every_label(told: Any) -> None:
    for template in ("week", "month"):
        for chart in (chart for block in told("ru", template)[0].blocks for chart in block.charts):
            for series in chart.series:
                assert len(series.values) == len(chart.labels) and len(series.texts) in (0, len(chart.labels))
            assert chart.alt and any(value is not None for series in chart.series for value in series.values)


def test_rows_have_a_cell_for_every_column(told: Any) -> None:
    for table in (table for block in told("ru", "month")[0].blocks for table in block.tables):
        assert all(len(row.cells) == len(table.columns) for row in (*table.rows, *((table.total,) if table.total else ())))


# ------------------------------------------------------------------------------------------------------------------- words

NAMES = re.compile(
    r"\b(VK|CPA|CPO|CR|CAC|LTV|ROMI|ROAS|NRR|SEO|SMM|RFM|UTC|RUB|AOV|CRM|Google|Telegram|UTM|F\d+|KPI|Analytics|ads|direct|counter|[0-9a-f]{8})\b"
)


@pytest.mark.parametrize("template", ["week", "month"])
def test_no_english_word_in_a_russian_story(told: Any, template: str) -> None:
    for place, text in texts(plain(told("ru", template)[0])):
        if place not in (".client", ".currency", ".theme.accent", ".made", ".since", ".until", ".compared"):
            assert not re.search(r"[A-Za-z]{2,}", NAMES.sub("", text)), (place, text)


def test_every_text_is_whole(told: Any) -> None:
    for language in ("ru", "en"):
        for place, text in texts(plain(told(language, "month")[0])):
            assert "{" not in text and "None" not in text and "nan" not in text.split(), (place, text)
            assert ".." not in text and "  " not in text, (place, text)


def test_what_broke_is_named_with_its_figures(told: Any) -> None:
    made, _ = told("en", "month")
    said = " ".join((made.block("why").title, *made.block("why").lead, *made.block("channels").lead))
    assert "VK Ads" in said and re.search(r"\d", said)


def test_a_story_survives_being_written_down(told: Any) -> None:
    made, _ = told("ru", "month")
    assert story(json.loads(json.dumps(plain(made)))) == made


# ------------------------------------------------------------------------------------------------------------------ blocks


def test_every_kind_of_block_is_in_some_template_and_every_template_has_kinds_only() -> None:
    models = ("shop", "leads", "subscription")
    used = {block for name in templates.names() for model in models for block in templates.template(name, model).blocks}
    assert used == set(kinds())


def test_the_shop_has_every_block_but_what_it_has_no_figures_for(told: Any) -> None:
    made, _ = told("en", "month")
    there = [block.key for block in made.blocks]
    wanted = [key for key in templates.template("month", "shop").blocks if key not in ("economics", "unusual")]
    assert [key for key in there if key not in ("economics", "unusual")] == wanted
    assert made.block("actions").tables[0].rows[0].name == "Подняли бюджет VK"
    assert [row.name for row in made.block("plan").tables[1].rows] == ["Новые объявления"]
    assert "kept" in made.block("kpi").title


def test_a_client_with_leads_and_without_spend_has_a_story_too(tmp_path: Path) -> None:
    rows = [(date(2026, 3, 1) + timedelta(days=step % 31), step, SEARCH if step % 3 else VK) for step in range(900)]
    store = loaded(tmp_path, visits(rows))
    for model in ("leads", "subscription", "b2b"):
        found = context(store, "ru", facts={"model": model}, desk=Desk(), compare="previous")
        made = build(found, templates.template("month", model))
        keys = [block.key for block in made.blocks]
        assert keys[:2] == ["cover", "summary"] and keys[-1] == "receipts"
        assert not {"economics", "actions", "plan"} & set(keys)
        assert next(check for check in made.checks if check.key == "plan").light == preflight.AMBER


def test_orders_of_customers_bring_unit_economics(tmp_path: Path) -> None:
    since, until = date(2025, 1, 1), date(2026, 3, 31)
    days = [since + timedelta(days=step) for step in range((until - since).days + 1)]
    bought = [
        {"day": at, "order_id": f"{at}-{n}", "customer": f"{at.year}-{at.month - (n == 3 and at.month > 1)}-{at.day * 2 + n}",
         "orders": 1, "revenue": 1000, "currency": "RUB", "status": "paid", "origin": YANDEX}
        for at in days for n in range(4)
    ]
    known = {column.name for column in ORDERS.columns}
    rows = [{name: value for name, value in row.items() if name in known | {"origin"}} for row in bought]
    store = loaded(
        tmp_path, visits([(at, n, YANDEX) for at in days for n in range(20)], (since, until)),
        spend([(at, YANDEX, 1500) for at in days], (since, until)), batch(ORDERS, rows, (since, until)),
    )
    made = build(context(store, "ru", desk=Desk()), templates.template("month", "shop"))
    block = made.block("economics")
    assert {"cac", "ltv"} <= {card.metric for card in block.cards}
    assert block.charts[0].kind == "line" and block.tables[0].rows


def test_periods_that_are_over() -> None:
    assert templates.days("week", date(2026, 11, 22)) == (date(2026, 11, 16), date(2026, 11, 22))
    assert templates.days("week", date(2026, 11, 23)) == (date(2026, 11, 16), date(2026, 11, 22))
    assert templates.days("month", date(2026, 11, 22)) == (date(2026, 10, 1), date(2026, 10, 31))
    assert templates.days("month", date(2026, 11, 30)) == (date(2026, 11, 1), date(2026, 11, 30))
    assert templates.days("quarter", date(2026, 11, 22)) == (date(2026, 7, 1), date(2026, 9, 30))
    assert templates.comparison(date(2026, 3, 1), date(2026, 3, 31)) == "2026-02-01/2026-02-28"
    assert templates.comparison(date(2026, 7, 1), date(2026, 9, 30)) == "2026-04-01/2026-06-30"
    assert templates.comparison(date(2026, 3, 2), date(2026, 3, 8)) == "previous"


def test_more_in_all_but_less_a_day_is_said_by_the_day(tmp_path: Path) -> None:
    days = [date(2026, 2, 1) + timedelta(days=step) for step in range(59)]
    a_day = {2: 2000, 3: 1850}
    rows = [{"day": at, "origin": SEARCH, "visits": a_day[at.month]} for at in days]
    store = loaded(tmp_path, batch(TRAFFIC, rows, (days[0], days[-1]), breakdown="origin"))
    made = build(context(store, facts={"model": "leads"}, desk=Desk()), templates.chosen(templates.template("month"), ("summary", "kpi")))
    [card] = [card for card in made.block("kpi").cards if card.metric == "visits"]
    assert card.change.startswith("+") and card.tone == "flat"


# -------------------------------------------------------------------------------------------------------------- commentary


def _comment(block: Block, text: str, language: str = "en", title: str = "") -> Comment:
    return Comment("month", block.key, *MARCH, language, text, block.digest, title)


def test_edited_words_are_kept_as_long_as_the_figures_hold(shop: Warehouse, told: Any) -> None:
    draft = told("en", "month")[0].block("kpi")
    template = templates.chosen(templates.template("month", "shop"), ("kpi",))
    edit = _comment(draft, "We knew.\n\nAnd we acted.", title="As agreed")
    desk = Desk(PLANNED, ACTED, comments=(edit,))
    block = build(context(shop, desk=desk), template).block("kpi")
    assert (block.title, block.lead) == ("As agreed", ("We knew.", "And we acted."))
    assert (block.drafted, block.draft, block.stale) == (draft.title, draft.lead, False)

    moved = Desk((Target(date(2026, 3, 1), "revenue", 600_000.0), *PLANNED[1:]), ACTED, comments=(edit,))
    made = build(context(shop, desk=moved), template)
    assert made.block("kpi").lead == ("We knew.", "And we acted.") and made.block("kpi").stale and made.held
    assert next(check for check in made.checks if check.key == "edited").blocks == ("kpi",)

    other = build(context(shop, "ru", desk=desk), template).block("kpi")
    assert other.lead == other.draft and not other.stale


def test_commentary_is_written_taken_back_and_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path))
    monkeypatch.delenv("WORKSPACE_URL", raising=False)
    agency = workspace()
    agency.add_client("shop", "Лавка", "RUB", "Europe/Moscow")
    comment = Comment("month", "kpi", *MARCH, "ru", " Первое.\n\nВторое. ", "d1")
    kept = commentary.put(agency, "shop", comment, "Анна")
    assert (kept.text, kept.who, kept.paragraphs) == ("Первое.\nВторое.", "Анна", ("Первое.", "Второе."))
    commentary.put(agency, "shop", replace(comment, text="Иначе.", digest="d2"), "Павел")
    assert [one.text for one in commentary.of(agency, "shop", *MARCH)] == ["Иначе."]
    assert written.of(agency, "shop").comments[0].digest == "d2"
    commentary.remove(agency, "shop", comment, "Павел")
    commentary.remove(agency, "shop", comment, "Павел")
    assert commentary.of(agency, "shop") == ()
    assert [change.who for change in commentary.changes(agency, "shop")] == ["Павел", "Павел", "Анна"]
    with pytest.raises(Problem, match="empty"):
        commentary.put(agency, "shop", replace(comment, text=" \n "))


# --------------------------------------------------------------------------------------------------------------- pre-flight


def light(found: Context, key: str, blocks: tuple[str, ...] = ("kpi", "channels")) -> tuple[Check, Story]:
    made = build(found, templates.chosen(templates.template("month", "shop"), blocks))
    return next(check for check in made.checks if check.key == key), made


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_document_in_order_is_green_throughout(shop: Warehouse, language: str) -> None:
    made = build(context(shop, language), templates.chosen(templates.template("month", "shop"), ("kpi",)))
    assert {check.key: check.light for check in made.checks if check.light != preflight.GREEN} == {} and not made.held
    assert len(made.checks) == 9


def test_a_period_that_sources_do_not_reach_holds_or_is_footnoted(shop: Warehouse) -> None:
    held, made = light(context(shop, days=(date(2026, 3, 10), date(2026, 4, 8)), today=date(2026, 4, 9)), "stale")
    assert held.light == preflight.RED and held.fix and made.held and held.said in made.block("kpi").notes
    told, made = light(context(shop, days=(date(2026, 3, 3), date(2026, 4, 1)), today=date(2026, 4, 9)), "stale")
    assert told.light == preflight.AMBER and told.said in made.block("kpi").notes and not made.held


def _days(skip: tuple[int, ...] = (), cost: int = 100, **more: Any) -> list[Any]:
    march = [date(2026, 3, day) for day in range(1, 32) if day not in skip]
    rows: list[dict[str, Any]] = [{"day": at, "origin": origin, "visits": 50} for at in march for origin in (SEARCH, YANDEX)]
    spans = [(at, at) for at in march] if skip else [MARCH]
    return [daily([row for row in rows if a <= row["day"] <= b], "origin", (a, b), **more) for a, b in spans] + [
        spend([(date(2026, 3, day), YANDEX, cost) for day in range(1, 32)])
    ]


def test_days_missing_inside_the_period(tmp_path: Path) -> None:
    found = context(loaded(tmp_path / "a", *_days((10,))), facts={"model": "leads"}, desk=Desk())
    assert light(found, "gaps")[0].light == preflight.AMBER
    found = context(loaded(tmp_path / "b", *_days((10, 11, 12, 13, 14))), facts={"model": "leads"}, desk=Desk())
    check, made = light(found, "gaps")
    assert check.light == preflight.RED and "5 of 31" in check.said and made.held


@pytest.mark.parametrize(("share", "wanted"), [(0.8, preflight.AMBER), (0.2, preflight.RED)])
def test_a_sample_is_told_and_a_small_one_holds(tmp_path: Path, share: float, wanted: str) -> None:
    rows = _days(sample_share=share)
    check, made = light(context(loaded(tmp_path, *rows), facts={"model": "leads"}, desk=Desk()), "sampled")
    assert check.light == wanted and f"{share:.0%}" in check.said and check.said in made.block("channels").notes


def test_spend_that_finds_no_visits(tmp_path: Path) -> None:
    lost = spend([(date(2026, 3, day), {**VK, "campaign": "lost"}, 50) for day in range(1, 32)], account="vk")
    found = context(loaded(tmp_path, *_days(), lost), facts={"model": "leads"}, desk=Desk())
    unmapped, made = light(found, "unmapped")
    assert unmapped.light == preflight.RED and made.held
    without, _ = light(found, "without visits")
    assert without.light == preflight.RED and "VK Ads" in without.said


def test_a_goal_that_nobody_reached(shop: Warehouse) -> None:
    some, _ = light(context(shop, facts=FACTS | {"key_goals": [long_shop.GOAL, "404"], "goals": {"404": ["Call", "Звонок"]}}), "goals")
    assert some.light == preflight.AMBER and "Call" in some.said
    none, made = light(context(shop, facts=FACTS | {"key_goals": ["404"]}), "goals")
    assert none.light == preflight.RED and made.held


def test_a_day_that_is_not_over(shop: Warehouse) -> None:
    assert light(context(shop, today=date(2026, 3, 31)), "last day")[0].light == preflight.AMBER
    assert light(context(shop, today=date(2026, 3, 30)), "last day")[0].light == preflight.RED


def _loaded_at(folder: Path, monkeypatch: pytest.MonkeyPatch, *loads: tuple[datetime, Batch]) -> Context:
    store = Warehouse(folder)
    for moment, one in loads:
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        store.load([one])
    monkeypatch.undo()
    return context(store, facts={"model": "leads"}, desk=Desk(), zone="Europe/Moscow")


def _utc(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_a_day_loaded_during_itself_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counter, paid = _days()
    night = _utc(31, 21, 30)
    check, made = light(_loaded_at(tmp_path / "a", monkeypatch, (_utc(31, 12), counter), (_utc(2, 9, month=4), paid)), "last day")
    assert check.light == preflight.AMBER and check.said in made.block("channels").notes and not made.held
    assert light(_loaded_at(tmp_path / "b", monkeypatch, (night, counter), (night, paid)), "last day")[0].light == preflight.GREEN


def test_a_later_load_of_another_account_does_not_hide_an_unfinished_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counter, paid = _days()
    other = replace(counter, account="second")
    found = _loaded_at(tmp_path, monkeypatch, (_utc(31, 12), counter), (_utc(2, 9, month=4), other), (_utc(2, 9, month=4), paid))
    assert light(found, "last day")[0].light == preflight.AMBER


def test_costs_agreed_ahead_are_no_unfinished_day_and_spend_of_the_day_itself_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counter, paid = _days()
    later = _utc(2, 9, month=4)
    ahead = _loaded_at(tmp_path / "a", monkeypatch, (_utc(1, 9), paid), (later, counter))
    assert light(ahead, "last day")[0].light == preflight.GREEN
    during = _loaded_at(tmp_path / "b", monkeypatch, (_utc(31, 9), paid), (later, counter))
    assert light(during, "last day")[0].light == preflight.AMBER


def test_a_missing_plan_is_footnoted(shop: Warehouse) -> None:
    check, made = light(context(shop, "ru", desk=Desk()), "plan")
    assert check.light == preflight.AMBER and check.said in made.block("kpi").notes and "март" in check.said


# ----------------------------------------------------------------------------------------------------- formats, command line


def test_markdown_shows_every_title_and_figure_as_text(told: Any) -> None:
    made, _ = told("ru", "week")
    text = as_markdown(made).decode()
    assert text.startswith(f"# {made.title}")
    for block in made.blocks[1:]:
        assert all(card.text in text for card in block.cards)
    hostile = replace(made, blocks=(replace(made.blocks[1], title="=cmd() **x** <b> | y"),))
    assert r"\*\*x\*\* \<b\> \| y" in as_markdown(hostile).decode()


def test_formats_are_found_by_listing() -> None:
    assert {"md", "json"} <= set(exporters())
    with pytest.raises(Problem, match="no format"):
        exporter("doc")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path))
    monkeypatch.setenv("VITRINA_LANG", "en")
    monkeypatch.delenv("WORKSPACE_URL", raising=False)
    workspace().add_client("shop", "Shop", "RUB", "Europe/Moscow", FACTS | {"name_ru": "Лавка"})
    long_shop.store(vitrina_home() / "clients" / "shop", days=120)
    plans.put(workspace(), "shop", PLANNED)
    actions.put(workspace(), "shop", replace(ACTED[0], id=None))

    def call(*said: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["vitrina.py", "report", "--client", "shop", "--format", "md,json", *said])
        with pytest.raises(SystemExit) as left:
            commands.main()
        heard = capsys.readouterr()
        return int(str(left.value.code or 0)), heard.out, heard.err

    return call


def test_the_command_writes_what_was_asked_and_says_how_large_it_is(run: Any, tmp_path: Path) -> None:
    code, out, _ = run("--lang", "ru", "--out", str(tmp_path / "out"))
    assert code == 0 and "✓" in out and "KB" in out
    path = tmp_path / "out" / "shop_month_2026-03_ru.json"
    made = story(json.loads(path.read_text(encoding="utf-8")))
    assert made.name == "Лавка" and made.title == "Итоги: март\u00a02026"
    assert (tmp_path / "out" / "shop_month_2026-03_ru.md").read_text(encoding="utf-8").startswith("# Итоги: март\u00a02026")


def test_a_red_check_holds_unless_forced(run: Any, tmp_path: Path) -> None:
    words_ = ("--since", "2026-03-10", "--until", "2026-04-20", "--template", "week", "--out", str(tmp_path / "out"))
    code, out, err = run(*words_)
    assert code == 2 and "✗" in out and "--force" in err and not (tmp_path / "out").exists()
    code, _, _ = run(*words_, "--force")
    assert code == 0 and len(list((tmp_path / "out").iterdir())) == 2


def test_unknown_names_are_said_with_what_there_is(run: Any) -> None:
    for words_ in (("--template", "moth"), ("--blocks", "kip"), ("--format", "doc")):
        code, _, err = run(*words_)
        assert code == 2 and "→" in err
