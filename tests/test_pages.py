"""Every page says what it knows, in every language, with nothing loaded and with a shop loaded; links reopen views; faults become help."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from data.text import languages, words
from data.workspace import workspace
from pages.ui import listing, loaded, periods, terms
from tests import little_shop

ROOT = Path(__file__).resolve().parent.parent
PAGES = [page.name for page in listing.listed()]
YESTERDAY = datetime.now(ZoneInfo(little_shop.ZONE)).date() - timedelta(days=1)
FIRST = YESTERDAY - timedelta(days=69)
DAYS = 28


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An agency that has nothing yet."""
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> little_shop.Files:
    return little_shop.write(tmp_path_factory.mktemp("shop"), FIRST, YESTERDAY)


@pytest.fixture
def shop(home: Path, files: little_shop.Files) -> Path:
    """An agency with one client: a shop with ten weeks of visits, orders and costs up to yesterday."""
    little_shop.load(files)
    return home


def opened(page: str = "", language: str = "ru", **link: str | list[str]) -> AppTest:
    """The app as a fresh viewer sees it who follows a link."""
    app = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60)
    app.context = {"locale": {"ru": "ru-RU", "en": "en-GB"}[language], "timezone": "Europe/Moscow"}
    if page and page != listing.FIRST:
        app.run().switch_page(listing.file_of(page))
    for name, value in link.items():
        app.query_params[name] = value
    return app.run()


def whole(app: AppTest) -> bool:
    """Neither an exception nor the words of the boundary."""
    return not app.exception and not app.error


def said(app: AppTest) -> str:
    """All text of the page, as people see it, without the marks that keep it plain."""
    return re.sub(r"\\(.)", r"\1", "\n".join(str(getattr(one, "value", "")) for one in _every(app)))


def _every(app: AppTest) -> Iterator[Any]:
    for kind in ("header", "subheader", "markdown", "caption", "warning", "error", "success", "code"):
        yield from app.get(kind)


def figures(app: AppTest) -> str:
    """All text of the page's plain tables."""
    return re.sub(r"\\(.)", r"\1", " ".join(" ".join(table.value.astype(str).to_numpy().ravel()) for table in app.table))


def shown(app: AppTest, key: str) -> dict[str, Any]:
    """What a component was given to draw."""
    found: dict[str, Any] = json.loads(app.get_by_key(key).proto.json)
    return found


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2212", "-")


# ---------------------------------------------------------------------------------------------------------- every page


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_with_nothing_at_all(home: Path, page: str, language: str) -> None:
    app = opened(page, language)
    assert whole(app)
    assert app.header or app.subheader, "a page without data says what to do next"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_for_a_client_with_nothing_loaded(home: Path, page: str, language: str) -> None:
    workspace().add_client("new", "Новый", "RUB", "Europe/Moscow")
    app = opened(page, language, client="new")
    assert whole(app)
    assert "Новый" in said(app) or page in ("glossary", "portfolio", "plan")


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_on_a_loaded_shop(shop: Path, page: str, language: str) -> None:
    app = opened(page, language)
    assert whole(app)
    assert app.header
    assert words(language).t("{currency}, net of VAT", currency="RUB") in said(app)


# ---------------------------------------------------------------------------------------------------- Channels, in figures


def test_the_cards_are_the_totals_of_the_period(shop: Path) -> None:
    cards = {card["key"]: plain(card["value"]) for card in shown(opened(language="en"), "cards")["cards"]}
    assert cards["visits"] == f"{DAYS * little_shop.VISITS_A_DAY:,}"
    assert cards["conversions"] == str(DAYS * little_shop.CONVERSIONS_A_DAY)
    assert cards["spend"] == "84,000 ₽"
    assert cards["cpa"] == "1,500 ₽"
    assert cards["drr"] == "50.0%"


def test_equal_periods_are_unchanged_and_grey(shop: Path) -> None:
    card = next(card for card in shown(opened(language="en"), "cards")["cards"] if card["key"] == "conversions")
    assert (card["change"], card["tone"], card["was"]) == ("unchanged", "flat", "was 56")


def test_the_table_adds_up_to_its_pinned_total(shop: Path) -> None:
    table = shown(opened(), "table")
    place = [column["key"] for column in table["columns"]].index("visits")
    total = table["total"]["cells"][place]["sort"]
    assert sum(row["cells"][place]["sort"] for row in table["rows"]) == total == DAYS * little_shop.VISITS_A_DAY
    assert table["total"]["name"] == words("ru").t("Total")


