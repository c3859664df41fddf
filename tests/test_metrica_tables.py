"""A table of Metrica's web interface keeps its figures to the visit, and people stay people of exactly what they were counted for."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import intake, understand
from connectors.metrica_tables import length
from data.batches import Batch
from data.errors import BadFile, MissingAnswer, Problem
from data.tables import AUDIENCE, TRAFFIC, Table
from data.warehouse import Warehouse
from tests.stored import SAMPLES, shared, stored

STATED = {
    "account": "70000017", "attribution": "automatic", "timezone": "Europe/Moscow", "period": "2026-03-01/2026-03-31", "vat": "net",
    "currency": "RUB", "goal": "*",
}
TOTAL = "Итого и средние"


def read(path: Path, **stated: str) -> tuple[Batch, ...]:
    """One file, every question answered."""
    handful = intake.sort([path])
    assert handful.refused == (), [str(one.problem) for one in handful.refused]
    [series] = handful.series
    assert series.source.name == "metrica_tables"
    return intake.read(intake.resolve(series, intake.Known(stated=STATED | stated)))


def written(folder: Path, *rows: str, delimiter: str = ",", name: str = "report.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(rows).replace("|", delimiter) + "\n", encoding="utf-8")
    return path


def rows(batches: tuple[Batch, ...], table: Table, breakdown: str | None = None) -> list[dict[str, Any]]:
    wanted = [one for one in batches if one.table is table and breakdown in (None, one.breakdown)]
    return [row for batch in wanted if isinstance(batch.rows, pa.Table) for row in batch.rows.to_pylist()]


def total(found: list[dict[str, Any]], name: str) -> int:
    return sum(row[name] for row in found if row.get(name) is not None)


def notes(batches: tuple[Batch, ...]) -> list[str]:
    return [str(note) for batch in batches for note in batch.notes]


# -------------------------------------------------------------------------------------------------------- real exports


def test_days_of_a_real_export_add_up_to_its_total_and_people_of_the_period_are_the_printed_ones() -> None:
    batches = read(shared("metrika/ui_traffic_by_day_ru.csv"))
    days = rows(batches, TRAFFIC)
    assert (len(days), total(days, "visits"), total(days, "page_views"), total(days, "bounces")) == (92, 5036, 22258, 1027)
    assert total(days, "engaged") == 5036 - 1027
    assert total(rows(batches, AUDIENCE, ""), "users") == 3466
    assert rows(batches, AUDIENCE, "period") == [{"day": date(2026, 7, 2), "until": date(2026, 10, 1), "users": 2540, "new_users": 2468}]
    assert notes(batches) == []


def test_people_of_a_real_period_are_never_the_sum_of_its_days(tmp_path: Path) -> None:
    store = Warehouse(tmp_path)
    store.load(read(shared("metrika/ui_traffic_by_day_ru.csv")))
    whole = [row for row in stored(store)["audience"] if (row["day"], row["until"]) == ("2026-07-02", "2026-10-01")]
    assert [row["users"] for row in whole] == [2540]


def test_sources_of_a_real_export_are_told_by_id_and_add_up_to_its_total() -> None:
    batches = read(shared("metrika/ui_sources_ru.csv"), period="2026-07-02/2026-10-01")
    sources = rows(batches, TRAFFIC, "origin")
    assert total(sources, "visits") == 5036
    assert {row["origin"]["traffic_source"] for row in sources} == {"organic", "direct", "referral", "internal", "social", "saved"}
    visits = {(row["origin"]["engine"], row["origin"]["referrer"]): row["visits"] for row in sources}
    assert (visits["yandex", ""], visits["google", ""], visits["vkontakte", ""], visits["", "link.2gis.ru"]) == (2288, 864, 180, 11)
    assert [row["users"] for row in rows(batches, AUDIENCE, "period")] == [2540]
    assert notes(batches) == []


def test_both_real_exports_stand_side_by_side(tmp_path: Path) -> None:
    store = Warehouse(tmp_path)
    for name in ("ui_traffic_by_day_ru.csv", "ui_sources_ru.csv"):
        store.load(read(shared(f"metrika/{name}"), period="2026-07-02/2026-10-01"))
    found = stored(store)
    assert {row.get("breakdown", ""): 1 for row in found["traffic"]} == {"": 1, "origin": 1}
    assert [row["users"] for row in found["audience"] if row.get("breakdown") == "period"] == [2540]


# ----------------------------------------------------------------------------------------------------------- questions


def test_a_real_answer_of_the_reporting_api_gives_its_control_figures() -> None:
    batches = read(shared("metrika/reporting_channels_by_day.csv"))
    days = rows(batches, TRAFFIC)
    assert (total(days, "visits"), total(days, "goal_visits")) == (29_129, 646)
    assert (min(row["day"] for row in days), max(row["day"] for row in days)) == (date(2025, 4, 3), date(2026, 5, 13))
    assert {row["origin"]["ad_system"] for row in days} >= {"ya_direct"}


def test_a_report_without_dates_asks_for_them_and_offers_those_of_its_name() -> None:
    path = next((SAMPLES / "metrica_tables" / "sources").glob("*.csv"))
    asks = {ask.option: ask for ask in understand(path).says.asks}
    assert list(asks) == ["account", "attribution", "timezone", "period"]
    assert asks["period"].default == "2026-03-01/2026-03-31"
    assert understand(path, "Источники.csv").says.asks[-1].default == ""
    [series] = intake.sort([path]).series
    with pytest.raises(MissingAnswer, match="--account, --attribution, --timezone, --period"):
        intake.read(intake.resolve(series, intake.Known()))


def test_an_attribution_that_metrica_does_not_have_is_refused() -> None:
    path = next((SAMPLES / "metrica_tables" / "sources").glob("*.csv"))
    with pytest.raises(Problem, match="session is not one of the answers"):
        read(path, attribution="session")


@pytest.mark.parametrize(("header", "amount", "asked"), [
    ("Доход", "0.0", set()), ("Доход", "120.5", {"vat", "currency"}), ("Доход, ₽", "120.5", {"vat"}),
])
def test_money_is_asked_about_only_where_there_is_some(header: str, amount: str, asked: set[str], tmp_path: Path) -> None:
    path = written(tmp_path, f'Дата визита|Визиты|Посетители|"{header}"', f"2026-03-01|5|4|{amount}", name="a.csv")
    assert {ask.option for ask in understand(path).says.asks} == {"account", "attribution", "timezone"} | asked


# -------------------------------------------------------------------------------------------------------------- totals


def test_a_total_that_is_not_the_sum_of_its_rows_is_named_with_both_figures(tmp_path: Path) -> None:
    batches = read(written(tmp_path, "Дата визита|Визиты|Посетители", f"{TOTAL}|12|7", "2026-03-02|5|4", "2026-03-01|6|5"))
    assert notes(batches) == ["Визиты: the file's own total says 12, its rows add up to 11. The rows are loaded."]
    assert total(rows(batches, TRAFFIC), "visits") == 11


@pytest.mark.parametrize("wording", [TOTAL, "Total and average", "ИТОГО", "Σ"])
def test_the_row_of_totals_is_never_counted_whatever_it_is_called(wording: str, tmp_path: Path) -> None:
    header, body = "Пол|Визиты|Посетители|Отказы", ("мужской|6|5|0.5", "женский|4|4|0.25", "Не определено|1|1|0.0")
    first = read(written(tmp_path, header, f"{wording}|11|9|0.36", *body, name="first.csv"))
    assert total(rows(first, TRAFFIC), "visits") == 11
    assert [row["users"] for row in rows(first, AUDIENCE, "month")] == [9]


def test_a_campaign_called_total_is_no_total(tmp_path: Path) -> None:
    path = written(tmp_path, "UTM Campaign|Визиты|Посетители", f"{TOTAL}|9|8", "promo|5|4", "total|4|4")
    assert total(rows(read(path), TRAFFIC), "visits") == 9


def test_people_of_a_report_on_a_part_of_the_visits_are_not_people_of_the_site(tmp_path: Path) -> None:
    path = written(tmp_path, "Пол|Визиты|Посетители", f"{TOTAL}|10|9", "Мужской|6|5", "Женский|4|4")
    batches = read(path)
    assert {batch.breakdown for batch in batches} == {"sex", "sex,month"}
    assert any("only visits for which these are known: Пол" in note for note in notes(batches))


# ------------------------------------------------------------------------------------------------------------- periods


def test_weeks_stay_whole_and_apart_from_their_period_even_where_the_report_cuts_them(tmp_path: Path) -> None:
    body = ("2026-03-16|1|1", "2026-03-09 - 2026-03-15|8|6", "2026-03-05 - 2026-03-08|4|3")
    batches = read(written(tmp_path, "Интервал дат визита|Визиты|Посетители", f"{TOTAL}|13|9", *body))
    assert [(one.table.name, one.breakdown, one.since.day, one.until.day, one.whole) for one in batches] == [
        ("traffic", "", 5, 8, True), ("traffic", "", 9, 15, True), ("traffic", "", 16, 16, False),
        ("audience", "week", 5, 8, True), ("audience", "week", 9, 15, True), ("audience", "week", 16, 16, False),
        ("audience", "period", 5, 16, True),
    ]


@pytest.mark.parametrize(("since", "days", "word"), [
    (date(2026, 1, 1), 365, "year"), (date(2026, 4, 1), 91, "quarter"), (date(2026, 2, 1), 28, "month"), (date(2026, 3, 2), 7, "week"),
    (date(2026, 2, 1), 89, "period"), (date(2026, 3, 3), 7, "period"), (date(2026, 2, 2), 28, "period"),
])
def test_a_period_is_called_by_its_length(since: date, days: int, word: str) -> None:
    assert length((since, since + timedelta(days=days - 1))) == word


def test_people_of_a_month_and_of_its_quarter_are_both_kept(tmp_path: Path) -> None:
    store = Warehouse(tmp_path / "store")
    header = "Тип устройства|Визиты|Посетители"
    month = written(tmp_path, header, "ПК|5|4", name="month.csv")
    quarter = written(tmp_path, header, "ПК|15|9", name="quarter.csv")
    store.load(read(month))
    store.load(read(quarter, period="2026-01-01/2026-03-31"))
    assert {row["breakdown"]: row["users"] for row in stored(store)["audience"]} == {"device,month": 4, "device,quarter": 9}


def test_days_pasted_without_a_year_are_those_of_the_period(tmp_path: Path) -> None:
    path = written(tmp_path, "Дата визита|Визиты|Посетители|Отказы", "2 января|5|4|0,5 %", "30 декабря|1\u2009006|5|1,5 %", delimiter="\t")
    assert "period" in {ask.option for ask in understand(path).says.asks}
    days = {row["day"]: row["visits"] for row in rows(read(path, period="2025-12-15/2026-01-14"), TRAFFIC)}
    assert days == {date(2025, 12, 30): 1006, date(2026, 1, 2): 5}
    with pytest.raises(BadFile, match="2 января"):
        read(path, period="2025-12-01/2025-12-31")


def test_rows_that_overlap_in_time_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "Интервал дат визита|Визиты|Посетители", "2026-03-01 - 2026-03-31|8|6", "2026-03-05|4|3")
    with pytest.raises(BadFile, match="Rows overlap"):
        read(path)


# ------------------------------------------------------------------------------------------------------------- sampling


def test_a_sampled_report_is_marked_with_its_share() -> None:
    batches = read(next((SAMPLES / "metrica_tables" / "sampled").glob("*.csv")))
    assert {one.sample_share for one in batches} == {1 / 1369}
    assert any("multiples of 1369" in note for note in notes(batches))


def test_a_few_round_numbers_are_not_taken_for_a_sample(tmp_path: Path) -> None:
    path = written(tmp_path, "Дата визита|Визиты|Посетители", "2026-03-01|20|10", "2026-03-02|40|30")
    assert {one.sample_share for one in read(path)} == {None}


# ----------------------------------------------------------------------------------------------- what is refused or left


@pytest.mark.parametrize(("header", "row", "why"), [
    ("Дата визита|Визиты|Посетители", "2026-03-01|5.5|4", "Визиты is “5.5”, which is not a number"),
    ("Дата визита|Визиты|Посетители", "2026-03-01|-5|4", "Визиты is “-5”, which is below zero"),
    ("Дата визита|Визиты|Посетители", "март|5|4", "Дата визита is “март”, which is not a day that can be told"),
    ("Дата визита|Визиты|Отказы", "2026-03-01|5|120 %", "Отказы is “120 %”, which is not a share between 0 and 100 percent"),
    ("Дата визита|Визиты|Время на сайте", "2026-03-01|5|долго", "Время на сайте is “долго”, which is not a number"),
    ("Дата визита|Визиты|Посетители", "2026-03-01|5", "A row has 2 cells and the header has 3"),
    ("Поисковая система|Визиты|Посетители", "Яндекс|5|4", "holds one kind of visits alone: Поисковая система"),
    ("Дата визита|Визиты|Посетители", f"{TOTAL}|0|0", "The file has a header and no rows"),
])
def test_what_cannot_be_read_is_named_and_refused(header: str, row: str, why: str, tmp_path: Path) -> None:
    path = written(tmp_path, header, row)
    with pytest.raises(BadFile, match=why.replace("(", r"\(")):
        read_anyhow(path)


def read_anyhow(path: Path) -> None:
    """Read one file; a refusal at any step is raised."""
    handful = intake.sort([path])
    for one in handful.refused:
        raise one.problem
    intake.read(intake.resolve(handful.series[0], intake.Known(stated=STATED)))


@pytest.mark.parametrize("header", [
    "Дата|Визиты|Лиды", "Session source|Sessions|Engaged sessions|Users", "Дата|Клики|Показы|Визиты|Отказы|Расход", "Имя|Посетители",
    "Дата визита|Источник|Визиты|Отказы|Расход без НДС",
])
def test_tables_of_others_are_not_taken_for_metricas(header: str, tmp_path: Path) -> None:
    path = written(tmp_path, header, "|".join(["2026-03-01", *["1"] * header.count("|")]))
    try:
        assert understand(path).source.name != "metrica_tables"
    except BadFile as refused:
        assert "No source knows" in str(refused)


def test_a_report_that_falls_short_of_its_total_may_hide_small_rows() -> None:
    pages, sexes = (read(next((SAMPLES / "metrica_tables" / case).glob("*.csv"))) for case in ("landing_pages", "sex"))
    assert {one.thresholded for one in pages if "landing" in one.breakdown} == {True}
    assert {one.thresholded for one in sexes} == {False}


def test_levels_of_a_page_are_not_the_page(tmp_path: Path) -> None:
    header = '"Страница входа, ур. 1"|Страница входа|Визиты|Посетители'
    batches = read(written(tmp_path, header, f"{TOTAL}||5|4", "https://a.example/|https://a.example/b?x=1#top|5|4"))
    assert [row["landing"] for row in rows(batches, TRAFFIC)] == ["a.example/b"]


# -------------------------------------------------------------------------------------------------------- kinds of values

DAYS = st.dictionaries(
    st.dates(date(2026, 1, 1), date(2026, 10, 31)),
    st.tuples(st.integers(1, 2_000_000), st.integers(0, 1000), st.integers(0, 400), st.integers(0, 5999)),
    min_size=1, max_size=12,
)
WRITERS = ("export", "screen")


def spoken(seconds: int, how: str) -> str:
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    if how == "export":
        return f"{hours:02d}:{minutes:02d}:{rest:02d}"
    return f"{hours} ч {minutes} м {rest} c" if hours else f"{minutes} м {rest} с"


def table(days: dict[date, tuple[int, int, int, int]], how: str) -> str:
    """The same figures as Metrica exports them, or as they stand on the screen. Shape of a day: visits, per mille, hundredths, seconds."""
    text = io.StringIO()
    native = how == "export"
    writer = csv.writer(text, delimiter="," if native else "\t", quoting=csv.QUOTE_ALL if native else csv.QUOTE_MINIMAL)
    writer.writerow(["Интервал дат визита", "Визиты", "Посетители", "Отказы", "Глубина просмотра", "Время на сайте"])
    for day, (visits, bounced, depth, seconds) in sorted(days.items(), reverse=True):
        count = str(visits) if native else f"{visits:,}".replace(",", "\u2009")
        share, mean = Decimal(bounced) / 1000, Decimal(depth) / 100
        ratios = [str(share), str(mean)] if native else [f"{share * 100:.1f} %".replace(".", ","), f"{mean:.2f}".replace(".", ",")]
        writer.writerow([day.isoformat(), count, count, *ratios, spoken(seconds, how)])
    return text.getvalue()


@given(DAYS, st.sampled_from(WRITERS))
@settings(max_examples=60, deadline=None)
def test_any_table_reads_back_to_the_visit_however_its_numbers_are_written(days: dict[date, tuple[int, int, int, int]], how: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.csv"
        path.write_bytes(table(days, how).encode())
        found = {row["day"]: row for row in rows(read(path), TRAFFIC)}
    assert found.keys() == days.keys()
    for day, (visits, bounced, depth, seconds) in days.items():
        row = found[day]
        assert (row["visits"], row["seconds"]) == (visits, visits * seconds)
        assert abs(row["bounces"] - Decimal(visits * bounced) / 1000) <= Decimal("0.5")
        assert abs(row["page_views"] - Decimal(visits * depth) / 100) <= Decimal("0.5")
        assert row["bounces"] + row["engaged"] == visits


# ------------------------------------------------------------------------------------------------ goals, pasted tables, API names


@pytest.mark.parametrize(("column", "goal"), [
    ("Достижения цели (Заявка)", "Заявка"), ("Достижения цели «Заявка (форма)»", "Заявка (форма)"), ('Goal reaches "Lead"', "Lead"),
    ("Заявка: Достижения цели", "Заявка"), ("Достижения цели: Заявка", "Заявка"), ("Goal reaches (Goal 225392702)", "225392702"),
    ("Достижения цели (Заявка, ID 225392702)", "225392702"), ("goal_225392702_reaches", "225392702"),
])
def test_a_goal_that_a_column_names_is_kept_under_its_number_or_name(column: str, goal: str, tmp_path: Path) -> None:
    cell = column.replace('"', '""')
    path = written(tmp_path, f'"Источник трафика"|"Визиты"|"Отказы"|"{cell}"', '"Прямые заходы"|"10"|"0.2"|"3"')
    assert "goal" not in {ask.option for ask in understand(path).says.asks}
    assert [(row["goal"], row["reaches"]) for row in rows(read(path), TRAFFIC) if row["goal"]] == [(goal, 3)]


def test_a_goal_that_no_column_names_is_asked_for_and_not_remembered(tmp_path: Path) -> None:
    path = written(tmp_path, "Источник трафика|Визиты|Достижения цели", "Прямые заходы|10|3")
    assert "goal" in {ask.option for ask in understand(path).says.asks}
    [series] = intake.sort([path]).series
    resolved = intake.resolve(series, intake.Known(stated=STATED | {"goal": "225392702"}))
    assert [row["goal"] for row in rows(intake.read(resolved), TRAFFIC)] == ["", "225392702"]
    assert "goal" not in resolved.memory


def screen(rows: list[list[str]], shares: bool) -> str:
    """What the clipboard holds of a table on the screen: a cell a line, beside counts their share of the total."""
    lines = []
    for row in rows:
        for place, cell in enumerate(row):
            lines.append(cell)
            if shares and place in (1, 2) and row is not rows[0]:
                lines.append("12,50 %")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("shares", [True, False])
def test_a_table_copied_from_the_screen_a_cell_a_line_is_folded_back(shares: bool, tmp_path: Path) -> None:
    header = ["Тип устройства", "Визиты", "Просмотры", "Доля новых посетителей", "Отказы", "Глубина просмотра", "Время на сайте"]
    body = [
        [TOTAL, "2 300", "5 000", "90,00 %", "12,00 %", "2,17", "3 м 50 с"], ["ПК", "2 000", "4 000", "91,00 %", "10,00 %", "2,00", "40 c"],
        ["Смартфоны", "300", "1 000", "83,33 %", "25,33 %", "3,33", "1 ч 2 м"],
    ]
    found = rows(read(written(tmp_path, *screen([header, *body], shares).splitlines())), TRAFFIC)
    assert [(row["device"], row["visits"], row["page_views"], row["bounces"]) for row in found] == [
        ("desktop", 2000, 4000, 200), ("phone", 300, 1000, 76),
    ]


def test_a_pasted_table_that_breaks_off_is_refused_with_its_line(tmp_path: Path) -> None:
    header = ["Тип устройства", "Визиты", "Отказы", "Время на сайте"]
    path = written(tmp_path, *header, "ПК", "20", "10,00 %", "40 с", "Смартфоны", "3")
    [refused] = intake.sort([path]).refused
    assert str(refused.problem).startswith("The pasted table cannot be told apart into rows from “Смартфоны” on.\nreport.csv, line 9")


@pytest.mark.parametrize(("name", "model"), [
    ("ym:s:lastsignTrafficSource", "last_significant"), ("ym:s:automaticTrafficSourceName", "automatic"),
    ("ym:s:lastTrafficSource", "last"),
    ("ym:s:cross_device_firstTrafficSource", "cross_device_first"), ("ym:s:<attribution>TrafficSource", ""), ("traffic_source", ""),
])
def test_names_of_the_api_tell_the_attribution_where_they_hold_it(name: str, model: str, tmp_path: Path) -> None:
    metrics = "ym:s:visits|ym:s:bounceRate" if name.startswith("ym:") else "visits|bounce_rate"
    path = written(tmp_path, f"{name}|{metrics}", "ad|10|50.0", "organic|5|0.5")
    assert understand(path).says.facts.get("attribution", "") == model
    found = rows(read(path), TRAFFIC)
    assert [(row["origin"]["traffic_source"], row["visits"], row["bounces"]) for row in found] == [("ad", 10, 5), ("organic", 5, 0)]


def test_a_dictionary_of_names_is_no_table_of_visits(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="No source knows"):
        understand(written(tmp_path, "source|field|type", "visits|ym:s:visitID|UInt64", "visits|ym:s:date|Date"))


def test_a_report_whose_figures_are_all_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="No row of the report has visits"):
        read_anyhow(written(tmp_path, "Дата визита|Визиты|Посетители", "2026-03-01|-|-"))


ENGLISH = {
    "Visit date": "2026-03-01", "Traffic source": "Direct traffic", "UTM Source": "vk", "Device category": "Smartphones",
    "Country": "Russia", "City": "Kazan", "Entry page": "https://shop.example/a?b", "Age": "25-34", "Gender": "Female",
    "Goal": "Lead",
}
RUSSIAN = {
    "Дата визита": "2026-03-01", "Источник трафика": "Прямые заходы", "UTM Source": "vk", "Тип устройства": "Смартфоны",
    "Страна": "Russia", "Город": "Kazan", "Страница входа": "https://shop.example/a?b", "Возраст": "25-34", "Пол": "Женский",
    "Достигнутая цель": "Lead",
}


@pytest.mark.parametrize("place", range(len(ENGLISH)))
def test_every_standard_report_is_the_same_in_both_languages(place: int, tmp_path: Path) -> None:
    found: list[list[dict[str, Any]]] = []
    for words, metrics in ((ENGLISH, "Visits|Bounce rate|Page depth|Time on site"),
                           (RUSSIAN, "Визиты|Отказы|Глубина просмотра|Время на сайте")):
        column, cell = list(words.items())[place]
        path = written(tmp_path, f"{column}|{metrics}", f"{cell}|8|0.25|2.5|00:01:30", name=f"{len(found)}.csv")
        found.append(rows(read(path), TRAFFIC))
    assert found[0] == found[1] != []
