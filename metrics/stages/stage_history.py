"""What could have been said about a product in each month of its past, with nothing but the months before."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from metrics.stages.seasonality import logs, profile
from metrics.stages.stage_filter import Filtered, Floats, StageModel, calibrated, filtered, last_chances, noise, smoothed


class StageHistory(NamedTuple):
    """A product's stages, period by period.

    Shape: `chance` (periods, 4) as known at the time; `view` (periods, 4) the same with today's season and noise, `hindsight` (periods, 4)
    with all that came later; `adjusted` (periods,) log demand free of today's profile; `last` the filter over the whole past, one product.
    All probabilities are calibrated; the three agree on the newest period.
    """

    chance: Floats
    view: Floats
    hindsight: Floats
    adjusted: Floats
    last: Filtered


def stage_history(
    demand: Floats, season: NDArray[np.intp], model: StageModel, launched: bool, length: int = 12, borrowed: Floats | None = None
) -> StageHistory:
    """Read each period with the profile and the noise that were known in it: a later one never changes an earlier reading.

    Shape: demand (periods,), NaN where masked, the first value positive; season (periods,) calendar month, 0 to length-1.
    """
    seen = as_known(logs(demand), season, length, borrowed)
    periods = np.arange(1, len(demand) + 1)
    variance = noise(seen, periods, model)
    state = last_chances(seen, periods, model, np.full(len(seen), launched), variance)
    last = filtered(seen[-1:], model, launched, variance[-1:])
    view = calibrated(last.chance[0], model)
    return StageHistory(calibrated(state.chance, model), view, smoothed(view, model), seen[-1], last)


def as_known(x: Floats, season: NDArray[np.intp], length: int = 12, borrowed: Floats | None = None) -> Floats:
    """Log demand free of season, as the past looked in each period. Shape: (periods, periods), NaN above the diagonal."""
    profiles = np.array([profile(x[:end], season[:end], length, borrowed) for end in range(1, len(x) + 1)])
    seen: Floats = x - profiles[:, season]
    seen[np.triu_indices(len(x), k=1)] = np.nan
    return seen
