"""Every row of the registry keeps its word: its example holds, its formula is linear, its measures exist, and it is said in Russian."""

from __future__ import annotations

import ast
import math
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import CannotAnswer
from data.tables import TABLES
from data.text import FOLDER, catalogue
from metrics import DIMENSIONS, MEASURES, METRICS, MODELS, SECTIONS, Query, channels, parse
from metrics.basis import _SAYINGS
from metrics.formula import SETTINGS, Formula
from metrics.query import _UNKNOWN, COMPARISONS
from metrics.registry import MODELLED, aggregation
from metrics.rows import How, Metric, Modelled

ROOM = Path(__file__).parent.parent / "metrics"
SAYING = ("ask", "basis", "channels", "frames", "notes", "maturity", "plan", "query", "scope", "sums", "unpaid")
UNITS = {"count", "money", "share", "multiple", "seconds", "number"}


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.key)
def test_the_worked_example_of_every_metric_holds(metric: Metric) -> None:
    given_, expected = metric.example
    found = metric.formula.value(given_.__getitem__, given_)
    if metric.relative == "share":
        found /= sum(given_[f"total {key}"] for key in metric.formula.measures)
    elif metric.divisor:
        found /= metric.divisor.value(given_.__getitem__, given_)
    if metric.relative == "index":
        [over], [under] = metric.formula.measures, metric.divisor.measures if metric.divisor else ()
        found /= given_[f"average {over}"] / given_[f"average {under}"]
    assert math.isclose(found, expected)


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.key)
def test_every_metric_is_whole(metric: Metric) -> None:
    assert set(metric.measures) <= set(MEASURES)
    assert metric.unit in UNITS and metric.section in SECTIONS and metric.better in ("up", "down", "neutral")
    assert metric.models and set(metric.models) <= set(MODELS)
    assert all((metric.title, metric.meaning, metric.edge, metric.levers, metric.misreading))
    assert aggregation(metric) in ("S", "R", "N")
    assert not (metric.relative == "share" and metric.under), "a share divides by its own total"
    if not metric.divisor and not metric.relative:
        assert {MEASURES[key].unit for key in metric.measures} == {metric.unit}


def test_only_linear_formulas_are_formulas() -> None:
    for text in ("visits * clicks", "cost / visits", "cost)", "2", "", "visits users", "sum(cost)", "cost ** 2", "margin"):
        with pytest.raises(ValueError, match=r"formula|measure"):
            Formula.of(text)
    assert Formula.of("margin * revenue - 1000 * cost").value({"revenue": 10.0, "cost": 2.0}.__getitem__, {"margin": 0.5}) == 5 - 2000
    assert set(SETTINGS).isdisjoint(MEASURES)


def test_sums_of_linear_formulas_may_be_taken_before_or_after() -> None:
    parts = [{"revenue": 10.0, "cost": 3.0}, {"revenue": 7.5, "cost": 11.0}]
    whole = {key: sum(part[key] for part in parts) for key in parts[0]}
    for metric in METRICS.values():
        if set(metric.formula.measures) == set(whole):
            apart = sum(metric.formula.value(part.__getitem__, {"margin": 0.3}) for part in parts)
            assert math.isclose(apart, metric.formula.value(whole.__getitem__, {"margin": 0.3}))


def test_every_measure_reads_columns_that_its_tables_have() -> None:
    for measure in MEASURES.values():
        assert measure.adds in ("all", "none", "not goal", "not step")
        for gives in measure.gives:
            read = {*gives.columns, *(where.column for where in gives.where), *([gives.minus] if gives.minus else [])}
            assert read <= set(TABLES[gives.table].names), (measure.key, gives.table)
            assert gives.how is not How.SUM or len(gives.columns) == 1


def test_every_breakdown_by_a_column_is_a_column_somewhere() -> None:
    for dimension in DIMENSIONS.values():
        if dimension.kind == "column":
            assert any(dimension.part in table.names for table in TABLES.values())


# ------------------------------------------------------------------------------------------------------------------- questions

