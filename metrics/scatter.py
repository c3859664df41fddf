"""How widely the days of every row of an answer scatter, so that a change is judged by the client's own noise and not by Poisson's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from metrics import dimensions, frames, sums
from metrics.expecting.bunching import DAYS, Floats, bunching
from metrics.ledger import Ledger, Profile
from metrics.periods import Window
from metrics.plan import Plan, level
from metrics.registry import MEASURES, METRICS
from metrics.rows import How
from metrics.statements import Run
from metrics.verdicts import LIKE, Scatter

MOST_ROWS = 300
"""With more rows than this each is judged by the scatter of the total."""


def read(planned: Plan, rows: int, book: Ledger, profiles: Callable[[], tuple[Profile, ...]], run: Run) -> Scatter:
    """The scatter of every row and of the total over the last days of the asked period. Empty without a comparison."""
    wanted = _measures(planned)
    if planned.scope.before is None or not wanted:
        return {}
    scope, own = planned.scope, [key for key in planned.scope.query.by if dimensions.BY_KEY[key].kind != "time"]
    by = ("day", *(own if rows <= MOST_ROWS else ()))
    window = Window(scope.now.until - timedelta(days=DAYS - 1), scope.now.until, fiscal=scope.now.fiscal)
    learning = replace(scope, query=replace(scope.query, by=by, top=0), now=window, before=None)
    found = level(learning, book, profiles, by, wanted)
    asked = Plan(learning, found, found, {})
    statement = sums.statement(asked, found)
    if statement is None:
        return {}
    answer = statement.answer(run)
    return _by_row(frames.sums(asked, found, answer, frames.money(asked, None)), list(by[1:]), wanted, window)


def _measures(planned: Plan) -> tuple[str, ...]:
    """What the asked figures count, as it adds up over days."""
    used = [(key, MEASURES[key].noise) for metric in planned.scope.query.metrics for key in METRICS[metric].measures]
    counted = [key if noise == "count" else noise for key, noise in used if noise not in ("exact", "unknown")]
    named = dict.fromkeys(LIKE.get(key, key) for key in counted)
    return tuple(key for key in named if all(gives.how is How.SUM and not gives.alone for gives in MEASURES[key].gives[:1]))


def _by_row(found: frames.Sums, own: list[str], wanted: tuple[str, ...], window: Window) -> Scatter:
    if not len(found.keys):
        return {}
    place = (found.keys["day"] - pd.Timestamp(window.since)).dt.days.to_numpy()
    codes, names = _groups(found.keys, own)
    kept: dict[tuple[str, ...], dict[str, float]] = {key: {} for key in ((), *names)}
    for measure in wanted:
        days = np.full((DAYS, len(names)), np.nan)
        days[place, codes] = found.of(measure, window)
        for name, wide in zip(names, bunching(days, window.until), strict=True):
            kept[name][measure] = float(wide)
        kept[()][measure] = float(bunching(_added(days), window.until)[0])
    return kept


def _groups(keys: pd.DataFrame, own: list[str]) -> tuple[NDArray[np.int64], list[tuple[str, ...]]]:
    """The place of every row's group, and the keys of the groups."""
    if not own:
        return np.zeros(len(keys), dtype="int64"), [()]
    codes = np.asarray(keys.groupby(own, sort=True).ngroup(), dtype="int64")
    first = np.unique(codes, return_index=True)[1]
    return codes, [tuple(map(str, row)) for row in keys[own].iloc[first].itertuples(index=False)]


def _added(days: Floats) -> Floats:
    """The total of every day. Shape: (days, 1)."""
    return np.where(np.isfinite(days).any(axis=1), np.nansum(days, axis=1), np.nan)[:, None]
