"""Fitting by maximum likelihood: parameters are positive and searched for on the log scale."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]
Data = TypeVar("Data")

WIDEST = 14.0
"""Logs of parameters stay within plus and minus this: e^14 is a million."""


def highest(log_likelihood: Callable[[Floats], float], start: Floats) -> tuple[Floats, float]:
    """Parameters with the highest likelihood, and its log. A descent by differences, then a simplex that needs no slopes."""
    bounds = [(-WIDEST, WIDEST)] * len(start)
    near = minimize(lambda logs: -log_likelihood(np.exp(logs)), np.log(start), method="L-BFGS-B", bounds=bounds)
    options = {"xatol": 1e-7, "fatol": 1e-9, "maxiter": 4_000, "maxfev": 4_000}
    best = minimize(lambda logs: -log_likelihood(np.exp(logs)), near.x, method="Nelder-Mead", bounds=bounds, options=options)
    return np.exp(best.x), -float(best.fun)


def highest_by_slope(log_likelihood: Callable[[Floats], tuple[float, Floats]], start: Floats) -> tuple[Floats, float]:
    """The same for a likelihood that brings its slopes by parameter: a few dozen evaluations."""

    def loss(logs: Floats) -> tuple[float, Floats]:
        parameters = np.exp(logs)
        value, slope = log_likelihood(parameters)
        return -value, -slope * parameters

    bounds, options = [(-WIDEST, WIDEST)] * len(start), {"ftol": 1e-13, "gtol": 1e-6}
    found = minimize(loss, np.log(start), jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    return np.exp(found.x), -float(found.fun)


def nearby(
    log_likelihood: Callable[[Floats, Data], tuple[float, Floats]], best: Floats, data: Data, size: float,
) -> Callable[[Data, float], Floats]:
    """A quick search on data that differ little from `data`, whose best parameters are known: it starts there and knows the curvature.

    `size` (and the second argument of the answer) is how many observations the data are; everything is reckoned per observation.
    """
    logs, step = np.log(best), 1e-4

    def loss(at: Floats, some: Data, count: float) -> tuple[float, Floats]:
        parameters = np.exp(np.clip(at, -WIDEST, WIDEST))
        value, slope = log_likelihood(parameters, some)
        return -value / count, -slope * parameters / count

    steps = np.identity(len(best)) * step
    curvature = np.array([loss(logs + row, data, size)[1] - loss(logs - row, data, size)[1] for row in steps]) / (2 * step)
    size_of, direction = np.linalg.eigh((curvature + curvature.T) / 2)
    # NB: flat directions are given a little curvature, or a step along them would have no end.
    inverse = (direction / np.maximum(size_of, 1e-4 * size_of.max())) @ direction.T
    inverse = (inverse + inverse.T) / 2

    def search(some: Data, count: float) -> Floats:
        options = {"hess_inv0": inverse, "gtol": 1e-5, "maxiter": 50}
        found = minimize(loss, logs, args=(some, count), jac=True, method="BFGS", options=options)
        return np.asarray(np.exp(np.clip(found.x, -WIDEST, WIDEST)))

    return search
