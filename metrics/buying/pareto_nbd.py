"""Pareto/NBD: customers buy at a rate of their own and die at a rate of their own, at any time, also before the first repeat.

Buying rates follow a gamma distribution (r, alpha), dying rates another one (s, beta).

Source: Schmittlein, Morrison, Colombo 1987, "Counting your customers"; Fader, Hardie 2005, "A note on deriving the Pareto/NBD model". The
likelihood's 2F1 is taken after Euler's transformation, which keeps it near 1 where the printed form overflows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from metrics.buying.gauss import hypergeometric
from metrics.buying.likelihood import highest
from metrics.buying.repeats import Floats, Repeats


@dataclass(frozen=True)
class ParetoNbd:
    """Fitted parameters. Unit: `alpha` and `beta` in the time unit of the data, the others plain numbers."""

    r: float
    alpha: float
    s: float
    beta: float
    log_likelihood: float = float("nan")

    @property
    def parameters(self) -> Floats:
        return np.array([self.r, self.alpha, self.s, self.beta])

    def expected(self, time: Floats | float) -> Floats:
        """Repeats that a new customer will have made after `time`. Shape: as given."""
        s = _off_one(self.s)
        left = (self.beta / (self.beta + np.asarray(time, dtype=np.float64))) ** (s - 1)
        return np.asarray(self.r * self.beta / (self.alpha * (s - 1)) * (1 - left))

    def expected_of(self, seen: Repeats, time: float) -> Floats:
        """Repeats within the next `time` of a customer with each pattern. Shape: (patterns,)."""
        s, now = _off_one(self.s), self.beta + seen.age
        rate = (self.r + seen.repeats) * now / ((self.alpha + seen.age) * (s - 1))
        return np.asarray(rate * (1 - (now / (now + time)) ** (s - 1)) * self.alive(seen))

    def alive(self, seen: Repeats) -> Floats:
        """Chance that a customer with each pattern still buys. Shape: (patterns,)."""
        alive, gone = _two_ways(self.parameters, seen)
        return np.asarray(1 / (1 + np.exp(gone - alive)))


def fit(seen: Repeats) -> ParetoNbd:
    """Maximum likelihood."""
    typical = max(float(np.average(seen.age, weights=seen.customers)), 1e-3)
    found, value = highest(lambda parameters: log_likelihood(parameters, seen), np.array([0.7, typical / 2, 0.7, typical / 2]))
    r, alpha, s, beta = (float(parameter) for parameter in found)
    return ParetoNbd(r, alpha, s, beta, value)


def log_likelihood(parameters: Floats, seen: Repeats) -> float:
    """Of the patterns, each counted as often as there are customers."""
    r, alpha, s, beta = parameters
    alive, gone = _two_ways(parameters, seen)
    whole = gammaln(r + seen.repeats) - gammaln(r) + r * np.log(alpha) + s * np.log(beta) + np.logaddexp(alive, gone)
    return float(seen.customers @ whole)


def _two_ways(parameters: Floats, seen: Repeats) -> tuple[Floats, Floats]:
    """Logs of the two parts of the likelihood: still alive now, and dead since the last purchase. Shape: (patterns,) each."""
    r, alpha, s, beta = parameters
    alive = -(r + seen.repeats) * np.log(alpha + seen.age) - s * np.log(beta + seen.age)
    since, until = _survived(parameters, seen.repeats, seen.last), _survived(parameters, seen.repeats, seen.age)
    share = np.clip(-np.expm1(until - since), 1e-300, None)
    return alive, np.log(s / (r + s + seen.repeats)) + since + np.log(share)


def _survived(parameters: Floats, x: Floats, time: Floats) -> Floats:
    """Log of the integral of death after `time`. Shape: (patterns,)."""
    r, alpha, s, beta = parameters
    top = r + s + x + 1
    if alpha >= beta:
        tail = np.log(hypergeometric(1.0, r + x, top, (alpha - beta) / (alpha + time)))
        return np.asarray(tail - s * np.log(beta + time) - (r + x) * np.log(alpha + time))
    tail = np.log(hypergeometric(1.0, s + 1, top, (beta - alpha) / (beta + time)))
    return np.asarray(tail - (s + 1) * np.log(beta + time) - (r + x - 1) * np.log(alpha + time))


def _off_one(s: float) -> float:
    """The formulas divide by s - 1; beside 1 they are continuous, so a hair's breadth is as good."""
    return s if abs(s - 1) > 1e-6 else 1 + 1e-6
