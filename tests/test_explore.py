"""Explore and Audience, without a browser: right totals, the way down, links, saved views, files, the SQL box; words in both languages."""

from __future__ import annotations

import io
import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from data import sandbox
from data.desk import views
from data.text import catalogue, languages, words
from data.workspace import workspace
from metrics.readings import newness, segments
from pages.ui import address, listing
from pages.ui.audience import parts, shown
from pages.ui.explore import chart, choices, drawing, export, lines, pickers, reply, saved, schema, sql, state, table
from pages.ui.explore.drawing import Sayings, Series
from pages.ui.explore.export import Export, Field
from tests import little_shop

ROOT = Path(__file__).resolve().parent.parent
YESTERDAY = datetime.now(ZoneInfo(little_shop.ZONE)).date() - timedelta(days=1)
VISITS = 28 * little_shop.VISITS_A_DAY


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> little_shop.Files:
    return little_shop.write(tmp_path_factory.mktemp("shop"), YESTERDAY - timedelta(days=69), YESTERDAY)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: little_shop.Files) -> Path:
    """An agency with one client: a shop with ten weeks of visits, orders and costs up to yesterday."""
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path / "home"))
    little_shop.load(files)
    return tmp_path / "home"


def opened(page: str = "explore", language: str = "en", **link: str | list[str]) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60)
    app.context = {"locale": {"ru": "ru-RU", "en": "en-GB"}[language], "timezone": "Europe/Moscow"}
    app.run().switch_page(listing.file_of(page))
    for name, value in link.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception and not app.error
    return app


def said(app: AppTest) -> str:
    kinds = ("header", "subheader", "markdown", "caption", "warning", "code")
    return re.sub(r"\\(.)", r"\1", "\n".join(str(getattr(one, "value", "")) for kind in kinds for one in app.get(kind)))


def grid(app: AppTest, key: str = "explored") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(app.get_by_key(key).proto.json)
    return found


def figures(app: AppTest, column: str, key: str = "explored") -> dict[tuple[str, ...], float | None]:
    """A column of a grid by the names of its rows; the total under the empty name."""
    found = grid(app, key)
    names = [head["key"] for head in found["heads"] if head["kind"] == "name"]
    place = [head["key"] for head in found["heads"]].index(column) - len(names)
    rows = {tuple(name for name, _ in row["names"]): row["cells"][place]["sort"] for row in found["rows"]}
    return rows | {(): found["total"]["cells"][place]["sort"]}


# ----------------------------------------------------------------------------------------------------------------- the table


def test_the_table_has_the_total_of_the_period(shop: Path) -> None:
    found = figures(opened(by=["channel"]), "visits")
    whole = found.pop(())
    assert whole == VISITS == sum(value or 0 for value in found.values())


def test_people_are_counted_anew_for_the_total_and_never_summed(shop: Path) -> None:
    found = figures(opened(by=["device"], measures=["users"]), "users")
    whole = found.pop(())
    assert whole is not None and whole < sum(value or 0 for value in found.values())


def test_three_breakdowns_and_a_step_make_one_row_per_combination(shop: Path) -> None:
    found = figures(opened(by=["channel", "device", "city"], grain="month", measures=["visits"]), "visits")
    assert {len(names) for names in found} == {0, 4}
    assert found.pop(()) == sum(value or 0 for value in found.values()) == VISITS


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("look", pickers.LOOKS)
@pytest.mark.parametrize("by", [[], ["channel"], ["landing", "device"], ["weekday"], ["goal"]], ids=str)
def test_every_look_opens_with_any_breakdown(shop: Path, language: str, look: str, by: list[str]) -> None:
    app = opened(language=language, look=look, by=by, **({"grain": "week"} if len(by) != 1 else {}))
    assert app.header


