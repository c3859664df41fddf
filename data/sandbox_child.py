"""The process in which a typed query runs: one question, one answer, and then it is gone. Started by `data.sandbox`, by file name.

The walls stand before the query is read: memory, processor time, no writing of files, no further process. When the client's file is
open, the number of files that may be opened falls to none, so that neither a path nor a socket can be reached whatever the engine is
told. The door in front of them (`refusal`) is a courtesy: it says in words what would fail at the wall.

NB: imports nothing of ours and nothing it does not need: what is imported later cannot be, for it could not be opened.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

try:
    import resource
except ImportError:  # the system has no such limits; `data.sandbox` starts no child there
    resource = None  # type: ignore[assignment]

CONFIG: dict[str, Any] = {
    "enable_external_access": False,
    "autoload_known_extensions": False,
    "autoinstall_known_extensions": False,
    "allow_community_extensions": False,
    "allow_unsigned_extensions": False,
    "allow_persistent_secrets": False,
    "python_enable_replacements": False,
    "python_scan_all_frames": False,
    "max_temp_directory_size": "0B",
    "threads": 1,
}
TABLE_FUNCTIONS = frozenset(("range", "generate_series", "unnest"))
CLOSED = frozenset((
    "getenv", "getvariable", "current_setting", "set_config", "sql_auto_complete", "write_log", "version", "current_database",
    "current_catalog", "current_schema", "current_schemas", "current_user", "current_role", "session_user", "current_query",
    "current_query_id", "current_connection_id", "current_transaction_id", "txid_current", "in_search_path", "sleep_ms", "stats",
))
"""Functions, and words that are read as functions, that tell of the engine and not of the client, or only wait."""
SHOWN = frozenset(("", '"tables"'))
"""What SHOW may show: columns of a query, names of tables. Databases would be names of files."""
CLOSED_STARTS = ("read_", "pragma_", "duckdb_", "pg_", "parquet_", "sniff_", "json_execute", "json_serialize", "json_deserialize")
PLAIN = frozenset(
    ("BOOLEAN", "DATE", "TIMESTAMP", "VARCHAR", "DOUBLE", "FLOAT", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT",
     "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT")
)
"""Types that arrive as plain values; every other one is turned into text by the engine."""
Reply = dict[str, Any]


def walls(memory: int, seconds: int) -> None:
    """Limits that this process can never lift again. Unit: bytes and seconds of processor time."""
    for what, most in (
        (resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))
    # The softer end comes with a signal of its own, by which the parent can tell what has run out.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def opened(path: str, memory: str) -> Any:
    """A connection to this one file that can read it and do nothing else, in a process that can open nothing else."""
    import duckdb

    connection = duckdb.connect(path, read_only=True, config=CONFIG | {"memory_limit": memory})
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET lock_configuration = true")
    # NB: the driver imports what it needs when it needs it, and soon it no longer can.
    connection.sql("SELECT DATE '2026-01-01', TIMESTAMP '2026-01-01 10:00:00', 1.5::DECIMAL(9, 2), 1::HUGEINT, true, ''").fetchone()
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    return connection


# -------------------------------------------------------------------------------------------------------------- the door


def refusal(connection: Any, query: str, tables: frozenset[str]) -> Reply | None:
    """Why the query is not even tried; None when it is."""
    statements = connection.extract_statements(query)
    if len(statements) != 1:
        return {"refused": "several" if statements else "empty"}
    written = json.loads(connection.execute(f"SELECT json_serialize_sql({_literal(query)})").fetchone()[0])
    if written.get("error"):
        return {"refused": "not a question"}
    nodes = list(_nodes(written))
    known = tables | {str(one["key"]).lower() for node in nodes for one in node.get("map", ()) if isinstance(one, dict) and "key" in one}
    for node in nodes:
        found = _closed(node, known)
        if found:
            return found
    return None


def _literal(text: str) -> str:
    """NB: not a parameter: for those the driver imports half a world."""
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every node of the parsed query. A loop, so that no depth of brackets can exhaust it."""
    left = [tree]
    while left:
        node = left.pop()
        if isinstance(node, dict):
            yield node
            left.extend(node.values())
        elif isinstance(node, list):
            left.extend(node)


