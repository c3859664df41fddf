"""Any sheet with a column of days is understood: its columns are proposed, asked once, and remembered by its header."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import commands
from connectors import intake, understand
from connectors.intake import Known
from connectors.plain_columns import Sheet, parse, propose, written
from connectors.plain_words import KEYS, KINDS, kind
from data.desk import marks
from data.errors import Ask, BadFile, MissingAnswer, Problem
from data.text import catalogue
from data.warehouse import Warehouse
from data.workspace import workspace
from metrics import Query, Result, Settings, ask
from tests.stored import SAMPLES, shared

SHEETS = SAMPLES / "plain_sheet"
FUNNEL = {
    "TRAFFIC.xlsx": ("visits", "reached=Visits"), "WEB_CR.xlsx": ("contacts", "reached=Visits"),
    "OFF_ALL.xlsx": ("offers", "reached=Offers"),
    "OFF_CR.xlsx": ("deals", "reached=Offers"), "OFF_SALE.xlsx": ("deals", "amount=Sales"),
}


def series(path: Path) -> intake.Series:
    handful = intake.sort([path])
    assert handful.refused == (), [str(one.problem) for one in handful.refused]
    return handful.series[0]


def written_file(folder: Path, text: str, name: str = "sheet.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def asked(path: Path, known: Known | None = None) -> dict[str, str]:
    """Shape: open question -> the answer that is offered."""
    return {question.option: question.default for question in intake.resolve(series(path), known or Known()).missing}


def load(store: Warehouse, path: Path, **stated: str) -> None:
    store.load(intake.read(intake.resolve(series(path), Known(stated=stated))))


def answer(store: Warehouse, *metrics: str, days: tuple[date, date], **more: Any) -> Result:
    return ask(Query(metrics, *days, **more), store.run, Settings())


# ----------------------------------------------------------------------------------------------------------- proposing


@pytest.mark.parametrize(
    ("sample", "holds", "columns"),
    [
        ("costs", "costs", 'day=Когда,"cost=Отдали блогеру, руб",campaign=Что за посев'),
        ("leads", "leads", "placed=Поступила,status=Состояние,customer=Имя,phone=Телефон,source=Откуда,campaign=utm_campaign"),
        ("funnel_steps", "steps", 'day=День,"amount=Сумма договоров, ₽",reached=Визиты,reached=Звонки,reached=Договоры'),
        ("one_step", "steps", "day=Date,reached=Offers"),
        ("wordstat", "index", "day=Период,searches=Число запросов"),
        ("trends", "index", "day=Неделя,level=улун,level=пуэр"),
    ],
)
def test_what_a_sheet_holds_and_which_column_is_which_is_proposed(sample: str, holds: str, columns: str) -> None:
    found = asked(SHEETS / sample / "sheet.csv")
    assert (found["as"], found["columns"]) == (holds, columns)


def test_a_sheet_of_deals_is_told_by_its_numbers_sums_and_stages() -> None:
    found = asked(SHEETS / "deals" / "sheet.csv")
    assert found["as"] == "orders"
    columns = {"order_id=Сделка №", "closed_day=Закрыли", "lead_day=Первое обращение", "placed=Взяли в работу"}
    assert columns <= set(found["columns"].split(","))


def test_a_table_without_days_is_still_nobodys_table(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="No source knows"):
        understand(written_file(tmp_path, "Имя;Телефон\nАнна;+7 900 000-00-00\n"))


def test_sources_that_know_the_file_come_first(tmp_path: Path) -> None:
    assert understand(written_file(tmp_path, "Дата;Расход\n01.03.2026;10\n")).source.name == "cost_sheet"


def test_what_is_not_said_is_named_with_what_is_proposed() -> None:
    with pytest.raises(MissingAnswer) as caught:
        intake.read(intake.resolve(series(SHEETS / "one_step" / "sheet.csv"), Known()))
    assert "--as 'steps'" in str(caught.value)
    assert "--columns 'day=Date,reached=Offers'" in str(caught.value)


def test_every_kind_and_every_role_is_said_in_russian() -> None:
    said = {text for one in KINDS for text in (one.title, *(role.title for role in one.roles))}
    assert said - set(catalogue("ru")) == set()


# ---------------------------------------------------------------------------------------------------------- remembering


def test_the_answers_are_remembered_by_the_header(tmp_path: Path) -> None:
    first = SHEETS / "costs" / "sheet.csv"
    stated = {"as": "costs", "columns": 'day=Когда,"cost=Отдали блогеру, руб"', "account": "Посевы", "vat": "gross"}
    known = Known(stated=stated)
    learned = Known(shapes=known.after(intake.resolve(series(first), known)).shapes)
    following = written_file(tmp_path, "Когда;Где размещались;Что за посев;Отдали блогеру, руб;Охват\n07.04.2026;ВК;Паблик;900;10\n")
    resolved = intake.resolve(series(following), learned)
    assert resolved.missing == ()
    assert dict(resolved.answers) == {**stated, "currency": "RUB"}
    assert intake.resolve(series(SHEETS / "wordstat" / "sheet.csv"), learned).missing != ()


def test_the_step_of_a_funnel_belongs_to_the_file_and_is_asked_every_time() -> None:
    path = SHEETS / "one_step" / "sheet.csv"
    known = Known(stated={"as": "steps", "columns": "date=Date,reached=Offers", "account": "CRM", "step": "offers"})
    assert asked(path, Known(shapes=known.after(intake.resolve(series(path), known)).shapes)) == {"step": "Offers"}


def test_what_was_said_about_a_header_is_not_taken_for_another_sheet_of_the_account() -> None:
    known = Known(stated={"as": "steps", "columns": "date=Date,reached=Offers", "account": "CRM", "step": "offers"})
    after = known.after(intake.resolve(series(SHEETS / "one_step" / "sheet.csv"), known))
    other = intake.resolve(series(SHEETS / "funnel_steps" / "sheet.csv"), Known({"account": "CRM"}, after.remembered, shapes=after.shapes))
    assert {question.option for question in other.missing} >= {"as", "columns"}


# --------------------------------------------------------------------------------------------------------- the mapping

HEADERS = st.lists(st.sampled_from(["Дата", "Расход, руб", 'Так "называемый"', "a=b", "Сумма", "x"]), min_size=2, max_size=6)


@given(HEADERS, st.data())
def test_a_mapping_written_is_the_mapping_read(headers: list[str], data: st.DataObject) -> None:
    sheet = Sheet(0, 0, tuple(headers), ())
    places = data.draw(st.permutations(range(len(headers))))
    mapped = tuple(sorted(zip(("day", "cost", "campaign", "source"), places, strict=False)))
    if any(headers[place].strip().startswith("#") for _, place in mapped):
        return
    assert parse(written(sheet, mapped), sheet, kind("costs")) == mapped


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("day=Дата,cost=Рассход", "There is no column Рассход."), ("day=Дата,price=Расход", "A column of such a sheet cannot be price."),
        ("day=Дата", "It is not said which column is cost."), ("day=Дата,cost=Расход,cost=Показы", "Two columns are named as cost."),
    ],
)
def test_a_wrong_mapping_is_answered_with_what_can_be_said(text: str, said: str) -> None:
    with pytest.raises(Problem) as caught:
        parse(text, Sheet(0, 0, ("Дата", "Расход", "Показы"), ()), kind("costs"))
    assert str(caught.value).startswith(said)


def test_a_header_that_stands_twice_is_named_by_its_place() -> None:
    sheet = Sheet(0, 0, ("Дата", "Сумма", "Сумма"), (["01.03.2026", "10", "20"],))
    assert written(sheet, (("day", 0), ("cost", 2))) == "day=Дата,cost=#3"
    assert parse("date=Дата,cost=#3", sheet, kind("costs")) == (("day", 0), ("cost", 2))


@pytest.mark.parametrize("key", KEYS)
def test_no_column_is_proposed_twice(key: str) -> None:
    for path in SHEETS.glob("*/*.csv"):
        rows = intake.sort([path]).series[0].heads[0].rows
        sheet = Sheet(0, 0, tuple(map(str, rows[0])), tuple(map(list, rows[1:])))
        places = [place for _, place in propose(sheet, kind(key))]
        assert len(places) == len(set(places))


# --------------------------------------------------------------------------------------------------------------- funnels


def test_steps_are_set_side_by_side_and_never_added_up(tmp_path: Path) -> None:
    store = Warehouse(tmp_path / "store")
    columns = 'day=День,reached=Визиты,reached=Договоры,"amount=Сумма договоров, ₽"'
    load(store, SHEETS / "funnel_steps" / "sheet.csv", **{"as": "steps", "columns": columns, "account": "CRM", "vat": "net"})
    days = (date(2026, 3, 1), date(2026, 3, 31))
    found = answer(store, "step_reached", "step_amount", "step_ticket", days=days, by=("step",))
    assert {row["step"]: (row["step_reached"], row["step_amount"]) for row in found.rows()} == {
        "Визиты": (423, None), "Договоры": (5, 425500),
    }
    assert dict(found.total) == {"step_reached": None, "step_amount": 425500, "step_ticket": None}
    one = answer(store, "step_reached", days=days, only=(("step", ("Договоры",)),))
    assert one.total["step_reached"] == 5
    assert any("not added up" in str(note) for note in found.notes)


def test_the_funnel_of_four_years_gives_its_control_figures(tmp_path: Path) -> None:
    store = Warehouse(tmp_path / "store")
    for name, (step, column) in FUNNEL.items():
        stated = {"as": "steps", "columns": f"date=Date,{column}", "account": "CRM", "step": step, "vat": "net", "currency": "RUB"}
        load(store, shared(f"crm_funnel/{name}"), **stated)
    found = answer(store, "step_reached", "step_amount", days=(date(2015, 5, 1), date(2019, 6, 30)), by=("step",))
    reached = {row["step"]: row["step_reached"] for row in found.rows()}
    assert reached == {"visits": 44298, "contacts": 6952, "offers": 5272, "deals": 997}
    [deals] = [row["step_amount"] for row in found.rows() if row["step"] == "deals"]
    assert deals == pytest.approx(252_542_202.03)


# ---------------------------------------------------------------------------------------------------------------- demand


def wordstat(folder: Path, name: str, counts: Mapping[str, int]) -> Path:
    return written_file(folder, "Период;Число запросов\n" + "".join(f"{month};{count}\n" for month, count in counts.items()), f"{name}.csv")


def test_a_second_phrase_leaves_the_first_alone_and_a_second_file_of_one_replaces_it(tmp_path: Path) -> None:
    store = Warehouse(tmp_path / "store")
    stated = {"as": "index", "columns": "date=Период,searches=Число запросов", "account": "Wordstat"}
    load(store, wordstat(tmp_path, "a", {"январь 2026": 100, "февраль 2026": 90}), **stated, phrase="чай")
    load(store, wordstat(tmp_path, "b", {"январь 2026": 10, "февраль 2026": 20}), **stated, phrase="улун")
    load(store, wordstat(tmp_path, "c", {"февраль 2026": 95}), **stated, phrase="чай")
    days = (date(2026, 1, 1), date(2026, 2, 28))
    by_phrase = answer(store, "demand", days=days, by=("phrase",))
    assert {row["phrase"]: row["demand"] for row in by_phrase.rows()} == {"чай": 195, "улун": 30}


def test_months_of_a_phrase_load_together_and_stay_periods_of_their_own(tmp_path: Path) -> None:
    lines = [f"{month:02d}.2026;{phrase};{10 * month}" for phrase in ("чай", "кофе") for month in (1, 2, 3, 5)]
    path = written_file(tmp_path, "Период;Фраза;Число запросов\n" + "\n".join(lines) + "\n")
    stated = {"as": "index", "columns": "day=Период,phrase=Фраза,searches=Число запросов", "account": "Wordstat"}
    batches = intake.read(intake.resolve(series(path), Known(stated=stated)))
    assert [(one.breakdown, len(one.periods)) for one in batches] == [("кофе", 3), ("кофе", 1), ("чай", 3), ("чай", 1)]
    store = Warehouse(tmp_path / "store")
    for _ in range(2):
        store.load(batches)
    assert answer(store, "demand", days=(date(2026, 1, 1), date(2026, 3, 31))).total["demand"] == 120
    assert answer(store, "demand", days=(date(2026, 2, 1), date(2026, 2, 28))).total["demand"] == 40
    assert answer(store, "demand", days=(date(2026, 2, 1), date(2026, 2, 14))).total["demand"] is None, "half a month is not known"
    # A month that is loaded again replaces itself and leaves its neighbours.
    again = written_file(tmp_path, "Период;Фраза;Число запросов\n02.2026;чай;25\n", "again.csv")
    store.load(intake.read(intake.resolve(series(again), Known(stated=stated))))
    assert answer(store, "demand", days=(date(2026, 1, 1), date(2026, 3, 31))).total["demand"] == 125


def test_the_index_compares_months_by_day(tmp_path: Path) -> None:
    store = Warehouse(tmp_path / "store")
    path = wordstat(tmp_path, "a", {"январь 2026": 3100, "февраль 2026": 2800, "март 2026": 6200})
    load(store, path, **{"as": "index", "columns": "date=Период,searches=Число запросов", "account": "Wordstat", "phrase": "чай"})
    found = answer(store, "demand_index", days=(date(2026, 1, 1), date(2026, 3, 31)), by=("month",))
    average = 12100 / 90
    assert [row["demand_index"] for row in found.rows()] == pytest.approx([100 / average, 100 / average, 200 / average])


def test_a_level_is_no_number_of_searches(tmp_path: Path) -> None:
    store = Warehouse(tmp_path / "store")
    load(store, SHEETS / "trends" / "sheet.csv", **{"as": "index", "columns": "day=Неделя,level=улун,level=пуэр", "account": "Trends"})
    found = answer(store, "demand", "demand_index", days=(date(2026, 3, 2), date(2026, 3, 22)), by=("phrase",))
    assert found.total["demand"] is None
    average = (219 + 155) / 6
    assert {row["phrase"]: row["demand_index"] for row in found.rows()} == pytest.approx({"пуэр": 73 / average, "улун": 155 / 3 / average})


# ------------------------------------------------------------------------------------------------------- leads and events


def test_leads_without_numbers_are_known_by_their_rows(tmp_path: Path) -> None:
    text = "Дата;Имя;Заявка\n01.03.2026;А;звонок\n01.03.2026;А;звонок\n02.03.2026;Б;форма\n"
    stated = {"as": "leads", "columns": "date=Дата,customer=Имя", "account": "1", "lead": "lead"}
    store = Warehouse(tmp_path / "store")
    for _ in range(2):
        load(store, written_file(tmp_path, text), **stated)
    [row] = store.arrow("SELECT count(*) AS n, count(DISTINCT visit) AS visits, min(goal) AS goal FROM conversions").to_pylist()
    assert row == {"n": 3, "visits": 3, "goal": "lead"}


EVENTS = "Дата;Что произошло;Чьё\n03.11.2025;Снизили цены;конкурент\n11.11.2025;Распродажа;\n15.11.2025;Упал сайт;сбой\n"


def test_events_become_marks_and_no_rows(tmp_path: Path) -> None:
    stated = {"as": "events", "columns": "date=Дата,text=Что произошло,kind=Чьё", "event": "ours"}
    resolved = intake.resolve(series(written_file(tmp_path, EVENTS)), Known(stated=stated))
    assert intake.read(resolved) == ()
    assert [(mark.since, mark.text, mark.kind) for mark in intake.marks(resolved)] == [
        (date(2025, 11, 3), "Снизили цены", "competitor"), (date(2025, 11, 11), "Распродажа", "ours"),
        (date(2025, 11, 15), "Упал сайт", "fault"),
    ]


def test_the_kind_of_events_is_asked_only_where_the_sheet_does_not_say(tmp_path: Path) -> None:
    known = Known(stated={"as": "events", "columns": "date=Дата,text=Что произошло,kind=Чьё"})
    assert asked(written_file(tmp_path, EVENTS), known) == {"event": "ours"}
    assert asked(written_file(tmp_path, EVENTS.replace("Распродажа;", "Распродажа;сезон")), known) == {}


def test_the_command_line_asks_once_and_adds_events_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VITRINA_LANG", "en")

    def run(*words: object) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["vitrina.py", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            commands.main()
        said = capsys.readouterr()
        return int(str(left.value.code or 0)), said.out + said.err

    assert run("clients", "add", "tea", "--name", "Tea", "--currency", "RUB", "--timezone", "Europe/Moscow")[0] == 0
    path, events = SHEETS / "costs" / "sheet.csv", written_file(tmp_path, EVENTS)
    code, said = run("load", "--client", "tea", path)
    assert code == 2 and "--as 'costs'" in said
    columns = 'date=Когда,"cost=Отдали блогеру, руб",campaign=Что за посев'
    assert run("load", "--client", "tea", "--as", "costs", "--columns", columns, "--account", "seeding", "--vat", "gross", path)[0] == 0
    code, said = run("load", "--client", "tea", path)
    assert code == 0 and "rows 3 → 3; cost 19,262.3" in said
    told = ("--as", "events", "--columns", "date=Дата,text=Что произошло,kind=Чьё", "--event", "ours")
    assert "events 3, new ones 3" in run("load", "--client", "tea", *told, events)[1]
    assert "events 3, new ones 0" in run("load", "--client", "tea", events)[1]
    assert [mark.kind for mark in marks.of(workspace(), "tea")] == ["competitor", "ours", "fault"]


# ------------------------------------------------------------------------------------------------------------------- VK


@pytest.mark.parametrize("case", ["days", "mytarget_period"])
def test_a_download_of_vk_asks_for_nothing_but_vat(case: str) -> None:
    found = intake.resolve(series(SAMPLES / "vk_ads" / case / "report.csv"), Known())
    assert [question.option for question in found.missing] == ["vat"]
    assert found.answers == {"account": "VK Ads", "currency": "RUB"}


def test_questions_have_their_answers_written_as_they_are_typed() -> None:
    assert Ask("columns", "", default="day=Дата", guess=True).written == "--columns 'day=Дата'"
    assert Ask("vat", "", default="net").written == "--vat"
