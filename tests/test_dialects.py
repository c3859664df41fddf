"""What a source writes is what is loaded: random rows through a writer of each dialect come back equal, whatever stands in their cells.

Logs, days of Metrica's interface and cost sheets kept by hand have theirs in test_logs, test_metrica_tables and test_connectors.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import intake
from data.tables import TRAFFIC
from tests import writers
from tests.writers import Ad, Reach, Sale, Seen

ZONE = "Europe/Berlin"
STATED = {
    "timezone": ZONE, "vat": "net", "currency": "RUB", "account": "70000017", "period": "2026-03-01/2026-03-31",
    "attribution": "automatic", "goal": "*",
}
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def read(write: Callable[[Path], object], **stated: str) -> list[dict[str, Any]]:
    """Rows of all batches of a file, every question answered."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        write(path)
        handful = intake.sort([path])
        assert handful.refused == (), [str(one.problem) for one in handful.refused]
        known = {option: answer for option, answer in (STATED | stated).items() if option not in handful.series[0].facts}
        batches = intake.read(intake.resolve(handful.series[0], intake.Known(stated=known)))
    return [row | {"_table": batch.table} for batch in batches if isinstance(batch.rows, pa.Table) for row in batch.rows.to_pylist()]


def words(alphabet: str) -> st.SearchStrategy[str]:
    """Names with every mark that means something to somebody, in between letters so that none is a number or says "nothing"."""
    return st.text(st.sampled_from(alphabet), max_size=9).map(lambda text: f"к{text}ъ")


AWKWARD = "абZ 019\"'|;,.-_🍵\u00a0\u200b\\#&=%+()[]{}:/*?!<>@"
names = words(AWKWARD)
quotable = words(AWKWARD + "\t\n")
counts = st.integers(0, 10**6)
money = st.decimals(0, 10**7, places=2)
days = st.one_of(st.dates(date(2026, 1, 1), date(2026, 11, 1)), st.sampled_from([SPRING, AUTUMN]))
seen = st.builds(
    lambda source, medium, campaign, visits, bounced, pages, seconds, reaches, revenue: Seen(
        source, medium, campaign, visits, min(bounced, visits), pages, seconds, reaches, revenue
    ),
    quotable, quotable, quotable, st.integers(1, 10**6), counts, counts, st.integers(0, 86_399), counts, money,
)
refunded = st.decimals(-(10**6), 10**7, places=2)


def plain(text: str) -> str:
    return " ".join(text.split())


