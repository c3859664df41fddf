"""Quirks of other people's libraries that we build around. When one of these fails, the quirk is gone: delete what is named."""

from __future__ import annotations

import math
import os
from importlib.metadata import requires, version
from pathlib import Path

import duckdb
import ibis


def test_ibis_does_not_claim_to_work_with_duckdb_2() -> None:
    """Then lift `duckdb<2` and `sqlglot<30.11` in requirements.txt, run the suite, and say so under Decisions."""
    assert version("ibis-framework").startswith("12.")
    assert any("duckdb" in line for line in requires("ibis-framework") or [])
    assert duckdb.__version__.startswith("1.")


def test_the_engine_answers_infinity_for_a_zero_denominator() -> None:
    """The reason why rates are divided last, in pandas, and never by the engine's `/`."""
    row = duckdb.sql("SELECT 1.0 / 0").fetchone()
    assert row is not None and math.isinf(row[0])


def test_a_file_replaced_in_place_keeps_showing_its_old_rows_to_this_process(tmp_path: Path) -> None:
    """The reason why every version is published under a new name."""
    paths = [str(tmp_path / name) for name in ("served.duckdb", "new.duckdb")]
    for number, path in enumerate(paths):
        with duckdb.connect(path) as connection:
            connection.execute(f"CREATE TABLE t AS SELECT {number} AS n")
    held = duckdb.connect(paths[0], read_only=True)
    os.replace(paths[1], paths[0])
    with duckdb.connect(paths[0], read_only=True) as reopened:
        assert reopened.execute("SELECT n FROM t").fetchone() == (0,)
    held.close()


def test_ibis_asks_bigquery_for_weeks_that_start_on_monday() -> None:
    """The reason why metrics are expressions: the same question in text would start its weeks on Sunday there."""
    table = ibis.table({"day": "date"}, name="t")
    assert "WEEK(MONDAY)" in ibis.to_sql(table.select(week=table.day.truncate("W")), dialect="bigquery")
