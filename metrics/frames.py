"""From the engine's sums to aligned arrays: one row per combination of dimensions, one array per measure and window.

Three kinds of nothing are kept apart here: a group that is absent from loaded days is zero; one on days that are not loaded is missing;
and a null that the engine brings was not recorded. The last two are NaN.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.errors import CannotAnswer
from metrics import dimensions, periods
from metrics.periods import Window
from metrics.plan import Level, Pick, Plan
from metrics.rows import How
from metrics.sums import Select, selects

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
MOST_CELLS = 3_000_000


@dataclass(frozen=True)
class Sums:
    """What one level brought. `keys` has a row per combination of dimensions (a single one without columns for a total)."""

    keys: pd.DataFrame
    values: Mapping[tuple[str, Window], Array]

    def of(self, measure: str, window: Window) -> Array:
        found = self.values.get((measure, window))
        return np.full(len(self.keys), np.nan) if found is None else found


@dataclass(frozen=True)
class Money:
    """The currency of an answer. `amounts` are the sums by measure and currency where there are several: they are never added."""

    currency: str
    mixed: bool
    amounts: Mapping[str, Mapping[str, float]]


def money(plan: Plan, answer: pd.DataFrame | None) -> Money:
    """Find the one currency of the sums of a total, or the several that it is in."""
    preferred, amounts, found = plan.scope.settings.currency, dict[str, dict[str, float]](), set[str]()
    for place, select in enumerate(selects(plan, plan.total)):
        rows = answer[answer["feed"] == place] if answer is not None else pd.DataFrame()
        if not select.money or rows.empty:
            continue
        for number, pick in ((n, pick) for n, pick in enumerate(select.picks) if pick.measure.money):
            for window, sent, value in zip(rows["window"], rows["currency"], rows[f"v{number}"], strict=True):
                currency = sent or preferred
                if value and value == value:
                    found.add(currency)
                    mine = amounts.setdefault(pick.measure.key, {})
                    mine[currency] = mine.get(currency, 0.0) + (value if window == 0 else 0.0)
    if len(found) < 2:
        return Money(next(iter(found), preferred), False, amounts)
    return Money(preferred if preferred in found else "", True, amounts)


def sums(plan: Plan, level: Level, answer: pd.DataFrame | None, paid: Money) -> Sums:
    """Align the engine's answer of one level: every measure over every window it needs, on the same keys."""
    every = selects(plan, level)
    rows = pd.DataFrame() if answer is None else _one_currency(answer, every, paid)
    lacking = [place for place, select in enumerate(every) if select.feed.lacks]
    keys, whole = _placed(plan, level, rows, lacking)
    values = {}
    for place, select in enumerate(every):
        for number, window in enumerate(select.windows):
            mine = np.flatnonzero((rows["feed"].to_numpy() == place) & (rows["window"].to_numpy() == number)) if len(rows) else _NOWHERE
            values.update(_aligned(plan, level, select, window, rows, mine, whole, keys))
    return Sums(keys, values)


_NOWHERE = np.empty(0, dtype="int64")


# ----------------------------------------------------------------------------------------------------------------- currencies


def _one_currency(answer: pd.DataFrame, every: Sequence[Select], paid: Money) -> pd.DataFrame:
    """The answer without its currencies. Money in another currency than the answer's leaves a hole in its row."""
    if answer["currency"].isin(["", paid.currency]).all() and not _split(answer):
        return answer
    values = _values(answer)
    groups = [name for name in answer.columns if name not in values and name != "currency"]
    currencies = answer["currency"].replace("", paid.currency)
    cleared = answer.copy()
    for place, select in enumerate(every):
        for number, pick in enumerate(select.picks):
            if pick.measure.money:
                name = f"v{number}"
                foreign = (answer["feed"] == place) & (currencies != paid.currency) & (answer[name] != 0)
                cleared.loc[foreign, name] = np.nan
    _unmiddled(cleared, every, groups)
    by = [cleared[name] for name in groups]
    added = cleared.groupby(groups, dropna=False)[values].sum(min_count=1)
    return added.mask(cleared[values].isna().groupby(by, dropna=False).any()).reset_index()


def _unmiddled(answer: pd.DataFrame, every: Sequence[Select], groups: Sequence[str]) -> None:
    """Leaves a hole where the middle of one group came in two parts: middles are not added up."""
    for place, select in enumerate(every):
        if select.how is How.MEDIAN:
            mine = answer["feed"] == place
            answer.loc[mine & answer.duplicated(subset=list(groups), keep=False), "v0"] = np.nan


def _split(answer: pd.DataFrame) -> bool:
    """Whether one group came in two currencies, of which one was not sent."""
    if not (answer["currency"] == "").any():
        return False
    return bool(answer.duplicated(subset=[name for name in answer.columns if name != "currency" and name not in _values(answer)]).any())


def _values(answer: pd.DataFrame) -> list[str]:
    return [name for name in answer.columns if name[0] == "v" and name[1:].isdigit()]


# ---------------------------------------------------------------------------------------------------------------------- keys


