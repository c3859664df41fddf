"""What sources do: one that stands still reads alike twice, silence ends, a lost grant harms nobody else, every gap has its own mark."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.pace import Clock
from connectors.refusals import SourceDown
from connectors.web import Api, Call, Web
from data import clock
from data.coverage import spans
from data.secret import Secret
from data.warehouse import Warehouse
from data.workspace import workspace
from tests.fakes.metrica import STRANGER, TOKEN, ZONE, Metrica, error
from tests.fakes.metrica_books import Books
from tests.fakes.server import Fake, Faults, Request, Response, as_json
from tests.test_pull import connect, data_page, fake, home, run, store, yesterday
from tests.test_web import judge

__all__ = ["fake", "home", "run"]
OWN = ("load_id", "loaded_at")
"""What says when it was loaded and not what."""
ORDERED = re.compile(r"Logs API #\d+")
"""The service gives every order of a log a number of its own."""


def content(held: Warehouse) -> dict[str, list[str]]:
    """Every table as sorted rows, without what differs by its nature."""
    listed = held.arrow("SELECT table_name AS name FROM information_schema.tables WHERE table_type = 'BASE TABLE'").column(0).to_pylist()
    found = {}
    for name in listed:
        table = held.arrow(f'SELECT * FROM "{name}"')
        kept = table.select([column for column in table.column_names if column not in OWN])
        found[name] = sorted(ORDERED.sub("Logs API", repr(row)) for row in kept.to_pylist())
    return found


@pytest.mark.promise("R10")
def test_two_reads_of_a_frozen_source_are_equal(fake: Metrica, run: Any) -> None:
    since = yesterday() - timedelta(days=12)
    for slug in ("shop", "twin"):
        connect(run, slug)
        assert run("pull", "--client", slug, "--since", since)[0] == 0
    first, second = content(store("shop")), content(store("twin"))
    assert len(first["visits"]) > 0 and len(first["traffic"]) > 0
    assert first == second


@pytest.mark.promise("R11")
def test_a_service_that_falls_silent_is_left_within_the_stated_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent(Fake):
        def answer(self, request: Request) -> Response:
            time.sleep(1.5)
            return as_json({})

    monkeypatch.setattr("connectors.web.READ", 0.1)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    with Silent() as service:
        monkeypatch.setenv("SILENT_API_URL", service.address)
        api = Api("silent", "Silent", "SILENT_API_URL", "https://silent.example", (), judge)
        web = Web(tmp_path / "paces", Clock(time.time, lambda seconds: None))
        with pytest.raises(SourceDown):
            web.json(Call(api, "/", secret=Secret("SILENT_TOKEN", "none")))
        assert 1 < len(service.requests) <= 8
    assert not list((tmp_path / "paces").rglob("*.part"))


@pytest.mark.promise("R12")
def test_one_of_twenty_grants_is_withdrawn_and_nineteen_are_fresh(home: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    counters = [f"{number}" for number in range(55000001, 55000021)]
    with Metrica([Books(counter, scale=1) for counter in counters], scale=400) as service:
        monkeypatch.setenv("METRIKA_API_URL", service.address)
        monkeypatch.setenv("METRIKA_TOKEN_LOST", TOKEN)
        for counter in counters:
            connect(run, f"client-{counter[-2:]}", counter, *(("--token", "METRIKA_TOKEN_LOST") if counter == counters[7] else ()))
        monkeypatch.setenv("METRIKA_TOKEN_LOST", STRANGER)
        code, out, err = run("pull", "--all", "--since", yesterday(), "--format", "csv")
    lines = [line for line in out.splitlines() if "55000" in line]
    lost = [line for line in lines if counters[7] in line]
    assert code == 2 and len(lines) == 20 and "may not read the counter 55000008" in lost[0] and "→ Ask its owner" in err
    loaded = [spans(workspace().store(client)) for client in workspace().clients()]
    assert sum(bool(found) for found in loaded) == 19


@pytest.mark.promise("R14")
def test_an_empty_day_a_failed_day_and_a_sampled_one_have_three_marks(fake: Metrica, run: Any) -> None:
    connect(run)
    since, empty, failed = (yesterday() - timedelta(days=ago) for ago in (6, 5, 3))
    fake.books["12345678"].empty.add(empty)
    assert run("pull", "--client", "shop", "--since", since, "--until", failed - timedelta(days=1))[0] == 0
    fake.faults = Faults(before=lambda request: error(503, "backend_error", "Backend error") if "logrequest" in request.path else None)
    assert run("pull", "--client", "shop", "--since", failed, "--until", failed)[0] == 2
    fake.faults, fake.sample = Faults(), 0.4
    assert run("pull", "--client", "shop", "--since", failed + timedelta(days=1))[0] == 0
    found = {(span.since, span.until): span.state for span in spans(store()) if span.table == "visits"}
    days = {first + timedelta(days=n): state for (first, last), state in found.items() for n in range((last - first).days + 1)}
    assert failed not in days and days[empty] == "zero" and days[since] in ("loaded", "provisional")
    shares = {span.sample_share for span in spans(store()) if span.table == "traffic"}
    assert shares - {None, 1.0} == {0.4}
    said = " ".join(table.value.to_string() for table in data_page().table).replace("\\", "")
    assert "пропущено дней: 1" in said and "выборка: 40" in said, said


def test_the_fake_counts_days_as_the_counter_does() -> None:
    with Metrica() as service:
        assert service.today == clock.today(ZONE)
