"""Every source turns its samples into exactly the rows written beside them, asks what it must, and names what it leaves out."""

from __future__ import annotations

import ast
import csv
import io
import json
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import Source, discover, intake, understand, vat
from connectors.ga4_tables import cut_up
from data.batches import Batch
from data.errors import BadFile, Problem
from data.tables import AUDIENCE, TRAFFIC
from data.text import FOLDER, catalogue
from data.warehouse import Warehouse
from tests.stored import SAMPLES, shared, stored

CASES = sorted(path.parent for path in SAMPLES.glob("*/*/expected.json"))
STATED = {"timezone": "Europe/Moscow", "vat": "net", "currency": "RUB", "account": "account", "period": "2026-03-01/2026-03-31"}


def read(path: Path, **stated: str) -> tuple[Batch, ...]:
    """One file, every question answered."""
    handful = intake.sort([path])
    assert handful.refused == (), [str(one.problem) for one in handful.refused]
    known = {option: answer for option, answer in STATED.items() if option not in handful.series[0].facts}
    return intake.read(intake.resolve(handful.series[0], intake.Known(stated=known | stated)))


def written(folder: Path, text: str, name: str = "file.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding, newline="")
    return path


def notes(batches: tuple[Batch, ...]) -> list[str]:
    return [str(note) for batch in batches for note in batch.notes]


# ------------------------------------------------------------------------------------------------------------- samples


@pytest.mark.parametrize("source", discover(), ids=lambda source: source.name)
def test_every_source_has_a_sample(source: Source) -> None:
    assert [case for case in CASES if case.parent.name == source.name]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_sample_becomes_the_rows_written_beside_it(case: Path, tmp_path: Path) -> None:
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    files = sorted(path for path in case.iterdir() if path.name != "expected.json")
    for number, handful in enumerate([[file] for file in files] if expected.get("each") else [files]):
        sorted_out = intake.sort(handful)
        assert sorted_out.refused == ()
        [series] = sorted_out.series
        assert series.source.name == case.parent.name
        store = Warehouse(tmp_path / str(number))
        loaded = store.load(intake.read(intake.resolve(series, intake.Known(stated=expected["answers"]))))
        assert stored(store) == expected["stored"], [file.name for file in handful]
        if not expected.get("each"):
            assert [ask.option for ask in series.asks] == expected["asks"]
            assert [str(note) for one in loaded for note in one.notes] == expected["notes"]


def test_a_source_is_found_by_content_and_never_by_name(tmp_path: Path) -> None:
    report = SAMPLES / "direct_wizard" / "days" / "report.xlsx"
    disguised = tmp_path / "photo.jpg"
    disguised.write_bytes(report.read_bytes())
    assert understand(disguised).source.name == "direct_wizard"


def test_a_source_can_be_named_and_an_unknown_name_is_answered_with_the_known_ones() -> None:
    path = SAMPLES / "cost_sheet" / "periods" / "costs.csv"
    assert understand(path, source="cost_sheet").source.name == "cost_sheet"
    with pytest.raises(BadFile, match="no source called costs") as caught:
        understand(path, source="costs")
    assert "cost_sheet" in str(caught.value)


def test_every_text_of_the_connectors_is_said_in_russian() -> None:
    missing = {}
    for path in sorted((FOLDER.parent.parent / "connectors").glob("*.py")):
        for text in _texts(ast.parse(path.read_text(encoding="utf-8"))):
            if text not in catalogue("ru"):
                missing[text] = path.name
    assert missing == {}


def _texts(tree: ast.AST) -> list[str]:
    """Texts that people read: arguments of problems, questions and notes, titles of sources, and the phrases that fill them."""
    said = []
    for node in ast.walk(tree):
        called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        if isinstance(node, ast.Call) and called in ("BadFile", "Problem", "Ask", "Note", "_not_loaded", "Source"):
            named = [word.value for word in node.keywords if word.arg in ("title", "export")]
            said += [one.value for one in (*node.args, *named) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return [text for text in said if " " in text and not text.replace("{name}", "").startswith((",", ": "))]


# -------------------------------------------------------------------------------------------------------- GA4 downloads


def figures(batches: tuple[Batch, ...], table: Any, name: str, goal: str | None = None) -> dict[str, Any]:
    """Shape: channel -> figure."""
    rows = [row for batch in batches if batch.table is table for row in batch.rows.to_pylist()]
    kept = [row for row in rows if goal is None or row["goal"] == goal]
    return {row["origin"]["given_channel"]: row[name] for row in kept}


def test_every_channel_of_a_real_report_comes_back_equal_to_the_file() -> None:
    path = shared("ga/ui/ga4_ui_nj_traffic_acquisition.csv")
    with path.open(encoding="utf-8", newline="") as file:
        lines = [line for line in file if not line.startswith("#")]
    expected = {row["Session primary channel group (Default Channel Group)"]: row for row in csv.DictReader(lines)}
    batches = read(path)
    columns = (("visits", "Sessions", ""), ("engaged", "Engaged sessions", ""), ("reaches", "Key events", "*"))
    for ours, theirs, goal in columns:
        assert figures(batches, TRAFFIC, ours, goal) == {channel: int(row[theirs]) for channel, row in expected.items()}
    assert figures(batches, AUDIENCE, "users") == {channel: int(row["Active users"]) for channel, row in expected.items()}
    bounces = {channel: int(row["Sessions"]) - int(row["Engaged sessions"]) for channel, row in expected.items()}
    assert figures(batches, TRAFFIC, "bounces", "") == bounces
    assert sum(figures(batches, TRAFFIC, "visits", "").values()) == 7_267_878
    assert [(batch.since, batch.until, batch.whole) for batch in batches] == [(date(2023, 1, 1), date(2026, 3, 9), True)] * 2


def test_two_properties_of_one_site_stay_two_accounts() -> None:
    first, second = (read(shared(f"ga/ui/ga4_ui_plumber_traffic_acq_{letter}.csv"))[0] for letter in "AB")
    assert (first.account, second.account) == ("www.h2oplumbers.com", "www.h2oplumbers.com - GA4")
    assert [sum(batch.rows["visits"].drop_null().to_pylist()) for batch in (first, second)] == [7262, 7541]


def test_a_real_snapshot_gives_what_can_be_kept_and_names_the_rest() -> None:
    batches = read(shared("ga/ui/ga4_ui_school_reports_snapshot.csv"))
    assert figures(batches, TRAFFIC, "visits")["AI Assistant"] == 10
    [daily] = [batch for batch in batches if batch.table is AUDIENCE and batch.breakdown == ""]
    users = dict(zip(daily.rows["day"].to_pylist(), daily.rows["users"].to_pylist(), strict=True))
    assert users[date(2026, 1, 1)] == 0 and users[date(2026, 6, 22)] == 36
    assert any("retention" in note for note in notes(batches))
    assert any("Page title" in note for note in notes(batches))


def test_an_exploration_loses_its_grand_total_and_is_checked_against_it() -> None:
    batches = read(shared("ga/ui/ga4_explore_blog_traffic.csv"))
    assert sum(figures(batches, TRAFFIC, "visits", "").values()) == 242
    assert not [note for note in notes(batches) if "total says" in note]


def banner(*lines: str, since: str = "20260201", until: str = "20260228") -> str:
    rule = "# " + "-" * 40
    own = "".join(f"# {line}\n" for line in lines)
    return f"{rule}\n# Report\n# Account: A\n# Property: shop.example\n{rule}\n# \n{own}# Start date: {since}\n# End date: {until}\n"


def test_weeks_run_from_sunday_and_are_cut_to_the_table(tmp_path: Path) -> None:
    batches = read(written(tmp_path, banner(since="20260101", until="20260110") + "Nth week,Sessions\n0000,5\n0001,7\n"))
    assert [(batch.since, batch.until, batch.whole) for batch in batches] == [
        (date(2026, 1, 1), date(2026, 1, 3), True), (date(2026, 1, 4), date(2026, 1, 10), True),
    ]


def test_a_comparison_gives_both_periods(tmp_path: Path) -> None:
    table = "Session medium,Sessions\ncpc,{}\n"
    text = banner("All Users") + table.format(5) + "\n# \n# All Users\n# Start date: 20260101\n# End date: 20260131\n" + table.format(3)
    batches = read(written(tmp_path, text))
    assert [(batch.since, batch.rows["visits"].to_pylist()) for batch in batches] == [(date(2026, 2, 1), [5]), (date(2026, 1, 1), [3])]


def test_names_of_columns_may_be_old_and_in_any_case(tmp_path: Path) -> None:
    header = "Session default channel grouping,SESSIONS,Users,Conversions,Session conversion rate"
    batches = read(written(tmp_path, banner("All Users") + f"{header}\nDirect,10,9,3,0.2\n"))
    assert figures(batches, TRAFFIC, "reaches", "*") == {"Direct": 3}
    assert figures(batches, TRAFFIC, "goal_visits", "*") == {"Direct": 2}
    assert figures(batches, AUDIENCE, "users") == {"Direct": 9}


def test_key_events_by_name_are_goals(tmp_path: Path) -> None:
    [batch] = read(written(tmp_path, banner("All Users") + "Event name,Key events,Total users\npurchase,12,10\nlead,3.5,3\n"))
    assert dict(zip(batch.rows["goal"].to_pylist(), batch.rows["reaches"].to_pylist(), strict=True)) == {"purchase": 12, "lead": 4}
    assert any("rounded" in str(note) for note in batch.notes)


def test_money_is_asked_about_only_where_there_is_some(tmp_path: Path) -> None:
    for revenue, asked in (("0", set()), ("5.5", {"vat", "currency"})):
        path = written(tmp_path, banner("All Users") + f"Session medium,Sessions,Total revenue\ncpc,5,{revenue}\n")
        assert {ask.option for ask in understand(path).says.asks} == {"timezone", *asked}


def test_a_banner_is_cut_up_into_title_segment_and_days() -> None:
    rows = [[line] for line in (banner("All Users") + "Session medium,Sessions\n").splitlines()]
    [cut] = cut_up(rows).cuts
    assert (cut.segment, cut.title, cut.period) == ("", "", (date(2026, 2, 1), date(2026, 2, 28)))
    rows = [[line] for line in (banner("Mobile traffic") + "Session medium,Sessions\n").splitlines()]
    assert cut_up(rows).cuts[0].segment == "Mobile traffic"


# --------------------------------------------------------------------------------------------------------- Yandex Direct


@pytest.mark.parametrize(("name", "cost", "printed", "clicks", "impressions", "claimed"), [
    ("placements_march26.xlsx", "522252.78", "522252.63", 10660, 501311, 238),
    ("sex_age_march26.xlsx", "522252.66", "522252.63", 10660, 501311, 238),
    ("phrases_march26.xlsx", "467913.16", "467913.17", 782, 14240, 201),
])
def test_a_real_direct_report_adds_up_and_says_where_its_total_differs(
    name: str, cost: str, printed: str, clicks: int, impressions: int, claimed: int
) -> None:
    [batch] = read(shared(f"direct/{name}"))
    rows = batch.rows.to_pylist()
    assert sum(row["cost"] for row in rows) == Decimal(cost)
    assert [sum(row[figure] for row in rows) for figure in ("clicks", "impressions", "claimed")] == [clicks, impressions, claimed]
    assert (batch.account, batch.since, batch.until, batch.whole) == ("advertiser-login", date(2026, 3, 1), date(2026, 3, 31), True)
    assert {row["currency"] for row in rows} == {"RUB"}
    assert any(printed in note and cost in note for note in notes((batch,)))


def test_days_without_rows_inside_the_report_are_loaded_as_nothing() -> None:
    [batch] = read(SAMPLES / "direct_wizard" / "days" / "report.xlsx")
    assert (batch.since, batch.until, batch.whole) == (date(2026, 3, 1), date(2026, 3, 4), False)


def test_weeks_and_months_of_a_report_stay_whole(tmp_path: Path) -> None:
    text = (
        "Клиент: ООО (login);;\nОтчет: Мастер отчетов;;\nПериод: 25.02.2026 - 31.03.2026;;\n"
        "Месяц;№ Кампании;Расход, ₽;Клики\nфевраль 2026;1;10;1\n01.03.2026;1;20;2\n"
    )
    batches = read(written(tmp_path, text))
    assert [(batch.since, batch.until, batch.whole) for batch in batches] == [
        (date(2026, 2, 25), date(2026, 2, 28), True), (date(2026, 3, 1), date(2026, 3, 31), True),
    ]


def test_a_campaign_number_that_a_spreadsheet_has_rounded_is_named(tmp_path: Path) -> None:
    rows = "".join(f"Тарелки;{number};1,5;10\n" for number in ("90000000001", "7,06E+08", "90000000003"))
    [batch] = read(written(tmp_path, "Название кампании;№ Кампании;Расход, ₽;Показы\n" + rows))
    assert [row["origin"]["campaign_id"] for row in batch.rows.to_pylist()] == ["90000000001", "90000000003"]
    assert any("7,06E+08" in note for note in notes((batch,)))


# -------------------------------------------------------------------------------------------------------- money and VAT


def test_vat_is_taken_out_exactly_and_never_guessed() -> None:
    day, before = date(2026, 3, 1), date(2025, 12, 31)
    assert vat.net(Decimal("122"), day, day, "gross", "RUB") == 100
    assert vat.net(Decimal("120"), before, before, "gross", "RUB") == 100
    assert vat.net(Decimal("110"), day, day, "gross:10", "USD") == 100
    assert vat.net(Decimal("5.1234567"), before, day, "net", "USD") == Decimal("5.123457")
    for since, until, currency in ((before, day, "RUB"), (day, day, "KZT")):
        with pytest.raises(Problem, match="VAT cannot be taken out"):
            vat.net(Decimal(1), since, until, "gross", currency)


@dataclass(frozen=True)
class Hand:
    """How somebody keeps a cost sheet."""

    delimiter: str
    encoding: str
    day: str
    thousands: str
    mark: str
    header: tuple[str, str, str, str, str]
    total: bool
    preamble: bool

    def write(self, rows: list[tuple[date, str, str, Decimal, int]]) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator="\r\n")
        if self.preamble:
            writer.writerows([["Отчёт"], ["за период", "такой-то"], []])
        writer.writerow(self.header)
        for day, source, campaign, cost, clicks in rows:
            writer.writerow([f"{day:{self.day}}", source, campaign, self.number(f"{cost:,.2f}"), self.number(f"{clicks:,}")])
        if self.total:
            amounts = sum((row[3] for row in rows), Decimal(0)), sum(row[4] for row in rows)
            writer.writerow(["Итого", "", "", self.number(f"{amounts[0]:,.2f}"), self.number(f"{amounts[1]:,}")])
        return text.getvalue().encode(self.encoding)

    def number(self, english: str) -> str:
        return english.replace(",", "T").replace(".", self.mark).replace("T", self.thousands)


HANDS = st.builds(
    Hand, st.sampled_from([",", ";", "\t"]), st.sampled_from(["utf-8", "utf-8-sig", "cp1251", "utf-16"]),
    st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%Y%m%d"]), st.sampled_from([" ", "\u00a0", ""]), st.sampled_from([",", "."]),
    st.sampled_from([
        ("Дата", "Источник", "Кампания", "Расход, руб.", "Клики"), ("date", "utm_source", "utm_campaign", "cost, rub", "clicks"),
    ]),
    st.booleans(), st.booleans(),
)
NAMES = st.text("абвxyz019 _-|;,\"'", min_size=1, max_size=10).map(lambda text: f"к {text}".strip())
SPENT = st.tuples(
    st.dates(date(2026, 1, 1), date(2026, 10, 31)), st.sampled_from(["vk", "telegram"]), NAMES,
    st.decimals(0, 10**7, places=2), st.integers(0, 10**6),
)


@given(st.lists(SPENT, min_size=1, max_size=12), HANDS)
@settings(max_examples=80, deadline=None)
def test_any_cost_sheet_kept_by_any_hand_reads_back_to_the_kopeck(rows: list[tuple[date, str, str, Decimal, int]], hand: Hand) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.csv"
        path.write_bytes(hand.write(rows))
        batches = read(path)
    expected: dict[tuple[date, str, str], tuple[Decimal, int]] = {}
    for day, source, campaign, cost, clicks in rows:
        before = expected.get((day, source, campaign), (Decimal(0), 0))
        expected[day, source, campaign] = before[0] + cost, before[1] + clicks
    found = [row for batch in batches for row in batch.rows.to_pylist()]
    assert {(row["day"], row["origin"]["source"], row["origin"]["campaign"]): (row["cost"], row["clicks"]) for row in found} == expected
    assert [note for batch in batches for note in batch.notes] == []


def test_what_a_header_says_about_vat_and_currency_is_not_asked(tmp_path: Path) -> None:
    for header, facts in (
        ("Расход без НДС, ₽", {"vat": "net", "currency": "RUB"}),
        ("Расход с НДС (руб.)", {"vat": "gross", "currency": "RUB"}),
        ("Cost incl. VAT, USD", {"vat": "gross", "currency": "USD"}),
        ("Затраты", {}),
    ):
        says = understand(written(tmp_path, f"Дата;Источник;{header}\n01.03.2026;vk;5\n")).says
        assert says.facts == facts
        assert {ask.option for ask in says.asks} == {"account", "vat", "currency"} - set(facts)


def test_spend_is_taken_for_a_sheet_and_sales_are_not(tmp_path: Path) -> None:
    for header in ("Дата;Сумма", "Дата;Заказ;Сумма", "date;order id;amount", "Дата;Выручка"):
        assert understand(written(tmp_path, f"{header}\n" + "01.03.2026;1;2\n")).source.name == "plain_sheet", "it is asked what it holds"
    assert understand(written(tmp_path, "Дата;Источник;Сумма\n01.03.2026;vk;5\n")).source.name == "cost_sheet"


def test_days_to_come_are_not_spend(tmp_path: Path) -> None:
    today = date.today()
    text = f"Дата;Расход\n{today};5\n{today + timedelta(days=400)};7\n{today};1\n"
    [batch] = read(written(tmp_path, text))
    assert sum(batch.rows["cost"].to_pylist()) == 6
    assert any("future" in note for note in notes((batch,)))


def test_two_columns_may_say_the_first_and_the_last_day(tmp_path: Path) -> None:
    rows = "01.03.2026;15.03.2026;5\n16.03.2026;31.03.2026;6\n01.04.2026;31.04.2026;7\n"
    batches = read(written(tmp_path, "Дата начала;Дата окончания;Расход\n" + rows))
    assert [(batch.since, batch.until, batch.whole) for batch in batches] == [
        (date(2026, 3, 1), date(2026, 3, 15), True), (date(2026, 3, 16), date(2026, 3, 31), True),
    ]
    assert any("01.04.2026 - 31.04.2026" in note for note in notes(batches))


def test_a_campaign_called_total_is_no_total(tmp_path: Path) -> None:
    rows = "01.03.2026;Total war;5\n30.02.2026;Total war;6\n02.03.2026;x;7\nTotal;;12\n"
    batches = read(written(tmp_path, "Дата;Кампания;Расход\n" + rows))
    assert sum(batches[0].rows["cost"].to_pylist()) == 12
    assert [note for note in notes(batches) if "total" in note.lower()] == []


def test_prefilled_days_without_figures_are_not_said_to_be_loaded(tmp_path: Path) -> None:
    [batch] = read(written(tmp_path, "Дата;Расход\n01.03.2026;5\n02.03.2026;0\n03.03.2026;\n04.03.2026;\n"))
    assert (batch.since, batch.until) == (date(2026, 3, 1), date(2026, 3, 2))


def test_a_blank_amount_beside_clicks_is_named_and_not_taken_for_zero(tmp_path: Path) -> None:
    [batch] = read(written(tmp_path, "Дата;Расход;Клики\n01.03.2026;5;1\n02.03.2026;;7\n03.03.2026;6;1\n"))
    assert batch.rows.num_rows == 2
    assert any("an empty cell" in note for note in notes((batch,)))


def test_every_row_may_have_its_own_currency(tmp_path: Path) -> None:
    path = written(tmp_path, "Дата;Источник;Расход\n01.03.2026;vk;5 ₽\n01.03.2026;meta;$7\n")
    assert {ask.option for ask in understand(path).says.asks} == {"account", "vat"}
    [batch] = read(path)
    assert {row["currency"]: row["cost"] for row in batch.rows.to_pylist()} == {"RUB": Decimal(5), "USD": Decimal(7)}