def _placed(plan: Plan, level: Level, rows: pd.DataFrame, lacking: Sequence[int]) -> tuple[pd.DataFrame, Places]:
    """Every combination of dimensions that was brought (along time every bucket of the calendar), and the place of each row in it."""
    by = list(level.by)
    if not by:
        return pd.DataFrame(index=[0]), np.zeros(len(rows), dtype="int64")
    if rows.empty:
        return _along_time(plan, level, pd.DataFrame({key: pd.Series(dtype="object") for key in by})), _NOWHERE
    whole_rows = ~rows["feed"].isin(lacking).to_numpy()
    complete = rows[whole_rows]
    codes = complete.groupby(by, sort=True).ngroup().to_numpy()
    first = np.zeros(int(codes.max()) + 1 if len(codes) else 0, dtype="int64")
    first[codes] = np.arange(len(codes))
    found = complete[by].iloc[first].reset_index(drop=True)
    keys = _along_time(plan, level, found)
    places = codes if keys is found else pd.MultiIndex.from_frame(keys).get_indexer(pd.MultiIndex.from_frame(found))[codes]
    whole = np.full(len(rows), -1, dtype="int64")
    whole[whole_rows] = places
    return keys, whole


def _along_time(plan: Plan, level: Level, found: pd.DataFrame) -> pd.DataFrame:
    """Combinations by every bucket of the calendar, whether anything happened in it or not."""
    time = list(dimensions.of_kind(level.by, "time"))
    if not time:
        return found
    rest = [key for key in level.by if key not in time]
    buckets = periods.calendar(plan.scope.now, tuple(time))[time].drop_duplicates().sort_values(time, ignore_index=True)
    groups = found[rest].drop_duplicates().sort_values(rest, ignore_index=True) if rest else None
    cells = len(buckets) * (1 if groups is None else len(groups))
    if cells > MOST_CELLS:
        raise CannotAnswer(
            "That would be {cells} rows.", "by", "Filter, leave out a breakdown, or ask for months in place of days.", cells=f"{cells:,}"
        )
    return (buckets if groups is None else buckets.merge(groups, how="cross"))[list(level.by)]


def _aligned(
    plan: Plan, level: Level, select: Select, window: Window, rows: pd.DataFrame, mine: Places, whole: Places, keys: pd.DataFrame
) -> dict[tuple[str, Window], Array]:
    """Shape: one array per measure, on `keys`."""
    nothing = _nothing(level, select.picks[0], window, keys)
    if select.feed.lacks and len(mine):
        lookup = _lookup(rows.iloc[mine], keys, [key for key in level.by if key not in select.feed.lacks])
        targets, sources = np.flatnonzero(lookup >= 0), mine[lookup[lookup >= 0]]
    else:
        targets, sources = whole[mine], mine
        targets, sources = targets[targets >= 0], sources[targets >= 0]
    found = {}
    for number, pick in enumerate(select.picks):
        if window in plan.used(pick.measure.key):
            array = nothing.copy()
            if len(sources):
                array[targets] = rows[f"v{number}"].to_numpy("float64", na_value=np.nan)[sources]
            found[pick.measure.key, window] = _alone(level, pick, array, nothing, targets, keys)
    return found


def _alone(level: Level, pick: Pick, array: Array, nothing: Array, reached: Places, keys: pd.DataFrame) -> Array:
    """A figure of which each value is sent by itself (steps of a funnel) along time: missing all along where a value never came with it,
    else zero in a bucket without any, whether or not the step's other figure stands there.
    """
    own = pick.gives.alone
    if own not in level.by or not dimensions.of_kind(level.by, "time"):
        return array
    there = reached[~np.isnan(array[reached])]
    sent = keys[own].isin(keys[own].iloc[there].unique()).to_numpy()
    filled: Array = np.where(sent, np.where(np.isnan(array), nothing, array), np.nan)
    return filled


def _lookup(rows: pd.DataFrame, keys: pd.DataFrame, by: list[str]) -> Places:
    """For every key the row with the same values of some dimensions; -1 where there is none."""
    if not by:
        return np.zeros(len(keys), dtype="int64")
    return pd.MultiIndex.from_frame(rows[by]).get_indexer(pd.MultiIndex.from_frame(keys[by])).astype("int64")


def _nothing(level: Level, pick: Pick, window: Window, keys: pd.DataFrame) -> Array:
    """What a row that the engine did not bring means: zero where its days are loaded, missing where they are not."""
    if "account" in level.by:
        return np.full(len(keys), np.nan)
    some = level.cover(pick.measure.key, window.whole()).some & window.days()
    time = dimensions.of_kind(level.by, "time")
    if pick.gives.how in (How.MEDIAN, How.SURVIVAL):
        return np.full(len(keys), np.nan)
    if not time:
        # NB: steps of a funnel are loaded one by one, so a step without a single row is one whose figure nobody has sent.
        unsent = pick.gives.alone in level.by
        return np.full(len(keys), 0.0 if some and not unsent else np.nan)
    return np.where(by_bucket(window, time, some, keys, every=False), 0.0, np.nan)


def by_bucket(window: Window, time: tuple[str, ...], days: frozenset[int], keys: pd.DataFrame, every: bool) -> npt.NDArray[np.bool_]:
    """Whether any day (or every day) of each row's bucket is among `days`; a bucket without days has none."""
    index, held = _held(window, time, days, every)
    place = index.get_indexer(pd.MultiIndex.from_frame(keys[list(time)]))
    return np.where(place >= 0, held[place], False)


@lru_cache(maxsize=128)
def _held(window: Window, time: tuple[str, ...], days: frozenset[int], every: bool) -> tuple[pd.MultiIndex, npt.NDArray[np.bool_]]:
    """The buckets of a window, and whether each holds any (or only) such days."""
    calendar = periods.calendar(window, time)
    calendar["there"] = calendar["ordinal"].isin(days)
    grouped = calendar.groupby(list(time))["there"]
    held = grouped.all() if every else grouped.any()
    return pd.MultiIndex.from_frame(held.index.to_frame(index=False)), held.to_numpy()
