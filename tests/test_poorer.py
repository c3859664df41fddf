"""A poorer report never takes the place of a fuller one without a word, and reports on different things do not push each other out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from connectors import intake
from data.tables import ALL_GOALS
from data.warehouse import Warehouse
from metrics import Query, Settings, ask
from tests.stored import SAMPLES, stored

STATED = {
    "account": "70000017", "attribution": "automatic", "timezone": "Europe/Moscow", "period": "2026-03-01/2026-03-31", "vat": "net",
    "currency": "RUB", "goal": ALL_GOALS,
}
TABLES = SAMPLES / "metrica_tables"
GA4 = "# ----------------------------------------\n# Report\n# Property: shop.example\n# ----------------------------------------\n" \
      "# \n# All Users\n# Start date: 20260301\n# End date: 20260331\n"


def load(store: Warehouse, path: Path) -> list[str]:
    """Warnings of one load."""
    [series] = intake.sort([path]).series
    known = {option: answer for option, answer in STATED.items() if option not in series.facts}
    return [str(note) for one in store.load(intake.read(intake.resolve(series, intake.Known(stated=known)))) for note in one.notes
            if note.kind == "poorer"]


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_report_on_tags_and_one_on_sources_stand_side_by_side(tmp_path: Path) -> None:
    store = Warehouse(tmp_path)
    assert load(store, TABLES / "utm_tags" / "utm.csv") == load(store, TABLES / "sources" / "Источники, сводка-20260301-20260331.csv") == []
    assert {row["breakdown"] for row in stored(store)["traffic"]} == {"origin", "origin,tags"}
    once = stored(store)
    load(store, TABLES / "utm_tags" / "utm.csv")
    assert stored(store) == once


def test_tags_are_answered_from_the_report_on_tags_and_channels_from_that_on_sources(tmp_path: Path) -> None:
    store = Warehouse(tmp_path)
    sources, tags = TABLES / "sources" / "Источники, сводка-20260301-20260331.csv", TABLES / "utm_tags" / "utm.csv"
    load(store, sources)
    alone = _asked(store, "channel")
    load(store, tags)
    assert _asked(store, "channel") == alone
    assert _asked(store, "campaign") == {"plates_spring": 12, "": 8}


def _asked(store: Warehouse, by: str) -> dict[object, object]:
    query = Query(metrics=("visits",), by=(by,), since=date(2026, 3, 1), until=date(2026, 3, 31))
    frame = ask(query, store.run, Settings()).frame
    return dict(zip(frame[by].fillna(""), frame["visits"].astype(int), strict=True))


def test_a_download_without_columns_that_were_there_names_what_is_lost(tmp_path: Path) -> None:
    store = Warehouse(tmp_path / "store")
    fuller = written(tmp_path / "a.csv", GA4 + "Session source / medium,Sessions,Engaged sessions,Key events\nvk / cpc,10,5,2\n")
    poor = written(tmp_path / "b.csv", GA4 + "Session source / medium,Sessions\nvk / cpc,10\n")
    assert load(store, fuller) == []
    lost = [one.split(": ")[1].split(" was known")[0] for one in load(store, poor)]
    assert lost == ["the number of bounces", "the number of engaged visits", "the number of goal reaches"]


def test_a_download_of_channels_stands_beside_one_of_sources(tmp_path: Path) -> None:
    store = Warehouse(tmp_path / "store")
    load(store, written(tmp_path / "a.csv", GA4 + "Session source / medium,Sessions\nvk / cpc,10\n"))
    assert load(store, written(tmp_path / "b.csv", GA4 + "Session primary channel group,Sessions\nPaid Social,10\n")) == []


def test_a_fuller_download_over_a_poorer_one_says_nothing(tmp_path: Path) -> None:
    store = Warehouse(tmp_path / "store")
    load(store, written(tmp_path / "b.csv", GA4 + "Session source / medium,Sessions\nvk / cpc,10\n"))
    fuller = "Session source / medium,Session campaign,Sessions,Engaged sessions\nvk / cpc,spring,10,5\n"
    assert load(store, written(tmp_path / "a.csv", GA4 + fuller)) == []


def test_goals_by_name_are_missed_where_only_their_sum_comes_again(tmp_path: Path) -> None:
    store = Warehouse(tmp_path / "store")
    by_name = "Источник трафика,Визиты,Достижения цели (Заявка)\nПрямые заходы,10,2\n"
    together = "Источник трафика,Визиты,Достижения цели\nПрямые заходы,10,2\n"
    load(store, written(tmp_path / "a.csv", by_name))
    [lost] = load(store, written(tmp_path / "b.csv", together))
    assert "each goal by name was known" in lost
