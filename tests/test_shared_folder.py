"""Every file of the shared folder of real exports is loaded with its control figures, or refused for the reason that its README gives.

Control figures were counted without this code. A file that stands in no row of the table fails, and so does a row without a file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from connectors import intake
from data.errors import MissingAnswer
from data.warehouse import Warehouse

FOLDER = Path(os.environ.get("VITRINA_SHARED") or Path(__file__).parent.parent.parent / "shared" / "data")
STATED = {
    "timezone": "Europe/Moscow", "vat": "net", "currency": "RUB", "attribution": "automatic", "account": "account",
    "period": "2026-07-02/2026-10-01", "goal": "*", "goals": "purchase",
}
TABLES = (".csv", ".tsv", ".xlsx", ".json", ".ndjson")
VISITS = "SELECT sum(visits) FROM traffic WHERE goal = ''"
REACHES = "SELECT sum(reaches) FROM traffic"
COST, CLICKS = "SELECT sum(cost) FROM spend", "SELECT sum(clicks) FROM spend"
USERS, NEW_USERS = "SELECT sum(users) FROM audience", "SELECT sum(new_users) FROM audience"
PERIOD = "SELECT min(day) || '/' || max(until) FROM traffic"


@dataclass(frozen=True)
class Loads:
    """A file that is understood. `figures` are queries over what it filled, with their control figures."""

    source: str
    figures: Mapping[str, object]
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Refused:
    """A file that is no export of ours, and words of the reason."""

    words: str


@dataclass(frozen=True)
class Asks:
    """A sheet that may be anything: it is never guessed what it holds."""

    option: str


def ga4(**figures: float) -> Loads:
    queries = {"sessions": VISITS, "reaches": REACHES, "users": USERS, "new_users": NEW_USERS}
    return Loads("ga4_reports", {queries[name]: value for name, value in figures.items()})


def steps(column: str, total: str, kind: str = "reached") -> Loads:
    answers = {"as": "steps", "columns": f"day=Date,{kind}={column}", "step": column}
    return Loads("plain_sheet", {f"SELECT round(sum({kind})) FROM steps": Decimal(total)}, answers)


JSON = Refused("an answer of an API")
UNKNOWN = Refused("No source knows a file like this")
UNTOLD_EVENTS = Refused("its events are not counted as key events")
PAGES = Refused("broken down by something that is not kept")
EXPECTED: Mapping[str, Loads | Refused | Asks] = {
    "crm_funnel/TRAFFIC.xlsx": steps("Visits", "44298"),
    "crm_funnel/WEB_CR.xlsx": steps("Visits", "6952"),
    "crm_funnel/OFF_ALL.xlsx": steps("Offers", "5272"),
    "crm_funnel/OFF_CR.xlsx": steps("Offers", "997"),
    "crm_funnel/OFF_SALE.xlsx": steps("Sales", "252542202", "amount"),
    "direct/placements_march26.xlsx": Loads("direct_wizard", {COST: Decimal("522252.78"), CLICKS: 10_660}),
    "direct/sex_age_march26.xlsx": Loads("direct_wizard", {COST: Decimal("522252.66"), CLICKS: 10_660}),
    "direct/phrases_march26.xlsx": Loads("direct_wizard", {COST: Decimal("467913.16"), CLICKS: 782}),
    "ga/api/api_runreport_response_airbyte.json": JSON,
    "ga/bigquery/bq_ga4_obfuscated_items_flat.csv": Loads("ga4_events_items", {
        "SELECT count(DISTINCT customer) FROM orders": 4418, "SELECT count(*) FROM orders": 5690,
        "SELECT round(sum(revenue)) FROM orders": 362_110,
        "SELECT count(*) FROM (SELECT customer FROM orders GROUP BY customer HAVING count(DISTINCT day) > 1)": 328,
    }),
    "ga/bigquery/bq_ga4_obfuscated_one_row_extract_json.ndjson": Loads("ga4_events", {"SELECT count(*) FROM visits": 1}),
    "ga/bigquery/bq_ga4_velir_rows_stringly.ndjson": Loads("ga4_events", {"SELECT count(*) > 0 FROM visits": True}),
    "ga/bigquery/bq_ga4_obfuscated_result_2D_Revenue_over_Time.csv": Asks("as"),
    "ga/bigquery/sber_ga_sessions_1000.csv": Loads("ua_sessions", {"SELECT count(*) FROM visits": 1000}),
    "ga/bigquery/sber_ga_hits_1000.csv": Refused("hits without their sessions"),
    "ga/bigquery/seed_fivetran_ga4_export_event.csv": Loads("ga4_events", {"SELECT count(*) > 0 FROM visits": True}),
    "ga/source_categories.csv": UNKNOWN,
    "ga/ua/ua_ga360_kaggle_train_5000.csv": Loads("ua_sessions", {
        "SELECT count(*) FROM visits": 5000, "SELECT count(*) FROM orders": 54, "SELECT round(sum(revenue)) FROM orders": 8038,
    }),
    "ga/ui/ga4_explore_blog_traffic.csv": ga4(sessions=242, reaches=12),
    "ga/ui/ga4_ui_blog_acquisition_overview.csv": Loads("ga4_reports", {"SELECT sum(users) FROM audience WHERE breakdown = ''": 243}),
    "ga/ui/ga4_ui_nj_events.csv": UNTOLD_EVENTS,
    "ga/ui/ga4_ui_nj_pages_2023_2026.csv": PAGES,
    "ga/ui/ga4_ui_nj_traffic_acquisition.csv": ga4(sessions=7_267_878, reaches=91_186, users=5_172_654),
    "ga/ui/ga4_ui_nj_user_acquisition.csv": ga4(users=4_966_383, new_users=4_493_733, reaches=91_169),
    "ga/ui/ga4_ui_plumber_landing_A.csv": ga4(sessions=7328, users=4673, new_users=8885),
    "ga/ui/ga4_ui_plumber_landing_B.csv": ga4(sessions=7368, users=6741, new_users=6734),
    "ga/ui/ga4_ui_plumber_pages.csv": PAGES,
    "ga/ui/ga4_ui_plumber_traffic_acq_A.csv": ga4(sessions=7262),
    "ga/ui/ga4_ui_plumber_traffic_acq_B.csv": ga4(sessions=7541),
    "ga/ui/ga4_ui_plumber_user_acq_A.csv": ga4(users=4599, new_users=8885),
    "ga/ui/ga4_ui_plumber_user_acq_B.csv": ga4(users=6737, new_users=6734),
    "ga/ui/ga4_ui_school_reports_snapshot.csv": Loads("ga4_reports", {
        "SELECT sum(visits) FROM traffic JOIN origins USING (origin) WHERE given_channel = 'AI Assistant'": 10,
        "SELECT users FROM audience WHERE breakdown = '' AND day = DATE '2026-06-22'": 36,
        "SELECT sum(users) < 0 FROM audience": False,
    }),
    "ga/ui/ga4_ui_shop_events.csv": UNTOLD_EVENTS,
    "ga/ui/ga4_ui_shop_landing.csv": ga4(sessions=2671, users=2318, new_users=2061, reaches=24),
    "ga/ui/ga4_ui_shop_user_acq.csv": ga4(users=2140, new_users=2061, reaches=24),
    "google_ads/gads_ad_report.csv": Loads("google_ads", {COST: Decimal("117.06"), CLICKS: 17, "SELECT sum(impressions) FROM spend": 305}),
    "google_ads/gads_campaign_report_empty.csv": Refused("a header and no rows"),
    "google_ads/gads_campaign_report_inr.csv": Loads("google_ads", {
        COST: Decimal("2565.93"), "SELECT sum(impressions) FROM spend": 46_168, "SELECT DISTINCT currency FROM spend": "INR",
    }),
    "metrika/api/counters.json": JSON,
    "metrika/api/goal.json": JSON,
    "metrika/api/goals.json": JSON,
    "metrika/api/reports.json": JSON,
    "metrika/dictionaries/logs_api_fields.tsv": UNKNOWN,
    "metrika/dictionaries/reporting_names.tsv": UNKNOWN,
    "metrika/dictionaries/source_names.csv": UNKNOWN,
    "metrika/logs_hits_university.tsv": Loads("metrica_hits", {
        "SELECT sum(page_views) FROM traffic": 542, "SELECT users FROM audience WHERE breakdown = 'period'": 388,
    }),
    "metrika/logs_visits_136_columns.tsv": Loads("metrica_logs", {"SELECT count(*) FROM visits": 3}),
    "metrika/logs_visits_university.tsv": Loads("metrica_logs", {
        "SELECT count(*) FROM visits": 439, "SELECT count(DISTINCT visitor) FROM visits": 388,
        "SELECT count(DISTINCT visit) FROM conversions": 7,
        "SELECT min(day) >= DATE '2022-01-01' AND max(day) < DATE '2022-05-01' FROM visits": True,
    }),
    "metrika/not_an_export_browser_scrape.csv": Refused("scraped from the screen by a browser extension"),
    "metrika/reporting_channels_by_day.csv": Loads("metrica_tables", {VISITS: 29_129, PERIOD: "2025-04-03/2026-05-13"}),
    "metrika/ui_sources_ru.csv": Loads("metrica_tables", {VISITS: 5036}),
    "metrika/ui_traffic_by_day_ru.csv": Loads("metrica_tables", {
        VISITS: 5036, "SELECT sum(users) FROM audience WHERE breakdown = ''": 3466,
        "SELECT sum(users) FROM audience WHERE breakdown = 'period'": 2540,
    }),
    **{
        f"ga/api/usa_gov/{agency}/{file}": JSON if file.endswith(".json") else UNKNOWN
        for agency in ("commerce", "energy", "justice", "labor", "nuclear-regulatory-commission", "state", "transportation", "treasury")
        for file in ("devices.json", "last-48-hours.json", "top-traffic-sources-30-days.csv", "top-traffic-sources-30-days.json",
                     "users.json")
    },
    **{
        f"ga/api/usa_gov/live/{name}.json": JSON
        for name in ("daily-sessions-30-days", "devices-30-days", "last-48-hours-unclean", "top-session-channel-group-30-days",
                     "top-session-source-medium-30-days", "top-traffic-sources-30-days", "top-video-plays-7-days", "total-sessions-30-days")
    },
}

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="needs the real exports: set VITRINA_SHARED to the folder that holds them")


def test_every_file_of_the_folder_stands_in_the_table_and_every_row_has_its_file() -> None:
    there = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.suffix in TABLES}
    assert there == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_real_file_gives_its_control_figures_or_is_refused_with_its_reason(name: str, tmp_path: Path) -> None:
    expected = EXPECTED[name]
    handful = intake.sort([FOLDER / name])
    said = " ".join(str(one.problem) for one in handful.refused)
    if not handful.refused:
        [series] = handful.series
        answers = {**STATED, **(expected.answers if isinstance(expected, Loads) else {})}
        known = intake.Known(stated={option: answer for option, answer in answers.items() if option not in series.facts})
        resolved = intake.resolve(series, known)
        if isinstance(expected, Asks):
            assert expected.option in {ask.option for ask in resolved.missing}
            return
        if isinstance(expected, Loads):
            _compare(expected, resolved, tmp_path)
            return
        with pytest.raises(Exception) as caught:
            intake.read(resolved)
        assert not isinstance(caught.value, MissingAnswer)
        said = str(caught.value)
    assert isinstance(expected, Refused), said
    assert expected.words in said


def _compare(expected: Loads, resolved: intake.Resolved, folder: Path) -> None:
    assert resolved.series.source.name == expected.source
    store = Warehouse(folder)
    store.load(intake.read(resolved))
    found = {query: store.arrow(f"SELECT ({query}) AS found").to_pylist()[0]["found"] for query in expected.figures}
    assert found == dict(expected.figures)