def test_a_link_opens_a_channel_with_its_campaigns(shop: Path) -> None:
    first = next(row for row in shown(opened(), "table")["rows"] if row["opens"] and row["cells"][0]["sort"])
    app = opened(open=first["key"])
    inside = shown(app, f"campaigns_{first['key']}")
    assert whole(app)
    assert inside["total"]["cells"][0]["sort"] == first["cells"][0]["sort"]
    assert {row["name"] for row in inside["rows"]} >= {"search"} or {row["name"] for row in inside["rows"]} >= {"feed"}


def test_days_without_loaded_data_offer_the_days_that_have_some(shop: Path) -> None:
    app = opened(language="en", period="custom", since="2024-01-01", until="2024-01-28")
    assert "Nothing is loaded for" in said(app)
    app.button[0].click().run()
    assert whole(app) and shown(app, "cards")["cards"]
    assert app.query_params["since"] == FIRST.isoformat()


# --------------------------------------------------------------------------------------------------------------- the link


def test_a_link_reopens_the_view(shop: Path) -> None:
    since, until = (YESTERDAY - timedelta(days=20)).isoformat(), (YESTERDAY - timedelta(days=7)).isoformat()
    link: dict[str, str | list[str]] = {
        "client": "shop", "period": "custom", "since": since, "until": until, "compare": "year", "grouping": "google", "device": "phone",
        "lang": "en", "metric": "conversions", "step": "week",
    }
    app = opened(language="ru", **link)
    assert whole(app)
    assert {name: app.query_params[name] for name in link} == link
    assert not app.warning
    assert "Phone" in said(app)


def test_a_link_says_the_client_and_the_language_even_when_they_are_the_defaults(shop: Path) -> None:
    assert {name: opened(language="ru").query_params[name] for name in ("client", "lang", "period", "compare")} == {
        "client": "shop", "lang": "ru", "period": periods.DEFAULT, "compare": "previous",
    }


@pytest.mark.parametrize("name", ["client", "period", "compare", "counter", "device", "lang", "since"])
def test_a_word_in_a_link_that_names_nothing_falls_back_with_a_word(shop: Path, name: str) -> None:
    app = opened(language="en", **({"period": "custom"} if name == "since" else {}), **{name: "<b>nonsense</b>"})
    assert whole(app)
    if name != "counter":  # with one counter there is no choice to be wrong about
        assert f"{name}=<b>nonsense</b>" in said(app)


def test_going_back_goes_one_choice_back(shop: Path) -> None:
    app = opened(language="en")
    app.selectbox(key="chosen_period").select("7d").run()
    assert app.query_params["period"] == "7d"
    app.query_params["period"] = "28d"
    app.run()
    assert app.selectbox(key="chosen_period").value == "28d"


def test_a_quick_second_choice_wins_over_the_address_of_before_the_first(shop: Path) -> None:
    app = opened(language="en")
    app.selectbox(key="chosen_period").select("7d").run()
    app.query_params["period"] = "28d"
    app.selectbox(key="chosen_period").select("month").run()
    assert app.selectbox(key="chosen_period").value == app.query_params["period"] == "month"


def test_the_choice_of_one_page_is_the_choice_of_the_next(shop: Path) -> None:
    app = opened(language="en")
    app.selectbox(key="chosen_period").select("7d").run()
    app.switch_page(listing.file_of("data")).run()
    assert app.query_params["period"] == "7d"
    assert app.selectbox(key="chosen_period").value == "7d"


def test_the_interface_opens_in_the_browsers_language_and_changes_with_one_press(shop: Path) -> None:
    app = opened("glossary", "ru")
    assert app.header[0].value == "Словарь"
    app.segmented_control(key="chosen_lang").set_value("en").run()
    assert app.header[0].value == "Glossary"


# ----------------------------------------------------------------------------------------------------------------- faults


def test_a_problem_is_shown_as_help(shop: Path) -> None:
    for file in (shop / "clients" / "shop").glob("v*.duckdb"):
        file.write_text("not a database", encoding="utf-8")
    app = opened(language="en")
    assert not app.exception
    assert "The current version of the store cannot be opened." in said(app)
    assert "What to do: Load the files again, or restore a backup." in said(app)