def test_more_rows_than_anybody_reads_are_cut_on_the_screen_and_whole_in_the_file(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "SHOWN", 5)
    app = opened(by=["channel"], grain="day", measures=["visits"])
    assert len(grid(app)["rows"]) == 5
    assert re.search(r"Shown are 5 of \d+ rows; the files hold all of them.", said(app))


def test_a_step_of_time_is_named_by_its_days_where_the_period_cuts_it() -> None:
    period = date(2026, 10, 1), date(2026, 11, 22)

    def said(step: str, start: date) -> str:
        return lines.bucket(step, start, period, words("en")).replace("\u00a0", " ")

    assert said("week", date(2026, 9, 28)) == "1–4 Oct 2026"
    assert said("week", date(2026, 11, 16)) == "16–22 Nov 2026"
    assert said("month", date(2026, 10, 1)) == "October 2026"
    assert said("month", date(2026, 11, 1)) == "1–22 Nov 2026"
    assert said("quarter", date(2026, 10, 1)) == said("year", date(2026, 1, 1)) == "1 Oct – 22 Nov 2026"


def test_a_breakdown_that_nothing_carries_is_not_offered(shop: Path) -> None:
    offered = opened().multiselect(key="chosen_by").options
    assert "Channel" in offered and "Browser" in offered
    assert "Age" not in offered and "Day" not in offered


# ------------------------------------------------------------------------------------------------- filters and the way down


