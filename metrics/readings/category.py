"""What the market asks for, month by month, out of loaded demand series (Wordstat or any index): the category, and the brand in it.

Source: the early sign "share of the category's searches" and the category's season for products under two years (the stage filter).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import numpy as np
import pandas as pd

from data.batches import Note
from data.tables import DEMAND
from metrics.ledger import table
from metrics.product_stage import StageReading, read_stage
from metrics.readings.ground import Ground
from metrics.stages.seasonality import Floats, logs, profile

_SEASON = 24
"""Months of the category from which its season is known."""
_ENOUGH = 0.5
"""Share of a month's days that must be known; weeks that two months share belong to neither."""


@dataclass(frozen=True)
class Category:
    """Demand by month. Shape: `searches` and `brand` by month (PeriodIndex M); `brand` is None where no phrase is named as the brand's.
    Unit: searches where the source counts them, else a level from 0 to 100."""

    searches: pd.Series
    brand: pd.Series | None
    notes: tuple[Note, ...]

    @property
    def season(self) -> Floats | None:
        """Usual deviation of each calendar month, natural log; None under two years."""
        if len(self.searches) < _SEASON:
            return None
        months = pd.PeriodIndex(self.searches.index).month.to_numpy().astype(np.intp) - 1
        return profile(logs(self.searches.to_numpy(float)), months)

    def share(self, visits: pd.Series | None) -> pd.Series | None:
        """The brand's share of the searches; where no phrase is the brand's, visits from search per search. Shape: by month."""
        if self.brand is not None:
            return self.brand / (self.brand + self.searches)
        return None if visits is None else (visits / self.searches).reindex(visits.index).dropna()

    def opinion(self, main: StageReading) -> Note | None:
        """What stage the category itself is in, beside that of the product; None where it is not clear."""
        found = read_stage(self.searches)
        if found.stage is None:
            return None
        same = "The demand of the category is in the same stage: {stage}, {chance}% likely."
        other = "The demand of the category is in another stage: {stage}, {chance}% likely."
        return Note("category", same if found.stage == main.stage else other, {
            "stage": found.stage, "chance": round(100 * found.chances[found.stage]),
        })


def category(ground: Ground, facts: Mapping[str, Any], until: date) -> Category | None:
    """The category by complete month up to a day; None where no series is loaded. `brand` in the facts are words of the client's brand."""
    accounts = ground.ledger.accounts(DEMAND.name)
    known = _months(ground, accounts[0], until) if accounts else pd.DataFrame()
    if known.empty:
        return None
    words = [str(word).casefold() for word in facts.get("brand") or ()]
    ours = [phrase for phrase in known.columns if any(word in phrase.casefold() for word in words)]
    others = _apart([phrase for phrase in known.columns if phrase not in ours])
    whole, left = _whole(known[others])
    if whole.empty:
        return None
    brand, _ = _whole(known[_apart(ours)]) if ours else (None, 0)
    named = None if brand is None or brand.empty else brand.sum(axis=1)
    notes = [] if named is not None else [_no_brand()]
    if left:
        text = "Phrases of the category that are left out, because they are not known for every month: {count}."
        notes.append(Note("category", text, {"count": left}))
    return Category(whole.sum(axis=1), named, tuple(notes))


def _no_brand() -> Note:
    return Note("category", "No phrase is named as the brand's, so the share of the category is visits from search per search.")


def _months(ground: Ground, account: str, until: date) -> pd.DataFrame:
    """Shape: a column per phrase of the region most searched in, a row per complete month (PeriodIndex M), NaN not known. Of counts and
    levels, which cannot be added, the counts."""
    rows = table(DEMAND.name)
    inside = rows.day.truncate("M") == rows.until.truncate("M")
    rows = rows.filter(rows.account == account, rows.until <= ibis.literal(until, "date"), inside)
    rows = rows.mutate(month=rows.day.truncate("M"), counted=rows.searches.notnull())
    sums = rows.group_by("phrase", "region", "counted", "month").agg(strength=rows.strength.sum(), days=rows.days.sum())
    frame = ground.run(sums)
    frame = frame[frame["counted"] == frame["counted"].max()] if len(frame) else frame
    if frame.empty:
        return frame
    frame = frame[frame["region"] == frame.groupby("region")["strength"].sum().idxmax()]
    months = pd.PeriodIndex(frame["month"], freq="M")
    length = months.days_in_month.to_numpy(float)
    rate = frame["strength"].to_numpy(float) / frame["days"].to_numpy(float)
    value = np.where(frame["days"].to_numpy(float) >= _ENOUGH * length, rate * (length if frame["counted"].any() else 1.0), np.nan)
    wide = frame.assign(month=months, value=value).pivot(index="month", columns="phrase", values="value").sort_index()
    return wide.reindex(pd.period_range(wide.index[0], wide.index[-1], freq="M"))


def _apart(phrases: Sequence[str]) -> list[str]:
    """Phrases that no other one contains: searches of a phrase hold those of every longer phrase with all of its words."""
    words = {phrase: frozenset(phrase.casefold().split()) for phrase in phrases}
    return [phrase for phrase in phrases if not any(words[other] < words[phrase] for other in phrases)]


def _whole(known: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The phrases known for as many months as the best known one, over its months, and how many others there are."""
    counts = known.notna().sum()
    if not counts.max() > 0:
        return known.iloc[:0], 0
    best = known[counts.idxmax()].dropna().index
    months = known.loc[best[0] : best[-1]]
    kept = [phrase for phrase in known.columns if months[phrase].notna().sum() == len(best)]
    return months[kept].dropna(), known.shape[1] - len(kept)
