"""The demo agency: its files speak the real dialects, are the same every time, and tell the promised stories."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from data.demo import DemoClient, write
from data.demo.agency import write_client
from data.demo.channels import campaign
from data.demo.client_leads import LEADS
from data.demo.client_subscription import SUBSCRIPTION
from data.demo.clients import PLANS
from data.demo.logs_tsv import escape, query
from data.demo.stories import SPAN, dates

UNTIL = date(2026, 10, 18)
SINCE = UNTIL - timedelta(days=SPAN - 1)
SCALE = 0.2
ASSISTANTS = "('chatgpt.com', 'alice.yandex.ru', 'perplexity.ai', 'chat.deepseek.com', 'gemini.google.com')"
Clients = Mapping[str, DemoClient]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Clients:
    """The whole agency in miniature: enough to see the dialects."""
    return {client.slug: client for client in write(tmp_path_factory.mktemp("small"), UNTIL, scale=0.02)}


@dataclass(frozen=True)
class Told:
    """A fifth of the agency with its visits as tables `shop`, `leads` and `subscription`: enough to see the stories."""

    clients: Clients
    connection: duckdb.DuckDBPyConnection

    def rows(self, sql: str) -> list[tuple[float, ...]]:
        return self.connection.execute(sql).fetchall()

    def pairs(self, sql: str) -> list[tuple[float, float]]:
        return [(row[0], row[1]) for row in self.rows(sql)]

    def one(self, sql: str) -> float:
        return float(self.rows(f"SELECT {sql}")[0][0] or 0)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    clients = write(tmp_path_factory.mktemp("told"), UNTIL, scale=SCALE)
    connection = duckdb.connect()
    for client in clients:
        files = [str(path) for path in logs(client)]
        connection.execute(f"CREATE TABLE {client.model} AS {READ}", [files])
    yield Told({client.slug: client for client in clients}, connection)
    connection.close()


READ = """
    SELECT "ym:s:visitID"::UBIGINT AS visit, "ym:s:date"::DATE AS day, "ym:s:dateTime"::TIMESTAMP AS began,
        "ym:s:clientID"::UBIGINT AS visitor, "ym:s:isNewUser" = '1' AS new, "ym:s:goalsID" AS goals,
        "ym:s:startURL" AS url, "ym:s:lastsignTrafficSource" AS source, "ym:s:firstTrafficSource" AS first_source,
        "ym:s:lastsignAdvEngine" AS system, "ym:s:lastsignReferalSource" AS host, "ym:s:lastsignMessenger" AS messenger,
        "ym:s:lastsignDirectClickOrder" AS campaign, COLUMNS('(goalsPrice|purchaseRevenue)$')
    FROM read_csv(?, delim = '\t', quote = '', escape = '', header = true, all_varchar = true, nullstr = '')
