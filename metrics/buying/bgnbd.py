"""BG/NBD: customers buy at a rate of their own until, after some purchase, they drop out unseen.

Rates follow a gamma distribution (r, alpha), chances to drop out after a purchase a beta distribution (a, b).

Source: Fader, Hardie, Lee 2005, "Counting your customers the easy way", Marketing Science 24(2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln

from metrics.buying.gauss import hypergeometric
from metrics.buying.likelihood import highest_by_slope, nearby
from metrics.buying.repeats import Floats, Repeats

RESAMPLES = 200
MOST = 5_000
"""Customers in one resample."""


@dataclass(frozen=True)
class BgNbd:
    """Fitted parameters. Unit: `alpha` in the time unit of the data, the others plain numbers."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float = float("nan")

    @property
    def parameters(self) -> Floats:
        return np.array([self.r, self.alpha, self.a, self.b])

    def expected(self, time: Floats | float) -> Floats:
        """Repeats that a new customer will have made after `time`. Shape: as given."""
        r, alpha, a, b = self.r, self.alpha, _off_poles(self.a, self.b), self.b
        time = np.asarray(time, dtype=np.float64)
        stays = (alpha / (alpha + time)) ** r * hypergeometric(r, b, a + b - 1, time / (alpha + time))
        return np.asarray((a + b - 1) / (a - 1) * (1 - stays))

    def expected_of(self, seen: Repeats, time: float) -> Floats:
        """Repeats within the next `time` of a customer with each pattern. Shape: (patterns,)."""
        r, alpha, a, b, x = self.r, self.alpha, _off_poles(self.a, self.b), self.b, seen.repeats
        now = alpha + seen.age
        stays = (now / (now + time)) ** (r + x) * hypergeometric(r + x, b + x, a + b + x - 1, time / (now + time))
        return np.asarray((a + b + x - 1) / (a - 1) * (1 - stays) / self._doubt(seen))

    def alive(self, seen: Repeats) -> Floats:
        """Chance that a customer with each pattern still buys. NaN without a repeat: the model cannot lose such a customer, so its
        answer of 1 would mean nothing. Shape: (patterns,)."""
        return np.where(seen.repeats > 0, 1 / self._doubt(seen), np.nan)

    def _doubt(self, seen: Repeats) -> Floats:
        """One over the chance to be alive. Shape: (patterns,)."""
        some = seen.repeats > 0
        odds = self.a / (self.b + np.maximum(seen.repeats, 1) - 1)
        silence = ((self.alpha + seen.age) / (self.alpha + seen.last)) ** (self.r + seen.repeats)
        return np.where(some, 1 + odds * silence, 1.0)


def fit(seen: Repeats) -> BgNbd:
    """Maximum likelihood."""
    typical = max(float(np.average(seen.age, weights=seen.customers)), 1e-3)
    found, value = highest_by_slope(lambda parameters: log_likelihood(parameters, seen), np.array([1.0, typical, 1.0, 1.0]))
    r, alpha, a, b = (float(parameter) for parameter in found)
    return BgNbd(r, alpha, a, b, value)


def spread(found: BgNbd, seen: Repeats, resamples: int = RESAMPLES, seed: int = 0) -> Floats:
    """How far the parameters would move with other customers of the same kind: their bootstrap deviation over their mean. Shape: (4,).

    Large bases are resampled `MOST` customers at a time, and the deviation is shrunk by the square root of the share (m out of n).
    """
    random = np.random.default_rng(seed)
    search = nearby(log_likelihood, found.parameters, seen, seen.total)
    samples = (seen.sample(random, MOST) for _ in range(resamples))
    drawn = np.array([search(sample, sample.total) for sample in samples])
    return np.asarray(drawn.std(axis=0) / drawn.mean(axis=0) * np.sqrt(min(seen.total, MOST) / seen.total))


def log_likelihood(parameters: Floats, seen: Repeats) -> tuple[float, Floats]:
    """Of the patterns, and its slopes by r, alpha, a, b. NB: gamma functions depend on whole repeats only, so they are taken once per
    number."""
    r, alpha, a, b = parameters
    x, some = seen.repeats, seen.repeats > 0
    count, place = seen.levels
    to_now, to_last = np.log(alpha + seen.age), np.log(alpha + seen.last)
    alive = -(r + x) * to_now
    gone = np.where(some, np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * to_last, -np.inf)
    either = np.logaddexp(alive, gone)
    lost = np.exp(gone - either)
    gammas = gammaln(r + count) - gammaln(r) + r * np.log(alpha) + gammaln(b + count) - gammaln(a + b + count) - gammaln(b) + gammaln(a + b)
    both, weight = digamma(a + b) - digamma(a + b + count), seen.customers
    by_r = (digamma(r + count) - digamma(r) + np.log(alpha))[place] - (1 - lost) * to_now - lost * to_last
    by_alpha = r / alpha - (r + x) * ((1 - lost) / (alpha + seen.age) + lost / (alpha + seen.last))
    by_a = both[place] + lost / a
    by_b = (both + digamma(b + count) - digamma(b))[place] - np.where(some, lost / (b + np.maximum(x, 1) - 1), 0.0)
    slopes = np.array([weight @ slope for slope in (by_r, by_alpha, by_a, by_b)])
    return float(weight @ (gammas[place] + either)), slopes


def _off_poles(a: float, b: float) -> float:
    """The formulas divide by a - 1 and by a + b - 1; beside these poles they are continuous, so a hair's breadth away is as good."""
    return a if min(abs(a - 1), abs(a + b - 1)) > 1e-6 else a + 2e-6
