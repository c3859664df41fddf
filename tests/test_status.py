"""When it was loaded and when it will be: one line on every page, from the schedule that `serve` writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data import clock, health, schedule
from data.door import workspace
from data.schedule import Schedule
from server.trusted import TOKEN, trusted
from tests import little_shop
from tests.test_pages import opened, said

NOON = datetime(2026, 3, 18, 9, 0, tzinfo=UTC)
"""Noon in Moscow."""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop whose counter is pulled, on a fixed day."""
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(clock, "now", lambda: NOON)
    little_shop.load(little_shop.write(tmp_path / "files", NOON.date() - timedelta(days=30), NOON.date() - timedelta(days=1)))
    return tmp_path / "home"


def connect() -> None:
    workspace().remember("shop", "metrica_api", little_shop.COUNTER, {"timezone": little_shop.ZONE})


def line(app: AppTest) -> str:
    return next(one for one in said(app).splitlines() if "RUB" in one)


PLANS: Mapping[str, tuple[Schedule, str, str]] = {
    "tomorrow": (Schedule(NOON + timedelta(hours=18), "24h"), "next tomorrow at 06:00", "следующая завтра в 06:00"),
    "today": (Schedule(NOON + timedelta(hours=6), "6h"), "next today at 18:00", "следующая сегодня в 18:00"),
    "running": (Schedule(NOON, "24h", NOON), "loading now", "идёт загрузка"),
    "missed": (Schedule(NOON - timedelta(hours=6), "24h"), "the load planned today at 06:00 did not start",
               "загрузка, которая должна была начаться сегодня в 06:00, не началась"),
}


@pytest.mark.parametrize("plan", PLANS)
def test_every_page_says_when_it_was_loaded_and_when_it_will_be(shop: Path, plan: str) -> None:
    connect()
    kept, english, russian = PLANS[plan]
    schedule.keep(kept)
    assert schedule.read() == kept
    assert f"last load today at 12:00 · {english}" in line(opened("glossary", "en"))
    assert f"последняя загрузка сегодня в 12:00 · {russian}" in line(opened("portfolio", "ru"))


def test_a_client_that_is_loaded_by_hand_is_promised_nothing(shop: Path) -> None:
    schedule.keep(Schedule(NOON + timedelta(hours=18), "24h"))
    assert "last load" in line(opened(language="en")) and "next" not in line(opened(language="en"))


def test_a_schedule_that_cannot_be_read_is_none(shop: Path) -> None:
    connect()
    for text in ("{half", "[]", '{"due": 5}'):
        (shop / "schedule.json").write_text(text, encoding="utf-8")
        assert schedule.read() is None
    assert not re.search("next|load planned", line(opened(language="en")))


def test_health_tells_a_full_disk_and_a_missed_pull(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert health.look().state == health.OK
    schedule.keep(Schedule(NOON - timedelta(hours=1), "24h"))
    assert health.look().state == health.DEGRADED
    schedule.forget()
    monkeypatch.setenv("VITRINA_DISK_LEAST_MB", str(10**9))
    assert health.look().state == health.DEGRADED
    (shop / "clients" / "shop" / "current.json").write_text("{half", encoding="utf-8")
    for path in (shop / "clients" / "shop").glob("*.duckdb"):
        path.write_bytes(b"nothing")
    assert health.look().state == health.DOWN


@pytest.mark.parametrize(
    ("peer", "headers", "known"),
    [
        ("127.0.0.1", {"host": "127.0.0.1:8501"}, True),
        ("::1", {"host": "[::1]:8501"}, True),
        ("127.0.0.1", {"host": "localhost", "x-forwarded-for": "203.0.113.7"}, False),
        ("127.0.0.1", {"host": "localhost", "via": "1.1 proxy"}, False),
        ("127.0.0.1", {"host": "rebound.example"}, False),
        ("203.0.113.7", {"host": "127.0.0.1"}, False),
        ("", {"host": "127.0.0.1"}, False),
        ("203.0.113.7", {"host": "v.example", "authorization": "Bearer the-word"}, True),
        ("203.0.113.7", {"host": "v.example", "authorization": "Bearer the-wor"}, False),
        ("203.0.113.7", {"host": "v.example", "authorization": "Basic the-word"}, False),
        ("203.0.113.7", {"host": "v.example", "authorization": "Bearer "}, False),
    ],
)
def test_only_this_machine_and_whoever_has_the_word_is_trusted(
    peer: str, headers: Mapping[str, str], known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN, "the-word")
    assert trusted(peer, headers) is known
    monkeypatch.delenv(TOKEN)
    if "authorization" in headers:
        assert not trusted(peer, headers)
