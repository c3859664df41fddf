"""Archives of Universal Analytics: downloads of the interface and tables of sessions, with the traps of each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors import intake, understand
from data.errors import BadFile, Problem
from data.warehouse import Warehouse
from tests.stored import SAMPLES, shared, stored

STATED = {"account": "Shop", "timezone": "Europe/Riga", "vat": "net", "currency": "USD"}
BANNER = "# ----------\n# Shop\n# Channels\n# {period}\n# ----------\n\n"
SESSIONS = "date,fullVisitorId,visitId,visitStartTime,totals.newVisits,totals.transactionRevenue,trafficSource.source\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "file.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def report(folder: Path, body: str, period: str = "20220301-20220303") -> Path:
    return written(folder, BANNER.format(period=period) + body)


def read(folder: Path, path: Path, **stated: str) -> tuple[dict[str, list[dict[str, Any]]], list[str]]:
    """Shape: (what the store holds, notes)."""
    handful = intake.sort([path])
    if handful.refused:
        raise handful.refused[0].problem
    store = Warehouse(folder / "store")
    loaded = store.load(intake.read(intake.resolve(handful.series[0], intake.Known(stated=STATED | stated))))
    return stored(store), [str(note) for one in loaded for note in one.notes]


# ----------------------------------------------------------------------------------------------------------------- reports


def test_users_stay_users_of_the_whole_period_and_days_stand_beside_them(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, SAMPLES / "ua_reports" / "channels" / "channels.csv")
    people = {one["origin"]["given_channel"]: (one["users"], one["new_users"], one["until"]) for one in rows["audience"]}
    assert people["Organic Search"] == (1020, 900, "2022-03-03")
    by_day = [one["visits"] for one in rows["traffic"] if "breakdown" not in one]
    assert by_day == [500, 510, 515]


@pytest.mark.parametrize(("first", "rest"), [
    ("1/3/22", ("2/3/22", "3/3/22")), ("3/1/22", ("3/2/22", "3/3/22")), ("01.03.2022", ("02.03.2022", "03.03.2022")),
])
def test_days_are_told_by_their_place_however_a_country_writes_them(first: str, rest: tuple[str, str], tmp_path: Path) -> None:
    rows, _ = read(tmp_path, report(tmp_path, f"Day Index,Sessions\n{first},5\n{rest[0]},6\n{rest[1]},7\n,18\n"))
    assert [(one["day"], one["visits"]) for one in rows["traffic"]] == [("2022-03-01", 5), ("2022-03-02", 6), ("2022-03-03", 7)]


def test_a_table_of_weeks_is_named_and_not_loaded(tmp_path: Path) -> None:
    body = "Default Channel Grouping,Sessions\nDirect,5\n,5\n\nWeek Index,Sessions\n0,5\n,5\n"
    rows, notes = read(tmp_path, report(tmp_path, body))
    assert sum(one["visits"] for one in rows["traffic"]) == 5
    assert notes == ["The second table is not loaded: it is not by days (Week Index)."]


def test_rows_that_fall_together_are_added_and_their_users_are_not(tmp_path: Path) -> None:
    body = "Default Channel Grouping,Keyword,Users,Sessions,Pages / Session\nDirect,a,3,4,2.00\nDirect,b,3,6,1.50\n,,5,10,1.70\n"
    rows, notes = read(tmp_path, report(tmp_path, body))
    [row] = rows["traffic"]
    assert (row["visits"], row["page_views"]) == (10, 17)
    assert "audience" not in rows
    assert notes == ["Columns that are not kept: Keyword"]


def test_a_report_of_segments_is_refused(tmp_path: Path) -> None:
    body = "Segment,Default Channel Grouping,Sessions\nMobile Traffic,Direct,5\nAll Users,Direct,9\n"
    with pytest.raises(BadFile, match="segments"):
        read(tmp_path, report(tmp_path, body))


def test_a_cell_that_is_no_number_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(BadFile) as refused:
        read(tmp_path, report(tmp_path, "Default Channel Grouping,Sessions\nDirect,many\nSocial,4\n"))
    assert "many" in str(refused.value) and "line 8" in str(refused.value)


def test_transactions_of_several_days_without_dates_are_refused_with_what_to_add(tmp_path: Path) -> None:
    body = "Transaction ID,Source / Medium,Bounces,Revenue\nA-1,vk / cpc,0,$5.00\n"
    with pytest.raises(BadFile, match="secondary dimension"):
        read(tmp_path, report(tmp_path, body))


def test_a_download_whose_banner_was_stripped_asks_for_its_view_and_period(tmp_path: Path) -> None:
    path = written(tmp_path, "Default Channel Grouping,Sessions,Pages / Session\nDirect,5,2.00\nSocial,4,1.00\n")
    assert [ask.option for ask in understand(path).says.asks] == ["account", "timezone", "period"]
    rows, _ = read(tmp_path, path, period="2022-03-01/2022-03-31")
    assert {(one["day"], one["until"]) for one in rows["traffic"]} == {("2022-03-01", "2022-03-31")}


def test_an_exploration_of_ga4_is_not_taken_for_universal_analytics() -> None:
    assert understand(shared("ga/ui/ga4_explore_blog_traffic.csv")).source.name == "ga4_reports"


# ---------------------------------------------------------------------------------------------------------------- sessions


def test_revenue_in_millionths_is_exact(tmp_path: Path) -> None:
    lines = "20170301,1,10,1488355200,1,12990001,google\n20170301,2,10,1488355200,,999999999990000,google\n20170301,3,10,1488355200,,,vk\n"
    rows, _ = read(tmp_path, written(tmp_path, SESSIONS + lines))
    assert sorted(one["revenue"] for one in rows["orders"]) == ["12.990001", "999999999.99"]
    assert [one["new_visits"] for one in rows["visits"]].count(1) == 1


def test_one_visit_id_of_two_visitors_and_of_two_days_are_three_sessions(tmp_path: Path) -> None:
    lines = "20170301,9895316202577890123,10,1,1,,a\n20170301,9895316202577890124,10,1,1,,a\n20170302,9895316202577890124,10,1,,,a\n"
    rows, _ = read(tmp_path, written(tmp_path, SESSIONS + lines))
    assert len(rows["visits"]) == 3
    assert len({one["visitor"] for one in rows["visits"]}) == 2


@pytest.mark.parametrize("visitor", ["1.13E+18", "9,89532E+18", ""])
def test_visitors_that_a_spreadsheet_has_rounded_are_refused(visitor: str, tmp_path: Path) -> None:
    path = written(tmp_path, SESSIONS + f'20170301,5,10,1488355200,1,,a\n20170301,"{visitor}",11,1488355200,1,,a\n')
    with pytest.raises(BadFile, match="lost digits"):
        read(tmp_path, path)


def test_rows_of_hits_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="a hit and not a session"):
        read(tmp_path, written(tmp_path, "date,fullVisitorId,visitId,hits.hitNumber\n20170301,1,10,1\n20170301,1,10,2\n"))


def test_gross_dollars_need_a_stated_rate(tmp_path: Path) -> None:
    path = written(tmp_path, SESSIONS + "20170301,1,10,1488355200,1,12000000,google\n")
    with pytest.raises(Problem, match="VAT"):
        read(tmp_path, path, vat="gross")
    rows, _ = read(tmp_path, path, vat="gross:20")
    assert [one["revenue"] for one in rows["orders"]] == ["10"]


# ------------------------------------------------------------------------------------------------------------ real exports


def test_a_real_table_of_sessions_gives_its_control_figures(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, shared("ga/ua/ua_ga360_kaggle_train_5000.csv"))
    assert (len(rows["visits"]), len(rows["orders"])) == (5000, 54)
    assert round(sum(float(one["revenue"]) for one in rows["orders"])) == 8038
    assert len({one["visitor"] for one in rows["visits"]}) == 4643


def test_real_sessions_of_a_russian_site_are_read(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, shared("ga/bigquery/sber_ga_sessions_1000.csv"))
    assert len(rows["visits"]) == 1000
    assert {one["origin_session"]["medium"] for one in rows["visits"]} >= {"banner", "cpc", "cpm"}