MARCH = (date(2026, 3, 1), date(2026, 3, 31))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(
    metrics=st.lists(st.sampled_from(list(METRICS)), min_size=1, unique=True),
    by=st.lists(st.sampled_from(["channel", "day", "city"]), unique=True),
    compare=st.sampled_from((*COMPARISONS, "2026-01-01/2026-01-31")),
    view=st.sampled_from([("", 0), ("cohort", 0), ("cohort", 30)]),
    values=st.lists(texts, min_size=1),
    goals=st.lists(texts, max_size=2),
    top=st.integers(0, 99),
)
def test_a_question_survives_its_address(
    metrics: list[str], by: list[str], compare: str, view: tuple[str, int], values: list[str], goals: list[str], top: int
) -> None:
    query = Query(
        tuple(metrics), *MARCH, tuple(by), compare, (("city", tuple(values)),), goals=tuple(goals), top=top, to_date=top > 50,
        view=view[0], within=view[1],
    )
    assert parse(query.as_params()) == query and hash(parse(query.as_params())) == hash(query)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"metrics": ("cpaa",)}, "There is no metric cpaa.\nmetric\nDid you mean cpa"),
        ({"by": ("chanel",)}, "There is no breakdown chanel.\ndimension\nDid you mean channel"),
        ({"compare": "yaer"}, "There is no comparison yaer.\ncomparison\nDid you mean year"),
        ({"attribution": "lst"}, "There is no attribution model lst"),
        ({"grouping": "googel"}, "There is no channel grouping googel.\ngrouping\nDid you mean google"),
        ({"only": (("citi", ("Kazan",)),)}, "There is no breakdown citi"),
        ({"only": (("weekday", ("8",)),)}, "8 is not a value of weekday"),
        ({"only": (("month", ("March",)),)}, "March is not a value of month"),
        ({"metrics": ()}, "No metric was asked for"),
        ({"by": ("currency",)}, "Money of different currencies"),
        ({"top": -1}, "The number of rows cannot be negative"),
        ({"view": "cohrt"}, "There is no view cohrt.\nview\nDid you mean cohort"),
        ({"within": 30}, "A limit of 30 days needs the cohort view."),
        ({"until": date(2025, 1, 1)}, "The period ends before it begins"),
    ],
)
def test_a_wrong_question_is_answered_with_what_was_meant(wrong: dict[str, Any], said: str) -> None:
    asked: dict[str, Any] = {"metrics": ("visits",), "since": MARCH[0], "until": MARCH[1], **wrong}
    with pytest.raises(CannotAnswer) as caught:
        Query(**asked)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    "params", [{"metrics": "visits", "since": "1 March", "until": "2026-03-31"}, {"metrics": "visits", "untill": "2026-03-31"}]
)
def test_a_broken_address_is_a_problem_and_not_an_error(params: dict[str, str]) -> None:
    with pytest.raises(CannotAnswer):
        parse(params)


def test_a_filter_on_goals_is_the_choice_of_goals() -> None:
    assert Query(("visits",), *MARCH, only=(("goal", ("11",)),)) == Query(("visits",), *MARCH, goals=("11",))


# --------------------------------------------------------------------------------------------------------------------- in Russian


