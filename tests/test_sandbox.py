"""What people type into the SQL box is answered or refused in words; nothing that it tries gets out, and the app goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
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
SECRET = "canary-5530"
secret_frame = [SECRET]
"""A variable of this process that carries the canary: an engine that looks around in Python would find it."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def store(home: Path) -> Warehouse:
    found = Warehouse(home / "mine")
    found.load([visits([(day(n % 28 + 1), n, YANDEX) for n in range(1, 41)]), spend([(day(1), YANDEX, 120)])])
    return found


@pytest.fixture(scope="module")
def other(home: Path) -> Path:
    """The file of another client."""
    found = Warehouse(home / "theirs")
    found.load([visits([(day(1), 1, YANDEX)])])
    version = found.current()
    assert version is not None
    return version.path


@pytest.fixture
def note(home: Path) -> Iterator[Path]:
    """A file beside the store that nobody may read."""
    path = home / "secret.csv"
    path.write_text(f"word\n{SECRET}\n", encoding="utf-8")
    yield path
    assert path.read_text(encoding="utf-8") == f"word\n{SECRET}\n"


ATTEMPTS = {
    "a file as CSV": "SELECT * FROM read_csv('{file}')",
    "a file as text": "SELECT content FROM read_text('{file}')",
    "a file as bytes": "SELECT * FROM read_blob('{file}')",
    "a file by its name": "SELECT * FROM '{file}'",
    "a file in double quotes": 'SELECT * FROM "{file}"',
    "a list of files": "SELECT * FROM glob('{folder}/*')",
    "a sniff at a file": "SELECT * FROM sniff_csv('{file}')",
    "the system's passwords": "SELECT * FROM read_text('/etc/passwd')",
    "its own environment": "SELECT * FROM read_text('/proc/self/environ')",
    "another client attached": "ATTACH '{other}' AS other",
    "another client by path": "SELECT * FROM '{other}'",
    "another client by name": "SELECT * FROM theirs.main.visits",
    "a new database": "ATTACH ':memory:' AS more",
    "a copy to a file": "COPY visits TO '{folder}/out.csv'",
    "a copy of a question": "COPY (SELECT 1) TO '{folder}/out.parquet'",
    "a copy from a file": "COPY visits FROM '{file}'",
    "the whole database exported": "EXPORT DATABASE '{folder}/out'",
    "an extension installed": "INSTALL httpfs",
    "an extension loaded": "LOAD httpfs",
    "a page of the web": "SELECT * FROM read_csv('http://127.0.0.1:1/x.csv')",
    "a page by its address": "SELECT * FROM 'https://127.0.0.1/x.parquet'",
    "a pragma": "PRAGMA database_list",
    "a pragma as a table": "SELECT * FROM pragma_database_list()",
    "a setting": "SET memory_limit = '64GB'",
    "the lock taken off": "SET lock_configuration = false",
    "access switched on": "SET enable_external_access = true",
    "a setting reset": "RESET memory_limit",
    "a setting read": "SELECT current_setting('temp_directory')",
    "settings listed": "SELECT * FROM duckdb_settings()",
    "the environment": "SELECT getenv('HOME')",
    "secrets listed": "SELECT * FROM duckdb_secrets()",
    "a secret made": "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
    "paths listed": "SELECT * FROM duckdb_databases()",
    "a variable of Python": "SELECT * FROM secret_frame",
    "a table dropped": "DROP TABLE visits",
    "rows deleted": "DELETE FROM visits",
    "rows changed": "UPDATE visits SET visits = 2",
    "a table made": "CREATE TABLE mine AS SELECT 1",
    "a view made": "CREATE TEMP VIEW mine AS SELECT 1",
    "a macro made": "CREATE TEMP MACRO mine(a) AS a",
    "a second statement": "SELECT 1; DROP TABLE visits",
    "a second statement behind a comment": "SELECT 1 /* one */; -- two\nATTACH '{other}' AS other",
    "a statement behind a comment": "/* SELECT 1 */ DROP TABLE visits",
    "an unclosed comment": "SELECT 1 /* and",
    "a deletion inside a question": "WITH gone AS (DELETE FROM visits RETURNING *) SELECT * FROM gone",
    "a copy inside a question": "WITH out AS (COPY visits TO '{folder}/out.csv') SELECT 1",
    "a question as text": "SELECT * FROM query('SELECT 1')",
    "a table by its name as text": "SELECT * FROM query_table('visits')",
    "a parsed question run": "SELECT * FROM json_execute_serialized_sql('{{}}')",
    "a prepared statement": "PREPARE q AS SELECT 1",
    "a call": "CALL pragma_version()",
    "a checkpoint": "CHECKPOINT",
    "a transaction": "BEGIN TRANSACTION",
    "the catalogue": "SELECT * FROM information_schema.tables",
    "the system's catalogue": "SELECT * FROM pg_catalog.pg_settings",
    "a file inside a subquery": "SELECT (SELECT count(*) FROM read_csv('{file}')) FROM visits",
    "a file inside a step": "WITH a AS (SELECT * FROM read_text('{file}')) SELECT * FROM a",
    "a file inside a join": "SELECT * FROM visits JOIN read_text('{file}') AS f ON true",
    "a file behind a set": "SELECT account FROM visits UNION ALL SELECT content FROM read_text('{file}')",
    "nothing": "",
    "only a comment": "-- nothing",
    "no SQL": "сколько было визитов?",
    "a column that is not there": "SELECT secret FROM visits",
}
BOMBS = {
    "a huge join": "SELECT count(*) FROM range(100000000) a, range(100000000) b",
    "endless recursion": "WITH RECURSIVE r AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM r) SELECT count(*) FROM r",
    "a huge text": "SELECT length(repeat('x', 4000000000))",
    "a padded text": "SELECT length(lpad('x', 2000000000, 'y'))",
    "a huge list": "SELECT list_aggregate(range(300000000), 'sum')",
    "a huge sort": "SELECT max(x) FROM (SELECT md5(range::VARCHAR) AS x FROM range(30000000) ORDER BY x DESC)",
    "a deep nest": "SELECT " + "abs(" * 20_000 + "1" + ")" * 20_000,
}


