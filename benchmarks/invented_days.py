"""Days of an invented client: weekdays, Russian holidays, a season, a drifting level, counts wider than Poisson."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from metrics.expecting import calendar
from metrics.expecting.calendar import Occasion

Floats = NDArray[np.float64]


def expected_days(random: np.random.Generator, since: date, until: date) -> Floats:
    """Expected events of every day, about 1 on average."""
    weekdays = np.r_[random.uniform(0.9, 1.1, 5), random.uniform(0.3, 1.1, 2)]
    own, kinds = calendar.codes(since, until)
    holiday = np.r_[np.exp(random.normal(-0.2, 0.3, len(Occasion))), 1.0]
    year = np.arange(len(own)) / 365.25
    season = random.uniform(0, 0.3) * np.sin(2 * np.pi * (year + random.random()))
    found: Floats = weekdays[own] / weekdays.mean() * holiday[kinds] * np.exp(np.cumsum(random.normal(0, 0.01, len(own))) + season)
    return found


def bunched(random: np.random.Generator, mean: Floats) -> Floats:
    """Counts whose variance is 1 to 4 times their mean."""
    phi = random.uniform(1.05, 4)
    return random.negative_binomial(mean / (phi - 1), 1 / phi).astype(np.float64)
