"""How good the forecasts and the alarms are, on invented clients whose truth is known, beside what anybody would do without a method.

    python -m benchmarks.forecast [--seed 7] [--months 400] [--series 40] [--quarters 200]

Without `--seed` every run draws a fresh one and prints it. What is drawn:

- months: 20 to 400 events a day (or 1 to 20, or order values), weekday pattern with weekends at 0.3 to 1.1, Russian holidays that take
  away or add a random share, a season of up to 30 %, a level that drifts 1 % a day, counts 1 to 4 times wider than Poisson;
- sparse months, real ones among them: see `benchmarks.forecast_real`;
- weeks: 80 to 3 000 events, drift 1 % and noise 3 to 7 % a week, a season of up to 15 %, holidays, four shocks of 35 to 80 % after week 40;
  noisier ones; and quiet ones (noise 2 to 4 %) whose level moves (drift 2 %, a season of up to 35 %) and no holiday but New Year.
  Beside ours stands the plain rule: |residual| beyond three times 1.4826 MAD of all past ones and beyond 10 %, told the holidays or not.
"""

from __future__ import annotations

import argparse
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks import forecast_real
from benchmarks.invented_days import bunched, expected_days
from metrics import pace
from metrics.expecting import calendar, horizon
from metrics.expecting.calendar import Occasion
from metrics.unusual import Watched, judge_weeks

Floats = NDArray[np.float64]
CUTS = (5, 10, 15, 20, 25)
WEEKS, WARM_UP, SHOCKS = 156, 40, 4


@dataclass(frozen=True)
class Month:
    """Two years of days that end with a whole month."""

    first: date
    last: date
    days: pd.Series[float]

    def known(self, day: int) -> pd.Series[float]:
        """What is loaded on a day of the month."""
        return self.days[self.days.index <= pd.Timestamp(self.first.replace(day=day))]

    @property
    def total(self) -> float:
        return float(self.days[self.days.index >= pd.Timestamp(self.first)].sum())


def month(random: np.random.Generator, least: float = 20, most: float = 400) -> Month:
    """A month of 2024 or 2025 with two years before it."""
    first = date(2024 + int(random.integers(2)), 1 + int(random.integers(12)), 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    since = first - timedelta(days=730)
    mean = expected_days(random, since, last) * np.exp(random.uniform(np.log(least), np.log(most)))
    return Month(first, last, pd.Series(bunched(random, mean), index=pd.date_range(since, last)))


def with_values(random: np.random.Generator, one: Month) -> Month:
    """The same month in money: every event is an order with a heavy-tailed value."""
    values = [random.lognormal(8, 1, int(count)).sum() for count in one.days]
    return Month(one.first, one.last, pd.Series(values, index=one.days.index))


# -------------------------------------------------------------------------------------------------------------- the month's end


@dataclass(frozen=True)
class Score:
    """Share of truths inside the 80 % band, and mean absolute error of the method and of the naive one, as shares."""

    coverage: float
    error: float
    naive: float


def month_ends(random: np.random.Generator, months: int, draw: Callable[[np.random.Generator], Month]) -> dict[int, Score]:
    """Scores by the day of the month on which the end was projected; naive is the run rate. Ends that are not projected are left out."""
    found: dict[int, list[tuple[float, float, float]]] = {cut: [] for cut in CUTS}
    for _ in range(months):
        one = draw(random)
        if not one.total > 0:
            continue
        for cut in CUTS:
            ended = pace.project(one.known(cut), one.first, one.last)
            if ended.band is None:
                continue
            inside = ended.band.covers(one.total)
            run_rate = ended.fact / cut * one.last.day
            found[cut].append((inside, abs(ended.expected / one.total - 1), abs(run_rate / one.total - 1)))
    return {cut: Score(*np.mean(rows, axis=0).tolist()) for cut, rows in found.items()}


def cost_ends(random: np.random.Generator, months: int) -> dict[int, Score]:
    """The same for cost per lead: spend follows its own days and half of the drift of leads; naive is the ratio to date."""
    found: dict[int, list[tuple[float, float, float]]] = {cut: [] for cut in CUTS}
    for _ in range(months):
        leads = month(random, 5, 60)
        spend = spend_beside(random, leads)
        truth = spend.total / leads.total
        for cut in CUTS:
            ended = pace.project_ratio(spend.known(cut), leads.known(cut), leads.first, leads.last, seed=cut, draws=1000)
            inside = ended.band is not None and ended.band.covers(truth)
            found[cut].append((inside, abs(ended.expected / truth - 1), abs(ended.fact / truth - 1)))
    return {cut: Score(*np.nanmean(rows, axis=0).tolist()) for cut, rows in found.items()}


def spend_beside(random: np.random.Generator, leads: Month) -> Month:
    """Spend that leads follow in part."""
    since = leads.days.index[0].date()
    shared = np.sqrt(np.maximum(leads.days.to_numpy(), 0.5) / leads.days.mean())
    mean = 1000 * leads.days.mean() * shared * np.sqrt(expected_days(random, since, leads.last))
    noisy = mean * random.lognormal(0, 0.1, len(mean))
    return Month(leads.first, leads.last, pd.Series(noisy, index=leads.days.index))


def quarters(random: np.random.Generator, count: int, season: int, known: int, steps: int) -> Score:
    """The sum of a quarter ahead out of `known` months or weeks; naive is the same quarter a year ago."""
    rows = []
    for _ in range(count):
        time = np.arange(known + steps)
        wave = random.uniform(0, 0.3) * np.sin(2 * np.pi * (time / season + random.random()))
        drift = np.cumsum(random.normal(0, 0.02 * np.sqrt(12 / season), len(time)))
        values = np.exp(6 + wave + random.uniform(-0.3, 0.3) * time / season + drift + random.normal(0, 0.08, len(time)))
        found, truth = horizon.outlook(pd.Series(values[:known]), steps, season), values[known:].sum()
        inside = found.band is not None and found.band.covers(truth)
        rows.append((inside, abs(found.total / truth - 1), abs(values[known - season : known - season + steps].sum() / truth - 1)))
    return Score(*np.mean(rows, axis=0).tolist())


# --------------------------------------------------------------------------------------------------------------- strange weeks


@dataclass(frozen=True)
class Alarms:
    """Share of alarms that were shocks, share of shocks that were found, false alarms per series and year."""

    precision: float
    recall: float
    false_a_year: float

    @property
    def both(self) -> float:
        """F1: the harmonic mean of precision and recall."""
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-12)