def test_a_press_on_a_name_filters_by_it_and_looks_one_breakdown_deeper(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held: dict[str, Any] = {}
    monkeypatch.setattr(address, "put", lambda name, value: held.update({name: value}))
    monkeypatch.setattr(state.st, "session_state", {})
    asked = pickers.Asked(("visits",), ("week", "channel"), (), ("channel", "campaign", "landing", "device"))
    pickers.deeper(asked)('["2026-03-02", "direct_ads"]', 1)
    assert held == {"where": "channel:direct_ads", "by": ["campaign"]}
    pickers.deeper(asked)('["2026-03-02", "direct_ads"]', 0)
    assert held == {"where": "week:2026-03-02", "by": ["channel"], "grain": "none"}


def test_a_link_with_filters_narrows_the_figures_and_names_them(shop: Path) -> None:
    app = opened(by=["device"], where="device:phone", measures=["visits"])
    assert figures(app, "visits")[()] == VISITS / 2
    assert any(button.label.replace("\\", "") == "Device: Phone" for button in app.button)
    app.button(key="lift_device").click().run()
    assert figures(app, "visits")[()] == VISITS
    assert "where" not in app.query_params


@pytest.mark.parametrize("where", ["nonsense:1", "day:yesterday", ":::", "device", "a:b;c"])
def test_a_filter_in_a_link_that_names_nothing_is_said_and_left_out(shop: Path, where: str) -> None:
    app = opened(by=["device"], where=where, measures=["visits"])
    assert "Nothing fits these filters" in said(app) or figures(app, "visits")[()] == VISITS


def test_filters_that_nothing_fits_say_so_and_can_be_lifted(shop: Path) -> None:
    app = opened(by=["device"], where="city:Atlantis")
    assert "Nothing fits these filters" in said(app)
    app.button(key="lift_empty").click().run()
    assert figures(app, "visits")[()] == VISITS


def test_a_link_reopens_the_view(shop: Path) -> None:
    link: dict[str, str | list[str]] = {
        "client": "shop", "look": "pivot", "measures": ["visits", "cr"], "by": ["channel", "device"], "grain": "week", "across": "device",
        "figure": "cr", "where": "device:phone,desktop", "lang": "en",
    }
    app = opened(language="ru", **link)
    assert {name: app.query_params[name] for name in link} == link
    assert not app.warning


# ----------------------------------------------------------------------------------------------------------- pivot and chart


def test_totals_of_a_pivot_are_questions_of_their_own(shop: Path) -> None:
    app = opened(look="pivot", by=["channel", "device"], measures=["users"], figure="users")
    found, flat = grid(app, "pivoted"), opened(by=["channel"], measures=["users"])
    by_channel = figures(flat, "users")
    rows = {(row["names"][0][0],): row["cells"][0]["sort"] for row in found["rows"]}
    assert rows | {(): found["total"]["cells"][0]["sort"]} == by_channel
    by_device = figures(opened(by=["device"], measures=["users"]), "users")
    heads = [head["title"] for head in found["heads"]][2:]
    assert dict(zip(heads, (cell["sort"] for cell in found["total"]["cells"][1:]), strict=True)) == {
        name[0]: value for name, value in by_device.items() if name
    }


def test_a_pivot_needs_two_breakdowns_and_says_so(shop: Path) -> None:
    assert "A pivot needs two breakdowns" in said(opened(look="pivot", by=["channel"]))


@pytest.mark.parametrize(("by", "metric", "kinds"), [
    (("channel",), "visits", ("bars",)),
    (("channel", "device"), "visits", ("bars", "parts", "heat")),
    (("channel", "device"), "cr", ("bars", "heat")),
    (("week",), "visits", ("lines", "columns")),
    (("week", "channel"), "users", ("lines", "heat")),
    (("week", "channel"), "revenue", ("lines", "columns", "heat")),
    (("weekday",), "visits", ("bars",)),
])
def test_only_charts_that_make_sense_are_offered(by: tuple[str, ...], metric: str, kinds: tuple[str, ...]) -> None:
    assert chart.kinds(by, metric) == kinds


@pytest.mark.parametrize("kind", ["lines", "columns", "heat"])
def test_a_chart_has_words_for_those_who_do_not_see_it(shop: Path, kind: str) -> None:
    app = opened(look="chart", by=["channel"], grain="week", measures=["visits"], kind=kind)
    assert app.get("plotly_chart")[0].proto.alt == "Visits by Week × Channel"


def test_figures_stand_in_a_map_that_has_room_for_them() -> None:
    say = Sayings(str, lambda value: f"{value:.0f}", str)
    narrow, wide = (drawing.heat(["a", "b"], [str(n) for n in range(many)], [[1.0] * many, [None] * many], say) for many in (4, 40))
    assert (list(narrow.data[0].text[0]), narrow.data[0].text[1][0]) == (["1"] * 4, "")
    assert narrow.data[0].texttemplate and not wide.data[0].texttemplate


def test_what_has_more_values_goes_down_a_map(shop: Path) -> None:
    def rows(*by: str) -> set[str]:
        app = opened(look="chart", by=list(by), measures=["visits"], kind="heat")
        layout = json.loads(app.get("plotly_chart")[0].proto.spec)["layout"]
        return set(layout["yaxis"]["ticktext"])

    assert rows("channel", "device") == rows("device", "channel")


def test_a_step_that_is_there_in_part_is_dotted() -> None:
    say = Sayings(str, str, str)
    days, series = [date(2026, 3, day) for day in (1, 8, 15)], [Series("a", (1.0, 2.0, 3.0)), Series("b", (1.0, None, 3.0))]
    drawn = drawing.over_time(days, series, say, words("en"), stacked=False, parts=frozenset({2}))
    solid, dotted = drawn.data[:2]
    assert (list(solid.y), list(dotted.y)) == ([1.0, 2.0, None], [None, 2.0, 3.0])
    assert dotted.line.dash == "dot"


# ------------------------------------------------------------------------------------------------------------------ the files


def test_a_workbook_has_typed_cells_and_no_formula(shop: Path) -> None:
    fields = (Field("Campaign", "text"), Field("Day", "day"), Field("Spend", "money"), Field("CR", "share"), Field("Visit", "id"))
    rows = ((little_shop.HOSTILE, date(2026, 3, 1), 1500.5, 0.125, 2**60), ("Total", None, 1500.5, None, None))
    made = export.workbook(Export(fields, rows, total=True), {"Filters": "=1+1"}, "RUB", words("ru"))
    book = openpyxl.load_workbook(io.BytesIO(made))
    sheet = book.worksheets[0]
    cells = [sheet.cell(2, column) for column in range(1, 6)]
    assert [cell.value for cell in cells] == [little_shop.HOSTILE, datetime(2026, 3, 1), 1500.5, 0.125, str(2**60)]
    assert [cell.data_type for cell in cells] == ["s", "d", "n", "n", "s"]
    assert "₽" in cells[2].number_format and cells[3].number_format == "0.00%"
    assert (book.worksheets[1].cell(1, 2).value, book.worksheets[1].cell(1, 2).data_type) == ("=1+1", "s")
    assert not any(cell.data_type == "f" for one in book.worksheets for row in one.iter_rows() for cell in row)


def test_files_hold_every_row_the_compared_period_and_the_total(shop: Path) -> None:
    app = opened(by=["channel"], measures=["visits", "cr"])
    assert [button.label for button in app.get("download_button")] == ["Download XLSX", "Download CSV"]


# ------------------------------------------------------------------------------------------------------------------ saved views


def test_a_view_is_saved_listed_and_removed(shop: Path) -> None:
    app = opened(by=["device"], where="device:phone", lang="en")
    app.text_input(key="saved_name").set_value("Mobile")
    next(button for button in app.form_submit_button if button.label == "Save").click().run()
    [kept] = views.of(workspace(), "shop", "explore")
    assert kept.name == "Mobile"
    link = saved.parameters(kept, "ru")
    assert (link["where"], link["by"], link["lang"]) == (["device:phone"], ["device"], ["ru"])
    assert figures(opened(**link), "visits")[()] == VISITS / 2  # type: ignore[arg-type]
    app.button(key=f"saved_remove_{kept.id}").click().run()
    assert views.of(workspace(), "shop", "explore") == ()


def test_a_view_without_a_name_is_a_problem_in_words(shop: Path) -> None:
    app = opened()
    next(button for button in app.form_submit_button if button.label == "Save").click().run()
    assert not app.exception and app.warning
    assert views.of(workspace(), "shop", "explore") == ()


# ---------------------------------------------------------------------------------------------------------------- the SQL box


@pytest.mark.skipif(not sandbox.available(), reason="this system has no limits that a query could be run under")
@pytest.mark.parametrize("language", languages())
def test_a_query_runs_only_when_somebody_says_so(shop: Path, language: str) -> None:
    app = opened(language=language, look="sql", sql="SELECT device, sum(visits) AS visits FROM visits GROUP BY ALL ORDER BY ALL")
    run = next(button for button in app.form_submit_button if button.label == words(language).t("Run"))
    assert words(language).t("This query has not run yet.") in said(app)
    run.click().run()
    assert not app.exception
    assert [row["cells"][0]["text"] for row in grid(app, "sql_answer")["rows"]] == ["desktop", "phone"]


@pytest.mark.skipif(not sandbox.available(), reason="this system has no limits that a query could be run under")
@pytest.mark.parametrize("language", languages())
def test_a_refused_query_is_help_and_the_page_goes_on(shop: Path, language: str) -> None:
    app = opened(language=language, look="sql", sql="SELECT * FROM read_csv('/etc/passwd')")
    next(button for button in app.form_submit_button if button.label == words(language).t("Run")).click().run()
    assert not app.exception and not app.error
    assert words(language).t("The function {name} is not available here.", name="read_csv") in said(app)
    app.segmented_control(key="chosen_look").set_value("table").run()
    assert figures(app, "visits")[()]


@pytest.mark.skipif(not sandbox.available(), reason="this system has no limits that a query could be run under")
@pytest.mark.parametrize("title", [*sql.EXAMPLES, "page"])
def test_every_example_can_be_run(shop: Path, title: str) -> None:
    app = opened(look="sql")
    app.button(key=f"example_{title}").click().run()
    query = app.text_area(key="chosen_sql").value
    assert sandbox.ask(workspace().store(workspace().client("shop")), query).rows


def test_a_query_too_long_for_a_link_is_not_in_it(shop: Path) -> None:
    app = opened(look="sql", sql="SELECT 1 -- " + "x" * sql.LONGEST_IN_LINK)
    assert "sql" not in app.query_params
    assert "too long for a link" in said(app)


def test_an_answer_is_drawn_by_what_its_columns_are() -> None:
    made = sandbox.Answer(
        (sandbox.Column("day", "day"), sandbox.Column("device", "text"), sandbox.Column("visits", "count")),
        tuple((date(2026, 3, day), device, day) for day in (2, 1) for device in ("phone", "desktop")), False,
    )
    assert reply.drawable(made)
    drawn = reply.chart(made, words("en"))
    assert {trace.name for trace in drawn.data} == {"phone", "desktop"}
    assert list(drawn.data[0].x) == [date(2026, 3, 1), date(2026, 3, 2)]


def test_years_are_not_written_with_a_space() -> None:
    made = sandbox.Answer((sandbox.Column("year", "count"), sandbox.Column("visits", "count")), ((2026, 2026),  (2025, 12_000)), False)
    sheet = reply.sheet(made, words("ru"))
    assert [cell.text for cell in sheet.rows[0].cells] == ["2026", "2\u202f026"]


# ------------------------------------------------------------------------------------------------------------------- Audience


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("part", parts.PARTS)
def test_every_part_of_the_audience_opens(shop: Path, language: str, part: str) -> None:
    app = opened("audience", language, part=part)
    assert app.header
    if part in ("age", "sex", "os", "browser"):
        assert words(language).t(parts.BRINGS[part]) in said(app)
    else:
        assert grid(app, f"segments_{part}")["rows"]


@pytest.mark.parametrize("kpi", segments.KPIS)
def test_segments_add_up_to_all_visits_on_every_figure(shop: Path, kpi: str) -> None:
    app = opened("audience", part="newness", kpi=kpi)
    found = figures(app, "visits", "segments_newness")
    assert found.pop(()) == VISITS == sum(value or 0 for value in found.values())


def test_the_answer_of_the_page_names_the_segment_that_differs(shop: Path) -> None:
    """In the little shop both sold visits of a day are on the same kind of device, so one converts and the other never does."""
    app = opened("audience", part="device")
    assert re.search(r"(Phone|Desktop): .*% against .*% for the rest · Conversion rate", app.header[0].value.replace("\\", ""))


# ------------------------------------------------------------------------------------------------------------------- in Russian


def registries() -> Iterator[str]:
    """Texts that reach the screen through a registry."""
    for registry in (pickers.LOOKS, choices.STEPS, chart.KINDS, sql.SHAPES, schema.KINDS, parts.PARTS, parts.BRINGS, newness.TITLES):
        yield from registry.values()
    yield from sql.EXAMPLES
    yield from (table.TITLE, shown._EXTRA, *map(str, segments.Standing))
    yield from (text for pair in sandbox._REFUSED.values() for text in pair)


def test_everything_is_said_in_russian() -> None:
    assert [text for text in registries() if text not in catalogue("ru")] == []


def test_no_translation_of_these_pages_is_stale() -> None:
    places = [*(ROOT / "pages" / "ui" / "explore").glob("*.py"), *(ROOT / "pages" / "ui" / "audience").glob("*.py"),
              ROOT / "data" / "sandbox.py", *(ROOT / "metrics" / "readings").glob("*.py")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in places) + "\n".join(page.title for page in listing.listed())
    own = {text for name in ("explore", "audience", "sandbox")
           for text in tomllib.loads((ROOT / "data" / "locales" / "ru" / f"{name}.toml").read_text(encoding="utf-8"))}
    assert sorted(text for text in own if text not in code) == []