def _closed(node: dict[str, Any], known: frozenset[str] | set[str]) -> Reply | None:
    """The refusal of one node: a table that is not there, or a function that looks outside."""
    if node.get("type") == "BASE_TABLE":
        parts = [str(node.get(name) or "") for name in ("catalog_name", "schema_name", "table_name")]
        if parts[2].lower() not in known or parts[0] or parts[1].lower() not in ("", "main"):
            return {"refused": "table", "name": ".".join(part for part in parts if part)[:80]}
    if node.get("type") == "SHOW_REF" and str(node.get("table_name") or "").lower() not in SHOWN | known:
        return {"refused": "table", "name": str(node["table_name"])[:80]}
    inside = node.get("function")
    if node.get("type") == "TABLE_FUNCTION" and isinstance(inside, dict):
        name = str(inside.get("function_name", "")).lower()
        return None if name in TABLE_FUNCTIONS else {"refused": "function", "name": name[:80]}
    words: list[Any] = node.get("column_names") or []
    name = str(node.get("function_name", "") or (words[0] if len(words) == 1 else "")).lower()
    if name in CLOSED or name.startswith(CLOSED_STARTS):
        return {"refused": "function", "name": name[:80]}
    return None


# ------------------------------------------------------------------------------------------------------------ the answer


def answer(connection: Any, query: str, columns: int, rows: int, size: int, cell: int) -> Reply:
    """The first rows as plain values. Unit: `size` and `cell` in characters of text."""
    relation = connection.sql(query)
    if len(relation.columns) > columns:
        return {"refused": "wide", "columns": len(relation.columns)}
    types, names = [str(one) for one in relation.types], [_value(name, cell) for name in relation.columns]
    if any(not _plain(kind) for kind in types):
        shown = (f"#{n}" if _plain(kind) else f"CAST(#{n} AS VARCHAR)" for n, kind in enumerate(types, 1))
        relation = relation.project(", ".join(shown))
    found: list[list[Any]] = []
    taken = 0
    for _ in range(rows):
        row = relation.fetchone()
        if row is None:
            return {"names": names, "types": types, "rows": found, "cut": False}
        values = [_value(value, cell) for value in row]
        taken += sum(len(value) if isinstance(value, str) else 12 for value in values)
        if taken > size:
            break
        found.append(values)
    else:
        return {"names": names, "types": types, "rows": found, "cut": relation.fetchone() is not None}
    return {"names": names, "types": types, "rows": found, "cut": True}


def _plain(kind: str) -> bool:
    return kind in PLAIN or kind.startswith("DECIMAL")


def _value(value: Any, cell: int) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float):
        return value if value - value == 0 else str(value)
    if isinstance(value, date):
        return value.isoformat()
    return f"{value[:cell]}…" if isinstance(value, str) and len(value) > cell else value


def replied(connection: Any, asked: Reply) -> Reply:
    """The answer, or why there is none."""
    import duckdb

    try:
        refused = refusal(connection, asked["query"], frozenset(asked["tables"]))
        return refused or answer(connection, asked["query"], asked["columns"], asked["rows"], asked["size"], asked["cell"])
    except (duckdb.OutOfMemoryException, MemoryError):
        return {"refused": "memory"}
    except RecursionError:
        return {"refused": "deep"}
    except UnicodeError:
        return {"refused": "not a question"}
    except duckdb.Error as error:
        return {"refused": "engine", "said": str(error).replace(asked["path"], "")[:600]}


def main() -> None:
    asked = json.loads(sys.stdin.buffer.read())
    walls(asked["memory"], asked["seconds"])
    reply = replied(opened(asked["path"], asked["engine_memory"]), asked)
    sys.stdout.buffer.write(json.dumps(reply, ensure_ascii=False).encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
