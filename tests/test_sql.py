"""What the engines are asked, word for word. The files in tests/sql are rewritten only with VITRINA_GOLDEN=write."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import pytest

from data.tables import CONVERSIONS, ORDERS, ROLLUP, SPEND, TRAFFIC, VISITS
from data.written import Gathered, Part, text
from metrics import Query, Settings, ledger
from metrics.ledger import Ledger, Span
from metrics.plan import plan
from metrics.scope import settle
from metrics.statements import Statement
from metrics.sums import statement

FOLDER = Path(__file__).parent / "sql"
DIALECTS = ("duckdb", "clickhouse", "bigquery", "postgres")
YEAR = (date(2025, 1, 1), date(2026, 12, 31))
MARCH = (date(2026, 3, 1), date(2026, 3, 31))
MODEL = "last_significant"
BOOK = Ledger((
    Span(VISITS.name, "44", MODEL, "", *YEAR),
    Span(TRAFFIC.name, "44", MODEL, ROLLUP, *YEAR),
    Span(CONVERSIONS.name, "44", MODEL, "", *YEAR),
    Span(ORDERS.name, "44", MODEL, "", *YEAR),
    Span(SPEND.name, "direct", "", "", *YEAR),
    Span(SPEND.name, "sheet", "", "", *MARCH, block=True),
))
SHAPES = {
    "cards": Query(("visits", "users", "cr", "spend", "cpa"), *MARCH, compare="previous", goals=("11", "12")),
    "channels": Query(("visits", "users", "conversions", "spend"), *MARCH, ("channel",), "weekdays", grouping="google"),
    "weeks": Query(("visits", "bounce_rate", "spend"), *MARCH, ("week",), "year", (("device", ("phone", "tablet")),)),
    "shop": Query(("orders", "revenue", "gross_profit", "buyers", "claimed"), *MARCH, ("month", "campaign"), "", (("currency", ("RUB",)),)),
    "days": Query(("spend", "clicks"), *MARCH, ("day",)),
    "cities": Query(("visits", "users", "depth"), *MARCH, ("city",), only=(("campaign", ("101",)), ("weekday", ("6", "7")))),
}


def asked(query: Query) -> list[Statement]:
    """The statements of a question: its rows', then its total's."""
    scope, _ = settle(query, BOOK, Settings())
    planned = plan(scope, BOOK, lambda: ())
    levels = (planned.rows, planned.total) if query.by else (planned.total,)
    return [made for level in levels if (made := statement(planned, level))]


def parts(query: Query) -> list[Part]:
    """Its statements' selects, one after the other."""
    return [part for one in asked(query) if isinstance(one.template, Gathered) for part in one.template.parts]


def written(name: str, dialect: str) -> str:
    statements = [Statement(ledger.spans())] if name == "ledger" else asked(SHAPES[name])
    return ";\n\n".join(one.text(dialect) for one in statements) + "\n"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", [*SHAPES, "ledger"])
def test_an_engine_is_asked_what_the_file_says(name: str, dialect: str) -> None:
    file, text = FOLDER / f"{name}.{dialect}.sql", written(name, dialect)
    if os.environ.get("VITRINA_GOLDEN") == "write":
        FOLDER.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8"), f"{file.name}: look at the difference; if it is meant, run with VITRINA_GOLDEN=write"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_engine_is_asked_to_divide_to_guess_or_to_start_weeks_on_sunday(dialect: str) -> None:
    for name in SHAPES:
        text = written(name, dialect).lower()
        assert " / " not in text and "approx" not in text and "uniq" not in text and "1001" not in text
        assert "week(sunday)" not in text and "tosunday" not in text


@pytest.mark.parametrize("name", SHAPES)
def test_the_stand_ins_say_the_same_as_what_they_stand_for(name: str) -> None:
    def literal(value: Any) -> Any:
        if isinstance(value, int):
            return ibis.interval(days=value).op()
        return ibis.literal(value, "date" if isinstance(value, date) else "string").op()

    for part in parts(SHAPES[name]):
        lists = {stand_in: values for stand_in, values in part.meant if isinstance(values, tuple)}
        literals = {literal(stand_in): literal(value) for stand_in, value in part.meant if stand_in not in lists}
        bound = str(ibis.to_sql(part.node.replace(literals).to_expr(), dialect="duckdb"))
        for stand_in, values in lists.items():
            bound = bound.replace(f"'{stand_in}'", ", ".join(f"'{value}'" for value in values))
        assert f"FROM (\n{bound}\n) AS part_0" in text(Gathered((replace(part, place=0),), ()), "duckdb")


def share(one: Query, other: Query) -> bool:
    """Whether two questions are written once."""
    return [part.node for part in parts(one)] == [part.node for part in parts(other)]


def test_questions_that_differ_in_how_many_values_they_look_for_share_their_text() -> None:
    one, other = (
        Query(("visits", "conversions"), *MARCH, ("channel",), goals=goals, only=(("device", devices),))
        for goals, devices in ((("17",), ("phone", "tv")), (("17", "18"), ("tv",)))
    )
    assert share(one, other)
    assert "IN ('17', '18')" in "".join(statement.text("duckdb") for statement in asked(other))


@pytest.mark.parametrize("by", [("channel",), ("week",), ("day", "channel")])
def test_questions_that_differ_in_days_only_share_their_text(by: tuple[str, ...]) -> None:
    one, other = (
        Query(("visits", "spend"), date(2026, month, 1), date(2026, month, 9), by, compare)
        for month, compare in ((6, "year"), (7, "previous"))
    )
    assert share(one, other)


def test_questions_that_differ_in_what_they_look_for_share_their_text_too() -> None:
    one = Query(("visits", "conversions"), *MARCH, ("channel",), goals=("17",), only=(("device", ("phone",)), ("campaign", ("101",))))
    other = Query(("visits", "conversions"), *MARCH, ("channel",), goals=("18",), only=(("device", ("tv",)), ("campaign", ("x'y",))))
    assert share(one, other)
    said = "".join(statement.text("duckdb") for statement in asked(other))
    assert "'18'" in said and "'tv'" in said and "'x''y'" in said and "'17'" not in said


def test_a_select_is_written_once_whatever_it_stands_beside() -> None:
    with_a_goal, with_another = (parts(Query(("spend", "conversions"), *MARCH, goals=goals)) for goals in ((), ("18",)))
    assert with_a_goal[0].node is with_another[0].node and with_a_goal[1].node is not with_another[1].node


def test_a_text_that_looks_like_a_stand_in_stays_what_it_is() -> None:
    first = parts(Query(("visits",), *MARCH, only=(("campaign", ("a",)),)))[0]
    mark = next(stand_in for stand_in, value in first.meant if value == ("a",))
    evil = f"x'{mark}' OR 1=1"
    told = asked(Query(("visits",), *MARCH, only=(("campaign", (evil, "b")),)))[0].text("duckdb")
    assert f"'x\'\'{mark}\'\' OR 1=1'" in told
