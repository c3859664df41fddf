"""A Metrica log reads back exactly: every byte of ClickHouse's dialect, ids beyond 2^63, repeated rows, any number of parts."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from connectors import intake
from data.errors import BadFile, Problem
from data.warehouse import Warehouse
from tests.stored import SAMPLES, shared, stored

STATED = {"timezone": "Asia/Yekaterinburg", "vat": "net", "currency": "RUB", "attribution": "last"}
COUNTER = "70000017"


def load(folder: Path, *paths: Path, **stated: str) -> dict[str, list[dict[str, Any]]]:
    """Load logs as one handful and give back what the store holds."""
    handful = intake.sort(paths)
    if handful.refused:
        raise handful.refused[0].problem
    store = Warehouse(folder / "store")
    for series in handful.series:
        store.load(intake.read(intake.resolve(series, intake.Known(stated=STATED | stated))))
    return stored(store)


def log(folder: Path, header: Sequence[str], *lines: Sequence[str], name: str = "log.tsv", end: str = "\n") -> Path:
    path = folder / name
    rows = [[f"ym:s:{column}" for column in header], *lines]
    path.write_text("".join("\t".join(row) + end for row in rows), encoding="utf-8", newline="")
    return path


# ------------------------------------------------------------------------------------------------ any log reads back


@dataclass(frozen=True)
class Reach:
    goal: int
    at: datetime
    price: int


@dataclass(frozen=True)
class Purchase:
    number: str
    at: datetime
    revenue: Decimal


@dataclass(frozen=True)
class Visit:
    """What a visit is, before it is written in the dialect and after it is read from the store."""

    number: int
    visitor: int
    at: datetime
    landing: str
    city: str
    device: int
    source: str
    campaign: str
    pages: int
    seconds: int
    bounce: bool
    reaches: tuple[Reach, ...]
    purchases: tuple[Purchase, ...]


HEADER = (
    "visitID", "counterID", "watchIDs", "date", "dateTime", "clientID", "startURL", "regionCity", "deviceCategory", "pageViews",
    "visitDuration", "bounce", "goalsID", "goalsDateTime", "goalsPrice", "goalsCurrency", "purchaseID", "purchaseDateTime",
    "purchaseRevenue", "purchaseCurrency", "lastsignTrafficSource", "lastsignUTMSource", "lastsignUTMCampaign",
)
NOT_SAID = ("", "0", "ya_undefined", "undefined")
ids = st.integers(1, 2**64 - 1)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2026, 11, 1)).map(lambda at: at.replace(microsecond=0))
anything = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00\x01\x08\x0c"), max_size=12)
marks = st.text(st.sampled_from("\t\n\r\\'\"#,;🍵ж |"), max_size=8)
said = st.one_of(anything, marks).filter(lambda text: text not in NOT_SAID)
paths = st.text(st.sampled_from("abж🍵\t'\"\\ ,;&="), min_size=1, max_size=9).map(lambda text: "shop.example/x" + text + "x")
reaches = st.builds(Reach, st.integers(1, 10**9), moments, st.integers(0, 10**6))
numbers = st.text(st.sampled_from("AБ-19,🍵"), min_size=1, max_size=8).filter(lambda text: text != "0")
purchases = st.builds(Purchase, numbers, moments, st.decimals(0, 10**6, places=2))
visits = st.builds(
    Visit, ids, st.integers(0, 2**64 - 1), moments, paths, said, st.integers(1, 4), said, said, st.integers(0, 500), st.integers(0, 90_000),
    st.booleans(), st.lists(reaches, max_size=3).map(tuple), st.lists(purchases, max_size=2, unique_by=lambda one: one.number).map(tuple),
)


@dataclass(frozen=True)
class Pen:
    """The two ways in which the dialect writes an array of texts: quotes escaped or bare."""

    escaped: bool

    def texts(self, items: Sequence[str]) -> str:
        quote = r"\'" if self.escaped else "'"
        return "[" + ",".join(quote + item + quote for item in items) + "]"

    def empty(self) -> str:
        """An empty array beside parallel ones that are not empty is real."""
        return r"[\'\']" if self.escaped else "[]"


def escaped(text: str) -> str:
    named = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r", "'": r"\'"}
    return "".join(named.get(char, char) for char in text)


def line(visit: Visit, pen: Pen, watch: int) -> list[str]:
    row = {
        "visitID": str(visit.number), "counterID": COUNTER, "watchIDs": f"[{watch}]", "date": f"{visit.at:%Y-%m-%d}",
        "dateTime": f"{visit.at:%Y-%m-%d %H:%M:%S}", "clientID": str(visit.visitor),
        "startURL": "https://" + escaped(visit.landing) + "?a=b#c",
        "regionCity": escaped(visit.city), "deviceCategory": str(visit.device), "pageViews": str(visit.pages),
        "visitDuration": str(visit.seconds), "bounce": str(int(visit.bounce)),
        "goalsID": "[" + ",".join(str(one.goal) for one in visit.reaches) + "]",
        "goalsDateTime": pen.texts([f"{one.at:%Y-%m-%d %H:%M:%S}" for one in visit.reaches]),
        "goalsPrice": "[" + ",".join(str(one.price) for one in visit.reaches) + "]",
        "goalsCurrency": pen.texts(["RUB"] * len(visit.reaches)) if visit.reaches else pen.empty(),
        "purchaseID": pen.texts([one.number for one in visit.purchases]),
        "purchaseDateTime": pen.texts([f"{one.at:%Y-%m-%d %H:%M:%S}" for one in visit.purchases]),
        "purchaseRevenue": "[" + ",".join(str(one.revenue) for one in visit.purchases) + "]",
        "purchaseCurrency": pen.texts(["RUB"] * len(visit.purchases)), "lastsignTrafficSource": "ad",
        "lastsignUTMSource": escaped(visit.source), "lastsignUTMCampaign": escaped(visit.campaign),
    }
    return [row[name] for name in HEADER]


def expected_visit(visit: Visit) -> dict[str, Any]:
    """The row of VISITS, worked out without the engine."""
    row = {
        "account": COUNTER, "day": f"{visit.at:%Y-%m-%d}", "year": visit.at.year, "visit": visit.number, "visitor": visit.visitor,
        "started_at": (visit.at - timedelta(hours=5)).isoformat(), "device": ("desktop", "phone", "tablet", "tv")[visit.device - 1],
        "origin_last_significant": {"traffic_source": "ad", "source": visit.source, "campaign": visit.campaign},
        "city": visit.city, "landing": visit.landing, "visits": 1, "bounces": int(visit.bounce), "engaged": int(not visit.bounce),
        "page_views": visit.pages, "seconds": visit.seconds,
    }
    return {name: value for name, value in row.items() if value != ""}


def utc(at: datetime) -> str:
    return (at - timedelta(hours=3)).isoformat()


@given(
    st.lists(visits, min_size=1, max_size=6, unique_by=lambda visit: (visit.number, visit.at.year)),
    st.lists(st.integers(0, 99), min_size=6, max_size=12), st.booleans(), st.integers(1, 3),
)
@settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
def test_any_log_in_the_dialect_reads_back_as_it_was(some: list[Visit], order: list[int], escapes: bool, parts: int) -> None:
    """Rows are shuffled, some stand twice (one per watch id), and all are dealt out to parts that repeat the header."""
    pen = Pen(escapes)
    rows = [line(some[number % len(some)], pen, place) for place, number in enumerate([*range(len(some)), *order])]
    with tempfile.TemporaryDirectory() as folder:
        dealt = [rows[part::parts] for part in range(parts)]
        files = [log(Path(folder), HEADER, *lines, name=f"part {number}.tsv") for number, lines in enumerate(dealt) if lines]
        found = load(Path(folder), *files)
    by_key = {(row["visit"], row["year"]): row for row in found["visits"]}
    assert len(found["visits"]) == len(some)
    for visit in some:
        assert by_key[visit.number, visit.at.year] == expected_visit(visit)
    goals = {(row["visit"], row["year"], row["ordinal"]): row for row in found.get("conversions", [])}
    assert {key: (row["goal"], row["reached_at"], row.get("value", "0")) for key, row in goals.items()} == {
        (visit.number, visit.at.year, place): (str(one.goal), utc(one.at), str(one.price))
        for visit in some for place, one in enumerate(visit.reaches, start=1)
    }
    numbers_sold = {one.number for visit in some for one in visit.purchases}
    assert {row["order_id"] for row in found.get("orders", [])} == numbers_sold
    for row in found.get("orders", []):
        sold = {(str(one.revenue.normalize()), utc(one.at)) for visit in some for one in visit.purchases if one.number == row["order_id"]}
        assert (str(Decimal(row["revenue"]).normalize()), row["placed_at"]) in sold


# ------------------------------------------------------------------------------------------------------- real exports


def test_a_real_log_gives_its_control_figures(tmp_path: Path) -> None:
    found = load(tmp_path, shared("metrika/logs_visits_university.tsv"))
    assert len(found["visits"]) == 439
    assert len({row["visitor"] for row in found["visits"]}) == 388
    assert len({(row["visit"], row["year"]) for row in found["conversions"]}) == 7
    assert any(row["visitor"] > 2**63 for row in found["visits"])
    days = [row["day"] for row in found["visits"]]
    assert (min(days), max(days)) == ("2022-01-20", "2022-04-30")


def test_a_real_log_with_old_names_is_read(tmp_path: Path) -> None:
    assert len(load(tmp_path, shared("metrika/logs_visits_136_columns.tsv"))["visits"]) == 3


# -------------------------------------------------------------------------------------------------- traps, one by one

SMALL = ("visitID", "date", "clientID", "lastTrafficSource", "lastUTMSource")
FIRST, SECOND = ("1", "2026-03-01", "5", "ad", "yandex"), ("2", "2026-03-02", "6", "direct", "")


def sources(found: Mapping[str, list[dict[str, Any]]]) -> dict[int, tuple[str, str]]:
    """Shape: visit -> (traffic source, tagged source)."""
    return {row["visit"]: (row["origin_last"]["traffic_source"], row["origin_last"].get("source", "")) for row in found["visits"]}


def test_parts_in_two_orders_of_columns_are_both_read_right(tmp_path: Path) -> None:
    turned = [*reversed(SMALL)]
    files = log(tmp_path, SMALL, FIRST, name="a.tsv"), log(tmp_path, turned, [*reversed(SECOND)], name="b.tsv")
    assert sources(load(tmp_path, *files, account=COUNTER)) == {1: ("ad", "yandex"), 2: ("direct", "")}


@pytest.mark.parametrize("name", ["visits (1).tsv", "visits[1].tsv", "визиты*.tsv", "it's.tsv", "a?.tsv"])
def test_a_file_may_be_called_anything(name: str, tmp_path: Path) -> None:
    assert len(load(tmp_path, log(tmp_path, SMALL, FIRST, name=name), account=COUNTER)["visits"]) == 1


def test_windows_line_ends_are_no_part_of_the_last_column(tmp_path: Path) -> None:
    assert sources(load(tmp_path, log(tmp_path, SMALL, FIRST, SECOND, end="\r\n"), account=COUNTER))[1] == ("ad", "yandex")


def test_a_mark_of_unicode_at_the_start_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    path = log(tmp_path, SMALL, FIRST)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(load(tmp_path, path, account=COUNTER)["visits"]) == 1


def test_each_model_of_a_log_keeps_its_own_origin(tmp_path: Path) -> None:
    header = ("visitID", "date", "lastTrafficSource", "lastUTMSource", "automaticTrafficSource", "automaticUTMSource")
    [visit] = load(tmp_path, log(tmp_path, header, ("1", "2026-03-01", "direct", "", "ad", "yandex")), account=COUNTER)["visits"]
    assert visit["origin_last"] == {"traffic_source": "direct"}
    assert visit["origin_automatic"] == {"traffic_source": "ad", "source": "yandex"}


def test_a_log_without_sources_asks_for_the_model(tmp_path: Path) -> None:
    [series] = intake.sort([log(tmp_path, ("visitID", "date"), ("1", "2026-03-01"))]).series
    assert {ask.option for ask in series.asks} == {"account", "attribution", "timezone"}


@pytest.mark.parametrize(("broken", "words"), [
    (("1", "2026-03-01", "5", "ad"), "cut off or has the wrong number of columns"),
    (("1", "2026-03-01", "5", "ad", "yandex", "extra"), "cut off or has the wrong number of columns"),
    (("x1", "2026-03-01", "5", "ad", "yandex"), "visit id is not a whole number: x1"),
    (("1", "2026-02-30", "5", "ad", "yandex"), "date is not a date: 2026-02-30"),
    (("", "2026-03-01", "5", "ad", "yandex"), "visit id is not a whole number"),
    (("18446744073709551616", "2026-03-01", "5", "ad", "yandex"), "visit id is not a whole number"),
])
def test_one_broken_row_refuses_the_whole_log(broken: Sequence[str], words: str, tmp_path: Path) -> None:
    with pytest.raises(BadFile) as caught:
        load(tmp_path, log(tmp_path, SMALL, FIRST, broken, SECOND), account=COUNTER)
    assert words in str(caught.value)
    assert stored(Warehouse(tmp_path / "store")) == {}


def test_a_log_of_two_counters_is_refused(tmp_path: Path) -> None:
    header = ("visitID", "counterID", "date", "lastTrafficSource")
    with pytest.raises(BadFile, match="mixes counters"):
        load(tmp_path, log(tmp_path, header, ("1", "7", "2026-03-01", "ad"), ("2", "8", "2026-03-01", "ad")))


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_log_cut_anywhere_in_its_last_line_is_refused(cut: int, tmp_path: Path) -> None:
    path = log(tmp_path, SMALL, FIRST, SECOND)
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(Problem):
        load(tmp_path, path, account=COUNTER)


def test_samples_loaded_twice_are_loaded_once(tmp_path: Path) -> None:
    case = SAMPLES / "metrica_logs" / "two_parts"
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    files = sorted(case.glob("*.tsv"))
    load(tmp_path, *files, **expected["answers"])
    assert load(tmp_path, *files, **expected["answers"]) == expected["stored"]
    assert date.fromisoformat(expected["stored"]["visits"][0]["day"]) == date(2026, 3, 1)