def tags(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["origin"]["source"], row["origin"]["medium"], row["origin"]["campaign"]


def added(rows: Sequence[tuple[Any, tuple[Any, ...]]]) -> dict[Any, tuple[Any, ...]]:
    """Figures by key; those of one key added up."""
    sums: dict[Any, tuple[Any, ...]] = {}
    for key, figures in rows:
        sums[key] = tuple(a + b for a, b in zip(sums[key], figures, strict=True)) if key in sums else figures
    return sums


@pytest.mark.parametrize("language", ["ru", "en"])
@given(st.lists(seen, min_size=1, max_size=6))
@settings(max_examples=30, deadline=None)
def test_a_table_of_metricas_interface(language: str, found: list[Seen]) -> None:
    rows = [row for row in read(lambda path: path.write_bytes(writers.metrica_table(found, language))) if row["_table"] is TRAFFIC]
    key = [(plain(one.source), plain(one.medium), plain(one.campaign)) for one in found]
    visits = [(tags(row), (row["visits"], row["bounces"], row["page_views"], row["seconds"])) for row in rows if not row["goal"]]
    assert dict(visits) == added([
        (at, (one.visits, one.bounces, one.pages, one.visits * one.seconds)) for at, one in zip(key, found, strict=True)
    ])
    reached = {tags(row): row["reaches"] for row in rows if row["goal"] == "Заявка"}
    assert reached == {at: figures[0] for at, figures in added([(at, (one.reaches,)) for at, one in zip(key, found, strict=True)]).items()}
    revenue = sum(row["revenue"] for row in rows if row.get("revenue"))
    assert revenue == sum(one.revenue for one in found)


@given(st.lists(seen, min_size=1, max_size=6), st.data())
@settings(max_examples=50, deadline=None)
def test_a_report_of_ga4(found: list[Seen], data: st.DataObject) -> None:
    """Revenue may be below zero: a day of refunds."""
    found = [Seen(**{**one.__dict__, "revenue": data.draw(refunded)}) for one in found]
    since, until = date(2026, 3, 1), date(2026, 3, 31)
    rows = read(lambda path: path.write_bytes(writers.ga4_report(found, since, until)))
    key = [(one.source.strip(), one.medium.strip(), one.campaign.strip()) for one in found]
    visits = {tags(row): (row["visits"], row["engaged"], row["revenue"] if "revenue" in row else Decimal(0))
              for row in rows if not row["goal"]}
    assert visits == added([(at, (one.visits, one.visits - one.bounces, one.revenue)) for at, one in zip(key, found, strict=True)])
    reached = {tags(row): (row["reaches"],) for row in rows if row["goal"]}
    assert reached == added([(at, (one.reaches,)) for at, one in zip(key, found, strict=True)])
    assert {(row["day"], row["until"]) for row in rows} == {(since, until)}


def ads(text: st.SearchStrategy[str]) -> st.SearchStrategy[list[Ad]]:
    """A click costs from one rouble to three thousand: beyond, whether money is in millionths has to be asked."""
    one = st.builds(
        lambda day, number, campaign, shown, clicks, price, claimed: Ad(day, number, campaign, shown, clicks, clicks * price, claimed),
        days, st.integers(1, 10**20).map(str), text, counts, st.integers(1, 1000), st.decimals(1, 2999, places=2),
        st.none() | st.integers(0, 10**6),
    )
    return st.lists(one, min_size=1, max_size=6)


Spend = dict[tuple[date, str, str], tuple[Any, ...]]


def spent(rows: list[dict[str, Any]]) -> Spend:
    return {
        (row["day"], row["origin"]["campaign_id"], row["origin"]["campaign_name"]):
            (row["impressions"], row["clicks"], row["cost"], row["claimed"])
        for row in rows
    }


def expected(found: list[Ad]) -> Spend:
    """Rows of one campaign and day are one row; conversions that no row knows are not known."""
    claimed: dict[Any, list[int]] = defaultdict(list)
    for one in found:
        claimed[one.day, one.number, one.campaign.strip()] += [] if one.claimed is None else [one.claimed]
    sums = added([((one.day, one.number, one.campaign.strip()), (one.impressions, one.clicks, one.cost)) for one in found])
    return {key: (*figures, float(sum(claimed[key])) if claimed[key] else None) for key, figures in sums.items()}


@pytest.mark.parametrize("workbook", [True, False])
@given(ads(names))
@settings(max_examples=30, deadline=None)
def test_a_report_of_directs_wizard(workbook: bool, found: list[Ad]) -> None:
    assert spent(read(lambda path: writers.direct_wizard(path, found, workbook))) == expected(found)


@pytest.mark.parametrize("micros", [True, False])
@given(ads(names))
@settings(max_examples=30, deadline=None)
def test_a_report_of_directs_service(micros: bool, found: list[Ad]) -> None:
    stated = "micros" if micros else "plain"
    assert spent(read(lambda path: path.write_bytes(writers.direct_api(found, micros)), money=stated)) == expected(found)


@pytest.mark.parametrize("excel", [True, False])
@given(ads(quotable))
@settings(max_examples=30, deadline=None)
def test_a_report_of_google_ads(excel: bool, found: list[Ad]) -> None:
    rows = read(lambda path: path.write_bytes(writers.google_ads(found, excel)))
    assert spent(rows) == expected(found)
    assert {row["currency"] for row in rows} == {"USD"}


clocks = st.one_of(
    st.datetimes(datetime(2024, 1, 1), datetime(2026, 11, 1)),
    st.builds(lambda day, minute: datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute),
              st.sampled_from([SPRING, AUTUMN]), st.integers(0, 24 * 60 - 1)),
).map(lambda at: at.replace(second=0, microsecond=0))
sales = st.builds(
    Sale, st.one_of(st.integers(1, 10**25).map(str), names), clocks, st.integers(1, 10**9).map(lambda number: f"u-{number}"),
    st.integers(0, 2**64 - 1), st.sampled_from(["PAID", "IN_PROGRESS", "CANCELLED", "SPAM"]), st.none() | money, st.none() | money,
    st.sampled_from(["RUB", "USD", "KZT"]),
)
STATUSES = {"PAID": "paid", "IN_PROGRESS": "open", "CANCELLED": "cancelled", "SPAM": "spam"}


@pytest.mark.parametrize("delimiter", [",", ";"])
@given(st.lists(sales, min_size=1, max_size=6))
@settings(max_examples=30, deadline=None)
def test_a_file_of_simple_orders(delimiter: str, found: list[Sale]) -> None:
    """The last row of a number counts. Times are those of the asked zone, on days of 23 and of 25 hours too."""
    rows = read(lambda path: path.write_bytes(writers.simple_orders(found, delimiter)))
    zone = ZoneInfo(ZONE)
    told = ("day", "placed_at", "visitor", "status", "revenue", "goods_cost", "currency")
    assert {row["order_id"]: tuple(row[name] for name in told) for row in rows} == {
        one.number.strip(): (
            one.placed.date(), one.placed.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None), one.client or None,
            STATUSES[one.status], one.revenue or Decimal(0), one.cost, one.currency,
        )
        for one in found
    }


@given(st.lists(
    st.builds(Reach, st.integers(1, 2**64 - 1), names, st.integers(1_700_000_000, 1_793_000_000), st.none() | money), min_size=1, max_size=6
))
@settings(max_examples=50, deadline=None)
def test_a_file_of_offline_conversions(found: list[Reach]) -> None:
    rows = read(lambda path: path.write_bytes(writers.offline_conversions(found)))
    assert {(row["visitor"], row["goal"], row["reached_at"]): row["value"] for row in rows} == {
        (one.client, one.target.strip(), datetime.fromtimestamp(one.second, UTC).replace(tzinfo=None)): one.price for one in found
    }
