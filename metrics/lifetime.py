"""Lifetime value of customers, and when not to state it.

The default is what cohorts have earned, continued by the chain ladder (`cohort_value`). Models of single customers (`buying`) come
second: they are fitted only where the data can carry them and say why where they cannot. Every value states whether it is margin or
revenue, its horizon and its discount, and comes with a back-test: what the same method would have said some months ago.

Source: abstention rules from fits to real counters; Fader, Hardie, Lee 2005, "RFM and CLV: using iso-value curves" for value by customer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from data.batches import Note
from metrics.abstain import because
from metrics.buying import bgnbd, gamma_gamma, pareto_nbd, sbg
from metrics.buying.bgnbd import BgNbd
from metrics.buying.cohorts import BAND, COHORTS, Triangle, band, curve, discounted
from metrics.buying.gamma_gamma import GammaGamma
from metrics.buying.pareto_nbd import ParetoNbd
from metrics.buying.repeats import WEEK, Repeats
from metrics.buying.sbg import Sbg

Floats = NDArray[np.float64]

CUSTOMERS, REPEATERS, GAPS = 200, 100, 3
"""Least customers, customers with a repeat, and median gaps between purchases that the history must span, before a model is fitted."""
LARGEST_A, SMALLEST_R, WIDEST = 5.0, 0.05, 0.5
"""Beyond these a fit has degenerated: the dropout prior has collapsed, hardly anybody buys, or a parameter is anybody's guess."""
TIED = 0.3
"""Correlation of frequency and basket from which Gamma-Gamma, which takes them for independent, is not used."""
RENEWALS, SUBSCRIBERS = 3, 100
MONTH = 365.25 / 12


# -------------------------------------------------------------------------------------------------------------- cohorts


@dataclass(frozen=True)
class BackTest:
    """What the chain ladder would have said `months` ago about today, against today.

    Unit: money of all cohorts together; `low` and `high` are actual over predicted, 10 to 90 % of cohorts.
    """

    months: int
    predicted: float
    actual: float
    low: float
    high: float


@dataclass(frozen=True)
class CohortValue:
    """Value per customer by age. Shape: `observed` and `projected` (ages,), cumulative; `seen` (ages,) the share of customers old enough.

    Unit: money, `basis` says margin or revenue; `horizon` months, the first included. `value` is NaN where `why` says why.
    """

    basis: str
    horizon: int
    annual_discount: float
    observed: Floats
    projected: Floats
    seen: Floats
    value: float = float("nan")
    band: tuple[float, float] | None = None
    tested: BackTest | None = None
    why: Note | None = None


def cohort_value(table: Triangle, horizon: int = 12, annual_discount: float = 0.0, basis: str = "margin") -> CohortValue:
    """Value per customer by the horizon, from cohorts alone. `table` holds money (see `cohorts.triangle`)."""
    if not table.cohorts:
        nothing = CohortValue(basis, horizon, annual_discount, np.zeros(0), np.zeros(0), np.zeros(0))
        return replace(nothing, why=because("No cohort has a whole month behind it."))
    projected = curve(table, annual_discount)
    seen = (table.sizes[:, None] * table.known).sum(axis=0) / table.sizes.sum()
    answer = CohortValue(basis, horizon, annual_discount, discounted(table.pooled(), annual_discount), projected, seen)
    why = _why_no_projection(table, projected, seen, horizon)
    if why is not None:
        return replace(answer, why=why)
    return replace(answer, value=float(projected[horizon - 1]), band=band(table, horizon - 1, annual_discount), tested=back_test(table))


def _why_no_projection(table: Triangle, projected: Floats, seen: Floats, horizon: int) -> Note | None:
    ages = len(projected)
    if horizon > ages:
        return because("The oldest cohort has been seen for {n} months; {horizon} are asked for.", n=ages, horizon=horizon)
    if seen[horizon - 1] < 1 and len(table.cohorts) < COHORTS:
        return because("{n} cohorts are too few to project from; {needed} are needed.", n=len(table.cohorts), needed=COHORTS)
    if np.isnan(projected[horizon - 1]):
        return because("The first months brought nothing or a loss, so growth from month to month is not defined.")
    return None


