"""Every reason not to answer about channels, customers and products: the list is complete, each is reached, and each is said in Russian."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.products import regimes
from data.batches import Note
from data.text import catalogue, words
from metrics import Settings, lifetime
from metrics.attribution import Terms, attribute
from metrics.buying.cohorts import Triangle
from metrics.buying.funnel import Counts, funnel
from metrics.buying.payback import economics
from metrics.buying.repeats import Repeats
from metrics.credit import markov
from metrics.credit.paths import Paths, paths_from_lists
from metrics.customers import base
from metrics.lifetime import buying, cohort_value, subscription
from metrics.product_stage import read_stage
from metrics.readings import attribution, stage
from metrics.readings import buying as of_customers
from metrics.readings import lifetime as of_lifetime
from metrics.readings.lifetime import no_orders
from tests.bought import YANDEX, orders, reaches, visits
from tests.small_store import loaded, spend

ROOT = Path(__file__).resolve().parent.parent
FILES = (
    "attribution", "lifetime", "customers", "product_stage", "buying/funnel", "buying/payback", "buying/cohorts", "readings/attribution",
    "readings/touches", "readings/lifetime", "readings/buying", "readings/customers", "readings/stage", "readings/demand",
)  # fmt: skip
SAYS = {"because", "_abstains", "_none"}
STAGE_REASONS = {"_too_thin", "_between", "read_stage"}
"""Functions of `metrics.product_stage` whose notes are reasons."""
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def listed() -> set[str]:
    """The template of every reason in the code."""
    return {text for name in FILES for text in _of(ROOT / "metrics" / f"{name}.py")}


def _of(path: Path) -> Iterator[str]:
    for function in (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)):
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            name = getattr(call.func, "id", "")
            if name in SAYS:
                yield from (text for place in call.args for text in _texts(place, function))
            elif name == "Note" and (getattr(call.args[0], "value", "") == "abstains" or function.name in STAGE_REASONS):
                yield from _texts(call.args[1], function)


def _texts(node: ast.expr, function: ast.FunctionDef) -> Iterator[str]:
    """Sentences that an argument may be: written there, or kept in a variable of the function."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_texts(node.body, function), *_texts(node.orelse, function))
    elif isinstance(node, ast.Name):
        for assigned in (one for one in ast.walk(function) if isinstance(one, ast.Assign)):
            targets = assigned.targets[0]
            if isinstance(targets, ast.Name) and targets.id == node.id:
                yield from _texts(assigned.value, function)
            elif isinstance(targets, ast.Tuple) and isinstance(assigned.value, ast.Tuple):
                pairs = zip(targets.elts, assigned.value.elts, strict=True)
                yield from (text for to, value in pairs if getattr(to, "id", "") == node.id for text in _texts(value, function))


# ----------------------------------------------------------------------------------------------------------------- channels


def of_model(paths: Paths, model: str) -> Note | None:
    return attribute(paths, Terms(insignificant=("D",), direct=("D",), unknown=("D",))).of(model).why


def many() -> Paths:
    names = [f"c{number}" for number in range(70)]
    return paths_from_lists([names, names[::-1]], [5, 5], [5, 5])


def swapped() -> Paths:
    lists = [["C", "B", "C"], ["A", "B", "A"], ["A", "C", "A", "A"]]
    return paths_from_lists(lists, [600, 800, 0], [100, 100, 800], channels=("A", "B", "C"))


def crowded() -> Note | None:
    most, markov.MOST = markov.MOST, 10
    try:
        return of_model(many(), "markov")
    finally:
        markov.MOST = most


def nothing_to_credit(folder: Path, ends: str, *, with_visits: bool) -> Note | None:
    known = visits({MARCH[0]: 3}, MARCH) if with_visits else spend([(MARCH[0], YANDEX, 10)], MARCH)
    return attribution.read(loaded(folder, known).run, Settings(), {}, *MARCH, attribution.Asked(ends=ends)).why


THREE = [["A", "B", "A"], ["B", "A", "B"]]
CHANNELS: Mapping[str, Callable[[Path], Note | None]] = {
    "no conversions": lambda _: of_model(paths_from_lists([["A"]], [0], [5]), "first"),
    "times": lambda _: of_model(paths_from_lists([["A"]], [3], [5]), "time_decay"),
    "states": lambda _: crowded(),
    "short": lambda _: of_model(paths_from_lists([["A"], ["A", "B"]], [300, 500], [900, 900]), "markov2"),
    "thin": lambda _: of_model(paths_from_lists(THREE, [5, 3], [9, 9]), "markov2"),
    "ranks": lambda _: of_model(swapped(), "markov2"),
    "settled": lambda _: of_model(replace(paths_from_lists([["A"]], [3], [0]), still_open=4.0), "shapley_rate"),
    "no nulls": lambda _: of_model(paths_from_lists([["A"]], [3], [0]), "shapley_rate"),
    "many": lambda _: of_model(many(), "shapley_rate"),
    "lowers": lambda _: of_model(paths_from_lists([["A"], ["A", "B"]], [50, 1], [50, 99]), "shapley_rate"),
    "no visits": lambda folder: nothing_to_credit(folder, "goals", with_visits=False),
    "no reaches": lambda folder: nothing_to_credit(folder, "goals", with_visits=True),
    "no orders": lambda folder: nothing_to_credit(folder, "orders", with_visits=True),
}

# ---------------------------------------------------------------------------------------------------------------- customers


def triangle(cohorts: int, step: float = 10.0, size: float = 100.0) -> Triangle:
    values = np.where(np.arange(cohorts) < np.arange(cohorts, 0, -1)[:, None], step, np.nan)
    return Triangle(tuple(date(2025, 1 + place, 1) for place in range(cohorts)), np.full(cohorts, size), values)


