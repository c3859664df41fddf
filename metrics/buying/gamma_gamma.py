"""Gamma-Gamma: baskets vary around a customer's own mean, and means vary between customers, independently of how often they buy.

Source: Fader, Hardie 2013, "The Gamma-Gamma model of monetary value"; Fader, Hardie, Lee 2005, "RFM and CLV".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from metrics.buying.likelihood import highest
from metrics.buying.repeats import Floats


@dataclass(frozen=True)
class GammaGamma:
    """Fitted parameters. Unit: `v` in money, the others plain numbers."""

    p: float
    q: float
    v: float
    log_likelihood: float = float("nan")

    @property
    def mean(self) -> float:
        """Mean basket over all customers; infinite where q is not above 1."""
        return self.p * self.v / (self.q - 1) if self.q > 1 else float("inf")

    def mean_of(self, repeats: Floats, basket: Floats) -> Floats:
        """Mean basket of a customer with `repeats` purchases that averaged `basket`; the mean of all for one without. Shape: as given."""
        weight = self.p * repeats
        return np.asarray((weight * np.where(repeats > 0, basket, 0.0) + (self.q - 1) * self.mean) / (weight + self.q - 1))


def fit(repeats: Floats, basket: Floats) -> GammaGamma:
    """Maximum likelihood over customers with at least one repeat and a positive mean basket. Shape: (customers,) each."""
    some = (repeats > 0) & (basket > 0)
    x, z = repeats[some], basket[some]
    # NB: searched in units of the mean basket, so that currencies with small units converge alike.
    scale = float(z.mean())
    found, value = highest(lambda parameters: log_likelihood(parameters, x, z / scale), np.array([1.0, 2.0, 1.0]))
    return GammaGamma(float(found[0]), float(found[1]), float(found[2]) * scale, value - len(z) * float(np.log(scale)))


def log_likelihood(parameters: Floats, x: Floats, z: Floats) -> float:
    p, q, v = parameters
    whole = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v) + (p * x - 1) * np.log(z) + p * x * np.log(x)
    return float((whole - (p * x + q) * np.log(x * z + v)).sum())