@dataclass(frozen=True)
class Climate:
    """How weekly series differ: noise, drift of the level, largest season, factors of New Year, of other holidays (log mean, spread)."""

    title: str
    noise: tuple[float, float]
    drift: float = 0.01
    season: float = 0.15
    new_year: tuple[float, float] = (0.3, 0.7)
    others: tuple[float, float] = (-0.3, 0.4)


CLIMATES = (
    Climate("noise 3% to 7%", (0.03, 0.07)),
    Climate("noise 5% to 12%", (0.05, 0.12)),
    Climate("a moving level, New Year alone", (0.02, 0.04), 0.02, 0.35, (0.5, 0.8), (0.0, 0.0)),
)


@dataclass(frozen=True)
class Weeks:
    """A weekly series, the places of its shocks, and what its holidays did (as factors)."""

    values: pd.Series[float]
    shocks: frozenset[int]
    holidays: Floats


def shocked(random: np.random.Generator, climate: Climate) -> Weeks:
    first = date(2021, 1, 4) + timedelta(days=7 * int(random.integers(104)))
    index, time = pd.date_range(first, periods=WEEKS, freq="7D"), np.arange(WEEKS)
    factors = np.r_[np.exp(random.normal(*climate.others, len(Occasion))), 1.0]
    factors[0] = random.uniform(*climate.new_year)
    _, kinds = calendar.codes(first, first + timedelta(days=7 * WEEKS - 1))
    holidays = factors[kinds].reshape(-1, 7).mean(axis=1)
    season = random.uniform(0, climate.season) * np.sin(2 * np.pi * (time / 52 + random.random()))
    level = random.uniform(np.log(80), np.log(3000)) + np.cumsum(random.normal(0, climate.drift, WEEKS)) + season
    at = random.choice(np.arange(WARM_UP, WEEKS), SHOCKS, replace=False)
    shock = np.ones(WEEKS)
    shock[at] = 1 + random.uniform(0.35, 0.8, SHOCKS) * random.choice([-1, 1], SHOCKS)
    mean = np.exp(level + random.normal(0, random.uniform(*climate.noise), WEEKS)) * holidays * shock
    return Weeks(pd.Series(random.poisson(mean).astype(np.float64), index=index), frozenset(at.tolist()), holidays)


def week_on_week(values: Floats, lag: int = 1) -> Floats:
    """Naive z: the log step from a week (or a year) before over the MAD of such steps so far."""
    logs = np.log(values + 0.5)
    steps = np.r_[np.full(lag, np.nan), logs[lag:] - logs[:-lag]]
    found = np.full(len(values), np.nan)
    for week in range(lag + 13, len(values)):
        past = steps[lag:week]
        found[week] = (steps[week] - np.median(past)) / (1.4826 * np.median(np.abs(past - np.median(past))))
    return found