def back_test(table: Triangle, months: int | None = None) -> BackTest | None:
    """The chain ladder of some months ago (a third of the history if not said) against today; None with fewer than three cohorts to
    compare."""
    back = months if months is not None else max(1, table.values.shape[1] // 3)
    then = table.as_of(back)
    if len(then.cohorts) < COHORTS or then.values.shape[1] <= back:
        return None
    full = then.completed()
    lived = then.known.sum(axis=1)
    # Only cohorts whose present age the older ones of that time had already reached can be predicted.
    inside = np.flatnonzero(lived + back <= full.shape[1])
    predicted = full[inside, lived[inside] + back - 1]
    row_of = {cohort: row for row, cohort in enumerate(table.cohorts)}
    actual = np.array([table.cumulative[row_of[then.cohorts[row]], lived[row] + back - 1] for row in inside])
    told = predicted > 0
    if told.sum() < COHORTS:
        return None
    low, high = np.quantile(actual[told] / predicted[told], BAND)
    return BackTest(back, float(predicted[told].sum()), float(actual[told].sum()), float(low), float(high))


# ------------------------------------------------------------------------------------------------------ single customers


@dataclass(frozen=True)
class Buying:
    """Models of single customers. `why` says why there is no model of purchases, `money_why` why there is none of baskets.

    `check` is the Pareto/NBD fit of the same data. Shape: `spread` (4,), deviation over mean of r, alpha, a, b.
    """

    model: BgNbd | None = None
    check: ParetoNbd | None = None
    spread: Floats | None = None
    money: GammaGamma | None = None
    why: Note | None = None
    money_why: Note | None = None

    def futures(self, time: float) -> tuple[float, float] | None:
        """Fewest and most repeats that either model expects of a new customer within `time`; where they are far apart, neither is sure."""
        if self.model is None or self.check is None:
            return None
        both = float(self.model.expected(time)), float(self.check.expected(time))
        return min(both), max(both)


def buying(seen: Repeats, baskets: tuple[Floats, Floats] | None = None, resamples: int = bgnbd.RESAMPLES) -> Buying:
    """Fit the models that the data can carry. `baskets` are repeats and mean repeat basket by customer. Shape: (customers,) each."""
    money, money_why = _baskets(baskets)
    why = too_thin(seen)
    if why is not None:
        return Buying(money=money, why=why, money_why=money_why)
    model = bgnbd.fit(seen)
    spread = bgnbd.spread(model, seen, resamples) if model.a <= LARGEST_A and model.r >= SMALLEST_R else None
    why = _degenerate(model, spread)
    if why is not None:
        return Buying(spread=spread, money=money, why=why, money_why=money_why)
    # NB: the second model is a check and slow on large bases, so it sees a sample of them.
    checked = seen if seen.total <= bgnbd.MOST else seen.sample(np.random.default_rng(0), bgnbd.MOST)
    return Buying(model, pareto_nbd.fit(checked), spread, money, None, money_why)


def too_thin(seen: Repeats) -> Note | None:
    """Why the data cannot carry a buying model, before anything is fitted."""
    if seen.total < CUSTOMERS:
        return because("{n} customers are too few for a buying model; {needed} are needed.", n=round(seen.total), needed=CUSTOMERS)
    if seen.repeaters < REPEATERS:
        return because("{n} customers have bought again; a buying model needs {needed}.", n=round(seen.repeaters), needed=REPEATERS)
    spans = float(seen.age.max()) / seen.median_gap() if seen.median_gap() > 0 else np.inf
    if spans < GAPS:
        return because("The history is shorter than {needed} usual gaps between purchases.", needed=GAPS, spans=spans)
    return None


def _degenerate(model: BgNbd, spread: Floats | None) -> Note | None:
    """Why a fit is not to be believed."""
    if model.a > LARGEST_A:
        return because("Customers cannot be told apart by when they drop out: cohort curves only.", a=model.a)
    if model.r < SMALLEST_R:
        return because("Hardly any customer buys again: cohort curves only.", r=model.r)
    if spread is not None and spread.max() > WIDEST:
        name = ("r", "alpha", "a", "b")[int(spread.argmax())]
        text = "With other customers of the same kind the parameter {name} would differ by {percent}%: cohort curves only."
        return because(text, name=name, percent=round(100 * float(spread.max())))
    return None


def _baskets(baskets: tuple[Floats, Floats] | None) -> tuple[GammaGamma | None, Note | None]:
    if baskets is None:
        return None, because("The values of orders are not known.")
    repeats, basket = baskets
    some = (repeats > 0) & (basket > 0)
    if some.sum() < REPEATERS:
        again = int(some.sum())
        return None, because("{n} customers have bought again; a model of baskets needs {needed}.", n=again, needed=REPEATERS)
    x, z = repeats[some], basket[some]
    tied = float(np.corrcoef(x, z)[0, 1]) if x.std() > 0 and z.std() > 0 else 0.0
    if abs(tied) >= TIED:
        return None, because("Those who buy more often have other baskets, which the model rules out.", correlation=tied)
    money = gamma_gamma.fit(repeats, basket)
    if money.q <= 1:
        return None, because("A few baskets are so large that their mean is not defined.")
    return money, None


def value_left(
    model: BgNbd | ParetoNbd, money: GammaGamma, seen: Repeats, basket: Floats, horizon: int = 12, annual_discount: float = 0.0,
    margin: float = 1.0, unit_days: float = WEEK,
) -> Floats:
    """What customers are still to bring within `horizon` months, discounted by the month. Shape: (patterns,); `basket` mean repeat basket.

    Unit: money; revenue times `margin` (a share). `unit_days` is the time unit of the model and of `seen`.
    """
    by_then = np.stack([model.expected_of(seen, month * MONTH / unit_days) for month in range(1, horizon + 1)], axis=1)
    # Purchases of a month are taken at its end: the first column of `discounted` is today.
    steps = np.concatenate([np.zeros((len(by_then), 1)), np.diff(by_then, axis=1, prepend=0.0)], axis=1)
    return np.asarray(discounted(steps, annual_discount)[:, -1] * money.mean_of(seen.repeats, basket) * margin)


def value_of_new(
    model: BgNbd | ParetoNbd, money: GammaGamma, first_basket: float, horizon: int = 12, annual_discount: float = 0.0, margin: float = 1.0,
    unit_days: float = WEEK,
) -> float:
    """What a new customer brings within `horizon` months, the first purchase included. Unit: money; revenue times `margin` (a share)."""
    by_then = model.expected(np.arange(horizon + 1, dtype=np.float64) * (MONTH / unit_days))
    repeats = discounted(np.diff(by_then, prepend=0.0), annual_discount)[-1]
    return float((first_basket + repeats * money.mean) * margin)


@dataclass(frozen=True)
class HeldOut:
    """Repeats that the model foretold for a later span, and those that came. `ratio` is actual over foretold: multiply a forecast by it
    to get the other end of its honest range."""

    foretold: float
    actual: float

    @property
    def ratio(self) -> float:
        return self.actual / self.foretold if self.foretold > 0 else float("nan")


def held_out(model: BgNbd | ParetoNbd, seen: Repeats, span: float, actual: float) -> HeldOut:
    """Compare a fit of earlier data with the repeats that its customers made in the `span` after. Unit: `span` in the model's time unit."""
    return HeldOut(float(seen.customers @ model.expected_of(seen, span)), actual)


# --------------------------------------------------------------------------------------------------------- subscribers


@dataclass(frozen=True)
class Subscription:
    """How long subscribers stay; `why` says why it is not known."""

    model: Sbg | None = None
    why: Note | None = None


def subscription(cohorts: Sequence[Floats]) -> Subscription:
    """Fit sBG to cohorts of subscribers. Shape: each cohort is how many were there at renewal 0, 1, 2, …"""
    known = [cohort for cohort in cohorts if len(cohort) > 1 and cohort[0] > 0]
    renewals = max((len(cohort) - 1 for cohort in known), default=0)
    begun = sum(float(cohort[0]) for cohort in known)
    if renewals < RENEWALS:
        return Subscription(why=because("Subscribers have been seen for {n} renewals; {needed} are needed.", n=renewals, needed=RENEWALS))
    if begun < SUBSCRIBERS:
        return Subscription(why=because("{n} subscribers are too few; {needed} are needed.", n=round(begun), needed=SUBSCRIBERS))
    left = sum(float(cohort[0] - cohort[-1]) for cohort in known)
    if left <= 0 or left >= begun:
        return Subscription(why=because("Nobody has left yet." if left <= 0 else "Everybody has left."))
    return Subscription(sbg.fit(known))


def staying(table: Triangle) -> tuple[Floats, ...]:
    """Cohorts of subscribers from a triangle of paying customers; who skips a month and returns counts as having stayed from then on
    only."""
    return tuple(np.minimum.accumulate(row[~np.isnan(row)]) for row in table.values)