"""


def logs(client: DemoClient) -> list[Path]:
    return [file.path for file in client.files if file.path.suffix == ".tsv"]


def records(client: DemoClient) -> Iterator[dict[str, str]]:
    """Visits of a client split by hand, values as they stand in the file, names without the prefix."""
    for path in logs(client):
        lines = path.read_text(encoding="utf-8").split("\n")
        assert lines.pop() == ""
        names = [name.removeprefix("ym:s:") for name in lines[0].split("\t")]
        for line in lines[1:]:
            yield dict(zip(names, line.split("\t"), strict=True))


def workbooks(client: DemoClient) -> list[Path]:
    return [file.path for file in client.files if file.path.suffix == ".xlsx"]


def cells(path: Path) -> list[list[Any]]:
    """All rows of a workbook, preamble and total included."""
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def cost_sheet(client: DemoClient) -> Path:
    return next(f.path for f in client.files if f.path.suffix == ".csv" and not f.path.name.startswith("ga4"))


def costs(client: DemoClient) -> list[dict[str, str]]:
    with cost_sheet(client).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";" if client.model == "shop" else ","))


def seconds(value: str) -> int:
    return int((datetime.fromisoformat(value) - datetime(1970, 1, 1)).total_seconds())


# ----------------------------------------------------------------------------------------------------- the public face


def test_three_clients_of_three_models_with_names_in_both_languages(small: Clients) -> None:
    assert [client.model for client in small.values()] == ["shop", "leads", "subscription"]
    for client in small.values():
        assert re.fullmatch("[А-Яа-яЁё ]+", client.name_ru)
        assert client.currency == "RUB"
        assert set(client.key_goals) <= set(client.goals)
        assert all(english and russian for english, russian in client.goals.values())
        for file in client.files:
            assert file.path.stat().st_size > 200
            assert set(file.answers) <= {"account", "timezone", "currency", "vat", "attribution", "as", "columns"}
            assert file.answers.get("vat", "net") in ("net", "gross")


def test_the_same_seed_writes_the_same_bytes(small: Clients, tmp_path: Path) -> None:
    client = write_client(tmp_path, SUBSCRIPTION, UNTIL, seed=7, scale=0.02)
    for here, there in zip(client.files, small[client.slug].files, strict=True):
        assert here.path.name == there.path.name
        assert here.path.read_bytes() == there.path.read_bytes()


def test_another_seed_writes_other_visits(small: Clients, tmp_path: Path) -> None:
    other = write_client(tmp_path, LEADS, UNTIL, seed=8, scale=0.02)
    assert logs(other)[0].read_bytes() != logs(small[other.slug])[0].read_bytes()


def test_progress_runs_from_nothing_to_done(tmp_path: Path) -> None:
    seen: list[float] = []
    write(tmp_path, UNTIL, progress=lambda share, text: seen.append(share), scale=0.005, plans=(LEADS,))
    assert seen == sorted(seen)
    assert seen[0] == 0.0
    assert seen[-1] == 1.0


def test_two_years_end_with_the_last_day_even_on_a_leap_day(tmp_path: Path) -> None:
    client = write_client(tmp_path, LEADS, date(2028, 2, 29), seed=7, scale=0.1)
    days = {record["date"] for record in records(client)}
    assert (min(days), max(days)) == ("2026-03-02", "2028-02-29")
    assert len(logs(client)) == 3


# --------------------------------------------------------------------------------------------------- visits (Logs API)


def test_every_line_has_as_many_tabs_as_its_header(small: Clients) -> None:
    for client in small.values():
        for path in logs(client):
            head, *lines = path.read_text(encoding="utf-8").splitlines()
            assert head.startswith("ym:s:visitID\tym:s:counterID\t")
            assert all(line.count("\t") == head.count("\t") for line in lines)


def test_values_are_escaped_as_clickhouse_does_and_never_quoted(small: Clients) -> None:
    assert escape("a\tb\nc\\d'e\"f") == "a\\tb\\nc\\\\d\\'e\"f"
    shop = list(records(small["tea-hedgehog"]))
    assert "Hot\\'kovo" in {record["regionCity"] for record in shop}
    assert 'чай "да хун пао"' in {record["lastsignUTMTerm"] for record in shop}


def test_arrays_come_in_the_three_forms_seen_in_real_downloads(small: Clients) -> None:
    stamp = r"\\'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\\'"
    for client in small.values():
        reached = 0
        for record in records(client):
            ids = re.findall(r"\d+", record["goalsID"])
            assert set(ids) <= set(client.goals)
            if not ids:
                assert record["goalsCurrency"] in ("[]", "[\\'\\']")
                continue
            reached += 1
            assert re.fullmatch(rf"\[{stamp}(,{stamp})*\]", record["goalsDateTime"])
            assert re.fullmatch(r"\['[^']*'(,'[^']*')*\]", record["goalsOrder"])
            assert record["goalsPrice"].count(",") == record["goalsID"].count(",") == record["goalsDateTime"].count(",")
        assert reached > 20


def test_ids_are_whole_and_some_do_not_fit_a_signed_number(small: Clients) -> None:
    for client in small.values():
        found = [(int(record["visitID"]), int(record["clientID"])) for record in records(client)]
        assert len({visit for visit, _ in found}) == len(found)
        assert all(0 < visitor < 2**64 for _, visitor in found)
        assert 0.02 < sum(visitor >= 2**63 for _, visitor in found) / len(found) < 0.15


def test_the_field_called_utc_is_three_hours_ahead_of_it(small: Clients) -> None:
    for plan in PLANS:
        for record in records(small[plan.slug]):
            assert seconds(record["dateTime"]) - seconds(record["dateTimeUTC"]) == (plan.utc_hours - 3) * 3600
            assert record["dateTime"].startswith(record["date"])


def test_a_bounce_is_one_short_page_without_goals(small: Clients) -> None:
    for client in small.values():
        bounces = [record for record in records(client) if record["bounce"] == "1"]
        assert bounces
        for record in bounces:
            assert record["pageViews"] == "1"
            assert int(record["visitDuration"]) < 15
            assert record["goalsID"] == "[]"


def test_tags_of_the_address_are_the_tags_of_the_source(small: Clients) -> None:
    for client in small.values():
        for record in records(client):
            if record["isNewUser"] == "0":
                continue
            tags = dict(re.findall(r"(utm_\w+)=([^&]*)", record["startURL"]))
            for name in ("Source", "Medium", "Campaign", "Content", "Term"):
                assert record[f"firstUTM{name}"] == tags.get(f"utm_{name.lower()}", "").replace("%20", " ")
                assert record[f"firstUTM{name}"] == record[f"lastsignUTM{name}"]
    assert query(campaign("71204518", "Brand", "Search", ("a b",), groups=1)[0]).endswith("utm_term=a%20b&yclid=")


def test_a_direct_visit_is_credited_to_the_source_before_it(small: Clients) -> None:
    empty = {"direct", "internal", "saved"}
    for client in small.values():
        known: set[str] = set()
        for record in sorted(records(client), key=lambda record: record["dateTime"]):
            if record["lastsignTrafficSource"] in empty:
                assert record["clientID"] not in known
            else:
                known.add(record["clientID"])


def test_orders_are_numbered_once_and_priced_in_roubles(small: Clients) -> None:
    for slug, prefix in (("tea-hedgehog", "TH-"), ("evening-class", "EC-")):
        orders = [record for record in records(small[slug]) if record["purchaseID"] != "[]"]
        numbers = [number for record in orders for number in re.findall(r"'([^']+)'", record["purchaseID"])]
        assert len(numbers) == len(set(numbers)) > 100
        assert all(number.startswith(prefix) for number in numbers)
        assert {record["purchaseCurrency"].split(",")[0].strip("[]") for record in orders} == {"\\'RUB\\'"}


# --------------------------------------------------------------------------------------------------------------- spend


def test_workbooks_have_preamble_header_and_a_total_that_rounds_to_the_rows(small: Clients) -> None:
    for client in small.values():
        for path in workbooks(client):
            rows = cells(path)
            assert rows[0][0].startswith(f"Клиент: {client.name_ru} (")
            first, last = (datetime.strptime(day, "%d.%m.%Y") for day in re.findall(r"[\d.]{10}", rows[2][0]))
            assert rows[4][:4] == ["Дата", "Название кампании", "№ Кампании", "Расход, ₽"]
            assert rows[5][:3] == ["Итого", "", ""]
            body = rows[6:]
            for column in (4, 5, 6):
                assert sum(row[column] for row in body) == rows[5][column]
            assert sum(row[3] for row in body) == pytest.approx(rows[5][3], abs=0.005 * len(body) + 0.01)
            for row in body:
                assert first <= datetime.strptime(row[0], "%d.%m.%Y") <= last
                assert isinstance(row[2], str) and row[2].isdigit()
                assert (row[7] == "-") == (row[8] == "-")
            assert 5 < rows[5][7] < 60


def test_workbooks_declare_their_size_wrongly_as_real_ones_do(small: Clients) -> None:
    path = workbooks(small["polar-contour"])[0]
    with zipfile.ZipFile(path) as archive:
        assert b'<dimension ref="A1"/>' in archive.read("xl/worksheets/sheet1.xml")


def test_campaigns_have_the_same_numbers_and_names_in_visits_and_spend(small: Clients) -> None:
    for client in small.values():
        spent = {
            (row[2], row[1])
            for path in workbooks(client)
            for row in cells(path)[6:]
        }
        visited = {
            (record["lastsignDirectClickOrder"], record["lastsignDirectClickOrderName"])
            for record in records(client) if record["lastsignDirectClickOrder"]
        }
        assert visited <= spent


def test_cost_sheets_come_in_three_hands(small: Clients) -> None:
    shop, leads, subscription = small.values()
    assert cost_sheet(shop).read_bytes().startswith("\ufeffДата;Источник;Канал;Кампания;Расход".encode())
    assert re.fullmatch(r"\d+,\d\d", costs(shop)[0]["Расход"])
    assert re.fullmatch(r"\d\d\.\d\d\.\d{4}", costs(shop)[0]["Дата"])
    assert list(costs(leads)[0]) == ["Date", "UTMSource", "UTMMedium", "UTMCampaign", "Expenses", "Clicks"]
    assert {row["currency"] for row in costs(subscription)} == {"RUB"}
    assert "currency" not in next(f for f in subscription.files if f.path == cost_sheet(subscription)).answers
    for row in costs(subscription):
        assert SINCE <= date.fromisoformat(row["date"]) <= UNTIL
        assert float(row["cost"]) > 0


def test_tags_of_the_cost_sheet_are_tags_of_visits(small: Clients) -> None:
    for client, names in zip(small.values(), ("Источник Канал Кампания", "UTMSource UTMMedium UTMCampaign",
                                              "utm_source utm_medium utm_campaign"), strict=True):
        paid = {tuple(row[name] for name in names.split()) for row in costs(client)}
        parts = ("firstUTMSource", "firstUTMMedium", "firstUTMCampaign")
        seen = {tuple(record[part] for part in parts) for record in records(client)}
        assert paid <= seen


def test_clicks_are_a_little_more_than_visits(told: Told) -> None:
    client = told.clients["tea-hedgehog"]
    clicks = sum(row[5] for path in workbooks(client) for row in cells(path)[6:])
    visits = told.one("count(*) FROM shop WHERE url LIKE '%yclid=%'")
    assert 1.05 < clicks / visits < 1.13


# ---------------------------------------------------------------------------------------------------- realistic people


def test_volumes_follow_the_scale(told: Told) -> None:
    for table, expected in (("shop", 450_000), ("leads", 70_000), ("subscription", 200_000)):
        assert told.one(f"count(*) FROM {table}") == pytest.approx(expected * SCALE, rel=0.1)


def test_the_shop_earns_what_such_shops_earn(told: Told) -> None:
    prices = "unnest(string_split(trim(\"ym:s:purchaseRevenue\", '[]'), ','))::DOUBLE"
    source = f"FROM (SELECT {prices} AS price FROM shop WHERE \"ym:s:purchaseRevenue\" <> '[]')"
    orders, revenue = told.one(f"count(*) {source}"), told.one(f"sum(price) {source}")
    assert 2_900 < revenue / orders < 3_500
    assert told.one(f"quantile_cont(price, 0.98) / median(price) {source}") > 3
    assert 0.015 < orders / told.one("count(*) FROM shop") < 0.027
    client = told.clients["tea-hedgehog"]
    spend: float = sum(cells(path)[5][3] for path in workbooks(client))
    spend += sum(float(row["Расход"].replace(",", ".")) for row in costs(client)) / 1.2
    assert 0.14 < spend / (revenue / 1.2) < 0.22


def test_people_return_and_some_buy_much_oftener_than_others(told: Told) -> None:
    assert told.one("count(*) / count(DISTINCT visitor) FROM shop") > 1.5
    times = "FROM (SELECT count(*) AS n FROM shop WHERE goals LIKE '%310445001%' GROUP BY visitor)"
    assert 0.25 < told.one(f"avg((n > 1)::INT) {times}") < 0.6
    assert told.one(f"var_pop(n) / avg(n) {times}") > 0.8
    assert told.one("avg((first_source <> source)::INT) FROM shop WHERE goals LIKE '%310445001%'") > 0.15


def test_subscribers_pay_month_after_month_and_leave_one_by_one(told: Told) -> None:
    paid = "goals LIKE '%325119402%' OR goals LIKE '%325119403%'"
    long_ago = f"SELECT visitor FROM subscription WHERE goals LIKE '%325119402%' AND day < DATE '{UNTIL}' - 200"
    times = f"FROM (SELECT count(*) AS n FROM subscription WHERE ({paid}) AND visitor IN ({long_ago}) GROUP BY visitor)"
    still = [told.one(f"avg((n >= {month})::INT) {times}") for month in range(1, 7)]
    assert still == sorted(still, reverse=True)
    assert 0.2 < still[5] < 0.7


# ------------------------------------------------------------------------------------------------------------- stories


def rate(told: Told, table: str, goal: str, where: str) -> float:
    return told.one(f"avg((goals LIKE '%{goal}%')::INT) FROM {table} WHERE {where}")


def test_story_vk_stops_paying(told: Told) -> None:
    first, _ = dates(UNTIL)["vk_stops_paying"]
    spent = {row["Дата"]: float(row["Расход"].replace(",", ".")) for row in costs(told.clients["tea-hedgehog"])
             if row["Источник"] == "vk"}

    def week(monday: date) -> float:
        return sum(spent.get(f"{monday + timedelta(days=day):%d.%m.%Y}", 0.0) for day in range(7))

    weeks = [week(first + timedelta(days=7 * number)) for number in range(-4, 10)]
    assert sum(weeks[-2:]) / 2 > 2 * sum(weeks[:4]) / 4
    assert sum(weeks[9:]) > 1.3 * sum(weeks[4:9])
    vk, settled = "system = 'vkontakte'", first + timedelta(days=14)
    assert rate(told, "shop", "310445001", f"{vk} AND day >= DATE '{settled}'") < 0.75 * rate(
        told, "shop", "310445001", f"{vk} AND day < DATE '{first}'"
    )
    assert rate(told, "shop", "310445001", f"NOT {vk} AND day >= DATE '{settled}'") > 0.85 * rate(
        told, "shop", "310445001", f"NOT {vk} AND day < DATE '{first}'"
    )


def test_story_gift_season_and_the_shape_of_the_week(told: Told) -> None:
    def count(first: str, last: str, where: str = "true") -> float:
        return told.one(f"count(*) FROM shop WHERE {where} AND day BETWEEN DATE '{first}' AND DATE '{last}'")

    ordered = "goals LIKE '%310445001%'"
    assert count("2025-12-01", "2025-12-30", ordered) > 1.5 * count("2025-07-01", "2025-07-30", ordered)
    assert count("2025-11-01", "2025-11-30") > 1.4 * count("2025-07-01", "2025-07-30")
    assert count("2026-02-25", "2026-03-07") > 1.4 * count("2026-04-08", "2026-04-18")
    gifts = "url LIKE '%/catalog/gifts/%'"
    assert count("2025-12-10", "2025-12-24", gifts) > 5 * count("2025-07-10", "2025-07-24", gifts)
    week: dict[float, float] = dict(told.pairs("SELECT isodow(day), count(*) FROM shop GROUP BY 1"))
    assert week[1] > 1.08 * week[6]
    assert min(week, key=lambda day: week[day]) == 6


def test_story_kettles_fade(told: Told) -> None:
    def against_a_year_ago(what: str) -> float:
        now = told.one(f"count(*) FROM shop WHERE {what} AND day > DATE '{UNTIL}' - 120")
        a_year_ago = f"day BETWEEN DATE '{UNTIL}' - 483 AND DATE '{UNTIL}' - 364"
        then = told.one(f"count(*) FROM shop WHERE {what} AND {a_year_ago}")
        return now / then

    assert against_a_year_ago("new AND url LIKE '%/catalog/kettles/%'") < 0.85
    assert against_a_year_ago("new AND url LIKE '%/catalog/tea/%'") > 0.95
    assert against_a_year_ago("goals LIKE '%310445014%'") < against_a_year_ago("goals LIKE '%310445011%'")


def test_story_the_market_stands_still_with_the_season_of_the_shop(small: Clients) -> None:
    path = next(file.path for file in small["tea-hedgehog"].files if file.path.name.startswith("wordstat"))
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    searches = {(row["Фраза"], row["Период"]): int(row["Число запросов"]) for row in rows}
    months = list(dict.fromkeys(row["Период"] for row in rows))
    assert (months[0], months[-1], len(months)) == ("10.2024", "09.2026", 24)
    years = [sum(searches["купить чай", month] for month in part) for part in (months[:12], months[12:])]
    assert 0.97 < years[1] / years[0] < 1.09
    assert searches["купить чай", "12.2025"] > 1.4 * searches["купить чай", "07.2026"]


def test_story_tags_are_lost_for_three_weeks(told: Told) -> None:
    first, last = dates(UNTIL)["tags_lost"]
    assert (last - first).days == 20
    inside = f"day BETWEEN DATE '{first}' AND DATE '{last}'"
    around = f"NOT ({inside}) AND day BETWEEN DATE '{first}' - 21 AND DATE '{last}' + 21"
    assert told.one(f"count(*) FROM leads WHERE url LIKE '%yclid=%' AND {inside}") == 0
    assert told.one(f"count(*) FROM leads WHERE url LIKE '%yclid=%' AND {around}") > 100
    literal = "url LIKE '%utm_campaign={campaign_id}%'"
    assert told.one(f"count(*) FROM leads WHERE {literal} AND {inside}") > 20
    assert told.one(f"count(*) FROM leads WHERE {literal} AND NOT ({inside})") == 0
    assert told.one(f"count(*) FROM leads WHERE host = 'yandex.ru' AND {inside}") > 10
    clicks = sum(
        row[5]
        for path in workbooks(told.clients["polar-contour"])
        for row in cells(path)[6:]
        if first <= datetime.strptime(row[0], "%d.%m.%Y").date() <= last
    )
    assert clicks > 50


def test_story_the_long_cycle_of_a_business_client(told: Told) -> None:
    lead = "(goals LIKE '%287310101%' OR goals LIKE '%287310102%')"
    numbered = "SELECT *, row_number() OVER (PARTITION BY visitor ORDER BY began) AS n FROM leads"
    assert told.one(f"avg((n >= 3)::INT) FROM ({numbered}) WHERE {lead}") > 0.5
    lag = f"""
        FROM (SELECT visitor, min(began) AS began FROM leads WHERE {lead} GROUP BY 1) AS l
        JOIN (SELECT visitor, min(began) AS began FROM leads WHERE goals LIKE '%287310105%' GROUP BY 1) AS c
        USING (visitor)
    """
    assert 30 < told.one(f"median(date_diff('day', l.began, c.began)) {lag}") < 110
    week: dict[float, float] = dict(told.pairs("SELECT isodow(day), count(*) FROM leads GROUP BY 1"))
    assert (week[6] + week[7]) / 2 < 0.35 * (week[1] + week[2] + week[3] + week[4]) / 4
    break_ = told.one("count(*) FROM leads WHERE day BETWEEN DATE '2026-01-02' AND DATE '2026-01-08'")
    assert break_ < 0.4 * told.one("count(*) FROM leads WHERE day BETWEEN DATE '2026-01-16' AND DATE '2026-01-22'")
    leads = told.one(f"count(*) FROM leads WHERE {lead}") / SCALE
    assert 4 < leads / (SPAN / 7) < 10


def test_story_a_second_product_is_introduced(told: Told) -> None:
    launch, _ = dates(UNTIL)["second_product"]
    trials = "goals LIKE '%325119412%'"
    assert told.one(f"count(*) FROM subscription WHERE url LIKE '%/kids/%' AND day < DATE '{launch}'") == 0
    early = told.one(f"count(*) FROM subscription WHERE {trials} AND day < DATE '{launch}' + 45")
    late = told.one(f"count(*) FROM subscription WHERE {trials} AND day > DATE '{UNTIL}' - 45")
    assert 0 < 2 * early < late
    adults = told.one(f"count(*) FROM subscription WHERE goals LIKE '%325119411%' AND day > DATE '{UNTIL}' - 45")
    assert late < 0.8 * adults


def test_story_two_counters_differ_by_a_tenth(told: Told) -> None:
    client = told.clients["evening-class"]
    (path,) = (file.path for file in client.files if file.path.name.startswith("ga4"))
    text = path.read_bytes().decode()
    assert text.count("\r\n") == text.count("\n") and not text.endswith("\n")
    assert "# Start date: 20260901\r\n# End date: 20260930\r\n" in text
    rows = list(csv.DictReader(line for line in text.split("\r\n") if not line.startswith("#")))
    assert [int(row["Sessions"]) for row in rows] == sorted((int(row["Sessions"]) for row in rows), reverse=True)
    groups = {row["Session primary channel group (Default Channel Group)"] for row in rows}
    assert groups >= {"Organic Search", "AI Assistant"}
    sessions = sum(int(row["Sessions"]) for row in rows)
    visits = told.one("count(*) FROM subscription WHERE day BETWEEN DATE '2026-09-01' AND DATE '2026-09-30'")
    assert 0.86 < sessions / visits < 0.94


def test_story_assistants_appear_and_telegram_grows(told: Told) -> None:
    for table in ("shop", "leads", "subscription"):
        def in_days(what: str, first: int, last: int, table: str = table) -> float:
            inside = f"day BETWEEN DATE '{UNTIL}' - {first} AND DATE '{UNTIL}' - {last}"
            return told.one(f"count(*) FROM {table} WHERE {what} AND {inside}")

        assistants, telegram = f"host IN {ASSISTANTS}", "messenger = 'telegram'"
        assert in_days(assistants, SPAN - 1, SPAN - 80) == 0
        assert in_days(assistants, 89, 0) > 2.5 * in_days(assistants, 454, 365) > 0
        assert in_days(telegram, 89, 0) > 2 * in_days(telegram, SPAN - 1, SPAN - 90)