def spoken() -> set[str]:
    """Everything this room can say to a person."""
    said = {text for m in METRICS.values() for text in (m.title, m.meaning, m.edge, m.levers, m.misreading)}
    said |= {text for measure in MEASURES.values() for text in (measure.title, measure.meaning, measure.needs) if text}
    said |= {text for d in DIMENSIONS.values() for text in (d.title, d.meaning, *(title for _, title in d.titles))}
    said |= {title for grouping in channels.GROUPINGS for title in channels.titles(grouping).values()}
    said |= {text for saying in _SAYINGS for text in saying[1:]}
    said |= {*SECTIONS.values(), *MODELS.values(), *_UNKNOWN.values(), "(not set)", "(other)", "this combination of breakdowns"}
    for name in SAYING:
        for node in ast.walk(ast.parse((ROOM / f"{name}.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Note", "CannotAnswer", "_gaps"):
                inside = [part for argument in node.args for part in ast.walk(argument)]
                said |= {str(part.value) for part in inside if isinstance(part, ast.Constant) and _sentence(part.value)}
            if isinstance(node, ast.FunctionDef) and node.name == "_reason":
                said |= {str(part.value) for part in ast.walk(node) if isinstance(part, ast.Constant) and "{what}" in str(part.value)}
    return said


def _sentence(value: object) -> bool:
    return isinstance(value, str) and " " in value and bool(re.search(r"[A-Za-z]", re.sub(r"\{\w+\}", "", value)))


def test_everything_is_said_in_russian() -> None:
    russian = catalogue("ru")
    # Kinds of notes are for grouping and are not shown.
    kinds = {"common days", "not recorded", "to date"}
    assert sorted(spoken() - set(russian) - kinds) == []


def test_no_translation_is_stale_and_every_one_keeps_its_braces() -> None:
    own = {
        text: russian for name in ("metrics", "registry")
        for text, russian in tomllib.loads((FOLDER / "ru" / f"{name}.toml").read_text(encoding="utf-8")).items()
    }
    assert sorted(set(own) - spoken() - {"channel rules"}) == []
    braces = re.compile(r"\{(\w+)\}")
    assert [text for text, russian in own.items() if sorted(braces.findall(text)) != sorted(braces.findall(russian))] == []


@pytest.mark.parametrize("one", MODELLED.values(), ids=lambda one: one.key)
def test_every_figure_that_a_method_gives_is_whole_and_names_its_command(one: Modelled) -> None:
    assert one.key not in METRICS and one.section in SECTIONS and one.better in ("up", "down", "neutral")
    assert one.kind in ("S", "R", "N", "T", "M") and one.unit in UNITS and one.models and set(one.models) <= set(MODELS)
    assert all((one.title, one.meaning, one.formula, one.edge, one.levers, one.misreading, one.needs))
    command = one.where.split(" ")[0]
    assert not command or (ROOM.parent / "commands" / f"{command}.py").exists()
    said = (one.title, one.meaning, one.formula, one.edge, one.levers, one.misreading, one.needs)
    assert [text for text in said if text not in catalogue("ru")] == []


CATALOGUE = """
    visits count up S | users count up N | new_users count up S | new_share share neutral N | depth number neutral R
    avg_time seconds neutral R | bounce_rate share down R | engagement_rate share up R | brand_demand count up S
    returning_share share neutral N | unknown_share share down R
    cr share up R | cr_lead share up R | lead_quality share up R | win_rate share up R | cr_order share up R | cart_cr share up R
    checkout_cr share up R | cr_repeat share up R | cr_e2e share up R | cycle_days number down N | speed_to_lead seconds down N
    spend money neutral S | spend_full money neutral S | ctr share up R | cpc money down R | cost_per_visit money down R | cpm money down R
    cpl money down R | cpql money down R | cpo money down R | cpa money down R | cac money down R | paid_cac money down R | drr share down R
    cost_share share neutral R | cpa_max money neutral R
    gross_revenue money up S | revenue money up S | aov money up R | median_order money up N | arpu money up N | arppu money up N
    gross_profit money up S | gross_margin share up R | cm money up S | refund_rate share down R | take_rate share neutral R
    roas multiple up R | romi share up R | roi share up R | mer multiple up R | mromi share up M | payback number down M | ltv money up M
    ltv_cac multiple up R | contribution money up S
    repeat_rate share up N | frequency number up N | retention share up R | churn share down R | mrr money up T | nrr share up R
    quick_ratio multiple up R | reactivation count up N | client_tenure number up T
    plan_fact share up R | forecast number up M | required_rate number neutral R | budget_pace share neutral R
    efficiency_index multiple up R | goal_gap_money money up S
"""
"""Every row of the trade's catalogue with its unit, its direction and how it adds up. NB: `gmv` is `gross_revenue`, `cr_goal` is `cr`,
`cr_visit_lead` is `cr_lead`, `cr_lead_deal` is `win_rate`, `gm` is `gross_profit`; `pace` stands in `plan_fact`, `grr` in `nrr`.
Ratios over people are N, for the people are counted anew; the dearest CPA is R, as an order's margin alone tells it.
"""


@pytest.mark.parametrize("row", [row.strip() for row in re.split(r"[|\n]", CATALOGUE) if row.strip()], ids=lambda row: row.split()[0])
def test_the_catalogue_is_complete(row: str) -> None:
    key, *expected = row.split()
    if key in METRICS:
        metric = METRICS[key]
        assert [metric.unit, metric.better, aggregation(metric)] == expected
    else:
        figure = MODELLED[key]
        assert [figure.unit, figure.better, figure.kind] == expected
