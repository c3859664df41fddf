"""What people type into the SQL box is answered as plain values, cut where it is long, or refused in words. Attacks: tests/security."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from data import sandbox
from data.errors import Problem
from data.sandbox import Limits, ask
from data.text import words
from data.warehouse import Warehouse
from tests.small_store import YANDEX, day, spend, visits

pytestmark = pytest.mark.skipif(not sandbox.available(), reason="this system has no limits that a query could be run under")
SOON = Limits(wall=8.0, processor=1)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def store(home: Path) -> Warehouse:
    found = Warehouse(home / "mine")
    found.load([visits([(day(n % 28 + 1), n, YANDEX) for n in range(1, 41)]), spend([(day(1), YANDEX, 120)])])
    return found


def refused(store: Warehouse, query: str, limits: Limits = SOON) -> tuple[str, str]:
    """The refusal in English and in Russian."""
    with pytest.raises(Problem) as caught:
        ask(store, query, limits)
    said = [" ".join(words(language).problem(caught.value)) for language in ("en", "ru")]
    assert "Traceback" not in said[0]
    assert str(store.folder) not in said[0], "no path of the machine is told"
    return said[0], said[1]


def test_a_long_answer_is_cut_by_rows_and_by_size(store: Warehouse) -> None:
    rows = ask(store, "SELECT * FROM range(5000)")
    wide = ask(store, "SELECT repeat('x', 3000) AS text FROM range(5000)", Limits(size=100_000))
    one = ask(store, "SELECT repeat('x', 1000000) AS text")
    assert (len(rows.rows), rows.cut) == (1000, True)
    assert (len(wide.rows), wide.cut) == (33, True)
    assert len(str(one.rows[0][0])) == Limits().cell + 1


def test_a_long_query_is_refused_before_it_runs(store: Warehouse) -> None:
    english, russian = refused(store, "SELECT 1 -- " + "x" * sandbox.LONGEST)
    assert "50,012" in english and "слишком длинный" in russian


def test_values_arrive_as_what_they_are(store: Warehouse) -> None:
    found = ask(store, """
        SELECT sum(visits) AS visits, min(day) AS day, TIMESTAMP '2026-03-01 10:00:00' AS at, 0.5::DECIMAL(9, 2) AS half, true AS yes,
               max(visit) AS visit, NULL AS nothing, [1, 2] AS list, 'текст' AS text, 1 / 0 AS endless
        FROM visits
    """)
    kinds = {column.name: column.kind for column in found.columns}
    values = dict(zip(kinds, found.rows[0], strict=True))
    assert kinds == {
        "visits": "count", "day": "day", "at": "instant", "half": "number", "yes": "flag", "visit": "id", "nothing": "count",
        "list": "text", "text": "text", "endless": "number",
    }
    assert values["visits"] == 40 and values["day"] == date(2026, 3, 1) and values["at"] == datetime(2026, 3, 1, 10)
    assert (values["half"], values["yes"], values["nothing"], values["list"]) == (0.5, True, None, "[1, 2]")
    assert values["text"] == "текст" and values["endless"] is None and isinstance(values["visit"], int)


@pytest.mark.parametrize("query", [
    "WITH a AS (SELECT day, sum(visits) AS v FROM visits GROUP BY day) SELECT max(v) FROM a", "FROM visits LIMIT 1", "VALUES (1), (2)",
    "SELECT unnest([1, 2])", "SELECT * FROM generate_series(1, 3)", "DESCRIBE visits", "SELECT count(*) FROM main.visits;",
    "SELECT o.source, sum(s.cost) FROM spend s JOIN origins o USING (origin) GROUP BY ALL", "SELECT now() > current_date",
])
def test_ordinary_questions_are_answered(store: Warehouse, query: str) -> None:
    assert ask(store, query).rows


def test_an_empty_store_says_that_there_is_nothing_to_ask(tmp_path: Path) -> None:
    english, _ = refused(Warehouse(tmp_path / "empty"), "SELECT 1")
    assert "Nothing is loaded yet" in english


def test_a_system_without_limits_switches_the_box_off(store: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "available", lambda: False)
    english, _ = refused(store, "SELECT 1")
    assert "switched off" in english
