"""Gauss's hypergeometric function, also where the library's own gives up."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import hyp2f1

_HAIR = 1e-6


def hypergeometric(a: Any, b: Any, c: Any, z: Any) -> Any:
    """2F1(a, b; c; z). Shape: of the arguments together.

    NB: scipy answers NaN near z = 1 when c - a - b is a whole number. The function is continuous in c there, so the mean of a hair's
    breadth to either side stands in.
    """
    found = hyp2f1(a, b, c, z)
    if not np.isnan(found).any():
        return found
    beside = (hyp2f1(a, b, c * (1 + _HAIR), z) + hyp2f1(a, b, c * (1 - _HAIR), z)) / 2
    return np.where(np.isnan(found), beside, found)
