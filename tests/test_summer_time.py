"""Days of 23 and of 25 hours: every visit lies on the client's own day, in Berlin as in Moscow, whatever the night."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connectors import understand
from data.coverage import spans
from data.warehouse import Warehouse

NIGHTS = (date(2026, 3, 29), date(2026, 10, 25))
HEADER = ("visitID", "counterID", "date", "dateTime", "clientID", "isNewUser", "startURL", "pageViews", "visitDuration", "bounce")


def moments(zone: ZoneInfo) -> list[datetime]:
    """Half past every hour from the day before each night to the day after it, as the clock on the wall shows it."""
    found = []
    for night in NIGHTS:
        moment = datetime(night.year, night.month, night.day, tzinfo=zone).astimezone(UTC) - timedelta(hours=30)
        found += [(moment + timedelta(hours=hour, minutes=30)).astimezone(zone) for hour in range(84)]
    days = {night + timedelta(days=off) for night in NIGHTS for off in (-1, 0, 1)}
    return [one for one in found if one.date() in days]


def log(path: Path, zone: ZoneInfo) -> None:
    lines = ["\t".join(f"ym:s:{name}" for name in HEADER) + "\tym:s:lastsignTrafficSource"]
    for number, one in enumerate(moments(zone), 1):
        row = (10**18 + number, 10203040, one.date(), f"{one:%Y-%m-%d %H:%M:%S}", 7 * number, 1, "https://shop.example/", 2, 60, 0)
        lines.append("\t".join(map(str, row)) + "\torganic")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize(("name", "hours"), [("Europe/Berlin", (23, 25)), ("Europe/Moscow", (24, 24))])
def test_the_sums_of_a_day_are_its_hours_and_their_instants_lie_on_it(tmp_path: Path, name: str, hours: tuple[int, int]) -> None:
    zone = ZoneInfo(name)
    log(tmp_path / "visits.tsv", zone)
    understood = understand(tmp_path / "visits.tsv")
    store = Warehouse(tmp_path / "store")
    store.load(list(understood.source.read([understood.head], {**understood.says.facts, "timezone": name})))
    expected = {night + timedelta(days=off): 24 for night in NIGHTS for off in (-1, 1)} | dict(zip(NIGHTS, hours, strict=True))
    daily = store.arrow("SELECT day, sum(visits)::INT AS visits FROM traffic GROUP BY day").to_pylist()
    assert {row["day"]: row["visits"] for row in daily} == expected
    rows = store.arrow("SELECT day, started_at FROM visits").to_pylist()
    there = [(row["day"], row["started_at"].replace(tzinfo=UTC).astimezone(zone).date()) for row in rows]
    assert all(day == local for day, local in there)
    assert Counter(day for day, _ in there) == expected
    assert sum(span.rows for span in spans(store) if span.table == "visits") == sum(expected.values())
