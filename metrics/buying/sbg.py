"""Shifted-beta-geometric: how long subscribers stay when each has a chance of their own to leave at every renewal.

Those likely to leave go first, so retention of a cohort rises with age although nobody becomes more loyal. Money over churn ignores this:
the first period's churn makes a cohort look worth too little, the blended churn of an old base makes new customers look worth too much.

Source: Fader, Hardie 2007, "How to project customer retention"; Fader, Hardie 2010, "Customer-base valuation in a contractual setting"
(DERL).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln

from metrics.buying.gauss import hypergeometric
from metrics.buying.likelihood import highest

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sbg:
    """Fitted parameters of the beta distribution of chances to leave."""

    alpha: float
    beta: float
    log_likelihood: float = float("nan")

    def survival(self, time: Floats | float) -> Floats:
        """Share that is still there after `time` renewals; 1 at 0. Shape: as given."""
        return np.asarray(np.exp(betaln(self.alpha, self.beta + np.asarray(time, dtype=np.float64)) - betaln(self.alpha, self.beta)))

    def retention(self, time: Floats | float) -> Floats:
        """Share of those there before renewal `time` (1, 2, …) who stay. Shape: as given."""
        time = np.asarray(time, dtype=np.float64)
        return np.asarray((self.beta + time - 1) / (self.alpha + self.beta + time - 1))

    def periods(self, horizon: int, discount: float = 0.0) -> float:
        """Periods paid by a new subscriber from 0 to `horizon`, discounted per period."""
        time = np.arange(horizon + 1, dtype=np.float64)
        return float((self.survival(time) / (1 + discount) ** time).sum())

    def periods_left(self, renewals: int, discount: float) -> float:
        """Discounted periods still to be paid, the coming one included, by a subscriber up for renewal number `renewals` (1, 2, …):
        DERL."""
        ahead = self.beta + renewals - 1
        return float(ahead / (self.alpha + ahead) * hypergeometric(1, ahead + 1, self.alpha + ahead + 1, 1 / (1 + discount)))


def fit(cohorts: Sequence[Floats]) -> Sbg:
    """Maximum likelihood. Shape: each cohort is how many were there at renewal 0, 1, 2, …, as far as it is known."""
    found, value = highest(lambda parameters: log_likelihood(parameters, cohorts), np.array([1.0, 1.0]))
    return Sbg(float(found[0]), float(found[1]), value)


def log_likelihood(parameters: Floats, cohorts: Sequence[Floats]) -> float:
    """Of all cohorts together: those who left, when they left, and those still there."""
    model, whole = Sbg(*parameters), 0.0
    for there in cohorts:
        stays = model.survival(np.arange(len(there), dtype=np.float64))
        left, chance = -np.diff(there), -np.diff(stays)
        whole += float(left[left > 0] @ np.log(chance[left > 0])) + float(there[-1] * np.log(stays[-1]))
    return whole