def refused(store: Warehouse, query: str, limits: Limits = SOON) -> tuple[str, str]:
    """The refusal in English and in Russian."""
    with pytest.raises(Problem) as caught:
        ask(store, query, limits)
    said = [" ".join(words(language).problem(caught.value)) for language in ("en", "ru")]
    assert SECRET not in said[0] and "Traceback" not in said[0]
    assert str(store.folder) not in said[0], "no path of the machine is told"
    return said[0], said[1]


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_an_escape_fails_politely_in_both_languages(store: Warehouse, other: Path, note: Path, attempt: str) -> None:
    english, russian = refused(store, ATTEMPTS[attempt].format(file=note, folder=note.parent, other=other))
    assert english != russian
    assert any("а" <= letter <= "я" for letter in russian)
    assert sorted(path.name for path in note.parent.iterdir()) == ["mine", "secret.csv", "theirs"], "nothing was written"


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_stopped_and_the_next_query_is_answered(store: Warehouse, bomb: str) -> None:
    refused(store, BOMBS[bomb], SOON)
    assert ask(store, "SELECT sum(visits) AS visits FROM visits").rows == ((40,),)


def test_the_walls_hold_without_the_door(store: Warehouse, other: Path, note: Path) -> None:
    """Every attempt again, straight at the locked connection: none brings the canary, a path, another client, or a file."""
    version = store.current()
    assert version is not None
    queries = [query.format(file=note, folder=note.parent, other=other) for query in ATTEMPTS.values()]
    script = (
        "import importlib.util, json, sys\n"
        "spec = importlib.util.spec_from_file_location('child', sys.argv[1])\n"
        "child = importlib.util.module_from_spec(spec); spec.loader.exec_module(child)\n"
        "asked = json.loads(sys.stdin.read())\n"
        "child.walls(1_400_000_000, 20)\n"
        "connection = child.opened(asked['path'], '300MB')\n"
        "for query in asked['queries']:\n"
        "    try:\n"
        "        print(json.dumps([query, str(connection.execute(query).fetchall())]))\n"
        "    except Exception:\n"
        "        print(json.dumps([query, None]))\n"
        "try:\n"
        "    open('/etc/hostname'); print(json.dumps(['open', 'opened']))\n"
        "except OSError:\n"
        "    print(json.dumps(['open', None]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", script, str(Path(sandbox.__file__).with_name("sandbox_child.py"))], env={}, capture_output=True,
        text=True, input=json.dumps({"path": str(version.path), "queries": queries}), check=True,
    )
    answers = dict(json.loads(line) for line in done.stdout.splitlines())
    assert len(answers) == len(set(queries)) + 1
    got = {query: answer for query, answer in answers.items() if answer}
    assert not any(SECRET in answer or "root:" in answer for answer in got.values())
    reaching = (
        "read_", "glob", "sniff", "COPY", "EXPORT", "http", "INSTALL", "LOAD", "ATTACH", "frame", "open", "getenv", "SET ", "DELETE",
    )
    assert [query for query in got if any(word in query for word in reaching)] == []
    assert store.arrow("SELECT count(*) AS n FROM visits").to_pylist() == [{"n": 40}]


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
