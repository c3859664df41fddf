"""Month ends of sparse series: real ones of a firm that closes for the winter, and invented ones that stop and begin again.

The real ones are the four years of `crm_funnel` in the folder that VITRINA_SHARED names (by default ../shared/data); without it they are
left out and that is said. A month whose end is not projected counts as unanswered, not as missed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from python_calamine import CalamineWorkbook

from benchmarks.invented_days import bunched, expected_days
from metrics import pace

CUTS = (5, 10, 15, 20, 25)
REAL = {
    "visits": ("TRAFFIC.xlsx", 1), "contacts": ("WEB_CR.xlsx", 1), "offers": ("OFF_ALL.xlsx", 1), "deals": ("OFF_CR.xlsx", 1),
    "sales": ("OFF_SALE.xlsx", 1),
}
WARM_UP = timedelta(days=90)


@dataclass(frozen=True)
class Answered:
    """Share of answered truths inside the 80 % band; absolute errors over the truth, ours and the run rate's; share of months answered."""

    coverage: float
    error: float
    naive: float
    answered: float
    months: int


def real_series() -> dict[str, pd.Series[float]]:
    """Daily series of the real firm; days without a row are zero. Empty without the folder."""
    folder = Path(os.environ.get("VITRINA_SHARED") or Path(__file__).parent.parent.parent / "shared" / "data") / "crm_funnel"
    if not folder.exists():
        return {}
    found = {name: _sheet(folder / file, column) for name, (file, column) in REAL.items()}
    days = pd.date_range(min(one.index[0] for one in found.values()), found["visits"].index[-1])
    return {name: one.reindex(days, fill_value=0.0) for name, one in found.items()}


def _sheet(path: Path, column: int) -> pd.Series[float]:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    dated = [(pd.Timestamp(row[0]), float(row[column] or 0.0)) for row in rows if isinstance(row[0], date)]  # type: ignore[arg-type]
    return pd.DataFrame(dated, columns=["day", "value"]).groupby("day")["value"].sum()


def closing(random: np.random.Generator, least: float, most: float) -> pd.Series[float]:
    """Three years of a business that is shut for one to four months of every year."""
    since, until = date(2023, 1, 1), date(2025, 12, 31)
    mean = expected_days(random, since, until) * np.exp(random.uniform(np.log(least), np.log(most)))
    days = pd.date_range(since, until)
    first, length = int(random.integers(0, 250)), int(random.integers(30, 120))
    shut = (days.day_of_year >= first) & (days.day_of_year < first + length)
    return pd.Series(np.where(shut, 0.0, bunched(random, mean)), index=days)


def month_ends(series: pd.Series[float]) -> dict[int, Answered]:
    """Every whole month of a series after three months of history, projected on several days."""
    rows: dict[int, list[tuple[float, float, float, float]]] = {cut: [] for cut in CUTS}
    for first, last in _months(series):
        truth = float(series[pd.Timestamp(first) : pd.Timestamp(last)].sum())
        for cut in CUTS:
            ended = pace.project(series[: pd.Timestamp(first.replace(day=cut))], first, last)
            inside = ended.band.covers(truth) if ended.band else np.nan
            rows[cut].append((inside, abs(ended.expected - truth), abs(ended.fact / cut * last.day - truth), truth))
    return {cut: answered(found) for cut, found in rows.items()}


def answered(rows: list[tuple[float, float, float, float]]) -> Answered:
    """Scores over the months that were answered."""
    table = np.array(rows, dtype=np.float64)
    use = np.isfinite(table[:, 0])
    truth = max(float(table[use, 3].sum()), 1e-300)
    return Answered(
        float(table[use, 0].mean()), float(table[use, 1].sum()) / truth, float(table[use, 2].sum()) / truth, float(use.mean()),
        int(use.sum()),
    )


def _months(series: pd.Series[float]) -> Iterator[tuple[date, date]]:
    first = (series.index[0].date() + WARM_UP + timedelta(days=31)).replace(day=1)
    while (last := (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)) <= series.index[-1].date():
        yield first, last
        first = last + timedelta(days=1)


def show(title: str, scores: dict[int, Answered]) -> None:
    print(f"\n{title}\n{'projected on day':>28} " + " ".join(f"{cut:>6}" for cut in scores))
    lines = (("inside the 80 % band, %", "coverage"), ("error, %", "error"), ("run rate, error, %", "naive"), ("answered, %", "answered"))
    for name, pick in lines:
        print(f"{name:>28} " + " ".join(f"{100 * getattr(score, pick):6.1f}" for score in scores.values()))


def pooled(scores: list[dict[int, Answered]]) -> dict[int, Answered]:
    """Means over several series, each weighing by its answered months."""
    found = {}
    for cut in CUTS:
        mine = [score[cut] for score in scores if score[cut].months]
        weights = [one.months for one in mine]
        coverage, error, naive, share = (
            float(np.average([getattr(one, name) for one in mine], weights=weights)) for name in ("coverage", "error", "naive", "answered")
        )
        found[cut] = Answered(coverage, error, naive, share, sum(weights))
    return found


def run(random: np.random.Generator, count: int) -> None:
    """Print both."""
    invented = [month_ends(closing(random, 0.5, 6)) for _ in range(count)]
    show("Month end of a business that closes every year, 0.5 to 6 a day", pooled(invented))
    real = real_series()
    if not real:
        print("\nReal series left out: the folder crm_funnel is not there (set VITRINA_SHARED).")
    for name, series in real.items():
        show(f"Real {name}, {series.mean():,.1f} a day, {100 * (series == 0).mean():.0f} % of days without any", month_ends(series))
