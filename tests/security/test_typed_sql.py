"""Typed SQL that attacks: each attempt is refused in words, in both languages; nothing of what it is after is in the answer; no file is
written; the process of the pages neither grows nor falls, and the next question is answered."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from data import sandbox
from data.errors import Problem
from data.sandbox import Limits, ask
from data.text import words
from data.warehouse import Warehouse
from tests.small_store import YANDEX, day, spend, visits

pytestmark = [
    pytest.mark.promise("R25"),
    pytest.mark.skipif(not sandbox.available(), reason="this system has no limits that a query could be run under"),
]
SOON = Limits(wall=8.0, processor=1)
MB = 1 << 20
SECRET = "canary-5530"
secret_frame = [SECRET]
"""A variable of this process that carries the canary: an engine that looks around in Python would find it."""
WIDE = f"WITH a AS (SELECT {', '.join(f'{n} AS c{n}' for n in range(400))}) SELECT * FROM a"


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
    "the engine's version": "SELECT version()",
    "the name of the file": "SELECT current_database()",
    "the name of the file as a word": "SELECT current_catalog",
    "the files behind schemas": "SELECT current_schemas(true)",
    "databases shown": "SHOW DATABASES",
    "databases shown inside a question": "FROM (SHOW DATABASES)",
    "all tables of all databases": "SHOW ALL TABLES",
    "who the engine thinks we are": "SELECT current_user",
    "a plan with its files": "EXPLAIN ANALYZE SELECT * FROM visits",
    "what the storage looks like": "SELECT * FROM storage_info('visits')",
    "memory read by its address": "SELECT * FROM arrow_scan(1, 2, 3)",
    "a function of Python": "SELECT * FROM python_map_function(1)",
    "where a secret lies": "SELECT * FROM which_secret('s3://x', 's3')",
    "a line in the log": "SELECT write_log('x')",
    "a step with the name of a file": 'SELECT * FROM "{file}" WHERE 1 IN (WITH "{file}" AS (SELECT 1) SELECT 1)',
    "a file described": "DESCRIBE '{file}'",
    "a file summed up": "SUMMARIZE '{file}'",
    "a file in wide letters": "SELECT * FROM ｒead_text('{file}')",
    "half a letter": "SELECT '\ud800'",
    "a zero byte": "SELECT 'a\0b'",
}
BOMBS = {
    "a huge join": "SELECT count(*) FROM range(100000000) a, range(100000000) b",
    "endless recursion": "WITH RECURSIVE r AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM r) SELECT count(*) FROM r",
    "a huge text": "SELECT length(repeat('x', 4000000000))",
    "a padded text": "SELECT length(lpad('x', 2000000000, 'y'))",
    "a huge list": "SELECT list_aggregate(range(300000000), 'sum')",
    "a huge sort": "SELECT max(x) FROM (SELECT md5(range::VARCHAR) AS x FROM range(30000000) ORDER BY x DESC)",
    "a deep nest": "SELECT " + "abs(" * 20_000 + "1" + ")" * 20_000,
    "a number printed wide": "SELECT length(printf('%1000000000d', 1))",
    "a text formatted wide": "SELECT length(format('{:>2000000000}', 'x'))",
    "a long row of bits": "SELECT bit_length(bitstring('1', 2000000000))",
    "a list made longer": "SELECT len(list_resize([1], 2000000000))",
    "a text grown by a pattern": "SELECT length(regexp_replace(repeat('a', 100000), 'a', repeat('b', 100000), 'g'))",
    "texts put together": "SELECT length(string_agg(repeat('x', 1000), '')) FROM range(3000000)",
    "lists in lists": "SELECT list_transform(range(1000), lambda x: list_transform(range(10000), lambda y: x * y))",
    "a sleep": "SELECT sleep_ms(100000)",
    "ten thousand columns": WIDE,
    "an object as deep as the sea": "SELECT json('" + "[" * 20_000 + "')",
}
ATTACKS = {**ATTEMPTS, **BOMBS}


def peak() -> int:
    """The most memory that this process has had. Unit: bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


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
    before = peak()
    refused(store, BOMBS[bomb], SOON)
    assert peak() - before < 100 * MB, "what a query needs, the process of the pages never sees"
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