def test_a_bug_shows_a_number_and_the_log_has_the_rest(
    shop: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(view: object) -> None:
        raise RuntimeError("canary-7731")

    monkeypatch.setattr(loaded, "calendar", broken)
    with caplog.at_level(logging.ERROR, "vitrina"):
        app = opened("data", "en")
    assert not app.exception
    assert "canary" not in said(app)
    number = re.search(r"number ([0-9a-f]{8})", said(app))
    assert number and f"error {number[1]}" in caplog.text and "canary-7731" in caplog.text


# ------------------------------------------------------------------------------------------------------------------- Data


def test_the_first_client_is_added_on_the_page(home: Path) -> None:
    app = opened("data")
    app.text_input(key="newcomer_name").set_value("Клиника «Зуб»")
    app.form_submit_button[0].click().run()
    assert whole(app)
    assert [(client.slug, client.name) for client in workspace().clients()] == [("klinika-zub", "Клиника «Зуб»")]
    assert app.query_params["client"] == "klinika-zub"


def test_a_client_without_a_name_is_not_added(home: Path) -> None:
    app = opened("data")
    app.form_submit_button[0].click().run()
    assert "У клиента пока нет названия." in said(app) and not workspace().clients()


def test_a_short_name_that_is_taken_is_a_problem_in_words(shop: Path) -> None:
    app = opened("data", "en")
    app.text_input(key="newcomer_name").set_value("Shop")
    app.text_input(key="newcomer_slug").set_value("shop")
    next(button for button in app.form_submit_button if button.label == "Add client").click().run()
    assert "There already is a client shop." in said(app)
    assert len(workspace().clients()) == 1


def test_files_are_understood_shown_and_loaded_only_when_told_to(home: Path, files: little_shop.Files) -> None:
    workspace().add_client("new", "Новый", "RUB", little_shop.ZONE)
    store = workspace().store(workspace().client("new"))
    app = opened("data", "en", client="new")
    app.file_uploader[0].upload("visits.tsv", files.log.read_bytes())
    app.file_uploader[0].upload("costs.csv", files.costs.read_bytes())
    app.run()
    assert "Yandex.Metrica" in figures(app)
    next(button for button in app.form_submit_button if button.label == "Check the files").click().run()
    assert whole(app)
    assert "2,800" in plain(figures(app))
    assert store.version() == 0, "nothing is published before somebody presses Load"
    next(button for button in app.button if button.label == "Load").click().run()
    assert store.version() == 1
    assert workspace().answers("new", "metrica_logs", little_shop.COUNTER) == {"vat": "net", "currency": "RUB"}
    assert "Loaded:" in said(app)


def test_files_can_be_looked_at_and_forgotten(home: Path, files: little_shop.Files) -> None:
    workspace().add_client("new", "Новый", "RUB", little_shop.ZONE)
    store = workspace().store(workspace().client("new"))
    app = opened("data", "en", client="new")
    app.file_uploader[0].upload("visits.tsv", files.log.read_bytes())
    app.run()
    next(button for button in app.form_submit_button if button.label == "Check the files").click().run()
    next(button for button in app.button if button.label == "Discard").click().run()
    assert store.version() == 0
    assert not list(store.folder.glob("draft-*"))


def test_a_file_that_is_no_export_is_refused_in_words(shop: Path) -> None:
    app = opened("data", "en")
    app.file_uploader[0].upload("photo.csv", b"\x89PNG\r\n\x1a\n" + b"\x00" * 100)
    app.run()
    assert whole(app)
    assert "PNG picture" in figures(app)


# --------------------------------------------------------------------------------------------------------------- Glossary


@pytest.mark.parametrize(("wanted", "found"), [("ДРР", "drr"), ("cost-revenue", "drr"), ("drr", "drr"), ("стоит конверсия", "cpa")])
def test_the_glossary_finds_a_metric_by_its_name_in_either_language(home: Path, wanted: str, found: str) -> None:
    app = opened("glossary", "ru", find=wanted)
    titles = [fold.label.replace("\\", "") for fold in app.expander]
    assert whole(app)
    assert any(words("ru").t(terms.METRICS[found].title) in title for title in titles)


def test_a_word_that_names_no_metric_says_so(home: Path) -> None:
    assert words("ru").t("No figure is called that. Try another word, or a part of one.") in said(opened("glossary", "ru", find="щщщ"))