def patterns(count: int, repeats: float, last: float, age: float, silent: int = 0) -> Repeats:
    rows = np.array([[repeats, last, age]] * count + [[0.0, 0.0, age]] * silent)
    return Repeats(*rows.T, np.ones(len(rows)))


def degenerate(spread: float = 0.1, r: float = 1.0, a: float = 1.0) -> Note | None:
    return lifetime._degenerate(lifetime.BgNbd(r, 5.0, a, 3.0), np.array([spread, 0.1, 0.1, 0.1]))


def baskets(x: np.ndarray, z: np.ndarray) -> Note | None:
    return buying(patterns(10, 1, 5, 50), (x, z)).money_why


def models_of(folder: Path, model: str, *, some: bool) -> of_customers.Models:
    store = loaded(folder, orders([("b1", MARCH[0], 100)], MARCH, status="paid" if some else "cancelled"))
    found = of_lifetime.read(store.run, Settings(), {"model": model}, MARCH[1])
    assert found.models is not None
    return found.models


RANDOM = np.random.default_rng(0)
OFTEN = RANDOM.integers(1, 9, 300).astype(float)
STAYED = np.array([1000.0, 800, 700, 650])
CUSTOMERS: Mapping[str, Callable[[Path], Note | None]] = {
    "no cohort": lambda _: cohort_value(triangle(0), 3).why,
    "oldest": lambda _: cohort_value(triangle(4), 12).why,
    "few cohorts": lambda _: cohort_value(triangle(2), 2).why,
    "loss": lambda _: cohort_value(triangle(4, -5.0), 3).why,
    "few customers": lambda _: buying(patterns(199, 1, 5, 50)).why,
    "few repeats": lambda _: buying(patterns(99, 1, 5, 50, silent=500)).why,
    "short": lambda _: buying(patterns(300, 1, 20, 30)).why,
    "dropout": lambda _: degenerate(a=6.0),
    "hardly": lambda _: degenerate(r=0.04),
    "spread": lambda _: degenerate(spread=0.6),
    "no values": lambda _: buying(patterns(10, 1, 5, 50)).money_why,
    "few baskets": lambda _: baskets(OFTEN[:50], OFTEN[:50]),
    "tied": lambda _: baskets(OFTEN, 10 * OFTEN + RANDOM.random(300)),
    "wild": lambda _: baskets(np.ones(300), RANDOM.pareto(0.6, 300) + 1e-3),
    "renewals": lambda _: subscription([STAYED[:3]]).why,
    "few subscribers": lambda _: subscription([STAYED / 20]).why,
    "nobody left": lambda _: subscription([np.full(6, 500.0)]).why,
    "all left": lambda _: subscription([np.array([500.0, 100, 20, 0])]).why,
    "few to project": lambda _: economics({"a": triangle(4, size=5.0)}, {}, 4)[0].why,
    "rhythm": lambda _: base(pd.DataFrame({"customer": ["a"], "day": [pd.Timestamp("2026-03-01")]})).why,
    "funnel": lambda _: funnel(Counts(visits=10)).why,
    "orders": lambda _: no_orders(None, MARCH[1]),
    "later": lambda _: no_orders(MARCH, date(2026, 2, 1)),
    "no subscribers": lambda folder: models_of(folder, "shop", some=True).staying.why,
    "by the calendar": lambda folder: models_of(folder, "subscription", some=True).repeating.why,
    "nobody": lambda folder: models_of(folder, "shop", some=False).repeating.why,
}

# ----------------------------------------------------------------------------------------------------------------- products


def monthly(values: np.ndarray) -> pd.Series:
    return pd.Series(values, index=pd.period_range("2023-01", periods=len(values), freq="M"), dtype=float)


def doubtful() -> Note | None:
    """The first month of some made-up products in which no stage is clear."""
    readings = (read_stage(monthly(product.demand[:18])) for product in regimes(20, 7))
    return next(reading.reason for reading in readings if reading.chances and reading.stage is None)


def no_demand(folder: Path) -> Note | None:
    return stage.read(loaded(folder, reaches({}, "1", MARCH)).run, Settings(), {}, MARCH[1]).why


PRODUCTS: Mapping[str, Callable[[Path], Note | None]] = {
    "grain": lambda _: read_stage(pd.Series([1.0] * 30)).reason,
    "short": lambda _: read_stage(monthly(np.full(5, 100.0))).reason,
    "break": lambda _: read_stage(monthly(np.full(30, 100.0)), breaks=[pd.Period("2025-03", "M")]).reason,
    "few": lambda _: read_stage(monthly(np.full(30, 7.0))).reason,
    "unclear": lambda _: doubtful(),
    "nothing": no_demand,
}
ALL = {
    f"{room}: {name}": make
    for room, every in (("channels", CHANNELS), ("customers", CUSTOMERS), ("products", PRODUCTS))
    for name, make in every.items()
}


@pytest.mark.parametrize("name", ALL)
def test_a_reason_is_reached_and_said_in_both_languages(name: str, tmp_path: Path) -> None:
    found = ALL[name](tmp_path)
    assert found is not None, "an answer was given"
    assert found.text in catalogue("ru"), found.text
    english, russian = words("en").note(found), words("ru").note(found)
    assert english != russian and "{" not in english + russian


def test_the_list_of_reasons_is_complete(tmp_path: Path) -> None:
    reached = set()
    for place, make in enumerate(ALL.values()):
        found = make(tmp_path / str(place))
        assert found is not None
        reached.add(found.text)
    assert reached == listed(), f"not reached: {sorted(listed() - reached)}; not in the code: {sorted(reached - listed())}"
