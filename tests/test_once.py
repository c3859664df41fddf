"""A document asks nothing twice, and a reading that changes what it was handed changes nothing for the next."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data.written import Gathered
from metrics.ask import ask
from metrics.once import Once, once
from metrics.query import Query
from reports import templates
from reports.build import build
from tests import long_shop
from tests.test_reports_story import context

DAYS = (date(2026, 3, 1), date(2026, 3, 31))


def test_the_same_question_goes_to_the_engine_once_and_its_answer_is_a_copy(tmp_path: Path) -> None:
    store, asked = long_shop.store(tmp_path, days=120), list[Any]()

    def run(template: Any, days: Any = ()) -> pd.DataFrame:
        asked.append((template, tuple(days)))
        return store.run(template, days)

    kept = Once(run)
    query = Query(("visits", "spend"), *DAYS, by=("day",))
    first, second = ask(query, kept), ask(query, kept)
    assert first is second and len(asked) == len(set(asked))
    assert ask(query, store.run).total == first.total
    template, days = asked[-1]
    handed = kept(template, days)
    handed["mine"] = 1.0
    assert "mine" not in kept(template, days).columns


def test_nothing_is_kept_where_nobody_keeps() -> None:
    made = list[int]()

    def run(*_: Any) -> pd.DataFrame:
        return pd.DataFrame()

    assert [once(run, "key", lambda: made.append(1) or len(made)) for _ in range(2)] == [1, 2]  # type: ignore[func-returns-value]


@pytest.mark.parametrize("template", ["week", "month"])
def test_a_document_asks_no_question_twice(tmp_path: Path, template: str) -> None:
    store, asked = long_shop.store(tmp_path, vk_breaks=date(2026, 3, 4), days=500), list[Any]()

    def run(expression: Any, days: Any = ()) -> pd.DataFrame:
        asked.append((expression if isinstance(expression, Gathered) else expression.op(), tuple(days)))
        return store.run(expression, days)

    found = context(store, template=template)
    found.run = Once(run)
    build(found, templates.template(template, "shop"))
    assert len(asked) == len(set(asked)) > 10