def plain_rule(values: Floats, holidays: Floats | float = 1.0) -> NDArray[np.bool_]:
    """The rule in its plainest form: the median of eight weeks, three MADs of all past residuals, a new level after three in a row."""
    logs = np.log(values + 0.5) - np.log(holidays)
    off, raised, begins = np.full(len(logs), np.nan), np.zeros(len(logs)), 0
    for week in range(3, len(logs)):
        before = logs[max(begins, week - 8) : week]
        if len(before) < 3:
            continue
        off[week] = logs[week] - np.median(before)
        past = off[:week][np.isfinite(off[:week])]
        if len(past) >= 26:
            beyond = abs(off[week]) > 3 * 1.4826 * np.median(np.abs(past - np.median(past))) and abs(np.expm1(off[week])) > 0.1
            raised[week] = np.sign(off[week]) * beyond
        if abs(raised[week - 2 : week + 1].sum()) == 3:
            begins = week - 2
    found: NDArray[np.bool_] = raised != 0
    return found


def alarms(random: np.random.Generator, series: int, climate: Climate) -> dict[str, Alarms]:
    """Scores of the method, of it told or not told about holidays, of its plainest form, and of two naive ones, on the same series."""
    counts: dict[str, Any] = {}
    for _ in range(series):
        one = shocked(random, climate)
        values = np.asarray(one.values, dtype=np.float64)
        raised = {
            "robust level": _alerts(one.values),
            "  holidays known": _alerts(one.values / one.holidays, holidays=False),
            "  holidays ignored": _alerts(one.values, holidays=False),
            "plain rule, holidays known": plain_rule(values, one.holidays),
            "plain rule, holidays ignored": plain_rule(values),
            "week on week": np.abs(week_on_week(values)) > 3,
            "year on year": np.abs(week_on_week(values, 52)) > 3,
        }
        for name, at in raised.items():
            said = set(np.flatnonzero(at).tolist()) - set(range(WARM_UP))
            counts[name] = counts.get(name, 0) + np.array([len(said & one.shocks), len(said - one.shocks), len(one.shocks - said)])
    years = series * (WEEKS - WARM_UP) / 52
    return {name: Alarms(hit / max(1, hit + false), hit / (hit + missed), false / years) for name, (hit, false, missed) in counts.items()}


def _alerts(weeks: pd.Series[float], holidays: bool = True) -> NDArray[np.bool_]:
    return (judge_weeks(Watched("", weeks), holidays=holidays)["state"] == "alert").to_numpy()


def _print_ends(title: str, scores: dict[int, Score], naive: str) -> None:
    print(f"\n{title}\n{'projected on day':>28} " + " ".join(f"{cut:>6}" for cut in scores))
    for name, pick in (("inside the 80 % band, %", "coverage"), ("error, %", "error"), (f"{naive}, error, %", "naive")):
        print(f"{name:>28} " + " ".join(f"{100 * getattr(score, pick):6.1f}" for score in scores.values()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--months", type=int, default=400)
    parser.add_argument("--series", type=int, default=40)
    parser.add_argument("--quarters", type=int, default=200)
    asked = parser.parse_args()
    random = np.random.default_rng(asked.seed)
    print(f"seed {asked.seed}, {asked.months} months, {asked.series} weekly series, {asked.quarters} quarters")
    _print_ends("Month end, 20 to 400 a day", month_ends(random, asked.months, month), "run rate")
    _print_ends("Month end, 1 to 20 a day", month_ends(random, asked.months, lambda draw: month(draw, 1, 20)), "run rate")
    orders = month_ends(random, asked.months // 2, lambda draw: with_values(draw, month(draw, 2, 40)))
    _print_ends("Month end in money, 2 to 40 orders a day", orders, "run rate")
    _print_ends("Cost per lead at the month's end, 5 to 60 leads a day", cost_ends(random, asked.months // 2), "ratio to date")
    forecast_real.run(random, max(1, asked.months // 20))
    print(f"\nQuarter ahead{'inside, %':>26} {'error, %':>9} {'a year ago, error, %':>21}")
    for name, season, known, steps in (("36 months", 12, 36, 3), ("130 weeks", 52, 130, 13)):
        score = quarters(random, asked.quarters, season, known, steps)
        print(f"{name:>28} {100 * score.coverage:10.1f} {100 * score.error:9.1f} {100 * score.naive:21.1f}")
    for climate in CLIMATES:
        print(f"\n{'Strange weeks, ' + climate.title:<46}{'precision':>9} {'recall':>7} {'F1':>6} {'false a year':>13}")
        for name, found in alarms(random, asked.series, climate).items():
            print(f"{name:<46}{found.precision:9.2f} {found.recall:7.2f} {found.both:6.3f} {found.false_a_year:13.2f}")


if __name__ == "__main__":
    main()
